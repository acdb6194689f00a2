"""Files of briefings: written whole or not at all, and not made twice; the command that makes them."""

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dashboard import briefing
from dashboard.brief import batch, render
from dashboard.briefing import Subject
from tests.dashboard import sample
from tests.dashboard.conftest import write

ROOT = Path(__file__).parents[2]
STATES = 4  # of the invented release's newest year


def silent(done: int, of: int) -> None:
    """Nobody is told."""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "pipeline.py", "brief", *arguments]
    wide = os.environ | {"COLUMNS": "200"} | environment
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=wide)


def test_a_file_is_written_aside_and_put_in_place(tmp_path):
    path = batch.write(tmp_path / "new" / "a.pdf", b"one")
    assert path.read_bytes() == b"one"
    assert [each.name for each in path.parent.iterdir()] == ["a.pdf"]


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = batch.write(tmp_path / "a.pdf", b"before")

    def full(self: Path, data: bytes) -> int:
        with self.open("wb") as half:
            half.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(batch.WriteError, match=r"No space left.*untouched"):
        batch.write(path, b"after, and longer")
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.pdf"]


def test_all_states_come_as_one_zip(invented, tmp_path):
    seen = []
    path, made = batch.every("html", tmp_path / "out", jobs=1, told=lambda *done: seen.append(done))
    assert made == STATES
    assert seen[0] == (0, STATES)
    assert seen[-1] == (STATES, STATES)
    with zipfile.ZipFile(path) as whole:
        assert whole.namelist() == [briefing.file_name(Subject("country", (code,)), "html") for code in batch.states()]
        assert whole.read(whole.namelist()[0]) == briefing.make(Subject("country", ("QMA",)), "html")
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_is_there_and_whole_is_not_made_again(invented, tmp_path, monkeypatch):
    path, _made = batch.every("html", tmp_path, jobs=1, told=silent)
    first = path.read_bytes()
    monkeypatch.setattr(briefing, "make", lambda *_given: pytest.fail("made again"))
    assert batch.every("html", tmp_path, jobs=1, told=silent) == (path, 0)
    assert path.read_bytes() == first


def test_a_zip_that_is_cut_is_made_again(invented, tmp_path):
    path, _made = batch.every("html", tmp_path, jobs=1, told=silent)
    first = path.read_bytes()
    path.write_bytes(first[:-500])
    assert batch.every("html", tmp_path, jobs=1, told=silent) == (path, STATES)
    assert path.read_bytes() == first


def test_another_release_under_the_same_name_is_made_anew(invented, tmp_path):
    path, _made = batch.every("html", tmp_path, jobs=1, told=silent)
    changed = sample.tables() | sample.forecast_tables()
    changed["scores"] = changed["scores"].assign(structural=77.0)
    write(changed, invented.folder.parent)
    assert batch.every("html", tmp_path, jobs=1, told=silent) == (path, STATES)
    with zipfile.ZipFile(path) as whole:
        assert "77.0 of 100" in whole.read(whole.namelist()[0]).decode()


def test_a_run_that_is_stopped_is_taken_up_where_it_was(invented, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 1)

    def stop_after_two(done: int, of: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        batch.every("html", tmp_path, jobs=1, told=stop_after_two)
    assert not list(tmp_path.glob("*.zip"))
    path, made = batch.every("html", tmp_path, jobs=1, told=silent)
    assert made == STATES - 2
    whole = path.read_bytes()
    path.unlink()
    assert batch.every("html", tmp_path, jobs=1, told=silent) == (path, STATES)
    assert path.read_bytes() == whole


def test_a_disk_that_fills_up_on_the_way_keeps_what_is_done(invented, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 1)
    room, real = [2], Path.write_bytes

    def filling(self: Path, data: bytes) -> int:
        room[0] -= 1
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, data)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", filling)
        with pytest.raises(batch.WriteError, match="not done again"):
            batch.every("html", tmp_path, jobs=1, told=silent)
    assert not list(tmp_path.rglob("*.making"))
    assert batch.every("html", tmp_path, jobs=1, told=silent)[1] == STATES - 2


def test_two_processes_make_the_same_as_one(invented, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 2)
    one, _made = batch.every("html", tmp_path / "one", jobs=1, told=silent)
    two, _made = batch.every("html", tmp_path / "two", jobs=2, told=silent)
    with zipfile.ZipFile(one) as first, zipfile.ZipFile(two) as second:
        assert first.namelist() == second.namelist()


def test_the_command_makes_one_file_and_the_same_bytes_each_time(tmp_path):
    for folder in ("a", "b"):
        done = run("mmr", "--lang", "fr", "--out", str(tmp_path / folder))
        assert done.returncode == 0, done.stderr
    (first,), (second,) = (list((tmp_path / folder).iterdir()) for folder in ("a", "b"))
    assert first.name.endswith("-brief-mmr-fr.pdf")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ZZZ"], "neither a row nor a region"),
        ([], "Name a row, a region or a list, or ask for --all"),
        (["MMR", "--all"], "not both"),
        (["MMR", "--lang", "xx"], "there is en, fr, es, ar"),
        (["MMR", "--format", "doc"], "there is pdf, html"),
        (["MMR", "--release", "1999-01"], "no release '1999-01'"),
    ],
)
def test_the_command_says_in_one_sentence_what_is_wrong(tmp_path, arguments, said):
    done = run(*arguments, "--out", str(tmp_path))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_missing_font_leaves_no_file(invented, tmp_path, monkeypatch):
    monkeypatch.setattr(render, "FAMILIES", {"Noto Sans": "fontpkg-not-there"})
    render.fonts.cache_clear()
    with pytest.raises(render.RenderError):
        batch.one(Subject("country", ("QMA",)), "pdf", tmp_path)
    render.fonts.cache_clear()
    assert not list(tmp_path.glob("*.pdf"))
