"""From values to scores: goalposts, then risk factors, then the structural and the dynamic part, then the index.

Every score runs from 0 (least risk) to 100 (most) and travels with its coverage; below the threshold there is none.
The method with a worked country is in docs/method.md; the steps follow OECD/JRC (2008), doi:10.1787/9789264043466-en.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.catalogue import TRANSFORMS, Factor, Indicator

THRESHOLD = 0.5  # least share of the weights (of a factor, a part or the index) that must have a value
ROW = ["iso3", "gw_code", "country", "year"]
PARTS = ("structural", "dynamic")


def score_indicator(values: pd.Series, entry: Indicator) -> pd.Series:
    """Score: 0 at the goalpost of least risk, 100 at that of most, a straight line on the transformed scale."""
    transform = TRANSFORMS[entry.transform]
    low, high = (transform(float(post)) for post in entry.goalposts)
    share = (transform(values.clip(*entry.goalposts)) - low) / (high - low)
    return (100 * (share if entry.direction == "higher_is_riskier" else 1 - share)).rename("score")


def score_panel(panel: pd.DataFrame, catalogue: Mapping[str, Indicator]) -> pd.DataFrame:
    """The panel with a column `score`, rounded to two decimals: what is published is what the next step uses."""
    scored = [part.assign(score=score_indicator(part["value"], catalogue[name])) for name, part in
              panel.groupby("indicator", sort=False)]  # fmt: skip
    return pd.concat(scored, ignore_index=True).round({"score": 2})


def score_factors(
    scored: pd.DataFrame,
    spine: pd.DataFrame,
    *,
    catalogue: Mapping[str, Indicator],
    factors: Mapping[int, Factor],
) -> pd.DataFrame:
    """One row per State and year: factors, parts and index, each with coverage, and the ages of the data."""
    long = scored.assign(
        weight=of_each(scored["indicator"], {name: entry.weight for name, entry in catalogue.items()}),
        factor=of_each(scored["indicator"], {name: entry.factor for name, entry in catalogue.items()}),
        age=scored["year"] - scored["data_year"],
    )
    table = spine[ROW].set_index(["iso3", "year"])
    measured = [factor for factor in factors.values() if factor.measured]
    for factor in measured:
        whole = sum(entry.weight for entry in catalogue.values() if entry.factor == factor.number)
        table = table.join(_factor(long[long["factor"] == factor.number], f"rf{factor.number:02d}", whole))
    table = table.assign(**_zero_coverage(table))
    for part in PARTS:
        table = table.assign(**_part(table, part, [f"rf{f.number:02d}" for f in measured if f.part == part]))
    whole = sum(entry.weight for entry in catalogue.values())
    table = table.join(_ages(long, whole)).fillna({"coverage": 0.0})
    enough = (table["coverage"] >= THRESHOLD) & table[list(PARTS)].notna().all(axis="columns")
    return _published(table.assign(risk_index=table[list(PARTS)].mean(axis="columns").where(enough)))


def of_each(names: pd.Series, values: Mapping[str, float]) -> pd.Series:
    """The value of each row's name, missing where there is none.

    Looked up once for each name: `Series.map` goes through all rows of a column of text in Python.
    """
    codes, different = pd.factorize(names)
    return pd.Series(np.array([values.get(name, np.nan) for name in different])[codes], names.index)


def _factor(long: pd.DataFrame, name: str, whole: float) -> pd.DataFrame:
    """Weighted mean of the indicators that have a value; missing where these hold less than half of the weight."""
    rows = long.assign(points=long["score"] * long["weight"], aged=long["age"] * long["weight"])
    sums = rows.groupby(["iso3", "year"])[["points", "aged", "weight"]].sum()
    coverage = sums["weight"] / whole
    return pd.DataFrame(
        {
            name: (sums["points"] / sums["weight"]).where(coverage >= THRESHOLD),
            f"{name}_coverage": coverage,
            f"{name}_data_age": sums["aged"] / sums["weight"],
        }
    )


def _zero_coverage(table: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: table[name].fillna(0.0) for name in table if name.endswith("_coverage")}


def _part(table: pd.DataFrame, part: str, names: list[str]) -> dict[str, pd.Series]:
    """Mean of the factors that have a score; missing where fewer than half of the part's factors have one."""
    coverage = table[names].notna().mean(axis="columns")
    return {
        part: table[names].mean(axis="columns").where(coverage >= THRESHOLD),
        f"{part}_coverage": coverage,
    }


def _ages(long: pd.DataFrame, whole: float) -> pd.DataFrame:
    rows = long.assign(aged=long["age"] * long["weight"]).groupby(["iso3", "year"])
    return pd.DataFrame(
        {
            "coverage": rows["weight"].sum() / whole,
            "data_age": rows["aged"].sum() / rows["weight"].sum(),
            "oldest_data_year": rows["data_year"].min().astype("Int64"),
            "newest_data_year": rows["data_year"].max().astype("Int64"),
        }
    )


def _published(table: pd.DataFrame) -> pd.DataFrame:
    """Columns in the order of the codebook, scores with two decimals."""
    factors = [name for name in table if name.startswith("rf")]
    parts = [name for part in PARTS for name in (part, f"{part}_coverage")]
    ages = ["coverage", "data_age", "oldest_data_year", "newest_data_year"]
    ordered = table.reset_index()[[*ROW, *factors, *parts, "risk_index", *ages]]
    return ordered.round(2).sort_values(["iso3", "year"], ignore_index=True)
