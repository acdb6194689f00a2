"""What docs/python.md shows runs, and the tables that editors know are those of the codebook."""

import re
from pathlib import Path

import pandas as pd
import pytest

import release

GUIDE = Path(__file__).parents[1] / "docs" / "python.md"


def test_the_code_of_the_guide_runs():
    blocks = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    known: dict = {}
    for block in blocks:
        exec(block, known)
    assert set(known["own"]["iso3"]) == {"COL"}
    assert set(known["few"]) == {"origin", "iso3", "probability", "event"}
    assert len(known["forecasts"]) == len(release.latest().forecasts)


def test_the_attributes_are_the_tables_of_the_codebook():
    assert list(release.Tables.__annotations__) == list(release.read_codebook())
    assert set(release.Tables.__annotations__.values()) == {pd.DataFrame}


def test_the_columns_of_a_table_are_described_and_those_of_none_refused():
    found = release.latest()
    assert found.columns("forecasts")["column"].tolist() == list(found.forecasts)
    assert found.columns("forecasts")["description"].str.len().min() > 0
    with pytest.raises(release.ReleaseError, match="has no table 'nothing'; it has backtest"):
        found.columns("nothing")
