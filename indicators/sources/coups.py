"""Powell and Thyne: attempts of coups d'état, illegal and overt, by the military or other elites of the State."""

from pathlib import Path

import pandas as pd

from indicators.sources.contract import COUNT, as_code, contract, renamed

COLUMNS = {"gwcode": "code", "year": "year", "pt_attempt_num": "attempts", "pt_coup_num": "successful"}
CONTRACTS = {"coups": contract(["code", "year"], attempts=COUNT, successful=COUNT)}


def read_coups(path: Path) -> pd.DataFrame:
    """One row per State and year: number of attempts, and of those that succeeded."""
    return renamed(pd.read_csv(path), COLUMNS, source="coups").assign(code=lambda t: as_code(t["code"]))
