"""How much places depend on choices: small cases worked by hand, and what must hold whatever the data."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from indicators import sensitivity
from indicators.composite import MEANS
from indicators.sensitivity import CHOICES, ranks_of
from tests.indicators.test_composite import frame
from tests.test_pipeline import invented_panel_and_scores

PUBLISHED = [0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0]  # the inputs that stand for the published choices


@pytest.fixture(scope="module")
def world() -> dict[str, pd.DataFrame]:
    """An invented world of the newest year, QMA to QMC with an index."""
    panel, scores, catalogue, factors = invented_panel_and_scores()
    return {"scores": scores, "indicators": panel, "catalogue": catalogue, "factors": factors}


@pytest.fixture(scope="module")
def made(world) -> dict[str, pd.DataFrame]:
    return sensitivity.sensitivity(**world, year=2014)


def three() -> sensitivity.Options:
    """Three States; QMB lacks the indicator b."""
    states = {
        "QMA": {"a": 40.0, "b": 80.0, "c": 10.0, "d": 0.0, "e": 60.0},
        "QMB": {"a": 20.0, "c": 20.0, "d": 20.0, "e": 10.0},
        "QMC": {"a": 60.0, "b": 20.0, "c": 30.0, "d": 10.0, "e": 20.0},
    }
    return sensitivity.make_options(frame(**states))


def test_those_alike_share_the_better_place():
    assert ranks_of(np.array([[10.0, 30.0, 30.0, 20.0]])).tolist() == [[4, 1, 1, 3]]


def test_percentile_ranks_are_the_share_below_and_half_of_those_alike():
    scores = np.array([[5.0], [np.nan], [0.0], [0.0], [9.0]])
    # of four: the two zeros have none below and half of two alike, 1 / 4; then 2.5 / 4 and 3.5 / 4
    found = sensitivity.as_percentiles(scores)[:, 0]
    assert found[[0, 2, 3, 4]].tolist() == [62.5, 25, 25, 87.5]
    assert np.isnan(found[1])


def test_standard_scores_have_the_mean_at_50_and_leave_missing_missing():
    found = sensitivity.as_standard(np.array([[1.0, 7.0], [3.0, 7.0], [np.nan, 7.0]]))
    # mean 2, standard deviation 1: one less and one more; a column that does not vary is at 50
    assert found[:2, 0] == pytest.approx([50 - 100 / 6, 50 + 100 / 6])
    assert np.isnan(found[2, 0])
    assert found[:, 1].tolist() == [50, 50, 50]


def test_data_driven_weights_are_squared_loadings_that_sum_to_1():
    x = np.array([1.0, 2.0, 3.0, 4.0])
    # two columns that say the same, whichever way round, and one without variation
    assert sensitivity.principal_weights(np.column_stack([x, -x, np.ones(4)])) == pytest.approx([0.5, 0.5, 0])
    filled = np.array([1.0, 2.0, np.nan, 6.0])  # its mean is 3
    assert sensitivity.principal_weights(np.column_stack([filled, x])) == pytest.approx([0.5, 0.5])


def test_the_middle_of_nothing_changed_is_the_published_setting():
    options = three()
    # factor 2: QMA 50, QMB 20, QMC 50; structural 30, 20, 40; dynamic 30, 15, 15; index 30, 17.5, 27.5
    assert sensitivity.ranks_at(options, np.array([PUBLISHED])).tolist() == [[1, 3, 2]]


def test_each_input_picks_its_own_choice():
    options = three()
    other = PUBLISHED.copy()
    other[2] = 1.0  # two thirds structural: (2 x 30 + 30) / 3, (2 x 20 + 15) / 3, (2 x 40 + 15) / 3
    assert sensitivity.ranks_at(options, np.array([other])).tolist() == [[2, 3, 1]]
    other = PUBLISHED.copy()
    other[6] = 0.5  # the first of the factors, 1, is left out: dynamic 60, 10, 20; index 45, 15, 30
    settings, means, scales = sensitivity._settings_at(options, np.array([other]))
    assert settings.factor_weights.tolist() == [[0, 1, 1, 1]]
    assert (means.tolist(), scales.tolist()) == ([0], [0])
    ends = np.full((1, len(CHOICES)), np.nextafter(1, 0))
    settings, means, scales = sensitivity._settings_at(options, ends)
    assert (means.tolist(), scales.tolist()) == ([len(MEANS) - 1], [len(sensitivity.SCALES) - 1])
    assert (settings.indicator_weights[0, -1], settings.factor_weights[0, -1]) == (0, 0)


def test_half_of_the_draws_leave_nothing_out_and_each_other_is_as_likely():
    kept = sensitivity._dropped(np.linspace(0, 1, 8000, endpoint=False), 4)
    assert kept.all(axis=1).sum() == 4000
    assert (kept == 0).sum(axis=0).tolist() == [1000] * 4


def test_random_weights_lie_between_half_and_double():
    options = three()
    times = options.indicator_weights["random"] / options.indicator_weights["expert"]
    assert times.shape == (sensitivity.RANDOM, 5)
    assert (times.min() >= 0.5, times.max() <= 2) == (True, True)
    assert np.log(times).mean() == pytest.approx(0, abs=0.05)


def test_the_tables_have_each_state_each_alternative_and_each_choice(world, made):
    states = made["sensitivity"]
    rows = world["scores"].query("year == 2014 and risk_index.notna()")
    assert states["iso3"].tolist() == rows["iso3"].tolist()
    assert states["ranked"].eq(len(rows)).all()
    assert states["rank"].tolist() == rows["risk_index"].rank(ascending=False, method="min").tolist()
    assert (states["rank_lower"] <= states["rank_median"]).all()
    assert (states["rank_median"] <= states["rank_upper"]).all()
    left_out = made["sensitivity_alternatives"].set_index("choice")["alternative"]
    assert left_out["dropped_indicator"].tolist() == world["catalogue"]["indicator"].tolist()
    assert left_out["dropped_factor"].tolist() == [name for name in rows if name.startswith("rf") and len(name) == 4]
    assert made["sensitivity_shares"]["choice"].tolist() == list(CHOICES)


def test_the_changes_of_an_alternative_are_those_of_its_column(made):
    states = made["sensitivity"].set_index("iso3")
    line = made["sensitivity_alternatives"].set_index("alternative").loc["percentile_ranks"]
    change = states["rank_percentile_ranks"] - states["rank"]
    assert line["mean_change"] == round(change.abs().mean(), 2)
    assert change[line["largest_iso3"]] == line["largest_change"]
    assert abs(line["largest_change"]) == change.abs().max()
    assert line["spearman"] == round(stats.spearmanr(states["rank_percentile_ranks"], states["rank"]).statistic, 4)


def test_a_factor_left_out_is_the_mean_of_the_others(world, made):
    rows = world["scores"].query("year == 2014 and risk_index.notna()").set_index("iso3")
    structural = rows[[f"rf{n:02d}" for n in (2, 3, 4, 5, 6)]].mean(axis=1)
    dynamic = rows[[f"rf{n:02d}" for n in (1, 7, 8, 11, 12, 13)]].mean(axis=1)
    expected = (structural + dynamic).rank(ascending=False, method="min")
    assert made["sensitivity"]["rank_without_rf09"].tolist() == expected.tolist()


def test_shares_are_shares_and_no_choice_does_less_in_all_than_alone(made):
    shares = made["sensitivity_shares"]
    assert shares["total"].between(0, 1).all()
    assert (shares["total_lower"] <= shares["total"]).all()
    assert (shares["total"] <= shares["total_upper"]).all()
    assert (shares["first_order"] <= shares["total"] + 0.02).all()
    assert shares["first_order"].sum() <= 1.02
    assert shares["total"].sum() >= 0.98


def test_a_choice_that_changes_nothing_has_no_share():
    """All indicators alike in each State: whatever the weights, the means and the scale, places are the same."""
    states = {f"QM{letter}": dict.fromkeys("abcde", 20.0 * at) for at, letter in enumerate("ABCD", start=1)}
    options = sensitivity.make_options(frame(**states))
    shares = sensitivity._shares(options, 2020)
    assert shares.drop(columns=["year", "choice"]).eq(0).all(axis=None)


def test_the_same_tables_give_the_same_bytes(world, made):
    again = sensitivity.sensitivity(**world, year=2014)
    for name, table in made.items():
        assert again[name].to_csv() == table.to_csv(), name
