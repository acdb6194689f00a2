"""The panel: what was known on a date, how old it is, and nothing that came out later."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indicators.catalogue import Indicator
from indicators.panel import build_panel, last_year_out
from tests.tables import grid, series

ENTRY = {
    "title": "Invented", "factor": 1, "unit": "things", "direction": "higher_is_riskier", "transform": "none",
    "goalposts": [0.0, 10.0], "goalposts_why": "Invented.", "why": "Invented.", "reference": "Nobody (2026)",
}  # fmt: skip


def entry(*sources: str, age: int) -> Indicator:
    return Indicator(name="x", source=list(sources), max_age_years=age, **ENTRY)


def spine(*states: str, years: range) -> pd.DataFrame:
    return grid(*states, years=years).assign(gw_code=1, country="Invented")


def panel(text, *, as_of, years, card, age=0, states=("QMA",)) -> dict:
    """The panel's values with the year each refers to, by State and year."""
    built = build_panel(
        {"x": series(text)},
        spine(*states, years=years),
        catalogue={"x": entry("invented", age=age)},
        cards={"invented": card},
        as_of=as_of,
    )
    return {(row.iso3, row.year): (row.value, row.data_year) for row in built.itertuples()}


@pytest.mark.parametrize(
    ("as_of", "newest"),
    [
        (date(2026, 6, 30), 2024),  # the year 2025 ended six months ago only on 1 July
        (date(2026, 7, 1), 2025),
        (date(2026, 12, 31), 2025),
        (date(2027, 1, 1), 2025),
    ],
)
def test_a_year_is_out_when_its_end_plus_the_lag_is_past(make_card, as_of, newest):
    assert last_year_out(make_card(lag_months=6), as_of) == newest


@pytest.mark.parametrize(("lag", "newest"), [(0, 2025), (1, 2025), (10, 2025), (11, 2024), (12, 2024), (72, 2019)])
def test_the_lag_of_the_card_decides(make_card, lag, newest):
    # on 22 November 2026 ten whole months of the year are over
    assert last_year_out(make_card(lag_months=lag), date(2026, 11, 22)) == newest


def test_a_source_within_the_year_has_the_year_in_progress_from_the_day_its_file_was_taken(make_card):
    card = make_card(lag_months=6, within_year=True, accessed=date(2026, 11, 22))
    assert last_year_out(card, date(2026, 11, 21)) == 2025
    assert last_year_out(card, date(2026, 11, 22)) == 2026
    assert last_year_out(make_card(lag_months=6, accessed=date(2026, 11, 22)), date(2026, 11, 22)) == 2025


def test_a_value_that_was_not_out_is_not_in_the_panel(make_card):
    lines = "QMA 2023 1\nQMA 2024 2\nQMA 2025 3"
    card = make_card(lag_months=6)
    before = panel(lines, as_of=date(2026, 6, 30), years=range(2023, 2027), card=card)
    assert before == {("QMA", 2023): (1, 2023), ("QMA", 2024): (2, 2024)}
    after = panel(lines, as_of=date(2026, 7, 1), years=range(2023, 2027), card=card)
    assert after == before | {("QMA", 2025): (3, 2025)}


def test_the_slowest_source_of_an_indicator_decides(make_card):
    built = build_panel(
        {"x": series("QMA 2024 1\nQMA 2025 2")},
        spine("QMA", years=range(2024, 2027)),
        catalogue={"x": entry("fast", "slow", age=0)},
        cards={"fast": make_card(lag_months=1), "slow": make_card(lag_months=12)},
        as_of=date(2026, 11, 22),
    )
    assert built["year"].tolist() == [2024]


def test_a_value_is_used_until_it_is_too_old_and_says_which_year_it_is_of(make_card):
    found = panel("QMA 2020 7", as_of=date(2026, 11, 22), years=range(2019, 2027), card=make_card(), age=3)
    # nothing before it; 2023 is the last year in which it is at most three years old
    assert found == {("QMA", year): (7, 2020) for year in (2020, 2021, 2022, 2023)}


def test_the_newest_value_holds_and_a_gap_is_bridged_by_the_one_before(make_card):
    lines = "QMA 2020 7\nQMA 2021 -\nQMA 2022 9"
    found = panel(lines, as_of=date(2026, 11, 22), years=range(2020, 2024), card=make_card(), age=1)
    assert found == {
        ("QMA", 2020): (7, 2020),
        ("QMA", 2021): (7, 2020),
        ("QMA", 2022): (9, 2022),
        ("QMA", 2023): (9, 2022),
    }


def test_values_from_before_the_first_year_of_the_panel_are_used_as_well(make_card):
    found = panel("QMA 1968 7", as_of=date(2026, 11, 22), years=range(1970, 1973), card=make_card(), age=3)
    assert found == {("QMA", 1970): (7, 1968), ("QMA", 1971): (7, 1968)}


def test_a_value_does_not_pass_to_another_state(make_card):
    lines = "QMA 2020 7\nQMB 2021 -"
    found = panel(
        lines, as_of=date(2026, 11, 22), years=range(2020, 2023), card=make_card(), age=1, states=("QMA", "QMB")
    )
    assert {iso3 for iso3, _ in found} == {"QMA"}


def test_a_state_has_no_row_in_a_year_in_which_the_spine_has_none(make_card):
    built = build_panel(
        {"x": series("QMA 2020 7\nQMB 2020 8")},
        spine("QMA", years=range(2020, 2021)),
        catalogue={"x": entry("invented", age=3)},
        cards={"invented": make_card()},
        as_of=date(2026, 11, 22),
    )
    assert list(zip(built["iso3"], built["year"], strict=True)) == [("QMA", 2020)]


@given(
    lag=st.integers(0, 80),
    age=st.integers(0, 5),
    day=st.dates(date(2000, 1, 1), date(2026, 12, 31)),
    years=st.lists(st.integers(1990, 2030), min_size=1, unique=True),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_is_ever_from_after_its_row_or_not_yet_out_or_too_old(make_card, lag, age, day, years):
    lines = "\n".join(f"QMA {year} {year}" for year in years)
    found = panel(lines, as_of=day, years=range(1990, 2031), card=make_card(lag_months=lag), age=age)
    for (_, year), (value, data_year) in found.items():
        assert value == data_year
        assert year - age <= data_year <= year
        end_of_year_and_lag = (data_year + 1) * 12 + lag  # in months
        assert end_of_year_and_lag <= day.year * 12 + day.month - 1
