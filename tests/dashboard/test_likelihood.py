"""Probabilities in words, and what the map of them shows."""

import math

import pandas as pd
import pytest

from dashboard import likelihood, world
from tests.dashboard import sample


@pytest.mark.parametrize(
    ("shares", "per"),
    [((0.3, 0.04), 100), ((0.04, 0.014), 1_000), ((0.0004, 0.014), 10_000), ((math.nan, 0.3), 100), ((0.0,), 10_000)],
)
def test_frequencies_are_counted_among_so_many_that_none_is_rounded_away(shares, per):
    assert likelihood.count_among(*shares) == per


@pytest.mark.parametrize(
    ("share", "per", "text"),
    [
        (0.04, 100, "about 4 in 100"),
        (0.014, 1_000, "about 14 in 1,000"),
        (0.00001, 10_000, "fewer than 1 in 10,000"),
        (0.997, 100, "more than 99 in 100"),
        (math.nan, 100, "not known"),
    ],
)
def test_a_probability_is_a_natural_frequency_and_never_none_or_all(share, per, text):
    assert likelihood.frequency_text(share, per) == text


def test_an_interval_has_both_ends_or_is_not_known():
    assert likelihood.between_text(0.0001, 0.09, 1_000) == "fewer than 1 to 90 in 1,000"
    assert likelihood.between_text(math.nan, 0.09, 1_000) == "not known"


def test_a_place_has_its_interval_or_says_that_it_is_not_known():
    row = {"rank": 7, "ranked": 195, "rank_lower": 3, "rank_upper": 17}
    assert likelihood.place_text(row) == "place 7 of 195"
    assert likelihood.places_text(row) == "between place 3 and 17 of 195"
    assert likelihood.place_text(row | {"rank": pd.NA}) == "no place"
    assert likelihood.places_text(row | {"rank_lower": math.nan}) == "not known"


def test_a_window_is_told_in_years_and_an_earlier_forecast_says_when_it_would_have_been_made():
    assert likelihood.when_text(2026, 1, newest=True) == "in 2027"
    assert likelihood.when_text(2026, 2, newest=True) == "in 2027 and 2028"
    assert likelihood.when_text(2015, 2, newest=False) == (
        "in 2016 and 2017, as it would have been forecast at the end of 2015"
    )


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.04, "4.0 times the base rate"),
        (0.2, "20 times the base rate"),
        (0.0101, "about the base rate"),
        (0.005, "below the base rate (0.5 times)"),
        (math.nan, ""),
    ],
)
def test_a_probability_is_compared_with_the_base_rate(probability, text):
    assert likelihood.compare_text(probability, 0.01) == text


def backtest(origin: int, window: int) -> pd.DataFrame:
    task = f"outcome == 'mass_killing' and design == 'operational' and origin == {origin} and window_years == {window}"
    return sample.forecast_tables()["backtest"].query(task)


def rows(year: int = 2023, window: int = 2) -> pd.DataFrame:
    made = sample.tables()
    scores = world.with_facts(made["scores"], made["countries"]).query(f"year == {year}")
    if year != sample.ORIGIN:
        return likelihood.rows_of_year(scores, likelihood.as_forecast(backtest(year, window)))
    forecasts = sample.forecast_tables()["forecasts"]
    task = f"outcome == 'mass_killing' and design == 'operational' and window_years == {window}"
    return likelihood.rows_of_year(scores, forecasts.query(task))


def test_an_earlier_origin_has_probability_place_and_event_and_the_base_rate_of_then():
    table = rows(2021).set_index("iso3")
    assert table["rank"].dropna().to_dict() == {"QMC": 1, "QMA": 2, "QME": 3}
    assert table.at["QMA", "probability"] == 0.04
    assert table["event"].dropna().to_dict() == {"QMC": 0, "QMA": 1, "QME": 0}
    assert table.at["QMA", "base_rate"] == 0.02
    assert table[["lower", "upper", "rank_lower", "coverage"]].isna().all(axis=None)


def test_a_row_says_frequency_interval_base_rate_place_and_age_of_the_data():
    told = likelihood.describe_row(rows().iloc[0])
    # 0.04, from half to twice, beside a base rate of 0.01: among 1,000, so that the base rate is 10 of them
    assert told == [
        "about 40 in 1,000 States like this (95 % interval: 20 to 80 in 1,000)",
        "base rate: about 10 in 1,000",
        "place 1, between place 1 and 2 of 3",
        "coverage 80%, data on average 1.8 years old",
    ]


def test_too_little_known_is_not_a_low_likelihood():
    last = rows().iloc[-1]
    assert last["iso3"] == "QMB"
    assert likelihood.describe_row(last)[0] == "No forecast: too little is known"


def test_an_earlier_forecast_says_what_then_happened():
    known, unknown = rows(2021).set_index("iso3"), rows(2022).set_index("iso3")
    told = [likelihood.describe_with_event(table.loc["QMA"], newest=False)[-1] for table in (known, unknown)]
    assert told == ["what then happened: it came", "what then happened: not known yet"]
    assert likelihood.happened_text(0.0) == "it did not come"


def test_the_table_twin_has_interval_and_place_and_for_earlier_years_what_happened():
    now, then = likelihood.twin(rows(), newest=True), likelihood.twin(rows(2021), newest=False)
    line = now.set_index("Row").loc["QMA"]
    assert line["Probability (0-1)"] == 0.04
    assert (line["Lower end of 95 % interval (0-1)"], line["Upper end of 95 % interval (0-1)"]) == (0.02, 0.08)
    assert line["Place, upper end of 95 % interval"] == 2
    assert now.set_index("Row")["Is there a forecast?"].to_dict()["QMB"] == "No forecast: too little is known"
    assert "Lower end of 95 % interval (0-1)" not in then
    assert then.set_index("Row")["What then happened"].to_dict() == {
        "QMC": "it did not come",
        "QMA": "it came",
        "QME": "it did not come",
        "QMB": "not known yet",
    }


def test_years_without_a_forecast_are_explained():
    assert "no forecast was made at the end of 1980. The first that can be tested is that of 1993" in (
        likelihood.explain_absence(1980, [1993, 1994], "Onset")
    )
    assert "There is one for 1993 to 1994." in likelihood.explain_absence(1999, [1993, 1994], "Onset")
