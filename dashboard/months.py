"""What the newest months add to the forecasts, in words and a table: with them, without, and the difference."""

import pandas as pd

from dashboard.language import N_, _, ngettext
from dashboard.record import METRICS, SHORT, difference_text, score_text
from models.track import verdict

NO_TABLE = N_("This release does not say what the newest months add: it was made before that was tried.")
ABOUT = N_(
    "Both are made at each year's end from what was known then, on the same State-years and with the same ages of all "
    "other data; one has the indicators that count the newest months, the other has not. At earlier origins the months "
    "come from the checked editions, which came out later; the candidate events that were out in time are less "
    "complete, so that this may flatter the months. Better or worse only where the interval of the difference leaves "
    "zero out."
)
CARD = "ucdp_candidate_monthly"  # the source that has the newest months
SAID = {  # what `models.track.verdict` says of the forecasts, by how many scores
    "better": N_("**better** by {count} of {among} scores"),
    "worse": N_("**worse** by {count} of {among} scores"),
    "higher": N_("**higher** by {count} of {among} scores"),
    "lower": N_("**lower** by {count} of {among} scores"),
    "not distinguishable": N_("**not distinguishable** by {count} of {among} scores"),
    "not known": N_("**not known** by {count} of {among} scores"),
}


def headline(nowcast: pd.DataFrame, catalogue: pd.DataFrame) -> str:
    """By which scores the forecasts with the newest months are better, worse or the same as far as can be told.

    `nowcast`: lines of one outcome and window.
    """
    found: dict[str, list[str]] = {said: [] for said in SAID}
    for metric in METRICS:
        line = _line(nowcast, "difference", metric)
        ends = (float("nan"), float("nan")) if line is None else (line["lower"], line["upper"])
        found[verdict(*ends, metric=metric)].append(metric)
    text = _sentence(catalogue, _("; ").join(_told(said, metrics) for said, metrics in found.items() if metrics))
    if found["better"] or found["worse"]:
        return text
    open_ = _("That they add anything to these forecasts is not shown; nor is it shown that they add nothing.")
    return f"{text} {open_}"


def _line(nowcast: pd.DataFrame, layer: str, metric: str) -> pd.Series | None:
    rows = nowcast[(nowcast["layer"] == layer) & (nowcast["metric"] == metric)]
    return None if rows.empty else rows.iloc[0]


def _told(said: str, metrics: list[str]) -> str:
    """By how many scores something is said of the forecasts; the scores by name, unless they are most of them."""
    text = _(SAID[said]).format(count=len(metrics), among=len(METRICS))
    if len(metrics) > len(METRICS) / 2:
        return text
    return _("{said} ({scores})").format(said=text, scores=_("; ").join(_(SHORT[metric]) for metric in metrics))


def _sentence(catalogue: pd.DataFrame, told: str) -> str:
    """What is said of the forecasts, with the titles of the indicators of the newest months."""
    titles = catalogue.loc[catalogue["source"].str.contains(CARD), "title"]
    if titles.empty:
        return _("With the indicators of the newest months, the forecasts are {told}.").format(told=told)
    return ngettext(
        "With the {count} indicator of the newest months ({titles}), the forecasts are {told}.",
        "With the {count} indicators of the newest months ({titles}), the forecasts are {told}.",
        len(titles),
    ).format(count=len(titles), titles=_("; ").join(_(title) for title in titles), told=told)


def describe(nowcast: pd.DataFrame) -> pd.DataFrame:
    """Each score with and without the newest months, and the difference with what it says, as text."""
    return pd.DataFrame(
        [
            {
                _("Score"): _(title),
                _("With the newest months"): score_text(_line(nowcast, "with", metric)),
                _("Without"): score_text(_line(nowcast, "without", metric)),
                _("With less without"): difference_text(_line(nowcast, "difference", metric), metric),
            }
            for metric, title in METRICS.items()
        ]
    ).set_index(_("Score"))
