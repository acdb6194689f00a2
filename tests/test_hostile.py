"""Hostile input: what is refused says so within bounds, and nothing but the documented errors comes out.

`make fuzz` runs the same targets for as long as one likes.
"""

import gzip
import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from detect_secrets import SecretsCollection
from detect_secrets.settings import transient_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import release
from dashboard import current, plain
from indicators import files
from indicators.sources import READERS
from indicators.sources.contract import read_source
from tools import fuzz

PIECES = [b"\0", b"\xff\xfe", b"\n", b'"', b",", b";", b"[[[[", b"{", b"99999999999999999999", b"1e999", b"-1", b"nan"]
PIECES += [b"<script>", b"=1+1", b"..%2f", b"%00", b"..", "\u202e".encode(), b'{"a":' * 30, b"true", b"'''"]
EDITS = st.lists(
    st.tuples(st.integers(0, 2**16), st.integers(0, 30), st.sampled_from(PIECES) | st.binary(max_size=12)),
    min_size=1,
    max_size=5,
)


@pytest.fixture(scope="module", autouse=True)
def releases() -> Iterator[None]:
    """What the targets do to the environment is undone."""
    before = os.environ.get("UPSTREAM_RELEASES")
    fuzz.invented()
    yield
    os.environ.pop("UPSTREAM_RELEASES")
    if before is not None:
        os.environ["UPSTREAM_RELEASES"] = before
    current.forget()


@pytest.mark.parametrize("name", fuzz.names())
@settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS)
def test_mutated_input_is_read_or_refused_in_words(name, edits):
    target = fuzz.targets()[name]
    data = target.seed
    for at, length, new in edits:
        place = at % (len(data) + 1)
        data = data[:place] + new + data[place + length :]
    target.feed(data)


def test_every_target_has_its_name_in_the_list():
    assert {*fuzz.names()} == {*fuzz.targets()}
    assert {*READERS} < {*fuzz.names()}


@pytest.mark.parametrize("name", fuzz.names())
def test_the_seed_of_each_target_is_read(name):
    target = fuzz.targets()[name]
    target.read(target.seed)


def read(name: str, path: Path) -> pd.DataFrame:
    return read_source(READERS[name][1], path, source=name)


def test_a_million_columns_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text(",".join("x" * 10_001) + "\n1\n")
    with pytest.raises(ValueError, match=r"wide.csv has 10,001 columns, 10,000 is the limit"):
        read("coups", path)
    path.write_text(",".join("x" * 1_000_000) + "\n1\n")
    with pytest.raises(ValueError, match="wide.csv has 1,048,577 bytes in its first line"):
        read("coups", path)


def test_a_line_of_a_million_cells_is_refused(tmp_path):
    path = tmp_path / "ragged.csv"
    path.write_text("gwcode,year,pt_attempt_num,pt_coup_num\n901,2000,1,1\n" + "," * 1_000_000 + "\n")
    with pytest.raises(ValueError, match=r"ragged.csv cannot be read \(ParserError"):
        read("coups", path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(files.SMALL + 1))
    with pytest.raises(ValueError, match=r"bomb.xlsx has [\d,]+ times its size when unpacked, 200 is the limit"):
        read("mass_killing", path)


def test_an_archive_in_an_archive_is_no_workbook(tmp_path):
    inner = b"x"
    for _ in range(50):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("inner.zip", inner)
        inner = out.getvalue()
    (tmp_path / "deep.xlsx").write_bytes(inner)
    with pytest.raises(ValueError, match=r"deep.xlsx cannot be read"):
        read("mass_killing", tmp_path / "deep.xlsx")


def test_packed_json_is_unpacked_to_a_limit_only(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "BYTES", 1_000_000)
    path = tmp_path / "bomb.json.gz"
    path.write_bytes(gzip.compress(bytes(5_000_000)))
    with pytest.raises(ValueError, match="bomb.json.gz has 1,000,001 bytes unpacked, 1,000,000 is the limit"):
        read("factbook", path)


def test_json_of_too_many_levels_is_refused(tmp_path):
    path = tmp_path / "deep.json.gz"
    path.write_bytes(gzip.compress(b'{"a":' * 100_000))
    with pytest.raises(ValueError, match=r"deep.json.gz cannot be read \(RecursionError"):
        read("factbook", path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"gwcode,year\0,pt_attempt_num,pt_coup_num\n", "bytes of value 0"),
        ("gwcode,year\n901,2000".encode("utf-16"), "bytes of value 0"),
        ("gwcode,year,pt_attempt_num,pt_coup_num\nCôte,2000,1,1".encode("latin-1"), "UnicodeDecodeError"),
        (b"", "EmptyDataError"),
    ],
)
def test_what_is_no_text_in_utf_8_is_refused_by_its_name(tmp_path, content, said):
    (tmp_path / "coups.csv").write_bytes(content)
    with pytest.raises(ValueError, match=rf"coups.csv cannot be read .*{said}"):
        read("coups", tmp_path / "coups.csv")


def test_a_file_of_too_many_bytes_is_not_opened(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(files.BYTES + 1)  # takes no room on the disk
    with pytest.raises(ValueError, match="large.csv has 268,435,457 bytes, 268,435,456 is the limit"):
        read("coups", path)


def test_one_value_repeated_without_end_is_refused(tmp_path):
    """A Parquet file of a few bytes can stand for more cells than a machine can hold."""
    path = tmp_path / "flows.parquet"
    count = files.CELLS // 2 + 1
    column = pa.array([1], pa.int8())
    schema = pa.schema([("a", pa.int8()), ("b", pa.int8())])
    block = pa.concat_arrays([column] * 1000)
    many = pa.chunked_array([block] * (count // 1000 + 1))
    pq.write_table(pa.table([many, many], schema=schema), path)
    with pytest.raises(ValueError, match=r"flows.parquet has 100,00[\d,]+ values, 100,000,000 is the limit"):
        read("unhcr_flows", path)


def test_a_group_of_a_million_years_is_refused(tmp_path):
    (tmp_path / "epr.csv").write_text("gwid,from,to,gwgroupid,size,status\n901,0,999999999,1,0.5,POWERLESS\n")
    with pytest.raises(ValueError, match="epr: 1 rows are not of the years 1900 to 2100"):
        read("epr", tmp_path / "epr.csv")


def test_lines_in_pieces_are_not_joined_without_end(tmp_path):
    header = "conflict_id;incompatibility;year;intensity_level;type_of_conflict;gwno_loc"
    (tmp_path / "conflicts.csv").write_text("\n".join([header, *[";1"] * 100_000]))
    with pytest.raises(ValueError, match=r"conflicts.csv: a line in pieces has 19 cells, the header 6"):
        read("ucdp_conflicts", tmp_path / "conflicts.csv")


def test_a_formula_in_a_cell_is_a_text_and_no_number(tmp_path):
    path = tmp_path / "coups.csv"
    path.write_text("gwcode,year,pt_attempt_num,pt_coup_num\n901,2000,=1+1,=cmd|' /C calc'!A0\n")
    module, reader = READERS["coups"]
    with pytest.raises(ValueError, match="2 cells break the contract|cells break the contract"):
        fuzz.checked(reader(path), module.CONTRACTS["coups"], source="coups")


# --- releases

PASSWD = "/etc/passwd"


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> release.Release:
    """A release of invented States in a folder of its own."""
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path / "releases"))
    tables = fuzz.sample.tables()
    found = release.write(tables, "2024-01", as_of=fuzz.date(2024, 1, 31))
    current.forget()
    return found


def change(made: release.Release, **changes: object) -> None:
    path = made.folder / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.mark.parametrize(
    "name",
    ["..", ".", "", "../releases/2024-01", "%2e%2e", "/etc", "2024-01/", "2024-01\0", "a" * 5000, ".2024-01.previous"],
)
def test_what_is_no_plain_name_is_no_release(made, name):
    with pytest.raises(release.ReleaseError, match="There is no release"):
        release.load(name)
    assert release.ids() == ["2024-01"]


def test_no_release_is_written_elsewhere(made):
    with pytest.raises(ValueError, match=r"'../other' is no id of a release"):
        release.write(fuzz.sample.tables(), "../other", as_of=fuzz.date(2024, 1, 31))


def test_a_link_out_of_the_folder_is_no_release(made, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    made.folder.rename(elsewhere)
    (tmp_path / "releases" / "2024-02").symlink_to(elsewhere)
    assert release.ids() == []
    with pytest.raises(release.ReleaseError, match="There is no release '2024-02'"):
        release.load("2024-02")


@pytest.mark.parametrize("path", ["../../etc/passwd", PASSWD, "a/b", "", "..", None, 7, "x\0", "%2e%2e/x"])
def test_a_package_that_names_a_file_elsewhere_is_refused(made, path):
    change(made, resources=[{"path": path, "name": "x", "title": "x", "hash": "x", "format": "csv"}])
    with pytest.raises(release.ReleaseError, match="is no file of its own folder"):
        current.open_edition("2024-01")
    assert fuzz.TestClient(fuzz.Starlette(routes=fuzz.addresses.routes())).get("/releases/2024-01/x").status_code == 503


@pytest.mark.parametrize("name", ["scores.csv", "factors.parquet"])
def test_a_file_that_is_a_link_out_of_the_release_is_not_given(made, name):
    (made.folder / name).unlink()
    (made.folder / name).symlink_to(PASSWD)
    with pytest.raises(release.ReleaseError, match=f"'{name}' is no file of its own folder"):
        release.load("2024-01").check(["scores"])
    answer = fuzz.TestClient(fuzz.Starlette(routes=fuzz.addresses.routes())).get(f"/releases/2024-01/{name}")
    assert answer.status_code == 503
    assert "root:" not in answer.text


def test_a_file_of_a_release_is_never_a_page_of_the_site(made):
    (made.folder / "x.html").write_text("<script>alert(1)</script>")
    listed = made.package["resources"]
    change(made, resources=[*listed, listed[0] | {"path": "x.html", "mediatype": "text/html", "hash": 'x"\r\nA: b'}])
    answer = fuzz.TestClient(fuzz.Starlette(routes=fuzz.addresses.routes())).get("/releases/2024-01/x.html")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "a" not in answer.headers


@pytest.mark.parametrize(
    "text", ['{"a":' * 100_000, "[" * 100_000, "[]", "null", '{"as_of": "2024-01-31", "format": "2"}']
)
def test_a_package_that_is_no_package_is_refused(made, text):
    (made.folder / "datapackage.json").write_bytes(text.encode())
    with pytest.raises(release.ReleaseError, match=r"datapackage.json"):
        current.open_edition("2024-01")


def test_a_package_without_end_is_not_read_to_it(made):
    with (made.folder / "datapackage.json").open("wb") as file:
        file.truncate(10**10)  # takes no room on the disk
    with pytest.raises(release.ReleaseError, match="it has more than 8,388,608 bytes"):
        current.open_edition("2024-01")


def test_types_that_are_not_known_are_read_as_what_they_hold_or_refused(made):
    """A field that says it is of a type of somebody's own; the metadata for pandas say what is not so."""
    names = {b"ARROW:extension:name": b"evil.type", b"ARROW:extension:metadata": b"\x80\x04."}
    schema = pa.schema([pa.field("factor", pa.int64(), metadata=names)])
    pq.write_table(pa.table([[1]], schema=schema), made.folder / "factors.parquet")
    assert plain.Shown(made.folder).table("factors")["factor"].tolist() == [1]
    lying = pa.table({"factor": [1]}).replace_schema_metadata({"pandas": '{"columns": 7, "index_columns": ["x"]}'})
    pq.write_table(lying, made.folder / "factors.parquet")
    with pytest.raises(release.ReleaseError, match=r"factors.parquet is damaged"):
        plain.Shown(made.folder).table("factors")


class Payload:
    """Unpickling it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", [b"arrow.py_extension_type", b"pandas.period"])
def test_a_pickle_in_a_table_is_never_opened(made, tmp_path, name):
    mark = tmp_path / "ran"
    packed = pickle.dumps(Payload(mark))
    metadata = {b"ARROW:extension:name": name, b"ARROW:extension:metadata": packed}
    schema = pa.schema([pa.field("factor", pa.int64(), metadata=metadata)], metadata={b"PANDAS": packed})
    pq.write_table(pa.table([[1]], schema=schema), made.folder / "factors.parquet")
    with suppress(release.ReleaseError):
        plain.Shown(made.folder).table("factors")
    assert not mark.exists()
    pickle.loads(packed)  # noqa: S301  (the payload does what it says)
    assert mark.exists()


# what a page, a feed or an address leads to, with the pages themselves
LOADED = """
import sys, pathlib, runpy
import asgi, dashboard.feed_routes, dashboard.visit
root = pathlib.Path.cwd()
files = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
own = {pathlib.Path(file) for file in files if file} | set((root / "dashboard").rglob("*.py"))
print(*sorted(str(path) for path in own if path.is_relative_to(root) and ".venv" not in path.parts), sep="\\n")
"""
UNPACKS = ("pickle", "marshal", "shelve", "dill", "joblib.load", "np.load", "yaml.load", "eval(", "exec(")


def test_no_module_that_the_dashboard_loads_unpacks_code():
    """joblib is there for its processes only: what passes between them is their own."""
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=release.ROOT, capture_output=True, text=True, check=True)
    loaded = [Path(line) for line in done.stdout.splitlines()]
    texts = {path.relative_to(release.ROOT).as_posix(): path.read_text("utf-8") for path in loaded}
    assert {"app.py", "release.py", "dashboard/store.py", "dashboard/pages/country.py"} <= {*texts}
    assert [(name, word) for name, text in texts.items() for word in UNPACKS if word in text] == []
    using = sorted(name for name, text in texts.items() if "joblib" in text or "dask" in text)
    assert [name for name in using if name.startswith("dashboard/")] == ["dashboard/brief/batch.py"]
    assert [name for name in using if "Memory(" in texts[name]] == []


SECRETS = ("AWSKeyDetector", "BasicAuthDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector")
SECRETS += ("KeywordDetector", "NpmDetector", "PrivateKeyDetector", "PypiTokenDetector", "SlackDetector")
NONE_REALLY = {
    "dashboard/mail.py",  # the name of a variable of the environment
    "tests/indicators/test_rf11_attack.py",  # a test's name that looks like a token
    "deploy/secrets.toml.example",  # what to write where
    "tests/dashboard/test_signing_in.py",  # of a provider that the test starts
    "tests/test_storage.py",  # of a storage that the test starts
}


def test_no_tracked_file_holds_a_secret():
    listed = subprocess.run(["git", "ls-files"], cwd=release.ROOT, capture_output=True, text=True, check=True)
    names = [name for name in listed.stdout.splitlines() if not name.startswith("data/releases/")]
    collection = SecretsCollection(root=str(release.ROOT))
    # these filters only: the usual ones ask the service of which a token is whether it is a valid one
    usual = [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in ("is_templated_secret", "is_lock_file")]
    with transient_settings({"plugins_used": [{"name": name} for name in SECRETS], "filters_used": usual}):
        for name in names:
            if (release.ROOT / name).suffix not in {".parquet", ".gz", ".png", ".csv", ".po"}:
                collection.scan_file(name)
    assert {*collection.files} == NONE_REALLY
