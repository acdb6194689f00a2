"""The commands, as a user runs them; and a small invented world whose scores may change only on purpose."""

import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import release
from indicators import outputs
from indicators.catalogue import read_catalogue, read_factors
from indicators.panel import build_panel
from indicators.scores import score_factors, score_panel
from indicators.sources.cards import load_cards
from tools import reproduce

ROOT = release.ROOT
GOLDEN = Path(__file__).parent / "golden" / "scores.csv"


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "pipeline.py", *arguments]
    wide = os.environ | {"COLUMNS": "200"} | environment
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=wide)


def invented_panel_and_scores() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Four invented States over six years, values spread over each indicator's goalposts, gaps included.

    The scored panel, the scores, and the release's tables of indicators and factors.
    """
    rng = np.random.default_rng(0)
    catalogue, years = read_catalogue(), range(2010, 2016)
    spine = pd.DataFrame(
        [(code, None, code, year) for code in ("QMA", "QMB", "QMC", "QMD") for year in years],
        columns=["iso3", "gw_code", "country", "year"],
    ).astype({"gw_code": "Int64"})
    index = pd.MultiIndex.from_frame(spine[["iso3", "year"]])
    values = {}
    for name, entry in catalogue.items():
        drawn = pd.Series(rng.uniform(*entry.goalposts, len(index)), index)
        gaps = rng.random(len(index)) < 0.25
        values[name] = drawn[~gaps & ~((index.get_level_values("iso3") == "QMD") & (entry.factor % 2 == 1))]
    panel = build_panel(values, spine, catalogue=catalogue, cards=load_cards(), as_of=date(2015, 6, 30))
    scored, factors = score_panel(panel, catalogue), read_factors()
    scores = score_factors(scored, spine, catalogue=catalogue, factors=factors)
    return scored, scores, outputs.catalogue(catalogue), outputs.factors(factors)


def invented_scores() -> pd.DataFrame:
    return invented_panel_and_scores()[1]


def test_the_invented_world_has_the_scores_it_had():
    """To renew the file after a change on purpose: `python tests/test_pipeline.py`, and read the difference."""
    assert invented_scores().to_csv(index=False, lineterminator="\n") == GOLDEN.read_text("utf-8")


def test_check_says_that_the_embedded_release_is_whole():
    done = run("check")
    assert done.returncode == 0
    assert f"Release {release.latest().id} is whole" in done.stdout


def test_a_missing_file_stops_the_build_with_one_message(tmp_path):
    done = run("build", "--as-of", "2026-11-22", "--raw", str(tmp_path), "--out", str(tmp_path / "out"))
    assert done.returncode == 1
    assert "is missing. Run `python pipeline.py fetch`" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_day_that_is_none_stops_the_build_with_one_message(tmp_path):
    done = run("build", "--as-of", "22.11.2026", "--raw", str(tmp_path))
    assert done.returncode == 1
    assert "Invalid isoformat string: '22.11.2026'" in done.stderr


def test_a_mirror_that_is_none_stops_fetch_with_one_message(tmp_path):
    done = run("fetch", "--raw", str(tmp_path / "raw"), "--mirror", str(tmp_path / "nowhere"))
    assert done.returncode == 1
    assert "is not a folder: --mirror takes one that is laid out like data/raw" in done.stderr


def test_a_table_on_trial_without_its_columns_stops_with_one_message(tmp_path):
    (tmp_path / "tried.csv").write_text("country,year,value\nQMA,2000,1\n")
    done = run("try", str(tmp_path / "tried.csv"))
    assert done.returncode == 1
    assert "has no column iso3; it has ['country', 'year', 'value']. Rename them." in done.stderr
    assert "Traceback" not in done.stderr


def test_the_worked_country_in_the_method_is_that_of_the_release():
    text = (ROOT / "docs" / "method.md").read_text("utf-8")
    scores = release.latest().scores.set_index(["iso3", "year"]).loc[("SDN", 2024)]
    section = text[text.index("## One country worked out") : text.index("## What to keep in mind")]
    for number in (2, 3, 4, 5, 6, 9, 1, 7, 8, 11, 12, 13):
        assert re.search(rf"\b{number}: {scores[f'rf{number:02d}']:.2f}\b", section), number
    for name in ("structural", "dynamic", "risk_index"):
        assert f"**{scores[name]:.2f}**" in section, name


@pytest.mark.mirror
def test_fetch_and_build_from_the_mirror_give_the_tables_of_the_embedded_release_byte_for_byte(mirror, tmp_path):
    raw, out = tmp_path / "raw", tmp_path / "out"
    fetched = run("fetch", "--raw", str(raw), "--mirror", str(mirror))
    assert fetched.returncode == 0, fetched.stderr
    newest = release.latest()
    compared = reproduce.compare(reproduce.remake(newest, raw, out, full=False), newest, full=False)
    assert len(compared) == 2 * len(release.built_tables())
    assert compared.loc[~compared["equal"], "path"].tolist() == []


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(invented_scores().to_csv(index=False, lineterminator="\n"), "utf-8")
