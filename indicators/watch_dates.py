"""Elections due and coup attempts by State and month, from what was public in that month: 1, 0 or not known."""

import numpy as np
import pandas as pd

from indicators.monthly import period
from indicators.rf08_triggers import HELD
from indicators.series import Tables

AHEAD = (12, 24)  # months after the row's month in which an election is due
BACK = (12, 24)  # months up to the row's month in which there was an attempt
LIST_ENDS = period(2021, 3)  # the list of elections ends in March 2021; what it has of later months was announced then
DATES_FROM = period(2025, 12)  # the dates of January 2026 serve from the row that is newest in January 2026
YEAR = 12  # months


def elections_due(tables: Tables, periods: range, months: int) -> pd.DataFrame:
    """Whether a national election is due by the calendar in so many months after each one: State by period.

    To March 2021 from the votes held as scheduled (an early one was not on the calendar); after that from what was
    announced by then, where "none due" needs a later date to be announced; from 2026 on from the dates known in
    January 2026, where "none due" needs a later date of each office. What a year alone cannot settle is missing.
    """
    listed = _due_by_list(tables["elections"], range(periods[0], max(periods[-1], LIST_ENDS) + months + 1), months)
    dated = _due_by_dates(tables["factbook"], [each for each in periods if each >= DATES_FROM], months)
    before = listed.reindex(columns=[each for each in periods if each < DATES_FROM])
    return pd.concat([before, dated], axis="columns")


def _due_by_list(elections: pd.DataFrame, periods: range, months: int) -> pd.DataFrame:
    votes = elections[elections["event"].isin(HELD) & elections["type"].isin(["X", "L"])]
    votes = votes.assign(period=period(votes["year"], votes["month"])).dropna(subset="period")
    held = pd.crosstab(votes["iso3"], votes["period"]).clip(upper=1)
    held = held.reindex(index=sorted(elections["iso3"].unique()), columns=periods, fill_value=0).astype(float)
    due = held.T[::-1].rolling(months, min_periods=1).max()[::-1].shift(-1).T
    last = votes.groupby("iso3")["period"].max().reindex(held.index).fillna(0).to_numpy()
    end = np.array(periods) + months  # of the window
    settled = (end <= LIST_ENDS)[None, :] | (last[:, None] > end[None, :])
    return due.where((due == 1) | settled)


def _due_by_dates(dates: pd.DataFrame, periods: list[int], months: int) -> pd.DataFrame:
    wide = dates.pivot(index=["iso3", "office"], columns="when", values=["election_year", "election_month"])
    wide = wide.reindex(columns=pd.MultiIndex.from_product([["election_year", "election_month"], ["next"]]))
    year, month = wide["election_year", "next"], wide["election_month", "next"]
    first, last = period(year, month.fillna(1)), period(year, month.fillna(YEAR))
    each = {
        now: pd.Series(
            np.select([(first > now) & (last <= now + months), first > now + months], [1.0, 0.0], np.nan), wide.index
        )
        for now in periods
    }
    offices = pd.DataFrame(each, index=wide.index, columns=periods).groupby("iso3")
    return offices.max().where((offices.max() == 1) | offices.count().eq(offices.size(), axis="index"))


def coup_attempts(tables: Tables, periods: range, months: int) -> pd.DataFrame:
    """Whether there was an attempt of a coup in so many months up to each one: State by period.

    From the dated list to its end; of later years only the number in a whole year is known, from its end on. Then
    "yes" needs a year with an attempt to lie wholly within the months, "no" each of the months to be in a year that
    has ended, without an attempt.
    """
    dated, yearly = _dated(tables), _yearly(tables)
    last = int(dated.columns.max())
    within = dated.T.rolling(months).max().T.reindex(columns=[each for each in periods if each <= last])
    later = {now: _after_the_list(dated, yearly, now, months) for now in periods if now > last}
    return pd.concat([within, pd.DataFrame(later)], axis="columns")


def _dated(tables: Tables) -> pd.DataFrame:
    """1 in a month with an attempt, 0 in the other months of the States and years that the list watches."""
    grid = tables["coups_dated.grid"].merge(pd.DataFrame({"month": range(1, YEAR + 1)}), how="cross")
    watched = grid.assign(period=period(grid["year"], grid["month"]), attempt=0.0).set_index(["iso3", "period"])
    found = tables["coups_dated"]
    there = pd.MultiIndex.from_arrays([found["iso3"], found["year"] * YEAR + found["month"].astype(int) - 1])
    return watched["attempt"].mask(watched.index.isin(there), 1.0).unstack("period")


def _yearly(tables: Tables) -> pd.DataFrame:
    return tables["coups"].pivot(index="iso3", columns="year", values="attempts").gt(0)


def _after_the_list(dated: pd.DataFrame, yearly: pd.DataFrame, now: int, months: int) -> pd.Series:
    begin, last = now - months + 1, int(dated.columns.max())
    in_list = dated.loc[:, begin:last].max(axis="columns") == 1
    years = range(max(begin, last + 1) // YEAR, now // YEAR + 1)
    ended = [year for year in years if period(year, YEAR) <= now and year in yearly]
    whole = [year for year in ended if period(year, 1) >= begin]
    states = dated.index.union(yearly.index)
    in_list = in_list.reindex(states, fill_value=False)
    counted = yearly.reindex(states, fill_value=False)
    yes, maybe = in_list | counted[whole].any(axis="columns"), in_list | counted[ended].any(axis="columns")
    watched = states.isin(yearly.index) & (len(ended) == len(years))
    return pd.Series(np.select([yes, ~maybe & watched], [1.0, 0.0], np.nan), states)
