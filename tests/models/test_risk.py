"""Candidates, calibrators, and the choice among them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import risk


def past(events: list[int], probability: float, origin: int = 2000) -> pd.DataFrame:
    return pd.DataFrame({"origin": origin, "event": events, "probability": probability})


@given(st.floats(0, 1), st.floats(0, 1))
def test_log_odds_and_back_keep_the_order(low, high):
    first, second = sorted((low, high))
    there = risk.from_log_odds(risk.log_odds(np.array([first, second])))
    assert there[0] <= there[1]
    assert there == pytest.approx(np.clip([first, second], risk.LEAST, 1 - risk.LEAST))


def test_the_drifting_intercept_moves_the_odds_by_events_over_forecasts():
    # ten forecasts of 0.5 and no event: odds times (5 + 0) / (5 + 5) = 1/2, so 0.5 becomes 1/3
    moved = risk.drifting_intercept(past([0] * 10, 0.5), np.array([0.5]), newest=2000)
    assert moved == pytest.approx([1 / 3])


def test_the_drifting_intercept_forgets_by_half_in_ten_years():
    # the same ten forecasts ten years ago weigh five: (5 + 0) / (5 + 2.5) = 2/3, so odds of 2/3 are 0.4
    moved = risk.drifting_intercept(past([0] * 10, 0.5, origin=1990), np.array([0.5]), newest=2000)
    assert moved == pytest.approx([0.4])


def test_a_sigmoid_keeps_the_order_and_meets_the_rate_of_the_past():
    rng = np.random.default_rng(0)
    probability = rng.uniform(0.05, 0.9, 4_000)
    event = rng.random(4_000) < probability / 2  # forecasts twice too high
    table = pd.DataFrame({"origin": 2000, "event": event.astype(int), "probability": probability})
    now = risk.sigmoid(table, probability, newest=2000)
    assert now.mean() == pytest.approx(event.mean(), abs=0.002)
    assert (np.diff(now[np.argsort(probability)]) >= 0).all()


def raw(origins: range) -> pd.DataFrame:
    """Twenty invented States a year, two events; the forest knows them, the others say 0.1 for all."""
    rows = pd.DataFrame({"iso3": [f"Q{n:02d}" for n in range(20)] * len(origins), "origin": np.repeat(origins, 20)})
    event = np.tile([1.0, 1.0] + [0.0] * 18, len(origins))
    plain = dict.fromkeys((*risk.SINGLE, risk.AVERAGE), 0.1)
    return rows.assign(event=event, **plain).assign(forest=np.where(event == 1, 0.6, 0.05))


def test_the_best_of_the_past_is_chosen_once_enough_of_it_is_known():
    table = raw(range(2000, 2012))
    calibrated = risk.calibrate(table, newest_known=lambda origin: origin - 2)
    chosen = risk.choose(table, calibrated, newest_known=lambda origin: origin - 2)
    # at 2005 the origins to 2003 are known, four of them; at 2006 five
    assert (chosen.loc[:2005] == pd.Series([risk.DEFAULT] * 6, range(2000, 2006))).all()
    assert {candidate for candidate, _ in chosen.loc[2006:]} == {"forest"}


def test_a_change_of_the_future_leaves_calibration_and_choice_of_the_past_as_they_were():
    table = raw(range(2000, 2012))
    later = table["origin"] >= 2008
    changed = table.assign(event=table["event"].where(~later, 1 - table["event"]))
    known = lambda origin: origin - 2  # noqa: E731
    before, after = (risk.calibrate(one, newest_known=known) for one in (table, changed))
    early = table["origin"] <= 2009  # at 2009 nothing after 2007 is known
    assert before[early].equals(after[early])
    chosen = [risk.choose(one, c, newest_known=known).loc[:2009] for one, c in ((table, before), (changed, after))]
    assert chosen[0].equals(chosen[1])


def test_more_risk_never_lowers_the_additive_model():
    rng = np.random.default_rng(0)
    scores = rng.uniform(0, 100, (2_000, 3))
    event = rng.random(2_000) < scores[:, 0] / 300
    model = risk.make_candidates(3)["additive"].fit(scores, event)
    line = np.tile([50.0, 50.0, 50.0], (50, 1))
    for feature in range(3):
        rising = line.copy()
        rising[:, feature] = np.linspace(0, 100, 50)
        assert (np.diff(model.predict_proba(rising)[:, 1]) >= 0).all()


def test_candidates_are_the_ones_named_in_advance():
    assert tuple(risk.make_candidates(2)) == risk.SINGLE
