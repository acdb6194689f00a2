"""Pictures of every page of the dashboard as it stands: wide, as on a phone, dark, in Arabic. `make screenshots`.

They go to screenshots/, which is not in the repository.
"""

import os
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, sync_playwright

from tests.dashboard.conftest import FLAGS, serve
from tests.dashboard.listed import PAGES, open_page

FOLDER = Path(__file__).parents[1] / "screenshots"
Theme = Literal["light", "dark"]
LOOKS: list[tuple[int, Theme, str]] = [(1280, "light", "en"), (390, "light", "en")]
ONCE: list[tuple[int, Theme, str]] = [
    (1280, "dark", "en"),
    (1280, "light", "ar"),
    (390, "light", "ar"),
]  # of the map and of one page with text
OF_ONCE = ("", "country")
DRAWN = 3000  # milliseconds for charts and grids, which come after the page


def main() -> None:
    """Write the pictures, and the name of each."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=FLAGS)
        for address in serve(["-m", "streamlit"]):
            for look in LOOKS:
                take(browser, address, list(PAGES), *look)
            for look in ONCE:
                take(browser, address, [path for path in OF_ONCE if path in PAGES], *look)
        browser.close()


def take(browser: Browser, address: str, paths: list[str], width: int, theme: Theme, language: str) -> None:
    """The whole of each page in one look."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    page.set_default_timeout(60_000)
    for path in paths:
        open_page(page, address, f"{path}?lang={language}")
        page.wait_for_timeout(DRAWN)
        # the page scrolls within the window: the window is made as high as the page
        height = page.evaluate("document.querySelector('.stMainBlockContainer').scrollHeight")
        page.set_viewport_size({"width": width, "height": min(height + 60, 6000)})
        page.wait_for_timeout(500)
        file = FOLDER / f"{path or 'world_map'}-{language}-{theme}-{width}.png"
        page.screenshot(path=file)
        page.set_viewport_size({"width": width, "height": 900})
        print(file.relative_to(FOLDER.parent))
    context.close()


if __name__ == "__main__":
    main()
