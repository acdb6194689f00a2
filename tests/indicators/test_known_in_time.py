"""What holds for every indicator of the catalogue: nothing from the future, no matter the order of rows."""

import numpy as np
import pytest

from indicators.catalogue import read_catalogue
from tests.tables import cut_at, known, random_tables

CATALOGUE = read_catalogue()
# The calendar of elections is known years ahead: this one indicator looks two years ahead, on purpose.
LOOKS_AHEAD = "election_due_24_months"
THEN = [2000, 2013]


@pytest.fixture(scope="module")
def tables():
    return random_tables(np.random.default_rng(0))


@pytest.fixture(scope="module")
def values(tables):
    return {name: entry.compute(tables) for name, entry in CATALOGUE.items()}


@pytest.fixture(scope="module")
def tables_then(tables):
    return {year: cut_at(tables, year) for year in THEN}


@pytest.fixture(scope="module")
def shuffled(tables):
    """The same rows in another order, under other labels: after merges and filters labels mean nothing."""
    rng = np.random.default_rng(0)
    return {name: rows.sample(frac=1, random_state=rng).reset_index(drop=True) for name, rows in tables.items()}


@pytest.mark.parametrize("name", CATALOGUE)
def test_each_indicator_has_at_most_one_value_for_a_state_and_year(values, name):
    assert list(values[name].index.names) == ["iso3", "year"]
    assert not values[name].index.has_duplicates
    assert values[name].notna().any()


@pytest.mark.parametrize("year", THEN)
@pytest.mark.parametrize("name", sorted(set(CATALOGUE) - {LOOKS_AHEAD}))
def test_no_indicator_uses_rows_of_a_later_year(tables_then, values, name, year):
    then = known(CATALOGUE[name].compute(tables_then[year]))
    until_then = {key: value for key, value in known(values[name]).items() if key[1] <= year}
    assert then == pytest.approx(until_then)


def test_only_the_calendar_of_elections_looks_ahead_and_by_two_years(tables_then, values):
    then, now = known(CATALOGUE[LOOKS_AHEAD].compute(tables_then[2013])), known(values[LOOKS_AHEAD])

    def up_to(year, found):
        return {key: value for key, value in found.items() if key[1] <= year}

    assert up_to(2011, then) == up_to(2011, now)
    assert up_to(2012, then) != up_to(2012, now)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_order_of_rows_never_matters(shuffled, values, name):
    assert known(CATALOGUE[name].compute(shuffled)) == pytest.approx(known(values[name]))
