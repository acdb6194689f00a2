"""Risk factor 1: situations of armed conflict or other forms of instability."""

import pandas as pd

from indicators.monthly import deaths_to_newest_month
from indicators.series import (
    Tables,
    column,
    log_ratio,
    on_grid,
    over_neighbours,
    per_people,
    sum_of_last,
    wdi,
)


def battle_deaths_per_100k(tables: Tables) -> pd.Series:
    """Deaths in state-based armed conflict in the country, per 100,000 people."""
    return per_people(column(tables, "ucdp_country_year", "state_based_deaths"), tables, people=100_000)


def non_state_conflict_deaths_per_100k(tables: Tables) -> pd.Series:
    """Deaths in fighting between groups none of which is a State, per 100,000 people."""
    return per_people(column(tables, "ucdp_country_year", "non_state_deaths"), tables, people=100_000)


def deaths_last_12_months(tables: Tables) -> pd.Series:
    """Deaths in all organised violence in the twelve newest known months.

    Not for every so many people: the newest count of people comes out a year and more after the months.
    """
    return deaths_to_newest_month(tables, 12)


def deaths_rise_12_months(tables: Tables) -> pd.Series:
    """Rise of deaths in all organised violence: the twelve newest known months against the twelve before, log ratio."""
    return log_ratio(deaths_to_newest_month(tables, 12), deaths_to_newest_month(tables, 12, before=12))


def armed_conflicts_active(tables: Tables) -> pd.Series:
    """Armed conflicts with a government, with 25 or more battle deaths in the year, fought in the country."""
    counts = tables["ucdp_conflicts"].groupby(["iso3", "year"])["conflict"].nunique()
    return on_grid(counts, tables, "ucdp_conflicts")


def conflict_years_last_10(tables: Tables) -> pd.Series:
    """Years with an active armed conflict among the last ten."""
    return sum_of_last((armed_conflicts_active(tables) > 0).astype(float), 10)


def neighbours_in_conflict_pct(tables: Tables) -> pd.Series:
    """Share of the States across a land border that have an active armed conflict, in per cent."""
    return over_neighbours((armed_conflicts_active(tables) > 0) * 100.0, tables, "mean")


def coup_attempts_last_5_years(tables: Tables) -> pd.Series:
    """Attempts of a coup d'état in the last five years, the present one included."""
    return sum_of_last(column(tables, "coups", "attempts"), 5)


def gdp_per_head_growth_pct(tables: Tables) -> pd.Series:
    """Growth of gross domestic product per head in the year, in per cent."""
    return wdi(tables, "NY.GDP.PCAP.KD.ZG")


def inflation_pct(tables: Tables) -> pd.Series:
    """Rise of consumer prices in the year, in per cent; 0 where they fell."""
    return wdi(tables, "FP.CPI.TOTL.ZG").clip(lower=0)


def unemployment_pct(tables: Tables) -> pd.Series:
    """People out of work, in per cent of the labour force (modelled by the ILO)."""
    return wdi(tables, "SL.UEM.TOTL.ZS")


def infant_mortality_per_1000(tables: Tables) -> pd.Series:
    """Children who die before their first birthday, per 1,000 born alive."""
    return wdi(tables, "SP.DYN.IMRT.IN")


def displaced_abroad_pct(tables: Tables) -> pd.Series:
    """People from the country who live abroad as refugees or asylum-seekers, in per cent of its population."""
    return per_people(column(tables, "unhcr_population", "displaced_abroad"), tables, people=100)


def internally_displaced_pct(tables: Tables) -> pd.Series:
    """People displaced inside the country by conflict and violence, in per cent of its population."""
    return per_people(column(tables, "unhcr_idmc", "internally_displaced"), tables, people=100)


def regime_change_last_5_years(tables: Tables) -> pd.Series:
    """Whether the present type of regime began in the last five years, the present one included, 0 or 1."""
    start = column(tables, "ert", "regime_start_year")
    return (start.index.get_level_values("year") - start < 5).astype(float).where(start.notna())


def state_age_years(tables: Tables) -> pd.Series:
    """Years since the State became independent."""
    return column(tables, "economy_state_age", "state_age")


def political_violence(tables: Tables) -> pd.Series:
    """Political violence by non-state actors, V-Dem scale (higher is more)."""
    return column(tables, "vdem", "v2caviol")
