"""Risk factor 8, where an indicator is more than one column: rises of deaths, onsets next door, elections due."""

import pandas as pd
import pytest

from indicators import rf08_triggers as rf08
from tests.tables import grid, known, table, wdi


def test_the_rise_of_deaths_is_a_log_ratio_of_all_three_kinds():
    deaths = table("""
    iso3 year state_based_deaths non_state_deaths one_sided_deaths
    QMA  2000 0                  0                0
    QMA  2001 3                  2                1
    QMA  2002 1                  -                0
    QMA  2003 0                  0                0
    QMA  2004 0                  0                0
    QMB  2000 9                  0                0
    QMB  2001 0                  0                4
    """)
    # 2001: ln (1 + 6) - ln 1 = 1.945910. One kind of 2002 is not known, so neither 2002 nor 2003 has a rise.
    # QMB: 9 to 4 is no rise.
    expected = {("QMA", 2001): 1.945910, ("QMA", 2004): 0, ("QMB", 2001): 0}
    assert known(rf08.deaths_rise_1_year({"ucdp_country_year": deaths})) == pytest.approx(expected)


def test_an_onset_next_door_follows_two_quiet_years():
    conflicts = table("""
    iso3 year conflict
    QMB  2002 1
    QMB  2003 1
    QMB  2005 1
    QMB  2008 1
    """)
    tables = {
        "ucdp_conflicts": conflicts,
        "ucdp_conflicts.grid": grid("QMA", "QMB", "QMC", years=range(2000, 2009)),
        "borders": grid("QMA", years=range(2000, 2009)).assign(neighbour="QMB"),
    }
    # 2002 follows 2000 and 2001; 2003 goes on; 2005 follows 2003; 2008 follows 2006 and 2007. QMC is an island.
    onsets = {("QMA", year): float(year in (2002, 2008)) for year in range(2000, 2009)}
    assert known(rf08.conflict_onset_next_door(tables)) == onsets


def test_a_conflict_of_a_new_state_is_not_known_to_be_an_onset():
    tables = {
        "ucdp_conflicts": table("""
        iso3 year conflict
        QMB  2001 1
        """),
        "ucdp_conflicts.grid": grid("QMB", years=range(2000, 2003)),
        "borders": grid("QMA", years=range(2000, 2003)).assign(neighbour="QMB"),
    }
    # nothing is known of 1999: whether 2001 follows two quiet years is not known
    assert known(rf08.conflict_onset_next_door(tables)) == {("QMA", 2000): 0, ("QMA", 2002): 0}


def test_an_inflation_shock_is_a_rise_in_percentage_points():
    tables = wdi(FP_CPI_TOTL_ZG="QMA 2000 5\nQMA 2001 12.5\nQMA 2002 3\nQMA 2003 -\nQMA 2004 4")
    assert known(rf08.inflation_shock(tables)) == {("QMA", 2001): 7.5, ("QMA", 2002): 0}


NO_LIST = {
    "elections": pd.DataFrame(columns=["iso3", "year", "type", "event"]),
    "elections.grid": grid("QMA", years=range(2000, 2027)),
}


def dates(*rows: tuple[str, str, int | None, int | None]) -> dict[str, pd.DataFrame]:
    """Offices with the year of the last and of the next election, as the Factbook's table has them."""
    long = [
        (iso3, office, when, float(year))
        for iso3, office, held, next_ in rows
        for when, year in (("held", held), ("next", next_))
        if year
    ]
    return {"factbook": pd.DataFrame(long, columns=["iso3", "office", "when", "election_year"])}


def by_list(tables: dict[str, pd.DataFrame]) -> dict[tuple[str, int], float]:
    """What the list alone gives: the only State with dates is left out."""
    found = known(rf08.election_due_24_months(tables | dates(("QMZ", "executive", 1900, 2100))))
    return {key: value for key, value in found.items() if key[0] != "QMZ"}


def test_an_election_on_the_list_is_due_in_the_two_years_before_it():
    votes = pd.DataFrame(
        [
            ("QMA", 2002, "X", "Vote, As Scheduled"),
            ("QMA", 2005, "L", "Vote, Early"),  # was not on the calendar
            ("QMA", 2006, "R", "Vote, As Scheduled"),  # a referendum
            ("QMB", 2004, "L", "Upcoming, Scheduled"),
        ],
        columns=["iso3", "year", "type", "event"],
    )
    tables = {"elections": votes, "elections.grid": grid("QMA", "QMB", "QMC", years=range(1999, 2007))}
    found = by_list(tables)
    # QMC is not on the list at all: missing, not "none due". Of 2006 no following year is on the grid.
    due = {"QMA": (2000, 2001), "QMB": (2002, 2003)}
    assert found == {(iso3, year): float(year in due[iso3]) for iso3 in due for year in range(1999, 2006)}


def test_the_list_ends_with_2018_since_later_votes_are_only_announced_there():
    votes = pd.DataFrame([("QMA", 2021, "X", "Upcoming, Scheduled")], columns=["iso3", "year", "type", "event"])
    tables = {"elections": votes, "elections.grid": grid("QMA", years=range(2017, 2023))}
    assert by_list(tables) == {("QMA", 2017): 0, ("QMA", 2018): 0}


def test_later_elections_come_from_the_dates_of_each_office():
    found = known(rf08.election_due_24_months(NO_LIST | dates(("QMA", "executive", 2020, 2025))))
    # 2019: 2020 is inside 2020-2021. 2020 to 2022: 2021-2022 … 2023-2024 lie between the two dates: none.
    # 2023: 2025 is inside 2024-2025. 2024: inside 2025-2026. After that the calendar is not known.
    expected = {2019: 1, 2020: 0, 2021: 0, 2022: 0, 2023: 1, 2024: 1}
    assert found == {("QMA", year): due for year, due in expected.items()}


def test_one_office_with_an_election_is_enough_but_none_needs_all_offices():
    both = dates(("QMA", "executive", 2020, 2028), ("QMA", "legislative", 2022, 2026))
    found = known(rf08.election_due_24_months(NO_LIST | both))
    # executive: 2019 yes; 2020-2025 no; 2026 (2027-2028) yes. legislative: 2020, 2021 yes; 2022, 2023 no; 2024, 2025
    # yes; in 2019 its election before 2022 is not known, in 2026 that after 2026.
    expected = {2019: 1, 2020: 1, 2021: 1, 2022: 0, 2023: 0, 2024: 1, 2025: 1, 2026: 1}
    assert found == {("QMA", year): due for year, due in expected.items()}


def test_no_election_is_due_only_where_each_office_is_known():
    half_known = dates(("QMA", "executive", 2020, 2025), ("QMA", "legislative", 2024, 2029))
    found = known(rf08.election_due_24_months(NO_LIST | half_known))
    # 2020, 2021: none of the executive, but when parliament was elected before 2024 is not known. 2025, 2026: none of
    # parliament, but the executive's next after 2025 is not announced. All four are missing, not "none due".
    assert found == {("QMA", year): 1 for year in (2019, 2022, 2023, 2024)}


def test_an_office_with_one_date_only_says_nothing():
    some = dates(("QMA", "executive", None, 2022), ("QMB", "executive", 2018, 2022))
    assert {iso3 for iso3, _ in known(rf08.election_due_24_months(NO_LIST | some))} == {"QMB"}
