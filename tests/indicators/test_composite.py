"""The index under any weights: the published one under the published ones, and small cases worked by hand."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

import release
from indicators import composite
from indicators.composite import Settings, as_published, index_of, read_frame
from tests.test_pipeline import invented_panel_and_scores

# Two structural factors (2 with the indicators a and b, 3 with c), two dynamic ones (1 with d, 7 with e).
CATALOGUE = pd.DataFrame({"indicator": list("abcde"), "factor": [2, 2, 3, 1, 7], "weight": [3.0, 1.0, 1.0, 1.0, 1.0]})
FACTORS = pd.DataFrame(
    {
        "factor": [1, 2, 3, 7, 10],
        "part": ["dynamic", "structural", "structural", "dynamic", "dynamic"],
        "measured": [True, True, True, True, False],
    }
)
QMA = {"a": 40.0, "b": 80.0, "c": 10.0, "d": 0.0, "e": 60.0}
QMB = {"a": 20.0, "c": 20.0, "d": 20.0}  # of factor 2 three of four; factor 7 is not known


def frame(**states: dict[str, float]) -> composite.Frame:
    """The frame of these States' indicator scores in 2020; a factor is known where it holds half of its weight."""
    lines = [(iso3, 2020, name, score, 2018) for iso3, each in states.items() for name, score in each.items()]
    indicators = pd.DataFrame(lines, columns=["iso3", "year", "indicator", "score", "data_year"])
    rows = [
        {"iso3": iso3, "gw_code": 1, "year": 2020, "risk_index": 1.0}
        | {"rf01": each.get("d"), "rf02": each.get("a"), "rf03": each.get("c"), "rf07": each.get("e")}
        for iso3, each in states.items()
    ]
    return read_frame(pd.DataFrame(rows), indicators, CATALOGUE, FACTORS, 2020)


def one(frame: composite.Frame, *, share: float = 0.5, **weights: float) -> Settings:
    """One setting: published, but for these factors' weights."""
    known = dict.fromkeys(frame.codes, 1.0) | weights
    return Settings(frame.weights[None], np.array([list(known.values())]), np.array([share]))


def test_published_choices_give_the_published_index_of_an_invented_world_to_the_second_decimal():
    panel, scores, catalogue, factors = invented_panel_and_scores()
    for year in scores.loc[scores["risk_index"].notna(), "year"].unique():
        found = read_frame(scores, panel, catalogue, factors, year)
        assert index_of(found, as_published(found))[0].tolist() == found.states["risk_index"].tolist()


@pytest.mark.parametrize("year", [1975, 1995, 2026])
def test_published_choices_give_index_coverage_and_age_of_the_embedded_release(year):
    made = release.latest()
    found = read_frame(made.scores, made.indicators, made.catalogue, made.factors, year)
    published = as_published(found)
    rows = made.scores[made.scores["year"] == year].set_index("iso3").loc[found.states["iso3"]]
    assert index_of(found, published)[0].tolist() == rows["risk_index"].tolist()
    assert composite.coverage_of(found, published)[0].round(2).tolist() == rows["coverage"].tolist()
    assert composite.age_of(found, published)[0].round(2).tolist() == rows["data_age"].tolist()
    assert composite.is_covered(found, published).all()


def test_an_index_is_worked_out_by_hand():
    known = frame(QMA=QMA, QMB=QMB)
    # QMA: factor 2 (3 x 40 + 80) / 4 = 50; structural (50 + 10) / 2 = 30; dynamic (0 + 60) / 2 = 30
    # QMB: factor 2 is a alone, 20; structural 20; dynamic 20, from factor 1 alone
    assert index_of(known, as_published(known))[0].tolist() == [30, 20]


def test_weights_of_factors_and_the_share_of_the_structural_part_move_the_index():
    known = frame(QMA=QMA)
    # structural (3 x 50 + 10) / 4 = 40; dynamic 60, without factor 1: 0.25 x 40 + 0.75 x 60
    assert index_of(known, one(known, share=0.25, rf02=3, rf01=0))[0].tolist() == [55]


def test_geometric_means_take_a_score_of_0_as_the_floor():
    known = frame(QMA=QMA)
    # structural sqrt(50 x 10) = 22.36; dynamic sqrt(1 x 60) = 7.746; sqrt(22.36 x 7.746) = 13.16
    assert index_of(known, as_published(known), "geometric")[0].tolist() == [13.16]
    # of the distances: sqrt(50 x 90) = 67.08; sqrt(100 x 40) = 63.25; 100 - sqrt(67.08 x 63.25) = 34.86
    assert index_of(known, as_published(known), "geometric_of_distance")[0].tolist() == [34.86]


def test_a_part_without_weight_counts_nothing_and_no_weight_at_all_is_no_index():
    known = frame(QMA=QMA)
    assert index_of(known, one(known, rf02=0, rf03=0))[0].tolist() == [30]  # the dynamic part alone
    assert index_of(known, one(known, share=1.0))[0].tolist() == [30]  # the structural part alone
    assert np.isnan(index_of(known, one(known, rf01=0, rf02=0, rf03=0, rf07=0))).all()
    assert np.isnan(index_of(known, one(known, share=1.0, rf02=0, rf03=0))).all()


def test_no_choice_adds_a_factor_that_has_no_published_score():
    known = frame(QMA=QMA, QMB={"b": 100.0, "c": 20.0, "d": 20.0})  # b holds a quarter of factor 2: no score
    equal = Settings(np.ones((1, 5)), np.ones((1, 4)), np.array([0.5]))
    assert np.isnan(composite.factor_scores(known, equal.indicator_weights)[0, 1, known.codes.index("rf02")])
    assert index_of(known, equal)[0, 1] == 20


def test_the_rule_of_coverage_holds_under_the_weights_chosen():
    known = frame(QMA=QMA, QMB=QMB)
    # QMB has factor 1 and not 7: half of the dynamic part's weight, then a third
    assert composite.is_covered(known, as_published(known))[0].tolist() == [True, True]
    assert composite.is_covered(known, one(known, rf07=2))[0].tolist() == [True, False]
    # where the dynamic part counts nothing it need not be covered
    assert composite.is_covered(known, one(known, share=1.0, rf07=2))[0].tolist() == [True, True]


def test_coverage_is_the_share_of_the_weights_chosen_that_has_a_value():
    known = frame(QMB=QMB)
    # published 5 of 7 (a 3, c 1, d 1 of a 3, b 1, c 1, d 1, e 1); structural part alone: 4 of 5
    assert composite.coverage_of(known, as_published(known))[0] == pytest.approx([5 / 7])
    assert composite.coverage_of(known, one(known, share=1.0))[0] == pytest.approx([4 / 5])
    assert composite.age_of(known, as_published(known))[0].tolist() == [2]


def test_a_year_without_an_index_says_so():
    with pytest.raises(ValueError, match=r"No State has an index in 1900: choose a year of the release"):
        read_frame(pd.DataFrame({"iso3": ["QMA"], "year": [2020], "risk_index": [1.0]}), None, None, None, 1900)


@given(
    weights=some.lists(some.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]), min_size=4, max_size=4),
    times=some.sampled_from([0.5, 2.0, 7.0]),
    mean=some.sampled_from(list(composite.MEANS)),
)
@settings(max_examples=50, deadline=None)
def test_scaling_all_weights_changes_nothing(weights, times, mean):
    known = frame(QMA=QMA, QMB=QMB)
    plain = Settings(known.weights[None], np.array([weights]), np.array([0.5]))
    scaled = Settings(times * known.weights[None], times * np.array([weights]), np.array([0.5]))
    np.testing.assert_allclose(index_of(known, plain, mean), index_of(known, scaled, mean), atol=0.011)
    assert (composite.is_covered(known, plain) == composite.is_covered(known, scaled)).all()
