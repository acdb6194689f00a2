"""How many treaties bind a State, and the two indicators made of it."""

import numpy as np
import pandas as pd
import pytest

from indicators import rf03_state_structures as rf03
from indicators import rf06_mitigation as rf06
from indicators.treaty_status import parties
from tests.tables import grid, known, table

YEARS = range(2000, 2005)
STATUS = table("""
iso3 treaty party_from party_until
QMA  cat    2001       -
QMA  iccpr  2003       -
QMA  crc    1990       2004
QMB  cat    -          -
QMB  crc    2002       -
QMC  cat    1990       -
""")
# QMC ended in 2002; QMD has no line in the status; both are in the grid while they exist
GRID = pd.concat([grid("QMA", "QMB", "QMD", years=YEARS), grid("QMC", years=range(2000, 2003))])


def test_a_state_is_bound_from_the_year_it_joins_to_the_year_before_it_leaves():
    found = known(parties({"t": STATUS, "t.grid": GRID}, "t")["bound"])
    # QMA: crc; and cat from 2001; and iccpr from 2003; without crc from 2004 on. QMB: signed cat only.
    assert {year: found["QMA", year] for year in YEARS} == {2000: 1, 2001: 2, 2002: 2, 2003: 3, 2004: 2}
    assert {year: found["QMB", year] for year in YEARS} == {2000: 0, 2001: 0, 2002: 1, 2003: 1, 2004: 1}
    assert {year: found["QMD", year] for year in YEARS} == dict.fromkeys(YEARS, 0)


def test_a_state_that_no_longer_exists_is_missing_and_not_without_treaties():
    """The depositary lists its treaties under its successors."""
    assert not [key for key in known(parties({"t": STATUS, "t.grid": GRID}, "t")["bound"]) if key[0] == "QMC"]


def test_only_the_treaties_asked_for_are_counted():
    found = known(parties({"t": STATUS, "t.grid": GRID}, "t", only=("cat", "iccpr"))["bound"])
    assert {year: found["QMA", year] for year in YEARS} == {2000: 0, 2001: 1, 2002: 1, 2003: 2, 2004: 2}


def test_human_rights_treaties_are_a_share_of_those_open_in_the_year():
    found = known(rf03.human_rights_treaties_pct({"human_rights_treaties": STATUS, "human_rights_treaties.grid": GRID}))
    # open: cat and crc from 1990, iccpr from 2003. QMA 2000 has crc of two, 2003 all three; QMB 2000 none.
    assert found["QMA", 2000] == 50
    assert found["QMA", 2003] == 100
    assert found["QMB", 2000] == 0


def test_commitments_against_atrocities_are_four_and_missing_where_one_list_does_not_reach():
    one = {"party_from": [2001.0], "party_until": [np.nan]}
    tables = {
        "human_rights_treaties": STATUS,
        "human_rights_treaties.grid": GRID,
        "genocide_convention": pd.DataFrame({"iso3": ["QMA"], "treaty": ["genocide_convention"]} | one),
        "genocide_convention.grid": grid("QMA", "QMB", "QMD", years=range(2000, 2008)),
        "rome_statute": pd.DataFrame({"iso3": ["QMB"], "treaty": ["rome_statute"]} | one),
        "rome_statute.grid": grid("QMA", "QMB", "QMD", years=range(2000, 2008)),
    }
    found = known(rf06.atrocity_law_commitments_pct(tables))
    # open: cat in 2000, the Genocide Convention and the Rome Statute from 2001, iccpr from 2003.
    # QMA: cat and the Genocide Convention from 2001, iccpr from 2003; crc does not count. QMB: the Rome Statute.
    expected = {2000: 0, 2001: 200 / 3, 2002: 200 / 3, 2003: 75, 2004: 75}
    assert {year: found["QMA", year] for year in YEARS} == pytest.approx(expected)
    assert {year: found["QMB", year] for year in YEARS} == pytest.approx(
        {2000: 0, 2001: 100 / 3, 2002: 100 / 3, 2003: 25, 2004: 25}
    )
    assert max(year for _, year in found) == 2004  # the list of human-rights treaties ends there
