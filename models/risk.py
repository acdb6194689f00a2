"""The candidate models and their calibrators; which of them is published is decided at each origin on earlier ones.

Every feature is an indicator score, so more is riskier: additive boosting is bound to that sign. A calibration is a
straight line in log-odds, so that what each indicator adds can be told through it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SINGLE = ("elastic_net", "additive", "forest", "boosting")
AVERAGE = "average"  # mean of the four, in log-odds
DEFAULT = ("additive", "drift")  # published while too few earlier origins have a known outcome to choose by
ENOUGH = 5  # origins with a known outcome, before anything is calibrated or chosen
LEAST = 1e-5  # probabilities are kept this far from 0 and 1
HALF_LIFE = 10.0  # years, of an earlier origin's weight in a rate that drifts
PRIOR_EVENTS = 5.0  # that speak for no drift of the intercept
PRIOR_ROWS_EVENT = 1.0  # event, at the rate of the training rows, that speaks for the old rate


def make_candidates(features: int) -> dict[str, BaseEstimator]:
    """The models named in advance, for so many features; settings fixed once, tuned on no origin."""
    boosting = {"learning_rate": 0.05, "min_samples_leaf": 30, "l2_regularization": 5.0, "early_stopping": False}
    return {
        "elastic_net": make_pipeline(
            SimpleImputer(strategy="median"),
            StandardScaler(),
            LogisticRegression(C=0.02, l1_ratio=0.5, solver="saga", max_iter=300, random_state=0),
        ),
        "additive": HistGradientBoostingClassifier(
            **boosting,
            max_iter=150,
            max_leaf_nodes=4,
            interaction_cst="no_interactions",
            monotonic_cst=[1] * features,
            random_state=0,
        ),
        "forest": make_pipeline(
            SimpleImputer(strategy="median"),
            RandomForestClassifier(100, max_samples=0.5, min_samples_leaf=10, max_features="sqrt", random_state=0),
        ),
        "boosting": HistGradientBoostingClassifier(
            **boosting, max_iter=100, max_leaf_nodes=8, max_features=0.3, random_state=0
        ),
    }


def log_odds(probability: np.ndarray) -> np.ndarray:
    """Natural logarithm of the odds, of probabilities kept off 0 and 1."""
    kept = np.clip(probability, LEAST, 1 - LEAST)
    return np.log(kept) - np.log1p(-kept)


def from_log_odds(log_odds: np.ndarray) -> np.ndarray:
    """The inverse of `log_odds`."""
    return 1 / (1 + np.exp(-log_odds))


@dataclass(frozen=True)
class Line:
    """A calibration: calibrated log-odds = intercept + slope x log-odds."""

    intercept: float = 0.0
    slope: float = 1.0

    def __call__(self, given: np.ndarray) -> np.ndarray:
        return self.intercept + self.slope * given


def uncalibrated(past: pd.DataFrame, *, newest: int, rate: float) -> Line:
    """The forecasts as they are."""
    return Line()


def sigmoid(past: pd.DataFrame, *, newest: int, rate: float) -> Line:
    """Platt's line through earlier origins' forecasts (doi:10.1145/1102351.1102430)."""
    fitted = LogisticRegression(C=1e6).fit(log_odds(past[["probability"]].to_numpy()), past["event"])
    return Line(float(fitted.intercept_[0]), float(fitted.coef_[0, 0]))


def drifting_intercept(past: pd.DataFrame, *, newest: int, rate: float) -> Line:
    """The odds times events over forecasts of earlier origins, recent ones first, drawn towards no change."""
    weight = _recency(past, newest)
    events, forecasts = (weight * past["event"]).sum(), (weight * past["probability"]).sum()
    return Line(float(np.log((PRIOR_EVENTS + events) / (PRIOR_EVENTS + forecasts))))


def prior_correction(past: pd.DataFrame, *, newest: int, rate: float) -> Line:
    """From the training rows' event rate to the recent one (King and Zeng: doi:10.1093/oxfordjournals.pan.a004868)."""
    weight = _recency(past, newest)
    recent = ((weight * past["event"]).sum() + PRIOR_ROWS_EVENT) / (weight.sum() + PRIOR_ROWS_EVENT / rate)
    return Line(float(log_odds(np.array(recent)) - log_odds(np.array(rate))))


def _recency(past: pd.DataFrame, newest: int) -> pd.Series:
    return 0.5 ** ((newest - past["origin"]) / HALF_LIFE)


CALIBRATORS: dict[str, Callable[..., Line]] = {
    "none": uncalibrated,
    "sigmoid": sigmoid,
    "drift": drifting_intercept,
    "prior": prior_correction,
}


def combine(single: dict[str, np.ndarray]) -> np.ndarray:
    """The average candidate's probabilities from those of the four."""
    return from_log_odds(np.mean([log_odds(single[name]) for name in SINGLE], axis=0))


def fit_line(past: pd.DataFrame, candidate: str, calibrator: str, *, newest: int, rate: float) -> Line:
    """The calibration of a candidate from earlier origins' forecasts.

    Args:
        past: origin, event (known), and one column of probabilities per candidate; origins up to `newest`.
        rate: share of events in the rows that the candidate is trained on now.
    """
    if past["origin"].nunique() < ENOUGH or past["event"].nunique() < 2:
        return Line()
    given = past[["origin", "event"]].assign(probability=past[candidate])
    return CALIBRATORS[calibrator](given, newest=newest, rate=rate)


def known_at(raw: pd.DataFrame, newest: int) -> pd.DataFrame:
    """The rows of `raw` with an outcome that is known when that of origin `newest` is."""
    return raw[(raw["origin"] <= newest) & raw["event"].notna()]


def calibrate(raw: pd.DataFrame, *, newest_known: Callable[[int], int]) -> pd.DataFrame:
    """Every candidate's forecasts under every calibrator, each origin by earlier origins' forecasts alone.

    Args:
        raw: iso3, origin, event, one column of probabilities per candidate, and `climatology`: the share of events
            in the training rows.
        newest_known: the last origin whose outcome is known at an origin.

    Returns:
        `raw`'s index; one column (candidate, calibrator) each.
    """
    parts = [_calibrated(now, raw, newest_known(origin)) for origin, now in raw.groupby("origin")]
    return pd.concat(parts).loc[raw.index]


def _calibrated(now: pd.DataFrame, raw: pd.DataFrame, newest: int) -> pd.DataFrame:
    past, rate = known_at(raw, newest), now["climatology"].iloc[0]
    lines = {pair: fit_line(past, *pair, newest=newest, rate=rate) for pair in pairs()}
    columns = {pair: from_log_odds(line(log_odds(now[pair[0]].to_numpy()))) for pair, line in lines.items()}
    return pd.DataFrame(columns, index=now.index)


def pairs() -> Iterable[tuple[str, str]]:
    """Every (candidate, calibrator)."""
    return [(candidate, name) for candidate in (*SINGLE, AVERAGE) for name in CALIBRATORS]


def losses(raw: pd.DataFrame, calibrated: pd.DataFrame) -> pd.DataFrame:
    """The log score of every pair in every row with a known outcome, in nats: iso3, origin, and a column per pair."""
    known = raw[raw["event"].notna()]
    given = calibrated.loc[known.index].where(known["event"] == 1, 1 - calibrated.loc[known.index])
    return (-np.log(given.clip(lower=LEAST))).set_index(pd.MultiIndex.from_frame(known[["iso3", "origin"]]))


def choose(past: pd.DataFrame) -> tuple[str, str]:
    """The pair with the best mean log score; `past` are the rows of `losses` that count, each origin as much."""
    if past.index.get_level_values("origin").nunique() < ENOUGH:
        return DEFAULT
    return past.groupby(level="origin").mean().mean().idxmin()
