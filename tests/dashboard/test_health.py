"""/healthz and the page for operators say what is served and how old it is, and what is wrong."""

from collections.abc import Callable
from datetime import date

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

import release
from dashboard import access, current, health, logs
from tests.dashboard import sample
from tests.dashboard.conftest import write


@pytest.fixture
def ask(invented: release.Release) -> Callable[[], tuple[int, dict]]:
    """A function that asks anew: status and content."""
    client = TestClient(Starlette(routes=health.routes()))

    def asked() -> tuple[int, dict]:
        health.state.cache.clear()
        answer = client.get(health.PATH)
        assert answer.headers["cache-control"] == "no-store"
        return answer.status_code, answer.json()

    return asked


def test_a_whole_release_is_ok_with_its_dates_and_the_age_of_its_data(ask):
    status, found = ask()
    assert status == 200
    # from 31 January to 1 March 2024; the sources end with 2022
    expected = {"status": "ok", "release": "2024-01", "as_of": "2024-01-31", "stale_after": "2025-01-31"}
    expected |= {"age_days": 30, "damaged": [], "problems": [], "sign_in": False, "today": "2024-03-01"}
    assert {name: found[name] for name in expected} == expected
    assert found["data"]["oldest"] == {"source": "closed", "last_year": 2022, "age_days": 426}
    assert found["data"]["newest"]["source"] == "open"
    assert found["version"] == health.app_version() != "unknown"
    assert found["started"] == logs.STARTED.isoformat(timespec="seconds")


def test_it_is_stale_from_the_day_after(ask, monkeypatch):
    monkeypatch.setenv(current.TODAY, "2025-01-31")
    assert ask()[1]["status"] == "ok"
    monkeypatch.setenv(current.TODAY, "2025-02-01")
    assert ask()[1]["status"] == "stale"


@pytest.mark.parametrize("table", ["events", "sources"])
def test_a_damaged_file_is_told_and_the_rest_still_answered(ask, invented, table):
    (invented.folder / f"{table}.parquet").write_bytes(b"cut")
    current.forget()
    current._damaged.cache_clear()
    status, found = ask()
    assert (status, found["status"], found["damaged"]) == (200, "degraded", [f"{table}.parquet"])
    assert (found["data"] is None) == (table == "sources")


def test_without_a_release_the_answer_is_503(ask, invented, tmp_path, monkeypatch):
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path / "none"))
    status, found = ask()
    assert (status, found["status"]) == (503, "no release")
    assert "There is no release" in found["problems"][0]


def test_an_answer_stands_for_some_seconds(ask, monkeypatch):
    assert ask()[0] == 200
    monkeypatch.setattr(current, "find_newest", lambda: pytest.fail("asked again"))
    assert TestClient(Starlette(routes=health.routes())).get(health.PATH).json()["status"] == "ok"


def test_a_change_of_release_is_logged_once(invented, caplog):
    caplog.set_level("INFO", logs.LOGGER.name)
    health._last_told.clear()
    edition, _ = current.find_newest()
    for problems in ([], [], ["release 2024-02: cut."], ["release 2024-02: cut."]):
        health.tell_release(edition, problems)
    assert [each.event for each in caplog.records] == ["release_opened", "release_refused"]


def test_data_of_a_year_are_due_when_the_lag_after_its_end_is_over(invented):
    tables = sample.tables()
    tables["sources"] = tables["sources"].assign(last_year=[2022, 2024], lag_months=[6, 1])
    write(tables, invented.folder.parent)
    ages = health.ages_of_sources().set_index("last_year")
    assert ages.loc[2022, ["age_days", "due_year", "due"]].tolist() == [426, 2023, date(2024, 6, 30)]
    # its year is not over: it has no age, and the whole of it is due a month after its end
    assert ages["age_days"].isna().tolist() == [False, True]
    assert ages.loc[2024, ["due_year", "due"]].tolist() == [2024, date(2025, 1, 31)]


def shown() -> AppTest:
    app = AppTest.from_file("../../app.py", default_timeout=120).run()
    app.switch_page("dashboard/pages/operators.py").run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def test_operators_see_the_release_and_not_the_process_unless_told_to(invented, monkeypatch):
    monkeypatch.setattr(logs, "failures", logs.Counter({"KeyError": 3}))
    app = shown()
    text = "\n".join(each.value for each in app.markdown)
    assert "**2024-01**, as known on 31 January 2024, 30 days ago. Another release is due by 31 January 2025" in text
    assert "No file is damaged." in text
    assert app.dataframe[0].value["Age (days)"].tolist() == [426, 426]
    assert not app.table

    monkeypatch.setenv(health.OPERATORS, "1")
    process, failures = (table.value for table in shown().table)
    assert "Upstream" in process.to_string()
    assert "KeyError" in failures.to_string()


def test_with_sign_in_operators_see_the_process(monkeypatch):
    monkeypatch.delenv(health.OPERATORS, raising=False)
    monkeypatch.setattr(access, "is_on", lambda: True)
    assert health.shows_process()
