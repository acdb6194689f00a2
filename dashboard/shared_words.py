"""What the outcomes share, in plain words made from the tables: what is shared, what is not, how sure."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.measures import outcome_title
from dashboard.shared import ADDS, ALONE, NOTHING, lines, of_outcome, pairs
from models.outcomes import OUTCOMES

HALF = 0.5  # of the own model's skill above chance
ERRORS = 0.05  # share of 95 % intervals that leave out what they should hold
SHARED, APART, SURE = "What is shared", "What is not", "How sure"
CAUTION = (
    "The outcomes are not independent: what is one episode on the ground can be an event of several of them, and some "
    "indicators count earlier events of the same kind. To tell of an outcome is not to cause it."
)
QUESTION = (
    "Are root causes and warning signs common to all atrocity crimes, and to the fields that work beside their "
    "prevention? Here it is measured: which risk factors carry weight in which outcome, and how well a model that "
    "never saw an outcome tells of it. No outcome ranks above another."
)
MARKED = (
    "Grey and in brackets: the interval holds what tells nothing, so that it cannot be told from nothing. An empty "
    "cell is not known."
)
ABOUT_FACTORS = {
    ALONE: "ROC AUC: of two State-years, one with the event in the window and one without, how often the first has the "
    "higher score; 0.5 is a coin. Above it a higher score goes with more events, below it with fewer. Nothing is "
    "fitted. Each factor is scored on the State-years in which it has a score, as known then. The indicators were "
    "chosen because research links them to such events, so that some skill is to be expected, and factors that go "
    f"together tell the same several times. {MARKED}",
    ADDS: "How much the ROC AUC of a model of all indicators falls, in hundredths, if each State has the typical value "
    "in the factor's indicators; the model is not fitted anew. What two factors tell alike counts for neither: a "
    "factor can tell much alone and add nothing. Below 0 the model orders the States better without the factor's news. "
    f"{MARKED}",
}
ABOUT_INDICATORS = (
    "In brackets the 95 % interval, from resampling States. The ten were picked among all for being the highest: the "
    "highest of many is in part high by luck. Alone, each is scored in the direction that the catalogue calls riskier."
)
ABOUT_TRANSFER = (
    "Each row is an outcome that is forecast, each column the outcome that the model was trained on; on the diagonal "
    "the outcome's own model. An asterisk: the own model is better, the interval of the difference leaves zero out. "
    "Grey and in brackets: not clear of chance (the lower end of the interval is not above the upper end of what "
    "chance gives). The last column is chance: models trained on outcomes that were dealt out at random. These "
    "models are made for this comparison (an elastic net that is told no signs); they are not the published forecasts."
)
ABOUT_ROWS = (
    "Operational design: at each year's end a model is made anew from what was known then, with the delay at which "
    "each source comes out, but from today's editions of the sources. A State-year counts if its outcome is known. "
    "With a window of two years, an event is in the windows of two years."
)
ABOUT_FIELDS = (
    "Each of these fields has its own offices, budgets and words. The table says which of the outcomes measured here "
    "stands for what a field works on; none ranks above another. As far as the factors above tell of several outcomes, "
    "a look at them serves several fields."
)


def words(drivers: pd.DataFrame, transfer: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, list[str]]:
    """Heading to sentences. `titles`: of the factors by code, {"rf03": "3. Weakness of State structures"}."""
    alone, adds = (lines(drivers, measure, "factor") for measure in (ALONE, ADDS))
    titles = {code: "{1} ({0})".format(*title.split(". ", 1)) for code, title in titles.items()}
    made = pairs(transfer)
    return {
        SHARED: [shared_factors(alone, titles), kept_text(made), same_text(made)],
        APART: [*factors_apart(alone, titles), added_text(adds, titles), *own_apart(made), *not_clear(made)],
        SURE: [events_text(made), luck_text(alone, made), CAUTION],
    }


def _sides(rows: pd.DataFrame) -> pd.DataFrame:
    """Side of each factor (rows) in each outcome (columns); 0 also where it is not known."""
    wide = rows.pivot(index="driver", columns="outcome", values="side")
    return wide[[name for name in OUTCOMES if name in wide]].fillna(0).astype(int)


def join(parts: Iterable[str], last: str = " and ") -> str:
    """ "a, b and c"."""
    *first, end = parts
    return f"{', '.join(first)}{last}{end}" if first else end


def outcome_words(names: Iterable[str]) -> str:
    """Titles of outcomes within a sentence."""
    return join([outcome_title(name)[0].lower() + outcome_title(name)[1:] for name in names])


def _list(codes: Iterable[str], titles: Mapping[str, str]) -> str:
    return "; ".join(titles.get(code, code) for code in codes)


def shared_factors(alone: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Which factors tell of every outcome by themselves, and between which ends."""
    sides = _sides(alone)
    everywhere = sides.index[(sides == 1).all(axis="columns")]
    condition = f"by themselves an AUC whose 95 % interval is above {NOTHING[ALONE]} in all {sides.shape[1]} outcomes"
    if everywhere.empty:
        return f"**None of {len(sides)} factors** has {condition.replace('themselves', 'itself')}."
    found = alone.loc[alone["driver"].isin(everywhere), "estimate"]
    ends = f"Their AUC goes from {found.min():.2f} to {found.max():.2f}."
    if len(everywhere) == len(sides):
        return f"**All {len(sides)} measured factors** have {condition}. {ends}"
    return f"**{len(everywhere)} of {len(sides)} factors** have {condition}: {_list(everywhere, titles)}. {ends}"


def factors_apart(alone: pd.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """Which factors tell of some outcomes only, of none, or the other way round."""
    sides, sentences = _sides(alone), []
    some = sides[(sides == 1).any(axis="columns") & ~(sides == 1).all(axis="columns")]
    if not some.empty:
        each = [f"{titles.get(code, code)}, of {outcome_words(row.index[row == 1])}" for code, row in some.iterrows()]
        sentences.append(f"By themselves, **these tell of some outcomes only**: {'; '.join(each)}.")
    if len(none := sides.index[~(sides == 1).any(axis="columns")]):
        sentences.append(f"By itself, **not above {NOTHING[ALONE]} in any outcome**: {_list(none, titles)}.")
    turned = sides[(sides == -1).any(axis="columns")]
    if not turned.empty:
        each = [
            f"{titles.get(code, code)}, of {outcome_words(row.index[row == -1])}" for code, row in turned.iterrows()
        ]
        sentences.append(
            f"**A higher score went with fewer events** (interval below {NOTHING[ALONE]}): {'; '.join(each)}."
        )
    return sentences


def added_text(adds: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Which factors carry weight beyond all others, and where."""
    sides = _sides(adds)
    some = sides[(sides == 1).any(axis="columns")]
    if some.empty:
        return "**Beyond all the others**, no factor adds an amount in any outcome that can be told from nothing."
    each = [f"{titles.get(code, code)}, of {outcome_words(row.index[row == 1])}" for code, row in some.iterrows()]
    everywhere, carry = (
        int((sides == 1).all(axis="columns").sum()),
        "carries weight of its" if len(some) == 1 else "carry weight of their",
    )
    return (
        f"**Beyond all the others**, {len(some)} of {len(sides)} factors {carry} own in some outcome, "
        f"{everywhere or 'none'} of them in all {sides.shape[1]}: {'; '.join(each)}."
    )


def kept_text(made: pd.DataFrame) -> str:
    """In how many pairs a model of another outcome keeps more than half of the own model's skill above chance."""
    others = made[~made["own"]]
    known = others[others["kept"].notna()]
    if known.empty:
        return "Whether a model of one outcome serves for another is not known: no own model is clear of chance."
    text = (
        f"**Models of one outcome, used for another**: in {int((known['kept'] > HALF).sum())} of {len(others)} pairs "
        "the model that never saw the outcome keeps more than half of the own model's skill above chance; in "
        f"{int((known['kept_surely'] > HALF).sum())} of them also at the upper end of the interval of the difference."
    )
    left = len(others) - len(known)
    return f"{text} {left} pairs are not counted: the own model is not clear of chance." if left else text


def same_text(made: pd.DataFrame) -> str:
    """In how many pairs the own model and another's cannot be told apart."""
    others = made[~made["own"]]
    same = int((others["verdict"] == "not distinguishable").sum())
    return (
        f"In {same} of {len(others)} pairs the own model and the other's are **not distinguishable**; that does not "
        "make them the same."
    )


def own_apart(made: pd.DataFrame) -> list[str]:
    """Where the outcome's own model is better than another's, or worse."""
    others = made[~made["own"]]
    found = {said: others[others["verdict"] == said] for said in ("better", "worse")}
    return [
        f"**The own model is {said}** in {len(rows)} of {len(others)} pairs (the interval of the difference leaves "
        f"zero out): {_by_outcome(rows, 'than ')}."
        for said, rows in found.items()
        if not rows.empty
    ]


def _by_outcome(rows: pd.DataFrame, before: str = "") -> str:
    """The pairs of each outcome: "for onset of armed conflict those of mass displacement across borders"."""
    return "; ".join(
        f"for {outcome_words([outcome])} {before}{_models(group['trained_on'], but=str(outcome))}"
        for outcome, group in rows.groupby("outcome", sort=False)
    )


def _models(names: pd.Series, *, but: str) -> str:
    """The models trained on these; all but the outcome's own in short."""
    if {*names} == {*OUTCOMES} - {but}:
        return "those of all the others"
    return f"{'that' if len(names) == 1 else 'those'} of {outcome_words(names)}"


def not_clear(made: pd.DataFrame) -> list[str]:
    """Which models, the own ones too, cannot be told from chance."""
    rows = made[~made["clear"]]
    return (
        [f"Of {len(made)} models, {len(rows)} are **not clear of chance**: {_by_outcome(rows)}."] if len(rows) else []
    )


def events_text(made: pd.DataFrame) -> str:
    """How many events there are to learn from and to be held against."""
    own = made[made["own"]]
    fewest, most = own.loc[own["events"].idxmin()], own.loc[own["events"].idxmax()]
    return (
        f"The outcomes have from {fewest['events']:,} State-years with the event in the window "
        f"({outcome_words([fewest['outcome']])}) to {most['events']:,} ({outcome_words([most['outcome']])}). With few, "
        "intervals are wide, and what is not found here may be there. Intervals come from drawing the States anew."
    )


def luck_text(alone: pd.DataFrame, made: pd.DataFrame) -> str:
    """What comes about by luck: intervals that err, and models with nothing to learn."""
    text = (
        f"Even if no factor told of anything, about {len(alone) * ERRORS:.0f} of the {len(alone)} intervals of the "
        f"factors alone would leave {NOTHING[ALONE]} out."
    )
    chance = made.dropna(subset="chance")
    if chance.empty:
        return text
    low, high = chance["chance"].min(), chance["chance"].max()
    return (
        f"{text} Models that had nothing to learn have an AUC of {low:.2f} to {high:.2f} on average, 95 % of the times "
        f"within {chance['chance_lower'].min():.2f} to {chance['chance_upper'].max():.2f}."
    )


def against_text(drivers: pd.DataFrame, catalogue: pd.DataFrame, outcome: str) -> str:
    """The indicators whose higher score went with fewer events, by name; "" if there is none."""
    rows = of_outcome(drivers, outcome, ALONE)
    codes = rows.loc[rows["side"] == -1].sort_values("estimate")["driver"]
    if codes.empty:
        return ""
    names = catalogue.set_index("indicator")["title"]
    listed = "; ".join(names.get(code, code) for code in codes)
    return (
        f"The other way round, a higher score went with fewer events (the whole interval is below {NOTHING[ALONE]}) in "
        f"{len(codes)} of {len(rows)} indicators: {listed}."
    )
