"""Joins the indicators to the spine as known on a date: the only place where publication lags act."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from indicators.catalogue import Indicator
from indicators.sources.cards import Card

COLUMNS = ["iso3", "gw_code", "country", "year", "indicator", "value", "data_year"]


def build_panel(
    values: Mapping[str, pd.Series],
    spine: pd.DataFrame,
    *,
    catalogue: Mapping[str, Indicator],
    cards: Mapping[str, Card],
    as_of: date,
) -> pd.DataFrame:
    """The value of each indicator for each State and year, as known on `as_of`.

    Args:
        values: by indicator, its values indexed (iso3, year of the data).
        spine: iso3, gw_code, country, year; the rows wanted.
        catalogue: by indicator, the age in years after which a value is no longer used.
        cards: by source, its card: when a year's data are out.
        as_of: nothing that came out later is used.

    Returns:
        One row per State, year and indicator that has a value: the newest one that refers to the year or at most
        `max_age_years` before, with the year it refers to in `data_year`.
    """
    parts = [
        _as_known(values[name], spine, entry, newest=min(last_year_out(cards[card], as_of) for card in entry.source))
        for name, entry in catalogue.items()
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def last_year_out(card: Card, as_of: date) -> int:
    """The newest data year of a source that is out on a date: the year's end plus the card's lag is not after it.

    A source that counts within the year has a value for the year in progress too, but only from the day on which
    its file was taken: on an earlier date the file would show what was not known then.
    """
    if card.within_year and as_of >= card.accessed:
        return as_of.year
    months = as_of.year * 12 + as_of.month - 1 - card.lag_months
    return months // 12 - 1


def _as_known(series: pd.Series, spine: pd.DataFrame, entry: Indicator, *, newest: int) -> pd.DataFrame:
    years = range(int(spine["year"].min()) - entry.max_age_years, int(spine["year"].max()) + 1)
    out = [year for year in years if year <= newest]
    wide = series.astype(float).unstack("year").reindex(columns=out).reindex(columns=years)
    dated = pd.DataFrame(np.broadcast_to(np.array(years, float), wide.shape), wide.index, wide.columns)
    value, data_year = (_carried(table, entry.max_age_years) for table in (wide, dated.where(wide.notna())))
    known = pd.DataFrame({"value": value, "data_year": data_year}).dropna()
    rows = spine.merge(known, left_on=["iso3", "year"], right_index=True, validate="one_to_one")
    return rows.assign(indicator=entry.name, data_year=rows["data_year"].astype(int))


def _carried(wide: pd.DataFrame, years: int) -> pd.Series:
    """Each State's last known value, for at most so many years after the one it refers to."""
    return (wide.ffill(axis="columns", limit=years) if years else wide).stack()
