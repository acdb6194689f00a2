"""The backtest on an invented release: nothing from the future, the same numbers on one machine and on a cluster."""

import os
import signal
import threading
import time

import numpy as np
import pandas as pd
import pytest
from dask.distributed import LocalCluster
from joblib import Memory

from indicators.catalogue import read_catalogue
from models import backtest as rolling
from models.design import Design
from models.outcomes import OUTCOMES

YEARS = range(1980, 1999)
STATES = [f"Q{first}{second}" for first in "MNO" for second in "ABCDEF"]


class Invented:
    """What a backtest reads of a release: States whose first indicator drives the event, and noise."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        spine = pd.DataFrame([(state, year) for state in STATES for year in YEARS], columns=["iso3", "year"])
        risk = rng.uniform(0, 100, len(spine))
        names = list(read_catalogue())
        scores = {name: risk if n == 0 else rng.uniform(0, 100, len(spine)) for n, name in enumerate(names)}
        wide = pd.concat([spine, pd.DataFrame(scores)], axis=1)
        long = wide.melt(["iso3", "year"], var_name="indicator", value_name="score")
        self.indicators = long.assign(data_year=long["year"], source="vdem", gw_code=pd.NA)
        self.scores = spine.assign(gw_code=pd.NA, country=spine["iso3"])
        before = wide.groupby("iso3")[names[0]].shift()
        onset = (before > 85).astype(float)
        self.events = spine.assign(event="mass_killing_onset", count=onset, source="mass_killing")
        self.countries = pd.DataFrame({"iso3": STATES, "gw_code": pd.NA})

    def changed_after(self, year: int) -> "Invented":
        """The same world up to a year, another after it."""
        other = Invented()
        late, happened = other.indicators["year"] > year, other.events["year"] > year
        other.indicators["score"] = other.indicators["score"].where(~late, 100 - other.indicators["score"])
        other.events["count"] = other.events["count"].where(~happened, 1 - other.events["count"])
        return other


def run(release: Invented, *, memory: Memory | None = None) -> pd.DataFrame:
    design = Design("aligned", dict.fromkeys(read_catalogue(), 0), 0)
    return rolling.backtest(release, OUTCOMES["mass_killing"], design, window=2, memory=memory)


@pytest.fixture(scope="module", autouse=True)
def _short():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rolling, "WARM_UP", 1)
        patch.setattr(rolling, "LEAST_EVENTS", 5)
        yield


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return run(Invented())


def test_every_model_forecasts_every_state_at_every_origin(table):
    assert table["origin"].min() == 1993
    assert table["origin"].max() == 1998
    assert not table.duplicated(rolling.KEYS).any()
    assert set(table.groupby(["origin", "model"]).size()) == {len(STATES)}
    assert table["probability"].between(0, 1).all()
    assert (table["window_end"] - table["window_start"] == 1).all()


def test_an_outcome_that_is_not_yet_known_is_missing(table):
    # events are known to 1998: the window of origin 1996 is the last that is whole
    known = table.groupby("origin")["event"].apply(lambda event: event.notna().all())
    assert known[known].index.max() == 1996
    assert table.loc[table["origin"] > 1996, "event"].isna().all()


def test_a_change_of_the_future_leaves_the_forecasts_of_the_past_as_they_were_to_the_bit(table):
    # at 1995 the features of 1995 and the outcomes to 1995 are known
    after = run(Invented().changed_after(1995))
    early = table["origin"] <= 1995
    assert table[early].drop(columns="event").equals(after[early].drop(columns="event"))
    assert not table[~early]["probability"].equals(after[~early]["probability"])


def test_what_drives_the_event_is_found(table):
    known = table[table["event"].notna() & (table["model"] == "additive")]
    assert known.loc[known["event"] == 1, "probability"].mean() > known.loc[known["event"] == 0, "probability"].mean()


def test_origins_that_are_done_are_not_done_again(tmp_path, monkeypatch):
    memory = Memory(tmp_path, verbose=0)
    first = run(Invented(), memory=memory)
    monkeypatch.setattr(rolling.risk, "make_candidates", lambda features: pytest.fail("fitted again"))
    assert run(Invented(), memory=memory).equals(first)


def test_a_record_without_enough_events_is_named():
    quiet = Invented()
    quiet.events["count"] = 0.0
    with pytest.raises(
        ValueError, match=r"No origin of the aligned design \(window of 2\) has 5 events before it: 0 are"
    ):
        run(quiet)


def test_two_processes_and_a_cluster_with_a_worker_killed_give_the_same_numbers(table):
    with rolling.workers(2):
        assert run(Invented()).equals(table)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        killer = threading.Thread(target=lambda: (time.sleep(2), os.kill(victim, signal.SIGKILL)))
        killer.start()
        with rolling.workers(scheduler=cluster.scheduler_address):
            assert run(Invented()).equals(table)
        killer.join()


def test_a_scheduler_that_cannot_be_reached_is_named(monkeypatch):
    monkeypatch.setattr(rolling, "CONNECT", 1)
    with (
        pytest.raises(
            ConnectionError, match=r"scheduler tcp://127.0.0.1:9 cannot be reached .* run without --scheduler"
        ),
        rolling.workers(scheduler="tcp://127.0.0.1:9"),
    ):
        pytest.fail("reached")
