"""Deaths by month: windows that end in the newest month, each from one file, and the indicators made of them."""

import pandas as pd
import pytest

from indicators import monthly, rf01_instability, rf08_triggers
from tests.tables import grid, known


def months(start: int, **deaths: list[float | None]) -> pd.DataFrame:
    """Deaths by month, from January of a year on; None has no row."""
    rows = [
        (iso3, start + month // 12, month % 12 + 1, number)
        for iso3, numbers in deaths.items()
        for month, number in enumerate(numbers)
        if number is not None
    ]
    return pd.DataFrame(rows, columns=["iso3", "year", "month", "deaths"])


def files(**deaths: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The three tables; the candidate file watches QMA and QMB from 2000 on."""
    watched = grid("QMA", "QMB", years=range(2000, 2006))
    return {"ucdp_candidate_monthly.grid": watched, "spine": watched.assign(gw_code=901)} | deaths


YEAR = [1.0] * 12
# earlier: 2000 to 2002; final: 2001 to 2003; candidate: 2000 to March 2004, its newest month
TABLES = files(
    ucdp_monthly_by_type=months(2000, QMA=[1.0] * 36, QMB=[*[1.0] * 5, None, *[1.0] * 30]),
    ucdp_monthly=months(2001, QMA=[10.0] * 36),
    ucdp_candidate_monthly=months(2000, QMA=[*[100.0] * 48, 200.0, 300.0, 400.0], QMB=[*[0.0] * 50, 7.0]),
)


def test_a_window_ends_in_the_newest_month_of_each_year_and_comes_from_one_file():
    # The newest month is March. March 2002 has 24 months in the earlier file (April 2000 on), but only 15 in the
    # final one; March 2003 has 24 in the final one; March 2004 is after it. QMB lacks June 2000 in the earlier file.
    found = known(monthly.deaths_to_newest_month(TABLES, 3))
    assert found == {("QMA", 2002): 3, ("QMA", 2003): 30, ("QMA", 2004): 900, ("QMB", 2004): 7}


def test_a_window_before_ends_so_many_months_earlier():
    # October to December 2003 in the candidate file, whose 24 months are all there
    assert known(monthly.deaths_to_newest_month(TABLES, 3, before=3))["QMA", 2004] == 300


def test_a_quiet_month_of_a_watched_state_has_no_deaths():
    candidate = months(2000, QMA=[1.0] * 51)
    found = known(monthly.deaths_to_newest_month(TABLES | {"ucdp_candidate_monthly": candidate}, 12))
    assert found["QMB", 2004] == 0


def test_rises_are_log_ratios_of_the_newest_months_to_as_many_before():
    # 2004, QMA. 3 months: 900 against 300: ln 901 - ln 301 = 1.096395. 6: 1,200 against 600: ln 1201 - ln 601 =
    # 0.692315. 12: 1,800 against 1,200: ln 1801 - ln 1201 = 0.405188. In the earlier and the final file nothing rises.
    three = known(rf08_triggers.deaths_rise_3_months(TABLES))
    six = known(rf08_triggers.deaths_rise_6_months(TABLES))
    twelve = known(rf01_instability.deaths_rise_12_months(TABLES))
    assert [rise["QMA", 2004] for rise in (three, six, twelve)] == pytest.approx(
        [1.096395, 0.692315, 0.405188], abs=1e-6
    )
    assert [three["QMA", year] for year in (2002, 2003)] == [0, 0]


def test_deaths_of_the_newest_months_are_a_count():
    # 1,800 in April 2003 to March 2004
    assert known(rf01_instability.deaths_last_12_months(TABLES))["QMA", 2004] == 1_800


def test_the_table_keeps_the_files_apart_and_marks_preliminary_months(monkeypatch):
    monkeypatch.setattr(monthly, "CANDIDATE_FROM", 2003)
    table = monthly.table(TABLES)
    state = table[table["iso3"] == "QMA"]
    assert state.groupby("source").size().to_dict() == {
        "ucdp_candidate_monthly": 15,  # January 2003 to March 2004
        "ucdp_monthly": 36,
        "ucdp_monthly_by_type": 36,
    }
    assert set(zip(state["year"], state["month"], strict=True)) >= {(2004, 3)}
    preliminary = table[table["preliminary"]]
    assert set(preliminary["year"]) == {2004}
    assert set(preliminary["source"]) == {"ucdp_candidate_monthly"}
