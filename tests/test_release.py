"""Releases: what is written is read back, whole, whatever happens in between."""

import json
import random
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import frictionless
import pandas as pd
import pytest

import release

AS_OF = date(2026, 11, 22)
ROOT = release.ROOT


@pytest.fixture
def book(monkeypatch, tmp_path):
    """A codebook of one small table."""
    path = tmp_path / "codebook.toml"
    path.write_text(
        '[scores]\ntitle = "Scores"\ndescription = "One row."\nkey = ["iso3"]\n'
        '[scores.columns]\niso3 = "Code"\nrisk_index = "Index, 0 to 100"\n'
    )
    monkeypatch.setattr(release.read_codebook, "__defaults__", (path,))


def table(*values: float | None) -> dict[str, pd.DataFrame]:
    codes = [f"QM{letter}" for letter in "ABCDEFGH"[: len(values)]]
    return {"scores": pd.DataFrame({"iso3": codes, "risk_index": values})}


@pytest.mark.usefixtures("book")
def test_a_release_is_read_back_as_it_was_written_with_missing_values_missing(tmp_path):
    release.write(table(12.5, None), "2026-11", as_of=AS_OF, folder=tmp_path)
    found = release.load("2026-11", folder=tmp_path)
    assert found.scores["risk_index"].tolist()[0] == 12.5
    assert found.scores["risk_index"].isna().tolist() == [False, True]
    assert (found.folder / "scores.csv").read_text() == "iso3,risk_index\nQMA,12.5\nQMB,\n"
    assert found.as_of == AS_OF


@pytest.mark.usefixtures("book")
def test_the_same_tables_give_the_same_bytes(tmp_path):
    folders = [release.write(table(1.0, 2.0), "2026-11", as_of=AS_OF, folder=tmp_path / name).folder for name in "ab"]
    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == second


@pytest.mark.usefixtures("book")
def test_a_large_table_is_compressed_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "LARGE", 10)
    made = release.write(table(1.0, 2.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    assert pd.read_csv(made.folder / "scores.csv.gz")["risk_index"].tolist() == [1.0, 2.0]
    assert made.package["resources"][0]["compression"] == "gz"
    assert frictionless.validate(made.folder / "datapackage.json").valid


@pytest.mark.usefixtures("book")
def test_an_altered_file_is_found(tmp_path):
    made = release.write(table(1.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    assert made.damaged() == []
    (made.folder / "scores.csv").write_text("iso3,risk_index\nQMA,99\n")
    (made.folder / "CODEBOOK.md").unlink()
    assert made.damaged() == ["scores.csv", "CODEBOOK.md"]


def test_a_release_with_some_but_not_all_tables_of_publish_is_refused(tmp_path):
    found = release.latest()
    tables = {name: found.table(name) for name in [*release.built_tables(), "skill"] if name in found.tables()}
    with pytest.raises(ValueError, match=r"The tables differ from data/codebook.toml: \['backtest', 'cases'"):
        release.write(tables | {"skill": pd.DataFrame()}, "2026-11", as_of=AS_OF, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("book")
def test_a_column_that_the_codebook_does_not_know_stops_the_release(tmp_path):
    wrong = {"scores": table(1.0)["scores"].assign(colour="red")}
    with pytest.raises(ValueError, match=r"table scores and data/codebook.toml differ in the columns \['colour'\]"):
        release.write(wrong, "2026-11", as_of=AS_OF, folder=tmp_path)
    assert list(tmp_path.glob(".2026*")) == []


def test_a_release_that_is_not_there_is_named_with_those_that_are(tmp_path):
    with pytest.raises(release.ReleaseError, match=r"There is no release '1999-01' in .*; there is: none"):
        release.load("1999-01", folder=tmp_path)
    with pytest.raises(release.ReleaseError, match="run `python pipeline.py build`"):
        release.latest(folder=tmp_path)


def test_a_table_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(release.ReleaseError, match=r"has no table 'forecast'; it has .*scores"):
        release.latest().table("forecast")


@pytest.mark.usefixtures("book")
def test_between_the_two_renamings_a_reader_finds_the_old_release(tmp_path):
    made = release.write(table(1.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    made.folder.rename(tmp_path / ".2026-11.previous")  # as a kill at that moment leaves it
    found = release.latest(folder=tmp_path)
    assert found.id == "2026-11"
    assert found.damaged() == []
    release.write(table(2.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    assert release.latest(folder=tmp_path).scores["risk_index"].tolist() == [2.0]
    assert [path.name for path in tmp_path.iterdir() if path.name != "codebook.toml"] == ["2026-11"]


WRITER = """
    import sys, itertools
    from datetime import date
    from pathlib import Path
    import pandas as pd
    import release
    release.read_codebook.__defaults__ = (Path(sys.argv[2]),)
    frame = pd.DataFrame({"iso3": [f"Q{n:06d}" for n in range(50_000)], "risk_index": 1.0})
    print("ready", flush=True)
    for n in itertools.count():
        release.write({"scores": frame.assign(risk_index=float(n))}, "2026-11", as_of=date(2026, 11, 22),
                      folder=Path(sys.argv[1]))
"""


@pytest.mark.usefixtures("book")
def test_a_build_that_is_killed_leaves_a_whole_release(tmp_path):
    folder = tmp_path / "releases"
    release.write(table(1.0), "2026-11", as_of=AS_OF, folder=folder)
    waits = random.Random(0)
    for _ in range(12):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(folder), str(tmp_path / "codebook.toml")]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(waits.uniform(0.0, 0.4))
            writer.send_signal(signal.SIGKILL)
        assert release.latest(folder=folder).damaged() == []


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("look", [lambda folder: release.load("2026-11", folder=folder), release.latest])
def test_a_release_that_is_put_in_place_between_two_looks_is_found(tmp_path, monkeypatch, look):
    release.write(table(1.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    target, second = tmp_path / "2026-11", tmp_path / ".2026-11.previous"
    target.rename(second)
    is_file = Path.is_file

    def then_put_in_place(path):
        found = is_file(path)
        if path.parent == target and second.exists():
            second.rename(target)
        return found

    monkeypatch.setattr(Path, "is_file", then_put_in_place)
    assert look(folder=tmp_path).damaged() == []


@pytest.mark.usefixtures("book")
def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path):
    (tmp_path / ".2026-11.4711.building").mkdir()
    (tmp_path / ".2026-12.4711.building").mkdir()  # of another release, which may still be at work
    release.write(table(1.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert names == [".2026-12.4711.building", "2026-11"]


FULL = """
    import resource, signal, sys
    from datetime import date
    from pathlib import Path
    import pandas as pd
    import release
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # as on a full disk, writing fails; the process goes on
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    release.read_codebook.__defaults__ = (Path(sys.argv[2]),)
    frame = pd.DataFrame({"iso3": [f"Q{n:06d}" for n in range(5_000)], "risk_index": 2.0})
    try:
        release.write({"scores": frame}, "2026-11", as_of=date(2026, 11, 22), folder=Path(sys.argv[1]))
    except release.ReleaseError as error:
        print(error)
"""


@pytest.mark.usefixtures("book")
def test_where_no_more_can_be_written_the_old_release_stays(tmp_path):
    folder = tmp_path / "releases"
    release.write(table(1.0), "2026-11", as_of=AS_OF, folder=folder)
    command = [sys.executable, "-c", textwrap.dedent(FULL), str(folder), str(tmp_path / "codebook.toml")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "could not be written" in said
    assert "What was there before is untouched. Make room or give permission, and build again." in said
    assert release.latest(folder=folder).scores["risk_index"].tolist() == [1.0]
    assert [path.name for path in folder.iterdir()] == ["2026-11"]


def test_the_embedded_release_is_whole():
    found = release.latest()
    assert found.damaged() == []
    assert set(found.tables()) == set(release.read_codebook())
    assert sum(path.stat().st_size for path in found.folder.iterdir()) <= 25 * 1024**2


def test_the_embedded_release_is_a_valid_data_package():
    report = frictionless.validate(release.latest().folder / "datapackage.json")
    assert [error.message for task in report.tasks for error in task.errors] == []
    assert report.valid


@pytest.mark.usefixtures("book")
def test_a_release_that_is_being_written_is_none_yet(tmp_path):
    made = release.write(table(1.0), "2026-11", as_of=AS_OF, folder=tmp_path)
    made.folder.rename(tmp_path / ".2026-11.4711.building")  # whole, but not yet in its place
    assert release.ids(folder=tmp_path) == []


@pytest.mark.parametrize("name", release.latest().tables())
def test_csv_and_parquet_of_the_embedded_release_say_the_same(name):
    found = release.latest()
    parquet = found.table(name)
    [csv] = found.folder.glob(f"{name}.csv*")
    words = {column: str for column in parquet if not pd.api.types.is_numeric_dtype(parquet[column])}
    text = pd.read_csv(csv, keep_default_na=False, na_values=[""], low_memory=False, dtype=words)
    assert list(text) == list(parquet)
    for column in parquet:
        ours, theirs = parquet[column].replace("", None), text[column]
        assert (ours.isna().to_numpy() == theirs.isna().to_numpy()).all(), column
        kind = "float64" if pd.api.types.is_numeric_dtype(ours) else "str"
        known = ours.notna().to_numpy()
        assert (ours[known].astype(kind).to_numpy() == theirs[known].astype(kind).to_numpy()).all(), column


def test_no_score_of_the_embedded_release_is_without_coverage_or_outside_its_scale():
    scores = release.latest().scores
    names = [name for name in scores if f"{name}_coverage" in scores]
    assert len(names) == 14  # twelve factors and two parts
    for name in names:
        known = scores[name].notna()
        assert scores.loc[known, name].between(0, 100).all()
        assert (scores.loc[known, f"{name}_coverage"] >= 0.5).all(), name
    index = scores[scores["risk_index"].notna()]
    assert (index["coverage"] >= 0.5).all()
    assert index[["data_age", "oldest_data_year", "newest_data_year"]].notna().all(axis=None)


def test_values_of_sources_that_may_not_be_passed_on_are_not_in_the_release():
    found = release.latest()
    closed = found.sources.loc[~found.sources["values_in_release"], "source"]
    assert {"pts", "epr", "coups"} <= set(closed)
    touched = found.indicators["source"].str.split(";").map(lambda cards: any(card in set(closed) for card in cards))
    assert touched.any()
    assert found.indicators.loc[touched, "value"].isna().all()
    assert found.indicators.loc[~touched, "value"].notna().all()


def test_the_codebook_describes_every_column():
    found = release.latest()
    text = (found.folder / "CODEBOOK.md").read_text("utf-8")
    missing = [
        column for resource in found.package["resources"] for column in resource.get("schema", {}).get("fields", [])
        if f"| `{column['name']}` |" not in text
    ]  # fmt: skip
    assert missing == []
    assert json.loads((found.folder / "datapackage.json").read_text("utf-8"))["as_of"] == found.as_of.isoformat()


def test_a_table_whose_rows_are_their_producers_carries_their_terms_and_not_ours(monkeypatch, tmp_path):
    path = tmp_path / "codebook.toml"
    columns = "".join(f'{name} = "Text"\n' for name in ("iso3", "system", "edition", "licence", "terms"))
    path.write_text(
        '[peers]\ntitle = "Others"\ndescription = "One row."\nkey = ["iso3", "system"]\nlicences = "rows"\n'
        f"[peers.columns]\n{columns}"
    )
    monkeypatch.setattr(release.read_codebook, "__defaults__", (path,))
    rows = [
        ("QMA", "One", "7", "CC BY-NC 4.0", "https://example.org/nc"),
        ("QMB", "Two", "8", "none", "https://example.org"),
    ]
    others = pd.DataFrame(rows, columns=["iso3", "system", "edition", "licence", "terms"])
    made = release.write({"peers": others}, "2026-11", as_of=AS_OF, folder=tmp_path)
    terms = [
        {"title": "One 7: CC BY-NC 4.0", "path": "https://example.org/nc"},
        {"title": "Two 8: none", "path": "https://example.org"},
    ]
    assert [file["licenses"] for file in made.package["resources"] if file["name"].startswith("peers")] == [
        terms,
        terms,
    ]
    assert made.package["licenses"] == [release.LICENCE]
    assert "Licence: that of each row, not that of the release." in (made.folder / "CODEBOOK.md").read_text("utf-8")
    assert frictionless.validate(made.folder / "datapackage.json").valid
