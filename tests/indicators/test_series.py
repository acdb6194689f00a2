"""The arithmetic that indicators share."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators import series as s
from tests.tables import grid, known, population, series, table

GAPPED = series("""
QMA 2000 1
QMA 2001 -
QMA 2002 4
QMA 2004 2
QMB 2001 10
QMB 2002 10
""")

WINDOWS = {
    "earlier": lambda x: s.earlier(x, 2),
    "change": lambda x: s.change(x, 1),
    "rise": lambda x: s.rise(x, 1),
    "fall": lambda x: s.fall(x, 2),
    "mean_of_last": lambda x: s.mean_of_last(x, 3, at_least=2),
    "sum_of_last": lambda x: s.sum_of_last(x, 2),
    "highest_of_last": lambda x: s.highest_of_last(x, 3, at_least=2),
    "years_since": lambda x: s.years_since((x > 3).astype(float), at_most=5),
    "log_rise": lambda x: s.log_rise(x.abs(), 1),
}


@st.composite
def values(draw):
    """A series of up to three States and eleven years, in any order, with gaps."""
    years = st.tuples(st.sampled_from(["QMA", "QMB", "QMC"]), st.integers(1990, 2000))
    rows = draw(st.dictionaries(years, st.floats(-1e6, 1e6) | st.none(), min_size=1))
    index = pd.MultiIndex.from_tuples(list(rows), names=["iso3", "year"])
    return pd.Series(list(rows.values()), index, dtype=float)


@pytest.mark.parametrize("name", WINDOWS)
@given(x=values())
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_never_matters(name, x):
    turned = x.iloc[::-1]
    assert known(WINDOWS[name](turned)) == pytest.approx(known(WINDOWS[name](x)))


@pytest.mark.parametrize("name", WINDOWS)
@given(x=values())
@settings(max_examples=25, deadline=None)
def test_other_states_never_matter(name, x):
    own = x[x.index.get_level_values("iso3") == "QMA"]
    if len(own):
        all_states = {key: value for key, value in known(WINDOWS[name](x)).items() if key[0] == "QMA"}
        within = {key: value for key, value in all_states.items() if key[1] <= own.index.get_level_values("year").max()}
        assert known(WINDOWS[name](own)) == pytest.approx(within)


@given(x=values())
@settings(max_examples=50, deadline=None)
def test_a_rise_less_a_fall_is_the_change_and_neither_is_below_zero(x):
    rise, fall = s.rise(x, 1), s.fall(x, 1)
    assert (rise >= 0).all()
    assert (fall >= 0).all()
    assert known(rise - fall) == pytest.approx(known(s.change(x, 1)))


@given(x=values())
@settings(max_examples=50, deadline=None)
def test_a_mean_lies_between_the_lowest_and_the_highest_value(x):
    mean = s.mean_of_last(x, 4, at_least=1)
    assert (mean <= x.max() + 1e-3).all()
    assert (mean >= x.min() - 1e-3).all()


def test_earlier_gives_the_value_of_a_year_that_many_years_before():
    assert known(s.earlier(GAPPED, 2)) == {("QMA", 2002): 1, ("QMA", 2004): 4, ("QMB", 2003): 10, ("QMB", 2004): 10}


def test_change_is_missing_where_either_year_is():
    assert known(s.change(GAPPED, 2)) == {("QMA", 2002): 3, ("QMA", 2004): -2}


def test_rise_and_fall_are_none_in_the_other_direction():
    assert known(s.rise(GAPPED, 2)) == {("QMA", 2002): 3, ("QMA", 2004): 0}
    assert known(s.fall(GAPPED, 2)) == {("QMA", 2002): 0, ("QMA", 2004): 2}


def test_no_fall_is_zero_without_a_minus():
    assert not np.signbit(s.fall(GAPPED, 2)).any()


def test_a_mean_needs_enough_known_years():
    # QMA: 2000-2002: (1 + 4) / 2; 2001-2003: 4 alone; 2002-2004: (4 + 2) / 2. QMB: 2002 and, with 2003 unknown, 2003.
    expected = {("QMA", 2002): 2.5, ("QMA", 2004): 3, ("QMB", 2002): 10, ("QMB", 2003): 10}
    assert known(s.mean_of_last(GAPPED, 3, at_least=2)) == expected


def test_a_sum_needs_every_year():
    assert known(s.sum_of_last(GAPPED, 2)) == {("QMB", 2002): 20}


def test_the_highest_of_the_last_years_needs_enough_known_years():
    expected = {("QMA", 2002): 4, ("QMA", 2004): 4, ("QMB", 2002): 10, ("QMB", 2003): 10}
    assert known(s.highest_of_last(GAPPED, 3, at_least=2)) == expected


def test_years_since_counts_from_the_last_year_with_the_flag():
    flag = series("QMA 2000 0\nQMA 2001 1\nQMA 2002 1\nQMA 2003 0\nQMA 2004 -\nQMA 2005 0\nQMA 2010 0\nQMB 2000 0")
    expected = {("QMA", 2000): 5, ("QMA", 2001): 0, ("QMA", 2002): 0, ("QMA", 2003): 1, ("QMA", 2005): 3}
    # eight years ago is more than the five that are counted; never is as long ago as that
    assert known(s.years_since(flag, at_most=5)) == expected | {("QMA", 2010): 5, ("QMB", 2000): 5}


def test_a_log_rise_is_that_of_one_more_than_the_count():
    # ln (1 + 19) - ln (1 + 9) = 0.693147
    assert known(s.log_rise(series("QMA 2000 9\nQMA 2001 19\nQMA 2002 0"), 1)) == pytest.approx(
        {("QMA", 2001): 0.693147, ("QMA", 2002): 0}
    )


def test_a_series_without_a_row_stays_empty():
    assert s.change(GAPPED.iloc[:0], 1).empty


def test_zeros_are_written_on_the_grid_and_nowhere_else():
    counts = series("QMA 2000 3\nQMB 2000 5\nQMA 2003 1")
    found = s.on_grid(counts, {"x.grid": grid("QMA", "QMC", years=range(2000, 2002))}, "x")
    # QMB and 2003 are not watched: not there
    assert known(found) == {("QMA", 2000): 3, ("QMA", 2001): 0, ("QMC", 2000): 0, ("QMC", 2001): 0}


def test_counts_per_people_are_missing_where_the_people_are_not_known():
    tables = population("QMA 2000 50000\nQMB 2000 -")
    counts = series("QMA 2000 10\nQMA 2001 10\nQMB 2000 0\nQMC 2000 -")
    assert known(s.per_people(counts, tables, people=100_000)) == {("QMA", 2000): 20}


def test_over_neighbours_takes_those_that_are_known():
    borders = table("iso3 year neighbour\nQMA 2000 QMB\nQMA 2000 QMC\nQMA 2000 QMD\nQMB 2000 QMA\nQMA 2001 QMB")
    flag = series("QMB 2000 1\nQMC 2000 0\nQMD 2000 -\nQMB 2002 1")
    # QMA 2000: QMB and QMC; of QMA itself, QMB's neighbour, and of QMB in 2001 nothing is known
    assert known(s.over_neighbours(flag, {"borders": borders}, "mean")) == {("QMA", 2000): 0.5}
    assert known(s.over_neighbours(flag, {"borders": borders}, "max")) == {("QMA", 2000): 1}
