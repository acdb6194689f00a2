"""Sign-in with a provider on this machine, through the documented nginx: who is let in, who is not, and the files."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import httpx
import oidc_provider_mock
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.dashboard import sample
from tests.dashboard.conftest import free_port, write
from tests.dashboard.listed import wait_until_drawn
from tests.dashboard.proxied import nginx

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
INSIDE, LISTED, OUTSIDE, UNSURE = "a@inside.example", "b@listed.example", "c@outside.example", "d@inside.example"
FILE = "/releases/2024-01/scores.csv"


class Copy(NamedTuple):
    """A copy of the dashboard with sign-in: its address, and what it writes to stderr."""

    address: str
    log: Path


def secrets(address: str, provider: str) -> str:
    return f"""
[auth]
redirect_uri = "{address}/oauth2callback"
cookie_secret = "{"0123456789abcdef" * 4}"
client_id = "upstream"
client_secret = "invented"
server_metadata_url = "{provider}/.well-known/openid-configuration"
[allowed]
domains = ["Inside.example"]
emails = ["{LISTED}"]
"""


def copied(folder: Path) -> Path:
    """The program in a folder of its own, since its secrets lie beside it."""
    (folder / ".streamlit").mkdir(parents=True)
    shutil.copy(ROOT / ".streamlit" / "config.toml", folder / ".streamlit")
    for name in ("app.py", "asgi.py", "release.py", "storage.py", "whole.py", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    for name in ("dashboard", "indicators", "models", "static", "data"):
        (folder / name).symlink_to(ROOT / name)
    return folder


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A provider that knows four people, one of whom with an address that it does not vouch for."""
    with oidc_provider_mock.run_server_in_thread() as server:
        address = f"http://localhost:{server.server_port}"
        for email in (INSIDE, LISTED, OUTSIDE, UNSURE):
            claims = {"email": email, "email_verified": email != UNSURE}
            httpx.put(f"{address}/users/{email}", json=claims).raise_for_status()
        yield address


def serve(folder: Path, provider: str) -> Iterator[Copy]:
    """A copy with sign-in by this provider, behind nginx."""
    port, behind = free_port(), free_port()
    place, address = copied(folder / "copy"), f"http://127.0.0.1:{port}"
    (place / ".streamlit" / "secrets.toml").write_text(secrets(address, provider), "utf-8")
    write(sample.tables() | sample.forecast_tables(), folder)
    program = [sys.executable, "-m", "uvicorn", "asgi:app", "--host", "127.0.0.1", "--port", str(behind)]
    environment = os.environ | {"UPSTREAM_RELEASES": str(folder), "UPSTREAM_TODAY": sample.TODAY}
    with ExitStack() as stack, (folder / "log").open("w") as log:
        server = subprocess.Popen(program, cwd=place, env=environment, stdout=log, stderr=log)
        stack.callback(server.wait)
        stack.callback(server.terminate)
        stack.enter_context(nginx(folder, [f"127.0.0.1:{behind}"], port=port))
        yield Copy(address, folder / "log")


@pytest.fixture(scope="module")
def copy(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    yield from serve(tmp_path_factory.mktemp("signing"), provider)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context()
    opened.set_default_timeout(60_000)
    yield opened
    opened.close()


def sign_in(context: BrowserContext, copy: Copy, email: str) -> Page:
    """A page of the copy after this person signed in with the provider."""
    page = context.new_page()
    page.goto(f"{copy.address}/?country=QMA")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_placeholder("sub").fill(email)
    page.get_by_role("button", name=re.compile("Authorize")).click()
    page.wait_for_url(f"{copy.address}/**")
    return page


def status(context: BrowserContext, copy: Copy, path: str) -> int:
    return context.request.get(copy.address + path).status


def test_before_signing_in_there_is_no_number_no_file_and_no_feed(context, copy):
    page = context.new_page()
    page.goto(f"{copy.address}/country?country=QMA")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(page).to_have_title("Sign in · Upstream: early warning of mass atrocities")
    expect(page.get_by_text("Alandia")).to_have_count(0)
    for path in (FILE, "/releases/2024-01/none", "/releases/", "/feeds/en/all.atom"):
        answer = context.request.get(copy.address + path)
        assert (answer.status, answer.headers["cache-control"]) == (403, "no-store")
        assert "sign in" in answer.text()
    assert status(context, copy, "/healthz") == 200


def test_who_is_on_the_list_gets_in_takes_a_file_and_leaves(context, copy):
    page = sign_in(context, copy, INSIDE)
    wait_until_drawn(page)
    expect(page.get_by_role("heading", name="World map", level=1)).to_be_visible()
    file = context.request.get(copy.address + FILE)
    assert (file.status, file.headers["cache-control"]) == (200, "private, max-age=0, must-revalidate")
    assert "Cookie" in file.headers["vary"]
    assert status(context, copy, "/feeds/en/all.atom") == 200
    cookies = {each["name"]: each for each in context.cookies(copy.address)}
    assert cookies["_streamlit_user"]["httpOnly"]
    assert cookies["_streamlit_user"]["sameSite"] == "Lax"
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("oauth2|end_session|localhost"))
    page.goto(copy.address)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert not [each for each in context.cookies(copy.address) if each["name"].startswith("_streamlit_user")]
    assert status(context, copy, FILE) == 403


def test_an_address_alone_on_the_list_is_let_in(context, copy):
    wait_until_drawn(page := sign_in(context, copy, LISTED))
    expect(page.get_by_role("heading", name="World map", level=1)).to_be_visible()


@pytest.mark.parametrize(
    ("email", "words"),
    [(OUTSIDE, "you are not among those whom this copy lets in"), (UNSURE, "does not confirm that the e-mail address")],
)
def test_who_is_not_let_in_reads_why_and_the_log_has_no_address(context, copy, email, words):
    page = sign_in(context, copy, email)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_text("Alandia")).to_have_count(0)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert status(context, copy, FILE) == 403
    log = copy.log.read_text("utf-8")
    assert '"event": "sign_in_refused"' in log
    assert ".example" not in log


def test_a_cookie_that_was_changed_lets_nobody_in(context, copy):
    page = sign_in(context, copy, INSIDE)
    wait_until_drawn(page)
    cookie = next(each for each in context.cookies(copy.address) if each["name"] == "_streamlit_user")
    changed = ("A" if cookie["value"][10] != "A" else "B").join([cookie["value"][:10], cookie["value"][11:]])
    context.add_cookies([{"name": cookie["name"], "value": changed, "url": copy.address}])
    page.goto(copy.address)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert status(context, copy, FILE) == 403


def test_while_the_provider_is_down_there_are_words(context, tmp_path):
    for copy in serve(tmp_path, f"http://127.0.0.1:{free_port()}"):
        page = context.new_page()
        page.goto(copy.address)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("The sign-in service does not answer.")
