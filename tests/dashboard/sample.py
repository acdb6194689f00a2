"""A tiny release of invented States, for tests of the dashboard only: `tables()`, and the map's places.

Alandia (QMA) has everything. Bretagna (QMB) has too little data for a score, and a note. The Old Union (QMC) ended on
1 July 2022 and Newland (QMD) succeeded it. Sources: `open` allows raw values, `closed` forbids them.
Scores follow a rule, so that a test can state them: see `score_of`.
"""

import pandas as pd

YEARS = range(2020, 2024)
MEASURED = [*range(1, 10), 11, 12, 13]
STRUCTURAL = {2, 3, 4, 5, 6, 9}
NAMES = {"QMA": "Alandia", "QMB": "Bretagna", "QMC": "Old Union", "QMD": "Newland", "QME": "Far Isles"}
REGIONS = {"QMA": "Africa", "QMB": "Asia-Pacific", "QMC": "Europe", "QMD": "Western Asia", "QME": "Asia-Pacific"}
NOTE = "Deaths in Bretagna are counted in the row of Alandia."


def score_of(iso3: str, year: int, factor: int) -> float:
    """40 for QMA in 2023, ten more for each later letter, one more for each factor, five less for each year back."""
    return 40.0 + 10 * "ABCDE".index(iso3[-1]) + factor - 5 * (2023 - year)


def existed(iso3: str, year: int) -> bool:
    """QMC until 2021, QMD from 2022, the others always."""
    return {"QMC": year <= 2021, "QMD": year >= 2022}.get(iso3, True)


def holder_of(iso3: str, year: int) -> str:
    """The row that holds a present-day State's land: before 2022 Newland's is the Old Union's."""
    return "QMC" if iso3 == "QMD" and year <= 2021 else iso3


def gw_code(iso3: str) -> int:
    return 9000 + ord(iso3[-1])


def tables() -> dict[str, pd.DataFrame]:
    """Every table of the release by name."""
    keys = [(iso3, year) for iso3 in NAMES for year in YEARS if existed(iso3, year)]
    return {
        "scores": pd.DataFrame([_score_row(*key) for key in keys]).astype({"gw_code": "Int64"}),
        "indicators": pd.DataFrame([row for key in keys if key[0] != "QMB" for row in _indicator_rows(*key)]),
        "events": pd.DataFrame([("QMA", 9065, 2021, "regime_change", 1.0, "open")], columns=EVENT_COLUMNS),
        "countries": pd.DataFrame([_country_row(iso3) for iso3 in NAMES]),
        "holders": pd.DataFrame(
            [(iso3, year, holder_of(iso3, year)) for iso3 in NAMES if iso3 != "QMC" for year in YEARS],
            columns=["place", "year", "iso3"],
        ),
        "catalogue": pd.DataFrame([_catalogue_row(kind, factor) for factor in MEASURED for kind in ("open", "closed")]),
        "factors": pd.DataFrame([_factor_row(factor) for factor in range(1, 15)]),
        "sources": pd.DataFrame([_source_row("open", values=True), _source_row("closed", values=False)]),
        "left_out": pd.DataFrame([("open", "not a State", 3, "QZZ", 2020, 2022)], columns=LEFT_OUT_COLUMNS),
    }


EVENT_COLUMNS = ["iso3", "gw_code", "year", "event", "count", "source"]
LEFT_OUT_COLUMNS = ["source", "reason", "rows", "codes", "first_year", "last_year"]


def _score_row(iso3: str, year: int) -> dict:
    known = iso3 != "QMB"
    row: dict = {"iso3": iso3, "gw_code": gw_code(iso3), "country": NAMES[iso3], "year": year}
    for factor in MEASURED:
        row[f"rf{factor:02d}"] = score_of(iso3, year, factor) if known else None
        row[f"rf{factor:02d}_coverage"] = 0.9 if known else 0.1
        row[f"rf{factor:02d}_data_age"] = 1.5
    for part in ("structural", "dynamic"):
        row[part] = score_of(iso3, year, 0) if known else None
        row[f"{part}_coverage"] = 0.8 if known else 0.1
    row["risk_index"] = score_of(iso3, year, 5) if known else None
    ages = {"data_age": 1.25, "oldest_data_year": year - 3, "newest_data_year": year - 1}
    return row | {"coverage": 0.85 if known else 0.1} | ages


def _indicator_rows(iso3: str, year: int) -> list[dict]:
    """For each factor one indicator of either source; the value of the open one is a quarter of the factor's number."""
    same = {"iso3": iso3, "gw_code": gw_code(iso3), "year": year}
    return [
        same
        | {
            "indicator": f"{kind}_{factor}",
            "value": factor / 4 if kind == "open" else None,
            "score": score_of(iso3, year, factor),
            "data_year": year - 1,
            "source": kind,
        }
        for factor in MEASURED
        for kind in ("open", "closed")
    ]


def _country_row(iso3: str) -> dict:
    return {
        "iso3": iso3,
        "gw_code": gw_code(iso3),
        "name": NAMES[iso3],
        "start": "2022-07-02" if iso3 == "QMD" else "1950-01-01",
        "end": "2022-07-01" if iso3 == "QMC" else None,
        "kind": "other",
        "region": REGIONS[iso3],
        "un_group": "",
        "predecessor": "QMC" if iso3 == "QMD" else "",
        "note": NOTE if iso3 == "QMB" else "",
    }


def _catalogue_row(kind: str, factor: int) -> dict:
    return {
        "indicator": f"{kind}_{factor}",
        "title": f"{kind.capitalize()} indicator {factor}",
        "factor": factor,
        "also_bears_on": "",
        "source": kind,
        "unit": "events per year",
        "direction": "higher_is_riskier",
        "transform": "log1p",
        "goalpost_low": 0.0,
        "goalpost_high": 50.0,
        "goalposts_why": "An invented reason.",
        "weight": 1.0,
        "max_age_years": 5,
        "why": "An invented reason.",
        "reference": "Nobody (2020)",
        "caveats": "Invented.",
    }


def _factor_row(factor: int) -> dict:
    measured = factor in MEASURED
    return {
        "factor": factor,
        "name": f"Invented factor {factor}",
        "group": "common",
        "part": "structural" if factor in STRUCTURAL else "dynamic",
        "measured": measured,
        "note": "" if measured else f"Records of kind {factor} would measure it.",
    }


def _source_row(source: str, *, values: bool) -> dict:
    return {
        "source": source,
        "title": f"{source.capitalize()} data",
        "producer": "Nobody",
        "edition": "1.0",
        "url": f"https://example.org/{source}",
        "licence": "CC BY 4.0" if values else "cite only",
        "values_in_release": values,
        "citation": "Nobody (2024). Invented Data.",
        "lag_months": 6,
        "first_year": 2020,
        "last_year": 2022,
        "absent_means": "unknown",
        "accessed": "2024-01-01",
        "rows_read": 10,
        "rows_matched": 7,
        "rows_left_out": 3,
        "sha256": "0" * 64,
    }


def places() -> pd.DataFrame:
    """The map's places: one for each present-day State, a held place (QMX) and a territory without a row (QMT)."""
    rows = [(iso3, "", iso3, 10.0, 5.0, iso3 == "QME") for iso3 in NAMES if iso3 != "QMC"]
    rows += [("QMX", "Held Land", "QMA", 20.0, 5.0, False), ("QMT", "Loose Island (Nobody)", "", 30.0, 5.0, True)]
    return pd.DataFrame(rows, columns=["place", "name", "holder", "lon", "lat", "tiny"])
