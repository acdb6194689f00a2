"""Joins the indicators to the spine as known on a date: the only place where publication lags act."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from indicators.catalogue import Indicator

COLUMNS = ["iso3", "gw_code", "country", "year", "indicator", "value", "data_year"]


def build_panel(
    values: Mapping[str, pd.Series],
    spine: pd.DataFrame,
    *,
    catalogue: Mapping[str, Indicator],
    lags: Mapping[str, int],
    as_of: date,
) -> pd.DataFrame:
    """The value of each indicator for each State and year, as known on `as_of`.

    Args:
        values: by indicator, its values indexed (iso3, year of the data).
        spine: iso3, gw_code, country, year; the rows wanted.
        catalogue: by indicator, the age in years after which a value is no longer used.
        lags: by source card, months from the end of a data year until that year's data are out.
        as_of: nothing that came out later is used.

    Returns:
        One row per State, year and indicator that has a value: the newest one that refers to the year or at most
        `max_age_years` before, with the year it refers to in `data_year`.
    """
    parts = [
        _as_known(values[name], spine, entry, lag_months=max(lags[card] for card in entry.source), as_of=as_of)
        for name, entry in catalogue.items()
    ]
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def last_year_out(lag_months: int, as_of: date) -> int:
    """The newest data year that is out on a date: the end of the year plus the lag is not after it."""
    months = as_of.year * 12 + as_of.month - 1 - lag_months
    return months // 12 - 1


def _as_known(series: pd.Series, spine: pd.DataFrame, entry: Indicator, *, lag_months: int, as_of: date) -> pd.DataFrame:
    years = range(int(spine["year"].min()) - entry.max_age_years, int(spine["year"].max()) + 1)
    wide = series.astype(float).unstack("year").reindex(columns=years)
    wide = wide.where(np.array(years) <= last_year_out(lag_months, as_of))
    dated = pd.DataFrame(np.broadcast_to(np.array(years, float), wide.shape), wide.index, wide.columns)
    limit = {"limit": entry.max_age_years} if entry.max_age_years else None
    carried = wide if limit is None else wide.ffill(axis="columns", **limit)
    data_year = dated.where(wide.notna())
    data_year = data_year if limit is None else data_year.ffill(axis="columns", **limit)
    known = pd.DataFrame({"value": carried.stack(), "data_year": data_year.stack()}).dropna()
    rows = spine.merge(known, left_on=["iso3", "year"], right_index=True, validate="one_to_one")
    return rows.assign(indicator=entry.name, data_year=rows["data_year"].astype(int))
