"""The main job of each page in a real browser, on the release in the repository; no address but the app's own."""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import release

pytestmark = pytest.mark.browser
PAGES = (
    ("", "World map"),
    ("country", "Country"),
    ("shared_drivers", "Shared drivers"),
    ("watch", "Watch"),
    ("commitments", "Commitments"),
    ("track_record", "Track record"),
    ("method", "Method"),
    ("download", "Download"),
)
SLIDER = "input[type=range]"


@pytest.fixture(scope="module")
def newest() -> release.Release:
    return release.latest()


def open_page(page: Page, address: str, path: str, heading: str) -> None:
    page.goto(f"{address}/{path}")
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()


def unfold(page: Page, label: str) -> None:
    page.get_by_test_id("stExpander").filter(has_text=label).locator("summary").click()


def wait_for_map(page: Page) -> None:
    expect(page.get_by_role("listbox", name="Places on the map")).to_be_visible()
    expect(page.locator("#place-SDN")).to_have_count(1)


def fill_of(page: Page, place: str) -> str:
    """The colour in which a place is filled."""
    return page.locator(f"#place-{place}").get_attribute("fill")


def test_the_map_is_drawn_without_anything_from_elsewhere(page, address, newest):
    open_page(page, address, "", "World map")
    wait_for_map(page)
    expect(page.get_by_text(f"Release {newest.id}, as known on")).to_be_visible()
    expect(page.get_by_text("it is not a probability").first).to_be_visible()
    expect(page.get_by_text("No score: too little data")).to_be_visible()


def test_a_step_of_the_slider_changes_the_map_and_the_address(page, address):
    open_page(page, address, "?year=2020", "World map")
    wait_for_map(page)
    before = fill_of(page, "SDN")
    page.locator(SLIDER).first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2019**")
    page.keyboard.press("Home")
    page.wait_for_url("**year=1970**")
    expect(page.get_by_text("have a score in 1970")).to_be_visible()
    wait_for_map(page)
    assert fill_of(page, "SDN") != before


def test_pointing_at_a_country_tells_its_score_and_clicking_picks_it(page, address, newest):
    scores = newest.scores.set_index(["iso3", "year"])
    index = scores.at[("COD", 2020), "risk_index"]
    open_page(page, address, "?year=2020", "World map")
    wait_for_map(page)
    page.locator("#place-COD").hover()
    expect(page.locator(".tip")).to_contain_text(f"Risk index: {index:.1f} of 100")
    expect(page.locator(".tip")).to_contain_text("coverage")
    page.locator("#place-COD").click()
    page.wait_for_url("**country=COD**")
    name = newest.countries.set_index("iso3").at["COD", "name"]
    page.get_by_role("link", name=f"Open {name}").click()
    expect(page.get_by_role("heading", name="Country", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="2020", level=2)).to_be_visible()
    expect(page.get_by_text(f"{index:.1f} of 100").first).to_be_visible()


def test_the_table_twin_opens_and_its_download_is_the_table_of_the_release(page, address, newest, tmp_path):
    open_page(page, address, "?year=2020&region=Asia-Pacific&measure=rf09", "World map")
    unfold(page, "The same numbers as a table")
    expect(page.get_by_test_id("stDataFrame").first).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these numbers (CSV)").click()
    waiting.value.save_as(tmp_path / "table.csv")
    table = pd.read_csv(tmp_path / "table.csv").set_index("Row")
    regions = newest.countries.set_index("iso3")["region"]
    scores = newest.scores[newest.scores["year"] == 2020].set_index("iso3")["rf09"]
    expected = scores[regions.reindex(scores.index) == "Asia-Pacific"]
    pd.testing.assert_series_equal(
        table.filter(like="(0-100)").squeeze().sort_index(), expected.sort_index(), check_names=False
    )


def test_a_country_is_found_by_typing_its_name(page, address, newest):
    open_page(page, address, "country?year=2020", "Country")
    box = page.get_by_role("combobox", name="Country (type to search)")
    box.click()
    box.fill("Myanm")
    page.get_by_role("option", name="Myanmar").click()
    page.wait_for_url("**country=MMR**")
    expect(page.get_by_role("heading", name="Myanmar, 2020")).to_be_visible()


def test_a_factor_opens_to_its_indicators_with_source_licence_and_link(page, address):
    open_page(page, address, "country?country=MMR&year=2020", "Country")
    unfold(page, "2. Record of serious violations")
    link = page.get_by_role("link", name="Political Terror Scale").first
    expect(link).to_be_visible()
    assert link.get_attribute("href").startswith("https://www.politicalterrorscale.org")
    expect(page.get_by_text("not redistributable").filter(visible=True).first).to_be_visible()
    unfold(page, "10. Signs of an intent")
    expect(page.get_by_text("No open country-year data record it")).to_be_visible()


def test_a_year_before_the_state_leads_to_the_row_that_held_its_land(page, address):
    open_page(page, address, "country?country=UKR&year=1985", "Country")
    expect(page.get_by_text("Ukraine has no row in 1985")).to_be_visible()
    page.get_by_role("button", name="Its land was in the row of Soviet Union (row RUS) in 1985").click()
    page.wait_for_url("**country=RUS**")
    expect(page.get_by_role("heading", name="Soviet Union, 1985")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Ukraine, 1985")).to_be_visible()


@pytest.mark.parametrize("path", ["?country=ZZZ&year=1900", "country?country=ZZZ&year=1900"])
def test_a_wrong_link_says_so_and_shows_the_default_without_a_traceback(page, address, path):
    page.goto(f"{address}/{path}")
    expect(page.get_by_text("The link asks for the country “ZZZ”, which is not in this release")).to_be_visible()
    expect(page.get_by_text("The link asks for the year “1900”; this release has 1970 to")).to_be_visible()
    expect(page.get_by_text("Traceback")).to_have_count(0)


def test_the_method_page_shows_what_measures_a_factor_and_what_does_not(page, address):
    open_page(page, address, "method", "Method")
    unfold(page, "1. Situations of armed conflict")
    expect(page.get_by_text("Battle deaths", exact=True)).to_be_visible()
    expect(
        page.get_by_text("14. Serious threats to humanitarian or peacekeeping operations: not measured")
    ).to_be_visible()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()


def test_a_downloaded_file_has_the_hash_of_the_release(page, address, newest, tmp_path):
    open_page(page, address, "download", "Download")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="scores as Parquet").click()
    file: Path = tmp_path / "scores.parquet"
    waiting.value.save_as(file)
    hashes = {entry["path"]: entry["hash"] for entry in newest.package["resources"]}
    assert f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}" == hashes["scores.parquet"]


def test_the_map_of_likelihoods_is_told_in_plain_numbers_and_its_window_can_be_chosen(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "?measure=mass_killing&country=QME", "World map")
    expect(page.get_by_text("about 4 in 10,000 States like this")).to_be_visible()
    page.get_by_text("in 2024 (1 year)").click()
    page.wait_for_url("**window=1**")
    expect(page.get_by_text("about 2 in 10,000 States like this")).to_be_visible()


def test_the_table_of_likelihoods_downloads_with_intervals(invented_page, invented_address, tmp_path):
    page = invented_page
    open_page(page, invented_address, "?measure=armed_conflict", "World map")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these numbers (CSV)").click()
    waiting.value.save_as(tmp_path / "table.csv")
    table = pd.read_csv(tmp_path / "table.csv").set_index("Row")
    assert table.loc["QMA", "Upper end of 95 % interval (0-1)"] == 0.08
    assert table.loc["QMB", "Is there a forecast?"] == "No forecast: too little is known"
    assert pd.isna(table.loc["QMB", "Probability (0-1)"])


def test_the_track_record_names_hits_and_misses_and_keeps_its_choices_in_the_address(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "track_record?outcome=armed_conflict&window=1", "Track record")
    expect(page.get_by_text("Onset of armed conflict, within one year")).to_be_visible()
    expect(page.get_by_role("heading", name="Hits and misses by name")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    page.get_by_text("top 10", exact=True).click()
    page.wait_for_url("**top=10**")
    expect(page.get_by_text("places in the yearly top 10 had no event")).to_be_visible()
    unfold(page, "These groups as a table")
    expect(page.get_by_role("cell", name="10 of 25")).to_be_visible()


def test_the_page_of_shared_drivers_draws_both_grids_and_keeps_its_choice_in_the_address(
    invented_page, invented_address
):
    page = invented_page
    open_page(page, invented_address, "shared_drivers", "Shared drivers")
    expect(page.locator(".js-plotly-plot")).to_have_count(2)
    factors = page.locator(".js-plotly-plot").first
    expect(factors.locator(".heatmaplayer .hm")).to_have_count(2)
    expect(factors.locator(".heatmaplayer")).to_contain_text("(.52)")
    page.get_by_text("beyond the others: how much worse").click()
    page.wait_for_url("**drivers=adds**")
    expect(factors.locator(".heatmaplayer")).to_contain_text("+2.0")
    unfold(page, "These pairs as a table, with intervals")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()


def test_a_country_page_tells_why_and_compares_two_states(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "country?country=QMD&against=QMA", "Country")
    expect(page.get_by_text("above that of Alandia in 5 of 20 replicates")).to_be_visible()
    expect(page.get_by_text("What raises and what lowers it")).to_be_visible()
    unfold(page, "These contributions as a table, by factor")
    expect(page.get_by_text("odds times 1.92").first).to_be_visible()


def test_a_weight_of_the_reader_moves_the_map_under_its_own_words_and_the_link_restores_it(
    invented_page, invented_address, tmp_path
):
    page = invented_page
    open_page(page, invented_address, "method", "Method")
    expect(page.get_by_text("Your weights are the published ones")).to_be_visible()
    slider = page.get_by_test_id("stSlider").filter(has_text="9. Invented factor 9").locator(SLIDER)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**weights=rf09**")
    expect(page.get_by_text("rf09 1.5; structural part 50 %")).to_be_visible()
    drawn = page.locator(".st-key-weighed_frame .world")
    expect(drawn).to_contain_text("Your weights: score, 0 to 100")
    expect(drawn).to_contain_text("Your weights: no score")
    page.goto(page.url)  # as a link that was passed on
    expect(page.get_by_text("rf09 1.5; structural part 50 %")).to_be_visible()
    expect(page.get_by_test_id("stSlider").filter(has_text="9. Invented factor 9")).to_contain_text("1.5")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these numbers by your weights (CSV)").click()
    assert waiting.value.suggested_filename == "upstream-2024-01-your-weights-2023.csv"
    waiting.value.save_as(tmp_path / "table.csv")
    table = pd.read_csv(tmp_path / "table.csv")
    assert set(table["Your weights"]) == {"rf09 1.5; structural part 50 %"}


def test_the_readers_weights_go_with_them_to_other_pages_and_going_back_undoes_a_step(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "method?weights=rf09:1.5", "Method")
    expect(page.get_by_text("rf09 1.5; structural part 50 %")).to_be_visible()
    slider = page.get_by_test_id("stSlider").filter(has_text="Structural part, per cent").locator(SLIDER)
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**structural=55**")
    expect(page.get_by_text("rf09 1.5; structural part 55 %")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("rf09 1.5; structural part 50 %")).to_be_visible()
    page.go_forward()
    expect(page.get_by_text("rf09 1.5; structural part 55 %")).to_be_visible()
    page.get_by_role("link", name="Download", exact=True).click()
    expect(page.get_by_role("heading", name="Download", level=1)).to_be_visible()
    page.wait_for_url("**weights=rf09**structural=55**")
    page.get_by_role("link", name="Method", exact=True).click()
    expect(page.get_by_text("rf09 1.5; structural part 55 %")).to_be_visible()
    page.get_by_role("button", name="As published").click()
    expect(page.get_by_text("Your weights are the published ones")).to_be_visible()
    expect(page).not_to_have_url(re.compile("weights="))
    page.go_back()
    expect(page.get_by_text("rf09 1.5; structural part 55 %")).to_be_visible()


def test_the_watch_is_opened_in_an_earlier_month_and_its_table_downloaded(invented_page, invented_address, tmp_path):
    page = invented_page
    open_page(page, invented_address, "watch?as_of=2023-01&country=QMA", "Watch: to December 2022")
    expect(page.get_by_text("1 State of 3 watched has a flag")).to_be_visible()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this table (CSV)").click()
    download.value.save_as(tmp_path / "watch.csv")
    assert download.value.suggested_filename == "upstream-2024-01-watch-2022-12-all.csv"
    assert pd.read_csv(tmp_path / "watch.csv")["Newest month"].unique().tolist() == ["2022-12"]
    expect(page.get_by_role("heading", name="What this page cannot see")).to_be_visible()  # drawn to its end
    box = page.get_by_role("combobox", name="As it looked in")
    box.click()
    box.fill("June 2023")
    page.get_by_role("option", name="June 2023").click()
    page.wait_for_url("**as_of=2023-06**")
    expect(page.get_by_role("heading", name="Watch: to May 2023, preliminary", level=1)).to_be_visible()


def test_pages_with_forecasts_have_no_sideways_scrolling_on_a_phone(invented_page, invented_address):
    page = invented_page
    page.set_viewport_size({"width": 390, "height": 844})
    for path, heading in (
        ("?measure=mass_killing", "World map"),
        ("country?country=QMA", "Country"),
        ("track_record", "Track record"),
        ("watch", "Watch"),
        ("commitments", "Commitments"),
        ("method", "Method"),
        ("shared_drivers", "Shared drivers"),
    ):
        open_page(page, invented_address, path, heading)
        expect(page.locator(".js-plotly-plot, .world").first).to_be_visible()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390, heading


def test_a_phone_has_no_sideways_scrolling_and_reaches_every_page(page, address):
    page.set_viewport_size({"width": 390, "height": 844})
    for path, heading in PAGES:
        open_page(page, address, path, heading)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 390, heading


# What has the focus, within a component of our own as well.
NAME_OF_FOCUSED = """() => {
  let focused = document.activeElement
  while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement
  return focused.getAttribute("aria-label") || focused.labels?.[0]?.innerText || focused.innerText
}"""


def test_the_keyboard_reaches_the_controls_of_the_map(page, address):
    open_page(page, address, "", "World map")
    wait_for_map(page)
    reached = set()
    for _ in range(25):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(NAME_OF_FOCUSED))
    assert any("Year" in (name or "") for name in reached), reached
    assert any("Region" in (name or "") for name in reached), reached
    assert any("The same numbers as a table" in (name or "") for name in reached), reached
