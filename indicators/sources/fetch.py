"""Brings the producers' files to `data/raw` and checks each by its hash; reads none of them.

pooch downloads, checks and tries again. It cannot go on with half a file, so its downloader is replaced by
one that can: what has arrived is kept beside the file as `….part`, and the next try asks for the rest.
"""

import hashlib
import re
import shutil
import sys
import time
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pooch
import requests
import urllib3
from tqdm import tqdm

import whole
from indicators import files
from indicators.sources.cards import Card, SourceFile

CHUNK = 1 << 14  # bytes; what is lost at most when a download breaks off
TIMEOUT = 60  # seconds without a byte
SLOWEST = 1024  # bytes a second, after the first minute
MOST = files.BYTES  # of one file, as it comes and unpacked
RETRIES = 3
WORTH_A_RETRY = (408, 429)  # of the answers 4xx; the others stay what they are
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)  # an archive, or one with a password


class FetchError(Exception):
    """A file could not be brought; the text says which, why, and what to do."""


def path_of(card: Card, key: str, raw: Path) -> Path:
    """The path of one of the card's files below `raw` (a mirror is laid out alike), its hash checked.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: its hash is not that of the card.
    """
    path = raw / card.files[key].file
    if not path.is_file():
        raise FileNotFoundError(
            f"{card.title}: {path} is missing. Run `python pipeline.py fetch`, with `--mirror DIR` if you"
            f" have a folder of the source files. {_by_hand(card, [card.files[key]], raw)}"
        )
    verify(card, key, path)
    return path


def verify(card: Card, key: str, path: Path) -> None:
    """Raises ValueError when the file at `path` does not have the hash of the card."""
    expected, found = card.files[key].sha256, _sha256(path)
    if found == expected:
        return
    page = " It is a web page, not data: the address may have moved." if _is_html(path) else ""
    raise ValueError(
        f"{card.title}: {path.name} is truncated or altered ({path.stat().st_size:,} bytes).{page}\n"
        f"  sha256 expected {expected}\n  sha256 found    {found}\n"
        "Delete it if it is still there, and fetch it again. If it is a new edition, or made by hand, look at it"
        f" first, then change edition, sha256 and accessed under [{card.id}] in data/sources.toml."
    )


def fetch(
    cards: Iterable[Card],
    raw: Path,
    mirror: Path | None = None,
    *,
    retries: int = RETRIES,
    progress: bool = True,
) -> list[Path]:
    """Bring every file of the cards below `raw`, from the producers or from `mirror`; return their paths.

    A file that is there with the right hash is not fetched again. One that cannot be had does not stop the
    others.

    Raises:
        Busy: another process is at work on the same folder.
        FetchError: after all were tried: which files are missing, why, and what to do for each; or at once, when
            nothing can be written.
    """
    if mirror is not None and not mirror.is_dir():
        raise FetchError(f"{mirror} is not a folder: --mirror takes one that is laid out like data/raw.")
    try:
        raw.mkdir(parents=True, exist_ok=True)
        with whole.alone(raw / "fetch", seconds=0):  # two would write into the same half of a file
            return _fetch(list(cards), raw, mirror, retries, progress)
    except OSError as error:
        raise FetchError(
            f"Nothing can be written to {raw} ({error}). Make room or give permission, and run `python pipeline.py"
            " fetch` again: what has arrived is kept."
        ) from error


def _fetch(cards: list[Card], raw: Path, mirror: Path | None, retries: int, progress: bool) -> list[Path]:
    _clear_abandoned(cards, raw)
    paths, problems = [], []
    for card in cards:
        for key in _still_to_bring(card, raw):
            try:
                _bring(card, key, raw, mirror, retries, progress)
            except (FetchError, FileNotFoundError, ValueError) as error:
                problems.append(str(error))
        unknown = [file for file in card.files.values() if not (file.download or (raw / file.file).is_file())]
        if unknown and mirror is None:
            problems.append(f"{card.title}: no address of the file is known. {_by_hand(card, unknown, raw)}")
        paths += [raw / file.file for file in card.files.values()]
    if problems:
        listed = "\n".join(f"* {text}" for text in problems)
        raise FetchError(f"{len(problems)} problems; all other files are in {raw}.\n{listed}")
    return paths


def _clear_abandoned(cards: list[Card], raw: Path) -> None:
    """What pooch leaves behind when it is killed: it has its own names for what it checks."""
    for folder in {(raw / file.file).parent for card in cards for file in card.files.values()}:
        for path in folder.glob("tmp*"):
            if path.is_file() and re.fullmatch("tmp[a-z0-9_]{8}", path.name):
                path.unlink()


def _still_to_bring(card: Card, raw: Path) -> list[str]:
    return [key for key, file in card.files.items() if not _is_whole(file, raw)]


def _is_whole(file: SourceFile, raw: Path) -> bool:
    path = raw / file.file
    return path.is_file() and _sha256(path) == file.sha256


def _bring(card: Card, key: str, raw: Path, mirror: Path | None, retries: int, progress: bool) -> None:
    path = raw / card.files[key].file
    if mirror is not None:
        _copy(card, key, mirror, raw)
    elif card.files[key].download is not None:
        _download(card, key, raw, retries, progress)
    elif path.is_file():  # put there by hand, and not what the card says
        verify(card, key, path)


def _copy(card: Card, key: str, mirror: Path, raw: Path) -> None:
    source, path = mirror / card.files[key].file, raw / card.files[key].file
    if not source.is_file():
        raise FileNotFoundError(f"{card.title}: the mirror has no file {source}.")
    verify(card, key, source)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole.written(path) as aside:
        shutil.copyfile(source, aside)


def _download(card: Card, key: str, raw: Path, retries: int, progress: bool) -> None:
    file = card.files[key]
    (raw / file.file).parent.mkdir(parents=True, exist_ok=True)
    pooch.get_logger().setLevel("WARNING")
    shelf = pooch.create(
        path=raw,
        base_url="",
        registry={file.file: f"sha256:{file.sha256}"},
        urls={file.file: file.download},
        retry_if_failed=retries,
    )
    try:
        shelf.fetch(file.file, downloader=_Resuming(card, key, raw / file.file, progress))
    except requests.RequestException as error:
        raise FetchError(
            f"{card.title}: {file.download} could not be downloaded in {retries + 1} tries ({error}). Run"
            f" `python pipeline.py fetch` again: it goes on where it stopped. {_by_hand(card, [file], raw)}"
        ) from error


class _Resuming:
    """A downloader for pooch that goes on where an interrupted download stopped, and unpacks a .zip."""

    def __init__(self, card: Card, key: str, path: Path, progress: bool) -> None:
        self.card = card
        self.key = key
        self.path = path
        self.part = _beside(path, ".part")
        self.progress = progress

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        self._receive(url)
        unpacked = _beside(self.path, ".unpacked.part")
        try:  # what has arrived is complete from here on: if it is wrong, going on with it does not help
            try:
                complete = self._unpack(url, unpacked) if url.endswith(".zip") else self.part
            except DAMAGED:
                complete = self.part  # its hash will be wrong, and that message says what it is
            verify(self.card, self.key, complete)
            whole.to_disk(complete)
            complete.replace(output_file)
        finally:
            self.part.unlink(missing_ok=True)
            unpacked.unlink(missing_ok=True)

    def _receive(self, url: str) -> None:
        have = self.part.stat().st_size if self.part.exists() else 0
        # without compression on the way, so that positions are those of the file
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
        with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as response:
            if have and response.status_code == requests.codes.requested_range_not_satisfiable:
                return  # nothing is left to send
            self._stop_if_refused(response)
            self._append(response, have if response.status_code == requests.codes.partial_content else 0)

    def _stop_if_refused(self, response: requests.Response) -> None:
        if 400 <= response.status_code < 500 and response.status_code not in WORTH_A_RETRY:
            raise FetchError(
                f"{self.card.title}: the producer's server answers {response.status_code} {response.reason}"
                f" for {response.url}. The address may have moved: look at {self.card.url} and change"
                f" `download` under [{self.card.id}] in data/sources.toml."
            )
        response.raise_for_status()

    def _append(self, response: requests.Response, have: int) -> None:
        length = response.headers.get("Content-Length")
        bar = tqdm(
            total=have + int(length) if length else None, initial=have, desc=self.path.name, unit="B",
            unit_scale=True, disable=not self.progress, ascii=sys.platform == "win32",
        )  # fmt: skip
        with bar, self.part.open("ab" if have else "wb") as file:
            for chunk in self._chunks(response):
                file.write(chunk)
                bar.update(len(chunk))
                if file.tell() > MOST:
                    self._refuse_endless()

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        """As they arrive: `iter_content` waits for whole ones, which a server that drips can put off for days."""
        start, received = time.monotonic(), 0
        try:
            while chunk := response.raw.read1(CHUNK):
                yield chunk
                received += len(chunk)
                took = time.monotonic() - start
                if took > TIMEOUT and received < SLOWEST * took:
                    raise requests.Timeout(f"{received:,} bytes in {took:.0f} seconds: too slow")
        except urllib3.exceptions.HTTPError as error:
            raise requests.ConnectionError(error) from error

    def _refuse_endless(self) -> None:
        self.part.unlink(missing_ok=True)
        raise FetchError(
            f"{self.card.title}: the producer's server sends more than {MOST:,} bytes, which is no file of ours. Look"
            f" at {self.card.url}, and change `download` under [{self.card.id}] in data/sources.toml."
        )

    def _unpack(self, url: str, unpacked: Path) -> Path:
        if not zipfile.is_zipfile(self.part):
            return self.part  # as above
        name = self.card.files[self.key].member or self.path.name
        with files.opened(self.part), zipfile.ZipFile(self.part) as archive:
            files.check_archive(self.part, archive)
            inside = {PurePosixPath(entry).name: entry for entry in archive.namelist()}
            large = name in inside and archive.getinfo(inside[name]).file_size > MOST
            if name in inside and not large:
                with archive.open(inside[name]) as packed, unpacked.open("wb") as file:
                    shutil.copyfileobj(packed, file)
        if name not in inside:
            raise FetchError(
                f"{self.card.title}: {url} has no file {name}, but {', '.join(sorted(inside)[:5])}."
                f" Name the right one as `member` under [{self.card.id}] in data/sources.toml."
            )
        if large:
            self._refuse_endless()
        return unpacked


def _by_hand(card: Card, listed: list[SourceFile], raw: Path) -> str:
    """What a person can do: where to look, where to put it, and in which form."""
    places = ", ".join(str(raw / file.file) for file in listed[:5])
    more = f" and {len(listed) - 5} more" if len(listed) > 5 else ""
    form = f", in this form: {card.prepared}" if card.prepared else ""
    return f"By hand: get edition {card.edition!r} from {card.url} and put it at {places}{more}{form}."


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _is_html(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(512).lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
