"""What the figures hold, read from their dictionaries: numbers, gaps and cells; and what loads which library."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard import country, figures
from dashboard.measures import list_measures
from tests.dashboard import sample

MODULES = [path.stem for path in Path(figures.__file__).parent.glob("*.py") if path.stem not in ("visit", "__init__")]
MEASURES = list_measures(sample.tables()["factors"])


def test_the_history_has_a_gap_where_there_is_no_score():
    scores = pd.DataFrame(
        {"iso3": "QMA", "country": "Alandia", "year": [2000, 2001, 2003], "risk_index": [10.0, None, 30.0]}
    ).assign(structural=1.0, dynamic=2.0)
    line = figures.draw_history(country.history(scores, "QMA"), 2003).data[0]
    assert list(line.x) == [2000, 2001, 2002, 2003]
    np.testing.assert_array_equal(line.y, [10, np.nan, np.nan, 30])
    assert line.connectgaps is False


def test_the_factors_over_the_years_are_one_row_of_cells_each():
    scores = sample.tables()["scores"]
    cells = figures.draw_factors(country.history(scores, "QMA"), MEASURES).data[0]
    assert len(cells.y) == 12
    assert cells.z.shape == (12, 4)
    assert cells.z[0].tolist() == [26, 31, 36, 41]  # factor 1: 41 in 2023, five less for each year back


@pytest.mark.parametrize("module", MODULES)
def test_only_the_visit_and_the_pages_import_streamlit(module):
    code = f"import sys, dashboard.{module}; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_dashboard_does_not_load_the_libraries_of_the_build():
    code = "import sys, dashboard.store; sys.exit(str({'geopandas', 'shapely', 'sklearn', 'pandera'} & {*sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.stderr.strip().endswith("set()"), run.stderr
