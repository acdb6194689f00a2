"""Rolling origins: fit on what was known, forecast what was not; parallel through joblib, on one machine or a cluster.

The probabilities of every origin come from rows whose outcome was known at that origin; calibration and the choice
of the published model use earlier origins' forecasts alone.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

import numpy as np
import pandas as pd
from dask.distributed import Client
from joblib import Memory, Parallel, delayed, parallel_config
from rich.progress import track
from threadpoolctl import threadpool_limits

from models import risk
from models.baselines import last_state, make_baselines
from models.design import DESIGNS, Design, features, index_parts, make_design, split, usable
from models.outcomes import Outcome, label, last_known_year
from release import Release

FIRST = {"aligned": 1993, "operational": 1993}  # first origin that is scored
WARM_UP = 10  # years of earlier origins, to calibrate and choose by
LEAST_EVENTS = 20  # training events below which no origin is tried
CONNECT = 10  # seconds
KEYS = ["outcome", "design", "origin", "window_years", "window_start", "window_end", "iso3", "gw_code", "model"]


def backtest(
    release: Release,
    outcome: Outcome,
    design: Design,
    *,
    window: int,
    memory: Memory | None = None,
    progress: bool = False,
) -> pd.DataFrame:
    """All models' forecasts at all origins: the keys, `probability`, and `event` (missing while it is not known).

    The last origin is the newest with features; its outcome need not be known. Run it inside `workers` to use more
    than one process; with `memory`, origins that are done are not done again.

    Raises:
        ValueError: the release lacks a table of events, or no origin has enough events before it to learn from.
    """
    event = outcome.events(release.events)
    frame = _frame(release, event, design)
    known = label(event, window=window)
    origins = _origins(frame, known, design, window)
    fit = memory.cache(forecast_at) if memory else forecast_at
    # bound to the function, the tables travel with each task: given as arguments, Dask would keep one copy on one
    # worker, and lose it with that worker
    at = partial(fit, frame, known, design, window=window)
    tasks = (delayed(at)(origin=origin) for origin in origins)
    done = Parallel(return_as="generator")(tasks)
    shown = track(done, total=len(origins), description=f"{outcome.name} {design.name} {window}y") if progress else done
    raw = pd.concat(shown, ignore_index=True)
    newest = partial(design.newest_known, window=window)
    table = _long(_with_published(raw, newest), outcome, design, window)
    states = release.countries.set_index("iso3")["gw_code"]
    table = table.assign(gw_code=table["iso3"].map(states))
    return table[table["origin"] >= FIRST[design.name]][[*KEYS, "probability", "event"]].reset_index(drop=True)


def _frame(release: Release, event: pd.Series, design: Design) -> pd.DataFrame:
    """Features, parts of the index and the outcome's own past, for the States whose outcome is watched."""
    known = features(release.indicators, design)
    spine = release.scores[["iso3", "gw_code", "country", "year"]]
    parts = index_parts(release.indicators, design, spine)
    frame = known.join(parts).join(last_state(event, known, lag=design.outcome_lag))
    watched = set(event.index.get_level_values("iso3"))
    return frame[frame.index.get_level_values("iso3").isin(watched)]


def _origins(frame: pd.DataFrame, known: pd.Series, design: Design, window: int) -> list[int]:
    events = known[known == 1].index.get_level_values("origin")
    tried: Iterable[int] = range(FIRST[design.name] - WARM_UP, int(frame.index.get_level_values("origin").max()) + 1)
    ready = [o for o in tried if (events <= design.newest_known(o, window)).sum() >= LEAST_EVENTS]
    if not ready:
        raise ValueError(
            f"No origin of the {design.name} design (window of {window}) has {LEAST_EVENTS} events before it: "
            f"{len(events)} are known in all. Take an outcome that is less rare, or a longer record."
        )
    return ready


def forecast_at(frame: pd.DataFrame, known: pd.Series, design: Design, *, origin: int, window: int) -> pd.DataFrame:
    """Every model's probabilities for the States of one origin: iso3, origin, event, one column per model."""
    train, test = split(frame, known, design=design, origin=origin, window=window)
    target = known.reindex(frame.index).to_numpy()
    names = usable(frame[list(design.ages)].iloc[train])
    scores = frame[names].to_numpy()
    # what runs in parallel is the origins: within one, threads would wait for each other, and add up in any order
    with threadpool_limits(limits=1), parallel_config(backend="sequential"):
        columns = {
            name: model.fit(frame.iloc[train], target[train]).predict_proba(frame.iloc[test])[:, 1]
            for name, model in make_baselines().items()
        }
        for name, model in risk.make_candidates(len(names)).items():
            columns[name] = model.fit(scores[train], target[train]).predict_proba(scores[test])[:, 1]
    columns[risk.AVERAGE] = np.mean([columns[name] for name in risk.SINGLE], axis=0)
    rows = frame.iloc[test].index.to_frame(index=False)
    return rows.assign(event=target[test], **columns)


def _with_published(raw: pd.DataFrame, newest: partial) -> pd.DataFrame:
    """Adds `published`: at each origin the pair that did best before."""
    calibrated = risk.calibrate(raw, newest_known=newest)
    chosen = risk.choose(raw, calibrated, newest_known=newest)
    picked = [calibrated.loc[rows.index, chosen[origin]] for origin, rows in raw.groupby("origin")]
    return raw.assign(published=pd.concat(picked))


def _long(raw: pd.DataFrame, outcome: Outcome, design: Design, window: int) -> pd.DataFrame:
    long = raw.melt(["iso3", "origin", "event"], var_name="model", value_name="probability")
    return long.assign(
        outcome=outcome.name,
        design=design.name,
        window_years=window,
        window_start=long["origin"] + 1,
        window_end=long["origin"] + window,
    )


@contextmanager
def workers(jobs: int = 1, *, scheduler: str | None = None) -> Iterator[None]:
    """Where the fits run: `jobs` processes of this machine, or the workers of a Dask scheduler (tcp://…).

    Raises:
        ConnectionError: the scheduler cannot be reached.
    """
    if scheduler is None:
        with parallel_config(n_jobs=jobs):
            yield
        return
    try:
        client = Client(scheduler, timeout=CONNECT)
    except OSError as error:
        raise ConnectionError(
            f"The Dask scheduler {scheduler} cannot be reached within {CONNECT} seconds. Start it (`dask scheduler`), "
            "or run without --scheduler on this machine."
        ) from error
    with client, parallel_config(backend="dask"):
        yield


def designs(release: Release, outcome: Outcome) -> dict[str, Design]:
    """Both designs of a release for an outcome."""
    last = last_known_year(outcome.events(release.events))
    return {
        name: make_design(name, release.indicators, as_of_year=release.as_of.year, last_outcome_year=last)
        for name in DESIGNS
    }
