"""The index by the reader's own weights: what a link asks for, the numbers, and their words. Needs no Streamlit.

Whatever it says of a number made here holds the words "your weights".
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.language import N_, _, form, ngettext, number, strung
from dashboard.measures import Measure
from dashboard.world import land_notes, picked_text
from indicators import composite
from indicators.composite import Frame, Settings

STEPS = [step / 2 for step in range(7)]  # of a factor's weight
SHARES = range(0, 101, 5)  # per cent of the index that is the structural part
USUAL, EVEN = 1.0, 50
TITLE = N_("Risk index by your weights")
SCALE = N_("Your weights: score, 0 to 100")
NOTHING = N_("Your weights: no score")
HEADING = N_("{name}, {year}, your weights")
NUMBERS = ("score", "coverage", "data_age", "published", "place", "published_place", "change", "of")
MOVED = 10  # States listed
NO_WEIGHT = N_("By your weights nothing counts: give at least one factor of a part that counts a weight above 0.")


@dataclass(frozen=True)
class Weights:
    """A weight per factor, by its code in the release's order, and the structural part's share in per cent."""

    factors: tuple[tuple[str, float], ...]
    structural: int = EVEN

    @property
    def as_published(self) -> bool:
        return self.structural == EVEN and all(weight == USUAL for _code, weight in self.factors)

    def as_param(self) -> str:
        """The factors' weights as they stand in a link, "rf01:2,rf05:0.5"; what is as published is left out."""
        return ",".join(f"{code}:{weight:g}" for code, weight in self.factors if weight != USUAL)

    def text(self) -> str:
        """The weights in words."""
        changed = [f"{code} {form(weight, 'g')}" for code, weight in self.factors if weight != USUAL]
        if not changed:
            return _("every factor 1; structural part {share} %").format(share=number(self.structural))
        text = _("{factors}; structural part {share} %")
        return text.format(factors=strung(changed, ","), share=number(self.structural))


def read_weights(text: str, codes: Collection[str]) -> tuple[tuple[tuple[str, float], ...], list[str]]:
    """The factors' weights that a link asks for, and a sentence for each that cannot be had: it stays as published.

    `codes`: of the measured factors.
    """
    weights, problems = dict.fromkeys(codes, USUAL), []
    known = {spelt: step for step in STEPS for spelt in (f"{step:g}", f"{step:.1f}")}
    for part in filter(None, text.split(",")):
        code, _colon, weight = part.strip().partition(":")
        if code.casefold() not in weights:
            problems.append(_no_factor(code, codes))
        elif weight not in known:
            problems.append(_no_weight(code, weight))
        else:
            weights[code.casefold()] = known[weight]
    return tuple(weights.items()), problems


def _no_factor(code: str, codes: Collection[str]) -> str:
    return _("The link asks for a weight of “{code}”, which is no measured factor ({some}, …).").format(
        code=code[:40], some=", ".join(list(codes)[:3])
    )


def _no_weight(code: str, weight: str) -> str:
    text = _("The link asks for the weight “{weight}” of {code}; it can be 0 to 3 in steps of 0.5.")
    return text.format(weight=weight[:40], code=code)


def of_view(text: str, structural: int, codes: Collection[str]) -> Weights:
    """The weights of a view (`links.View`)."""
    return Weights(read_weights(text, codes)[0], structural)


def measure() -> Measure:
    """The index by the reader's weights, with its title in the language in use."""
    return Measure("your_index", _(TITLE), "coverage", "data_age")


def about(year: int) -> str:
    """What the controls do."""
    return _(
        "Give each measured factor a weight from 0 to 3 (published: 1), and the structural part its share of the "
        "index (published: 50 %). The map shows the index of {year} by your weights; the published index stays as it "
        "is everywhere else. Indicators keep their weights within a factor. The rule of coverage holds by your "
        "weights: half of them must be known, in all and in each part. A part whose factors all weigh 0 counts "
        "nothing. The link in the address restores your weights."
    ).format(year=year)


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
            _("State"): top["country"],
            _("Place by your weights"): [number(place) for place in top["place"]],
            _("Published place, same States"): [number(place) for place in top["published_place"]],
            _("Change"): [_change_text(change) for change in top["change"]],
            _("Risk index by your weights"): [number(score, 1) for score in top["score"]],
            _("Published risk index"): [number(score, 1) for score in top["published"]],
        }
    ).set_index(_("State"))


def _change_text(change: int) -> str:
    text = _("{places} down") if change > 0 else _("{places} up")
    return text.format(places=number(abs(change)))


def moved_title(count: int) -> str:
    """The heading of `moved_most` with so many States."""
    return ngettext(
        "**The State whose place moves most by your weights**",
        "**The {count} whose place moves most by your weights**",
        count,
    ).format(count=number(count))


def summary(rows: pd.DataFrame, weights: Weights, year: int) -> str:
    """What the weights do to the places, in words."""
    if weights.as_published:
        text = _("Your weights are the published ones: the map shows the published index of {year}.")
        return text.format(year=year)
    ranked = rows[rows["place"].notna()]
    text = ngettext(
        "By your weights ({weights}) the places of {moved} of {count} State differ from the published ones, by "
        "{places} on average; correlation {alike}.",
        "By your weights ({weights}) the places of {moved} of {count} States differ from the published ones, by "
        "{places} on average; correlation {alike}.",
        len(ranked),
    ).format(
        weights=weights.text(),
        moved=number((ranked["change"] != 0).sum()),
        count=number(len(ranked)),
        places=number(ranked["change"].abs().mean(), 1),
        alike=form(ranked["score"].corr(ranked["published"], method="spearman"), ".3f"),
    )
    lost = int(rows["published"].notna().sum()) - len(ranked)
    return f"{text} {_lost_text(lost)}" if lost else text


def _lost_text(lost: int) -> str:
    return ngettext(
        "{count} with a published index has none by your weights: too little is known of what counts.",
        "{count} with a published index have none by your weights: too little is known of what counts.",
        lost,
    ).format(count=number(lost))


def ends_text(rows: pd.DataFrame) -> str:
    """The highest and the lowest index by the weights, in a sentence; "" if there is none."""
    known = rows[rows["score"].notna()]
    if known.empty:
        return ""
    high, low = known.loc[known["score"].idxmax()], known.loc[known["score"].idxmin()]
    return _("By your weights the highest is {high} ({high_country}), the lowest {low} ({low_country}).").format(
        high=number(high["score"], 1),
        high_country=high["country"],
        low=number(low["score"], 1),
        low_country=low["country"],
    )


def picked(row: pd.DataFrame, name: str, year: int) -> str:
    """The picked State in Markdown; `row` is its line of `rows_of_year`, or empty."""
    text = picked_text(row, name, measure(), year)
    if row.empty or pd.isna(row["place"].iloc[0]):
        return _("{state} · your weights").format(state=text)
    one = row.iloc[0]
    return _(
        "{state} · place {place} of {count} by your weights; published: {published}, place {published_place} of the "
        "same {count}"
    ).format(
        state=text,
        place=number(one["place"]),
        count=number(one["of"]),
        published=number(one["published"], 1),
        published_place=number(one["published_place"]),
    )


def twin(rows: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """The map's numbers as the reader sees and downloads them, with the weights that made them."""
    names = {
        "country": _("Country"),
        "iso3": _("Row"),
        "region": _("Region"),
        "score": _("Risk index by your weights (0-100)"),
        "place": _("Place by your weights"),
        "coverage": _("Coverage by your weights (0-1)"),
        "data_age": _("Mean data age by your weights (years)"),
        "published": _("Published risk index (0-100)"),
        "published_place": _("Published place, same States"),
        "note": _("Note"),
    }
    told = rows.assign(region=rows["region"].map(_))
    return told.rename(columns=names)[list(names.values())].assign(**{_("Your weights"): weights.text()})


def map_notes(rows: pd.DataFrame, not_drawn: pd.DataFrame, year: int) -> list[str]:
    """What a reader must know about the map, as sentences; `not_drawn` from `world.rows_not_drawn`."""
    scored = ngettext(
        "{scored} of {count} State or place with a row have a score by your weights in {year}.",
        "{scored} of {count} States or places with a row have a score by your weights in {year}.",
        len(rows),
    ).format(scored=number(rows["score"].notna().sum()), count=number(len(rows)), year=year)
    return [*filter(None, [scored, ends_text(rows)]), *land_notes(not_drawn)]
