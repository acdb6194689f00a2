"""How much the choices matter, in words, a table and a chart."""

import pandas as pd
import pytest

from dashboard import charts, sensitivity
from tests.dashboard import sample

TABLES = sample.sensitivity_tables()
STATES, OTHERS, SHARES = TABLES.values()


def test_a_place_is_told_with_its_interval_and_none_is_empty():
    row = STATES[STATES["iso3"] == "QMD"]
    assert sensitivity.place_text(row) == (
        "place 2 of 3 by the index; between 1 and 3 under other reasonable choices (95 % of 2,048 drawn)"
    )
    assert sensitivity.place_text(STATES.head(0)) == ""


def test_the_summary_names_what_moves_places_most():
    text = sensitivity.summary(STATES, OTHERS, SHARES)
    # intervals are 1 to 2, 1 to 3, 2 to 3; the last choice has the largest share, 7 / 50, and 7 / 100 alone
    assert "Of 3 States with an index in 2023, half have an interval of the place" in text
    assert "of 1 place or fewer. Most" in text
    assert "**leaving out one factor**, 14% of the variance with what it does through other choices, 7% alone" in text
    assert "**leaving out one factor: rf02**, by 0.6 places on average" in text
    assert "Leaving out one indicator moves them by 0.5 to 0.5 places" in text


def test_shares_are_listed_largest_first_with_intervals():
    table = sensitivity.describe_shares(SHARES)
    assert table.index.tolist()[0] == "Leaving out one factor"
    assert table.index.tolist()[-1] == "Weights of the indicators"
    assert table.loc["Leaving out one factor"].tolist() == ["7.0% (6.5% to 7.5%)", "14.0% (13.5% to 14.5%)"]


def test_the_chart_of_shares_has_its_sentence():
    # 7 / 50 and 1 / 50
    assert sensitivity.shares_text(SHARES) == (
        "Largest share of the variance, with what it does through others: Leaving out one factor (14.0%); smallest: "
        "Weights of the indicators (2.0%)."
    )


def test_each_choice_made_otherwise_is_told_in_words():
    table = sensitivity.describe_alternatives(OTHERS, sample.NAMES, {"open_1": "Open indicator 1", "rf02": "2. Second"})
    assert table.loc["Leaving out one indicator: Open indicator 1"].tolist() == ["0.5", "Newland: 5 up", "0.950"]
    assert "Leaving out one factor: 2. Second" in table.index
    assert "Balance of the two parts: structural part one third" in table.index


def test_all_choices_of_the_release_have_words():
    from indicators import sensitivity as made

    assert list(sensitivity.CHOICES) == list(made.CHOICES)


def test_the_chart_has_both_shares_of_each_choice_in_per_cent():
    alone, whole = charts.draw_shares(SHARES).data
    assert alone.name == "alone"
    assert dict(zip(whole.y, whole.x, strict=True))["Leaving out one factor"] == pytest.approx(14)
    assert pd.Series(alone.x).max() == pytest.approx(7)
