"""What the build and the pages cost on this machine, as a table beside what they may cost: `make bench`.

No test depends on a time; this is for looking. The pages need Chromium (environment variable CHROMIUM), the build
needs the producers' files (`--mirror DIR`, or data/raw).
"""

import argparse
import gzip
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
from playwright.sync_api import Browser, Page, Response, sync_playwright
from rich.console import Console
from rich.table import Table

import release
from models import backtest as rolling
from models.outcomes import OUTCOMES
from tools.load import Load, put_load

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
STEPS = 12  # years stepped through
SETTLED = 1.5  # seconds after which a step has certainly been answered
MAP, CHART = ".list #place-SDN", ".js-plotly-plot .trace"  # there when the map, or the chart beside it, is drawn
BARE = """
import plotly.graph_objects as go
import streamlit as st
year = st.slider("Year", 1970, 2026)
st.plotly_chart(go.Figure(go.Scatter(x=[1970, 2026], y=[year, 1])))
"""
# milliseconds from a turn of the map's slider until the next picture is on the screen
TURN = """range => new Promise(done => {
    const start = performance.now();
    range.value = Number(range.value) - 1;
    range.dispatchEvent(new Event("input"));
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
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
    parser.add_argument("--pages", action="store_true", help="the pages alone: minutes instead of a quarter of an hour")
    options = parser.parse_args()
    raw = options.mirror or RAW
    table = Table("what", "measured", "may be", title="Cost on this machine")
    measures = [lambda: bench_build(raw), bench_script, bench_pages, bench_load, bench_backtest]
    if options.pages:
        measures = [bench_script, bench_pages, bench_load]
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
    """The map page in a browser, and beside it a bare page with one chart: opening, bytes, and steps of the year."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare = Path(folder) / "bare.py"
        bare.write_text(BARE, encoding="utf-8")
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        with serve(bare) as (server, port):
            plain = open_pages(browser, f"http://127.0.0.1:{port}/", CHART)
            plain_size = first_visit(browser, f"http://127.0.0.1:{port}/", CHART)
        with serve(ROOT / "app.py") as (server, port), count_bytes(port) as (proxy, received):
            address = f"http://127.0.0.1:{proxy}/"
            cold, warm = open_pages(browser, address, MAP)
            size = first_visit(browser, address, MAP)
            page = browser.new_context().new_page()
            open_page(page, f"{address}?year=2020", MAP)
            drawn = statistics.median(turn_year(page) for _ in range(STEPS))
            new = step_years(page, "ArrowLeft", server.pid, received)
            seen = step_years(page, "ArrowRight", server.pid, received)
        browser.close()
    return [
        ("page open until drawn, empty browser cache", f"{cold:.2f} s (bare page {plain[0]:.2f} s)", "2.3 s"),
        ("page open until drawn, again", f"{warm:.2f} s (bare page {plain[1]:.2f} s)", "0.7 s"),
        ("first visit, gzip", f"{size / 1e6:.2f} MB (bare page {plain_size / 1e6:.2f} MB)", "3.0 MB"),
        ("change of year until drawn, zoom kept", f"{drawn:.0f} ms", "150 ms"),
        ("server CPU for a year not looked at before", f"{new[0]:.0f} ms", ""),
        ("server CPU for another year", f"{seen[0]:.0f} ms", "10 ms"),
        ("on the wire for another year", f"{max(new[1], seen[1]) / 1000:.1f} kB", "20 kB"),
    ]


def bench_load() -> list[Row]:
    """A hundred readers who change the year without a pause, on the server for many readers."""
    with serve_many() as port:
        found: Load = put_load(port, sessions=100, seconds=20)
    return [
        ("100 sessions without pause, 95 of 100 answers within", f"{found.p95:.2f} s", "1.0 s"),
        ("the same, answers a second", f"{found.per_second:.0f}", "150"),
    ]


def open_page(page: Page, address: str, drawn: str) -> float:
    """Seconds until the map, or the chart, is drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.locator(drawn).first.wait_for(state="attached", timeout=60_000)
    return time.perf_counter() - start


def open_pages(browser: Browser, address: str, drawn: str) -> tuple[float, float]:
    """Seconds until drawn with an empty browser cache and again, medians of three; the server is warm."""
    open_page(browser.new_context().new_page(), address, drawn)  # so that the server has read the release
    cold = statistics.median(open_page(browser.new_context().new_page(), address, drawn) for _ in range(3))
    page = browser.new_context().new_page()
    open_page(page, address, drawn)
    return cold, statistics.median(open_page(page, address, drawn) for _ in range(3))


def first_visit(browser: Browser, address: str, drawn: str) -> int:
    """Bytes of all files and messages of a first visit, each compressed by gzip as a server in front would."""
    page, sizes = browser.new_context().new_page(), []
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sizes.append(compressed(data))))
    open_page(page, address, drawn)
    page.wait_for_load_state("networkidle")
    return sum(sizes) + sum(compressed(answer.body()) for answer in answers if answer.ok)


def compressed(data: str | bytes) -> int:
    return len(gzip.compress(data.encode() if isinstance(data, str) else data, 6))


def turn_year(page: Page) -> float:
    """Milliseconds until another year is on the screen; the server is given time to answer after it."""
    took = page.get_by_role("slider", name="Year").evaluate(TURN)
    page.wait_for_timeout(SETTLED * 1000)
    return float(took)


def step_years(page: Page, key: str, pid: int, received: list[int]) -> tuple[float, float]:
    """Milliseconds of the server's CPU, less what it uses anyway, and bytes sent to the browser, per step."""
    page.get_by_role("slider", name="Year").focus()
    page.wait_for_timeout(SETTLED * 1000)
    idle = cpu_seconds(pid)
    page.wait_for_timeout(SETTLED * 4000)
    idle = (cpu_seconds(pid) - idle) / 4
    cpu, size = cpu_seconds(pid), received[0]
    for _ in range(STEPS):
        page.keyboard.press(key)
        page.wait_for_timeout(SETTLED * 1000)
    return ((cpu_seconds(pid) - cpu) / STEPS - idle) * 1000, (received[0] - size) / STEPS


def cpu_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serve(script: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """A page, served as one tries it, on a free port of this machine."""
    port = free_port()
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    with running(command, port) as server:
        yield server, port


@contextmanager
def serve_many() -> Iterator[int]:
    """The dashboard, served as to many readers: its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(port), "--log-level", "warning"]
    with running(command, port):
        yield port


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen]:
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield server
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310  (our own server)  # nosec B310
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
