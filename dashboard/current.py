"""What a visit looks at, its release and its language; and what is kept in memory for all visits with the same.

A visit sees one release from its first page to its last: a newer one is picked up at the next visit, and numbers of two
are never mixed. Both are context variables, since every visit is run in a thread of its own.
"""

import threading
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

import release

P = ParamSpec("P")
T = TypeVar("T")
NEEDED = ("scores", "countries", "factors", "catalogue", "sources", "holders", "events", "indicators", "left_out")
REPLACED = "The release {id} was replaced while you looked at it. Load the page again to see the new one."


@dataclass(frozen=True)
class Edition:
    """A release as it was when a visit opened it."""

    release: release.Release
    stamp: int  # when its datapackage.json was written, in nanoseconds

    def check(self) -> None:
        """Raises:
        ReleaseError: another release is in its place by now.
        """
        if _stamp(self.release) != self.stamp:
            raise release.ReleaseError(REPLACED.format(id=self.release.id))


_edition: ContextVar[Edition | None] = ContextVar("edition", default=None)
_language: ContextVar[str] = ContextVar("language", default="en")
_forget: list[Callable[[], None]] = []


def _stamp(opened: release.Release) -> int:
    try:
        return (opened.folder / "datapackage.json").stat().st_mtime_ns
    except OSError:
        return 0


def find_newest() -> tuple[Edition, list[str]]:
    """The newest release that can be read, and a sentence for each newer one that can't.

    Raises:
        ReleaseError: there is none; the text says what is wrong with each.
    """
    problems: list[str] = []
    for name in reversed(release.ids()):
        try:
            return open_edition(name), problems
        except release.ReleaseError as error:
            problems.append(str(error))
    raise release.ReleaseError(" ".join(problems) or str(_none_error()))


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
    found = release.load(name)
    found.check(NEEDED)
    return Edition(found, _stamp(found))


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
