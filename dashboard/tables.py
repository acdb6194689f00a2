"""Release tables as a reader sees them: clear column names, units, and numbers as text."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.language import _, form, number, percent
from dashboard.measures import PARTS, Measure, factor_code

PART_CODES = tuple(part.code for part in PARTS)


def twin(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """The map's numbers as a table, one row per State of the year; what is shown is what is downloaded."""
    names = {
        "country": _("Country"),
        "iso3": _("Row"),
        "region": _("Region"),
        "score": _("{measure} (0-100)").format(measure=measure.title),
        "coverage": _("Coverage (0-1)"),
        "data_age": _("Mean data age (years)"),
        "oldest_data_year": _("Oldest data year in the row"),
        "newest_data_year": _("Newest data year in the row"),
        "note": _("Note"),
    }
    return rows.assign(region=rows["region"].map(_)).rename(columns=names)[list(names.values())]


def history(years: pd.DataFrame, measures: dict[str, Measure]) -> pd.DataFrame:
    """Every score of a row by year, newest first, with the row's coverage and data age."""
    names = {code: measure.title for code, measure in measures.items()}
    names |= {"coverage": _("Coverage (0-1)"), "data_age": _("Mean data age (years)")}
    table = years.sort_index(ascending=False).rename_axis(_("Year")).reset_index()
    return table.rename(columns=names)[[_("Year"), *names.values()]]


def changes(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Changes from one year to the next (`country.changed_scores` or `changed_indicators`)."""
    names = {
        "what": _("What"),
        "before": _("Score {year}").format(year=year - 1),
        "now": _("Score {year}").format(year=year),
        "change": _("Change"),
        "value_before": _("Value {year}").format(year=year - 1),
        "value_now": _("Value {year}").format(year=year),
        "unit": _("Unit"),
    }
    table = table.rename(columns=names)
    decimals = {
        names["before"]: 1,
        names["now"]: 1,
        names["change"]: 1,
        names["value_before"]: 3,
        names["value_now"]: 3,
    }
    return table[[name for name in names.values() if name in table]].round(decimals)


def parts(table: pd.DataFrame) -> pd.DataFrame:
    """What a factor is made of (`country.parts_of_factor`), every cell as text."""
    return pd.DataFrame(
        {
            _("Indicator"): table["title"],
            _("Value"): table["value"],
            _("Unit"): table["unit"],
            _("Score (0-100)"): [_number(score, 1) for score in table["score"]],
            _("Data year"): [_year(year) for year in table["data_year"]],
            _("Age (years)"): [_number(age, 0) for age in table["age"]],
            _("Weight"): [form(weight, "g") for weight in table["weight"]],
            _("Source, edition, licence"): table["sources"],
        }
    ).set_index(_("Indicator"))


def ages(table: pd.DataFrame, titles: dict[str, str]) -> pd.DataFrame:
    """How old the data of each factor are (`country.data_ages`), every cell as text; `titles` by code of the factor."""
    known = zip(table["known"], table["all"], strict=True)
    return pd.DataFrame(
        {
            # in Markdown "13. Name" would begin a list
            _("Factor"): [titles[factor_code(factor)].replace(". ", "\\. ", 1) for factor in table["factor"]],
            _("Oldest value of"): [_year(year) for year in table["oldest"]],
            _("Newest value of"): [_year(year) for year in table["newest"]],
            _("Mean age (years)"): [_number(age, 1) for age in table["data_age"]],
            _("Indicators with data"): [
                _("{count} of {among}").format(count=number(some), among=number(among)) for some, among in known
            ],
            _("Coverage"): ["" if pd.isna(share) else percent(share) for share in table["coverage"]],
        }
    ).set_index(_("Factor"))


def ages_text(table: pd.DataFrame, year: int) -> str:
    """The table of ages in words: how many indicators have data, the oldest and the newest value."""
    if not table["known"].sum():
        return _("No indicator has data for {year}.").format(year=year)
    return _(
        "{known} of {among} indicators have data for {year}; the oldest value is of {oldest}, the newest of {newest}."
    ).format(
        known=number(table["known"].sum()),
        among=number(table["all"].sum()),
        year=year,
        oldest=f"{table['oldest'].min():.0f}",
        newest=f"{table['newest'].max():.0f}",
    )


def _number(value: float, digits: int) -> str:
    return "" if pd.isna(value) else number(value, digits)


def _year(year: float) -> str:
    return "" if pd.isna(year) else f"{year:.0f}"


def score_text(score: float) -> str:
    """A score as a reader sees it: "41.3 of 100", or that there is none."""
    return _("no score") if pd.isna(score) else _("{score} of 100").format(score=number(score, 1))


def change_of(years: pd.DataFrame, year: int, code: str) -> float:
    """The change of a score since the year before; 0 if none can be seen or it is not known."""
    change = years[code].get(year, math.nan) - years[code].get(year - 1, math.nan)
    return 0 if math.isnan(change) or abs(change) < 0.05 else change


def change_text(years: pd.DataFrame, year: int, code: str) -> str | None:
    """The change of a score since the year before, "+1.2 since 2023"; None if there is none or it is not known."""
    change = change_of(years, year, code)
    if not change:
        return None
    return _("{change} since {year}").format(change=number(change, 1, sign=True), year=year - 1)


def age_text(coverage: float, data_age: float) -> str:
    """Coverage (0 to 1) and mean age of the data in years: "coverage 93%, data on average 1.2 years old"."""
    if pd.isna(coverage):
        text = (
            _("coverage not known") if pd.isna(data_age) else _("coverage not known, data on average {age} years old")
        )
        return text.format(age=number(data_age, 1))
    text = _("coverage {coverage}") if pd.isna(data_age) else _("coverage {coverage}, data on average {age} years old")
    return text.format(coverage=percent(coverage), age=number(data_age, 1))


def data_text(row: Mapping, measure: Measure) -> str:
    """Coverage and data date of one score: "coverage 93%, data on average 1.2 years old (2019 to 2024)"."""
    text = age_text(row[measure.coverage], row[measure.data_age])
    if measure.code not in PART_CODES or pd.isna(row["oldest_data_year"]):
        return text
    ends = {"oldest": f"{row['oldest_data_year']:.0f}", "newest": f"{row['newest_data_year']:.0f}"}
    return _("{data} ({oldest} to {newest})").format(data=text, **ends)
