"""The index by the reader's own weights: what a link asks for, the numbers, and their words. Needs no Streamlit.

Whatever it says of a number made here holds the words "your weights".
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dashboard.measures import Measure
from dashboard.world import land_notes, picked_text
from indicators import composite
from indicators.composite import Frame, Settings

STEPS = [step / 2 for step in range(7)]  # of a factor's weight
SHARES = range(0, 101, 5)  # per cent of the index that is the structural part
USUAL, EVEN = 1.0, 50
PARAMS = ("weights", "structural", "country")  # of the link; the Method page's own
MEASURE = Measure("your_index", "Risk index by your weights", "coverage", "data_age")
SCALE = "Your weights: score, 0 to 100"
NOTHING = "Your weights: no score"
HEADING = "{name}, {year}, your weights"
NUMBERS = ("score", "coverage", "data_age", "published", "place", "published_place", "change", "of")
MOVED = 10  # States listed
NO_WEIGHT = "By your weights nothing counts: give at least one factor of a part that counts a weight above 0."


@dataclass(frozen=True)
class Weights:
    """A weight per factor, by its code in the release's order, the structural part's share in per cent, a State."""

    factors: tuple[tuple[str, float], ...]
    structural: int = EVEN
    country: str = ""  # the State picked; "" = none

    @property
    def as_published(self) -> bool:
        return self.structural == EVEN and all(weight == USUAL for _, weight in self.factors)

    def as_params(self) -> dict[str, str]:
        """The weights as query parameters; what is as published is left out."""
        changed = [f"{code}:{weight:g}" for code, weight in self.factors if weight != USUAL]
        params = {
            "weights": ",".join(changed),
            "structural": str(self.structural) if self.structural != EVEN else "",
            "country": self.country,
        }
        return {name: text for name, text in params.items() if text}

    def text(self) -> str:
        """The weights in words."""
        changed = ", ".join(f"{code} {weight:g}" for code, weight in self.factors if weight != USUAL)
        return f"{changed or 'every factor 1'}; structural part {self.structural} %"


def read_weights(
    params: Mapping[str, str], codes: Collection[str], countries: Collection[str]
) -> tuple[Weights, list[str]]:
    """The weights that the parameters ask for, and a sentence for each that cannot be had, which stays as published."""
    weights, problems = dict.fromkeys(codes, USUAL), []
    known = {form: step for step in STEPS for form in (f"{step:g}", f"{step:.1f}")}
    for part in filter(None, params.get("weights", "").split(",")):
        code, _, text = part.strip().partition(":")
        if code.casefold() not in weights:
            some = ", ".join(list(weights)[:3])
            problems.append(f"The link asks for a weight of “{code[:40]}”, which is no measured factor ({some}, …).")
        elif text not in known:
            problems.append(f"The link asks for the weight “{text[:40]}” of {code}; it can be 0 to 3 in steps of 0.5.")
        else:
            weights[code.casefold()] = known[text]
    share, asked = EVEN, params.get("structural", "")
    if asked in map(str, SHARES):
        share = int(asked)
    elif asked:
        problems.append(
            f"The link asks for a structural part of “{asked[:40]}” per cent; it can be 0 to 100, in fives."
        )
    country = params.get("country", "")
    if country and country.upper() not in countries:
        problems.append(f"The link asks for the country “{country[:40]}”, which is not in this release.")
        country = ""
    return Weights(tuple(weights.items()), share, country.upper()), problems


def about(year: int) -> str:
    """What the controls do."""
    return (
        "Give each measured factor a weight from 0 to 3 (published: 1), and the structural part its share of the "
        f"index (published: 50 %). The map shows the index of {year} by your weights; the published index stays as it "
        "is everywhere else. Indicators keep their weights within a factor. The rule of coverage holds by your "
        "weights: half of them must be known, in all and in each part. A part whose factors all weigh 0 counts "
        "nothing. The link in the address restores your weights."
    )


def without_state(weights: Weights) -> Weights:
    """The weights alone: what the numbers depend on."""
    return replace(weights, country="")


def with_state(weights: Weights, country: str) -> Weights:
    return replace(weights, country=country)


def settings_of(frame: Frame, weights: Weights) -> Settings:
    """The weights as a setting; indicators weigh as published."""
    by_code = dict(weights.factors)
    by_factor = np.array([[by_code[code] for code in frame.codes]])
    return Settings(frame.weights[None], by_factor, np.array([weights.structural / 100]))


def score_states(frame: Frame, weights: Weights) -> pd.DataFrame:
    """Index, coverage, data age and place by the weights; published index and the place by it among the same States.

    The published rule of coverage holds under these weights, and a State without a published index has none here.
    At the published weights the numbers are the published ones.
    """
    settings = settings_of(frame, weights)
    score = np.where(composite.is_covered(frame, settings), composite.index_of(frame, settings), np.nan)[0]
    states = frame.states.rename(columns={"risk_index": "published"}).assign(
        score=score,
        coverage=composite.coverage_of(frame, settings)[0].round(2),
        data_age=composite.age_of(frame, settings)[0].round(2),
    )
    same = states["published"].where(states["score"].notna())
    place, before = (index.rank(ascending=False, method="min").astype("Int64") for index in (states["score"], same))
    return states.assign(place=place, published_place=before, change=place - before, of=place.count())


def rows_of_year(published: pd.DataFrame, states: pd.DataFrame) -> pd.DataFrame:
    """The map's rows (`world.rows_of_year` of the published index) with the scores of `score_states` in their place."""
    ours = states.set_index("iso3")[[*NUMBERS]]

    plain = published.drop(columns=["score"]).rename(columns={"coverage": "_coverage", "data_age": "_age"})
    rows = plain.merge(ours, left_on="iso3", right_index=True, how="left", validate="one_to_one")
    rows = rows.assign(
        # a State without an index: what is known of it, by the published weights
        coverage=rows["coverage"].fillna(rows["_coverage"]),
        data_age=rows["data_age"].fillna(rows["_age"]),
    )
    return rows.drop(columns=["_coverage", "_age"]).sort_values(
        "score", ascending=False, kind="stable", ignore_index=True
    )


def moved_most(rows: pd.DataFrame) -> pd.DataFrame:
    """The States whose place changes most; empty if none does."""
    moved = rows[rows["change"].fillna(0) != 0]
    order = moved["change"].abs().sort_values(ascending=False, kind="stable").index
    top = moved.loc[order].head(MOVED)
    return pd.DataFrame(
        {
            "State": top["country"],
            "Place by your weights": [f"{place}" for place in top["place"]],
            "Published place, same States": [f"{place}" for place in top["published_place"]],
            "Change": [f"{abs(change)} {'down' if change > 0 else 'up'}" for change in top["change"]],
            "Risk index by your weights": [f"{score:.1f}" for score in top["score"]],
            "Published risk index": [f"{score:.1f}" for score in top["published"]],
        }
    ).set_index("State")


def summary(rows: pd.DataFrame, weights: Weights, year: int) -> str:
    """What the weights do to the places, in words."""
    ranked = rows[rows["place"].notna()]
    if weights.as_published:
        return f"Your weights are the published ones: the map shows the published index of {year}."
    lost = rows["published"].notna().sum() - len(ranked)
    none = (
        f" {lost} with a published index have none by your weights: too little is known of what counts." if lost else ""
    )
    alike = ranked["score"].corr(ranked["published"], method="spearman")
    return (
        f"By your weights ({weights.text()}) the places of {(ranked['change'] != 0).sum()} of {len(ranked)} States "
        f"differ from the published ones, by {ranked['change'].abs().mean():.1f} on average; correlation {alike:.3f}."
        + none
    )


def picked(row: pd.DataFrame, name: str, year: int) -> str:
    """The picked State in Markdown; `row` is its line of `rows_of_year`, or empty."""
    text = picked_text(row, name, MEASURE, year)
    if row.empty or pd.isna(row["place"].iloc[0]):
        return f"{text} · your weights"
    one = row.iloc[0]
    return (
        f"{text} · place {one['place']} of {one['of']:.0f} by your weights; published: {one['published']:.1f}, "
        f"place {one['published_place']} of the same {one['of']:.0f}"
    )


def twin(rows: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """The map's numbers as the reader sees and downloads them, with the weights that made them."""
    names = {
        "country": "Country",
        "iso3": "Row",
        "region": "Region",
        "score": "Risk index by your weights (0-100)",
        "place": "Place by your weights",
        "coverage": "Coverage by your weights (0-1)",
        "data_age": "Mean data age by your weights (years)",
        "published": "Published risk index (0-100)",
        "published_place": "Published place, same States",
        "note": "Note",
    }
    return rows.rename(columns=names)[list(names.values())].assign(**{"Your weights": weights.text()})


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, year: int) -> list[str]:
    """What a reader must know about the map, as sentences; `not_drawn` from `world.rows_not_drawn`."""
    scored = f"{rows['score'].notna().sum()} of {len(rows)} States or places with a row"
    return [f"{scored} have a score by your weights in {year}.", *land_notes(not_drawn)]
