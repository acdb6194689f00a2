"""Texts and tables of the track record: how good earlier forecasts would have been, against what happened."""

import pandas as pd

from dashboard.likelihood import count_among, frequency_text
from dashboard.measures import outcome_title
from models.outcomes import OUTCOMES
from models.track import BASELINES, PUBLISHED, verdict

ALL = "all"
RATIO = "forecast_to_event_ratio"
METRICS = {
    "auc": "Order of States: ROC AUC (1 = perfect, 0.5 = chance)",
    "average_precision": "Order of States: average precision (1 = perfect)",
    "recall_at_10": "Share of events in the yearly top 10",
    "recall_at_20": "Share of events in the yearly top 20",
    "recall_at_30": "Share of events in the yearly top 30",
    "brier_skill": "Brier skill against the same base rate for all (0 = no better, 1 = perfect)",
    "brier_score": "Brier score (lower is better)",
    "log_score": "Log score (lower is better)",
    RATIO: "Sum of forecasts for each event (1 = as many as came)",
}
MODELS = {
    "climatology": "the same base rate for all",
    "infant_mortality_population": "infant mortality and population",
    "last_state": "the last known state of the outcome",
    "index": "the risk index alone",
}
DESIGNS = {
    "operational": "operational: what was out on 15 November of the year",
    "aligned": "aligned: as if all data of the year were out (the field's published test)",
}
PEER = "Early Warning Project"
PEER_SOURCE = (
    f"The {PEER}'s figures are recomputed from its published files (edition 2025; 4,864 to 5,032 State-years, origins "
    "1993 to 2022, 72 of them with an onset in the window); ours are on our rows, with the same design and the same "
    "list of onsets. The rows are not quite the same, so that small differences mean nothing."
)
# Its published test, recomputed; a range where two ways to choose the rows differ.
PEER_FIGURES = {
    "auc": ".832 to .834",
    "average_precision": ".060",
    "recall_at_30": ".69",
    "recall_at_10": ".28",
    "brier_skill": "+.005",
    RATIO: "1.72 (124 forecast, 72 came)",
}
PEER_TASK = ("mass_killing", "aligned", 2)
TWICE = " (an event in the windows of two years counts twice)"
NO_LEDGER = "There is no ledger yet: no forecast has been published."


def window_name(window: int) -> str:
    """A window in words: "within one year"."""
    return "within one year" if window == 1 else "within two years"


def headline(skill: pd.DataFrame, yearly: pd.DataFrame, outcome: str, window: int, top: int) -> str:
    """The record in plain words: how many events were in the yearly list, how many by chance, how many forecast.

    `skill`: lines of one outcome, design and window; `yearly` from `yearly_counts`.
    """
    events, hits = int(yearly["events"].sum()), int(yearly["hits"].sum())
    title = outcome_title(outcome)
    if not events:
        return f"**{title}**, {window_name(window)}: no event is known in these years, so that nothing can be scored."
    first, last = yearly["origin"].min(), yearly["origin"].max()
    sentences = [
        f"**{title}, {window_name(window)}**: of the forecasts made from {first} to {last} it followed "
        f"{_times(events)}{TWICE if window > 1 else ''}. The State was among the {top} highest of that year's list "
        f"{_times(hits)} ({hits / events * 100:.0f} in 100)."
    ]
    listed, ranked = int(yearly["listed"].sum()), int(yearly["ranked"].sum())
    sentences.append(f"A list in random order would have had {min(listed / ranked, 1) * 100:.0f} in 100.")
    ratio = _line(skill, ALL, RATIO)
    if ratio is not None and not pd.isna(ratio.estimate):
        sentences.append(f"For every 10 that came, {ratio.estimate * 10:.0f} were forecast.")
    return " ".join(sentences)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _line(skill: pd.DataFrame, period: str, metric: str, baseline: str = "") -> pd.Series | None:
    """The published model's line of the table of skill, or None."""
    found = skill[
        (skill["period"] == period)
        & (skill["metric"] == metric)
        & (skill["baseline"].fillna("") == baseline)
        & (skill["model"] == PUBLISHED)
    ]
    return None if found.empty else found.iloc[0]


def score_text(line: pd.Series | None, *, sign: bool = False) -> str:
    """A score with its interval: "0.88 (0.83 to 0.93)"; a difference with its sign; "not known" if it is missing."""
    if line is None or pd.isna(line.estimate):
        return "not known"
    form = "+.3f" if sign else ".3f"
    text = f"{line.estimate:{form}}"
    return text if pd.isna(line.lower) else f"{text} ({line.lower:{form}} to {line.upper:{form}})"


def describe_skill(skill: pd.DataFrame) -> pd.DataFrame:
    """Each score with its interval, and the difference to each baseline with what it says, as text."""
    return pd.DataFrame(
        [
            {"Score": title, "This model": score_text(_line(skill, ALL, metric))}
            | {f"Less {MODELS[name]}": difference_text(_line(skill, ALL, metric, name), metric) for name in BASELINES}
            for metric, title in METRICS.items()
        ]
    ).set_index("Score")


def difference_text(line: pd.Series | None, metric: str) -> str:
    """A difference with its interval and what it says: "better: +0.05 (+0.01 to +0.10)"."""
    if line is None or pd.isna(line.estimate):
        return "not known"
    return f"{verdict(line.lower, line.upper, metric=metric)}: {score_text(line, sign=True)}"


def not_distinguishable(skill: pd.DataFrame) -> str:
    """The sentence that says from what, and by which scores, the model cannot be told apart."""
    lines = [(name, metric, _line(skill, ALL, metric, name)) for name in BASELINES for metric in METRICS]
    same = [
        (name, metric)
        for name, metric, line in lines
        if line is not None and verdict(line.lower, line.upper, metric=metric) == "not distinguishable"
    ]
    if not same:
        return "By every score whose difference has an interval, the model can be told apart from each baseline."
    words = [
        f"{MODELS[name]} ({sum(other == name for other, _ in same)} of {len(METRICS)} scores)"
        for name in BASELINES
        if any(other == name for other, _ in same)
    ]
    return f"**Not distinguishable** from: {'; '.join(words)}. Zero is inside the interval of these differences."


def describe_periods(skill: pd.DataFrame) -> pd.DataFrame:
    """By decade of origins: forecasts against events, and how well States were ordered, as text."""
    periods = [ALL, *sorted({*skill["period"]} - {ALL})]
    return pd.DataFrame([_period(skill, period) for period in periods]).set_index("Forecasts made in")


def _period(skill: pd.DataFrame, period: str) -> dict[str, str]:
    ratio = _line(skill, period, RATIO)
    known = ratio is not None and not pd.isna(ratio.estimate)
    return {
        "Forecasts made in": "all years" if period == ALL else period,
        "Events": "not known" if ratio is None else f"{ratio.events}",
        "Sum of forecasts": f"{ratio.estimate * ratio.events:.1f}" if ratio is not None and known else "not known",
        "Forecasts for each event": score_text(ratio),
        "ROC AUC": score_text(_line(skill, period, "auc")),
        "In the yearly top 30": score_text(_line(skill, period, "recall_at_30")),
    }


def describe_reliability(bins: pd.DataFrame) -> pd.DataFrame:
    """The table behind the chart of reliability: each bin of forecasts, and what happened, as text."""
    order = bins.sort_values("bin")
    lines = []
    for row in order.to_dict("records"):
        per = count_among(row["mean_probability"], row["event_rate"] or row["mean_probability"])
        lines.append(
            {
                "Group": f"{row['bin']} ({row['n']} forecasts)",
                "Forecast on average": frequency_text(row["mean_probability"], per),
                "Came": f"{row['events']} of {row['n']}",
                "Which is": f"{row['event_rate'] * per:.1f} in {per:,}",
                "95 % interval": f"{row['lower'] * per:.1f} to {row['upper'] * per:.1f} in {per:,}",
            }
        )
    return pd.DataFrame(lines).set_index("Group")


def yearly_counts(placed: pd.DataFrame, top: int) -> pd.DataFrame:
    """For each origin whose outcome is known: events, hits, misses, false alarms, and the sum of the forecasts.

    `placed` from `models.track.placed_rows`. False alarms are the States of the top without an event. `listed` is the
    length of the list, `ranked` the number of States with a place. A State whose outcome is not known is in neither.
    """
    known = placed[placed["event"].notna()]
    listed = known["rank"] <= top
    parts = pd.DataFrame(
        {
            "origin": known["origin"],
            "events": known["event"] == 1,
            "hits": (known["event"] == 1) & listed,
            "false_alarms": (known["event"] == 0) & listed,
            "listed": listed,
            "ranked": True,
            "expected": known["probability"],
        }
    )
    sums = parts.groupby("origin").sum().reset_index()
    return sums.assign(missed=sums["events"] - sums["hits"])


def describe_years(counts: pd.DataFrame, top: int) -> pd.DataFrame:
    """The counts of each year as a reader sees them, newest first (`yearly_counts`)."""
    names = {
        "origin": "At the end of",
        "events": "Events",
        "hits": "Hits",
        "missed": "Missed",
        "false_alarms": f"False alarms: of the top {top}, without an event",
        "expected": "Sum of forecasts",
    }
    table = counts.sort_values("origin", ascending=False).round({"expected": 1})
    return table.astype({"origin": str}).rename(columns=names)[list(names.values())]


def describe_hits(hits: pd.DataFrame, names: dict[tuple[str, int], str]) -> pd.DataFrame:
    """Each event by name with the place that its State had, in words, newest first.

    `hits` from `models.track.yearly_hits`; `names` are those of (row, year).
    """
    rows = hits.sort_values(["origin", "rank"], ascending=[False, True])
    return pd.DataFrame(
        {
            "At the end of": rows["origin"].astype(str),
            "State": [names.get(key, key[0]) for key in zip(rows["iso3"], rows["origin"], strict=True)],
            "Window": [
                f"{start}" if start == end else f"{start} and {end}"
                for start, end in zip(rows["window_start"], rows["window_end"], strict=True)
            ],
            "Place given": [f"{rank} of {of}" for rank, of in zip(rows["rank"], rows["ranked"], strict=True)],
            "Likelihood given": [frequency_text(share, count_among(share)) for share in rows["probability"]],
            "In the list": ["hit" if hit else "missed" for hit in rows["hit"]],
        }
    )


def alarms_text(counts: pd.DataFrame, top: int) -> str:
    """How many of the listed States had no event, in a sentence."""
    listed, alarms = int(counts["listed"].sum()), int(counts["false_alarms"].sum())
    return (
        f"**False alarms**: {alarms:,} of the {listed:,} places in the yearly top {top} had no event in the window. "
        "With rare events most do: a place in the list says where to look first, not what comes."
    )


def has_peer(outcome: str, design: str, window: int) -> bool:
    """Whether the published test of others is of this task."""
    return (outcome, design, window) == PEER_TASK


def compare_with_peer(skill: pd.DataFrame) -> pd.DataFrame:
    """Our scores beside those of the published test of the Early Warning Project, as text."""
    return pd.DataFrame(
        [
            {"Score": METRICS[metric], PEER: theirs, "Upstream": score_text(_line(skill, ALL, metric))}
            for metric, theirs in PEER_FIGURES.items()
        ]
    ).set_index("Score")


def describe_intervals(checks: pd.DataFrame) -> pd.DataFrame:
    """How often the number of events was inside its interval, by places in the yearly list, as text."""
    groups = checks.groupby("places", sort=False)
    return pd.DataFrame(
        [
            {
                "Places in the list": str(places),
                "Checks": f"{len(rows)}",
                "Inside the 95 % interval": f"{int(rows['inside'].sum())}",
                "Events expected": f"{rows['expected'].sum():.1f}",
                "Events that came": f"{int(rows['events'].sum())}",
            }
            for places, rows in groups
        ]
    ).set_index("Places in the list")


def intervals_text(checks: pd.DataFrame) -> str:
    """How well the intervals held, in a sentence."""
    inside, share = int(checks["inside"].sum()), checks["inside"].mean()
    said = "where 95 in 100 should" if share >= 0.9 else "fewer than the 95 in 100 that should"
    return (
        f"Of {len(checks)} intervals of the number of events, {inside} held what came ({share * 100:.0f} in 100), "
        f"{said}. They were checked at every sixth origin, in three parts of the yearly list."
    )


def known_events(events: pd.DataFrame) -> pd.DataFrame:
    """Whether each outcome came, by State and year, from the release's counts: outcome, iso3, year, event."""
    parts = [outcome.events(events).rename("event").reset_index() for outcome in OUTCOMES.values()]
    return pd.concat(parts, keys=list(OUTCOMES), names=["outcome"]).reset_index("outcome").reset_index(drop=True)


def ledger_text(ledger: pd.DataFrame) -> str:
    """How many forecasts have been published, and how many can be scored; `ledger` from `models.ledger.scored`."""
    if ledger.empty:
        return NO_LEDGER
    known = ledger[ledger["event"].notna()]
    releases = ", ".join(sorted(ledger["release"].unique()))
    text = f"The ledger holds {len(ledger):,} published forecasts (release {releases}). "
    if known.empty:
        return f"{text}None can be scored yet: no window has ended, or its outcome is not out."
    return (
        f"{text}{len(known):,} can be scored: {known['probability'].sum():.1f} events were forecast, and "
        f"{int(known['event'].sum())} came."
    )
