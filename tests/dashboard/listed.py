"""The pages that app.py lists, so that tests over all pages have new ones without being told; and how to open one."""

import ast
from pathlib import Path

from playwright.sync_api import Page, expect

APP = Path(__file__).parents[2] / "app.py"


def read_pages(source: str) -> dict[str, str]:
    """Title by path: {"": "World map", "country": "Country"}."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    pages = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "Page"]
    return {_path(call): _title(call) for call in sorted(pages, key=lambda call: call.lineno)}


def _path(call: ast.Call) -> str:
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if "default" in named:
        return ""
    if "url_path" in named:
        return ast.literal_eval(named["url_path"])
    files = [str(node.value) for node in ast.walk(call.args[0]) if isinstance(node, ast.Constant)]
    return Path(files[-1]).stem


def _title(call: ast.Call) -> str:
    title = next(keyword.value for keyword in call.keywords if keyword.arg == "title")
    return next(str(node.value) for node in ast.walk(title) if isinstance(node, ast.Constant))


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
