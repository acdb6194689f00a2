"""Releases missing, cut off, damaged, of a later format or replaced: words, and the one before where there is one."""

import json
import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import release
from dashboard import current, store
from tests.dashboard import sample

pytestmark = pytest.mark.usefixtures("invented")
NEWER = "2024-02"


def run() -> AppTest:
    app = AppTest.from_file("../../app.py", default_timeout=60).run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def told(app: AppTest) -> str:
    return "\n".join(element.value for kind in (app.caption, app.warning, app.error) for element in kind)


def add_newer(invented: release.Release) -> Path:
    """A newer release beside the one there is, as whole as it."""
    tables = sample.tables() | sample.forecast_tables()
    made = release.write(
        tables, NEWER, as_of=date(2024, 2, 29), folder=invented.folder.parent, model_card="# Model card"
    )
    current.forget()
    return made.folder


def test_a_newer_release_that_is_whole_is_shown(invented):
    add_newer(invented)
    app = run()
    assert f"Release **{NEWER}**" in told(app)
    assert not app.warning


def without_package(folder: Path) -> None:
    (folder / "datapackage.json").unlink()


def with_invalid_json(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(path.read_text("utf-8")[:200], "utf-8")


def with_a_cut_table(folder: Path) -> None:
    path = folder / "scores.parquet"
    path.write_bytes(path.read_bytes()[:-200])


def with_one_byte_altered(folder: Path) -> None:
    path = folder / "events.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def without_a_table(folder: Path) -> None:
    (folder / "scores.parquet").unlink()


def of_a_later_format(folder: Path) -> None:
    change_package(folder, format=99)


def without_a_date(folder: Path) -> None:
    change_package(folder, as_of=None)


def without_a_list_of_files(folder: Path) -> None:
    change_package(folder, resources=None)


def change_package(folder: Path, **changes: object) -> None:
    path = folder / "datapackage.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | changes), "utf-8")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (without_package, "has no datapackage.json"),
        (with_invalid_json, "its datapackage.json cannot be read"),
        (with_a_cut_table, "damaged: scores.parquet"),
        (with_one_byte_altered, "damaged: events.parquet"),
        (without_a_table, "it lacks scores"),
        (of_a_later_format, "is of format 99, made by a later version"),
        (without_a_date, "has no date"),
        (without_a_list_of_files, "its datapackage.json is cut"),
    ],
)
def test_of_a_bad_newest_release_the_one_before_is_shown_with_a_warning(invented, harm, words):
    harm(add_newer(invented))
    app = run()
    assert "Release **2024-01**" in told(app)
    assert len(app.warning) == 1
    assert "A newer release cannot be shown:" in app.warning[0].value
    assert words in app.warning[0].value


def test_without_a_folder_of_releases_the_page_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path / "nowhere"))
    current.forget()
    app = run()
    assert "The dashboard has no release to show. There is no release in" in told(app)
    assert "pipeline.py build" in told(app)


def test_an_only_release_that_is_damaged_is_shown_as_far_as_it_goes_and_says_so(invented):
    with_one_byte_altered(invented.folder)
    current.forget()
    app = run()
    assert "Release **2024-01**" in told(app)
    assert "Files of this release are damaged" in told(app)
    assert "events.parquet" in told(app)


def test_a_table_that_is_damaged_after_the_visit_began_is_told_in_words(invented):
    app = run()
    path = invented.folder / "replicates.parquet"
    path.write_bytes(path.read_bytes()[:-100])
    app.switch_page("dashboard/pages/country.py")
    app.query_params["country"], app.query_params["against"] = "QMA", "QMD"
    app.run()
    assert not app.exception
    assert "This part of the release cannot be shown." in told(app)
    assert "replicates.parquet is damaged" in told(app)


def test_a_visit_whose_release_is_replaced_is_told_and_begins_anew_with_a_click(invented):
    app = run()
    replace_release(invented)
    app.switch_page("dashboard/pages/track_record.py").run()  # reads tables that this visit has not read
    assert "The release 2024-01 was replaced while you looked at it" in told(app)
    app.button[-1].click().run()
    assert not app.exception
    assert "was replaced" not in told(app)
    assert "as known on 1 March 2024" in told(app)


def test_the_next_visit_sees_the_release_that_replaced_another(invented):
    run()
    replace_release(invented)
    assert "as known on 1 March 2024" in told(run())


def replace_release(invented: release.Release) -> None:
    """Another release of the same id, in its place while the dashboard runs."""
    tables = sample.tables() | sample.forecast_tables()
    made = release.write(
        tables, invented.id, as_of=date(2024, 3, 1), folder=invented.folder.parent, model_card="# Model card"
    )
    package = made.folder / "datapackage.json"
    os.utime(package, ns=(0, package.stat().st_mtime_ns + 1_000_000_000))


def test_a_running_visit_goes_on_whole_when_a_newer_release_comes(invented):
    app = run()
    add_newer(invented)
    app.switch_page("dashboard/pages/track_record.py").run()
    assert "Release **2024-01**" in told(app)
    assert f"Release **{NEWER}**" in told(run())


def test_a_running_visit_whose_release_is_taken_away_is_told(invented):
    app = run()
    add_newer(invented)
    shutil.rmtree(invented.folder)
    app.switch_page("dashboard/pages/track_record.py").run()
    assert not app.exception
    assert "was replaced while you looked at it" in told(app)


def test_a_download_of_a_release_that_was_replaced_fails_rather_than_give_the_other(invented):
    current.use(current.find_newest()[0], "en")
    read = store.reader_of("scores.csv")
    assert read().startswith(b"iso3")
    replace_release(invented)
    with pytest.raises(current.Replaced):
        read()
    current.use(None, "en")
