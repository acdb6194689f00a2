"""A view as a link: what `?country=MMR&year=2024&measure=rf02&region=Africa` means, and what is wrong with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace

ALL_REGIONS = "All"


@dataclass(frozen=True)
class View:
    """What the reader looks at; the same on every page."""

    country: str
    year: int
    measure: str
    region: str

    def as_params(self) -> dict[str, str]:
        """The view as query parameters."""
        return {name: str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Choices:
    """What a release has: codes of its rows, years, codes of its measures, and regions."""

    country: Collection[str]
    year: range
    measure: Collection[str]
    region: Collection[str]


def read_view(params: Mapping[str, str], choices: Choices, default: View) -> tuple[View, list[str]]:
    """The view that the parameters ask for, and a sentence for each value that the release does not have.

    A parameter that is missing, empty or wrong takes its value from `default`; case does not matter.
    """
    view, problems = default, []
    for name in ("country", "measure", "region"):
        known, text = getattr(choices, name), params.get(name, "")
        match = {code.casefold(): code for code in known}.get(text.casefold())
        if match:
            view = replace(view, **{name: match})
        elif text:
            some = ", ".join(sorted(known)[:3])
            problems.append(f"The link asks for the {name} “{text[:40]}”, which is not in this release ({some}, …).")
    text = params.get("year", "")
    if text.isascii() and text.isdigit() and int(text) in choices.year:
        view = replace(view, year=int(text))
    elif text:
        first, last = choices.year[0], choices.year[-1]
        problems.append(f"The link asks for the year “{text[:40]}”; this release has {first} to {last}.")
    return view, problems
