"""One measure in one year: which row's score each place of the map shows, and the same numbers as a table."""

import math
import textwrap

import pandas as pd

from dashboard.measures import Measure
from dashboard.tables import data_text, score_text

SCORE, NO_SCORE, NO_ROW = "score", "no score", "no row"
TABLE_COLUMNS = [
    *(
        "country",
        "iso3",
        "region",
        "score",
        "coverage",
        "data_age",
        "oldest_data_year",
        "newest_data_year",
        "note",
    )
]


def rows_of_year(scores: pd.DataFrame, countries: pd.DataFrame, measure: Measure, year: int) -> pd.DataFrame:
    """One row per State of that year, riskiest first, no score last.

    Columns: country (its name that year), iso3, region, score (0..100 or missing), coverage (0..1), data_age
    (mean age in years of the values used), oldest_data_year, newest_data_year (of all data of the row), note.
    """
    columns = {measure.code: "score", measure.coverage: "coverage", measure.data_age: "data_age"}
    kept = ["country", "iso3", "oldest_data_year", "newest_data_year"]
    table = scores.loc[(scores["year"] == year).to_numpy(), [*kept, *columns]].rename(columns=columns)
    table = table.merge(countries[["iso3", "region", "note"]], on="iso3", how="left", validate="m:1")
    table = table.sort_values("country").sort_values("score", ascending=False, kind="stable")
    return table[TABLE_COLUMNS].reset_index(drop=True)


def choose_region(rows: pd.DataFrame, region: str) -> pd.DataFrame:
    """The rows of one region; every row for "All"."""
    return rows if region == "All" else rows[rows["region"] == region].reset_index(drop=True)


def show_places(places: pd.DataFrame, rows: pd.DataFrame, held: dict[str, str], names: dict[str, str]) -> pd.DataFrame:
    """What each place of the map shows: `iso3` of the row ("" = none), its `score`, `kind` and the place's `name`.

    `places` says whose land a place is today, `held` which row held that State's land in the year (its own, or
    that of a predecessor); `names` are the rows' names.
    """
    score = dict(zip(rows["iso3"], rows["score"], strict=True))
    shown = [code if (code := held.get(holder, "")) in score else "" for holder in places["holder"]]
    values = [score.get(code, math.nan) for code in shown]
    kinds = [NO_ROW if not code else NO_SCORE if math.isnan(score[code]) else SCORE for code in shown]
    named = [names.get(place, name) for place, name in zip(places["place"], places["name"], strict=True)]
    return places.assign(iso3=shown, score=values, kind=kinds, name=named)


def hover_texts(shown: pd.DataFrame, rows: pd.DataFrame, measure: Measure, year: int) -> list[str]:
    """The text for each place: whose row, value, coverage, data date, and the row's note; HTML line breaks."""
    texts = {row.iso3: describe_row(row._asdict(), measure) for row in rows.itertuples()}
    names = dict(zip(rows["iso3"], rows["country"], strict=True))
    result = []
    for place, name, holder, iso3 in shown[["place", "name", "holder", "iso3"]].itertuples(index=False):
        if not iso3:
            reason = "no State of its own in this year" if holder else "no row of its own"
            result.append(f"<b>{name}</b> {year}<br>{reason}: no score")
        elif iso3 == place:
            result.append(f"<b>{names[iso3]}</b> {year}<br>{texts[iso3]}")
        else:
            result.append(f"<b>{name}</b> {year}<br>shown here: {names[iso3]}, row {iso3}<br>{texts[iso3]}")
    return result


def describe_row(row: dict, measure: Measure) -> str:
    """Value, coverage, data date and note of one row as lines of text."""
    named = row | {measure.coverage: row["coverage"], measure.data_age: row["data_age"]}
    lines = [f"{measure.title}: {score_text(row['score'])}", data_text(named, measure)]
    if isinstance(row["note"], str):
        lines += [f"<i>{line}</i>" for line in textwrap.wrap(row["note"], 60)]
    return "<br>".join(lines)


def rows_not_drawn(shown: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the year that no place of the map shows: their land is drawn with another row."""
    return rows[~rows["iso3"].isin(shown["iso3"])]


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, region: str, year: int) -> list[str]:
    """What a reader must know about the map of this year, as sentences."""
    here = choose_region(rows, region)
    scored = here["score"].notna().sum()
    notes = [f"{scored} of {len(here)} rows have a score in {year}."]
    if len(not_drawn):
        names = ", ".join(f"{row.country} (row {row.iso3})" for row in not_drawn.itertuples())
        notes.append(f"In the table only, their land is drawn with another row: {names}.")
    notes.append("Boundaries are today's in every year and imply no opinion on the status of any place.")
    return notes
