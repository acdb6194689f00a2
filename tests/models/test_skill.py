"""Skill: hand-worked scores, honest intervals, paired differences."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from models import skill as module
from models.skill import METRICS, recall_at, reliability, skill, verdict, yearly_hits

CODES = [f"Q{one}{two}" for one in "MNOPQ" for two in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]


def backtest(model: str, rows: list[tuple[int, str, float | None, float | None]], **fixed) -> pd.DataFrame:
    """Rows of (origin, iso3, probability, event) as a backtest of one model, aligned, with a window of two years."""
    table = pd.DataFrame(rows, columns=["origin", "iso3", "probability", "event"]).astype({"probability": float})
    about = {"outcome": "mass_killing", "design": "aligned", "window_years": 2, "gw_code": None, "model": model}
    ends = {"window_start": table["origin"] + 1, "window_end": table["origin"] + 2}
    return table.assign(**about, **ends, **fixed)


def invented(model: str, *, noise: float, origins=range(2000, 2006), countries: int = 40) -> pd.DataFrame:
    """Countries of lasting, different risk; the model sees it through noise."""
    random = np.random.default_rng(0)
    risk = np.linspace(-5, 1, countries)
    rows = [(origin, code, at) for origin in origins for code, at in zip(CODES[:countries], risk, strict=True)]
    event = random.random(len(rows)) < 1 / (1 + np.exp(-np.array([at for *_, at in rows])))
    seen = np.array([at for *_, at in rows]) + noise * np.random.default_rng(len(model)).normal(size=len(rows))
    probability = 1 / (1 + np.exp(-seen))
    return backtest(model, [(o, c, p, float(e)) for (o, c, _), p, e in zip(rows, probability, event, strict=True)])


def all_models() -> pd.DataFrame:
    noises = {"published": 0.3, "index": 1.5, "last_state": 2.0, "infant_mortality_population": 1.0}
    tables = [invented(model, noise=noise) for model, noise in noises.items()]
    return pd.concat([*tables, tables[0].assign(model="climatology", probability=tables[0]["event"].mean())])


def value(table: pd.DataFrame, metric: str, column: str = "estimate", **where):
    where = {"model": "published", "baseline": "", "period": "all", "metric": metric} | where
    [row] = table.loc[np.logical_and.reduce([table[name] == wanted for name, wanted in where.items()]), column]
    return row


FOUR = [(2000, "QMA", 0.8, 1), (2000, "QMB", 0.4, 0), (2000, "QMC", 0.3, 1), (2000, "QMD", 0.1, 0)]
HALF = [(origin, code, 0.5, event) for origin, code, _, event in FOUR]


def test_each_score_is_the_one_worked_by_hand():
    found = skill(pd.concat([backtest("published", FOUR), backtest("climatology", HALF)]), replicates=0)
    assert value(found, "auc") == pytest.approx(3 / 4)  # of the pairs A-B, A-D, C-B, C-D all but C-B are in order
    # QMA first: precision 1 at recall 1/2; QMC third: precision 2/3 at recall 1
    assert value(found, "average_precision") == pytest.approx(1 / 2 * 1 + 1 / 2 * 2 / 3)
    # given to what happened: .8, .6, .3, .9
    assert value(found, "log_score") == pytest.approx((0.22314 + 0.51083 + 1.20397 + 0.10536) / 4, abs=1e-5)
    assert value(found, "brier_score") == pytest.approx((0.04 + 0.16 + 0.49 + 0.01) / 4)
    assert value(found, "brier_skill") == pytest.approx(1 - 0.175 / 0.25)
    assert value(found, "forecast_to_event_ratio") == pytest.approx(1.6 / 2)
    assert value(found, "recall_at_10") == 1
    assert value(found, "auc", "n") == 4
    assert value(found, "auc", "events") == 2
    assert value(found, "auc", model="climatology") == 1 / 2
    assert value(found, "brier_score", baseline="climatology") == pytest.approx(0.175 - 0.25)


def test_the_columns_and_the_metrics_are_those_agreed():
    found = skill(all_models(), replicates=2)
    expected = "outcome design window_years period model published baseline metric estimate lower upper n events"
    assert list(found) == expected.split()
    assert list(found["metric"].unique()) == METRICS
    assert len(METRICS) == 9
    assert set(found.loc[found["published"], "model"]) == {"published"}
    compared = ["climatology", "infant_mortality_population", "last_state", "index"]
    assert list(found.loc[found["baseline"] != "", "baseline"].unique()) == compared
    assert not found.duplicated(list(found)[:8]).any()


def test_recall_counts_the_places_of_each_year_for_itself():
    # twelve countries; in 2000 the event is at place 3, in 2001 at place 11
    probabilities = np.linspace(0.9, 0.1, 12)
    rows = [(2000, code, at, place == 3) for place, (code, at) in enumerate(zip(CODES, probabilities, strict=False), 1)]
    rows += [(2001, code, at, place == 11) for (_, code, at, _), place in zip(rows, range(1, 13), strict=True)]
    frame = backtest("published", rows)
    given_by = {"event": frame["event"], "probability": frame["probability"], "origin": frame["origin"]}
    assert [recall_at(k, **given_by) for k in (2, 3, 10, 11)] == [0, 1 / 2, 1 / 2, 1]
    found = skill(frame, replicates=0)
    assert [value(found, f"recall_at_{k}") for k in (10, 20, 30)] == [1 / 2, 1, 1]


def test_ties_take_the_better_rank_or_are_left_to_chance():
    # QMA first, the other three tied at places 2 to 4; the event is one of the three
    probability, event, origin = pd.Series([0.9, 0.2, 0.2, 0.2]), pd.Series([0, 1, 0, 0]), pd.Series([2000] * 4)
    given_by = {"event": event, "probability": probability, "origin": origin}
    assert [recall_at(k, **given_by) for k in (1, 2, 3)] == [0, 1, 1]
    assert [recall_at(k, **given_by, ties="chance") for k in (1, 2, 3, 4)] == pytest.approx([0, 1 / 3, 2 / 3, 1])
    with pytest.raises(ValueError, match="ties='first' is not known: write 'better' or 'chance'"):
        recall_at(1, **given_by, ties="first")


def test_a_forecast_that_is_the_same_for_all_finds_events_by_chance_only():
    rows = [(2000, code, 0.1, float(code == "QMC")) for code in CODES[:40]]
    found = skill(backtest("climatology", rows), replicates=0)
    assert [value(found, f"recall_at_{k}", model="climatology") for k in (10, 20, 30)] == [1 / 4, 1 / 2, 3 / 4]


def test_recall_says_what_is_wrong_with_its_rows():
    origin = pd.Series([2000, 2000])
    with pytest.raises(ValueError, match=r"2 probabilities are missing or outside 0 to 1: \{0: nan, 1: 12.0\}"):
        recall_at(1, event=pd.Series([1, 0]), probability=pd.Series([np.nan, 12.0]), origin=origin)
    with pytest.raises(ValueError, match="No row has an event"):
        recall_at(1, event=pd.Series([0, np.nan]), probability=pd.Series([0.1, 0.2]), origin=origin)


FORECASTS = st.lists(st.tuples(st.sampled_from([0, 0.1, 0.3, 0.5, 0.9, 1]), st.booleans()), min_size=2, max_size=40)


@settings(max_examples=50, deadline=None)
@given(forecasts=FORECASTS, k=st.integers(1, 30))
def test_a_longer_list_never_has_fewer_of_the_events(forecasts, k):
    frame = pd.DataFrame(forecasts, columns=["probability", "event"]).assign(origin=lambda t: 2000 + t.index % 3)
    frame.loc[0, "event"] = True
    given_by = {name: frame[name] for name in ("event", "probability", "origin")}
    for ties in ("better", "chance"):
        assert recall_at(k, **given_by, ties=ties) <= recall_at(k + 1, **given_by, ties=ties)
    assert recall_at(k, **given_by, ties="chance") <= recall_at(k, **given_by)


@settings(max_examples=40, deadline=None)
@given(forecasts=FORECASTS, drawn=st.lists(st.integers(0, 3), min_size=8, max_size=8))
def test_a_resample_scores_as_if_its_rows_were_copied(forecasts, drawn):
    """Against scikit-learn on copied rows, with ties, zeros and ones."""
    rows = pd.DataFrame(forecasts, columns=["published", "event"]).astype(float)
    index = pd.MultiIndex.from_tuples([(2000 + n // 8, CODES[n % 8]) for n in rows.index], names=["origin", "iso3"])
    found = module._score(rows.set_index(index), "published", pd.DataFrame([drawn], columns=CODES[:8]))
    copied = rows.loc[rows.index.repeat([drawn[n % 8] for n in rows.index])]
    event, probability = copied["event"], copied["published"]
    if copied.empty:
        assert np.isnan([score[0] for score in found.values()]).all()
        return
    assert found["log_score"][0] == pytest.approx(log_loss(event, probability, labels=[0, 1]))
    assert found["brier_score"][0] == pytest.approx(brier_score_loss(event, probability, labels=[0, 1]))
    both = event.nunique() == 2
    assert found["auc"][0] == pytest.approx(roc_auc_score(event, probability) if both else np.nan, nan_ok=True)
    precision = average_precision_score(event, probability) if both else np.nan
    assert found["average_precision"][0] == pytest.approx(precision, nan_ok=True)
    ratio = probability.sum() / event.sum() if event.any() else np.nan
    assert found["forecast_to_event_ratio"][0] == pytest.approx(ratio, nan_ok=True)


def test_a_model_differs_from_itself_by_nothing():
    table = all_models()
    same = table[table["model"] == "published"].assign(model="index")
    found = skill(pd.concat([table[table["model"] != "index"], same]), replicates=20)
    itself = found[found["baseline"] == "index"]
    assert (itself[["estimate", "lower", "upper"]] == 0).all(axis=None)
    assert {verdict(0, 0, metric=metric) for metric in METRICS} == {"not distinguishable"}


def test_a_difference_is_of_the_same_resamples_and_narrower_than_its_parts():
    found = skill(all_models(), replicates=40)
    for metric in ("log_score", "brier_score"):
        ours, theirs = (value(found, metric, model=model) for model in ("published", "infant_mortality_population"))
        about = {"baseline": "infant_mortality_population"}
        assert value(found, metric, **about) == pytest.approx(ours - theirs)
        width = value(found, metric, "upper", **about) - value(found, metric, "lower", **about)
        assert width < value(found, metric, "upper") - value(found, metric, "lower")


def test_order_of_rows_and_number_of_processes_never_matter():
    table = all_models()
    first = skill(table, replicates=4)
    shuffled = table.sample(frac=1, random_state=0).reset_index(drop=True)
    pd.testing.assert_frame_equal(skill(shuffled, replicates=4), first, check_exact=False, rtol=1e-12)
    pd.testing.assert_frame_equal(skill(table, replicates=4, jobs=2), first, check_exact=True)
    assert not skill(table, replicates=4, random_state=1)["lower"].equals(first["lower"])


def test_more_years_of_the_same_countries_do_not_make_an_interval_narrower():
    """Each country has the same row in each year: eight years tell no more than one."""
    rows = [(code, 0.05 + 0.02 * n, float(n % 3 == 0)) for n, code in enumerate(CODES[:30])]
    one, eight = (
        skill(backtest("published", [(origin, *row) for origin in range(2000, 2000 + years) for row in rows]))
        for years in (1, 8)
    )
    for metric in ("auc", "average_precision", "brier_score", "log_score"):
        for column in ("estimate", "lower", "upper"):
            assert value(one, metric, column) == pytest.approx(value(eight, metric, column))
        assert value(one, metric, "lower") < value(one, metric) < value(one, metric, "upper")


def test_decades_are_counted_from_the_first_origin_with_a_known_event():
    frame = invented("published", noise=1, origins=range(1993, 2024), countries=20)
    closed = frame.assign(event=frame["event"].where(frame["origin"] <= 2022))
    assert list(skill(closed, replicates=0)["period"].unique()) == ["all", "1993-2002", "2003-2012", "2013-2022"]
    assert skill(frame, replicates=0)["period"].iloc[-1] == "2023-2023"
    found = skill(closed, replicates=0)
    assert value(found, "auc", "n") == 30 * 20
    assert [value(found, "auc", "n", period=name) for name in ("1993-2002", "2013-2022")] == [200, 200]


def test_a_decade_without_an_event_has_no_score_that_needs_one():
    rows = [(origin, code, 0.1, float(origin == 1993)) for origin in (1993, 2003) for code in CODES[:8]]
    rows[0] = (1993, "QMA", 0.1, 0.0)
    found = skill(backtest("published", rows), replicates=20)
    empty = found[found["period"] == "2003-2003"].set_index("metric")
    undefined = ["auc", "average_precision", "recall_at_10", "forecast_to_event_ratio"]
    assert empty.loc[undefined, ["estimate", "lower", "upper"]].isna().all(axis=None)
    assert empty.loc["brier_score", "estimate"] == pytest.approx(0.01)
    assert empty.loc["log_score", ["lower", "upper"]].notna().all()
    assert set(empty["events"]) == {0}
    assert empty.loc["brier_skill", ["estimate", "lower", "upper"]].isna().all()  # the table has no climatology


def test_events_in_one_country_alone_give_an_estimate_without_an_interval():
    rows = [(origin, code, 0.1 + 0.02 * n, float(code == "QMH")) for origin in (2000, 2001)
            for n, code in enumerate(CODES[:8])]  # fmt: skip
    found = skill(backtest("published", rows))
    assert value(found, "auc") == 1
    assert np.isnan([value(found, "auc", "lower"), value(found, "auc", "upper")]).all()
    assert verdict(np.nan, np.nan) == "not known"


def test_an_event_that_is_not_known_is_not_scored_but_keeps_its_place_in_the_list():
    # eleven countries, the one of the event at place 11 behind one whose event is not known
    rows = [(2000, code, 0.9 - 0.05 * n, float(n == 10)) for n, code in enumerate(CODES[:11])]
    rows[0] = (*rows[0][:3], None)
    found = skill(backtest("published", rows), replicates=0)
    assert value(found, "recall_at_10") == 0
    assert value(found, "brier_score", "n") == 10


def test_a_difference_is_taken_on_the_rows_that_both_have():
    lacking = backtest("index", HALF).assign(
        probability=lambda table: table["probability"].where(table["iso3"] != "QMC")
    )
    found = skill(pd.concat([backtest("published", FOUR), lacking]), replicates=0)
    about = {"baseline": "index"}
    assert value(found, "brier_score", "n", **about) == 3
    assert value(found, "brier_score", **about) == pytest.approx((0.04 + 0.16 + 0.01) / 3 - 0.25)
    assert value(found, "brier_score", "n") == 4
    assert value(found, "brier_score", "n", model="index") == 3


def test_outcomes_designs_and_windows_are_scored_apart():
    ours = backtest("published", FOUR)
    operational, one_year = ours.assign(design="operational"), ours.assign(window_years=1)
    conflict = backtest("published", HALF).assign(outcome="armed_conflict")
    table = pd.concat([ours, operational, one_year, conflict])
    found = skill(table, replicates=0)
    auc = found[(found["metric"] == "auc") & (found["period"] == "all")]
    assert auc.set_index(["outcome", "design", "window_years"])["estimate"].to_dict() == {
        ("armed_conflict", "aligned", 2): 0.5,
        ("mass_killing", "aligned", 1): 0.75,
        ("mass_killing", "aligned", 2): 0.75,
        ("mass_killing", "operational", 2): 0.75,
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"probability": 40.0}, r"4 cells of the backtest are wrong(?s:.*)probability(?s:.*)40"),
        ({"event": 2.0}, r"event(?s:.*)isin"),
        ({"iso3": "QMA"}, r"cells of the backtest are wrong(?s:.*)uniqueness(?s:.*)pipeline.py backtest"),
        ({"event": None}, "No event of the backtest is known, so that nothing can be scored: take earlier origins"),
    ],
)
def test_a_wrong_cell_is_named(change, message):
    with pytest.raises(ValueError, match=message):
        skill(backtest("published", FOUR).assign(**change))


def test_a_missing_column_and_differing_events_are_named():
    with pytest.raises(ValueError, match=r"column_in_dataframe +model"):
        skill(backtest("published", FOUR).drop(columns="model"))
    other = backtest("index", FOUR).assign(event=[1, 0, 0, 0])
    with pytest.raises(ValueError, match=r"2 rows of the backtest have another event than another model:(?s:.*)QMC"):
        skill(pd.concat([backtest("published", FOUR), other]))


@pytest.mark.parametrize(
    ("lower", "upper", "metric", "words"),
    [
        (0.01, 0.05, "auc", "better"),
        (-0.05, -0.01, "auc", "worse"),
        (-0.01, 0.05, "auc", "not distinguishable"),
        (0.0, 0.05, "auc", "not distinguishable"),
        (-0.05, -0.01, "brier_score", "better"),
        (0.01, 0.05, "log_score", "worse"),
        (0.01, 0.05, "brier_skill", "better"),
        (0.1, 0.5, "forecast_to_event_ratio", "higher"),
        (-0.5, -0.1, "forecast_to_event_ratio", "lower"),
    ],
)
def test_an_interval_is_put_in_words_by_which_way_is_good(lower, upper, metric, words):
    assert verdict(lower, upper, metric=metric) == words


def test_reliability_is_the_one_worked_by_hand():
    # ten countries at .1, none with an event; ten at .7, six with one; one country's event is not known
    low = [(2000, code, 0.1, 0.0) for code in CODES[:10]]
    high = [(2000, code, 0.7, float(n < 6)) for n, code in enumerate(CODES[10:20])]
    found = reliability(backtest("published", [*low, *high, (2000, CODES[20], 0.7, None)]))
    assert found["bin"].tolist() == [1, 2]
    assert found[["n", "events"]].to_numpy().tolist() == [[10, 0], [10, 6]]
    assert found["mean_probability"].tolist() == pytest.approx([0.1, 0.7])
    assert found["event_rate"].tolist() == [0, 0.6]
    # Wilson with z = 1.96: z² / (n + z²) = 3.8415 / 13.8415 for 0 of 10; for 6 of 10 (0.6 + .1921 -+ .3358) / 1.38415
    assert found["lower"].tolist()[0] == 0
    assert found["upper"].tolist()[0] == pytest.approx(0.27753, abs=1e-4)
    assert found["lower"].tolist()[1] <= 0.3127
    assert found["upper"].tolist()[1] >= 0.8318


def test_years_of_one_country_do_not_narrow_the_interval_of_a_bin():
    """Ten countries with the same ten years each: Wilson alone would take the 100 rows for independent."""
    rows = [(origin, code, 0.5, float(n < 5)) for origin in range(2000, 2010) for n, code in enumerate(CODES[:10])]
    [found] = reliability(backtest("published", rows)).to_dict("records")
    assert found["event_rate"] == 0.5
    assert found["upper"] - found["lower"] > 0.4  # Wilson for 50 of 100: .40 to .60


def test_a_forecast_that_is_the_same_for_all_has_one_bin():
    [found] = reliability(backtest("climatology", HALF)).to_dict("records")
    assert (found["bin"], found["n"], found["events"], found["mean_probability"]) == (1, 4, 2, 0.5)


def test_hits_and_misses_are_named_with_their_place_in_the_year():
    rows = [(2000, "QMA", 0.5, 0), (2000, "QMB", 0.3, 1), (2000, "QMC", 0.3, 1), (2000, "QMD", None, 1),
            (2001, "QMA", 0.1, 1), (2001, "QMB", 0.2, 0), (2001, "QMC", 0.3, None)]  # fmt: skip
    found = yearly_hits(pd.concat([backtest("published", rows), backtest("index", FOUR)]), top=2)
    assert found[["origin", "iso3", "rank", "ranked", "hit"]].to_numpy().tolist() == [
        [2000, "QMB", 2, 3, True],
        [2000, "QMC", 2, 3, True],
        [2001, "QMA", 3, 3, False],
    ]
    assert found["window_start"].tolist() == [2001, 2001, 2002]
    with pytest.raises(ValueError, match=r"no forecast of the model 'published'; it has \['index'\]"):
        yearly_hits(backtest("index", FOUR))
