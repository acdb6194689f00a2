"""A release made anew is compared file by file: what differs, lacks or is damaged is named."""

import sys
from datetime import date

import pandas as pd
import pytest

import release
from tests.dashboard import sample
from tools import reproduce

ID, AS_OF = "2026-11", date(2026, 11, 22)


def built() -> dict[str, pd.DataFrame]:
    return sample.tables()


@pytest.fixture
def stands(tmp_path) -> release.Release:
    """The release that is to be made anew."""
    return release.write(built(), ID, as_of=AS_OF, folder=tmp_path / "stands")


def made(tmp_path, **changes: pd.DataFrame) -> release.Release:
    return release.write(built() | changes, ID, as_of=AS_OF, folder=tmp_path / "made")


def differing(found: release.Release, other: release.Release, *, full: bool = False) -> list[str]:
    compared = reproduce.compare(other, found, full=full)
    return compared.loc[~compared["equal"], "path"].tolist()


def test_the_same_tables_are_equal_in_every_file(stands, tmp_path):
    assert differing(stands, made(tmp_path), full=True) == []
    compared = reproduce.compare(made(tmp_path), stands, full=False)
    assert len(compared) == 2 * len(release.built_tables())


def test_one_cell_that_differs_is_seen_in_both_forms_of_its_table(stands, tmp_path):
    scores = sample.tables()["scores"]
    scores.loc[3, "coverage"] += 0.01
    other = made(tmp_path, scores=scores)
    assert differing(stands, other) == ["scores.csv", "scores.parquet"]
    assert differing(stands, other, full=True) == ["datapackage.json", "scores.csv", "scores.parquet"]


def test_a_file_that_stands_and_is_not_the_one_recorded_is_seen(stands, tmp_path):
    (stands.folder / "watch.parquet").write_bytes(b"altered")
    assert differing(stands, made(tmp_path)) == ["watch.parquet"]


def test_what_publish_adds_is_asked_for_only_in_full(stands, tmp_path):
    whole = release.write(built() | sample.forecast_tables(), ID, as_of=AS_OF, folder=tmp_path / "whole")
    other = made(tmp_path)
    assert differing(whole, other) == []
    assert {"forecasts.csv", "forecasts.parquet", "CODEBOOK.md"} <= set(differing(whole, other, full=True))


@pytest.mark.parametrize("change", [0, 0.01])
def test_the_command_says_which_differ_and_ends_accordingly(stands, tmp_path, monkeypatch, capsys, change):
    scores = sample.tables()["scores"]
    scores["coverage"] += change
    other = made(tmp_path, scores=scores)
    monkeypatch.setattr(reproduce, "remake", lambda *_, **__: other)
    monkeypatch.setenv("UPSTREAM_RELEASES", str(stands.folder.parent))
    monkeypatch.setattr(sys, "argv", ["reproduce", "--work", str(tmp_path / "work")])
    with pytest.raises(SystemExit) as ended:
        reproduce.main()
    said = " ".join(capsys.readouterr().out.split())
    files = 2 * len(release.built_tables())
    assert ended.value.code == (1 if change else 0)
    assert f"{files - 2 * bool(change)} of {files} files are equal, byte for byte." in said
    assert ("These differ: scores.csv, scores.parquet." in said) == bool(change)


def test_the_ledger_begins_with_the_lines_before_the_release(tmp_path):
    path = tmp_path / "ledger.csv"
    path.write_text("release,issued\n2026-11,a\n2026-11-25,b\n2026-11-25,c\n")
    assert reproduce.ledger_before(path, "2026-11-25") == "release,issued\n2026-11,a\n"
    assert reproduce.ledger_before(path, "2027-01") == path.read_text()


def test_a_build_that_stops_is_not_compared(tmp_path, stands, capfd):
    with pytest.raises(SystemExit, match=r"pipeline.py build stopped"):
        reproduce.remake(stands, tmp_path / "nothing", tmp_path / "work", full=False)
    assert "is missing. Run `python pipeline.py fetch`" in capfd.readouterr().err
