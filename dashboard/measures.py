"""What the map and the tables can show: the index, its two parts, and each measured risk factor."""

from dataclasses import dataclass, replace

import pandas as pd

from dashboard.language import N_, _
from models.outcomes import OUTCOMES

AFTER_UN = N_("after the UN Framework of Analysis for Atrocity Crimes (2014)")
NOT_A_PROBABILITY = N_("The risk index (0 to 100) says what is there; it is not a probability.")


@dataclass(frozen=True)
class Measure:
    """One score of a release: its column, that of its coverage, and that of the mean age of its data in years."""

    code: str
    title: str
    coverage: str
    data_age: str


COUNTED_FROM = 1989  # first year of the counts of deaths (UCDP); earlier scores rest on less
PARTS = (
    Measure("risk_index", N_("Risk index"), "coverage", "data_age"),
    Measure("structural", N_("Structural part"), "structural_coverage", "data_age"),
    Measure("dynamic", N_("Dynamic part"), "dynamic_coverage", "data_age"),
)


def factor_code(number: int) -> str:
    """The column of a risk factor: 1 -> "rf01"."""
    return f"rf{number:02d}"


def list_measures(factors: pd.DataFrame) -> dict[str, Measure]:
    """Every measure by its code, in the order in which they are offered, with titles in the language in use.

    `factors` is the release's table; a factor that is not measured has no column and is not offered.
    """
    measured = factors[factors["measured"].astype(bool)].sort_values("factor")
    codes = [factor_code(number) for number in measured["factor"]]
    titles = [f"{number}. {_(name)}" for number, name in zip(measured["factor"], measured["name"], strict=True)]
    rows = [
        Measure(code, title, f"{code}_coverage", f"{code}_data_age") for code, title in zip(codes, titles, strict=True)
    ]
    parts = [replace(part, title=_(part.title)) for part in PARTS]
    return {measure.code: measure for measure in (*parts, *rows)}


def outcome_title(code: str) -> str:
    """The title of an outcome in the language in use."""
    return _(OUTCOMES[code].title)


def outcome_definition(code: str) -> str:
    """What counts as an outcome, in the language in use."""
    return _(OUTCOMES[code].definition)
