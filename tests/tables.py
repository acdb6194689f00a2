"""Small tables for tests of the data part: written as text, and all tables at once with random numbers.

Every State is invented (QMA to QZZ); a dash is a missing value.
"""

import io
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from indicators.sources import READERS

KEY = ["iso3", "year"]
STATES = ("QMA", "QMB", "QMC", "QMD", "QME")
YEARS = range(1990, 2022)
SOME = 40  # rows of a table of events
BANK = [
    "NY.GDP.PCAP.KD.ZG", "FP.CPI.TOTL.ZG", "SL.UEM.TOTL.ZS", "SP.DYN.IMRT.IN", "GC.TAX.TOTL.GD.ZS",
    "NY.GDP.TOTL.RT.ZS", "MS.MIL.XPND.GD.ZS", "NE.EXP.GNFS.ZS", "NE.IMP.GNFS.ZS", "SP.POP.TOTL",
]  # fmt: skip
POWER = ["MONOPOLY", "SENIOR PARTNER", "JUNIOR PARTNER", "POWERLESS", "DISCRIMINATED", "IRRELEVANT"]
NEIGHBOURS = {"QMA": ["QMB", "QMC"], "QMB": ["QMA"], "QMC": ["QMA", "QMD"], "QMD": ["QMC"]}  # QME is an island


def table(text: str) -> pd.DataFrame:
    """A table from its text: the first line has the names, columns are separated by spaces."""
    return pd.read_csv(io.StringIO(text.strip()), sep=r"\s+", na_values=["-"])


def series(text: str) -> pd.Series:
    """Lines "QMA 2000 5" as a series indexed (iso3, year)."""
    return table("iso3 year value\n" + text.strip()).set_index(KEY)["value"].astype(float)


def grid(*states: str, years: range) -> pd.DataFrame:
    """Each of the States in each of the years."""
    return pd.DataFrame([(state, year) for state in states for year in years], columns=KEY)


def known(values: pd.Series) -> dict[tuple[str, int], float]:
    """The values that are not missing, by State and year: what is missing has no place in a comparison with it."""
    assert not values.index.has_duplicates
    return {(iso3, int(year)): float(value) for (iso3, year), value in values.dropna().items()}


def population(text: str) -> dict[str, pd.DataFrame]:
    """The tables from which population comes, with these people by State and year."""
    people = series(text).rename("value").reset_index()
    states = people.assign(population_thousands=people["value"] / 1_000).drop(columns="value")
    return {"economy_population": states, "wdi": people.iloc[:0].assign(series=[])}


def wdi(**lines: str) -> dict[str, pd.DataFrame]:
    """World Bank series by code (with _ for .), each as text."""
    parts = [
        series(text).rename("value").reset_index().assign(series=code.replace("_", ".")) for code, text in lines.items()
    ]
    return {"wdi": pd.concat(parts, ignore_index=True)}


def random_tables(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Each table that indicators read, for five States and 32 years, with random numbers and gaps.

    Columns and ranges are those that the readers promise, so that a new source is here without a change.
    """
    every = grid(*STATES, years=YEARS)
    pairs = [(a, year, b) for a, others in NEIGHBOURS.items() for b in others for year in YEARS]
    tables = {"spine": every, "borders": pd.DataFrame(pairs, columns=["iso3", "year", "neighbour"])}
    for name, (module, _) in READERS.items():
        tables[name] = _table(module.CONTRACTS[name], rng)
        tables[f"{name}.grid"] = every
    return tables | _with_words(tables, rng)


def _table(contract: Any, rng: np.random.Generator) -> pd.DataFrame:
    key = [name for name in contract.unique if name in ("year", "month")]
    rows = grid(*STATES, years=YEARS)
    if "month" in key:
        rows = rows.merge(pd.DataFrame({"month": range(1, 13)}), how="cross")
    for name, column in contract.columns.items():
        if name not in ("code", *rows):
            rows[name] = _numbers(column, len(rows), rng) if str(column.dtype) == "float64" else "x"
    return rows


def _numbers(column: Any, size: int, rng: np.random.Generator) -> np.ndarray:
    """Whole numbers where counts are meant; a twentieth of them missing."""
    limits = [next(iter(check.statistics.values())) for check in column.checks]
    if not limits:
        values = rng.normal(0, 2, size)
    elif limits == [0]:
        values = rng.poisson(3, size) * 10.0 ** rng.integers(0, 3, size)
    else:
        low, high = limits[0], limits[-1]
        values = rng.uniform(low, high, size) if high == 1 else rng.integers(low, high + 1, size).astype(float)
    return np.where(rng.random(size) < 0.05, np.nan, values)


def _with_words(tables: Mapping[str, pd.DataFrame], rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """The tables that hold words or dates, which no range describes."""
    every = tables["spine"]
    bank = pd.concat([every.assign(series=code, value=rng.uniform(1, 60, len(every))) for code in BANK])
    return {
        "wdi": bank.reset_index(drop=True),
        "ert": tables["ert"].assign(regime_start_year=every["year"] // 10 * 10.0),
        "epr": _groups(every, rng),
        **_violence(every, rng),
        **_votes(every, rng),
        **_treaties(rng),
    }


def _groups(every: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    groups = pd.concat([every.assign(group=group) for group in ("1", "2", "3")], ignore_index=True)
    return groups.assign(size=rng.uniform(0, 0.3, len(groups)), status=rng.choice(POWER, len(groups)))


def _violence(every: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    conflicts, killings = _some(every, rng), _some(every, rng)
    numbers = {"incompatibility": (1, 4), "intensity": (1, 3), "type": (1, 5)}
    drawn = {name: rng.integers(*limits, SOME).astype(float) for name, limits in numbers.items()}
    end = np.where(rng.random(SOME) < 0.3, np.nan, killings["year"] + 3)
    leaders = rng.choice(["State-Led", "Non-State-Led"], SOME)
    return {
        "ucdp_conflicts": conflicts.assign(conflict=rng.choice(["1", "2"], SOME), **drawn),
        "mass_killing": killings.assign(event_id=[str(n) for n in range(SOME)], led_by=leaders, end_year=end),
    }


def _votes(every: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    votes = _some(every, rng).assign(month=5.0, type=rng.choice(["X", "L", "R"], SOME), event="Vote, As Scheduled")
    offices = pd.DataFrame([(s, o) for s in STATES for o in ("executive", "legislative")], columns=["iso3", "office"])
    dates = [offices.assign(when=when, election_year=float(year)) for when, year in (("held", 2020), ("next", 2025))]
    return {"elections": votes, "factbook": pd.concat(dates, ignore_index=True)}


def _treaties(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Every State and treaty, joined in some year or never; of crc they are out twelve years later."""
    status = pd.DataFrame([(s, t) for s in STATES for t in ("cat", "iccpr", "crc")], columns=["iso3", "treaty"])
    status = status.assign(party_from=rng.choice([1985.0, 1995.0, 2005.0, np.nan], len(status)))
    status = status.assign(party_until=status["party_from"].where(status["treaty"] == "crc") + 12)
    return {
        "human_rights_treaties": status,
        "genocide_convention": status[status["treaty"] == "cat"].assign(treaty="genocide_convention"),
        "rome_statute": status[status["treaty"] == "crc"].assign(treaty="rome_statute"),
    }


def _some(every: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return every.iloc[rng.permutation(len(every))[:SOME]]


def cut_at(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, pd.DataFrame]:
    """The tables as they were at the end of a year: no later row, no later end of a killing, no later treaty act."""
    cut = {name: rows[rows["year"] <= year] if "year" in rows else rows for name, rows in tables.items()}
    killings = cut["mass_killing"]
    cut["mass_killing"] = killings.assign(end_year=killings["end_year"].where(killings["end_year"] <= year))
    for name in ("human_rights_treaties", "genocide_convention", "rome_statute"):
        rows = cut[name]
        cut[name] = rows.assign(
            party_from=rows["party_from"].where(rows["party_from"] <= year),
            party_until=rows["party_until"].where(rows["party_until"] <= year),
        )
    return cut
