"""How much the choices behind the index matter, in words and tables, from the release's tables of sensitivity."""

import pandas as pd

NO_TABLE = "This release has no tables of sensitivity: it was made before there were any."
CHOICES = {
    "indicator_weights": "Weights of the indicators",
    "factor_weights": "Weights of the factors",
    "balance": "Balance of the two parts",
    "aggregation": "How factors are averaged",
    "normalisation": "Scale of the indicators",
    "dropped_indicator": "Leaving out one indicator",
    "dropped_factor": "Leaving out one factor",
}
ALTERNATIVES = {
    ("indicator_weights", "equal"): "all indicators of a factor weigh the same",
    ("indicator_weights", "data_driven"): "weights from the data (first principal component)",
    ("indicator_weights", "random"): "weights drawn from half to double the published",
    ("factor_weights", "data_driven"): "weights from the data (first principal component)",
    ("factor_weights", "random"): "weights drawn from half to double the published",
    ("balance", "structural_third"): "structural part one third",
    ("balance", "structural_two_thirds"): "structural part two thirds",
    ("aggregation", "geometric"): "geometric mean: a low factor pulls the index down",
    ("aggregation", "geometric_of_distance"): "geometric mean of the distance from 100: a high factor pulls it up",
    ("normalisation", "standard_scores"): "standard scores within the year",
    ("normalisation", "percentile_ranks"): "percentile ranks within the year",
}
LEFT_OUT = "dropped_indicator"
LISTED = 10  # indicators whose leaving out moves places most
ABOUT = (
    "All these choices were drawn at once, 2,048 times, each as likely as its alternatives; in half of the draws no "
    "indicator, and in half no factor, is left out. A share of the variance says how much of the movement of places a "
    "choice makes alone, and together with what it does through others; the shares alone do not add up to 100 %, since "
    "choices act through each other. What is known of each State stays as it is. `docs/method.md` has the details."
)


def place_text(row: pd.DataFrame) -> str:
    """A State's place and its interval, in a sentence; `row` is its line of the table `sensitivity`, or empty."""
    if row.empty:
        return ""
    one = row.iloc[0]
    return (
        f"place {one['rank']} of {one['ranked']} by the index; between {one['rank_lower']} and {one['rank_upper']} "
        "under other reasonable choices (95 % of 2,048 drawn)"
    )


def summary(states: pd.DataFrame, others: pd.DataFrame, shares: pd.DataFrame) -> str:
    """What moves places most, and by how much, in plain words; the arguments are the release's three tables."""
    width = (states["rank_upper"] - states["rank_lower"]).median()
    first = shares.sort_values("total", ascending=False, kind="stable").iloc[0]
    single = others[others["choice"] != LEFT_OUT].sort_values("mean_change", ascending=False, kind="stable").iloc[0]
    left_out = others[others["choice"] == LEFT_OUT]["mean_change"]
    return (
        f"Of {len(states)} States with an index in {states['year'].iloc[0]}, half have an interval of the place "
        f"(95 % of what other reasonable choices give) of {width:.0f} places or fewer. Most of the movement comes "
        f"from: **{CHOICES[first['choice']].lower()}**, {first['total']:.0%} of the variance with what it does through "
        f"other choices, {first['first_order']:.0%} alone. Of single changes, this one moves places most: "
        f"**{alternative_text(single).lower()}**, by {single['mean_change']:.1f} places on average. Leaving out one "
        f"indicator moves them by {left_out.min():.1f} to {left_out.max():.1f} places on average."
    )


def alternative_text(line: pd.Series, titles: dict[str, str] | None = None) -> str:
    """One alternative in words; `titles` of indicators and factors by their names."""
    choice, name = line["choice"], line["alternative"]
    return f"{CHOICES[choice]}: {ALTERNATIVES.get((choice, name)) or (titles or {}).get(name, name)}"


def describe_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Each choice's share of the variance, largest first."""
    ordered = shares.sort_values("total", ascending=False, kind="stable")
    columns = {"Alone": "first_order", "With what it does through others": "total"}
    return pd.DataFrame(
        {"Choice": ordered["choice"].map(CHOICES)}
        | {title: [_share_text(line, name) for _, line in ordered.iterrows()] for title, name in columns.items()}
    ).set_index("Choice")


def _share_text(line: pd.Series, name: str) -> str:
    lower, upper = max(line[f"{name}_lower"], 0), line[f"{name}_upper"]
    return f"{line[name]:.1%} ({lower:.1%} to {upper:.1%})"


def describe_alternatives(others: pd.DataFrame, names: dict[str, str], titles: dict[str, str]) -> pd.DataFrame:
    """Each choice made otherwise, and the indicators whose leaving out moves places most.

    `names` of States by code, `titles` of indicators and factors by name.
    """
    by_change = others[others["choice"] == LEFT_OUT].sort_values("mean_change", ascending=False, kind="stable")
    shown = pd.concat([others[others["choice"] != LEFT_OUT], by_change.head(LISTED)])
    return pd.DataFrame(
        {
            "Choice made otherwise": [alternative_text(line, titles) for _, line in shown.iterrows()],
            "Mean change of place": [f"{change:.1f}" for change in shown["mean_change"]],
            "Largest change": [
                f"{names.get(iso3, iso3)}: {abs(change)} {'down' if change > 0 else 'up'}"
                for iso3, change in zip(shown["largest_iso3"], shown["largest_change"], strict=True)
            ],
            "Correlation with the published places": [f"{alike:.3f}" for alike in shown["spearman"]],
        }
    ).set_index("Choice made otherwise")
