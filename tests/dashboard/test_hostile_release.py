"""A release whose names, notes and addresses are full of HTML, script, Markdown, formulas and unseen marks.

Nothing of it runs, nothing is asked of other addresses, and a reader sees it as text.
"""

import json
from collections.abc import Iterator

import pandas as pd
import pytest
from lxml import html
from playwright.sync_api import Page, expect

from dashboard import briefing, current, feeds, language, mail, plain, reading, store
from dashboard.briefing import COUNTRY, Subject
from tests.dashboard import sample
from tests.dashboard.conftest import START_ELSEWHERE, open_tab, serve, write
from tests.dashboard.listed import PAGES, open_page

RAN = "window.ran = 1"
HOSTILE = (
    f'<img src=x onerror="{RAN}"></script><script>{RAN}</script><b>big</b> [x](javascript:{RAN}) '
    "![p](http://evil.invalid/p.png) $x^2$ :red[r] :material/home: **strong** =1+1 \u202ecba\u202c \x07"
)
TEXTS = {
    "countries": ["name", "note"],
    "scores": ["country"],
    "factors": ["name", "note"],
    "catalogue": ["title", "unit", "goalposts_why", "why", "reference", "caveats"],
    "sources": ["title", "producer", "edition", "licence", "citation"],
    "left_out": ["reason", "codes"],
    "watch_rules": ["text", "followed_by"],
    "peers": ["measure", "what", "unit", "licence", "window", "edition"],
    "commitments": ["name", "note", "source"],
}
ADDRESS = f"javascript:{RAN}"


def tables() -> dict[str, pd.DataFrame]:
    """The invented release with these texts; what tells rows apart stays at their beginning."""
    found = sample.tables() | sample.forecast_tables()
    for name, columns in TEXTS.items():
        found[name] = found[name].assign(**{column: found[name][column].astype(str) + HOSTILE for column in columns})
    return found | {
        "sources": found["sources"].assign(url=ADDRESS),
        "peers": found["peers"].assign(terms=f"https://x.invalid/) ![p](http://evil.invalid/q.png {RAN}"),
    }


@pytest.fixture(scope="module")
def hostile_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard on that release."""
    folder = tmp_path_factory.mktemp("hostile")
    write(tables(), folder)
    (folder / "world.json").write_text(json.dumps(sample.world()), encoding="utf-8")
    yield from serve(["-c", START_ELSEWHERE, str(folder)], UPSTREAM_RELEASES=str(folder))


@pytest.fixture
def hostile_page(browser, hostile_address: str) -> Iterator[Page]:
    """A tab on it; the test fails if another address is asked."""
    yield from open_tab(browser, hostile_address)


BAD = """() => [...document.querySelectorAll("*")].flatMap(
  each => [each, ...(each.shadowRoot?.querySelectorAll("*") ?? [])]).filter(each =>
    each.matches("img[onerror], img[src*=evil], a[href^='javascript:' i], .katex, b, script:not([src])")
    && !each.closest("head")).map(each => each.outerHTML.slice(0, 200))"""


@pytest.mark.browser
@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_or_asks_what_a_release_holds(hostile_page, hostile_address, path):
    page = hostile_page
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    query = "country=QMA&against=QMD&mine=QMA,QMD&compare=QMA,QMD&brief=list"
    open_page(page, hostile_address, f"{path}?{query}")
    for box in page.get_by_test_id("stExpander").locator("summary").all()[:3]:
        box.click()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert page.evaluate("window.ran") is None
    assert page.evaluate(BAD) == []
    assert "\u202e" not in page.locator("body").inner_text()


@pytest.mark.browser
def test_the_map_tells_a_hostile_name_as_text(hostile_page, hostile_address):
    page = hostile_page
    open_page(page, hostile_address, "?year=2023&country=QMA")
    page.locator("#place-QME").hover()
    expect(page.locator(".tip")).to_contain_text("Far Isles\uff1cimg src=x onerror=")
    assert page.evaluate("window.ran") is None


@pytest.fixture
def hostile(invented) -> Iterator[None]:
    """The release in use in this process."""
    write(tables(), invented.folder.parent)
    current.use(current.find_newest()[0], "en")
    yield
    current.use(None, "en")


def inside(content: str) -> list[str]:
    """What runs, asks or leads elsewhere in a page."""
    found = html.fromstring(content)
    paths = "//script | //img[not(starts-with(@src, 'data:'))] | //@onerror | //a[contains(@href, 'javascript')] | //b"
    return [str(each) for each in found.xpath(paths)]


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_a_briefing_holds_it_as_text(hostile, code):
    current.use(current.edition(), code)
    made = briefing.make(Subject(COUNTRY, ("QMA",)), "html").decode()
    assert inside(made) == []
    assert "\uff1cimg src=x" in made
    assert "\u202e" not in made
    assert briefing.make(Subject(COUNTRY, ("QMA",)), "pdf").startswith(b"%PDF")


def test_feeds_and_messages_hold_it_as_text(hostile):
    told = feeds.entries(feeds.Choice())
    assert any("\uff1cimg src=x" in each.title for each in told)
    message = mail.compose(feeds.Choice(), told, "a@example.org", "b@example.org", "https://x.invalid/")
    parts = [part.get_content() for part in message.walk() if part.get_content_type() == "text/html"]
    assert [inside(content) for content in [*parts, *(feeds.as_html(each) for each in told)]] == [[]] * (len(told) + 1)
    assert "\n" not in message["Subject"]


def test_no_text_that_pages_read_has_a_mark(hostile):
    for name in reading.opened().tables():
        rows = reading.table(name)
        for column in rows.select_dtypes(include=["str", "object"]):
            values = [each for each in rows[column].unique() if isinstance(each, str)]
            assert [each for each in values if plain.MEANT.search(each)] == [], (name, column)
    assert {*reading.table("sources")["url"]} == {""}
    assert {*reading.table("peers")["terms"]} == {""}
    assert store.names()["QMA"].startswith("Alandia\uff1cimg")


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Côte d'Ivoire (2024-01): 5 > 4, a_b & c.", "Côte d'Ivoire (2024-01): 5 > 4, a_b & c."),
        ("<b>", "\uff1cb>"),
        ("[x](y)", "\uff3bx\uff3d(y)"),
        ("$5 *a* \\ ~", "\uff045 \uff0aa\uff0a \uff3c \uff5e"),
        ("a\u202eb\x00c\nd", "a\ufffdb\ufffdc\ufffdd"),
        (":material/home: at 10:00:00", "\uff1amaterial/home: at 10:00:00"),
    ],
)
def test_marks_are_shown_as_the_wide_form_of_the_same_sign(given, shown):
    assert plain.text(given) == shown
    assert plain.text(shown) == shown
