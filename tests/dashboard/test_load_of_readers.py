"""Readers over the real protocol: every click is answered, and a visit whose reader has gone is forgotten."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest
from aiohttp import ClientSession

import release
from dashboard import visit
from tests.dashboard.conftest import ROOT, free_port, wait_for
from tools.load import Load, Plan, Soak, put_load, quantile, soak
from tools.reader import CLICKS, COUNTRIES, OPEN, YEARS, finish, reading
from tools.servers import Server, site

# The server looks often at who has gone, and tells what it still holds of visits.
START = """
import gc, json, sys
import uvicorn
from starlette.responses import JSONResponse
from starlette.routing import Route
from dashboard import addresses, visit
from streamlit import runtime
from streamlit.runtime.app_session import AppSession

def held(request):
    gc.collect()
    server, files = runtime.get_instance(), runtime.get_instance().media_file_mgr
    return JSONResponse({
        "connected": server._session_mgr.num_active_sessions(),
        "stored": len(server._session_mgr.list_sessions()),
        # Streamlit's loop keeps hold of the session that it looked at last, until the next one comes
        "objects": max(sum(type(each) is AppSession for each in gc.get_objects()) - 1, 0),
        "to make": len(files._deferred_callables),
        "files": len(files._file_metadata),
        "known": len(visit._met),
    })

routes = addresses.routes
addresses.routes = lambda: [Route("/held", held), *routes()]
visit.CHECK = float(sys.argv[2])
from asgi import app
uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", access_log=False)
"""
NOTHING = {"connected": 0, "stored": 0, "objects": 0, "to make": 0, "files": 0, "known": 0}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The dashboard on the release in the repository; see `START`."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", START, str(port), "4"], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield Server(process, f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def held(server: Server) -> dict[str, int]:
    with urllib.request.urlopen(f"{server.address}/held") as answer:  # noqa: S310  (our own server)
        return json.load(answer)


def test_sessions_come_and_go_without_an_error_and_nothing_of_them_stays(server):
    found = finish(soak(server, 15, every=5, visitors=4, pause=0.05, warm=False))
    assert found.errors == []
    assert found.visits >= 4
    assert set(found.took) == {OPEN, *CLICKS}
    assert [size > 0 for _, size in found.memory] == [True] * len(found.memory)
    end = time.monotonic() + 120
    while held(server) != NOTHING and time.monotonic() < end:
        time.sleep(0.5)  # between two questions
    assert held(server) == NOTHING


def test_a_file_made_for_a_reader_is_there_while_other_readers_see_pages(server):
    async def see() -> int:
        async with ClientSession() as http, reading(http, server.address, release.latest().id, 0) as one:
            await one.click(OPEN)
            address = await one.make_file()
            for _ in range(3):
                async with reading(http, server.address, release.latest().id, 0) as other:
                    await other.click(OPEN)
            async with http.get(server.address + address) as answer:
                return answer.status

    assert finish(see()) == 200


def test_each_click_is_counted_once_by_its_kind(server):
    found = put_load(server.address, Plan(sessions=3, seconds=3), [server], warm=False)
    assert found.errors == []
    assert len(found.took[OPEN]) == 3
    assert found.clicks == sum(map(len, found.took.values())) - 3
    assert found.cpu > 0 < found.own
    assert found.held > 0 < found.base


def test_a_server_that_is_not_there_counts_as_an_error_of_each_session(server):
    found = put_load(f"http://127.0.0.1:{free_port()}", Plan(sessions=3, seconds=1), [server], warm=False)
    assert len(found.errors) == 3
    assert found.clicks == 0


class Runtime:
    """A server that knows who is there, and is told to close and to drop files."""

    def __init__(self, there: set[str]) -> None:
        self.there, self.closed, self.cleared, self.media_file_mgr = there, [], [], self

    def is_active_session(self, session: str) -> bool:
        return session in self.there

    def close_session(self, session: str) -> None:
        self.closed.append(session)

    def clear_session_refs(self, session: str) -> None:
        self.cleared.append(session)


def test_a_reader_who_was_cut_off_has_one_look_to_come_back(monkeypatch):
    there = Runtime({"stays"})
    monkeypatch.setattr(visit.runtime, "get_instance", lambda: there)
    monkeypatch.setattr(visit, "_met", {"stays", "goes", "returns"})
    monkeypatch.setattr(visit, "_missed", set())
    visit.forget_gone()
    assert there.closed == []
    there.there.add("returns")
    visit.forget_gone()
    assert there.closed == there.cleared == ["goes"]
    there.there.remove("returns")
    visit.forget_gone()  # away again, for the first look
    assert there.closed == ["goes"]
    assert visit._met == {"stays", "returns"}


def test_the_slope_of_memory_is_told_with_its_interval():
    steady = Soak(memory=[(minute / 60, 300 + minute % 2) for minute in range(61)])
    growing = Soak(memory=[(minute / 60, 300 + minute / 2 + minute % 2) for minute in range(61)])
    slope, reach = steady.slope()
    assert abs(slope) < reach
    slope, reach = growing.slope()
    assert slope == pytest.approx(30, abs=reach)
    assert slope > reach


def test_quantiles_and_runs_are_of_what_was_clicked():
    load = Load(seconds=2)
    load.took.update({"open the map": [9.0], "year": [0.1, 0.2], "country": [0.3], "file": [5.0]})
    assert load.runs == [0.1, 0.2, 0.3]
    assert load.per_second == 1.5
    assert load.clicks == 4
    assert quantile([1, 2, 3], 50) == 2
    assert quantile([], 50) != quantile([], 50)  # not a number


def test_the_documented_site_stands_in_front_of_the_servers():
    text = site(8080, ["http://127.0.0.1:1", "http://127.0.0.1:2"])
    assert "listen 127.0.0.1:8080;" in text
    settings = "max_fails=1 fail_timeout=10s"
    assert f"server 127.0.0.1:1 {settings};server 127.0.0.1:2 {settings};" in text
    assert ":8501" not in text


def test_the_readers_look_at_what_the_release_has():
    known = release.latest().countries
    assert {*COUNTRIES} <= {*known["iso3"]}
    assert YEARS[-1] >= int(release.latest().scores["year"].max()) - 1
