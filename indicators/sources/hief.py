"""Historical Index of Ethnic Fractionalisation: chance that two people drawn at random are of different groups."""

from pathlib import Path

import pandas as pd

from indicators.files import read_csv
from indicators.sources.contract import SHARE, contract, renamed

COLUMNS = {"Country": "code", "Year": "year", "EFindex": "fractionalisation"}
CONTRACTS = {"hief": contract(["code", "year"], fractionalisation=SHARE)}


def read_hief(path: Path) -> pd.DataFrame:
    """One row per country and year, 1945 to 2013."""
    table = read_csv(path).rename(columns={"efindex": "EFindex"})  # the mirror's spelling and the producer's
    return renamed(table, COLUMNS, source="hief")
