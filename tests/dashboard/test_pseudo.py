"""In another language no page shows a text that did not go through the catalogue: see `pseudo`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel import Locale
from streamlit.testing.v1 import AppTest

from dashboard import commitments, current, language
from dashboard.current import forget
from tests.dashboard import pseudo, sample

ROOT = Path(__file__).parents[2]
LANGUAGE = "fr"
# Pages, each with the links under which it is opened; `CHECKED` are those of which nothing may be left.
PAGES: dict[str, list[dict[str, str]]] = {
    "world_map": [{}],
    "country": [{"country": "QMA"}],
    "watch": [{}, {"as_of": "2023-01", "country": "QMB"}],
    "shared_drivers": [{}],
    "commitments": [{}, {"treaty": "cat", "year": "2023"}],
    "track_record": [{}, {"design": "aligned"}, {"window": "1", "outcome": "armed_conflict"}],
    "method": [{}],
    "download": [{}, {"table": "scores"}],
    "compare": [{"compare": "QMA,QMB"}],
    "my_list": [{"mine": "QMA,QMB"}],
    "briefings": [{}, {"brief": "region"}],
    "about": [{}],
}
# On these stand long originals: what a source, Natural Earth or the codebook says, in the language it was written in.
WITH_ORIGINALS = ("method", "download")
CHECKED = tuple(page for page in PAGES if page not in WITH_ORIGINALS)
CONVENTION = commitments.read_convention()
# The same in every language: names of products, languages and documents, codes, and what a source calls itself.
ORIGINALS = [
    *("Upstream", "Early Warning Project", "CSV", "ucdp_monthly", "ucdp_candidate_monthly", "The depositary"),
    *(title for kind in ("Open", "Closed") for title in (f"{kind} data", kind.lower())),
    *sample.NAMES,
    *sample.NAMES.values(),
    *(entry["iso3"] for entry in CONVENTION["positions"]),
    *(entry["source"] for entry in (*CONVENTION["positions"], *CONVENTION["steps"])),
    CONVENTION["articles_source"],
    *language.LANGUAGES.values(),
    *("et", "{year}", "elections", "factbook", "none stated", "CC BY 4.0", "cite only", "Onset Watch", "Index Watch"),
    *("Creative Commons Attribution-ShareAlike 4.0 International", "CC-BY-SA-4.0"),
    *filter(None, sample.tables()["countries"]["note"].fillna("")),
    *Locale(LANGUAGE).months["format"]["wide"].values(),
]


@pytest.fixture
def marked(invented, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every text of the catalogue in marks; AppTest asks for the texts of choices outside the page's own run."""
    monkeypatch.setattr(language, "_catalogue", lambda code: pseudo.Pseudo())
    forget()
    current.use(None, LANGUAGE)
    yield
    current.use(None, "en")


def run(page: str, params: dict[str, str]) -> AppTest:
    app = AppTest.from_file("../../app.py", default_timeout=60)
    for step in (lambda: None, lambda: app.switch_page(f"dashboard/pages/{page}.py")):
        step()
        for name, value in ({"lang": LANGUAGE} | params).items():
            app.query_params[name] = value
        app.run()
    assert not app.exception, app.exception[0].stack_trace
    return pseudo.open_all(app)


@pytest.mark.usefixtures("marked")
@pytest.mark.parametrize(("page", "params"), [(page, params) for page, links in PAGES.items() for params in links])
def test_a_page_shows_nothing_that_did_not_go_through_the_catalogue(page, params):
    app = run(page, params)
    left = pseudo.untranslated(pseudo.shown(app), ORIGINALS)
    in_charts = pseudo.untranslated(pseudo.in_charts(app), ORIGINALS)
    print(f"{page} {params}: {len(left)} texts and {len(in_charts)} of charts are left.", *left, *in_charts, sep="\n")
    assert page not in CHECKED or not left
    assert not in_charts


def test_a_text_that_is_put_into_a_translated_sentence_untranslated_is_found():
    told = pseudo.mark("Of {count} States **{share:.0%}** have {what}.").format(count=7, share=0.5, what="a flag")
    assert told == "⟦Of ⟧7⟦ States **⟧50%⟦** have ⟧a flag."
    assert pseudo.untranslated([told], []) == ["7 50% a flag."]
    assert pseudo.untranslated([told], ["a flag"]) == []


def test_names_and_addresses_are_left_alone_and_parts_of_words_are_not_names():
    texts = ["Alandia, 5", "https://example.org/open", "Alandian", "3 %", "⟦[Open](⟧https://example.org⟦)⟧"]
    assert pseudo.untranslated(texts, ["Alandia"]) == ["Alandian"]


def test_both_forms_of_a_plural_are_marked():
    assert pseudo.Pseudo().ngettext("{n} State", "{n} States", 1).format(n=1) == "1⟦ State⟧"
    assert pseudo.Pseudo().ngettext("{n} State", "{n} States", 3).format(n=3) == "3⟦ States⟧"


@pytest.mark.parametrize("path", sorted((ROOT / "dashboard").rglob("*.py")), ids=lambda path: path.name)
def test_a_text_looked_up_by_a_key_is_not_translated_in_the_same_call(path):
    """What finds texts for the catalogues takes every string within `_(…)` for one: the key as well."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    asked = [node.args[0] for node in calls if isinstance(node.func, ast.Name) and node.func.id == "_" and node.args]
    lookups = [text for text in asked if not isinstance(text, ast.Constant)]
    keys = [part for text in lookups for part in ast.walk(text) if isinstance(part, ast.Constant)]
    strings = [f"line {part.lineno}: {part.value!r}" for part in keys if isinstance(part.value, str)]
    assert not strings, "give the text a name first, then translate it by that name"
