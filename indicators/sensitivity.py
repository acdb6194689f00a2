"""How much the index's ranking depends on the choices behind it: weights, means, scales, what is left out.

Uncertainty and sensitivity analysis as in OECD/JRC (2008), doi:10.1787/9789264043466-en, step 7, and Saisana, Saltelli
and Tarantola (2005), doi:10.1111/j.1467-985X.2005.00350.x. Looks at one year of a release and at nothing else; the
index itself is in `indicators/composite.py`. All random numbers have a fixed seed: the same tables give the same bytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats  # type: ignore[import-untyped]
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from indicators.composite import (
    MEANS,
    Frame,
    Settings,
    as_published,
    factor_scores,
    index_of,
    read_frame,
    with_scores,
)

CHOICES = (  # the uniform inputs of the draws, in this order
    *("indicator_weights", "factor_weights", "balance", "aggregation", "normalisation"),
    *("dropped_indicator", "dropped_factor"),
)
FROM = ("scores", "indicators", "catalogue", "factors")  # tables of a release
SPREAD = 2.0  # a random weight is the published one times a number from a half to this, evenly on a logarithmic scale
BALANCE = (1 / 3, 2 / 3)  # share of the structural part: one part weighs up to twice the other
RANDOM = 500  # random sets of weights
DRAWS = 2048  # settings drawn at random, for the intervals of ranks
SCRAMBLES = 16  # independent samples for the shares of variance; their spread gives the intervals
SAMPLE = 256  # points in each, a power of 2; each is evaluated (choices + 2) times
BLOCK = 256  # settings computed at once: about 10 MB
WITHIN = 100 / 6  # points of a standard score: 0 to 100 is three standard deviations either way


def as_standard(scores: np.ndarray) -> np.ndarray:
    """Standard scores within the year, by column, as 50 plus 100/6 for each standard deviation, cut at 0 and 100."""
    with np.errstate(invalid="ignore"):  # a column without any value stays without
        return (50 + WITHIN * StandardScaler().fit_transform(scores)).clip(0, 100)


def as_percentiles(scores: np.ndarray) -> np.ndarray:
    """Percentile ranks within the year, by column, 0 to 100: the share with a lower score and half of those alike."""
    ranks = stats.rankdata(scores, axis=0, nan_policy="omit")
    return 100 * (ranks - 0.5) / np.maximum((~np.isnan(scores)).sum(axis=0), 1)


SCALES = {"goalposts": lambda scores: scores, "standard_scores": as_standard, "percentile_ranks": as_percentiles}


@dataclass(frozen=True)
class Options:
    """What can be chosen: frames by scale, and sets of weights by kind, each with one line per set."""

    frames: dict[str, Frame]
    indicator_weights: dict[str, np.ndarray]
    factor_weights: dict[str, np.ndarray]


@dataclass(frozen=True)
class Alternative:
    """One choice made otherwise, all others as published; `settings` has more than one line if it is drawn."""

    choice: str
    name: str
    settings: Settings
    scale: str = "goalposts"
    mean: str = "arithmetic"


def principal_weights(scores: np.ndarray) -> np.ndarray:
    """Squared loadings of the first principal component of the columns, which sum to 1.

    Columns are standardised; for this purpose alone a missing score takes its column's mean.
    """
    fill = SimpleImputer(strategy="mean", keep_empty_features=True)
    pca = make_pipeline(fill, StandardScaler(), PCA(n_components=1, svd_solver="full")).fit(scores)[-1]
    return pca.components_[0] ** 2


def make_options(frame: Frame) -> Options:
    """Every scale and set of weights for a frame."""
    rng = np.random.default_rng(0)
    published = as_published(frame)
    loadings, number = np.empty(len(frame.weights)), len(frame.codes)
    for at in range(number):
        own = frame.factor == at
        loadings[own] = principal_weights(frame.scores[:, own])
    scores, common = factor_scores(frame, published.indicator_weights)[0], np.empty(number)
    for own in (frame.structural, ~frame.structural):
        common[own] = principal_weights(scores[:, own])

    def draw(weights: np.ndarray) -> np.ndarray:
        return weights * SPREAD ** rng.uniform(-1, 1, (RANDOM, weights.shape[-1]))

    return Options(
        {name: with_scores(frame, scale(frame.scores)) for name, scale in SCALES.items()},
        {
            "expert": published.indicator_weights,
            "equal": np.ones_like(published.indicator_weights),
            "data_driven": loadings[None],
            "random": draw(published.indicator_weights),
        },
        {
            "expert": published.factor_weights,
            "data_driven": common[None],
            "random": draw(published.factor_weights),
        },
    )


def ranks_of(index: np.ndarray) -> np.ndarray:
    """Places by the index, 1 = highest, along the last axis; those alike share the better place."""
    return stats.rankdata(-index, method="min", axis=-1).astype(int)


def _pick(numbers: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Which of so many equal parts of 0 to 1 each number lies in, and where in it, 0 to 1."""
    scaled = numbers * count
    part = np.minimum(scaled.astype(int), count - 1)
    return part, scaled - part


def _weights_at(kinds: dict[str, np.ndarray], numbers: np.ndarray) -> np.ndarray:
    """Each kind of weights is as likely as the others, and each set of a kind."""
    kind, within = _pick(numbers, len(kinds))
    sets = list(kinds.values())
    return np.stack([sets[k][_pick(at, len(sets[k]))[0]] for k, at in zip(kind, within, strict=True)])


def _dropped(numbers: np.ndarray, count: int) -> np.ndarray:
    """1, and 0 for what is left out: nothing in the lower half of 0 to 1, one of so many in the upper half."""
    half, within = _pick(numbers, 2)
    out = np.where(half == 1, _pick(within, count)[0], -1)
    return (out[:, None] != np.arange(count)).astype(float)


def _settings_at(options: Options, inputs: np.ndarray) -> tuple[Settings, np.ndarray, np.ndarray]:
    """The settings, means and scales (both by position) that numbers from 0 to 1 stand for, settings x choices."""
    weights, factors, balance, mean, scale, indicator, factor = inputs.T
    low, high = BALANCE
    by_indicator, by_factor = (
        _weights_at(options.indicator_weights, weights),
        _weights_at(options.factor_weights, factors),
    )
    settings = Settings(
        by_indicator * _dropped(indicator, by_indicator.shape[1]),
        by_factor * _dropped(factor, by_factor.shape[1]),
        low + (high - low) * balance,
    )
    return settings, _pick(mean, len(MEANS))[0], _pick(scale, len(options.frames))[0]


def ranks_at(options: Options, inputs: np.ndarray) -> np.ndarray:
    """Ranks under the settings that numbers from 0 to 1 stand for, settings x States; `inputs`: settings x choices."""
    settings, means, scales = _settings_at(options, inputs)
    ranks = np.zeros((len(inputs), len(options.frames["goalposts"].states)), int)
    for at, mean in enumerate(MEANS):
        for place, frame in enumerate(options.frames.values()):
            lines = (means == at) & (scales == place)
            if not lines.any():
                continue
            ranks[lines] = _ranks(frame, settings[lines], mean)
    return ranks


def _ranks(frame: Frame, settings: Settings, mean: str) -> np.ndarray:
    blocks = [settings[start : start + BLOCK] for start in range(0, len(settings), BLOCK)]
    return np.concatenate([ranks_of(index_of(frame, block, mean)) for block in blocks])


def _alternatives(frame: Frame, options: Options) -> Iterator[Alternative]:
    """Each choice made otherwise, one at a time."""
    one = as_published(frame)
    for name in ("equal", "data_driven", "random"):
        weights = options.indicator_weights[name]
        yield Alternative(CHOICES[0], name, replace(as_published(frame, len(weights)), indicator_weights=weights))
    for name in ("data_driven", "random"):
        weights = options.factor_weights[name]
        yield Alternative(CHOICES[1], name, replace(as_published(frame, len(weights)), factor_weights=weights))
    for name, share in zip(("structural_third", "structural_two_thirds"), BALANCE, strict=True):
        yield Alternative(CHOICES[2], name, replace(one, share=np.array([share])))
    yield from (Alternative(CHOICES[3], name, one, mean=name) for name in list(MEANS)[1:])
    yield from (Alternative(CHOICES[4], name, one, scale=name) for name in list(SCALES)[1:])
    for at, name in enumerate(frame.indicators):
        weights = one.indicator_weights * (np.arange(len(frame.indicators)) != at)
        yield Alternative(CHOICES[5], name, replace(one, indicator_weights=weights))
    for at, name in enumerate(frame.codes):
        weights = one.factor_weights * (np.arange(len(frame.codes)) != at)
        yield Alternative(CHOICES[6], name, replace(one, factor_weights=weights))


def _compare(ranks: np.ndarray, published: np.ndarray, states: pd.DataFrame) -> dict[str, object]:
    """How ranks (settings x States) differ from the published ones."""
    change = ranks - published
    setting, largest = np.unravel_index(np.abs(change).argmax(), change.shape)
    alike = [stats.spearmanr(each, published).statistic for each in ranks]
    return {
        "settings": len(ranks),
        "mean_change": np.abs(change).mean().round(2),
        "largest_change": int(change[setting, largest]),
        "largest_iso3": states["iso3"].iloc[largest],
        "spearman": np.mean(alike).round(4),
    }


def _shares(options: Options, year: int) -> pd.DataFrame:
    """Share of the variance of ranks that is due to each choice, over all States.

    First-order: what the choice does alone; total: together with what it does through others. Sobol' indices of each
    State's rank after Saltelli and others (2010), doi:10.1016/j.cpc.2009.09.018, averaged over States with the variance
    of their ranks as weight (Lamboni and others 2011, doi:10.1016/j.ress.2010.12.002). The mean of independent
    scramblings of the sample, with the 95 % interval that their spread gives.
    """
    found = []
    for rng in np.random.default_rng(0).spawn(SCRAMBLES):
        spread: list[np.ndarray] = []

        def evaluate(inputs: np.ndarray, spread: list[np.ndarray] = spread) -> np.ndarray:
            ranks = ranks_at(options, inputs.T).T.astype(float)
            spread.append(ranks.var(axis=1))
            return ranks

        sobol = stats.sobol_indices(func=evaluate, n=SAMPLE, dists=[stats.uniform()] * len(CHOICES), rng=rng)
        # of the two independent samples; not 0 in sum even if no place ever changes
        weights = spread[0] + spread[1] + np.finfo(float).tiny
        found.append([np.average(part, axis=0, weights=weights) for part in (sobol.first_order, sobol.total_order)])
    mean = np.mean(found, axis=0)
    reach = stats.sem(found, axis=0) * stats.t.ppf(0.975, SCRAMBLES - 1)
    low, high = mean - reach, mean + reach
    columns = {"first_order": (mean, low, high), "total": (mean, low, high)}
    table: dict[str, object] = {"year": year, "choice": list(CHOICES)}
    for line, (name, parts) in enumerate(columns.items()):
        for end, values in zip(("", "_lower", "_upper"), parts, strict=True):
            table[f"{name}{end}"] = values[line].round(3)
    return pd.DataFrame(table)


def sensitivity(
    scores: pd.DataFrame, indicators: pd.DataFrame, catalogue: pd.DataFrame, factors: pd.DataFrame, year: int
) -> dict[str, pd.DataFrame]:
    """The tables `sensitivity`, `sensitivity_alternatives` and `sensitivity_shares` of one year.

    The arguments are the release's tables of these names. Only States with a published index are ranked; which factors
    have a score stays as published under every choice.
    """
    frame = read_frame(scores, indicators, catalogue, factors, year)
    options = make_options(frame)
    published = ranks_of(frame.states["risk_index"].to_numpy())
    drawn = ranks_at(options, np.random.default_rng(0).random((DRAWS, len(CHOICES))))
    lower, middle, upper = np.quantile(drawn, [0.025, 0.5, 0.975], axis=0, method="nearest")
    columns: dict[str, object] = {"year": year, "rank": published, "ranked": len(published)}
    columns |= {"rank_lower": lower, "rank_median": middle, "rank_upper": upper}
    compared = []
    for other in _alternatives(frame, options):
        ranks = _ranks(options.frames[other.scale], other.settings, other.mean)
        about = {"year": year, "choice": other.choice, "alternative": other.name}
        compared.append(about | _compare(ranks, published, frame.states))
        if other.name != "random" and other.choice != "dropped_indicator":
            columns[_column(other)] = ranks[0]
    return {
        "sensitivity": frame.states.assign(**columns),
        "sensitivity_alternatives": pd.DataFrame(compared),
        "sensitivity_shares": _shares(options, year),
    }


def _column(other: Alternative) -> str:
    """The column of the ranks under an alternative: rank_without_rf01, rank_equal_indicator_weights, rank_geometric."""
    if other.choice == "dropped_factor":
        return f"rank_without_{other.name}"
    return f"rank_{other.name}_{other.choice}" if other.choice.endswith("weights") else f"rank_{other.name}"
