"""The documentation as a site: built strictly, whole, and asking no other host for anything."""

import functools
import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

import release
from tools import docs_pages

LOADED = {  # what a browser fetches by itself; a link that a reader follows is none of it
    "//script/@src",
    "//link[not(@rel='canonical' or @rel='alternate' or @rel='prev' or @rel='next')]/@href",
    "//img/@src",
    "//iframe/@src",
    "//source/@src",
    "//form/@action",
}
PAGES = {
    *("index", "for_analysts", "for_donors", "for_researchers", "following", "method", "sources", "codebook"),
    *("model_card", "adding_an_indicator", "adding_a_system", "translating", "changes", "security"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site; the build itself is the first test."""
    folder = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    quiet = os.environ | {"NO_MKDOCS_2_WARNING": "1", "NO_COLOR": "1"}
    built = subprocess.run(command, cwd=release.ROOT, capture_output=True, text=True, env=quiet)
    assert built.returncode == 0, built.stderr
    assert "WARNING" not in built.stderr
    return folder


def page(site: Path, name: str) -> html.HtmlElement:
    path = site / "index.html" if name == "index" else site / name / "index.html"
    return html.fromstring(path.read_bytes())


def test_every_page_is_in_the_navigation(site):
    links = {link.rstrip("/").rpartition("/")[2] or "index" for link in page(site, "index").xpath("//nav//a/@href")}
    assert {"index" if link == "." else link for link in links} >= PAGES
    assert {path.parent.name for path in site.glob("*/index.html")} >= PAGES - {"index"}


def test_pages_about_the_release_are_those_of_the_newest(site):
    found = release.latest()
    assert page(site, "model_card").xpath("//h1")[0].text.startswith(f"Model card, release {found.id}")
    rows = page(site, "sources").xpath("//table//tr[td]")
    assert len(rows) == len(found.sources)
    assert "Changes" in page(site, "changes").xpath("//h1")[0].text


def test_lists_and_tables_that_follow_a_line_are_shown_as_such(site):
    """The Markdown of the repository needs no blank line before them; that of the site does."""
    method = page(site, "method")
    assert [item for item in method.xpath("//li") if item.text_content().strip().startswith("alone: the ROC AUC")]
    shown = [
        text for path in site.glob("*/index.html") for text in html.fromstring(path.read_bytes()).xpath("//article//p")
    ]
    assert [each.text_content()[:80] for each in shown if re.search(r"\n(\* |\d+\. |\|)", each.text_content())] == []


def test_what_is_code_is_left_as_it_is():
    text = "one\n* two\n* three\n\n```\na\n* b\n```\nfour\n| a |\n|---|\n"
    spaced = "one\n\n* two\n* three\n\n```\na\n* b\n```\nfour\n\n| a |\n|---|"
    assert docs_pages.with_blank_lines(text) == spaced


def test_no_page_loads_anything_from_another_host(site):
    elsewhere = re.compile(r"^\s*(https?:)?//")
    pages = list(site.rglob("*.html"))
    asked = [
        f"{path.name}: {target}"
        for path in pages
        for query in LOADED
        for target in html.fromstring(path.read_bytes()).xpath(query)
        if elsewhere.match(target)
    ]
    styles = [
        f"{path.name}: {match}"
        for path in site.rglob("*.css")
        for match in re.findall(r"(?:url\(|@import\s+)[\"']?(?:https?:)?//[^)\"']*", path.read_text("utf-8"))
    ]
    assert len(pages) > len(PAGES)
    assert asked == []
    assert styles == []


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    """The site, served on a free port of this machine."""

    class Silent(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_given: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Silent, directory=site))
    threading.Thread(target=server.serve_forever).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.browser
def test_a_browser_asks_no_other_host_and_the_search_finds_something(address: str, browser: Browser):
    asked: list[str] = []
    opened = browser.new_page()
    opened.set_default_timeout(60_000)
    opened.on("request", lambda request: asked.append(request.url))
    for name in sorted(PAGES):
        opened.goto(address + ("" if name == "index" else f"{name}/"), wait_until="networkidle")
    opened.locator(".md-search__input").click()
    opened.wait_for_timeout(1_000)  # the search reads its index once it is opened, and misses what came before
    opened.locator(".md-search__input").press_sequentially("goalposts")
    opened.locator(".md-search-result__item").first.wait_for()
    opened.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    assert any("search_index.json" in url for url in asked)
