"""Fixtures for all tests.

Tests marked `mirror` read the producers' files, tests marked `office` open files with LibreOffice; the others need
nothing but this repository.
"""

import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from indicators.sources.cards import Card

ROOT = Path(__file__).parents[1]
MIRROR = Path(os.environ.get("UPSTREAM_MIRROR", ROOT.parent / "shared" / "sources"))
HAS_MIRROR = (MIRROR / "MANIFEST.sha256").is_file()
NOT_RUN = pytest.StashKey[int]()
OFFICE = os.environ.get("OFFICE") or shutil.which("soffice") or shutil.which("libreoffice")
NOT_OPENED = pytest.StashKey[int]()


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The folder of source files, laid out as data/raw. Only tests marked `mirror` may ask for it."""
    return MIRROR


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the source files, tests that read them are not collected; the summary says how many."""
    needing = [item for item in items if item.get_closest_marker("mirror")]
    unmarked = [item.nodeid for item in items if "mirror" in getattr(item, "fixturenames", ()) and item not in needing]
    if unmarked:
        raise pytest.UsageError(f"ask for the fixture `mirror` but are not marked `mirror`: {unmarked[:5]}")
    if needing and not HAS_MIRROR:
        items[:] = [item for item in items if item not in needing]
        config.stash[NOT_RUN] = len(needing)
    opened = [item for item in items if item.get_closest_marker("office")]
    if opened and not OFFICE:
        items[:] = [item for item in items if item not in opened]
        config.stash[NOT_OPENED] = len(opened)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    number = config.stash.get(NOT_RUN, 0)
    if number:
        terminalreporter.write_line(
            f"{number} tests that read the producers' files were not run: there are none in {MIRROR}. "
            "Put them there, or name their folder in UPSTREAM_MIRROR."
        )
    if config.stash.get(NOT_OPENED, 0):
        terminalreporter.write_line(
            f"{config.stash[NOT_OPENED]} tests that open files with LibreOffice were not run: it is not installed."
        )


@pytest.fixture(scope="session")
def office() -> str:
    """The program LibreOffice. Only tests marked `office` may ask for it."""
    assert OFFICE
    return OFFICE


@pytest.fixture
def card_table() -> dict[str, Any]:
    """The fields of a valid card, as TOML gives them, without an id. No such data set exists."""
    return {
        "title": "Invented Data",
        "producer": "Nobody",
        "edition": "1",
        "url": "https://example.org/data",
        "file": "invented/data.csv",
        "sha256": "0" * 64,
        "accessed": date(2026, 11, 22),
        "lag_months": 6,
        "lag_reason": "an example",
        "covers": [2000, 2020],
        "absent_means": "unknown",
        "codes": "iso3",
        "licence": "CC BY 4.0",
        "may_redistribute": True,
        "citation": "Nobody (2026). Invented Data.",
        "caveats": ["Invented."],
    }


@pytest.fixture
def make_card(card_table: dict[str, Any]) -> Any:
    """A function that makes a card from `card_table` and changes to it."""
    return lambda **changes: Card.model_validate(card_table | {"id": "invented"} | changes)
