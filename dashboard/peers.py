"""What other systems say beside what we say: places among the States that both have, differences and their reasons."""

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from dashboard.commitments import day_text
from dashboard.likelihood import place_text, places_text, window_text
from dashboard.measures import outcome_title
from dashboard.reasons import odds_text
from models.outcomes import OUTCOMES
from models.track import INTERVAL, LEVEL_LINE

NO_TABLE = "This release has no table of other systems' views: it was made before there was one."
RISK_INDEX = "risk_index"
REASONS = 3  # shown for a difference
LARGEST = 10  # differences that are listed
ABOUT = (
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
                "System": system["system"],
                "What it measures": f"{system['what']} For: {system['window']}.",
                "Their figure": f"{row['value']:g} ({row['unit']})" if row else "not in its list",
                "Their place": place_text(row) if row else f"none of its {system['ranked']}",
                "Edition and date": edition_text(system),
                "Terms": f"[{row['licence']}]({row['terms']})" if row else "",
                "Upstream, apart from it": text,
            }
        )
    return pd.DataFrame(lines).set_index("System")


def edition_text(system: Mapping) -> str:
    """ "2025-26, published in 2025"."""
    day = system["published"]
    if not day:
        return f"{system['edition']}; day of publication not stated"
    return f"{system['edition']}, published {'on' if len(day) == 10 else 'in'} {day_text(day)}"


def forecast_text(forecast: pd.Series | None, outcome: str, origin: int, window: int) -> str:
    """Our own place with its interval among all our States, and what it is of."""
    what = f"{outcome_title(outcome)} {window_text(origin, window)}"
    if forecast is None or pd.isna(forecast["rank"]):
        return f"no forecast ({what})"
    return f"{place_text(forecast)}; 95 % interval: {places_text(forecast)} ({what})"


def index_text(scores: pd.DataFrame, iso3: str, sensitivity: pd.DataFrame | None) -> str:
    """Our risk index with its place; `scores` of one year."""
    index = scores.set_index("iso3")["risk_index"]
    if pd.isna(index.get(iso3)):
        return "no risk index: too little is known"
    row = {"rank": index.rank(ascending=False, method="min")[iso3], "ranked": index.count()}
    text = f"{place_text(row)}: risk index {index[iso3]:.1f} (0 to 100), {scores['year'].max()}"
    own = pd.DataFrame() if sensitivity is None else sensitivity[sensitivity["iso3"] == iso3]
    return (
        f"{text}; interval not known"
        if own.empty
        else f"{text}; 95 % interval over other choices: {places_text(own.iloc[0])}"
    )


def verdict_text(table: pd.DataFrame, iso3: str, system: Mapping, name: str) -> str:
    """Whether the two agree on one State; `table` from a comparison, `name` the State's."""
    who = f"**{system['system']}, {system['measure']}**"
    if iso3 not in table.index:
        return f"{who}: no comparison, since not both have {name}."
    row, side = table.loc[iso3], find_side(table)[iso3]
    places = f"among the {len(table)} States that both have, place {row['theirs']:.0f} there and {row['ours']:.0f} here"
    if side == "unknown":
        return f"{who}: {places}. Our interval is not known in this release, so that no difference is claimed."
    kind = "95 % interval over other choices" if system["ours"] == RISK_INDEX else "95 % interval"
    interval = f"{places} ({kind} {row['lower']:.0f} to {row['upper']:.0f})"
    if side == "within":
        return f"{who}: **within our interval**: {interval}."
    return f"{who}: **differs by more than our interval allows**: {interval}. It places {name} {side} than we do."


def dates_text(system: Mapping, origin: int) -> str:
    """That the two are not of the same time; `origin`: year of our forecast or index."""
    window = system["ours_window_years"]
    ours = f"the state of {origin}" if pd.isna(window) else window_text(origin, int(window)).removeprefix("in ")
    return f"Theirs is for {system['window']}, ours for {ours}: what happened between the two is in one of them only."


def contributions_text(lines: pd.DataFrame, titles: Mapping[str, str], side: str) -> str:
    """The indicators that push our forecast the way in which it differs; `lines` of `explanations`, one forecast."""
    parts = lines[lines["indicator"] != LEVEL_LINE]
    # they place it higher: what puts ours lower explains the difference
    sign = -1 if side == "higher" else 1
    push = parts[parts["contribution"] * sign > 0]
    largest = push.loc[(push["contribution"] * sign).sort_values(ascending=False, kind="stable").index].head(REASONS)
    if largest.empty:
        return "No indicator pushes our forecast that way."
    told = "; ".join(
        f"{titles.get(row.indicator, row.indicator)} "
        f"({'value not known' if pd.isna(row.data_year) else f'value of {row.data_year:.0f}'}, "
        f"{odds_text(row.contribution)})"
        for row in largest.itertuples()
    )
    way = "lower" if side == "higher" else "higher"
    return f"What most puts our forecast {way}: {told}. These are reasons of a model, not causes."


def factors_text(scores: pd.DataFrame, iso3: str, both: pd.Index, titles: Mapping[str, str], side: str) -> str:
    """The factors whose scores are furthest from the median of the States of both, the way in which ours differs.

    `scores` of one year; `titles` by column.
    """
    table = scores.set_index("iso3")[list(titles)].astype(float)
    median, sign = table.reindex(both).median(), -1 if side == "higher" else 1
    away = ((table.loc[iso3] - median) * sign).dropna()
    largest = away[away > 0].sort_values(ascending=False, kind="stable").head(REASONS).index
    way = "lower" if side == "higher" else "higher"
    if largest.empty:
        return f"No factor's score is {way} than that of the median State."
    told = "; ".join(f"{titles[code]} ({table.at[iso3, code]:.0f} against {median[code]:.0f})" for code in largest)
    return (
        f"The factors that most put our index {way}, against the median State: {told}. These say how the index is "
        "made, not what causes what."
    )


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
                "System": f"{system['system']}: {system['measure']}",
                "Edition and date": edition_text(system),
                "Beside our": OUTCOMES[system["ours"]].title if system["ours"] in OUTCOMES else "Risk index",
                "States that both have": f"{len(table)}",
                "Rank correlation (Spearman; 1 = the same order)": (
                    "not known" if pd.isna(correlation) else f"{correlation:.2f}"
                ),
                "Outside our interval": f"{outside} of {judged}" if judged else "interval not known",
            }
        )
    return pd.DataFrame(lines).set_index("System")


def largest_differences(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """The States whose places differ most, as text; `table` from a comparison."""
    away = table["theirs"] - table["ours"]
    order = away.abs().sort_values(ascending=False, kind="stable").index[:LARGEST]
    told = {"higher": "yes, they place it higher", "lower": "yes, they place it lower", "within": "no"}
    known = table["lower"].notna()
    return pd.DataFrame(
        {
            "State": [names.get(iso3, iso3) for iso3 in order],
            "Their place": [f"{table.at[iso3, 'theirs']:.0f}" for iso3 in order],
            "Our place": [f"{table.at[iso3, 'ours']:.0f}" for iso3 in order],
            "Our interval": [
                f"{table.at[iso3, 'lower']:.0f} to {table.at[iso3, 'upper']:.0f}" if known[iso3] else "not known"
                for iso3 in order
            ],
            "Outside it": find_side(table)[order].map(told).fillna("not known").to_list(),
        }
    ).set_index("State")
