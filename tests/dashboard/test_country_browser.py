"""The page Country in a real browser: what a desk officer does to brief."""

import pytest
from playwright.sync_api import expect

from tests.dashboard.test_browser import open_page, unfold

pytestmark = pytest.mark.browser


def test_one_briefs_from_the_page_follows_its_contents_and_keeps_the_state(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "country?country=QMA", "Country")
    expect(page.get_by_text("about 40 of 1,000").first).to_be_visible()
    expect(page.get_by_role("heading", name="Data ages", level=3)).to_be_attached()  # drawn to its end
    page.get_by_role("link", name="Data ages", exact=True).click()
    expect(page.get_by_role("heading", name="Data ages", level=3)).to_be_in_viewport()
    unfold(page, "These events as a table")
    expect(page.get_by_role("cell", name="A mass killing began")).to_be_visible()
    page.get_by_role("button", name="Add to my list").click()
    page.wait_for_url("**mine=QMA**")
    expect(page.get_by_role("button", name="Remove from my list")).to_be_visible()
