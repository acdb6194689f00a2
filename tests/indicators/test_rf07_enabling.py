"""Risk factor 7, where an indicator is more than one column: falls and rises over three years."""

import pytest

from indicators import rf07_enabling as rf07
from tests.tables import known, table, wdi

FALLS = {
    "electoral_democracy_fall_3_years": ("vdem_polyarchy", "electoral_democracy"),
    "media_freedom_fall_3_years": ("vdem", "v2mecenefm"),
    "civil_society_freedom_fall_3_years": ("vdem", "v2csreprss"),
}


@pytest.mark.parametrize("name", FALLS)
def test_a_fall_is_against_three_years_before_and_a_rise_is_none(name):
    source, column = FALLS[name]
    rows = table(f"""
    iso3 year {column}
    QMA  2000 0.75
    QMA  2001 0.5
    QMA  2002 -
    QMA  2003 0.25
    QMA  2004 1
    QMA  2005 0.5
    QMB  2000 0.5
    QMB  2003 0.5
    """)
    # 2003 against 2000: 0.75 - 0.25. 2004 against 2001: it rose. 2005: 2002 is not known. QMB: the same.
    expected = {("QMA", 2003): 0.5, ("QMA", 2004): 0, ("QMB", 2003): 0}
    found = getattr(rf07, name)({source: rows})
    assert known(found) == expected
    assert "-0" not in found.to_csv()


def test_the_rise_of_the_terror_scale_is_that_of_the_mean_of_its_reports():
    pts = table("""
    iso3 year amnesty hrw state_department
    QMA  2000 2       -   2
    QMA  2003 3       -   4
    QMA  2004 5       5   5
    QMA  2006 2       2   2
    """)
    # 2000: 2, 2003: 3.5, 2006: 2; for 2004 the level of 2001 is not known
    assert known(rf07.terror_scale_rise_3_years({"pts": pts})) == {("QMA", 2003): 1.5, ("QMA", 2006): 0}


def test_a_surge_of_military_spending_is_a_log_ratio_and_missing_where_there_was_none():
    tables = wdi(MS_MIL_XPND_GD_ZS="QMA 2000 1\nQMA 2003 4.481689\nQMA 2006 2\nQMB 2000 0\nQMB 2003 2\nQMB 2006 2")
    # ln 4.481689 = 1.5; then it fell. Against nothing at all no ratio can be formed.
    expected = {("QMA", 2003): 1.5, ("QMA", 2006): 0, ("QMB", 2006): 0}
    assert known(rf07.military_spending_surge_3_years(tables)) == pytest.approx(expected, abs=1e-6)
