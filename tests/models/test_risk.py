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
    # ten forecasts of 0.5 and no event: odds times (5 + 0) / (5 + 5) = 1/2
    line = risk.drifting_intercept(past([0] * 10, 0.5), newest=2000, rate=0.5)
    assert line == risk.Line(pytest.approx(np.log(1 / 2)), 1.0)
    assert risk.from_log_odds(line(risk.log_odds(np.array([0.5])))) == pytest.approx([1 / 3])


def test_the_drifting_intercept_forgets_by_half_in_ten_years():
    # the same ten forecasts ten years ago weigh five: (5 + 0) / (5 + 2.5) = 2/3
    assert risk.drifting_intercept(past([0] * 10, 0.5, origin=1990), newest=2000, rate=0.5).intercept == pytest.approx(
        np.log(2 / 3)
    )


def test_the_prior_correction_moves_from_the_old_rate_to_the_recent_one():
    # one event in 20 rows, and one more at the old rate of 1 in 5: (1 + 1) / (20 + 5) = .08, odds 2/23 against 1/4
    line = risk.prior_correction(past([1] + [0] * 19, 0.3), newest=2000, rate=0.2)
    assert line.intercept == pytest.approx(np.log((2 / 23) / (1 / 4)))
    assert line.slope == 1


def test_a_sigmoid_keeps_the_order_and_meets_the_rate_of_the_past():
    rng = np.random.default_rng(0)
    probability = rng.uniform(0.05, 0.9, 4_000)
    event = rng.random(4_000) < probability / 2  # forecasts twice too high
    table = pd.DataFrame({"origin": 2000, "event": event.astype(int), "probability": probability})
    line = risk.sigmoid(table, newest=2000, rate=0.5)
    assert risk.from_log_odds(line(risk.log_odds(probability))).mean() == pytest.approx(event.mean(), abs=0.002)
    assert line.slope > 0


def test_the_average_is_taken_in_log_odds():
    # odds 1/3, 1/3, 3 and 3: their geometric mean is 1
    single = dict(zip(risk.SINGLE, (np.array([p]) for p in (0.25, 0.25, 0.75, 0.75)), strict=True))
    assert risk.combine(single) == pytest.approx([0.5])


def raw(origins: range) -> pd.DataFrame:
    """Twenty invented States a year, two events; the forest knows them, the others say 0.1 for all."""
    rows = pd.DataFrame({"iso3": [f"Q{n:02d}" for n in range(20)] * len(origins), "origin": np.repeat(origins, 20)})
    event = np.tile([1.0, 1.0] + [0.0] * 18, len(origins))
    plain = dict.fromkeys((*risk.SINGLE, risk.AVERAGE, "climatology"), 0.1)
    return rows.assign(event=event, **plain).assign(forest=np.where(event == 1, 0.6, 0.05))


def newest_known(origin: int) -> int:
    return origin - 2


def chosen(table: pd.DataFrame, calibrated: pd.DataFrame) -> dict[int, tuple[str, str]]:
    lost = risk.losses(table, calibrated)
    known = lost.index.get_level_values("origin")
    return {origin: risk.choose(lost[known <= newest_known(origin)]) for origin in table["origin"].unique()}


def test_the_best_of_the_past_is_chosen_once_enough_of_it_is_known():
    table = raw(range(2000, 2012))
    pairs = chosen(table, risk.calibrate(table, newest_known=newest_known))
    # at 2006 the origins to 2004 are known, five of them
    assert {pairs[origin] for origin in range(2000, 2006)} == {risk.DEFAULT}
    assert {pairs[origin][0] for origin in range(2006, 2012)} == {"forest"}


def test_the_log_score_of_a_row_is_minus_the_logarithm_of_what_was_given_to_what_happened():
    table = raw(range(2000, 2001))
    lost = risk.losses(table, risk.calibrate(table, newest_known=newest_known))
    assert lost["forest", "none"].tolist() == pytest.approx([-np.log(0.6)] * 2 + [-np.log(0.95)] * 18)


def test_a_change_of_the_future_leaves_calibration_and_choice_of_the_past_as_they_were():
    table = raw(range(2000, 2012))
    later = table["origin"] >= 2008
    changed = table.assign(event=table["event"].where(~later, 1 - table["event"]))
    before, after = (risk.calibrate(one, newest_known=newest_known) for one in (table, changed))
    early = table["origin"] <= 2009  # at 2009 nothing after 2007 is known
    assert before[early].equals(after[early])
    first, second = chosen(table, before), chosen(changed, after)
    assert all(first[origin] == second[origin] for origin in range(2000, 2010))
    assert not before[~early].equals(after[~early])


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
