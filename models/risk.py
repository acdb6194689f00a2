"""The candidate models and their calibrators; which of them is published is decided at each origin on earlier ones.

Every feature is an indicator score, so more is riskier: additive boosting is bound to that sign.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

SINGLE = ("elastic_net", "additive", "forest", "boosting")
AVERAGE = "average"  # mean of the four
DEFAULT = ("additive", "drift")  # published while too few earlier origins have a known outcome to choose by
ENOUGH = 5  # origins with a known outcome, before anything is calibrated or chosen
LEAST = 1e-5  # probabilities are kept this far from 0 and 1
HALF_LIFE = 10.0  # years, of an earlier origin's weight in the drifting intercept
PRIOR_EVENTS = 5.0  # that speak for no drift


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
            RandomForestClassifier(300, min_samples_leaf=5, max_features="sqrt", random_state=0),
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


def uncalibrated(past: pd.DataFrame, now: np.ndarray, *, newest: int) -> np.ndarray:
    """The forecasts as they are."""
    return np.clip(now, LEAST, 1 - LEAST)


def sigmoid(past: pd.DataFrame, now: np.ndarray, *, newest: int) -> np.ndarray:
    """Platt's line through the log-odds of earlier origins' forecasts (doi:10.1145/1102351.1102430)."""
    line = LogisticRegression(C=1e6).fit(log_odds(past[["probability"]].to_numpy()), past["event"])
    return line.predict_proba(log_odds(now.reshape(-1, 1)))[:, 1]


def drifting_intercept(past: pd.DataFrame, now: np.ndarray, *, newest: int) -> np.ndarray:
    """The odds times events over forecasts of earlier origins, recent ones first, drawn towards no change."""
    weight = 0.5 ** ((newest - past["origin"]) / HALF_LIFE)
    events, forecasts = (weight * past["event"]).sum(), (weight * past["probability"]).sum()
    return from_log_odds(log_odds(now) + np.log((PRIOR_EVENTS + events) / (PRIOR_EVENTS + forecasts)))


CALIBRATORS: dict[str, Callable[..., np.ndarray]] = {
    "none": uncalibrated,
    "sigmoid": sigmoid,
    "drift": drifting_intercept,
}


def calibrate(raw: pd.DataFrame, *, newest_known: Callable[[int], int]) -> pd.DataFrame:
    """Every candidate's forecasts under every calibrator, each origin by earlier origins' forecasts alone.

    Args:
        raw: iso3, origin, event, and one column of probabilities per candidate.
        newest_known: the last origin whose outcome is known at an origin.

    Returns:
        `raw`'s index; one column (candidate, calibrator) each.
    """
    parts = [_calibrated(raw, origin, newest_known(origin)) for origin in sorted(raw["origin"].unique())]
    return pd.concat(parts).loc[raw.index]


def _calibrated(raw: pd.DataFrame, origin: int, newest: int) -> pd.DataFrame:
    now = raw[raw["origin"] == origin]
    known = raw[(raw["origin"] <= newest) & raw["event"].notna()]
    ready = known["origin"].nunique() >= ENOUGH and known["event"].nunique() == 2
    columns = {}
    for candidate in (*SINGLE, AVERAGE):
        past = known[["origin", "event"]].assign(probability=known[candidate])
        for name, calibrator in CALIBRATORS.items():
            use = calibrator if ready else uncalibrated
            columns[candidate, name] = use(past, now[candidate].to_numpy(), newest=newest)
    return pd.DataFrame(columns, index=now.index)


def choose(raw: pd.DataFrame, calibrated: pd.DataFrame, *, newest_known: Callable[[int], int]) -> pd.Series:
    """By origin, the (candidate, calibrator) with the best log score over all earlier origins with a known outcome."""
    by_origin = {
        origin: calibrated.loc[rows.index].apply(lambda p, e=rows["event"]: log_loss(e, p, labels=[0, 1]))
        for origin, rows in raw[raw["event"].notna()].groupby("origin")
    }
    chosen = {}
    for origin in sorted(raw["origin"].unique()):
        past = [score for earlier, score in by_origin.items() if earlier <= newest_known(origin)]
        chosen[origin] = DEFAULT if len(past) < ENOUGH else pd.concat(past, axis=1).mean(axis=1).idxmin()
    return pd.Series(chosen, name="chosen").rename_axis("origin")
