"""What is new between a release and the one before, as facts without words: `docs/method.md`, section "Alerts".

A release; States that came into the 30 highest of an outcome or left them; forecasts and places by the index that moved
by more than their intervals; flags of the watch that are new or ended. Needs no Streamlit.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

import release
from dashboard import current, reading
from dashboard.alert_record import ENTERED, LEFT, Record, list_changes
from dashboard.alert_record import record as count_record
from dashboard.current import kept
from models.outcomes import OUTCOMES

WINDOW = 2  # years; one of the two, so that one event is not told twice
TOP = 30
CERTAIN = 0.975  # share of the pairs of draws from which a forecast is called higher or lower
RELEASE, FORECAST, INDEX = "release", "forecast", "index"
FLAG, FLAG_ENDED, FLAG_UNSEEN = "flag", "flag_ended", "flag_unseen"
NUMBERS = ["probability", "lower", "upper", "base_rate", "rank", "rank_lower", "rank_upper", "ranked"]
DEFINITION = ["indicator", "factor", "direction", "transform", "goalpost_low", "goalpost_high", "weight"]


@dataclass(frozen=True)
class Alert:
    """One thing that is new; `facts` has what the words need, of the release before with the ending `_before`."""

    kind: str
    iso3: str = ""
    outcome: str = ""
    rule: str = ""
    facts: Mapping = field(default_factory=dict, compare=False)

    @property
    def what(self) -> str:
        """What the alert is about, the same in every language: a part of its lasting id."""
        return "/".join((self.kind, self.outcome, self.iso3, self.rule))


@kept(8)
def found() -> list[Alert]:
    """What is new in the release in use, since the newest one before it that can be read."""
    return between(reading.opened(), previous())


@kept(8)
def previous() -> release.Release | None:
    """The newest readable release before the one in use; None if there is none."""
    opened = reading.opened()
    for name in reversed([each for each in release.ids(folder=opened.folder.parent) if each < opened.id]):
        earlier = release.load(name, folder=opened.folder.parent)
        try:
            earlier.check(current.NEEDED)
        except release.ReleaseError:
            continue
        return earlier
    return None


def between(new: release.Release, old: release.Release | None) -> list[Alert]:
    """Every alert: the release first, then flags, lists, forecasts and index, each by outcome and code."""
    alerts = [Alert(RELEASE, facts={"before": old.id if old else "", **differences(new, old)}), *flags(new, old)]
    if old is None:
        return alerts
    if all("forecasts" in each.tables() for each in (new, old)):
        for outcome in OUTCOMES:
            alerts += forecasts(new, old, outcome)
    return [*alerts, *index_places(new, old)]


def differences(new: release.Release, old: release.Release | None) -> dict[str, bool]:
    """Whether the definition of indicators, and whether files of the sources, are others than in the release before."""
    if old is None:
        return {"method_changed": False, "data_changed": False}
    return {
        "method_changed": _differ(new, old, "catalogue", DEFINITION),
        "data_changed": _differ(new, old, "sources", ["source", "sha256"]),
    }


def _differ(new: release.Release, old: release.Release, table: str, columns: list[str]) -> bool:
    tables = [each.table(table)[columns].sort_values(columns[0], ignore_index=True) for each in (new, old)]
    return not tables[0].equals(tables[1])


def flags(new: release.Release, old: release.Release | None) -> Iterator[Alert]:
    """Flags of the newest month that were not told before, and those told before that are not there now.

    "Before" is the newest month of the release before, as it told it; without one, the month before in this release.
    """
    if "watch" not in new.tables():
        return
    now, month = _newest_month(new)
    told, month_before = _told_before(new, old, month)
    for iso3 in sorted({*told, *now["iso3"]}):
        row = now[now["iso3"] == iso3]
        here = _rules(row["flags"].iloc[0]) if len(row) else set()
        about = {"month": month, "month_before": month_before, "row": row.iloc[0].to_dict() if len(row) else {}}
        gone = FLAG_ENDED if len(row) else FLAG_UNSEEN  # a State without a row is not quiet
        yield from (Alert(FLAG, iso3, rule=rule, facts=about) for rule in sorted(here - told.get(iso3, set())))
        yield from (Alert(gone, iso3, rule=rule, facts=about) for rule in sorted(told.get(iso3, set()) - here))


def _newest_month(found: release.Release, before: str = "9999") -> tuple[pd.DataFrame, str]:
    months = found.part("watch", columns=["month"])["month"]
    month = max((each for each in months.unique() if each < before), default="")
    return found.part("watch", month=month), month


def _told_before(new: release.Release, old: release.Release | None, month: str) -> tuple[dict[str, set[str]], str]:
    has_told = old is not None and "watch" in old.tables()
    rows, month_before = _newest_month(old) if has_told and old else _newest_month(new, month)
    flagged = rows[rows["flags"] != ""]
    return {row.iso3: _rules(row.flags) for row in flagged.itertuples()}, month_before


def _rules(names: str) -> set[str]:
    return {name for name in names.split(";") if name}


def forecasts(new: release.Release, old: release.Release, outcome: str) -> Iterator[Alert]:
    """Changes of one outcome's list beyond the interval of the place, and other forecasts beyond their interval."""
    rows, order = _both(new, old, outcome), _above(new, old, outcome)
    shares = _share_in_top(new, outcome)
    for row in rows.to_dict("records"):
        up, down = order.get(row["iso3"], (0.0, 0.0))
        change = list_change(row)
        kind = change or (FORECAST if max(up, down) >= CERTAIN else "")
        if kind:
            facts = row | {"share_in_top": shares.get(row["iso3"], float("nan")), "rises": up > down, "before": old.id}
            yield Alert(kind, row["iso3"], outcome, facts=facts | differences(new, old))


def list_change(row: Mapping) -> str:
    """Whether a State came into the list or left it, to a place outside the earlier interval of its place; else ""."""
    if row["rank"] <= TOP < row["rank_before"] and row["rank"] < row["rank_lower_before"]:
        return ENTERED
    if row["rank_before"] <= TOP < row["rank"] and row["rank"] > row["rank_upper_before"]:
        return LEFT
    return ""


def _both(new: release.Release, old: release.Release, outcome: str) -> pd.DataFrame:
    """The forecasts that both releases have of an outcome, a row per State in order of its code."""
    tables = [
        each.part("forecasts", outcome=outcome, window_years=WINDOW, design=reading.ISSUED) for each in (new, old)
    ]
    columns = ["iso3", "origin", *NUMBERS]
    known = (table[columns].dropna(subset=["probability"]) for table in tables)
    now, before = (table.astype(dict.fromkeys(NUMBERS, float)) for table in known)
    both = now.merge(before, on="iso3", suffixes=("", "_before"), validate="1:1")
    return both.sort_values("iso3", ignore_index=True)


def _draws(found: release.Release, outcome: str) -> pd.DataFrame:
    rows = found.part("replicates", outcome=outcome, window_years=WINDOW)
    return rows.pivot(index="replicate", columns="iso3", values="probability")


def _above(new: release.Release, old: release.Release, outcome: str) -> dict[str, tuple[float, float]]:
    """By State the share of all pairs of draws, one of each release, in which the new is above, and below, the old.

    The draws of two releases are taken as independent: nothing says that one with the same number is the same.
    """
    now, before = _draws(new, outcome), _draws(old, outcome)
    shares = {}
    for iso3 in now.columns.intersection(before.columns):
        difference = now[iso3].dropna().to_numpy()[:, None] - before[iso3].dropna().to_numpy()
        shares[iso3] = (float((difference > 0).mean()), float((difference < 0).mean()))
    return shares


def _share_in_top(found: release.Release, outcome: str) -> dict[str, float]:
    """By State the share of the draws in which it is in the list."""
    places = _draws(found, outcome).rank(axis="columns", ascending=False, method="min")
    return (places <= TOP).mean().to_dict()


def index_places(new: release.Release, old: release.Release) -> Iterator[Alert]:
    """States whose place by the index is outside the interval that other reasonable choices gave it before.

    Where the release before has no such interval, the earlier place is held against the interval of now.
    """
    rows = _places(new).merge(_places(old), on="iso3", suffixes=("", "_before"), validate="1:1").sort_values("iso3")
    for row in rows.to_dict("records"):
        place, end = ("rank", "_before") if pd.notna(row["rank_lower_before"]) else ("rank_before", "")
        outside = row[place] < row["rank_lower" + end] or row[place] > row["rank_upper" + end]
        if outside and row["rank"] != row["rank_before"]:
            facts = row | {"rises": row["rank"] < row["rank_before"], "before": old.id}
            yield Alert(INDEX, row["iso3"], facts=facts | differences(new, old))


def _places(found: release.Release) -> pd.DataFrame:
    """Place, its interval (missing without the table `sensitivity`) and scores by State, of the newest year."""
    scores = found.table("scores")
    newest = scores[(scores["year"] == scores["year"].max()) & scores["risk_index"].notna()]
    codes = [name for name in newest if name[:2] == "rf" and len(name) == 4]
    places = newest["risk_index"].rank(ascending=False, method="min")
    table = newest[["iso3", "risk_index", *codes]].assign(rank=places, ranked=len(newest))
    interval = ["rank_lower", "rank_upper"]
    if "sensitivity" not in found.tables():
        return table.assign(**dict.fromkeys(interval, np.nan))
    known = found.table("sensitivity")[["iso3", *interval]].astype(dict.fromkeys(interval, float))
    return table.merge(known, on="iso3", how="left", validate="1:1")


@kept(20)
def record(outcome: str, change: str) -> Record | None:
    """What followed when States came into the list, or left it, in the release's backtest; None if none did."""
    return count_record(list_changes(reading.backtest_of(outcome, reading.ISSUED, WINDOW), TOP), change)
