"""Risk factor 5: capacity to commit atrocity crimes."""

import pandas as pd

from indicators.series import Tables, column, highest_of_last, per_people, population, wdi


def military_spending_pct_gdp(tables: Tables) -> pd.Series:
    """Military expenditure, in per cent of gross domestic product."""
    return wdi(tables, "MS.MIL.XPND.GD.ZS")


def rival_armed_groups(tables: Tables) -> pd.Series:
    """Pairs of organised armed groups that fought each other in the country, with 25 or more deaths in the year."""
    return column(tables, "ucdp_country_year", "non_state_dyads")


def government_killing_record_per_100k(tables: Tables) -> pd.Series:
    """Civilians killed on purpose by governments in the worst of the last fifteen years, per 100,000 people."""
    deaths = column(tables, "ucdp_country_year", "one_sided_deaths_by_governments")
    return highest_of_last(per_people(deaths, tables, people=100_000), 15, at_least=3)


def population_millions(tables: Tables) -> pd.Series:
    """People in the country, in millions: how many are exposed."""
    return population(tables) / 1_000_000


def mass_organisations(tables: Tables) -> pd.Series:
    """Share of people active in mass organisations run by the State, V-Dem scale."""
    return column(tables, "vdem", "v2castate")


def military_regime(tables: Tables) -> pd.Series:
    """How far the chief executive's power rests on the military, index, 0 to 1."""
    return column(tables, "vdem", "v2x_ex_military")
