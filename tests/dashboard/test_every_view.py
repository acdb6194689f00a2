"""Every view is a link: back and forward restore it; a wrong link is told so on every page, as plain text."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from dashboard.links import as_text
from tests.dashboard.listed import PAGES, open_page, wait_until_drawn

browser_test = pytest.mark.browser
# The page about the project has no view to show; what its link asks for is read where it is next used.
WITH_VIEW = [path for path, title in PAGES.items() if title != "About"]


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).click()


@browser_test
def test_back_and_forward_restore_page_country_year_language_and_their_controls(invented_page, invented_address):
    page = invented_page
    country, year = page.get_by_role("combobox", name=re.compile("Country")), page.locator("input[type=range]").first

    open_page(page, invented_address, "?year=2023&country=QMA")
    year.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2022**")
    page.get_by_role("link", name="Country", exact=True).first.click()
    expect(page.get_by_role("heading", name="Alandia, 2022")).to_be_visible()
    page.wait_for_url("**country=QMA**")
    choose(page, "Country (type to search)", "Far Isles")
    expect(page.get_by_role("heading", name="Far Isles, 2022")).to_be_visible()
    page.wait_for_url("**country=QME**")
    choose(page, "Language", "Français")
    expect(page.locator("html[lang=fr]")).to_have_count(1)
    page.wait_for_url("**lang=fr**")

    page.go_back()
    expect(page.locator("html[lang=en]")).to_have_count(1)
    expect(page.get_by_role("heading", name="Far Isles, 2022")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Alandia, 2022")).to_be_visible()
    expect(country).to_have_value("Alandia")
    go_until(page, "back", "World map")
    expect(year).to_have_value("2022")
    page.go_back()
    page.wait_for_url("**year=2023**")
    expect(year).to_have_value("2023")

    page.go_forward()
    page.wait_for_url("**year=2022**")
    expect(year).to_have_value("2022")
    go_until(page, "forward", "Country")
    expect(page.get_by_role("heading", name="Alandia, 2022")).to_be_visible()
    expect(country).to_have_value("Alandia")


def go_until(page: Page, way: str, heading: str) -> None:
    """A change of page can be two steps: the page's address, and the view written into it."""
    for _ in range(2):
        page.go_back() if way == "back" else page.go_forward()
        wait_until_drawn(page)
        page.wait_for_timeout(500)
        if page.get_by_role("heading", name=heading, level=1).count():
            return
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


@browser_test
@pytest.mark.parametrize("path", WITH_VIEW)
def test_a_wrong_link_is_told_on_every_page_and_a_valid_view_shown(invented_page, invented_address, path):
    open_page(invented_page, invented_address, f"{path}?country=ZZZ")
    alert = invented_page.get_by_role("alert").filter(has_text="The link asks for the country “ZZZ”")
    expect(alert).to_contain_text("Shown instead:")
    expect(invented_page.get_by_text("Traceback")).to_have_count(0)
    expect(invented_page.get_by_test_id("stException")).to_have_count(0)
    assert "ZZZ" not in invented_page.url


JUNK = {
    "repeated": "country=ZZZ&country=QMA&country=QZZ",
    "long": "country=" + "Z" * 10_000,
    "percent": "country=%00%FF%C3%28%E2%80%AE&year=%GG%",
    "html": "country=" + quote("<img src=x onerror=alert(1)><script>alert(1)</script><b>big</b>"),
    "markdown": "country=" + quote("**x** [a](http://evil.example) ![p](http://evil.example/p.png) $x^2$ :red[r]"),
    "address": "country=" + quote("http://evil.example www.evil.example me@evil.example"),
    "weights": "weights=" + quote(",".join(["<b>rf99</b>:9"] * 200)),
    "long list": "mine=" + ",".join(f"Z{at}" for at in range(2000)),
}


@browser_test
@pytest.mark.parametrize("path", ["", "country", "method"])
@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_a_link_is_shown_as_text_and_never_as_more(invented_page, invented_address, path, junk):
    page = invented_page
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    open_page(page, invented_address, f"{path}?{JUNK[junk]}")
    alerts = page.get_by_role("alert")
    assert alerts.count() <= 7
    if JUNK[junk].startswith("country="):
        expect(alerts.first).to_contain_text("The link asks for the country “")
    for inside in ("a", "img", "script", "b", "strong", ".katex", "[class*=red]"):
        assert alerts.locator(f"p {inside}").count() == 0, inside
    assert max((len(alert) for alert in alerts.all_inner_texts()), default=0) < 700
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert dialogs == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("rome_statute, 2023-04 (QMA, …).", "rome_statute, 2023-04 (QMA, …)."),
        ("**b** _i_ `c` <b>", r"\*\*b\*\* \_i\_ \`c\` \<b\>"),
        ("[a](b) ![c](d)", r"\[a\](b) \!\[c\](d)"),
        ("a\nb\x00", "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}"),
        ("www.x.org", "www\N{WORD JOINER}.x.org"),
    ],
)
def test_marks_of_markdown_are_made_text(text, shown):
    assert as_text(text) == shown


@browser_test
def test_the_map_is_drawn_without_webgl(browser, invented_address):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        """const get = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
            return kind.includes("webgl") ? null : get.call(this, kind, ...rest) }"""
    )
    open_page(page, invented_address, "")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stMain").locator("svg path").first).to_be_attached()
    assert page.evaluate("document.createElement('canvas').getContext('webgl')") is None
    context.close()
