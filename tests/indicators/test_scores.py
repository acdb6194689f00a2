"""From values to scores: goalposts, factors, parts, index; no score without coverage."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.catalogue import TRANSFORMS, Factor, Indicator, read_catalogue, read_factors
from indicators.scores import THRESHOLD, score_factors, score_indicator, score_panel
from tests.tables import grid

PUBLISHED = read_catalogue()
TEXT = {"title": "Invented", "unit": "things", "goalposts_why": "Invented.", "why": "Invented.", "reference": "Nobody"}


def entry(name="x", *, factor=1, weight=1.0, goalposts=(0.0, 10.0), direction="higher_is_riskier", transform="none"):
    return Indicator(
        name=name, factor=factor, weight=weight, goalposts=list(goalposts), direction=direction,
        transform=transform, source=["invented"], **TEXT,
    )  # fmt: skip


def score_of(value: float, **fields) -> float:
    return float(score_indicator(pd.Series([value]), entry(**fields)).iloc[0])


@pytest.mark.parametrize(
    ("value", "fields", "score"),
    [
        (0.0, {}, 0),
        (10.0, {}, 100),
        (2.5, {}, 25),
        (-4.0, {}, 0),  # beyond a goalpost the score stays at its end
        (99.0, {}, 100),
        (2.5, {"direction": "lower_is_riskier"}, 75),
        (99.0, {"direction": "lower_is_riskier"}, 0),
        (1.0, {"transform": "log1p", "goalposts": (0.0, 3.0)}, 50),  # ln 2 is half of ln 4
        (1.0, {"transform": "log10", "goalposts": (0.01, 100.0)}, 50),  # the middle of 10^-2 to 10^2
        (4.0, {"transform": "sqrt", "goalposts": (0.0, 16.0)}, 50),  # 2 of 4
        (3.0, {"goalposts": (1.0, 5.0)}, 50),
    ],
)
def test_a_score_lies_on_a_line_between_the_goalposts_on_the_transformed_scale(value, fields, score):
    assert score_of(value, **fields) == pytest.approx(score)


def test_a_missing_value_has_no_score():
    assert np.isnan(score_of(np.nan))


def test_the_score_that_is_published_has_two_decimals_and_is_what_factors_are_made_of():
    scored = score_panel(rows(("d", 10 / 3)), CATALOGUE)
    assert scored["score"].tolist() == [33.33]
    assert scores(rows(("d", 10 / 3))).loc[("QMA", 2020), "rf02"] == 33.33


@given(
    transform=st.sampled_from(sorted(TRANSFORMS)),
    direction=st.sampled_from(["higher_is_riskier", "lower_is_riskier"]),
    posts=st.lists(st.floats(0.01, 1e4), min_size=2, max_size=2, unique=True).map(sorted),
    values=st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6),
)
@settings(max_examples=100, deadline=None)
def test_more_risk_never_lowers_a_score(transform, direction, posts, values):
    if posts[1] - posts[0] < 1e-3:
        return
    riskier = sorted(values, reverse=direction == "lower_is_riskier")
    fields = entry(transform=transform, direction=direction, goalposts=posts)
    scores = score_indicator(pd.Series(riskier), fields)
    assert scores.diff().dropna().ge(-1e-9).all()
    assert scores.between(-1e-9, 100 + 1e-9).all()


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_indicator_scores_0_at_its_goalpost_of_least_risk_and_100_at_that_of_most(name):
    real = PUBLISHED[name]
    scores = score_indicator(pd.Series(real.goalposts), real).round(6).tolist()
    assert scores == ([0, 100] if real.direction == "higher_is_riskier" else [100, 0])


# Two structural factors (2 and 3), two dynamic ones (1 and 7), one that is not measured (10).
FACTORS = {
    number: Factor(number, f"factor {number}", "common", part, measured)
    for number, part, measured in [
        (1, "dynamic", True),
        (2, "structural", True),
        (3, "structural", True),
        (7, "dynamic", True),
        (10, "dynamic", False),
    ]
}
CATALOGUE = {
    "a": entry("a", factor=1, weight=2.0),
    "b": entry("b", factor=1, weight=1.0),
    "c": entry("c", factor=1, weight=1.0),
    "d": entry("d", factor=2),
    "e": entry("e", factor=3),
    "f": entry("f", factor=7),
}


def rows(*values: tuple[str, float], iso3="QMA", year=2020, age=0) -> pd.DataFrame:
    """The panel's lines of a State and year: indicator, value."""
    return pd.DataFrame(values, columns=["indicator", "value"]).assign(iso3=iso3, year=year, data_year=year - age)


def scores(panel: pd.DataFrame, *states: str, years=range(2020, 2021), catalogue=CATALOGUE) -> pd.DataFrame:
    spine = grid(*(states or ("QMA",)), years=years).assign(gw_code=1, country="Invented")
    table = score_factors(score_panel(panel, catalogue), spine, catalogue=catalogue, factors=FACTORS)
    return table.set_index(["iso3", "year"])


def test_a_factor_is_the_weighted_mean_of_its_indicators():
    found = scores(rows(("a", 10), ("b", 5), ("c", 0))).loc[("QMA", 2020)]
    # (2 x 100 + 50 + 0) / 4
    assert found["rf01"] == 62.5
    assert found["rf01_coverage"] == 1


def test_a_factor_is_made_of_what_is_known_and_says_how_much_that_is():
    found = scores(rows(("b", 5), ("c", 0))).loc[("QMA", 2020)]
    # b and c hold half of the weight of four: (50 + 0) / 2
    assert found["rf01"] == 25
    assert found["rf01_coverage"] == 0.5


def test_a_factor_is_missing_below_the_coverage_threshold():
    found = scores(rows(("b", 5))).loc[("QMA", 2020)]
    # a quarter of the weight
    assert np.isnan(found["rf01"])
    assert found["rf01_coverage"] == 0.25


def test_nothing_known_is_no_score_and_coverage_zero():
    found = scores(rows(("a", 5)), "QMA", "QMB").loc[("QMB", 2020)]
    assert found.filter(regex="^rf..$|^structural$|^dynamic$|^risk_index$").isna().all()
    assert found.filter(like="coverage").eq(0).all()
    assert found[["data_age", "oldest_data_year", "newest_data_year"]].isna().all()


def test_parts_are_means_of_their_factors_and_the_index_is_that_of_the_parts():
    found = scores(rows(("a", 10), ("b", 10), ("c", 10), ("d", 2), ("e", 4), ("f", 5))).loc[("QMA", 2020)]
    # structural: (20 + 40) / 2; dynamic: (100 + 50) / 2; factor 10 is not measured and counts nowhere
    assert (found["structural"], found["dynamic"], found["risk_index"]) == (30, 75, 52.5)
    assert (found["structural_coverage"], found["dynamic_coverage"], found["coverage"]) == (1, 1, 1)
    assert "rf10" not in found


def test_a_part_needs_half_of_its_factors():
    found = scores(rows(("a", 10), ("d", 2))).loc[("QMA", 2020)]
    assert (found["structural"], found["structural_coverage"]) == (20, 0.5)
    assert (found["dynamic"], found["dynamic_coverage"]) == (100, 0.5)
    without = scores(rows(("a", 10))).loc[("QMA", 2020)]
    assert np.isnan(without["structural"])


def test_the_index_needs_both_parts():
    # of a weight of seven, four are known, but nothing of the structural part
    found = scores(rows(("a", 10), ("b", 10), ("f", 10))).loc[("QMA", 2020)]
    assert found["dynamic"] == 100
    assert found["coverage"] == round(4 / 7, 2)
    assert np.isnan(found["risk_index"])


def test_the_index_needs_half_of_all_weights():
    # d and f, one of two factors each: both parts have a score, but two of seven is too little
    found = scores(rows(("d", 5), ("f", 5))).loc[("QMA", 2020)]
    assert (found["structural"], found["dynamic"], found["coverage"]) == (50, 50, round(2 / 7, 2))
    assert np.isnan(found["risk_index"])


def test_half_of_all_weights_is_enough():
    without_b = {name: entry for name, entry in CATALOGUE.items() if name != "b"}
    # a and d hold three of six, and one of two factors in each part: (100 + 20) / 2
    found = scores(rows(("a", 10), ("d", 2)), catalogue=without_b).loc[("QMA", 2020)]
    assert (found["coverage"], found["risk_index"]) == (0.5, 60)


def test_ages_are_those_of_the_values_used():
    panel = pd.concat([rows(("a", 10)), rows(("b", 5), age=3), rows(("d", 5), age=1)])
    found = scores(panel).loc[("QMA", 2020)]
    # rf01: (2 x 0 + 1 x 3) / 3; all: (2 x 0 + 3 + 1) / 4
    assert (found["rf01_data_age"], found["rf02_data_age"], found["data_age"]) == (1, 1, 1)
    assert (found["oldest_data_year"], found["newest_data_year"]) == (2017, 2020)


values_of = st.dictionaries(st.sampled_from(sorted(CATALOGUE)), st.floats(0, 10), min_size=1)


@given(values=values_of)
@settings(max_examples=25, deadline=None)
def test_there_is_no_score_without_coverage_and_none_below_the_threshold(values):
    found = scores(rows(*values.items())).loc[("QMA", 2020)]
    for name in ("rf01", "rf02", "rf03", "rf07", "structural", "dynamic"):
        assert pd.notna(found[name]) == (found[f"{name}_coverage"] >= THRESHOLD)
    assert not (pd.notna(found["risk_index"]) and found["coverage"] < THRESHOLD)


@given(values=values_of, riskier=st.sampled_from(sorted(CATALOGUE)), by=st.floats(0, 10))
@settings(max_examples=25, deadline=None)
def test_more_of_one_risk_never_lowers_any_score(values, riskier, by):
    if riskier not in values:
        return
    names = ["rf01", "rf02", "rf03", "rf07", "structural", "dynamic", "risk_index"]
    before, after = (
        scores(rows(*table.items())).loc[("QMA", 2020), names].fillna(0).astype(float)
        for table in (values, values | {riskier: values[riskier] + by})
    )
    assert (after >= before).all()


def test_the_order_of_rows_never_matters():
    rng = np.random.default_rng(0)
    panel = pd.concat(
        rows(*((name, rng.uniform(0, 10)) for name in CATALOGUE), iso3=iso3, year=year)
        for iso3 in ("QMA", "QMB")
        for year in (2020, 2021)
    )
    turned = panel.sample(frac=1, random_state=rng)
    states, years = ("QMA", "QMB"), range(2020, 2022)
    pd.testing.assert_frame_equal(scores(panel, *states, years=years), scores(turned, *states, years=years))


def test_the_framework_has_six_structural_and_six_dynamic_factors_that_are_measured():
    parts = [factor.part for factor in read_factors().values() if factor.measured]
    assert (parts.count("structural"), parts.count("dynamic")) == (6, 6)
