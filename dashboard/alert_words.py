"""Alerts in words: what is new, why, how sure that is, and how often such an alert was right."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from dashboard import alerts, language, likelihood, reading, store, watch
from dashboard.alert_record import ENTERED, LEFT, Record
from dashboard.alerts import FLAG, FLAG_ENDED, FLAG_UNSEEN, FORECAST, INDEX, RELEASE, WINDOW, Alert
from dashboard.current import kept
from dashboard.language import N_, _, ngettext, number
from dashboard.measures import NOT_A_PROBABILITY, outcome_definition, outcome_title
from models.track import LEVEL_LINE

PER = 100  # changes of the list, or draws, among which a share is told
NAMED = 2  # risk factors named as reasons
FLAG_TITLES = {
    FLAG: N_("{country}: new flag of the watch ({flag})"),
    FLAG_ENDED: N_("{country}: a flag of the watch has ended ({flag})"),
    FLAG_UNSEEN: N_("{country}: a flag of the watch can no longer be seen ({flag})"),
}
LIST_TITLES = {
    ENTERED: N_("{country}: now among the {top} States with the highest likelihood ({outcome})"),
    LEFT: N_("{country}: no longer among the {top} States with the highest likelihood ({outcome})"),
}
HIGHER = N_("{country}: likelihood higher, by more than its interval ({outcome})")
LOWER = N_("{country}: likelihood lower, by more than its interval ({outcome})")
INDEX_HIGHER = N_("{country}: higher place by the risk index, beyond its interval")
INDEX_LOWER = N_("{country}: lower place by the risk index, beyond its interval")
REASONS_NOT_CAUSES = N_("These are reasons of a model, not causes.")
NO_FLAG_IS_NOT_QUIET = N_("No flag is not the absence of danger: deaths that nobody could report are not counted.")
NOT_KNOWN = N_("How often such an alert was right: not known. Earlier releases are too few to count it.")
CHANGED = {  # whether the method changed, whether the data did
    (True, True): N_(
        "Between the two releases the method (indicators, goalposts or weights) and the files of the sources changed "
        "too: a change is not only one in the State."
    ),
    (True, False): N_(
        "Between the two releases the method (indicators, goalposts or weights) changed too: a change is not only one "
        "in the State."
    ),
    (False, True): N_(
        "Between the two releases the files of the sources changed: a change can be one in the State, or a correction "
        "of what was known of it."
    ),
}


@dataclass(frozen=True)
class Told:
    """One alert in the language in use: a title, and paragraphs in which `**` marks what stands out."""

    alert: Alert
    title: str
    paragraphs: tuple[str, ...]


@kept(8)
def told() -> list[Told]:
    """Every alert of the release in use, in words."""
    return [Told(each, title(each), tuple(text for text in paragraphs(each) if text)) for each in alerts.found()]


def title(alert: Alert) -> str:
    """The alert in one line."""
    country = store.names().get(alert.iso3, alert.iso3)
    if alert.kind == RELEASE:
        opened = reading.opened()
        return _("Release {id}, as known on {day}").format(id=opened.id, day=language.day(opened.as_of))
    if alert.kind in FLAG_TITLES:
        return _(FLAG_TITLES[alert.kind]).format(country=country, flag=watch.titles(alert.rule))
    if alert.kind in LIST_TITLES:
        told = {"country": country, "top": alerts.TOP, "outcome": outcome_title(alert.outcome)}
        return _(LIST_TITLES[alert.kind]).format(**told)
    if alert.kind == FORECAST:
        text = HIGHER if alert.facts["rises"] else LOWER
        return _(text).format(country=country, outcome=outcome_title(alert.outcome))
    text = INDEX_HIGHER if alert.facts["rises"] else INDEX_LOWER
    return _(text).format(country=country)


def paragraphs(alert: Alert) -> list[str]:
    """What changed and why, how sure it is, how often such an alert was right, what to keep in mind; "" = nothing."""
    if alert.kind == RELEASE:
        return [*_release(alert), changed_text(alert.facts)]
    if alert.kind in FLAG_TITLES:
        return _flag(alert)
    if alert.kind == INDEX:
        return [*_index(alert), _(NOT_KNOWN), changed_text(alert.facts)]
    right = record_text(alerts.record(alert.outcome, alert.kind), alert.kind) if alert.kind in LIST_TITLES else ""
    return [*_forecast(alert), right or _(NOT_KNOWN), changed_text(alert.facts)]


def changed_text(facts: Mapping) -> str:
    """Whether more than the States changed between the two releases; "" if nothing did, or there is one release."""
    text = CHANGED.get((facts["method_changed"], facts["data_changed"]), "")
    return _(text)


def _release(alert: Alert) -> list[str]:
    others = len(alerts.found()) - 1
    before = alert.facts["before"]
    since = _("It is compared with release {id}.") if before else _("There is no release before it to compare with.")
    count = ngettext("In all there is {count} alert of a State.", "In all there are {count} alerts of States.", others)
    none = _("No State changed by more than its interval, and no flag of the watch is new or has ended.")
    flagged = reading.has_watch() and watch.headline(*_newest_watch()).replace("**", "")
    return [since.format(id=before), count.format(count=number(others)) if others else none, flagged or ""]


def _newest_watch() -> tuple[pd.DataFrame, str]:
    month = reading.watch_months()[-1]
    return reading.watch_of(month), month


def _flag(alert: Alert) -> list[str]:
    row, rules = alert.facts["row"], reading.table("watch_rules")
    since = _since(alert.kind, alert.facts["month"], alert.facts["month_before"])
    if alert.kind == FLAG_UNSEEN:
        return [since, _(NOT_KNOWN)]
    known = watch.rules_of(rules, row["source"])
    rule = known.loc[alert.rule] if alert.rule in known.index else None  # a rule may be gone since the release before
    meaning = "" if rule is None else rule["text"]
    if alert.kind == FLAG_ENDED:
        return [since, _(meaning), watch.numbers_text(row), _(NO_FLAG_IS_NOT_QUIET), _(NOT_KNOWN)]
    right = _(NOT_KNOWN) if rule is None else watch.rate_text(rule)
    return [since, _(meaning), watch.numbers_text(row), _preliminary(row), right, _(watch.CAUTION)]


SINCE = {
    FLAG: N_("It is there with the data to {month}, and was not with the data to {before}."),
    FLAG_ENDED: N_("It was there with the data to {before}, and is not with the data to {month}."),
    FLAG_UNSEEN: N_(
        "It was there with the data to {before}. In {month} the file has no row of this State. That is not quiet."
    ),
}
REVISED = {  # two releases with the same newest month
    FLAG: N_("It is there with the data to {month}, and was not with what was known of them in the release before."),
    FLAG_ENDED: N_("It was there with what the release before knew to {month}, and is not with what is known now."),
    FLAG_UNSEEN: N_(
        "It was there in the release before. Now the file to {month} has no row of this State. That is not quiet."
    ),
}
FIRST = N_("It is there with the data to {month}, the first month of this release.")


def _since(kind: str, month: str, before: str) -> str:
    """Of which months a flag is told."""
    if not before:
        return _(FIRST).format(month=language.month(month))
    text = _((REVISED if month == before else SINCE)[kind])
    return text.format(month=language.month(month), before=language.month(before))


def _preliminary(row: Mapping) -> str:
    return _("These numbers are preliminary and are revised later.") if row["preliminary"] else ""


def _forecast(alert: Alert) -> list[str]:
    facts = alert.facts
    per = likelihood.count_among(facts["probability"], facts["probability_before"], facts["base_rate"])
    return [outcome_definition(alert.outcome), *_likelihoods(facts, per), _places(facts), reasons_text(alert)]


def _likelihoods(facts: Mapping, per: int) -> list[str]:
    now = _("Now, {when}: {share} States like this (95 % interval: {interval}); base rate: {base}.").format(
        when=likelihood.window_text(int(facts["origin"]), WINDOW),
        share=likelihood.frequency_text(facts["probability"], per),
        interval=likelihood.between_text(facts["lower"], facts["upper"], per),
        base=likelihood.frequency_text(facts["base_rate"], per),
    )
    then = _("In release {id}, {when}: {share} (95 % interval: {interval}).").format(
        id=facts["before"],
        when=likelihood.window_text(int(facts["origin_before"]), WINDOW),
        share=likelihood.frequency_text(facts["probability_before"], per),
        interval=likelihood.between_text(facts["lower_before"], facts["upper_before"], per),
    )
    return [f"{now} {then}", _("Not a prediction: of so many States like this, so many see it.")]


def _places(facts: Mapping) -> str:
    places = _(
        "Its place by likelihood is {place} of {ranked} (95 % interval: {lower} to {upper}); in release {id} it was "
        "{place_before} of {ranked_before} (95 % interval: {lower_before} to {upper_before})."
    ).format(id=facts["before"], **{name: _count(facts[key]) for name, key in PLACES.items()})
    if pd.isna(facts["share_in_top"]):
        return places
    share = _("In {share} of 100 draws of this release it is among the {top} highest.")
    return f"{places} {share.format(share=number(facts['share_in_top'] * PER), top=alerts.TOP)}"


PLACES = {
    f"{name}{end}": f"{key}{end}"
    for name, key in (("place", "rank"), ("ranked", "ranked"), ("lower", "rank_lower"), ("upper", "rank_upper"))
    for end in ("", "_before")
}


def _count(known: float) -> str:
    return _("not known") if pd.isna(known) else number(known)


def reasons_text(alert: Alert) -> str:
    """The risk factors that most raise the forecast beside a State with typical values, or lower it if it fell."""
    lines = reading.explanations_of(alert.iso3, alert.outcome, WINDOW)
    sums = lines[lines["indicator"] != LEVEL_LINE].groupby("factor")["contribution"].sum()
    rises = alert.kind == ENTERED or (alert.kind == FORECAST and alert.facts["rises"])
    moved = (sums if rises else -sums).nlargest(NAMED)
    named = _names([f"rf{int(factor):02d}" for factor, by in moved.items() if by > 0])
    if not named:
        return ""
    raised = _("Beside a State with typical values, what most raises the forecast now: {factors}.")
    lowered = _("Beside a State with typical values, what most lowers the forecast now: {factors}.")
    return f"{(raised if rises else lowered).format(factors=named)} {_(REASONS_NOT_CAUSES)}"


def _names(codes: list[str]) -> str:
    titles = store.factor_titles()
    return _("; ").join(titles[code] for code in codes)


def record_text(record: Record | None, change: str) -> str:
    """How often such a change of the list was right, in natural frequencies; "" if there was none."""
    if record is None:
        return ""
    entered = _(
        "Of 100 States that came into the {top} highest of the yearly forecasts of {first} to {last}, {share} saw the "
        "event in the years of the forecast ({interval}; number of changes: {count}); of 100 States of any place, "
        "{base} did. These are all changes, not only those beyond the interval of the place."
    )
    left = _(
        "Of 100 States that left the {top} highest of the yearly forecasts of {first} to {last}, {share} saw the event "
        "in the years of the forecast all the same ({interval}; number of changes: {count}); of 100 States of any "
        "place, {base} did. These are all changes, not only those beyond the interval of the place."
    )
    return (entered if change == ENTERED else left).format(
        top=alerts.TOP,
        first=record.first,
        last=record.last,
        share=number(record.share * PER),
        interval=_interval(record),
        count=number(record.changes),
        base=number(record.base * PER),
    )


def _interval(record: Record) -> str:
    if pd.isna(record.lower):
        return _("95 % interval: not known")
    ends = {"lower": number(record.lower * PER), "upper": number(record.upper * PER)}
    return _("95 % interval: {lower} to {upper}").format(**ends)


def _index(alert: Alert) -> list[str]:
    facts = alert.facts
    interval = _("95 % of other reasonable choices: {lower} to {upper}")
    known = {end: interval.format(**_ends(facts, end)) for end in ("", "_before")}
    text = _(
        "Its place by the risk index is {place} of {ranked} ({interval}), with a score of {score}; in release {id} it "
        "was {place_before} of {ranked_before} ({interval_before}), with a score of {score_before}."
    ).format(
        id=facts["before"],
        interval=known[""],
        interval_before=known["_before"],
        score=number(facts["risk_index"], 1),
        score_before=number(facts["risk_index_before"], 1),
        **{name: _count(facts[key]) for name, key in PLACES.items() if not name.startswith(("lower", "upper"))},
    )
    return [text, _factors_moved(facts), _(NOT_A_PROBABILITY)]


def _ends(facts: Mapping, end: str) -> dict[str, str]:
    return {name: _count(facts[f"rank_{name}{end}"]) for name in ("lower", "upper")}


def _factors_moved(facts: Mapping) -> str:
    """The risk factors whose scores moved most in the direction of the index."""
    sign = 1 if facts["rises"] else -1
    moved = {code: sign * (facts[code] - facts.get(f"{code}_before", float("nan"))) for code in store.factor_titles()}
    known = pd.Series(moved, dtype=float).dropna()
    named = _names([code for code, by in known.nlargest(NAMED).items() if by > 0])
    if not named:
        return ""
    rose, fell = _("What rose most in its scores: {factors}."), _("What fell most in its scores: {factors}.")
    return (rose if facts["rises"] else fell).format(factors=named)
