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


HOVER = ["iso3", "heading", "remark", "score", "coverage", "data_age", "oldest_data_year", "newest_data_year"]


def rows_of_year(scores: pd.DataFrame, countries: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """One row per State, riskiest first, no score last; `scores` are those of one year.

    Columns: country (its name that year), iso3, region, score (0..100 or missing), coverage (0..1), data_age
    (mean age in years of the values used), oldest_data_year, newest_data_year (of all data of the row), note.
    """
    columns = {measure.code: "score", measure.coverage: "coverage", measure.data_age: "data_age"}
    kept = ["country", "iso3", "oldest_data_year", "newest_data_year"]
    table = scores[[*kept, *columns]].rename(columns=columns)
    facts = countries[["iso3", "region", "note"]].fillna({"note": ""})
    table = table.merge(facts, on="iso3", how="left", validate="m:1")
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


def hover_facts(shown: pd.DataFrame, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """What the map's hover text says of each place, in the order of `HOVER`; the sentence around it is the figure's.

    `heading` names the place and, where it differs, the row that is shown; `remark` is the row's note.
    """
    names = dict(zip(rows["iso3"], rows["country"], strict=True))
    notes = {code: _italic(note) for code, note in zip(rows["iso3"], rows["note"], strict=True) if note}
    places = shown[["place", "name", "iso3"]].itertuples(index=False)
    headings = [
        f"<b>{names.get(iso3, name)}</b> {year}"
        if place == iso3 or not iso3
        else f"<b>{name}</b> {year}<br>shown here: {names[iso3]}, row {iso3}"
        for place, name, iso3 in places
    ]
    facts = rows.set_index("iso3").reindex(shown["iso3"])[HOVER[3:]].reset_index(drop=True)
    remarks = [notes.get(code, "") for code in shown["iso3"]]
    return pd.concat([shown[["iso3"]].assign(heading=headings, remark=remarks), facts.round(2)], axis="columns")


def _italic(note: str) -> str:
    return "".join(f"<br><i>{line}</i>" for line in textwrap.wrap(note, 60))


def describe_row(row: dict, measure: Measure) -> list[str]:
    """Value, coverage and data date, and the note of one row of `rows_of_year`."""
    named = row | {measure.coverage: row["coverage"], measure.data_age: row["data_age"]}
    lines = [f"{measure.title}: {score_text(row['score'])}", data_text(named, measure)]
    return [*lines, row["note"]] if row["note"] else lines


def picked_text(row: pd.DataFrame, name: str, measure: Measure, year: int) -> str:
    """The picked row in Markdown: `row` is its line of `rows_of_year`, or empty."""
    if row.empty:
        return f"**{name}**: no State of its own in {year}. Click another place on the map."
    lines = describe_row(row.iloc[0].to_dict(), measure)
    return f"**{row['country'].iloc[0]}, {year}**  \n{' · '.join(lines)}"


def rows_not_drawn(shown: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the year that no place of the map shows: their land is drawn with another row."""
    return rows[~rows["iso3"].isin(shown["iso3"])]


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, region: str, year: int) -> list[str]:
    """What a reader must know about the map of this year, as sentences."""
    here = choose_region(rows, region)
    scored = here["score"].notna().sum()
    notes = [f"{scored} of {len(here)} States or places with a row have a score in {year}."]
    if len(not_drawn):
        names = ", ".join(f"{row.country} (row {row.iso3})" for row in not_drawn.itertuples())
        notes.append(f"In the table only, their land is drawn with another row: {names}.")
    notes.append("Boundaries are today's in every year and imply no opinion on the status of any place.")
    return notes
