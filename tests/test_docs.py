"""The docs say what is true of the repository: commands, files, numbers, cards, requirements."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest
import yaml

import release
from indicators.sources.cards import load_cards

ROOT = Path(__file__).parents[1]
DOCS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "LICENSE-DATA.md",
    *sorted((ROOT / "docs").glob("*.md")),
]
CATALOGUE = tomllib.loads((ROOT / "indicators/catalogue.toml").read_text(encoding="utf-8"))
FACTORS = tomllib.loads((ROOT / "indicators/framework.toml").read_text(encoding="utf-8"))["factors"]
LOCKS = ("requirements.lock", "requirements-dev.lock")
MADE_BY_USE = ("data/raw", ".venv", "build/", ".streamlit/secrets.toml")  # not in a fresh clone
SCORE = ("estimate", "lower", "upper")
NAMES = {"sklearn": "scikit-learn", "yaml": "pyyaml", "email_validator": "email-validator"}  # import name -> package


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def tracked_files() -> list[Path]:
    """What is in the repository: from git, or the whole folder when it came as an archive."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return [path for line in listed.splitlines() if (path := ROOT / line).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]


def python_files() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".py"]


def test_each_card_is_used():
    """By its id, by the name of its file (boundaries.py is given the path), or as another system's by its `peer`."""
    code = "\n".join(read(path) for path in python_files() if path.name != "test_docs.py")
    unused = [
        card.id
        for card in load_cards().values()
        if card.peer is None
        and f'"{card.id}"' not in code
        and not any(Path(file.file).stem in code for file in card.files.values())
    ]
    assert not unused, "remove the card, or read the source"


def test_each_source_of_the_catalogue_has_a_card():
    sources = {name for entry in CATALOGUE.values() for name in entry["source"]}
    assert not sources - set(load_cards())


def test_each_make_command_in_the_docs_exists():
    targets = set(re.findall(r"^([a-z]+):", read(ROOT / "Makefile"), re.MULTILINE))
    named = {word for path in DOCS for word in re.findall(r"^make ([a-z]+)|`make ([a-z]+)", read(path), re.MULTILINE)}
    assert {one or other for one, other in named} <= targets


def test_each_pipeline_command_in_the_docs_exists():
    texts = [read(path) for path in [*DOCS, ROOT / "Makefile"]]
    named = {word for text in texts for word in re.findall(r"pipeline\.py ([a-z]+)", text)}
    shown = subprocess.run([sys.executable, "pipeline.py", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert {word for word in named if not re.search(rf"^\W*{word}\b", shown.stdout, re.MULTILINE)} == set(), shown


def test_each_file_that_the_docs_name_exists():
    missing = []
    for path in DOCS:
        for name in re.findall(r"`((?:[\w.-]+/)+[\w.-]*|[\w-]+\.(?:md|toml|cff|py|txt))`", read(path)):
            made = name.startswith(MADE_BY_USE) or name in ("datapackage.json", "CODEBOOK.md", release.MODEL_CARD)
            if not (made or (ROOT / name).exists() or list(ROOT.glob(f"indicators/**/{name}"))):
                missing.append(f"{path.name}: {name}")
    assert not missing


def test_the_numbers_of_the_readme_are_those_of_the_catalogue():
    measured = sum(factor["measured"] for factor in FACTORS.values())
    assert f"{len(CATALOGUE)} indicators" in read(ROOT / "README.md")
    assert f"**{measured} of the {len(FACTORS)} factors are measured.**" in read(ROOT / "README.md")
    assert f"{len(CATALOGUE)} indicators, {measured} of the {len(FACTORS)} risk factors" in read(ROOT / "CHANGELOG.md")


def test_the_factors_have_the_names_of_the_framework():
    assert [int(number) for number in FACTORS] == list(range(1, 15))
    assert FACTORS["1"]["name"] == "Situations of armed conflict or other forms of instability"
    assert FACTORS["8"]["name"] == "Triggering factors"
    assert FACTORS["14"]["name"] == "Serious threats to humanitarian or peacekeeping operations"
    assert [number for number, factor in FACTORS.items() if not factor["measured"]] == ["10", "14"]


def test_no_tracked_file_names_a_place_on_one_machine():
    here = re.compile(r"(?<![\w.-])/(?:home|root|work|tmp|Users)/\w+|[A-Z]:\\Users")
    hits = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked_files()
        if path.suffix in {".py", ".md", ".toml", ".txt", ".sh", ".json", ".csv", ".cff", ".css", ""}
        and path != Path(__file__)
        for match in here.finditer(read(path))
    ]
    assert not hits


def test_every_requirement_is_pinned_to_one_version():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in read(ROOT / name).splitlines() if line and not line.startswith(("#", "-r"))]
        assert not [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line)], name


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_the_lock_holds_every_requirement_in_its_version_with_hashes(name):
    """`make lock` was run since a version was changed; pip refuses a file whose hash is not in the lock."""
    wanted, lock = read(ROOT / f"{name}.txt"), read(ROOT / f"{name}.lock")
    with_hash = set(re.findall(r"^(\S+==\S+)[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE))
    assert set(re.findall(r"^[a-z0-9-]+==\S+", wanted, re.MULTILINE)) <= with_hash
    assert set(re.findall(r"^[a-z0-9][^ ]*", lock, re.MULTILINE)) == with_hash


def test_what_the_dashboard_runs_with_is_what_the_tests_run_with():
    runtime, tested = (set(re.findall(r"^([a-z0-9.-]+==\S+)", read(ROOT / name), re.MULTILINE)) for name in LOCKS)
    assert runtime <= tested


def test_every_library_that_the_code_imports_is_pinned():
    """The dashboard must run with requirements.txt alone."""
    pinned = set(re.findall(r"^([a-z0-9-]+)==", read(ROOT / "requirements.txt"), re.MULTILINE))
    own = {path.relative_to(ROOT).parts[0].removesuffix(".py") for path in python_files()}
    unpinned = set()
    for path in python_files():
        if not {"tests", "tools", "notebooks"} & set(path.relative_to(ROOT).parts):
            for library in imported(path) - own - set(sys.stdlib_module_names):
                if NAMES.get(library, library) not in pinned:
                    unpinned.add(f"{path.relative_to(ROOT)}: {library}")
    assert not unpinned


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(read(path))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


def test_the_citation_is_that_of_the_newest_release_and_changelog():
    citation = yaml.safe_load(read(ROOT / "CITATION.cff"))
    newest = sorted(path.name for path in (ROOT / "data/releases").iterdir() if not path.name.startswith("."))[-1]
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(citation)
    assert citation["preferred-citation"]["version"] == newest
    assert f"## {citation['version']}, release {newest}" in read(ROOT / "CHANGELOG.md")
    assert f"release {newest}" in read(ROOT / "README.md")


def test_the_changelog_has_its_five_headings_for_each_version():
    versions = re.split(r"^## ", read(ROOT / "CHANGELOG.md"), flags=re.MULTILINE)[1:]
    for version in versions:
        headings = re.findall(r"^### (.*)", version, re.MULTILINE)
        assert headings == ["Data coverage", "Data corrections", "Method", "Model", "Software"]


def test_ci_runs_the_command_of_the_readme_and_nothing_else():
    commands = [
        line for line in read(ROOT / ".ci/run").splitlines() if line and not line.startswith(("#", "set", "cd"))
    ]
    assert commands == ["make test"]


def told(row: pd.Series) -> str:
    """A score as the method tells it: two or three digits, with its interval."""
    digits = 2 if row["metric"].startswith(("recall", "forecast")) else 3
    sign = "+" if row["metric"] == "brier_skill" or row["baseline"] else ""
    estimate, lower, upper = (f"{row[name]:{sign if name == 'estimate' else ''}.{digits}f}" for name in SCORE)
    return re.sub(r"(?<![0-9])0\.", ".", f"{estimate} ({lower} to {upper})")


def figures_of_the_method() -> dict[str, str]:
    """What the section on forecasts says of the embedded release, by name."""
    found = release.latest()
    ours = found.skill.query("outcome == 'mass_killing' and window_years == 2 and published")
    whole = ours[ours["period"] == "all"]
    aligned, operational = (whole[whole["design"] == design] for design in ("aligned", "operational"))
    alone = aligned[aligned["baseline"] == ""].set_index("metric", drop=False)
    poor = aligned[aligned["baseline"] == "infant_mortality_population"].set_index("metric", drop=False)
    issued = operational[operational["baseline"] == ""].set_index("metric", drop=False)
    decades = ours.query(
        "design == 'aligned' and period != 'all' and baseline == '' and metric == 'forecast_to_event_ratio'"
    )
    ratios = ", ".join(f"{ratio:.2f}" for ratio in decades.sort_values("period")["estimate"])
    checks = found.interval_checks
    return {
        **{name: told(row) for name, row in alone.iterrows() if not name.endswith(("20", "log_score", "brier_score"))},
        "N": f"{alone['n'].iloc[0]:,} rows",
        "EVENTS": f"{alone['events'].iloc[0]} with an onset",
        "d_auc": told(poor.loc["auc"]),
        "d_ap": told(poor.loc["average_precision"]),
        "op_auc": told(issued.loc["auc"]),
        "op_ap": told(issued.loc["average_precision"]),
        "decades": re.sub(r"(?<![0-9])0\.", ".", ratios),
        "INSIDE": f"in {checks['inside'].sum()} of {len(checks)} cases",
    }


def figures_of_the_sensitivity() -> dict[str, str]:
    """What the section on sensitivity says of the embedded release; nothing if that was made before these tables."""
    found = release.latest()
    if "sensitivity" not in found.tables():
        return {}
    states, others = found.sensitivity, found.sensitivity_alternatives
    width = states["rank_upper"] - states["rank_lower"]
    first = width[states["rank"] <= 30].median()
    change = others.set_index(["choice", "alternative"])["mean_change"]
    left_out = {name: change[name] for name in ("dropped_factor", "dropped_indicator")}
    return {
        **{row.choice: f"| {share_told(row, 'first_order')} | {share_told(row, 'total')} |"
           for row in found.sensitivity_shares.itertuples()},
        "STATES": f"(year {states['year'].max()}, {len(states)} States)",
        "width": f"interval is {width.median():.0f} places, of the first 30 States {first:.0f}",
        "geometric": f"moves places most, by {change['aggregation', 'geometric']:.2f} on average",
        "most": f"most, by {change.max():.2f} on average",
        "percentile": f"percentile ranks by {change['normalisation', 'percentile_ranks']:.2f}",
        "equal": f"equal weights of indicators by {change['indicator_weights', 'equal']:.2f}",
        **{name: f"by {each.min():.2f} to {each.max():.2f}" for name, each in left_out.items()},
        "alike": f"published places is {others['spearman'].min():.3f}",
    }  # fmt: skip


def share_told(row, name: str) -> str:
    """A share of variance as the method tells it: per cent with its interval."""
    share, lower, upper = (100 * getattr(row, name + end) for end in ("", "_lower", "_upper"))
    return f"{share:.1f} % ({lower:.1f} to {upper:.1f})"


def test_the_figures_of_the_sensitivity_in_the_method_are_those_of_the_release():
    text = read(ROOT / "docs" / "method.md")
    section = text[text.index("## Sensitivity") : text.index("## Forecasts")]
    assert {name: told for name, told in figures_of_the_sensitivity().items() if told not in section} == {}


@pytest.mark.parametrize("name", list(figures_of_the_method()))
def test_the_figures_of_the_forecasts_in_the_method_are_those_of_the_release(name):
    text = read(ROOT / "docs" / "method.md")
    section = text[text.index("## Forecasts") : text.index("### What was tried")]
    assert figures_of_the_method()[name] in section


def figures_of_the_drivers() -> dict[str, str]:
    """What the method says of indicators and factors, by the embedded release."""
    table = release.latest().drivers
    single = table[table["level"] == "indicator"]
    alone, adds = (single[single["measure"] == name] for name in ("alone", "adds"))
    outcomes = alone[alone["lower"] > 0.5].groupby("driver").size()
    indicators = alone["driver"].nunique()
    return {
        "alone": f"{len(outcomes)} of the {indicators} indicators tell alone of at least one outcome",
        "all": f"{(outcomes == alone['outcome'].nunique()).sum()} of all five",
        "adds": f"{adds.loc[adds['lower'] > 0, 'driver'].nunique()} add to all others in at least one",
    }


def test_the_figures_of_the_drivers_in_the_method_are_those_of_the_release():
    text = read(ROOT / "docs" / "method.md")
    assert {name: told for name, told in figures_of_the_drivers().items() if told not in text} == {}
    none = set(release.latest().catalogue["indicator"])
    table = release.latest().drivers
    none -= set(table.loc[(table["measure"] == "alone") & (table["lower"] > 0.5), "driver"])
    assert len(none) == 5
    assert "Five tell of none" in text
