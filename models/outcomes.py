"""The events that are forecast: from the release's event counts to 0, 1 or not known, by State and year.

Each outcome is one function and one entry of OUTCOMES. All are forecast from the same indicators.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

KEY = ["iso3", "year"]
DEATHS = 25  # people in a year: UCDP's threshold for a conflict or for one-sided violence to be counted
DISPLACED = 5 / 1_000  # of the population in a year
QUIET = 2  # years without the event before an onset


@dataclass(frozen=True)
class Outcome:
    """What is forecast: `events` makes it from the table of counts; `onset` tells an onset from any year with it."""

    name: str
    title: str
    definition: str
    onset: bool
    events: Callable[[pd.DataFrame], pd.Series]


def counts(events: pd.DataFrame, name: str) -> pd.Series:
    """One kind of count from the release's `events`, indexed (iso3, year).

    Raises:
        ValueError: the table has no such kind.
    """
    chosen = events[events["event"] == name]
    if chosen.empty:
        raise ValueError(
            f"The release has no {name!r} among its events; it has {sorted(events['event'].unique())[:5]} … "
            "Build it again with the source of that table."
        )
    return chosen.set_index(KEY)["count"].astype(float)


def mass_killing(events: pd.DataFrame) -> pd.Series:
    """1 in a year in which a mass killing began, by the Early Warning Project's list (1,000 or more civilians)."""
    return counts(events, "mass_killing_onset")


def state_killing(events: pd.DataFrame) -> pd.Series:
    """1 in a year in which governments killed 25 or more civilians on purpose (UCDP one-sided violence)."""
    return _reaches(counts(events, "one_sided_deaths_by_governments"), DEATHS)


def armed_group_killing(events: pd.DataFrame) -> pd.Series:
    """1 in a year in which armed groups killed 25 or more civilians on purpose (UCDP one-sided violence)."""
    return _reaches(counts(events, "one_sided_deaths_by_groups"), DEATHS)


def armed_conflict(events: pd.DataFrame) -> pd.Series:
    """1 in a year with 25 or more battle deaths after two years with fewer; 0 while a conflict goes on."""
    return onset(_reaches(counts(events, "battle_deaths"), DEATHS), quiet=QUIET)


def mass_displacement(events: pd.DataFrame) -> pd.Series:
    """1 in a year in which 5 or more in 1,000 people newly fled across a border (UNHCR)."""
    people = counts(events, "population")
    fled = counts(events, "newly_displaced_abroad")
    return _reaches((fled / people.reindex(fled.index)).dropna(), DISPLACED)


def onset(event: pd.Series, *, quiet: int) -> pd.Series:
    """1 where the event comes after so many years without it, 0 elsewhere, also while it goes on.

    Missing where the event is there and one of the years before is not known.
    """
    wide = event.unstack("year")
    wide = wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))
    before = [wide.shift(years, axis="columns") for years in range(1, quiet + 1)]
    known = pd.concat(before, keys=range(quiet)).groupby(level=1, sort=False)
    began = (wide * (known.max() == 0)).where((known.count() == quiet) | (wide == 0) | (known.max() == 1))
    long = began.rename_axis(columns="year").stack()
    return long[long.notna()].rename("event")


def _reaches(amount: pd.Series, threshold: float) -> pd.Series:
    return (amount >= threshold).astype(float).where(amount.notna())


OUTCOMES = {
    outcome.name: outcome
    for outcome in (
        Outcome(
            "mass_killing",
            "Onset of mass killing",
            "A mass killing begins: 1,000 or more civilians of a group are killed on purpose within a year.",
            True,
            mass_killing,
        ),
        Outcome(
            "state_killing",
            "Killing of civilians by a government",
            "Governments kill 25 or more civilians on purpose in a year.",
            False,
            state_killing,
        ),
        Outcome(
            "armed_group_killing",
            "Killing of civilians by armed groups",
            "Armed groups kill 25 or more civilians on purpose in a year.",
            False,
            armed_group_killing,
        ),
        Outcome(
            "armed_conflict",
            "Onset of armed conflict",
            "25 or more people die in battle in a year, after two years with fewer.",
            True,
            armed_conflict,
        ),
        Outcome(
            "mass_displacement",
            "Mass displacement across borders",
            "5 or more in 1,000 people newly flee across a border in a year.",
            False,
            mass_displacement,
        ),
    )
}


def last_known_year(event: pd.Series) -> int:
    """The newest year for which the outcome is known of any State."""
    return int(event.dropna().index.get_level_values("year").max())


def label(event: pd.Series, *, window: int) -> pd.Series:
    """By (iso3, origin): 1 if the event comes in one of the `window` years after the origin, 0 if in none.

    Missing where one of these years is not known, an event in another of them notwithstanding: a window of which
    half is known would otherwise enter only when it holds an event.
    """
    wide = event.unstack("year")
    years = range(int(wide.columns.min()) - window, int(wide.columns.max()) + 1)
    wide = wide.reindex(columns=range(years[0], years[-1] + window + 1))
    ahead = [wide.shift(-step, axis="columns") for step in range(1, window + 1)]
    known = pd.concat(ahead, keys=range(window)).groupby(level=1, sort=False)
    reached = known.max().where(known.count() == window)[list(years)]
    return reached.rename_axis(columns="origin").stack().dropna().rename("event")
