"""How a State stood on a day, from the table of commitments."""

import pandas as pd
import pytest

from dashboard import commitments
from tests.dashboard import sample

ROWS = pd.DataFrame(sample.COMMITMENTS, columns=sample.COMMITMENT_COLUMNS)


def then(iso3: str, treaty: str, day: str, rows: pd.DataFrame = ROWS) -> str:
    found = commitments.on_day(rows, day).set_index(["iso3", "treaty"])
    return found.at[(iso3, treaty), "then"]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2020-02-29", "none"),
        ("2020-03-01", "signed"),
        ("2020-05-10", "party"),
        ("2023-06-01", "party"),
        ("2023-06-02", "left"),
    ],
)
def test_a_state_signs_joins_and_leaves_on_its_days(day, status):
    assert then("QMA", "rome_statute", day) == status


def test_a_year_alone_counts_from_its_end_or_from_the_last_day_confirmed():
    assert then("QMA", "cat", "2021-12-30") == "none"
    assert then("QMA", "cat", "2021-12-31") == "party"
    late = ROWS.assign(party_from=ROWS["party_from"].replace("2021", "2022"))
    assert then("QMA", "cat", "2022-08-30", late) == "none"
    assert then("QMA", "cat", "2022-08-31", late) == "party"


def test_a_signature_without_a_day_is_not_known_before_the_last_day_confirmed():
    undated = ROWS.assign(status=ROWS["status"].replace("none", "signed"))
    assert then("QMD", "cat", "2022-08-30", undated) == "unknown"
    assert then("QMD", "cat", "2022-08-31", undated) == "signed"


def test_a_state_that_did_not_exist_is_not_counted_unless_it_was_a_party():
    countries = sample.tables()["countries"]
    # Newland began on 2 July 2022
    assert list(commitments.of_treaty(ROWS, countries, "rome_statute", "2022-07-01")["iso3"]) == ["QMA", "QMB"]
    assert len(commitments.of_treaty(ROWS, countries, "rome_statute", "2022-07-02")) == 3


def test_parties_over_time_end_on_the_last_day_confirmed():
    years = commitments.over_time(ROWS, "rome_statute")
    assert list(years.index) == [2020, 2021, 2022, 2023, 2024]
    assert years["African"].to_list() == [1, 1, 1, 0, 0]
    assert years["Asia-Pacific"].to_list() == [0, 0, 1, 1, 1]


def test_every_article_of_the_draft_stands_under_one_subject_and_each_step_has_its_source():
    convention = commitments.read_convention()
    assert sorted(number for part in convention["subjects"] for number in part["articles"] if number > 2) == list(
        range(3, 16)
    )
    assert list(convention["articles"]) == [str(number) for number in range(1, 16)]
    assert all(entry["source"] for entry in convention["steps"] + convention["positions"])
