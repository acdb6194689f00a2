"""What the outcomes share, on an invented world in which the first indicator drives the event and the rest is noise."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from models import backtest as rolling
from models import drivers
from models.outcomes import OUTCOMES
from tests.models.invented import Invented, task_of

pytestmark = pytest.mark.usefixtures("short_record")
FIRST, *NOISE = Invented().catalogue["indicator"]


@pytest.fixture(scope="module")
def task(short_record) -> rolling.Task:
    return task_of(Invented())


@pytest.fixture(scope="module")
def groups() -> drivers.Groups:
    """Two factors, the one with the indicator that drives the event, and two single indicators."""
    catalogue = Invented().catalogue
    every = drivers.groups_of(catalogue)
    return {name: every[name] for name in ("rf01", "rf09", FIRST, NOISE[-1])}


@pytest.fixture(scope="module")
def made(task, groups) -> pd.DataFrame:
    return drivers.forecasts(task, groups)


@pytest.fixture(scope="module")
def table(task, made, groups) -> pd.DataFrame:
    return drivers.drivers(task, made, groups).set_index(["measure", "driver"])


def test_the_groups_are_the_factors_and_each_indicator_by_itself():
    found = drivers.groups_of(pd.DataFrame({"indicator": ["one", "two", "three"], "factor": [1, 13, 1]}))
    assert found == {
        "rf01": ("one", "three"), "rf13": ("two",), "one": ("one",), "two": ("two",), "three": ("three",),
    }  # fmt: skip


def test_a_forecast_without_a_factor_is_the_one_of_typical_values_in_it(task, made, groups):
    origin = int(made["origin"].max())
    held = replace(task, frame=task.frame.copy())
    names = [name for name in groups["rf01"] if name in task.frame]
    train, test = rolling.split(task.frame, task.known, design=task.design, origin=origin, window=task.window)
    rows = held.frame.index[test]
    held.frame.loc[rows, names] = task.frame.iloc[train][names].median().to_numpy()
    expected = drivers.forecast_at(held, held.key, {}, origin)[drivers.OWN]
    found = made.loc[made["origin"] == origin, "rf01"]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_what_drives_the_event_is_told_from_noise(table):
    assert table.loc[("adds", "rf01"), "lower"] > 0.05
    assert table.loc[("adds", FIRST), "lower"] > 0.05
    assert table.loc[("adds", "rf09"), "upper"] < 0.05
    assert table.loc[("alone", FIRST), "lower"] > 0.6
    assert table.loc[("alone", NOISE[-1]), "lower"] < 0.5 < table.loc[("alone", NOISE[-1]), "upper"]
    assert set(table.loc["alone", "level"].items()) == {
        ("rf01", "factor"), ("rf09", "factor"), (FIRST, "indicator"), (NOISE[-1], "indicator"),
    }  # fmt: skip


def test_an_indicator_alone_is_scored_by_scikit_learn_on_the_rows_as_known(task, made, table):
    known = made[["iso3", "origin", "event"]].dropna().join(task.frame[FIRST], on=["iso3", "origin"])
    assert table.loc[("alone", FIRST), "estimate"] == pytest.approx(roc_auc_score(known["event"], known[FIRST]))


def test_nothing_from_after_an_origin_is_used_at_it(task, made):
    cut = int(made["origin"].max()) - 3
    other = drivers.forecasts(task_of(Invented().changed_after(cut)), {})
    before = made["origin"] <= cut
    pd.testing.assert_series_equal(
        made.loc[before, drivers.OWN], other.loc[other["origin"] <= cut, drivers.OWN], check_index=False
    )


def two_tasks(task: rolling.Task) -> dict[str, rolling.Task]:
    """The invented event under its name, and its opposite under another: what is risky for one is not for the other."""
    opposite = replace(task, outcome=OUTCOMES["state_killing"], known=1 - task.known)
    return {"mass_killing": task, "state_killing": opposite}


def test_a_model_of_the_opposite_has_less_than_no_skill_and_of_random_outcomes_none(task):
    tasks = two_tasks(task)
    made = {name: drivers.forecasts(each, {}) for name, each in tasks.items()}
    random = {
        name: [drivers.forecasts(drivers.shuffled(each, n), {}) for n in range(6)] for name, each in tasks.items()
    }
    table = drivers.transfer(tasks, made, random).query("metric == 'auc'").set_index(["outcome", "trained_on"])
    assert table.loc[("mass_killing", "mass_killing"), "estimate"] > 0.7
    assert table.loc[("mass_killing", "state_killing"), "estimate"] < 0.3
    assert table.loc[("mass_killing", "state_killing"), "own_less_lower"] > 0.3
    assert table.loc[("mass_killing", "mass_killing"), "own_less"] == 0
    assert table["chance"].between(0.3, 0.7).all()
    assert (table["chance_lower"] <= 0.5).all()
    assert (table["chance_upper"] >= 0.5).all()
    assert table.loc[("mass_killing", "mass_killing"), "estimate"] > table["chance_upper"].max()


def test_outcomes_dealt_out_anew_are_as_many_and_elsewhere(task):
    dealt = drivers.shuffled(task, 0)
    assert dealt.known.sum() == task.known.sum()
    assert not dealt.known.equals(task.known)
    assert dealt.known.index.equals(task.known.index)
    assert drivers.shuffled(task, 0).known.equals(dealt.known)
    assert not drivers.shuffled(task, 1).known.equals(dealt.known)


def test_the_months_add_what_they_alone_know(task):
    world = Invented()
    catalogue = world.catalogue.assign(source="vdem")
    catalogue.loc[catalogue["indicator"] == FIRST, "source"] = "ucdp_monthly;ucdp_candidate_monthly"
    lean = drivers.without_months(task, catalogue)
    assert FIRST not in lean.frame
    assert FIRST not in lean.design.ages
    assert len(lean.design.ages) == len(task.design.ages) - 1
    raw, plain = rolling.raw_forecasts(task), rolling.raw_forecasts(lean)
    found = drivers.nowcast(task, raw, plain, lean).set_index(["layer", "metric"])
    assert found.loc[("difference", "auc"), "lower"] > 0.2
    assert found.loc[("with", "auc"), "estimate"] - found.loc[("without", "auc"), "estimate"] == pytest.approx(
        found.loc[("difference", "auc"), "estimate"]
    )
    assert found.loc[("difference", "log_score"), "upper"] < 0


def test_an_indicator_on_trial_adds_what_no_other_knows(task):
    world = Invented()
    lean = replace(
        task,
        frame=task.frame.drop(columns=FIRST),
        design=replace(task.design, ages={name: 0 for name in task.design.ages if name != FIRST}),
    )
    scores = world.indicators.query("indicator == @FIRST").set_index(["iso3", "year"])["score"]
    found = drivers.trial(lean, scores, age=0).set_index("measure")
    assert found.loc["adds", "lower"] > 0.1
    assert found.loc["alone", "estimate"] == pytest.approx(
        drivers.drivers(task, drivers.forecasts(task, {}), {FIRST: (FIRST,)} | {})
        .set_index(["measure", "driver"])
        .loc[("alone", FIRST), "estimate"]
    )
    late = drivers.trial(lean, scores, age=1).set_index("measure")
    # a year later the value says nothing of what comes next
    assert late.loc["adds", "estimate"] < found.loc["adds", "estimate"] / 2


def test_a_first_look_at_an_indicator_is_scored_on_every_so_many_origins(task):
    scores = Invented().indicators.query("indicator == @FIRST").set_index(["iso3", "year"])["score"]
    scored = drivers.trial(task, scores, age=0, every=4).set_index("measure").loc["alone", "n"]
    origins = [origin for origin in task.origins if origin >= 1993 and (origin - 1993) % 4 == 0]
    known = task.known.reindex(task.frame.index).dropna().reset_index()
    assert scored == known["origin"].isin(origins).sum()
