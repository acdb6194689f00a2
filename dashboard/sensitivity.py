"""How much the choices behind the index matter, in words and tables, from the release's tables of sensitivity."""

import pandas as pd

from dashboard.language import N_, _, form, inside, ngettext, number, percent

NO_TABLE = N_("This release has no tables of sensitivity: it was made before there were any.")
CHOICES = {
    "indicator_weights": N_("Weights of the indicators"),
    "factor_weights": N_("Weights of the factors"),
    "balance": N_("Balance of the two parts"),
    "aggregation": N_("How factors are averaged"),
    "normalisation": N_("Scale of the indicators"),
    "dropped_indicator": N_("Leaving out one indicator"),
    "dropped_factor": N_("Leaving out one factor"),
}
ALTERNATIVES = {
    ("indicator_weights", "equal"): N_("all indicators of a factor weigh the same"),
    ("indicator_weights", "data_driven"): N_("weights from the data (first principal component)"),
    ("indicator_weights", "random"): N_("weights drawn from half to double the published"),
    ("factor_weights", "data_driven"): N_("weights from the data (first principal component)"),
    ("factor_weights", "random"): N_("weights drawn from half to double the published"),
    ("balance", "structural_third"): N_("structural part one third"),
    ("balance", "structural_two_thirds"): N_("structural part two thirds"),
    ("aggregation", "geometric"): N_("geometric mean: a low factor pulls the index down"),
    ("aggregation", "geometric_of_distance"): N_("geometric mean of the distance from 100: a high factor pulls it up"),
    ("normalisation", "standard_scores"): N_("standard scores within the year"),
    ("normalisation", "percentile_ranks"): N_("percentile ranks within the year"),
}
LEFT_OUT = "dropped_indicator"
LISTED = 10  # indicators whose leaving out moves places most
ABOUT = N_(
    "All these choices were drawn at once, 2,048 times, each as likely as its alternatives; in half of the draws no "
    "indicator, and in half no factor, is left out. A share of the variance says how much of the movement of places a "
    "choice makes alone, and together with what it does through others; the shares alone do not add up to 100 %, since "
    "choices act through each other. What is known of each State stays as it is. `docs/method.md` has the details."
)


def choice_title(line: pd.Series) -> str:
    """The title of a line's choice in the language in use."""
    title = CHOICES[line["choice"]]
    return _(title)


def place_text(row: pd.DataFrame) -> str:
    """A State's place and its interval, in a sentence; `row` is its line of the table `sensitivity`, or empty."""
    if row.empty:
        return ""
    places = row.iloc[0][["rank", "ranked", "rank_lower", "rank_upper"]]
    return _(
        "place {rank} of {ranked} by the index; between {rank_lower} and {rank_upper} under other reasonable choices "
        "(95 % of 2,048 drawn)"
    ).format(**{name: form(place, "d") for name, place in places.items()})


def summary(states: pd.DataFrame, others: pd.DataFrame, shares: pd.DataFrame) -> str:
    """What moves places most, and by how much, in plain words; the arguments are the release's three tables."""
    return f"{_width_text(states)} {_share_of_largest(shares)} {_single_text(others)}"


def _width_text(states: pd.DataFrame) -> str:
    """How wide the intervals of places are."""
    width = (states["rank_upper"] - states["rank_lower"]).median()
    return ngettext(
        "Of {count} States with an index in {year}, half have an interval of the place (95 % of what other reasonable "
        "choices give) of {width} place or fewer.",
        "Of {count} States with an index in {year}, half have an interval of the place (95 % of what other reasonable "
        "choices give) of {width} places or fewer.",
        round(width),
    ).format(count=number(len(states)), year=states["year"].iloc[0], width=number(width))


def _share_of_largest(shares: pd.DataFrame) -> str:
    """Which choice makes most of the movement of places."""
    first = _by_share(shares).iloc[0]
    return _(
        "Most of the movement comes from: **{choice}**, {total} of the variance with what it does through other "
        "choices, {alone} alone."
    ).format(choice=inside(choice_title(first)), total=percent(first["total"]), alone=percent(first["first_order"]))


def _single_text(others: pd.DataFrame) -> str:
    """Which single change moves places most, and how much leaving out an indicator does."""
    single = others[others["choice"] != LEFT_OUT].sort_values("mean_change", ascending=False, kind="stable").iloc[0]
    left_out = others[others["choice"] == LEFT_OUT]["mean_change"]
    return _(
        "Of single changes, this one moves places most: **{change}**, by {places} places on average. Leaving out one "
        "indicator moves them by {low} to {high} places on average."
    ).format(
        change=inside(alternative_text(single)),
        places=number(single["mean_change"], 1),
        low=number(left_out.min(), 1),
        high=number(left_out.max(), 1),
    )


def _by_share(shares: pd.DataFrame) -> pd.DataFrame:
    return shares.sort_values("total", ascending=False, kind="stable")


def alternative_text(line: pd.Series, titles: dict[str, str] | None = None) -> str:
    """One alternative in words; `titles` of indicators and factors by their names."""
    choice, name = line["choice"], line["alternative"]
    known = ALTERNATIVES.get((choice, name))
    told = _(known) if known else (titles or {}).get(name, name)
    return _("{choice}: {alternative}").format(choice=_(CHOICES[choice]), alternative=told)


def shares_text(shares: pd.DataFrame) -> str:
    """What the chart of shares shows, in a sentence."""
    ordered = _by_share(shares)
    ends = {"largest": ordered.iloc[0], "smallest": ordered.iloc[-1]}
    parts = {name: choice_title(line) for name, line in ends.items()}
    parts |= {f"{name}_share": percent(line["total"], 1) for name, line in ends.items()}
    return _(
        "Largest share of the variance, with what it does through others: {largest} ({largest_share}); smallest: "
        "{smallest} ({smallest_share})."
    ).format(**parts)


def describe_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Each choice's share of the variance, largest first."""
    ordered = _by_share(shares)
    columns = {_("Alone"): "first_order", _("With what it does through others"): "total"}
    return pd.DataFrame(
        {_("Choice"): [_(CHOICES[choice]) for choice in ordered["choice"]]}
        | {title: [_share_text(line, name) for _at, line in ordered.iterrows()] for title, name in columns.items()}
    ).set_index(_("Choice"))


def _share_text(line: pd.Series, name: str) -> str:
    ends = {"lower": max(line[f"{name}_lower"], 0), "upper": line[f"{name}_upper"], "estimate": line[name]}
    return _("{estimate} ({lower} to {upper})").format(**{end: percent(value, 1) for end, value in ends.items()})


def describe_alternatives(others: pd.DataFrame, names: dict[str, str], titles: dict[str, str]) -> pd.DataFrame:
    """Each choice made otherwise, and the indicators whose leaving out moves places most.

    `names` of States by code, `titles` of indicators and factors by name.
    """
    by_change = others[others["choice"] == LEFT_OUT].sort_values("mean_change", ascending=False, kind="stable")
    shown = pd.concat([others[others["choice"] != LEFT_OUT], by_change.head(LISTED)])
    largest = zip(shown["largest_iso3"], shown["largest_change"], strict=True)
    return pd.DataFrame(
        {
            _("Choice made otherwise"): [alternative_text(line, titles) for _at, line in shown.iterrows()],
            _("Mean change of place"): [number(change, 1) for change in shown["mean_change"]],
            _("Largest change"): [_moved_text(names.get(iso3, iso3), change) for iso3, change in largest],
            _("Correlation with the published places"): [form(alike, ".3f") for alike in shown["spearman"]],
        }
    ).set_index(_("Choice made otherwise"))


def _moved_text(name: str, change: int) -> str:
    text = _("{country}: {places} down") if change > 0 else _("{country}: {places} up")
    return text.format(country=name, places=number(abs(change)))
