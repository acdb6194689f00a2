"""What the newest months add to the forecasts, in words and a table: with them, without, and the difference."""

import pandas as pd

from dashboard.record import METRICS, difference_text, score_text
from models.track import verdict

NO_TABLE = "This release does not say what the newest months add: it was made before that was tried."
ABOUT = (
    "Both are made at each year's end from what was known then, on the same State-years and with the same ages of all "
    "other data; one has the indicators that count the newest months, the other has not. At earlier origins the months "
    "come from the checked editions, which came out later; the candidate events that were out in time are less "
    "complete, so that this may flatter the months. Better or worse only where the interval of the difference leaves "
    "zero out."
)
CARD = "ucdp_candidate_monthly"  # the source that has the newest months
SAID = ("better", "worse", "higher", "lower", "not distinguishable", "not known")


def headline(nowcast: pd.DataFrame, catalogue: pd.DataFrame) -> str:
    """By which scores the forecasts with the newest months are better, worse or the same as far as can be told.

    `nowcast`: lines of one outcome and window.
    """
    found: dict[str, list[str]] = {said: [] for said in SAID}
    for metric in METRICS:
        line = _line(nowcast, "difference", metric)
        ends = (float("nan"), float("nan")) if line is None else (line["lower"], line["upper"])
        found[verdict(*ends, metric=metric)].append(metric)
    told = [f"**{said}** by {_count(len(found[said]))}{_named(found[said])}" for said in SAID if found[said]]
    text = f"With {_indicators(catalogue)}, the forecasts are {'; '.join(told)}."
    if not found["better"] and not found["worse"]:
        text += " That they add anything to these forecasts is not shown; nor is it shown that they add nothing."
    return text


def _line(nowcast: pd.DataFrame, layer: str, metric: str) -> pd.Series | None:
    rows = nowcast[(nowcast["layer"] == layer) & (nowcast["metric"] == metric)]
    return None if rows.empty else rows.iloc[0]


def _count(number: int) -> str:
    return f"{number} of {len(METRICS)} scores"


def _named(metrics: list[str]) -> str:
    """The scores by name, unless they are most of them."""
    names = [METRICS[metric].split(" (")[0] for metric in metrics]
    return "" if len(names) > len(METRICS) / 2 else f" ({'; '.join(names)})"


def _indicators(catalogue: pd.DataFrame) -> str:
    titles = catalogue.loc[catalogue["source"].str.contains(CARD), "title"]
    if titles.empty:
        return "the indicators of the newest months"
    return f"the {len(titles)} indicators of the newest months ({'; '.join(titles)})"


def describe(nowcast: pd.DataFrame) -> pd.DataFrame:
    """Each score with and without the newest months, and the difference with what it says, as text."""
    return pd.DataFrame(
        [
            {
                "Score": title,
                "With the newest months": score_text(_line(nowcast, "with", metric)),
                "Without": score_text(_line(nowcast, "without", metric)),
                "With less without": difference_text(_line(nowcast, "difference", metric), metric),
            }
            for metric, title in METRICS.items()
        ]
    ).set_index("Score")
