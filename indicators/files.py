"""Opens the producers' files within limits: one that is larger, wider or packed tighter is refused by its name.

What libraries raise for a file that is not what its name says is a ValueError here. The limits are far above every
file in use; who needs more changes them here.
"""

import gzip
import json
import tomllib
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

MIB = 1024**2
BYTES = 256 * MIB  # of a file, and of all that is packed in it
HEADER = MIB  # bytes of the first line of a CSV
COLUMNS = 10_000  # V-Dem's whole table has less than half of it
CELLS = 100_000_000  # of a Parquet file: one value repeated takes no room in it
RATIO = 200  # of unpacked to packed bytes, beyond SMALL; the sheets in use come to 8
SMALL = 16 * MIB
MEMBERS = 1_000  # files in a workbook
SEPARATORS = b",;\t"


@contextmanager
def opened(path: Path) -> Iterator[None]:
    """For the opening and reading of one file.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it is too large, or cannot be read; the text names it.
    """
    if (size := path.stat().st_size) > BYTES:
        raise ValueError(f"{path.name} has {size:,} bytes, {BYTES:,} is the limit. {_remedy()}")
    try:
        yield
    except TooMuch:
        raise
    except Exception as error:  # a broken file makes its library raise anything at all
        raise ValueError(
            f"{path.name} cannot be read ({type(error).__name__}: {str(error)[:200]}). "
            "It is damaged or no such file: mend it, or fetch it again; data/sources.toml has the cards of the sources."
        ) from error


class TooMuch(ValueError):
    """A file is beyond a limit; the text names both."""


def _remedy() -> str:
    return "If it is the producer's own, raise the limit in indicators/files.py; else fetch it again."


def _limit(path: Path, what: str, found: float, limit: int) -> None:
    if found > limit:
        raise TooMuch(f"{path.name} has {found:,.0f} {what}, {limit:,} is the limit. {_remedy()}")


def read_csv(path: Path, **options: Any) -> pd.DataFrame:
    """A CSV file, as pandas reads it; nothing is unpacked.

    Raises:
        ValueError: see `opened`; it has bytes of value 0, which no text has, or too many columns.
    """
    with opened(path):
        _check_text(path)
        return pd.read_csv(path, compression=None, low_memory=False, **options)


def read_text(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file, checked as that of a CSV.

    Raises:
        ValueError: see `read_csv`.
    """
    with opened(path):
        _check_text(path)
        return path.read_text(encoding)


def _check_text(path: Path) -> None:
    with path.open("rb") as file:
        header = file.readline(HEADER + 1)
        _limit(path, "bytes in its first line", len(header), HEADER)
        _limit(path, "columns", max(header.count(mark) for mark in SEPARATORS) + 1, COLUMNS)
        file.seek(0)
        while block := file.read(MIB):
            if b"\0" in block:
                raise ValueError("it has bytes of value 0: it is no text, or a text in UTF-16")


def read_parquet(path: Path) -> pd.DataFrame:
    """A Parquet file.

    Raises:
        ValueError: see `opened`; it has too many columns or values.
    """
    with opened(path):
        check_parquet(path)
        return pd.read_parquet(path)


def check_parquet(path: Path) -> None:
    """By what the file says of itself, before anything is unpacked.

    Raises:
        TooMuch: it has too many columns, values or bytes.
    """
    about = pq.read_metadata(path)
    _limit(path, "columns", about.num_columns, COLUMNS)
    _limit(path, "values", about.num_rows * about.num_columns, CELLS)
    unpacked = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    _limit(path, "bytes unpacked", unpacked, 4 * BYTES)


def read_any(path: Path, **options: Any) -> pd.DataFrame:
    """A CSV or Parquet file, told by its name: producers and mirrors offer one or the other."""
    return read_parquet(path) if path.suffix == ".parquet" else read_csv(path, **options)


def read_excel(path: Path, **options: Any) -> pd.DataFrame:
    """A sheet of a workbook, the values that its cells had when it was saved: no formula is computed.

    Raises:
        ValueError: see `opened`; it unpacks to too much.
    """
    with opened(path):
        with zipfile.ZipFile(path) as archive:
            check_archive(path, archive)
        return pd.read_excel(path, engine="openpyxl", **options)


def check_archive(path: Path, archive: zipfile.ZipFile) -> None:
    """By its list of files, before anything is unpacked; zipfile itself stops at the size that the list states.

    Raises:
        TooMuch: it has too many files, or unpacks to too much.
    """
    members = archive.infolist()
    _limit(path, "files in it", len(members), MEMBERS)
    unpacked = sum(member.file_size for member in members)
    _limit(path, "bytes unpacked", unpacked, BYTES)
    if unpacked > SMALL:
        _limit(path, "times its size when unpacked", unpacked / path.stat().st_size, RATIO)


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file.

    Raises:
        ValueError: see `opened`.
    """
    with opened(path):
        return tomllib.loads(path.read_text("utf-8"))


def read_json_gz(path: Path) -> Any:
    """A JSON file packed by gzip.

    Raises:
        ValueError: see `opened`; it unpacks to too much.
    """
    with opened(path):
        with gzip.open(path) as file:
            content = file.read(BYTES + 1)
        _limit(path, "bytes unpacked", len(content), BYTES)
        return json.loads(content)
