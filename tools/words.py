"""Texts that the pages show but that stand in no call of `_`: those of the release, of outcomes and of the convention.

For Babel's extraction (`babel.cfg`, `make words`). What a source says of one country is not among them: it is shown in
the language in which it was written.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import release
from models.outcomes import OUTCOMES

CONVENTION = Path(__file__).parents[1] / "data" / "convention.toml"
FROM_TABLES = {
    "factors": ("name", "group", "part", "note"),
    "catalogue": ("title", "unit"),
    "watch_rules": ("text", "followed_by", "kind", "serves"),
    "left_out": ("reason",),
    "peers": ("measure", "what", "unit", "window"),
    "countries": ("region",),
    "commitments": ("note",),
    "interval_checks": ("places",),
}


def release_texts(
    fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Each text once: (line, function, text, comments); the names of the arguments are Babel's."""
    texts = dict.fromkeys([*_of_release(), *_of_outcomes(), *_of_convention()])
    yield from ((1, "_", text, []) for text in texts if any(letter.isalpha() for letter in text))


def _of_release() -> Iterator[str]:
    newest = release.latest()
    for name, columns in FROM_TABLES.items():
        table = newest.table(name)
        for column in columns:
            yield from (text for text in table[column].dropna().unique() if text)
    for file in newest.package["resources"]:
        yield from filter(None, (file.get("title"), file.get("description")))


def _of_outcomes() -> Iterator[str]:
    for outcome in OUTCOMES.values():
        yield from (outcome.title, outcome.definition)


def _of_convention() -> Iterator[str]:
    convention = tomllib.loads(CONVENTION.read_text("utf-8"))
    yield from convention["articles"].values()
    for subject in convention["subjects"]:
        yield from (subject["subject"], subject["what"])
    for step in convention["steps"]:
        yield from (step["when"], step["what"])
    yield from (entry["position"] for entry in convention["positions"])
