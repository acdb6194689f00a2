"""Which signs are flags: chooses each rule's numbers on 1990 to 2010, and measures its false alarms on later years.

The numbers come from the file by type up to 2010 alone; the false-alarm rates from the final file of 2011 on, and
from the candidate file of the same months, whose kind is what is flagged now. Neither is looked at for the choice.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from indicators.monthly import CANDIDATE, EARLIER, FINAL, period
from models.outcomes import DEATHS
from models.skill import draw_countries, interval, ratio  # the same resamples of countries as for the forecasts' scores

CHOSEN_TO = period(2010, 12)
AFTER, BASE, RECENT = 12, 12, 3  # months
KILLED, TIMES = 100, 2  # an escalation: so many people, and so many times as many as before
FOLLOWED = 1 / 3  # of the flags of 1990 to 2010, that a rule be used for flags
REPLICATES = 1_000
ESCALATION = (
    f"In the {AFTER} months after the flagged month at least {KILLED} people are killed in organised violence, and at "
    f"least {TIMES} times as many as in the {BASE} months that ended {RECENT} months before the flag."
)
SHARES = {"false_alarm": ("false", "on"), "caught": ("hit", "event"), "killing": ("killed", "known")}
ANY = "any"  # the row of all flags together


@dataclass(frozen=True)
class Rule:
    """A sign with its numbers. `used`: at least a third of its flags of 1990 to 2010 were followed by an escalation."""

    name: str
    numbers: Mapping[str, float]
    used: bool = False

    def flag(self, signals: pd.DataFrame) -> pd.Series:
        """1 where the sign is there, 0 where not, missing where it is not known."""
        return FAMILIES[self.name].holds(signals, **self.numbers)

    @property
    def text(self) -> str:
        """The rule in words, with its numbers."""
        return FAMILIES[self.name].text.format(**self.numbers)


@dataclass(frozen=True)
class Family:
    """Rules that differ in their numbers alone."""

    holds: Callable[..., pd.Series]
    text: str
    grid: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    def points(self) -> list[dict[str, float]]:
        """Every combination of the numbers."""
        return [dict(zip(self.grid, point, strict=True)) for point in itertools.product(*self.grid.values())]


def _where(condition: pd.Series, *needed: pd.Series) -> pd.Series:
    known = pd.concat(needed, axis="columns").notna().all(axis="columns")
    return condition.astype(float).where(known)


def _rise(signals: pd.DataFrame, *, months: int, times: float, deaths: float) -> pd.Series:
    momentum, total = signals[f"momentum_{months}"], signals[f"deaths_{months}"]
    return _where((momentum >= np.log(times)) & (total >= deaths), momentum, total)


def _outbreak(signals: pd.DataFrame, *, deaths: float, quiet: float) -> pd.Series:
    recent, before = signals["deaths_3"], signals["before"]
    return _where((recent >= deaths) & (before < quiet), recent, before)


def _spread(signals: pd.DataFrame, *, neighbours: float, least: float, below: float) -> pd.Series:
    across, own = signals["neighbours"], signals["deaths_12"]
    return _where((across >= neighbours) & (own >= least) & (own < below), across, own)


def _coup(signals: pd.DataFrame, *, months: int, least: float) -> pd.Series:
    attempt, own = signals[f"coup_{months}"], signals["deaths_12"]
    return _where((attempt == 1) & (own >= least), attempt, own)


def _election(signals: pd.DataFrame, *, months: int, least: float) -> pd.Series:
    due, own = signals[f"election_{months}"], signals["deaths_12"]
    return _where((due == 1) & (own >= least), due, own)


OWN_DEATHS = "deaths in the last 12 months: {least:,} or more"
FAMILIES = {
    "rise": Family(
        _rise,
        "Rise: at least {deaths:,} people were killed in the last {months} months; per month at least {times} times as "
        "many as in the State's own past, the 60 months before or those that are known (one is added to both).",
        {"months": (3, 6, 12), "times": (2, 3, 5, 10), "deaths": (25, 50, 100)},
    ),
    "outbreak": Family(
        _outbreak,
        "Outbreak: at least {deaths:,} people were killed in the last 3 months, after fewer than {quiet:,} in the 12 "
        "months before.",
        {"deaths": (10, 25, 50), "quiet": (5, 10, 25)},
    ),
    "spread": Family(
        _spread,
        "Spread: an outbreak in the last 12 months, or a war with 1,000 deaths in them, across a land border (States: "
        "{neighbours} or more); own " + OWN_DEATHS + ", and fewer than {below:,}.",
        {"neighbours": (1, 2, 3), "least": (0, 1), "below": (25, 100)},
    ),
    "coup": Family(
        _coup,
        "Coup attempt in the last {months} months; " + OWN_DEATHS + ".",
        {"months": (12, 24), "least": (0, 1, 25)},
    ),
    "election": Family(
        _election,
        "National election due in the next {months} months; " + OWN_DEATHS + ".",
        {"months": (12, 24), "least": (0, 1, 25)},
    ),
}


def escalation(wide: pd.DataFrame) -> pd.Series:
    """1 where the months after are an escalation as ESCALATION says, by (iso3, period); missing where not known."""
    time = wide.T
    after = time.rolling(AFTER).sum().shift(-AFTER)
    before = time.rolling(BASE).sum().shift(RECENT)
    event = ((after >= KILLED) & (after >= TIMES * before)).astype(float)
    return event.where(after.notna() & before.notna()).T.rename_axis(index="iso3", columns="period").stack().dropna()


def choose(signals: pd.DataFrame, escalated: pd.Series, names: list[str]) -> dict[str, Rule]:
    """For each family the numbers with the highest F1 on the months of which all is known by the end of 2010.

    Among those of which a third of the flags was followed by an escalation, if there are any: these rules are used
    for flags. Of the other families the best is a sign that is shown with its own rate of false alarms.
    """
    old = escalated[escalated.index.get_level_values("period") <= CHOSEN_TO - AFTER]
    return {name: _best(name, signals.reindex(old.index), old) for name in names}


def _best(name: str, signals: pd.DataFrame, escalated: pd.Series) -> Rule:
    tried = []
    for numbers in FAMILIES[name].points():
        flag = FAMILIES[name].holds(signals, **numbers).dropna()
        truth = escalated[flag.index]
        share = truth[flag == 1].mean()
        tried.append((bool(share >= FOLLOWED), f1_score(truth, flag, zero_division=0.0), Rule(name, numbers)))
    used, _, rule = max(tried, key=lambda each: each[:2])  # of equals the first
    return Rule(name, rule.numbers, used)


def measure(
    signals: Mapping[str, pd.DataFrame],
    escalated: Mapping[str, pd.Series],
    rules: Mapping[str, Rule],
    events: pd.DataFrame,
) -> pd.DataFrame:
    """The table `watch_rules`: each rule on the months that chose it, and on those of 2011 on in two files."""
    killed = events[events["event"] == "one_sided_deaths"].set_index(["iso3", "year"])["count"] >= DEATHS
    lines = []
    known_to = int(signals[FINAL].index.get_level_values("period").max()) - AFTER  # nothing preliminary is measured
    for source, own in escalated.items():
        month = own.index.get_level_values("period")
        measured = (
            own[month <= CHOSEN_TO - AFTER] if source == EARLIER else own[(month > CHOSEN_TO) & (month <= known_to)]
        )
        rest = signals[source].reindex(measured.index)
        flags = {name: rule.flag(rest) for name, rule in rules.items()}
        used = pd.DataFrame({name: flags[name] for name, rule in rules.items() if rule.used}, index=rest.index)
        flags[ANY] = used.max(axis="columns", skipna=False)
        for name, flag in flags.items():
            lines.append(_about(name, rules, source) | _figures(flag.dropna(), measured, killed))
    order = {name: place for place, name in enumerate([*rules, ANY])}
    return pd.DataFrame(lines).sort_values(["rule", "source"], key=lambda c: c.replace(order), ignore_index=True)


def _about(name: str, rules: Mapping[str, Rule], source: str) -> dict[str, Any]:
    rule = rules.get(name)
    return {
        "rule": name,
        "kind": "flag" if rule is None or rule.used else "sign",
        "text": "At least one flag." if rule is None else rule.text,
        "followed_by": ESCALATION,
        "source": source,
        "serves": {EARLIER: "choice", FINAL: "measurement", CANDIDATE: "measurement, kind of file flagged now"}[source],
    }


def _figures(flag: pd.Series, escalated: pd.Series, killed: pd.Series) -> dict[str, Any]:
    """Counts and shares with 95 % intervals, over the State months in which the rule and what followed are known."""
    state, month = (flag.index.get_level_values(level) for level in ("iso3", "period"))
    event, on = escalated[flag.index] == 1, flag == 1
    civilians = killed.reindex(pd.MultiIndex.from_arrays([state, month // 12 + 1])).set_axis(flag.index)
    known = civilians.notna()
    cases = {"on": on, "false": on & ~event, "hit": on & event, "event": event, "known": on & known}
    by_state = pd.DataFrame(cases | {"killed": on & (civilians == 1)}).groupby("iso3").sum()
    drawn = draw_countries(by_state.index.to_series(), replicates=REPLICATES, random_state=0)[by_state.index] @ by_state
    return {
        "first_month": month_name(month.min()),
        "last_month": month_name(month.max()),
        "flags": int(on.sum()),
        "flagged_states": int((by_state["on"] > 0).sum()),
        "flags_per_month": round(on.sum() / month.nunique(), 1),
        "followed": int((on & event).sum()),
        **_share("false_alarm", drawn),
        "base_rate": round(event.mean(), 3),
        "escalations": int(event.sum()),
        **_share("caught", drawn),
        **_share("killing", drawn),
        "killing_base_rate": round(float(civilians[known].astype(float).mean()), 3),
    }


def _share(name: str, drawn: pd.DataFrame) -> dict[str, float]:
    """A share of SHARES in the sample (the first row), and its 95 % interval from the resamples."""
    above, below = (drawn[part].to_numpy() for part in SHARES[name])
    values = (round(value, 3) for value in interval(ratio(above, below)))
    return dict(zip((f"{name}_share", f"{name}_lower", f"{name}_upper"), values, strict=True))


def month_name(month: int) -> str:
    """ "2023-02" for a period."""
    return f"{month // 12}-{month % 12 + 1:02d}"
