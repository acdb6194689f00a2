"""Every page for every reader: WCAG 2.0 to 2.2 A and AA by axe-core, keyboard, language, direction, paper, motion."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard import charts, figures
from tests.dashboard.listed import PAGES, open_page, read_pages, wait_until_drawn

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDTHS = (1280, 390)
BACKGROUNDS = {"light": "#ffffff", "dark": "#171614"}  # Streamlit's own
browser_test = pytest.mark.browser


def find_violations(page: Page) -> list[str]:
    """Rule, element and reason of each violation that axe-core finds on the page."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    assert len(found["passes"]) > 10, "axe-core looked at hardly anything"
    return [
        f"{rule['id']}: {node['html'][:160]}: {node['failureSummary'][:200]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.fixture(params=BACKGROUNDS)
def themed(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page in a browser that asks for the light theme, and in one that asks for the dark one."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=request.param)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


def test_the_list_of_pages_is_that_of_the_app():
    assert PAGES[""] == "World map"
    assert PAGES["country"] == "Country"
    assert read_pages('PAGES = {"a_b": N_("A b"), "c": N_("C d")}') == {"": "A b", "c": "C d"}


@browser_test
@pytest.mark.parametrize("path", PAGES)
def test_a_page_breaks_no_rule_of_wcag_in_either_theme_at_either_width(themed, address, path):
    open_page(themed, address, path)
    for width in WIDTHS:
        themed.set_viewport_size({"width": width, "height": 900})
        themed.wait_for_timeout(500)  # the page lays itself out
        assert find_violations(themed) == [], width


@browser_test
def test_a_page_with_everything_unfolded_breaks_no_rule(themed, invented_address):
    open_page(themed, invented_address, "country?country=QMA")
    for label in ("2. Invented factor 2", "14. Invented factor 14", "These scores as a table"):
        themed.get_by_test_id("stExpander").filter(has_text=label).locator("summary").click()
        wait_until_drawn(themed)
    assert find_violations(themed) == []


@browser_test
def test_axe_finds_what_is_wrong(page, address):
    open_page(page, address, "download")
    page.evaluate("document.querySelector('h1').style.color = '#ddd'")
    assert any(found.startswith("color-contrast") for found in find_violations(page))


@browser_test
@pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_document_says_its_language_and_direction_and_has_a_title_of_its_own(
    invented_page, invented_address, code, direction
):
    page = invented_page
    open_page(page, invented_address, f"country?lang={code}")
    expect(page.locator(f"html[lang={code}][dir={direction}]")).to_have_count(1)
    assert "Upstream" in page.title()
    assert page.title() != "Upstream: early warning of mass atrocities"


@browser_test
def test_the_choice_of_language_changes_the_document_and_stands_at_the_top(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "method")
    control = page.get_by_role("combobox", name="Language")
    box = control.bounding_box()
    assert box["y"] < 60
    assert box["x"] > 1000
    control.click()
    page.get_by_role("option", name="العربية").click()
    expect(page.locator("html[lang=ar][dir=rtl]")).to_have_count(1)
    page.wait_for_url("**lang=ar**")
    # at the other end in a page written from the right
    assert page.locator(".st-key-language_frame").bounding_box()["x"] < 100


@browser_test
@pytest.mark.parametrize("path", PAGES)
def test_a_page_from_the_right_does_not_scroll_sideways_on_a_phone(invented_page, invented_address, path):
    page = invented_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, invented_address, f"{path}?lang=ar")
    expect(page.locator("html[dir=rtl]")).to_have_count(1)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    heading = page.get_by_role("heading", level=1)
    assert heading.evaluate("element => getComputedStyle(element).textAlign") in ("start", "right")


@browser_test
def test_labels_of_a_chart_are_inside_it_in_a_page_from_the_right(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "?country=QMA&lang=ar")
    page.get_by_test_id("stTopNavLink").and_(page.locator("a[href$='/country']")).click()  # to be drawn from the right
    chart = page.locator(".js-plotly-plot").filter(has=page.locator(".heatmaplayer"))
    labels = chart.locator(".ytick text")
    expect(labels.first).to_be_visible()
    left = chart.bounding_box()["x"]
    assert min(label.bounding_box()["x"] for label in labels.all()) >= left - 1


@browser_test
def test_the_first_tab_reaches_a_link_past_the_navigation(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "country")
    before = page.url
    skip = page.locator("#skip")
    expect(skip).to_be_attached()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#stMain")).to_be_focused()
    assert page.url == before


@browser_test
def test_a_table_wider_than_a_phone_is_scrolled_by_keyboard(invented_page, invented_address):
    page = invented_page
    page.set_viewport_size({"width": 390, "height": 844})
    open_page(page, invented_address, "track_record")
    frame = page.locator("[data-testid=stTable] > div[tabindex='0']").first
    expect(frame).to_have_attribute("aria-label", "Table, scrollable")
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.activeElement.scrollLeft > 0")
    page.set_viewport_size({"width": 1600, "height": 900})
    expect(page.locator("[data-testid=stTable] > div[tabindex='0']")).to_have_count(0)


# Of each page its main control: path, role and name of it, keys, and what the address says then.
MAIN_CONTROLS = [
    ("?year=2023", "slider", "Year", ["ArrowLeft"], "year=2022"),
    ("country?country=QMA", "combobox", "Country (type to search)", ["ArrowDown", "ArrowDown", "Enter"], "country=QM"),
    ("watch", "combobox", "As it looked in", ["ArrowDown", "ArrowDown", "Enter"], "as_of="),
    ("shared_drivers", "radio", "alone", ["ArrowDown"], "drivers=adds"),
    ("commitments", "combobox", "Treaty", ["ArrowDown", "ArrowDown", "Enter"], "treaty="),
    ("track_record", "radio", "top 30", ["ArrowLeft"], "top=20"),
    ("method", "slider", "1. Invented factor 1", ["ArrowRight"], "weights=rf01"),
]


@browser_test
@pytest.mark.parametrize(("path", "role", "name", "keys", "written"), MAIN_CONTROLS)
def test_the_main_control_of_a_page_is_reached_and_used_by_keyboard_alone(
    invented_page, invented_address, path, role, name, keys, written
):
    page = invented_page
    open_page(page, invented_address, path)
    before = page.url
    control = page.get_by_role(role, name=name).first
    expect(control).to_be_attached()
    for _ in range(60):
        page.keyboard.press("Tab")
        if control.evaluate("element => element.matches(':focus')"):
            break
    else:
        pytest.fail(f"{name} is not reached within 60 steps")
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function("before => location.href !== before", arg=before)
    assert written in page.url


@browser_test
def test_a_download_is_reached_and_started_by_keyboard_alone(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "download")
    button = page.get_by_role("button", name="scores as CSV").first
    for _ in range(120):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            break
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith("scores.csv")


@browser_test
def test_the_focus_is_seen(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "download")
    for _ in range(4):
        page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outline")
    assert "solid" in outline
    assert "3px" in outline


@browser_test
def test_who_asks_for_less_motion_gets_none(browser, invented_address):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    open_page(page, invented_address, "country")
    page.wait_for_function(
        """() => [...document.querySelectorAll("*")].every(element => {
            const style = getComputedStyle(element);
            return [style.transitionDuration, style.animationDuration]
                .every(times => times.split(",").every(time => parseFloat(time) <= 0.001)); })"""
    )
    context.close()


@browser_test
def test_on_paper_there_are_no_controls_and_nothing_is_cut_in_either_theme(themed, invented_address):
    open_page(themed, invented_address, "country?country=QMA")
    expect(themed.locator(".js-plotly-plot").first).to_be_visible()
    themed.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    themed.emulate_media(media="print")
    themed.set_viewport_size({"width": 680, "height": 1000})  # A4 less its margins
    for control in (".stAppHeader", ".st-key-language_frame", ".stSelectbox", ".stSlider", ".stDownloadButton"):
        assert themed.locator(control).filter(visible=True).count() == 0, control
    wide = themed.evaluate(
        """() => [...document.querySelectorAll(".stTable table, .js-plotly-plot .main-svg")]
            .map(element => element.getBoundingClientRect().right).filter(right => right > 690)"""
    )
    assert wide == []
    colour = themed.locator("h2").first.evaluate("element => getComputedStyle(element).color")
    assert colour == "rgb(0, 0, 0)"
    assert themed.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor") == "rgb(255, 255, 255)"


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" by WCAG."""
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the well-known nearly enough


@pytest.mark.parametrize("background", BACKGROUNDS.values())
def test_lines_and_marks_of_charts_stand_out_from_the_background_of_both_themes(background):
    lines = [colour for colour, _ in (*figures.LINES.values(), *charts.GROUP_LINES)]
    for colour in (*lines, charts.RAISES, charts.LOWERS, charts.EVENTS, figures.HATCH):
        assert contrast(colour, background) >= 3, colour


def test_lines_of_one_chart_differ_in_more_than_colour():
    for lines in (figures.LINES.values(), charts.GROUP_LINES):
        dashes = [dash for _, dash in lines]
        assert len({*dashes}) == len(dashes)
