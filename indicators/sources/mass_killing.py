"""Early Warning Project: mass killings since 1945 (1,000 or more civilians of a group killed within a year)."""

from pathlib import Path

import pandas as pd

from indicators.files import read_csv, read_excel
from indicators.sources.contract import FLAG, as_code, contract, renamed

EVENTS = {
    "mk_event_code": "event_id",
    "startyear": "year",
    "endyear": "end_year",
    "mk_location_cow": "code",
    "State-Led or Non-State-Led": "led_by",
}
YEARS = {"ccode": "code", "year": "year", "mk_onset": "onset", "mk_ongoing": "ongoing"}
CONTRACTS = {
    "mass_killing": contract(["event_id", "code", "year"], "event_id", "led_by", end_year=(1945, None)),
    "mass_killing_years": contract(["code", "year"], onset=FLAG, ongoing=FLAG),
}


def read_events(path: Path) -> pd.DataFrame:
    """One row per mass killing: first year, last year (missing while it goes on), place, whether the State led it."""
    table = renamed(read_excel(path, sheet_name="mk_events"), EVENTS, source="mass_killing")
    return table.assign(
        code=as_code(table["code"]),
        event_id=table["event_id"].str.strip(),
        led_by=table["led_by"].str.strip(),
    )


def read_years(path: Path) -> pd.DataFrame:
    """One row per State and year since 1934: whether a mass killing began, and whether one went on."""
    return renamed(read_csv(path), YEARS, source="mass_killing_years").assign(code=lambda t: as_code(t["code"]))
