"""UNHCR Refugee Data Finder: people displaced, by country of origin; IDMC's counts of internal displacement."""

from pathlib import Path

import pandas as pd

from indicators.files import read_any
from indicators.sources.contract import COUNT, contract, renamed

STOCK = {"coo": "code", "year": "year", "refugees": "refugees", "asylum_seekers": "asylum_seekers",
         "oip": "others_in_need_of_protection"}  # fmt: skip
FLOW = {"coo": "code", "year": "year", "refugees": "refugees", "asylum_seekers": "asylum_seekers",
        "refugee_like": "refugee_like", "oip": "others_in_need_of_protection"}  # fmt: skip
INTERNAL = {"coo": "code", "year": "year", "total": "internally_displaced"}

CONTRACTS = {
    "unhcr_population": contract(["code", "year"], displaced_abroad=COUNT),
    "unhcr_flows": contract(["code", "year"], newly_displaced_abroad=COUNT),
    "unhcr_idmc": contract(["code", "year"], internally_displaced=COUNT),
}


def read_population(path: Path) -> pd.DataFrame:
    """One row per origin and year: people displaced across a border at the year's end, all places of asylum.

    Refugees, asylum-seekers and, since 2018, other people in need of international protection.
    """
    return _summed_by_origin(path, STOCK, "displaced_abroad", source="unhcr_population")


def read_flows(path: Path) -> pd.DataFrame:
    """One row per origin and year: people who newly crossed a border for protection in that year."""
    return _summed_by_origin(path, FLOW, "newly_displaced_abroad", source="unhcr_flows")


def read_idmc(path: Path) -> pd.DataFrame:
    """One row per State and year: people displaced inside it by conflict and violence at the year's end (IDMC)."""
    table = renamed(read_any(path), INTERNAL, source="unhcr_idmc")
    return table.groupby(["code", "year"], as_index=False)["internally_displaced"].sum(min_count=1)


def _summed_by_origin(path: Path, columns: dict[str, str], total: str, *, source: str) -> pd.DataFrame:
    table = renamed(read_any(path), columns, source=source)
    people = [name for name in columns.values() if name not in ("code", "year")]
    summed = table.groupby(["code", "year"])[people].sum(min_count=1).sum(axis=1, min_count=1)
    return summed.rename(total).reset_index()
