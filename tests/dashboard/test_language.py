"""The four languages: nothing is left untranslated, nothing is changed in translation but the words."""

import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import release
from dashboard import current, language

ROOT = Path(__file__).parents[2]
TRANSLATED = [code for code in language.LANGUAGES if code != "en"]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Every text that `make words` finds in the code and in what the release shows."""
    path = tmp_path_factory.mktemp("words") / "words.pot"
    command = ["extract", "-F", "babel.cfg", "-k", "_", "-k", "N_", "-k", "ngettext:1,2", "-o", str(path), "."]
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "--quiet", *command], cwd=ROOT, check=True)
    with path.open("rb") as file:
        return read_po(file)


def catalogue(code: str) -> Catalog:
    with (language.LOCALE / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


@pytest.fixture(params=TRANSLATED)
def spoken(request: pytest.FixtureRequest):
    """One of the translated languages, in use."""
    current.use(None, request.param)
    yield request.param
    current.use(None, "en")


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_and_none_is_left_over(template, code):
    asked, there = ({message.id for message in each if message.id} for each in (template, catalogue(code)))
    assert sorted(map(str, asked - there))[:5] == [], "run `make words` and translate what is new"
    assert sorted(map(str, there - asked))[:5] == [], "run `make words`: these texts are gone"
    missing = [message.id for message in catalogue(code) if message.id and not all(_forms(message.string))]
    assert missing[:5] == [], f"{len(missing)} texts are not translated"
    assert [message.id for message in catalogue(code) if message.fuzzy][1:] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_same_places_for_numbers_and_names(code):
    wrong = []
    for message in catalogue(code):
        if not message.id:
            continue
        allowed = {frozenset(places(text)) for text in _forms(message.id)}
        many = frozenset(places(_forms(message.id)[-1]))
        for form in _forms(message.string):
            # a form for one or two of something may leave the number out
            kept = frozenset(places(form))
            plural = isinstance(message.id, tuple)
            if kept not in allowed and not (plural and kept < many):
                wrong.append((message.id, form))
    assert wrong[:5] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_marks_line_breaks_and_blanks_at_its_ends(code):
    wrong = [
        (message.id, form)
        for message in catalogue(code)
        if message.id
        for form in _forms(message.string)
        if form and marks(form) not in [marks(text) for text in _forms(message.id)]
    ]
    assert wrong[:5] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_plural_has_as_many_forms_as_the_language(code):
    there = catalogue(code)
    plurals = [message for message in there if isinstance(message.id, tuple)]
    assert plurals
    assert [message.id for message in plurals if len(message.string) != there.num_plurals] == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_header_names_the_project_and_has_no_blanks_to_fill_in(code):
    written = (language.LOCALE / f"{code}.po").read_text("utf-8").split("\n\n")[0]
    assert '"Project-Id-Version: Upstream dashboard\\n"' in written
    assert [blank for blank in ("EMAIL@", "FULL NAME", "li.org", "YEAR-MO", "#, fuzzy") if blank in written] == []


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def marks(text: str) -> tuple[int, int, int, str, str]:
    """How much bold, code and how many lines a text has, and the blanks at its ends.

    A space that no line breaks is none of them: French has one before a semicolon.
    """
    blanks = text[: len(text) - len(text.lstrip(" \n"))], text[len(text.rstrip(" \n")) :]
    return text.count("**"), text.count("`"), text.count("\n"), *blanks


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def test_every_row_has_a_name_of_its_own_in_every_language(spoken):
    scores = release.latest().scores[["iso3", "country"]].drop_duplicates()
    named = scores.assign(told=language.countries(scores["iso3"], scores["country"]))
    assert named["told"].str.len().gt(0).all()
    twice = named[named["told"].duplicated(keep=False)]
    assert twice.empty, twice.head()


@pytest.mark.parametrize(
    ("code", "thousands", "share", "day", "month", "country"),
    [
        ("en", "12,345.7", "93%", "30 April 2023", "February 2023", "Myanmar"),
        ("fr", "12\u202f345,7", "93\u00a0%", "30 avril 2023", "février 2023", "Myanmar (Birmanie)"),
        ("es", "12.345,7", "93\u00a0%", "30 de abril de 2023", "febrero de 2023", "Myanmar (Birmania)"),
        ("ar", "12,345.7", "93%", "30 أبريل 2023", "فبراير 2023", "ميانمار (بورما)"),
    ],
)
def test_numbers_dates_and_names_follow_the_language(code, thousands, share, day, month, country):
    current.use(None, code)
    try:
        assert language.number(12345.67, 1) == thousands
        assert language.percent(0.931) == share
        assert language.day("2023-04-30") == day
        assert language.month("2023-02") == month
        assert language.country("MMR", "Myanmar") == country
    finally:
        current.use(None, "en")


@pytest.mark.parametrize(
    ("code", "fall", "rise"), [("en", "-1.5", "+2"), ("fr", "-1,5", "+2"), ("ar", "\u200e-1.5", "\u200e+2")]
)
def test_a_sign_stays_before_its_number_where_one_writes_from_the_right(code, fall, rise):
    current.use(None, code)
    try:
        assert language.number(-1.5, 1) == fall
        assert language.number(2, sign=True) == rise
    finally:
        current.use(None, "en")


def test_a_name_that_needs_an_accent_is_sorted_as_if_it_had_none():
    assert sorted(["Fidji", "Estonie", "États-Unis"], key=language.sorting) == ["Estonie", "États-Unis", "Fidji"]
