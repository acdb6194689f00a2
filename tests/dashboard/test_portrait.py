"""The page Country on the release of invented States: what one briefs from, and the reader's list."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import current, figures, language, portrait
from tests.dashboard.test_app import figure, run, table_with, texts

pytestmark = pytest.mark.usefixtures("invented")


class Brackets:
    """A catalogue that puts every text between brackets."""

    def gettext(self, text: str) -> str:
        return f"[{text}]"

    def ngettext(self, one: str, many: str, count: int) -> str:
        return f"[{one if count == 1 else many}]"


@pytest.fixture
def bracketed(monkeypatch):
    monkeypatch.setattr(language, "_catalogue", lambda code: Brackets())
    current.forget()


@pytest.fixture
def french():
    current.use(None, "fr")
    yield
    current.use(None, "en")


def country(**params: str) -> AppTest:
    return run("Country", **{"country": "QMA", "year": "2023"} | params)


def test_the_page_begins_with_what_one_says_first():
    said = [element.value for element in country().markdown]
    assert said[0] == (
        "**Alandia**: in 2024 or 2025, a mass killing begins in **about 40 of 1,000** States like this one (95 % "
        "interval: 20 to 80), and in about 10 of 1,000 States of any kind."
    )
    assert said[1] == (
        "Risk index 2023: **45.0 of 100**, place 3 of 3 (1 = highest; between place 2 and 3 under other reasonable "
        "choices). It rose by 5.0 points since 2022."
    )


def test_the_headline_is_of_the_outcome_and_window_in_the_view():
    app = country(outcome="armed_conflict", window="1")
    assert "in 2024, an armed conflict begins in **about 20 of 1,000**" in app.markdown[0].value
    app.selectbox("outcome").set_value("state_killing").run()
    assert "a government kills 25 or more civilians" in app.markdown[0].value
    assert app.query_params["outcome"] == "state_killing"


def test_the_headline_of_an_earlier_year_says_what_would_have_been_forecast_and_what_happened():
    text = country(year="2021").markdown[0].value
    assert "as it would have been forecast at the end of 2021" in text
    assert text.endswith("What then happened: it came.")
    before = country(year="2020").markdown  # no forecast was made then
    assert before[0].value.startswith("Risk index 2020")


def test_a_place_in_a_year_without_an_interval_says_so():
    assert portrait.place_of("QMA", 2022, "risk_index") == {"rank": 3, "ranked": 3}
    assert portrait.place_of("QMB", 2022, "risk_index") is None
    assert "no interval is known" in portrait.headline_of("QMA", 2022, "mass_killing", 2)[1]


def test_each_part_of_the_index_says_what_it_is_for_and_its_place():
    text = texts(country())
    assert "Upstream prevention works here" in text
    assert "where an early response may be needed" in text
    assert text.count("Place 3 of 3") == 3  # the index with its interval, and both parts


def test_the_contents_lead_to_headings_of_the_page_in_their_order():
    app = country()
    links = next(each.value for each in app.markdown if "](#" in each.value)
    asked = [part.split(")")[0] for part in links.split("](#")[1:]]
    assert asked == [heading.anchor for heading in app.subheader]


def test_what_raises_and_lowers_the_forecast_most_is_said_under_the_chart():
    assert "What raises it most: 13. Invented factor 13 (odds times 1.92)." in texts(country())


def test_events_are_marked_under_both_charts_listed_and_their_sources_named():
    app = country()
    for number in (1, 2):
        marks = {trace["name"]: trace for trace in figure(app, number)["data"] if trace.get("mode") == "markers"}
        assert marks["A mass killing began"]["x"] == [2022]
        assert marks["The type of regime changed"]["x"] == [None]
    assert "**Coup attempts**: not known for this State in any year." in texts(app)
    assert "**Changes of the type of regime**: known for 2020 to 2023. Source: [Open data 1.0]" in texts(app)
    app.session_state["events_table"] = True  # opened by the reader
    app.run()
    table = table_with(app, "Year")
    assert table.loc["2022", "Event"] == "A mass killing began"
    assert table.loc["2023", "Event"] == "A national election was due"  # said in December 2022


def test_both_charts_are_told_in_words():
    text = texts(country())
    assert "Risk index: highest 45.0 (2023), lowest 30.0 (2020), newest 45.0 (2023)." in text
    assert "In 2023 the highest score is that of 13. Invented factor 13 (53.0)" in text


def test_a_row_without_an_index_says_so_under_the_chart():
    text = texts(country(country="QMB"))
    assert "Risk index: no score in any year." in text
    assert "No risk factor has a score in 2023." in text
    assert "No indicator has data for 2023." in text


def test_the_ages_of_the_data_are_listed_by_factor():
    app = country()
    assert "24 of 24 indicators have data for 2023; the oldest value is of 2022, the newest of 2022." in texts(app)
    line = table_with(app, "Factor").loc["1\\. Invented factor 1"]
    assert line.to_list() == ["2022", "2022", "1.5", "2 of 2", "90%"]
    missing = table_with(country(country="QMB"), "Factor").loc["1\\. Invented factor 1"]
    assert missing.to_list() == ["", "", "1.5", "0 of 2", "10%"]


def button(app: AppTest, label: str) -> object:
    return next(each for each in app.button if each.label == label)


def test_a_state_is_put_on_the_readers_list_and_taken_off_again():
    app = country(mine="QMD")
    button(app, "Add to my list").click().run()
    assert app.query_params["mine"] == "QMD,QMA"
    button(app, "Remove from my list").click().run()
    assert app.query_params["mine"] == "QMD"
    assert button(app, "Add to my list")


def test_the_link_to_compare_has_the_state_first():
    assert "compare=QMA%2CQMD" in links(country(compare="QMD"))["Compare with others →"]


def links(app: AppTest) -> dict[str, str]:
    return {each.proto.label: each.proto.query_string for each in app.get("page_link")}


@pytest.mark.usefixtures("bracketed")
@pytest.mark.parametrize(
    "params", [{}, {"year": "2021"}, {"country": "QMB"}, {"country": "QMD", "year": "2021"}, {"against": "QMD"}]
)
def test_nothing_is_looked_up_by_a_translated_text(params):
    app = country(**params)
    for name in ("factors_table", "indicators_table", "scores_table", "events_table", "open_rf02"):
        app.session_state[name] = True  # opened by the reader
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    headings = [heading.value for heading in app.subheader]
    assert all(heading.startswith("[") for heading in headings), headings


@pytest.mark.usefixtures("french")
def test_numbers_on_the_page_follow_the_language():
    assert "**45,0 sur 100**" in portrait.headline_of("QMA", 2023, "mass_killing", 2)[1]
    for drawn in (portrait.history_figure("QMA", 2023), portrait.factors_figure("QMA")):
        assert drawn.layout.separators == ",\u202f"
    assert "45,0 (2023)" in portrait.history_text("QMA")


def test_the_strip_adds_to_the_height_of_both_charts():
    assert portrait.history_figure("QMA", 2023).layout.height > figures.HISTORY_HEIGHT
    assert portrait.factors_figure("QMA").layout.height > figures.FACTORS_HEIGHT
