"""A release says until when it holds, and after that day every page warns."""

import json
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

import release
from dashboard import briefing, current, feeds, reading
from tests.dashboard.listed import PAGES

pytestmark = pytest.mark.usefixtures("invented")
WARNING = "This release was due to be replaced by 31 January 2025; what it says may be out of date."
FILES = ["world_map", *(path for path in PAGES if path)]


def not_warning() -> list[str]:
    """The pages that do not warn, of all that there are."""
    app, silent = AppTest.from_file("../../app.py", default_timeout=120).run(), []
    for page in FILES:
        app.switch_page(f"dashboard/pages/{page}.py").run()
        assert not app.exception, app.exception[0].stack_trace
        if WARNING not in [warning.value for warning in app.warning]:
            silent.append(page)
    return silent


def test_every_page_warns_from_the_day_after_and_none_before(monkeypatch):
    monkeypatch.setenv(current.TODAY, "2025-02-01")
    assert not_warning() == []
    monkeypatch.setenv(current.TODAY, "2025-01-31")
    assert not_warning() == FILES


def test_a_release_is_due_a_year_after_its_date_and_says_so(invented):
    assert invented.package["stale_after"] == "2025-01-31"
    assert release.due_after(date(2024, 2, 29)) == date(2025, 2, 28)


def change(invented: release.Release, **changes: str | None) -> release.Release:
    """The release with another datapackage.json; None takes a field away."""
    path = invented.folder / "datapackage.json"
    package = {name: value for name, value in (invented.package | changes).items() if value is not None}
    path.write_text(json.dumps(package), "utf-8")
    current.forget()
    return release.load(invented.id)


def test_the_date_of_the_release_itself_holds_and_an_older_one_has_the_same_rule(invented):
    assert change(invented, stale_after="2024-06-30").stale_after == date(2024, 6, 30)
    assert change(invented, stale_after=None).stale_after == date(2025, 1, 31)


def test_a_release_with_a_wrong_date_is_refused(invented):
    with pytest.raises(release.ReleaseError, match="`stale_after` in its datapackage.json is no date"):
        change(invented, stale_after="soon").check([])


def test_briefings_and_feeds_say_until_when_whatever_the_day(monkeypatch):
    monkeypatch.setenv(current.TODAY, "2030-01-01")
    said = "Another release is due by 31 January 2025; after that day, look for a newer one."
    assert briefing.brief_of(briefing.read_subject("QMA")).subtitle.endswith(said)
    assert json.loads(feeds.json_feed(feeds.Choice()))["description"].endswith(said)
    assert said in feeds.atom(feeds.Choice()).decode()


def test_without_a_day_of_the_environment_it_is_that_of_the_clock(monkeypatch):
    monkeypatch.delenv(current.TODAY)
    assert current.today() > date(2026, 11, 1)
    assert reading.is_stale()
