"""Watch in words and tables: the newest month known at a time, who is flagged by which rule, how often rules err."""

import calendar
import math
from collections.abc import Mapping
from datetime import date

import pandas as pd

from dashboard import language
from dashboard.language import N_, _, ngettext, number
from dashboard.language import month as month_text

NO_TABLE = N_("This release has no table of early signs by month: it was made before there was one.")
FIRST_YEAR = 2011  # of the table; the rules were chosen on the years before
LAG = 1  # months until a month's events are out
CAUTION = N_(
    "Early signs, not verdicts: a flag says that deaths in organised violence rose in a way that was followed by an "
    "escalation in some past cases, and not followed by one in most. It is a reason to look, together with people who "
    "know the place."
)
LIMITS = (
    N_(
        "**Undercount.** Deaths are those that somebody could report and trace to a source; where access is closed "
        "they are missing, and a quiet line can be a silence."
    ),
    N_("**Not watched is not quiet.** A State without a row is not in the file of the month. It is never shown as 0."),
    N_("**Palestine** has no row: deaths in Gaza and the West Bank are counted in the row of Israel."),
    N_(
        "**The candidate file**, which has the newest months, lacks events of more than a month and is preliminary: "
        "its months are revised. The final file has long events, and puts each into one month."
    ),
    N_("**Deaths only.** Displacement, detention, hunger and incitement do not move these signs."),
    N_(
        "**An earlier month** is shown with today's edition of the files, cut at that month: what was out then had "
        "other numbers, and a long event may stand in a month before its end. The rates of false alarms were measured "
        "later."
    ),
    N_(
        "**Elections** are as announced: early ones are not seen, and between 2021 and 2025 most are not known. **Coup "
        "attempts** after 2022 are known by whole years, from their end on."
    ),
)
TITLES = {
    "rise": N_("Rise"),
    "outbreak": N_("Outbreak"),
    "spread": N_("Spread"),
    "coup": N_("Coup attempt"),
    "election": N_("Election"),
}
PER = 100  # flags, or months of States, among which a rate is told
RATES = {
    "flag": N_(
        "Of 100 such flags in {first} to {last}, {share} were **not** followed by an escalation ({interval}); of 100 "
        "months of any State, {base} were followed by one. After {killing} of 100 such flags, 25 or more civilians "
        "were killed on purpose in the next calendar year ({killing_interval}; any State: {killing_base})."
    ),
    "sign": N_(
        "Of 100 such signs in {first} to {last}, {share} were **not** followed by an escalation ({interval}); of 100 "
        "months of any State, {base} were followed by one. After {killing} of 100 such signs, 25 or more civilians "
        "were killed on purpose in the next calendar year ({killing_interval}; any State: {killing_base})."
    ),
}


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
    text = _("Watch: to {month}, preliminary") if preliminary else _("Watch: to {month}")
    return text.format(month=month_text(month))


def limits_text() -> str:
    """What the page cannot see, as a list in Markdown."""
    return "\n".join(f"* {_(limit)}" for limit in LIMITS)


def with_facts(rows: pd.DataFrame, countries: pd.DataFrame) -> pd.DataFrame:
    """The rows of a month with each State's name, in the language in use, and region."""
    found = rows.merge(countries[["iso3", "name", "region"]], on="iso3", how="left", validate="many_to_one")
    return found.assign(name=language.countries(found["iso3"], found["name"]))


def not_watched(rows: pd.DataFrame, countries: pd.DataFrame, month: str) -> list[str]:
    """Names of the States that there were at the end of the month and that the file does not watch."""
    day = f"{month}-{calendar.monthrange(int(month[:4]), int(month[5:]))[1]}"
    there = (countries["start"] <= day) & (countries["end"].isna() | (countries["end"] >= day))
    absent = countries[there & ~countries["iso3"].isin(rows["iso3"])]
    return sorted(language.countries(absent["iso3"], absent["name"]), key=language.sorting)


def flagged(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with a flag, most deaths in the last 3 months first."""
    return _most_deaths_first(rows[rows["flags"] != ""])


def _most_deaths_first(rows: pd.DataFrame) -> pd.DataFrame:
    by_name = rows.sort_values("name", key=lambda names: names.map(language.sorting))
    return by_name.sort_values("deaths_3", ascending=False, kind="stable")


def headline(rows: pd.DataFrame, month: str) -> str:
    """How many States have a flag."""
    flags = len(flagged(rows))
    return ngettext(
        "**{flags} State of {among} watched has a flag** with the data to {month}.",
        "**{flags} States of {among} watched have a flag** with the data to {month}.",
        flags,
    ).format(flags=number(flags), among=number(len(rows)), month=month_text(month))


def numbers_text(row: Mapping) -> str:
    """What the row's deaths are against the State's own past, in two sentences."""
    return _(
        "Killed in organised violence: {month} in the month, {three} in 3 months, {six} in 6, {twelve} in 12. Per "
        "month against its own past (one added to both): 3 months {times_3}, 6 months {times_6}, 12 months {times_12}."
    ).format(
        month=number(row["deaths"]),
        three=_count(row["deaths_3"]),
        six=_count(row["deaths_6"]),
        twelve=_count(row["deaths_12"]),
        **{f"times_{span}": times_text(row[f"momentum_{span}"]) for span in (3, 6, 12)},
    )


def times_text(momentum: float) -> str:
    """A momentum as a ratio: "2.5 times"; "not known"."""
    return _("not known") if pd.isna(momentum) else _("{ratio} times").format(ratio=number(math.exp(momentum), 1))


def _count(known: float) -> str:
    return _("not known") if pd.isna(known) else number(known)


def beside_text(row: Mapping) -> str:
    """Neighbours, elections and coup attempts, in a sentence."""
    return _(
        "Neighbours with an outbreak or a war in 12 months: {neighbours}. National election due in 12 months: "
        "{election_12}; in 24: {election_24}. Coup attempt in 12 months: {coup_12}; in 24: {coup_24}."
    ).format(
        neighbours=_count(row["neighbours"]),
        **{name: _yes(row[name]) for name in ("election_12", "election_24", "coup_12", "coup_24")},
    )


def _yes(known: float) -> str:
    if pd.isna(known):
        return _("not known")
    return _("yes") if known == 1 else _("none")


def rate_text(rule: Mapping) -> str:
    """How often a rule was wrong, in natural frequencies, with its interval, the base rate and the killing after it."""
    told = RATES["flag" if rule["kind"] == "flag" else "sign"]
    return _(told).format(
        first=month_text(rule["first_month"]),
        last=month_text(rule["last_month"]),
        share=_hundred(rule["false_alarm_share"]),
        interval=_interval(rule, "false_alarm"),
        base=_hundred(rule["base_rate"]),
        killing=_hundred(rule["killing_share"]),
        killing_interval=_interval(rule, "killing"),
        killing_base=_hundred(rule["killing_base_rate"]),
    )


def _hundred(share: float) -> str:
    return _("an unknown number") if pd.isna(share) else number(share * PER)


def _interval(rule: Mapping, name: str) -> str:
    lower, upper = rule[f"{name}_lower"], rule[f"{name}_upper"]
    if pd.isna(lower) or pd.isna(upper):
        return _("95 % interval: not known")
    return _("95 % interval: {lower} to {upper}").format(lower=number(lower * PER), upper=number(upper * PER))


def rules_of(rules: pd.DataFrame, source: str) -> pd.DataFrame:
    """The rules as measured on one file, by name."""
    return rules[rules["source"] == source].set_index("rule", drop=False)


def flag_texts(row: Mapping, rules: pd.DataFrame) -> list[str]:
    """For each flag of a row the rule in words and its rate of false alarms; `rules` from `rules_of`."""
    found = [rules.loc[name] for name in row["flags"].split(";") if name]
    return [f"**{_(rule.text)}** {rate_text(rule)}" for rule in found]


def titles(names: str) -> str:
    """Titles of rules joined by semicolons."""
    return _(", ").join(_(TITLES.get(name, name)) for name in names.split(";") if name)


def describe_rules(rules: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Each rule on each file: what it is, how often it was wrong and what it caught."""
    named, lines = dict(zip(sources["source"], sources["title"], strict=True)), rules.to_dict("records")
    return pd.DataFrame(
        {
            _("Rule"): rules["text"].map(_),
            _("Kind"): rules["kind"].map(_),
            _("Measured on"): [_measured_on(row, named.get(row["source"], row["source"])) for row in lines],
            _("Flags"): rules["flags"],
            _("States"): rules["flagged_states"],
            _("Flags per month"): rules["flags_per_month"],
            _("Not followed, of 100"): [_of_hundred(row, "false_alarm") for row in lines],
            _("Escalations with it, of 100"): [_of_hundred(row, "caught") for row in lines],
            _("Base rate, of 100"): (rules["base_rate"] * PER).round(1),
            _("Civilians killed next year, of 100"): [_of_hundred(row, "killing") for row in lines],
        }
    )


def _measured_on(row: Mapping, file: str) -> str:
    """The file, which keeps its producer's title, the months, and what the measurement serves."""
    text, serves = _("{file}, {first} to {last} ({serves})"), row["serves"]
    return text.format(file=file, first=row["first_month"], last=row["last_month"], serves=_(serves))


def _of_hundred(row: Mapping, name: str) -> str:
    share, lower, upper = (row[f"{name}_{part}"] for part in ("share", "lower", "upper"))
    if pd.isna(lower) or pd.isna(upper):
        return _("{share} (not known)").format(share=_hundred(share))
    return _("{share} ({lower} to {upper})").format(
        share=_hundred(share), lower=number(lower * PER), upper=number(upper * PER)
    )


def all_states(rows: pd.DataFrame) -> pd.DataFrame:
    """Every watched State of a month as a reader sees and downloads it."""
    names = {
        "name": _("State"),
        "iso3": _("Row"),
        "region": _("Region"),
        "month": _("Newest month"),
        "deaths": _("Deaths in it"),
        "deaths_3": _("Deaths in 3 months"),
        "deaths_6": _("Deaths in 6 months"),
        "deaths_12": _("Deaths in 12 months"),
        "times_3": _("3 months, times own past"),
        "times_6": _("6 months, times own past"),
        "times_12": _("12 months, times own past"),
        "neighbours": _("Neighbours with outbreak or war"),
        "election_12": _("Election in 12 months"),
        "election_24": _("Election in 24 months"),
        "coup_12": _("Coup attempt in 12 months"),
        "coup_24": _("Coup attempt in 24 months"),
        "flags_told": _("Flags"),
        "signs_told": _("Other signs"),
        "source": _("Card of the file"),
        "preliminary": _("Preliminary"),
    }
    times = {f"times_{span}": rows[f"momentum_{span}"].map(math.exp).round(1) for span in (3, 6, 12)}
    dates = {name: rows[name].map(_yes) for name in ("election_12", "election_24", "coup_12", "coup_24")}
    told = {f"{kind}_told": rows[kind].map(titles) for kind in ("flags", "signs")}
    table = _most_deaths_first(rows.assign(**times, **dates, **told, region=rows["region"].map(_)))
    return table.rename(columns=names)[list(names.values())]


def course(monthly: pd.DataFrame, month: str) -> pd.DataFrame:
    """One State's deaths by month up to a month: month, deaths, preliminary, source; the last known file of each month.

    `monthly`: its rows of the table of that name. The months of the candidate file are those after the final file.
    """
    named = monthly.assign(month=monthly["year"].astype(str) + "-" + monthly["month"].astype(str).str.zfill(2))
    kept = named[(named["source"] == "ucdp_monthly") | named["preliminary"]]
    return kept[kept["month"] <= month].sort_values("month")[["month", "deaths", "source", "preliminary"]]


def course_text(months: pd.DataFrame) -> str:
    """The chart of deaths in a sentence: highest, lowest, newest; of equal months the last; "" if there is none."""
    known = months.dropna(subset=["deaths"]).sort_values("month")
    if known.empty:
        return ""
    backwards = known.set_index("month")["deaths"].iloc[::-1]  # so that the last of equals is found
    newest = backwards.index[0]
    return _(
        "From {first} to {newest}: most deaths in {highest} ({most}), fewest in {lowest} ({fewest}); in the newest "
        "month, {newest}, {now}."
    ).format(
        first=month_text(backwards.index[-1]),
        highest=month_text(backwards.idxmax()),
        most=number(backwards.max()),
        lowest=month_text(backwards.idxmin()),
        fewest=number(backwards.min()),
        newest=month_text(newest),
        now=number(backwards.iloc[0]),
    )


def describe_course(months: pd.DataFrame) -> pd.DataFrame:
    """The chart's numbers as a table, newest first."""
    names = {
        "month": _("Month"),
        "deaths": _("Deaths"),
        "source": _("Card of the file"),
        "preliminary": _("Preliminary"),
    }
    return months.sort_values("month", ascending=False).rename(columns=names)


def state_text(rows: pd.DataFrame, name: str, month: str, rules: pd.DataFrame) -> str:
    """One State in a month, in some lines: flags, signs, deaths, what is beside them; `rows` of that month."""
    if rows.empty:
        text = _("**{name}** is not watched in {month}: the file has no row of it. That is not quiet.")
        return text.format(name=name, month=month_text(month))
    row = rows.iloc[0]
    told = flag_texts(row, rules_of(rules, row["source"])) or [_("No flag.")]
    if row["signs"]:
        told.append(_("Other signs, too often wrong to be flags: {signs}.").format(signs=titles(row["signs"])))
    return "\n".join(f"* {text}" for text in [*told, numbers_text(row), beside_text(row)])
