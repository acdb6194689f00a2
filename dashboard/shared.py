"""What the outcomes share, in tables and cells: which factors tell of which, and models used for another outcome.

The sentences made from these are in shared_words.py.
"""

from collections.abc import Mapping

import pandas as pd

from dashboard.measures import outcome_definition, outcome_title
from dashboard.reasons import no_list
from dashboard.record import score_text
from models.outcomes import OUTCOMES
from models.track import verdict

NO_TABLES = "This release has no tables of what the outcomes share: it was made before there were any."
ALONE, ADDS = "alone", "adds"
NOTHING = {ALONE: 0.5, ADDS: 0.0}  # what a factor has that tells nothing
MEASURES = {
    ALONE: "alone: how well its score by itself puts State-years with the event above those without",
    ADDS: "beyond the others: how much worse a model of all indicators orders State-years without its news",
}
UNITS = {ALONE: "ROC AUC (0.5 = nothing, 1 = perfect)", ADDS: "loss of ROC AUC, in hundredths (0 = nothing)"}
UNSURE = {ALONE: "not told from 0.5", ADDS: "not told from 0"}
LISTED = 10  # indicators of an outcome
CHANCE = "Nothing to learn"  # column of the models trained on outcomes that were dealt out at random
OWN = "own model"
VERDICTS = {  # of the outcome's own model against another's
    "better": "the own model is better",
    "worse": "the own model is worse",
    "not distinguishable": "not distinguishable",
    "not known": "not known",
}
# Fields of work whose outcomes are here; peacebuilding works on the structural factors.
FIELDS = {
    "Conflict prevention": ("armed_conflict",),
    "Protection of civilians and prevention of mass atrocities": ("mass_killing", "state_killing"),
    "Countering violence by armed groups": ("armed_group_killing",),
    "Displacement and humanitarian action": ("mass_displacement",),
}
PEACEBUILDING = "Peacebuilding"
CELLS = ["row", "column", "value", "text", "sure", "hover"]


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
    scale, form = (1, ".2f") if measure == ALONE else (100, "+.1f")
    return pd.DataFrame(
        [
            (
                titles.get(row.driver, row.driver),
                outcome_title(row.outcome),
                row.estimate * scale,
                _in_cell(f"{row.estimate * scale:{form}}", sure=row.side != 0),
                row.side != 0,
                f"{estimate_text(row, measure)}<br>{row.n:,} State-years, {row.events:,} with the event",
            )
            for row in rows.itertuples()
        ],
        columns=CELLS,
    )


def _in_cell(text: str, *, sure: bool) -> str:
    """A number short enough for a cell on a phone: ".71"; in brackets if it is not sure."""
    short = text.replace("0.", ".", 1) if text.startswith("0.") else text
    return short if sure else f"({short})"


def estimate_text(line: pd.Series, measure: str) -> str:
    """An estimate with its interval, and what it is not told from: "0.540 (0.470 to 0.610): not told from 0.5"."""
    text = score_text(line, sign=measure == ADDS)
    if text == "not known":
        return text
    return text if (line.lower > NOTHING[measure]) or (line.upper < NOTHING[measure]) else f"{text}: {UNSURE[measure]}"


def describe_factors(drivers: pd.DataFrame, measure: str, titles: Mapping[str, str]) -> pd.DataFrame:
    """The numbers behind the picture: factors by outcomes, each cell with its interval, as text."""
    rows = lines(drivers, measure, "factor")
    told = rows.assign(
        told=[estimate_text(row, measure) for row in rows.itertuples()],
        title=rows["outcome"].map(lambda name: outcome_title(name)),
    )
    wide = told.pivot(index="driver", columns="title", values="told").fillna("not known")
    wide.index = pd.Index([no_list(titles.get(code, code)) for code in wide.index], name="Risk factor")
    return wide[list(told["title"].unique())].rename_axis(columns=None)


def strongest(
    drivers: pd.DataFrame, catalogue: pd.DataFrame, titles: Mapping[str, str], *, outcome: str, measure: str
) -> pd.DataFrame:
    """The indicators that tell most of an outcome by a measure, with factor and interval, as text."""
    rows = of_outcome(drivers, outcome, measure).nlargest(LISTED, "estimate")
    facts = catalogue.set_index("indicator").reindex(rows["driver"])
    return pd.DataFrame(
        {
            "Indicator": facts["title"].fillna(facts.index.to_series()).to_list(),
            "Risk factor": [no_list(titles.get(f"rf{factor:02.0f}", "not known")) for factor in facts["factor"]],
            UNITS[measure] if measure == ALONE else "Loss of ROC AUC (0 = nothing)": [
                estimate_text(row, measure) for row in rows.itertuples()
            ],
        }
    ).set_index("Indicator")


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
    auc = transfer[transfer["metric"] == "auc"]
    place = {name: number for number, name in enumerate(OUTCOMES)}
    auc = auc.sort_values(["outcome", "trained_on"], key=lambda names: names.map(place), ignore_index=True)
    auc = auc.assign(own=auc["outcome"] == auc["trained_on"], clear=auc["lower"] > auc["chance_upper"])
    own = auc[auc["own"] & auc["clear"]].set_index("outcome")
    best = auc["outcome"].map(own["estimate"])
    above = best - auc["outcome"].map(own["chance"])
    return auc.assign(
        kept=(auc["estimate"] - auc["chance"]) / above,
        kept_surely=(best - auc["own_less_upper"] - auc["chance"]) / above,
        verdict=[verdict(*ends) for ends in auc[["own_less_lower", "own_less_upper"]].itertuples(index=False)],
    )


def transfer_cells(transfer: pd.DataFrame) -> pd.DataFrame:
    """Outcome by outcome trained on, for `charts.draw_grid`, and a last column of models with nothing to learn."""
    made = pairs(transfer)
    cells = [
        (
            outcome_title(row.outcome),
            OUTCOMES[row.trained_on].title,
            row.estimate,
            _in_cell(f"{row.estimate:.2f}", sure=row.clear) + "*" * (row.verdict == "better" and not row.own),
            row.clear,
            f"{score_text(row)}; chance {chance_text(row)}<br>{OWN if row.own else VERDICTS[row.verdict]}",
        )
        for row in made.dropna(subset="estimate").itertuples()
    ]
    for outcome, rows in made.dropna(subset="chance").groupby("outcome", sort=False):
        ends = f"{rows['chance_lower'].min():.2f} to {rows['chance_upper'].max():.2f}"
        hover = f"mean of {len(rows)} models with nothing to learn; 95 % of the times of each within {ends}"
        mean = rows["chance"].mean()
        cells.append((outcome_title(outcome), CHANCE, mean, _in_cell(f"{mean:.2f}", sure=False), False, hover))
    return pd.DataFrame(cells, columns=CELLS).astype({"sure": bool})


def chance_text(row: pd.Series) -> str:
    """What models with nothing to learn have: "0.50 (0.45 to 0.56)"."""
    return (
        "not known" if pd.isna(row.chance) else f"{row.chance:.2f} ({row.chance_lower:.2f} to {row.chance_upper:.2f})"
    )


def describe_transfer(transfer: pd.DataFrame) -> pd.DataFrame:
    """The numbers behind the picture of models used for another outcome, one line per pair, as text."""
    made = pairs(transfer)
    less = made[["own_less", "own_less_lower", "own_less_upper"]].set_axis(["estimate", "lower", "upper"], axis=1)
    return pd.DataFrame(
        {
            "What is forecast": made["outcome"].map(lambda name: outcome_title(name)),
            "Model trained on": made["trained_on"].map(lambda name: outcome_title(name)),
            "ROC AUC": [score_text(row) for row in made.itertuples()],
            "Chance": [chance_text(row) for row in made.itertuples()],
            "Own model less this one": [
                "" if own else score_text(row, sign=True)
                for own, row in zip(made["own"], less.itertuples(), strict=True)
            ],
            "Which means": [OWN if row.own else VERDICTS[row.verdict] for row in made.itertuples()],
            "Of the own model's skill above chance": [
                "" if row.own else "not known" if pd.isna(row.kept) else f"{row.kept * 100:.0f} in 100"
                for row in made.itertuples()
            ],
        }
    )


def describe_rows(transfer: pd.DataFrame, origins: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """On how much all this rests: origins, State-years and events by outcome; `origins` are the first and the last."""
    own = pairs(transfer).query("own")
    return pd.DataFrame(
        {
            "Outcome": [outcome_title(name) for name in own["outcome"]],
            "What counts": [outcome_definition(name) for name in own["outcome"]],
            "Forecasts made at the end of": ["{} to {}".format(*origins[name]) for name in own["outcome"]],
            "State-years": [f"{n:,}" for n in own["n"]],
            "With the event in the window": [f"{events:,}" for events in own["events"]],
        }
    ).set_index("Outcome")


def describe_fields(factors: pd.DataFrame) -> pd.DataFrame:
    """Neighbouring fields of work and what of theirs is measured here."""
    measured = factors[factors["measured"].astype(bool)].sort_values("factor")
    slow = ", ".join(f"{number}" for number in measured.loc[measured["part"] == "structural", "factor"])
    rows = {field: "; ".join(outcome_title(name) for name in names) for field, names in FIELDS.items()}
    rows[PEACEBUILDING] = f"The structural risk factors ({slow}), which move over years"
    return pd.DataFrame({"Field": list(rows), "What stands for it here": list(rows.values())}).set_index("Field")
