"""Faults played on the real commands, and what is left after each: `make faults`; docs/deployment.md has a result.

Kills at random moments, a full disk, a folder that cannot be written, two at once, a producer's server that misbehaves.
fetch runs on the producers' files if they are there, and so do some of the builds; the other builds write a release of
invented States, for which backtest and publish run too: on the real one they take an hour. tests/test_faults.py plays
a few of the same.
"""

import argparse
import asyncio
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psutil
from aiohttp import ClientError, ClientSession
from rich.console import Console

import pipeline
import release
from indicators.sources.cards import Card, load_cards
from models import backtest as rolling
from models import drivers, forecast, ledger, skill
from models.outcomes import OUTCOMES
from tools.reader import OPEN, finish, reading
from tools.servers import free_port, running

ROOT = release.ROOT
START = "from tools import faults; faults.start()"
SETTINGS = "UPSTREAM_FAULTS"  # environment variable: what `start` reads
OWN_MOUNTS = "UPSTREAM_FAULTS_MOUNTS"  # environment variable: set when mounts are seen by this campaign alone
INVENTED = "1998-11"
COMMANDS = ("fetch", "build", "backtest", "publish")
WHOLE_BUILD = "build of all sources"
SHARES = {"fetch": 0.36, WHOLE_BUILD: 0.06, "build": 0.22, "backtest": 0.2, "publish": 0.16}  # of the kills
WHOM = ("alone", "with workers", "a worker, if any")  # who is killed: the command, or one of its processes
WITHIN = 900  # seconds; a command that takes longer hangs
GONE = 60  # seconds within which orphans must have ended
PIECE = 1 << 14  # bytes
CARD: dict[str, Any] = {
    "producer": "Nobody", "edition": "1", "url": "https://example.org/data", "accessed": date(2026, 11, 22),
    "lag_months": 6, "lag_reason": "an example", "covers": [2000, 2020], "absent_means": "unknown", "codes": "iso3",
    "licence": "CC BY 4.0", "may_redistribute": True, "citation": "Nobody (2026).", "caveats": ["Played."],
}  # fmt: skip


class Producer(BaseHTTPRequestHandler):
    """A producer's server, which sends /<manner>/<file> of its folder in that manner, or in `manner` if set."""

    def do_GET(self) -> None:
        manner, _, name = self.path.lstrip("/").partition("/")
        body = (self.server.folder / name).read_bytes()  # type: ignore[attr-defined]
        try:
            getattr(self, self.server.manner or manner)(body)  # type: ignore[attr-defined]
        except OSError:
            return  # who asked has gone

    def log_message(self, *_: object) -> None:
        pass

    def head(self, length: int | None, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in (headers | ({} if length is None else {"Content-Length": str(length)})).items():
            self.send_header(name, value)
        self.end_headers()

    def whole(self, body: bytes) -> None:
        self.head(len(body))
        self.wfile.write(body)

    def slow(self, body: bytes) -> None:
        self.head(len(body))
        for at in range(0, len(body), PIECE):
            self.wfile.write(body[at : at + PIECE])
            self.server.stopped.wait(0.01)  # type: ignore[attr-defined]

    def drip(self, body: bytes) -> None:
        """A byte now and then, always within the time-out."""
        self.head(len(body))
        for byte in body:
            self.wfile.write(bytes([byte]))
            if self.server.stopped.wait(0.2):  # type: ignore[attr-defined]
                return

    def silent(self, body: bytes) -> None:
        self.head(len(body))
        self.server.stopped.wait(WITHIN)  # type: ignore[attr-defined]

    def cut_off(self, body: bytes) -> None:
        self.head(len(body))
        self.wfile.write(body[: len(body) // 2])

    def answers_404(self, _: bytes) -> None:
        self.send_error(404)

    def answers_500(self, _: bytes) -> None:
        self.send_error(500)

    def web_page(self, _: bytes) -> None:
        self.whole(b"<!DOCTYPE html><html><body>Please log in</body></html>")

    def other_hash(self, body: bytes) -> None:
        self.whole(body[:-1] + b"?")

    def loop(self, _: bytes) -> None:
        self.head(0, 302, Location=self.path)

    def endless(self, _: bytes) -> None:
        self.head(None)
        while not self.server.stopped.is_set():  # type: ignore[attr-defined]
            self.wfile.write(bytes(PIECE))


MANNERS = ("drip", "silent", "cut_off", "answers_404", "answers_500", "web_page", "other_hash", "loop", "endless")


@contextmanager
def producer(folder: Path) -> Iterator[Any]:
    """The server on a free port of this machine; `manner` holds for all files while it is set."""
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Producer)
    server.folder, server.manner, server.stopped = folder, "", threading.Event()
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()


def start() -> None:
    """Run a command of pipeline.py as `SETTINGS` says: in the process of its own that is to be killed."""
    settings = json.loads(os.environ[SETTINGS])
    if "largest_file" in settings:
        resource.setrlimit(resource.RLIMIT_FSIZE, (settings["largest_file"],) * 2)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    if sys.argv[1] == "fetch":
        _use_producer(settings)
    elif not settings["real"]:
        _use_invented()
    pipeline.main()


def _use_producer(settings: dict[str, Any]) -> None:
    from indicators.sources import fetch

    cards = {
        file: Card.model_validate(CARD | {"id": file, "title": f"Data of {file}"} | facts)
        for file, facts in settings["files"].items()
    }
    _put(pipeline, load_cards=lambda: cards, fetch_files=partial(pipeline.fetch_files, retries=1))
    _put(fetch, TIMEOUT=settings["timeout"], MOST=settings["most"])


def _use_invented() -> None:
    """The release of invented States: one outcome, few resamples."""
    from tests.models.invented import Invented
    from tests.models.test_publish import first_tables

    groups = drivers.groups_of(Invented().catalogue)
    some = {name: groups[name] for name in ("rf01", "battle_deaths_per_100k")}
    _put(rolling, WARM_UP=1, LEAST_EVENTS=5)
    _put(drivers, DEALT=1, groups_of=lambda _: some)
    _put(forecast, CHECKED_BY=2)
    _put(skill, skill=partial(skill.skill, replicates=20))
    _put(pipeline, OUTCOMES={"mass_killing": OUTCOMES["mass_killing"]}, WINDOWS=[2])
    _put(pipeline, build_tables=lambda *_: first_tables())


def _put(module: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(module, name, value)


@dataclass
class Place:
    """A folder with all that the commands read and write, and the copy of it from which each trial begins.

    `files`: for fetch, by path below raw, with hash and address. `real`: a folder of the producers' files, for build.
    """

    folder: Path
    files: dict[str, dict[str, str]]
    real: Path | None = None
    timeout: int = 60
    results: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        handle, name = tempfile.mkstemp(prefix="said")  # outside, as the place's own disk may be full
        os.close(handle)
        self.log = Path(name)

    @property
    def releases(self) -> Path:
        return self.folder / "releases"

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger" / "ledger.csv"

    def arguments(self, command: str) -> list[str]:
        raw, out = str(self.folder / "raw"), str(self.folder / "out")
        newest = release.latest()
        releases = ["--out", str(self.releases)]
        return {
            "fetch": ["--raw", raw],
            "build": ["--as-of", "1998-11-15", "--release", INVENTED, *releases],
            WHOLE_BUILD: [f"--as-of={newest.as_of}", "--release", newest.id, "--raw", str(self.real), *releases],
            "backtest": ["--release", INVENTED, "--out", out],
            "publish": ["--release", INVENTED, "--out", out, "--replicates", "3", "--ledger", str(self.ledger)],
        }[command]

    def begin(self, command: str, **settings: Any) -> subprocess.Popen:
        """The command in a session of its own; what it says is added to the file `log`."""
        given = {"files": self.files, "real": command == WHOLE_BUILD, "timeout": self.timeout}
        told = json.dumps(given | {"most": 1 << 22} | settings)
        environment = {SETTINGS: told, "UPSTREAM_RELEASES": str(self.releases), "COLUMNS": "200"}
        with self.log.open("a") as out:
            # through a process of its own: what a command says must not be stopped by a limit or a full disk
            self.copier = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=out, start_new_session=True)
        try:
            return subprocess.Popen(
                [sys.executable, "-c", START, command.split()[0], *self.arguments(command)],
                cwd=ROOT, stdout=self.copier.stdin, stderr=subprocess.STDOUT, start_new_session=True,
                env=os.environ | environment,
            )  # fmt: skip
        finally:
            self.copier.stdin.close()  # type: ignore[union-attr]

    def said(self) -> str:
        """What commands have said since this was asked; of two at once, in any order. Only when they have ended."""
        self.copier.wait(GONE)
        text = self.log.read_text("utf-8", errors="replace")
        self.log.unlink()
        return text

    def run(self, command: str, **settings: Any) -> tuple[int, str]:
        """Its code of return, and what it said."""
        process = self.begin(command, **settings)
        try:
            code = process.wait(WITHIN)
        finally:
            end(process)
        return code, self.said()

    def prepare(self, commands: Collection[str] = ("backtest", "publish")) -> None:
        """What each trial begins with: the embedded release, the invented one as built, a ledger with lines.

        What these commands have done is kept too, so that they have less to do.
        """
        base = self.folder / "base"
        newest = release.latest()
        shutil.copytree(newest.folder, base / "releases" / newest.id)
        (base / "raw").mkdir()
        (base / "ledger").mkdir()
        lines = pipeline.LEDGER.read_text().splitlines(keepends=True)
        (base / "ledger" / "ledger.csv").write_text("".join(lines[:500]))
        self.reset()
        self.must("build")
        shutil.copytree(self.releases / INVENTED, base / "releases" / INVENTED)
        for command in commands:
            self.must(command)
            shutil.copytree(self.folder / "out" / "cache", base / "out" / "cache", dirs_exist_ok=True)

    def must(self, command: str) -> None:
        """Run it undisturbed, and keep what it makes as what it must make."""
        code, said = self.run(command)
        if code:
            raise RuntimeError(f"{command} fails without any fault:\n{said[-2000:]}")
        self.results[command] = self.result(command)

    def reset(self, chance: random.Random | None = None) -> None:
        """As it was at the beginning; with `chance`, a part of what backtest and publish have done is still to do."""
        for name in ("raw", "releases", "out", "ledger"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            if (self.folder / "base" / name).exists():
                shutil.copytree(self.folder / "base" / name, self.folder / name)
        done = sorted(path.parent for path in (self.folder / "out").rglob("output.pkl"))
        for path in done if chance else []:
            if chance and chance.random() < 0.15:
                shutil.rmtree(path)

    def result(self, command: str) -> dict[str, str]:
        """Hashes of all that the command makes."""
        where = {
            "fetch": [self.folder / "raw"],
            "build": [self.releases / INVENTED],
            WHOLE_BUILD: [self.releases / release.latest().id],
            "backtest": [self.folder / "out" / "backtest.parquet", self.folder / "out" / "skill.csv"],
            "publish": [self.releases / INVENTED, self.ledger],
        }[command]
        files = [path for each in where for path in (each, *each.rglob("*")) if path.is_file()]
        return {str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    def leftovers(self) -> list[str]:
        """Files and folders that only a command at work may have."""
        seen = [self.folder / name for name in ("raw", "releases", "ledger")]
        found = [path for each in seen for path in each.rglob("*")] + [*(self.folder / "out").glob("*")]
        return [p.name for p in found if p.name.startswith((".", "tmp")) or p.suffix in {".part", ".building"}]

    def writes(self) -> bool:
        """Whether a command is writing at this moment."""
        return bool(self.leftovers())


def end(process: subprocess.Popen) -> None:
    """End a command, and whatever is left of its session."""
    if process.poll() is None or _session(process.pid):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            process.wait()


def _session(leader: int) -> list[psutil.Process]:
    """The processes of a session, its leader left out."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid != leader and os.getsid(process.pid) == leader and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


@dataclass
class Tally:
    """What was tried and what came of it: one line for each command and fault."""

    lines: dict[tuple[str, str], list[list[str]]] = field(default_factory=dict)

    def add(self, command: str, fault: str, lost: list[str]) -> None:
        self.lines.setdefault((command, fault), []).append(lost)
        Console().print(f"{command}: {fault}: {'; '.join(lost) or 'nothing lost'}", soft_wrap=True)

    @property
    def lost(self) -> list[str]:
        return [text for trials in self.lines.values() for trial in trials for text in trial]

    def table(self) -> str:
        """As Markdown."""
        rows = [
            f"| {command} | {fault} | {len(trials)} | {sum(map(bool, trials))} |"
            for (command, fault), trials in self.lines.items()
        ]
        return "\n".join(["| Command | Fault | Tried | With a loss |", "|---|---|---:|---:|", *rows])


def missing(place: Place, lines: bytes, port: int | None = None) -> list[str]:
    """What was lost: a file of a release, a line of the ledger; or a visit to the server that was not answered."""
    lost = []
    for name in (INVENTED, release.latest().id):
        try:
            lost += [f"release {name}: {path}" for path in release.load(name, folder=place.releases).damaged()]
        except release.ReleaseError as error:
            lost.append(str(error))
    try:
        ledger.verify(place.ledger)
    except ledger.LedgerError as error:
        lost.append(str(error))
    if not place.ledger.read_bytes().startswith(lines):
        lost.append("lines of the ledger")
    if port:
        try:
            finish(visit(port))
        except (OSError, RuntimeError, ClientError) as error:
            lost.append(f"a visit: {error}")
    return lost


async def visit(port: int) -> None:
    """Look at the first page.

    Raises:
        OSError, ClientError: the server does not answer.
        RuntimeError: the page shows an error.
    """
    address = f"http://127.0.0.1:{port}"
    async with asyncio.timeout(GONE), ClientSession() as http, reading(http, address, INVENTED, 0) as reader:
        await reader.click(OPEN)


def again(place: Place, command: str) -> list[str]:
    """What is wrong with the next run: it fails, gives something else than an undisturbed one, or leaves files."""
    code, said = place.run(command)
    if code:
        return [f"the next run ends with {code}: {said[-400:]}"]
    differing = dict(place.results[command].items() ^ place.result(command).items())
    return [f"the next run gives another {name}" for name in differing] + [
        f"the next run leaves {name}" for name in place.leftovers()
    ]


@dataclass
class Length:
    """Seconds that a command takes, and those of them after it begins to write."""

    whole: float
    writing: float


def measure(place: Place, command: str, chance: random.Random) -> Length:
    """Run it undisturbed, and keep what it makes as what it must make."""
    place.reset(chance)
    begun, first = time.monotonic(), None
    process = place.begin(command)
    while process.poll() is None:
        first = first or (time.monotonic() if place.writes() else None)
        time.sleep(0.005)
    if process.returncode:
        raise RuntimeError(f"{command} fails without any fault:\n{place.said()[-2000:]}")
    now = time.monotonic()
    place.results[command] = place.result(command)
    place.said()
    return Length(now - begun, now - (first or now))


def kill(place: Place, command: str, length: Length, chance: random.Random, *, whom: str, late: bool) -> list[str]:
    """End it at a random moment, of the time that it takes or of that in which it writes; say what is wrong then.

    `whom`: one of WHOM. A command that has ended before that moment was not killed: it begins again, at another one.
    """
    killed = False
    while not killed:
        process = place.begin(command)
        try:
            killed = _killed(process, place, length, chance, whom=whom, late=late)
            process.wait(WITHIN)
            _, alive = psutil.wait_procs(_session(process.pid), timeout=GONE)
            wrong = [f"orphan {' '.join(each.cmdline())[-60:]}" for each in alive]
        finally:
            end(process)
        place.said()
        if not killed:
            place.reset(chance)
    return wrong


def _killed(
    process: subprocess.Popen, place: Place, length: Length, chance: random.Random, *, whom: str, late: bool
) -> bool:
    """Whether it was still at work when its moment came."""
    while late and process.poll() is None and not place.writes():
        time.sleep(0.002)
    try:
        process.wait(chance.uniform(0, length.writing if late else length.whole))
    except subprocess.TimeoutExpired:
        _kill(process, whom)
        return True
    return False


def _kill(process: subprocess.Popen, whom: str) -> None:
    workers = [each for each in _session(process.pid) if "popen_loky" in " ".join(each.cmdline())]
    if whom == "with workers":
        os.killpg(process.pid, signal.SIGKILL)
    elif whom == "a worker, if any" and workers:
        workers[0].kill()
    else:
        process.kill()


def play(
    place: Place, command: str, fault: str, act: Callable[[], list[str]], tally: Tally, port: int | None = None
) -> None:
    """One trial: play the fault, look what is there, run the command again."""
    lines = place.ledger.read_bytes()
    wrong = act()
    tally.add(command, fault, wrong + missing(place, lines, port) + again(place, command))


def kills(place: Place, number: int, chance: random.Random, tally: Tally, port: int) -> None:
    """So many kills, spread over the commands; every second one while the command writes."""
    for command in SHARES if place.real else COMMANDS:
        length = measure(place, command, chance)
        Console().print(f"{command}: {length.whole:.1f} s, of which it writes {length.writing:.1f} s")
        for at in range(round(number * SHARES[command])):
            place.reset(chance)
            whom = WHOM[at % 3] if command in {"backtest", "publish"} else WHOM[0]
            act = partial(kill, place, command, length, chance, whom=whom, late=at % 2 == 1)
            play(place, command, f"killed, {whom}", act, tally, port)


def refused(place: Place, command: str, *expected: str, **settings: Any) -> list[str]:
    """Run a command that cannot succeed: what is wrong if it does, or does not say one of these in one message."""
    code, said = place.run(command, **settings)
    if code == 0:
        return ["it ended well, although it could not"]
    wrong = ["a traceback"] if "Traceback" in said else []
    return wrong + [f"it did not say {text!r}: {said[-400:]}" for text in expected if text not in said]


def two_at_once(place: Place, command: str) -> list[str]:
    """Both must end well, or the second say that another one is at work."""
    first, second = place.begin(command), place.begin(command)
    codes = [first.wait(WITHIN), second.wait(WITHIN)]
    said = place.said()
    busy = "Another process is at work" in said
    return [] if codes.count(0) == 2 or (codes.count(0) == 1 and busy) else [f"codes {codes}: {said[-400:]}"]


def full_disk(place: Place, command: str, chance: random.Random, space: int) -> list[str]:
    """Leave less room on the disk than the command needs; make room again afterwards."""
    filler = place.folder / "filler"
    free = shutil.disk_usage(place.folder).free
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free - chance.randrange(4096, space))
    try:
        return refused(place, command, "Make room")
    finally:
        filler.unlink()


@contextmanager
def mounted(folder: Path, *options: str) -> Iterator[None]:
    """A file system at this folder, for this campaign alone."""
    subprocess.run(["mount", *options, str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def read_only(place: Place, command: str) -> list[str]:
    """Let nothing be written where the command writes."""
    folder = {"fetch": place.folder / "raw", "backtest": place.folder / "out"}.get(command, place.releases)
    with mounted(folder, "--bind", "-o", "ro", str(folder)):
        return refused(place, command, "give permission")


def misbehaved(place: Place, manner: str) -> list[str]:
    """Have the server misbehave with one file: fetch must end in time, name its source, and keep no half of it."""
    name = sorted(place.files)[0]
    fine, facts = dict(place.files), place.files[name]
    place.files[name] = facts | {"download": facts["download"].replace("/whole/", f"/{manner}/")}
    try:
        wrong = refused(place, "fetch", f"Data of {name}", "data/sources.toml" if manner == "answers_404" else "")
    finally:
        place.files.clear()
        place.files.update(fine)
    return wrong + (["half a file under its final name"] if (place.folder / "raw" / name).exists() else [])


@contextmanager
def served(place: Place) -> Iterator[int]:
    """The dashboard on the releases of the place: its port."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(port), "--log-level", "warning"]
    with running(["env", f"UPSTREAM_RELEASES={place.releases}", *command], port):
        yield port


def files_of(mirror: Path | None, folder: Path, address: str) -> dict[str, dict[str, str]]:
    """What fetch is to bring: the producers' files in the mirror, or invented ones, made in `folder`."""
    if mirror:
        wanted = [file for card in load_cards().values() for file in card.files.values()]
        hashes = {file.file: file.sha256 for file in wanted if (mirror / file.file).is_file()}
    else:
        made = {f"invented/{n}.csv": random.Random(n).randbytes(300_000) for n in range(12)}
        (folder / "invented").mkdir(parents=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
        hashes = {name: hashlib.sha256(content).hexdigest() for name, content in made.items()}
    return {
        name: {"file": name, "sha256": sha256, "download": f"{address}/whole/{name}"} for name, sha256 in hashes.items()
    }


def other_faults(place: Place, chance: random.Random, tally: Tally, port: int, server: Any) -> None:
    """Everything but kills, on a place that has what undisturbed runs make."""
    for command in COMMANDS:
        for fault, act in (
            ("two at once", partial(two_at_once, place, command)),
            ("largest file 1 kB", partial(refused, place, command, "Make room", largest_file=1000)),
            ("read-only folder", partial(read_only, place, command)),
        ):
            if fault == "read-only folder" and OWN_MOUNTS not in os.environ:
                continue
            place.reset(chance)
            play(place, command, fault, act, tally, port)
    place.timeout = 2
    for manner in MANNERS:
        place.reset()
        fault = f"server: {manner.replace('_', ' ')}"
        play(place, "fetch", fault, partial(misbehaved, place, manner), tally, port)
    place.reset()
    server.manner = "slow"
    play(place, "fetch", "server: slow, within the time-out", lambda: again(place, "fetch"), tally, port)
    server.manner = ""
    place.timeout = 60


def small_disk(place: Place, chance: random.Random, tally: Tally, times: int) -> None:
    """Full disks, really: the place is moved to a small file system of its own."""
    inside = place.folder / "small"
    inside.mkdir()
    with mounted(inside, "-t", "tmpfs", "-o", "size=400m", "tmpfs"):
        small = Place(inside, place.files, place.real, results=place.results)
        shutil.copytree(place.folder / "base", inside / "base")
        small.reset()
        with served(small) as port:
            for command in COMMANDS:
                needs = {"fetch": 3_000_000, "build": 1_000_000, "backtest": 8_192, "publish": 200_000}[command]
                for _ in range(times):
                    small.reset()
                    for path in (small.folder / "out").glob("*.*"):
                        path.unlink()
                    play(small, command, "full disk", partial(full_disk, small, command, chance, needs), tally, port)


def main() -> None:
    """Play all faults and print what was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=50, help="kills")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10_000))
    parser.add_argument("--mirror", type=Path, help="folder of the producers' files")
    options = parser.parse_args()
    if OWN_MOUNTS not in os.environ and os.geteuid() == 0 and shutil.which("unshare"):
        os.environ[OWN_MOUNTS] = "1"
        again_with = ["--number", str(options.number), "--seed", str(options.seed)]
        again_with += ["--mirror", str(options.mirror)] if options.mirror else []
        os.execvp("unshare", ["unshare", "-m", sys.executable, "-m", "tools.faults", *again_with])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what it has begun ends with it
    chance, tally, begun = random.Random(options.seed), Tally(), time.monotonic()
    print(f"Seed {options.seed}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", flush=True)
    with tempfile.TemporaryDirectory() as name, producer(options.mirror or Path(name) / "mirror") as server:
        folder = Path(name)
        files = files_of(options.mirror, folder / "mirror", f"http://127.0.0.1:{server.server_port}")
        place = Place(folder, files, options.mirror)
        place.prepare()
        place.reset()
        with served(place) as port:
            kills(place, options.number, chance, tally, port)
            other_faults(place, chance, tally, port, server)
        if OWN_MOUNTS in os.environ:
            small_disk(place, chance, tally, times=1)
    print(tally.table())
    tried = sum(map(len, tally.lines.values()))
    took = (time.monotonic() - begun) / 60
    print(f"Seed {options.seed}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.")
    print(f"{tried} faults in {took:.0f} minutes; lost: {len(tally.lost) or 'nothing'}.")
    for text in tally.lost:
        print(f"* {text}")
    raise SystemExit(bool(tally.lost))


if __name__ == "__main__":
    main()
