"""What a visit leaves in the browser and tells others: nothing."""

from urllib.parse import urlparse

import pytest
from playwright.sync_api import expect

from tests.dashboard.listed import PAGES, open_page, wait_until_drawn

pytestmark = pytest.mark.browser
OURS = "upstream"  # how the names of what a page keeps for its reader begin, such as the reader's own list


def test_after_all_pages_there_is_no_cookie_nothing_stored_and_nobody_else_was_told(invented_page, invented_address):
    page, asked, sent = invented_page, set(), []
    page.on("request", lambda request: asked.add(urlparse(request.url).netloc))
    page.on("request", lambda request: sent.append(request.url) if request.method not in ("GET", "HEAD") else None)
    page.on("websocket", lambda socket: asked.add(urlparse(socket.url).netloc))
    for path in PAGES:
        open_page(page, invented_address, path)
    assert page.context.cookies() == []
    for kind in ("localStorage", "sessionStorage"):
        page.wait_for_function(f"ours => Object.keys({kind}).every(name => name.startsWith(ours))", arg=OURS)
    assert page.evaluate("indexedDB.databases().then(all => all.map(each => each.name))") == []
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    assert asked - {""} == {urlparse(invented_address).netloc}
    assert sent == []


def test_a_visit_that_chooses_and_downloads_leaves_nothing_either(invented_page, invented_address):
    page = invented_page
    open_page(page, invented_address, "")
    page.locator("input[type=range]").first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url("**year=2022**")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Español").click()
    expect(page.locator("html[lang=es]")).to_have_count(1)
    wait_until_drawn(page)
    with page.expect_download():
        page.get_by_test_id("stDownloadButton").get_by_role("button").first.click()
    assert page.context.cookies() == []
    page.wait_for_function("Object.keys(localStorage).length === 0")
