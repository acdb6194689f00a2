"""The ledger: nothing lost, nothing changed unseen."""

import random
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import ledger
from models.ledger import LedgerError, append, read, scored, verify
from release import ROOT

ISSUED = date(2026, 11, 22)


def forecasts(*probabilities: float, **changes) -> pd.DataFrame:
    """One operational forecast of mass killing for 2027 and 2028 for each of QMA, QMB, …"""
    table = pd.DataFrame({"iso3": [f"QM{letter}" for letter in "ABCDEFGH"[: len(probabilities)]]})
    about = {"outcome": "mass_killing", "design": "operational", "window_start": 2027, "window_end": 2028}
    numbers = {"probability": probabilities, "lower": 0.01, "upper": 0.9, "base_rate": 0.0125}
    return table.assign(**about, model="published", **numbers).assign(**changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.csv"


@pytest.fixture
def written(path):
    """A ledger of four lines, numbers 2 to 5 of the file."""
    append(path, forecasts(0.1, 0.2, 0.3, 0.4), release="2026-11", issued=ISSUED)
    return path


def edit(path, change) -> None:
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(change(lines)))


def test_a_line_holds_the_forecast_and_the_hash_of_all_before_it(path):
    append(path, forecasts(0.125, 1 / 3, lower=np.nan), release="2026-11", issued=ISSUED)
    # printf '%s' 000…0"2026-11,…,0.0125" | sha256sum, and the same with the first hash for the second line
    assert path.read_text() == (
        "release,issued,outcome,design,window_start,window_end,iso3,model,probability,lower,upper,base_rate,hash\n"
        "2026-11,2026-11-22,mass_killing,operational,2027,2028,QMA,published,0.125,,0.9,0.0125,"
        "ebc3a5c62407b7a5e31f1adcbcb3fc62020e8c5caf47016a6ffe0837387d83d7\n"
        "2026-11,2026-11-22,mass_killing,operational,2027,2028,QMB,published,0.333333,,0.9,0.0125,"
        "ae710c88e657fbbb7222719ec097fc8ccefb2a97b0a34e7849787c6cc3181f8b\n"
    )


def test_what_is_read_is_what_was_written(written):
    found = read(written)
    assert list(found) == ledger.COLUMNS
    assert found["iso3"].tolist() == ["QMA", "QMB", "QMC", "QMD"]
    assert found["probability"].tolist() == [0.1, 0.2, 0.3, 0.4]
    assert found["window_end"].tolist() == [2028] * 4
    assert (found["issued"] == pd.Timestamp(ISSUED)).all()


def test_labels_of_rows_do_not_matter(path):
    """As after pd.concat, where several rows have the same."""
    twice = pd.concat([forecasts(0.1, 0.2), forecasts(0.3, 0.4, design="aligned")])
    assert append(path, twice, release="2026-11", issued=ISSUED) == 4
    assert read(path)["probability"].tolist() == [0.3, 0.4, 0.1, 0.2]


def test_each_release_is_added_after_those_before(written):
    head = verify(written)
    before = written.read_text()
    later = forecasts(0.5, window_start=2028, window_end=2028)
    assert append(written, later, release="2027-05", issued=date(2027, 5, 1)) == 1
    assert written.read_text().startswith(before)
    assert read(written)["release"].tolist() == ["2026-11"] * 4 + ["2027-05"]
    assert verify(written, head=head) != head


def test_the_same_release_again_changes_nothing(written):
    before = written.read_bytes()
    shuffled = forecasts(0.1, 0.2, 0.3 + 1e-12, 0.4).sample(frac=1, random_state=0)
    assert append(written, shuffled, release="2026-11", issued=ISSUED) == 0
    assert written.read_bytes() == before


@pytest.mark.parametrize(
    "other",
    [forecasts(0.1, 0.2, 0.3, 0.5), forecasts(0.1, 0.2, 0.3), forecasts(0.1, 0.2, 0.3, 0.4, 0.5)],
    ids=["another number", "a line less", "a line more"],
)
def test_a_release_with_other_numbers_is_refused(written, other):
    before = written.read_bytes()
    with pytest.raises(LedgerError, match=r"Release 2026-11 is in the ledger already, with other lines(?s:.*)QM[DE]"):
        append(written, other, release="2026-11", issued=ISSUED)
    assert written.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (lambda lines: [*lines[:3], lines[3].replace(",0.3,", ",0.03,"), *lines[4:]], 4),
        (lambda lines: [*lines[:2], *lines[3:]], 3),
        (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], 3),
        (lambda lines: [*lines[:4], lines[4].replace("QMD", "QME")], 5),
        (lambda lines: [*lines[:3], "\n", *lines[3:]], 4),
        (lambda lines: [lines[0], *lines[2:]], 2),
    ],
    ids=["edited", "removed", "inserted", "swapped", "last edited", "empty line", "first removed"],
)
def test_the_first_line_where_the_chain_breaks_is_named(written, change, line):
    edit(written, change)
    with pytest.raises(
        LedgerError, match=rf"line {line}: the chain breaks at .*Take the file back from version control"
    ):
        verify(written)
    with pytest.raises(LedgerError, match=f"line {line}: the chain breaks"):
        append(written, forecasts(0.5), release="2027-11", issued=date(2026, 12, 1))


def test_a_torn_last_line_and_another_header_are_named(written):
    whole = written.read_text()
    written.write_text(whole[:-9])
    with pytest.raises(LedgerError, match="line 5: the last line has no end: '2026-11,2026-11-22,mass_killing"):
        verify(written)
    written.write_text(whole.replace("probability", "chance", 1))
    with pytest.raises(LedgerError, match=r"line 1: the header is 'release,issued,.* and should be 'release,issued"):
        read(written)
    written.write_bytes(b"")
    with pytest.raises(LedgerError, match=r"line 1: the header is ''"):
        verify(written)


def test_lines_cut_from_the_end_show_against_a_head_kept_elsewhere(written):
    head = verify(written)
    edit(written, lambda lines: lines[:-1])
    assert verify(written) != head
    with pytest.raises(LedgerError, match=f"the hash {head[:12]}…, published earlier, is not among its 3 lines"):
        verify(written, head=head)


def test_a_ledger_that_is_not_there_is_named(path):
    with pytest.raises(LedgerError, match=r"There is no ledger .*ledger\.csv"):
        verify(path)


def test_line_ends_of_another_system_do_not_break_the_chain(written):
    written.write_bytes(written.read_bytes().replace(b"\n", b"\r\n"))
    assert len(read(written)) == 4


@settings(max_examples=40, deadline=None)
@given(line=st.integers(1, 4), column=st.integers(0, 12), with_text=st.sampled_from(["0", "x", "", "9,9", "\n"]))
def test_no_cell_can_be_changed_unseen(tmp_path_factory, line, column, with_text):
    path = tmp_path_factory.mktemp("ledger") / "ledger.csv"
    append(path, forecasts(0.1, 0.2, 0.3, 0.4), release="2026-11", issued=ISSUED)
    lines = path.read_text().splitlines()
    cells = lines[line].split(",")
    cells[column] = cells[column] + "1" if cells[column] == with_text else with_text
    path.write_text("\n".join([*lines[:line], ",".join(cells), *lines[line + 1 :]]) + "\n")
    with pytest.raises(LedgerError, match=f"line {line + 1}: the chain breaks"):
        verify(path)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (forecasts(0.1, 0.2, iso3="QMA"), "2 forecasts have the key of another; none was added(?s:.*)QMA"),
        (forecasts(0.1, 0.2, iso3=["QMA", "Q,A"]), "1 forecasts have a cell of text that is empty or not a plain word"),
        (forecasts(0.1, np.nan), "1 forecasts have no probability(?s:.*)Leave out States without a forecast"),
        (forecasts(0.1, 40), "1 forecasts have a share outside 0 to 1(?s:.*)Give shares, not percentages"),
        (forecasts(0.1, lower=0.95), "1 forecasts have an interval upside down"),
        (forecasts(0.1, window_start=2026), "operational, issued on 2026-11-22, for a window already begun"),
        (forecasts(0.1, window_end=2026), "1 forecasts have no window of years"),
        (forecasts(0.1, window_end=2027.5), "1 forecasts have no window of years"),
        (forecasts(0.1).drop(columns="upper"), r"The forecasts lack the columns \['upper'\]"),
    ],
)
def test_forecasts_that_are_no_forecasts_are_refused(path, wrong, message):
    with pytest.raises(ValueError, match=message):
        append(path, wrong, release="2026-11", issued=ISSUED)
    assert not path.exists()


def test_the_name_of_a_release_is_a_plain_word(path):
    with pytest.raises(ValueError, match="'2026 11, final' is no name of a release"):
        append(path, forecasts(0.1), release="2026 11, final", issued=ISSUED)


def test_an_outcome_is_scored_once_all_years_of_its_window_are_known(path):
    # QMA: an event in the second year; QMB: none in both; QMC: an event, but the second year is not known yet;
    # QMD: not in the list of events at all
    append(path, forecasts(0.1, 0.2, 0.3, 0.4), release="2026-11", issued=ISSUED)
    rows = [("QMA", 2027, 0), ("QMA", 2028, 1), ("QMB", 2027, 0), ("QMB", 2028, 0), ("QMC", 2027, 1),
            ("QMC", 2028, None), ("QMB", 2026, 1), ("QMB", 2029, 1)]  # fmt: skip
    events = pd.DataFrame(rows, columns=["iso3", "year", "event"]).assign(outcome="mass_killing")
    found = scored(path, events.astype({"event": float}))
    assert found["event"].fillna(-1).tolist() == [1, 0, -1, -1]
    assert found["probability"].tolist() == [0.1, 0.2, 0.3, 0.4]
    none_yet = scored(path, events[events["year"] == 2026])
    assert none_yet["event"].isna().all()
    assert scored(path, events.assign(outcome="armed_conflict"))["event"].isna().all()


APPENDER = """
    import sys, itertools
    from datetime import date
    from pathlib import Path
    import pandas as pd
    from models import ledger
    path, name, number = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    codes = [f"Q{a}{b}" for a in "MNOPQRST" for b in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    frame = pd.DataFrame({"iso3": codes}).assign(outcome="mass_killing", design="aligned", window_start=2026,
        window_end=2027, model="published", probability=0.1, lower=0.01, upper=0.2, base_rate=0.01)
    print("ready", flush=True)
    for n in range(number):
        ledger.append(path, frame, release=f"{name}-{n}", issued=date(2026, 11, 22))
        print(n, flush=True)
"""
LINES = 8 * 26  # of one such release


def start(path, name: str, *, number: int) -> subprocess.Popen:
    command = [sys.executable, "-c", textwrap.dedent(APPENDER), str(path), name, str(number)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_process_that_is_killed_loses_no_line_that_it_had_added(path):
    """On a ledger so long that writing it takes a good part of the time, and a kill often comes in between."""
    years = pd.DataFrame({"window_start": range(2_500)}).assign(window_end=lambda table: table["window_start"])
    long = forecasts(*[0.1] * 8, design="aligned").drop(columns=list(years)).merge(years, how="cross")
    append(path, long, release="long", issued=ISSUED)
    waits, told = random.Random(0), 0
    for kill in range(1, 11):
        with start(path, f"kill{kill}", number=10_000) as process:
            assert process.stdout.readline() == "ready\n"
            time.sleep(waits.uniform(0.0, 1.0))
            process.send_signal(signal.SIGKILL)
            told += process.stdout.read().count("\n")
        sizes = read(path).groupby("release").size()
        assert (sizes.drop("long") == LINES).all()
        assert told <= len(sizes) - 1 <= told + kill  # each process may have added one release that it did not tell of
    assert told > 0
    assert append(path, forecasts(0.1), release="after", issued=ISSUED) == 1


def test_processes_at_once_lose_no_line(path):
    processes = [start(path, name, number=15) for name in ("one", "two", "three")]
    for process in processes:
        process.communicate()
        assert process.returncode == 0
    assert read(path).groupby("release").size().to_dict() == {
        f"{name}-{n}": LINES for name in ("one", "two", "three") for n in range(15)
    }


FULL = """
    import resource, sys
    from datetime import date
    from pathlib import Path
    import pandas as pd
    from models import ledger
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    frame = pd.DataFrame({"iso3": [f"QM{a}" for a in "ABCDEFGH"]}).assign(outcome="mass_killing", design="aligned",
        window_start=2026, window_end=2027, model="published", probability=0.1, lower=0.01, upper=0.2, base_rate=0.01)
    try:
        ledger.append(Path(sys.argv[1]), frame, release="2027-11", issued=date(2026, 11, 22))
    except ledger.LedgerError as error:
        print(error)
"""


def test_where_no_more_can_be_written_the_ledger_stays_as_it_was(written):
    before = written.read_bytes()
    command = [sys.executable, "-c", textwrap.dedent(FULL), str(written), str(len(before) + 100)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "could not be written" in said
    assert "it is as it was. Make room or give permission, and run the same again." in said
    assert written.read_bytes() == before
    assert not [path for path in written.parent.iterdir() if path.stat().st_size and path != written]
    assert len(read(written)) == 4
