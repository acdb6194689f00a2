"""One State's forecasts: how likely each outcome is, why, what changed, nearest past cases, and who is above whom."""

import math

import pandas as pd

from dashboard.likelihood import (
    between_text,
    compare_text,
    count_among,
    frequency_text,
    happened_text,
    place_text,
    places_text,
    window_text,
)
from dashboard.measures import outcome_title
from models.outcomes import OUTCOMES
from models.track import LEVEL_LINE

CERTAIN = 0.95  # share of the replicates from which an order is called so


def outcomes_now(forecasts: pd.DataFrame) -> pd.DataFrame:
    """How likely each outcome is, every cell as text; `forecasts` are one State's of one window."""
    rows = forecasts.set_index("outcome").reindex(list(OUTCOMES)).to_dict("index")
    return pd.DataFrame([_line_now(str(name), row) for name, row in rows.items()]).set_index("What may come")


def _line_now(name: str, row: dict) -> dict[str, str]:
    per = count_among(row["probability"], row["base_rate"])
    known = not pd.isna(row["probability"])
    return {
        "What may come": outcome_title(name),
        "Of States like this": frequency_text(row["probability"], per) if known else "too little is known",
        "95 % interval": between_text(row["lower"], row["upper"], per),
        "Base rate": frequency_text(row["base_rate"], per),
        "Compared": compare_text(row["probability"], row["base_rate"]) or "not known",
        "Place": place_text(row),
        "95 % interval of the place": places_text(row),
    }


def outcomes_then(rows: pd.DataFrame) -> pd.DataFrame:
    """How likely each outcome would have been called at an earlier year's end, and what then happened, as text.

    `rows`: one line per outcome with the columns of `likelihood.COLUMNS`; an outcome without one has no forecast.
    """
    lines = rows.set_index("outcome").reindex(list(OUTCOMES)).to_dict("index")
    return pd.DataFrame([_line_then(str(name), row) for name, row in lines.items()]).set_index("What might have come")


def _line_then(name: str, row: dict) -> dict[str, str]:
    per = count_among(row["probability"], row["base_rate"])
    known = not pd.isna(row["probability"])
    return {
        "What might have come": outcome_title(name),
        "Of States like this": frequency_text(row["probability"], per) if known else "no forecast",
        "Base rate then": frequency_text(row["base_rate"], per),
        "Place": place_text(row),
        "What then happened": happened_text(row["event"]) if known else "not known here",
    }


def by_factor(explanations: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """What each risk factor adds to the log-odds, and the level: what, contribution, change; most raising first.

    `explanations` are the lines of one forecast. A change is missing where nothing is known of the year before.
    """
    titles = {row.factor: f"{row.factor}. {row.name}" for row in factors[["factor", "name"]].itertuples(index=False)}
    keys = explanations["factor"].map(titles).fillna("Level")
    sums = explanations.groupby(keys)[["contribution", "change"]].sum(min_count=1).rename_axis("what").reset_index()
    return sums.sort_values("contribution", ascending=False, ignore_index=True)


def odds_text(log_odds: float) -> str:
    """A contribution as what it does to the odds: "odds times 1.65"; "not known" if it is missing."""
    return "not known" if pd.isna(log_odds) else f"odds times {math.exp(log_odds):.2f}"


def no_list(text: str) -> str:
    """A numbered name as it is shown: in Markdown "13. Name" would begin a list."""
    return text.replace(". ", "\\. ", 1)


def describe_factors(sums: pd.DataFrame) -> pd.DataFrame:
    """The table behind the chart of contributions (`by_factor`), every cell as text."""
    return pd.DataFrame(
        {
            "Risk factor": sums["what"].map(no_list),
            "Adds to the log-odds": [f"{adds:+.2f}" for adds in sums["contribution"]],
            "Which means": [odds_text(adds) for adds in sums["contribution"]],
        }
    ).set_index("Risk factor")


def describe_changes(sums: pd.DataFrame) -> pd.DataFrame:
    """What changed since the year before by factor, largest first, every cell as text; what did not is left out."""
    moved = sums[sums["change"].isna() | (sums["change"].abs() >= 0.005)]
    order = moved["change"].abs().sort_values(ascending=False, na_position="last", kind="stable").index
    moved = moved.loc[order]
    return pd.DataFrame(
        {
            "Risk factor": moved["what"].map(no_list),
            "Change of the log-odds": ["not known" if pd.isna(by) else f"{by:+.2f}" for by in moved["change"]],
            "Which means": [odds_text(by) for by in moved["change"]],
        }
    ).set_index("Risk factor")


def describe_indicators(explanations: pd.DataFrame, catalogue: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Each indicator's contribution with the year of its value: factors in order, within one the largest first."""
    facts = catalogue.set_index("indicator")["title"]
    names = factors.set_index("factor")["name"]
    parts = explanations[explanations["indicator"] != LEVEL_LINE]
    order = parts.assign(size=-parts["contribution"].abs()).sort_values(["factor", "size"], kind="stable")
    return pd.DataFrame(
        {
            "Risk factor": [f"{factor}. {names.get(factor, '')}" for factor in order["factor"]],
            "Indicator": [facts.get(code, code) for code in order["indicator"]],
            "Adds to the log-odds": order["contribution"].round(3),
            "Which means": [odds_text(adds) for adds in order["contribution"]],
            "Change since the year before": order["change"].round(3),
            "Data year": ["not known" if pd.isna(year) else f"{year:.0f}" for year in order["data_year"]],
        }
    )


def level_text(explanations: pd.DataFrame) -> str:
    """The line `level` in words: where a State with the typical value of every indicator stands."""
    level = explanations.loc[explanations["indicator"] == LEVEL_LINE, "contribution"].sum()
    side = "below" if level < 0 else "above"
    text = (
        f"**Level** is where all States start: one with the typical value of every indicator is {side} the base rate "
        f"({odds_text(level)})."
    )
    raised = " A few States at high risk raise the base rate, so that most States are below it."
    return text + (raised if level < 0 else "")


def sum_text(explanations: pd.DataFrame, forecast: pd.Series) -> str:
    """How the bars add up to the forecast."""
    total = explanations["contribution"].sum()
    per = count_among(forecast["probability"], forecast["base_rate"])
    return (
        f"All bars together: {odds_text(total)}, from the base rate ({frequency_text(forecast['base_rate'], per)}) to "
        f"this forecast ({frequency_text(forecast['probability'], per)}). A factor's bar says what the model makes of "
        "its values, beside those of a typical State; it does not say what causes what."
    )


def before_text(forecast: pd.Series) -> str:
    """The forecast beside that of the same model with the inputs of the year before."""
    now, before = forecast["probability"], forecast["probability_before"]
    if pd.isna(before):
        return "Of the year before too little is known to say what changed."
    per = count_among(now, before)
    return (
        f"{frequency_text(now, per).capitalize()} now; with the inputs of the year before, the same model gives "
        f"{frequency_text(before, per)}."
    )


def describe_cases(cases: pd.DataFrame, names: dict[tuple[str, int], str], window: int) -> pd.DataFrame:
    """The nearest past cases and what followed there; `names` are those of (row, year)."""
    order = cases.sort_values("place")
    keys = list(zip(order["case_iso3"], order["case_origin"], strict=True))
    return pd.DataFrame(
        {
            "State": [names.get(key, key[0]) for key in keys],
            "At the end of": [f"{year}" for _, year in keys],
            "Distance (points of 0-100)": [f"{distance:.1f}" for distance in order["distance"]],
            "What followed": [
                f"{happened_text(event)} {window_text(year, window)}"
                for event, (_, year) in zip(order["event"], keys, strict=True)
            ],
        }
    ).set_index("State")


def cases_text(cases: pd.DataFrame) -> str:
    """How many of the nearest past cases saw the event."""
    return (
        f"Of the {len(cases)} past cases whose scores of the risk factors are nearest, {int(cases['event'].sum())} saw "
        "the event in the window that followed. So few cases illustrate; they are not how the forecast is made."
    )


def above_text(replicates: pd.DataFrame, one: str, other: str, names: dict[str, str]) -> str:
    """Whether one State is above another: the share of the replicates in which it is.

    `replicates` are the lines of one outcome and window of both States.
    """
    wide = replicates.pivot(index="replicate", columns="iso3", values="probability")
    if not {one, other} <= set(wide):
        missing = " and ".join(names[code] for code in (one, other) if code not in wide)
        return f"They cannot be compared: there is no forecast for {missing}."
    above, below = int((wide[one] > wide[other]).sum()), int((wide[one] < wide[other]).sum())
    certain = max(above, below) / len(wide) >= CERTAIN
    said = "As far as the model can tell, the order is clear." if certain else "Which of them is higher is not certain."
    return (
        f"The likelihood of {names[one]} is above that of {names[other]} in {above} of {len(wide)} replicates "
        f"(about {above / len(wide) * 100:.0f} in 100). {said}"
    )
