"""Releases in object storage: this machine's copies of them, whole and checked; and how a release is put there.

UPSTREAM_RELEASES can be an address that fsspec knows, such as s3://bucket/releases. What is read is always a folder:
the copies are brought to it, in the order of their ids, each written aside and put in place once its hashes are right.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import fsspec

import release
import whole
from release import Release, ReleaseError

PACKAGE = "datapackage.json"
EVERY = 60.0  # seconds between two looks at the storage
PATIENCE = 3.0  # seconds that a visit waits for a look; what comes later is for the next visit
OPTIONS: dict[str, dict[str, Any]] = {
    # a storage that does not answer is given up on soon: the copies are there
    "s3": {"config_kwargs": {"connect_timeout": 5, "read_timeout": 20, "retries": {"max_attempts": 1}}},
    "file": {"auto_mkdir": True},
}
log = logging.getLogger(__name__)


class Copies:
    """The copies of the releases at one address, in a folder that other processes of this machine can share."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.trouble = ""  # why the last look failed; "" = it did not
        self.problems: dict[str, str] = {}  # by id: why a release there could not be copied
        self._url = url
        self._sound: set[str] = set()  # ids of the copies whose hashes were right
        self._looked: float | None = None  # when the last look began
        self._look = threading.Thread()
        self._lock = threading.Lock()

    def follow(self) -> None:
        """Bring what is new, if the last look is not of just now; a process waits for the end of its first look.

        Raises:
            ReleaseError: there is not a single copy, and none could be brought.
        """
        with self._lock:
            first, begins = self._looked is None, self._is_due()
            if begins:
                self._looked = time.monotonic()
                self._look = threading.Thread(target=self.look, daemon=True)
                self._look.start()
        if first or not release.ids(folder=self.folder):
            self._look.join()
        elif begins:
            self._look.join(PATIENCE)
        if self.trouble and not release.ids(folder=self.folder):
            raise ReleaseError(self.trouble)

    def _is_due(self) -> bool:
        return not self._look.is_alive() and (
            self._looked is None or time.monotonic() - self._looked >= _seconds_between_looks()
        )

    def look(self) -> None:
        """Bring the copies up to date; what goes wrong is kept in words, and in full in the log."""
        try:
            with self._alone():
                self._bring_all()
            self.trouble = ""
        except Exception as error:  # each kind of storage raises errors of its own, and none may end a visit
            self.trouble = _explain(error)
            log.warning("%s (%s: %s)", self.trouble, type(error).__name__, error)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While no other process brings copies to the same folder."""
        with ExitStack() as held:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(whole.alone(self.folder / "copies"))
            except OSError as error:
                raise ReleaseError(
                    f"Copies of releases cannot be kept in {self.folder} ({error.strerror}). "
                    "Give permission, or name another folder in UPSTREAM_CACHE."
                ) from error
            yield

    def _bring_all(self) -> None:
        store, root = fsspec.url_to_fs(self._url, use_listings_cache=False, **_options(self._url))
        packages, problems = _read_packages(store, root), {}
        for id in sorted(packages):
            try:
                self._bring(store, f"{root}/{id}", packages[id])
            except ReleaseError as error:
                problems[id] = str(error)
                log.warning("%s", error)
        self.problems = problems
        for id in {*release.ids(folder=self.folder)} - {*packages}:
            release.remove(self.folder / id)  # taken back by those who published it

    def _bring(self, store: Any, place: str, package: bytes) -> None:
        """One release, unless its copy is there.

        Raises:
            ReleaseError: a file of it is missing, or is not the one of its datapackage.json.
        """
        target = self.folder / place.rsplit("/", 1)[-1]
        if self._is_copied(target, package):
            return
        with release.aside(target) as made:
            names = _files(package, target.name)
            try:
                store.get([f"{place}/{name}" for name in names], [str(made / name) for name in names])
            except FileNotFoundError as error:
                raise ReleaseError(f"release {target.name} is not whole in the storage. Upload it again.") from error
            (made / PACKAGE).write_bytes(package)
            if damaged := Release(made).damaged():
                text = f"release {target.name}: altered in the storage: {', '.join(damaged[:5])}. Upload it again."
                raise ReleaseError(text)
            release.put_in_place(made, target)
        self._sound.add(target.name)

    def _is_copied(self, target: Path, package: bytes) -> bool:
        path = target / PACKAGE
        if not path.is_file() or path.read_bytes() != package:
            return False
        if target.name not in self._sound and not Release(target).damaged():
            self._sound.add(target.name)
        return target.name in self._sound


def _read_packages(store: Any, root: str) -> dict[str, bytes]:
    """The datapackage.json of each release by its id; a folder without one is still being uploaded.

    Raises:
        FileNotFoundError: there is no release.
    """
    ids = [place.rstrip("/").rsplit("/", 1)[-1] for place in store.ls(root, detail=False)]
    paths = {f"{root}/{id}/{PACKAGE}": id for id in ids if id and not id.startswith(".")}
    read = store.cat([*paths], on_error="return") if paths else {}
    absent = (FileNotFoundError, NotADirectoryError)
    for content in read.values():
        if isinstance(content, Exception) and not isinstance(content, absent):
            raise content
    # by the path's end: a storage can have its own way to write what stands before it
    found = {path.rsplit("/", 2)[-2]: content for path, content in read.items() if isinstance(content, bytes)}
    if not found:
        raise FileNotFoundError(root)
    return found


def _files(package: bytes, id: str) -> list[str]:
    """The names of a release's files.

    Raises:
        ReleaseError: the datapackage.json is cut, or names a file elsewhere.
    """
    try:
        names = [file["path"] for file in json.loads(package)["resources"]]
        plain = all(Path(name).name == name for name in names)
    except (ValueError, KeyError, TypeError) as error:
        raise ReleaseError(f"release {id}: its datapackage.json is cut. Upload it again.") from error
    if not plain:
        raise ReleaseError(f"release {id}: its datapackage.json names a file outside the release. Upload it again.")
    return names


def _explain(error: Exception) -> str:
    """What went wrong, for readers too: without addresses and names of accounts, which stand in the log."""
    if isinstance(error, ReleaseError):
        return str(error)
    if isinstance(error, PermissionError):
        return "The storage of releases refuses the server's credentials. Check AWS_ACCESS_KEY_ID or what it needs."
    if isinstance(error, FileNotFoundError):
        return "The storage has no release at the address in UPSTREAM_RELEASES. Check it, or upload a release."
    if isinstance(error, (ImportError, ValueError)):
        return "The address of the storage of releases cannot be used. Check UPSTREAM_RELEASES; the log says more."
    return "The storage of releases cannot be reached. Check its address and the network; the log says more."


def _options(url: str) -> dict[str, Any]:
    return OPTIONS.get(url.split("://")[0], {})


def _seconds_between_looks() -> float:
    return float(os.environ.get("UPSTREAM_REFRESH", EVERY))


@lru_cache(maxsize=8)
def _copies(url: str, cache: Path) -> Copies:
    return Copies(url, cache / sha256(url.encode()).hexdigest()[:12])


def copies() -> Copies | None:
    """The copies of the releases at the address in UPSTREAM_RELEASES; None if that is a folder, or is not set."""
    named = os.environ.get("UPSTREAM_RELEASES", "")
    if "://" not in named:
        return None
    return _copies(named.rstrip("/"), _cache())


def _cache() -> Path:
    if named := os.environ.get("UPSTREAM_CACHE"):
        return Path(named)
    import pooch  # takes a while, and is needed here alone

    return Path(pooch.os_cache("upstream")) / "releases"


def upload(found: Release, url: str) -> None:
    """Put a release into object storage, its datapackage.json last: without that, or with another, nobody shows it.

    Raises:
        ReleaseError: the release is damaged, or the storage cannot be written.
    """
    if damaged := found.damaged():
        raise ReleaseError(f"release {found.id}: altered or missing: {', '.join(damaged[:5])}. Build it again.")
    names = [file["path"] for file in found.package["resources"]]
    try:
        store, root = fsspec.url_to_fs(url.rstrip("/"), **_options(url))
        place = f"{root}/{found.id}"
        store.put([str(found.folder / name) for name in names], [f"{place}/{name}" for name in names])
        store.put_file(str(found.folder / PACKAGE), f"{place}/{PACKAGE}")
    except Exception as error:  # of whichever kind of storage
        raise ReleaseError(f"Release {found.id} was not uploaded to {url}: {type(error).__name__}: {error}") from error
