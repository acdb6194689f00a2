"""What the outcomes share, in plain words made from the tables: what is shared, what is not, how sure."""

from collections.abc import Iterable, Mapping

import pandas as pd

from dashboard.language import N_, _, form, inside, listed, ngettext, number, strung
from dashboard.measures import outcome_title
from dashboard.shared import ADDS, ALONE, NOTHING, lines, of_outcome, pairs
from models.outcomes import OUTCOMES

HALF = 0.5  # of the own model's skill above chance
ERRORS = 0.05  # share of 95 % intervals that leave out what they should hold
SHARED, APART, SURE = N_("What is shared"), N_("What is not"), N_("How sure")
CAUTION = N_(
    "The outcomes are not independent: what is one episode on the ground can be an event of several of them, and some "
    "indicators count earlier events of the same kind. To tell of an outcome is not to cause it."
)
QUESTION = N_(
    "Are root causes and warning signs common to all atrocity crimes, and to the fields that work beside their "
    "prevention? Here it is measured: which risk factors carry weight in which outcome, and how well a model that "
    "never saw an outcome tells of it. No outcome ranks above another."
)
MARKED = N_(
    "Grey and in brackets: the interval holds what tells nothing, so that it cannot be told from nothing. An empty "
    "cell is not known."
)
ABOUT_FACTORS = {
    ALONE: N_(
        "ROC AUC: of two State-years, one with the event in the window and one without, how often the first has the "
        "higher score; 0.5 is a coin. Above it a higher score goes with more events, below it with fewer. Nothing is "
        "fitted. Each factor is scored on the State-years in which it has a score, as known then. The indicators were "
        "chosen because research links them to such events, so that some skill is to be expected, and factors that go "
        "together tell the same several times."
    ),
    ADDS: N_(
        "How much the ROC AUC of a model of all indicators falls, in hundredths, if each State has the typical value "
        "in the factor's indicators; the model is not fitted anew. What two factors tell alike counts for neither: a "
        "factor can tell much alone and add nothing. Below 0 the model orders the States better without the factor's "
        "news."
    ),
}
ABOUT_INDICATORS = N_(
    "In brackets the 95 % interval, from resampling States. The ten were picked among all for being the highest: the "
    "highest of many is in part high by luck. Alone, each is scored in the direction that the catalogue calls riskier."
)
ABOUT_TRANSFER = N_(
    "Each row is an outcome that is forecast, each column the outcome that the model was trained on; on the diagonal "
    "the outcome's own model. An asterisk: the own model is better, the interval of the difference leaves zero out. "
    "Grey and in brackets: not clear of chance (the lower end of the interval is not above the upper end of what "
    "chance gives). The last column is chance: models trained on outcomes that were dealt out at random. These "
    "models are made for this comparison (an elastic net that is told no signs); they are not the published forecasts."
)
ABOUT_ROWS = N_(
    "Operational design: at each year's end a model is made anew from what was known then, with the delay at which "
    "each source comes out, but from today's editions of the sources. A State-year counts if its outcome is known. "
    "With a window of two years, an event is in the windows of two years."
)
ABOUT_FIELDS = N_(
    "Each of these fields has its own offices, budgets and words. The table says which of the outcomes measured here "
    "stands for what a field works on; none ranks above another. As far as the factors above tell of several outcomes, "
    "a look at them serves several fields."
)


def about_factors(measure: str) -> str:
    """What the picture of factors by outcomes shows, and how it marks what is not sure."""
    return f"{_(ABOUT_FACTORS[measure])} {_(MARKED)}"


def words(drivers: pd.DataFrame, transfer: pd.DataFrame, titles: Mapping[str, str]) -> dict[str, list[str]]:
    """Heading (SHARED, APART, SURE) to sentences. `titles` of factors: {"rf03": "3. Weakness of State structures"}."""
    alone, adds = (lines(drivers, measure, "factor") for measure in (ALONE, ADDS))
    titles = {code: "{1} ({0})".format(*title.split(". ", 1)) for code, title in titles.items()}
    made = pairs(transfer)
    return {
        SHARED: [shared_factors(alone, titles), kept_text(made), same_text(made)],
        APART: [*factors_apart(alone, titles), added_text(adds, titles), *own_apart(made), *not_clear(made)],
        SURE: [events_text(made), luck_text(alone, made), _(CAUTION)],
    }


def _sides(rows: pd.DataFrame) -> pd.DataFrame:
    """Side of each factor (rows) in each outcome (columns); 0 also where it is not known."""
    wide = rows.pivot(index="driver", columns="outcome", values="side")
    return wide[[name for name in OUTCOMES if name in wide]].fillna(0).astype(int)


def outcome_words(names: Iterable[str]) -> str:
    """Titles of outcomes within a sentence."""
    return listed(inside(outcome_title(name)) for name in names)


def _list(codes: Iterable[str], titles: Mapping[str, str]) -> str:
    return strung(titles.get(code, code) for code in codes)


def _where(sides: pd.DataFrame, wanted: int, titles: Mapping[str, str]) -> str:
    """Each factor of these rows with the outcomes in which it is on that side."""
    return strung(
        _("{factor}, of {outcomes}").format(
            factor=titles.get(code, code), outcomes=outcome_words(row.index[row == wanted])
        )
        for code, row in sides.iterrows()
    )


def _nothing() -> str:
    return form(NOTHING[ALONE], "g")


def shared_factors(alone: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Which factors tell of every outcome by themselves, and between which ends."""
    sides = _sides(alone)
    everywhere = sides.index[(sides == 1).all(axis="columns")]
    found = alone.loc[alone["driver"].isin(everywhere), "estimate"]
    if everywhere.empty:
        text = ngettext(
            "**None of {count} factors** has by itself an AUC whose 95 % interval is above {nothing} in all {outcomes} "
            "outcomes.",
            "**None of {count} factors** has by itself an AUC whose 95 % interval is above {nothing} in all {outcomes} "
            "outcomes.",
            len(sides),
        )
    elif len(everywhere) == len(sides):
        text = ngettext(
            "**All {count} measured factors** have by themselves an AUC whose 95 % interval is above {nothing} in all "
            "{outcomes} outcomes. Their AUC goes from {low} to {high}.",
            "**All {count} measured factors** have by themselves an AUC whose 95 % interval is above {nothing} in all "
            "{outcomes} outcomes. Their AUC goes from {low} to {high}.",
            len(sides),
        )
    else:
        text = ngettext(
            "**{found} of {count} factors** has by itself an AUC whose 95 % interval is above {nothing} in all "
            "{outcomes} outcomes: {factors}. Its AUC goes from {low} to {high}.",
            "**{found} of {count} factors** have by themselves an AUC whose 95 % interval is above {nothing} in all "
            "{outcomes} outcomes: {factors}. Their AUC goes from {low} to {high}.",
            len(everywhere),
        )
    return text.format(
        found=number(len(everywhere)),
        count=number(len(sides)),
        nothing=_nothing(),
        outcomes=number(sides.shape[1]),
        factors=_list(everywhere, titles),
        low=form(found.min(), ".2f"),
        high=form(found.max(), ".2f"),
    )


def factors_apart(alone: pd.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """Which factors tell of some outcomes only, of none, or the other way round."""
    sides, sentences = _sides(alone), []
    some = sides[(sides == 1).any(axis="columns") & ~(sides == 1).all(axis="columns")]
    if not some.empty:
        text = _("By themselves, **these tell of some outcomes only**: {factors}.")
        sentences.append(text.format(factors=_where(some, 1, titles)))
    if len(none := sides.index[~(sides == 1).any(axis="columns")]):
        text = _("By itself, **not above {nothing} in any outcome**: {factors}.")
        sentences.append(text.format(nothing=_nothing(), factors=_list(none, titles)))
    turned = sides[(sides == -1).any(axis="columns")]
    if not turned.empty:
        text = _("**A higher score went with fewer events** (interval below {nothing}): {factors}.")
        sentences.append(text.format(nothing=_nothing(), factors=_where(turned, -1, titles)))
    return sentences


def added_text(adds: pd.DataFrame, titles: Mapping[str, str]) -> str:
    """Which factors carry weight beyond all others, and where."""
    sides = _sides(adds)
    some = sides[(sides == 1).any(axis="columns")]
    if some.empty:
        return _("**Beyond all the others**, no factor adds an amount in any outcome that can be told from nothing.")
    everywhere = int((sides == 1).all(axis="columns").sum())
    if everywhere:
        text = ngettext(
            "**Beyond all the others**, {found} of {count} factors carries weight of its own in some outcome, "
            "{everywhere} of them in all {outcomes}: {factors}.",
            "**Beyond all the others**, {found} of {count} factors carry weight of their own in some outcome, "
            "{everywhere} of them in all {outcomes}: {factors}.",
            len(some),
        )
    else:
        text = ngettext(
            "**Beyond all the others**, {found} of {count} factors carries weight of its own in some outcome, none of "
            "them in all {outcomes}: {factors}.",
            "**Beyond all the others**, {found} of {count} factors carry weight of their own in some outcome, none of "
            "them in all {outcomes}: {factors}.",
            len(some),
        )
    return text.format(
        found=number(len(some)),
        count=number(len(sides)),
        everywhere=number(everywhere),
        outcomes=number(sides.shape[1]),
        factors=_where(some, 1, titles),
    )


def kept_text(made: pd.DataFrame) -> str:
    """In how many pairs a model of another outcome keeps more than half of the own model's skill above chance."""
    others = made[~made["own"]]
    known = others[others["kept"].notna()]
    if known.empty:
        return _("Whether a model of one outcome serves for another is not known: no own model is clear of chance.")
    text = ngettext(
        "**Models of one outcome, used for another**: in {kept} of {pairs} pair the model that never saw the outcome "
        "keeps more than half of the own model's skill above chance; in {surely} of them also at the upper end of the "
        "interval of the difference.",
        "**Models of one outcome, used for another**: in {kept} of {pairs} pairs the model that never saw the outcome "
        "keeps more than half of the own model's skill above chance; in {surely} of them also at the upper end of the "
        "interval of the difference.",
        len(others),
    ).format(
        kept=number((known["kept"] > HALF).sum()),
        pairs=number(len(others)),
        surely=number((known["kept_surely"] > HALF).sum()),
    )
    left = len(others) - len(known)
    return f"{text} {_left_text(left)}" if left else text


def _left_text(left: int) -> str:
    return ngettext(
        "{count} pair is not counted: the own model is not clear of chance.",
        "{count} pairs are not counted: the own model is not clear of chance.",
        left,
    ).format(count=number(left))


def same_text(made: pd.DataFrame) -> str:
    """In how many pairs the own model and another's cannot be told apart."""
    others = made[~made["own"]]
    return ngettext(
        "In {same} of {pairs} pair the own model and the other's are **not distinguishable**; that does not make them "
        "the same.",
        "In {same} of {pairs} pairs the own model and the other's are **not distinguishable**; that does not make them "
        "the same.",
        len(others),
    ).format(same=number((others["verdict"] == "not distinguishable").sum()), pairs=number(len(others)))


def own_apart(made: pd.DataFrame) -> list[str]:
    """Where the outcome's own model is better than another's, or worse."""
    others = made[~made["own"]]
    better, worse = (others[others["verdict"] == said] for said in ("better", "worse"))
    sentences = []
    if not better.empty:
        text = ngettext(
            "**The own model is better** in {found} of {pairs} pair (the interval of the difference leaves zero out): "
            "{models}.",
            "**The own model is better** in {found} of {pairs} pairs (the interval of the difference leaves zero out): "
            "{models}.",
            len(others),
        )
        sentences.append(_count_pairs(text, better, others))
    if not worse.empty:
        text = ngettext(
            "**The own model is worse** in {found} of {pairs} pair (the interval of the difference leaves zero out): "
            "{models}.",
            "**The own model is worse** in {found} of {pairs} pairs (the interval of the difference leaves zero out): "
            "{models}.",
            len(others),
        )
        sentences.append(_count_pairs(text, worse, others))
    return sentences


def _count_pairs(text: str, rows: pd.DataFrame, others: pd.DataFrame) -> str:
    models = strung(_than(str(outcome), group["trained_on"]) for outcome, group in _by_outcome(rows))
    return text.format(found=number(len(rows)), pairs=number(len(others)), models=models)


def _by_outcome(rows: pd.DataFrame) -> Iterable[tuple[str, pd.DataFrame]]:
    return rows.groupby("outcome", sort=False)


def _than(outcome: str, names: pd.Series) -> str:
    """With which models the own model is compared: "for onset of armed conflict than that of mass killing"."""
    if {*names} == {*OUTCOMES} - {outcome}:
        return _("for {outcome} than those of all the others").format(outcome=outcome_words([outcome]))
    text = ngettext("for {outcome} than that of {others}", "for {outcome} than those of {others}", len(names))
    return text.format(outcome=outcome_words([outcome]), others=outcome_words(names))


def _those(outcome: str, names: pd.Series) -> str:
    """Which models of an outcome: "for onset of armed conflict that of mass killing"."""
    if {*names} == {*OUTCOMES} - {outcome}:
        return _("for {outcome} those of all the others").format(outcome=outcome_words([outcome]))
    text = ngettext("for {outcome} that of {others}", "for {outcome} those of {others}", len(names))
    return text.format(outcome=outcome_words([outcome]), others=outcome_words(names))


def not_clear(made: pd.DataFrame) -> list[str]:
    """Which models, the own ones too, cannot be told from chance."""
    rows = made[~made["clear"]]
    if rows.empty:
        return []
    text = ngettext(
        "Of {count} models, {found} is **not clear of chance**: {models}.",
        "Of {count} models, {found} are **not clear of chance**: {models}.",
        len(rows),
    )
    models = strung(_those(str(outcome), group["trained_on"]) for outcome, group in _by_outcome(rows))
    return [text.format(count=number(len(made)), found=number(len(rows)), models=models)]


def events_text(made: pd.DataFrame) -> str:
    """How many events there are to learn from and to be held against."""
    own = made[made["own"]]
    fewest, most = own.loc[own["events"].idxmin()], own.loc[own["events"].idxmax()]
    return ngettext(
        "The outcomes have from {fewest} State-year with the event in the window ({outcome}) to {most} ({other}). With "
        "few, intervals are wide, and what is not found here may be there. Intervals come from drawing the States "
        "anew.",
        "The outcomes have from {fewest} State-years with the event in the window ({outcome}) to {most} ({other}). "
        "With few, intervals are wide, and what is not found here may be there. Intervals come from drawing the States "
        "anew.",
        fewest["events"],
    ).format(
        fewest=number(fewest["events"]),
        outcome=outcome_words([fewest["outcome"]]),
        most=number(most["events"]),
        other=outcome_words([most["outcome"]]),
    )


def luck_text(alone: pd.DataFrame, made: pd.DataFrame) -> str:
    """What comes about by luck: intervals that err, and models with nothing to learn."""
    text = ngettext(
        "Even if no factor told of anything, about {errors} of the {count} interval of the factors alone would leave "
        "{nothing} out.",
        "Even if no factor told of anything, about {errors} of the {count} intervals of the factors alone would leave "
        "{nothing} out.",
        len(alone),
    ).format(errors=number(len(alone) * ERRORS), count=number(len(alone)), nothing=_nothing())
    chance = made.dropna(subset="chance")
    return text if chance.empty else f"{text} {_chance_text(chance)}"


def _chance_text(chance: pd.DataFrame) -> str:
    ends = {
        "low": chance["chance"].min(),
        "high": chance["chance"].max(),
        "lower": chance["chance_lower"].min(),
        "upper": chance["chance_upper"].max(),
    }
    return _(
        "Models that had nothing to learn have an AUC of {low} to {high} on average, 95 % of the times within {lower} "
        "to {upper}."
    ).format(**{name: form(value, ".2f") for name, value in ends.items()})


def against_text(drivers: pd.DataFrame, catalogue: pd.DataFrame, outcome: str) -> str:
    """The indicators whose higher score went with fewer events, by name; "" if there is none."""
    rows = of_outcome(drivers, outcome, ALONE)
    codes = rows.loc[rows["side"] == -1].sort_values("estimate")["driver"]
    if codes.empty:
        return ""
    names = catalogue.set_index("indicator")["title"]
    return ngettext(
        "The other way round, a higher score went with fewer events (the whole interval is below {nothing}) in {found} "
        "of {count} indicator: {indicators}.",
        "The other way round, a higher score went with fewer events (the whole interval is below {nothing}) in {found} "
        "of {count} indicators: {indicators}.",
        len(rows),
    ).format(
        nothing=_nothing(),
        found=number(len(codes)),
        count=number(len(rows)),
        indicators=strung(_(names.get(code, code)) for code in codes),
    )
