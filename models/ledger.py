"""The ledger: every forecast ever published, one line each, never changed. Scored as the outcomes become known.

Each line ends with the SHA-256 of the hash before it and its own text, so that whoever edits, removes or inserts a
line breaks the chain there. Lines cut from the end, or a chain made anew, show only against a hash kept elsewhere:
git and each release keep one (`head`).
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pandas as pd

import whole
from models.outcomes import label

TEXT = ["outcome", "design", "iso3", "model"]
WINDOW = ["window_start", "window_end"]
KEY = ["outcome", "design", *WINDOW, "iso3", "model"]
SHARES = ["probability", "lower", "upper", "base_rate"]
COLUMNS = ["release", "issued", *KEY, *SHARES, "hash"]
HEADER = ",".join(COLUMNS)
START = "0" * 64  # stands for the hash before the first line
WORD = r"[A-Za-z0-9_.-]+"  # in a cell of text: nothing that CSV would have to quote
RESTORE = "Take the file back from version control; a published forecast is corrected by a new release, never here."


class LedgerError(Exception):
    """The ledger cannot be trusted or extended; the text says where, why and what to do."""


def append(path: Path, forecasts: pd.DataFrame, *, release: str, issued: date) -> int:
    """Add the forecasts of a release, and say how many lines were added: all, or none if they are there already.

    `forecasts`: all those of the release, one row per outcome, design, window_start, window_end (years, both in it),
    iso3 and model, with probability, lower, upper and base_rate (0 to 1; all but the probability may be missing).
    Numbers are kept with six significant digits. The file is written aside and renamed, so that a reader finds the
    old ledger or the new one, whole, whatever happens; a second process waits for the first.

    Raises:
        LedgerError: the ledger is damaged; the release is in it with other lines; or it could not be written, and is
            as it was.
        ValueError: a column is missing, a key occurs twice, a cell is no plain word or no share, or an operational
            forecast begins in the year of issue or before.
    """
    bodies = _bodies(forecasts, release=release, issued=issued)
    try:
        with whole.alone(path):
            lines = _verified(path) if path.exists() else []
            there = [body for body, _ in lines if body.startswith(f"{release},")]
            if there:
                _compare(there, bodies, release)
                return 0
            _write(path, [*lines, *_chain(bodies, lines[-1][1] if lines else START)])
    except OSError as error:
        raise LedgerError(
            f"The ledger {path} could not be written ({error}); it is as it was. Make room or give permission, and "
            "run the same again."
        ) from error
    return len(bodies)


def verify(path: Path, *, head: str = START) -> str:
    """Check every line, and give the hash of the last: the ledger's head. `head`: a hash that must still be in it.

    Raises:
        LedgerError: a line was edited, removed or inserted, the last one is torn, `head` is gone, or there is no file.
    """
    hashes = [START, *(digest for _, digest in _verified(path))]
    if head not in hashes:
        raise LedgerError(
            f"{path}: the hash {head[:12]}…, published earlier, is not among its {len(hashes) - 1} lines: lines were "
            f"cut from its end, or it was made anew. {RESTORE}"
        )
    return hashes[-1]


def read(path: Path) -> pd.DataFrame:
    """The verified ledger: one row per line, `issued` a date, shares 0 to 1, missing as missing.

    Raises:
        LedgerError: see `verify`; or a line lacks cells, or has others than it should.
    """
    cells = [[*body.split(","), digest] for body, digest in _verified(path)]
    for number, row in enumerate(cells, start=2):
        if len(row) != len(COLUMNS):
            raise LedgerError(f"{path}, line {number} has {len(row)} cells and should have {len(COLUMNS)}. {RESTORE}")
    try:
        return _typed(cells)
    except (ValueError, OverflowError) as error:
        raise LedgerError(
            f"{path}: a cell is no number or no day where there should be one ({error}). {RESTORE}"
        ) from error


def _typed(cells: list[list[str]]) -> pd.DataFrame:
    table = pd.DataFrame(cells, columns=COLUMNS, dtype="str")
    numbers = {name: pd.to_numeric(table[name].replace("", None)).astype(float) for name in SHARES}
    years = {name: table[name].astype("int64") for name in WINDOW}
    return table.assign(issued=pd.to_datetime(table["issued"]), **years, **numbers)


def scored(path: Path, events: pd.DataFrame) -> pd.DataFrame:
    """The ledger with `event`: 1 if the event came in a year of the window, 0 if in none, missing while not known.

    `events`: outcome, iso3, year, event (0, 1; missing = not known), one row per outcome, State and year. A window
    counts when all its years are known, as in the backtest: else it would enter early only if something happened.

    Raises:
        LedgerError: see `verify`.
    """
    table = read(path)
    parts = [_with_event(part, events) for _, part in table.groupby(["outcome", *WINDOW])]
    return pd.concat(parts).sort_index() if parts else table.assign(event=pd.Series(dtype=float))


def _with_event(part: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """For one outcome and window."""
    outcome, start, end = part[["outcome", *WINDOW]].iloc[0]
    known = events[(events["outcome"] == outcome) & events["year"].between(start, end)]
    reached = label(known.set_index(["iso3", "year"])["event"], window=end - start + 1) if len(known) else pd.Series()
    by_state = {iso3: event for (iso3, origin), event in reached.items() if origin == start - 1}
    return part.assign(event=part["iso3"].map(by_state).astype(float))


def _bodies(forecasts: pd.DataFrame, *, release: str, issued: date) -> list[str]:
    """The text of each line without its hash, in order of the key."""
    table = _checked(forecasts, release=release, issued=issued).sort_values(KEY)
    words = table[KEY].astype(str)
    shares = table[SHARES].map(lambda share: "" if pd.isna(share) else f"{share:.6g}")
    rows = words.join(shares).itertuples(index=False)
    return [",".join((release, issued.isoformat(), *row)) for row in rows]


def _checked(forecasts: pd.DataFrame, *, release: str, issued: date) -> pd.DataFrame:
    missing = [name for name in (*KEY, *SHARES) if name not in forecasts]
    if missing:
        raise ValueError(f"The forecasts lack the columns {missing}: the ledger needs {', '.join((*KEY, *SHARES))}.")
    if not re.fullmatch(WORD, release):
        raise ValueError(f"{release!r} is no name of a release: use letters, digits, '.', '_' and '-'.")
    table = forecasts[[*KEY, *SHARES]].reset_index(drop=True)
    plain = table[TEXT].astype(str).apply(lambda cells: cells.str.fullmatch(WORD)).all(axis="columns")
    within = table[SHARES].apply(lambda share: share.between(0, 1) | share.isna()).all(axis="columns")
    years = table[WINDOW].apply(lambda year: year.notna() & (year % 1 == 0)).all(axis="columns")
    late = (table["design"] == "operational") & (table["window_start"] <= issued.year)
    _refuse(table[table.duplicated(KEY, keep=False)], "have the key of another", "Give each forecast once.")
    _refuse(table[~plain], "have a cell of text that is empty or not a plain word", f"Use {WORD}.")
    _refuse(
        table[~years | (table["window_end"] < table["window_start"])], "have no window of years", "Mend the window."
    )
    _refuse(table[table["probability"].isna()], "have no probability", "Leave out States without a forecast.")
    _refuse(table[~within], "have a share outside 0 to 1", "Give shares, not percentages.")
    _refuse(table[table["lower"] > table["upper"]], "have an interval upside down", "Mend the interval.")
    _refuse(table[late], f"are operational, issued on {issued}, for a window already begun", "Forecast a later window.")
    return table.astype(dict.fromkeys(WINDOW, "int64"))


def _refuse(rows: pd.DataFrame, what: str, remedy: str) -> None:
    if not rows.empty:
        shown = rows.head().to_string(index=False)
        raise ValueError(f"{len(rows)} forecasts {what}; none was added to the ledger. {remedy} The first:\n{shown}")


def _chain(bodies: list[str], previous: str) -> Iterator[tuple[str, str]]:
    for body in bodies:
        previous = hashlib.sha256((previous + body).encode()).hexdigest()
        yield body, previous


def _verified(path: Path) -> list[tuple[str, str]]:
    """(text, hash) of each line."""
    if not path.exists():
        raise LedgerError(f"There is no ledger {path}. {RESTORE}")
    header, _, text = path.read_text("utf-8", errors="replace").partition("\n")
    *lines, rest = text.split("\n")
    if header != HEADER:
        raise LedgerError(f"{path}, line 1: the header is {header[:80]!r} and should be {HEADER!r}. {RESTORE}")
    if rest:
        raise LedgerError(f"{path}, line {len(lines) + 2}: the last line has no end: {rest[:80]!r}. {RESTORE}")
    found = [(body, digest) for body, _, digest in (line.rpartition(",") for line in lines)]
    due = _chain([body for body, _ in found], START)
    for number, ((body, digest), (_, expected)) in enumerate(zip(found, due, strict=True), start=2):
        if digest != expected:
            raise LedgerError(
                f"{path}, line {number}: the chain breaks at {f'{body},{digest[:12]}…'!r}. This line was edited or "
                f"inserted, or the one before it was removed. {RESTORE}"
            )
    return found


def _compare(there: list[str], bodies: list[str], release: str) -> None:
    if sorted(there) != sorted(bodies):
        gone, new = sorted(set(there) - set(bodies)), sorted(set(bodies) - set(there))
        shown = [f"in the ledger: {body}" for body in gone[:5]] + [f"given now: {body}" for body in new[:5]]
        raise LedgerError(
            f"Release {release} is in the ledger already, with other lines than those given now ({len(gone)} only in "
            f"the ledger, {len(new)} only given now). What was published stays: give the corrected release another "
            "id. The first:\n" + "\n".join(shown)
        )


def _write(path: Path, lines: list[tuple[str, str]]) -> None:
    """Aside, to the disk, then in place."""
    with whole.written(path) as aside, aside.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in (HEADER, *(f"{body},{digest}" for body, digest in lines)))
