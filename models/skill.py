"""How good the forecasts were: scores with intervals, paired differences to the baselines, reliability.

Intervals come from resampling countries with all their years, since the years of one country are not independent
(Field and Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x). All models and periods are scored on the same resamples.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pandera.pandas as pa
from joblib import Parallel, delayed
from scipy.stats import binomtest  # type: ignore[import-untyped]
from sklearn import config_context
from sklearn.metrics import auc, average_precision_score, roc_curve

from models.track import BASELINES, GROUP, INTERVAL, PUBLISHED, in_top, recall_at, verdict, yearly_hits

__all__ = ["METRICS", "check", "recall_at", "reliability", "skill", "verdict", "yearly_hits"]

PLACES = (10, 20, 30)
RECALL = [f"recall_at_{k}" for k in PLACES]
METRICS = ["auc", "average_precision", *RECALL, "log_score", "brier_score", "brier_skill", "forecast_to_event_ratio"]
REFERENCE = "climatology"
KEY = [*GROUP, "origin", "iso3"]
DECADE = 10  # years
UNDEFINED = 0.1  # no interval if more of the resamples have no score, as with events in one or two countries alone
BINS = 10
SMALLEST = np.finfo(float).eps  # a probability of 0 for what happened costs 36 nats, as in scikit-learn's log_loss
REMEDY = "Mend where they come from, and run `python pipeline.py backtest` again."

TEXT, YEAR = pa.Column(str), pa.Column("int64")
BACKTEST = pa.DataFrameSchema(
    {"outcome": TEXT, "design": TEXT, "window_years": YEAR, "origin": YEAR, "iso3": TEXT, "model": TEXT}
    | {"probability": pa.Column(float, pa.Check.between(0, 1), nullable=True)}
    | {"event": pa.Column(float, pa.Check.isin([0, 1]), nullable=True)},
    unique=[*KEY, "model"],
    coerce=True,
)


def skill(
    backtest: pd.DataFrame,
    *,
    replicates: int = 200,
    random_state: int = 0,
    jobs: int = 1,
    against: tuple[str, ...] = BASELINES,
    by_decade: bool = True,
) -> pd.DataFrame:
    """Scores of each model, and differences of the published one to each of `against`, with 95 % intervals.

    `backtest`: one row per outcome, design, window_years, origin, iso3 and model, with probability (0 to 1; missing =
    no forecast) and event (0, 1; missing = not known). A model is scored on the rows for which it and climatology
    have a forecast, a difference (published minus baseline) on those for which the baseline has one too. A country
    whose event is not known is not scored, but keeps its place in the yearly list.

    Returns one row per outcome, design, window_years, period, model, baseline (empty: the score itself) and metric:
    estimate, lower, upper, the n rows scored and the events among them. Periods are `all` and the decades counted
    from the table's first origin with a known event; the last one ends with the table's last such origin. Without
    `by_decade` there is `all` alone.
    log_score (mean, nats) and brier_score: lower is better. brier_skill: 1 - Brier score / that of climatology.
    forecast_to_event_ratio: sum of probabilities / events. In recall, ties are left to chance (see `recall_at`), and
    a resample changes which countries' events are counted, not the yearly list as it was issued.
    Missing: a score that is undefined (there is no event, or no climatology), and the interval of one that is
    undefined in more than a tenth of the resamples. Where each resample has the same score, such as a recall of 1,
    the interval has no width: read it with the number of events.
    The same `random_state` gives the same numbers, whatever `jobs` and the order of the rows.

    Raises:
        ValueError: see `check`.
    """
    table = check(backtest)
    draws = draw_countries(table["iso3"], replicates=replicates, random_state=random_state)
    periods = _periods(table, by_decade=by_decade)
    parts = Parallel(n_jobs=jobs)(delayed(_score_period)(key, wide, draws, against) for key, wide in periods)
    columns = [*GROUP, "period", "model", "published", "baseline", "metric"]
    return pd.DataFrame(
        [line for part in parts for line in part], columns=[*columns, "estimate", "lower", "upper", "n", "events"]
    )


def check(backtest: pd.DataFrame) -> pd.DataFrame:
    """The table as `skill` needs it, without rows that have no forecast.

    Raises:
        ValueError: a column is missing, a probability outside [0, 1], an event other than 0 and 1, a row there twice,
            different events for two models of one row, or no event known.
    """
    try:
        table = BACKTEST.validate(backtest.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check", "failure_case", "index"]].head().to_string(index=False)
        raise ValueError(
            f"{len(errors.failure_cases)} cells of the backtest are wrong, the first:\n{cases}\n{REMEDY}"
        ) from None
    events = table.groupby(KEY)["event"]
    differing = table[events.transform("nunique") > 1]
    if not differing.empty:
        cases = differing[[*KEY, "model", "event"]].head().to_string(index=False)
        raise ValueError(
            f"{len(differing)} rows of the backtest have another event than another model:\n{cases}\n{REMEDY}"
        )
    if table["event"].isna().all():
        raise ValueError("No event of the backtest is known, so that nothing can be scored: take earlier origins.")
    return table.assign(event=events.transform("first")).dropna(subset="probability")


def draw_countries(codes: pd.Series, *, replicates: int, random_state: int) -> pd.DataFrame:
    """How often each country (columns) is in each resample; the first row is the sample itself."""
    countries = sorted(codes.unique())
    shares = np.full(len(countries), 1 / len(countries))
    drawn = np.random.default_rng(random_state).multinomial(len(countries), shares, size=replicates)
    return pd.DataFrame(np.vstack([np.ones_like(shares), drawn]), columns=countries)


def _periods(table: pd.DataFrame, *, by_decade: bool) -> Iterator[tuple[tuple, pd.DataFrame]]:
    """Key and rows of each period: by origin and country, the event and the probability by each model."""
    origins = table.loc[table["event"].notna(), "origin"]
    first, last = origins.min(), origins.max()
    for key, group in table[table["origin"].between(first, last)].groupby(GROUP):
        wide = group.pivot(index=["origin", "iso3"], columns="model", values="probability")
        wide = wide.assign(event=group.groupby(["origin", "iso3"])["event"].first())
        start = (wide.index.get_level_values("origin") - first) // DECADE * DECADE + first
        for period, rows in [("all", wide), *(wide.groupby(start) if by_decade else [])]:
            name = period if period == "all" else f"{period}-{min(period + DECADE - 1, last)}"
            if rows["event"].notna().any():
                yield (*key, name), rows


def _score_period(key: tuple, wide: pd.DataFrame, draws: pd.DataFrame, against: tuple[str, ...]) -> list[tuple]:
    """The lines of one period. Most pairs are compared on the same rows, so that a score is kept by model and rows."""
    scored: dict[tuple[str, bytes], dict[str, np.ndarray]] = {}
    lines = []
    for model, baseline in _pairs(wide, against):
        needed = [name for name in dict.fromkeys((model, baseline, REFERENCE)) if name in wide]
        common = wide[needed].notna().all(axis="columns").to_numpy()
        rows = wide[common]
        for name in needed:
            if (name, common.tobytes()) not in scored:
                scored[name, common.tobytes()] = _score(rows, name, draws)
        known = rows["event"].dropna()
        values = {name: scored[name, common.tobytes()] for name in needed}
        for metric, difference in _differences(values, model, baseline).items():
            about = (*key, model, model == PUBLISHED, baseline, metric)
            lines.append((*about, *interval(difference), len(known), int(known.sum())))
    return lines


def _pairs(wide: pd.DataFrame, against: tuple[str, ...]) -> list[tuple[str, str]]:
    """(model, baseline): each model by itself, then the published one with each of `against`."""
    models = list(wide.columns.drop("event"))
    compared = [(PUBLISHED, name) for name in against if {PUBLISHED, name} <= set(models)]
    return [(model, "") for model in models] + compared


def _differences(values: dict[str, dict[str, np.ndarray]], model: str, baseline: str) -> dict[str, np.ndarray]:
    """Each metric's value, or difference to the baseline, in each resample."""
    undefined = {"brier_score": np.full_like(values[model]["brier_score"], np.nan)}
    reference = values.get(REFERENCE, undefined)["brier_score"]
    full = {
        name: scores | {"brier_skill": 1 - ratio(scores["brier_score"], reference)} for name, scores in values.items()
    }
    return {metric: full[model][metric] - (full[baseline][metric] if baseline else 0) for metric in METRICS}


def _score(rows: pd.DataFrame, model: str, draws: pd.DataFrame) -> dict[str, np.ndarray]:
    """Every score but the Brier skill, one value for each resample.

    The scores that are means over rows are taken for all resamples at once: as many calls of log_loss and
    brier_score_loss would cost half of the time; a test holds them against these.
    """
    origin = rows.index.get_level_values("origin").to_series(index=rows.index)
    listed = {name: in_top(k, probability=rows[model], origin=origin) for name, k in zip(RECALL, PLACES, strict=True)}
    # rows in order of probability are sorted faster, once for each resample
    frame = rows[[model, "event"]].assign(**listed).dropna().sort_values(model, ascending=False, kind="stable")
    event, probability = frame["event"].to_numpy() == 1, frame[model].to_numpy()
    weight = draws[frame.index.get_level_values("iso3")].to_numpy()
    given = np.where(event, probability, 1 - probability)  # probability given to what happened
    number, events = weight.sum(axis=1), weight @ event
    ranking = np.array([_ranking(event, probability, drawn) for drawn in weight])
    return {
        "auc": ranking[:, 0],
        "average_precision": ranking[:, 1],
        **{name: ratio(weight @ (frame[name].to_numpy() * event), events) for name in RECALL},
        "log_score": ratio(weight @ -np.log(given.clip(SMALLEST)), number),
        "brier_score": ratio(weight @ (1 - given) ** 2, number),
        "forecast_to_event_ratio": ratio(weight @ probability, events),
    }


def _ranking(event: np.ndarray, probability: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """AUC and average precision; missing without an event, or with nothing else."""
    drawn = weight > 0
    happened, given, times = event[drawn], probability[drawn], weight[drawn]
    if happened.all() or not happened.any():
        return np.nan, np.nan
    with config_context(assume_finite=True, skip_parameter_validation=True):  # checked once, used thousands of times
        false, true, _ = roc_curve(happened, given, sample_weight=times, drop_intermediate=False)
        return auc(false, true), average_precision_score(happened, given, sample_weight=times)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Missing where it would be divided by zero."""
    return np.divide(above, below, out=np.full(len(above), np.nan), where=below != 0)


def interval(values: np.ndarray) -> tuple[float, float, float]:
    """The estimate (the first value) and the ends of the interval from the others."""
    estimate, resampled = float(values[0]), values[1:]
    if resampled.size == 0 or np.isnan(estimate) or np.isnan(resampled).mean() > UNDEFINED:
        return estimate, np.nan, np.nan
    lower, upper = np.nanquantile(resampled, INTERVAL)
    return estimate, float(lower), float(upper)


def reliability(backtest: pd.DataFrame, *, replicates: int = 200, random_state: int = 0) -> pd.DataFrame:
    """What happened where a model said how much: mean probability and share of events in bins of equal size.

    `backtest` as in `skill`. One row per outcome, design, window_years, model and bin (1 = lowest; ten bins, fewer
    where many probabilities are equal): n rows, events, mean_probability and event_rate (0 to 1) with lower and upper,
    the wider of two 95 % intervals: Wilson's, which has a width where no event is seen, and that from resampling
    countries, which knows that the years of one country go together.

    Raises:
        ValueError: see `check`.
    """
    table = check(backtest).dropna(subset="event")
    draws = draw_countries(table["iso3"], replicates=replicates, random_state=random_state)
    groups = table.groupby([*GROUP, "model"])
    number = groups["probability"].transform(lambda given: pd.qcut(given, BINS, labels=False, duplicates="drop"))
    table = table.assign(bin=number.fillna(0).astype(int) + 1)  # one value for all is one bin
    lines = [(*key, *_observed(rows, draws)) for key, rows in table.groupby([*GROUP, "model", "bin"])]
    columns = ["n", "events", "mean_probability", "event_rate", "lower", "upper"]
    return pd.DataFrame(lines, columns=[*GROUP, "model", "bin", *columns])


def _observed(rows: pd.DataFrame, draws: pd.DataFrame) -> tuple:
    event, weight = rows["event"].to_numpy(), draws[rows["iso3"]].to_numpy()
    rate, low, high = interval(ratio(weight @ event, weight.sum(axis=1)))
    wilson = binomtest(int(event.sum()), len(event)).proportion_ci(method="wilson")
    lower, upper = np.fmin(low, wilson.low), np.fmax(high, wilson.high)
    return len(event), int(event.sum()), rows["probability"].mean(), rate, float(lower), float(upper)
