"""What is known at an origin: the features of each State, and the rows whose outcome is known by then.

Two designs, never mixed. Aligned, the field's published test: features of year T, outcome in T+1 to T+w.
Operational: issued on 15 November of year T with what was out by then, outcome in the calendar years T+1 to T+w;
each indicator and each outcome is as old as in the release that the backtest stands for.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.catalogue import read_catalogue, read_factors
from indicators.scores import of_each, score_factors

DESIGNS = ("aligned", "operational")
ROW = ["iso3", "origin"]
LEAST_KNOWN = 0.3  # share of the training rows in which a feature must have a value


@dataclass(frozen=True)
class Design:
    """A design with the delays, in years, that it stands for.

    `ages`: by indicator, how old its newest value is at an origin; `outcome_lag`: how old the newest known outcome.
    """

    name: str
    ages: dict[str, int]
    outcome_lag: int

    def newest_known(self, origin: int, window: int) -> int:
        """The last origin whose outcome window is known at `origin`."""
        return origin - self.outcome_lag - window


def make_design(name: str, indicators: pd.DataFrame, *, as_of_year: int, last_outcome_year: int) -> Design:
    """The design of a release: without delay if aligned, else with the delays of its own newest row.

    Raises:
        ValueError: no such design.
    """
    if name not in DESIGNS:
        raise ValueError(f"{name!r} is no design; there are {', '.join(DESIGNS)}.")
    names = sorted(indicators["indicator"].unique())
    if name == "aligned":
        return Design(name, dict.fromkeys(names, 0), 0)
    newest = indicators.groupby("indicator")["data_year"].max()
    ages = {one: as_of_year - int(newest[one]) for one in names}
    return Design(name, ages, as_of_year - last_outcome_year)


def features(indicators: pd.DataFrame, design: Design) -> pd.DataFrame:
    """Indicator scores as known at each origin: one row per State and origin, one column per indicator.

    The score for an origin is that of the row `age` years before it, so that nothing newer than the design allows
    is used.

    Raises:
        ValueError: the table has an indicator that the design does not know.
    """
    wide = as_known(indicators, design).pivot(index=ROW, columns="indicator", values="score")
    return wide.reindex(columns=list(design.ages)).sort_index()


def as_known(indicators: pd.DataFrame, design: Design) -> pd.DataFrame:
    """The release's `indicators` with the `origin` at which the design knows each row; none after the newest row.

    Raises:
        ValueError: the table has an indicator that the design does not know.
    """
    unknown = sorted(set(indicators["indicator"].unique()) - set(design.ages))
    if unknown:
        raise ValueError(
            f"{len(unknown)} indicators are unknown to the design: {unknown[:5]}. Make the design from this release."
        )
    table = indicators.assign(origin=indicators["year"] + of_each(indicators["indicator"], design.ages))
    return table[table["origin"] <= int(indicators["year"].max())]


def scores_as_known(indicators: pd.DataFrame, design: Design, spine: pd.DataFrame) -> pd.DataFrame:
    """Factors, parts, index, coverage and mean data age as known at each origin, by the rules of `indicators.scores`.

    `spine`: iso3, gw_code, country, year; the rows wanted. No index where less than half of its weight is known.
    """
    shifted = as_known(indicators, design).drop(columns="year").rename(columns={"origin": "year"})
    scores = score_factors(shifted, spine, catalogue=read_catalogue(), factors=read_factors())
    return scores.rename(columns={"year": "origin"}).set_index(ROW)


def usable(known: pd.DataFrame) -> list[str]:
    """Features with a value in enough training rows and with more than one value; decided on these rows alone."""
    return [name for name in known if known[name].notna().mean() >= LEAST_KNOWN and known[name].nunique() > 1]


def split(frame: pd.DataFrame, label: pd.Series, *, design: Design, origin: int, window: int) -> tuple[np.ndarray, ...]:
    """Positions in `frame` of the training rows (outcome known at the origin) and of the origin's own rows.

    Raises:
        ValueError: no event among the training rows to learn from.
    """
    origins = frame.index.get_level_values("origin")
    known = label.reindex(frame.index)
    train = np.flatnonzero((origins <= design.newest_known(origin, window)) & known.notna())
    if not known.iloc[train].any():
        raise ValueError(
            f"At origin {origin} ({design.name}, window of {window}) there is no event to learn from: "
            f"{len(train)} rows are known. Begin with a later origin."
        )
    return train, np.flatnonzero(origins == origin)
