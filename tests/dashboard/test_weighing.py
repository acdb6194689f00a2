"""The index by the reader's own weights: links, numbers by hand, and the words that go with each."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

import release
from dashboard import weighing
from dashboard.links import Choices, View, read_view
from dashboard.weighing import Weights, of_view, read_weights
from indicators.composite import read_frame
from tests.indicators.test_composite import QMA, QMB, frame

CODES = ["rf01", "rf02", "rf05"]
USUAL = Weights((("rf01", 1.0), ("rf02", 1.0), ("rf05", 1.0)))
QMC = {"a": 60.0, "b": 20.0, "c": 30.0, "d": 10.0, "e": 20.0}
CHOICES = Choices(["QMA", "QMB"], range(2020, 2024), ["risk_index"], ["All"], weights=CODES)
VIEW = View("QMA", 2023, "risk_index", "All")


def of(known, structural: int = 50, **changed: float) -> Weights:
    """The weights of the small frame's factors, but for these as published."""
    return Weights(tuple((code, changed.get(code, 1.0)) for code in known.codes), structural)


def test_a_link_without_weights_asks_for_the_published_ones():
    assert read_view({}, CHOICES, VIEW) == (VIEW, [])
    assert of_view(VIEW.weights, VIEW.structural, CODES) == USUAL
    assert USUAL.as_published
    assert not {"weights", "structural"} & {*VIEW.as_params()}


def test_a_link_restores_weights_share_and_state():
    view, problems = read_view({"weights": "RF05:0.5,rf01:2.0", "structural": "60", "country": "qmb"}, CHOICES, VIEW)
    assert problems == []
    assert (view.weights, view.structural, view.country) == ("rf01:2,rf05:0.5", 60, "QMB")
    found = of_view(view.weights, view.structural, CODES)
    assert found == Weights((("rf01", 2.0), ("rf02", 1.0), ("rf05", 0.5)), 60)
    assert found.text() == "rf01 2, rf05 0.5; structural part 60 %"
    assert read_view(view.as_params(), CHOICES, VIEW) == (view, [])


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({"weights": "rf10:1"}, "The link asks for a weight of “rf10”, which is no measured factor (rf01, rf02, …)."),
        ({"weights": "rf01:4"}, "The link asks for the weight “4” of rf01; it can be 0 to 3 in steps of 0.5."),
        ({"weights": "rf01:nan"}, "The link asks for the weight “nan” of rf01; it can be 0 to 3 in steps of 0.5."),
        ({"weights": "rf01:٢"}, "The link asks for the weight “٢” of rf01; it can be 0 to 3 in steps of 0.5."),
        ({"weights": "rf01"}, "The link asks for the weight “” of rf01; it can be 0 to 3 in steps of 0.5."),
        ({"structural": "101"}, "The link asks for a structural part of “101” per cent; it can be 0 to 100, in fives."),
        ({"structural": "7"}, "The link asks for a structural part of “7” per cent; it can be 0 to 100, in fives."),
    ],
)
def test_each_wrong_value_has_its_sentence_and_stays_as_published(params, problem):
    view, problems = read_view(params, CHOICES, VIEW)
    assert view == VIEW
    assert [text.replace("rf02, rf05, …", "rf02, …") for text in problems] == [problem]


def test_of_many_wrong_factors_each_is_named_and_the_right_weights_count():
    factors, problems = read_weights("rf01:2,x:1,rf02:9", CODES)
    assert dict(factors) == {"rf01": 2.0, "rf02": 1.0, "rf05": 1.0}
    assert len(problems) == 2


@given(some.dictionaries(some.sampled_from(["weights", "structural", "country", "other"]), some.text()))
def test_no_link_raises_and_what_it_gives_survives_being_written_and_read(params):
    view, _problems = read_view(params, CHOICES, VIEW)
    assert read_view(view.as_params(), CHOICES, VIEW) == (view, [])


@given(some.lists(some.sampled_from(weighing.STEPS), min_size=3, max_size=3), some.sampled_from(weighing.SHARES))
def test_all_weights_survive_being_written_and_read(steps, share):
    weights = Weights(tuple(zip(CODES, steps, strict=True)), share)
    assert of_view(weights.as_param(), share, CODES) == weights


def test_at_the_published_weights_the_numbers_are_the_published_ones():
    made = release.latest()
    year = int(made.scores["year"].max())
    known = read_frame(made.scores, made.indicators, made.catalogue, made.factors, year)
    states = weighing.score_states(known, of(known))
    rows = made.scores[made.scores["year"] == year].set_index("iso3").loc[states["iso3"]]
    assert states["score"].tolist() == rows["risk_index"].tolist()
    assert states["coverage"].tolist() == rows["coverage"].tolist()
    assert states["data_age"].tolist() == rows["data_age"].tolist()
    assert states["change"].eq(0).all()


def test_weights_move_index_and_places_of_the_states_that_still_have_one():
    known = frame(QMA=QMA, QMB=QMB, QMC=QMC)
    # factor 2: 50, 20, 50; factor 3: 10, 20, 30; factor 1: 0, 20, 10; factor 7: 60, none, 20
    # factor 7 weighs 2: QMA (0 + 120) / 3 = 40 and QMC (10 + 40) / 3; of QMB a third of the dynamic part is known
    states = weighing.score_states(known, of(known, 25, rf07=2)).set_index("iso3")
    assert states["score"].dropna().to_dict() == {"QMA": 0.25 * 30 + 0.75 * 40, "QMC": 0.25 * 40 + 0.75 * 50 / 3}
    assert states["place"].dropna().to_dict() == {"QMA": 1, "QMC": 2}
    assert states["of"].eq(2).all()


def rows() -> pd.DataFrame:
    known = frame(QMA=QMA, QMC=QMC)
    # published 30 and 27.5; the structural part alone 30 and 40
    states = weighing.score_states(known, of(known, 100)).assign(published=[30.0, 27.5])
    states = states.assign(published_place=pd.array([1, 2], dtype="Int64"))
    states = states.assign(change=states["place"] - states["published_place"])
    published = pd.DataFrame(
        {"country": ["Alandia", "Old Union", "Far Isles"], "iso3": ["QMA", "QMC", "QME"], "region": "Africa"}
    ).assign(score=[30.0, 27.5, None], coverage=[1.0, 1.0, 0.1], data_age=2.0, note="")
    return weighing.rows_of_year(published, states)


def test_a_state_without_an_index_has_none_by_any_weights_and_stands_last():
    table = rows()
    assert table["iso3"].tolist() == ["QMC", "QMA", "QME"]
    assert table["score"].isna().tolist() == [False, False, True]
    assert table["coverage"].tolist()[-1] == 0.1


def test_all_that_is_said_of_the_numbers_says_your_weights():
    table, weights = rows(), Weights((("rf01", 1.0),), 100)
    texts = [
        weighing.summary(table, weights, 2020),
        weighing.summary(table, USUAL, 2020),
        *(weighing.picked(table[table["iso3"] == iso3], "Somewhere", 2020) for iso3 in ("QMA", "QME", "QMX")),
        weighing.map_notes(table, table.head(0), 2020)[0],
        weighing.SCALE,
        weighing.NOTHING,
        weighing.measure().title,
        weighing.ends_text(table),
        *(name for name in weighing.moved_most(table) if "Published" not in name and name != "Change"),
        *(name for name in weighing.twin(table, weights) if "(0-" in name and "Published" not in name),
    ]
    assert [text for text in texts if "your weights" not in text.casefold()] == []
    assert weighing.twin(table, weights)["Your weights"].unique().tolist() == ["every factor 1; structural part 100 %"]


def test_those_that_move_most_are_told_with_both_places():
    moved = weighing.moved_most(rows())
    assert moved.loc["Alandia"].tolist() == ["2", "1", "1 down", "30.0", "30.0"]
    assert moved.loc["Old Union"].tolist() == ["1", "2", "1 up", "40.0", "27.5"]
    assert weighing.picked(rows().query("iso3 == 'QMA'"), "Alandia", 2020).endswith(
        "place 2 of 2 by your weights; published: 30.0, place 1 of the same 2"
    )
    assert "the places of 2 of 2 States differ from the published ones, by 1.0 on average" in weighing.summary(
        rows(), Weights((("rf01", 1.0),), 100), 2020
    )


def test_the_highest_and_the_lowest_are_named():
    assert weighing.ends_text(rows()) == ("By your weights the highest is 40.0 (Old Union), the lowest 30.0 (Alandia).")
    assert weighing.ends_text(rows().assign(score=float("nan"))) == ""
