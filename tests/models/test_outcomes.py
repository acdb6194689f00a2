"""Outcomes: which year is an event, which is none, and which is not known."""

import pandas as pd
import pytest

from models.outcomes import (
    OUTCOMES,
    armed_conflict,
    label,
    last_known_year,
    mass_displacement,
    onset,
    state_killing,
)


def series(**states: dict[int, float]) -> pd.Series:
    rows = {(code, year): value for code, years in states.items() for year, value in years.items()}
    index = pd.MultiIndex.from_tuples(rows, names=["iso3", "year"])
    return pd.Series(list(rows.values()), index, dtype=float)


def events(name: str, **states: dict[int, float]) -> pd.DataFrame:
    return series(**states).rename("count").reset_index().assign(event=name)


def test_twenty_five_deaths_are_an_event_and_twenty_four_are_none():
    table = events("one_sided_deaths_by_governments", QMA={2000: 25, 2001: 24, 2002: 0})
    assert state_killing(table).to_dict() == {("QMA", 2000): 1.0, ("QMA", 2001): 0.0, ("QMA", 2002): 0.0}


def test_an_onset_needs_two_quiet_years_and_a_conflict_that_goes_on_is_none():
    # quiet, quiet, fighting (onset), fighting, quiet, fighting (one quiet year only)
    table = events("battle_deaths", QMA={2000: 0, 2001: 3, 2002: 100, 2003: 80, 2004: 0, 2005: 40})
    assert armed_conflict(table).to_dict() == {
        ("QMA", 2000): 0.0,
        ("QMA", 2001): 0.0,
        ("QMA", 2002): 1.0,
        ("QMA", 2003): 0.0,
        ("QMA", 2004): 0.0,
        ("QMA", 2005): 0.0,
    }


def test_whether_the_first_year_on_record_is_an_onset_is_not_known():
    assert onset(series(QMA={2000: 1, 2001: 1, 2002: 0}), quiet=2).to_dict() == {("QMA", 2001): 0.0, ("QMA", 2002): 0.0}


def test_displacement_is_a_share_of_the_people_and_missing_where_these_are():
    # 50 of 10,000 is 5 in 1,000; 49 is less; QMB's population is not known
    fled = events("newly_displaced_abroad", QMA={2000: 50, 2001: 49}, QMB={2000: 1_000})
    people = events("population", QMA={2000: 10_000, 2001: 10_000})
    assert mass_displacement(pd.concat([fled, people])).to_dict() == {("QMA", 2000): 1.0, ("QMA", 2001): 0.0}


def test_a_label_looks_at_the_years_after_the_origin_and_is_missing_until_all_are_known():
    event = series(QMA={2000: 0, 2001: 0, 2002: 1, 2003: 0})
    two = label(event, window=2)
    assert two.loc[("QMA", 1999)] == 0  # 2000 and 2001
    assert two.loc[("QMA", 2000)] == 1  # 2001 and 2002
    assert two.loc[("QMA", 2001)] == 1  # 2002 and 2003
    assert ("QMA", 2002) not in two.index  # 2003 is known, 2004 is not
    assert label(event, window=1).loc[("QMA", 2002)] == 0


def test_a_window_of_which_half_is_known_has_no_label_even_if_that_half_has_an_event():
    assert ("QMA", 2000) not in label(series(QMA={2000: 0, 2001: 1}), window=2).index


def test_the_last_known_year_is_that_of_the_series():
    assert last_known_year(series(QMA={2000: 0, 2005: 1}, QMB={2003: 0})) == 2005


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=lambda outcome: outcome.name)
def test_a_missing_table_of_events_is_named(outcome):
    other = events("rain", QMA={2000: 1})
    with pytest.raises(ValueError, match=r"The release has no '.*' among its events; it has \['rain'\]"):
        outcome.events(other)
