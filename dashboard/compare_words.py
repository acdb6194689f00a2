"""What `compare` finds, in words and tables. Needs no Streamlit."""

from collections.abc import Mapping

import pandas as pd

from dashboard import language
from dashboard.compare import (
    ABOVE,
    BELOW,
    UNCLEAR,
    UNKNOWN,
    ages,
    can_tell_apart,
    course,
    is_region,
    pairs,
    title_of,
    without_order,
)
from dashboard.current import kept
from dashboard.language import N_, _, ngettext
from dashboard.likelihood import between_text, count_among, frequency_text, place_text, places_text, window_text
from dashboard.links import MOST
from dashboard.measures import PARTS
from dashboard.reading import has_sensitivity, likely, opened, table
from dashboard.store import measures, rows_of_year, titles
from dashboard.world import ALL_REGIONS
from models.outcomes import OUTCOMES

CERTAIN_OF = 95  # of 100 replicates; see `reasons.CERTAIN`
VERDICTS = {
    ABOVE: N_("above"),
    BELOW: N_("below"),
    UNCLEAR: N_("not distinguishable"),
    UNKNOWN: N_("not known"),
}


def too_few(count: int) -> str:
    """What to do with none or only one."""
    if count == 0:
        return _(
            "Choose two to {most} countries or regions above: their values then stand side by side, over the years "
            "and now, with what is known of which is higher."
        ).format(most=MOST["compare"])
    return _("One alone cannot be compared: choose at least one more country or region.")


def value_text(value: float, measure: str, per: int) -> str:
    """A score as "41.3 of 100", a probability as "about 4 in 100"."""
    if pd.isna(value):
        return _("no forecast") if measure in OUTCOMES else _("no score")
    return frequency_text(value, per) if measure in OUTCOMES else _score(value)


def _score(value: float) -> str:
    return _("{score} of 100").format(score=language.number(value, 1))


def known_text(known: int, states: int) -> str:
    """How many of a region's States have a value."""
    return ngettext("{known} of {states} State known", "{known} of {states} States known", states).format(
        known=known, states=states
    )


def common_count(codes: tuple[str, ...], measure: str, window: int) -> int:
    """Among how many States the likelihoods are told: the same for all that are compared."""
    if measure not in OUTCOMES:
        return 100
    newest = [course(code, measure, window)["value"].iloc[-1] for code in codes]
    return count_among(*newest, base_rate(measure, window))


def base_rate(outcome: str, window: int) -> float:
    """What all States together saw in recent windows, as a share."""
    return float(likely(outcome, window, newest_year(outcome, window))["base_rate"].max())


@kept(40)
def newest_year(measure: str, window: int) -> int:
    """The newest year in which there can be a value."""
    return int(course(ALL_REGIONS, measure, window).index.max())


@kept(100)
def now(codes: tuple[str, ...], measure: str, window: int) -> pd.DataFrame:
    """The newest value of each, with its interval, coverage, age of its data and place, all as text."""
    per, year = common_count(codes, measure, window), newest_year(measure, window)
    lines = [_region_now(code, measure, window, per) if is_region(code) else None for code in codes]
    told = [line or _state_now(code, measure, window, per) for line, code in zip(lines, codes, strict=True)]
    column = window_text(year, window) if measure in OUTCOMES else str(year)
    return pd.DataFrame(told).set_index(_("Country or region")).rename(columns={"value": column})


def _line(code: str, value: str, interval: str, ages_told: tuple[str, str], places: tuple[str, str]) -> dict[str, str]:
    return {
        _("Country or region"): title_of(code),
        "value": value,
        _("Interval"): interval,
        _("Coverage"): ages_told[0],
        _("Age of the data"): ages_told[1],
        _("Place"): places[0],
        _("Interval of the place"): places[1],
    }


def _state_now(code: str, measure: str, window: int, per: int) -> dict[str, str]:
    newest = course(code, measure, window).iloc[-1]
    if not newest["states"]:
        return _line(code, _("no State of its own in this year"), "", ("", ""), ("", ""))
    coverage, age = ages(code, measure, window, newest_year(measure, window))
    told = (
        _("not known") if pd.isna(coverage) else language.percent(coverage),
        _("not known") if pd.isna(age) else _("{years} years on average").format(years=language.number(age, 1)),
    )
    value = value_text(newest["value"], measure, per)
    return _line(code, value, _interval_text(newest, measure, per), told, _places(code, measure, window))


def _interval_text(newest: Mapping, measure: str, per: int) -> str:
    if measure not in OUTCOMES:
        return _("a score has none")
    if pd.isna(newest["lower"]):
        return _("not known")
    between = between_text(newest["lower"], newest["upper"], per)
    return _("95 % interval: {between}").format(between=between)


def _places(code: str, measure: str, window: int) -> tuple[str, str]:
    """The place of a State among all, and the interval of that place."""
    year = newest_year(measure, window)
    if measure in OUTCOMES:
        row = rows_of_year(measure, year, window).set_index("iso3").loc[code]
        return place_text(row), places_text(row)
    row = _by_score(measure, year).loc[code]
    return place_text(row), _("not known") if pd.isna(row["rank_lower"]) else places_text(row)


def _by_score(measure: str, year: int) -> pd.DataFrame:
    """Places by a score: of the index those of the release with their intervals, of the others the order alone."""
    scored = rows_of_year(measure, year, 0).set_index("iso3")["score"]
    if measure == PARTS[0].code and has_sensitivity():
        return table("sensitivity").set_index("iso3").reindex(scored.index)
    rank = scored.rank(ascending=False, method="min")
    return pd.DataFrame(
        {"rank": rank, "ranked": scored.count(), "rank_lower": float("nan"), "rank_upper": float("nan")}
    )


def _region_now(code: str, measure: str, window: int, per: int) -> dict[str, str]:
    newest = course(code, measure, window).iloc[-1]
    coverage, age = ages(code, measure, window, newest_year(measure, window))
    known = known_text(int(newest["known"]), int(newest["states"]))
    if not newest["known"]:
        return _line(code, value_text(newest["value"], measure, per), "", (known, ""), ("", ""))
    value = _("median: {value}").format(value=value_text(newest["value"], measure, per))
    told = (
        _("{known}; median coverage {coverage}").format(known=known, coverage=language.percent(coverage)),
        _("{years} years, the median of its States").format(years=language.number(age, 1)),
    )
    return _line(code, value, _quartiles_text(newest, measure, per), told, (_("a region has none"), ""))


def _quartiles_text(newest: Mapping, measure: str, per: int) -> str:
    if measure in OUTCOMES:
        between = between_text(newest["lower"], newest["upper"], per)
    else:
        between = _("{lower} to {upper} of 100").format(
            lower=language.number(newest["lower"], 1), upper=language.number(newest["upper"], 1)
        )
    return _("middle half of its States: {between}").format(between=between)


def interval_text(measure: str) -> str:
    """What the intervals of this measure are, and where there is none."""
    if measure in OUTCOMES:
        return _(
            "The bars at the right end are the 95 % intervals of the release's own forecasts of States. Earlier years "
            "show what would have been forecast then; the release has no interval of those."
        )
    if measure == PARTS[0].code and has_sensitivity():
        return _(
            "The release has no interval of a score. Of the index it has one of the place, in the newest year only: "
            "the places that 95 % of 2,048 drawn, equally reasonable choices give. It is in the table below."
        )
    return _("The release has no interval of this score, neither of its value nor of its place.")


def region_text() -> str:
    """What the line and the band of a region are."""
    return _(
        "A region's line is the median of those of its States that have a value, and its band their middle half (from "
        "the lower to the upper quartile). A State without a value is not counted, never as 0; which States there are "
        "changes over the years. The line says nothing of any one State."
    )


def base_text(outcome: str, window: int, per: int) -> str:
    """The base rate of an outcome, in a sentence."""
    return _("Base rate, what all States together saw in the ten newest windows that are known: {rate} States.").format(
        rate=frequency_text(base_rate(outcome, window), per)
    )


# Which is higher
def verdict_kind(measure: str) -> str:
    """What kind of comparison it is, in plain words."""
    if measure in OUTCOMES:
        return _(
            "Each number says in how many replicates the likelihood of the row's State is above that of the column's. "
            "A replicate is the same model, fitted to another draw of the past. It is a share of what this model could "
            "have said, not the probability that more happens in one State than in the other. From {certain} of 100 on "
            "the order is called clear."
        ).format(certain=CERTAIN_OF)
    if can_tell_apart(measure):
        return _(
            "By intervals of places, and not a probability: the release has each State's interval (95 % of 2,048 drawn "
            "choices, all reasonable) but not the draws, so that it cannot be said in how many of them one State is "
            "above another. “Above” means that the two intervals do not overlap; where they do, the two are not "
            "distinguishable by this. Errors in the data themselves are not in these intervals."
        )
    return _(
        "The release has no interval of this score or its place. Whether a difference between two States is more than "
        "a choice of weights cannot be said; differences of one or two points say nothing."
    )


def matrix(states: tuple[str, ...], measure: str, window: int) -> pd.DataFrame:
    """Who is above whom, as a table of text: row against column."""
    found = pairs(states, measure, window)
    cells = {(row["one"], row["other"]): _cell(row) for row in found.to_dict("records")}
    grid = [[cells.get((one, other), "–") for other in states] for one in states]
    titles_of = [title_of(code) for code in states]
    return pd.DataFrame(grid, index=pd.Index(titles_of, name=_("Row against column")), columns=titles_of)


def _cell(row: Mapping) -> str:
    said = VERDICTS[row["verdict"]]
    verdict = _(said)
    if pd.isna(row["above"]):
        return verdict
    return _("{verdict} ({above} of {replicates})").format(
        verdict=verdict, above=language.number(row["above"]), replicates=language.number(row["replicates"])
    )


def summary(states: tuple[str, ...], measure: str, window: int) -> list[str]:
    """The same in sentences: who is clearly above whom, who cannot be told apart, and of whom nothing is known."""
    found = pairs(states, measure, window)
    lines = [_above_line(one, found[found["one"] == one]) for one in states]
    once = found.iloc[::2]  # each pair stands in both orders, one after the other
    unclear = [_pair(row) for row in once[once["verdict"] == UNCLEAR].to_dict("records")]
    if unclear:
        lines.append(_("Which is higher is not certain: {pairs}.").format(pairs="; ".join(unclear)))
    if unknown := without_order(states, measure, window):
        names = language.listed(title_of(code) for code in unknown)
        lines.append(_("Not known, so not compared: {names}.").format(names=names))
    return [line for line in lines if line]


def _above_line(one: str, rows: pd.DataFrame) -> str:
    below = [title_of(code) for code in rows.loc[rows["verdict"] == ABOVE, "other"]]
    if not below:
        return ""
    return _("**{name}** is clearly above {others}.").format(name=title_of(one), others=language.listed(below))


def _pair(row: Mapping) -> str:
    return _("{one} and {other}").format(one=title_of(row["one"]), other=title_of(row["other"]))


@kept(100)
def twin(codes: tuple[str, ...], measure: str, window: int) -> pd.DataFrame:
    """The chart's numbers as the reader sees and downloads them: one row per State or region and year."""
    return pd.concat([_twin_of(code, measure, window) for code in codes], ignore_index=True)


def _twin_of(code: str, measure: str, window: int) -> pd.DataFrame:
    rows = course(code, measure, window).reset_index()
    rows = rows[rows["states"] > 0]
    ends = _("quartiles of the States known") if is_region(code) else _("95 % interval")
    return pd.DataFrame(
        {
            _("Year"): rows["year"],
            _("Country or region"): title_of(code),
            _("Row"): code,
            column_title(measure): rows["value"].round(6),
            _("Lower end"): rows["lower"].round(6),
            _("Upper end"): rows["upper"].round(6),
            _("What the ends are"): [ends if known else "" for known in rows["lower"].notna()],
            _("States known"): rows["known"],
            _("States with a row"): rows["states"],
        }
    )


def points(code: str, measure: str, window: int) -> list[str]:
    """What is said of each year's point: its value, and of a region how many of its States are known."""
    rows = course(code, measure, window)
    told = [value_text(value, measure, count_among(value)) for value in rows["value"]]
    if not is_region(code):
        return told
    counts = [known_text(*pair) for pair in zip(rows["known"], rows["states"], strict=True)]
    return [
        _("median {value}; {known}").format(value=value, known=known) for value, known in zip(told, counts, strict=True)
    ]


def file_name(codes: tuple[str, ...], measure: str, window: int) -> str:
    """The name of the file of the chart's numbers."""
    years = f"-{window}-years" if window else ""
    rows = "-".join(codes).lower().replace(" ", "-")
    return f"upstream-{opened().id}-compare-{measure}{years}-{rows}.csv"


def column_title(measure: str) -> str:
    """What the values are and their scale."""
    if measure in OUTCOMES:
        return _("Probability (0-1)")
    return _("{measure} (0-100)").format(measure=measures()[measure].title)


def chart_text(codes: tuple[str, ...], measure: str) -> str:
    """What the chart shows, for readers who cannot see it."""
    return _("{measure} by year: {names}. The table below has the same numbers.").format(
        measure=titles()[measure], names=language.listed(title_of(code) for code in codes)
    )
