"""How a map shows its numbers: colours, the marks of its legend, and what counts as uncertain. Needs no Streamlit."""

import math
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from dashboard.language import N_, _, number

SCORES = N_("Score, 0 (low) to 100 (high)")
# One hue, light to dark: the order can be read without colour, in print and with any kind of colour blindness.
# Most scores lie between 10 and 60, so most of the steps do.
COLOUR_SCALE = [
    [0.0, "#fff6e3"],
    [0.15, "#fddfa9"],
    [0.3, "#f9b05a"],
    [0.45, "#e9762d"],
    [0.6, "#b83f1a"],
    [0.75, "#7b2112"],
    [1.0, "#2b0a08"],
]
EVEN_SCALE = [[step / (len(COLOUR_SCALE) - 1), colour] for step, (_position, colour) in enumerate(COLOUR_SCALE)]
# Blue is less, white the same, orange more: told apart with any kind of colour blindness, and dark at both ends.
CHANGE_SCALE = [
    [0.0, "#08306b"],
    [0.2, "#2f79b5"],
    [0.4, "#a9cfe5"],
    [0.5, "#f7f7f7"],
    [0.6, "#fdc58a"],
    [0.8, "#d9661f"],
    [1.0, "#7f2704"],
]
LIKELIHOODS = (0.001, 0.01, 0.1, 0.5)  # marked on the bar of a logarithmic scale, which ends at 1
POINTS = 30  # of the index, up and down: the ends of the scale of changes; few change by more
TIMES = 10  # as likely: the same for likelihoods

# What is drawn as uncertain, by the 95 % intervals of the release; nothing else decides it.
WIDE_TIMES = 10  # upper end of a likelihood's interval, in times its lower end
WIDE_SHARE = 5  # an interval of places is wide if it spans more than one part in so many of all places


@dataclass(frozen=True)
class Look:
    """A scale of colours with its legend.

    `title` of the bar; `ends`: values at both ends; `stops`: position (0 to 1) and colour; `marks`: value and text.
    """

    title: str
    ends: tuple[float, float]
    stops: list[list[Any]]
    marks: list[tuple[float, str]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def of_scores(title: str = "") -> Look:
    """The look of scores, 0 to 100."""
    marks = [(float(score), number(score)) for score in range(0, 101, 20)]
    return Look(title or _(SCORES), (0, 100), COLOUR_SCALE, marks)


def of_likelihoods() -> Look:
    """The look of probabilities; a map's values are their logarithms to base 10."""
    marks = [(math.log10(share), _("1 in {states}").format(states=number(1 / share))) for share in LIKELIHOODS]
    marks[0] = (marks[0][0], _("≤ 1 in {states}").format(states=number(1 / LIKELIHOODS[0])))
    return Look(_("Likelihood, on a logarithmic scale"), (marks[0][0], 0), EVEN_SCALE, marks)


def of_score_changes() -> Look:
    """The look of changes of a score, in points; `{since}` in its title stands for the earlier year."""
    marks = [(float(points), number(points, sign=points != 0)) for points in range(-POINTS, POINTS + 1, 10)]
    title = _("Change since {since}, in points: blue is lower, orange is higher")
    return Look(title, (-POINTS, POINTS), CHANGE_SCALE, marks)


def of_likelihood_changes() -> Look:
    """The look of how many times as likely; a map's values are differences of logarithms to base 10."""
    told = {1 / TIMES: f"÷{TIMES}", 1 / 3: "÷3", 1: "×1", 3: "×3", TIMES: f"×{TIMES}"}
    title = _("Times the likelihood of {since}: blue is less, orange is more")
    return Look(title, (-math.log10(TIMES), math.log10(TIMES)), CHANGE_SCALE, [(math.log10(t), told[t]) for t in told])


def wide_likelihoods(rows: pd.DataFrame) -> pd.Series:
    """Which forecasts are uncertain; missing where there is no interval."""
    ratio = rows["upper"].astype(float) / rows["lower"].astype(float)
    return (ratio > WIDE_TIMES).astype(float).where(ratio.notna())


def wide_places(sensitivity: pd.DataFrame) -> pd.Series:
    """Which places by the index are uncertain."""
    spread = sensitivity["rank_upper"] - sensitivity["rank_lower"]
    return (spread * WIDE_SHARE > sensitivity["ranked"]).astype(float)


def wide_likelihood_text(year: int) -> str:
    """What uncertain means on a map of likelihoods."""
    return _("Uncertain ({year}): upper end of the 95 % interval more than {times} times the lower").format(
        year=year, times=number(WIDE_TIMES)
    )


def wide_place_text(year: int) -> str:
    """What uncertain means on a map of the index."""
    return _("Uncertain ({year}): the interval of the place spans more than 1 in {parts} of all places").format(
        year=year, parts=number(WIDE_SHARE)
    )
