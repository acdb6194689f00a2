"""How many treaties bind a State at the end of a year, from the depositary's dates of joining and leaving."""

import operator
from functools import reduce

import pandas as pd

from indicators.series import KEY, Tables


def parties(tables: Tables, source: str, *, only: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Of the source's treaties (or of `only` these): how many bind each State at the end of each year, how many could.

    Two columns, `bound` and `open`; a treaty is open from the year in which the first State joined it.

    States that exist today and that the source watches, in the years of its card. A State that no longer exists
    is left out: the depositary's list shows its treaties under its successors.
    """
    status = tables[source]
    status = status if only is None else status[status["treaty"].isin(only)]
    years = tables[f"{source}.grid"]
    newest = years["year"].max()
    standing = years[years["iso3"].isin(years.loc[years["year"] == newest, "iso3"])]
    pairs = standing.merge(status[["iso3", "treaty", "party_from", "party_until"]], on="iso3", how="left")
    bound = (pairs["party_from"] <= pairs["year"]) & ~(pairs["party_until"] <= pairs["year"])
    begun = status.groupby("treaty")["party_from"].min()
    counts = bound.groupby([pairs[key] for key in KEY]).sum().astype(float).rename("bound").to_frame()
    years_of = counts.index.get_level_values("year")
    return counts.assign(open=[float((begun <= year).sum()) for year in years_of])


def share_bound(*counts: pd.DataFrame) -> pd.Series:
    """Treaties that bind a State, in per cent of those open to it, over several lists; missing before any is open."""
    bound = reduce(operator.add, (part["bound"] for part in counts))
    opened = reduce(operator.add, (part["open"] for part in counts))
    return (100 * bound / opened.where(opened > 0)).dropna()
