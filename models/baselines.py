"""The plain models that any forecast has to beat: climatology, poverty and population, last state, the index alone."""

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.compose import make_column_transformer
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

NAMES = ("climatology", "infant_mortality_population", "last_state", "index")
POVERTY = ["infant_mortality_per_1000", "population_millions"]
STATE = ["event_last", "events_5_years"]
INDEX = ["structural", "dynamic"]


def make_baselines() -> dict[str, BaseEstimator]:
    """The four baselines, each to be fitted on a frame with the columns that it names."""
    return {
        "climatology": DummyClassifier(strategy="prior"),
        "infant_mortality_population": _logistic(POVERTY),
        "last_state": _logistic(STATE),
        "index": _logistic(INDEX),
    }


def _logistic(columns: list[str]) -> BaseEstimator:
    # the last state is not known of the first years of a record: a constant then, so that the rate remains
    filled = SimpleImputer(strategy="median", keep_empty_features=True)
    chosen = make_column_transformer((filled, columns))
    return make_pipeline(chosen, StandardScaler(), LogisticRegression(C=1e6, max_iter=1_000))


def last_state(event: pd.Series, frame: pd.DataFrame, *, lag: int) -> pd.DataFrame:
    """What of the outcome itself is known at an origin, on the rows of `frame`: two columns, missing before it is.

    `event_last`: whether it came in the newest known year; `events_5_years`: how often in the five newest.
    """
    wide = event.unstack("year")
    wide = wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + lag + 1)).shift(
        lag, axis="columns"
    )
    recent = wide.T.rolling(5, min_periods=1).sum().T.where(wide.notna())
    columns = {"event_last": wide, "events_5_years": recent}
    long = {name: table.rename_axis(columns="origin").stack() for name, table in columns.items()}
    return pd.DataFrame({name: values.reindex(frame.index).astype(float) for name, values in long.items()}).replace(
        {pd.NA: np.nan}
    )
