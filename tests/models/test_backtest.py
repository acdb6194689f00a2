"""The backtest on an invented release: nothing from the future, the same numbers in one process and in two."""

import pandas as pd
import pytest
from joblib import Memory

from models import backtest as rolling
from tests.models.invented import STATES, Invented, task_of


def run(release: Invented, *, memory: Memory | None = None) -> pd.DataFrame:
    return rolling.backtest(task_of(release), memory=memory)


pytestmark = pytest.mark.usefixtures("short_record")


@pytest.fixture(scope="module")
def table(short_record) -> pd.DataFrame:
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


def test_two_processes_give_the_same_numbers(table):
    with rolling.workers(2):
        assert run(Invented()).equals(table)


def test_a_state_has_forecasts_only_while_it_exists_and_enough_is_known_of_it(table):
    other = Invented()
    ended = (other.scores["iso3"] == "QMA") & (other.scores["year"] > 1994)
    other.scores = other.scores[~ended]
    unknown = (other.indicators["iso3"] == "QMB") & (other.indicators["year"] == 1995)
    few = other.indicators["indicator"].isin(other.indicators["indicator"].unique()[:20])
    other.indicators = other.indicators[~unknown | few]
    found = run(other)
    assert found.loc[found["iso3"] == "QMA", "origin"].max() == 1994
    assert set(found.loc[found["iso3"] == "QMB", "origin"]) == {1993, 1994, 1996, 1997, 1998}
    assert set(found.loc[found["iso3"] == "QMC", "origin"]) == set(table["origin"])


def test_a_release_without_a_table_of_events_is_named():
    other = Invented()
    other.events = other.events.assign(event="regime_change")
    with pytest.raises(ValueError, match=r"has no 'mass_killing_onset' among its events; it has \['regime_change'\]"):
        task_of(other)


def test_an_indicator_that_the_design_does_not_know_is_named():
    other = Invented()
    other.indicators.loc[0, "indicator"] = "invented_indicator"
    with pytest.raises(ValueError, match=r"1 indicators are unknown to the design: \['invented_indicator'\]"):
        task_of(other)


def test_what_a_release_holds_is_the_published_model_and_the_baselines_before_the_newest_origin(table):
    task = task_of(Invented())
    kept = rolling.published_backtest(rolling.raw_forecasts(task), task)
    assert set(kept["model"]) == {"published", "climatology", "infant_mortality_population", "last_state", "index"}
    assert set(kept["origin"]) == set(range(1993, 1998))
    both = kept.merge(table, on=rolling.KEYS)
    assert len(both) == len(kept)
    assert both["probability_x"].tolist() == pytest.approx(both["probability_y"].tolist(), rel=5e-4)  # four digits
