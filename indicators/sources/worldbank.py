"""World Bank series (WDI), and the State-based series of population and age on Gleditsch-Ward codes."""

from pathlib import Path

import pandas as pd

from indicators.files import read_any, read_csv
from indicators.sources.contract import ANY, COUNT, as_code, contract, renamed

WDI = {"Country Code": "code", "Year": "year", "Value": "value"}
POPULATION = {"gwcode": "code", "year": "year", "pop": "population_thousands"}
STATE_AGE = {"gwcode": "code", "year": "year", "state_age": "state_age"}

CONTRACTS = {
    "wdi": contract(["series", "code", "year"], "series", value=ANY),
    "economy_population": contract(["code", "year"], population_thousands=COUNT),
    "economy_state_age": contract(["code", "year"], state_age=COUNT),
}


def read_wdi(paths: dict[str, Path]) -> pd.DataFrame:
    """One row per series, country or aggregate, and year; `series` is the World Bank's code in capitals."""
    tables = [_read_series(path).assign(series=name) for name, path in sorted(paths.items())]
    return pd.concat(tables, ignore_index=True)


def _read_series(path: Path) -> pd.DataFrame:
    # the codes are text: "NA" is Namibia to some producers
    raw = read_csv(path, dtype={"Country Code": str}, keep_default_na=False, na_values={"Value": [""]})
    return renamed(raw, WDI, source=f"wdi {path.name}").dropna(subset="value")


def read_population(path: Path) -> pd.DataFrame:
    """One row per State and year: people, in thousands."""
    return _on_gw_codes(path, POPULATION, "economy_population")


def read_state_age(path: Path) -> pd.DataFrame:
    """One row per State and year: years since it became independent."""
    return _on_gw_codes(path, STATE_AGE, "economy_state_age")


def _on_gw_codes(path: Path, columns: dict[str, str], source: str) -> pd.DataFrame:
    return renamed(read_any(path), columns, source=source).assign(code=lambda t: as_code(t["code"]))
