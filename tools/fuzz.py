"""Hostile input: every reader of files, links and addresses is fed mutated bytes by atheris (`make fuzz`).

A target takes bytes and either reads them or refuses them with the error that its docstring names. Anything else, more
than 2 GiB of memory or more than 10 seconds is a finding: the bytes are kept in build/fuzz, and the command fails.
tests/test_hostile.py runs the same targets briefly.
"""

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from pathlib import Path
from types import FunctionType
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table
from starlette.applications import Starlette
from starlette.testclient import TestClient

import release
from dashboard import addresses, current, feed_routes, links, mine, plain, store
from indicators import catalogue
from indicators.sources import READERS
from indicators.sources.cards import CARDS_FILE, load_cards
from indicators.sources.contract import checked, read_source
from indicators.sources.peers import read_peer
from models import ledger
from tests.dashboard import sample
from tests.indicators.test_readers import BANK, CONFLICTS, HUMAN_RIGHTS, TIDY

FOUND = release.ROOT / "build" / "fuzz"
OWN = ("dashboard", "indicators", "models", "release")
MEMORY, LONGEST = 2048, 10  # MiB, seconds
EITHER = ("vdem", "unhcr_flows")  # of the readers of Parquet or CSV, those that are fed both
OTHERS: tuple[str, ...] = ("peer", "cards", "link", "typed_list", "catalogue", "framework", "ledger", "ledger.chained")
OTHERS += ("release.package", "release.table", "address", "feed")


@dataclass(frozen=True)
class Target:
    """What is fed: `read` raises nothing but what it may; `seed` is bytes that it reads."""

    read: Callable[[bytes], object]
    seed: bytes
    may: tuple[type[Exception], ...] = (ValueError,)

    def feed(self, data: bytes) -> None:
        """Read the bytes; an error that is documented is an answer."""
        with suppress(*self.may):
            self.read(data)


@cache
def folder() -> Path:
    """A folder of this process, removed at its end."""
    made = tempfile.TemporaryDirectory(prefix="upstream-fuzz-")
    _KEPT.append(made)
    return Path(made.name)


_KEPT: list[tempfile.TemporaryDirectory] = []


@cache
def invented() -> release.Release:
    """The release of invented States, in use from now on in this process."""
    os.environ["UPSTREAM_RELEASES"] = str(folder() / "releases")
    tables = sample.tables() | sample.forecast_tables()
    made = release.write(tables, "2024-01", as_of=date(2024, 1, 31), model_card="# Model card")
    current.forget()
    return made


def written(name: str, data: bytes) -> Path:
    """The bytes as a file."""
    path = folder() / name
    path.write_bytes(data)
    return path


def readers() -> dict[str, Target]:
    """Every reader of a source, with its contract; those of Parquet or CSV with either."""
    found = {name: _reader(name, ending, seed) for name, (ending, seed) in seeds().items()}
    frames = {name: pd.read_csv(io.BytesIO(seeds()[name][1])) for name in EITHER}
    return found | {f"{name}.parquet": _reader(name, "parquet", parquet(frame)) for name, frame in frames.items()}


def _reader(name: str, ending: str, seed: bytes) -> Target:
    module, reader = READERS[name]

    def read(data: bytes) -> None:
        table = read_source(reader, _paths(name, written(f"{name}.{ending}", data)), source=name)
        checked(table.drop(columns="left_out", errors="ignore"), module.CONTRACTS[name], source=name)

    return Target(read, seed)


def _paths(name: str, path: Path) -> Path | dict[str, Path]:
    """As the reader wants it: a file, or files by name, all the same but for a list of names."""
    files = load_cards()[name].files
    if len(files) == 1:
        return path
    names = written("names.csv", b"country_id,name\n5,Alandia\n")
    return {key: names if key == "names" else path for key in list(files)[:2]}


@cache
def seeds() -> dict[str, tuple[str, bytes]]:
    """By reader, the ending of its file and a small valid one, all of it invented."""
    found = {name: ("csv", text.encode()) for name, (text, _rows) in TIDY.items()}
    module = READERS["vdem"][0]
    names = ["country_text_id", "year", *module.INDICES, *module.VARIABLES]
    texts = {
        "ucdp_conflicts": CONFLICTS + "11;A, B;1;2000;2;3;901, 902\n",
        "ucdp_candidate_monthly": ",Alandia,Bretagna,\n2000-01-31,3,0,0\n2000-02-29,0,4,0\n",
        "vdem": f"{','.join(names)}\nQMA,2000{',0.5' * (len(names) - 2)}\n",
        "wdi": BANK,
        "human_rights_treaties": HUMAN_RIGHTS,
    }
    found |= {name: ("csv", text.encode()) for name, text in texts.items()}
    return found | {
        "ucdp_monthly_by_type": ("parquet", parquet(_months())),
        "coups_dated": ("xlsx", workbook(pd.DataFrame({"ccode": [901], "date": [pd.Timestamp("2000-05-01")]}), "x")),
        "mass_killing": ("xlsx", workbook(pd.DataFrame([_killing()]), "mk_events")),
        "factbook": ("json.gz", gzip.compress(json.dumps({"nowhere/qa.json": {"Government": _government()}}).encode())),
    }


def _months() -> pd.DataFrame:
    key = pd.MultiIndex.from_tuples([(109, 5), (110, 8)], names=["month_id", "country_id"])
    return pd.DataFrame({name: [1.0, 2.0] for name in ("ged_best_sb", "ged_best_ns", "ged_best_os")}, index=key)


def _killing() -> dict[str, Any]:
    named = {"mk_event_code": "a", "startyear": 2000, "endyear": 2003, "mk_location_cow": 901}
    return named | {"State-Led or Non-State-Led": "State-Led"}


def _government() -> dict[str, Any]:
    return {"Executive branch": {"most recent election date": {"text": "5 November 2024"}}}


def parquet(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file."""
    out = io.BytesIO()
    table.to_parquet(out)
    return out.getvalue()


def workbook(table: pd.DataFrame, sheet: str) -> bytes:
    """A table as a workbook with one sheet."""
    out = io.BytesIO()
    table.to_excel(out, sheet_name=sheet, index=False)
    return out.getvalue()


def peer() -> Target:
    """Another system's file, by the first card of one."""
    card = next(card for card in load_cards().values() if card.peer)
    if card.peer is None:
        raise LookupError("data/sources.toml has no card of another system")
    columns = [card.peer.code_column, card.peer.value_column, card.peer.rank_column, card.peer.year_column]
    given = dict(zip([*filter(None, columns)], ["QMA", "0.5", "1", str(card.covers[1])], strict=False))
    given |= {name: str(each[0] if isinstance(each, list) else each) for name, each in card.peer.where.items()}
    seed = pd.DataFrame([given]).to_csv(index=False).encode()
    return Target(lambda data: read_source(read_peer, card, written("peer.csv", data), source=card.id), seed)


def cards() -> Target:
    """The cards of the sources."""
    return Target(lambda data: load_cards(written("cards.toml", data)), _beginning(CARDS_FILE))


def _beginning(path: Path) -> bytes:
    """The first tables of a TOML file."""
    return b"\n[".join(path.read_bytes().split(b"\n[")[:3]) + b"\n"


def catalogues() -> dict[str, Target]:
    """The catalogue of indicators and the framework."""
    place = catalogue.HERE
    read = {"catalogue": catalogue.read_catalogue, "framework": catalogue.read_factors}
    return {
        name: Target(partial(_read_file, each, f"{name}.toml"), _beginning(place / f"{name}.toml"))
        for name, each in read.items()
    }


def _read_file(read: Callable[[Path], object], name: str, data: bytes) -> None:
    read(written(name, data))


def link() -> Target:
    """The query string of a link, weights and lists in it; nothing is refused by an error."""

    def read(data: bytes) -> None:
        invented()
        choices = store.choices()
        default = links.View(next(iter(choices.country)), choices.year[-1], "risk_index", "World")
        asked = dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
        _view, problems = links.read_view(asked, choices, default)
        [links.as_text(each) for each in problems]

    return Target(read, b"country=QMA&year=2023&weights=rf01:2,rf05:0.5&mine=QMA,QMB&compare=QMA,Africa&lang=fr", ())


def typed_list() -> Target:
    """A list that is typed, pasted or kept by a browser."""

    def read(data: bytes) -> None:
        invented()
        mine.explain_unknown(mine.read_text(data.decode("utf-8", "replace"))[1])

    return Target(read, "QMA, Alandia; Bretagna\nNewland، QME".encode(), ())


def ledgers() -> dict[str, Target]:
    """The ledger: its file as it is, and its cells under a chain that holds."""
    line = "2024-01,2024-01-31,mass_killing,operational,2024,2025,QMA,published,0.1,0.05,0.2,0.01"

    def chained(data: bytes) -> None:
        rows = list(ledger._chain(data.decode("utf-8", "replace").replace("\n", "").split("|"), ledger.START))
        text = "".join(f"{row}\n" for row in [ledger.HEADER, *(f"{body},{digest}" for body, digest in rows)])
        ledger.read(written("ledger.csv", text.encode()))

    digest = next(ledger._chain([line], ledger.START))[1]
    head = f"{ledger.HEADER}\n{line},{digest}\n".encode()
    plainly = Target(lambda data: ledger.read(written("ledger.csv", data)), head, (ledger.LedgerError,))
    return {"ledger": plainly, "ledger.chained": Target(chained, line.encode(), (ledger.LedgerError,))}


def releases() -> dict[str, Target]:
    """A release's datapackage.json, and one of its tables."""

    def bad(name: str, data: bytes) -> plain.Shown:
        copy = folder() / "bad"
        if not copy.is_dir():
            shutil.copytree(invented().folder, copy)
        (copy / name).write_bytes(data)
        return plain.Shown(copy)

    def package(data: bytes) -> None:
        found = bad("datapackage.json", data)
        found.check(current.NEEDED)
        found.damaged()

    return {
        "release.package": Target(package, _smaller_package(), (release.ReleaseError,)),
        "release.table": Target(
            lambda data: bad("factors.parquet", data).table("factors"),
            (invented().folder / "factors.parquet").read_bytes(),
            (release.ReleaseError,),
        ),
    }


def _smaller_package() -> bytes:
    return json.dumps(invented().package | {"resources": invented().package["resources"][:2]}).encode()


def routes() -> dict[str, Target]:
    """The addresses of files and feeds; the path is what follows their beginning."""
    invented()
    client = TestClient(Starlette(routes=[*addresses.routes(), *feed_routes.routes()]))

    def ask(start: str, data: bytes) -> None:
        path = re.sub(r"[^!-~]", lambda sign: quote(sign[0]), data.decode("utf-8", "replace")).replace("#", "%23")
        asked = client.get(f"{start}/{path}", follow_redirects=False)
        if asked.status_code >= 500 or asked.headers.get("content-type", "").startswith("text/html"):
            raise RuntimeError(f"{path}: {asked.status_code} {asked.headers.get('content-type')} {asked.text[:200]}")

    return {
        "address": Target(partial(ask, "/releases"), b"2024-01/..%2fscores.csv", ()),
        "feed": Target(partial(ask, "/feeds"), b"en/mine.atom?mine=QMA,QMD", ()),
    }


def names() -> list[str]:
    """The names of the targets, without making any."""
    return [*seeds(), *(f"{name}.parquet" for name in EITHER), *OTHERS]


@cache
def targets() -> dict[str, Target]:
    """Every target by its name."""
    single = {"peer": peer(), "cards": cards(), "link": link(), "typed_list": typed_list()}
    return readers() | single | catalogues() | ledgers() | releases() | routes()


def own_functions() -> list[FunctionType]:
    """Those of our own modules, whose branches guide the mutations."""
    own = [module for name, module in sys.modules.items() if name.split(".")[0] in OWN and module]
    found = [(module.__name__, each) for module in own for each in vars(module).values()]
    return [each for name, each in found if isinstance(each, FunctionType) and each.__module__ == name]


def run_one(name: str, options: list[str]) -> None:
    """Fuzz one target in this process, which atheris ends."""
    import atheris

    target = targets()[name]
    target.read(target.seed)
    corpus = written("seed", b"").with_suffix(".corpus")
    corpus.mkdir(exist_ok=True)
    (corpus / "seed").write_bytes(target.seed)
    for function in own_functions():
        atheris.instrument_func(function)
    atheris.Setup([sys.argv[0], *options, str(corpus)], target.feed)
    atheris.Fuzz()


def fuzz_one(name: str, seconds: int, seed: int) -> tuple[int, int, str]:
    """Runs, seconds, and what was found ("" = nothing)."""
    FOUND.mkdir(parents=True, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-timeout={LONGEST}", f"-rss_limit_mb={MEMORY}", f"-seed={seed}"]
    options += [f"-artifact_prefix={FOUND / name}-", "-max_len=20000"]
    command = [sys.executable, "-m", "tools.fuzz", "--only", name, *options]
    done = subprocess.run(command, cwd=release.ROOT, capture_output=True, text=True, errors="replace")
    said = done.stdout + done.stderr
    counted = re.search(r"Done (\d+) runs in (\d+) second", said)
    runs, took = (int(counted[1]), int(counted[2])) if counted else (0, 0)
    return runs, took, "" if done.returncode == 0 and counted else said[-3000:]


def main(
    seconds: Annotated[int, typer.Option(help="For each target.")] = 10,
    seed: Annotated[int, typer.Option(help="Of the mutations.")] = 1,
    only: Annotated[str, typer.Option(help="Targets whose names begin so; all without it.")] = "",
) -> None:
    """Feed mutated bytes to every target, and print how many runs each had."""
    table, console, found = Table("target", "runs", "seconds", "finding"), Console(), dict[str, str]()
    for name in [name for name in names() if name.startswith(only)]:
        runs, took, finding = fuzz_one(name, seconds, seed)
        table.add_row(name, f"{runs:,}", str(took), "yes" if finding else "none")
        console.print(f"{name}: {runs:,} runs in {took} s{', a finding' if finding else ''}")
        found |= {name: finding} if finding else {}
    console.print(table)
    for name, finding in found.items():
        console.print(f"\n{name}: {finding}", markup=False)
    raise SystemExit(len(found) > 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"] and len(sys.argv) > 3:
        run_one(sys.argv[2], sys.argv[3:])
    else:
        typer.run(main)
