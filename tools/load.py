"""Many readers at once: how long their clicks take, what they cost the server, and whether it forgets them.

`make load` starts servers on free ports of this machine, drives each with 1, 10, 50, 100 and 200 sessions and prints
tables; `make load REPLICAS=2` compares processes behind nginx with one; `make soak` lets sessions come and go for an
hour and tells whether memory grows. The readers use this machine's cores too, so their share is told. No test asserts
a time.
"""

import argparse
import asyncio
import os
import statistics
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import psutil
from aiohttp import ClientError, ClientSession, TCPConnector
from rich.console import Console
from rich.table import Table
from scipy.stats import linregress, t  # type: ignore[import-untyped]

import release
from tools.reader import CLICKS, COUNTRIES, OPEN, RUNS, YEARS, Reader, finish, reading
from tools.servers import Server, serve_many, serve_replicas

SIZES = (1, 10, 50, 100, 200)
PAUSE = 5.0  # seconds between an answer and the next click
ADDRESSES = 32  # of this machine, from which the readers come: the proxy chooses a server by the reader's address
AT_ONCE = 4  # sessions that open at the same time
VISITORS = 20  # at once, in a soak
FAILURES = (RuntimeError, TimeoutError, ClientError, TypeError, OSError)  # TypeError: the server closed the session
MIB = 1 << 20
WIDE = Console(width=140)


@dataclass(frozen=True)
class Plan:
    """So many sessions for so many seconds, with a pause after each answer; `clicks` are done over and over."""

    sessions: int
    seconds: float
    pause: float = 0.0  # seconds
    clicks: Sequence[str] = CLICKS


@dataclass
class Load:
    """What came of it: seconds of each click by its kind, what went wrong, and what it cost."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0  # from the first click to the last answer
    cpu: float = 0.0  # seconds of the servers' processor meanwhile
    own: float = 0.0  # seconds of the readers' processor meanwhile
    base: float = 0.0  # MiB of the servers before, when each page had been seen once
    held: float = 0.0  # MiB with all sessions open, after their last click

    @property
    def runs(self) -> list[float]:
        """Seconds of each run of the script, without those that opened a session."""
        return [took for kind, each in self.took.items() if kind in RUNS - {OPEN} for took in each]

    @property
    def clicks(self) -> int:
        """How many clicks were answered, without those that opened a session."""
        return sum(len(each) for kind, each in self.took.items() if kind != OPEN)

    @property
    def per_second(self) -> float:
        """Runs of the script in a second."""
        return len(self.runs) / self.seconds

    def p95(self) -> float:
        """Seconds within which 95 of 100 runs were answered."""
        return quantile(self.runs, 95)


def quantile(values: Sequence[float], per_cent: int) -> float:
    """The value that so many in a hundred do not exceed; not a number if there are none."""
    if len(values) < 2:
        return values[0] if values else float("nan")
    return statistics.quantiles(values, n=100, method="inclusive")[per_cent - 1]


def put_load(address: str, plan: Plan, servers: Sequence[Server], *, warm: bool = True) -> Load:
    """Drive what answers at the address: one of the servers, or the proxy before them; see `_warm`."""
    return finish(_put_load(address, plan, servers, warm))


async def _put_load(address: str, plan: Plan, servers: Sequence[Server], warm: bool) -> Load:
    found, watched = Load(), [psutil.Process(server.process.pid) for server in servers]
    async with _clients() as clients, AsyncExitStack() as stack:
        for server in servers if warm else ():
            await _warm(clients[0], server.address)
        found.base = _memory(watched)
        doors = asyncio.Semaphore(AT_ONCE)
        opening = (_open(stack, clients[at % ADDRESSES], address, at, doors, found) for at in range(plan.sessions))
        readers = [reader for reader in await asyncio.gather(*opening) if reader]
        start, cpu, own = time.perf_counter(), _cpu(watched), time.process_time()
        await asyncio.gather(*(_click_on(reader, plan, at, found) for at, reader in enumerate(readers)))
        found.seconds = time.perf_counter() - start
        found.cpu, found.own = _cpu(watched) - cpu, time.process_time() - own
        found.held = _memory(watched)
    return found


@asynccontextmanager
async def _clients() -> AsyncIterator[list[ClientSession]]:
    """One client for each of the addresses, 127.0.1.1 and on."""
    async with AsyncExitStack() as stack:
        connectors = [TCPConnector(limit=0, local_addr=(f"127.0.1.{1 + at}", 0)) for at in range(ADDRESSES)]
        yield [await stack.enter_async_context(ClientSession(connector=each)) for each in connectors]


async def _warm(client: ClientSession, address: str) -> None:
    """Look at all that the readers will look at, so that what is kept for all of them is there before.

    Raises:
        RuntimeError: a page fails.
    """
    async with reading(client, address, release.latest().id, 0) as reader:
        await reader.click(OPEN)
        for kind in CLICKS * len(YEARS):
            await reader.click(kind)
        for code in COUNTRIES:
            for year in YEARS:
                await reader.look_at(code, year)


async def _open(
    stack: AsyncExitStack, client: ClientSession, address: str, first: int, doors: asyncio.Semaphore, found: Load
) -> Reader | None:
    """A session with the map open; None if it failed."""
    async with doors:
        try:
            reader = await stack.enter_async_context(reading(client, address, release.latest().id, first))
            await _time(reader, OPEN, found)
        except FAILURES as error:
            found.errors.append(f"{OPEN}: {error!r}")
            return None
        return reader


async def _click_on(reader: Reader, plan: Plan, at: int, found: Load) -> None:
    """Click until the time is over; the sessions begin one after the other within a pause. A failure ends it."""
    end = time.perf_counter() + plan.seconds
    await asyncio.sleep(plan.pause * at / plan.sessions)
    step = at  # so that not all do the same at the same time
    while time.perf_counter() < end:
        kind = plan.clicks[step % len(plan.clicks)]
        step += 1
        try:
            await _time(reader, kind, found)
        except FAILURES as error:
            found.errors.append(f"{kind}: {error!r}")
            return
        await asyncio.sleep(plan.pause)


async def _time(reader: Reader, kind: str, found: Load) -> None:
    start = time.perf_counter()
    await reader.click(kind)
    found.took[kind].append(time.perf_counter() - start)


def _memory(servers: Sequence[psutil.Process]) -> float:
    """MiB of memory in use by these processes."""
    return sum(server.memory_info().rss for server in servers) / MIB


def _cpu(servers: Sequence[psutil.Process]) -> float:
    return sum(sum(server.cpu_times()[:2]) for server in servers)


async def soak(
    server: Server, seconds: float, every: float, visitors: int = VISITORS, pause: float = 0.5, warm: bool = True
) -> "Soak":
    """Let sessions come, do all clicks once, and go, so many at a time; look at the memory every so many seconds."""
    found, watched = Soak(), [psutil.Process(server.process.pid)]
    async with _clients() as clients:
        if warm:
            await _warm(clients[0], server.address)
        end = time.perf_counter() + seconds
        comers = [
            _come_and_go(clients[at % ADDRESSES], server.address, at, pause, end, found) for at in range(visitors)
        ]
        coming = asyncio.gather(*comers)
        start = time.perf_counter()
        while time.perf_counter() < end:
            await asyncio.wait([coming], timeout=min(every, max(end - time.perf_counter(), 0.1)))
            found.memory.append(((time.perf_counter() - start) / 3600, _memory(watched)))
            found.tell()
        await coming
    return found


@dataclass
class Soak(Load):
    """What came of a soak."""

    visits: int = 0
    memory: list[tuple[float, float]] = field(default_factory=list)  # hours since it began, MiB

    def tell(self) -> None:
        """One line about the newest look."""
        hours, size = self.memory[-1]
        print(f"{hours * 60:5.1f} min  {size:7.1f} MiB  {self.visits} visits  {len(self.errors)} errors", flush=True)

    def slope(self) -> tuple[float, float]:
        """By how many MiB an hour memory grows, by a straight line, and how far either way the 95 % interval reaches.

        The first third of the time is left out: what is kept for all readers fills up meanwhile.
        """
        late = self.memory[len(self.memory) // 3 :]
        line = linregress(*zip(*late, strict=True))
        return float(line.slope), float(t.ppf(0.975, max(len(late) - 2, 1)) * line.stderr)


async def _come_and_go(client: ClientSession, address: str, first: int, pause: float, end: float, found: Soak) -> None:
    while time.perf_counter() < end:
        try:
            async with reading(client, address, release.latest().id, first + found.visits) as reader:
                for kind in (OPEN, *CLICKS):
                    await _time(reader, kind, found)
                    await asyncio.sleep(pause)
        except FAILURES as error:
            found.errors.append(repr(error))
        found.visits += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, help="of clicks for each size (40); of the soak (3600)")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="numbers of sessions")
    parser.add_argument("--replicas", type=int, default=1, help="compare so many processes behind nginx with one")
    parser.add_argument("--soak", action="store_true", help="let sessions come and go, and look at the memory")
    options = parser.parse_args()
    if options.soak:
        show_soak(options.seconds or 3600)
    elif options.replicas > 1:
        show_replicas(options.replicas, options.seconds or 40)
    else:
        show_sizes(options.sizes, options.seconds or 40)
    print(f"Load of this machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def show_sizes(sizes: Sequence[int], seconds: float) -> None:
    """Each size with pauses, on a server of its own; and a hundred sessions without."""
    plans = [Plan(size, seconds, PAUSE) for size in sizes] + ([Plan(100, seconds)] if 100 in sizes else [])
    loads = []
    for plan in plans:
        with serve_many() as server:
            load = put_load(server.address, plan, [server])
        loads.append((plan, load))
        # told at once, so that a run that is broken off has told what it found
        told = f"{plan.sessions} sessions, {plan.pause:.0f} s: p95 {load.p95() * 1000:.0f} ms, "
        told += f"{load.cpu / max(load.clicks, 1) * 1000:.1f} ms CPU a click, {load.base:.0f} to {load.held:.0f} MiB, "
        print(f"{told}{len(load.errors)} errors; load average {os.getloadavg()[0]:.1f}", flush=True)
    columns = ("sessions", "pause", "runs a second", "p50 of runs", "p95 of runs", "may be", "errors", "may be")
    table = Table(*columns, "server's CPU", "a click", "readers' CPU", "MiB a session", "may be", title="One process")
    for plan, load in loads:
        table.add_row(*_row(plan, load))
    kinds = Table("sessions", "pause", OPEN, *dict.fromkeys(CLICKS), title="Milliseconds by kind of click: p50 / p95")
    for plan, load in loads:
        shown = [_both(load.took.get(kind, [])) for kind in (OPEN, *dict.fromkeys(CLICKS))]
        kinds.add_row(str(plan.sessions), f"{plan.pause:.0f} s", *shown)
    WIDE.print(table, kinds)
    _tell_errors([load for _, load in loads])


def _row(plan: Plan, load: Load) -> list[str]:
    limit = {(200, PAUSE): "150 ms", (100, 0.0): "1,000 ms"}.get((plan.sessions, plan.pause), "")
    # one session more is lost in what the memory of a process wavers by
    each = f"{(load.held - load.base) / plan.sessions:.2f}" if plan.sessions >= 50 else ""
    return [
        str(plan.sessions),
        f"{plan.pause:.0f} s",
        f"{load.per_second:.1f}",
        f"{quantile(load.runs, 50) * 1000:.0f} ms",
        f"{load.p95() * 1000:.0f} ms",
        limit,
        str(len(load.errors)),
        "0",
        f"{load.cpu / load.seconds:.0%}",
        f"{load.cpu / max(load.clicks, 1) * 1000:.1f} ms",
        f"{load.own / load.seconds:.0%}",
        each,
        "1.00" if each else "",
    ]


def _both(took: Sequence[float]) -> str:
    if not took:
        return "not done"
    return f"{quantile(took, 50) * 1000:.0f} / {quantile(took, 95) * 1000:.0f}"


def show_replicas(count: int, seconds: float) -> None:
    """A hundred sessions without pause on one process, then on several; both behind nginx."""
    table = Table("processes", "runs a second", "p95 of runs", "errors", "servers' CPU", "a click", "readers' CPU")
    loads = []
    for number in (1, count):
        with serve_replicas(number) as (servers, address):
            load = put_load(address, Plan(100, seconds), servers)
        shares = [f"{load.cpu / load.seconds:.0%}", f"{load.cpu / load.clicks * 1000:.1f} ms"]
        shown = [f"{load.per_second:.1f}", f"{load.p95() * 1000:.0f} ms", str(len(load.errors)), *shares]
        table.add_row(str(number), *shown, f"{load.own / load.seconds:.0%}")
        loads.append(load)
    WIDE.print(table)
    print(f"{count} processes do {loads[1].per_second / loads[0].per_second:.2f} times the runs of one (may be 1.8).")
    print("The readers and nginx use the same cores: without them the ratio would be higher.")
    _tell_errors(loads)


def show_soak(seconds: float) -> None:
    """Memory by the minute while sessions come and go."""
    with serve_many() as server:
        found = finish(soak(server, seconds, every=min(60.0, seconds / 12)))
    slope, reach = found.slope()
    print(f"Memory grows by {slope:.1f} MiB an hour (95 % interval: {slope - reach:.1f} to {slope + reach:.1f}).")
    _tell_errors([found])


def _tell_errors(loads: Sequence[Load]) -> None:
    """The number of errors, and the first five."""
    errors = [error for load in loads for error in load.errors]
    print(f"{len(errors)} errors. {' '.join(errors[:5])}")


if __name__ == "__main__":
    main()
