"""Makes a release anew from the producers' files, and compares its files with those that stand: `make reproduce`.

What `build` makes takes a minute. With `--full` all that `publish` adds is made too: an hour on two cores. Nothing
that was done before is used: the folder that it works in is emptied first.
"""

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

import release
from pipeline import LEDGER, RAW

ROOT = release.ROOT
WORK = ROOT / "build" / "reproduce"
PACKAGE = "datapackage.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", type=Path, default=RAW, help="folder of the producers' files; data/raw without it")
    parser.add_argument("--release", help="its id; the newest without it")
    parser.add_argument("--full", action="store_true", help="also all that publish adds: an hour")
    parser.add_argument("--work", type=Path, default=WORK, help="folder to work in: it is emptied first")
    options = parser.parse_args()
    found = release.load(options.release) if options.release else release.latest()
    shutil.rmtree(options.work, ignore_errors=True)
    made = remake(found, options.raw, options.work, full=options.full)
    compared = compare(made, found, full=options.full)
    show(compared, found, made.folder)
    raise SystemExit(0 if compared["equal"].all() else 1)


def remake(found: release.Release, raw: Path, work: Path, *, full: bool) -> release.Release:
    """The release made by the commands, in a folder that holds nothing yet.

    Raises:
        SystemExit: a command stopped; what it said stands above.
    """
    releases = work / "releases"
    day = ("--as-of", found.as_of.isoformat(), "--release", found.id)
    run("build", *day, "--raw", str(raw), "--out", str(releases))
    if full:
        ledger = work / "ledger.csv"
        ledger.write_text(ledger_before(LEDGER, found.id), "utf-8")
        kept = ("--out", str(work / "kept"), "--ledger", str(ledger))
        run("publish", "--release", found.id, *kept, UPSTREAM_RELEASES=str(releases))
    return release.load(found.id, folder=releases)


def run(*arguments: str, **environment: str) -> None:
    done = subprocess.run([sys.executable, "pipeline.py", *arguments], cwd=ROOT, env=os.environ | environment)
    if done.returncode:
        raise SystemExit(f"pipeline.py {arguments[0]} stopped, so that nothing can be compared.")


def ledger_before(path: Path, id: str) -> str:
    """The ledger's text as it was before a release: its lines up to the first of that one."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    first = next((at for at, line in enumerate(lines) if line.startswith(f"{id},")), len(lines))
    return "".join(lines[:first])


def compare(made: release.Release, found: release.Release, *, full: bool) -> pd.DataFrame:
    """One row per file of the tables that `build` makes, or of the whole release: path, recorded (the hash in the
    datapackage.json that stands), made (that of the file made now), equal.

    A file that only one of them has is not equal, nor is one that stands with another hash than that recorded of it.
    """
    files = (
        pd.DataFrame({"recorded": hashes(found), "made": hashes(made)})
        .rename_axis("path")
        .fillna("missing")
        .sort_index()
    )
    if not full:
        built = release.built_tables()
        files = files[[path.split(".")[0] in built for path in files.index]]
    stands = ~files.index.isin(found.damaged())
    return files.assign(equal=(files["recorded"] == files["made"]) & stands).reset_index()


def hashes(found: release.Release) -> dict[str, str]:
    """By file, the hash that its datapackage.json has of it; and the hash of that file itself."""
    own = release.digest(found.folder / PACKAGE)
    return {entry["path"]: entry["hash"] for entry in found.package["resources"]} | {PACKAGE: own}


def show(compared: pd.DataFrame, found: release.Release, folder: Path) -> None:
    """Print each file with its hash, the files that differ last."""
    table = Table("file", "sha256", "", title=f"Release {found.id} as known on {found.as_of}, made anew")
    for row in compared.sort_values("equal", ascending=False, kind="stable").itertuples():
        short = row.made.removeprefix("sha256:")[:16]
        table.add_row(str(row.path), short, "equal" if row.equal else "[bold red]differs[/]")
    console = Console()
    console.print(table)
    equal = int(compared["equal"].sum())
    console.print(f"{equal} of {len(compared)} files are equal, byte for byte.")
    if equal < len(compared):
        differing = ", ".join(compared.loc[~compared["equal"], "path"][:5])
        console.print(
            f"These differ: {differing}. See that what requirements.txt names is installed, and that the code is that "
            f"of the release; what was made now is in {folder}.",
            soft_wrap=True,
        )


if __name__ == "__main__":
    main()
