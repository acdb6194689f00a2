"""How often a change of the yearly list was right: of States that came into it, or left it, how many saw the event.

Counted in the backtest of the published model, where every change of the list counts: it has no intervals of places.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.track import INTERVAL, placed_rows

DRAWS = 1_000  # resamples of the States, for the interval
ENTERED, LEFT = "entered", "left"


@dataclass(frozen=True)
class Record:
    """Of `changes` of a list in the forecasts of `first` to `last`, `share` saw the event (0 to 1); `base` of all rows.

    The interval is missing where all or none saw it.
    """

    first: int
    last: int
    changes: int
    share: float
    lower: float
    upper: float
    base: float


def list_changes(backtest: pd.DataFrame, top: int) -> pd.DataFrame:
    """The published forecasts whose event is known, with `change`: "entered", "left" or "" against the year before.

    `backtest`: lines of one outcome, design and window. A State without a forecast in the year before is left out.
    """
    placed = placed_rows(backtest)[["iso3", "origin", "rank", "event"]]
    before = placed[["iso3", "origin", "rank"]].assign(origin=placed["origin"] + 1)
    rows = placed.merge(before, on=["iso3", "origin"], how="left", suffixes=("", "_before"), validate="1:1")
    known = rows[rows["event"].notna() & rows["rank_before"].notna()]
    listed, listed_before = known["rank"] <= top, known["rank_before"] <= top
    kinds = [listed & ~listed_before, ~listed & listed_before]
    return known.assign(change=np.select(kinds, [ENTERED, LEFT], ""))


def record(changes: pd.DataFrame, change: str) -> Record | None:
    """What followed one kind of change, with a 95 % interval from resampled States; None if there was none.

    `changes` from `list_changes`.
    """
    chosen = changes[changes["change"] == change]
    if chosen.empty:
        return None
    lower, upper = _interval(chosen)
    first, last = changes["origin"].min(), changes["origin"].max()
    return Record(
        int(first), int(last), len(chosen), float(chosen["event"].mean()), lower, upper, float(changes["event"].mean())
    )


def _interval(chosen: pd.DataFrame) -> tuple[float, float]:
    """States are drawn with all their changes, since those of one State are alike."""
    if chosen["event"].nunique() < 2:
        return float("nan"), float("nan")
    states = chosen.groupby("iso3")["event"].agg(["sum", "size"]).to_numpy()
    drawn = np.random.default_rng(0).multinomial(len(states), np.full(len(states), 1 / len(states)), DRAWS) @ states
    lower, upper = np.quantile(drawn[:, 0] / drawn[:, 1], INTERVAL)
    return float(lower), float(upper)
