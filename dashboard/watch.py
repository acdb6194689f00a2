"""Watch in words and tables: the newest month known at a time, who is flagged by which rule, how often rules err."""

import calendar
import math
from collections.abc import Mapping
from datetime import date

import pandas as pd

NO_TABLE = "This release has no table of early signs by month: it was made before there was one."
FIRST_YEAR = 2011  # of the table; the rules were chosen on the years before
LAG = 1  # months until a month's events are out
CAUTION = (
    "Early signs, not verdicts: a flag says that deaths in organised violence rose in a way that was followed by an "
    "escalation in some past cases, and not followed by one in most. It is a reason to look, together with people who "
    "know the place."
)
LIMITS = (
    "* **Undercount.** Deaths are those that somebody could report and trace to a source; where access is closed they "
    "are missing, and a quiet line can be a silence.\n"
    "* **Not watched is not quiet.** A State without a row is not in the file of the month. It is never shown as 0.\n"
    "* **Palestine** has no row: deaths in Gaza and the West Bank are counted in the row of Israel.\n"
    "* **The candidate file**, which has the newest months, lacks events of more than a month and is preliminary: "
    "its months are revised. The final file has long events, and puts each into one month.\n"
    "* **Deaths only.** Displacement, detention, hunger and incitement do not move these signs.\n"
    "* **An earlier month** is shown with today's edition of the files, cut at that month: what was out then had other "
    "numbers, and a long event may stand in a month before its end. The rates of false alarms were measured later.\n"
    "* **Elections** are as announced: early ones are not seen, and between 2021 and 2025 most are not known. **Coup "
    "attempts** after 2022 are known by whole years, from their end on."
)
TITLES = {"rise": "Rise", "outbreak": "Outbreak", "spread": "Spread", "coup": "Coup attempt", "election": "Election"}
PER = 100


def month_text(month: str) -> str:
    """ "2023-02" -> "February 2023"."""
    year, number = month.split("-")
    return f"{calendar.month_name[int(number)]} {year}"


def as_of_months(first: str, released: date) -> list[str]:
    """The months in which one can stand, newest first: from the one after the table's first to that of the release."""
    begin, end = _number(first) + LAG, released.year * 12 + released.month - 1
    return [_month(number) for number in range(end, begin - 1, -1)]


def newest_month(as_of: str, months: list[str]) -> str:
    """The newest month of the table that was out in the month `as_of`; of the whole table for ""."""
    limit = _month(_number(as_of) - LAG) if as_of else max(months)
    return max(month for month in months if month <= limit)


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _month(number: int) -> str:
    return f"{number // 12}-{number % 12 + 1:02d}"


def title_text(month: str, *, preliminary: bool) -> str:
    """The page's title with the newest month: "Watch: to May 2026, preliminary"."""
    return f"Watch: to {month_text(month)}{', preliminary' if preliminary else ''}"


def with_facts(rows: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The rows of a month with each State's name and region."""
    return rows.merge(countries[["iso3", "name", "region"]], on="iso3", how="left", validate="many_to_one")


def not_watched(rows: pd.DataFrame, countries: pd.DataFrame, month: str) -> list[str]:
    """Names of the States that there were at the end of the month and that the file does not watch."""
    day = f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]}"
    there = (countries["start"] <= day) & (countries["end"].isna() | (countries["end"] >= day))
    return sorted(countries.loc[there & ~countries["iso3"].isin(rows["iso3"]), "name"])


def flagged(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a flag, most deaths in the last 3 months first."""
    return rows[rows["flags"] != ""].sort_values(["deaths_3", "name"], ascending=[False, True])


def headline(rows: pd.DataFrame, month: str) -> str:
    """How many States have a flag."""
    number, among = len(flagged(rows)), len(rows)
    states = "1 State of" if number == 1 else f"{number} States of"
    return (
        f"**{states} {among} watched {'has' if number == 1 else 'have'} a flag** with the data to {month_text(month)}."
    )


def numbers_text(row: Mapping) -> str:
    """What the row's deaths are against the State's own past, in a sentence."""
    told = f"Killed in organised violence: {row['deaths']:,} in the month, {_count(row['deaths_3'])} in 3 months, "
    told += f"{_count(row['deaths_6'])} in 6, {_count(row['deaths_12'])} in 12."
    times = [f"{span} months {times_text(row[f'momentum_{span}'])}" for span in (3, 6, 12)]
    return f"{told} Per month against its own past (one added to both): {', '.join(times)}."


def times_text(momentum: float) -> str:
    """A momentum as a ratio: "2.5 times"; "not known"."""
    return "not known" if pd.isna(momentum) else f"{math.exp(momentum):.1f} times"


def _count(number: float) -> str:
    return "not known" if pd.isna(number) else f"{number:,}"


def beside_text(row: Mapping) -> str:
    """Neighbours, elections and coup attempts, in a sentence."""
    return (
        f"Neighbours with an outbreak or a war in 12 months: {_count(row['neighbours'])}. National election due in 12 "
        f"months: {_yes(row['election_12'])}; in 24: {_yes(row['election_24'])}. Coup attempt in 12 months: "
        f"{_yes(row['coup_12'])}; in 24: {_yes(row['coup_24'])}."
    )


def _yes(known: float) -> str:
    return "not known" if pd.isna(known) else ("yes" if known == 1 else "none")


def rate_text(rule: Mapping) -> str:
    """How often a rule was wrong, in natural frequencies, with its interval, the base rate and the killing after it."""
    noun = "flags" if rule["kind"] == "flag" else "signs"
    span = f"{month_text(rule['first_month'])} to {month_text(rule['last_month'])}"
    return (
        f"Of {PER} such {noun} in {span}, {_hundred(rule['false_alarm_share'])} were **not** followed by an escalation "
        f"({_interval(rule, 'false_alarm')}); of {PER} months of any State, {_hundred(rule['base_rate'])} "
        f"were. After {_hundred(rule['killing_share'])} of {PER} such {noun}, 25 or more civilians were killed on "
        f"purpose in the next calendar year ({_interval(rule, 'killing')}; any State: "
        f"{_hundred(rule['killing_base_rate'])})."
    )


def _hundred(share: float) -> str:
    return "an unknown number" if pd.isna(share) else f"{share * PER:.0f}"


def _interval(rule: Mapping, name: str) -> str:
    lower, upper = rule[f"{name}_lower"], rule[f"{name}_upper"]
    if pd.isna(lower) or pd.isna(upper):
        return "95 % interval: not known"
    return f"95 % interval: {lower * PER:.0f} to {upper * PER:.0f}"


def rules_of(rules: pd.DataFrame, source: str) -> pd.DataFrame:
    """The rules as measured on one file, by name."""
    return rules[rules["source"] == source].set_index("rule", drop=False)


def flag_texts(row: Mapping, rules: pd.DataFrame) -> list[str]:
    """For each flag of a row the rule in words and its rate of false alarms; `rules` from `rules_of`."""
    return [f"**{rules.at[name, 'text']}** {rate_text(rules.loc[name])}" for name in row["flags"].split(";") if name]


def titles(names: str) -> str:
    """Titles of rules joined by semicolons."""
    return ", ".join(TITLES.get(name, name) for name in names.split(";") if name)


def describe_rules(rules: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Each rule on each file: what it is, how often it was wrong and what it caught."""
    named = dict(zip(sources["source"], sources["title"], strict=True))
    return pd.DataFrame(
        {
            "Rule": rules["text"],
            "Kind": rules["kind"],
            "Measured on": [
                f"{named.get(row.source, row.source)}, {row.first_month} to {row.last_month} ({row.serves})"
                for row in rules.itertuples()
            ],
            "Flags": rules["flags"],
            "States": rules["flagged_states"],
            "Flags per month": rules["flags_per_month"],
            "Not followed, of 100": [_of_hundred(row, "false_alarm") for row in rules.to_dict("records")],
            "Escalations with it, of 100": [_of_hundred(row, "caught") for row in rules.to_dict("records")],
            "Base rate, of 100": (rules["base_rate"] * PER).round(1),
            "Civilians killed next year, of 100": [_of_hundred(row, "killing") for row in rules.to_dict("records")],
        }
    )


def _of_hundred(row: Mapping, name: str) -> str:
    return f"{_hundred(row[f'{name}_share'])} ({_interval(row, name).removeprefix('95 % interval: ')})"


def all_states(rows: pd.DataFrame) -> pd.DataFrame:
    """Every watched State of a month as a reader sees and downloads it."""
    names = {
        "name": "State",
        "iso3": "Row",
        "region": "Region",
        "month": "Newest month",
        "deaths": "Deaths in it",
        "deaths_3": "Deaths in 3 months",
        "deaths_6": "Deaths in 6 months",
        "deaths_12": "Deaths in 12 months",
        "times_3": "3 months, times own past",
        "times_6": "6 months, times own past",
        "times_12": "12 months, times own past",
        "neighbours": "Neighbours with outbreak or war",
        "election_12": "Election in 12 months",
        "election_24": "Election in 24 months",
        "coup_12": "Coup attempt in 12 months",
        "coup_24": "Coup attempt in 24 months",
        "flags_told": "Flags",
        "signs_told": "Other signs",
        "source": "Card of the file",
        "preliminary": "Preliminary",
    }
    times = {f"times_{span}": rows[f"momentum_{span}"].map(math.exp).round(1) for span in (3, 6, 12)}
    dates = {name: rows[name].map(_yes) for name in ("election_12", "election_24", "coup_12", "coup_24")}
    told = {f"{kind}_told": rows[kind].map(titles) for kind in ("flags", "signs")}
    table = rows.assign(**times, **dates, **told).sort_values(["deaths_3", "name"], ascending=[False, True])
    return table.rename(columns=names)[list(names.values())]


def course(monthly: pd.DataFrame, month: str) -> pd.DataFrame:
    """One State's deaths by month up to a month: month, deaths, preliminary, source; the last known file of each month.

    `monthly`: its rows of the table of that name. The months of the candidate file are those after the final file.
    """
    named = monthly.assign(month=monthly["year"].astype(str) + "-" + monthly["month"].astype(str).str.zfill(2))
    kept = named[(named["source"] == "ucdp_monthly") | named["preliminary"]]
    return kept[kept["month"] <= month].sort_values("month")[["month", "deaths", "source", "preliminary"]]


def describe_course(months: pd.DataFrame) -> pd.DataFrame:
    """The chart's numbers as a table, newest first."""
    names = {"month": "Month", "deaths": "Deaths", "source": "Card of the file", "preliminary": "Preliminary"}
    return months.sort_values("month", ascending=False).rename(columns=names)


def state_text(rows: pd.DataFrame, name: str, month: str, rules: pd.DataFrame) -> str:
    """One State in a month, in some lines: flags, signs, deaths, what is beside them; `rows` of that month."""
    if rows.empty:
        return f"**{name}** is not watched in {month_text(month)}: the file has no row of it. That is not quiet."
    row = rows.iloc[0]
    told = flag_texts(row, rules_of(rules, row["source"])) or ["No flag."]
    lines = [f"* {text}" for text in told]
    if row["signs"]:
        lines.append(f"* Other signs, too often wrong to be flags: {titles(row['signs'])}.")
    return "\n".join([*lines, f"* {numbers_text(row)}", f"* {beside_text(row)}"])
