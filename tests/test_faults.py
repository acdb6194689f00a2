"""A few of the faults of `make faults` (tools/faults.py), on the real commands, for a release of invented States."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import release
import whole
from tools import faults
from tools.faults import INVENTED, Length, Place

SHORT = Length(whole=3.0, writing=1.0)  # seconds in which a kill comes


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator:
    with faults.producer(tmp_path_factory.mktemp("producer")) as found:
        yield found


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, server) -> Place:
    files = faults.files_of(None, server.folder, f"http://127.0.0.1:{server.server_port}")
    made = Place(tmp_path_factory.mktemp("place"), files, timeout=2)
    made.prepare(["backtest"])
    made.must("fetch")
    return made


@pytest.fixture
def place(prepared) -> Place:
    prepared.reset()
    return prepared


def nothing_lost(place: Place, command: str, wrong: list[str], port: int | None = None) -> None:
    """After the fault; then the command once more, without one."""
    before = (place.folder / "base" / "ledger" / "ledger.csv").read_bytes()
    assert wrong + faults.missing(place, before, port) == []
    assert faults.again(place, command) == []


@pytest.mark.parametrize(("command", "late", "seed"), [("fetch", True, 2), ("build", True, 3)])
def test_a_command_that_is_killed_loses_nothing_and_succeeds_when_run_again(place, command, late, seed):
    wrong = faults.kill(place, command, SHORT, random.Random(seed), whom="alone", late=late)
    nothing_lost(place, command, wrong)


def test_a_backtest_that_is_killed_leaves_no_worker_and_the_releases_are_served(place):
    done = [path.parent for path in (place.folder / "out").rglob("output.pkl")]
    for path in done[:4]:
        shutil.rmtree(path)  # so that there is work for processes of its own
    with faults.served(place) as port:
        wrong = faults.kill(place, "backtest", Length(6.0, 1.0), random.Random(5), whom="alone", late=False)
        nothing_lost(place, "backtest", wrong, port)


def test_two_builds_of_a_release_at_once_both_end_well(place):
    nothing_lost(place, "build", faults.two_at_once(place, "build"))


def test_two_fetches_at_once_do_not_write_into_the_same_half_of_a_file(place):
    with whole.alone(place.folder / "raw" / "fetch"):
        assert faults.refused(place, "fetch", "Another process is at work on", "run this again") == []


def test_where_no_more_can_be_written_fetch_says_so_and_goes_on_later(place):
    nothing_lost(place, "fetch", faults.refused(place, "fetch", "Make room or give permission", largest_file=1000))


def test_where_a_folder_cannot_be_made_a_command_says_so(place):
    shutil.rmtree(place.folder / "raw")
    (place.folder / "raw").write_text("a file")  # the administrator may write everywhere, but not into a file
    assert faults.refused(place, "fetch", "Nothing can be written to", "Make room or give permission") == []
    (place.folder / "raw").unlink()


def test_each_way_in_which_a_producers_server_fails_is_told_of_its_file_and_the_others_arrive(place, monkeypatch):
    names = dict(zip(sorted(place.files), faults.MANNERS, strict=False))
    spoilt = {
        name: facts | {"download": facts["download"].replace("/whole/", f"/{names.get(name, 'slow')}/")}
        for name, facts in place.files.items()
    }
    monkeypatch.setattr(place, "files", spoilt)
    said = [f"Data of {name}" for name in names] + [f"{len(names)} problems; all other files are in", "too slow"]
    said += ["404", "500", "It is a web page, not data", "30 redirects", "more than 4,194,304 bytes"]
    wrong = faults.refused(place, "fetch", *said)
    arrived = {name for name in spoilt if (place.folder / "raw" / name).exists()}
    assert arrived == spoilt.keys() - names.keys()
    monkeypatch.undo()
    nothing_lost(place, "fetch", wrong)


def test_what_was_lost_is_seen(place):
    """These tests can fail."""
    before = place.ledger.read_bytes()
    found = release.load(INVENTED, folder=place.releases)
    (found.folder / "scores.csv").write_text("half")
    place.ledger.write_bytes(before[: before[:-1].rindex(b"\n") + 1])
    Path(place.releases / f".{INVENTED}.1.building").mkdir()
    assert faults.missing(place, before) == [f"release {INVENTED}: scores.csv", "lines of the ledger"]
    assert place.leftovers() == [f".{INVENTED}.1.building"]
