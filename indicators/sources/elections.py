"""National elections: dates past (REIGN, to March 2021) and to come (CIA World Factbook, state of January 2026)."""

import calendar
import re
from pathlib import Path
from typing import Any

import pandas as pd

from indicators.files import read_csv, read_json_gz
from indicators.sources.contract import contract, renamed

COLUMNS = {"ccode": "code", "elec_year": "year", "elec_month": "month", "type": "type", "event": "event"}
BRANCHES = {
    "Executive branch": "executive",
    "Legislative branch": "legislative",  # of one chamber; of two, the upper is often not elected by the people
    "Legislative branch - lower chamber": "legislative",
}
MONTHS = list(calendar.month_name)[1:]
WHEN = {"most recent election date": "held", "expected date of next election": "next"}
CONTRACTS = {
    "elections": contract(["code", "year", "month", "type", "event"], "type", "event", month=(1, 12)),
    "factbook": contract(
        ["code", "office", "when"], "office", "when", election_year=(1900, 2100), election_month=(1, 12)
    ),
}


def read_reign(path: Path) -> pd.DataFrame:
    """One row per election or announcement: year, month, type (X executive, L legislative, R referendum), event."""
    raw = read_csv(path, encoding="latin-1", dtype={"elec_month": str})
    table = renamed(raw, COLUMNS, source="elections")
    month = pd.to_numeric(table["month"], errors="coerce")
    table = table.assign(code=table["code"].astype(str), month=month, event=table["event"].str.strip())
    return table.dropna(subset=["event", "type"]).drop_duplicates()


def read_factbook(path: Path) -> pd.DataFrame:
    """One row per State, office and kind of date: year and month of the latest and of the next expected election."""
    countries = read_json_gz(path)
    rows = [row for file, profile in sorted(countries.items()) for row in _dates(file, profile)]
    return pd.DataFrame(rows, columns=["code", "office", "when", "election_year", "election_month"])


def _dates(file: str, profile: dict[str, Any]) -> list[tuple[str, str, str, float, float]]:
    code = Path(file).stem
    found = []
    for branch, office in BRANCHES.items():
        section = profile.get("Government", {}).get(branch, {})
        for label, when in WHEN.items():
            date = _date(section.get(label, {}).get("text", ""))
            if date:
                found.append((code, office, when, *date))
    return found


def _date(text: str) -> tuple[float, float] | None:
    """Year of the first date in a text and its month, which is missing unless its name stands before the year."""
    first = re.search(rf"(?:\b({'|'.join(MONTHS)}),?\s+)?\b((?:19|20)\d\d)\b", text)
    if not first:
        return None
    return float(first[2]), float(MONTHS.index(first[1]) + 1 if first[1] else "nan")
