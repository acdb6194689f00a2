"""The sentence under each chart of Watch, Commitments and Track record, worked out by hand from a few lines."""

import pandas as pd
import pytest

from dashboard import commitments, record, watch


def deaths(*numbers: float | None) -> pd.DataFrame:
    """Deaths from January 2023 on."""
    months = [f"2023-{month:02d}" for month in range(1, len(numbers) + 1)]
    return pd.DataFrame({"month": months, "deaths": numbers, "source": "open", "preliminary": False})


def test_deaths_are_told_by_their_highest_lowest_and_newest_month():
    assert watch.course_text(deaths(4.0, 1200.0, 0.0, 7.0)) == (
        "From January 2023 to April 2023: most deaths in February 2023 (1,200), fewest in March 2023 (0); in the "
        "newest month, April 2023, 7."
    )


def test_of_equal_months_the_last_is_told_and_a_month_that_is_not_known_is_none():
    told = watch.course_text(deaths(5.0, 0.0, 5.0, 0.0, 3.0, None))
    assert "to May 2023: most deaths in March 2023 (5), fewest in April 2023 (0)" in told
    assert watch.course_text(deaths(None)) == watch.course_text(deaths()) == ""


def counts(**bound: tuple[int, int]) -> pd.DataFrame:
    """So many States bound and not bound in each group."""
    return pd.DataFrame(bound, index=["bound", "not bound"]).T.pipe(
        lambda table: pd.concat([table, table.sum().to_frame("All").T])
    )


def test_groups_are_told_by_the_share_that_is_bound():
    # 3 of 10, 1 of 2 and 0 of 5; a group without a State has no share
    told = commitments.groups_text(counts(African=(3, 7), Nordic=(1, 1), Southern=(0, 5), Empty=(0, 0)))
    assert told == (
        "Of 17 States 4 were bound. The share that was bound is largest in the group Nordic (1 of 2) and smallest in "
        "the group Southern (0 of 5)."
    )


def test_equal_shares_are_not_ranked_and_without_a_state_nothing_is_told():
    assert commitments.groups_text(counts(African=(1, 1), Southern=(2, 2))) == (
        "Of 6 States 3 were bound. The share that was bound is the same in every group."
    )
    assert commitments.groups_text(counts(African=(0, 0))) == ""


YEARS = pd.DataFrame({"African": [1, 4, 2], "Asia-Pacific": [0, 1, 3]}, index=pd.Index([2001, 2002, 2003], name="Year"))


def test_parties_are_told_at_both_ends_and_at_their_most():
    assert commitments.parties_text(YEARS) == (
        "Number of parties, all groups together: 1 at the end of 2001, 5 in 2003; the highest is 5, in 2003. In 2003 "
        "the group with most parties is Asia-Pacific: 3."
    )
    assert commitments.parties_text(YEARS.iloc[:0]) == ""


def test_the_table_of_parties_has_all_groups_together_and_the_newest_year_first():
    table = commitments.describe_parties(YEARS)
    assert table.index.to_list() == [2003, 2002, 2001]
    assert table["All"].to_list() == [5, 5, 1]


def test_forecasts_and_events_are_told_together_at_their_most_and_newest():
    years = pd.DataFrame({"origin": [2001, 2002, 2003], "events": [2, 2, 1], "expected": [1.04, 2.0, 0.52]})
    assert record.sums_text(years) == (
        "In all years together 3.6 events were forecast and 5 came. Most came after the end of 2002: 2, with 2.0 "
        "forecast. After the end of 2003, the newest, 1 came, with 0.5 forecast."
    )
    assert record.sums_text(years.iloc[:0]) == ""


@pytest.mark.parametrize(
    ("forecast", "told"),
    [
        ([0.1, 0.2], "In 2 of 2 groups the average forecast is inside the 95 % interval of what came; it was too low"),
        ([0.01, 0.2], "In 1 of 2 groups"),
        ([0.01, 0.9], "too low in 1 and too high in 1."),
    ],
)
def test_groups_of_forecasts_are_told_by_how_many_are_inside_their_interval(forecast, told):
    bins = pd.DataFrame({"mean_probability": forecast, "lower": [0.05, 0.1], "upper": [0.15, 0.3]})
    assert told in record.reliability_text(bins)
