"""States and regions side by side: their values by year, and which State is higher. Needs no Streamlit.

A region's value is the median of its States that have one, with their quartiles; a State without one is not counted.
"""

import math
from itertools import combinations

import pandas as pd

from dashboard.current import kept
from dashboard.language import _
from dashboard.measures import PARTS
from dashboard.reading import (
    ISSUED,
    backtest_of,
    has_sensitivity,
    likely,
    newest_origin,
    origins,
    part,
    scores,
    table,
)
from dashboard.reasons import CERTAIN
from dashboard.store import choices, names, rows_of_year
from dashboard.world import ALL_REGIONS, choose_region
from models.outcomes import OUTCOMES
from models.track import PUBLISHED

FEWEST = 2  # that can be compared
ABOVE, BELOW, UNCLEAR, UNKNOWN = "above", "below", "unclear", "unknown"
VALUES = ["value", "lower", "upper"]


def is_region(code: str) -> bool:
    """Whether what is compared is a region and not a State."""
    return code in choices().region


def title_of(code: str) -> str:
    """The name of a State or region, in the language in use."""
    if code == ALL_REGIONS:
        return _("All States")
    return _(code) if is_region(code) else names()[code]


@kept(40)
def values(measure: str, window: int) -> pd.DataFrame:
    """Every State's value in every year: iso3, region, year, value, lower, upper.

    A score is 0..100 and has no interval. A forecast is a probability of its origin, with the ends of its 95 % interval
    where the release has them. Missing = not known.
    """
    rows = scores()[["iso3", "region", "year"]]
    if measure not in OUTCOMES:
        return rows.assign(value=scores()[measure], lower=math.nan, upper=math.nan)
    there = rows[rows["year"].isin(origins(measure, window))]
    return there.merge(_forecasts(measure, window), on=["iso3", "year"], how="left", validate="1:1")


def _forecasts(outcome: str, window: int) -> pd.DataFrame:
    """The release's own operational forecasts and those of its backtest: iso3, year, value, lower, upper."""
    tested = backtest_of(outcome, ISSUED, window)
    tested = tested[(tested["model"] == PUBLISHED) & (tested["origin"] != newest_origin())]
    issued = likely(outcome, window, newest_origin()).assign(origin=newest_origin())
    columns = {"iso3": "iso3", "origin": "year", "probability": "value", "lower": "lower", "upper": "upper"}
    both = [rows.reindex(columns=list(columns)).astype({"lower": float, "upper": float}) for rows in (tested, issued)]
    return pd.concat(both).rename(columns=columns)


@kept(200)
def course(code: str, measure: str, window: int) -> pd.DataFrame:
    """The course of a State or region by year: value, lower, upper, known, states.

    Of a State the ends are those of its 95 % interval, of a region the quartiles of its States; `known` of `states`
    have a value. A year without any State has missing values.
    """
    rows = values(measure, window)
    years = range(int(rows["year"].min()), int(rows["year"].max()) + 1)
    own = choose_region(rows, code) if is_region(code) else rows[(rows["iso3"] == code).to_numpy()]
    by_year = own.groupby("year")["value"]
    counts = {"known": by_year.count(), "states": by_year.size()}
    spread = {name: by_year.quantile(at) for name, at in zip(VALUES, (0.5, 0.25, 0.75), strict=True)}
    found = pd.DataFrame(spread) if is_region(code) else own.set_index("year")[VALUES]
    return found.assign(**counts).reindex(years).fillna({"known": 0, "states": 0}).astype({"known": int, "states": int})


@kept(100)
def ages(code: str, measure: str, window: int, year: int) -> tuple[float, float]:
    """Coverage (0..1) and age of the data (years) in a year: of a State, or the medians of a region's known States."""
    rows = rows_of_year(measure, year, window)
    known = rows["probability" if measure in OUTCOMES else "score"].notna()
    own = choose_region(rows[known], code) if is_region(code) else rows[rows["iso3"] == code]
    return float(own["coverage"].median()), float(own["data_age"].median())


def can_tell_apart(measure: str) -> bool:
    """Whether the release says anything of the order of two States by this measure."""
    return measure in OUTCOMES or (measure == PARTS[0].code and has_sensitivity())


@kept(200)
def pairs(states: tuple[str, ...], measure: str, window: int) -> pd.DataFrame:
    """Each ordered pair of States: one, other, above (number of replicates), replicates, verdict.

    By an outcome from the replicates of its forecasts: the order is clear if 95 of 100 agree. By the index from the
    intervals of places: clear if they do not overlap; there the numbers are missing.
    """
    found = _by_replicates(states, measure, window) if measure in OUTCOMES else _by_places(states)
    return pd.DataFrame(found, columns=["one", "other", "above", "replicates", "verdict"])


def _by_replicates(states: tuple[str, ...], outcome: str, window: int) -> list[tuple]:
    drawn = _drawn(states, outcome, window)
    found = []
    for one, other in _ordered(states):
        if not {one, other} <= {*drawn}:
            found.append((one, other, math.nan, len(drawn), UNKNOWN))
            continue
        above, below = int((drawn[one] > drawn[other]).sum()), int((drawn[one] < drawn[other]).sum())
        found.append((one, other, above, len(drawn), _verdict(above, below, len(drawn) * CERTAIN)))
    return found


@kept(50)
def _drawn(states: tuple[str, ...], outcome: str, window: int) -> pd.DataFrame:
    """The likelihood of each State (column) in each replicate (row); a State without a forecast has no column."""
    lines = part("replicates", outcome=outcome, window_years=window, iso3=list(states))
    return lines.pivot(index="replicate", columns="iso3", values="probability")


def _by_places(states: tuple[str, ...]) -> list[tuple]:
    places = table("sensitivity").set_index("iso3")
    found = []
    for one, other in _ordered(states):
        if not {one, other} <= {*places.index}:
            found.append((one, other, math.nan, math.nan, UNKNOWN))
            continue
        first, second = places.loc[one], places.loc[other]
        above, below = first["rank_upper"] < second["rank_lower"], first["rank_lower"] > second["rank_upper"]
        found.append((one, other, math.nan, math.nan, _verdict(int(above), int(below), 1)))
    return found


def without_order(states: tuple[str, ...], measure: str, window: int) -> list[str]:
    """The States that have no forecast, or no place by the index, and can stand in no order."""
    known = _drawn(states, measure, window).columns if measure in OUTCOMES else table("sensitivity")["iso3"]
    return [code for code in states if code not in {*known}]


def _ordered(states: tuple[str, ...]) -> list[tuple[str, str]]:
    return [pair for two in combinations(states, 2) for pair in (two, two[::-1])]


def _verdict(above: float, below: float, needed: float) -> str:
    if above >= needed:
        return ABOVE
    return BELOW if below >= needed else UNCLEAR
