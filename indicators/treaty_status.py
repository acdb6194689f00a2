"""How many treaties bind a State at the end of a year, from the depositary's dates of joining and leaving."""

import pandas as pd

from indicators.series import KEY, Tables


def parties(tables: Tables, source: str, *, only: tuple[str, ...] | None = None) -> pd.Series:
    """Number of the source's treaties (or of `only` these) that bind each State at the end of each year.

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
    return bound.groupby([pairs[key] for key in KEY]).sum().astype(float)
