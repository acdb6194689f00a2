"""The page Briefings: its subjects, its links, and what it lets a reader take away."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard.brief import render


def run(**params: str) -> AppTest:
    app = AppTest.from_file("../../app.py", default_timeout=60).run()
    app.switch_page("dashboard/pages/briefings.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def shown(app: AppTest) -> str:
    """The briefing on the page."""
    return "\n".join(element.proto.body for element in app.get("html"))


@pytest.mark.usefixtures("invented")
def test_a_link_opens_the_briefing_on_a_state():
    app = run(country="QMD")
    assert "Newland: risk of mass atrocities" in shown(app)
    assert [button.proto.label for button in app.get("download_button")] == [
        "Download as PDF, to print or mail",
        "Download as HTML, one file",
    ]


@pytest.mark.usefixtures("invented")
def test_a_link_opens_the_briefing_on_a_region():
    assert "Asia-Pacific: risk of mass atrocities" in shown(run(brief="region", region="Asia-Pacific"))


@pytest.mark.usefixtures("invented")
def test_a_link_opens_the_briefing_on_a_list():
    app = run(brief="list", mine="QMA,QMD")
    assert "A list of 2 States: risk of mass atrocities" in shown(app)
    assert app.query_params["mine"] == "QMA,QMD"


@pytest.mark.usefixtures("invented")
def test_an_empty_list_asks_for_states_and_makes_nothing():
    app = run(brief="list")
    assert app.info[0].value == "Your list is empty: choose at least one State above."
    assert not app.get("download_button")


@pytest.mark.usefixtures("invented")
def test_a_state_that_is_no_more_has_a_reason():
    app = run(country="QMC")
    assert "no row “QMC” in 2023" in app.info[0].value


@pytest.mark.usefixtures("invented")
def test_a_choice_is_kept_when_another_kind_is_looked_at_in_between():
    app = run(country="QMD")
    app.radio(key="brief").set_value("region").run()
    app.selectbox(key="region").set_value("Africa").run()
    assert "Africa: risk of mass atrocities" in shown(app)
    app.radio(key="brief").set_value("").run()
    assert "Newland: risk" in shown(app)
    app.radio(key="brief").set_value("region").run()
    assert "Africa: risk of mass atrocities" in shown(app)
    app.radio(key="brief").set_value("list").run()
    app.multiselect(key="mine").set_value(["QME"]).run()
    assert "A list of 1 State: risk" in shown(app)
    assert app.query_params["brief"] == "list"
    assert app.query_params["mine"] == "QME"


@pytest.mark.usefixtures("invented")
def test_a_wrong_kind_in_a_link_is_told():
    app = run(brief="continent")
    assert "“continent”; it can be region, list" in app.warning[0].value


@pytest.mark.usefixtures("invented")
def test_without_its_fonts_the_page_offers_html_alone(monkeypatch):
    monkeypatch.setattr(render, "FAMILIES", {"Noto Sans": "fontpkg-not-there"})
    render.fonts.cache_clear()
    app = run(country="QMD")
    render.fonts.cache_clear()
    assert "The font Noto Sans is not there" in app.info[0].value
    assert [button.proto.label for button in app.get("download_button")] == ["Download as HTML, one file"]


@pytest.mark.browser
def test_a_reader_takes_a_briefing_away_in_the_language_of_the_page(page: Page, address: str, tmp_path: Path):
    page.goto(f"{address}/briefings?country=SDN&lang=ar")
    article = page.locator("article.brief")
    expect(article).to_have_attribute("dir", "rtl")
    expect(article.get_by_role("heading").first).to_contain_text("السودان")
    expect(article.get_by_role("img")).to_have_count(2)
    loaded = "images => images.every(image => image.complete && image.naturalWidth > 0)"
    assert article.locator("img").evaluate_all(loaded)
    with page.expect_download() as download:
        page.get_by_test_id("stDownloadButton").first.get_by_role("button").click()
    assert re.fullmatch(r"upstream-.*-brief-sdn-ar\.pdf", download.value.suggested_filename)
    path = tmp_path / "brief.pdf"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"%PDF")
