"""One measure in one year: which row's score each place of the map shows, and the same numbers as a table."""

import math
import textwrap

import pandas as pd

from dashboard.measures import COUNTED_FROM, Measure
from dashboard.tables import data_text, score_text

SCORE, NO_SCORE, NO_ROW = "score", "no score", "no row"
AGES = ["coverage", "data_age", "oldest_data_year", "newest_data_year"]
# What the map's hover text says of a place, in this order; the sentence around it is the figure's.
HOVER = ["iso3", "heading", "remark", "score", *AGES]


def with_facts(scores: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The scores of all years with each row's `region` and `note` ("" = none)."""
    facts = countries[["iso3", "region", "note"]].fillna({"note": ""})
    return scores.merge(facts, on="iso3", how="left", validate="m:1")


def rows_of_year(scores: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """One row per State, riskiest first, no score last; `scores` are those of one year, from `with_facts`.

    Columns: country (its name that year), iso3, region, score (0..100 or missing), coverage (0..1), data_age
    (mean age in years of the values used), oldest_data_year, newest_data_year (of all data of the row), note.
    """
    names = {measure.code: "score", measure.coverage: "coverage", measure.data_age: "data_age"}
    kept = ["country", "iso3", "region", *names, *AGES[2:], "note"]
    table = scores[kept].rename(columns=names).sort_values("country")
    return table.sort_values("score", ascending=False, kind="stable", ignore_index=True)


def choose_region(rows: pd.DataFrame, region: str) -> pd.DataFrame:
    """The rows of one region; every row for "All"."""
    return rows if region == "All" else rows[rows["region"] == region].reset_index(drop=True)


def show_places(
    places: pd.DataFrame,
    rows: pd.DataFrame,
    held: dict[str, str],
    names: dict[str, str],
    year: int,
    *,
    nothing: str = NO_SCORE,
) -> pd.DataFrame:
    """What each place of the map shows: `kind`, and the columns of `HOVER`.

    `places` says whose land a place is today, `held` which row held that State's land in the year (its own, or
    that of a predecessor); `names` are the rows' names. `iso3` is the code of the row that is shown ("" = none),
    `heading` names the place and, where it differs, the row; `remark` is the row's note; `nothing` is said of a place
    without a row.
    """
    known = {row.iso3: row for row in rows.itertuples(index=False)}
    lines = []
    for place, name, holder in places[["place", "name", "holder"]].itertuples(index=False):
        row = known.get(held.get(holder, ""))
        if row is None:
            why = "no State of its own in this year" if holder else "no row of its own"
            heading = f"<b>{names.get(place, name)}</b> {year}<br>{why}: {nothing}"
            lines.append((NO_ROW, "", heading, "", *[math.nan] * 5))
            continue
        own = place == row.iso3
        heading = f"<b>{row.country if own else names.get(place, name)}</b> {year}"
        heading += "" if own else f"<br>shown here: {row.country}, row {row.iso3}"
        kind = NO_SCORE if math.isnan(row.score) else SCORE
        ages = (row.coverage, row.data_age, row.oldest_data_year, row.newest_data_year)
        lines.append((kind, row.iso3, heading, _italic(row.note), row.score, *ages))
    shown = pd.DataFrame(lines, columns=["kind", *HOVER], index=places.index)
    return pd.concat([places.drop(columns="name"), shown], axis="columns")


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
    if year < COUNTED_FROM:
        notes.append(f"Before {COUNTED_FROM} less is measured: compare States with each other, not with later years.")
    return [*notes, *land_notes(not_drawn)]


def land_notes(not_drawn: pd.DataFrame) -> list[str]:
    """What a reader must know about the land on any map; `not_drawn` from `rows_not_drawn`."""
    names = ", ".join(f"{row.country} (row {row.iso3})" for row in not_drawn.itertuples())
    only = [f"In the table only, their land is drawn with another row: {names}."] if names else []
    return [*only, "Boundaries are today's in every year and imply no opinion on the status of any place."]
