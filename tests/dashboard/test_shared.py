"""What the outcomes share: cells, tables and sentences, on numbers that can be worked out by hand (see `sample`)."""

import math

import numpy as np
import pandas as pd
import pytest

from dashboard import charts, shared, shared_words
from dashboard.links import Choices
from models.outcomes import OUTCOMES
from tests.dashboard import sample

MADE = sample.forecast_tables()
DRIVERS, TRANSFER = MADE["drivers"], MADE["transfer"]
CATALOGUE = sample.tables()["catalogue"]
TITLES = {f"rf{number:02d}": f"{number}. Invented factor {number}" for number in sample.MEASURED}


def all_words(drivers: pd.DataFrame = DRIVERS, transfer: pd.DataFrame = TRANSFER) -> str:
    return "\n".join(line for lines in shared_words.words(drivers, transfer, TITLES).values() for line in lines)


def changed(table: pd.DataFrame, condition: str, **values: float) -> pd.DataFrame:
    """The table with other values in the rows that meet the condition."""
    rows = table.eval(condition)
    return table.assign(**{name: table[name].mask(rows, value) for name, value in values.items()})


def test_a_link_can_ask_for_each_measure():
    assert Choices.drivers == tuple(shared.MEASURES)


def test_a_cell_is_sure_only_if_its_interval_leaves_out_what_tells_nothing():
    cells = shared.factor_cells(DRIVERS, "alone", TITLES).set_index(["row", "column"])
    last = "mass_displacement"
    assert len(cells) == 12 * 5
    assert cells.loc[("rf01", last), ["text", "sure"]].to_list() == [".70", True]
    # 0.4 with 0.08 to either side: 0.32 to 0.48
    assert cells.loc[("rf03", last), ["text", "sure"]].to_list() == [".40", True]
    # 0.52: 0.44 to 0.60
    assert cells.loc[("rf04", last), ["text", "sure"]].to_list() == ["(.52)", False]
    assert cells.loc[("rf04", last), "hover"] == (
        "0.520 (0.440 to 0.600): not told from 0.5<br>50 State-years, 10 with the event"
    )
    at_its_end = changed(DRIVERS, "driver == 'rf01'", lower=0.5)
    assert not shared.factor_cells(at_its_end, "alone", TITLES).set_index("row").loc["rf01", "sure"].any()


def test_outcomes_and_factors_stand_in_their_own_order_whatever_that_of_the_table():
    cells = shared.factor_cells(DRIVERS.sample(frac=1, random_state=0), "alone", TITLES)
    assert list(cells["column_title"].unique()) == [outcome.title for outcome in OUTCOMES.values()]
    assert list(cells["column"].unique()) == list(OUTCOMES)
    assert list(cells["row_title"].unique()) == list(TITLES.values())
    twin = shared.describe_factors(DRIVERS.sample(frac=1, random_state=0), "alone", TITLES)
    assert list(twin.columns) == [outcome.title for outcome in OUTCOMES.values()]


def test_what_a_factor_adds_is_in_hundredths_in_the_picture_and_whole_in_the_table():
    cells = shared.factor_cells(DRIVERS, "adds", TITLES).set_index(["row", "column"])
    place = ("rf02", "armed_conflict")
    assert cells.loc[place, "value"] == pytest.approx(2)
    assert cells.loc[place, "text"] == "+2.0"
    assert shared.UNITS["adds"].endswith("in hundredths (0 = nothing)")
    twin = shared.describe_factors(DRIVERS, "adds", TITLES)
    assert twin.loc["2\\. Invented factor 2", "Onset of armed conflict"] == "+0.020 (+0.010 to +0.030)"
    assert twin.loc["1\\. Invented factor 1", "Onset of armed conflict"].endswith("not told from 0")


def test_what_is_not_known_has_no_cell_and_says_so_in_the_table():
    holes = changed(DRIVERS, "driver == 'rf01' and outcome == 'armed_conflict'", estimate=np.nan, lower=np.nan)
    cells = shared.factor_cells(holes, "alone", TITLES)
    assert len(cells) == 12 * 5 - 1
    assert shared.describe_factors(holes, "alone", TITLES).loc["1\\. Invented factor 1", "Onset of armed conflict"] == (
        "not known"
    )
    assert "**None of 12 factors** has by itself" in all_words(holes)


def test_the_ten_strongest_indicators_are_listed_with_factor_and_interval():
    table = shared.strongest(DRIVERS, CATALOGUE, TITLES, outcome="mass_killing", measure="alone")
    assert list(table.index) == [f"Open indicator {number}" for number in (13, 12, 11, 9, 8, 7, 6, 5, 4, 3)]
    assert table.iloc[3].to_list() == ["9\\. Invented factor 9", "0.590 (0.490 to 0.690): not told from 0.5"]
    only = changed(DRIVERS, "driver == 'closed_1' and outcome == 'armed_conflict'", estimate=0.9, upper=0.95)
    assert (
        "Closed indicator 1"
        not in shared.strongest(only, CATALOGUE, TITLES, outcome="mass_killing", measure="alone").index
    )
    assert (
        shared.strongest(only, CATALOGUE, TITLES, outcome="armed_conflict", measure="alone").index[0]
        == "Closed indicator 1"
    )


def test_indicators_that_point_the_other_way_are_named_the_farthest_first():
    # closed indicators: 0.5 less a hundredth for each factor, with 0.1 to either side
    assert shared_words.against_text(DRIVERS, CATALOGUE, "mass_killing").endswith(
        "in 3 of 24 indicators: Closed indicator 13; Closed indicator 12; Closed indicator 11."
    )
    assert shared_words.against_text(DRIVERS.assign(upper=1.0), CATALOGUE, "mass_killing") == ""


def test_what_a_pair_keeps_is_measured_from_chance_to_the_own_model():
    made = shared.pairs(TRANSFER).set_index(["outcome", "trained_on"])
    near, far = made.loc[("mass_killing", "armed_conflict")], made.loc[("mass_displacement", "armed_conflict")]
    # own 0.80, chance 0.50: (0.75 - 0.50) / 0.30, at the far end (0.80 - 0.11 - 0.50) / 0.30; (0.60 - 0.50) / 0.30
    assert near["kept"] == pytest.approx(0.25 / 0.3)
    assert near["kept_surely"] == pytest.approx(0.19 / 0.3)
    assert far["kept"] == pytest.approx(0.1 / 0.3)
    assert (near["verdict"], far["verdict"]) == ("not distinguishable", "better")
    # 0.60 with 0.05 to either side is not above 0.56, the upper end of chance
    assert (near["clear"], far["clear"]) == (True, False)
    assert list(made.index[:5]) == [("mass_killing", name) for name in OUTCOMES]


def test_of_an_own_model_that_is_not_clear_of_chance_nothing_can_be_kept():
    poor = changed(TRANSFER, "outcome == 'mass_displacement' and trained_on == outcome", lower=0.5)
    assert shared.pairs(poor).set_index("outcome").loc["mass_displacement", "kept"].isna().all()
    assert "in 16 of 20 pairs" in all_words(transfer=poor)
    assert "4 pairs are not counted: the own model is not clear of chance." in all_words(transfer=poor)
    none = TRANSFER.assign(lower=0.5)
    assert "is not known: no own model is clear of chance" in all_words(transfer=none)


def test_the_picture_of_pairs_has_the_own_model_on_its_diagonal_and_chance_beside_it():
    cells = shared.transfer_cells(TRANSFER).set_index(["row", "column"])
    titles, first = [outcome.title for outcome in OUTCOMES.values()], "mass_killing"
    assert list(cells["column_title"].unique()) == [*titles, shared.CHANCE_TITLE]
    assert [cells.at[(name, name), "text"] for name in OUTCOMES] == [".80"] * 5
    conflict, displaced = "armed_conflict", "mass_displacement"
    assert cells.at[(conflict, displaced), "text"] == ".72*"
    assert cells.at[(displaced, conflict), "text"] == "(.60)*"
    assert cells.at[(first, conflict), "text"] == ".75"
    assert cells.at[(first, shared.CHANCE), "text"] == "(.50)"
    assert "the own model is better" in cells.at[(conflict, displaced), "hover"]
    assert "within 0.45 to 0.56" in cells.at[(first, shared.CHANCE), "hover"]


def test_the_table_of_pairs_has_differences_with_intervals_and_what_they_mean():
    table = shared.describe_transfer(TRANSFER).set_index(["What is forecast", "Model trained on"])
    conflict, killing = OUTCOMES["armed_conflict"].title, OUTCOMES["mass_killing"].title
    assert table.loc[(conflict, killing)].to_list() == [
        "0.720 (0.670 to 0.770)",
        "0.50 (0.45 to 0.56)",
        "+0.080 (+0.020 to +0.180)",
        "the own model is better",
        "73 in 100",  # 0.22 of 0.30
        *["0.720 (0.670 to 0.770)", "+0.080 (+0.020 to +0.180)"] * 2,
    ]
    assert list(table.columns[-4:]) == [title for pair in shared.FURTHER.values() for title in pair]
    assert table.loc[(conflict, conflict)].to_list()[2:5] == ["", "own model", ""]
    assert table.loc[(conflict, conflict)].to_list()[5:] == ["0.800 (0.750 to 0.850)", ""] * 2
    assert table.loc[(killing, conflict), "Which means"] == "not distinguishable"


def test_the_words_name_what_is_shared_what_is_not_and_how_sure():
    words = shared_words.words(DRIVERS, TRANSFER, TITLES)
    assert words[shared_words.SHARED] == [
        "**1 of 12 factors** has by itself an AUC whose 95 % interval is above 0.5 in all 5 outcomes: "
        "Invented factor 1 (1). Its AUC goes from 0.70 to 0.70.",
        # of the 16 of the first four outcomes those of armed conflict keep 0.12 of 0.30 at the far end
        "**Models of one outcome, used for another**: in 16 of 20 pairs the model that never saw the outcome keeps "
        "more than half of the own model's skill above chance; in 12 of them also at the upper end of the interval of "
        "the difference.",
        "In 12 of 20 pairs the own model and the other's are **not distinguishable**; that does not make them the "
        "same.",
    ]
    some, none, turned, added, better, unclear = words[shared_words.APART]
    assert some == (
        "By themselves, **these tell of some outcomes only**: Invented factor 2 (2), of onset of mass killing and "
        "killing of civilians by a government."
    )
    assert none.startswith("By itself, **not above 0.5 in any outcome**: Invented factor 3 (3); Invented factor 4 (4);")
    assert turned.endswith("(interval below 0.5): Invented factor 3 (3), of mass displacement across borders.")
    assert added == (
        "**Beyond all the others**, 1 of 12 factors carries weight of its own in some outcome, none of them in all 5: "
        "Invented factor 2 (2), of onset of armed conflict."
    )
    assert better == (
        "**The own model is better** in 8 of 20 pairs (the interval of the difference leaves zero out): for onset of "
        "armed conflict than those of all the others; for mass displacement across borders than those of all the "
        "others."
    )
    assert unclear.startswith("Of 25 models, 4 are **not clear of chance**: for mass displacement across borders those")
    events, luck, caution = words[shared_words.SURE]
    # ten events for each letter of the outcome's name
    assert "from 120 State-years with the event in the window (onset of mass killing) to 190 (killing of" in events
    assert "about 3 of the 60 intervals" in luck
    assert "AUC of 0.50 to 0.50 on average, 95 % of the times within 0.45 to 0.56." in luck
    assert "To tell of an outcome is not to cause it." in caution


def test_factors_that_are_all_shared_are_counted_and_not_listed():
    text = all_words(changed(DRIVERS, "measure == 'alone'", lower=0.51, upper=0.75))
    assert "**All 12 measured factors** have by themselves an AUC whose 95 % interval is above 0.5 in all 5" in text
    # factor 3 has 0.40 in the last outcome, factor 1 has 0.70
    assert "Their AUC goes from 0.40 to 0.70" in text
    assert "tell of some outcomes only" not in text
    assert "not above 0.5 in any outcome" not in text


def test_a_single_pair_is_named_and_an_own_model_that_is_worse_too():
    one = changed(
        TRANSFER.assign(own_less_lower=-0.1, own_less_upper=0.1),
        "outcome == 'state_killing' and trained_on == 'armed_conflict'",
        own_less_lower=-0.2,
        own_less_upper=-0.05,
    )
    text = all_words(transfer=one)
    assert (
        "**The own model is worse** in 1 of 20 pairs (the interval of the difference leaves zero out): for killing of "
        "civilians by a government than that of onset of armed conflict." in text
    )
    assert "own model is better" not in text


def test_without_any_weight_beyond_the_others_the_words_say_so():
    text = all_words(changed(DRIVERS, "measure == 'adds'", lower=-0.01))
    assert "**Beyond all the others**, no factor adds an amount in any outcome that can be told from nothing." in text


def test_chance_that_is_not_known_is_not_told_as_chance():
    unknown = TRANSFER.assign(chance=math.nan, chance_lower=math.nan, chance_upper=math.nan)
    assert shared.CHANCE not in shared.transfer_cells(unknown)["column"].to_list()
    assert "Models that had nothing to learn" not in all_words(transfer=unknown)
    assert set(shared.describe_transfer(unknown)["Chance"]) == {"not known"}


def test_no_factor_is_called_a_cause_and_no_outcome_comes_first():
    text = all_words()
    for word in ("driven by", "leads to", "because of", "worst", "most serious"):
        assert word not in text


def test_on_what_it_rests_is_told_by_outcome():
    table = shared.describe_rows(TRANSFER, dict.fromkeys(OUTCOMES, (1993, 2022)))
    assert table.loc["Onset of armed conflict"].to_list()[1:] == ["1993 to 2022", "500", "140"]


def test_each_outcome_belongs_to_a_field_and_the_structural_factors_to_peacebuilding():
    named = [name for names in shared.FIELDS.values() for name in names]
    assert sorted(named) == sorted(OUTCOMES)
    table = shared.describe_fields(sample.tables()["factors"])
    assert table.loc[shared.PEACEBUILDING].item() == (
        "The structural risk factors (2, 3, 4, 5, 6, 9), which move over years"
    )


def test_the_grid_draws_unsure_cells_apart_in_grey_and_centres_its_colours_on_what_tells_nothing():
    cells = shared.factor_cells(DRIVERS, "alone", TITLES)
    figure = charts.draw_grid(cells, middle=0.5, measured="ROC AUC")
    sure, unsure = figure.data
    # sure: factor 1 in five outcomes, 2 in two, 3 in one
    assert np.isfinite(sure.z).sum() == 8
    assert np.isfinite(unsure.z).sum() == 60 - 8
    assert not (np.isfinite(sure.z) & np.isfinite(unsure.z)).any()
    assert {colour for _, colour in unsure.colorscale} == {charts.UNSURE}
    assert sure.text[0][0] == ".70"
    assert unsure.text[0][0] == ""
    # the farthest sure cell is 0.70, 0.2 from the middle
    axis = figure.layout.coloraxis
    assert (axis.cmin, axis.cmax) == (pytest.approx(0.3), pytest.approx(0.7))
    assert axis.colorscale[1] == (0.5, "#ffffff")
    assert figure.layout.xaxis.ticktext[1] == "Killing of<br>civilians<br>by a<br>government"


def test_a_column_without_a_sure_cell_is_drawn_in_grey_beside_the_others():
    sure, unsure = charts.draw_grid(shared.transfer_cells(TRANSFER), middle=0.5, measured="ROC AUC").data
    assert list(sure.text[4]) == ["", "", "", "", ".80", ""]
    assert list(unsure.text[4]) == ["(.60)*"] * 4 + ["", "(.50)"]
    assert len(sure.x) == len(OUTCOMES) + 1


def test_what_a_row_is_stands_above_its_cells_so_that_a_phone_has_room_for_the_columns():
    figure = charts.draw_grid(shared.factor_cells(DRIVERS, "alone", TITLES), middle=0.5, measured="ROC AUC")
    assert [label.text for label in figure.layout.annotations] == list(TITLES.values())
    assert [label.y for label in figure.layout.annotations] == list(figure.data[0].y)
    assert figure.data[0].ygap >= charts.LABEL
    assert not figure.layout.yaxis.visible
    axis = figure.layout.xaxis
    assert axis.tickangle == 0
    lines = [line for text in axis.ticktext for line in text.split("<br>")]
    # 59 points a column: 358 on a phone of 390, by six
    assert max(map(len, lines)) * charts.FONT["column"] * 0.5 <= 60


def test_each_picture_has_its_sentence():
    cells = shared.factor_cells(DRIVERS, "alone", TITLES)
    # sure: factor 1 in five outcomes, 2 in two, 3 in one; the highest is 0.7, first of all factor 1 of mass killing
    assert shared.factors_summary(cells) == (
        "Of 60 cells 8 can be told from nothing. Highest: .70 (1. Invented factor 1; Onset of mass killing). "
        "Lowest: .40 (3. Invented factor 3; Mass displacement across borders)."
    )
    assert shared.factors_summary(cells.head(0)) == "Nothing is known of any factor."
    # own 0.80; others 0.60 to 0.75, of which the four of displacement are not clear of chance
    assert shared.transfer_summary(TRANSFER) == (
        "ROC AUC of the own models from 0.80 to 0.80, of the 20 models of another outcome from 0.60 to 0.75; 16 of "
        "these clear of chance."
    )
    assert shared.transfer_summary(TRANSFER.assign(estimate=np.nan)) == "No pair of outcomes is known."


def test_a_score_that_the_table_does_not_have_has_no_column():
    table = shared.describe_transfer(TRANSFER[TRANSFER["metric"] != "recall_at_30"])
    assert "Average precision (1 = perfect)" in table
    assert "Share of events in the yearly top 30" not in table


def test_a_grid_without_a_sure_cell_is_grey():
    cells = shared.factor_cells(DRIVERS, "adds", TITLES).assign(sure=False)
    sure, unsure = charts.draw_grid(cells, middle=0, measured="loss").data
    assert not np.isfinite(sure.z).any()
    assert np.isfinite(unsure.z).all()
