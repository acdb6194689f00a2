"""The feeds by their specifications, as files and as the dashboard serves them."""

import json
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime

import feedparser
import pytest
import requests
import uvicorn
from lxml import etree
from playwright.sync_api import expect
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

import release
from dashboard import alert_words, alerts, current, feed_routes, feeds, visit
from tests.dashboard import sample
from tests.dashboard.conftest import wait_for, write
from tests.dashboard.listed import open_page

ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "https://example.org/upstream/"


class Client:
    """Asks a server on this machine."""

    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.address + path, headers=headers, timeout=60)


@pytest.fixture
def client(invented: release.Release, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """The routes of the feeds, served, on the release of invented States, without an address of the dashboard."""
    monkeypatch.delenv(feed_routes.ADDRESS, raising=False)
    monkeypatch.setattr(feed_routes, "_served", [])
    config = uvicorn.Config(Starlette(routes=feed_routes.routes()), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield Client(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join()


@pytest.fixture(autouse=True)
def _english():
    yield
    current.use(None, "en")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_each_atom_feed_has_what_the_specification_asks_for(invented, language):
    current.use(None, language)
    for choice in feeds.choices():
        content = feeds.atom(choice, ADDRESS)
        read = feedparser.parse(content)
        assert not read.bozo
        assert read.version == "atom10"
        assert read.feed.language == language
        root = etree.fromstring(content)
        for element in (root, *root.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):  # exactly one of each: RFC 4287, 4.1.1 and 4.1.2
                assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert root.find(f"{ATOM}author/{ATOM}name").text == feeds.AUTHOR
        assert read.feed.updated_parsed[:3] == (2024, 1, 31)
        own = next(link for link in read.feed.links if link.rel == "self")
        assert own.href == f"{ADDRESS}feeds/{language}/{choice.name}.atom"
        assert all(entry.link.startswith(ADDRESS) and entry.content[0].value for entry in read.entries)


def test_each_json_feed_has_what_the_specification_asks_for(invented):
    for choice in feeds.choices():
        feed = json.loads(feeds.json_feed(choice, ADDRESS))
        assert feed["version"] == "https://jsonfeed.org/version/1.1"
        assert feed["title"]
        assert feed["feed_url"] == f"{ADDRESS}feeds/en/{choice.name}.json"
        assert isinstance(feed["items"], list)
        for item in feed["items"]:
            assert isinstance(item["id"], str)
            assert item["content_html"]
            assert item["content_text"]
            assert datetime.fromisoformat(item["date_published"]).tzinfo
        assert len({item["id"] for item in feed["items"]}) == len(feed["items"])


def test_without_an_address_atom_links_are_relative_and_json_has_none(invented):
    read = feedparser.parse(
        feeds.atom(feeds.Choice(), ""), response_headers={"content-location": f"{ADDRESS}feeds/en/all.atom"}
    )
    assert read.entries[1].link == f"{ADDRESS}watch?country=QMA&lang=en"
    text = feeds.json_feed(feeds.Choice()).decode()
    assert "url" not in json.loads(text)["items"][0]
    assert "feed_url" not in json.loads(text)


def names(choice: feeds.Choice) -> list[str]:
    return [each.alert.what for each in feeds.entries(choice)]


def test_a_feed_has_the_release_and_what_it_is_of(invented):
    """Alandia, of Africa, has a flag."""
    assert names(feeds.Choice()) == ["release///", "flag//QMA/rise"]
    assert names(feeds.Choice(region="Africa")) == ["release///", "flag//QMA/rise"]
    assert names(feeds.Choice(region="Europe")) == ["release///"]
    assert names(feeds.Choice(outcome="mass_killing")) == ["release///"]
    assert names(feeds.choice_of_list(["qma"])) == ["release///", "flag//QMA/rise"]
    assert names(feeds.choice_of_list(["QMD"])) == ["release///"]


def test_the_same_release_gives_the_same_bytes_and_ids_do_not_depend_on_language_or_feed(invented):
    first = {choice.name: feeds.atom(choice) for choice in feeds.choices()}
    current.forget()
    assert first == {choice.name: feeds.atom(choice) for choice in feeds.choices()}
    ids = {entry.id for content in first.values() for entry in feedparser.parse(content).entries}
    current.use(None, "fr")
    assert ids == {entry.id for entry in feedparser.parse(feeds.atom(feeds.Choice())).entries}
    assert len(ids) == 2
    assert len({feedparser.parse(content).feed.id for content in first.values()}) == len(first)


def test_names_are_escaped(invented, monkeypatch):
    monkeypatch.setitem(sample.NAMES, "QMA", "Alan<script>alert(1)</script> & Sons")
    write(sample.tables() | sample.forecast_tables(), invented.folder.parent)
    content = feeds.atom(feeds.Choice())
    assert b"<script" not in content
    titles = [entry.findtext(f"{ATOM}title") for entry in etree.fromstring(content).findall(f"{ATOM}entry")]
    assert titles[1] == "Alan＜script>alert(1)＜/script> & Sons: new flag of the watch (Rise)"
    told = alert_words.Told(alerts.Alert("release"), "x", ("a <b> & **strong**",))
    assert feeds.as_html(told) == '<div lang="en" dir="ltr"><p>a &lt;b&gt; &amp; <strong>strong</strong></p></div>'
    assert feeds.as_text(told) == "a <b> & strong"


def test_arabic_is_written_from_the_right(invented):
    current.use(None, "ar")
    assert 'dir="rtl"' in feeds.json_feed(feeds.Choice()).decode().replace('\\"', '"')


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/feeds/en/all.atom", "application/atom+xml"),
        ("/feeds/ar/region-western-asia.json", "application/feed+json"),
        ("/feeds/es/outcome-state_killing.atom", "application/atom+xml"),
        ("/feeds/fr/mine.json?mine=QMD,qma", "application/feed+json"),
    ],
)
def test_feeds_are_served(client, path, media):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    again = client.get(path, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_order_and_case_of_a_list_do_not_make_another_feed(client):
    assert (
        client.get("/feeds/en/mine.atom?mine=QMD,qma").content == client.get("/feeds/en/mine.atom?mine=QMA,QMD").content
    )


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/feeds/en/luck.atom", 404, "There is no such feed."),
        ("/feeds/xx/all.atom", 404, "There is no such feed."),
        ("/feeds/en/all.rss", 404, "There is no such feed."),
        ("/feeds/en/mine.atom", 400, "Not in this release: an empty list."),
        ("/feeds/en/mine.atom?mine=QMA,ZZZ", 400, "Not in this release: ZZZ."),
    ],
)
def test_what_is_not_there_is_said(client, path, status, text):
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.text.startswith(text)
    assert answer.headers["content-type"].startswith("text/plain")


def test_without_a_release_the_feeds_say_so(client, invented, tmp_path, monkeypatch):
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path / "none"))
    assert client.get("/feeds/en/all.atom").status_code == 503


def test_the_address_of_the_environment_is_in_the_links_and_a_request_s_own_is_not(client, monkeypatch):
    assert b"evil" not in client.get("/feeds/en/all.atom", Host="evil.example").content
    monkeypatch.setenv(feed_routes.ADDRESS, "https://example.org")
    assert b'href="https://example.org/feeds/en/all.atom"' in client.get("/feeds/en/all.atom").content
    monkeypatch.setenv(feed_routes.ADDRESS, "example.org")
    with pytest.raises(ValueError, match="is no address of the web"):
        feed_routes.routes()


def test_the_page_names_the_feeds_of_what_is_looked_at(invented):
    text = feeds.follow_text("Africa", "state_killing", ("QMD", "QMA"))
    links = re.findall(r"\]\(([^)]*)\)", text)
    assert links[::2] == [
        *("feeds/en/all.atom", "feeds/en/region-africa.atom", "feeds/en/outcome-state_killing.atom"),
        "feeds/en/mine.atom?mine=QMA,QMD",
    ]
    assert "region" not in feeds.follow_text("All", "state_killing", ())


@pytest.mark.parametrize("served", [True, False])
def test_watch_names_the_feeds_or_says_that_they_are_not_there(invented, monkeypatch, served):
    monkeypatch.setattr(feed_routes, "_served", [True] if served else [])
    app = AppTest.from_file("../../app.py", default_timeout=60).run()
    app.switch_page("dashboard/pages/watch.py").run()
    assert not app.exception
    assert (feeds.NOT_SERVED in [caption.value for caption in app.caption]) != served
    assert any("(feeds/en/all.atom)" in text.value for text in app.markdown) == served


def test_feeds_that_are_not_served_are_not_named_in_the_page(invented, monkeypatch):
    given = []
    monkeypatch.setattr(visit, "_DOCUMENT", lambda key, data: given.append(data["feeds"]))
    for served, count in ((False, 0), (True, 2)):
        monkeypatch.setattr(feed_routes, "_served", [True] if served else [])
        AppTest.from_file("../../app.py", default_timeout=60).run()
        assert len(given.pop()) == count


@pytest.mark.browser
def test_a_page_names_the_feeds_in_its_head_in_the_language_in_use(invented_page, invented_address):
    page, titles = invented_page, {}
    named = page.locator("head > link[rel=alternate]")
    for code in ("fr", "en"):
        open_page(page, invented_address, f"country?lang={code}")
        expect(named).to_have_count(2)  # those of the language before are gone
        titles[code] = [link.get_attribute("title") for link in named.all()]
        for link, (kind, media) in zip(named.all(), feeds.FORMATS.items(), strict=True):
            assert link.get_attribute("type") == media
            assert link.evaluate("link => link.href") == f"{invented_address}/feeds/{code}/all.{kind}"
            answer = page.request.get(link.evaluate("link => link.href"))
            assert (answer.status, answer.headers["content-type"].split(";")[0]) == (200, media)
    assert titles["en"] == ["Upstream alerts (Atom)", "Upstream alerts (JSON)"]
    current.use(None, "fr")
    assert [title.split(" (")[0] for title in titles["fr"]] == [feeds.Choice().title()] * 2
    assert titles["fr"] != titles["en"]
    open_page(page, invented_address, "?lang=en")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Français").click()
    expect(named.first).to_have_attribute("href", "feeds/fr/all.atom")
    expect(named).to_have_count(2)


def test_the_command_writes_every_feed(invented, tmp_path):
    out = tmp_path / "feeds"
    command = [sys.executable, "pipeline.py", "feeds", "--out", str(out), "--lang", "en", "--lang", "es"]
    done = subprocess.run(command, cwd=release.ROOT, capture_output=True, text=True, check=True)
    assert "40 feeds are in" in " ".join(done.stdout.split())
    assert sorted(path.name for path in out.iterdir()) == ["en", "es"]
    current.use(None, "en")
    assert (out / "en" / "all.atom").read_bytes() == feeds.atom(feeds.Choice())
    wrong = subprocess.run([*command, "--lang", "de"], cwd=release.ROOT, capture_output=True, text=True)
    assert wrong.returncode == 1
    assert "de: no such language; there are en, fr, es, ar." in wrong.stderr


def test_the_dashboard_as_it_is_served_has_feeds_and_pages():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(port), "--log-level", "error"]
    server = subprocess.Popen(command, cwd=release.ROOT)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        client = Client(port)
        assert feedparser.parse(client.get("/feeds/en/all.atom").content).feed.title == "Upstream alerts"
        assert "<title>Streamlit</title>" in client.get("/watch").text
    finally:
        server.terminate()
        server.wait()
