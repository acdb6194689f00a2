"""The tutorial for researchers does what it says: each block is run, and prints what stands below it."""

import contextlib
import io
import re
import subprocess
import sys

import pytest

from release import ROOT

PAGE = ROOT / "docs" / "for_researchers.md"
BLOCK = re.compile(r"^```(bash|python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = ".venv/bin/python"


def run(text: str, names: dict) -> str:
    """What Python code prints; `names` is what earlier blocks defined."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(text, str(PAGE), "exec"), names)
    return printed.getvalue()


def run_command(text: str) -> None:
    for line in text.splitlines():
        assert line.startswith(PYTHON), "the test runs commands of this program alone"
        subprocess.run([sys.executable, *line.removeprefix(PYTHON).split()], cwd=ROOT, check=True, capture_output=True)


def test_each_block_of_the_tutorial_runs_and_prints_what_stands_below_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    names: dict = {}
    printed, compared = None, 0
    for kind, text in BLOCK.findall(PAGE.read_text("utf-8")):
        if kind == "bash":
            run_command(text)
        elif kind == "python":
            printed = run(text, names)
        else:
            assert text == printed
            compared += 1
    assert compared == len(re.findall("print\\(.*\n```", PAGE.read_text("utf-8")))
