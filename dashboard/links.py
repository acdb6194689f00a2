"""A view as a link: what `?country=MMR&year=2024&measure=rf02&region=Africa` means, and what is wrong with it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from dashboard import weighing
from dashboard.commitments import TREATIES
from dashboard.language import LANGUAGES, _
from models.track import BASELINES, PUBLISHED

MOST = {"compare": 6}  # of a list; a link with more shows the first ones
# a wrong value of these is answered by all right ones
FEW: tuple[str, ...] = ("window", "design", "top", "treaty", "month", "drivers", "lang", "brief", "cover", "still")
FEW += ("table", "table_head", "table_models", "mine_order")
COVERS = ("50", "60", "70", "80", "90", "95")  # per cent; below one half there is no score
ORDERS = ("", "index", "rise", "coverage", "likelihood")  # of the own list; the last one needs forecasts
MARKS = re.compile(r"[\\`*{}\[\]<>#+!|~:$&^=]|(?<!\w)_|_(?!\w)")  # those of Markdown and of what Streamlit adds to it
ADDRESSES = re.compile(r"(?<=http)(?=s?://)|(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)  # where to part what looks like one


@dataclass(frozen=True)
class View:
    """What the reader looks at; the same on every page."""

    country: str
    year: int
    measure: str
    region: str
    outcome: str = "mass_killing"  # what is forecast
    window: int = 2  # years
    design: str = "operational"
    top: int = 30  # places of the yearly list
    against: str = ""  # another State, to compare with; "" = none
    treaty: str = "rome_statute"
    month: int = 12  # of the year, for commitments
    drivers: str = "alone"  # how it is measured what a factor tells
    as_of: str = ""  # month in which one stands, for the watch: "2023-03"; "" = that of the release
    lang: str = ""  # "" = the browser's
    compare: tuple[str, ...] = ()  # countries and regions side by side
    mine: tuple[str, ...] = ()  # the reader's own list of countries
    weights: str = ""  # of the factors, "rf01:2,rf05:0.5"; "" = as published
    structural: int = weighing.EVEN  # per cent of the index by the reader's weights
    changes_since: str = ""  # year since which changes of the own list are shown; "" = the year before the newest
    brief: str = ""  # what a briefing is about: "region" or "list"; "" = a State
    since: str = ""  # an earlier year with which the map's is compared; "" = none
    cover: str = ""  # per cent of coverage that a place of the map must have; "" = any
    still: str = ""  # small maps beside the large one: "decades"; "" = none
    table: str = ""  # of the release, to download; "" = scores
    table_states: tuple[str, ...] = ()  # the lines wanted of it, each nothing = all
    table_from: str = ""  # year
    table_to: str = ""  # year
    table_outcomes: tuple[str, ...] = ()
    table_windows: tuple[str, ...] = ()  # years
    table_designs: tuple[str, ...] = ()
    table_models: tuple[str, ...] = ()
    table_head: str = ""  # what stands under the names of its columns: "hxl"; "" = its lines
    mine_order: str = ""  # of the own list as donors compare it; "" = where structural prevention has most to gain

    def as_params(self) -> dict[str, str]:
        """The view as query parameters; what is not chosen is left out."""
        given = {name: _text(value) for name, value in asdict(self).items() if value != LEFT_OUT.get(name)}
        return {name: text for name, text in given.items() if text}


LEFT_OUT = {"structural": weighing.EVEN}  # what is not chosen, where that is not empty
# What an address of the app leaves out is then as at first. Not so the language, which is that of the visit.
EMPTY = {field.name: field.default for field in fields(View) if field.default in ("", ()) or field.name in LEFT_OUT}
EMPTY.pop("lang")


def _text(value: str | int | tuple[str, ...]) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True)
class Choices:
    """What a release has: codes of its rows, years, codes of its measures, regions, and what a forecast can be of."""

    country: Collection[str]
    year: range
    measure: Collection[str]
    region: Collection[str]
    outcome: Collection[str] = ("mass_killing",)
    window: Collection[int] = (1, 2)
    design: Collection[str] = ("operational", "aligned")
    top: Collection[int] = (10, 20, 30)
    treaty: Collection[str] = tuple(TREATIES)
    month: Collection[int] = tuple(range(1, 13))
    drivers: Collection[str] = ("alone", "adds")
    as_of: Collection[str] = ("",)
    lang: Collection[str] = tuple(LANGUAGES)
    weights: Collection[str] = ()  # the codes of the measured factors
    structural: Collection[int] = weighing.SHARES
    brief: Collection[str] = ("", "region", "list")
    cover: Collection[str] = ("", *COVERS)
    still: Collection[str] = ("", "decades")
    table: Collection[str] = ("scores",)
    table_from: Collection[str] = ()
    table_models: Collection[str] = (PUBLISHED, *BASELINES)
    table_head: Collection[str] = ("hxl",)
    mine_order: Collection[str] = ORDERS

    @property
    def since(self) -> Collection[str]:
        """The years with which the map's can be compared."""
        return ["", *map(str, self.year)]

    @property
    def against(self) -> Collection[str]:
        """The rows with which one can be compared."""
        return self.country

    @property
    def mine(self) -> Collection[str]:
        """The rows that can stand on a reader's list."""
        return self.country

    @property
    def changes_since(self) -> Collection[str]:
        """The years since which there can be a change, newest first, and "" for the newest of them."""
        return ["", *(str(year) for year in reversed(self.year[:-1]))]

    @property
    def table_states(self) -> Collection[str]:
        """The rows that a table can be narrowed to."""
        return self.country

    @property
    def table_to(self) -> Collection[str]:
        """The years that a table can end with."""
        return self.table_from

    @property
    def table_outcomes(self) -> Collection[str]:
        """The outcomes that a table can be narrowed to."""
        return self.outcome

    @property
    def table_windows(self) -> Collection[str]:
        """The windows that a table can be narrowed to, as text."""
        return [str(years) for years in self.window]

    @property
    def table_designs(self) -> Collection[str]:
        """The designs that a table can be narrowed to."""
        return self.design

    @property
    def compare(self) -> Collection[str]:
        """What can stand side by side: rows and regions."""
        return [*self.country, *self.region]


def read_view(params: Mapping[str, str], choices: Choices, default: View) -> tuple[View, list[str]]:
    """The view that the parameters ask for, and a sentence for each value that the release does not have.

    A parameter that is missing, empty or wrong takes its value from `default`; case does not matter. An address that
    the app itself has written, to which a reader goes back, has all that every view has: what it leaves out is empty.
    """
    view, problems = _emptied(params, default), []
    for name in (field.name for field in fields(View)):
        known, text = getattr(choices, name), params.get(name, "")
        spelt = {str(code).casefold(): code for code in known}
        if name == "weights":
            factors, wrong = weighing.read_weights(text, known)
            view = replace(view, weights=weighing.Weights(factors).as_param()) if text else view
            problems += wrong
        elif isinstance(getattr(view, name), tuple) and text:
            asked = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
            found = tuple(spelt[part.casefold()] for part in asked if part.casefold() in spelt)
            absent = [part for part in asked if part.casefold() not in spelt]
            most = MOST.get(name, len(found))
            changes: dict[str, Any] = {name: found[:most]}
            view = replace(view, **changes)
            problems += [_explain_list(absent)] if absent else []
            problems += [_explain_more(len(found), most)] if len(found) > most else []
        elif (match := spelt.get(text.casefold())) is not None:
            view = replace(view, **{name: match})
        elif text:
            problems.append(_explain(name, text[:40], known))
    return view, problems


def _emptied(params: Mapping[str, str], view: View) -> View:
    """The view without what the address of a whole view leaves out."""
    always = {field.name for field in fields(View)} - {*EMPTY, "lang"}
    if not always <= {*params}:
        return view
    empty: dict[str, Any] = {name: value for name, value in EMPTY.items() if name not in params}
    return replace(view, **empty)


def as_text(text: str) -> str:
    """The text so that Markdown shows it as it is: no mark, link, picture or formula in it means anything."""
    plain = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return MARKS.sub(r"\\\g<0>", ADDRESSES.sub("\N{WORD JOINER}", plain))


def _explain_list(absent: list[str]) -> str:
    named = ", ".join(f"“{text[:40]}”" for text in absent[:5])
    more = _(" and {count} more").format(count=len(absent) - 5) if len(absent) > 5 else ""
    return _("The link lists {codes}, not in this release.").format(codes=named + more)


def _explain_more(count: int, most: int) -> str:
    return _("The link lists {count} to compare; at most {most} can stand side by side, the first of them.").format(
        count=count, most=most
    )


def _explain(name: str, text: str, known: Collection) -> str:
    if name == "year":
        years = list(known)
        return _("The link asks for the year “{text}”; this release has {first} to {last}.").format(
            text=text, first=years[0], last=years[-1]
        )
    if name == "against":
        return _("The link asks to compare with “{text}”, which is not in this release.").format(text=text)
    if name == "since":
        years = [year for year in known if year]
        return _("The link asks to compare with the year “{text}”; this release has {first} to {last}.").format(
            text=text, first=years[0], last=years[-1]
        )
    if name == "as_of":
        months = sorted(month for month in known if month)
        if not months:
            return _("The link asks for the month “{text}”; the watch is not in this release.").format(text=text)
        return _(
            "The link asks for the month “{text}”; the watch can be seen as it was from {first} to {last}."
        ).format(text=text, first=months[0], last=months[-1])
    if name == "structural":
        return _("The link asks for a structural part of “{text}” per cent; it can be 0 to 100, in fives.").format(
            text=text
        )
    if name == "changes_since":
        return _("The link asks for changes since “{text}”; it can be {first} to {last}.").format(
            text=text, first=min(filter(None, known), default=""), last=max(known)
        )
    if name in FEW:
        there = ", ".join(str(code) for code in known if code != "")
        return _("The link asks for the {name} “{text}”; it can be {known}.").format(name=name, text=text, known=there)
    some = ", ".join(sorted(known)[:3])
    return _("The link asks for the {name} “{text}”, which is not in this release ({some}, …).").format(
        name=name, text=text, some=some
    )
