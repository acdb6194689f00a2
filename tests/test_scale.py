"""The synthetic panels go through the product's own steps, and through Dask with the same numbers."""

import dask
import numpy as np
import pandas as pd
import pytest

from models import skill
from tools import scale

# Dask 2026.8 calls pandas in a way that pandas 3.1 will give up
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword:pandas.errors.Pandas4Warning")
CELLS, MONTHS = 50, 40


@pytest.fixture(scope="module")
def grid(tmp_path_factory):
    """The folder of a small grid, made in two partitions."""
    folder = tmp_path_factory.mktemp("grid")
    with dask.config.set(scheduler="synchronous"):
        scale.prepare(scale.write_values(CELLS, MONTHS, per_part=scale.BLOCK, folder=folder), folder)
    return folder


def test_a_panel_is_the_same_in_one_piece_and_in_many():
    whole = scale.draw(0, CELLS, MONTHS)
    parts = [scale.draw(first, scale.BLOCK, MONTHS) for first in range(0, CELLS, scale.BLOCK)]
    pd.testing.assert_frame_equal(pd.concat(parts, ignore_index=True), whole, check_exact=True)
    assert whole["iso3"].nunique() == CELLS
    assert not whole["iso3"].str.fullmatch("[A-Z]{3}").any()
    assert whole.filter(like="infant_mortality").isna().mean().item() == pytest.approx(scale.MISSING, abs=0.05)


def test_the_grid_through_dask_is_to_the_bit_what_pandas_makes_in_one_piece(grid):
    assert len(list((grid / "frame").iterdir())) == 2
    made = pd.read_parquet(grid / "frame")
    assert set(made["iso3"]) == {scale.unit(number) for number in range(CELLS)}
    assert scale.differing_rows(grid / "frame", CELLS, MONTHS) == 0
    with dask.config.set(scheduler="threads"):  # whatever a client that lost its scheduler has left behind
        shares = scale.by_month(grid / "frame").dropna()
    assert shares.to_dict() == pytest.approx(made.groupby("origin")["known"].mean().dropna().to_dict())
    assert shares.index.max() == scale.LAST - 2  # the newest windows are not over


def test_one_cell_that_differs_and_rows_that_lack_are_counted(grid, tmp_path):
    made = pd.read_parquet(grid / "frame")
    changed = made.assign(dynamic=made["dynamic"].where(made.index != 7, made["dynamic"] + 0.01))
    changed.to_parquet(tmp_path / "changed.parquet")
    assert scale.differing_rows(tmp_path / "changed.parquet", CELLS, MONTHS) == 1
    made[1:].to_parquet(tmp_path / "short.parquet")
    assert scale.differing_rows(tmp_path / "short.parquet", CELLS, MONTHS) == len(made)


def test_cells_that_are_drawn_together_are_not_parted(tmp_path):
    with pytest.raises(ValueError, match="10 cells in a partition: take a multiple of 25"):
        scale.write_values(CELLS, MONTHS, per_part=10, folder=tmp_path)


def test_every_step_is_measured_and_the_rolling_backtest_finds_what_drives_the_event():
    costs = scale.measure_data(12, MONTHS) + scale.measure_fits(12, MONTHS) + scale.measure_record(12, MONTHS)
    assert len({cost.step for cost in costs}) == len(costs) == 8
    assert all(cost.seconds > 0 for cost in costs)
    task = scale.task_drawn(50, MONTHS)
    table = scale.rolling.published_backtest(scale.rolling.raw_forecasts(task), task)
    scored = skill.skill(table, replicates=2).query("published and baseline == '' and period == 'all'")
    assert scored.set_index("metric").loc["auc", "estimate"] > 0.6


def test_the_exponent_is_that_of_the_power_law():
    rows = pd.Series([1_000, 10_000, 100_000])
    assert scale.exponent(rows, 3e-6 * rows**1.5) == pytest.approx(1.5)


def test_what_is_forgotten_is_not_in_the_next_peak():
    made = np.ones(30_000_000)
    high = scale.peak()
    del made
    scale.give_back()
    scale.forget_peak()
    assert high - scale.peak() > 150e6
