"""Other systems beside us, from the release's tables: what `peers` makes of them, kept. Needs no Streamlit.

As in `reading`, everything here is the same object for all readers, and never changed.
"""

from typing import Any

import pandas as pd

from dashboard import peers
from dashboard.current import kept
from dashboard.language import _
from dashboard.measures import list_measures
from dashboard.reading import (
    explanations_of,
    has_forecasts,
    likely,
    newest_origin,
    of_year,
    part,
    scores,
    sensitivity,
    table,
)


@kept(8)
def newest_scores() -> pd.DataFrame:
    """The scores of the release's own day."""
    return of_year(scores(), int(table("scores")["year"].max()))


@kept(8)
def systems() -> pd.DataFrame:
    """The other systems whose figures can stand beside ours; see `peers.list_systems`."""
    found = peers.list_systems(table("peers"))
    return found if has_forecasts() else found[found["ours"] == peers.RISK_INDEX].reset_index(drop=True)


@kept(20)
def compared(system: str, measure: str) -> pd.DataFrame:
    """Their places and ours among the States that both have; see `peers.compare_forecast` and `compare_index`."""
    rows = table("peers")
    own = rows[(rows["system"] == system) & (rows["measure"] == measure)].set_index("iso3")
    ours, window = own["ours"].iloc[0], own["ours_window_years"].iloc[0]
    if ours == peers.RISK_INDEX:
        return peers.compare_index(own["rank"], newest_scores().set_index("iso3")["risk_index"], sensitivity())
    drawn = part("replicates", outcome=ours, window_years=int(window))
    wide = drawn.pivot(index="replicate", columns="iso3", values="probability")
    forecasts = likely(ours, int(window), newest_origin()).set_index("iso3")["probability"]
    return peers.compare_forecast(own["rank"], forecasts, wide)


@kept(200)
def views_of(iso3: str, name: str) -> tuple[pd.DataFrame, list[str]]:
    """What other systems say of a row beside what we say, and a paragraph on each: agrees, differs, and why."""
    rows, ours, told = table("peers"), [], []
    for system in systems().to_dict("records"):
        comparison = compared(system["system"], system["measure"])
        sentences = [peers.verdict_text(comparison, iso3, system, name)]
        if iso3 in comparison.index:
            sentences += [peers.dates_text(system, int(newest_scores()["year"].max())), _why(iso3, system, comparison)]
        ours.append(_our_place(iso3, system))
        told.append(" ".join(filter(None, sentences)))
    return peers.describe_state(rows[rows["iso3"] == iso3], systems(), ours), told


def _our_place(iso3: str, system: dict[str, Any]) -> str:
    if system["ours"] == peers.RISK_INDEX:
        return peers.index_text(newest_scores(), iso3, sensitivity())
    outcome, window = system["ours"], int(system["ours_window_years"])
    forecasts = likely(outcome, window, newest_origin()).set_index("iso3")
    found = forecasts.loc[iso3] if iso3 in forecasts.index else None
    return peers.forecast_text(found, outcome, newest_origin(), window)


def _why(iso3: str, system: dict[str, Any], comparison: pd.DataFrame) -> str:
    """Why ours differs from theirs; "" if it does not, or that is not known."""
    side = peers.find_side(comparison)[iso3]
    if side not in ("higher", "lower"):
        return ""
    if system["ours"] == peers.RISK_INDEX:
        titles = {code: one.title for code, one in list_measures(table("factors")).items() if code.startswith("rf")}
        return peers.factors_text(newest_scores(), iso3, comparison.index, titles, side)
    lines = explanations_of(iso3, system["ours"], int(system["ours_window_years"]))
    titles = dict(zip(table("catalogue")["indicator"], table("catalogue")["title"].map(_), strict=True))
    return peers.contributions_text(lines, titles, side)


@kept(8)
def agreement() -> pd.DataFrame:
    """How well other systems agree with us; see `peers.agreement`."""
    keys = zip(systems()["system"], systems()["measure"], strict=True)
    return peers.agreement({key: compared(*key) for key in keys}, systems())
