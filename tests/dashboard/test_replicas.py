"""Two processes behind nginx, one of which is killed while it is read from: readers go on with the other.

Readers without a browser come from addresses of their own, 127.0.0.2 and so on, so that the proxy spreads them.
"""

import asyncio
import json
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, TCPConnector, WSMessageTypeError
from playwright.sync_api import Browser, Page, expect
from websockets.sync.client import connect as sync_connect

import release
from tests.dashboard import sample
from tests.dashboard.conftest import ROOT, SERVE_ELSEWHERE, free_port, wait_for, write
from tests.dashboard.listed import open_page, wait_until_drawn
from tests.dashboard.proxied import nginx
from tools.reader import OPEN, YEAR, Reader, reading

pytestmark = pytest.mark.browser
READERS = 8
BOUND = 120  # seconds for what takes two or three on a machine at rest
OLD, NEW = "2024-01", "2024-02"
SAID = {OLD: "31 January 2024", NEW: "29 February 2024"}  # each release's day
MORE = 7.0  # points of the index by which the newer release differs in every row


class Replica:
    """One process of the dashboard, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        told = ["asgi:app", "--host", "127.0.0.1", "--port", str(self.port), "--no-access-log"]
        with (self._folder / f"{self.port}.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE_ELSEWHERE, str(self._folder), *told],
                cwd=ROOT,
                env={
                    **psutil.Process().environ(),
                    "UPSTREAM_RELEASES": str(self._folder),
                    "UPSTREAM_TODAY": sample.TODAY,
                },
                stderr=log,
            )
        wait_for(f"http://127.0.0.1:{self.port}/_stcore/health", BOUND)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def connections(self) -> int:
        """How many the proxy holds to it."""
        listed = psutil.Process(self.process.pid).net_connections("tcp")
        return sum(each.status == psutil.CONN_ESTABLISHED and each.laddr.port == self.port for each in listed)

    def log(self) -> str:
        return (self._folder / f"{self.port}.log").read_text("utf-8")


class Site(NamedTuple):
    address: str
    folder: Path  # of the releases
    replicas: list[Replica]

    def home(self) -> Replica:
        """The one that all connections lead to, once there is any."""
        wait_until(lambda: any(each.connections() for each in self.replicas), "a connection")
        return max(self.replicas, key=Replica.connections)


def wait_until(holds: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + BOUND
    while not holds():
        assert time.monotonic() < end, f"Within {BOUND} seconds there was not: {what}."
        time.sleep(0.1)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Site]:
    write(sample.tables() | sample.forecast_tables(), tmp_path)
    (tmp_path / "world.json").write_text(json.dumps(sample.world()), encoding="utf-8")
    (tmp_path / "nginx").mkdir()
    replicas: list[Replica] = []
    try:
        replicas += [Replica(tmp_path), Replica(tmp_path)]
        with nginx(tmp_path / "nginx", [f"127.0.0.1:{each.port}" for each in replicas]) as port:
            yield Site(f"http://127.0.0.1:{port}", tmp_path, replicas)
    finally:
        for each in replicas:
            each.stop()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(BOUND * 1000)
    yield page
    context.close()


def publish_newer(folder: Path) -> None:
    """A release whose index is higher in every row."""
    tables = sample.tables() | sample.forecast_tables()
    tables["scores"] = tables["scores"].assign(risk_index=tables["scores"]["risk_index"] + MORE)
    release.write(tables, NEW, as_of=date(2024, 2, 29), folder=folder, model_card="# Model card")


class Watched:
    """A WebSocket that notes which releases the messages of one visit speak of."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket, self.send_bytes, self.seen = socket, socket.send_bytes, set()

    async def receive_bytes(self) -> bytes:
        message = await self._socket.receive_bytes()
        self.seen |= {found.decode() for found in re.findall(rb"Release \*\*([\d-]+)\*\*, as known on", message)}
        return message


class Visits:
    """What one reader saw: of each visit the releases that it spoke of, and how often it was answered."""

    def __init__(self) -> None:
        self.releases: list[set[str]] = []
        self.answers: list[int] = []


async def read_on(address: str, number: int, told: threading.Event, seen: Visits) -> None:
    """Turn the years until told to stop; when the connection breaks, open another as a browser does."""
    while not told.is_set():
        try:
            from_there = TCPConnector(local_addr=(f"127.0.0.{number}", 0))
            async with ClientSession(connector=from_there) as http, reading(http, address, OLD, 0) as reader:
                watched = Watched(reader.socket)
                seen.releases.append(watched.seen)
                seen.answers.append(0)
                await visit(Reader(http, watched, address, OLD, 0, sample.YEARS), seen, told)
        except (OSError, ClientError, WSMessageTypeError):  # the last one: it was closed instead of answered
            await asyncio.sleep(0.2)  # as long as it can take until there is a process again


async def visit(reader: Reader, seen: Visits, told: threading.Event) -> None:
    await reader.click(OPEN)
    while not told.is_set():
        await reader.click(YEAR)
        seen.answers[-1] += 1
        await asyncio.sleep(0.05)  # a load, but one under which a browser of the same machine is drawn too


@contextmanager
def read_by_many(address: str) -> Iterator[list[Visits]]:
    """Readers at work meanwhile; what they saw is there once the block has ended."""
    told, seen = threading.Event(), [Visits() for _ in range(READERS)]

    async def read_all() -> None:
        await asyncio.gather(*(read_on(address, number, told, each) for number, each in enumerate(seen, 2)))

    with ThreadPoolExecutor(1) as pool:
        work = pool.submit(asyncio.run, read_all())
        try:
            wait_until(lambda: all(sum(each.answers) >= 2 for each in seen), "an answer to every reader")
            yield seen
            at = [sum(each.answers) for each in seen]
            wait_until(lambda: all(sum(e.answers) > n + 2 for e, n in zip(seen, at, strict=True)), "answers to all")
        finally:
            told.set()
        work.result(BOUND)


def index_shown(page: Page) -> float:
    """The risk index of the State, in the sentence above the page's numbers."""
    return float(re.search(r"Risk index 2022: ([0-9.]+) of 100", page.inner_text("body"))[1])


def test_of_two_processes_one_is_killed_and_its_readers_go_on_with_the_other(pair, tab):
    open_page(tab, pair.address, "country?country=QMD&year=2022&measure=rf02")
    home, address, index = pair.home(), tab.url, index_shown(tab)
    (other,) = {*pair.replicas} - {home}
    assert SAID[OLD] in tab.inner_text("body")
    with read_by_many(pair.address) as seen:
        publish_newer(pair.folder)
        assert SAID[OLD] in tab.inner_text("body")
        home.stop()

        # the browser comes back by itself, to the same view, of the newer release and nothing of the older
        expect(tab.get_by_text(SAID[NEW])).to_be_visible(timeout=BOUND * 1000)
        wait_until_drawn(tab)
        assert tab.url == address
        assert SAID[OLD] not in tab.inner_text("body").split("Key numbers")[0]
        assert index_shown(tab) == index + MORE
        expect(tab.get_by_text("Newland, 2022", exact=True)).to_be_visible()

        # a control is answered by the other process
        tab.locator("input[type=range]").first.focus()
        tab.keyboard.press("ArrowRight")
        tab.wait_for_url("**year=2023**")
        expect(tab.get_by_text("Newland, 2023", exact=True)).to_be_visible()

        # the process comes back, and new requests of this address reach it again
        home.start()
        wait_until(lambda: is_home(pair.address, home), "a request at the process that came back")

        # the visit lives in the other one still: what was made for it there is found
        tab.get_by_role("link", name="Download", exact=True).first.click()
        expect(tab.get_by_role("heading", name="Download", level=1)).to_be_visible()
        with tab.expect_download() as waiting:
            tab.get_by_role("button", name="scores as Parquet").click()
        scores = pair.folder / NEW / "scores.parquet"
        assert Path(waiting.value.path()).read_bytes() == scores.read_bytes()

    assert any(len(each.releases) > 1 for each in seen), "nobody was cut off: the test shows nothing"
    assert all(len(visit) <= 1 for each in seen for visit in each.releases), "a visit spoke of two releases"
    assert {id for each in seen for visit in each.releases for id in visit} == {OLD, NEW}
    assert '"trace"' not in home.log() + other.log()
    assert "GET" not in home.log() + other.log(), "who asked for what is in the log"


def is_home(address: str, replica: Replica) -> bool:
    """Whether a new WebSocket from this machine's first address leads to that process."""
    before = replica.connections()
    with sync_connect(address.replace("http", "ws", 1) + "/_stcore/stream", subprotocols=["streamlit"]):
        return replica.connections() > before
