"""Who is above whom: places with their intervals, and how sure the order of two States is. Needs no Streamlit."""

import pandas as pd

from dashboard.language import _, number

PLACE, LOWER, UPPER = "rank", "rank_lower", "rank_upper"


def places_of(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows with `rank` by the column, 1 = highest; tied rows share the better place, no value has none."""
    return rows.assign(**{PLACE: rows[column].rank(ascending=False, method="min").astype("Int64")})


def with_intervals(rows: pd.DataFrame, sensitivity: pd.DataFrame) -> pd.DataFrame:
    """Places by the index with their intervals; `sensitivity` are the lines of the same year."""
    known = sensitivity[["iso3", PLACE, LOWER, UPPER]]
    return rows.merge(known, on="iso3", how="left", validate="1:1")


def describe(ranked: pd.DataFrame, column: str, title: str) -> pd.DataFrame:
    """The ranking as a reader sees it, first place first: places, interval if there is one, State, value.

    Columns of `ranked`: country, iso3, region, rank, the column of the value, and perhaps rank_lower and rank_upper.
    """
    known = ranked[ranked[PLACE].notna()].sort_values([PLACE, "country"])
    names = {
        PLACE: _("Place"),
        LOWER: _("Place, lower end of 95 % interval"),
        UPPER: _("Place, upper end of 95 % interval"),
        "country": _("Country"),
        "iso3": _("Row"),
        "region": _("Region"),
        column: title,
    }
    there = [name for name in names if name in known]
    whole = dict.fromkeys([name for name in (PLACE, LOWER, UPPER) if name in there], "Int64")
    return known.assign(region=known["region"].map(_))[there].astype(whole).rename(columns=names)


def above_by_places(sensitivity: pd.DataFrame, one: str, other: str, names: dict[str, str]) -> str:
    """Whether one State is above another by the index, as far as the intervals of their places tell.

    `sensitivity` are the lines of one year: they hold intervals and not the single draws.
    """
    rows = sensitivity.set_index("iso3")
    missing = [names[code] for code in (one, other) if code not in rows.index]
    if len(missing) == 2:
        return _("They cannot be compared: neither of them has a place by the index.")
    if missing:
        return _("They cannot be compared: {name} has no place by the index.").format(name=missing[0])
    first, second = sorted((one, other), key=lambda code: (rows.at[code, PLACE], code))
    told = _(
        "{first} has place {place} (between {lower} and {upper}), {second} place {other_place} (between {other_lower} "
        "and {other_upper})."
    ).format(
        first=names[first],
        second=names[second],
        **{name: number(rows.at[first, column]) for name, column in _NAMED.items()},
        **{f"other_{name}": number(rows.at[second, column]) for name, column in _NAMED.items()},
    )
    return f"{told} {_verdict(rows.loc[first], rows.loc[second])}"


_NAMED = {"place": PLACE, "lower": LOWER, "upper": UPPER}


def _verdict(first: pd.Series, second: pd.Series) -> str:
    """What two intervals of places say of the order; intervals that overlap do not say that it is unsure how much."""
    if first[UPPER] < second[LOWER]:
        return _(
            "The intervals do not overlap: the order holds under nearly all reasonable choices. The release has no "
            "single draws, so this compares the intervals alone."
        )
    return _(
        "The intervals overlap: which of them is higher is not certain. The release has no single draws, so how often "
        "one is above the other is not known."
    )
