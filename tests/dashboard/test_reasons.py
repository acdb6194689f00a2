"""One State's forecasts in words and tables: contributions that add up, changes, cases, and who is above whom."""

import math

import pandas as pd
import pytest

from dashboard import charts, likelihood, reasons
from tests.dashboard import sample

TASK = "outcome == 'mass_killing' and window_years == 2"
MADE = sample.tables() | sample.forecast_tables()
LINES = MADE["explanations"].query(f"{TASK} and iso3 == 'QMA'")
SUMS = reasons.by_factor(LINES, MADE["factors"])


def test_contributions_are_summed_by_factor_the_most_raising_first_and_nothing_is_lost():
    assert SUMS["what"].iloc[0] == "13. Invented factor 13"
    assert SUMS["what"].iloc[-1] == "Level"
    # factor n: n / 10 - n / 20
    assert SUMS["contribution"].iloc[0] == pytest.approx(0.65)
    assert SUMS["contribution"].sum() == pytest.approx(LINES["contribution"].sum())


def test_a_contribution_is_told_as_what_it_does_to_the_odds():
    assert reasons.odds_text(math.log(2)) == "odds times 2.00"
    assert reasons.odds_text(-math.log(2)) == "odds times 0.50"
    assert reasons.odds_text(math.nan) == "not known"


def test_the_chart_and_its_table_have_the_same_numbers():
    bar = charts.draw_contributions(SUMS).data[0]
    table = reasons.describe_factors(SUMS)
    assert [f"{adds:+.2f}" for adds in bar.x] == table["Adds to the log-odds"].to_list()
    assert list(bar.text) == table["Which means"].to_list()


def test_a_long_name_of_a_factor_is_shortened_at_a_word():
    assert charts._shorten("short") == "short"
    assert charts._shorten("word " * 20).endswith("word …")


def test_the_level_is_explained_in_words():
    text = reasons.level_text(LINES)
    assert "one with the typical value of every indicator is below the base rate (odds times 0.61)" in text
    assert "raise the base rate" in text
    above = reasons.level_text(LINES.assign(contribution=0.5))
    assert "is above the base rate (odds times 1.65)." in above
    assert "raise the base rate" not in above


def test_the_sum_of_the_bars_leads_from_the_base_rate_to_the_forecast():
    forecast = pd.Series({"probability": 0.04, "base_rate": 0.01})
    # -0.5, and of the sum of the measured factors' numbers, 81, a twentieth: 3.55
    assert "All bars together: odds times 34.81, from the base rate (about 10 in 1,000)" in (
        reasons.sum_text(LINES, forecast)
    )


def test_changes_are_told_largest_first_and_an_unknown_one_is_not_none():
    sums = pd.DataFrame(
        {"what": ["a", "b", "c", "d"], "contribution": 1.0, "change": [0.1, -0.7, math.nan, 0.0]},
    )
    table = reasons.describe_changes(sums)
    assert table.index.to_list() == ["b", "a", "c"]
    assert table["Change of the log-odds"].to_list() == ["-0.70", "+0.10", "not known"]


def test_what_changed_compares_the_same_model_with_the_inputs_of_two_years():
    # counted among as many States as the forecast beside its base rate: 10 in 1,000
    forecast = pd.Series({"probability": 0.04, "probability_before": 0.03, "base_rate": 0.01})
    assert reasons.before_text(forecast) == (
        "About 40 in 1,000 now; with the inputs of the year before, the same model gives about 30 in 1,000."
    )
    assert "too little is known" in reasons.before_text(pd.Series({"probability": 0.04, "probability_before": None}))


def test_indicators_stand_within_their_factor_with_the_year_of_their_value():
    table = reasons.describe_indicators(LINES, MADE["catalogue"], MADE["factors"])
    assert len(table) == len(LINES) - 1
    assert table.iloc[0].to_dict() == {
        "Risk factor": "1. Invented factor 1",
        "Indicator": "Open indicator 1",
        "Adds to the log-odds": 0.1,
        "Which means": "odds times 1.11",
        "Change since the year before": 0.05,
        "Data year": "2022",
    }
    assert table["Data year"].iloc[1] == "not known"


def test_near_cases_say_what_followed():
    cases = MADE["cases"].query(f"{TASK} and iso3 == 'QMD'")
    table = reasons.describe_cases(cases, {("QMA", 2021): "Alandia"}, 2)
    assert table.loc["Alandia"].to_list() == ["2021", "2.5", "it came in 2022 and 2023"]
    assert table.index[1] == "QMC"  # without a name of that year: its code
    assert reasons.cases_text(cases).startswith("Of the 2 past cases whose scores")
    assert "are nearest, 1 saw the event" in reasons.cases_text(cases)


@pytest.mark.parametrize(("more", "said"), [(20, "the order is clear"), (19, "is clear"), (18, "is not certain")])
def test_an_order_is_clear_only_if_nearly_all_replicates_agree(more, said):
    lines = [(n, iso3, share) for n in range(20) for iso3, share in (("QMA", 0.1), ("QMB", 0.05 if n < more else 0.2))]
    replicates = pd.DataFrame(lines, columns=["replicate", "iso3", "probability"])
    text = reasons.above_text(replicates, "QMA", "QMB", sample.NAMES)
    assert f"in {more} of 20 replicates" in text
    assert said in text


def test_an_outcome_without_a_forecast_is_not_known_rather_than_nought():
    then = pd.DataFrame([{"outcome": "mass_killing", "probability": 0.04, "base_rate": 0.03, "event": None}])
    table = reasons.outcomes_then(then.reindex(columns=["outcome", *likelihood.COLUMNS]))
    assert table["What then happened"].to_list() == ["not known yet", *["not known here"] * 4]
    assert table["Base rate then"].to_list()[1] == "not known"
