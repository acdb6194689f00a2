"""Forecasts of an invented release: intervals, places, reasons that add up, nearest cases."""

import numpy as np
import pandas as pd
import pytest

from models import backtest as rolling
from models import explain, forecast, risk
from tests.models.invented import STATES, Invented, task_of

pytestmark = pytest.mark.usefixtures("short_record")
REPLICATES = 8


@pytest.fixture(scope="module")
def task(short_record) -> rolling.Task:
    return task_of(Invented())


@pytest.fixture(scope="module")
def raw(task) -> pd.DataFrame:
    return rolling.raw_forecasts(task)


@pytest.fixture(scope="module")
def fitted(task, raw) -> forecast.Fitted:
    return forecast.fit(task, raw, forecast.losses_of(task, raw), task.last_origin)


@pytest.fixture(scope="module")
def drawn(task, raw) -> pd.DataFrame:
    return forecast.replicates(task, raw, task.last_origin, number=REPLICATES)


@pytest.fixture(scope="module")
def table(task, fitted, drawn) -> pd.DataFrame:
    return forecast.forecasts(task, fitted, drawn, release="2000-01").set_index("iso3")


def averaged(fitted: forecast.Fitted, task: rolling.Task) -> forecast.Fitted:
    """The same with the average of the four candidates, which has interactions, and a slope."""
    rows, scores = (task.known.dropna().reindex(task.frame.index).dropna() for _ in range(2))
    scores = task.frame.loc[rows.index, fitted.names].to_numpy()
    models = {name: model.fit(scores, rows) for name, model in risk.make_candidates(len(fitted.names)).items()}
    return forecast.Fitted((risk.AVERAGE, "sigmoid"), fitted.names, fitted.typical, models, risk.Line(0.3, 0.8))


def test_the_forecast_is_that_of_the_backtest_at_the_newest_origin(task, table):
    newest = rolling.backtest(task).query("model == 'published' and origin == 1998").set_index("iso3")["probability"]
    assert table["probability"].to_dict() == newest.to_dict()


def test_the_window_begins_after_the_origin_and_places_are_counted_from_the_highest(table):
    assert (table[["origin", "window_start", "window_end"]] == [1998, 1999, 2000]).all(axis=None)
    assert table.loc[table["probability"].idxmax(), "rank"] == 1
    assert (table["ranked"] == len(STATES)).all()


def test_intervals_hold_the_forecast_and_come_from_the_replicates(table, drawn):
    assert (table["lower"] <= table["probability"]).all()
    assert (table["probability"] <= table["upper"]).all()
    assert (table["rank_lower"] <= table["rank"]).all()
    assert (table["rank"] <= table["rank_upper"]).all()
    low = np.minimum(drawn.quantile(0.025), table["probability"])
    assert table["lower"].to_dict() == pytest.approx(low.to_dict())
    assert (table["upper"] - table["lower"]).max() > 0


def test_a_replicate_is_the_same_however_often_and_wherever_it_is_made(task, raw, drawn):
    with rolling.workers(2):
        again = forecast.replicates(task, raw, task.last_origin, number=3)
    assert again.equals(drawn.loc[:3])
    assert not np.allclose(drawn.loc[1], drawn.loc[2])


def test_a_country_that_is_not_drawn_teaches_the_model_nothing(task, raw):
    lost = forecast.losses_of(task, raw)
    others = pd.Series(1, STATES).drop("QMA")
    first = forecast.fit(task, raw, lost, 1998, others)
    changed = task.frame.copy()
    changed.loc["QMA"] = 0.0
    second = forecast.fit(
        rolling.Task(task.outcome, task.design, 2, changed, task.known, task.scores), raw, lost, 1998, others
    )
    rows = forecast.at_origin(task, 1998)[first.names].to_numpy()
    assert np.array_equal(first.log_odds(rows), second.log_odds(rows))


def test_a_state_of_which_too_little_is_known_has_a_row_without_a_probability(task, fitted, drawn):
    fewer = task.frame.drop("QMA")
    short = rolling.Task(task.outcome, task.design, 2, fewer, task.known, task.scores)
    table = forecast.forecasts(short, fitted, drawn.drop(columns="QMA"), release="2000-01").set_index("iso3")
    assert table.loc["QMA", ["probability", "lower", "upper", "rank"]].isna().all()
    assert table.loc["QMA", "coverage"] == task.scores.loc[("QMA", 1998), "coverage"]
    assert (table["ranked"] == len(STATES) - 1).all()


def test_without_replicates_there_is_no_interval(task, fitted):
    table = forecast.forecasts(task, fitted, None, release="2000-01")
    assert table[["lower", "upper", "rank_lower", "rank_upper"]].isna().all(axis=None)
    assert table["probability"].notna().all()


def test_the_base_rate_is_that_of_the_ten_newest_origins_whose_outcome_is_known(task):
    # at 1998 the windows of origins to 1996 are known
    known = task.known[task.known.index.get_level_values("origin").isin(range(1987, 1997))]
    assert forecast.base_rate(task, 1998) == pytest.approx(known.mean())


@pytest.mark.parametrize("make", [lambda fitted, task: fitted, averaged])
def test_contributions_add_up_to_the_log_odds_less_those_of_the_typical_state(task, fitted, make):
    model = make(fitted, task)
    rows = forecast.at_origin(task, 1998)[model.names].to_numpy()
    parts = explain.contributions(model, rows)
    assert parts.shape == rows.shape
    whole = model.log_odds(rows) - model.log_odds(model.typical[None, :])
    assert parts.sum(axis=1) == pytest.approx(whole, abs=1e-9)
    assert np.abs(parts).max() > 0.1


def test_an_indicator_at_its_typical_value_adds_nothing(task, fitted):
    model = averaged(fitted, task)
    rows = np.tile(model.typical, (1, 1))
    rows[0, 0] = 100.0
    parts = explain.contributions(model, rows)
    assert parts[0, 0] > 0
    assert parts[0, 1:] == pytest.approx(0, abs=1e-12)


def test_explanations_add_up_to_forecast_and_change_against_the_base_rate(task, fitted, table):
    lines = explain.explanations(task, fitted, Invented())
    total = lines.groupby("iso3")[["contribution", "change"]].sum()
    log_odds = {
        name: np.log(table[name]) - np.log1p(-table[name])
        for name in ("probability", "probability_before", "base_rate")
    }
    difference = (total["contribution"] - (log_odds["probability"] - log_odds["base_rate"])).abs()
    assert difference.max() < 1e-9
    moved = (total["change"] - (log_odds["probability"] - log_odds["probability_before"])).abs()
    assert moved.max() < 1e-9
    assert set(lines["indicator"]) == {*fitted.names, "level"}
    assert lines.loc[lines["indicator"] == "level", "factor"].isna().all()
    assert (lines.loc[lines["indicator"] != "level", "data_year"] == 1998).all()


def test_the_nearest_cases_are_five_other_states_with_what_followed(task):
    found = explain.cases(task)
    assert set(found.groupby("iso3").size()) == {5}
    assert (found["iso3"] != found["case_iso3"]).all()
    assert not found.duplicated(["iso3", "case_iso3"]).any()
    assert found["case_origin"].max() <= 1996  # later windows are not known
    assert found.groupby("iso3")["distance"].apply(lambda far: far.is_monotonic_increasing).all()
    one = found[found["iso3"] == "QMA"].iloc[0]
    factors = [name for name in task.scores if name.startswith("rf") and len(name) == 4]
    gap = task.scores.loc[("QMA", 1998), factors] - task.scores.loc[(one["case_iso3"], one["case_origin"]), factors]
    assert one["distance"] == pytest.approx(np.sqrt((gap.astype(float) ** 2).mean()))
    assert one["event"] == task.known[one["case_iso3"], one["case_origin"]]


def test_intervals_are_held_against_the_number_of_events(task):
    issued = pd.DataFrame({"origin": 1993, "published": 0.5, "event": 1.0}, index=pd.Index(STATES, name="iso3"))
    sure = pd.DataFrame(0.5, index=range(1, 31), columns=STATES)
    lines = forecast.check_intervals(task, issued, sure).set_index("places")
    # ten forecasts of a half and ten events: one chance in 1,024
    assert not lines.loc["1-10", "inside"]
    assert lines.loc["1-10", ["expected", "events"]].tolist() == [5.0, 10]
    assert lines.loc["1-10", ["lower", "upper"]].tolist() == [2, 8]  # the binomial's 95 % of ten throws
    assert (
        forecast.check_intervals(task, issued.assign(event=np.nan), sure).set_index("places").loc["1-10", "events"] == 0
    )
    unsure = sure.assign(**dict.fromkeys(STATES, np.linspace(0.01, 0.99, 30)))
    assert forecast.check_intervals(task, issued, unsure).set_index("places").loc["1-10", "inside"]
