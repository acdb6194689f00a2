"""The forecasts that a release publishes: the newest origin's, with intervals from resampled countries.

A resample is fitted, calibrated and chosen anew: its countries' rows train the candidate, and their earlier forecasts
calibrate and choose it. The fits at earlier origins are not repeated; forty times the work would be needed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from joblib import Memory, Parallel, delayed
from rich.progress import track
from sklearn.base import BaseEstimator

from models import risk
from models.backtest import FIRST, Task, one_thread, with_published
from models.design import split, usable
from models.track import INTERVAL, PUBLISHED

REPLICATES = 200
INTERVALS = {"lower": float, "upper": float, "rank_lower": "Int64", "rank_upper": "Int64"}
RECENT = 10  # origins of the base rate
DIGITS = 4  # significant, of a replicate's probability
PLACES = {"1-10": (1, 10), "11-30": (11, 30), "31 and below": (31, 10_000)}
CHECKED_EVERY, CHECKED_BY = 6, 30  # origins, and replicates of each
DRAWS = 200  # of what may happen, for each replicate


@dataclass(frozen=True)
class Fitted:
    """The published model at an origin: the pair that did best before, and what it takes to forecast with it.

    `names`: the indicators used; `typical`: their medians in the training rows; `models`: the fitted candidates.
    """

    pair: tuple[str, str]
    names: list[str]
    typical: np.ndarray
    models: dict[str, BaseEstimator]
    line: risk.Line

    def log_odds(self, scores: np.ndarray) -> np.ndarray:
        """Calibrated log-odds of rows of indicator scores (columns: `names`; missing allowed)."""
        with one_thread():
            given = {name: model.predict_proba(scores)[:, 1] for name, model in self.models.items()}
        candidate = self.pair[0]
        return self.line(risk.log_odds(risk.combine(given) if candidate == risk.AVERAGE else given[candidate]))


def fit(task: Task, raw: pd.DataFrame, losses: pd.DataFrame, origin: int, drawn: pd.Series | None = None) -> Fitted:
    """The published model at an origin; with `drawn` (times by iso3) on a resample of the countries.

    `raw`, `losses`: earlier origins' forecasts and their log scores, from `models.backtest` and `models.risk`.
    """
    train, _ = split(task.frame, task.known, design=task.design, origin=origin, window=task.window)
    newest = task.newest_known(origin)
    rows = _resampled(task.frame.iloc[train], drawn)
    target = task.known.reindex(rows.index).to_numpy()
    past = _resampled(risk.known_at(raw, newest).set_index(["iso3"]), drawn)
    pair = risk.choose(_resampled(losses[losses.index.get_level_values("origin") <= newest], drawn))
    names = usable(rows[list(task.design.ages)])
    scores = rows[names].to_numpy()
    wanted = risk.SINGLE if pair[0] == risk.AVERAGE else (pair[0],)
    candidates = risk.make_candidates(len(names))
    with one_thread():
        models = {name: candidates[name].fit(scores, target) for name in wanted}
    line = risk.fit_line(past, *pair, newest=newest, rate=float(target.mean()))
    return Fitted(pair, names, np.nanmedian(scores, axis=0), models, line)


def _resampled(table: pd.DataFrame, drawn: pd.Series | None) -> pd.DataFrame:
    """Each row as often as its country was drawn."""
    if drawn is None:
        return table
    times = drawn.reindex(table.index.get_level_values("iso3"), fill_value=0).to_numpy()
    return table.iloc[np.repeat(np.arange(len(table)), times)]


def replicate(task: Task, raw: pd.DataFrame, losses: pd.DataFrame, key: str, origin: int, number: int) -> np.ndarray:
    """Probabilities of the origin's States, in the order of the frame, by a model of resample `number`.

    `key`: the task's, by which what is done is found again; the other tables follow from the task.
    """
    countries = sorted(task.frame.index.get_level_values("iso3").unique())
    share = np.full(len(countries), 1 / len(countries))
    times = np.random.default_rng(number).multinomial(len(countries), share)
    fitted = fit(task, raw, losses, origin, pd.Series(times, countries))
    return risk.from_log_odds(fitted.log_odds(at_origin(task, origin)[fitted.names].to_numpy()))


def replicates(
    task: Task, raw: pd.DataFrame, origin: int, *, number: int, memory: Memory | None = None, progress: bool = False
) -> pd.DataFrame:
    """Probabilities to four significant digits: one row per resample (from 1), one column per State of the origin."""
    lost = losses_of(task, raw)
    once = memory.cache(replicate, ignore=["task", "raw", "losses"]) if memory else replicate
    at = partial(once, task.lean(), raw, lost, task.key, origin)
    done = Parallel(return_as="generator")(delayed(at)(resample) for resample in range(1, number + 1))
    title = f"{task.outcome.name} {task.design.name} {task.window}y: resamples"
    rows = list(track(done, total=number, description=title, disable=not progress))
    columns = at_origin(task, origin).index.get_level_values("iso3")
    rounded = [[float(f"{share:.{DIGITS}g}") for share in row] for row in rows]
    return pd.DataFrame(rounded, index=pd.RangeIndex(1, number + 1, name="replicate"), columns=columns)


def losses_of(task: Task, raw: pd.DataFrame) -> pd.DataFrame:
    """Log scores of every calibrated candidate at every earlier origin; see `models.risk.losses`."""
    return risk.losses(raw, risk.calibrate(raw, newest_known=task.newest_known))


def at_origin(task: Task, origin: int) -> pd.DataFrame:
    """The frame's rows of one origin."""
    return task.frame[task.frame.index.get_level_values("origin") == origin]


def base_rate(task: Task, origin: int) -> float:
    """Share of rows with the event, 0 to 1, of the ten newest origins whose outcome is known."""
    newest = task.newest_known(origin)
    known = task.known.reindex(task.frame.index).dropna()
    origins = known.index.get_level_values("origin")
    return float(known[(origins > newest - RECENT) & (origins <= newest)].mean())


def forecasts(task: Task, fitted: Fitted, drawn: pd.DataFrame | None, *, release: str) -> pd.DataFrame:
    """One row per State of the newest origin, as data/codebook.toml has it; without `drawn`, without intervals.

    A State of which too little is known has no probability. An interval reaches at least to the forecast itself:
    models of fewer countries can lean to one side.
    """
    origin = task.last_origin
    rows, before = (at_origin(task, each).droplevel("origin")[fitted.names] for each in (origin, origin - 1))
    table = task.scores.xs(origin, level="origin")[["gw_code", "coverage", "data_age"]]
    probability = pd.Series(risk.from_log_odds(fitted.log_odds(rows.to_numpy())), rows.index)
    earlier = pd.Series(risk.from_log_odds(fitted.log_odds(before.to_numpy())), before.index)
    table = table.assign(
        probability=probability, probability_before=earlier.reindex(rows.index), **_places(probability)
    )
    if drawn is not None:
        table = table.assign(**_intervals(probability, drawn))
    table = table.reindex(columns=[*dict.fromkeys([*table, *INTERVALS])]).astype(INTERVALS)
    facts = {
        "release": release,
        "outcome": task.outcome.name,
        "design": task.design.name,
        "origin": origin,
        "window_years": task.window,
        "window_start": origin + 1,
        "window_end": origin + task.window,
        "model": PUBLISHED,
        "candidate": fitted.pair[0],
        "calibrator": fitted.pair[1],
        "base_rate": base_rate(task, origin),
        "ranked": len(probability),
    }
    return table.assign(**facts).reset_index()


def _places(probability: pd.Series) -> dict[str, pd.Series]:
    return {"rank": probability.rank(ascending=False, method="min").astype("Int64")}


def _intervals(probability: pd.Series, drawn: pd.DataFrame) -> dict[str, pd.Series]:
    low, high = (drawn.quantile(level) for level in INTERVAL)
    ranks = drawn.rank(axis="columns", ascending=False, method="min")
    place = _places(probability)["rank"]
    first, last = np.floor(ranks.quantile(INTERVAL[0])), np.ceil(ranks.quantile(INTERVAL[1]))
    return {
        "lower": np.minimum(low, probability),
        "upper": np.maximum(high, probability),
        "rank_lower": np.minimum(first, place).astype("Int64"),
        "rank_upper": np.maximum(last, place).astype("Int64"),
    }


def long_replicates(task: Task, drawn: pd.DataFrame) -> pd.DataFrame:
    """The table `replicates` of one outcome and window."""
    long = drawn.stack().rename("probability").reset_index()
    return long.assign(outcome=task.outcome.name, window_years=task.window)


def interval_checks(task: Task, raw: pd.DataFrame, resample: Callable[..., pd.DataFrame]) -> list[pd.DataFrame]:
    """The table `interval_checks` of one outcome, design and window: every sixth origin with a known outcome.

    `resample`: `replicates` of this task, given origin and number.
    """
    issued = with_published(raw, task)
    return [
        check_intervals(task, rows.set_index("iso3"), resample(origin, number=CHECKED_BY))
        for origin, rows in issued.groupby("origin")
        if origin >= FIRST and (origin - FIRST) % CHECKED_EVERY == 0 and rows["event"].notna().any()
    ]


def check_intervals(task: Task, issued: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Whether the number of events in three parts of an origin's list was within what its replicates led to expect:
    they say how sure the probabilities are, and chance does the rest.

    `issued`: by iso3, origin, published (the probability) and event, where known; `drawn` from `replicates`.
    """
    origin = int(issued["origin"].iloc[0])
    rank = issued[PUBLISHED].rank(ascending=False, method="first")
    rng = np.random.default_rng(origin)
    happened = rng.random((DRAWS, *drawn.shape)) < drawn[issued.index].to_numpy()
    lines = []
    for name, (first, last) in PLACES.items():
        part = (rank.between(first, last) & issued["event"].notna()).to_numpy()
        low, high = np.quantile(happened[:, :, part].sum(axis=2), INTERVAL)
        events = int(issued.loc[part, "event"].sum())
        lines.append((name, issued.loc[part, PUBLISHED].sum(), low, high, events, bool(low <= events <= high)))
    table = pd.DataFrame(lines, columns=["places", "expected", "lower", "upper", "events", "inside"])
    return table.assign(outcome=task.outcome.name, design=task.design.name, window_years=task.window, origin=origin)
