"""Political Terror Scale: violations of physical integrity by the State, 1 (rare) to 5 (whole population)."""

from pathlib import Path

import pandas as pd

from indicators.files import read_csv
from indicators.sources.contract import contract, renamed

COLUMNS = {"Country": "code", "Year": "year", "PTS_A": "amnesty", "PTS_H": "hrw", "PTS_S": "state_department"}
REPORTS = ["amnesty", "hrw", "state_department"]
CONTRACTS = {"pts": contract(["code", "year"], **dict.fromkeys(REPORTS, (1, 5)))}


def read_pts(path: Path) -> pd.DataFrame:
    """One row per place and year: the level read from the reports of Amnesty, HRW and the US State Department."""
    raw = read_csv(path, sep=";", encoding="utf-8-sig", keep_default_na=False, na_values=["NA"])
    table = renamed(raw, COLUMNS, source="pts")
    return table.dropna(subset=REPORTS, how="all")
