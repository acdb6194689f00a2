"""A view as a link: what `?country=MMR&year=2024&measure=rf02&region=Africa` means, and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from dashboard.commitments import TREATIES
from dashboard.language import LANGUAGES, N_, _
from models.track import BASELINES, PUBLISHED

ALL_REGIONS = N_("All")
FEW = (
    "window",
    "design",
    "top",
    "treaty",
    "month",
    "drivers",
    "lang",
    "table",
    "table_head",
    "table_models",
)  # a wrong value is answered by all right ones


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
    table: str = ""  # of the release, to download; "" = scores
    table_states: tuple[str, ...] = ()  # the lines wanted of it, each nothing = all
    table_from: str = ""  # year
    table_to: str = ""  # year
    table_outcomes: tuple[str, ...] = ()
    table_windows: tuple[str, ...] = ()  # years
    table_designs: tuple[str, ...] = ()
    table_models: tuple[str, ...] = ()
    table_head: str = ""  # what stands under the names of its columns: "hxl"; "" = its lines

    def as_params(self) -> dict[str, str]:
        """The view as query parameters; what is not chosen is left out."""
        given = {name: _text(value) for name, value in asdict(self).items()}
        return {name: text for name, text in given.items() if text}


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
    table: Collection[str] = ("scores",)
    table_from: Collection[str] = ()
    table_models: Collection[str] = (PUBLISHED, *BASELINES)
    table_head: Collection[str] = ("hxl",)

    @property
    def against(self) -> Collection[str]:
        """The rows with which one can be compared."""
        return self.country

    @property
    def mine(self) -> Collection[str]:
        """The rows that can stand on a reader's list."""
        return self.country

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

    A parameter that is missing, empty or wrong takes its value from `default`; case does not matter.
    """
    view, problems = default, []
    for name in (field.name for field in fields(View)):
        known, text = getattr(choices, name), params.get(name, "")
        spelt = {str(code).casefold(): code for code in known}
        if isinstance(getattr(view, name), tuple) and text:
            asked = dict.fromkeys(part.strip() for part in text.split(",") if part.strip())
            found = tuple(spelt[part.casefold()] for part in asked if part.casefold() in spelt)
            absent = [part for part in asked if part.casefold() not in spelt]
            changes: dict[str, Any] = {name: found}
            view = replace(view, **changes)
            problems += [_explain_list(absent)] if absent else []
        elif (match := spelt.get(text.casefold())) is not None:
            view = replace(view, **{name: match})
        elif text:
            problems.append(_explain(name, text[:40], known))
    return view, problems


def _explain_list(absent: list[str]) -> str:
    named = ", ".join(f"“{text[:40]}”" for text in absent[:5])
    more = _(" and {count} more").format(count=len(absent) - 5) if len(absent) > 5 else ""
    return _("The link lists {codes}, not in this release.").format(codes=named + more)


def _explain(name: str, text: str, known: Collection) -> str:
    if name == "year":
        years = list(known)
        return _("The link asks for the year “{text}”; this release has {first} to {last}.").format(
            text=text, first=years[0], last=years[-1]
        )
    if name == "against":
        return _("The link asks to compare with “{text}”, which is not in this release.").format(text=text)
    if name == "as_of":
        months = sorted(month for month in known if month)
        if not months:
            return _("The link asks for the month “{text}”; the watch is not in this release.").format(text=text)
        return _(
            "The link asks for the month “{text}”; the watch can be seen as it was from {first} to {last}."
        ).format(text=text, first=months[0], last=months[-1])
    if name in FEW:
        there = ", ".join(str(code) for code in known)
        return _("The link asks for the {name} “{text}”; it can be {known}.").format(name=name, text=text, known=there)
    some = ", ".join(sorted(known)[:3])
    return _("The link asks for the {name} “{text}”, which is not in this release ({some}, …).").format(
        name=name, text=text, some=some
    )
