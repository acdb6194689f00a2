"""Texts and tables of the track record: how good earlier forecasts would have been, against what happened."""

import pandas as pd

from dashboard.language import N_, _, form, ngettext, number
from dashboard.likelihood import count_among, frequency_text
from dashboard.measures import outcome_title
from models.outcomes import OUTCOMES
from models.track import BASELINES, PUBLISHED, verdict

ALL = "all"
RATIO = "forecast_to_event_ratio"
METRICS = {
    "auc": N_("Order of States: ROC AUC (1 = perfect, 0.5 = chance)"),
    "average_precision": N_("Order of States: average precision (1 = perfect)"),
    "recall_at_10": N_("Share of events in the yearly top 10"),
    "recall_at_20": N_("Share of events in the yearly top 20"),
    "recall_at_30": N_("Share of events in the yearly top 30"),
    "brier_skill": N_("Brier skill against the same base rate for all (0 = no better, 1 = perfect)"),
    "brier_score": N_("Brier score (lower is better)"),
    "log_score": N_("Log score (lower is better)"),
    RATIO: N_("Sum of forecasts for each event (1 = as many as came)"),
}
SHORT = {  # the same without what is good
    "auc": N_("Order of States: ROC AUC"),
    "average_precision": N_("Order of States: average precision"),
    "recall_at_10": N_("Share of events in the yearly top 10"),
    "recall_at_20": N_("Share of events in the yearly top 20"),
    "recall_at_30": N_("Share of events in the yearly top 30"),
    "brier_skill": N_("Brier skill against the same base rate for all"),
    "brier_score": N_("Brier score"),
    "log_score": N_("Log score"),
    RATIO: N_("Sum of forecasts for each event"),
}
VERDICTS = {  # what `models.track.verdict` says of a difference
    "better": N_("better"),
    "worse": N_("worse"),
    "higher": N_("higher"),
    "lower": N_("lower"),
    "not distinguishable": N_("not distinguishable"),
    "not known": N_("not known"),
}
MODELS = {
    "climatology": N_("the same base rate for all"),
    "infant_mortality_population": N_("infant mortality and population"),
    "last_state": N_("the last known state of the outcome"),
    "index": N_("the risk index alone"),
}
DESIGNS = {
    "operational": N_("operational: what was out on 15 November of the year"),
    "aligned": N_("aligned: as if all data of the year were out (the field's published test)"),
}
PEER = "Early Warning Project"
PEER_SOURCE = N_(
    "The Early Warning Project's figures are recomputed from its published files (edition 2025; 4,864 to 5,032 "
    "State-years, origins 1993 to 2022, 72 of them with an onset in the window); ours are on our rows, with the same "
    "design and the same list of onsets. The rows are not quite the same, so that small differences mean nothing."
)
# Its published test, recomputed; a range where two ways to choose the rows differ.
PEER_FIGURES = {
    "auc": N_(".832 to .834"),
    "average_precision": N_(".060"),
    "recall_at_30": N_(".69"),
    "recall_at_10": N_(".28"),
    "brier_skill": N_("+.005"),
    RATIO: N_("1.72 (124 forecast, 72 came)"),
}
PEER_TASK = ("mass_killing", "aligned", 2)
NO_LEDGER = N_("There is no ledger yet: no forecast has been published.")


def window_name(window: int) -> str:
    """A window in words: "within one year"."""
    return _("within one year") if window == 1 else _("within two years")


def design_title(design: str) -> str:
    """What a design takes as known, in the language in use."""
    return _(DESIGNS[design])


def headline(skill: pd.DataFrame, yearly: pd.DataFrame, outcome: str, window: int, top: int) -> str:
    """The record in plain words: how many events were in the yearly list, how many by chance, how many forecast.

    `skill`: lines of one outcome, design and window; `yearly` from `yearly_counts`.
    """
    events, hits = int(yearly["events"].sum()), int(yearly["hits"].sum())
    task = {"outcome": outcome_title(outcome), "window": window_name(window)}
    if not events:
        text = _("**{outcome}**, {window}: no event is known in these years, so that nothing can be scored.")
        return text.format(**task)
    first, last = yearly["origin"].min(), yearly["origin"].max()
    chance = min(int(yearly["listed"].sum()) / int(yearly["ranked"].sum()), 1)
    sentences = [
        _followed(events, window).format(first=first, last=last, count=number(events), **task),
        _listed(hits).format(top=top, count=number(hits), share=number(hits / events * 100)),
        _("A list in random order would have had {share} in 100.").format(share=number(chance * 100)),
    ]
    ratio = _line(skill, ALL, RATIO)
    if ratio is not None and not pd.isna(ratio.estimate):
        sentences.append(_forecast_of_ten(ratio.estimate * 10))
    return " ".join(sentences)


def _followed(events: int, window: int) -> str:
    if window == 1:
        return ngettext(
            "**{outcome}, {window}**: of the forecasts made from {first} to {last} it followed once.",
            "**{outcome}, {window}**: of the forecasts made from {first} to {last} it followed {count} times.",
            events,
        )
    return ngettext(
        "**{outcome}, {window}**: of the forecasts made from {first} to {last} it followed once (an event in the "
        "windows of two years counts twice).",
        "**{outcome}, {window}**: of the forecasts made from {first} to {last} it followed {count} times (an event in "
        "the windows of two years counts twice).",
        events,
    )


def _listed(hits: int) -> str:
    if not hits:  # some languages would say "once" of it
        return _("The State was among the {top} highest of that year's list 0 times (0 in 100).")
    return ngettext(
        "The State was among the {top} highest of that year's list once ({share} in 100).",
        "The State was among the {top} highest of that year's list {count} times ({share} in 100).",
        hits,
    )


def _forecast_of_ten(count: float) -> str:
    text = ngettext(
        "For every 10 that came, {count} was forecast.", "For every 10 that came, {count} were forecast.", round(count)
    )
    return text.format(count=number(count))


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
        return _("not known")
    spec = "+.3f" if sign else ".3f"
    if pd.isna(line.lower):
        return form(line.estimate, spec)
    ends = {name: form(getattr(line, name), spec) for name in ("estimate", "lower", "upper")}
    return _("{estimate} ({lower} to {upper})").format(**ends)


def describe_skill(skill: pd.DataFrame) -> pd.DataFrame:
    """Each score with its interval, and the difference to each baseline with what it says, as text."""
    less = {name: _("Less {model}").format(model=_(MODELS[name])) for name in BASELINES}
    return pd.DataFrame(
        [
            {_("Score"): _(title), _("This model"): score_text(_line(skill, ALL, metric))}
            | {less[name]: difference_text(_line(skill, ALL, metric, name), metric) for name in BASELINES}
            for metric, title in METRICS.items()
        ]
    ).set_index(_("Score"))


def difference_text(line: pd.Series | None, metric: str) -> str:
    """A difference with its interval and what it says: "better: +0.05 (+0.01 to +0.10)"."""
    if line is None or pd.isna(line.estimate):
        return _("not known")
    said = _(VERDICTS[verdict(line.lower, line.upper, metric=metric)])
    return _("{verdict}: {difference}").format(verdict=said, difference=score_text(line, sign=True))


def not_distinguishable(skill: pd.DataFrame) -> str:
    """The sentence that says from what, and by which scores, the model cannot be told apart."""
    lines = [(name, metric, _line(skill, ALL, metric, name)) for name in BASELINES for metric in METRICS]
    same = [
        (name, metric)
        for name, metric, line in lines
        if line is not None and verdict(line.lower, line.upper, metric=metric) == "not distinguishable"
    ]
    if not same:
        return _("By every score whose difference has an interval, the model can be told apart from each baseline.")
    counts = {name: sum(other == name for other, _metric in same) for name in BASELINES}
    words = [
        _("{model} ({count} of {among} scores)").format(model=_(MODELS[name]), count=count, among=len(METRICS))
        for name, count in counts.items()
        if count
    ]
    text = _("**Not distinguishable** from: {models}. Zero is inside the interval of these differences.")
    return text.format(models=_("; ").join(words))


def describe_periods(skill: pd.DataFrame) -> pd.DataFrame:
    """By decade of origins: forecasts against events, and how well States were ordered, as text."""
    periods = [ALL, *sorted({*skill["period"]} - {ALL})]
    return pd.DataFrame([_period(skill, period) for period in periods]).set_index(_("Forecasts made in"))


def _period(skill: pd.DataFrame, period: str) -> dict[str, str]:
    ratio = _line(skill, period, RATIO)
    known = ratio is not None and not pd.isna(ratio.estimate)
    return {
        _("Forecasts made in"): _("all years") if period == ALL else period,
        _("Events"): _("not known") if ratio is None else f"{ratio.events}",
        _("Sum of forecasts"): form(ratio.estimate * ratio.events, ".1f")
        if ratio is not None and known
        else _("not known"),
        _("Forecasts for each event"): score_text(ratio),
        _("ROC AUC"): score_text(_line(skill, period, "auc")),
        _("In the yearly top 30"): score_text(_line(skill, period, "recall_at_30")),
    }


def describe_reliability(bins: pd.DataFrame) -> pd.DataFrame:
    """The table behind the chart of reliability: each bin of forecasts, and what happened, as text."""
    order = bins.sort_values("bin")
    lines = []
    for row in order.to_dict("records"):
        per = count_among(row["mean_probability"], row["event_rate"] or row["mean_probability"])
        came = {name: form(row[name] * per, ".1f") for name in ("event_rate", "lower", "upper")} | {"per": number(per)}
        group = ngettext("{group} ({count} forecast)", "{group} ({count} forecasts)", row["n"])
        lines.append(
            {
                _("Group"): group.format(group=row["bin"], count=row["n"]),
                _("Forecast on average"): frequency_text(row["mean_probability"], per),
                _("Came"): _("{count} of {among}").format(count=row["events"], among=row["n"]),
                _("Which is"): _("{event_rate} in {per}").format(**came),
                _("95 % interval"): _("{lower} to {upper} in {per}").format(**came),
            }
        )
    return pd.DataFrame(lines).set_index(_("Group"))


def reliability_text(bins: pd.DataFrame) -> str:
    """The chart of reliability in words: in how many groups the forecast is inside the interval of what came."""
    low, high = bins["mean_probability"] < bins["lower"], bins["mean_probability"] > bins["upper"]
    return ngettext(
        "In {held} of {among} group the average forecast is inside the 95 % interval of what came; it was too low in "
        "{low} and too high in {high}.",
        "In {held} of {among} groups the average forecast is inside the 95 % interval of what came; it was too low in "
        "{low} and too high in {high}.",
        len(bins),
    ).format(held=int((~low & ~high).sum()), among=len(bins), low=int(low.sum()), high=int(high.sum()))


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
        "origin": _("At the end of"),
        "events": _("Events"),
        "hits": _("Hits"),
        "missed": _("Missed"),
        "false_alarms": _("False alarms: of the top {top}, without an event").format(top=top),
        "expected": _("Sum of forecasts"),
    }
    table = counts.sort_values("origin", ascending=False).round({"expected": 1})
    return table.astype({"origin": str}).rename(columns=names)[list(names.values())]


def sums_text(counts: pd.DataFrame) -> str:
    """The chart of forecasts against events in words: both in all years, the year with most events, and the newest.

    `counts` from `yearly_counts`; "" if there is no year. Of years with equally many events the last is named.
    """
    if counts.empty:
        return ""
    years = counts.sort_values("origin", ascending=False).set_index("origin")
    most, newest = years["events"].idxmax(), years.index[0]
    return _(
        "In all years together {expected} events were forecast and {events} came. Most came after the end of {most}: "
        "{most_events}, with {most_expected} forecast. After the end of {newest}, the newest, {newest_events} came, "
        "with {newest_expected} forecast."
    ).format(
        **{"expected": form(years["expected"].sum(), ".1f"), "events": number(years["events"].sum())},
        **{"most": most, "most_events": years.at[most, "events"]},
        **{"newest": newest, "newest_events": years.at[newest, "events"]},
        most_expected=form(years.at[most, "expected"], ".1f"),
        newest_expected=form(years.at[newest, "expected"], ".1f"),
    )


def describe_hits(hits: pd.DataFrame, names: dict[tuple[str, int], str]) -> pd.DataFrame:
    """Each event by name with the place that its State had, in words, newest first.

    `hits` from `models.track.yearly_hits`; `names` are those of (row, year).
    """
    rows = hits.sort_values(["origin", "rank"], ascending=[False, True])
    return pd.DataFrame(
        {
            _("At the end of"): rows["origin"].astype(str),
            _("State"): [names.get(key, key[0]) for key in zip(rows["iso3"], rows["origin"], strict=True)],
            _("Window"): [
                f"{start}" if start == end else _("{first} and {last}").format(first=start, last=end)
                for start, end in zip(rows["window_start"], rows["window_end"], strict=True)
            ],
            _("Place given"): [
                _("{place} of {among}").format(place=place, among=among)
                for place, among in zip(rows["rank"], rows["ranked"], strict=True)
            ],
            _("Likelihood given"): [frequency_text(share, count_among(share)) for share in rows["probability"]],
            _("In the list"): [_("hit") if hit else _("missed") for hit in rows["hit"]],
        }
    )


def alarms_text(counts: pd.DataFrame, top: int) -> str:
    """How many of the listed States had no event, in a sentence."""
    listed, alarms = int(counts["listed"].sum()), int(counts["false_alarms"].sum())
    return ngettext(
        "**False alarms**: {alarms} of the {listed} place in the yearly top {top} had no event in the window. With "
        "rare events most do: a place in the list says where to look first, not what comes.",
        "**False alarms**: {alarms} of the {listed} places in the yearly top {top} had no event in the window. With "
        "rare events most do: a place in the list says where to look first, not what comes.",
        listed,
    ).format(alarms=number(alarms), listed=number(listed), top=top)


def has_peer(outcome: str, design: str, window: int) -> bool:
    """Whether the published test of others is of this task."""
    return (outcome, design, window) == PEER_TASK


def compare_with_peer(skill: pd.DataFrame) -> pd.DataFrame:
    """Our scores beside those of the published test of the Early Warning Project, as text."""
    return pd.DataFrame(
        [
            {_("Score"): _(METRICS[metric]), PEER: _(theirs), "Upstream": score_text(_line(skill, ALL, metric))}
            for metric, theirs in PEER_FIGURES.items()
        ]
    ).set_index(_("Score"))


def describe_intervals(checks: pd.DataFrame) -> pd.DataFrame:
    """How often the number of events was inside its interval, by places in the yearly list, as text."""
    groups = checks.groupby("places", sort=False)
    return pd.DataFrame(
        [
            {
                _("Places in the list"): _(str(places)),
                _("Checks"): f"{len(rows)}",
                _("Inside the 95 % interval"): f"{int(rows['inside'].sum())}",
                _("Events expected"): form(rows["expected"].sum(), ".1f"),
                _("Events that came"): f"{int(rows['events'].sum())}",
            }
            for places, rows in groups
        ]
    ).set_index(_("Places in the list"))


def intervals_text(checks: pd.DataFrame) -> str:
    """How well the intervals held, in a sentence."""
    inside, share = int(checks["inside"].sum()), checks["inside"].mean()
    enough = ngettext(
        "Of {count} interval of the number of events, {inside} held what came ({share} in 100), where 95 in 100 "
        "should.",
        "Of {count} intervals of the number of events, {inside} held what came ({share} in 100), where 95 in 100 "
        "should.",
        len(checks),
    )
    fewer = ngettext(
        "Of {count} interval of the number of events, {inside} held what came ({share} in 100), fewer than the 95 in "
        "100 that should.",
        "Of {count} intervals of the number of events, {inside} held what came ({share} in 100), fewer than the 95 in "
        "100 that should.",
        len(checks),
    )
    told = (enough if share >= 0.9 else fewer).format(count=len(checks), inside=inside, share=number(share * 100))
    how = _("They were checked at every sixth origin, in three parts of the yearly list.")
    return f"{told} {how}"


def known_events(events: pd.DataFrame) -> pd.DataFrame:
    """Whether each outcome came, by State and year, from the release's counts: outcome, iso3, year, event."""
    parts = [outcome.events(events).rename("event").reset_index() for outcome in OUTCOMES.values()]
    return pd.concat(parts, keys=list(OUTCOMES), names=["outcome"]).reset_index("outcome").reset_index(drop=True)


def ledger_text(ledger: pd.DataFrame) -> str:
    """How many forecasts have been published, and how many can be scored; `ledger` from `models.ledger.scored`."""
    if ledger.empty:
        return _(NO_LEDGER)
    known = ledger[ledger["event"].notna()]
    held = ngettext(
        "The ledger holds {count} published forecast (release {releases}).",
        "The ledger holds {count} published forecasts (release {releases}).",
        len(ledger),
    ).format(count=number(len(ledger)), releases=_(", ").join(sorted(ledger["release"].unique())))
    if known.empty:
        none = _("None can be scored yet: no window has ended, or its outcome is not out.")
        return f"{held} {none}"
    scored = ngettext(
        "{count} can be scored: {expected} events were forecast, and {events} came.",
        "{count} can be scored: {expected} events were forecast, and {events} came.",
        len(known),
    ).format(
        count=number(len(known)),
        expected=form(known["probability"].sum(), ".1f"),
        events=int(known["event"].sum()),
    )
    return f"{held} {scored}"
