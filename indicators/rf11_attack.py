"""Risk factor 11: signs of a widespread or systematic attack against any civilian population."""

import pandas as pd

from indicators.series import Tables, column, log_rise, per_people


def one_sided_deaths_per_100k(tables: Tables) -> pd.Series:
    """Civilians killed on purpose by governments and armed groups in the year, per 100,000 people."""
    return per_people(column(tables, "ucdp_country_year", "one_sided_deaths"), tables, people=100_000)


def one_sided_actors(tables: Tables) -> pd.Series:
    """Governments and armed groups that each killed 25 or more civilians on purpose in the year."""
    return column(tables, "ucdp_country_year", "one_sided_actors")


def one_sided_deaths_rise_3_years(tables: Tables) -> pd.Series:
    """Rise of civilians killed on purpose against three years before, log ratio; 0 where none."""
    return log_rise(column(tables, "ucdp_country_year", "one_sided_deaths"), 3)


def mass_killing_ongoing(tables: Tables) -> pd.Series:
    """Whether a mass killing was going on in the year, 0 or 1."""
    return column(tables, "mass_killing_years", "ongoing")
