"""Releases in object storage, on an S3 server of this machine: shown whole or not at all, whatever happens there."""

import json
import os
import shutil
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import boto3
import pytest
import s3fs
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer
from streamlit.testing.v1 import AppTest

import pipeline
import release
import storage
from dashboard import current
from tests.dashboard import sample

BUCKET = "releases-of-nobody"
URL = f"s3://{BUCKET}/published"
NEWER = "2024-02"


@pytest.fixture
def server(monkeypatch, tmp_path) -> Iterator[ThreadedMotoServer]:
    """An S3 server with an empty bucket; the dashboard reads from it, and looks at each visit."""
    started = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "UPSTREAM_RELEASES": URL,
        "UPSTREAM_CACHE": str(tmp_path / "cache"),
        "UPSTREAM_REFRESH": "0",
        "UPSTREAM_TODAY": sample.TODAY,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(storage, "PATIENCE", 60)
    urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", data=b"")  # moto keeps one state for all servers
    demand_credentials_after(float("inf"))
    client().create_bucket(Bucket=BUCKET)
    start_anew()
    yield started
    started.stop()
    start_anew()


def demand_credentials_after(requests: float) -> None:
    """After so many requests the server asks who one is."""
    address, kind = f"{os.environ['AWS_ENDPOINT_URL']}/moto-api/reset-auth", {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(address, f"{requests}".encode(), kind))  # noqa: S310  (our own)


def start_anew() -> None:
    """Forget what a process knows, as if it were started now; the copies stay."""
    storage._copies.cache_clear()
    s3fs.S3FileSystem.clear_instance_cache()
    current.forget()


def client():
    return boto3.client("s3")


@pytest.fixture(scope="module")
def make(tmp_path_factory) -> Callable[..., release.Release]:
    """A function that puts a release of invented States into a folder; each is written once and then copied."""

    @cache
    def write(id: str, day: date) -> release.Release:
        tables = sample.tables() | sample.forecast_tables()
        folder = tmp_path_factory.mktemp("written")
        return release.write(tables, id, as_of=day, folder=folder, model_card="# Model card")

    def put(folder: Path, id: str = "2024-01", day: date = date(2024, 1, 31)) -> release.Release:
        return release.Release(Path(shutil.copytree(write(id, day).folder, folder / id)))

    return put


@pytest.fixture
def made(tmp_path, server, make) -> release.Release:
    """A release, made here and put into the storage."""
    found = make(tmp_path / "made")
    storage.upload(found, URL)
    return found


def visit() -> tuple[str, list[str]]:
    """What a new visit sees: the release's id, and what is said of newer ones."""
    found, problems = current.find_newest()
    return found.release.id, problems


def test_what_is_served_is_what_was_put_there(made):
    copy = release.latest()
    assert copy.folder != made.folder
    assert {path.name: path.read_bytes() for path in copy.folder.iterdir()} == {
        path.name: path.read_bytes() for path in made.folder.iterdir()
    }
    assert visit() == ("2024-01", [])
    assert not current.is_cut_off()


def test_a_copy_that_is_there_is_not_brought_again_and_stays_the_same_to_visits(made):
    opened = current.find_newest()[0]
    start_anew()
    assert current.find_newest()[0] == opened  # with the time at which it was written
    opened.check()


def test_a_newer_release_is_seen_by_the_next_visit_and_the_earlier_one_is_kept(make, made, tmp_path):
    visit()
    storage.upload(make(tmp_path / "made", NEWER, date(2024, 2, 29)), URL)
    assert visit() == (NEWER, [])
    assert release.ids() == ["2024-01", NEWER]


def test_a_release_is_put_there_with_its_package_last_and_is_not_shown_before(make, made, tmp_path, monkeypatch):
    newer = make(tmp_path / "made", NEWER, date(2024, 2, 29))

    put = s3fs.S3FileSystem._put_file

    async def put_or_fail(self, lpath, rpath, **named):
        if rpath.endswith("datapackage.json"):
            raise ConnectionError("cut off")
        await put(self, lpath, rpath, **named)

    monkeypatch.setattr(s3fs.S3FileSystem, "_put_file", put_or_fail)
    start_anew()
    with pytest.raises(release.ReleaseError, match=f"Release {NEWER} was not uploaded"):
        storage.upload(newer, URL)
    there = [each["Key"] for each in client().list_objects_v2(Bucket=BUCKET, Prefix=f"published/{NEWER}")["Contents"]]
    assert len(there) == len(newer.package["resources"])
    assert visit() == ("2024-01", [])


def test_a_replaced_release_is_brought_anew_and_the_running_visit_is_told(make, made, tmp_path):
    opened = current.find_newest()[0]
    storage.upload(make(tmp_path / "other", day=date(2024, 3, 1)), URL)
    assert current.find_newest()[0].release.as_of == date(2024, 3, 1)
    with pytest.raises(current.Replaced):
        opened.check()


def alter(key: str) -> None:
    """One byte of an object is another."""
    content = bytearray(client().get_object(Bucket=BUCKET, Key=key)["Body"].read())
    content[len(content) // 2] ^= 0xFF
    client().put_object(Bucket=BUCKET, Key=key, Body=bytes(content))


def cut_package(key: str) -> None:
    client().put_object(Bucket=BUCKET, Key=key.replace("scores.parquet", "datapackage.json"), Body=b'{"resources":')


def lead_elsewhere(key: str) -> None:
    package = {"as_of": "2024-02-29", "resources": [{"path": "../../elsewhere", "hash": "x"}]}
    body = json.dumps(package).encode()
    client().put_object(Bucket=BUCKET, Key=key.replace("scores.parquet", "datapackage.json"), Body=body)


def take_a_file(key: str) -> None:
    client().delete_object(Bucket=BUCKET, Key=key)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (alter, "altered in the storage: scores.parquet"),
        (take_a_file, "is not whole in the storage"),
        (cut_package, "its datapackage.json is cut"),
        (lead_elsewhere, "names a file outside the release"),
    ],
)
def test_of_a_bad_newest_release_the_one_before_is_shown_and_it_is_said_why(make, made, tmp_path, harm, words):
    storage.upload(make(tmp_path / "made", NEWER, date(2024, 2, 29)), URL)
    harm(f"published/{NEWER}/scores.parquet")
    shown, problems = visit()
    assert shown == "2024-01"
    assert len(problems) == 1
    assert words in problems[0]
    assert sorted(path.name for path in (tmp_path / "cache").glob("*/*")) == ["2024-01"]


def test_a_release_that_is_altered_after_it_was_brought_stays_as_it_was(made):
    before = visit()
    alter("published/2024-01/scores.parquet")
    assert visit() == before == ("2024-01", [])


def test_a_copy_that_was_altered_here_is_brought_again(made):
    scores = release.latest().folder / "scores.parquet"
    scores.write_bytes(b"")
    start_anew()
    assert current.find_newest()[0].damaged == ()
    assert scores.read_bytes() == (made.folder / "scores.parquet").read_bytes()


def test_a_release_that_was_taken_back_is_not_shown_any_more(make, made, tmp_path):
    storage.upload(make(tmp_path / "made", NEWER, date(2024, 2, 29)), URL)
    assert visit() == (NEWER, [])
    for each in client().list_objects_v2(Bucket=BUCKET, Prefix=f"published/{NEWER}")["Contents"]:
        client().delete_object(Bucket=BUCKET, Key=each["Key"])
    assert visit() == ("2024-01", [])
    assert release.ids() == ["2024-01"]


def test_when_the_storage_goes_away_the_last_copy_is_shown_with_a_warning(made, server):
    visit()
    server.stop()
    start_anew()
    app = AppTest.from_file("../app.py", default_timeout=120).run()
    assert not app.exception
    assert "Release **2024-01**" in app.caption[0].value
    assert ["the storage of releases cannot be read" in each.value for each in app.warning] == [True]


def test_when_the_storage_comes_back_the_warning_goes(made, monkeypatch):
    visit()
    here = os.environ["AWS_ENDPOINT_URL"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # nothing listens there
    start_anew()
    assert visit() == ("2024-01", [])
    assert current.is_cut_off()
    monkeypatch.setenv("AWS_ENDPOINT_URL", here)
    s3fs.S3FileSystem.clear_instance_cache()
    visit()
    assert not current.is_cut_off()


def test_without_a_single_copy_the_page_says_what_to_do(server):
    app = AppTest.from_file("../app.py", default_timeout=120).run()
    assert not app.exception
    assert "The storage has no release at the address in UPSTREAM_RELEASES." in app.error[0].value


@pytest.mark.parametrize("url", ["s3://no-such-bucket-of-nobody/published", "nothing://somewhere", "file:///nowhere"])
def test_a_wrong_address_is_told_in_words(server, monkeypatch, url):
    monkeypatch.setenv("UPSTREAM_RELEASES", url)
    with pytest.raises(release.ReleaseError, match="UPSTREAM_RELEASES"):
        current.find_newest()


def test_wrong_credentials_are_told_in_words_without_them(made, monkeypatch, caplog):
    demand_credentials_after(0)
    with pytest.raises(ClientError, match="InvalidAccessKeyId"):
        client().list_objects_v2(Bucket=BUCKET)  # else the test would show nothing
    with pytest.raises(release.ReleaseError, match="refuses the server's credentials") as told:
        current.find_newest()
    assert "invented" not in str(told.value)
    assert "invented" not in caplog.text


def test_two_processes_that_bring_copies_to_one_folder_do_not_disturb_each_other(made, tmp_path):
    both = [storage.Copies(URL, tmp_path / "shared") for _ in range(2)]
    for each in both:
        with each._lock:
            each._look = storage.threading.Thread(target=each.look)
            each._look.start()
    for each in both:
        each._look.join()
    assert [each.trouble for each in both] == ["", ""]
    assert release.load("2024-01", folder=tmp_path / "shared").damaged() == []


def test_a_cache_that_cannot_be_written_is_told_with_what_to_do(made, tmp_path, monkeypatch):
    (tmp_path / "a_file").write_text("")
    monkeypatch.setenv("UPSTREAM_CACHE", str(tmp_path / "a_file"))
    with pytest.raises(release.ReleaseError, match="UPSTREAM_CACHE"):
        current.find_newest()


def test_a_folder_can_be_the_storage(made, tmp_path, monkeypatch):
    storage.upload(made, f"file://{tmp_path}/published")
    monkeypatch.setenv("UPSTREAM_RELEASES", f"file://{tmp_path}/published")
    assert visit() == ("2024-01", [])
    assert tmp_path / "cache" in release.latest().folder.parents


def test_a_release_is_not_made_among_the_copies(made):
    with pytest.raises(release.ReleaseError, match=r"pipeline\.py upload"):
        release.write(sample.tables(), "2024-05", as_of=date(2024, 5, 1))


def test_the_command_uploads_a_whole_release_and_no_damaged_one(make, server, tmp_path, monkeypatch, capsys):
    found = make(tmp_path / "made")
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path / "made"))
    monkeypatch.setattr(sys, "argv", ["pipeline.py", "upload", "--to", URL])
    with pytest.raises(SystemExit) as ended:
        pipeline.main()
    assert ended.value.code == 0
    assert "Release 2024-01 is at s3://" in capsys.readouterr().out
    shutil.copy(found.folder / "events.csv", found.folder / "scores.csv")
    with pytest.raises(SystemExit) as ended:
        pipeline.main()
    assert ended.value.code == 1
    assert "altered or missing: scores.csv" in capsys.readouterr().err
