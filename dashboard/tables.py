"""Release tables as a reader sees them: clear column names, units, and numbers as text."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.measures import PARTS, Measure

SOURCES = "Source, edition, licence"


def twin(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The map's numbers as a table, one row per State of the year; what is shown is what is downloaded."""
    names = {
        "country": "Country",
        "iso3": "Row",
        "region": "Region",
        "score": f"{measure.title} (0-100)",
        "coverage": "Coverage (0-1)",
        "data_age": "Mean data age (years)",
        "oldest_data_year": "Oldest data year in the row",
        "newest_data_year": "Newest data year in the row",
        "note": "Note",
    }
    return rows.rename(columns=names)[list(names.values())]


def history(years: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Every score of a row by year, newest first, with the row's coverage and data age."""
    names = {code: measure.title for code, measure in measures.items()}
    names |= {"coverage": "Coverage (0-1)", "data_age": "Mean data age (years)"}
    table = years.sort_index(ascending=False).rename_axis("Year").reset_index()
    return table.rename(columns=names)[["Year", *names.values()]]


def changes(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Changes from one year to the next (`country.changed_scores` or `changed_indicators`)."""
    names = {
        "what": "What",
        "before": f"Score {year - 1}",
        "now": f"Score {year}",
        "change": "Change",
        "value_before": f"Value {year - 1}",
        "value_now": f"Value {year}",
        "unit": "Unit",
    }
    table = table.rename(columns=names)
    decimals = {names["before"]: 1, names["now"]: 1, "Change": 1, names["value_before"]: 3, names["value_now"]: 3}
    return table[[name for name in names.values() if name in table]].round(decimals)


def parts(table: pd.DataFrame) -> pd.DataFrame:
    """What a factor is made of (`country.parts_of_factor`), every cell as text."""
    return pd.DataFrame(
        {
            "Indicator": table["title"],
            "Value": table["value"],
            "Unit": table["unit"],
            "Score (0-100)": [_number(score, 1) for score in table["score"]],
            "Data year": [_number(year, 0) for year in table["data_year"]],
            "Age (years)": [_number(age, 0) for age in table["age"]],
            "Weight": [f"{weight:g}" for weight in table["weight"]],
            SOURCES: table["sources"],
        }
    ).set_index("Indicator")


def _number(number: float, digits: int) -> str:
    return "" if pd.isna(number) else f"{number:.{digits}f}"


def score_text(score: float) -> str:
    """A score as a reader sees it: "41.3 of 100", or that there is none."""
    return "no score" if pd.isna(score) else f"{score:.1f} of 100"


def change_text(years: pd.DataFrame, year: int, code: str) -> str | None:
    """The change of a score since the year before, "+1.2 since 2023"; None if there is none or it is not known."""
    change = years[code].get(year, math.nan) - years[code].get(year - 1, math.nan)
    return None if math.isnan(change) or abs(change) < 0.05 else f"{change:+.1f} since {year - 1}"


def age_text(coverage: float, data_age: float) -> str:
    """Coverage (0 to 1) and mean age of the data in years: "coverage 93 %, data on average 1.2 years old"."""
    text = "coverage not known" if pd.isna(coverage) else f"coverage {coverage:.0%}"
    return text if pd.isna(data_age) else f"{text}, data on average {data_age:.1f} years old"


def data_text(row: Mapping, measure: Measure) -> str:
    """Coverage and data date of one score: "coverage 93 %, data on average 1.2 years old (2019 to 2024)"."""
    text = age_text(row[measure.coverage], row[measure.data_age])
    if measure in PARTS and not pd.isna(row["oldest_data_year"]):
        text += f" ({row['oldest_data_year']:.0f} to {row['newest_data_year']:.0f})"
    return text
