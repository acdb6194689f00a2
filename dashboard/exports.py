"""Files made for a reader from a table of the release: the lines that are wanted, as CSV, Parquet or XLSX.

Lines are taken from the Parquet file batch by batch, so that a large table is never whole in memory. Texts of CSV and
XLSX that a spreadsheet would run as a formula have an apostrophe before them; numbers stay numbers.
"""

import io
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache, reduce
from operator import and_
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from xlsxwriter import Workbook

import release
from dashboard import current
from dashboard.language import N_, _, day, ngettext, number
from indicators import files
from indicators.catalogue import MODULES

COLUMNS = Path(__file__).resolve().parents[1] / "data" / "columns.toml"
BATCH = 65_536  # rows
SHEET = 20_000  # rows of a table that an XLSX file is made of; more take longer than a reader waits
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet takes for the beginning of a formula
YEARS = ("year", "origin", "month")  # the first of these that a table has and that is, or begins with, a year
XLSX = {  # written line by line; a text is a text, whatever it looks like. Twice as fast as openpyxl
    **{"in_memory": True, "constant_memory": True},
    **dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False),
}
FILTERS = {"states": "iso3", "outcomes": "outcome", "windows": "window_years", "designs": "design", "models": "model"}


@dataclass(frozen=True)
class Wanted:
    """Lines of a table: of these rows, years (as "2000"), outcomes and so on; nothing named = all."""

    table: str
    states: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    outcomes: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    designs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing is left out."""
        return not any(getattr(self, field.name) for field in fields(self) if field.name != "table")


def schema_of(found: release.Release, table: str) -> pa.Schema:
    """Columns and types of a table, from its file."""
    with _open(found, table) as file:
        return file.schema_arrow


def year_column(columns: list[str], found: pa.Schema) -> str:
    """The column by which a table's years are chosen: "year", "origin", or "month" as 2023-02; "" if it has none."""
    named = [name for name in YEARS if name in columns]
    dated = [name for name in named if name != "month" or pa.types.is_large_string(found.field(name).type)]
    return dated[0] if dated else ""


def can_choose(found: pa.Schema) -> list[str]:
    """Which filters go with a table: names of fields of `Wanted`."""
    kinds = [name for name, column in FILTERS.items() if column in found.names]
    return [*kinds, *(["first", "last"] if year_column(found.names, found) else [])]


def lines(found: release.Release, wanted: Wanted) -> Iterator[pa.RecordBatch]:
    """The wanted lines in the order of the file.

    Raises:
        ReleaseError: the release has no such table, or was replaced.
    """
    with _open(found, wanted.table) as file:
        conditions = _conditions(file.schema_arrow, wanted)
        for batch in file.iter_batches(BATCH):
            yield batch.filter(reduce(and_, conditions.values())) if conditions else batch


def count(found: release.Release, wanted: Wanted) -> int:
    """The number of wanted lines."""
    with _open(found, wanted.table) as file:
        conditions = _conditions(file.schema_arrow, wanted)
        if not conditions:
            return file.metadata.num_rows
        asked = file.iter_batches(BATCH, columns=list(conditions))
        return sum(batch.filter(reduce(and_, conditions.values())).num_rows for batch in asked)


def _open(found: release.Release, table: str) -> pq.ParquetFile:
    """The table's file. It is read batch by batch: a scan of a data set takes three times the memory."""
    current.edition().check()
    if table not in found.tables():
        raise release.ReleaseError(f"release {found.id} has no table {table!r}; it has {', '.join(found.tables())}.")
    try:
        path = found.file(f"{table}.parquet")
        files.check_parquet(path)
        return pq.ParquetFile(path)
    except (OSError, pa.ArrowException, files.TooMuch) as error:
        raise release.ReleaseError(f"release {found.id}: {table}.parquet is damaged. {release.AGAIN}") from error


def _conditions(schema: pa.Schema, wanted: Wanted) -> dict[str, pc.Expression]:
    """By column, what a line must be; a filter whose column the table has not asks nothing of it."""
    found = {}
    for name, column in FILTERS.items():
        if (chosen := getattr(wanted, name)) and column in schema.names:
            values = [int(text) for text in chosen] if name == "windows" else list(chosen)
            found[column] = pc.field(column).isin(values)
    column = year_column(schema.names, schema)
    if column and (between := _between(column, wanted.first, wanted.last)):
        found[column] = reduce(and_, between)
    return found


def _between(column: str, first: str, last: str) -> list[pc.Expression]:
    """From the first year to the last; months are texts, and "2023-13" comes after all of 2023."""
    low, high = (first, f"{last}-13") if column == "month" else (int(first or 0), int(last or 0))
    return [*([pc.field(column) >= low] if first else []), *([pc.field(column) <= high] if last else [])]


@lru_cache(maxsize=1)  # no text of the interface is in it
def column_facts() -> dict[str, dict[str, tuple[str, str]]]:
    """By table, each column's HXL hashtag and unit, from data/columns.toml and the codebook."""
    stated = tomllib.loads(COLUMNS.read_text("utf-8"))
    numbers = [f"{number_of:02d}" for number_of in MODULES]
    written = {
        section: {
            name.replace("NN", one): (tag.replace("NN", one), unit)
            for name, (tag, unit) in entries.items()
            for one in (numbers if "NN" in name else [""])
        }
        for section, entries in stated.items()
    }
    every = written.pop("every")
    return {table: every | written.get(table, {}) for table in release.read_codebook()}


def codebook(found: release.Release, table: str) -> pd.DataFrame:
    """The table's columns: column, type, unit, description, hxl."""
    described, facts = found.columns(table), column_facts().get(table, {})
    known = [facts.get(name, ("", "")) for name in described["column"]]
    both = described.assign(unit=[unit for _tag, unit in known], hxl=[tag for tag, _unit in known])
    return both[["column", "type", "unit", "description", "hxl"]]


def tags(table: str, columns: list[str]) -> list[str]:
    """The HXL hashtag of each column; "" for one that has none."""
    facts = column_facts().get(table, {})
    return [facts.get(name, ("", ""))[0] for name in columns]


def guard(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same with an apostrophe before each text that a spreadsheet would take for a formula."""
    columns = [_guard(column) if _is_text(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def guard_text(text: str) -> str:
    """As `guard`, for one text."""
    return f"'{text}" if text.startswith(RISKY) else text


def table_csv(table: pd.DataFrame) -> str:
    """A small table as a page shows it, as CSV: neither a text nor a heading of it is taken for a formula."""
    return table.map(_guard_value).rename(columns=guard_text).to_csv(index=False)


def _guard_value(value: object) -> object:
    return guard_text(value) if isinstance(value, str) else value


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _guard(texts: pa.Array) -> pa.Array:
    risky = pc.is_in(pc.utf8_slice_codeunits(texts, 0, 1), pa.array(RISKY, texts.type))
    if not pc.any(risky).as_py():
        return texts
    before, between = pa.scalar("'", texts.type), pa.scalar("", texts.type)
    return pc.if_else(risky, pc.binary_join_element_wise(before, texts, between), texts)


def as_csv(found: release.Release, wanted: Wanted, *, hxl: bool = False) -> bytes:
    """The wanted lines as CSV in UTF-8; with `hxl`, a line of hashtags under the names."""
    schema, out = schema_of(found, wanted.table), io.BytesIO()
    head = [schema.names, *([tags(wanted.table, schema.names)] if hxl else [])]
    out.write("".join(",".join(line) + "\n" for line in head).encode())  # names and tags need no quotes
    with pyarrow.csv.CSVWriter(out, schema, write_options=pyarrow.csv.WriteOptions(include_header=False)) as writer:
        for batch in lines(found, wanted):
            writer.write_batch(guard(batch).cast(schema))
    return out.getvalue()


def as_parquet(found: release.Release, wanted: Wanted) -> bytes:
    """The wanted lines as Parquet, with the types of the release's file; its metadata say what they are.

    The whole table is the release's own file, with the hash that its datapackage.json states.
    """
    if wanted.whole and count(found, wanted):
        return found.file(f"{wanted.table}.parquet").read_bytes()
    about = {f"upstream_{name}": text for name, text in _facts(found, wanted).items()}
    schema, out = schema_of(found, wanted.table), io.BytesIO()
    schema = schema.with_metadata((schema.metadata or {}) | {name.encode(): t.encode() for name, t in about.items()})
    with pq.ParquetWriter(out, schema, compression="zstd") as writer:
        for batch in lines(found, wanted):
            writer.write_batch(batch.replace_schema_metadata(schema.metadata))
    return out.getvalue()


def _facts(found: release.Release, wanted: Wanted) -> dict[str, str]:
    """What a file of these lines is, for programs."""
    filters = {field.name: getattr(wanted, field.name) for field in fields(wanted) if field.name != "table"}
    chosen = [
        f"{name}={value if isinstance(value, str) else ' '.join(value)}" for name, value in filters.items() if value
    ]
    return {
        "release": found.id,
        "as_of": found.as_of.isoformat(),
        "table": wanted.table,
        "filters": "; ".join(chosen),
        "licence": "; ".join(licences_of(found, wanted.table)),
    }


def has_own_terms(found: release.Release, table: str) -> bool:
    """Whether the table's rows are under their producers' terms, and not under the release's licence."""
    return any(file["name"] == table and "licenses" in file for file in found.package["resources"])


def licences_of(found: release.Release, table: str) -> list[str]:
    """Title and address of each licence of a table: the release's, or those of the producers of its rows."""
    own = [file for file in found.package["resources"] if file["name"] == table and "licenses" in file]
    stated = own[0]["licenses"] if own else found.package["licenses"]
    return [f"{each['title']} ({each['path']})" for each in stated]


def as_xlsx(found: release.Release, wanted: Wanted, *, citation: str, filters: str, hxl: bool = False) -> bytes:
    """The wanted lines as a workbook: what they are, the lines, their columns.

    `citation`, `filters`: sentences for the first sheet.

    Raises:
        ValueError: there are more lines than `SHEET`.
    """
    if (rows := count(found, wanted)) > SHEET:
        raise ValueError(f"{rows} lines are too many for a workbook of at most {SHEET}: choose fewer, or take CSV.")
    out, names = io.BytesIO(), schema_of(found, wanted.table).names
    with Workbook(out, XLSX) as book:
        _write(book, _("About"), [], _about(found, wanted, rows, citation, filters))
        values = (row for batch in lines(found, wanted) for row in _rows(batch))
        _write(book, wanted.table[:31], [names, *([tags(wanted.table, names)] if hxl else [])], values)
        described = codebook(found, wanted.table)
        _write(book, _("Columns"), [list(described)], described.itertuples(index=False))
    return out.getvalue()


def _rows(batch: pa.RecordBatch) -> Iterator[tuple]:
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def _about(found: release.Release, wanted: Wanted, rows: int, citation: str, filters: str) -> list[tuple[str, str]]:
    """The first sheet: what the lines are, and on what terms."""
    file = next(file for file in found.package["resources"] if file["name"] == wanted.table)
    lines_of = ngettext("{count} line", "{count} lines", rows).format(count=number(rows))
    terms = [(_("Licence"), text) for text in licences_of(found, wanted.table)]
    if has_own_terms(found, wanted.table):
        terms.insert(0, (_("Licence"), _(OWN_TERMS)))
    return [
        (_("Release"), found.id),
        (_("As known on"), day(found.as_of)),
        (_("Table"), f"{wanted.table}: {file['title']}"),
        (_("Content"), file["description"]),
        (_("Lines"), lines_of),
        (_("Chosen"), filters),
        (_("How to cite"), citation),
        *terms,
        (_("Missing values"), _("An empty cell is a missing value, never zero.")),
    ]


OWN_TERMS = N_(
    "These figures are not ours: each line is under its producer's terms, which stand in the columns licence and "
    "terms, and not under the licence of the release."
)


def _write(book: Workbook, title: str, head: list[list[str]], rows: Iterable[Iterable]) -> None:
    """A sheet with its first lines bold."""
    sheet, bold = book.add_worksheet(title), book.add_format({"bold": True})
    for at, line in enumerate(head):
        sheet.write_row(at, 0, line, bold)
    for at, row in enumerate(rows, start=len(head)):
        sheet.write_row(at, 0, [_guard_value(value) for value in row])
