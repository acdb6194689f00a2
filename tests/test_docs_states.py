"""Which State existed when: data/countries.csv against the lists that it follows."""

import pandas as pd
import pytest

from indicators import countries
from indicators.sources.cards import load_cards
from indicators.sources.fetch import path_of

pytestmark = pytest.mark.mirror
YEARS = range(1970, 2026)


def members(mirror, card: str, code: str) -> set[tuple[int, int]]:
    """(code, year) of each State of the list that existed on 31 December."""
    table = pd.read_csv(path_of(load_cards()[card], card, mirror), dtype=str)
    return {
        (int(float(row[code])), year)
        for row in table.to_dict("records")
        for year in YEARS
        if row["start"] <= f"{year}-12-31" <= row["end"]
    }


def test_the_spine_is_the_list_of_gleditsch_and_ward_but_for_two_places(mirror):
    spine = countries.spine(YEARS[0], YEARS[-1]).dropna(subset="gw_code")
    ours = set(zip(spine["gw_code"].astype(int), spine["year"], strict=True))
    theirs = members(mirror, "gw_states", "gwcode")
    # Abkhazia (396) and South Ossetia (397) are held by Georgia's row
    assert ours ^ theirs == {(code, year) for code in (396, 397) for year in range(2008, 2026)}


def test_each_state_of_the_correlates_of_war_is_one_row(mirror):
    theirs = members(mirror, "cow_states", "cowcode")
    listed = pd.DataFrame(sorted(theirs), columns=["code", "year"]).astype({"code": str})
    matched, left_out = countries.match(listed, "cow", spells=countries.read_spells(), source="cow_states", ignored={})
    assert left_out.empty
    assert not matched.duplicated(["iso3", "year"]).any()
