"""A release of invented States for the pages, and the real one in a real browser."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

import release
from dashboard import current, store
from tests.dashboard import sample

ROOT = Path(__file__).parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
def invented(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[release.Release]:
    """The dashboard on a release of invented States, "2024-01", with forecasts."""
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path))
    monkeypatch.setenv(current.TODAY, sample.TODAY)
    monkeypatch.setattr(store, "PLACES", tmp_path / "places.csv")
    monkeypatch.setattr(store, "LEDGER", tmp_path / "ledger.csv")
    yield write(sample.tables() | sample.forecast_tables(), tmp_path)
    current.forget()


@pytest.fixture
def without_forecasts(invented: release.Release) -> release.Release:
    """The same without the tables that forecasts need."""
    return write(sample.tables(), invented.folder.parent)


def write(tables: dict[str, pd.DataFrame], folder: Path) -> release.Release:
    """The release and the map's places in a folder; the dashboard reads it anew."""
    sample.places().to_csv(folder / "places.csv", index=False)
    card = "# Model card" if "forecasts" in tables else None
    made = release.write(tables, "2024-01", as_of=date(2024, 1, 31), folder=folder, model_card=card)
    current.forget()
    return made


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The dashboard on the release in the repository, served on a free port of this machine."""
    yield from serve(["-m", "streamlit"])


@pytest.fixture(scope="session")
def invented_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same on the release of invented States, with its own map's places and without a ledger."""
    folder = tmp_path_factory.mktemp("invented")
    write(sample.tables() | sample.forecast_tables(), folder)
    (folder / "world.json").write_text(json.dumps(sample.world()), encoding="utf-8")
    yield from serve(["-c", START_ELSEWHERE, str(folder)], UPSTREAM_RELEASES=str(folder), UPSTREAM_TODAY=sample.TODAY)


# The pages share the modules of the process that serves them.
ELSEWHERE = """
import pathlib, sys
from dashboard import addresses, map, store
from starlette.responses import FileResponse
from starlette.routing import Route
folder = pathlib.Path(sys.argv.pop(1))
store.PLACES, store.LEDGER = folder / "places.csv", folder / "ledger.csv"
map.SHAPES = "invented/world.json"
shapes = Route("/" + map.SHAPES, lambda request: FileResponse(folder / "world.json"))
routes = addresses.routes
addresses.routes = lambda: [shapes, *routes()]
"""
START_ELSEWHERE = ELSEWHERE + "from streamlit.web import cli; cli.main()"
SERVE_ELSEWHERE = ELSEWHERE + "import uvicorn; uvicorn.main()"  # as readers are served


@pytest.fixture(scope="session")
def uvicorn_address() -> Iterator[str]:
    """The dashboard on the release in the repository, served by `uvicorn asgi:app`."""
    port = free_port()
    yield from serve_at(port, ["-m", "uvicorn", "asgi:app", "--host", "127.0.0.1", "--port", str(port)])


def serve(program: list[str], **environment: str) -> Iterator[str]:
    """The dashboard's address while it is served by Python with these arguments."""
    port = free_port()
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    yield from serve_at(port, [*program, "run", "app.py", *options], **environment)


def free_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def serve_at(port: int, arguments: list[str], *, folder: Path = ROOT, **environment: str) -> Iterator[str]:
    """The address while Python runs with these arguments in a folder."""
    day = {current.TODAY: release.latest().as_of.isoformat()}  # so that no test depends on when it is run
    server = subprocess.Popen([sys.executable, *arguments], cwd=folder, env=os.environ | day | environment)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310  (our own server)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within {seconds:.0f} seconds.")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "Browser tests need Chromium: install it, or name it in the environment variable CHROMIUM."
    expect.set_options(timeout=60_000)  # a busy machine is slow, not broken
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on the release in the repository; see `open_tab`."""
    yield from open_tab(browser, address)


@pytest.fixture
def invented_page(browser: Browser, invented_address: str) -> Iterator[Page]:
    """A page on the release of invented States; see `open_tab`."""
    yield from open_tab(browser, invented_address)


def open_tab(browser: Browser, address: str) -> Iterator[Page]:
    """A page of 1280 x 900 points; the test fails if the browser asks any address but the app's own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    elsewhere: list[str] = []
    own = (address, address.replace("http", "ws", 1), "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(own) else elsewhere.append(request.url))
    opened.on("websocket", lambda socket: None if socket.url.startswith(own) else elsewhere.append(socket.url))
    yield opened
    context.close()
    assert not elsewhere, f"The browser asked other addresses than the app's own: {elsewhere[:5]}"
