"""Writes and reads releases: data/releases/<id>/, each table as Parquet and CSV, with hashes and a codebook.

    import release
    release.load("2026-11-25").forecasts  # docs/python.md

A release is written aside and put in place by renaming, so that a reader sees the old one or the new one, whole.
"""

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

import whole
from indicators import files
from indicators.catalogue import MODULES

ROOT = Path(__file__).parent
CODEBOOK = ROOT / "data" / "codebook.toml"
MODEL_CARD = "MODEL_CARD.md"
PUBLISH = "publish"  # the command that adds forecasts and their record to what `build` made
DUE = 1  # years after its date until a release is due to be replaced: forecasts are issued once a year
LARGE = 5 * 1024**2  # a CSV of this size or more is compressed
AGAIN = "Fetch the release again, or build it anew."
NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")  # of a release, a table, a file: nothing that leads elsewhere
PACKAGE_BYTES = 8 * 1024**2  # of a datapackage.json; those in use have less than a tenth of a MiB
FORMAT = 1  # of a release's files; a higher one was made by a later version of this program
LICENCE = {
    "name": "CC-BY-SA-4.0",
    "title": "Creative Commons Attribution-ShareAlike 4.0 International",
    "path": "https://creativecommons.org/licenses/by-sa/4.0/",
}
TYPES = {"i": "integer", "u": "integer", "f": "number", "b": "boolean", "M": "date", "O": "string"}


class ReleaseError(Exception):
    """A release cannot be written or read; the text says why and what to do."""


def releases_folder() -> Path:
    """Where releases are: the environment's UPSTREAM_RELEASES, else data/releases; of an address, its copies.

    Raises:
        ReleaseError: nothing could be copied from the address.
    """
    import storage  # it reads releases

    if copies := storage.copies():
        copies.follow()
        return copies.folder
    return Path(os.environ.get("UPSTREAM_RELEASES", ROOT / "data" / "releases"))


def workplace() -> Path:
    """Where releases are made.

    Raises:
        ReleaseError: the environment names an address, whose copies would be overwritten.
    """
    if "://" in os.environ.get("UPSTREAM_RELEASES", ""):
        raise ReleaseError(
            "UPSTREAM_RELEASES is an address of releases to be read; they are made in a folder. "
            "Name one there, then put the release into the storage with `python pipeline.py upload`."
        )
    return releases_folder()


class Tables:
    """The tables of a release as attributes, for editors and type checkers: `release.latest().forecasts`.

    Each is read from its file when it is asked for, as a new frame of its own; an older release may lack some
    (AttributeError, which names those that it has). Columns: `Release.columns`, CODEBOOK.md, data/codebook.toml.
    """

    scores: pd.DataFrame  # Scores of each State and year
    indicators: pd.DataFrame  # Values and scores of each indicator
    events: pd.DataFrame  # Events and counts from which outcomes are made
    monthly: pd.DataFrame  # Deaths in organised violence by month
    watch: pd.DataFrame  # Watch: early signs by month
    watch_rules: pd.DataFrame  # Watch: the rules and their false alarms
    countries: pd.DataFrame  # The rows: States and places
    holders: pd.DataFrame  # Which row holds a place in a year
    commitments: pd.DataFrame  # Legal commitments
    peers: pd.DataFrame  # Other systems' views
    sensitivity: pd.DataFrame  # Places by the index, and how sure they are
    sensitivity_alternatives: pd.DataFrame  # What each other choice does to the places
    sensitivity_shares: pd.DataFrame  # Share of each choice in the variance of places
    catalogue: pd.DataFrame  # The indicators
    factors: pd.DataFrame  # The fourteen risk factors
    sources: pd.DataFrame  # The sources
    left_out: pd.DataFrame  # Rows of the sources that are in no row here
    forecasts: pd.DataFrame  # Forecasts
    explanations: pd.DataFrame  # Why: contributions to each operational forecast
    cases: pd.DataFrame  # Nearest past cases
    replicates: pd.DataFrame  # Replicates of the operational forecasts
    backtest: pd.DataFrame  # Backtest
    skill: pd.DataFrame  # Skill
    reliability: pd.DataFrame  # Reliability
    interval_checks: pd.DataFrame  # Intervals held against what happened
    drivers: pd.DataFrame  # Which risk factors tell of which outcome
    transfer: pd.DataFrame  # Models of one outcome used for another
    nowcast: pd.DataFrame  # What the newest months add to the forecasts


@dataclass(frozen=True)
class Release(Tables):
    """One release; each table of the codebook is an attribute, read from its Parquet file when it is asked for."""

    folder: Path

    @property
    def id(self) -> str:
        """Its id: "2026-11-25"."""
        return self.folder.name.strip(".").removesuffix(".previous")

    @cached_property
    def package(self) -> dict[str, Any]:
        """The datapackage.json: as-of date, files with sizes and hashes, licences.

        Raises:
            ReleaseError: it cannot be read, or names a file that is not in the release's own folder.
        """
        try:
            package = json.loads(_read_bounded(self.folder / "datapackage.json").decode("utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise ReleaseError(f"release {self.id}: its datapackage.json cannot be read ({error}). {AGAIN}") from error
        if not isinstance(package, dict):
            raise ReleaseError(f"release {self.id}: its datapackage.json is no table of fields. {AGAIN}")
        listed = package.get("resources")
        for entry in listed if isinstance(listed, list) else []:
            self.file(entry.get("path") if isinstance(entry, dict) else None)
        return package

    def file(self, name: object) -> Path:
        """The path of one of its files, which may be missing.

        Raises:
            ReleaseError: it is no plain name, or a link that leads out of the release's folder.
        """
        path = self.folder / str(name)
        if isinstance(name, str) and NAME.fullmatch(name) and path.resolve().parent == self.folder.resolve():
            return path
        raise ReleaseError(f"release {self.id}: {str(name)[:60]!r} is no file of its own folder. {AGAIN}")

    @property
    def as_of(self) -> date:
        """The day: nothing that came out after it is used."""
        return date.fromisoformat(self.package["as_of"])

    @property
    def stale_after(self) -> date:
        """The last day before another release is due; for one that was written without it, by the same rule."""
        stated = self.package.get("stale_after")
        return date.fromisoformat(stated) if stated else due_after(self.as_of)

    def table(self, name: str) -> pd.DataFrame:
        """One table.

        Raises:
            ReleaseError: the release has no such table, or its file is damaged.
        """
        return self.part(name)

    def part(self, name: str, columns: list[str] | None = None, **wanted: Any) -> pd.DataFrame:
        """The lines of a table in which these columns have this value, or one of these; the rest is not kept.

        Raises:
            ReleaseError: the release has no such table, or its file is damaged.
        """
        if name not in self.tables():
            raise ReleaseError(f"release {self.id} has no table {name!r}; it has {', '.join(self.tables())}.")
        path = self.file(f"{name}.parquet")
        filters = [(column, "in" if isinstance(value, list) else "==", value) for column, value in wanted.items()]
        try:
            files.check_parquet(path)
            return pd.read_parquet(path, columns=columns, filters=filters or None)
        except Exception as error:  # what a file says of itself to pandas makes it raise anything at all
            raise ReleaseError(f"release {self.id}: {name}.parquet is damaged ({str(error)[:120]}). {AGAIN}") from error

    def check(self, needed: Collection[str]) -> None:
        """Raises:
        ReleaseError: the release is of a later format, has no date, or lacks one of these tables.
        """
        made = self.package.get("format", FORMAT)
        if not isinstance(made, int):
            raise ReleaseError(f"release {self.id}: the format in its datapackage.json is no number. {AGAIN}")
        if made > FORMAT:
            raise ReleaseError(
                f"release {self.id} is of format {made}, made by a later version; this one reads {FORMAT}. "
                "Update the program, or show an older release."
            )
        try:
            date.fromisoformat(self.package["as_of"])
        except (KeyError, TypeError, ValueError) as error:
            raise ReleaseError(f"release {self.id}: its datapackage.json has no date `as_of`. {AGAIN}") from error
        try:
            _ = self.stale_after
        except (TypeError, ValueError) as error:
            raise ReleaseError(
                f"release {self.id}: `stale_after` in its datapackage.json is no date. {AGAIN}"
            ) from error
        if absent := sorted({*needed} - {*self.tables()}):
            raise ReleaseError(f"release {self.id} is not whole, it lacks {', '.join(absent)}. {AGAIN}")

    def tables(self) -> list[str]:
        """The names of the tables that it has, in alphabetical order."""
        return sorted(path.stem for path in self.folder.glob("*.parquet") if NAME.fullmatch(path.name))

    def columns(self, name: str) -> pd.DataFrame:
        """A table's columns, one line each: column, type, description, as its datapackage.json has them.

        Raises:
            ReleaseError: the release has no such table.
        """
        for file in self.package["resources"]:
            if file["name"] == name and "schema" in file:
                fields = pd.DataFrame(file["schema"]["fields"]).rename(columns={"name": "column"})
                return fields[["column", "type", "description"]]
        raise ReleaseError(f"release {self.id} has no table {name!r}; it has {', '.join(self.tables())}.")

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_"):
            raise AttributeError(name)
        try:
            return self.table(name)
        except ReleaseError as error:
            raise AttributeError(str(error)) from error

    def damaged(self) -> list[str]:
        """The files whose hash is not the one in datapackage.json, or that are missing."""
        files = {entry["path"]: entry["hash"] for entry in self.package["resources"]}
        return [path for path, recorded in files.items() if digest(self.file(path)) != recorded]


def due_after(as_of: date) -> date:
    """The day after which a release of that date is out of date: the same day `DUE` years later, or 28 February."""
    leap_day = (as_of.month, as_of.day) == (2, 29)
    return as_of.replace(year=as_of.year + DUE, day=28 if leap_day else as_of.day)


def load(release: str, *, folder: Path | None = None) -> Release:
    """The release of that id ("2026-11").

    Raises:
        ReleaseError: there is none.
    """
    within = folder or releases_folder()
    if place := _place(within / release) if NAME.fullmatch(release) else None:
        return Release(place)
    there = ", ".join(ids(folder=within)) or "none"
    raise ReleaseError(f"There is no release {release[:60]!r} in {within}; there is: {there}.")


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether it is a file below the folder, and not only by a link."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def is_whole(package: dict[str, Any]) -> bool:
    """Whether a datapackage.json has the texts that the pages show of it."""
    licences, listed = package.get("licenses"), package.get("resources")
    if not (isinstance(licences, list) and licences and isinstance(listed, list)):
        return False
    parts: list[tuple[object, tuple[str, ...]]] = [(each, ("name", "title", "path")) for each in licences]
    parts += [(each, ("name", "title", "path", "hash", "format")) for each in listed]
    return all(_has_texts(each, names) for each, names in [(package, ("name", "title", "version")), *parts])


def _has_texts(entry: object, names: tuple[str, ...]) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(name), str) for name in names)


def _read_bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(PACKAGE_BYTES + 1)
    if len(content) > PACKAGE_BYTES:
        raise ValueError(f"it has more than {PACKAGE_BYTES:,} bytes")
    return content


def ids(*, folder: Path | None = None) -> list[str]:
    """The ids of the releases at hand, oldest first."""
    within = folder or releases_folder()
    there = [path for path in within.glob("*") if path.suffix not in {".building", ".part"}]
    named = {name for name in {Release(path).id for path in there} if NAME.fullmatch(name)}
    return sorted(name for name in named if _place(within / name))


def _place(target: Path) -> Path | None:
    """Where the release is: while it is replaced it has its second name for a moment, and then the first again."""
    for place in (target, _previous(target), target):
        if _is_inside(place / "datapackage.json", target.parent):
            return place
    return None


def latest(*, folder: Path | None = None) -> Release:
    """The newest release.

    Raises:
        ReleaseError: there is none.
    """
    known = ids(folder=folder)
    if not known:
        raise ReleaseError(f"There is no release in {folder or releases_folder()}: run `python pipeline.py build`.")
    return load(known[-1], folder=folder)


def write(
    tables: dict[str, pd.DataFrame],
    release: str,
    *,
    as_of: date,
    folder: Path | None = None,
    model_card: str | None = None,
    ledger_head: str | None = None,
) -> Release:
    """Write a release aside, then put it in the place of the one with the same id; the same tables give the same bytes.

    `tables`: those that `pipeline.py build` makes, or these and all that `publish` adds; see data/codebook.toml.
    `model_card`: Markdown; `ledger_head`: hash of the ledger's last line, kept here so that a cut is seen.
    Of two processes that write the same release the second one waits for the first.

    Raises:
        Busy: another process has written the same release for ten minutes.
        ReleaseError: it could not be written (a full disk, no permission); what was there before is untouched.
        ValueError: a table or column is not in the codebook, or the other way round; the id is no plain name.
    """
    if not NAME.fullmatch(release):
        raise ValueError(f"{release[:60]!r} is no id of a release: use letters, digits, '.', '_' and '-', 100 at most.")
    target = (folder or workplace()) / release
    book = _entries(tables)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole.alone(target), aside(target) as made:
            resources = [entry for name in book for entry in _write_table(tables[name], name, made, book[name])]
            resources.append(_write_codebook(made, release, as_of, book))
            if model_card:
                resources.append(_write_text(made / MODEL_CARD, "model-card", "Model card", model_card))
            head = {"ledger_head": ledger_head} if ledger_head else {}
            _write_json(made / "datapackage.json", _package(release, as_of, resources) | head)
            put_in_place(made, target)
    except OSError as error:
        raise ReleaseError(
            f"The release could not be written to {target.parent} ({error}). What was there before is untouched. "
            "Make room or give permission, and build again."
        ) from error
    return Release(target)


@contextmanager
def aside(target: Path) -> Iterator[Path]:
    """A new folder beside the target, which no reader sees; what is not put in place is gone afterwards."""
    made = target.with_name(f".{target.name}.{os.getpid()}.building")
    _clear_abandoned(target)
    try:
        made.mkdir(parents=True)
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def remove(target: Path) -> None:
    """Take a release away, in one step for its readers."""
    with aside(target) as made:
        target.rename(made / target.name)


def _entries(tables: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """The codebook's entries of these tables, which are all of `build`, with none or all of `publish`."""
    book = read_codebook()
    first = {name: book[name] for name in built_tables()}
    wanted = first if set(tables) <= set(first) else book
    if set(tables) != set(wanted):
        raise ValueError(
            f"The tables differ from data/codebook.toml: {sorted(set(tables) ^ set(wanted))[:5]}. Give all tables of "
            "`build`, and none or all of those of `publish`."
        )
    return wanted


def _clear_abandoned(target: Path) -> None:
    """What killed builds left behind: who is alone with the release knows that none of it is still being written."""
    for folder in target.parent.glob(f".{target.name}.*.building"):
        shutil.rmtree(folder, ignore_errors=True)


def _previous(target: Path) -> Path:
    return target.with_name(f".{target.name}.previous")


def put_in_place(made: Path, target: Path) -> None:
    """Put a folder in a release's place. Between the two renamings a reader finds the old one under its second name."""
    previous = _previous(target)
    for path in (*made.iterdir(), made):
        whole.to_disk(path)
    if target.exists():
        shutil.rmtree(previous, ignore_errors=True)
        target.rename(previous)
    made.rename(target)
    whole.to_disk(target.parent)
    shutil.rmtree(previous, ignore_errors=True)


def read_codebook(path: Path = CODEBOOK) -> dict[str, Any]:
    """Tables and columns with their descriptions, each column named NN written out for the measured factors."""
    book = tomllib.loads(path.read_text("utf-8"))
    numbers = [f"{number:02d}" for number in MODULES]
    for table in book.values():
        columns = table["columns"]
        table["columns"] = {
            name.replace("NN", number): text.replace("NN", number)
            for name, text in columns.items()
            for number in (numbers if "NN" in name else [""])
        }
    return book


def built_tables() -> list[str]:
    """The tables that `pipeline.py build` makes."""
    return [name for name, entry in read_codebook().items() if entry.get("made_by") != PUBLISH]


def in_order(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with their columns as in the codebook, sorted by key; columns that it does not name left out."""
    book = read_codebook()
    return {
        name: table[list(book[name]["columns"])].sort_values(book[name]["key"], ignore_index=True)
        for name, table in tables.items()
    }


def _write_table(table: pd.DataFrame, name: str, folder: Path, entry: dict[str, Any]) -> list[dict[str, Any]]:
    differing = sorted(set(table.columns) ^ set(entry["columns"]))
    if differing:
        raise ValueError(f"table {name} and data/codebook.toml differ in the columns {differing[:5]}: mend either.")
    text = table.to_csv(index=False, lineterminator="\n").encode()
    csv = f"{name}.csv.gz" if len(text) >= LARGE or entry.get("compressed") else f"{name}.csv"
    (folder / csv).write_bytes(gzip.compress(text, mtime=0) if csv.endswith(".gz") else text)
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False, compression="zstd", compression_level=19)
    (folder / f"{name}.parquet").write_bytes(buffer.getvalue())
    fields = [
        {"name": column, "type": _type(table[column]), "description": entry["columns"][column]} for column in table
    ]
    schema = {"fields": fields, "primaryKey": entry["key"], "missingValues": [""]}
    about = {"title": entry["title"], "description": entry["description"]} | _licences(table, entry)
    return [
        _resource(
            folder / csv,
            name,
            about | {"rows": len(table), "profile": "tabular-data-resource", "encoding": "utf-8", "schema": schema},
        ),
        _resource(folder / f"{name}.parquet", f"{name}-parquet", about | {"type": "file"}),
    ]


def _licences(table: pd.DataFrame, entry: dict[str, Any]) -> dict[str, Any]:
    """The terms of a table whose rows are their producers', which take the place of the package's for it."""
    if entry.get("licences") != "rows" or table.empty:
        return {}
    stated = table[["system", "edition", "licence", "terms"]].drop_duplicates().itertuples()
    return {"licenses": [{"title": f"{row.system} {row.edition}: {row.licence}", "path": row.terms} for row in stated]}


def _type(column: pd.Series) -> str:
    return TYPES.get(getattr(column.dtype, "kind", "O"), "string")


def _resource(path: Path, name: str, about: dict[str, Any]) -> dict[str, Any]:
    kind = {".gz": "csv", ".csv": "csv", ".parquet": "parquet", ".md": "md"}[path.suffix]
    extra = {"compression": "gz"} if path.suffix == ".gz" else {}
    media = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet", "md": "text/markdown"}[kind]
    facts = {
        "name": name,
        "path": path.name,
        "format": kind,
        "mediatype": media,
        "bytes": path.stat().st_size,
    }
    return facts | extra | {"hash": digest(path)} | about


def digest(path: Path) -> str:
    """The hash of a file as a release records it: "sha256:…", or "missing"."""
    if not path.is_file():
        return "missing"
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def _write_codebook(folder: Path, release: str, as_of: date, book: dict[str, Any]) -> dict[str, Any]:
    lines = [
        f"# Codebook of release {release}",
        "",
        f"As known on {as_of}. An empty cell is a missing value, never zero.",
    ]
    for name, entry in book.items():
        lines += [
            "",
            f"## {name}: {entry['title']}",
            "",
            entry["description"],
            "",
            f"Key: {', '.join(entry['key'])}.",
        ]
        if entry.get("licences") == "rows":
            lines += ["", "Licence: that of each row, not that of the release."]
        lines += [
            "",
            "| Column | Content |",
            "|---|---|",
            *(f"| `{c}` | {text} |" for c, text in entry["columns"].items()),
        ]
    return _write_text(folder / "CODEBOOK.md", "codebook", "Codebook", "\n".join(lines) + "\n")


def _write_text(path: Path, name: str, title: str, text: str) -> dict[str, Any]:
    path.write_text(text, "utf-8")
    return _resource(path, name, {"title": title, "type": "file"})


def _package(release: str, as_of: date, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": f"upstream-{release}",
        "title": f"Upstream: risk of mass atrocities, release {release}",
        "version": release,
        "format": FORMAT,
        "as_of": as_of.isoformat(),
        "stale_after": due_after(as_of).isoformat(),
        "created": f"{as_of}T00:00:00Z",
        "licenses": [LICENCE],
        "resources": resources,
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
