"""Indicators that are counts for so many people: how many, and what happens when either number is not known."""

import pytest

from indicators.catalogue import read_catalogue
from tests.tables import known, population, table

CATALOGUE = read_catalogue()
COUNTS = {
    # indicator: (table, column, per how many people)
    "battle_deaths_per_100k": ("ucdp_country_year", "state_based_deaths", 100_000),
    "non_state_conflict_deaths_per_100k": ("ucdp_country_year", "non_state_deaths", 100_000),
    "one_sided_deaths_per_100k": ("ucdp_country_year", "one_sided_deaths", 100_000),
    "government_one_sided_deaths_per_100k": ("ucdp_country_year", "one_sided_deaths_by_governments", 100_000),
    "civilian_deaths_in_battle_per_100k": ("ucdp_country_year", "state_based_civilian_deaths", 100_000),
    "displaced_abroad_pct": ("unhcr_population", "displaced_abroad", 100),
    "internally_displaced_pct": ("unhcr_idmc", "internally_displaced", 100),
    "refugee_outflow_per_1000": ("unhcr_flows", "newly_displaced_abroad", 1_000),
}
# QMA has 2 million people, QMB half a million, QMC an unknown number.
PEOPLE = "QMA 2000 2000000\nQMA 2001 2000000\nQMB 2000 500000\nQMC 2000 -"
ROWS = """
QMA 2000 60
QMA 2001 -
QMB 2000 0
QMC 2000 40
QMD 2000 40
"""
# 60 of 2 million are 3 of 100,000, 0.03 of 1,000 and 0.003 of 100.
EXPECTED = {100_000: 3.0, 1_000: 0.03, 100: 0.003}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_are_given_for_so_many_people(name):
    source, column, people = COUNTS[name]
    tables = population(PEOPLE) | {source: table(f"iso3 year {column}\n{ROWS.strip()}")}
    # QMA 2001: count not known; QMC: people not known; QMD: no row of people. None of them is 0.
    expected = {("QMA", 2000): EXPECTED[people], ("QMB", 2000): 0.0}
    assert known(CATALOGUE[name].compute(tables)) == pytest.approx(expected)


@pytest.mark.parametrize("name", COUNTS)
def test_the_unit_says_for_how_many_people(name):
    words = {100_000: "per 100,000 people", 1_000: "per 1,000 people", 100: "per cent of the population"}
    assert words[COUNTS[name][2]] in CATALOGUE[name].unit


@pytest.mark.parametrize("name", COUNTS)
def test_the_sources_of_population_are_named_beside_that_of_the_count(name):
    assert set(CATALOGUE[name].source) == {COUNTS[name][0], "economy_population", "wdi"}
