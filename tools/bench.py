"""What the build and the pages cost on this machine, as a table beside what they may cost: `make bench`.

No test depends on a time; this is for looking. The pages need Chromium (environment variable CHROMIUM), the build
needs the producers' files (`--mirror DIR`, or data/raw).
"""

import argparse
import os
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dask.distributed import LocalCluster
from joblib import Parallel, delayed
from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.table import Table

import release
from models import backtest as rolling
from models.outcomes import OUTCOMES

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
STEPS = 12  # years stepped through
SETTLED = 1.5  # seconds after which a step has certainly been answered
DRAWN = "document.querySelectorAll('.choroplethlayer path').length > 100"
SLIDER = "[data-testid=stSlider] input[type=range]"
FIRST_RUN = """
import time
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60)
for _ in range(2):
    start = time.perf_counter()
    app.run()
    print(time.perf_counter() - start)
"""
Row = tuple[str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mirror", type=Path, help="folder of the producers' files; data/raw without it")
    parser.add_argument("--publish", action="store_true", help="also forecast and score a whole release: an hour")
    options = parser.parse_args()
    raw = options.mirror or RAW
    table = Table("what", "measured", "may be", title="Cost on this machine")
    measures = [lambda: bench_build(raw), bench_script, bench_pages, bench_backtest]
    for measure in [*measures, *([bench_publish] if options.publish else [])]:
        for row in measure():
            table.add_row(*row)
    Console().print(table)
    print(f"Load of this machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def bench_build(raw: Path) -> list[Row]:
    if not raw.is_dir():
        return [("full build from raw files", f"not measured: there is no {raw.name}; run `make fetch`", "60 s")]
    with tempfile.TemporaryDirectory() as out:
        command = [
            sys.executable,
            "pipeline.py",
            "build",
            "--as-of",
            "2026-11-25",
            "--raw",
            str(raw),
            "--out",
            out,
        ]
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024  # kilobytes on Linux
    return [
        ("full build from raw files", f"{seconds:.1f} s", "60 s"),
        ("its memory at most", f"{peak:,.0f} MiB", "2,048 MiB"),
    ]


def bench_backtest() -> list[Row]:
    """Every model at every origin of one outcome, aligned, two years: on Dask workers of one thread each."""
    found, outcome = release.latest(), OUTCOMES["mass_killing"]
    task = rolling.make_task(found, outcome, rolling.designs(found, outcome)["aligned"], window=2)
    seconds = {}
    for number in (1, 2):
        with (
            LocalCluster(n_workers=number, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
            rolling.workers(scheduler=cluster.scheduler_address),
        ):
            Parallel()(delayed(rolling.designs)(found, outcome) for _ in range(4))  # so that the workers have imported
            start = time.perf_counter()
            rolling.raw_forecasts(task)
            seconds[number] = time.perf_counter() - start
    return [
        (f"backtest of one outcome, {len(task.origins)} origins, one worker process", f"{seconds[1]:.0f} s", ""),
        ("the same, two worker processes", f"{seconds[2]:.0f} s", "120 s"),
        ("speed-up", f"{seconds[1] / seconds[2]:.2f}", "2"),
    ]


def bench_publish() -> list[Row]:
    """The command publish on a copy of the newest release, nothing done before, two processes."""
    found = release.latest()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(found.folder, Path(folder) / "releases" / found.id)
        settings = os.environ | {"UPSTREAM_RELEASES": f"{folder}/releases"}
        command = [sys.executable, "pipeline.py", "publish", "--out", folder, "--ledger", f"{folder}/ledger.csv"]
        start = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, env=settings)
        minutes = (time.perf_counter() - start) / 60
    return [("forecasts, reasons and record of a whole release, 200 resamples", f"{minutes:.0f} min", "60 min")]


def bench_script() -> list[Row]:
    """The map page's script without a browser, in new processes: the median of three."""
    command = [sys.executable, "-W", "ignore", "-c", FIRST_RUN]
    runs = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True) for _ in range(3)]
    times = [list(map(float, run.stdout.split())) for run in runs]
    first, second = (statistics.median(part) for part in zip(*times, strict=True))
    return [
        ("first script run of the map page, new process", f"{first:.2f} s", "0.9 s"),
        ("the same afterwards", f"{second * 1000:.0f} ms", "50 ms"),
    ]


def bench_pages() -> list[Row]:
    """The map page in a browser: opening it, stepping through years that nobody looked at yet, and back."""
    with serve() as (server, port), count_bytes(port) as (proxy, received), sync_playwright() as playwright:
        options = [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        address = f"http://127.0.0.1:{proxy}/"
        open_page(browser.new_context().new_page(), address)  # so that the server has read the release
        page = browser.new_context().new_page()
        cold = statistics.median(open_page(browser.new_context().new_page(), address) for _ in range(3))
        open_page(page, address)
        warm = statistics.median(open_page(page, address) for _ in range(3))
        new = step_years(page, "ArrowLeft", server.pid, received)
        seen = step_years(page, "ArrowRight", server.pid, received)
        browser.close()
    return [
        ("page open until drawn, empty browser cache", f"{cold:.2f} s", "2.5 s"),
        ("page open until drawn, again", f"{warm:.2f} s", "0.8 s"),
        ("server CPU for a year not looked at before", f"{new[0]:.0f} ms", ""),
        ("server CPU for another year", f"{seen[0]:.0f} ms", "10 ms"),
        ("on the wire for another year", f"{max(new[1], seen[1]) / 1000:.1f} kB", "20 kB"),
    ]


def open_page(page: Page, address: str) -> float:
    """Seconds until the map is drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=60_000)
    return time.perf_counter() - start


def step_years(page: Page, key: str, pid: int, received: list[int]) -> tuple[float, float]:
    """Milliseconds of the server's CPU, less what it uses anyway, and bytes sent to the browser, per step."""
    page.locator(SLIDER).first.focus()
    time.sleep(SETTLED)
    idle = cpu_seconds(pid)
    time.sleep(SETTLED * 4)
    idle = (cpu_seconds(pid) - idle) / 4
    cpu, size = cpu_seconds(pid), received[0]
    for _ in range(STEPS):
        page.keyboard.press(key)
        time.sleep(SETTLED)
    return ((cpu_seconds(pid) - cpu) / STEPS - idle) * 1000, (received[0] - size) / STEPS


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve() -> Iterator[tuple[subprocess.Popen, int]]:
    """The dashboard on a free port of this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield server, port
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310  (our own server)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within 30 seconds.")


@contextmanager
def count_bytes(port: int) -> Iterator[tuple[int, list[int]]]:
    """A door in front of `port` that counts what goes out to the browser, as it is on the wire."""
    door, received = socket.create_server(("127.0.0.1", 0)), [0]

    def copy(source: socket.socket, target: socket.socket, outward: bool) -> None:
        try:
            while data := source.recv(1 << 16):
                target.sendall(data)
                received[0] += len(data) if outward else 0
        except OSError:
            pass
        finally:
            target.close()

    def let_in() -> None:
        try:
            while True:
                browser, _ = door.accept()
                server = socket.create_connection(("127.0.0.1", port))
                for ends in ((server, browser, True), (browser, server, False)):
                    threading.Thread(target=copy, args=ends, daemon=True).start()
        except OSError:
            return  # the door was closed

    threading.Thread(target=let_in, daemon=True).start()
    with door:
        yield door.getsockname()[1], received


if __name__ == "__main__":
    main()
