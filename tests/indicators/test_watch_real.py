"""Watch on the producers' files: four known escalations month by month, and false alarms on years not used to choose.

The numbers are facts of the files named on the cards, not of the code: a new edition may move them.
"""

from pathlib import Path

import pandas as pd
import pytest

from indicators import countries, monthly, outputs, sources, watch
from indicators.sources.cards import load_cards

pytestmark = pytest.mark.mirror


@pytest.fixture(scope="module")
def built(mirror) -> dict[str, pd.DataFrame]:
    spells = countries.read_spells()
    history = countries.spine(countries.HISTORY_FROM, 2026, spells=spells)
    tables = sources.load(load_cards(), mirror, spine=history, spells=spells).tables
    months = monthly.table(tables)
    return {"monthly": months} | watch.build(tables, months, outputs.events(tables))


def flags(built: dict[str, pd.DataFrame], iso3: str, first: str, last: str) -> list[str]:
    """The months from first to last in which the State has a flag."""
    rows = built["watch"][built["watch"]["iso3"] == iso3]
    return rows[rows["month"].between(first, last) & (rows["flags"] != "")]["month"].to_list()


def test_ethiopia_is_flagged_before_the_war_of_november_2020_through_its_first_months_and_again_in_2022(built):
    assert flags(built, "ETH", "2020-01", "2022-12") == [
        *("2020-09", "2020-10", "2020-11", "2020-12", "2021-01", "2021-02", "2021-03"),
        *("2022-08", "2022-09", "2022-10"),
    ]


def test_sudan_is_not_flagged_by_the_war_of_15_april_2023_before_its_first_month_is_out(built):
    # as of April 2023 the newest month is March
    assert flags(built, "SDN", "2023-01", "2023-03") == []
    # as of June 2023 it is May
    assert flags(built, "SDN", "2023-04", "2023-12") == [f"2023-{month:02d}" for month in range(4, 13)]


def test_myanmar_is_flagged_from_april_2021_and_shows_the_coup_of_february_at_once(built):
    assert flags(built, "MMR", "2020-01", "2021-12") == [
        *("2021-04", "2021-05", "2021-06", "2021-07", "2021-09", "2021-12"),
    ]
    rows = built["watch"].set_index(["iso3", "month"])
    assert [rows.at[("MMR", month), "coup_12"] for month in ("2021-01", "2021-02", "2022-01", "2022-02")] == [
        0,
        1,
        1,
        0,
    ]


def test_burkina_faso_is_flagged_from_november_2018_to_july_2020_and_most_of_the_time_after_june_2021(built):
    assert (
        flags(built, "BFA", "2018-01", "2020-12")
        == [f"{year}-{month:02d}" for year in (2018, 2019, 2020) for month in range(1, 13)][10:31]
    )
    assert len(flags(built, "BFA", "2021-06", "2022-12")) == 16


def test_the_false_alarm_rates_are_of_years_that_did_not_choose_the_rules(built):
    rules = built["watch_rules"].set_index(["rule", "source"])
    assert rules["last_month"].xs("ucdp_monthly_by_type", level="source").unique().tolist() == ["2009-12"]
    for source in ("ucdp_monthly", "ucdp_candidate_monthly"):
        own = rules.xs(source, level="source")
        assert own["first_month"].min() >= "2011-01"
        assert set(own["last_month"]) == {"2023-12"}
    rise = rules.loc[("rise", "ucdp_monthly")]
    assert (rise["flags"], rise["followed"], rise["false_alarm_share"]) == (728, 286, 0.607)
    candidate = rules.loc[("rise", "ucdp_candidate_monthly")]
    assert (candidate["flags"], candidate["followed"], candidate["false_alarm_share"]) == (789, 294, 0.627)


@pytest.mark.parametrize("rule", ["rise", "outbreak"])
@pytest.mark.parametrize("file", ["final", "candidate"])
def test_the_rates_in_the_method_are_those_that_were_measured(built, rule, file):
    source = {"final": "ucdp_monthly", "candidate": "ucdp_candidate_monthly"}[file]
    row = built["watch_rules"].set_index(["rule", "source"]).loc[(rule, source)]
    told = [
        "{:.0f} ({:.0f} to {:.0f})".format(*(row[f"{name}_{end}"] * 100 for end in ("share", "lower", "upper")))
        for name in ("false_alarm", "caught", "killing")
    ]
    line = f"| {rule}, {file} file | {row['flags']} | {' | '.join(told)} |"
    assert line in (Path(__file__).parents[2] / "docs" / "method.md").read_text(encoding="utf-8")


def test_a_count_by_hand_of_the_flags_of_one_month(built):
    """March 2012 from the table of months alone: 100 deaths in three months, and twice the past with one added."""
    final = built["monthly"].query("source == 'ucdp_monthly'")
    number = final["year"] * 12 + final["month"]
    now = 2012 * 12 + 3
    recent = final[number.between(now - 2, now)].groupby("iso3")["deaths"].agg(["sum", "count"])
    past = final[number.between(now - 26, now - 3)].groupby("iso3")["deaths"].mean()
    ratio = (1 + recent["sum"] / 3) / (1 + past)
    expected = recent[(recent["sum"] >= 100) & (recent["count"] == 3) & (ratio >= 2)].index
    rows = built["watch"].query("month == '2012-03'")
    assert sorted(expected) == rows[rows["flags"].str.contains("rise")]["iso3"].to_list()
    assert len(expected) > 0


def test_the_newest_month_is_that_of_the_candidate_file_and_preliminary(built):
    newest = built["watch"]["month"].max()
    assert newest == "2026-05"
    assert built["watch"].query("month >= '2025-01'")["preliminary"].all()
    assert not built["watch"].query("month < '2025-01'")["preliminary"].any()
