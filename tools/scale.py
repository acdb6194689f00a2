"""Time and memory of the product's own steps by number of rows, on synthetic panels: `make scale`.

Everything here is SYNTHETIC: values and events are drawn by a seeded generator, within the catalogue's goalposts, a
quarter of them missing. No unit is a State or a place, and no number says anything about the world.

The product's functions run as they are. A unit (a country, a grid cell) stands where they have a State, a month,
numbered through, where they have a year. So a publication lag of twelve months acts as one month, and a value is
carried for as many months as the catalogue has years: what the numbers would mean changes, what they cost does not.
"""

import argparse
import ctypes
import gc
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow as pa
from dask.distributed import Client, LocalCluster
from rich.console import Console
from rich.table import Table

from indicators.catalogue import read_catalogue, read_factors
from indicators.panel import build_panel
from indicators.scores import score_factors, score_panel
from indicators.sources.cards import load_cards
from models import backtest as rolling
from models import forecast, risk, skill
from models.baselines import make_baselines
from models.design import make_design
from models.outcomes import Outcome

SEED = 0
GIB = 1024**3
MEMORY = 24.0  # GiB, of the machine that is asked about
LAST = 2000  # number of the newest month; the backtest's first scored origin is 1993
ORIGINS = 8  # the fewest with which the last is calibrated by earlier ones
DRAWS = 200  # of the scores' intervals
MISSING = 0.25  # share of the values
BLOCK = 25  # units that are drawn together, so that a panel is the same in one piece and in many
COUNTRIES, AFRICA, WORLD = (200, 800), (13_000, 400), (64_818, 400)  # units, months
DATA = [(25, 800), (50, 800), (100, 800), COUNTRIES, (400, 800)]  # of the steps up to the design matrix
FITS = [(25, 400), (25, 800), (50, 800), (100, 800), COUNTRIES]  # of a fit
RECORD = [(250, 20), (500, 20), (1_000, 20), (2_000, 20), (4_000, 20)]  # of what is done with the forecasts
CHECKED = 250  # cells that pandas does in one piece
WORKER = "4GiB"  # at which a Dask worker is stopped
console = Console(width=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times the units of every size; 0.2 is a quick look")
    parser.add_argument("--grid", type=int, metavar="CELLS", help="only the grid of so many cells, through Dask")
    parser.add_argument("--months", type=int, default=AFRICA[1], help="months of the grid")
    parser.add_argument("--cells", type=int, default=100, help=f"cells in a partition: a multiple of {BLOCK}")
    options = parser.parse_args()
    console.print("[bold]SYNTHETIC data: these are costs, and no number is about the world.[/]")
    load = os.getloadavg()[0]
    if options.grid:
        with TemporaryDirectory() as folder:
            run_grid(options.grid, options.months, per_part=options.cells, folder=Path(folder))
    else:
        run_sizes(options.scale)
    machine = f"{os.cpu_count()} cores, {os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / GIB:.0f} GiB"
    console.print(f"Machine: {machine}; load in the minute before {load:.1f}, at the end {os.getloadavg()[0]:.1f}.")


def unit(number: int) -> str:
    """Its key: plainly no code of a State."""
    return f"unit {number:05d}"


def draw(first: int, units: int, months: int) -> pd.DataFrame:
    """Synthetic values of units `first` to `first + units - 1`: iso3 and year as keys, a column per indicator, and
    `event` (0 or 1), which is likelier where the first indicator is higher."""
    starts = range(first, first + units, BLOCK)
    parts = [_block(start, min(BLOCK, first + units - start), months) for start in starts]
    return pd.concat(parts, ignore_index=True)


def _block(first: int, units: int, months: int) -> pd.DataFrame:
    rng = np.random.default_rng([SEED, first, months])
    size = (units, months)
    columns: dict[str, np.ndarray] = {
        "iso3": np.repeat([unit(number) for number in range(first, first + units)], months),
        "year": np.tile(np.arange(LAST - months + 1, LAST + 1), units),
    }
    leading = 0.8 * rng.random((units, 1)) + 0.2 * rng.random(size)  # a level of each unit's own, and change
    chance = 0.01 + 0.2 * leading**4
    for number, (name, entry) in enumerate(read_catalogue().items()):
        low, high = entry.goalposts
        share = leading if number == 0 else rng.random(size)
        value = np.where(rng.random(size) < MISSING, np.nan, low + (high - low) * share)
        columns[name] = value.astype("float32").astype(float).ravel()
    return pd.DataFrame(columns | {"event": (rng.random(size) < chance).astype(float).ravel()})


def spine_of(drawn: pd.DataFrame) -> pd.DataFrame:
    """iso3, gw_code (the unit's number), country, year."""
    number = drawn["iso3"].str[5:].astype("Int64")
    return drawn[["iso3", "year"]].assign(gw_code=number, country=drawn["iso3"])


def panel_of(drawn: pd.DataFrame, spine: pd.DataFrame) -> pd.DataFrame:
    """The panel as known in the newest month."""
    catalogue, keyed = read_catalogue(), drawn.set_index(["iso3", "year"])
    values = {name: keyed[name].dropna() for name in catalogue}
    return build_panel(values, spine, catalogue=catalogue, cards=load_cards(), as_of=date(LAST, 12, 31))


def index_of(scored: pd.DataFrame, spine: pd.DataFrame) -> pd.DataFrame:
    return score_factors(scored, spine, catalogue=read_catalogue(), factors=read_factors())


@dataclass(frozen=True)
class Few(rolling.Task):
    """A task that is forecast at its newest origins alone."""

    @property
    def origins(self) -> list[int]:
        return list(range(self.last_origin - ORIGINS + 1, self.last_origin + 1))


def task_of(drawn: pd.DataFrame, scored: pd.DataFrame, spine: pd.DataFrame) -> Few:
    """The design matrix and the outcome within two months, by `models.backtest.make_task`."""
    happened = drawn.set_index(["iso3", "year"])["event"]
    outcome = Outcome("synthetic", "Synthetic", "Drawn by a generator.", False, lambda _: happened)
    design = make_design("operational", scored, as_of_year=LAST, last_outcome_year=LAST)
    release = SimpleNamespace(indicators=scored, scores=spine, events=None)
    return Few(**vars(rolling.make_task(release, outcome, design, window=2)))  # type: ignore[arg-type]


def prepared(drawn: pd.DataFrame) -> pd.DataFrame:
    """From values to the rows that models are fitted on: keys, indicator scores, parts, last state, outcome if known.

    Each unit by itself: goalposts are fixed, and nothing is carried from one to another.
    """
    spine = spine_of(drawn)
    task = task_of(drawn, score_panel(panel_of(drawn, spine), read_catalogue()), spine)
    return task.frame.join(task.known.rename("known")).reset_index()


# --- sizes on one machine ---


@dataclass(frozen=True)
class Cost:
    """`seconds` of one core, `wall` on the clock, `memory`: GiB of the process at its most, less what it has empty."""

    step: str
    rows: int
    seconds: float
    wall: float
    memory: float


class Meter:
    """Measures steps in this process."""

    def __init__(self, rows: int) -> None:
        give_back()
        self.rows, self.empty = rows, resident()
        self.costs: list[Cost] = []

    def __call__(self, step: str, make: Callable[[], Any]) -> Any:
        give_back()
        forget_peak()
        cpu, wall = time.process_time(), time.perf_counter()
        made = make()
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        self.costs.append(Cost(step, self.rows, cpu, wall, (peak() - self.empty) / GIB))
        return made


def give_back() -> None:
    """What was freed goes back to the system, so that an earlier step's memory is not taken for the next one's."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    ctypes.CDLL("libc.so.6").malloc_trim(0)


def forget_peak() -> None:
    """From now on `peak` is that of what comes (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")


def resident() -> int:
    """Bytes that this process has in memory now (Linux)."""
    return _status("VmRSS")


def peak() -> int:
    """Bytes that this process had in memory at its most, since it began or `forget_peak` (Linux)."""
    return _status("VmHWM")


def _status(name: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text("utf-8").splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def measure_data(units: int, months: int) -> list[Cost]:
    """The steps up to the design matrix."""
    meter = Meter(units * months)
    drawn = draw(0, units, months)
    spine = spine_of(drawn)
    panel = meter("panel as known (build_panel)", lambda: panel_of(drawn, spine))
    scored = meter("scores (score_panel)", lambda: score_panel(panel, read_catalogue()))
    meter("factors and index (score_factors)", lambda: index_of(scored, spine))
    meter("design matrix (make_task)", lambda: task_of(drawn, scored, spine))
    return meter.costs


def measure_fits(units: int, months: int) -> list[Cost]:
    """One origin of the backtest, all models, and one resample of the published one: one thread."""
    meter = Meter(units * months)
    task = task_drawn(units, months)
    raw, origin = drawn_forecasts(task), task.last_origin
    meter("one origin of the backtest (forecast_at)", lambda: rolling.forecast_at(task, task.key, origin))
    meter("one resample (replicates)", lambda: forecast.replicates(task, raw, origin, number=1))
    return meter.costs


def measure_record(units: int, months: int) -> list[Cost]:
    """What is done with the forecasts of a few origins; the rows are units x origins."""
    meter = Meter(units * ORIGINS)
    task = task_drawn(units, months)
    raw = drawn_forecasts(task)
    table = meter("calibration, choice (published_backtest)", lambda: rolling.published_backtest(raw, task))
    meter(f"skill, {DRAWS} draws (skill)", lambda: skill.skill(table, replicates=DRAWS))
    return meter.costs


def task_drawn(units: int, months: int) -> Few:
    drawn = draw(0, units, months)
    spine = spine_of(drawn)
    return task_of(drawn, score_panel(panel_of(drawn, spine), read_catalogue()), spine)


def drawn_forecasts(task: Few) -> pd.DataFrame:
    """In the place of `raw_forecasts`: probabilities drawn by the generator, since what is done with them costs the
    same whatever they are."""
    rng = np.random.default_rng(SEED)
    rows = task.frame[task.frame.index.get_level_values("origin").isin(task.origins)].index
    names = [*make_baselines(), *risk.SINGLE, risk.AVERAGE]
    columns: dict[str, Any] = {name: rng.uniform(0.001, 0.5, len(rows)) for name in names}
    # the average is chosen, whose resample fits all four: the dearest
    columns |= {risk.AVERAGE: rng.uniform(0.025, 0.035, len(rows)), "climatology": 0.03}
    return rows.to_frame(index=False).assign(event=task.known.reindex(rows).to_numpy(), **columns)


def run_sizes(scale: float) -> None:
    """Measure every size in a process of its own, and print what was measured and what follows."""
    wanted = [(measure, size) for measure, sizes in MEASURES.items() for size in sizes]
    costs: list[Cost] = []
    context = multiprocessing.get_context("spawn")
    for measure, (units, months) in wanted:
        with ProcessPoolExecutor(1, mp_context=context) as process:
            found = process.submit(measure, max(round(units * scale), 4), months).result()
        for cost in found:
            console.print(f"{cost.step}, {cost.rows:,} rows: {cost.seconds:,.1f} s, {cost.memory:.2f} GiB")
        costs += found
    measured = pd.DataFrame(costs)
    show_measured(measured)
    show_extrapolated(measured)


MEASURES: dict[Callable, list[tuple[int, int]]] = {
    measure_data: DATA,
    measure_fits: FITS,
    measure_record: RECORD,
}


def show_measured(costs: pd.DataFrame) -> None:
    table = Table(
        "step", "rows", "s of one core", "s on the clock", "peak GiB", "s / million rows", "GiB / million rows"
    )
    table.title = f"SYNTHETIC panel, {len(read_catalogue())} indicators: measured"
    for row in costs.sort_values(["rows"], kind="stable").groupby("step", sort=False):
        for cost in row[1].itertuples():
            numbers = (cost.seconds, cost.wall, cost.memory, cost.seconds / cost.rows * 1e6)
            last = f"{cost.memory / cost.rows * 1e6:.1f}"
            table.add_row(cost.step, f"{cost.rows:,}", *(f"{number:,.2f}" for number in numbers), last)
        table.add_section()
    console.print(table)


def exponent(rows: pd.Series, cost: pd.Series) -> float:
    """Of cost ~ rows ** exponent: the slope of a straight line, by least squares, through both logarithms."""
    return float(np.polyfit(np.log(rows.astype(float)), np.log(cost), 1)[0])


def show_extrapolated(costs: pd.DataFrame) -> None:
    """Print each step's exponents, what they say of larger panels from the largest measured, and where memory ends.

    An exponent below 1 comes of costs that every size has alike; a larger panel is then taken to cost by its rows.
    """
    sizes = {"Africa": AFRICA, "world": WORLD}
    heads = [f"{name}, {units:,} x {months}" for name, (units, months) in sizes.items()]
    table = Table("step", "time ~ rows^", "memory ~ rows^", *heads, f"rows at {MEMORY:.0f} GiB")
    table.title = "SYNTHETIC, extrapolated by a straight line in log-log, not measured: hours of one core, GiB"
    of_forecasts = set(costs["step"].iloc[-2 * len(RECORD) :])  # their rows are those of a few origins
    for step, part in costs.groupby("step", sort=False):
        time_power, memory_power = (exponent(part["rows"], part[name]) for name in ("seconds", "memory"))
        largest = part.loc[part["rows"].idxmax()]
        cells = []
        for units, months in sizes.values():
            times = units * (ORIGINS if step in of_forecasts else months) / largest["rows"]
            hours = largest["seconds"] * times ** max(time_power, 1.0) / 3600
            cells.append(f"{hours:,.2f} h, {largest['memory'] * times ** max(memory_power, 1.0):,.1f} GiB")
        most = largest["rows"] * (MEMORY / largest["memory"]) ** (1 / max(memory_power, 1.0))
        table.add_row(str(step), f"{time_power:.2f}", f"{memory_power:.2f}", *cells, f"{most / 1e6:,.1f} million")
    console.print(table)


# --- the grid through Dask ---


def write_values(cells: int, months: int, *, per_part: int, folder: Path) -> Path:
    """The grid's values as Parquet, a file of `per_part` cells each: what a producer's table would be.

    Raises:
        ValueError: `per_part` is no multiple of the units that are drawn together.
    """
    if per_part % BLOCK:
        raise ValueError(f"{per_part} cells in a partition: take a multiple of {BLOCK}, which are drawn together.")
    starts = list(range(0, cells, per_part))
    numbers = [min(per_part, cells - start) for start in starts]
    values = dd.from_map(draw, starts, numbers, months=months, meta=draw(0, 1, 3))
    values.to_parquet(folder / "values", write_index=False)
    return folder / "values"


def prepare(values: Path, folder: Path) -> Path:
    """`prepared` on every partition, from Parquet to Parquet; a worker holds one at a time."""
    with dask.config.set({"dataframe.parquet.minimum-partition-size": 1}):  # no files put together
        grid = dd.read_parquet(values, split_row_groups=False)
        meta = prepared(draw(0, 2, 60)).iloc[:0]
        grid.map_partitions(prepared, meta=meta, enforce_metadata=False).to_parquet(folder / "frame", write_index=False)
    return folder / "frame"


def differing_rows(frame: Path, cells: int, months: int) -> int:
    """Rows of the first cells that are not, to the bit, those that pandas makes of these cells in one piece."""
    plain = prepared(draw(0, cells, months))
    made = pd.read_parquet(frame, filters=[("iso3", "in", [unit(number) for number in range(cells)])])
    made = made.sort_values(["iso3", "origin"], ignore_index=True).astype(plain.dtypes)
    if len(made) != len(plain):
        return max(len(made), len(plain))
    return int(((made != plain) & ~(made.isna() & plain.isna())).any(axis="columns").sum())


def run_grid(cells: int, months: int, *, per_part: int, folder: Path) -> None:
    """Values to design matrix on two Dask workers, with time and each worker's memory at its most."""
    values, frame = folder / "values", folder / "frame"
    steps: dict[str, Callable[[], Any]] = {
        "values to Parquet": lambda: write_values(cells, months, per_part=per_part, folder=folder),
        "design matrix, from Parquet to Parquet": lambda: prepare(values, folder),
        "share with the event by month": lambda: by_month(frame),
    }
    console.print(f"{cells:,} cells x {months} months: {cells * months:,} rows, {per_part} cells in a partition.")
    cluster = LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=WORKER, host="127.0.0.1", dashboard_address=None
    )
    with cluster, Client(cluster) as client:
        for step, make in steps.items():
            client.run(forget_peak)
            start, cpu = time.perf_counter(), sum(client.run(time.process_time).values())
            make()
            wall, cpu = time.perf_counter() - start, sum(client.run(time.process_time).values()) - cpu
            most = max(client.run(peak).values()) / GIB
            console.print(f"{step}: {wall:,.0f} s on the clock, {cpu:,.0f} s of one core, a worker {most:.2f} GiB")
    for name, path in (("values", values), ("design matrix", frame)):
        console.print(f"{name} on disk: {sum(file.stat().st_size for file in path.iterdir()) / GIB:.2f} GiB")
    checked = min(CHECKED, cells)
    differing = differing_rows(frame, checked, months)
    console.print(f"Against pandas in one piece, {checked} cells x {months} months: {differing} rows differ.")


def by_month(frame: Path) -> pd.Series:
    """Share of the cells with the event, by month: summed over partitions of which no process holds all."""
    return dd.read_parquet(frame, columns=["origin", "known"]).groupby("origin")["known"].mean().compute().sort_index()


if __name__ == "__main__":
    main()
