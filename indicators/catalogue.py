"""Reads and validates the catalogue of indicators and the framework; finds each indicator's function."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from indicators.files import read_toml
from indicators.series import Tables

HERE = Path(__file__).parent
MODULES = {
    1: "rf01_instability", 2: "rf02_record", 3: "rf03_state_structures", 4: "rf04_motives", 5: "rf05_capacity",
    6: "rf06_mitigation", 7: "rf07_enabling", 8: "rf08_triggers", 9: "rf09_discrimination", 11: "rf11_attack",
    12: "rf12_policy", 13: "rf13_protected",
}  # fmt: skip
TRANSFORMS: dict[str, Callable] = {
    "none": lambda x: x,
    "log1p": np.log1p,
    "log10": np.log10,
    "sqrt": np.sqrt,
}
DIRECTIONS = ("higher_is_riskier", "lower_is_riskier")


@dataclass(frozen=True)
class Factor:
    """One of the fourteen risk factors."""

    number: int
    name: str
    group: str
    part: str
    measured: bool
    note: str = ""


@dataclass(frozen=True)
class Indicator:
    """One entry of the catalogue: what is measured, on what scale, and why."""

    name: str
    title: str
    factor: int
    source: list[str]
    unit: str
    direction: str
    transform: str
    goalposts: list[float]
    goalposts_why: str
    why: str
    reference: str
    weight: float = 1.0
    max_age_years: int = 3
    also_bears_on: list[int] = field(default_factory=list)
    caveats: list[str] = field(default_factory=list)

    def compute(self, tables: Tables) -> pd.Series:
        """The indicator's values by (iso3, year), in `unit`; a State and year that is not known is missing."""
        return getattr(importlib.import_module(f"indicators.{MODULES[self.factor]}"), self.name)(tables)


def read_factors(path: Path = HERE / "framework.toml") -> dict[int, Factor]:
    """The risk factors by number.

    Raises:
        ValueError: an entry lacks a field, or has one that is not known.
    """
    try:
        entries = read_toml(path)["factors"]
        return {int(number): Factor(int(number), **entry) for number, entry in entries.items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path.name}: {error}. Each factor has the fields of those in indicators/framework.toml."
        ) from error


def read_catalogue(path: Path = HERE / "catalogue.toml") -> dict[str, Indicator]:
    """The indicators by name, in the order of the file.

    Raises:
        ValueError: an entry lacks a field, has one that is not known, or its values do not fit together.
    """
    entries = read_toml(path)
    return {name: _indicator(name, entry) for name, entry in entries.items()}


def _indicator(name: str, entry: dict) -> Indicator:
    try:
        indicator = Indicator(name=name, **entry)
        wrong = [text for text, holds in _rules(indicator).items() if not holds]
    except TypeError as error:
        raise ValueError(f"indicators/catalogue.toml [{name}]: {error}. See docs/adding_an_indicator.md.") from error
    if wrong:
        raise ValueError(f"indicators/catalogue.toml [{name}]: {'; '.join(wrong)}. See docs/adding_an_indicator.md.")
    return indicator


def _rules(indicator: Indicator) -> dict[str, bool]:
    low, high = indicator.goalposts if len(indicator.goalposts) == 2 else (0, 0)
    return {
        f"factor must be one of {sorted(MODULES)}": indicator.factor in MODULES,
        f"direction must be one of {DIRECTIONS}": indicator.direction in DIRECTIONS,
        f"transform must be one of {sorted(TRANSFORMS)}": indicator.transform in TRANSFORMS,
        "goalposts must be two numbers, the lower first": low < high,
        "weight must be above 0": indicator.weight > 0,
        "max_age_years must not be negative": indicator.max_age_years >= 0,
        "source must name at least one card": bool(indicator.source),
        "also_bears_on must not repeat the factor": indicator.factor not in indicator.also_bears_on,
        "title, unit, why and reference must not be empty": all(
            [indicator.title, indicator.unit, indicator.why, indicator.reference, indicator.goalposts_why]
        ),
    }
