"""Files that are whole whatever happens: written aside, brought to the disk, then renamed; by one process at a time.

A process that is killed frees its lock. What it leaves behind has a name that begins with a dot; the next clears it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

WAIT = 600  # seconds for the process before; it writes for a few


class Busy(Exception):
    """Another process is at work on the same; the text says what to do."""


@contextmanager
def alone(path: Path, *, seconds: float = WAIT) -> Iterator[None]:
    """Hold what is at `path` against other processes; within one thread as often as it likes.

    `seconds`: how long to wait for another one. The lock is beside `path`, so its folder must exist.

    Raises:
        Busy: another process has held it for all these seconds.
        OSError: nothing can be written there.
    """
    lock = FileLock(beside(path, "lock"), is_singleton=True, fallback_to_soft=False)
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        raise Busy(f"Another process is at work on {path}. Wait until it has ended, and run this again.") from error
    try:
        yield
    finally:
        if lock.lock_counter == 1:  # while it is held: who waits for it sees that this file is gone, and makes another
            Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def beside(path: Path, ending: str) -> Path:
    """A name beside it that no reader takes for it, and git ignores."""
    return path.with_name(f".{path.name}.{ending}.part")


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of `path` if all goes well; else `path` stays as it was.

    Only for those who are `alone` with it: the path to write to is always the same, so that nothing is left to clear.

    Raises:
        OSError: it cannot be put in place.
    """
    aside = beside(path, "new")
    try:
        yield aside
        to_disk(aside)
        aside.replace(path)
        to_disk(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def to_disk(path: Path) -> None:
    """Wait until a file's content, or a folder's names, are on the disk.

    Else a loss of power after a renaming can leave the new name with nothing in it.

    Raises:
        OSError: the disk refuses them.
    """
    if path.is_dir() and os.name == "nt":  # Windows opens no folders
        return
    held = os.open(path, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
