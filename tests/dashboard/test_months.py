"""What the newest months add, in words: no difference is told as one unless its interval leaves zero out."""

import pandas as pd

from dashboard import months
from dashboard.record import METRICS
from tests.dashboard import sample

TASK = "outcome == 'mass_killing' and window_years == 2"
NOWCAST = sample.forecast_tables()["nowcast"].query(TASK)
CATALOGUE = sample.tables()["catalogue"]


def with_differences(**ends: tuple[float, float]) -> pd.DataFrame:
    """The table with these intervals of the differences; all others reach from -0.1 to 0.3."""
    table = NOWCAST.copy()
    for metric in METRICS:
        row = (table["layer"] == "difference") & (table["metric"] == metric)
        table.loc[row, ["lower", "upper"]] = ends.get(metric, (-0.1, 0.3))
    return table


def test_the_scores_that_are_better_are_named_and_most_of_them_are_counted():
    assert months.headline(NOWCAST, CATALOGUE) == (
        "With the indicators of the newest months, the forecasts are **better** by 1 of 9 scores "
        "(Order of States: ROC AUC); **not distinguishable** by 8 of 9 scores."
    )


def test_a_lower_log_score_is_better_and_a_higher_ratio_is_neither():
    table = with_differences(log_score=(-0.2, -0.1), brier_skill=(-0.3, -0.1), forecast_to_event_ratio=(0.1, 0.2))
    text = months.headline(table, CATALOGUE)
    assert "**better** by 1 of 9 scores (Log score); **worse** by 1 of 9 scores (Brier skill against" in text
    assert "**higher** by 1 of 9 scores (Sum of forecasts for each event); **not distinguishable** by 6" in text


def test_without_a_difference_the_words_claim_neither_use_nor_uselessness():
    text = months.headline(with_differences(), CATALOGUE)
    assert "the forecasts are **not distinguishable** by 9 of 9 scores." in text
    assert "That they add anything to these forecasts is not shown; nor is it shown that they add nothing." in text


def test_a_difference_that_is_not_there_is_not_known():
    lines = NOWCAST[(NOWCAST["layer"] != "difference") | (NOWCAST["metric"] != "auc")]
    assert "**not known** by 1 of 9 scores" in months.headline(lines, CATALOGUE)
    assert months.describe(lines).iloc[0].to_list() == ["0.800 (0.750 to 0.850)", "0.700 (0.650 to 0.750)", "not known"]


def test_the_indicators_of_the_newest_months_are_named_from_the_catalogue():
    monthly = CATALOGUE["indicator"].isin(["open_1", "open_8"])
    catalogue = CATALOGUE.assign(source=CATALOGUE["source"].mask(monthly, f"open;{months.CARD}"))
    assert months.headline(NOWCAST, catalogue).startswith(
        "With the 2 indicators of the newest months (Open indicator 1; Open indicator 8), the forecasts are"
    )
