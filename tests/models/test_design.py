"""Designs: what is known at an origin, and nothing newer."""

import pandas as pd
import pytest

from models.design import Design, features, make_design, split, usable


def indicators(*rows: tuple[str, int, str, float, int, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["iso3", "year", "indicator", "score", "data_year", "source"])


TABLE = indicators(
    ("QMA", 2023, "slow", 10.0, 2023, "vdem"),
    ("QMA", 2024, "slow", 10.0, 2023, "vdem"),
    ("QMA", 2026, "slow", 10.0, 2023, "vdem"),
    ("QMA", 2023, "quick", 30.0, 2023, "coups"),
    ("QMA", 2025, "quick", 50.0, 2025, "coups"),
    ("QMA", 2026, "quick", 50.0, 2025, "coups"),
    ("QMA", 2026, "monthly", 70.0, 2026, "ucdp_monthly;ucdp_candidate_monthly"),
)


def test_the_operational_design_is_as_old_as_the_release():
    design = make_design("operational", TABLE, as_of_year=2026, last_outcome_year=2024)
    # slow ends in 2023, quick in 2025; the months end in the same month of each origin's year
    assert design.ages == {"slow": 3, "quick": 1, "monthly": 0}
    assert design.outcome_lag == 2
    # issued in 2026, the windows 2023-2024 (origin 2022) is the last that is known
    assert design.newest_known(2026, 2) == 2022


def test_the_aligned_design_has_no_delay():
    design = make_design("aligned", TABLE, as_of_year=2026, last_outcome_year=2024)
    assert set(design.ages.values()) == {0}
    assert design.newest_known(2024, 2) == 2022


def test_a_feature_at_an_origin_is_that_of_the_row_so_many_years_before():
    design = make_design("operational", TABLE, as_of_year=2026, last_outcome_year=2024)
    known = features(TABLE, design)
    assert known.loc[("QMA", 2026)].to_dict() == {
        "slow": 10.0,
        "quick": 50.0,
        "monthly": 70.0,
    }
    assert known.index.get_level_values("origin").max() == 2026
    assert known.loc[("QMA", 2024), "quick"] == 30.0


def test_an_indicator_that_the_design_does_not_know_is_named():
    with pytest.raises(ValueError, match=r"1 indicators are unknown to the design: \['quick'\]"):
        features(TABLE[TABLE["indicator"] == "quick"], Design("aligned", {"slow": 0}, 0))


def test_there_are_two_designs():
    with pytest.raises(ValueError, match="'hindsight' is no design; there are aligned, operational"):
        make_design("hindsight", TABLE, as_of_year=2026, last_outcome_year=2024)


def test_a_feature_is_usable_when_enough_training_rows_have_it_and_it_varies():
    known = pd.DataFrame({"varies": [1.0, 2.0, None, 4.0], "constant": 1.0, "rare": [1.0, None, None, None]})
    assert usable(known) == ["varies"]


def frame_and_label() -> tuple[pd.DataFrame, pd.Series]:
    index = pd.MultiIndex.from_product([["QMA", "QMB"], range(2000, 2006)], names=["iso3", "origin"])
    label = pd.Series([0, 0, 1, 0] * 2, index[[0, 1, 2, 3, 6, 7, 8, 9]], dtype=float)
    return pd.DataFrame({"slow": range(12)}, index), label


def test_training_rows_are_those_whose_window_is_known_at_the_origin():
    frame, label = frame_and_label()
    train, test = split(frame, label, design=Design("operational", {"slow": 0}, 1), origin=2005, window=2)
    # known at 2005: windows that end by 2004, so origins to 2002
    assert sorted(set(frame.index[train].get_level_values("origin"))) == [2000, 2001, 2002]
    assert list(frame.index[test]) == [("QMA", 2005), ("QMB", 2005)]


def test_an_origin_without_an_event_to_learn_from_is_named():
    frame, label = frame_and_label()
    with pytest.raises(
        ValueError, match=r"At origin 2003 \(aligned, window of 2\) there is no event to learn from: 4 rows"
    ):
        split(frame, label, design=Design("aligned", {"slow": 0}, 0), origin=2003, window=2)
