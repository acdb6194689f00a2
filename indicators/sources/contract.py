"""What each reader promises of its table: columns, ranges and key, checked with pandera on every read."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pandera.pandas as pa

Range = tuple[float | None, float | None]
ANY: Range = (None, None)
COUNT: Range = (0, None)
SHARE: Range = (0, 1)
FLAG: Range = (0, 1)


def contract(key: list[str], *text: str, **ranges: Range) -> pa.DataFrameSchema:
    """A strict schema: `code` and further text columns, `year` where it is in the key, numbers in their ranges.

    Numbers may be missing; text and year may not. No column beyond these is allowed, and `key` names each row once.
    """
    columns = {name: pa.Column(str) for name in ("code", *text)}
    if "year" in key:
        columns["year"] = pa.Column("int64")
    columns |= {name: pa.Column(float, _between(*limits), nullable=True) for name, limits in ranges.items()}
    return pa.DataFrameSchema(columns, unique=key, strict=True, coerce=True)


def _between(low: float | None, high: float | None) -> list[pa.Check]:
    checks = [] if low is None else [pa.Check.ge(low)]
    return checks if high is None else [*checks, pa.Check.le(high)]


def checked(table: pd.DataFrame, schema: pa.DataFrameSchema, *, source: str) -> pd.DataFrame:
    """The table as its schema says.

    Raises:
        ValueError: a column is missing or superfluous, a value is outside its range, or a key occurs twice;
            up to five cases are shown.
    """
    try:
        return schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check", "failure_case", "index"]].head().to_string(index=False)
        raise ValueError(
            f"{source}: {len(errors.failure_cases)} cells break the contract of the table, the first:\n{cases}\n"
            f"If the producer changed the file on purpose, change the reader of {source} with it."
        ) from errors


def read_source(reader: Callable[..., pd.DataFrame], *given: Any, source: str) -> pd.DataFrame:
    """What a reader makes of its files.

    Raises:
        ValueError: a file cannot be read, or a column holds something else than the reader expects.
    """
    try:
        return reader(*given)
    except (TypeError, AttributeError, OverflowError) as error:
        raise ValueError(
            f"{source}: a column holds something else than its reader expects, as text where there should be numbers "
            f"({str(error)[:200]}). Was the file saved by a spreadsheet? Fetch it again, or change the reader."
        ) from error


def renamed(table: pd.DataFrame, columns: dict[str, str], *, source: str) -> pd.DataFrame:
    """Just these columns, under our names.

    Raises:
        ValueError: the file's header lacks one of them.
    """
    missing = [name for name in columns if name not in table]
    if missing:
        raise ValueError(
            f"{source}: the header lacks {missing[:5]}; it has {list(table.columns)[:5]} … "
            f"The producer changed it, or this is another file: change COLUMNS in the reader, or the card."
        )
    return table[list(columns)].rename(columns=columns)


def as_code(numbers: pd.Series) -> pd.Series:
    """Numeric country codes as text without decimals."""
    return pd.to_numeric(numbers).astype("Int64").astype(str)
