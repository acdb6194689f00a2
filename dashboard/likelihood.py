"""Probabilities in words: natural frequencies, base rates and places; and what a map of them shows."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.language import N_, _, form, number
from dashboard.tables import age_text
from dashboard.world import land_notes
from models.track import PUBLISHED

NO_FORECASTS = N_(
    "This release has no forecasts: it holds scores, which say what is there and not how likely anything is."
)
TOO_LITTLE = N_("No forecast: too little is known")
PER = (100, 1_000, 10_000)  # States among which a frequency is told
FEWEST = 2.5  # of the States, so that a rounded number is not far off
CLIMATOLOGY = "climatology"
# What is known of a forecast; of an earlier origin only some of it.
COLUMNS = [
    *("probability", "lower", "upper", "base_rate", "probability_before"),
    *("rank", "rank_lower", "rank_upper", "ranked", "coverage", "data_age", "event"),
]
NEWEST_ONLY = ("lower", "upper", "rank_lower", "rank_upper", "coverage", "data_age")


def count_among(*shares: float) -> int:
    """Among how many States to count, so that even the smallest of these shares is a few of them; 10,000 at most."""
    known = [share for share in shares if not pd.isna(share)]
    return next((per for per in PER if known and min(known) * per >= FEWEST), PER[-1] if known else PER[0])


def number_text(share: float, per: int) -> str:
    """How many of so many: "40", "fewer than 1", "more than 99"."""
    count = round(share * per)
    if count == 0:
        return _("fewer than 1")
    return _("more than {count}").format(count=number(per - 1)) if count == per else number(count)


def about_text(share: float, per: int) -> str:
    """The same with its uncertainty: "about 40", "fewer than 1"; "an unknown number" if it is missing."""
    if pd.isna(share):
        return _("an unknown number")
    count = round(share * per)
    return _("about {count}").format(count=number(count)) if 0 < count < per else number_text(share, per)


def frequency_text(share: float, per: int) -> str:
    """A probability as a natural frequency: "about 4 in 100"; "not known" if it is missing."""
    if pd.isna(share):
        return _("not known")
    return _("{count} in {per}").format(count=about_text(share, per), per=number(per))


def between_text(lower: float, upper: float, per: int) -> str:
    """An interval of probabilities: "6 to 90 in 1,000"; "not known" if it is missing."""
    if pd.isna(lower) or pd.isna(upper):
        return _("not known")
    ends = {"lower": number_text(lower, per), "upper": number_text(upper, per)}
    return _("{lower} to {upper} in {per}").format(**ends, per=number(per))


def place_text(row: Mapping) -> str:
    """The place among all States: "place 7 of 195"; "no place" if there is none."""
    if pd.isna(row["rank"]):
        return _("no place")
    return _("place {place} of {ranked}").format(place=number(row["rank"]), ranked=number(row["ranked"]))


def places_text(row: Mapping) -> str:
    """The interval of the place: "between place 3 and 17 of 195"; "not known" if it is missing."""
    if pd.isna(row["rank_lower"]) or pd.isna(row["rank_upper"]):
        return _("not known")
    return _("between place {lower} and {upper} of {ranked}").format(
        lower=number(row["rank_lower"]), upper=number(row["rank_upper"]), ranked=number(row["ranked"])
    )


def window_text(origin: int, window: int) -> str:
    """The years of a window after its origin: "in 2027", "in 2027 and 2028"."""
    if window == 1:
        return _("in {year}").format(year=origin + 1)
    return _("in {first} and {last}").format(first=origin + 1, last=origin + window)


def either_text(origin: int, window: int) -> str:
    """The same for what comes in one of the years: "in 2027", "in 2027 or 2028"."""
    if window == 1:
        return window_text(origin, window)
    return _("in {first} or {last}").format(first=origin + 1, last=origin + window)


def when_text(origin: int, window: int, *, newest: bool) -> str:
    """What a forecast is of, and when it was made: issued, or as it would have been at an earlier year's end."""
    if newest:
        return window_text(origin, window)
    return _("{when}, as it would have been forecast at the end of {year}").format(
        when=window_text(origin, window), year=origin
    )


def happened_text(event: float) -> str:
    """What then happened, in words."""
    if pd.isna(event):
        return _("not known yet")
    return _("it came") if event else _("it did not come")


def compare_text(probability: float, base_rate: float) -> str:
    """The probability beside the base rate: "3.1 times the base rate"; "" if either is missing."""
    if pd.isna(probability) or pd.isna(base_rate) or not base_rate:
        return ""
    ratio = probability / base_rate
    if ratio >= 1.05:
        return _("{ratio} times the base rate").format(ratio=form(ratio, ".1f" if ratio < 9.95 else ".0f"))
    if ratio > 0.95:
        return _("about the base rate")
    return _("below the base rate ({ratio} times)").format(ratio=form(ratio, ".2g"))


def as_forecast(backtest: pd.DataFrame) -> pd.DataFrame:
    """One earlier origin's lines of the table `backtest` as lines of `forecasts`: the columns of `COLUMNS`.

    The base rate is what climatology gave then; tied States share the better place, as in the track record.
    """
    given = backtest.drop_duplicates(["iso3", "model"]).pivot(index="iso3", columns="model", values="probability")
    event = backtest.groupby("iso3")["event"].first()
    rank = given[PUBLISHED].rank(ascending=False, method="min")
    facts = {"probability": given[PUBLISHED], "event": event, "rank": rank, "ranked": given[PUBLISHED].count()}
    base = given.get(CLIMATOLOGY, math.nan)
    return pd.DataFrame(facts).assign(base_rate=base).reindex(columns=COLUMNS).reset_index()


def rows_of_year(scores: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """One row per State, likeliest first, no forecast last: country, iso3, region, the columns of `COLUMNS`, note.

    `scores` are those of one year, from `world.with_facts`; `given` are the forecasts of that origin.
    """
    facts = given.reindex(columns=["iso3", *COLUMNS]).astype(dict.fromkeys(COLUMNS, float))
    table = scores[["country", "iso3", "region", "note"]].merge(facts, on="iso3", how="left", validate="1:1")
    table = table.sort_values("country").sort_values("probability", ascending=False, kind="stable", ignore_index=True)
    return table[["country", "iso3", "region", *COLUMNS, "note"]]


def describe_row(row: Mapping) -> list[str]:
    """What is known of one State's forecast, in sentences without full stops; the row is one of `rows_of_year`."""
    if pd.isna(row["probability"]):
        return [_(TOO_LITTLE), *_age_lines(row)]
    per = count_among(row["probability"], row["base_rate"])
    base = _("base rate: {frequency}").format(frequency=frequency_text(row["base_rate"], per))
    place = place_text(row)
    if not pd.isna(row["rank_lower"]):
        place = _("place {place}, {between}").format(place=number(row["rank"]), between=places_text(row))
    return [_of_states_like_this(row, per), base, place, *_age_lines(row)]


def _of_states_like_this(row: Mapping, per: int) -> str:
    frequency = frequency_text(row["probability"], per)
    if pd.isna(row["lower"]):
        return _("{frequency} States like this").format(frequency=frequency)
    return _("{frequency} States like this (95 % interval: {between})").format(
        frequency=frequency, between=between_text(row["lower"], row["upper"], per)
    )


def _age_lines(row: Mapping) -> list[str]:
    return [] if pd.isna(row["coverage"]) else [age_text(row["coverage"], row["data_age"])]


def describe_with_event(row: Mapping, *, newest: bool) -> list[str]:
    """The same, for an earlier origin with what then happened."""
    lines = describe_row(row)
    if newest or pd.isna(row["probability"]):
        return lines
    return [*lines, _("what then happened: {happened}").format(happened=happened_text(row["event"]))]


def picked_text(row: pd.DataFrame, name: str, title: str, when: str, *, newest: bool) -> str:
    """The picked row in Markdown: `row` is its line of `rows_of_year`, or empty."""
    if row.empty:
        return _("**{country}**: no State of its own in this year. Click another place on the map.").format(
            country=name
        )
    lines = describe_with_event(row.iloc[0].to_dict(), newest=newest)
    note = row["note"].iloc[0]
    heading = _("**{country}: {outcome} {when}**").format(country=row["country"].iloc[0], outcome=title, when=when)
    return f"{heading}  \n{' · '.join([*lines, *([note] if note else [])])}"


def twin(rows: pd.DataFrame, *, newest: bool) -> pd.DataFrame:
    """The map's numbers as a table, one row per State; what is shown is what is downloaded.

    For an earlier origin only what is known of it: neither intervals nor ages of the data.
    """
    names = {
        "country": _("Country"),
        "iso3": _("Row"),
        "region": _("Region"),
        "probability": _("Probability (0-1)"),
        "lower": _("Lower end of 95 % interval (0-1)"),
        "upper": _("Upper end of 95 % interval (0-1)"),
        "base_rate": _("Base rate (0-1)"),
        "rank": _("Place (1 = likeliest)"),
        "rank_lower": _("Place, lower end of 95 % interval"),
        "rank_upper": _("Place, upper end of 95 % interval"),
        "ranked": _("States with a place"),
        "coverage": _("Coverage (0-1)"),
        "data_age": _("Mean data age (years)"),
    }
    shown = [name for name in names if newest or name not in NEWEST_ONLY]
    table = rows.astype(dict.fromkeys(["rank", "rank_lower", "rank_upper", "ranked"], "Int64"))
    table = table.assign(region=table["region"].map(_))[shown].rename(columns=names)
    if not newest:
        events = rows["event"].where(rows["probability"].notna())
        table[_("What then happened")] = [happened_text(event) for event in events]
    words = [_("yes") if known else _(TOO_LITTLE) for known in rows["probability"].notna()]
    return table.assign(**{_("Is there a forecast?"): words, _("Note"): rows["note"]})


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, definition: str, when: str) -> list[str]:
    """What a reader must know about the map, as sentences; `rows` are those of the chosen region."""
    known = rows["probability"].notna().sum()
    return [
        _("{definition} Likelihood {when}: {known} of {among} States or places with a row have a forecast.").format(
            definition=definition, when=when, known=number(known), among=number(len(rows))
        ),
        _(
            "Not a prediction: of so many States like this, so many see it. A low likelihood is not the absence of "
            "risk."
        ),
        *land_notes(not_drawn),
    ]


def explain_absence(year: int, origins: list[int], title: str) -> str:
    """Why there is no forecast of this outcome from a year; `origins` are the years with one, in order."""
    years = {"outcome": title, "year": year, "first": origins[0], "last": origins[-1]}
    if year < origins[0]:
        return _(
            "{outcome}: no forecast was made at the end of {year}. The first that can be tested is that of {first}: "
            "before, too few years are known to learn from."
        ).format(**years)
    return _("{outcome}: there is no forecast of the end of {year}. There is one for {first} to {last}.").format(
        **years
    )
