"""Files of briefings: one, or those of all States as a zip; made aside and renamed, and not made twice."""

import hashlib
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path

from joblib import Parallel, delayed

from dashboard import briefing, current, reading
from dashboard.brief.model import BriefError
from dashboard.briefing import COUNTRY, Subject
from dashboard.current import Edition

CODE = Path(__file__).parents[1]
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # of files in a zip, so that the same content gives the same bytes
AT_ONCE = 8  # briefings of one errand to a process
DAY = 24 * 3600  # seconds
Told = Callable[[int, int], None]  # how many are done, of how many


class WriteError(BriefError):
    """A file cannot be written; the text says why and what to do."""


def write(path: Path, content: bytes) -> Path:
    """Write a file aside and put it in its place: a reader sees the old one, the new one or none, never a part.

    Raises:
        WriteError: it could not be written; what was there before is untouched.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.making")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(content)
        aside.replace(path)
    except OSError as error:
        raise WriteError(
            f"{path} could not be written ({error}). What was there before is untouched. Make room or give permission, "
            "and run it again: what is done is not done again."
        ) from error
    finally:
        aside.unlink(missing_ok=True)
    return path


def one(subject: Subject, form: str, folder: Path) -> Path:
    """The briefing on one subject as a file in a folder."""
    return write(folder / briefing.file_name(subject, form), briefing.make(subject, form))


def stamp() -> str:
    """What the content of briefings depends on, in short: the release, the language, and the code and texts."""
    files = sorted(path for path in CODE.rglob("*") if path.suffix in {".py", ".typ", ".html", ".css", ".po"})
    package = reading.opened().folder / "datapackage.json"
    digest = hashlib.sha256(current.language().encode())
    for path in [*files, package]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def every(form: str, folder: Path, *, jobs: int, told: Told) -> tuple[Path, int]:
    """The briefings of all States of the newest year as one zip, and how many had to be made.

    Those made before, by the same code from the same release, are not made again.

    Raises:
        WriteError: a file could not be written; what is done stays for the next time.
    """
    made_of = stamp()
    name = f"upstream-{reading.opened().id}-briefs-{current.language()}-{form}.zip"
    whole = folder / name
    subjects = [Subject(COUNTRY, (code,)) for code in sorted(states())]
    if is_whole(whole, made_of):
        told(len(subjects), len(subjects))
        return whole, 0
    parts = folder / f".{name}.{made_of}"
    _clear_abandoned(folder, name, parts)
    missing = [subject for subject in subjects if not (parts / briefing.file_name(subject, form)).exists()]
    told(len(subjects) - len(missing), len(subjects))
    done = len(subjects) - len(missing)
    for number in _make(missing, form, parts, jobs=jobs):
        done += number
        told(done, len(subjects))
    _zip([parts / briefing.file_name(subject, form) for subject in subjects], whole, made_of)
    shutil.rmtree(parts, ignore_errors=True)
    return whole, len(missing)


def states() -> list[str]:
    """The rows of the release's newest year."""
    scores = reading.table("scores")
    return reading.of_year(scores, int(scores["year"].max()))["iso3"].tolist()


def _make(subjects: list[Subject], form: str, folder: Path, *, jobs: int) -> Iterator[int]:
    """Make briefings on so many processes; tells how many are done, a few at a time."""
    groups = [subjects[at : at + AT_ONCE] for at in range(0, len(subjects), AT_ONCE)]
    seen = (current.edition(), current.language())
    if jobs == 1 or len(groups) < 2:
        # in a context of its own, so that what this thread looks at stays what it was
        yield from (copy_context().run(_make_some, group, form, folder, *seen) for group in groups)
        return
    yield from Parallel(n_jobs=jobs, return_as="generator_unordered")(
        delayed(_make_some)(group, form, folder, *seen) for group in groups
    )


def _make_some(subjects: list[Subject], form: str, folder: Path, edition: Edition, language: str) -> int:
    current.use(edition, language)
    for subject in subjects:
        one(subject, form, folder)
    return len(subjects)


def is_whole(path: Path, made_of: str) -> bool:
    """Whether a zip was made by the same code from the same release, and every file in it is whole."""
    try:
        with zipfile.ZipFile(path) as there:
            return there.comment == made_of.encode() and there.testzip() is None
    except (OSError, zipfile.BadZipFile):
        return False


def _zip(files: list[Path], path: Path, made_of: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}.making")
    try:
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as whole:
            whole.comment = made_of.encode()
            for file in files:
                entry = zipfile.ZipInfo(file.name, FIRST_DAY)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                whole.writestr(entry, file.read_bytes())
        aside.replace(path)
    except OSError as error:
        raise WriteError(
            f"{path} could not be written ({error}). Every briefing is made; make room and run it again."
        ) from error
    finally:
        aside.unlink(missing_ok=True)


def _clear_abandoned(folder: Path, name: str, parts: Path) -> None:
    """What an older release or code left behind, and what a killed run left half-written a day ago or more."""
    for old in folder.glob(f".{name}.*"):
        if old.is_dir() and old != parts:
            shutil.rmtree(old, ignore_errors=True)
    for half in [*folder.glob(f".{name}.*.making"), *parts.glob(".*.making")]:
        if half.is_file() and time.time() - half.stat().st_mtime > DAY:
            half.unlink(missing_ok=True)
