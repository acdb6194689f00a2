"""Texts of a release, so that they mean nothing but themselves wherever they are shown.

A name or note passes through Markdown, Plotly, KaTeX and HTML, each with marks of its own. What would be a mark is
shown as the wide form of the same sign, once, where the release is read: no published release has any of them. Files of
a release are handed out as they are.
"""

import re
from functools import cached_property
from typing import Any

import pandas as pd

import release

MARKS = str.maketrans("<[]$*\\~", "\uff1c\uff3b\uff3d\uff04\uff0a\uff3c\uff5e")
# back again where nothing is markup, as in what becomes a PDF, whose fonts lack the wide forms; in a text of JSON
AS_JSON = {wide: chr(sign) if chr(sign) != "\\" else "\\\\" for sign, wide in MARKS.items()} | {ord("\uff1a"): ":"}
# control characters, ends of lines, and marks that turn the direction of what follows
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
ICON = re.compile(r":(?=[A-Za-z_][\w+/-]*:)")  # Streamlit's :material/home: and :warning:
MEANT = re.compile(f"{UNSEEN.pattern}|{ICON.pattern}|[<\\[\\]$*\\\\~]")
WEB = re.compile(r"https?://[^\s()\[\]<>\"'\\]+")
ADDRESSES = ("url", "terms")  # columns, and in a package `path`, in which an address stands that is made a link
DEEPEST = 20  # levels of a package


def text(shown: str) -> str:
    """The text without marks: "<b>" with a wide sign, what is not seen as a replacement sign."""
    if not MEANT.search(shown):
        return shown
    return ICON.sub("\uff1a", UNSEEN.sub("\N{REPLACEMENT CHARACTER}", shown)).translate(MARKS)


def address(shown: str) -> str:
    """An address of the web as it is; "" for anything else."""
    return shown if WEB.fullmatch(shown) else ""


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """The table with all its texts made plain; a new frame only if there was something to do."""
    changed = {}
    for name, column in rows.select_dtypes(include=["str", "object"]).items():
        make = address if name in ADDRESSES else text
        new = {each: make(each) for each in column.unique() if isinstance(each, str) and make(each) != each}
        if new:
            changed[name] = column.map(lambda each, new=new: new.get(each, each), na_action="ignore")
    return rows.assign(**changed) if changed else rows


def package(found: Any, depth: int = 0) -> Any:
    """Whatever a datapackage.json holds, with all its texts made plain.

    Raises:
        ValueError: it is nested too deeply.
    """
    if depth > DEEPEST:
        raise ValueError(f"a datapackage.json has at most {DEEPEST} levels")
    if isinstance(found, dict):
        return {text(name): package(value, depth + 1) for name, value in found.items()}
    if isinstance(found, list):
        return [package(value, depth + 1) for value in found]
    return text(found) if isinstance(found, str) else found


class Shown(release.Release):
    """A release as the pages, briefings and feeds see it."""

    @cached_property
    def package(self) -> dict[str, Any]:
        """See `Release.package`."""
        try:
            made = package(super().package)
        except ValueError as error:
            raise release.ReleaseError(
                f"release {self.id}: its datapackage.json cannot be read: {error}. {release.AGAIN}"
            ) from error
        if not release.is_whole(made):
            raise release.ReleaseError(f"release {self.id}: its datapackage.json is cut. {release.AGAIN}")
        for licence in made["licenses"]:
            licence["path"] = address(licence["path"])
        return made

    def part(self, name: str, columns: list[str] | None = None, **wanted: Any) -> pd.DataFrame:
        """See `Release.part`."""
        found = super().part(name, columns, **wanted)
        try:
            return table(found)
        except (ValueError, TypeError) as error:  # texts that are none, or values of a kind that no table has
            raise release.ReleaseError(f"release {self.id}: {name}.parquet is damaged. {release.AGAIN}") from error
