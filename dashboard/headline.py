"""One State in two sentences for whoever briefs: how likely the outcome is, and where the risk index stands."""

import math
from collections.abc import Mapping

import pandas as pd

from dashboard.language import N_, _, number
from dashboard.likelihood import about_text, count_among, either_text, happened_text, number_text
from dashboard.tables import score_text

# One sentence for each outcome, since no language puts "begins in" and "flee from" in the same place.
WITH_INTERVAL = {
    "mass_killing": N_(
        "**{country}**: {when}, a mass killing begins in **{count} of {per}** States like this one (95 % interval: "
        "{lower} to {upper}), and in {base} of {per} States of any kind."
    ),
    "state_killing": N_(
        "**{country}**: {when}, a government kills 25 or more civilians on purpose within a year in **{count} of "
        "{per}** States like this one (95 % interval: {lower} to {upper}), and in {base} of {per} States of any kind."
    ),
    "armed_group_killing": N_(
        "**{country}**: {when}, armed groups kill 25 or more civilians on purpose within a year in **{count} of "
        "{per}** States like this one (95 % interval: {lower} to {upper}), and in {base} of {per} States of any kind."
    ),
    "armed_conflict": N_(
        "**{country}**: {when}, an armed conflict begins in **{count} of {per}** States like this one (95 % interval: "
        "{lower} to {upper}), and in {base} of {per} States of any kind."
    ),
    "mass_displacement": N_(
        "**{country}**: {when}, 5 or more in 1,000 people newly flee across a border within a year from **{count} of "
        "{per}** States like this one (95 % interval: {lower} to {upper}), and from {base} of {per} States of any kind."
    ),
}
# An earlier year's forecast, as it would have been made then; the release has no interval of it.
WITHOUT = {
    "mass_killing": N_(
        "**{country}**, as it would have been forecast at the end of {year}: {when}, a mass killing begins in "
        "**{count} of {per}** States like this one, and in {base} of {per} States of any kind. No interval is known. "
        "What then happened: {happened}."
    ),
    "state_killing": N_(
        "**{country}**, as it would have been forecast at the end of {year}: {when}, a government kills 25 or more "
        "civilians on purpose within a year in **{count} of {per}** States like this one, and in {base} of {per} "
        "States of any kind. No interval is known. What then happened: {happened}."
    ),
    "armed_group_killing": N_(
        "**{country}**, as it would have been forecast at the end of {year}: {when}, armed groups kill 25 or more "
        "civilians on purpose within a year in **{count} of {per}** States like this one, and in {base} of {per} "
        "States of any kind. No interval is known. What then happened: {happened}."
    ),
    "armed_conflict": N_(
        "**{country}**, as it would have been forecast at the end of {year}: {when}, an armed conflict begins in "
        "**{count} of {per}** States like this one, and in {base} of {per} States of any kind. No interval is known. "
        "What then happened: {happened}."
    ),
    "mass_displacement": N_(
        "**{country}**, as it would have been forecast at the end of {year}: {when}, 5 or more in 1,000 people newly "
        "flee across a border within a year from **{count} of {per}** States like this one, and from {base} of {per} "
        "States of any kind. No interval is known. What then happened: {happened}."
    ),
}
MEANING = {
    "structural": N_(
        "What changes over years: institutions, exclusion, the economy, past violence. Upstream prevention works here, "
        "long before a crisis."
    ),
    "dynamic": N_(
        "What moves within months or a few years: conflict, coups, rising deaths. It says where an early response may "
        "be needed."
    ),
}


def likelihood_sentence(row: Mapping, name: str, outcome: str, origin: int, window: int, *, newest: bool) -> str:
    """How likely an outcome is, in natural frequencies, with interval and base rate; Markdown.

    `row` is the State's line of `likelihood.rows_of_year`; `newest`: whether it is the release's own forecast.
    """
    if pd.isna(row["probability"]):
        return _(
            "**{country}**: there is no forecast of this outcome, since too little is known. That is not a low "
            "likelihood."
        ).format(country=name)
    per = count_among(row["probability"], row["base_rate"])
    told = {"country": name, "when": either_text(origin, window), "per": number(per), "year": origin}
    told |= {"count": about_text(row["probability"], per), "base": about_text(row["base_rate"], per)}
    if not newest or pd.isna(row["lower"]) or pd.isna(row["upper"]):
        return _(WITHOUT[outcome]).format(happened=happened_text(row["event"]), **told)
    ends = {"lower": number_text(row["lower"], per), "upper": number_text(row["upper"], per)}
    return _(WITH_INTERVAL[outcome]).format(**ends, **told)


def index_sentence(years: pd.DataFrame, year: int, code: str, place: Mapping | None) -> str:
    """Value, place with its interval, and change of the risk index; `years` from `country.history`.

    `place` has rank, ranked and, where known, rank_lower and rank_upper; None without a score.
    """
    now = years[code].get(year, math.nan)
    if pd.isna(now) or place is None:
        return _("There is no risk index of {year}: too little is known.").format(year=year)
    told = {"year": year, "score": score_text(now)}
    told |= {"place": number(place["rank"]), "ranked": number(place["ranked"])}
    if pd.isna(place.get("rank_lower", math.nan)):
        text = _("Risk index {year}: **{score}**, place {place} of {ranked} (1 = highest; no interval is known).")
    else:
        told |= {"lower": number(place["rank_lower"]), "upper": number(place["rank_upper"])}
        text = _(
            "Risk index {year}: **{score}**, place {place} of {ranked} (1 = highest; between place {lower} and {upper} "
            "under other reasonable choices)."
        )
    return f"{text.format(**told)} {_change_sentence(now - years[code].get(year - 1, math.nan), year - 1)}"


def _change_sentence(change: float, before: int) -> str:
    if pd.isna(change):
        return _("There is no index of {year} to compare it with.").format(year=before)
    if abs(change) < 0.05:
        return _("It is the same as in {year}.").format(year=before)
    text = (
        _("It rose by {points} points since {year}.") if change > 0 else _("It fell by {points} points since {year}.")
    )
    return text.format(points=number(abs(change), 1), year=before)
