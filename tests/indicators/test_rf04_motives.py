"""Risk factors 4 and 9, where an indicator is more than one column: stakes of conflicts, power of groups."""

import pytest

from indicators import rf04_motives as rf04
from indicators import rf09_discrimination as rf09
from tests.tables import grid, known, table

EPR = table("""
iso3 year group size status
QMA  2000 1     0.6  MONOPOLY
QMA  2000 2     0.3  POWERLESS
QMA  2000 3     0.1  DISCRIMINATED
QMB  2000 1     0.5  SENIOR_PARTNER
QMB  2000 2     0.2  SELF-EXCLUSION
QMB  2000 3     0.3  IRRELEVANT
QMC  2000 1     0.7  DOMINANT
QMC  2000 2     0.5  DOMINANT
""").replace({"status": {"SENIOR_PARTNER": "SENIOR PARTNER"}})


def test_stakes_are_territory_or_government_or_both():
    conflicts = table("""
    iso3 year conflict incompatibility
    QMA  2000 1        1
    QMA  2000 2        1
    QMA  2001 1        1
    QMA  2001 2        2
    QMA  2002 1        3
    QMB  2000 3        2
    """)
    tables = {"ucdp_conflicts": conflicts, "ucdp_conflicts.grid": grid("QMA", "QMB", years=range(2000, 2004))}
    # 1 is territory, 2 is government, 3 is both; no conflict on the grid is nothing to fight over
    assert known(rf04.stakes_fought_over(tables)) == {
        ("QMA", 2000): 1, ("QMA", 2001): 2, ("QMA", 2002): 2, ("QMA", 2003): 0,
        ("QMB", 2000): 1, ("QMB", 2001): 0, ("QMB", 2002): 0, ("QMB", 2003): 0,
    }  # fmt: skip


def test_ruled_by_another_group_are_those_outside_the_group_that_rules_alone():
    # QMA: 100 - 60; QMB shares power; QMC's ruling groups add up to 120 per cent in the table: everybody
    expected = {("QMA", 2000): 40, ("QMB", 2000): 0, ("QMC", 2000): 0}
    assert known(rf04.ruled_by_another_group_pct({"epr": EPR})) == pytest.approx(expected)


def test_excluded_are_the_powerless_the_discriminated_and_the_self_excluded():
    expected = {("QMA", 2000): 40, ("QMB", 2000): 20, ("QMC", 2000): 0}
    assert known(rf09.excluded_population_pct({"epr": EPR})) == pytest.approx(expected)


def test_discriminated_are_those_against_whom_the_state_acts():
    expected = {("QMA", 2000): 10, ("QMB", 2000): 0, ("QMC", 2000): 0}
    assert known(rf09.discriminated_population_pct({"epr": EPR})) == pytest.approx(expected)


def test_a_loss_of_power_counts_for_five_years_and_needs_them_known():
    lines = [f"QMA {year} 1 0.2 {'JUNIOR' if year < 2003 else 'POWERLESS'}" for year in range(2000, 2010)]
    lines += [f"QMA {year} 2 0.8 MONOPOLY" for year in range(2000, 2010)]
    lines += ["QMB 2000 1 0.5 MONOPOLY", "QMB 2002 1 0.5 POWERLESS"]
    epr = table("iso3 year group size status\n" + "\n".join(lines)).replace({"status": {"JUNIOR": "JUNIOR PARTNER"}})
    found = known(rf04.recent_loss_of_power_pct({"epr": epr}))
    # Group 1, a fifth of the people, was put out in 2003: seen in 2003-2007, gone from the window in 2008.
    # Before 2004 there are not five years; QMB lacks 2001 altogether.
    expected = {("QMA", year): 20 for year in range(2004, 2008)} | {("QMA", 2008): 0, ("QMA", 2009): 0}
    assert found == pytest.approx(expected)


def test_a_group_that_was_never_in_power_has_lost_none():
    lines = [f"QMA {year} 1 0.2 {'IRRELEVANT' if year < 2003 else 'POWERLESS'}" for year in range(2000, 2005)]
    epr = table("iso3 year group size status\n" + "\n".join(lines))
    assert known(rf04.recent_loss_of_power_pct({"epr": epr})) == {("QMA", 2004): 0}


def test_no_more_than_everybody_can_have_lost_power():
    """Two groups of 70 per cent in the table, put out in one year, and again two years later."""
    lines = [
        f"QMA {year} {group} 0.7 {'MONOPOLY' if year in (2000, 2002) else 'POWERLESS'}"
        for year in range(2000, 2005)
        for group in (1, 2)
    ]
    epr = table("iso3 year group size status\n" + "\n".join(lines))
    assert known(rf04.recent_loss_of_power_pct({"epr": epr})) == {("QMA", 2004): 100}
