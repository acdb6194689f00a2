"""Risk factor 12: signs of a plan or policy to attack any civilian population."""

import pandas as pd

from indicators.series import KEY, Tables, column, on_grid, per_people


def government_one_sided_deaths_per_100k(tables: Tables) -> pd.Series:
    """Civilians killed on purpose by governments in the year, per 100,000 people."""
    return per_people(column(tables, "ucdp_country_year", "one_sided_deaths_by_governments"), tables, people=100_000)


def freedom_from_political_killings(tables: Tables) -> pd.Series:
    """Freedom from killings by the State or its agents, V-Dem scale."""
    return column(tables, "vdem", "v2clkill")


def state_led_mass_killing_ongoing(tables: Tables) -> pd.Series:
    """Whether a mass killing led by a State was going on in the year, 0 or 1."""
    events = tables["mass_killing"].query("led_by == 'State-Led'")
    last = int(tables["mass_killing.grid"]["year"].max())
    until = events["end_year"].fillna(last).astype(int)
    years = [range(first, end + 1) for first, end in zip(events["year"], until, strict=True)]
    yearly = events.assign(year=years).explode("year").drop_duplicates(KEY).set_index(KEY)
    return on_grid(pd.Series(1.0, yearly.index), tables, "mass_killing")


def refugee_outflow_per_1000(tables: Tables) -> pd.Series:
    """People who newly crossed a border for protection in the year, per 1,000 people of the country they left."""
    return per_people(column(tables, "unhcr_flows", "newly_displaced_abroad"), tables, people=1_000)


def freedom_of_movement(tables: Tables) -> pd.Series:
    """Freedom to move and settle inside the country (as men have it), V-Dem scale."""
    return column(tables, "vdem", "v2cldmovem")


def freedom_from_forced_labour(tables: Tables) -> pd.Series:
    """Freedom from forced labour (as men have it), V-Dem scale."""
    return column(tables, "vdem", "v2clslavem")
