"""What the outcomes share, in tables and cells: which factors tell of which, and models used for another outcome.

The sentences made from these are in shared_words.py.
"""

from collections.abc import Mapping

import pandas as pd

from dashboard.language import N_, _, form, ngettext, number, strung
from dashboard.measures import outcome_definition, outcome_title
from dashboard.reasons import no_list
from dashboard.record import score_text
from models.outcomes import OUTCOMES
from models.track import verdict

NO_TABLES = N_("This release has no tables of what the outcomes share: it was made before there were any.")
ALONE, ADDS = "alone", "adds"
NOTHING = {ALONE: 0.5, ADDS: 0.0}  # what a factor has that tells nothing
MEASURES = {
    ALONE: N_("alone: how well its score by itself puts State-years with the event above those without"),
    ADDS: N_("beyond the others: how much worse a model of all indicators orders State-years without its news"),
}
UNITS = {
    ALONE: N_("ROC AUC (0.5 = nothing, 1 = perfect)"),
    ADDS: N_("loss of ROC AUC, in hundredths (0 = nothing)"),
}
IN_TABLE = {ALONE: UNITS[ALONE], ADDS: N_("Loss of ROC AUC (0 = nothing)")}
LISTED = 10  # indicators of an outcome
CHANCE = "chance"  # column of the models trained on outcomes that were dealt out at random
CHANCE_TITLE = N_("Nothing to learn")
OWN = N_("own model")
VERDICTS = {  # of the outcome's own model against another's
    "better": N_("the own model is better"),
    "worse": N_("the own model is worse"),
    "not distinguishable": N_("not distinguishable"),
    "not known": N_("not known"),
}
FURTHER = {  # scores of the order that stand in the table of pairs only
    "average_precision": (
        N_("Average precision (1 = perfect)"),
        N_("Own model less this one, average precision"),
    ),
    "recall_at_30": (
        N_("Share of events in the yearly top 30"),
        N_("Own model less this one, share in the top 30"),
    ),
}
# Fields of work whose outcomes are here; peacebuilding works on the structural factors.
FIELDS = {
    N_("Conflict prevention"): ("armed_conflict",),
    N_("Protection of civilians and prevention of mass atrocities"): ("mass_killing", "state_killing"),
    N_("Countering violence by armed groups"): ("armed_group_killing",),
    N_("Displacement and humanitarian action"): ("mass_displacement",),
}
PEACEBUILDING = N_("Peacebuilding")
# of a cell: its row and column by code and as shown, its number, how it is written, whether it can be told from
# nothing, and what is said of it under the pointer
CELLS = ["row", "column", "row_title", "column_title", "value", "text", "sure", "hover"]


def side(lower: pd.Series, upper: pd.Series, nothing: float) -> pd.Series:
    """1 where the interval is above what tells nothing, -1 where below, 0 where it holds it or is not known."""
    return (lower > nothing).astype(int) - (upper < nothing).astype(int)


def lines(drivers: pd.DataFrame, measure: str, level: str) -> pd.DataFrame:
    """The lines of the table `drivers` of one measure and level, outcomes in their order, with `side`."""
    chosen = drivers[(drivers["measure"] == measure) & (drivers["level"] == level)]
    order = chosen["outcome"].map(list(OUTCOMES).index)
    chosen = chosen.assign(order=order).sort_values(["order", "driver"], kind="stable").drop(columns="order")
    return chosen.assign(side=side(chosen["lower"], chosen["upper"], NOTHING[measure]))


def factor_cells(drivers: pd.DataFrame, measure: str, titles: Mapping[str, str]) -> pd.DataFrame:
    """Factor by outcome, for `charts.draw_grid`: `CELLS`, one line per cell whose value is known."""
    rows = lines(drivers, measure, "factor").dropna(subset="estimate").sort_values("driver", kind="stable")
    scale, spec = (1, ".2f") if measure == ALONE else (100, "+.1f")
    return pd.DataFrame(
        [
            (
                row.driver,
                row.outcome,
                titles.get(row.driver, row.driver),
                outcome_title(row.outcome),
                row.estimate * scale,
                _in_cell(form(row.estimate * scale, spec), sure=row.side != 0),
                row.side != 0,
                f"{estimate_text(row, measure)}<br>{_rows_text(row)}",
            )
            for row in rows.itertuples()
        ],
        columns=CELLS,
    )


def _rows_text(line: pd.Series) -> str:
    text = ngettext("{rows} State-year, {events} with the event", "{rows} State-years, {events} with the event", line.n)
    return text.format(rows=number(line.n), events=number(line.events))


def _in_cell(text: str, *, sure: bool) -> str:
    """A number short enough for a cell on a phone: ".71"; in brackets if it is not sure."""
    short = text.replace("0.", ".", 1) if text.startswith("0.") else text
    return short if sure else f"({short})"


def estimate_text(line: pd.Series, measure: str) -> str:
    """An estimate with its interval, and what it is not told from: "0.540 (0.470 to 0.610): not told from 0.5"."""
    text, nothing = score_text(line, sign=measure == ADDS), NOTHING[measure]
    if pd.isna(line.estimate) or line.lower > nothing or line.upper < nothing:
        return text
    return _("{estimate}: not told from {nothing}").format(estimate=text, nothing=form(nothing, "g"))


def factors_summary(cells: pd.DataFrame) -> str:
    """What the picture of factors by outcomes shows, in a sentence; `cells` from `factor_cells`."""
    if cells.empty:
        return _("Nothing is known of any factor.")
    highest, lowest = cells.loc[cells["value"].idxmax()], cells.loc[cells["value"].idxmin()]
    text = ngettext(
        "Of {count} cell {sure} can be told from nothing. Highest: {high} ({high_row}; {high_column}). "
        "Lowest: {low} ({low_row}; {low_column}).",
        "Of {count} cells {sure} can be told from nothing. Highest: {high} ({high_row}; {high_column}). "
        "Lowest: {low} ({low_row}; {low_column}).",
        len(cells),
    )
    ends = {
        f"{end}{part}": cell[name]
        for end, cell in (("high", highest), ("low", lowest))
        for part, name in (("_row", "row_title"), ("_column", "column_title"))
    }
    told = {"high": highest["text"].strip("()"), "low": lowest["text"].strip("()")}
    return text.format(count=number(len(cells)), sure=number(cells["sure"].sum()), **told, **ends)


def describe_factors(drivers: pd.DataFrame, measure: str, titles: Mapping[str, str]) -> pd.DataFrame:
    """The numbers behind the picture: factors by outcomes, each cell with its interval, as text."""
    rows = lines(drivers, measure, "factor")
    told = rows.assign(told=[estimate_text(row, measure) for row in rows.itertuples()])
    wide = told.pivot(index="driver", columns="outcome", values="told").fillna(_("not known"))
    wide.index = pd.Index([no_list(titles.get(code, code)) for code in wide.index], name=_("Risk factor"))
    ordered = wide[list(told["outcome"].unique())]
    return ordered.set_axis([outcome_title(code) for code in ordered], axis="columns")


def strongest(
    drivers: pd.DataFrame, catalogue: pd.DataFrame, titles: Mapping[str, str], *, outcome: str, measure: str
) -> pd.DataFrame:
    """The indicators that tell most of an outcome by a measure, with factor and interval, as text."""
    rows = of_outcome(drivers, outcome, measure).nlargest(LISTED, "estimate")
    facts = catalogue.set_index("indicator").reindex(rows["driver"])
    named = facts["title"].fillna(facts.index.to_series())
    return pd.DataFrame(
        {
            _("Indicator"): [_(title) for title in named],
            _("Risk factor"): [no_list(titles.get(f"rf{factor:02.0f}", _("not known"))) for factor in facts["factor"]],
            _(IN_TABLE[measure]): [estimate_text(row, measure) for row in rows.itertuples()],
        }
    ).set_index(_("Indicator"))


def of_outcome(drivers: pd.DataFrame, outcome: str, measure: str) -> pd.DataFrame:
    """The single indicators of one outcome by a measure."""
    rows = lines(drivers, measure, "indicator")
    return rows[rows["outcome"] == outcome]


def pairs(transfer: pd.DataFrame) -> pd.DataFrame:
    """The AUC of each outcome's forecasts by models of each, in the order of outcomes, with what is made of it.

    `own`: it is the outcome's own model; `clear`: the interval is above that of chance; `kept`: share of the own
    model's skill above chance that is kept; `kept_surely`: the same at the upper end of the interval of the
    difference; both missing where the own model itself is not clear of chance. `verdict`: of `models.track.verdict`.
    """
    auc = of_metric(transfer, "auc")
    auc = auc.assign(own=auc["outcome"] == auc["trained_on"], clear=auc["lower"] > auc["chance_upper"])
    own = auc[auc["own"] & auc["clear"]].set_index("outcome")
    best = auc["outcome"].map(own["estimate"])
    above = best - auc["outcome"].map(own["chance"])
    return auc.assign(
        kept=(auc["estimate"] - auc["chance"]) / above,
        kept_surely=(best - auc["own_less_upper"] - auc["chance"]) / above,
        verdict=[verdict(*ends) for ends in auc[["own_less_lower", "own_less_upper"]].itertuples(index=False)],
    )


def of_metric(transfer: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The lines of one metric, a line per pair, in the order of outcomes."""
    place = {name: at for at, name in enumerate(OUTCOMES)}
    rows = transfer[transfer["metric"] == metric]
    return rows.sort_values(["outcome", "trained_on"], key=lambda names: names.map(place), ignore_index=True)


def transfer_cells(transfer: pd.DataFrame) -> pd.DataFrame:
    """Outcome by outcome trained on, for `charts.draw_grid`, and a last column of models with nothing to learn."""
    made = pairs(transfer)
    cells = [
        (
            row.outcome,
            row.trained_on,
            outcome_title(row.outcome),
            outcome_title(row.trained_on),
            row.estimate,
            _in_cell(form(row.estimate, ".2f"), sure=row.clear) + "*" * (row.verdict == "better" and not row.own),
            row.clear,
            _pair_text(row),
        )
        for row in made.dropna(subset="estimate").itertuples()
    ]
    cells += [_chance_cell(*group) for group in made.dropna(subset="chance").groupby("outcome", sort=False)]
    return pd.DataFrame(cells, columns=CELLS).astype({"sure": bool})


def _pair_text(row: pd.Series) -> str:
    scores = _("{score}; chance {chance}").format(score=score_text(row), chance=chance_text(row))
    return f"{scores}<br>{_meaning(row)}"


def _meaning(row: pd.Series) -> str:
    return _(OWN) if row.own else _(VERDICTS[row.verdict])


def _chance_cell(outcome: str, rows: pd.DataFrame) -> tuple:
    """What models with nothing to learn have on average."""
    mean = rows["chance"].mean()
    hover = ngettext(
        "mean of {count} model with nothing to learn; 95 % of the times of each within {lower} to {upper}",
        "mean of {count} models with nothing to learn; 95 % of the times of each within {lower} to {upper}",
        len(rows),
    ).format(
        count=number(len(rows)),
        lower=form(rows["chance_lower"].min(), ".2f"),
        upper=form(rows["chance_upper"].max(), ".2f"),
    )
    titles = (outcome_title(outcome), _(CHANCE_TITLE))
    return (outcome, CHANCE, *titles, mean, _in_cell(form(mean, ".2f"), sure=False), False, hover)


def transfer_summary(transfer: pd.DataFrame) -> str:
    """What the picture of pairs shows, in a sentence."""
    made = pairs(transfer).dropna(subset="estimate")
    own, others = made[made["own"]], made[~made["own"]]
    if own.empty or others.empty:
        return _("No pair of outcomes is known.")
    ends = {
        f"{name}_{end}": form(value, ".2f")
        for name, rows in (("own", own["estimate"]), ("other", others["estimate"]))
        for end, value in (("low", rows.min()), ("high", rows.max()))
    }
    text = ngettext(
        "ROC AUC of the own models from {own_low} to {own_high}, of {count} model of another outcome from {other_low} "
        "to {other_high}; {clear} of these clear of chance.",
        "ROC AUC of the own models from {own_low} to {own_high}, of the {count} models of another outcome from "
        "{other_low} to {other_high}; {clear} of these clear of chance.",
        len(others),
    )
    return text.format(count=number(len(others)), clear=number(others["clear"].sum()), **ends)


def chance_text(row: pd.Series) -> str:
    """What models with nothing to learn have: "0.50 (0.45 to 0.56)"."""
    if pd.isna(row.chance):
        return _("not known")
    ends = {name: form(value, ".2f") for name, value in (("lower", row.chance_lower), ("upper", row.chance_upper))}
    return _("{estimate} ({lower} to {upper})").format(estimate=form(row.chance, ".2f"), **ends)


def describe_transfer(transfer: pd.DataFrame) -> pd.DataFrame:
    """The numbers behind the picture of models used for another outcome, one line per pair, as text."""
    made = pairs(transfer)
    rows = list(made.itertuples())
    table = {
        _("What is forecast"): [outcome_title(row.outcome) for row in rows],
        _("Model trained on"): [outcome_title(row.trained_on) for row in rows],
        _("ROC AUC"): [score_text(row) for row in rows],
        _("Chance"): [chance_text(row) for row in rows],
        _("Own model less this one"): _own_less(made),
        _("Which means"): [_meaning(row) for row in rows],
        _("Of the own model's skill above chance"): [_kept_text(row) for row in rows],
    }
    return pd.DataFrame(table | _further(transfer, made))


def _own_less(rows: pd.DataFrame) -> list[str]:
    """What the own model is ahead by, with its interval; "" for the own model itself."""
    ends = rows[["own_less", "own_less_lower", "own_less_upper"]].set_axis(["estimate", "lower", "upper"], axis=1)
    own = rows["outcome"] == rows["trained_on"]
    return ["" if is_own else score_text(row, sign=True) for is_own, row in zip(own, ends.itertuples(), strict=True)]


def _kept_text(row: pd.Series) -> str:
    if row.own:
        return ""
    return _("not known") if pd.isna(row.kept) else _("{count} in 100").format(count=number(row.kept * 100))


def _further(transfer: pd.DataFrame, made: pd.DataFrame) -> dict[str, list[str]]:
    """The columns of the other scores that the table has, for the pairs in the order of `made`."""
    columns: dict[str, list[str]] = {}
    for metric, (title, less) in FURTHER.items():
        rows = made[["outcome", "trained_on"]].merge(of_metric(transfer, metric), how="left", validate="1:1")
        if rows["estimate"].notna().any():
            columns |= {_(title): [score_text(row) for row in rows.itertuples()], _(less): _own_less(rows)}
    return columns


def describe_rows(transfer: pd.DataFrame, origins: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """On how much all this rests: origins, State-years and events by outcome; `origins` are the first and the last."""
    own = pairs(transfer).query("own")
    years = [dict(zip(("first", "last"), origins[name], strict=True)) for name in own["outcome"]]
    return pd.DataFrame(
        {
            _("Outcome"): [outcome_title(name) for name in own["outcome"]],
            _("What counts"): [outcome_definition(name) for name in own["outcome"]],
            _("Forecasts made at the end of"): [_("{first} to {last}").format(**ends) for ends in years],
            _("State-years"): [number(n) for n in own["n"]],
            _("With the event in the window"): [number(events) for events in own["events"]],
        }
    ).set_index(_("Outcome"))


def describe_fields(factors: pd.DataFrame) -> pd.DataFrame:
    """Neighbouring fields of work and what of theirs is measured here."""
    measured = factors[factors["measured"].astype(bool)].sort_values("factor")
    slow = strung([str(code) for code in measured.loc[measured["part"] == "structural", "factor"]], ",")
    rows = {_(field): strung(outcome_title(name) for name in names) for field, names in FIELDS.items()}
    rows[_(PEACEBUILDING)] = _("The structural risk factors ({numbers}), which move over years").format(numbers=slow)
    table = pd.DataFrame({_("Field"): list(rows), _("What stands for it here"): list(rows.values())})
    return table.set_index(_("Field"))
