"""What a visit looks at, its release and its language; and what is kept in memory for all visits with the same.

A visit sees one release from its first page to its last: a newer one is picked up at the next visit, and numbers of two
are never mixed. Both are context variables, since every visit is run in a thread of its own.
"""

import os
import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

import release
import storage
from dashboard import plain

P = ParamSpec("P")
T = TypeVar("T")
TODAY = "UPSTREAM_TODAY"  # environment variable: the day to take for today, YYYY-MM-DD, for tests and rehearsals
NEEDED = ("scores", "countries", "factors", "catalogue", "sources", "holders", "events", "indicators", "left_out")


class Replaced(release.ReleaseError):
    """Another release stands in the place of the one that a visit opened; the text is its id."""


@dataclass(frozen=True)
class Edition:
    """A release as it was when a visit opened it."""

    release: release.Release
    stamp: int  # when its datapackage.json was written, in nanoseconds
    damaged: tuple[str, ...] = ()  # its tables whose files are not those that were published

    def check(self) -> None:
        """Raises:
        Replaced: another release is in its place by now, or none.
        """
        if _stamp(self.release) != self.stamp:
            raise Replaced(self.release.id)


_edition: ContextVar[Edition | None] = ContextVar("edition", default=None)
_language: ContextVar[str] = ContextVar("language", default="en")
_forget: list[Callable[[], None]] = []


def _stamp(opened: release.Release) -> int:
    try:
        return (opened.folder / "datapackage.json").stat().st_mtime_ns
    except OSError:
        return 0


def find_newest() -> tuple[Edition, list[str]]:
    """The newest release that is whole, else the newest that can be read; and a sentence for each newer one.

    Raises:
        ReleaseError: there is none; the text says what is wrong with each.
    """
    found, problems = _find_here()
    copies = storage.copies()
    apart = copies.problems if copies else {}
    return found, [text for id, text in sorted(apart.items()) if id >= found.release.id] + problems


def is_cut_off() -> bool:
    """Whether there may be a newer release in a storage that cannot be read now."""
    copies = storage.copies()
    return bool(copies and copies.trouble)


def _find_here() -> tuple[Edition, list[str]]:
    problems: list[str] = []
    readable: list[tuple[Edition, int]] = []  # each with the number of problems of newer ones
    for name in sorted({*release.ids(), *_without_package()}, reverse=True):
        try:
            found = open_edition(name)
        except release.ReleaseError as error:
            problems.append(str(error))
            continue
        if not found.damaged:
            return found, problems
        readable.append((found, len(problems)))
        problems.append(f"release {name}: damaged: {', '.join(found.damaged)}. {release.AGAIN}")
    if readable:
        newest, newer = readable[0]
        return newest, problems[:newer]
    raise release.ReleaseError(" ".join(problems) or str(_none_error()))


def _without_package() -> list[str]:
    """Folders with tables and without a datapackage.json: a copy that was cut off."""
    tables = release.releases_folder().glob("*/*.parquet")
    folders = {path.parent for path in tables if not path.parent.name.startswith(".")}
    bare = [folder.name for folder in folders if not (folder / "datapackage.json").is_file()]
    return [name for name in bare if release.NAME.fullmatch(name)]


def _none_error() -> release.ReleaseError:
    try:
        release.latest()
    except release.ReleaseError as error:
        return error
    return release.ReleaseError("There is no release.")


def open_edition(name: str) -> Edition:
    """The release of that id.

    Raises:
        ReleaseError: there is none, or it can't be shown.
    """
    if name in _without_package():
        raise release.ReleaseError(f"release {name} has no datapackage.json: it is not whole. {release.AGAIN}")
    found = plain.Shown(release.load(name).folder)
    found.check(NEEDED)
    stamp = _stamp(found)
    return Edition(found, stamp, _damaged(found.folder, stamp))


@lru_cache(maxsize=8)
def _damaged(folder: Path, stamp: int) -> tuple[str, ...]:
    """The tables whose file is there and not the published one; read once for each edition, 25 MiB."""
    known = release.Release(folder)
    try:
        altered = known.damaged()
    except (KeyError, TypeError) as error:
        raise release.ReleaseError(f"release {known.id}: its datapackage.json is cut. {release.AGAIN}") from error
    return tuple(path for path in altered if path.endswith(".parquet") and (folder / path).is_file())


def today() -> date:
    """The day it is (UTC): the only place where the dashboard looks at the clock for what it tells readers.

    Raises:
        ValueError: the environment names a day that is none.
    """
    named = os.environ.get(TODAY)
    return date.fromisoformat(named) if named else datetime.now(UTC).date()


def use(edition: Edition | None, language: str) -> None:
    """Look at this release, in this language, in the thread that calls."""
    _edition.set(edition)
    _language.set(language)


def language() -> str:
    """The code of the language in use: "en"."""
    return _language.get()


def edition() -> Edition:
    """The release in use with its stamp; outside a visit the newest there is."""
    return _edition.get() or _newest_once()


@lru_cache(maxsize=1)
def _newest_once() -> Edition:
    return find_newest()[0]


def within(function: Callable[[], T]) -> Callable[[], T]:
    """The function with this visit's release and language, for a call that comes later and from another thread."""
    context = copy_context()
    return lambda: context.run(function)


def kept(maxsize: int = 128) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep what a function gives, by release, language and arguments, for all visits: it must never be changed.

    Streamlit's own cache hands out a copy each time, 5 to 20 ms for a table or a figure. Of several visits that ask for
    the same at once, one computes it and the others wait.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        results: LRUCache = LRUCache(maxsize)

        def key(*given: Any, **named: Any) -> Any:
            return hashkey(edition(), language(), *given, **named)

        remembered = cached(results, key=key, condition=threading.Condition())(function)
        _forget.append(results.clear)
        return wraps(function)(remembered)

    return keep


def forget() -> None:
    """Empty all that is kept, for tests that change a release behind the pages' back."""
    _newest_once.cache_clear()
    for clear in _forget:
        clear()
