"""What a reader of a track record needs: places in the yearly list, hits and misses, words. Needs no scikit-learn."""

import pandas as pd

PUBLISHED = "published"
LEVEL_LINE = "level"  # of the explanations: the typical State against the base rate
INTERVAL = (0.025, 0.975)  # quantiles of the resamples
BASELINES = ("climatology", "infant_mortality_population", "last_state", "index")
GROUP = ["outcome", "design", "window_years"]
LOWER_IS_BETTER = ("log_score", "brier_score")
NO_DIRECTION = ("forecast_to_event_ratio",)


def recall_at(k: int, *, event: pd.Series, probability: pd.Series, origin: pd.Series, ties: str = "better") -> float:
    """Share of events whose country was among the k highest of its origin year, 0 to 1.

    All three series share one index (one row per country and origin year). `ties`: "better" gives all tied countries
    the best of their ranks; "chance" counts an event for the share of orders of the tied countries in which it is
    among the k. They differ only where countries are tied at the k-th place; a forecast that is the same for every
    country has a recall of 1 by the first and of k in the number of countries by the second.

    Raises:
        ValueError: no event at all, a probability outside [0, 1] or missing, or another word for `ties`.
    """
    wrong = probability[~probability.between(0, 1)]
    if not wrong.empty:
        raise ValueError(
            f"{len(wrong)} probabilities are missing or outside 0 to 1: {wrong.head().to_dict()}. "
            "Leave out the rows without a forecast; give shares, not percentages."
        )
    if not (event == 1).any():
        raise ValueError("No row has an event, so that there is no recall: take more origin years.")
    return float(in_top(k, probability=probability, origin=origin, ties=ties)[event == 1].mean())


def in_top(k: int, *, probability: pd.Series, origin: pd.Series, ties: str = "chance") -> pd.Series:
    """For each row 1 if it is among the k highest of its origin year, 0 if not, between them where ties are left to
    chance; the series share one index, as in `recall_at`.

    Raises:
        ValueError: another word for `ties`.
    """
    places = probability.groupby(origin)
    first = places.rank(ascending=False, method="min")
    if ties == "better":
        return (first <= k).astype(float)
    if ties == "chance":
        tied = places.rank(ascending=False, method="max") - first + 1
        return ((k + 1 - first) / tied).clip(0, 1)
    raise ValueError(f"ties={ties!r} is not known: write 'better' or 'chance'.")


def placed_rows(backtest: pd.DataFrame) -> pd.DataFrame:
    """The published model's rows with `rank` and `ranked`, as `yearly_hits` has them.

    Raises:
        ValueError: the table has no published model.
    """
    rows = backtest[(backtest["model"] == PUBLISHED) & backtest["probability"].notna()]
    if rows.empty:
        models = sorted(backtest["model"].unique())
        raise ValueError(f"The backtest has no forecast of the model {PUBLISHED!r}; it has {models[:5]}.")
    lists = rows.groupby([*GROUP, "origin"], observed=True)["probability"]
    return rows.assign(rank=lists.rank(ascending=False, method="min").astype(int), ranked=lists.transform("size"))


def yearly_hits(backtest: pd.DataFrame, *, top: int = 30) -> pd.DataFrame:
    """Each event of the backtest with the place that the published model gave its country in that origin year.

    One row per outcome, design, window, origin and country with an event: `probability` (0 to 1), `rank` (1 is the
    highest; tied countries share the better rank), `ranked` (number of countries with a forecast that year) and `hit`
    (rank <= top). With a window of two years an event is in the windows of two origins, and has two rows.

    Raises:
        ValueError: the table has no published model.
    """
    placed = placed_rows(backtest)
    hits = placed[placed["event"] == 1].assign(hit=lambda found: found["rank"] <= top)
    columns = [
        *GROUP,
        "origin",
        "window_start",
        "window_end",
        "iso3",
        "gw_code",
        "probability",
        "rank",
        "ranked",
        "hit",
    ]
    return hits[columns].sort_values([*GROUP, "origin", "rank", "iso3"], ignore_index=True)


def verdict(lower: float, upper: float, *, metric: str = "auc") -> str:
    """In words, what the interval of a difference (published minus baseline) says of the published model.

    "not distinguishable" where zero is inside or at an end, else "better" or "worse"; "not known" without an interval.
    The metric says which way is good: a lower log or Brier score is better. The ratio of forecasts to events is best
    at 1, so that a difference of ratios is neither: "higher" or "lower".
    """
    if pd.isna(lower) or pd.isna(upper):
        return "not known"
    if lower <= 0 <= upper:
        return "not distinguishable"
    if metric in NO_DIRECTION:
        return "higher" if lower > 0 else "lower"
    return "better" if (lower > 0) != (metric in LOWER_IS_BETTER) else "worse"
