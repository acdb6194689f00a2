"""No text that readers see holds a term of docs/words.toml."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
TERMS = tomllib.loads((ROOT / "docs/words.toml").read_text(encoding="utf-8"))["term"]
TITLES_OF_OTHERS = ("citation", "reference", "title")  # the titles of others' works are theirs to choose
MARKDOWN = ["README.md", "CHANGELOG.md", "LICENSE-DATA.md", "docs/*.md", "data/releases/*/*.md"]
TOML = ["indicators/*.toml", "data/*.toml"]
PYTHON = ["app.py", "release.py", "dashboard/**/*.py"]
CATALOGUES = ["dashboard/locale/*.po"]


def texts_of_toml(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from texts_of_toml(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from texts_of_toml(part, key)
    elif isinstance(value, str) and key not in TITLES_OF_OTHERS:
        yield value


def texts_of_python(source: str) -> Iterator[str]:
    """Every string in the code, docstrings too: some of them are shown."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def texts_of_catalogue(path: Path) -> Iterator[str]:
    """The translations; what they translate stands in the code."""
    with path.open("rb") as file:
        for message in read_po(file, locale=path.stem):
            if message.id:
                yield from [message.string] if isinstance(message.string, str) else message.string


def shown_texts() -> Iterator[tuple[str, str]]:
    """(file, text) for all that readers see."""
    for path in files(MARKDOWN):
        yield name(path), path.read_text(encoding="utf-8")
    for path in files(TOML):
        for text in texts_of_toml(tomllib.loads(path.read_text(encoding="utf-8"))):
            yield name(path), text
    for path in files(PYTHON):
        for text in texts_of_python(path.read_text(encoding="utf-8")):
            yield name(path), text
    for path in files(CATALOGUES):
        for text in texts_of_catalogue(path):
            yield name(path), text


def files(patterns: list[str]) -> list[Path]:
    return sorted(path for pattern in patterns for path in ROOT.glob(pattern))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def found(term: dict[str, Any], text: str) -> list[str]:
    for allowed in term.get("except", []):
        text = text.replace(allowed, "")
    return [match.group() for match in re.finditer(term["pattern"], text, re.IGNORECASE)]


@pytest.mark.parametrize("term", TERMS, ids=[term["instead"] for term in TERMS])
def test_no_text_holds_a_term_that_we_do_not_write(term):
    hits = [f"{place}: {hit!r}" for place, text in shown_texts() for hit in found(term, text)]
    assert not hits, f"{term['reason']} Write instead: {term['instead']}."


def test_texts_of_all_kinds_are_read():
    places = {place for place, _ in shown_texts()}
    assert {
        "README.md",
        "docs/method.md",
        "indicators/catalogue.toml",
        "data/sources.toml",
        "app.py",
        "dashboard/locale/ar.po",
    } <= places


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("Genocide and mass atrocities", "mass atrocities; atrocity crimes"),
        ("the crime\nof crimes", "atrocity crimes"),
        ("we predict that", "risk; likelihood; forecast"),
        ("there is no risk here", "a low score; no score"),
        (
            "ancient hatreds",
            "violence between armed groups; violence along identity lines, with who organised it",
        ),
        ("Terrorist attacks", "armed group, with its name in the source"),
        ("le génocide et les atrocités de masse", "atrocités de masse; atrocidades masivas; الفظائع الجماعية"),
        ("أخطر الجرائم", "atrocités criminelles; crímenes atroces; الجرائم الوحشية"),
        ("el modelo predice", "prévision; pronóstico; توقُّع"),
        ("نتنبأ", "prévision; pronóstico; توقُّع"),
        ("des groupes terroristes", "groupe armé; grupo armado; جماعة مسلحة"),
        ("un país sin riesgo", "score bas; puntuación baja; درجة منخفضة"),
        ("conflits tribaux", "violence entre groupes armés; violencia entre grupos armados; عنف بين جماعات مسلحة"),
    ],
)
def test_the_patterns_find_what_they_are_for(text, instead):
    assert [term["instead"] for term in TERMS if found(term, text)] == [instead]


@pytest.mark.parametrize(
    "text",
    [
        "no risk factor is measured",
        "the Genocide Convention",
        "Not a prediction.",
        "Political Terror Scale",
        "Échelle de terreur politique",
    ],
)
def test_the_patterns_leave_other_texts_alone(text):
    assert not [term["pattern"] for term in TERMS if found(term, text)]


def test_every_term_has_a_reason_and_a_replacement():
    for term in TERMS:
        assert term["reason"], term
        assert term["instead"], term
