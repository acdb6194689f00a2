"""A view as a link: what `?country=MMR&year=2024&measure=rf02&region=Africa` means, and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace

from dashboard.commitments import TREATIES

ALL_REGIONS = "All"


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

    def as_params(self) -> dict[str, str]:
        """The view as query parameters; what is not chosen is left out."""
        return {name: str(value) for name, value in asdict(self).items() if value != ""}


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

    @property
    def against(self) -> Collection[str]:
        """The rows with which one can be compared."""
        return self.country


def read_view(params: Mapping[str, str], choices: Choices, default: View) -> tuple[View, list[str]]:
    """The view that the parameters ask for, and a sentence for each value that the release does not have.

    A parameter that is missing, empty or wrong takes its value from `default`; case does not matter.
    """
    view, problems = default, []
    for name in (field.name for field in fields(View)):
        known, text = getattr(choices, name), params.get(name, "")
        match = {str(code).casefold(): code for code in known}.get(text.casefold())
        if match is not None:
            view = replace(view, **{name: match})
        elif text:
            problems.append(_explain(name, text[:40], known))
    return view, problems


def _explain(name: str, text: str, known: Collection) -> str:
    if name == "year":
        years = list(known)
        return f"The link asks for the year “{text}”; this release has {years[0]} to {years[-1]}."
    if name == "against":
        return f"The link asks to compare with “{text}”, which is not in this release."
    if name == "as_of":
        months = sorted(month for month in known if month)
        there = f"can be seen as it was from {months[0]} to {months[-1]}" if months else "is not in this release"
        return f"The link asks for the month “{text}”; the watch {there}."
    if name in ("window", "design", "top", "treaty", "month", "drivers"):
        return f"The link asks for the {name} “{text}”; it can be {', '.join(str(code) for code in known)}."
    some = ", ".join(sorted(known)[:3])
    return f"The link asks for the {name} “{text}”, which is not in this release ({some}, …)."
