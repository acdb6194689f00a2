"""Risk factor 1, where an indicator is more than one column (see test_one_column.py and test_per_people.py)."""

import pytest

from indicators import rf01_instability as rf01
from tests.tables import grid, known, table

CONFLICTS = table("""
iso3 year conflict
QMA  2001 11
QMA  2002 11
QMA  2002 12
QMA  2010 11
QMZ  2002 11
""")


def conflicts(*states, years):
    return {"ucdp_conflicts": CONFLICTS, "ucdp_conflicts.grid": grid(*states, years=years)}


def test_active_conflicts_are_counted_and_are_none_only_on_the_grid():
    found = known(rf01.armed_conflicts_active(conflicts("QMA", "QMB", years=range(2000, 2003))))
    # QMZ and 2010 lie outside the grid: not known, not 0
    assert found == {
        ("QMA", 2000): 0, ("QMA", 2001): 1, ("QMA", 2002): 2,
        ("QMB", 2000): 0, ("QMB", 2001): 0, ("QMB", 2002): 0,
    }  # fmt: skip


def test_a_conflict_on_two_lines_of_a_year_counts_once():
    twice = {"ucdp_conflicts": CONFLICTS.iloc[[0, 0]], "ucdp_conflicts.grid": grid("QMA", years=range(2001, 2002))}
    assert known(rf01.armed_conflicts_active(twice)) == {("QMA", 2001): 1}


def test_conflict_years_need_ten_years_behind_them():
    found = known(rf01.conflict_years_last_10(conflicts("QMA", years=range(2000, 2013))))
    # 2000-2009: 2001, 2002. 2001-2010: and 2010. 2002-2011: 2002, 2010. 2003-2012: 2010. Before 2009: too few years.
    assert found == {("QMA", 2009): 2, ("QMA", 2010): 3, ("QMA", 2011): 2, ("QMA", 2012): 1}


def test_neighbours_in_conflict_are_a_share_of_the_land_neighbours_that_are_watched():
    borders = table("""
    iso3 year neighbour
    QMB  2001 QMA
    QMB  2001 QMC
    QMA  2001 QMB
    QMD  2001 QMA
    QMD  2001 QMY
    QME  2001 QMY
    """)
    tables = conflicts("QMA", "QMB", "QMC", "QMD", "QME", "QMF", years=range(2001, 2002)) | {"borders": borders}
    # QMB: QMA of two. QMD: QMA, of QMY nothing is known. QME: nothing is known of its only one. QMF is an island.
    assert known(rf01.neighbours_in_conflict_pct(tables)) == {
        ("QMA", 2001): 0,
        ("QMB", 2001): 50,
        ("QMD", 2001): 100,
    }


def test_coup_attempts_are_summed_over_five_years_each_of_which_is_known():
    coups = table("""
    iso3 year attempts
    QMA  2000 1
    QMA  2001 0
    QMA  2002 0
    QMA  2003 2
    QMA  2004 0
    QMA  2005 0
    QMB  2000 1
    QMB  2001 1
    QMB  2002 -
    QMB  2003 1
    QMB  2004 1
    QMC  2000 1
    QMC  2004 1
    """)
    # 2000-2004: 1 + 2; 2001-2005: 2. QMB lacks 2002, QMC three years.
    assert known(rf01.coup_attempts_last_5_years({"coups": coups})) == {("QMA", 2004): 3, ("QMA", 2005): 2}


def test_a_regime_counts_as_changed_for_five_years():
    ert = table("""
    iso3 year regime_start_year
    QMA  2005 1990
    QMA  2006 2006
    QMA  2010 2006
    QMA  2011 2006
    QMB  2005 -
    """)
    # 2006 to 2010 are five years, 2011 is the sixth
    assert known(rf01.regime_change_last_5_years({"ert": ert})) == {
        ("QMA", 2005): 0, ("QMA", 2006): 1, ("QMA", 2010): 1, ("QMA", 2011): 0,
    }  # fmt: skip


def test_falling_prices_are_no_inflation():
    wdi = table("""
    series         iso3 year value
    FP.CPI.TOTL.ZG QMA  2000 7.5
    FP.CPI.TOTL.ZG QMA  2001 -3
    FP.CPI.TOTL.ZG QMB  2000 -
    """)
    assert known(rf01.inflation_pct({"wdi": wdi})) == {("QMA", 2000): 7.5, ("QMA", 2001): 0}


@pytest.mark.parametrize("name", ["battle_deaths_per_100k", "non_state_conflict_deaths_per_100k"])
def test_deaths_need_the_number_of_people(name):
    deaths = table("iso3 year state_based_deaths non_state_deaths\nQMA 2000 7 7")
    nobody = table("iso3 year population_thousands series value\nQMB 2000 1 x 1")
    tables = {"ucdp_country_year": deaths, "economy_population": nobody, "wdi": nobody}
    assert known(getattr(rf01, name)(tables)) == {}
