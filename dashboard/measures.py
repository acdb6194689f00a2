"""What the map and the tables can show: the index, its two parts, and each measured risk factor."""

from dataclasses import dataclass

import pandas as pd

AFTER_UN = "after the UN Framework of Analysis for Atrocity Crimes (2014)"
NOT_A_PROBABILITY = "The risk index (0 to 100) says what is there; it is not a probability."


@dataclass(frozen=True)
class Measure:
    """One score of a release: its column, that of its coverage, and that of the mean age of its data in years."""

    code: str
    title: str
    coverage: str
    data_age: str


COUNTED_FROM = 1989  # first year of the counts of deaths (UCDP); earlier scores rest on less
PARTS = (
    Measure("risk_index", "Risk index", "coverage", "data_age"),
    Measure("structural", "Structural part", "structural_coverage", "data_age"),
    Measure("dynamic", "Dynamic part", "dynamic_coverage", "data_age"),
)


def factor_code(number: int) -> str:
    """The column of a risk factor: 1 -> "rf01"."""
    return f"rf{number:02d}"


def list_measures(factors: pd.DataFrame) -> dict[str, Measure]:
    """Every measure by its code, in the order in which they are offered.

    `factors` is the release's table; a factor that is not measured has no column and is not offered.
    """
    measured = factors[factors["measured"].astype(bool)].sort_values("factor")
    codes = [factor_code(number) for number in measured["factor"]]
    titles = [f"{number}. {name}" for number, name in zip(measured["factor"], measured["name"], strict=True)]
    rows = [
        Measure(code, title, f"{code}_coverage", f"{code}_data_age") for code, title in zip(codes, titles, strict=True)
    ]
    return {measure.code: measure for measure in (*PARTS, *rows)}
