"""Risk factor 13: serious threats to those protected under international humanitarian law."""

import pandas as pd

from indicators.series import KEY, Tables, column, on_grid, per_people, rise


def civilian_deaths_in_battle_per_100k(tables: Tables) -> pd.Series:
    """Civilians killed in the course of state-based armed conflict in the year, per 100,000 people."""
    return per_people(column(tables, "ucdp_country_year", "state_based_civilian_deaths"), tables, people=100_000)


def parties_fighting_the_state(tables: Tables) -> pd.Series:
    """Pairs of a government and an armed opponent that fought in the country in the year."""
    return column(tables, "ucdp_country_year", "state_based_dyads")


def war_intensity(tables: Tables) -> pd.Series:
    """Most intense armed conflict in the country: 0 none, 1 minor (25 to 999 battle deaths), 2 war."""
    return on_grid(tables["ucdp_conflicts"].groupby(KEY)["intensity"].max(), tables, "ucdp_conflicts")


def internal_displacement_rise_per_1000(tables: Tables) -> pd.Series:
    """Rise of the number of people displaced inside the country against the year before, per 1,000 people."""
    displaced = column(tables, "unhcr_idmc", "internally_displaced")
    return per_people(rise(displaced, 1), tables, people=1_000)
