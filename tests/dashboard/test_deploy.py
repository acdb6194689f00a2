"""What deploy/ says is what runs: the units' and the container's own commands, and a server that writes nowhere.

An image cannot be built here, since it begins with one from elsewhere: its steps are carried out in a folder.
"""

import configparser
import json
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import release
from tests.dashboard.conftest import ROOT, free_port, open_tab, serve_at, wait_for
from tests.dashboard.listed import PAGES, open_page, wait_until_drawn

DEPLOY = ROOT / "deploy"
UNITS = sorted(path for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
INSTALLED = "/srv/upstream"
PYTHON = f"{INSTALLED}/.venv/bin/python"
NOWHERE = "/proc/nowhere"  # a folder that nobody can make, not even root


def read_steps() -> list[tuple[str, str]]:
    """The steps of the Containerfile: ("COPY", "data ./data")."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Containerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in lines]


def all_of(step: str) -> list[str]:
    return [text for name, text in read_steps() if name == step]


def copied() -> list[str]:
    """What the image takes from the repository."""
    return [path for text in all_of("COPY") for path in text.split()[:-1]]


def variables() -> dict[str, str]:
    return dict(pair.split("=", 1) for text in all_of("ENV") for pair in text.split())


def on_port(command: list[str], port: int) -> list[str]:
    """The image's command for this machine: its own Python, and a free port of the machine alone."""
    changed = [part.replace("8501", str(port)).replace("0.0.0.0", "127.0.0.1") for part in command]
    assert changed[0] == "python"
    assert str(port) in " ".join(changed)
    return changed[1:]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the image has, and nothing else of the repository."""
    folder = tmp_path_factory.mktemp("image")
    for text in all_of("COPY"):
        *sources, target = text.split()
        for source in sources:
            if (ROOT / source).is_dir():
                kept = shutil.ignore_patterns("__pycache__", "raw", ".*")
                shutil.copytree(ROOT / source, folder / target, ignore=kept, dirs_exist_ok=True)
            else:
                shutil.copy2(ROOT / source, folder / target)
    return folder


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file and folder with the time of its last change and its size."""
    found = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size) for path in found}


@pytest.fixture(scope="module")
def served(image: Path) -> Iterator[str]:
    """The image's own command, on a machine without a home and without a place for caches."""
    port = free_port()
    settings = variables() | {"HOME": NOWHERE, "XDG_CACHE_HOME": NOWHERE, "UPSTREAM_CACHE": NOWHERE}
    yield from serve_at(port, on_port(json.loads(all_of("CMD")[0]), port), folder=image, **settings)


@pytest.fixture
def tab(browser: Browser, served: str) -> Iterator[Page]:
    yield from open_tab(browser, served)


@pytest.mark.browser
def test_pages_downloads_briefings_feeds_and_files_leave_no_trace_in_the_servers_folder(image, served, tab, tmp_path):
    before = state_of(image)
    for path in PAGES:
        open_page(tab, served, path)
    open_page(tab, served, "download")
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name="scores as Parquet").click()
    waiting.value.save_as(tmp_path / "scores.parquet")
    assert (tmp_path / "scores.parquet").stat().st_size > 1000
    open_page(tab, served, "briefings?country=MMR")
    wait_until_drawn(tab)
    with tab.expect_download() as waiting:
        tab.get_by_role("button", name=re.compile("PDF")).first.click()
    waiting.value.save_as(tmp_path / "briefing.pdf")
    assert (tmp_path / "briefing.pdf").read_bytes().startswith(b"%PDF")
    newest = release.ids(folder=image / "data" / "releases")[-1]
    for path in ("feeds/fr/all.atom", f"releases/{newest}/SHA256SUMS"):
        with urllib.request.urlopen(f"{served}/{path}", timeout=60) as answer:  # noqa: S310  (our own)
            assert answer.status == 200
    assert state_of(image) == before
    assert not Path(NOWHERE).exists()


@pytest.mark.browser
def test_the_images_health_check_tells_a_server_that_is_well_from_one_that_is_not(served):
    command = json.loads(all_of("HEALTHCHECK")[0].split("CMD", 1)[1])
    well, gone = (on_port(command, port) for port in (int(served.rsplit(":", 1)[1]), free_port()))
    assert subprocess.run([sys.executable, *well], timeout=60).returncode == 0
    assert subprocess.run([sys.executable, *gone], timeout=60, capture_output=True).returncode == 1


def test_what_the_image_takes_is_in_the_repository_and_not_ignored():
    ignored = [line for line in (ROOT / ".containerignore").read_text("utf-8").splitlines() if line[:1] not in "#"]
    assert [path for path in copied() if not (ROOT / path).exists()] == []
    assert {path.removeprefix("./").split("/")[0] for path in copied()} & {*ignored} == set()
    assert {".git", ".venv", "tests", "data/raw"} <= {*ignored}


def test_the_image_runs_as_nobody_compiles_nothing_and_has_the_python_of_the_tests():
    assert all_of("USER") == ["65534:65534"]
    assert all("--only-binary :all:" in text for text in all_of("RUN"))
    version = re.search(r"python:([0-9.]+)-slim", all_of("FROM")[0])[1]
    assert tuple(map(int, version.split("."))) >= (3, 11)


def section(unit: Path, name: str) -> dict[str, str]:
    """A section of a unit; of a setting that stands twice the last."""
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(unit.read_text("utf-8"))
    return dict(parser[name])


def command_of(unit: str, **known: str) -> list[str]:
    """The arguments of a unit's command, with what systemd puts in."""
    text = section(DEPLOY / unit, "Service")["ExecStart"]
    for name, value in known.items():
        text = text.replace(f"${{{name}}}", value).replace(f"%{name}", value)
    program, *arguments = shlex.split(text)
    assert program == PYTHON
    assert "%" not in text
    assert "$" not in text
    return arguments


def settings_of(unit: str) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in section(DEPLOY / unit, "Service")["Environment"].split())


def test_the_units_command_serves_the_dashboard():
    port = free_port()
    for address in serve_at(port, command_of("upstream@.service", i=str(port))):
        wait_for(f"{address}/_stcore/health")
    names = {*settings_of("upstream@.service")}
    assert {"PYTHONDONTWRITEBYTECODE", "UPSTREAM_CACHE", "XDG_CACHE_HOME"} <= names


def test_the_mail_units_command_is_understood(tmp_path):
    """Up to the server for mail, of which there is none at that port."""
    known = {"MAIL_TO": "reader@example.org", "MAIL_FROM": "upstream@example.org", "S": str(tmp_path)}
    told = command_of("upstream-mail.service", MAIL_SMTP=f"127.0.0.1:{free_port()}", **known)
    ended = subprocess.run([sys.executable, *told], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 1, ended.stderr
    assert "Stopped." in ended.stderr
    assert "127.0.0.1" in ended.stderr


@pytest.mark.parametrize("unit", [path.name for path in UNITS if path.suffix == ".service"])
def test_a_service_may_write_to_its_own_folders_alone(unit):
    service = section(DEPLOY / unit, "Service")
    strict = {"ProtectSystem": "strict", "NoNewPrivileges": "yes", "DynamicUser": "yes", "ProtectHome": "yes"}
    assert strict.items() <= service.items()
    assert service["ReadOnlyPaths"] == INSTALLED
    assert "ReadWritePaths" not in service
    assert service["MemoryMax"]
    assert not re.search(r"(KEY|PASSWORD|SECRET)\w*=", (DEPLOY / unit).read_text("utf-8"))


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    """Where there is a systemd to ask; a misspelt setting is found by its warning."""
    for unit in UNITS:
        text = unit.read_text("utf-8").replace(PYTHON, sys.executable).replace(INSTALLED, str(ROOT))
        (tmp_path / unit.name).write_text(text, "utf-8")
    if asked := shutil.which("systemd-analyze"):
        names = [str(tmp_path / unit.name) for unit in UNITS]
        ended = subprocess.run([asked, "verify", "--man=no", *names], capture_output=True, text=True, timeout=60)
        assert (ended.returncode, ended.stderr) == (0, "")
    assert [unit.name for unit in UNITS] == ["upstream-mail.service", "upstream-mail.timer", "upstream@.service"]
