"""One measure in one year: its rows, the same numbers as a table, and what a reader must know about the map."""

import pandas as pd

from dashboard.language import N_, _, ngettext, number
from dashboard.measures import COUNTED_FROM, Measure
from dashboard.tables import data_text, score_text

ALL_REGIONS = N_("All")

AGES = ["coverage", "data_age", "oldest_data_year", "newest_data_year"]


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
    return rows if region == ALL_REGIONS else rows[rows["region"] == region].reset_index(drop=True)


def choose_covered(rows: pd.DataFrame, percent: int) -> pd.DataFrame:
    """The rows of which at least so much is known: `cover` is a share, 0 to 1; every row for 0 per cent."""
    return rows[(rows["cover"] * 100).round(6) >= percent].reset_index(drop=True) if percent else rows


def describe_row(row: dict, measure: Measure) -> list[str]:
    """Value, coverage and data date, and the note of one row of `rows_of_year`."""
    named = row | {measure.coverage: row["coverage"], measure.data_age: row["data_age"]}
    told = _("{measure}: {score}").format(measure=measure.title, score=score_text(row["score"]))
    lines = [told, data_text(named, measure)]
    return [*lines, row["note"]] if row["note"] else lines


def picked_text(row: pd.DataFrame, name: str, measure: Measure, year: int) -> str:
    """The picked row in Markdown: `row` is its line of `rows_of_year`, or empty."""
    if row.empty:
        return _("**{name}**: no State of its own in {year}. Click another place on the map.").format(
            name=name, year=year
        )
    lines = describe_row(row.iloc[0].to_dict(), measure)
    return f"**{row['country'].iloc[0]}, {year}**  \n{' · '.join(lines)}"


def rows_not_drawn(rows: pd.DataFrame, places: pd.DataFrame, held: dict[str, str]) -> pd.DataFrame:
    """The rows of the year that no place of the map shows: their land is drawn with another row.

    `places` says whose land a place is today, `held` which row held that State's land in the year.
    """
    return rows[~rows["iso3"].isin(places["holder"].map(held))]


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, region: str, year: int) -> list[str]:
    """What a reader must know about the map of this year, as sentences."""
    here = choose_region(rows, region)
    scored = ngettext(
        "{scored} of {count} State or place with a row has a score in {year}.",
        "{scored} of {count} States or places with a row have a score in {year}.",
        len(here),
    )
    notes = [scored.format(scored=number(here["score"].notna().sum()), count=number(len(here)), year=year)]
    if year < COUNTED_FROM:
        text = _("Before {year} less is measured: compare States with each other, not with later years.")
        notes.append(text.format(year=COUNTED_FROM))
    return [*notes, *land_notes(not_drawn)]


def land_notes(not_drawn: pd.DataFrame) -> list[str]:
    """What a reader must know about the land on any map; `not_drawn` from `rows_not_drawn`."""
    row_of = _("{country} (row {code})")
    names = ", ".join(row_of.format(country=row.country, code=row.iso3) for row in not_drawn.itertuples())
    only = [_("In the table only, their land is drawn with another row: {names}.").format(names=names)] if names else []
    return [*only, _("Boundaries are today's in every year and imply no opinion on the status of any place.")]
