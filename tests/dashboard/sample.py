"""A tiny release of invented States, in the contract of a real one: for tests of the dashboard only.

QMA has everything. QMB has too little data for a score and a note. QMC ended on 1 July 2022 and QMD succeeded it.
QME's source forbids raw values. Numbers follow a rule, so that a test can state them: see `score_of`.
"""

import hashlib
import json
from pathlib import Path

import pandas as pd

YEARS = range(2020, 2024)
MEASURED = [*range(1, 10), 11, 12, 13]
STRUCTURAL = {2, 3, 4, 5, 6, 9}
COUNTRIES = [
    # iso3, name, start, end, region, predecessor, note
    ("QMA", "Alandia", "1950-01-01", None, "Africa", None, None),
    (
        "QMB",
        "Bretagna",
        "1950-01-01",
        None,
        "Asia-Pacific",
        None,
        "Deaths in Bretagna are counted in Alandia's row.",
    ),
    ("QMC", "Old Union", "1950-01-01", "2022-07-01", "Europe", None, None),
    ("QMD", "Newland", "2022-07-02", None, "Europe", "QMC", None),
    ("QME", "Closed Isles", "1950-01-01", None, "Asia-Pacific", None, None),
]


def score_of(iso3: str, year: int, factor: int) -> float:
    """QMA 2023, factor 1: 41; a point more for each factor, ten more for each later letter, five less a year back."""
    return 40.0 + 10 * "ABCDE".index(iso3[-1]) + factor - 5 * (2023 - year)


def existed(iso3: str, year: int) -> bool:
    """QMC until 2021, QMD from 2022, the others always."""
    return {"QMC": year <= 2021, "QMD": year >= 2022}.get(iso3, True)


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the release by name."""
    keys = [(row[0], row[1], year) for row in COUNTRIES for year in YEARS if existed(row[0], year)]
    scores = pd.DataFrame([_score_row(*key) for key in keys])
    return {
        "scores": scores,
        "indicators": pd.DataFrame([row for key in keys for row in _indicator_rows(key[0], key[2])]),
        "events": pd.DataFrame(
            {
                "iso3": ["QMA"],
                "gw_code": [9901],
                "year": [2021],
                "event": ["coup_attempt"],
                "count": [1],
                "source": "open",
            }
        ),
        "countries": _countries(),
        "catalogue": _catalogue(),
        "factors": _factors(),
        "sources": _sources(),
        "left_out": pd.DataFrame(
            {
                "source": ["open"],
                "reason": ["not a State"],
                "rows": [3],
                "codes": ["QZZ"],
                "first_year": [2020],
                "last_year": [2022],
            }
        ),
    }


def _score_row(iso3: str, name: str, year: int) -> dict:
    has_data = iso3 != "QMB"
    row = {"iso3": iso3, "gw_code": 9900 + ord(iso3[-1]), "country": name, "year": year}
    for factor in MEASURED:
        row |= {
            f"rf{factor:02d}": score_of(iso3, year, factor) if has_data else None,
            f"rf{factor:02d}_coverage": 0.9 if has_data else 0.1,
            f"rf{factor:02d}_data_age": 1.5,
        }
    for part in ("structural", "dynamic"):
        row |= {
            part: score_of(iso3, year, 0) if has_data else None,
            f"{part}_coverage": 0.8 if has_data else 0.1,
        }
    overall = score_of(iso3, year, 5) if has_data else None
    return row | {
        "risk_index": overall,
        "coverage": 0.85 if has_data else 0.1,
        "data_age": 1.25,
        "oldest_data_year": year - 3,
        "newest_data_year": year - 1,
    }


def _indicator_rows(iso3: str, year: int) -> list[dict]:
    rows = []
    for factor in MEASURED:
        for kind in ("open", "closed"):
            missing = iso3 == "QMB"
            rows.append(
                {
                    "iso3": iso3,
                    "gw_code": 9900 + ord(iso3[-1]),
                    "year": year,
                    "indicator": f"{kind}_{factor}",
                    "value": None if kind == "closed" or missing else factor / 4,
                    "score": None if missing else score_of(iso3, year, factor),
                    "data_year": None if missing else year - 1,
                    "source": kind,
                }
            )
    return rows


def _countries() -> pd.DataFrame:
    columns = ["iso3", "name", "start", "end", "region", "predecessor", "note"]
    table = pd.DataFrame(COUNTRIES, columns=columns)
    return table.assign(
        gw_code=[9900 + ord(code[-1]) for code in table["iso3"]], kind="other", un_group=table["region"]
    )


def _catalogue() -> pd.DataFrame:
    rows = [
        {
            "indicator": f"{kind}_{factor}",
            "title": f"Indicator {factor} of the {kind} source",
            "factor": factor,
            "also_bears_on": "",
            "source": kind,
            "unit": "deaths per 100,000 people",
            "direction": "higher_is_riskier",
            "transform": "log1p",
            "goalpost_low": 0.0,
            "goalpost_high": 50.0,
            "weight": 1.0,
            "max_age_years": 5,
            "why": "An invented reason.",
            "reference": "Invented 2020",
            "caveats": "undercount",
        }
        for factor in MEASURED
        for kind in ("open", "closed")
    ]
    return pd.DataFrame(rows)


def _factors() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "factor": range(1, 15),
            "name": [f"Risk factor named {factor}" for factor in range(1, 15)],
            "group": "common",
            "part": ["structural" if factor in STRUCTURAL else "dynamic" for factor in range(1, 15)],
            "measured": [factor in MEASURED for factor in range(1, 15)],
            "note": [
                "" if factor in MEASURED else f"Records of kind {factor} would measure it."
                for factor in range(1, 15)
            ],
        }
    )


def _sources() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": ["open", "closed"],
            "title": ["Open data set", "Closed data set"],
            "producer": "Invented Institute",
            "edition": "1.0",
            "url": ["https://example.org/open", "https://example.org/closed"],
            "licence": ["CC-BY-4.0", "cite only"],
            "values_in_release": [True, False],
            "citation": "Invented Institute (2024)",
            "lag_months": 6,
            "first_year": 2020,
            "last_year": 2022,
            "absent_means": "unknown",
            "accessed": "2024-01-01",
        }
    )


def write_release(folder: Path, made: dict[str, pd.DataFrame] | None = None) -> None:
    """Write the tables as Parquet and CSV, with datapackage.json and CODEBOOK.md."""
    folder.mkdir(parents=True)
    for name, table in (made or tables()).items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "CODEBOOK.md").write_text("# Codebook of an invented release\n", encoding="utf-8")
    resources = [
        {
            "name": path.name.replace(".", "-"),
            "path": path.name,
            "bytes": path.stat().st_size,
            "hash": f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}",
        }
        for path in sorted(folder.iterdir())
    ]
    package = {
        "name": "upstream-invented",
        "version": folder.name,
        "created": "2024-02-01T00:00:00Z",
        "as_of": "2024-01-31",
        "resources": resources,
    }
    (folder / "datapackage.json").write_text(json.dumps(package, indent=2), encoding="utf-8")
