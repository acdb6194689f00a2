"""Risk factor 8: triggering factors."""

import numpy as np
import pandas as pd

from indicators.monthly import deaths_to_newest_month
from indicators.rf01_instability import armed_conflicts_active
from indicators.series import KEY, Tables, column, earlier, log_ratio, log_rise, on_grid, over_neighbours, rise, wdi

LIST_ENDS = 2018  # the list stops in March 2021: the two years after 2018 are the last that it holds whole
# what was on the calendar two years before; early votes and those after a breakdown were not
HELD = ("Vote, As Scheduled", "Vote, As scheduled", "Upcoming, Scheduled", "Upcoming, Deadline")


def coup_attempts_this_year(tables: Tables) -> pd.Series:
    """Attempts of a coup d'état in the year."""
    return column(tables, "coups", "attempts")


def deaths_rise_1_year(tables: Tables) -> pd.Series:
    """Rise of deaths in all organised violence against the year before, log ratio; 0 where none."""
    deaths = ["state_based_deaths", "non_state_deaths", "one_sided_deaths"]
    return log_rise(tables["ucdp_country_year"].set_index(KEY)[deaths].sum(axis="columns", skipna=False), 1)


def deaths_rise_3_months(tables: Tables) -> pd.Series:
    """Rise of deaths in all organised violence: the three newest known months against the three before, log ratio."""
    return log_ratio(deaths_to_newest_month(tables, 3), deaths_to_newest_month(tables, 3, before=3))


def deaths_rise_6_months(tables: Tables) -> pd.Series:
    """Rise of deaths in all organised violence: the six newest known months against the six before, log ratio."""
    return log_ratio(deaths_to_newest_month(tables, 6), deaths_to_newest_month(tables, 6, before=6))


def conflict_onset_next_door(tables: Tables) -> pd.Series:
    """Whether an armed conflict began in the year in a State across a land border, after two years without one."""
    active = (armed_conflicts_active(tables) > 0).astype(float)
    before, two_before = (earlier(active, years).reindex(active.index) for years in (1, 2))
    onset = ((active == 1) & (before == 0) & (two_before == 0)).astype(float)
    # of a State that is too new it is not known whether its conflict is an onset
    known = (active == 0) | (before == 1) | two_before.notna()
    return over_neighbours(onset.where(known), tables, "max")


def inflation_shock(tables: Tables) -> pd.Series:
    """Rise of yearly inflation against the year before, in percentage points; 0 where none."""
    return rise(wdi(tables, "FP.CPI.TOTL.ZG"), 1)


def election_due_24_months(tables: Tables) -> pd.Series:
    """Whether a national election is due by the calendar in the two years after the year, 0 or 1.

    Up to LIST_ENDS from the election list (only votes held as scheduled: an early one was not known before);
    later from the dates of the last and the next election, and missing where these do not span the two years.
    """
    return _due_by_list(tables).combine_first(_due_by_dates(tables))


def _due_by_list(tables: Tables) -> pd.Series:
    votes = tables["elections"]
    votes = votes[votes["event"].isin(HELD) & votes["type"].isin(["X", "L"])]
    held = on_grid(votes.groupby(KEY).size(), tables, "elections") > 0
    held = held[held.index.get_level_values("iso3").isin(tables["elections"]["iso3"])]
    due = earlier(held.astype(float), -1).combine(earlier(held.astype(float), -2), np.fmax)
    return due[due.index.get_level_values("year") <= LIST_ENDS]


def _due_by_dates(tables: Tables) -> pd.Series:
    newest = int(tables["elections.grid"]["year"].max())
    years = pd.DataFrame({"year": range(LIST_ENDS + 1, newest + 1)})
    dates = tables["factbook"].pivot_table(
        index=["iso3", "office"], columns="when", values="election_year", aggfunc="max"
    )
    spans = dates.dropna().query("held <= next").reset_index().merge(years, how="cross")
    first, last = spans["year"] + 1, spans["year"] + 2
    inside = spans["held"].between(first, last) | spans["next"].between(first, last)
    between = (spans["held"] < first) & (spans["next"] > last)
    spans = spans.assign(due=np.select([inside, between], [1.0, 0.0], default=np.nan))
    due = spans.groupby(KEY)["due"]
    return due.max().where((due.max() == 1) | (due.count() == due.size()))  # "none" only where each office is known
