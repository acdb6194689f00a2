"""Shared drivers, Method, Download and the charts in a language of our own: nothing is looked up by what is shown."""

import gettext
import re
from collections.abc import Iterator

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import (
    charts,
    commitments,
    current,
    language,
    method,
    reasons,
    record,
    sensitivity,
    shared,
    shared_words,
    watch,
    weighing,
)
from dashboard.weighing import Weights
from models.track import placed_rows
from tests.dashboard import sample
from tests.dashboard.test_app import PAGES, figure

TABLES, MADE = sample.tables(), sample.forecast_tables()
STATES, OTHERS, SHARES = sample.sensitivity_tables().values()
TITLES = {f"rf{number:02d}": f"{number}. Invented factor {number}" for number in sample.MEASURED}


class Bracketed(gettext.NullTranslations):
    """Every text is itself in brackets: what is shown without them was not asked for."""

    def gettext(self, message: str) -> str:
        return f"[{message}]"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"[{msgid1 if n == 1 else msgid2}]"


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """French numbers and dates, and texts in brackets."""
    monkeypatch.setattr(language, "_catalogue", lambda _code: Bracketed())
    current.use(None, "fr")
    yield
    current.use(None, "en")
    current.forget()


pytestmark = pytest.mark.usefixtures("bracketed")


def bare(texts: list[str]) -> list[str]:
    """The texts with words that stand outside all brackets."""
    return [text for text in texts if re.search(r"[^\W\d_]{2,}", _outside(text.replace("<br>", " ")))]


def _outside(text: str) -> str:
    while text != (shorter := re.sub(r"\[[^\[\]]*\]", "", text)):
        text = shorter
    return text


def heads(table: pd.DataFrame) -> list[str]:
    return [*map(str, table.columns), *filter(None, [table.index.name])]


def test_cells_and_tables_of_what_is_shared_are_told_in_the_language_and_keyed_by_code():
    for measure in shared.MEASURES:
        cells = shared.factor_cells(MADE["drivers"], measure, TITLES)
        assert set(cells["column"]) == set(sample.OUTCOMES)
        assert bare([*cells["column_title"], *cells["hover"].str.split("<br>").str[1]]) == []
        table = shared.describe_factors(MADE["drivers"], measure, TITLES)
        assert table.shape == (12, 5)
        assert bare(heads(table)) == []
    cells = shared.transfer_cells(MADE["transfer"])
    assert len(cells) == 30
    assert bare([*cells["row_title"], *cells["column_title"], *cells["hover"]]) == []
    assert cells["text"].iloc[0] == "0,80"
    table = shared.describe_transfer(MADE["transfer"])
    assert bare([*heads(table), *table.iloc[:, 0], *table.iloc[:, 5]]) == []
    assert table.shape == (25, 11)


def test_outcomes_with_one_name_in_a_language_stay_apart_in_the_grid():
    cells = shared.transfer_cells(MADE["transfer"]).assign(row_title="same", column_title="same")
    sure, unsure = charts.draw_grid(cells, middle=0.5, measured="").data
    assert sure.z.shape == unsure.z.shape == (5, 6)


def test_the_words_on_what_is_shared_are_whole_sentences():
    told = shared_words.words(MADE["drivers"], MADE["transfer"], TITLES)
    sentences = [sentence for lines in told.values() for sentence in lines]
    assert list(told) == [shared_words.SHARED, shared_words.APART, shared_words.SURE]
    assert bare(sentences) == []
    assert bare([shared_words.about_factors(measure) for measure in shared.MEASURES]) == []
    assert ": Invented factor 1 (1). Its AUC" in sentences[0]  # a name that was handed over
    assert "0,5" in sentences[0]
    assert "Invented factor 3 (3)[; ]Invented factor 4 (4)" in " ".join(sentences)


def test_tables_of_fields_rows_and_indicators_keep_their_order():
    fields = shared.describe_fields(TABLES["factors"])
    assert list(fields.index) == [f"[{field}]" for field in [*shared.FIELDS, shared.PEACEBUILDING]]
    rows = shared.describe_rows(MADE["transfer"], dict.fromkeys(sample.OUTCOMES, (1993, 2022)))
    assert bare([*heads(rows), *rows.index, *rows.iloc[:, 0]]) == []
    best = shared.strongest(MADE["drivers"], TABLES["catalogue"], TITLES, outcome="mass_killing", measure="alone")
    assert best.index[0] == "[Open indicator 13]"
    assert shared_words.against_text(MADE["drivers"], TABLES["catalogue"], "mass_killing").startswith("[The other way")


def test_the_sensitivity_is_told_in_the_language():
    names, titles = sample.NAMES, {"open_1": "[Open indicator 1]", "rf02": "[2. Second]"}
    table = sensitivity.describe_alternatives(OTHERS, names, titles)
    assert bare([*heads(table), *table.index]) == []
    assert bare([sensitivity.summary(STATES, OTHERS, SHARES), sensitivity.shares_text(SHARES)]) == []
    shares = sensitivity.describe_shares(SHARES)
    assert bare([*heads(shares), *shares.index]) == []
    assert shares.iloc[0, 0] == "[7,0\u00a0% (6,5\u00a0% to 7,5\u00a0%)]"


def test_weights_in_a_link_do_not_depend_on_the_language_and_their_words_do():
    weights = Weights((("rf01", 1.0), ("rf02", 0.5)), 60)
    assert weights.as_param() == "rf02:0.5"
    assert weights.text() == "[rf02 0,5; structural part 60 %]"
    assert weighing.of_view("rf02:0.5", 60, ["rf01", "rf02"]) == weights
    assert bare(weighing.read_weights("rf10:1,rf01:9", ["rf01"])[1]) == []


def test_texts_of_the_method_are_told_in_the_language_and_originals_stay():
    assert bare([method.how_scores_are_made(TABLES["catalogue"], TABLES["factors"]), method.about_the_map()]) == []
    table = method.indicators_of(TABLES["catalogue"], 1, TABLES["sources"])
    assert bare(heads(table)) == []
    assert list(table.index) == ["[Open indicator 1]", "[Closed indicator 1]"]
    assert table.iloc[0].to_list()[:4] == [
        "[[events per year]; higher is riskier]",
        "[0 to 50 (log1p)]",
        "1",
        "[5 years]",
    ]
    assert table.iloc[0, 4] == "An invented reason. (Nobody (2020))"
    sources = method.describe_sources(TABLES["sources"])
    assert bare([*heads(sources), *sources.iloc[:, 3], *sources.iloc[:, 4], *sources.iloc[:, 6]]) == []
    assert bare(heads(method.describe_left_out(TABLES["left_out"], TABLES["sources"]))) == []
    labels = [method.factor_label(factor, TABLES["catalogue"]) for factor in TABLES["factors"].itertuples()]
    assert bare(labels) == []


def words_of(figure: dict) -> list[str]:
    """The words of a figure: names, titles, ticks and what is said under the pointer, without Plotly's own places."""
    layout, texts = figure["layout"], []
    for axis in (layout.get("xaxis", {}), layout.get("yaxis", {})):
        texts += [axis.get("title", {}).get("text") or "", *(axis.get("ticktext") or [])]
    for trace in figure["data"]:
        hover = re.sub(r"%\{[^}]*\}", "", trace.get("hovertemplate") or "").replace("<extra></extra>", "")
        texts += [trace.get("name") or "", *hover.split("<br>")]
    return texts


def all_charts() -> dict[str, dict]:
    """Every chart of the invented release, as dictionaries."""
    lines = MADE["explanations"].query("outcome == 'mass_killing' and window_years == 2 and iso3 == 'QMA'")
    backtest = MADE["backtest"].query("outcome == 'mass_killing' and design == 'operational' and window_years == 1")
    bins = MADE["reliability"].query("outcome == 'mass_killing' and design == 'operational' and window_years == 1")
    held = commitments.of_treaty(TABLES["commitments"], TABLES["countries"], "rome_statute", "2022-12-31")
    drawn = {
        "contributions": charts.draw_contributions(reasons.by_factor(lines, TABLES["factors"])),
        "shares": charts.draw_shares(SHARES),
        "reliability": charts.draw_reliability(bins),
        "groups": charts.draw_groups(commitments.count_by_group(held).drop(index="All", errors="ignore")),
        "parties": charts.draw_parties(commitments.over_time(TABLES["commitments"], "rome_statute"), 2022),
        "deaths": charts.draw_deaths(watch.course(TABLES["monthly"].query("iso3 == 'QMA'"), "2023-11")),
        "sums": charts.draw_sums(record.yearly_counts(placed_rows(backtest), 30)),
        "grid": charts.draw_grid(shared.transfer_cells(MADE["transfer"]), middle=0.5, measured="", across=""),
    }
    return {name: figure.to_dict() for name, figure in drawn.items()}


def test_every_chart_has_the_words_and_the_signs_of_the_language():
    drawn = all_charts()
    assert {name: figure["layout"]["separators"] for name, figure in drawn.items()} == dict.fromkeys(drawn, ",\u202f")
    assert {name: words for name, figure in drawn.items() if (words := bare(words_of(figure)))} == {}
    assert drawn["deaths"]["layout"]["xaxis"]["tickformat"] == "%Y-%m"  # no English names of months


@pytest.mark.usefixtures("invented")
@pytest.mark.parametrize("page", ["Shared drivers", "Method", "Download"])
def test_the_page_runs_and_all_its_own_words_are_of_the_language(page):
    app = AppTest.from_file("../../app.py", default_timeout=60)
    app.query_params["lang"] = "fr"
    app.run()
    app.switch_page(PAGES[page])
    for name in ("factors_table", "transfer_table", "otherwise", "weighed_twin", "open_1", "open_14"):
        app.session_state[name] = True  # opened by the reader
    app.query_params["lang"], app.query_params["weights"] = "fr", "rf01:2"
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    shown = [each.value for kind in (app.title, app.subheader, app.caption, app.warning, app.info) for each in kind]
    shown += [each.label for kind in (app.radio, app.selectbox, app.slider, app.button) for each in kind]
    shown += [expander.label for expander in app.expander]
    assert bare([text for text in shown if "Boundaries are today's" not in text]) == []  # a note of every map
    if page == "Method":
        assert shown.count("[These texts are in English, as published.]") == 3
        assert app.query_params["weights"] == "rf01:2"
        assert figure(app, 0)["layout"]["separators"] == ",\u202f"
