"""Rolling origins: fit on what was known, forecast what was not; parallel through joblib, on one machine or a cluster.

The probabilities of every origin come from rows whose outcome was known at that origin; calibration and the choice
of the published model use earlier origins' forecasts alone.
"""

import hashlib
import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial

import pandas as pd
from dask.distributed import CancelledError, Client
from joblib import Memory, Parallel, delayed, parallel_config
from joblib.externals.loky.process_executor import TerminatedWorkerError
from pandas.util import hash_pandas_object
from rich.progress import track
from threadpoolctl import threadpool_limits

from models import risk
from models.baselines import INDEX, last_state, make_baselines
from models.design import DESIGNS, Design, features, make_design, scores_as_known, split, usable
from models.outcomes import Outcome, label, last_known_year
from models.track import BASELINES, PUBLISHED
from release import Release

FIRST = 1993  # origin, the first that is scored
WARM_UP = 10  # years of earlier origins, to calibrate and choose by
LEAST_EVENTS = 20  # training events below which no origin is tried
CONNECT = 10  # seconds
KEYS = ["outcome", "design", "origin", "window_years", "window_start", "window_end", "iso3", "gw_code", "model"]


@dataclass(frozen=True)
class Task:
    """One outcome, design and window of a release, ready to be forecast.

    `frame`: by State and origin, the indicator scores, and what the baselines need; only rows with enough known for
    an index. `known`: the outcome by (iso3, origin), where known. `scores`: factors, parts, index, coverage and mean
    data age of every State that existed.
    """

    outcome: Outcome
    design: Design
    window: int
    frame: pd.DataFrame
    known: pd.Series
    scores: pd.DataFrame

    def newest_known(self, origin: int) -> int:
        """The last origin whose outcome is known at an origin."""
        return self.design.newest_known(origin, self.window)

    @cached_property
    def key(self) -> str:
        """Stands for what is fitted, in the cache: joblib's own hash of equal tables is not always the same."""
        content = b"".join(hash_pandas_object(table).to_numpy().tobytes() for table in (self.frame, self.known))
        facts = f"{self.outcome.name} {self.design} {self.window} {list(self.frame)}"
        return hashlib.sha256(facts.encode() + content).hexdigest()

    def lean(self) -> "Task":
        """What the fits need, and no more: it travels with each of them."""
        return replace(self, scores=self.scores.iloc[:0])

    @property
    def last_origin(self) -> int:
        return int(self.frame.index.get_level_values("origin").max())

    @property
    def origins(self) -> list[int]:
        """All origins with enough events before them, those that only serve to calibrate by included.

        Raises:
            ValueError: there is none.
        """
        events = self.known[self.known == 1].index.get_level_values("origin")
        tried = range(FIRST - WARM_UP, self.last_origin + 1)
        ready = [origin for origin in tried if (events <= self.newest_known(origin)).sum() >= LEAST_EVENTS]
        if not ready:
            raise ValueError(
                f"No origin of the {self.design.name} design (window of {self.window}) has {LEAST_EVENTS} events "
                f"before it: {len(events)} are known in all. Take an outcome that is less rare, or a longer record."
            )
        return ready


def make_task(release: Release, outcome: Outcome, design: Design, *, window: int) -> Task:
    """What is known at each origin, and what came.

    Raises:
        ValueError: the release lacks a table of events.
    """
    event = outcome.events(release.events)
    spine = release.scores[["iso3", "gw_code", "country", "year"]]
    scores = scores_as_known(release.indicators, design, spine)
    enough = scores[scores["risk_index"].notna()]
    frame = features(release.indicators, design).join(enough[INDEX], how="inner")
    frame = frame.join(last_state(event, frame, lag=design.outcome_lag))
    watched = set(event.index.get_level_values("iso3"))  # UCDP files no deaths under a State that it does not list
    frame = frame[frame.index.get_level_values("iso3").isin(watched)]
    return Task(outcome, design, window, frame, label(event, window=window), scores)


def backtest(task: Task, *, memory: Memory | None = None, progress: bool = False) -> pd.DataFrame:
    """All models' forecasts at all origins: the keys, `probability`, and `event` (missing while it is not known).

    The last origin is the newest with features; its outcome need not be known. Run it inside `workers` to use more
    than one process; with `memory`, origins that are done are not done again.

    Raises:
        ValueError: no origin has enough events before it to learn from.
    """
    raw = raw_forecasts(task, memory=memory, progress=progress)
    table = _long(with_published(raw, task), task)
    return table[table["origin"] >= FIRST].reset_index(drop=True)


def published_backtest(raw: pd.DataFrame, task: Task) -> pd.DataFrame:
    """What a release holds of a backtest: the published model and the baselines, to four significant digits, at the
    origins before the newest, whose forecasts have a table of their own."""
    table = _long(with_published(raw, task)[["iso3", "origin", "event", PUBLISHED, *BASELINES]], task)
    table = table[table["origin"].between(FIRST, task.last_origin - 1)]
    return table.assign(probability=[float(f"{share:.4g}") for share in table["probability"]])


def raw_forecasts(task: Task, *, memory: Memory | None = None, progress: bool = False) -> pd.DataFrame:
    """Each origin's probabilities, not yet calibrated: iso3, origin, event, one column per model."""
    fit = memory.cache(forecast_at, ignore=["task"]) if memory else forecast_at
    # bound to the function, the tables travel with each call: given as arguments, Dask would keep one copy on one
    # worker, and lose it with that worker
    at = partial(fit, task.lean(), task.key)
    done = Parallel(return_as="generator")(delayed(at)(origin) for origin in task.origins)
    title = f"{task.outcome.name} {task.design.name} {task.window}y"
    return pd.concat(track(done, total=len(task.origins), description=title, disable=not progress), ignore_index=True)


def forecast_at(task: Task, key: str, origin: int) -> pd.DataFrame:
    """Every model's probabilities for the States of one origin: iso3, origin, event, one column per model.

    `key`: the task's, by which what is done is found again.
    """
    train, test = split(task.frame, task.known, design=task.design, origin=origin, window=task.window)
    target = task.known.reindex(task.frame.index).to_numpy()
    names = usable(task.frame[list(task.design.ages)].iloc[train])
    scores = task.frame[names].to_numpy()
    with one_thread():
        columns = {
            name: model.fit(task.frame.iloc[train], target[train]).predict_proba(task.frame.iloc[test])[:, 1]
            for name, model in make_baselines().items()
        }
        for name, model in risk.make_candidates(len(names)).items():
            columns[name] = model.fit(scores[train], target[train]).predict_proba(scores[test])[:, 1]
    columns[risk.AVERAGE] = risk.combine(columns)
    return task.frame.iloc[test].index.to_frame(index=False).assign(event=target[test], **columns)


@contextmanager
def one_thread() -> Iterator[None]:
    """What runs in parallel is the origins: within one, threads would wait for each other, and add up in any order."""
    with threadpool_limits(limits=1), parallel_config(backend="sequential"):
        yield


def with_published(raw: pd.DataFrame, task: Task) -> pd.DataFrame:
    """`raw` and the column `published`: at each origin the pair that did best before."""
    calibrated = risk.calibrate(raw, newest_known=task.newest_known)
    lost = risk.losses(raw, calibrated)
    known = lost.index.get_level_values("origin")
    picked = [
        calibrated.loc[rows.index, risk.choose(lost[known <= task.newest_known(origin)])]
        for origin, rows in raw.groupby("origin")
    ]
    return raw.assign(**{PUBLISHED: pd.concat(picked)})


def _long(raw: pd.DataFrame, task: Task) -> pd.DataFrame:
    long = raw.melt(["iso3", "origin", "event"], var_name="model", value_name="probability")
    states = task.scores["gw_code"].groupby(level="iso3").first()
    return long.assign(
        outcome=task.outcome.name,
        design=task.design.name,
        window_years=task.window,
        window_start=long["origin"] + 1,
        window_end=long["origin"] + task.window,
        gw_code=long["iso3"].map(states),
    )[[*KEYS, "probability", "event"]]


@contextmanager
def workers(jobs: int = 1, *, scheduler: str | None = None) -> Iterator[None]:
    """Where the fits run: `jobs` processes of this machine, or the workers of a Dask scheduler (tcp://…).

    Raises:
        ConnectionError: the scheduler cannot be reached, asks for a certificate, or is lost while there is work in it;
            or one of the processes was ended from outside.
    """
    if scheduler is None:
        with here(jobs):
            yield
        return
    try:
        client = Client(scheduler, timeout=CONNECT)
    except OSError as error:
        raise ConnectionError(
            f"The Dask scheduler {scheduler} cannot be reached within {CONNECT} seconds. Start it (`dask scheduler`), "
            "or run without --scheduler on this machine."
        ) from error
    except TypeError as error:  # so Dask says that it was told of no certificates
        raise ConnectionError(
            f"The Dask scheduler {scheduler} asks for a certificate, and none is named. Name the files in "
            "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, …__TLS__CLIENT__CERT and …__TLS__CLIENT__KEY."
        ) from error
    try:
        with client, parallel_config(backend="dask"):
            yield
    except CancelledError as error:
        raise ConnectionError(
            f"The Dask scheduler {scheduler} was lost. What is done is kept: start it again and run the same, or run "
            "without --scheduler on this machine."
        ) from error


@contextmanager
def here(jobs: int) -> Iterator[None]:
    """On processes of this machine, which end with the one that started them.

    Raises:
        ConnectionError: one of them was ended from outside.
    """
    try:
        with parallel_config("loky", n_jobs=jobs, initializer=end_with, initargs=(os.getpid(),)):
            yield
    except TerminatedWorkerError as error:
        raise ConnectionError(
            "A process that did a part of the work was ended from outside, perhaps for want of memory. What is done is "
            "kept: run the same again, with --jobs 1 if memory is short."
        ) from error


def end_with(parent: int) -> None:
    """Have this process end as soon as that one is gone: left to itself it would go on, and then wait for minutes."""
    if not hasattr(os, "pidfd_open"):  # not Linux: it ends when it has waited for work for five minutes
        return
    try:
        watched = os.pidfd_open(parent)
    except ProcessLookupError:
        os._exit(1)
    threading.Thread(target=_end_after, args=(watched,), daemon=True).start()


def _end_after(watched: int) -> None:
    gone = select.poll()
    gone.register(watched, select.POLLIN)
    gone.poll()
    os._exit(1)


def designs(release: Release, outcome: Outcome) -> dict[str, Design]:
    """Both designs of a release for an outcome."""
    last = last_known_year(outcome.events(release.events))
    return {
        name: make_design(name, release.indicators, as_of_year=release.as_of.year, last_outcome_year=last)
        for name in DESIGNS
    }
