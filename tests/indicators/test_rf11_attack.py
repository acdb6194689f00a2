"""Risk factors 11, 12 and 13, where an indicator is more than one column."""

import pytest

from indicators import rf11_attack as rf11
from indicators import rf12_policy as rf12
from indicators import rf13_protected as rf13
from tests.tables import grid, known, population, table


def test_the_rise_of_killing_is_a_log_ratio_over_three_years():
    deaths = table("""
    iso3 year one_sided_deaths
    QMA  2000 0
    QMA  2001 -
    QMA  2003 9
    QMA  2004 50
    QMA  2006 0
    """)
    # 2003: ln (1 + 9) - ln 1 = 2.302585; for 2004 the year 2001 is not known; 2006: 0 after 9 is no rise
    expected = {("QMA", 2003): 2.302585, ("QMA", 2006): 0}
    assert known(rf11.one_sided_deaths_rise_3_years({"ucdp_country_year": deaths})) == pytest.approx(expected)


def test_a_mass_killing_led_by_the_state_goes_on_from_its_first_to_its_last_year():
    events = table("""
    iso3 year end_year led_by
    QMA  2000 2001     State-Led
    QMA  2001 2001     State-Led
    QMA  2002 2003     Non-State-Led
    QMB  2002 -        State-Led
    QMC  1990 2000     State-Led
    """)
    tables = {"mass_killing": events, "mass_killing.grid": grid("QMA", "QMB", "QMC", years=range(1999, 2005))}
    yes = {("QMA", 2000), ("QMA", 2001), ("QMB", 2002), ("QMB", 2003), ("QMB", 2004), ("QMC", 1999), ("QMC", 2000)}
    # QMB's has no last year: it goes on to the end of the grid
    expected = {
        (iso3, year): float((iso3, year) in yes) for iso3 in ("QMA", "QMB", "QMC") for year in range(1999, 2005)
    }
    assert known(rf12.state_led_mass_killing_ongoing(tables)) == expected


def test_a_war_outweighs_a_minor_conflict_and_no_conflict_is_none_only_on_the_grid():
    conflicts = table("""
    iso3 year conflict intensity
    QMA  2000 1        1
    QMA  2000 2        2
    QMA  2001 1        1
    QMZ  2000 3        2
    """)
    tables = {"ucdp_conflicts": conflicts, "ucdp_conflicts.grid": grid("QMA", years=range(2000, 2003))}
    assert known(rf13.war_intensity(tables)) == {("QMA", 2000): 2, ("QMA", 2001): 1, ("QMA", 2002): 0}


def test_the_rise_of_internal_displacement_needs_both_years_and_the_number_of_people():
    displaced = table("""
    iso3 year internally_displaced
    QMA  2000 1000
    QMA  2001 3000
    QMA  2002 2000
    QMA  2004 5000
    QMB  2000 0
    QMB  2001 7000
    """)
    people = population("\n".join(f"QMA {year} 500000" for year in range(2000, 2005)))
    # 2001: 2,000 more of half a million are 4 of 1,000. 2002: fewer. 2004: 2003 is not known. QMB: people not known.
    expected = {("QMA", 2001): 4, ("QMA", 2002): 0}
    assert known(rf13.internal_displacement_rise_per_1000(people | {"unhcr_idmc": displaced})) == expected
