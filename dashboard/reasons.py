"""One State's forecasts: how likely each outcome is, why, what changed, nearest past cases, and who is above whom."""

import math

import pandas as pd

from dashboard.language import _, form, ngettext, number
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
    lines = [_line_now(str(name), row) for name, row in rows.items()]
    return pd.DataFrame(lines).set_index(_("What may come"))


def _line_now(name: str, row: dict) -> dict[str, str]:
    per = count_among(row["probability"], row["base_rate"])
    known = not pd.isna(row["probability"])
    return {
        _("What may come"): outcome_title(name),
        _("Of States like this"): frequency_text(row["probability"], per) if known else _("too little is known"),
        _("95 % interval"): between_text(row["lower"], row["upper"], per),
        _("Base rate"): frequency_text(row["base_rate"], per),
        _("Compared"): compare_text(row["probability"], row["base_rate"]) or _("not known"),
        _("Place"): place_text(row),
        _("95 % interval of the place"): places_text(row),
    }


def outcomes_then(rows: pd.DataFrame) -> pd.DataFrame:
    """How likely each outcome would have been called at an earlier year's end, and what then happened, as text.

    `rows`: one line per outcome with the columns of `likelihood.COLUMNS`; an outcome without one has no forecast.
    """
    given = rows.set_index("outcome").reindex(list(OUTCOMES)).to_dict("index")
    lines = [_line_then(str(name), row) for name, row in given.items()]
    return pd.DataFrame(lines).set_index(_("What might have come"))


def _line_then(name: str, row: dict) -> dict[str, str]:
    per = count_among(row["probability"], row["base_rate"])
    known = not pd.isna(row["probability"])
    return {
        _("What might have come"): outcome_title(name),
        _("Of States like this"): frequency_text(row["probability"], per) if known else _("no forecast"),
        _("Base rate then"): frequency_text(row["base_rate"], per),
        _("Place"): place_text(row),
        _("What then happened"): happened_text(row["event"]) if known else _("not known here"),
    }


def by_factor(explanations: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """What each risk factor adds to the log-odds, and the level: what, contribution, change; most raising first.

    `explanations` are the lines of one forecast. A change is missing where nothing is known of the year before.
    """
    titles = {row.factor: f"{row.factor}. {_(row.name)}" for row in factors[["factor", "name"]].itertuples(index=False)}
    keys = explanations["factor"].map(titles).fillna(_("Level"))
    sums = explanations.groupby(keys)[["contribution", "change"]].sum(min_count=1).rename_axis("what").reset_index()
    return sums.sort_values("contribution", ascending=False, ignore_index=True)


def odds_text(log_odds: float) -> str:
    """A contribution as what it does to the odds: "odds times 1.65"; "not known" if it is missing."""
    if pd.isna(log_odds):
        return _("not known")
    return _("odds times {ratio}").format(ratio=form(math.exp(log_odds), ".2f"))


def no_list(text: str) -> str:
    """A numbered name as it is shown: in Markdown "13. Name" would begin a list."""
    return text.replace(". ", "\\. ", 1)


def describe_factors(sums: pd.DataFrame) -> pd.DataFrame:
    """The table behind the chart of contributions (`by_factor`), every cell as text."""
    return pd.DataFrame(
        {
            _("Risk factor"): sums["what"].map(no_list),
            _("Adds to the log-odds"): [form(adds, "+.2f") for adds in sums["contribution"]],
            _("Which means"): [odds_text(adds) for adds in sums["contribution"]],
        }
    ).set_index(_("Risk factor"))


def describe_changes(sums: pd.DataFrame) -> pd.DataFrame:
    """What changed since the year before by factor, largest first, every cell as text; what did not is left out."""
    moved = sums[sums["change"].isna() | (sums["change"].abs() >= 0.005)]
    order = moved["change"].abs().sort_values(ascending=False, na_position="last", kind="stable").index
    moved = moved.loc[order]
    return pd.DataFrame(
        {
            _("Risk factor"): moved["what"].map(no_list),
            _("Change of the log-odds"): [
                _("not known") if pd.isna(by) else form(by, "+.2f") for by in moved["change"]
            ],
            _("Which means"): [odds_text(by) for by in moved["change"]],
        }
    ).set_index(_("Risk factor"))


def describe_indicators(explanations: pd.DataFrame, catalogue: pd.DataFrame, factors: pd.DataFrame) -> pd.DataFrame:
    """Each indicator's contribution with the year of its value: factors in order, within one the largest first."""
    titles = catalogue.set_index("indicator")["title"].map(_)
    names = factors.set_index("factor")["name"].map(_)
    parts = explanations[explanations["indicator"] != LEVEL_LINE]
    order = parts.assign(size=-parts["contribution"].abs()).sort_values(["factor", "size"], kind="stable")
    return pd.DataFrame(
        {
            _("Risk factor"): [f"{factor}. {names.get(factor, '')}" for factor in order["factor"]],
            _("Indicator"): [titles.get(code, code) for code in order["indicator"]],
            _("Adds to the log-odds"): order["contribution"].round(3),
            _("Which means"): [odds_text(adds) for adds in order["contribution"]],
            _("Change since the year before"): order["change"].round(3),
            _("Data year"): [_("not known") if pd.isna(year) else f"{year:.0f}" for year in order["data_year"]],
        }
    )


def level_text(explanations: pd.DataFrame) -> str:
    """The line `level` in words: where a State with the typical value of every indicator stands."""
    level = explanations.loc[explanations["indicator"] == LEVEL_LINE, "contribution"].sum()
    if level < 0:
        text = _(
            "**Level** is where all States start: one with the typical value of every indicator is below the base rate "
            "({odds}). A few States at high risk raise the base rate, so that most States are below it."
        )
    else:
        text = _(
            "**Level** is where all States start: one with the typical value of every indicator is above the base rate "
            "({odds})."
        )
    return text.format(odds=odds_text(level))


def strongest_text(sums: pd.DataFrame) -> str:
    """The chart of contributions in words: what raises the likelihood most, and what lowers it most."""
    top, bottom = sums.iloc[0], sums.iloc[-1]
    told = {"top": top["what"], "raised": odds_text(top["contribution"])}
    told |= {"bottom": bottom["what"], "lowered": odds_text(bottom["contribution"])}
    if top["contribution"] > 0 > bottom["contribution"]:
        return _("What raises it most: {top} ({raised}). What lowers it most: {bottom} ({lowered}).").format(**told)
    if top["contribution"] > 0:
        return _("What raises it most: {top} ({raised}). Nothing lowers it.").format(**told)
    if bottom["contribution"] < 0:
        return _("Nothing raises it. What lowers it most: {bottom} ({lowered}).").format(**told)
    return _("Nothing raises or lowers it.")


def sum_text(explanations: pd.DataFrame, forecast: pd.Series) -> str:
    """How the bars add up to the forecast."""
    per = count_among(forecast["probability"], forecast["base_rate"])
    return _(
        "All bars together: {odds}, from the base rate ({base}) to this forecast ({forecast}). A factor's bar says "
        "what the model makes of its values, beside those of a typical State; it does not say what causes what."
    ).format(
        odds=odds_text(explanations["contribution"].sum()),
        base=frequency_text(forecast["base_rate"], per),
        forecast=frequency_text(forecast["probability"], per),
    )


def before_text(forecast: pd.Series) -> str:
    """The forecast beside that of the same model with the inputs of the year before."""
    now, before = forecast["probability"], forecast["probability_before"]
    if pd.isna(before):
        return _("Of the year before too little is known to say what changed.")
    per = count_among(now, before, forecast["base_rate"])
    text = _("{now} now; with the inputs of the year before, the same model gives {before}.").format(
        now=frequency_text(now, per), before=frequency_text(before, per)
    )
    return text[:1].upper() + text[1:]


def describe_cases(cases: pd.DataFrame, names: dict[tuple[str, int], str], window: int) -> pd.DataFrame:
    """The nearest past cases and what followed there; `names` are those of (row, year)."""
    order = cases.sort_values("place")
    keys = list(zip(order["case_iso3"], order["case_origin"], strict=True))
    followed = zip(order["event"], order["case_origin"], strict=True)
    return pd.DataFrame(
        {
            _("State"): [names.get(key, key[0]) for key in keys],
            _("At the end of"): [f"{year}" for _iso3, year in keys],
            _("Distance (points of 0-100)"): [number(distance, 1) for distance in order["distance"]],
            _("What followed"): [_followed_text(event, window_text(year, window)) for event, year in followed],
        }
    ).set_index(_("State"))


def _followed_text(event: float, when: str) -> str:
    if pd.isna(event):
        return _("not known yet {when}").format(when=when)
    return (_("it came {when}") if event else _("it did not come {when}")).format(when=when)


def cases_text(cases: pd.DataFrame) -> str:
    """How many of the nearest past cases saw the event."""
    return ngettext(
        "Of the {cases} past case whose scores of the risk factors are nearest, {events} saw the event in the window "
        "that followed. So few cases illustrate; they are not how the forecast is made.",
        "Of the {cases} past cases whose scores of the risk factors are nearest, {events} saw the event in the window "
        "that followed. So few cases illustrate; they are not how the forecast is made.",
        len(cases),
    ).format(cases=number(len(cases)), events=number(cases["event"].sum()))


def above_text(replicates: pd.DataFrame, one: str, other: str, names: dict[str, str]) -> str:
    """Whether one State is above another: the share of the replicates in which it is.

    `replicates` are the lines of one outcome and window of both States.
    """
    wide = replicates.pivot(index="replicate", columns="iso3", values="probability")
    missing = [names[code] for code in (one, other) if code not in wide]
    if len(missing) == 2:
        text = _("They cannot be compared: there is no forecast for {one} and {other}.")
        return text.format(one=missing[0], other=missing[1])
    if missing:
        return _("They cannot be compared: there is no forecast for {country}.").format(country=missing[0])
    above, below = int((wide[one] > wide[other]).sum()), int((wide[one] < wide[other]).sum())
    certain = max(above, below) / len(wide) >= CERTAIN
    text = _(
        "The likelihood of {one} is above that of {other} in {above} of {replicates} replicates (about {share} in 100)."
    ).format(
        one=names[one],
        other=names[other],
        above=number(above),
        replicates=number(len(wide)),
        share=number(above / len(wide) * 100),
    )
    clear, unclear = (
        _("As far as the model can tell, the order is clear."),
        _("Which of them is higher is not certain."),
    )
    return f"{text} {clear if certain else unclear}"
