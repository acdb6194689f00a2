"""About: it says what it must, in the words of the release, and what it says of privacy is true."""

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

import release
from dashboard import about, reading

pytestmark = pytest.mark.usefixtures("invented")


@pytest.fixture
def app() -> AppTest:
    """The page after its first run."""
    opened = AppTest.from_file("../../app.py", default_timeout=60)
    opened.run()
    opened.switch_page("dashboard/pages/about.py").run()
    assert not opened.exception, opened.exception[0].stack_trace
    return opened


def test_each_part_is_there_and_none_is_empty(app):
    assert [heading.value for heading in app.subheader] == [
        "Whom it is for",
        "What it cannot do",
        "What the numbers must not be used for",
        "Do no harm",
        "How to cite",
        "Licences",
        "Privacy",
        "Languages",
        "Corrections",
        "Accessibility",
    ]
    # the purpose, and each part but the citation
    assert [len(text.value) > 100 for text in app.markdown] == [True] * 10


@pytest.mark.parametrize("use", ["asylum", "Targeting", "against a group", "aid", "courts", "No crime and no victim"])
def test_each_use_that_does_harm_is_named(use):
    assert use in about.points(about.MISUSES)


def test_the_citation_is_that_of_the_release(app):
    text, entry = (code.value for code in app.code)
    assert "Upstream (2024)" in text
    assert "release 2024-01" in text
    assert entry.splitlines()[0] == "@misc{upstream-2024-01,"
    assert "year = {2024}," in entry
    assert entry.count("{") == entry.count("}")


def test_the_licence_is_that_of_the_release():
    assert release.LICENCE["title"] in about.licences(reading.opened().package)


def test_the_languages_are_named_in_their_own_words():
    assert "English, Français, Español and العربية" in about.languages()


@pytest.mark.browser
def test_a_visit_leaves_no_cookie_and_stores_nothing(invented_page, invented_address):
    page = invented_page
    for path, heading in (("about", "About"), ("my_list?mine=QMA", "My list"), ("compare?compare=QMA,QME", "Compare")):
        page.goto(f"{invented_address}/{path}")
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Which is higher?")).to_be_visible()
    assert page.context.cookies() == []
    # Streamlit writes down each page's theme; document.js takes that away a frame after the page is drawn.
    page.wait_for_function("localStorage.length + sessionStorage.length === 0")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["about", "my_list?mine=QMA,QMB", "compare?compare=QMA,QME,Africa&measure=rf02"])
def test_the_page_fits_a_phone(invented_page, invented_address, path):
    page = invented_page
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{invented_address}/{path}")
    expect(page.get_by_role("heading", level=3).last).to_be_visible()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 390
