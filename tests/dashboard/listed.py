"""The pages that app.py lists, so that tests over all pages have new ones without being told; and how to open one."""

import ast
from pathlib import Path

from playwright.sync_api import Page, expect

APP = Path(__file__).parents[2] / "app.py"


def read_pages(source: str) -> dict[str, str]:
    """Title by path: {"": "World map", "country": "Country"}; the first page is that of the bare address."""
    assigned = {
        node.targets[0].id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    pages = assigned["PAGES"]
    assert isinstance(pages, ast.Dict)
    files = [ast.literal_eval(key) for key in pages.keys if key is not None]
    titles = [ast.literal_eval(call.args[0]) for call in pages.values if isinstance(call, ast.Call)]
    return dict(zip(["", *files[1:]], titles, strict=True))


PAGES = read_pages(APP.read_text("utf-8"))


def open_page(page: Page, address: str, path: str) -> None:
    """Open the page and wait until it is drawn to its end."""
    page.goto(f"{address}/{path}")
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_function(
        """() => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
            && !document.querySelector("[data-testid=stSkeleton], [data-stale=true]")"""
    )
    expect(page.locator(".st-key-failure")).to_have_count(0)
