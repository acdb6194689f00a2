"""Risk factors 5 and 6, where an indicator is more than one column."""

import pytest

from indicators import rf05_capacity as rf05
from indicators import rf06_mitigation as rf06
from tests.tables import known, population, table, wdi


def test_the_record_of_killing_is_the_worst_of_fifteen_years_with_at_least_three_known():
    deaths = table("""
    iso3 year one_sided_deaths_by_governments
    QMA  2000 0
    QMA  2001 50
    QMA  2002 -
    QMA  2003 10
    QMA  2014 0
    QMA  2016 0
    """)
    people = population("\n".join(f"QMA {year} 1000000" for year in range(2000, 2017)))
    found = known(rf05.government_killing_record_per_100k(people | {"ucdp_country_year": deaths}))
    # Per 100,000: 0, 5, -, 1, …, 0, -, 0. From 2003 on three are known; 2001 leaves the window in 2016 (2002-2016),
    # where 1, 0 and 0 remain.
    assert found == pytest.approx({("QMA", year): 5 for year in range(2003, 2016)} | {("QMA", 2016): 1})


def test_people_are_counted_within_the_borders_of_the_year():
    """Where two series differ the State-based one holds: the other counts today's territory in all years."""
    states = table("""
    iso3 year population_thousands
    QMA  1980 3000
    QMB  1980 -
    """)
    tables = {"economy_population": states} | wdi(SP_POP_TOTL="QMA 1980 1500000\nQMB 1980 700000\nQMC 1980 -")
    # QMB is in the World Bank's series only, QMC in none
    assert known(rf05.population_millions(tables)) == pytest.approx({("QMA", 1980): 3.0, ("QMB", 1980): 0.7})


def test_trade_is_exports_and_imports_and_missing_where_one_is():
    tables = wdi(
        NE_EXP_GNFS_ZS="QMA 2000 30\nQMB 2000 40\nQMC 2000 0", NE_IMP_GNFS_ZS="QMA 2000 45\nQMB 2000 -\nQMC 2000 2"
    )
    assert known(rf06.trade_openness_pct_gdp(tables)) == {("QMA", 2000): 75, ("QMC", 2000): 2}
