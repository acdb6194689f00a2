"""The index of one year under any weights and means, for all States at once, from the tables of a release alone.

`indicators/scores.py` makes what is published. This module says what the same data would give under other choices, and
gives the published index under the published ones; `indicators/sensitivity.py` and the reader's own weights use it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators.scores import PARTS, THRESHOLD

FLOOR = 1.0  # of 100: a geometric mean takes a lower score as this, since one score of 0 would make it 0
EVEN = 0.5  # share of the structural part in the index

Mean = tuple[Callable, Callable]  # what is averaged, and the way back
MEANS: dict[str, Mean] = {
    "arithmetic": (lambda score: score, lambda mean: mean),
    "geometric": (lambda score: np.log(np.maximum(score, FLOOR)), np.exp),
    "geometric_of_distance": (  # from 100: of two States with one arithmetic mean, the more uneven one is higher
        lambda score: np.log(np.maximum(100 - score, FLOOR)),
        lambda mean: 100 - np.exp(mean),
    ),
}


@dataclass(frozen=True)
class Frame:
    """The scores of one year of the States that have an index, and how they are put together.

    `states`: iso3, gw_code and the published risk_index, a line per State. `scores`: States x indicators, 0 to 100,
    missing where not known; `ages` of their data in years, alike. `weights`, `factor`: by indicator, in the order of
    the columns; the factor by its position in `codes` ("rf01"). `structural`: by factor. `known`: States x factors,
    whether there is a published score.
    """

    states: pd.DataFrame
    indicators: list[str]
    scores: np.ndarray
    ages: np.ndarray
    weights: np.ndarray
    factor: np.ndarray
    codes: list[str]
    structural: np.ndarray
    known: np.ndarray


@dataclass(frozen=True)
class Settings:
    """Choices, a line of each array per setting: weights (settings x indicators, settings x factors) and `share`.

    `share`: of the structural part in the index, 0 to 1. A weight of 0 leaves out.
    """

    indicator_weights: np.ndarray
    factor_weights: np.ndarray
    share: np.ndarray

    def __getitem__(self, lines: np.ndarray | slice) -> "Settings":
        return Settings(self.indicator_weights[lines], self.factor_weights[lines], self.share[lines])

    def __len__(self) -> int:
        return len(self.share)


def read_frame(
    scores: pd.DataFrame, indicators: pd.DataFrame, catalogue: pd.DataFrame, factors: pd.DataFrame, year: int
) -> Frame:
    """The frame of a year from the release's tables of these names.

    Raises:
        ValueError: no State has an index in that year.
    """
    states = scores[(scores["year"] == year) & scores["risk_index"].notna()].sort_values("iso3", ignore_index=True)
    if states.empty:
        raise ValueError(f"No State has an index in {year}: choose a year of the release with scores.")
    lines = indicators[(indicators["year"] == year) & indicators["iso3"].isin(states["iso3"])]
    wide = lines.assign(age=year - lines["data_year"]).pivot(index="iso3", columns="indicator", values=["score", "age"])
    names, measured = catalogue["indicator"].tolist(), factors[factors["measured"].astype(bool)]
    codes = [f"rf{number:02d}" for number in measured["factor"]]
    score, age = (
        wide[kind].reindex(index=states["iso3"], columns=names).to_numpy(float, copy=True) for kind in ("score", "age")
    )
    return Frame(
        states[["iso3", "gw_code", "risk_index"]],
        names,
        score,
        age,
        catalogue["weight"].to_numpy(float),
        catalogue["factor"].map({number: at for at, number in enumerate(measured["factor"])}).to_numpy(int),
        codes,
        (measured["part"] == PARTS[0]).to_numpy(),
        states[codes].notna().to_numpy(),
    )


def as_published(frame: Frame, number: int = 1) -> Settings:
    """The published choices, so many times: the catalogue's weights, each factor 1, both parts alike."""
    return Settings(np.tile(frame.weights, (number, 1)), np.ones((number, len(frame.codes))), np.full(number, EVEN))


def factor_scores(frame: Frame, weights: np.ndarray) -> np.ndarray:
    """Settings x States x factors: weighted mean of the indicators that have a value.

    Missing where there is no published score, so that a choice never adds what was not known, and where no indicator
    with a value has a weight. `weights`: settings x indicators.
    """
    valued = ~np.isnan(frame.scores)
    points = np.where(valued, frame.scores, 0.0)
    found = np.full((len(weights), len(frame.states), len(frame.codes)), np.nan)
    for at in range(len(frame.codes)):
        own = frame.factor == at
        whole = weights[:, own] @ valued[:, own].T.astype(float)
        sums = weights[:, own] @ points[:, own].T
        np.divide(sums, whole, out=found[:, :, at], where=(whole > 0) & frame.known[:, at])
    return found


def index_of(frame: Frame, settings: Settings, mean: str = "arithmetic") -> np.ndarray:
    """The index, 0 to 100 with two decimals, settings x States: weighted mean of the factors of a part, then of both.

    A part of which nothing has a weight and a score counts nothing: the index is the other part. Missing if both do.
    """
    forth, back = MEANS[mean]
    scores = forth(factor_scores(frame, settings.indicator_weights))
    parts = np.full((2, *scores.shape[:2]), np.nan)
    for part, own in zip(parts, (frame.structural, ~frame.structural), strict=True):
        part[:] = _weighted_mean(scores[:, :, own], settings.factor_weights[:, None, own])
    shares = np.stack([settings.share, 1 - settings.share], axis=-1)
    return np.round(back(_weighted_mean(np.moveaxis(parts, 0, -1), shares[:, None, :])), 2)


def _weighted_mean(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Along the last axis, over what is known; missing where that has no weight."""
    weights = np.where(np.isnan(values), 0.0, weights)
    whole = weights.sum(axis=-1)
    mean = np.full(whole.shape, np.nan)
    return np.divide((np.nan_to_num(values) * weights).sum(axis=-1), whole, out=mean, where=whole > 0)


def counted(frame: Frame, settings: Settings) -> np.ndarray:
    """What each indicator's weight is in the whole, settings x indicators: as in the index's published coverage."""
    shares = np.where(frame.structural, 2 * settings.share[:, None], 2 - 2 * settings.share[:, None])
    return settings.indicator_weights * (settings.factor_weights * shares)[:, frame.factor]


def coverage_of(frame: Frame, settings: Settings) -> np.ndarray:
    """Share of all weight that has a value, 0 to 1, settings x States."""
    valued = np.broadcast_to((~np.isnan(frame.scores)).astype(float), (len(settings), *frame.scores.shape))
    return np.nan_to_num(_weighted_mean(valued, counted(frame, settings)[:, None, :]))


def age_of(frame: Frame, settings: Settings) -> np.ndarray:
    """Mean age in years of the values used, weighted, settings x States."""
    values = np.broadcast_to(frame.ages, (len(settings), *frame.ages.shape))
    return _weighted_mean(values, counted(frame, settings)[:, None, :])


def is_covered(frame: Frame, settings: Settings) -> np.ndarray:
    """Whether the published rule of coverage holds under these weights, settings x States.

    Half of the weight of each part's factors has a score, where the part counts, and half of all weight has a value.
    """
    enough = coverage_of(frame, settings).round(9) >= THRESHOLD
    for own, share in ((frame.structural, settings.share), (~frame.structural, 1 - settings.share)):
        weights = settings.factor_weights[:, own]
        whole = weights.sum(axis=-1, keepdims=True)
        counts = (share[:, None] > 0) & (whole > 0)
        enough &= ~counts | (weights @ frame.known[:, own].T >= THRESHOLD * whole)
    return enough


def with_scores(frame: Frame, scores: np.ndarray) -> Frame:
    """The same frame with other indicator scores."""
    return replace(frame, scores=scores)
