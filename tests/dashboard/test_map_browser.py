"""The map in a real browser: what it says and draws, by mouse, keyboard and touch."""

import base64
import re

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import release
from dashboard.map import FOLDER
from tests.dashboard.listed import wait_until_drawn

pytestmark = pytest.mark.browser


def open_map(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/?{query}")
    expect(page.get_by_role("listbox", name="Places on the map")).to_be_visible()


def place(page: Page, name: str):
    """A place of the map by the beginning of its name as it is read out."""
    return page.get_by_role("option", name=re.compile(f"^{name}"))


def turn(page: Page, year: int) -> None:
    """Set the slider of years, as a drag does."""
    page.get_by_role("slider", name="Year").fill(str(year))


def seen(page: Page) -> str:
    """What part of the map is in view."""
    return page.locator(".list svg").get_attribute("viewBox")


def fill(page: Page, name: str) -> str:
    return place(page, name).get_attribute("fill")


def unfold(page: Page, label: str) -> None:
    """Open what is folded up, and wait until its controls stand: a list that is opened before is closed again."""
    page.get_by_text(label).click()
    page.wait_for_timeout(300)
    wait_until_drawn(page)


def test_every_place_has_a_name_and_a_value_and_a_look_of_its_own(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    expect(place(page, "Alandia, 2023: Risk index: 45.0 of 100")).to_have_count(1)
    expect(place(page, "Bretagna, 2023: Risk index: no score, too little data")).to_have_count(1)
    told = "Held Land, 2023: shown here: Alandia, row QMA; Risk index: 45.0 of 100"
    expect(place(page, told)).to_have_count(1)
    expect(place(page, re.escape("Loose Island (Nobody), 2023: no row of its own"))).to_have_count(1)
    expect(page.get_by_role("option")).to_have_count(6)
    kinds = [place(page, name).get_attribute("data-kind") for name in ("Alandia", "Bretagna", "Loose", "Held Land")]
    assert kinds == ["score", "nothing", "nowhere", "score"]
    assert fill(page, "Alandia") == fill(page, "Held Land") != fill(page, "Newland")
    # uncertain is dotted, no score is hatched: marks beside the colour
    expect(page.locator(".list .over[data-mark=dots]")).to_have_count(4)  # QMA, QMD, QME and QMX
    expect(page.locator(".list .over[data-mark=hatch]")).to_have_count(1)


def test_pointing_and_focus_tell_the_same(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2021&country=QMA")
    place(page, "Newland").hover()
    tip = page.locator(".tip")
    expect(tip).to_contain_text("Newland, 2021")
    expect(tip).to_contain_text("shown here: Old Union, row QMC")
    expect(tip).to_contain_text("Risk index: 55.0 of 100")
    expect(tip).to_contain_text("coverage 85%, data on average 1.2 years old (2018 to 2020)")
    told = tip.inner_text()
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()
    page.get_by_role("button", name="Year after").focus()
    page.get_by_role("slider", name="Year").focus()
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(tip).to_be_visible()
    assert tip.inner_text() == told


def test_the_map_is_one_tab_stop_that_is_moved_in_picked_from_and_zoomed_by_keys(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023&country=QMA")
    box = page.get_by_role("listbox", name="Places on the map")
    page.get_by_role("slider", name="Year").focus()
    page.keyboard.press("Tab")
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-activedescendant", "place-QMA")
    page.keyboard.press("ArrowRight")
    expect(box).to_have_attribute("aria-activedescendant", "place-QMB")
    page.keyboard.press("ArrowRight")
    expect(box).to_have_attribute("aria-activedescendant", "place-QMD")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "place-QME")
    whole = seen(page)
    page.keyboard.press("+")
    assert seen(page) != whole
    page.keyboard.press("0")
    assert seen(page) == whole
    page.keyboard.press("Enter")
    page.wait_for_url("**country=QME**")
    expect(place(page, "Far Isles")).to_have_attribute("aria-selected", "true")
    expect(place(page, "Alandia")).to_have_attribute("aria-selected", "false")
    page.keyboard.type("new")
    expect(box).to_have_attribute("aria-activedescendant", "place-QMD")
    page.keyboard.press("Tab")
    expect(box).not_to_be_focused()


def test_a_change_of_year_keeps_what_the_reader_zoomed_to(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    page.get_by_role("button", name="Zoom in").click()
    zoomed, before = seen(page), fill(page, "Alandia")
    turn(page, 2020)
    assert fill(page, "Alandia") != before  # drawn without waiting for the server
    page.wait_for_url("**year=2020**")
    expect(page.get_by_text("have a score in 2020")).to_be_visible()
    assert seen(page) == zoomed
    page.get_by_role("button", name="Show all").click()
    assert seen(page) != zoomed


def test_quick_steps_end_at_the_readers_year_and_going_back_at_the_links(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    page.get_by_role("slider", name="Year").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2020**")
    expect(page.get_by_text("have a score in 2020")).to_be_visible()
    expect(page.get_by_role("slider", name="Year")).to_have_value("2020")
    open_map(page, invented_address, "year=2022")
    expect(page.get_by_role("slider", name="Year")).to_have_value("2022")


def test_a_region_is_shown_alone_and_nearer(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    whole = seen(page)
    page.get_by_role("combobox", name=re.compile("Region")).click()
    page.get_by_role("option", name="Africa", exact=True).click()
    page.wait_for_url("**region=Africa**")
    expect(place(page, "Far Isles, 2023: outside the chosen region")).to_have_count(1)
    expect(place(page, "Alandia, 2023: Risk index")).to_have_count(1)
    assert seen(page) != whole


def test_two_years_are_compared_where_both_are_known(invented_page, invented_address, tmp_path):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    unfold(page, "Compare with a year, filter by coverage, small maps")
    page.get_by_role("combobox", name=re.compile("Compare with an earlier year")).click()
    page.get_by_role("option", name="2021", exact=True).click()
    page.wait_for_url("**since=2021**")
    told = "Alandia, 2023: Risk index: 45.0 of 100 in 2023, 35.0 of 100 in 2021, change +10.0"
    expect(place(page, re.escape(told))).to_have_count(1)
    expect(place(page, "Newland, 2023: no comparison: not the same State")).to_have_count(1)
    expect(page.get_by_text("Change since 2021, in points: blue is lower, orange is higher")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these numbers (CSV)").click()
    waiting.value.save_as(tmp_path / "table.csv")
    assert pd.read_csv(tmp_path / "table.csv").set_index("Row")["Change"].to_dict() == {"QMA": 10, "QME": 10}
    turn(page, 2022)
    told = "Alandia, 2022: Risk index: 40.0 of 100 in 2022, 35.0 of 100 in 2021, change +5.0"
    expect(place(page, re.escape(told))).to_have_count(1)


def test_likelihoods_are_told_in_plain_numbers_and_compared_as_times(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023&measure=mass_killing&country=QME")
    told = "Far Isles, 2023: Onset of mass killing in 2024 and 2025; about 4 in 10,000 States like this"
    expect(place(page, told)).to_have_count(1)
    place(page, "Far Isles").hover()
    expect(page.locator(".tip")).to_contain_text("Onset of mass killing in 2024 and 2025")
    expect(page.locator(".tip")).to_contain_text("base rate: about 100 in 10,000")
    expect(page.get_by_text("1 in 100", exact=True)).to_be_visible()
    expect(page.get_by_text("No forecast: too little is known")).to_be_visible()
    expect(page.get_by_text("Uncertain (2023): upper end of the 95 % interval")).to_be_visible()
    turn(page, 2020)
    expect(place(page, "Alandia, 2020: Onset of mass killing: no forecast was made at the end of 2020")).to_have_count(
        1
    )
    open_map(page, invented_address, "year=2023&measure=mass_killing&since=2021")
    place(page, "Alandia").hover()
    expect(page.locator(".tip")).to_contain_text("1.0 times the likelihood of 2021")


def test_small_maps_of_other_years_lead_to_them(page, address):
    open_map(page, address, "year=2020&still=decades")
    stills = page.get_by_role("group", name="Small maps")
    expect(stills.get_by_role("button")).to_have_count(6)
    stills.get_by_role("button", name="1996").click()
    page.wait_for_url("**year=1996**")
    expect(page.get_by_text("have a score in 1996")).to_be_visible()
    expect(stills.get_by_role("button", name="1996")).to_have_attribute("aria-pressed", "true")
    # one scale: a place has the colour of the large map
    large = fill(page, "Sudan")
    paths = stills.get_by_role("button", name="1996").locator("path")
    small = paths.evaluate_all("all => all.map((path) => path.getAttribute('fill'))")
    assert large in small


def test_coverage_leaves_places_out(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    unfold(page, "Compare with a year, filter by coverage, small maps")
    page.get_by_role("combobox", name=re.compile("Coverage")).click()
    page.get_by_role("option", name="at least 50%").click()
    page.wait_for_url("**cover=50**")
    expect(place(page, "Bretagna, 2023: left out: its coverage is below the one chosen")).to_have_count(1)
    expect(page.get_by_text("Left out by region or coverage")).to_be_visible()


def test_who_is_above_whom_is_asked_on_the_page_and_kept_in_the_link(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023&country=QMD&measure=mass_killing")
    page.set_viewport_size({"width": 1280, "height": 1400})  # so that the list of States has room below
    unfold(page, "Ranking, and how sure it is")
    box = page.get_by_role("combobox", name=re.compile("Is Newland really above"))
    box.scroll_into_view_if_needed()  # a list that is open while the page scrolls is closed
    page.wait_for_timeout(300)
    box.focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):  # past "(choose a State)" to the first State
        page.keyboard.press(key)
        page.wait_for_timeout(200)
    expect(page.get_by_text("above that of Alandia in 5 of 20 replicates")).to_be_visible()
    page.wait_for_url("**against=QMA**")


def test_a_name_that_looks_like_markup_is_text(invented_page, invented_address):
    page = invented_page
    open_map(page, invented_address, "year=2023")
    place(page, "Bretagna").hover()
    page.locator(".list .place").evaluate_all("all => all.forEach((path) => (path.place.name = '<b>x</b><img src=x>'))")
    place(page, re.escape("Loose Island")).hover()
    expect(page.locator(".tip")).to_contain_text("<b>x</b><img src=x>, 2023")
    expect(page.locator(".tip b, .tip img")).to_have_count(0)


def test_the_map_fits_a_phone_and_a_tap_picks(browser, invented_address):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    open_map(page, invented_address, "year=2023&still=decades")
    place(page, "Newland").tap()
    page.wait_for_url("**country=QMD**")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    context.close()


def test_arabic_is_written_from_the_right_and_the_map_is_not_mirrored(invented_page, invented_address):
    page = invented_page
    page.goto(f"{invented_address}/?year=2023&lang=ar")
    world = page.locator(".world")
    expect(world).to_have_attribute("dir", "rtl")
    expect(page.locator("#place-QMB")).to_have_count(1)
    left, right = (page.locator(f"#place-{code}").bounding_box()["x"] for code in ("QMA", "QMX"))
    assert left < right


@pytest.mark.parametrize("digits", [0, 1, 2])
def test_numbers_are_rounded_as_python_rounds_them(browser, digits):
    page = browser.new_page()
    source = (FOLDER / "film.js").read_text(encoding="utf-8") + "\nexport { fixed };"
    module = "data:text/javascript;base64," + base64.b64encode(source.encode()).decode()
    values = [0.5, 1.5, 2.5, 0.25, 0.75, 45.25, 45.35, 45.45, 0.125, 0.375, 99.95, 1e-9, 0, -2.5, -0.25, 12.345, 28.04]
    told = page.evaluate(
        "async ([module, values, digits]) => { const { fixed } = await import(module);"
        " return values.map((value) => fixed(value, digits, '.')); }",
        [module, values, digits],
    )
    assert told == [f"{value:.{digits}f}" for value in values]
    page.close()


def test_the_map_of_the_release_has_every_score_of_the_year(page, address):
    scores = release.latest().scores.set_index(["iso3", "year"])["risk_index"]
    open_map(page, address, "year=2020")
    for code in ("COD", "MMR", "UKR", "TUV"):
        score = scores[code, 2020]
        said = page.locator(f"#place-{code}").get_attribute("aria-label")
        assert said.endswith("no score, too little data" if pd.isna(score) else f"Risk index: {score:.1f} of 100"), said
