"""The reader's own list of States: what is typed or pasted, their newest numbers, and what changed. No Streamlit."""

import re

import pandas as pd

from dashboard import language, reading, watch
from dashboard.current import kept
from dashboard.language import _, ngettext
from dashboard.likelihood import between_text, count_among, frequency_text
from dashboard.measures import COUNTED_FROM, PARTS
from dashboard.reading import of_year, scores, table
from dashboard.store import choices, factor_titles, names, rows_of_year
from dashboard.world import choose_region

INDEX = PARTS[0].code
SHOWN = 5  # unknown words that are named


def newest_year() -> int:
    """The newest year with scores."""
    return choices().year[-1]


def read_text(text: str) -> tuple[list[str], list[str]]:
    """The codes that a text lists, each once, and the words that are neither a code nor a name.

    Names or codes are separated by commas, semicolons or lines; a name may be in English or in the language in use.
    """
    asked = dict.fromkeys(part.strip() for part in re.split(r"[,;،؛\n]", text) if part.strip())
    found = {word: _spellings().get(_plain(word)) for word in asked}
    return list(dict.fromkeys(filter(None, found.values()))), [word for word, code in found.items() if code is None]


@kept(8)
def _spellings() -> dict[str, str]:
    """The code of each spelling, made plain."""
    countries = table("countries")
    english = {_plain(name): code for name, code in zip(countries["name"], countries["iso3"], strict=True)}
    here = {_plain(name): code for code, name in names().items()}
    return english | here | {_plain(code): code for code in names()}


def _plain(name: str) -> str:
    """Without accents, capitals, spaces and marks, which people type in many ways: "cotedivoire"."""
    return "".join(letter for letter in language.sorting(name) if letter.isalnum())


def explain_unknown(words: list[str]) -> str:
    """Which words are no State of the release; "" if all are."""
    if not words:
        return ""
    return _("Not found: {words}. Write names or three-letter codes, separated by commas.").format(words=_named(words))


def explain_gone(words: list[str]) -> str:
    """Which words of the list that the browser kept are no State of the release; "" if all are."""
    if not words:
        return ""
    return _("The list kept in this browser has {words}, not in this release.").format(words=_named(words))


def _named(words: list[str]) -> str:
    """The words in quotation marks; of many the first, and how many more there are."""
    quoted = [f"“{word[:40]}”" for word in words[:SHOWN]]
    if (more := len(words) - SHOWN) > 0:
        quoted.append(ngettext("{count} more", "{count} more", more).format(count=language.number(more)))
    return language.listed(quoted)


def explain_added(found: list[str], mine: tuple[str, ...]) -> str:
    """How many of the States found are new on the list."""
    new = len([code for code in found if code not in mine])
    return ngettext("{count} State added.", "{count} States added.", new).format(count=language.number(new))


def with_more(mine: tuple[str, ...], codes: list[str]) -> tuple[str, ...]:
    """The list with these at its end, each once."""
    return tuple(dict.fromkeys([*mine, *codes]))


def of_region(region: str) -> list[str]:
    """The codes of a region's States of the newest year, by name."""
    rows = choose_region(of_year(scores(), newest_year()), region)
    return sorted(rows["iso3"], key=lambda code: language.sorting(names()[code]))


def count_text(count: int) -> str:
    """The number of States on a list."""
    return ngettext("{count} State", "{count} States", count).format(count=language.number(count))


def shown_year(since: str) -> int:
    """The year since which changes are shown; "" is the year before the newest."""
    return int(since) if since else newest_year() - 1


@kept(50)
def numbers(mine: tuple[str, ...], since: str, outcome: str, window: int) -> pd.DataFrame:
    """The list's newest numbers, one row per State in the order of the index, as read and downloaded.

    Without the columns of the forecast and of the watch where the release has none.
    """
    rows = on_the_list(mine, newest_year())
    before = of_year(scores(), shown_year(since)).set_index("iso3")[INDEX]
    change = rows[INDEX] - before.reindex(rows.index)
    columns = {
        _("State"): [names()[code] for code in rows.index],
        _("Row"): rows.index,
        _("Region"): rows["region"].map(_, na_action="ignore"),
        _("Risk index (0-100)"): rows[INDEX],
        _("Change since {year}").format(year=shown_year(since)): change.round(1),
        **(forecast_columns(rows.index, outcome, window) if reading.has_forecasts() else {}),
        **(_watch_column(rows.index) if reading.has_watch() else {}),
        _("Coverage (0-1)"): rows["coverage"],
        _("Mean data age (years)"): rows["data_age"],
        _("Note"): [note(code, index) for code, index in rows[INDEX].items()],
    }
    return pd.DataFrame({name: list(column) for name, column in columns.items()})


def on_the_list(mine: tuple[str, ...], year: int) -> pd.DataFrame:
    """The scores of the list's States in a year, riskiest first; an empty line for one that there was not."""
    rows = of_year(scores(), year).set_index("iso3").reindex(list(mine)).rename_axis("iso3")
    regions = table("countries").set_index("iso3")["region"]
    return rows.assign(region=regions.reindex(rows.index)).sort_values(INDEX, ascending=False, kind="stable")


def note(code: str, index: float) -> str:
    """Why a State has no index; "" if it has one."""
    if not pd.isna(index):
        return ""
    there = code in {*of_year(scores(), newest_year())["iso3"]}
    return _("no score: too little data") if there else _("no State of its own in this year")


def forecast_columns(codes: pd.Index, outcome: str, window: int) -> dict[str, pd.Series]:
    """How likely the outcome is, with its interval and place; of the release's own forecasts."""
    rows = rows_of_year(outcome, reading.newest_origin(), window).set_index("iso3").reindex(codes)
    per = [count_among(*pair) for pair in zip(rows["probability"], rows["base_rate"], strict=True)]
    shares = zip(rows["probability"], rows["lower"], rows["upper"], per, strict=True)
    told = [(frequency_text(share, of), between_text(lower, upper, of)) for share, lower, upper, of in shares]
    return {
        _("Of States like this"): pd.Series([frequency for frequency, _between in told], dtype=object),
        _("95 % interval"): pd.Series([between for _frequency, between in told], dtype=object),
        _("Place by likelihood"): rows["rank"].astype("Int64"),
    }


def _watch_column(codes: pd.Index) -> dict[str, pd.Series]:
    """The flags of the newest month."""
    month = reading.watch_months()[-1]
    rows = reading.watch_of(month)
    flags = rows.set_index("iso3")["flags"].reindex(codes)
    told = [_("not watched") if pd.isna(names_of) else watch.titles(names_of) or _("no flag") for names_of in flags]
    title = _("Watch flags to {month}, preliminary") if rows["preliminary"].any() else _("Watch flags to {month}")
    return {title.format(month=language.month(month)): pd.Series(told, dtype=object)}


@kept(50)
def changes(mine: tuple[str, ...], since: str) -> pd.DataFrame:
    """How each State's index changed since a year, largest first, and the factor that changed most.

    A State without an index in one of the two years has no change: it stands last.
    """
    before, now = on_the_list(mine, shown_year(since)), on_the_list(mine, newest_year())
    before = before.reindex(now.index)
    change = now[INDEX] - before[INDEX]
    order = change.abs().sort_values(ascending=False, na_position="last", kind="stable").index
    moved = now[list(factor_titles())] - before[list(factor_titles())]
    return pd.DataFrame(
        {
            _("State"): [names()[code] for code in order],
            _("Risk index {year}").format(year=shown_year(since)): before[INDEX].reindex(order).to_numpy(),
            _("Risk index {year}").format(year=newest_year()): now[INDEX].reindex(order).to_numpy(),
            _("Change"): change.reindex(order).round(1).to_numpy(),
            _("Risk factor that changed most"): [_largest(moved.loc[code]) for code in order],
        }
    )


def _largest(moved: pd.Series) -> str:
    """The factor with the largest change, with it: "2. Record of …: +12.3"."""
    known = moved.dropna()
    if known.empty:
        return _("not known")
    code = known.abs().idxmax()
    if abs(known[code]) < 0.05:
        return _("none changed")
    return _("{factor}: {change}").format(
        factor=factor_titles()[str(code)], change=language.number(known[code], 1, sign=True)
    )


@kept(50)
def changes_text(mine: tuple[str, ...], since: str) -> str:
    """How many rose, fell and are not known, and what to be careful of, in sentences."""
    year = shown_year(since)
    before, now = (on_the_list(mine, each)[INDEX] for each in (year, newest_year()))
    change = now - before.reindex(now.index)
    told = _("Since {year} the index rose in {up} and fell in {down} of {all} States; of {unknown} it is not known.")
    counts = {"up": (change >= 0.05).sum(), "down": (change <= -0.05).sum(), "unknown": change.isna().sum()}
    counted = {name: language.number(int(count)) for name, count in counts.items()}
    text = told.format(year=year, all=language.number(len(change)), **counted)
    text += " " + _("A change of one or two points is within what other weights would give: it says nothing.")
    if year < COUNTED_FROM:
        text += " " + _("Before {year} less is measured: a change since then is in part one of the data.").format(
            year=COUNTED_FROM
        )
    return text
