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
CONTRACTS = {"epr": contract(["code", "group", "year"], "group", "status", size=SHARE)}


def read_epr(path: Path) -> pd.DataFrame:
    """One row per group and year. A year in which the status changed belongs to the later period, as in the source."""
    table = renamed(read_csv(path), COLUMNS, source="epr")
    years = [range(first, last + 1) for first, last in zip(table["from"], table["to"], strict=True)]
    yearly = table.assign(year=years).explode("year").drop(columns=["from", "to"])
    return yearly.assign(code=as_code(yearly["code"]), group=as_code(yearly["group"]), year=yearly["year"].astype(int))
