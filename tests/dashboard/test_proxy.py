"""The dashboard behind a real nginx with deploy/nginx.conf: nothing is blocked that it needs, and all else is."""

import base64
import hashlib
import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse

import pytest
import streamlit
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.dashboard.conftest import FLAGS
from tests.dashboard.listed import PAGES, open_page
from tests.dashboard.proxied import CONF, nginx, site

HOST = "upstream.example"  # a name that only the test's browser knows
pytestmark = pytest.mark.browser


class Proxy(NamedTuple):
    """Where nginx is, by the name that a reader would use and by number."""

    named: str
    plain: str


@pytest.fixture(scope="module")
def proxy(invented_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """nginx in front of the dashboard with invented States."""
    with nginx(tmp_path_factory.mktemp("nginx"), [urlparse(invented_address).netloc]) as port:
        yield Proxy(f"http://{HOST}:{port}", f"http://127.0.0.1:{port}")


@pytest.fixture(scope="module")
def away(browser: Browser) -> Iterator[Browser]:
    """A browser that finds the site by its name, as readers do: 127.0.0.1 is allowed more than other hosts."""
    kind = browser.browser_type
    opened = kind.launch(
        executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"),
        args=[*FLAGS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
    )
    yield opened
    opened.close()


def is_complaint(line: ConsoleMessage) -> bool:
    """But not that Streamlit asks on a page below the first whether it is served from there, and is told 404."""
    looked_for = re.search(r"/\w+/_stcore/(health|host-config)$", line.location["url"])
    return line.type in ("error", "warning") and not looked_for


@pytest.fixture
def told(away: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what the browser's console complains of, violations of the policy among it."""
    page, complaints = away.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True), []
    page.set_default_timeout(60_000)
    page.on("console", lambda line: complaints.append(line.text) if is_complaint(line) else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', event => console.error("
        "`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))"
    )
    yield page, complaints
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_drawn_behind_the_proxy_with_no_violation_and_no_error(told, proxy, path):
    page, complaints = told
    open_page(page, proxy.named, path)
    page.wait_for_timeout(1000)  # charts and grids come after the page
    assert complaints == []


def test_the_policy_blocks_what_is_not_ours(told, proxy):
    page, complaints = told
    open_page(page, proxy.named, "download")
    page.evaluate(
        """() => { const script = document.createElement("script");
            script.textContent = "window.wrong = 1"; document.head.append(script);
            const picture = new Image(); picture.src = "http://elsewhere.example/x.png"; }"""
    )
    page.wait_for_timeout(500)
    assert page.evaluate("window.wrong") is None
    assert any("script-src" in complaint for complaint in complaints)
    assert any("img-src" in complaint for complaint in complaints)


def test_a_choice_and_a_download_work_behind_the_proxy(told, proxy):
    page, complaints = told
    open_page(page, proxy.named, "?year=2023")
    slider = page.locator("input[type=range]").first
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2022**")
    page.get_by_role("link", name="Download", exact=True).first.click()
    expect(page.get_by_role("heading", name="Download", level=1)).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="scores as Parquet").click()
    assert waiting.value.suggested_filename.endswith("scores.parquet")
    assert complaints == []


def test_a_table_is_drawn_and_a_link_with_a_long_list_is_answered(told, proxy):
    page, complaints = told
    page.goto(f"{proxy.named}/?mine=" + ",".join(["QZZ"] * 4000))
    expect(page.get_by_text("The link lists “QZZ”, not in this release.")).to_be_visible()
    page.get_by_test_id("stExpander").filter(has_text="The same numbers as a table").locator("summary").click()
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    assert complaints == []


def ask(address: str, **options: str) -> tuple[int, dict[str, str]]:
    """Status and headers of an answer."""
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"}, **options)  # noqa: S310  (our own)
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): value for name, value in error.headers.items()}


@pytest.mark.parametrize("path", ["", "country", "_stcore/health", "app/static/stub/world_110m.json", "nothing.js"])
def test_every_answer_has_the_security_headers(proxy, path):
    _, headers = ask(f"{proxy.plain}/{path}")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "geolocation=()" in headers["permissions-policy"]
    assert "set-cookie" not in headers


def test_scripts_are_compressed_and_kept_by_the_browser(proxy):
    page = urllib.request.urlopen(proxy.plain).read().decode()  # noqa: S310  (our own)
    script = re.search(r'src="\./(static/js/index[^"]+)"', page)[1]
    status, headers = ask(f"{proxy.plain}/{script}")
    assert status == 200
    assert headers["content-encoding"] == "gzip"
    assert "max-age=31536000" in headers["cache-control"]
    assert "content-security-policy" in headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_can_be_sent_to_the_app(proxy, method):
    assert ask(f"{proxy.plain}/_stcore/upload_file/a/b", method=method)[0] == 403
    assert ask(f"{proxy.plain}/_stcore/agent/interact", method=method)[0] == 403


def test_the_policy_has_the_hash_of_the_script_in_the_index():
    """A newer Streamlit can have another one."""
    index = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    scripts = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in CONF.read_text("utf-8")


def test_readers_are_spread_over_several_servers_and_each_stays_with_one():
    text = site(80, ["127.0.0.1:1", "127.0.0.1:2"])
    assert "server 127.0.0.1:1 max_fails=1 fail_timeout=10s;server 127.0.0.1:2 max_fails=1" in text
    assert "hash $binary_remote_addr consistent;" in text


def test_who_asks_too_often_is_told_when_to_come_again_and_files_do_not_count(invented_address, tmp_path):
    """With a rate that a slow machine reaches too."""
    slower = {"rate=30r/s": "rate=1r/m", "burst=300": "burst=3"}
    with nginx(tmp_path, [urlparse(invented_address).netloc], slower) as port:
        answers = [ask(f"http://127.0.0.1:{port}/_stcore/health") for _ in range(6)]
        assert [status for status, _ in answers][-2:] == [429, 429]
        assert answers[0][0] == 200
        assert "retry-after" not in answers[0][1]
        assert answers[-1][1]["retry-after"] == "10"
        assert "frame-ancestors 'none'" in answers[-1][1]["content-security-policy"]
        assert ask(f"http://127.0.0.1:{port}/app/static/world.json")[0] == 200


def test_one_address_can_hold_so_many_connections_and_no_more(invented_address, tmp_path):
    with nginx(
        tmp_path, [urlparse(invented_address).netloc], {"limit_conn connections 200": "limit_conn connections 2"}
    ) as port:
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        with connect(address, subprotocols=["streamlit"]), connect(address, subprotocols=["streamlit"]):
            with pytest.raises(InvalidStatus, match="429"):
                connect(address, subprotocols=["streamlit"])
            assert ask(f"http://127.0.0.1:{port}/_stcore/health")[0] == 429
        assert ask(f"http://127.0.0.1:{port}/app/static/world.json")[0] == 200
