"""Why a forecast is what it is: what each indicator adds, and the past cases that are nearest."""

import numpy as np
import pandas as pd
from sklearn.metrics.pairwise import nan_euclidean_distances

from models import risk
from models.backtest import Task
from models.design import as_known
from models.forecast import Fitted, at_origin, base_rate
from models.track import LEVEL_LINE
from release import Release

DIGITS = 12  # after the point, of a contribution: a hundred of them still add up to the forecast to 1e-10
ORDERS = 16  # in which the indicators are set to the State's values, half of them the reverse of the other half
NEAREST = 5


def contributions(fitted: Fitted, scores: np.ndarray) -> np.ndarray:
    """What each indicator adds to each row's log-odds: rows by indicators, summing to the row's less the typical ones.

    From the State with typical values to the row, one indicator at a time; what a step adds is averaged over several
    orders, which only matters where indicators act together (Shapley values by sampling; Strumbelj and Kononenko
    2014, doi:10.1007/s10115-013-0679-x). A model without interactions gives the same in every order.
    """
    number = scores.shape[1]
    rng = np.random.default_rng(0)
    orders = [
        order for _ in range(ORDERS // 2) for forth in [rng.permutation(number)] for order in (forth, forth[::-1])
    ]
    total = np.zeros_like(scores)
    for order in orders:
        steps = np.tile(fitted.typical, (number + 1, len(scores), 1))
        for step, indicator in enumerate(order, start=1):
            steps[step:, :, indicator] = scores[:, indicator]
        reached = fitted.log_odds(steps.reshape(-1, number)).reshape(number + 1, len(scores))
        total[:, order] += np.diff(reached, axis=0).T
    return total / len(orders)


def explanations(task: Task, fitted: Fitted, release: Release) -> pd.DataFrame:
    """The table `explanations` of one outcome and window, as data/codebook.toml has it."""
    origin = task.last_origin
    used = as_known(release.indicators, task.design)
    data_years = used[used["origin"] == origin].set_index(["iso3", "indicator"])["data_year"].astype("Int64")
    now, before = (at_origin(task, each).droplevel("origin")[fitted.names] for each in (origin, origin - 1))
    parts, earlier = (
        pd.DataFrame(contributions(fitted, rows.to_numpy()), rows.index, rows.columns) for rows in (now, before)
    )
    level = fitted.log_odds(fitted.typical[None, :])[0] - risk.log_odds(np.array(base_rate(task, origin)))
    parts, earlier = parts.assign(**{LEVEL_LINE: level}), earlier.assign(**{LEVEL_LINE: level})
    change = (parts - earlier.reindex(parts.index)).rename_axis(columns="indicator").stack()
    table = parts.rename_axis(columns="indicator").stack().rename("contribution").to_frame().assign(change=change)
    table = table.join(data_years).reset_index()
    factor = table["indicator"].map(release.catalogue.set_index("indicator")["factor"]).astype("Int64")
    rounded = table.round({"contribution": DIGITS, "change": DIGITS})
    return rounded.assign(outcome=task.outcome.name, window_years=task.window, factor=factor)


def cases(task: Task) -> pd.DataFrame:
    """The table `cases` of one outcome and window: the nearest past cases with a known outcome, of five States."""
    factors = task.scores[[name for name in task.scores if name.startswith("rf") and len(name) == 4]]
    now, known = at_origin(task, task.last_origin), task.known.reindex(task.frame.index).dropna()
    past = factors.reindex(known.index)
    apart = nan_euclidean_distances(factors.reindex(now.index), past) / np.sqrt(factors.shape[1])
    found = [_nearest(state, distance, known) for (state, _), distance in zip(now.index, apart, strict=True)]
    return pd.concat(found, ignore_index=True).assign(outcome=task.outcome.name, window_years=task.window)


def _nearest(state: str, distance: np.ndarray, known: pd.Series) -> pd.DataFrame:
    table = known.rename("event").reset_index().rename(columns={"iso3": "case_iso3", "origin": "case_origin"})
    others = table.assign(distance=distance)[table["case_iso3"] != state].sort_values("distance", kind="stable")
    nearest = others.drop_duplicates("case_iso3").head(NEAREST)
    return nearest.assign(iso3=state, place=range(1, len(nearest) + 1))
