"""The page Download: a link chooses lines, the controls write them into the link, and the page says how to cite."""

import pytest

from dashboard import addresses, method
from dashboard.links import View
from tests.dashboard.test_app import run, texts

pytestmark = pytest.mark.usefixtures("invented")
LINK = {"table": "backtest", "table_states": "QMA,QME", "table_from": "2022", "table_windows": "2", "table_head": "hxl"}


def test_a_link_chooses_lines_and_says_which():
    app = run("Download", **LINK)
    # two designs, five outcomes, five models, two States, one origin
    assert "**100 lines.** States: Alandia, Far Isles; Years from 2022; Windows: 2 years" in texts(app)
    assert not app.warning
    assert {name: app.query_params[name] for name in LINK} == LINK


def test_a_choice_is_written_into_the_link():
    app = run("Download", **LINK)
    app.multiselect("table_outcomes").set_value(["armed_conflict"]).run()
    assert app.query_params["table_outcomes"] == "armed_conflict"
    assert "**20 lines.**" in texts(app)
    app.multiselect("table_states").set_value([]).run()
    assert "table_states" not in app.query_params
    app.selectbox("table").set_value("factors").run()
    assert "**14 lines.** The whole table." in texts(app)
    assert not app.multiselect


def test_without_a_choice_it_is_the_whole_of_the_scores():
    app = run("Download")
    assert app.selectbox("table").value == "scores"
    assert "**16 lines.** The whole table." in texts(app)
    assert not [name for name in app.query_params if name.startswith("table")]


def test_choices_that_fit_no_line_are_said_and_no_file_is_offered():
    app = run("Download", table="forecasts", table_from="2023", table_models="index")
    assert "No line of this table is as chosen: choose less narrowly." in texts(app)
    offered = {button.label: button.disabled for button in app.get("download_button")}
    assert [offered[f"These lines as {kind}"] for kind in ("CSV", "Parquet", "XLSX")] == [True] * 3


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"table": "rain"}, "The link asks for the table “rain”; it can be backtest, cases"),
        ({"table_states": "QMA,ZZZ"}, "The link lists “ZZZ”, not in this release."),
        ({"table_from": "1066"}, "The link asks for the table_from “1066”, which is not in this release"),
        ({"table_windows": "7"}, "The link lists “7”, not in this release."),
    ],
)
def test_what_a_link_asks_for_in_vain_is_said(params, said):
    app = run("Download", **params)
    assert said in app.warning[0].value


def test_figures_of_others_come_with_their_terms():
    app = run("Download", table="peers")
    assert "These figures are not ours" in app.warning[0].value


def test_the_choice_is_kept_on_other_pages():
    app = run("Download", **LINK)
    app.switch_page("dashboard/pages/country.py").run()
    assert app.session_state["view"].table_states == ("QMA", "QME")
    app.switch_page("dashboard/pages/download.py").run()
    assert "**100 lines.**" in texts(app)


def test_a_view_without_these_choices_has_the_link_that_it_had():
    assert not [name for name in View("QMA", 2023, "risk_index", "All").as_params() if name.startswith("table")]


def test_the_entry_for_bibtex_has_braces_in_pairs_and_what_a_citation_needs(invented):
    text = method.bibtex(invented.package)
    assert text.startswith("@misc{upstream_2024_01,\n")
    assert text.count("{") == text.count("}")
    for needed in ("author = {{The Upstream maintainers}}", "year = {2024}", "version = {2024-01}", "CC-BY-SA-4.0"):
        assert needed in text


def test_the_list_of_hashes_names_files_as_the_page_gives_them(invented):
    lines = addresses.sums(invented.package["resources"], "upstream-2024-01-").splitlines()
    assert len(lines) == len(invented.package["resources"])
    digest, name = lines[0].split("  ")
    assert (len(digest), name) == (64, "upstream-2024-01-scores.csv")
