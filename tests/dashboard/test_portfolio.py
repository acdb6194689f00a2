"""My list as donors compare it: the order and its reasons, the same as in the briefing; what is not known in words."""

import io

import pandas as pd
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from dashboard import current, portfolio, reading
from dashboard.brief import common, crisis, prevention
from dashboard.brief.states import list_brief
from tests.dashboard import sample
from tests.dashboard.conftest import write

ALL = ("QMA", "QMB", "QMC", "QMD", "QME")
TITLE = "Where structural prevention has most to gain"


def table(codes=ALL, since="2021", outcome="mass_killing", window=2, order="") -> pd.DataFrame:
    return portfolio.table(codes, since, outcome, window, order).set_index("Row")


def section_of(codes):
    return next(section for section in list_brief(codes).sections if section.title == TITLE)


def text_of(section) -> str:
    return " ".join(block.text for block in section.blocks if block.kind == "paragraph")


def run(page="my_list", **params: str) -> AppTest:
    app = AppTest.from_file("../../app.py", default_timeout=60)
    app.run()
    app.switch_page(f"dashboard/pages/{page}.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def shown(app: AppTest) -> pd.DataFrame:
    return next(frame.value for frame in app.dataframe if "In crisis, and why" in frame.value)


def test_those_not_in_crisis_come_first_by_their_structural_part_and_each_verdict_has_its_reason(invented):
    # Alandia has a flag of the watch, Bretagna no score and no watch, the Old Union ended
    found = table()
    assert found.index.tolist() == ["QME", "QMD", "QMA", "QMB", "QMC"]
    assert found["In crisis, and why"].tolist()[:4] == [
        "no",
        "no",
        "yes: flag on the watch",
        "not known: flag on the watch",
    ]
    assert found.loc["QMC", "In crisis, and why"].startswith("not known: deaths in battle; civilians killed by ")


def test_a_line_has_level_interval_change_coverage_parts_and_what_is_highest_in_each(invented):
    assert table().loc["QMA"].to_dict() == {
        "State": "Alandia",
        "In crisis, and why": "yes: flag on the watch",
        "Structural part (0-100)": 40.0,
        "Its two highest structural factors (score)": "9. Invented factor 9 (49.0); 6. Invented factor 6 (46.0)",
        "Dynamic part (0-100)": 40.0,
        "Its two highest dynamic factors (score)": "13. Invented factor 13 (53.0); 12. Invented factor 12 (52.0)",
        "Risk index (0-100)": 45.0,
        "Place by the index": "3 (2 to 3)",
        "Change since 2021": 10.0,
        "Of States like this": "about 40 in 1,000",
        "95 % interval": "20 to 80 in 1,000",
        "Place by likelihood": 1,
        "Width of the interval (in 1,000 States)": 60.0,
        "Coverage (0-1)": 0.85,
        "Mean data age (years)": 1.25,
        "Note": "",
    }


def test_what_is_not_known_is_told_in_words_and_is_never_zero(invented):
    found = table(("QMB", "QMC"))
    assert found["Note"].tolist() == ["no score: too little data", "no State of its own in this year"]
    texts = found.select_dtypes("str").drop(columns=["State", "In crisis, and why", "Note"])
    assert set(texts.to_numpy().ravel()) == {"not known", "no place"}
    numbers = found.select_dtypes("number").drop(columns=["Coverage (0-1)", "Mean data age (years)"])
    assert numbers.shape[1] == 6
    assert numbers.isna().all(axis=None)


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("index", ["QME", "QMD", "QMA"]),
        ("rise", ["QME", "QMA"]),  # QMD began in 2022: its change is not known
        ("likelihood", ["QMA", "QMD", "QME"]),
        ("coverage", ["QMB", "QME", "QMD", "QMA"]),  # those alike stay in the first order
    ],
)
def test_each_order_goes_by_its_number_and_puts_those_without_it_last(invented, order, first):
    assert table(order=order).index.tolist()[: len(first)] == first
    assert set(table(order=order).index) == set(ALL)


def test_a_release_without_forecasts_has_no_columns_and_no_order_of_them(without_forecasts):
    assert not {"Of States like this", "95 % interval", "Place by likelihood"} & {*table()}
    app = run(mine="QMA,QME", mine_order="likelihood")
    assert "mine_order “likelihood”; it can be index, rise, coverage." in app.warning[0].value
    assert app.selectbox(key="mine_order").options == [
        *(TITLE, "Highest risk index", "Largest rise of the risk index", "Lowest coverage of the risk index")
    ]


def test_the_page_and_the_briefing_say_the_same_of_the_same_states(invented):
    codes = ("QMA", "QMB", "QMD", "QME")
    section = section_of(codes)
    listed = next(block for block in section.blocks if block.kind == "table")
    on_page = table(codes).loc[["QME", "QMD"]]
    assert [row[0] for row in listed.rows] == on_page["State"].tolist()
    assert [float(row[1]) for row in listed.rows] == on_page["Structural part (0-100)"].tolist()
    assert [row[3] for row in listed.rows] == on_page["Its two highest structural factors (score)"].tolist()
    app, said = run(mine=",".join(codes)), text_of(section)
    texts = [block.value for block in app.markdown]
    for text in (prevention.reasoning(codes), *prevention.cautions()):
        assert text in texts
        assert text in said
    assert "Not listed, since one of these signs is not known of them: Bretagna." in said
    assert prevention.WHOLE in said


def test_the_words_say_how_many_are_not_in_crisis_and_what_the_order_is_not_for(invented):
    assert "2 of these States are not in crisis. Not in crisis means here: in 2023" in prevention.reasoning(ALL)
    assert "1 of these States is not in crisis." in prevention.reasoning(("QMA", "QME"))
    assert "None of these States counts as not in crisis." in prevention.reasoning(("QMA", "QMB"))
    said = " ".join(prevention.cautions())
    assert "a low structural part is no reason to leave" in said
    assert "not what causes what" in said


def test_one_with_a_sign_known_to_be_absent_and_no_structural_part_is_named(invented):
    changed = sample.tables() | sample.forecast_tables()
    scores = changed["scores"]
    changed["scores"] = scores.assign(structural=scores["structural"].where(scores["iso3"] != "QME"))
    write(changed, invented.folder.parent)
    assert prevention.order(("QME", "QMD", "QMA")).index.tolist() == ["QMD", "QMA", "QME"]
    said = text_of(section_of(("QME", "QMD")))
    assert "Not listed, since too little is known for a structural part: Far Isles." in said


def test_a_region_of_many_says_that_it_shows_the_first_ones():
    current.forget()
    codes = reading.of_year(reading.scores(), common.newest_year())["iso3"].tolist()
    section = section_of(tuple(codes))
    listed = next(block for block in section.blocks if block.kind == "table")
    assert len(listed.rows) == 10
    assert "The table has the first 10." in text_of(section)
    there = crisis.signs(codes)
    found = table(tuple(codes), since="")
    step = found.index.map({code: {False: 0, True: 2}.get(there[code], 1) for code in codes})
    known = found["Structural part (0-100)"].notna().to_numpy()
    assert step[known].is_monotonic_increasing
    for one in (0, 1, 2):
        assert found["Structural part (0-100)"][known & (step == one)].is_monotonic_decreasing
    assert not known[known.sum() :].any()
    assert found.loc["PSE", "Note"] == "no score: too little data"
    current.forget()


@pytest.mark.parametrize("codes", ["QMA", "QMB", "QMC", "QMA,QMB,QMC,QMD,QME"])
def test_the_page_has_the_table_for_one_state_and_for_all(invented, codes):
    assert sorted(shown(run(mine=codes))["Row"]) == codes.split(",")


def test_an_empty_list_has_no_such_table(invented):
    assert TITLE not in [each.value for each in run().subheader]


def test_the_order_chosen_is_in_the_link_and_kept(invented):
    app = run(mine="QMA,QME")
    assert shown(app)["Row"].tolist() == ["QME", "QMA"]
    app.selectbox(key="mine_order").set_value("likelihood").run()
    assert shown(app)["Row"].tolist() == ["QMA", "QME"]
    assert app.query_params["mine_order"] == "likelihood"
    app.switch_page("dashboard/pages/country.py").run()
    app.switch_page("dashboard/pages/my_list.py").run()
    assert app.selectbox(key="mine_order").value == "likelihood"


@pytest.mark.browser
def test_the_briefing_leads_to_the_table_and_the_file_is_what_is_shown(invented_page, invented_address):
    page = invented_page
    page.goto(f"{invented_address}/briefings?brief=list&mine=QMA,QMB,QME")
    page.get_by_role("link", name="This list as a table: where structural prevention has most to gain").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    with page.expect_download() as waiting:
        page.locator(".st-key-portfolio_csv").get_by_role("button", name="Download this table (CSV)").click()
    assert waiting.value.suggested_filename == "upstream-2024-01-my-list-prevention.csv"
    found = pd.read_csv(io.BytesIO(waiting.value.path().read_bytes()))
    assert found["Row"].tolist() == ["QME", "QMA", "QMB"]
    assert found.loc[2, "Note"] == "no score: too little data"
