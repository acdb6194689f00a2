"""The model card of a release: words from models/model_card.md.jinja, numbers from the release's own tables."""

from datetime import date
from pathlib import Path

import jinja2
import pandas as pd

from models.forecast import CHECKED_BY
from models.outcomes import OUTCOMES
from models.track import BASELINES, GROUP, verdict

TEMPLATE = Path(__file__).with_name("model_card.md.jinja")
RATIO = "forecast_to_event_ratio"


def render(tables: dict[str, pd.DataFrame], *, release: str, as_of: date) -> str:
    """The card in Markdown; `tables` are all those of the release.

    Raises:
        jinja2.UndefinedError: the template asks for a number that is not computed here.
    """
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False
    )  # Markdown, not HTML  # nosec B701
    return environment.from_string(TEMPLATE.read_text("utf-8")).render(
        release=release,
        as_of=as_of,
        percent=lambda share: f"{share:.1%}",
        outcomes=OUTCOMES.values(),
        indicators=len(tables["catalogue"]),
        replicates=tables["replicates"]["replicate"].max(),
        first_origin=tables["backtest"]["origin"].min(),
        **_published(tables["forecasts"]),
        **_checks(tables["interval_checks"]),
        **_skill(tables["skill"]),
    )


def _published(forecasts: pd.DataFrame) -> dict:
    issued = forecasts[forecasts["design"] == "operational"]
    key = ["outcome", "window_start", "window_end", "candidate", "calibrator", "base_rate"]
    rows = issued.groupby(key)["probability"].agg(total="sum", highest="max").reset_index()
    known = issued.groupby("iso3")["probability"].agg(lambda given: given.notna().any())
    return {"published": rows.to_dict("records"), "ranked": int(known.sum()), "without": int((~known).sum())}


def _checks(checks: pd.DataFrame) -> dict:
    inside, origins = int(checks["inside"].sum()), checks["origin"].nunique()
    return {"inside": inside, "checks": len(checks), "check_origins": origins, "checked_by": CHECKED_BY}


def _skill(skill: pd.DataFrame) -> dict:
    ours = skill[skill["published"]]
    alone, compared = ours[ours["baseline"] == ""], ours[ours["baseline"] != ""]
    text = alone.assign(text=[_score(row) for row in alone.itertuples()])
    whole, decades = text[text["period"] == "all"], text[(text["period"] != "all") & (text["metric"] == RATIO)]
    difference = compared[(compared["period"] == "all") & (compared["metric"] == "auc")]
    told = difference.assign(text=[_difference(row) for row in difference.itertuples()])
    return {
        "onsets": _events(whole, window=1),
        "windows": _events(whole, window=2),
        "skill": _wide(whole, [*GROUP, "events"], "metric"),
        "differences": _wide(told, GROUP, "baseline", [*BASELINES]),
        "ratios": _wide(decades, GROUP, "period"),
        "periods": sorted(decades["period"].unique()),
    }


def _events(whole: pd.DataFrame, *, window: int) -> str:
    """Events of the headline outcome, aligned."""
    rows = whole.query("outcome == 'mass_killing' and design == 'aligned' and window_years == @window")
    return f"{rows['events'].max()}" if len(rows) else "n/a"


def _wide(table: pd.DataFrame, rows: list[str], columns: str, wanted: list[str] | None = None) -> list[dict]:
    wide = table.pivot(index=rows, columns=columns, values="text")
    return wide.reindex(columns=wanted or list(wide)).fillna("n/a").reset_index().to_dict("records")


def _score(row) -> str:  # type: ignore[no-untyped-def]  # a named tuple of itertuples
    digits = 2 if row.metric == RATIO else 3
    if pd.isna(row.estimate):
        return "n/a"
    if pd.isna(row.lower):
        return f"{row.estimate:.{digits}f}"
    return f"{row.estimate:.{digits}f} ({row.lower:.{digits}f} to {row.upper:.{digits}f})"


def _difference(row) -> str:  # type: ignore[no-untyped-def]
    return f"{row.estimate:+.3f} ({row.lower:+.3f} to {row.upper:+.3f}): {verdict(row.lower, row.upper)}"
