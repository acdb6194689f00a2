"""Ethnic Power Relations: each politically relevant ethnic group's share of people and access to State power."""

from pathlib import Path

import pandas as pd

from indicators.files import read_csv
from indicators.sources.contract import SHARE, as_code, contract, renamed

COLUMNS = {
    "gwid": "code",
    "from": "from",
    "to": "to",
    "gwgroupid": "group",
    "size": "size",
    "status": "status",
}
YEARS = (1900, 2100)  # one row is made for each year: a wrong one would fill the memory
CONTRACTS = {"epr": contract(["code", "group", "year"], "group", "status", size=SHARE)}


def read_epr(path: Path) -> pd.DataFrame:
    """One row per group and year. A year in which the status changed belongs to the later period, as in the source."""
    table = renamed(read_csv(path), COLUMNS, source="epr")
    outside = table[~(table["from"].between(*YEARS) & table["to"].between(*YEARS))]
    if len(outside):
        raise ValueError(
            f"epr: {len(outside)} rows are not of the years {YEARS[0]} to {YEARS[1]}:\n{outside.head().to_string()}\n"
            "Fetch the file again, or change the reader if the producer goes further."
        )
    years = [range(first, last + 1) for first, last in zip(table["from"], table["to"], strict=True)]
    yearly = table.assign(year=years).explode("year").drop(columns=["from", "to"])
    return yearly.assign(code=as_code(yearly["code"]), group=as_code(yearly["group"]), year=yearly["year"].astype(int))
