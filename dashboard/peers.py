"""What other systems say beside what we say: places among the States that both have, differences and their reasons."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from dashboard import language
from dashboard.language import N_, _, form, number
from dashboard.likelihood import place_text, places_text, window_text
from dashboard.measures import outcome_title
from dashboard.reasons import odds_text
from models.outcomes import OUTCOMES
from models.track import INTERVAL, LEVEL_LINE

NO_TABLE = N_("This release has no table of other systems' views: it was made before there was one.")
RISK_INDEX = "risk_index"
REASONS = 3  # shown for a difference
LARGEST = 10  # differences that are listed
ABOUT = N_(
    "Their figures stand as they publish them, and enter nothing of ours. Places are compared among the States that "
    "both have. They differ from ours by more than the intervals allow where their place is outside our 95 % "
    "interval: of a forecast over resampled States, of the index over other choices of weights and scales. Of theirs "
    "no interval is known here. A difference is worth a look; it does not say which is nearer to what comes."
)
FACTS = ["system", "measure", "what", "unit", "window", "edition", "published", "ours", "ours_window_years", "ranked"]


def list_systems(rows: pd.DataFrame) -> pd.DataFrame:
    """Each system and measure once, with what holds for all its rows (`FACTS`); `rows` of the table `peers`."""
    return rows[FACTS].drop_duplicates(["system", "measure"]).reset_index(drop=True)


def compare_forecast(theirs: pd.Series, ours: pd.Series, replicates: pd.DataFrame) -> pd.DataFrame:
    """Places among the States that both have, with the interval of ours, by iso3: theirs, ours, lower, upper.

    `theirs`: their places; `ours`: our probabilities; `replicates`: one line per resample, one column per State. Each
    resample is ranked anew among these States; the interval reaches to the forecast's place, as in `forecasts`.
    """
    both = _in_both(theirs, ours)
    table = _places(theirs, -ours, both)
    drawn = replicates.reindex(columns=both).rank(axis="columns", ascending=False, method="min")
    low, high = (drawn.quantile(level) for level in INTERVAL)
    return table.assign(
        lower=np.fmin(np.floor(low), table["ours"]).where(low.notna()),
        upper=np.fmax(np.ceil(high), table["ours"]).where(high.notna()),
    )


def compare_index(theirs: pd.Series, ours: pd.Series, sensitivity: pd.DataFrame | None) -> pd.DataFrame:
    """The same for an index: `ours` are scores of one year, `sensitivity` has iso3, rank_lower and rank_upper.

    Its places are among all States with an index; here a place becomes one more than the number of other States of
    both lists that stand above it. Without the table the interval is not known.
    """
    both = _in_both(theirs, ours)
    table = _places(theirs, -ours, both).assign(lower=np.nan, upper=np.nan)
    if sensitivity is None:
        return table
    all_places = ours.rank(ascending=False, method="min")[both]
    known = sensitivity.set_index("iso3")[["rank_lower", "rank_upper"]].astype(float).reindex(both).dropna()
    for iso3, first, last in known.itertuples():
        others = all_places.drop(index=iso3)
        table.loc[iso3, "lower"] = min(1 + (others < first).sum(), table.at[iso3, "ours"])
        table.loc[iso3, "upper"] = max(1 + (others <= last).sum(), table.at[iso3, "ours"])
    return table


def _in_both(theirs: pd.Series, ours: pd.Series) -> pd.Index:
    return theirs.dropna().index.intersection(ours.dropna().index).sort_values()


def _places(theirs: pd.Series, ours: pd.Series, both: pd.Index) -> pd.DataFrame:
    """Both sides ranked among the States `both`, lowest first, tied States at the better place."""
    return pd.DataFrame({"theirs": theirs[both].astype(float), "ours": ours[both].astype(float)}).rank(method="min")


def find_side(table: pd.DataFrame) -> pd.Series:
    """Where theirs is beside our interval: "higher" (more risk), "lower", "within", or "unknown"."""
    known = table["lower"].notna() & table["upper"].notna()
    cases = [~known, table["theirs"] < table["lower"], table["theirs"] > table["upper"]]
    return pd.Series(np.select(cases, ["unknown", "higher", "lower"], "within"), table.index)


def describe_state(rows: pd.DataFrame, systems: pd.DataFrame, ours: Collection[str]) -> pd.DataFrame:
    """What each system says of one State, and in the last column what we say, as text.

    `rows`: the State's lines of `peers`; `ours`: a text for each line of `systems`.
    """
    found = {(row["system"], row["measure"]): row for row in rows.to_dict("records")}
    lines = []
    for system, text in zip(systems.to_dict("records"), ours, strict=True):
        row = found.get((system["system"], system["measure"]))
        lines.append(
            {
                _("System"): system["system"],
                _("What it measures"): _("{what} For: {window}.").format(
                    what=_text_of(system, "what"), window=_text_of(system, "window")
                ),
                _("Their figure"): _figure_text(row),
                _("Their place"): (
                    place_text(row) if row else _("none of its {ranked}").format(ranked=number(system["ranked"]))
                ),
                _("Edition and date"): edition_text(system),
                _("Terms"): f"[{row['licence']}]({row['terms']})" if row else "",
                _("Upstream, apart from it"): text,
            }
        )
    return pd.DataFrame(lines).set_index(_("System"))


def _text_of(row: Mapping, column: str) -> str:
    """What the release says there, in the language in use."""
    return _(row[column])


def _figure_text(row: Mapping | None) -> str:
    if not row:
        return _("not in its list")
    return _("{value} ({unit})").format(value=form(row["value"], "g"), unit=_text_of(row, "unit"))


def edition_text(system: Mapping) -> str:
    """ "2025-26, published in 2025"."""
    edition, day = system["edition"], system["published"]
    if not day:
        return _("{edition}; day of publication not stated").format(edition=edition)
    text = _("{edition}, published on {day}") if len(day) == 10 else _("{edition}, published in {day}")
    return text.format(edition=edition, day=language.day(day))


def forecast_text(forecast: pd.Series | None, outcome: str, origin: int, window: int) -> str:
    """Our own place with its interval among all our States, and what it is of."""
    what = {"outcome": outcome_title(outcome), "when": window_text(origin, window)}
    if forecast is None or pd.isna(forecast["rank"]):
        return _("no forecast ({outcome} {when})").format(**what)
    return _("{place}; 95 % interval: {between} ({outcome} {when})").format(
        place=place_text(forecast), between=places_text(forecast), **what
    )


def index_text(scores: pd.DataFrame, iso3: str, sensitivity: pd.DataFrame | None) -> str:
    """Our risk index with its place; `scores` of one year."""
    index = scores.set_index("iso3")["risk_index"]
    if pd.isna(index.get(iso3)):
        return _("no risk index: too little is known")
    row = {"rank": index.rank(ascending=False, method="min")[iso3], "ranked": index.count()}
    told = {"place": place_text(row), "score": number(index[iso3], 1), "year": scores["year"].max()}
    own = pd.DataFrame() if sensitivity is None else sensitivity[sensitivity["iso3"] == iso3]
    if own.empty:
        return _("{place}: risk index {score} (0 to 100), {year}; interval not known").format(**told)
    return _("{place}: risk index {score} (0 to 100), {year}; 95 % interval over other choices: {between}").format(
        between=places_text(own.iloc[0]), **told
    )


WITHIN = N_(
    "**{system}, {measure}**: **within our interval**: among the {states} States that both have, place {theirs} there "
    "and {ours} here (95 % interval {lower} to {upper})."
)
WITHIN_CHOICES = N_(
    "**{system}, {measure}**: **within our interval**: among the {states} States that both have, place {theirs} there "
    "and {ours} here (95 % interval over other choices {lower} to {upper})."
)
OUTSIDE = N_(
    "**{system}, {measure}**: **differs by more than our interval allows**: among the {states} States that both have, "
    "place {theirs} there and {ours} here (95 % interval {lower} to {upper})."
)
OUTSIDE_CHOICES = N_(
    "**{system}, {measure}**: **differs by more than our interval allows**: among the {states} States that both have, "
    "place {theirs} there and {ours} here (95 % interval over other choices {lower} to {upper})."
)


def verdict_text(table: pd.DataFrame, iso3: str, system: Mapping, name: str) -> str:
    """Whether the two agree on one State; `table` from a comparison, `name` the State's."""
    told = {"system": system["system"], "measure": _text_of(system, "measure"), "country": name}
    if iso3 not in table.index:
        return _("**{system}, {measure}**: no comparison, since not both have {country}.").format(**told)
    row, side = table.loc[iso3], find_side(table)[iso3]
    told |= {"states": number(len(table)), "theirs": number(row["theirs"]), "ours": number(row["ours"])}
    if side == "unknown":
        return _(
            "**{system}, {measure}**: among the {states} States that both have, place {theirs} there and {ours} here. "
            "Our interval is not known in this release, so that no difference is claimed."
        ).format(**told)
    told |= {"lower": number(row["lower"]), "upper": number(row["upper"])}
    of_index = system["ours"] == RISK_INDEX
    if side == "within":
        return _(WITHIN_CHOICES if of_index else WITHIN).format(**told)
    text = _(OUTSIDE_CHOICES if of_index else OUTSIDE).format(**told)
    higher, lower = _("It places {country} higher than we do."), _("It places {country} lower than we do.")
    return f"{text} {(higher if side == 'higher' else lower).format(**told)}"


def dates_text(system: Mapping, origin: int) -> str:
    """That the two are not of the same time; `origin`: year of our forecast or index."""
    window = system["ours_window_years"]
    told = {"window": _text_of(system, "window"), "year": origin, "first": origin + 1}
    if pd.isna(window):
        text = _(
            "Theirs is for {window}, ours for the state of {year}: what happened between the two is in one of them "
            "only."
        )
    elif window == 1:
        text = _("Theirs is for {window}, ours for {first}: what happened between the two is in one of them only.")
    else:
        told["last"] = origin + int(window)
        text = _(
            "Theirs is for {window}, ours for {first} and {last}: what happened between the two is in one of them only."
        )
    return text.format(**told)


def contributions_text(lines: pd.DataFrame, titles: Mapping[str, str], side: str) -> str:
    """The indicators that push our forecast the way in which it differs; `lines` of `explanations`, one forecast."""
    parts = lines[lines["indicator"] != LEVEL_LINE]
    # they place it higher: what puts ours lower explains the difference
    sign = -1 if side == "higher" else 1
    push = parts[parts["contribution"] * sign > 0]
    largest = push.loc[(push["contribution"] * sign).sort_values(ascending=False, kind="stable").index].head(REASONS)
    if largest.empty:
        return _("No indicator pushes our forecast that way.")
    told = _("; ").join(_reason_text(row, titles) for row in largest.to_dict("records"))
    if side == "higher":
        text = _("What most puts our forecast lower: {reasons}. These are reasons of a model, not causes.")
    else:
        text = _("What most puts our forecast higher: {reasons}. These are reasons of a model, not causes.")
    return text.format(reasons=told)


def _reason_text(line: Mapping, titles: Mapping[str, str]) -> str:
    told = {"indicator": titles.get(line["indicator"], line["indicator"]), "odds": odds_text(line["contribution"])}
    if pd.isna(line["data_year"]):
        return _("{indicator} (value not known, {odds})").format(**told)
    return _("{indicator} (value of {year}, {odds})").format(year=f"{line['data_year']:.0f}", **told)


def factors_text(scores: pd.DataFrame, iso3: str, both: pd.Index, titles: Mapping[str, str], side: str) -> str:
    """The factors whose scores are furthest from the median of the States of both, the way in which ours differs.

    `scores` of one year; `titles` by column.
    """
    table = scores.set_index("iso3")[list(titles)].astype(float)
    median, sign = table.reindex(both).median(), -1 if side == "higher" else 1
    away = ((table.loc[iso3] - median) * sign).dropna()
    largest = away[away > 0].sort_values(ascending=False, kind="stable").head(REASONS).index
    if largest.empty:
        if side == "higher":
            return _("No factor's score is lower than that of the median State.")
        return _("No factor's score is higher than that of the median State.")
    told = _("; ").join(
        _("{factor} ({score} against {median})").format(
            factor=titles[code], score=number(table.at[iso3, code]), median=number(median[code])
        )
        for code in largest
    )
    if side == "higher":
        text = _(
            "The factors that most put our index lower, against the median State: {factors}. These say how the index "
            "is made, not what causes what."
        )
    else:
        text = _(
            "The factors that most put our index higher, against the median State: {factors}. These say how the index "
            "is made, not what causes what."
        )
    return text.format(factors=told)


def agreement(comparisons: Mapping[tuple[str, str], pd.DataFrame], systems: pd.DataFrame) -> pd.DataFrame:
    """How well each system agrees with us over all States that both have, as text.

    `comparisons` by system and measure, in any order.
    """
    lines = []
    for system in systems.to_dict("records"):
        table = comparisons[system["system"], system["measure"]]
        side = find_side(table)
        outside, judged = side.isin(["higher", "lower"]).sum(), (side != "unknown").sum()
        correlation = table["theirs"].corr(table["ours"], method="spearman")
        lines.append(
            {
                _("System"): _("{system}: {measure}").format(
                    system=system["system"], measure=_text_of(system, "measure")
                ),
                _("Edition and date"): edition_text(system),
                _("Beside our"): outcome_title(system["ours"]) if system["ours"] in OUTCOMES else _("Risk index"),
                _("States that both have"): number(len(table)),
                _("Rank correlation (Spearman; 1 = the same order)"): (
                    _("not known") if pd.isna(correlation) else number(correlation, 2)
                ),
                _("Outside our interval"): (
                    _("{count} of {among}").format(count=number(outside), among=number(judged))
                    if judged
                    else _("interval not known")
                ),
            }
        )
    return pd.DataFrame(lines).set_index(_("System"))


def largest_differences(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The States whose places differ most, as text; `table` from a comparison."""
    away = table["theirs"] - table["ours"]
    order = away.abs().sort_values(ascending=False, kind="stable").index[:LARGEST]
    told = {
        "higher": _("yes, they place it higher"),
        "lower": _("yes, they place it lower"),
        "within": _("no"),
    }
    lines = table.loc[order].to_dict("records")
    return pd.DataFrame(
        {
            _("State"): [names.get(iso3, iso3) for iso3 in order],
            _("Their place"): [number(line["theirs"]) for line in lines],
            _("Our place"): [number(line["ours"]) for line in lines],
            _("Our interval"): [_interval_text(line["lower"], line["upper"]) for line in lines],
            _("Outside it"): find_side(table)[order].map(told).fillna(_("not known")).to_list(),
        }
    ).set_index(_("State"))


def _interval_text(lower: float, upper: float) -> str:
    if pd.isna(lower) or pd.isna(upper):
        return _("not known")
    return _("{lower} to {upper}").format(lower=number(lower), upper=number(upper))
