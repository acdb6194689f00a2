"""Attempts of coups d'état by State: counts by year (Powell and Thyne) and by month (Colpus).

Both list illegal and overt attempts by the military or other elites of the State, successful or not, without plots.
"""

from pathlib import Path

import pandas as pd

from indicators.files import read_csv, read_excel
from indicators.sources.contract import COUNT, as_code, contract, renamed

COLUMNS = {"gwcode": "code", "year": "year", "pt_attempt_num": "attempts", "pt_coup_num": "successful"}
DATED = {"ccode": "code", "date": "date"}
CONTRACTS = {
    "coups": contract(["code", "year"], attempts=COUNT, successful=COUNT),
    "coups_dated": contract(["code", "year", "month"], month=(1, 12), attempts=COUNT),
}


def read_coups(path: Path) -> pd.DataFrame:
    """One row per State and year: number of attempts, and of those that succeeded."""
    return renamed(read_csv(path), COLUMNS, source="coups").assign(code=lambda t: as_code(t["code"]))


def read_dated(path: Path) -> pd.DataFrame:
    """One row per State and month with an attempt, 1946 to 2022: number of attempts."""
    raw = renamed(read_excel(path), DATED, source="coups_dated")
    day = pd.to_datetime(raw["date"])
    table = pd.DataFrame({"code": as_code(raw["code"]), "year": day.dt.year, "month": day.dt.month})
    return table.value_counts(sort=False).rename("attempts").reset_index()
