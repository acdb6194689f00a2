"""Risk factor 2, where an indicator is more than one column."""

import pytest

from indicators import rf02_record as rf02
from tests.tables import grid, known, population, table


def test_killing_of_civilians_is_a_mean_of_ten_years_with_at_least_three_known():
    deaths = table("""
    iso3 year one_sided_deaths
    QMA  2000 10
    QMA  2001 20
    QMA  2002 -
    QMA  2003 60
    QMA  2010 0
    """)
    people = population("\n".join(f"QMA {year} 1000000" for year in range(2000, 2011)))
    found = known(rf02.one_sided_deaths_per_100k_10_years(people | {"ucdp_country_year": deaths}))
    # Per 100,000: 1, 2, -, 6. To 2003: (1 + 2 + 6) / 3 = 3, the same while these three stay in the window (to 2009);
    # 2001-2010: (2 + 6 + 0) / 3. Before 2003 fewer than three years are known.
    expected = {("QMA", year): 3.0 for year in range(2003, 2010)} | {("QMA", 2010): 8 / 3}
    assert found == pytest.approx(expected)


def test_years_since_a_mass_killing_are_fifty_where_there_was_none():
    years = table("""
    iso3 year ongoing
    QMA  2000 0
    QMA  2001 1
    QMA  2002 0
    QMA  2003 -
    QMA  2004 0
    QMB  1940 1
    QMB  1989 0
    QMB  1990 0
    QMB  1995 0
    """)
    # QMA 2000: none so far. 2003 is not known. QMB: 49 and 50 years ago, and more than the scale holds.
    assert known(rf02.years_since_mass_killing({"mass_killing_years": years})) == {
        ("QMA", 2000): 50, ("QMA", 2001): 0, ("QMA", 2002): 1, ("QMA", 2004): 3,
        ("QMB", 1940): 0, ("QMB", 1989): 49, ("QMB", 1990): 50, ("QMB", 1995): 50,
    }  # fmt: skip


def test_mass_killings_add_up_and_are_none_only_on_the_grid():
    events = table("""
    iso3 year event_id
    QMA  2001 a
    QMA  2001 b
    QMA  2003 c
    QMA  1945 d
    QMZ  2001 e
    """)
    tables = {"mass_killing": events, "mass_killing.grid": grid("QMA", "QMB", years=range(2000, 2004))}
    # the one of 1945 and the one in QMZ lie outside the grid
    assert known(rf02.mass_killings_since_1946(tables)) == {
        ("QMA", 2000): 0, ("QMA", 2001): 2, ("QMA", 2002): 2, ("QMA", 2003): 3,
        ("QMB", 2000): 0, ("QMB", 2001): 0, ("QMB", 2002): 0, ("QMB", 2003): 0,
    }  # fmt: skip


def test_the_terror_scale_is_the_mean_of_the_reports_that_were_coded():
    pts = table("""
    iso3 year amnesty hrw state_department
    QMA  2000 2       -   4
    QMA  2001 -       -   -
    QMB  2000 5       4   3
    """)
    assert known(rf02.political_terror_scale({"pts": pts})) == {("QMA", 2000): 3, ("QMB", 2000): 4}
