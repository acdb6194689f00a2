"""Watch: signals by hand, what was known in each month, the choice of rules and their false alarms."""

import numpy as np
import pandas as pd
import pytest

from indicators import watch, watch_dates, watch_rules
from indicators.monthly import CANDIDATE, EARLIER, FINAL, period
from tests.tables import NEIGHBOURS, STATES, grid

Q = period(2001, 1)
YEARS = range(1989, 2016)
DATED_TO = 2012


def wide(**deaths: list[float]) -> pd.DataFrame:
    """Deaths by month from January 2001 on, States in rows."""
    longest = max(len(numbers) for numbers in deaths.values())
    return pd.DataFrame(deaths.values(), index=list(deaths), columns=range(Q, Q + longest), dtype=float)


def world(**changes: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Borders and dates of the invented States, without an election, an announcement or a coup attempt."""
    pairs = [(a, year, b) for a, others in NEIGHBOURS.items() for b in others for year in YEARS]
    every = grid(*STATES, years=YEARS)
    return {
        "borders": pd.DataFrame(pairs, columns=["iso3", "year", "neighbour"]),
        "elections": pd.DataFrame([("QMA", 1990, 1.0, "X", "Vote, Early")], columns=VOTE),
        "factbook": pd.DataFrame([("QMA", "executive", "next", 2000.0, 1.0)], columns=DATE),
        "coups": every.assign(attempts=0.0),
        "coups_dated": pd.DataFrame(columns=["iso3", "year", "month", "attempts"]),
        "coups_dated.grid": every[every["year"] <= DATED_TO],
    } | changes


VOTE = ["iso3", "year", "month", "type", "event"]
DATE = ["iso3", "office", "when", "election_year", "election_month"]


def monthly_tables(*, seed: int = 0, months: int = 0) -> pd.DataFrame:
    """The table `monthly` of five States to February 2015, in three files, with `months` more in the newest."""
    rng = np.random.default_rng(seed)
    spans = {EARLIER: (1989, 264), FINAL: (2010, 48), CANDIDATE: (2010, 62)}
    parts = []
    for source, (start, length) in spans.items():
        for iso3 in STATES:
            level = np.exp(rng.normal(0, 1, 80).cumsum().clip(-3, 6))
            drawn = rng.poisson(np.repeat(level, 5)[:length]).astype(float)
            deaths = np.append(drawn, np.full(months if source == CANDIDATE else 0, 77.0))
            at = period(start, 1) + np.arange(len(deaths))
            parts.append(pd.DataFrame({"iso3": iso3, "period": at, "deaths": deaths, "source": source}))
    table = pd.concat(parts, ignore_index=True)
    return table.assign(year=table["period"] // 12, month=table["period"] % 12 + 1, gw_code=901).drop(columns="period")


EVENTS = grid(*STATES, years=YEARS).assign(event="one_sided_deaths", count=30.0)


def at(table: pd.DataFrame | pd.Series, iso3: str, year: int, month: int):
    return table.loc[(iso3, period(year, month))]


def test_sums_and_momentum_compare_a_state_with_its_own_past():
    found = watch.signals(wide(QMA=[2.0] * 12 + [10.0, 20.0, 30.0], QMB=[0.0] * 15), world())
    row = at(found, "QMA", 2002, 3)
    assert row[["deaths", "deaths_3", "deaths_6", "deaths_12", "before"]].to_list() == [30, 60, 66, 78, 24]
    # 60 / 3 = 20 a month against 2 a month in the twelve before: ln(21 / 3) = ln 7 = 1.94591
    assert row["momentum_3"] == pytest.approx(1.94591, abs=1e-5)
    # of the six months before which only nine are known there is none
    assert np.isnan(row["momentum_6"])
    assert at(found, "QMB", 2002, 3)["momentum_3"] == 0


def test_the_past_is_at_most_sixty_months_long():
    found = watch.momentum(wide(QMA=[1000.0] * 5 + [0.0] * 60 + [3.0] * 3), 3)
    # 3 a month against none in the 60 months before: ln 4
    assert found.loc["QMA"].iloc[-1] == pytest.approx(np.log(4))


def test_a_month_that_is_not_known_makes_each_sum_over_it_missing():
    found = watch.signals(wide(QMA=[1.0, np.nan, 1.0, 1.0, 1.0]), world())
    assert ("QMA", Q + 1) not in found.index
    assert [at(found, "QMA", 2001, month)["deaths_3"] for month in (3, 4)] == [pytest.approx(np.nan, nan_ok=True)] * 2
    assert at(found, "QMA", 2001, 5)["deaths_3"] == 3


def test_neighbours_with_an_outbreak_or_a_war_count_for_a_year():
    outbreak = watch_rules.Rule("outbreak", {"deaths": 25, "quiet": 10})
    quiet = [0.0] * 12
    deaths = wide(QMA=[0.0] * 40, QMB=[*quiet, 0, 0, 25, *[0.0] * 25], QMC=[90.0] * 40, QMD=[0.0] * 40, QME=[0.0] * 40)
    found = watch.with_neighbours(watch.signals(deaths, world()), outbreak, world())
    assert np.isnan(at(found, "QMB", 2002, 2)["outbreak"])  # of the fifteen months fourteen are known
    assert at(found, "QMB", 2002, 3)["outbreak"] == 1
    # QMA borders QMB and QMC; QMC has 12 * 90 = 1,080 deaths in 12 months from December 2001 on.
    assert [at(found, "QMA", *when)["neighbours"] for when in ((2001, 12), (2002, 2), (2002, 3))] == [1, 1, 2]
    assert np.isnan(at(found, "QMA", 2001, 11)["neighbours"])
    # the 25 are within three months until May 2002, so the outbreak is within twelve months until April 2003
    assert [at(found, "QMA", 2003, month)["neighbours"] for month in (4, 5)] == [2, 1]
    assert at(found, "QMD", 2002, 3)["neighbours"] == 1
    assert at(found, "QME", 2002, 3)["neighbours"] == 0  # an island


def test_an_escalation_is_a_hundred_deaths_and_a_doubling_in_the_months_after():
    # before: 12 months of 4 = 48; three months of 50; after: 12 months of 9 = 108 >= 100 and >= 96
    deaths = [4.0] * 12 + [50.0] * 3 + [9.0] * 12
    assert at(watch_rules.escalation(wide(QMA=deaths)), "QMA", 2002, 3) == 1
    assert at(watch_rules.escalation(wide(QMA=[5.0] * 12 + deaths[12:])), "QMA", 2002, 3) == 0  # 108 < 120
    assert at(watch_rules.escalation(wide(QMA=[0.0] * 12 + [50.0] * 3 + [8.0] * 12)), "QMA", 2002, 3) == 0  # 96
    # a month later eleven months are known after it: not known
    assert ("QMA", period(2002, 4)) not in watch_rules.escalation(wide(QMA=deaths)).index


def test_each_rule_holds_from_its_numbers_on_and_is_not_known_without_them():
    row = {"momentum_3": np.log(2), "deaths_3": 50.0, "before": 9.0, "neighbours": 1.0, "deaths_12": 24.0}
    signals = pd.DataFrame([row | {"coup_12": 1.0, "election_24": 1.0}, dict.fromkeys(row, np.nan)]).reindex(
        columns=[*row, "coup_12", "election_24"]
    )
    numbers = {
        "rise": ({"months": 3, "times": 2, "deaths": 50}, {"months": 3, "times": 2, "deaths": 51}),
        "outbreak": ({"deaths": 50, "quiet": 10}, {"deaths": 50, "quiet": 9}),
        "spread": ({"neighbours": 1, "least": 1, "below": 25}, {"neighbours": 1, "least": 1, "below": 24}),
        "coup": ({"months": 12, "least": 24}, {"months": 12, "least": 25}),
        "election": ({"months": 24, "least": 24}, {"months": 24, "least": 25}),
    }
    assert set(numbers) == set(watch_rules.FAMILIES)
    for name, (holds, fails) in numbers.items():
        assert watch_rules.Rule(name, holds).flag(signals).to_list() == [1, pytest.approx(np.nan, nan_ok=True)]
        assert watch_rules.Rule(name, fails).flag(signals).iloc[0] == 0
        assert "{" not in watch_rules.Rule(name, holds).text


def test_elections_are_due_as_they_were_on_the_calendar_and_not_known_where_nothing_later_is_announced():
    votes = [
        ("QMA", 2015, 6.0, "X", "Vote, As Scheduled"),
        ("QMA", 2016, 6.0, "X", "Vote, Early"),  # was not on the calendar
        ("QMA", 2023, 3.0, "L", "Upcoming, Scheduled"),
        ("QMB", 2015, 6.0, "R", "Vote, As Scheduled"),  # a referendum
    ]
    tables = {
        "elections": pd.DataFrame(votes, columns=VOTE),
        "factbook": pd.DataFrame(columns=DATE).astype({"election_year": float, "election_month": float}),
    }
    due = watch_dates.elections_due(tables, range(period(2014, 1), period(2024, 1)), 12)
    # June 2015 is within the twelve months after June 2014 to May 2015
    assert [due.at["QMA", period(*when)] for when in ((2014, 5), (2014, 6), (2015, 5), (2015, 6))] == [0, 1, 1, 0]
    # the list ends in March 2021: a window that ends later is "none" only before the announced March 2023
    assert [due.at["QMA", period(*when)] for when in ((2020, 6), (2022, 2), (2022, 3), (2023, 2))] == [0, 0, 1, 1]
    assert np.isnan(due.at["QMA", period(2023, 3)])
    assert due.at["QMB", period(2020, 3)] == 0
    assert np.isnan(due.at["QMB", period(2020, 4)])


def test_the_dates_of_january_2026_serve_from_then_on_and_a_year_alone_settles_what_it_can():
    dates = [
        ("QMA", "executive", "next", 2026.0, 6.0),
        ("QMA", "executive", "held", 2021.0, 6.0),
        ("QMB", "executive", "next", 2027.0, np.nan),
        ("QMC", "executive", "next", 2030.0, np.nan),
        ("QMC", "legislative", "held", 2024.0, np.nan),  # its next is not known
        ("QMD", "executive", "next", 2025.0, 3.0),  # has passed
    ]
    tables = {
        "elections": pd.DataFrame([("QMA", 2026, 6.0, "X", "Upcoming, Scheduled")], columns=VOTE),
        "factbook": pd.DataFrame(dates, columns=DATE),
    }
    newest = period(2026, 1)
    due = {months: watch_dates.elections_due(tables, range(newest - 2, newest + 6), months) for months in (12, 24)}
    assert due[12].loc["QMA", newest] == 1
    assert np.isnan(due[12].loc["QMA", newest + 5])  # June 2026 has passed
    # 2027 as a year: February 2026 to January 2027 may hold it or not; February 2026 to January 2028 holds it
    assert np.isnan(due[12].loc["QMB", newest])
    assert due[24].loc["QMB", newest] == 1
    assert due[12].loc["QMB", newest - 1] == 0  # January to December 2026
    assert due[12].loc[["QMC", "QMD"], newest].isna().all()
    # in November 2025 the announcement of 2021 is all there is
    assert due[12].loc["QMA", newest - 2] == 1
    assert "QMB" not in due[12].index or np.isnan(due[12].loc["QMB", newest - 2])


def test_coup_attempts_are_known_by_month_to_the_end_of_the_list_and_then_by_whole_years():
    every = grid("QMA", "QMB", "QMC", years=range(2010, 2015))
    attempts = every.assign(attempts=0.0)
    attempts.loc[(attempts["iso3"] == "QMB") & (attempts["year"] == 2013), "attempts"] = 1.0
    tables = {
        "coups": attempts,
        "coups_dated": pd.DataFrame({"iso3": ["QMA"], "year": [2012], "month": [3.0], "attempts": [1.0]}),
        "coups_dated.grid": every[every["year"] <= 2012],
    }
    found = watch_dates.coup_attempts(tables, range(period(2011, 12), period(2015, 1)), 12)
    months = ((2012, 2), (2012, 3), (2012, 12), (2013, 2))
    assert [found.at["QMA", period(*when)] for when in months] == [0, 1, 1, 1]
    assert np.isnan(found.at["QMA", period(2013, 3)])  # what happened in 2013 is known at its end
    assert [found.at[state, period(2013, 12)] for state in ("QMA", "QMB")] == [0, 1]
    # the attempt of 2013 may lie before February 2013
    assert np.isnan(found.at["QMB", period(2014, 1)])
    assert [found.at[state, period(2014, 12)] for state in ("QMA", "QMB", "QMC")] == [0, 0, 0]


def test_the_rules_are_chosen_on_what_was_known_by_the_end_of_2010():
    tables = watch.build(world(), monthly_tables(), EVENTS)
    monthly = monthly_tables()
    later = (monthly["year"] > 2010).to_numpy()
    changed = monthly.assign(deaths=monthly["deaths"].where(~later, 1000 - monthly["deaths"].clip(upper=900)))
    again = watch.build(world(), changed, EVENTS)
    chosen = [found["watch_rules"].set_index(["rule", "source"]) for found in (tables, again)]
    assert chosen[0]["text"].equals(chosen[1]["text"])
    columns = ["flags", "followed", "false_alarm_share", "caught_share", "base_rate", "escalations"]
    old = [each.xs(EARLIER, level="source")[columns] for each in chosen]
    pd.testing.assert_frame_equal(*old)


def test_false_alarms_are_the_share_of_flags_that_were_not_followed():
    months = pd.MultiIndex.from_product([["QMA", "QMB"], range(period(2012, 1), period(2012, 5))])
    index = months.set_names(["iso3", "period"])
    flag = pd.Series([1, 1, 1, 0, 0, 0, 1, 0], index, dtype=float)
    event = pd.Series([1, 0, 0, 1, 0, 0, 1, 0], index, dtype=float)
    killed = pd.Series([True, False], pd.MultiIndex.from_tuples([("QMA", 2013), ("QMB", 2013)]))
    found = watch_rules._figures(flag, event, killed)
    # four flags, two followed; three escalations, two with a flag; QMA's three flags were followed by killing
    assert (found["flags"], found["followed"], found["escalations"], found["flagged_states"]) == (4, 2, 3, 2)
    assert found["false_alarm_share"] == 0.5
    assert found["caught_share"] == 0.667
    assert found["killing_share"] == 0.75
    assert (found["base_rate"], found["killing_base_rate"], found["flags_per_month"]) == (0.375, 0.5, 1.0)
    # a resample of two States has QMA alone (2 in 3 false), QMB alone (none), or both
    assert (found["false_alarm_lower"], found["false_alarm_upper"]) == (0, 0.667)


def test_nothing_from_after_a_month_is_in_its_row():
    whole = monthly_tables()
    end = period(2013, 6)
    after = period(whole["year"], whole["month"]) > end
    changed = whole.assign(deaths=whole["deaths"].where(~after, whole["deaths"] * 7 + 500))
    votes = pd.DataFrame([("QMA", 2014, 1.0, "X", "Vote, Early")], columns=VOTE)
    attempts = pd.DataFrame({"iso3": ["QMA"], "year": [2013], "month": [9.0], "attempts": [1.0]})
    grids = grid(*STATES, years=range(1989, 2014))
    before = world(**{"coups_dated.grid": grids})
    later = world(elections=votes, coups_dated=attempts, **{"coups_dated.grid": grids})
    rows = [watch.build(tables, monthly, EVENTS)["watch"] for tables, monthly in ((before, whole), (later, changed))]
    then = [table[table["month"] <= "2013-06"].reset_index(drop=True) for table in rows]
    assert len(then[0]) == 30 * len(STATES)
    pd.testing.assert_frame_equal(*then)
    assert not rows[0].equals(rows[1])


def test_a_newer_file_moves_the_newest_month_and_nothing_else():
    rows = watch.build(world(), monthly_tables(), EVENTS)
    newer = watch.build(world(), monthly_tables(months=1), EVENTS)
    assert rows["watch"]["month"].max() == "2015-02"
    assert newer["watch"]["month"].max() == "2015-03"
    older = newer["watch"][newer["watch"]["month"] <= "2015-02"].reset_index(drop=True)
    pd.testing.assert_frame_equal(older, rows["watch"])
    pd.testing.assert_frame_equal(newer["watch_rules"], rows["watch_rules"])


def test_each_row_comes_from_one_file_and_later_ones_are_preliminary():
    table = watch.build(world(), monthly_tables(), EVENTS)["watch"]
    source = np.where(table["month"] <= "2013-12", FINAL, CANDIDATE)
    assert table["source"].to_list() == source.tolist()
    assert table["preliminary"].to_list() == (source == CANDIDATE).tolist()
    assert table["month"].min() == "2011-01"
    assert not table.duplicated(["iso3", "month"]).any()
