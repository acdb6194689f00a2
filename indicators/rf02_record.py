"""Risk factor 2: record of serious violations of international human rights and humanitarian law."""

import pandas as pd

from indicators.series import Tables, column, mean_of_last, on_grid, per_people, years_since


def one_sided_deaths_per_100k_10_years(tables: Tables) -> pd.Series:
    """Civilians killed on purpose by governments and armed groups, per 100,000 people and year, mean of ten years."""
    deaths = column(tables, "ucdp_country_year", "one_sided_deaths")
    return mean_of_last(per_people(deaths, tables, people=100_000), 10, at_least=3)


def years_since_mass_killing(tables: Tables) -> pd.Series:
    """Years since a mass killing was last going on, 50 where none was in fifty years or since the list begins."""
    return years_since(column(tables, "mass_killing_years", "ongoing"), at_most=50)


def mass_killings_since_1946(tables: Tables) -> pd.Series:
    """Mass killings that began in the country since 1946."""
    begun = tables["mass_killing"].groupby(["iso3", "year"])["event_id"].nunique()
    return on_grid(begun, tables, "mass_killing").sort_index().groupby("iso3").cumsum()


def political_terror_scale(tables: Tables) -> pd.Series:
    """Political Terror Scale, 1 to 5: the mean of the levels read from the reports that were coded."""
    return tables["pts"].set_index(["iso3", "year"])[["amnesty", "hrw", "state_department"]].mean(axis="columns")


def freedom_from_torture(tables: Tables) -> pd.Series:
    """Freedom from torture, V-Dem scale (higher is freer)."""
    return column(tables, "vdem", "v2cltort")


def judicial_accountability(tables: Tables) -> pd.Series:
    """How often judges found guilty of serious misconduct are removed or disciplined, V-Dem scale."""
    return column(tables, "vdem", "v2juaccnt")
