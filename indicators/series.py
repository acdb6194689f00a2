"""Arithmetic that several indicators share. A series here is one number per State and year, indexed (iso3, year)."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]
KEY = ["iso3", "year"]


def column(tables: Tables, source: str, name: str) -> pd.Series:
    """One column of a country-year table as a series."""
    return tables[source].set_index(KEY)[name].astype(float)


def wdi(tables: Tables, code: str) -> pd.Series:
    """One World Bank series, by its code, in the producer's unit."""
    table = tables["wdi"]
    return column({"wdi": table[table["series"] == code]}, "wdi", "value")


def on_grid(counts: pd.Series, tables: Tables, source: str) -> pd.Series:
    """Counts of events with the zeros that the source's card allows: inside its years, for the States it watches."""
    grid = pd.MultiIndex.from_frame(tables[f"{source}.grid"])
    return counts.reindex(grid, fill_value=0).astype(float)


def population(tables: Tables) -> pd.Series:
    """People by State and year, within the borders of that year; the World Bank's count where there is no other.

    The World Bank counts the people of today's territory in all years: of the Soviet Union, those of Russia alone.
    """
    states = column(tables, "economy_population", "population_thousands") * 1_000
    return states.combine_first(wdi(tables, "SP.POP.TOTL")).rename("population")


def per_people(counts: pd.Series, tables: Tables, *, people: int) -> pd.Series:
    """Counts for every so many people; missing where the population is not known."""
    return counts / population(tables).reindex(counts.index) * people


def _by_state(series: pd.Series, change: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.Series:
    """Apply a function along consecutive years (columns), one State a row; a year that a series lacks is missing."""
    wide = series.astype(float).unstack("year")
    if wide.columns.empty:
        return series
    wide = wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))
    long = change(wide).rename_axis(columns="year").stack()
    return long[long.notna()]


def earlier(series: pd.Series, years: int) -> pd.Series:
    """The value of the same State so many years before."""
    return _by_state(series, lambda wide: wide.shift(years, axis="columns"))


def change(series: pd.Series, years: int) -> pd.Series:
    """Difference to the same State's value so many years before; missing where either is."""
    return _by_state(series, lambda wide: wide - wide.shift(years, axis="columns"))


def rise(series: pd.Series, years: int) -> pd.Series:
    """By how much the value is higher than so many years before; 0 where it is not."""
    return change(series, years).clip(lower=0)


def fall(series: pd.Series, years: int) -> pd.Series:
    """By how much the value is lower than so many years before; 0 where it is not."""
    return (-change(series, years)).clip(lower=0) + 0.0  # without the minus of a negative zero


def mean_of_last(series: pd.Series, years: int, *, at_least: int) -> pd.Series:
    """Mean of the known values of the last years, the present one included; missing with fewer than `at_least`."""
    return _by_state(series, lambda wide: wide.T.rolling(years, min_periods=at_least).mean().T)


def sum_of_last(series: pd.Series, years: int) -> pd.Series:
    """Sum over the last years, the present one included; missing unless each year is known."""
    return _by_state(series, lambda wide: wide.T.rolling(years).sum().T)


def highest_of_last(series: pd.Series, years: int, *, at_least: int) -> pd.Series:
    """Highest known value of the last years, the present one included; missing with fewer than `at_least`."""
    return _by_state(series, lambda wide: wide.T.rolling(years, min_periods=at_least).max().T)


def years_since(flag: pd.Series, *, at_most: int) -> pd.Series:
    """Years since the flag was last 1 (0 in that year), `at_most` where it never was or longer ago.

    A State's years count from its first row: what happened before there was a row is not known to it.
    """

    def count(wide: pd.DataFrame) -> pd.DataFrame:
        years = pd.DataFrame(np.broadcast_to(wide.columns, wide.shape), wide.index, wide.columns).astype(float)
        last = years.where(wide == 1).ffill(axis="columns")
        return (years - last).fillna(at_most).clip(upper=at_most).where(wide.notna())

    return _by_state(flag, count)


def log_rise(counts: pd.Series, years: int) -> pd.Series:
    """Rise of log(1 + counts) over so many years: 0 is no rise, 0.69 a doubling of large numbers."""
    return rise(np.log1p(counts), years)


def log_ratio(counts: pd.Series, before: pd.Series) -> pd.Series:
    """Rise of log(1 + counts) from one series to another: 0 where none, 0.69 a doubling of large numbers."""
    return (np.log1p(counts) - np.log1p(before)).clip(lower=0)


def over_neighbours(flag: pd.Series, tables: Tables, how: str) -> pd.Series:
    """Mean or highest value of a series over the land neighbours of each State and year; missing without neighbours."""
    borders = tables["borders"]
    values = borders.join(flag.rename("value"), on=["neighbour", "year"])
    return values.groupby(KEY)["value"].agg(how)
