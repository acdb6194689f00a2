"""The track record in words and tables: hits, misses, false alarms, differences, and how sure all that is."""

import math

import pandas as pd
import pytest

from dashboard import charts, record
from models.track import placed_rows, yearly_hits
from tests.dashboard import sample

TASK = "outcome == 'mass_killing' and design == 'operational' and window_years == 2"
MADE = sample.tables() | sample.forecast_tables()
SKILL = MADE["skill"].query(TASK)
CODES = [f"QM{letter}" for letter in "ABCDEFGHIJKLMNO"]


def backtest(*, origins: tuple[int, ...] = (2000, 2001), event: str = "QMB") -> pd.DataFrame:
    """Fifteen States, the first the likeliest; one event in each origin but the last, where nothing is known."""
    lines = [
        (origin, origin + 1, origin + 2, code, 9000 + place, (20 - place) / 100)
        for origin in origins
        for place, code in enumerate(CODES, start=1)
    ]
    table = pd.DataFrame(lines, columns=["origin", "window_start", "window_end", "iso3", "gw_code", "probability"])
    known = (table["iso3"] == event).astype(float).where(table["origin"] < origins[-1])
    task = {"outcome": "mass_killing", "design": "operational", "window_years": 2, "model": "published"}
    return table.assign(event=known, **task)


def counts(top: int = 10, **options) -> pd.DataFrame:
    return record.yearly_counts(placed_rows(backtest(**options)), top)


def test_a_year_counts_hits_misses_and_false_alarms_and_only_what_is_known():
    hit, missed = counts().iloc[0], counts(event="QMO").iloc[0]
    assert counts()["origin"].to_list() == [2000]
    assert (hit["events"], hit["hits"], hit["missed"], hit["false_alarms"]) == (1, 1, 0, 9)
    assert (missed["events"], missed["hits"], missed["missed"], missed["false_alarms"]) == (1, 0, 1, 10)
    # 19 + 18 + … + 5 in 100
    assert hit["expected"] == pytest.approx(1.8)
    assert (hit["listed"], hit["ranked"]) == (10, 15)


def test_a_length_of_the_list_beyond_all_states_has_no_misses():
    assert counts(top=30, event="QMO")["missed"].to_list() == [0]


def test_the_headline_says_how_many_were_in_the_list_beside_chance_and_how_many_were_forecast():
    assert record.headline(SKILL, counts(), "mass_killing", 2, 10) == (
        "**Onset of mass killing, within two years**: of the forecasts made from 2000 to 2000 it followed once "
        "(an event in the windows of two years counts twice). The State was among the 10 highest of that year's list "
        "once (100 in 100). A list in random order would have had 67 in 100. "
        "For every 10 that came, 11 were forecast."
    )


def test_without_an_event_there_is_nothing_to_score():
    nothing = counts(event="none")
    assert "no event is known" in record.headline(SKILL, nothing, "mass_killing", 1, 10)


def test_events_are_listed_by_name_with_the_place_given_and_hit_or_missed_in_words():
    table = record.describe_hits(yearly_hits(backtest(), top=1), {("QMB", 2000): "Bretagna"})
    assert table.iloc[0].to_list() == ["2000", "Bretagna", "2001 and 2002", "2 of 15", "about 18 in 100", "missed"]
    assert record.describe_hits(yearly_hits(backtest(), top=2), {})["In the list"].to_list() == ["hit"]


def test_years_stand_newest_first_with_the_length_of_the_list_in_the_heading():
    table = record.describe_years(counts(origins=(2000, 2001, 2002)), 10)
    assert table["At the end of"].to_list() == ["2001", "2000"]
    assert table["False alarms: of the top 10, without an event"].to_list() == [9, 9]


def test_false_alarms_are_told_in_a_sentence():
    assert "9 of the 10 places in the yearly top 10 had no event" in record.alarms_text(counts(), 10)


def test_each_score_has_its_interval_and_the_difference_to_each_baseline_in_words():
    table = record.describe_skill(SKILL)
    line = table.loc[record.METRICS["auc"]]
    assert line["This model"] == "0.800 (0.700 to 0.900)"
    assert line["Less the same base rate for all"] == "better: +0.200 (+0.100 to +0.300)"
    assert line["Less the risk index alone"] == "not distinguishable: +0.010 (-0.090 to +0.110)"
    # of the log score less is better
    assert table.loc[record.METRICS["log_score"], "Less the same base rate for all"].startswith("worse")


def test_a_score_that_is_missing_is_not_known_and_one_without_an_interval_has_none():
    assert record.score_text(None) == "not known"
    line = pd.Series({"estimate": 0.5, "lower": math.nan, "upper": math.nan})
    assert record.score_text(line) == "0.500"
    assert record.difference_text(line, "auc") == "not known: +0.500"
    assert record.difference_text(None, "auc") == "not known"


def test_what_cannot_be_told_apart_is_said():
    assert record.not_distinguishable(SKILL).startswith(
        "**Not distinguishable** from: infant mortality and population (9 of 9 scores); the last known state"
    )
    apart = SKILL[SKILL["baseline"].isin(["", "climatology"])]
    assert "can be told apart" in record.not_distinguishable(apart)


def test_decades_have_the_sum_of_forecasts_beside_the_events():
    table = record.describe_periods(SKILL)
    assert table.index.to_list() == ["all years", "2021-2022"]
    # 1.1 for each of 10 events
    assert table["Sum of forecasts"].to_list() == ["11.0", "11.0"]
    unknown = SKILL.assign(estimate=None).astype({"estimate": float})
    assert record.describe_periods(unknown)["Sum of forecasts"].to_list() == ["not known", "not known"]


def test_groups_of_forecasts_are_told_with_what_came():
    table = record.describe_reliability(MADE["reliability"].query(TASK))
    assert table.loc["1 (25 forecasts)"].to_list() == [
        "about 20 in 10,000",
        "0 of 25",
        "0.0 in 10,000",
        "0.0 to 1300.0 in 10,000",
    ]
    assert table.loc["2 (25 forecasts)", "Which is"] == "40.0 in 100"


def test_the_chart_of_reliability_shows_groups_without_an_event_as_at_most():
    figure = charts.draw_reliability(MADE["reliability"].query(TASK))
    diagonal, seen, none = figure.data
    assert list(diagonal.x) == list(diagonal.y)
    assert (list(seen.x), list(seen.y)) == ([0.3], [0.4])
    assert seen.error_y.array[0] == pytest.approx(0.19)
    assert seen.error_y.arrayminus[0] == pytest.approx(0.17)
    assert list(none.y) == [0.13]
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == "log"


def test_the_axes_of_reliability_reach_below_the_lowest_forecast():
    bins = MADE["reliability"].query(TASK).assign(mean_probability=[0.00002, 0.3])
    assert charts.draw_reliability(bins).layout.xaxis.range[0] == pytest.approx(-5)


def test_the_chart_of_sums_has_events_and_forecasts_of_each_year():
    bars, line = charts.draw_sums(counts()).data
    assert (list(bars.x), list(bars.y), list(line.y)) == ([2000], [1], pytest.approx([1.8]))


@pytest.mark.parametrize(
    ("task", "there"),
    [
        (("mass_killing", "aligned", 2), True),
        (("mass_killing", "operational", 2), False),
        (("mass_killing", "aligned", 1), False),
        (("armed_conflict", "aligned", 2), False),
    ],
)
def test_the_published_test_of_others_is_of_one_task_only(task, there):
    assert record.has_peer(*task) is there


def test_the_comparison_has_their_figures_and_says_where_they_come_from():
    table = record.compare_with_peer(SKILL)
    assert table.loc[record.METRICS["average_precision"]].to_list() == [".060", "0.800 (0.700 to 0.900)"]
    assert "recomputed from its published files" in record.PEER_SOURCE
    assert "ours are on our rows" in record.PEER_SOURCE


def test_intervals_are_held_against_what_came():
    checks = MADE["interval_checks"].query("outcome == 'mass_killing' and window_years == 2")
    assert "Of 3 intervals of the number of events, 2 held what came (67 in 100), fewer than" in (
        record.intervals_text(checks)
    )
    assert record.describe_intervals(checks).loc["1-10"].to_list() == ["1", "0", "1.5", "5"]
    assert "where 95 in 100 should" in record.intervals_text(checks.assign(inside=True))


def test_the_ledger_says_how_many_are_published_and_how_many_can_be_scored():
    lines = pd.DataFrame({"release": ["2024-01"] * 3, "probability": [0.5, 0.25, 0.25], "event": [1.0, 0.0, None]})
    assert record.ledger_text(lines) == (
        "The ledger holds 3 published forecasts (release 2024-01). 2 can be scored: 0.8 events were forecast, and "
        "1 came."
    )
    assert "None can be scored yet" in record.ledger_text(lines.assign(event=math.nan))
    assert record.ledger_text(lines.iloc[:0]) == record.NO_LEDGER


def test_events_of_every_outcome_are_made_from_the_releases_counts():
    known = record.known_events(MADE["events"])
    assert set(known["outcome"]) == set(sample.OUTCOMES)
    came = known[known["event"] == 1]
    assert came[["iso3", "year"]].drop_duplicates().to_numpy().tolist() == [["QMA", 2022]]
