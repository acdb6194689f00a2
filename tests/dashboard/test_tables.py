"""Numbers as text, what changed in a year, and what a factor is made of."""

import math

import pandas as pd
import pytest

from dashboard import country, method, tables, world
from dashboard.measures import PARTS, list_measures
from indicators import scores
from tests.dashboard import sample

MEASURES = list_measures(sample.tables()["factors"])


def years(**columns: list) -> pd.DataFrame:
    """Scores of Alandia in 2021, 2022, … ; what is not named is missing."""
    length = len(next(iter(columns.values())))
    table = pd.DataFrame({"iso3": "QMA", "country": "Alandia", "year": range(2021, 2021 + length)}, dtype=object)
    table = table.assign(**dict.fromkeys(MEASURES, math.nan)).assign(**columns).astype({"year": int})
    return country.history(table, "QMA")


def test_a_score_is_out_of_100_and_a_missing_one_is_no_score():
    assert tables.score_text(41.26) == "41.3 of 100"
    assert tables.score_text(0.0) == "0.0 of 100"
    assert tables.score_text(math.nan) == "no score"


@pytest.mark.parametrize(
    ("scores", "text"),
    [([40.0, 41.26], "+1.3 since 2021"), ([40.0, 40.04], None), ([math.nan, 41.0], None), ([40.0, math.nan], None)],
)
def test_a_change_is_told_when_there_is_one_and_both_years_are_known(scores, text):
    assert tables.change_text(years(risk_index=scores), 2022, "risk_index") == text


def test_the_first_year_has_no_change():
    assert tables.change_text(years(risk_index=[40.0, 41.0]), 2021, "risk_index") is None


def test_coverage_and_data_date_of_a_row_without_data():
    row = {"coverage": 0.0, "data_age": math.nan, "oldest_data_year": pd.NA, "newest_data_year": pd.NA}
    assert tables.data_text(row, PARTS[0]) == "coverage 0%"


def test_changes_come_largest_first_and_a_score_that_began_or_ended_is_kept_without_a_change():
    changed = country.changed_scores(
        years(
            risk_index=[40.0, 43.0],
            structural=[50.0, 41.0],
            dynamic=[30.0, 30.0],  # unchanged: left out
            rf01=[math.nan, 20.0],
            rf02=[20.0, math.nan],
        ),
        2022,
        MEASURES,
    )
    assert changed["what"].to_list() == [
        "Structural part",
        "Risk index",
        "1. Invented factor 1",
        "2. Invented factor 2",
    ]
    assert changed["change"].to_list()[:2] == [-9, 3]
    assert changed["change"].isna().to_list() == [False, False, True, True]


def test_an_indicator_without_data_is_not_the_same_as_one_that_may_not_be_passed_on():
    made = sample.tables()
    values = made["indicators"].query("iso3 == 'QMA' and indicator != 'open_3'")
    parts = country.parts_of_factor(values, 2023, 3, made["catalogue"], made["sources"])
    assert parts["value"].to_dict() == {"open_3": "no data", "closed_3": "not redistributable"}
    # A value of three quarters, from 2022, one year old in 2023.
    values = made["indicators"].query("iso3 == 'QMA'")
    line = country.parts_of_factor(values, 2023, 3, made["catalogue"], made["sources"]).loc["open_3"]
    assert (line["value"], line["data_year"], line["age"]) == ("0.75", 2022, 1)
    assert line["sources"] == "[Open data 1.0](https://example.org/open) (CC BY 4.0)"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.012345, "0.0123"), (999.4, "999"), (1234567.0, "1,234,567"), (-2.632, "-2.63")],
)
def test_values_keep_three_digits_or_all_before_the_point(value, text):
    assert country._value_text(value, 50.0) == text


def test_the_method_page_says_the_threshold_that_the_scores_use():
    assert scores.THRESHOLD == 0.5
    made = sample.tables()
    text = method.how_scores_are_made(made["catalogue"], made["factors"])
    assert "Below one half there is no score" in text.replace("\n   ", " ")
    assert "(factors 2, 3, 4, 5, 6, 9;" in text


def test_files_of_one_table_stand_together_with_a_readable_size(invented):
    groups = method.files_by_table(invented.package)
    assert [file["label"] for file in groups["scores"]] == ["CSV", "Parquet"]
    assert {*groups} == {*invented.tables(), "CODEBOOK", "MODEL_CARD"}
    assert [file["label"] for file in groups["MODEL_CARD"]] == ["Markdown"]
    assert method.size_text(2_400_000) == "2.4 MB"
    assert method.size_text(1_500) == "1.5 kB"


def test_the_map_says_that_less_is_measured_before_1989():
    rows = pd.DataFrame({"iso3": ["QMA"], "score": [40.0], "region": ["Africa"]})
    early, late = (" ".join(world.map_notes(rows, rows.iloc[:0], "All", year)) for year in (1988, 1989))
    assert "Before 1989 less is measured" in early
    assert "less is measured" not in late
