"""My list: what is typed, its numbers and changes, and what the browser keeps of it."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect
from streamlit.testing.v1 import AppTest

from dashboard import mine
from tests.dashboard.conftest import ROOT, free_port, serve_at

pytestmark = pytest.mark.usefixtures("invented")
KEPT = "localStorage.getItem('upstream:my-list')"


def run(**params: str) -> AppTest:
    """The page after its first run, opened by a link with these parameters."""
    app = AppTest.from_file("../../app.py", default_timeout=60)
    app.run()
    app.switch_page("dashboard/pages/my_list.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception[0].stack_trace


@pytest.mark.parametrize(
    ("text", "codes", "unknown"),
    [
        ("QMA, qme", ["QMA", "QME"], []),
        ("far isles; ALANDIA\nQMA", ["QME", "QMA"], []),
        ("Far-Isles , , Narnia, nowhere", ["QME"], ["Narnia", "nowhere"]),
        ("", [], []),
        ("Àlandia", ["QMA"], []),
    ],
)
def test_names_and_codes_are_read_however_they_are_written(text, codes, unknown):
    assert mine.read_text(text) == (codes, unknown)


def test_unknown_words_are_named_but_not_all_of_many():
    assert mine.explain_unknown([]) == ""
    assert mine.explain_unknown(["A", "B"]) == (
        "Not found: “A” and “B”. Write names or three-letter codes, separated by commas."
    )
    assert "“D”, “E” and 2 more." in mine.explain_unknown([*"ABCDEFG"])


def test_the_table_has_index_change_likelihood_flags_coverage_and_age():
    table = mine.numbers(("QMA", "QME"), "2021", "mass_killing", 2)
    assert table["State"].tolist() == ["Far Isles", "Alandia"]
    assert table.set_index("Row").loc["QMA"].to_dict() == {
        "State": "Alandia",
        "Region": "Africa",
        "Risk index (0-100)": 45,
        "Change since 2021": 10,
        "Of States like this": "about 40 in 1,000",
        "95 % interval": "20 to 80 in 1,000",
        "Place by likelihood": 1,
        "Watch flags to November 2023, preliminary": "Rise",
        "Coverage (0-1)": 0.85,
        "Mean data age (years)": 1.25,
        "Note": "",
    }


def test_what_is_not_known_stays_so_and_says_why():
    table = mine.numbers(("QMB", "QMC"), "", "mass_killing", 2).set_index("Row")
    assert table["Risk index (0-100)"].isna().all()
    assert table["Place by likelihood"].isna().all()
    assert table["Note"].to_dict() == {
        "QMB": "no score: too little data",
        "QMC": "no State of its own in this year",
    }
    assert table["Watch flags to November 2023, preliminary"].tolist() == ["not watched", "not watched"]


def test_changes_stand_largest_first_and_those_not_known_last():
    # QMD began in 2022, so that of 2021 nothing is known; the others rise by five a year
    table = mine.changes(("QMD", "QMA"), "2021")
    assert table["State"].tolist() == ["Alandia", "Newland"]
    assert table["Change"].fillna(-1).tolist() == [10, -1]
    assert table["Risk factor that changed most"].tolist()[1] == "not known"
    assert mine.changes_text(("QMD", "QMA"), "2021").startswith(
        "Since 2021 the index rose in 1 and fell in 0 of 2 States; of 1 it is not known."
    )


def test_a_region_is_its_states_of_the_newest_year():
    assert mine.of_region("Asia-Pacific") == ["QMB", "QME"]
    assert mine.of_region("Europe") == []  # the Old Union ended
    assert mine.of_region("All") == ["QMA", "QMB", "QME", "QMD"]


def test_nothing_is_added_twice():
    assert mine.with_more(("QMB",), ["QME", "QMB"]) == ("QMB", "QME")
    assert mine.explain_added(["QME", "QMB"], ("QMB",)) == "1 State added."


def test_an_empty_list_says_what_to_do():
    assert run().info[0].value == "There is nothing on the list yet: add States above."


def test_what_is_pasted_is_added_and_what_is_not_known_is_named():
    app = run(mine="QME")
    app.text_area(key="to_add").set_value("Alandia, Narnia")
    press(app, "Add these")
    assert app.query_params["mine"] == "QME,QMA"
    assert app.text_area(key="to_add").value == "Narnia"
    assert "Not found: “Narnia”." in app.warning[0].value
    app.run()
    assert "Not found: “Narnia”." in app.warning[0].value
    app.multiselect(key="mine").set_value(["QMA"]).run()
    assert not app.warning


def test_a_region_is_added_and_the_list_is_emptied():
    app = run(mine="QME")
    app.selectbox(key="region_to_add").set_value("Africa").run()
    press(app, "Add all States of the region")
    assert app.query_params["mine"] == "QME,QMA"
    press(app, "Empty the list")
    assert "mine" not in app.query_params
    assert app.multiselect(key="mine").value == []


def test_a_link_with_unknown_codes_says_so_and_shows_the_others():
    app = run(mine="QMA,ZZZ")
    assert "The link lists “ZZZ”, not in this release." in app.warning[0].value
    assert app.multiselect(key="mine").value == ["QMA"]


def test_the_list_and_the_year_of_its_changes_are_kept_from_page_to_page():
    app = run(mine="QMA,QME")
    app.selectbox(key="changes_since").set_value("2021").run()
    app.switch_page("dashboard/pages/country.py").run()
    assert app.query_params["mine"] == "QMA,QME"
    app.switch_page("dashboard/pages/my_list.py").run()
    assert app.multiselect(key="mine").value == ["QMA", "QME"]
    assert app.selectbox(key="changes_since").value == "2021"


@pytest.mark.parametrize(("year", "shown"), [("2020", "2020"), ("2023", ""), ("soon", "")])
def test_changes_are_since_an_earlier_year(year, shown):
    app = run(mine="QMA", changes_since=year)
    assert app.selectbox(key="changes_since").value == shown
    asked = f"The link asks for changes since “{year}”; it can be 2020 to 2022."
    assert [asked in warning.value for warning in app.warning] == ([] if shown else [True])


def test_without_forecasts_the_table_has_none(without_forecasts):
    assert "Of States like this" not in mine.numbers(("QMA",), "", "mass_killing", 2)
    assert any("This release has no forecasts" in caption.value for caption in run(mine="QMA").caption)


def open_list(page: Page, address: str, query: str = "") -> None:
    page.goto(f"{address}/my_list{query}")
    expect(page.get_by_role("heading", name="My list", level=1)).to_be_visible()


def keep(page: Page) -> None:
    page.get_by_role("button", name="Keep this list in this browser").click()
    expect(page.get_by_text("This list is kept in this browser, and nowhere else.")).to_be_visible()


@pytest.mark.browser
def test_the_browser_keeps_a_list_only_when_asked_and_opens_it_again(invented_page, invented_address):
    page = invented_page
    open_list(page, invented_address, "?mine=QMA,QME")
    expect(page.get_by_role("button", name="Keep this list in this browser")).to_be_visible()
    assert page.evaluate(KEPT) is None
    keep(page)
    assert page.evaluate(KEPT) == "QMA,QME"
    open_list(page, invented_address)
    expect(page.get_by_text("There is nothing on the list yet")).to_be_visible()
    page.get_by_role("button", name="Open the list kept in this browser (2 States)").click()
    page.wait_for_url("**mine=QMA%2CQME**")
    expect(page.get_by_label("Selected values").get_by_text("Far Isles")).to_be_visible()


@pytest.mark.browser
def test_a_link_with_another_list_does_not_replace_the_one_that_is_kept(invented_page, invented_address):
    page = invented_page
    open_list(page, invented_address, "?mine=QMA,QME")
    keep(page)
    open_list(page, invented_address, "?mine=QMD")
    expect(page.get_by_text("This browser keeps another list (2 States).")).to_be_visible()
    assert page.evaluate(KEPT) == "QMA,QME"
    page.get_by_role("button", name="Keep this list there instead").click()
    expect(page.get_by_text("This list is kept in this browser, and nowhere else.")).to_be_visible()
    assert page.evaluate(KEPT) == "QMD"


@pytest.mark.browser
def test_the_browser_forgets_the_list(invented_page, invented_address):
    page = invented_page
    open_list(page, invented_address, "?mine=QMA")
    keep(page)
    page.get_by_role("button", name="Forget the list kept in this browser").click()
    expect(page.get_by_role("button", name="Keep this list in this browser")).to_be_visible()
    assert page.evaluate(KEPT) is None


@pytest.mark.browser
def test_a_spoilt_list_in_the_browser_is_opened_as_far_as_it_is_known(invented_page, invented_address):
    page = invented_page
    open_list(page, invented_address)
    page.evaluate("localStorage.setItem('upstream:my-list', 'QMA,<b>,ZZZ')")
    open_list(page, invented_address)
    page.get_by_role("button", name="Open the list kept in this browser (3 States)").click()
    page.wait_for_url("**mine=QMA**")
    expect(page.get_by_text("The list kept in this browser has “<b>” and “ZZZ”, not in this release.")).to_be_visible()


@pytest.mark.browser
def test_all_states_of_the_world_are_a_list_too(page, address):
    open_list(page, address)
    page.get_by_role("combobox", name="Region").click()
    page.get_by_role("option", name="All States").click()
    page.get_by_role("button", name="Add all States of the region").click()
    expect(page.get_by_text("196 States added.")).to_be_visible()
    expect(page.get_by_text("of 196 States; of")).to_be_visible()


@pytest.mark.browser
def test_the_first_visit_of_a_server_shows_the_choices_that_its_numbers_are_of(browser):
    """It draws slowly, and what this browser keeps has the page drawn again meanwhile."""
    port, real = free_port(), {"UPSTREAM_RELEASES": str(ROOT / "data" / "releases")}  # larger, and so slower
    program = ["-m", "uvicorn", "asgi:app", "--host", "127.0.0.1", "--port", str(port)]
    with closing(serve_at(port, program, **real)) as started, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{next(started)}/my_list?mine=SDN,MMR,TLS,AFG,PSE,FRA,NRU,PHL")
        expect(page.get_by_role("heading", name="Where structural prevention has most to gain")).to_be_visible()
        expect(page.get_by_text(re.compile(r"Likelihood: Onset of mass killing in \d{4} and \d{4}"))).to_be_visible()
        expect(page.get_by_role("radio", name=re.compile("2 years"))).to_be_checked()
