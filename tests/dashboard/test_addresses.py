"""Each file of a release at its own address, on a real server, under both ways to start it."""

import hashlib
import subprocess
import urllib.error
import urllib.request

import duckdb
import pandas as pd
import pytest

import release


@pytest.fixture(params=["address", "uvicorn_address"])
def site(request) -> str:
    """The site's address, under `streamlit run app.py` and under `uvicorn asgi:app`."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def newest() -> release.Release:
    return release.latest()


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (lower case) and content."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=named), timeout=60) as answer:  # noqa: S310
            return answer.status, {name.lower(): text for name, text in answer.headers.items()}, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, {name.lower(): text for name, text in error.headers.items()}, error.read()


def test_pandas_reads_a_table_at_its_address(site, newest):
    found = pd.read_parquet(f"{site}/releases/{newest.id}/countries.parquet")
    pd.testing.assert_frame_equal(found, newest.countries)


def test_duckdb_reads_a_table_that_was_fetched(site, newest, tmp_path):
    """Its extension for addresses (httpfs) comes from another site, and may not be at hand."""
    file = tmp_path / "scores.parquet"
    file.write_bytes(ask(f"{site}/releases/{newest.id}/scores.parquet")[2])
    assert duckdb.sql(f"SELECT count(*) FROM '{file}'").fetchall() == [(len(newest.scores),)]


def test_a_file_has_the_hash_of_the_package_and_is_not_sent_twice(site, newest):
    stated = {file["path"]: file["hash"] for file in newest.package["resources"]}
    url = f"{site}/releases/{newest.id}/indicators.parquet"
    status, headers, content = ask(url, Accept_Encoding="gzip")
    assert status == 200
    assert f"sha256:{hashlib.sha256(content).hexdigest()}" == stated["indicators.parquet"]
    assert headers["etag"] == f'"{stated["indicators.parquet"]}"'
    assert headers["content-type"] == "application/vnd.apache.parquet"
    assert ask(url, If_None_Match=headers["etag"])[::2] == (304, b"")
    assert ask(url, If_None_Match='"another"')[0] == 200


def test_a_part_of_a_file_can_be_asked_for(site, newest):
    status, headers, content = ask(f"{site}/releases/{newest.id}/scores.parquet", Range="bytes=0-3")
    assert (status, content) == (206, b"PAR1")
    assert headers["content-range"].startswith("bytes 0-3/")


def test_the_list_of_hashes_checks_what_was_fetched(site, newest, tmp_path):
    for name in ("SHA256SUMS", "factors.csv", "datapackage.json"):
        status, _headers, content = ask(f"{site}/releases/{newest.id}/{name}")
        assert status == 200
        (tmp_path / name).write_bytes(content)
    command = ["sha256sum", "-c", "--ignore-missing", "SHA256SUMS"]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout == "factors.csv: OK\n"
    (tmp_path / "factors.csv").write_text("altered")
    assert subprocess.run(command, cwd=tmp_path, capture_output=True).returncode == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/releases/2026-11-25/nothing.parquet",
            "has no file 'nothing.parquet'; it has: scores.csv",
        ),
        ("/releases/1999-01/scores.parquet", "There is no release '1999-01' here; there is: 2026-11"),
        ("/releases/2026-11-25", "Ask for /releases/RELEASE/FILE"),
        ("/releases/2026-11-25/a/b", "Ask for /releases/RELEASE/FILE"),
        ("/releases/2026-11-25/<script>", "has no file '<script>'"),
    ],
)
def test_what_is_not_there_is_said_in_words_as_plain_text(site, path, said):
    status, headers, content = ask(site + path)
    assert status == 404
    assert said in content.decode()
    assert headers["content-type"].startswith("text/plain")
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/releases/2026-11-25/..%2f..%2fledger.csv",
        "/releases/2026-11-25/%2e%2e%2f%2e%2e%2fledger.csv",
        "/releases/..%2freleases%2f2026-11-25/scores.parquet",
        "/releases/2026-11-25/..%5c..%5cledger.csv",
        "/releases/.%2f2026-11-25/scores.parquet",
        "/releases/%2e%2e/ledger.csv",
        "/releases/2026-11-25/%00",
    ],
)
def test_nothing_but_the_files_of_a_release_is_reached(site, path):
    assert ask(site + path)[0] in (400, 404)
