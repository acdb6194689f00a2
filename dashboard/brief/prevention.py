"""Where structural prevention has most to gain among some States: the order, its reasons and its words of caution.

The page My list and the briefing on several States take all of it from here, so that they cannot differ.
"""

from collections.abc import Collection

import pandas as pd

from dashboard import language, reading, store
from dashboard.brief import common, crisis
from dashboard.current import kept
from dashboard.language import N_, _, ngettext, number, strung
from dashboard.measures import PARTS, factor_code

TITLE = N_("Where structural prevention has most to gain")
REASONING = N_(
    "Reasoning: what changes slowly can be changed before a crisis, and with more time. So the largest structural part "
    "among the States that are not in crisis comes first."
)
CAUTION = N_(
    "**With caution.** A large structural part says where much would have to change, not where a programme can "
    "work, is asked for or is lawful; a State in crisis needs structural prevention as well. Two neighbours in "
    "this table are rarely different for sure: look at the intervals of their places."
)
NOT_FOR = N_(
    "This order is no ground to give or end support by itself, and a low structural part is no reason to leave. It "
    "shows what stands together, not what causes what, and measures no effect of any programme."
)
WHOLE = N_(
    "The page My list of the dashboard has this table for all of these States, with what is forecast, what changed and "
    "how much is known."
)
HIGHEST = 2  # factors named of a part


@kept(50)
def order(codes: tuple[str, ...]) -> pd.DataFrame:
    """These States by iso3, in the order of the table: a line each, never changed.

    Columns: country, in_crisis (True, False or None), listed (whether its place in the order is known: not in crisis,
    with a structural part), and those of the newest year's scores, missing for one that has none. Listed ones come
    first, then those of which a sign of crisis is not known, then those in crisis, last those without a structural
    part; in each the largest structural part first, then the larger index.
    """
    rows = reading.of_year(reading.scores(), common.newest_year()).set_index("iso3").reindex(list(codes))
    there = crisis.signs(list(codes))
    known, said = rows["structural"].notna(), pd.Series(there, dtype=object)
    step = said.map({False: 0, True: 2}).astype(float).fillna(1).where(known, 3)
    names = rows["country"].fillna(pd.Series(store.names()))
    found = rows.assign(country=names, in_crisis=said, listed=step == 0, step=step, sorting=names.map(language.sorting))
    by = {"step": True, "structural": False, PARTS[0].code: False, "sorting": True}
    return found.sort_values(list(by), ascending=list(by.values())).drop(columns=["step", "sorting"])


def reasoning(codes: tuple[str, ...]) -> str:
    """Why they stand in this order, how many are not in crisis, and what that means."""
    calm = int(order(codes)["in_crisis"].eq(False).sum())
    counted = _("None of these States counts as not in crisis.")
    if calm:
        text = ngettext("{count} of these States is not in crisis.", "{count} of these States are not in crisis.", calm)
        counted = text.format(count=number(calm))
    return f"{_(REASONING)} {counted} {crisis.definition()}"


def cautions() -> list[str]:
    """What the order does not say, and what it is not for."""
    return [_(CAUTION), _(NOT_FOR)]


def factors_of(part: str) -> list[str]:
    """The measured factors that make up a part of the index, "structural" or "dynamic", by code."""
    factors = reading.table("factors")
    chosen = factors[(factors["part"] == part) & factors["measured"]]
    return [factor_code(number_of) for number_of in chosen["factor"]]


def highest(row: pd.Series, codes: Collection[str]) -> str:
    """The factors of a State that weigh most among these, with their scores; "not known" if none has a score."""
    scores, titles = row[list(codes)].dropna().astype(float).nlargest(HIGHEST), store.factor_titles()
    told = strung(f"{titles[str(code)]} ({common.score(score)})" for code, score in scores.items())
    return told or _("not known")
