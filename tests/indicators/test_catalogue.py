"""The catalogue of indicators: valid, complete, and one function for each entry."""

import importlib
import inspect
import json

import pandas as pd
import pytest

import release
from indicators.catalogue import MODULES, read_catalogue, read_factors
from indicators.sources.cards import load_cards

CATALOGUE, CARDS = read_catalogue(), load_cards()
VALID = {
    "title": "Invented", "factor": 1, "source": ["invented"], "unit": "things", "direction": "higher_is_riskier",
    "transform": "none", "goalposts": [0.0, 10.0], "goalposts_why": "Invented.", "why": "Invented.",
    "reference": "Nobody",
}  # fmt: skip


def read(tmp_path, **changes):
    """The catalogue with the one entry [invented]; a change to None takes the field away."""
    fields = {name: value for name, value in (VALID | changes).items() if value is not None}
    lines = [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
    path = tmp_path / "catalogue.toml"
    path.write_text("\n".join(["[invented]", *lines]), encoding="utf-8")
    return read_catalogue(path)


def test_an_entry_has_weight_1_and_is_used_for_three_years_unless_it_says_otherwise(tmp_path):
    entry = read(tmp_path)["invented"]
    assert (entry.weight, entry.max_age_years, entry.also_bears_on, entry.caveats) == (1.0, 3, [], [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"factor": 10}, r"factor must be one of \[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13\]"),
        ({"direction": "up"}, "direction must be one of .*'higher_is_riskier', 'lower_is_riskier'"),
        ({"transform": "log"}, "transform must be one of .*'log10', 'log1p', 'none', 'sqrt'"),
        ({"goalposts": [10.0, 0.0]}, "goalposts must be two numbers, the lower first"),
        ({"goalposts": [5.0, 5.0]}, "goalposts must be two numbers, the lower first"),
        ({"goalposts": [0.0, 5.0, 10.0]}, "goalposts must be two numbers, the lower first"),
        ({"weight": 0.0}, "weight must be above 0"),
        ({"max_age_years": -1}, "max_age_years must not be negative"),
        ({"source": []}, "source must name at least one card"),
        ({"also_bears_on": [2, 1]}, "also_bears_on must not repeat the factor"),
        ({"title": ""}, "title, unit, why and reference must not be empty"),
        ({"unit": ""}, "title, unit, why and reference must not be empty"),
        ({"why": ""}, "title, unit, why and reference must not be empty"),
        ({"reference": ""}, "title, unit, why and reference must not be empty"),
        ({"goalposts_why": ""}, "title, unit, why and reference must not be empty"),
        ({"why": None}, "missing 1 required positional argument: 'why'"),
        ({"wieght": 2.0}, "unexpected keyword argument 'wieght'"),
    ],
)
def test_a_wrong_entry_is_named_with_its_field(tmp_path, change, message):
    with pytest.raises(ValueError, match=rf"catalogue.toml \[invented\]: .*{message}.*adding_an_indicator.md"):
        read(tmp_path, **change)


def test_all_that_is_wrong_with_an_entry_is_said_at_once(tmp_path):
    with pytest.raises(ValueError, match=r"direction must be one of .*; weight must be above 0"):
        read(tmp_path, direction="up", weight=-1.0)


@pytest.mark.parametrize("factor", MODULES)
def test_the_functions_of_a_factors_module_are_its_entries_of_the_catalogue(factor):
    """Each takes the tables and gives a series; a module may have helpers, which take something else as well."""
    module = importlib.import_module(f"indicators.{MODULES[factor]}")
    functions = {
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and list(inspect.signature(function).parameters) == ["tables"]
    }
    assert functions == {name for name, entry in CATALOGUE.items() if entry.factor == factor}


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_docstring_of_an_indicator_says_what_it_is_in_one_line(name):
    module = importlib.import_module(f"indicators.{MODULES[CATALOGUE[name].factor]}")
    assert (getattr(module, name).__doc__ or "").split("\n")[0].endswith(".")


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_source_of_an_entry_has_a_card(name):
    assert set(CATALOGUE[name].source) <= set(CARDS)


def test_each_measured_factor_has_indicators_and_no_other_has_any():
    measured = {number for number, factor in read_factors().items() if factor.measured}
    assert {entry.factor for entry in CATALOGUE.values()} == measured == set(MODULES)
    assert all(factor.note for factor in read_factors().values() if not factor.measured)


def test_other_factors_that_an_indicator_bears_on_exist():
    assert {number for entry in CATALOGUE.values() for number in entry.also_bears_on} <= set(read_factors())


def clipped(values: pd.Series, goalposts: list[float]) -> float:
    """Share of the known values that lie beyond a goalpost."""
    known = values.dropna()
    return float(((known < goalposts[0]) | (known > goalposts[1])).mean())


def test_goalposts_cut_off_fewer_than_1_value_in_100_of_the_newest_release():
    made = release.latest()
    own = made.indicators[made.indicators["data_year"] == made.indicators["year"]]
    values = {name: rows["value"].dropna() for name, rows in own.groupby("indicator")}
    too_many = {
        row.indicator: share
        for row in made.catalogue.itertuples()
        if (share := clipped(values[row.indicator], [row.goalpost_low, row.goalpost_high])) >= 0.01
    }
    assert too_many == {}


def test_values_are_published_where_the_terms_of_each_source_allow_it_and_nowhere_else():
    made = release.latest()
    published = set(made.indicators.dropna(subset="value")["indicator"])
    allowed = {name for name, entry in CATALOGUE.items() if all(CARDS[card].may_redistribute for card in entry.source)}
    assert published == allowed
    assert set(made.indicators.dropna(subset="score")["indicator"]) == set(CATALOGUE)
