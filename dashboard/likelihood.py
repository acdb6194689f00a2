"""Probabilities in words: natural frequencies, base rates and places; and what a map of them shows."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.tables import age_text
from dashboard.world import land_notes
from models.track import PUBLISHED

NO_FORECASTS = "This release has no forecasts: it holds scores, which say what is there and not how likely anything is."
TOO_LITTLE = "No forecast: too little is known"
PER = (100, 1_000, 10_000)  # States among which a frequency is told
FEWEST = 2.5  # of the States, so that a rounded number is not far off
CLIMATOLOGY = "climatology"
BETWEEN = "95 % interval"
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
    number = round(share * per)
    if number == 0:
        return "fewer than 1"
    return f"more than {per - 1:,}" if number == per else f"{number:,}"


def frequency_text(share: float, per: int) -> str:
    """A probability as a natural frequency: "about 4 in 100"; "not known" if it is missing."""
    if pd.isna(share):
        return "not known"
    number = number_text(share, per)
    return f"{number if number[0] in 'fm' else f'about {number}'} in {per:,}"


def between_text(lower: float, upper: float, per: int) -> str:
    """An interval of probabilities: "6 to 90 in 1,000"; "not known" if it is missing."""
    if pd.isna(lower) or pd.isna(upper):
        return "not known"
    return f"{number_text(lower, per)} to {number_text(upper, per)} in {per:,}"


def place_text(row: Mapping) -> str:
    """The place among all States: "place 7 of 195"; "no place" if there is none."""
    return "no place" if pd.isna(row["rank"]) else f"place {row['rank']:.0f} of {row['ranked']:.0f}"


def places_text(row: Mapping) -> str:
    """The interval of the place: "between place 3 and 17 of 195"; "not known" if it is missing."""
    if pd.isna(row["rank_lower"]) or pd.isna(row["rank_upper"]):
        return "not known"
    return f"between place {row['rank_lower']:.0f} and {row['rank_upper']:.0f} of {row['ranked']:.0f}"


def window_text(origin: int, window: int) -> str:
    """The years of a window after its origin: "in 2027", "in 2027 and 2028"."""
    return f"in {origin + 1}" if window == 1 else f"in {origin + 1} and {origin + window}"


def when_text(origin: int, window: int, *, newest: bool) -> str:
    """What a forecast is of, and when it was made: issued, or as it would have been at an earlier year's end."""
    if newest:
        return window_text(origin, window)
    return f"{window_text(origin, window)}, as it would have been forecast at the end of {origin}"


def happened_text(event: float) -> str:
    """What then happened, in words."""
    if pd.isna(event):
        return "not known yet"
    return "it came" if event else "it did not come"


def compare_text(probability: float, base_rate: float) -> str:
    """The probability beside the base rate: "3.1 times the base rate"; "" if either is missing."""
    if pd.isna(probability) or pd.isna(base_rate) or not base_rate:
        return ""
    ratio = probability / base_rate
    if ratio >= 1.05:
        return f"{ratio:.1f} times the base rate" if ratio < 9.95 else f"{ratio:.0f} times the base rate"
    return "about the base rate" if ratio > 0.95 else f"below the base rate ({ratio:.2g} times)"


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
        return [TOO_LITTLE, *_age_lines(row)]
    per = count_among(row["probability"], row["base_rate"])
    lines = [f"{frequency_text(row['probability'], per)} States like this"]
    if not pd.isna(row["lower"]):
        lines[0] += f" ({BETWEEN}: {between_text(row['lower'], row['upper'], per)})"
    lines.append(f"base rate: {frequency_text(row['base_rate'], per)}")
    lines.append(place_text(row) if pd.isna(row["rank_lower"]) else f"place {row['rank']:.0f}, {places_text(row)}")
    return [*lines, *_age_lines(row)]


def _age_lines(row: Mapping) -> list[str]:
    return [] if pd.isna(row["coverage"]) else [age_text(row["coverage"], row["data_age"])]


def describe_with_event(row: Mapping, *, newest: bool) -> list[str]:
    """The same, for an earlier origin with what then happened."""
    lines = describe_row(row)
    if newest or pd.isna(row["probability"]):
        return lines
    return [*lines, f"what then happened: {happened_text(row['event'])}"]


def picked_text(row: pd.DataFrame, name: str, title: str, when: str, *, newest: bool) -> str:
    """The picked row in Markdown: `row` is its line of `rows_of_year`, or empty."""
    if row.empty:
        return f"**{name}**: no State of its own in this year. Click another place on the map."
    lines = describe_with_event(row.iloc[0].to_dict(), newest=newest)
    note = row["note"].iloc[0]
    return f"**{row['country'].iloc[0]}: {title} {when}**  \n{' · '.join([*lines, *([note] if note else [])])}"


def twin(rows: pd.DataFrame, *, newest: bool) -> pd.DataFrame:
    """The map's numbers as a table, one row per State; what is shown is what is downloaded.

    For an earlier origin only what is known of it: neither intervals nor ages of the data.
    """
    names = {
        "country": "Country",
        "iso3": "Row",
        "region": "Region",
        "probability": "Probability (0-1)",
        "lower": "Lower end of 95 % interval (0-1)",
        "upper": "Upper end of 95 % interval (0-1)",
        "base_rate": "Base rate (0-1)",
        "rank": "Place (1 = likeliest)",
        "rank_lower": "Place, lower end of 95 % interval",
        "rank_upper": "Place, upper end of 95 % interval",
        "ranked": "States with a place",
        "coverage": "Coverage (0-1)",
        "data_age": "Mean data age (years)",
    }
    shown = [name for name in names if newest or name not in NEWEST_ONLY]
    table = rows.astype(dict.fromkeys(["rank", "rank_lower", "rank_upper", "ranked"], "Int64"))
    table = table[shown].rename(columns=names)
    if not newest:
        events = rows["event"].where(rows["probability"].notna())
        table["What then happened"] = [happened_text(event) for event in events]
    words = ["yes" if known else TOO_LITTLE for known in rows["probability"].notna()]
    return table.assign(**{"Is there a forecast?": words, "Note": rows["note"]})


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, definition: str, when: str) -> list[str]:
    """What a reader must know about the map, as sentences; `rows` are those of the chosen region."""
    known = rows["probability"].notna().sum()
    return [
        f"{definition} Likelihood {when}: {known} of {len(rows)} States or places with a row have a forecast.",
        "Not a prediction: of so many States like this, so many see it. A low likelihood is not the absence of risk.",
        *land_notes(not_drawn),
    ]


def explain_absence(year: int, origins: list[int], title: str) -> str:
    """Why there is no forecast of this outcome from a year; `origins` are the years with one, in order."""
    if year < origins[0]:
        return (
            f"{title}: no forecast was made at the end of {year}. The first that can be tested is that of "
            f"{origins[0]}: before, too few years are known to learn from."
        )
    return f"{title}: there is no forecast of the end of {year}. There is one for {origins[0]} to {origins[-1]}."
