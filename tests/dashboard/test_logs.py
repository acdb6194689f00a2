"""The log of a real server: each line is JSON, none says who read or what, an error has the number that is shown."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

import release
from dashboard import logs
from tests.dashboard import sample
from tests.dashboard.conftest import ROOT, free_port, wait_for, write
from tests.dashboard.listed import open_page
from tests.dashboard.test_addresses import ask

# One page fails, with an error that tells what was looked at.
START = """
import sys, uvicorn
from dashboard import about
def fail(texts):
    raise KeyError("QMA of reader@inside.example")
about.paragraphs = fail
uvicorn.run("asgi:app", host="127.0.0.1", port=int(sys.argv[1]))
"""


class Server(NamedTuple):
    """Where a server answers, and the file with all that it writes."""

    address: str
    file: Path

    def lines(self, event: str = "") -> list[dict[str, Any]]:
        """Its lines so far, each of which must be JSON; those of one event."""
        found = [json.loads(line) for line in self.file.read_text("utf-8").splitlines()]
        return [line for line in found if event in ("", line.get("event"))]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder, port = tmp_path_factory.mktemp("logs"), free_port()
    write(sample.tables() | sample.forecast_tables(), folder)
    environment = os.environ | {"UPSTREAM_RELEASES": str(folder), "UPSTREAM_TODAY": sample.TODAY}
    with (folder / "log").open("w") as file:
        running = subprocess.Popen(
            [sys.executable, "-c", START, str(port)], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", 120)
        yield Server(f"http://127.0.0.1:{port}", folder / "log")
    finally:
        running.terminate()
        running.wait()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(accept_downloads=True, user_agent="invented-reader")
    opened = context.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    context.close()


@pytest.mark.browser
def test_after_a_visit_no_line_says_who_read_or_what(server, page):
    open_page(page, server.address, "country?country=QME&year=2022&mine=QMA,QMD&region=Europe")
    open_page(page, server.address, "briefings?country=QMD&lang=fr")
    with page.expect_download():
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    size = len(ask(f"{server.address}/releases/2024-01/scores.csv?who=reader%40inside.example")[2])
    assert ask(f"{server.address}/feeds/en/mine.json?mine=QMA")[0] == 200
    assert ask(f"{server.address}/releases/2024-01/QME")[0] == 404

    page.goto(f"{server.address}/about?country=QME")
    failure = page.locator(".st-key-failure")
    expect(failure).to_contain_text("This page could not be drawn to its end.")
    number = re.search(r"the number (\w{8})", failure.inner_text())[1]

    text = server.file.read_text("utf-8")
    assert not re.findall(r"QM[A-Z]|country=|mine=|127\.0\.0\.1|invented-reader|inside\.example|_stcore", text)
    for name in sample.NAMES.values():
        assert name not in text
    assert [line["sign_in"] for line in server.lines("started")] == [False]
    assert [line["release"] for line in server.lines("release_opened")] == ["2024-01"]
    told = [(line["kind"], line["bytes"]) for line in server.lines("download")]
    assert ("text/csv", size) in told
    assert "application/pdf" in [kind for kind, sent in told if sent > 10_000]
    [failed] = server.lines("failure")
    assert (failed["number"], failed["error"], failed["level"]) == (number, "KeyError", "error")
    assert any("fail:" in step for step in failed["trace"])


def record(name: str, message: str, *given: Any, level: int = logging.INFO, error: Any = None) -> logging.LogRecord:
    made = logging.LogRecord(name, level, "file.py", 1, message, given, None)
    made.exc_info = (type(error), error, error.__traceback__) if error else None
    return made


@pytest.mark.parametrize(
    ("name", "message", "given"),
    [
        ("uvicorn.access", '%s - "%s %s HTTP/%s" %d', ("10.1.2.3:4", "GET", "/?country=QMA", "1.1", 200)),
        ("uvicorn.error", '%s - "WebSocket %s" [accepted]', ("10.1.2.3:4", "/_stcore/stream")),
        ("uvicorn.error", "connection closed", ()),
    ],
)
def test_lines_about_requests_are_left_out(name, message, given):
    assert not logs.is_wanted(record(name, message, *given))


@pytest.mark.parametrize(
    ("message", "given"),
    [
        ("Error during authentication: %s. %s", ("denied", "reader@inside.example from 10.1.2.3")),
        ("Refused reader@inside.example", ()),
        ("Asked for /?country=QMA", ()),
        ("From 10.1.2.3:80 and 2001:db8::1", ()),
    ],
)
def test_what_other_libraries_fill_in_is_not_kept(message, given):
    line = json.loads(logs.Lines().format(record("streamlit.auth", message, *given)))
    assert not re.search(r"reader|QMA|10\.1|2001|denied", line["message"])
    assert line["message"].split()[0] in ("Error", "Refused", "Asked", "From")


def caught(error: Exception, cause: Exception) -> Exception:
    try:
        raise error from cause
    except Exception as found:
        return found


def test_an_error_is_told_by_its_kind_and_that_of_a_release_with_its_words():
    told = caught(release.ReleaseError("release 2024-01: cut."), KeyError("QMA"))
    line = json.loads(logs.Lines().format(record("x", "Failed", level=logging.ERROR, error=told)))
    assert line["error"] == "ReleaseError: release 2024-01: cut."
    assert "after KeyError" in line["trace"]
    assert "QMA" not in json.dumps(line["trace"][1:])


def test_errors_are_counted_by_kind_and_each_has_a_number_of_its_own(monkeypatch):
    monkeypatch.setattr(logs, "failures", logs.Counter())
    numbers = [logs.tell_failure(error) for error in (KeyError("a"), KeyError("b"), ValueError("c"))]
    assert len({*numbers}) == 3
    assert dict(logs.failures) == {"KeyError": 2, "ValueError": 1}
