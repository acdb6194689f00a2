"""Compare: values of States and regions side by side, and which is higher."""

import math

import pandas as pd
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from dashboard import compare, compare_words, lines, store

pytestmark = pytest.mark.usefixtures("invented")
INDEX, KILLING = "risk_index", "mass_killing"


def run(**params: str) -> AppTest:
    """The page after its first run, opened by a link with these parameters."""
    app = AppTest.from_file("../../app.py", default_timeout=60)
    app.run()
    app.switch_page("dashboard/pages/compare.py")
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def texts(app: AppTest) -> str:
    kinds = (app.title, app.subheader, app.markdown, app.caption, app.info, app.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_a_state_has_its_scores_and_no_interval():
    years = compare.course("QMA", INDEX, 0)
    # 40 + 5 in 2023, five less for each year back
    assert years["value"].to_dict() == {2020: 30, 2021: 35, 2022: 40, 2023: 45}
    assert years[["lower", "upper"]].isna().all(axis=None)


def test_a_year_before_the_state_is_a_gap():
    years = compare.course("QMD", INDEX, 0)
    assert years["value"].isna().tolist() == [True, True, False, False]
    assert years["states"].tolist() == [0, 0, 1, 1]


def test_a_region_is_the_median_of_its_known_states_and_a_missing_one_is_not_zero():
    # in 2023 QMA has 45, QMD 75, QME 85 and QMB nothing: quartiles of three numbers lie half way between them
    newest = compare.course("All", INDEX, 0).loc[2023]
    assert newest.to_dict() == {"value": 75, "lower": 60, "upper": 80, "known": 3, "states": 4}
    # QME alone: QMB has no score
    alone = compare.course("Asia-Pacific", INDEX, 0).loc[2023]
    assert alone.to_dict() == {"value": 85, "lower": 85, "upper": 85, "known": 1, "states": 2}


def test_a_region_of_which_nothing_is_known_has_no_value(monkeypatch):
    rows = pd.DataFrame({"iso3": ["QMB"], "region": ["Asia-Pacific"], "year": [2023], "value": [math.nan]})
    monkeypatch.setattr(compare, "values", lambda measure, window: rows.assign(lower=math.nan, upper=math.nan))
    newest = compare.course("Asia-Pacific", INDEX, 0).loc[2023]
    assert math.isnan(newest["value"])
    assert (newest["known"], newest["states"]) == (0, 1)


def test_forecasts_have_an_interval_in_the_releases_own_year_only():
    years = compare.course("QMA", KILLING, 2)
    assert years["value"].to_dict() == {2021: 0.04, 2022: 0.04, 2023: 0.04}
    assert years["lower"].fillna(-1).tolist() == [-1, -1, 0.02]
    assert years["upper"].fillna(-1).tolist() == [-1, -1, 0.08]


def test_the_order_of_two_likelihoods_is_the_share_of_the_replicates():
    found = compare.pairs(("QMA", "QMD", "QME"), KILLING, 2).set_index(["one", "other"])
    # in five of twenty replicates QMD has 0.05, above QMA's 0.04; QME is below in all
    assert found.loc[("QMA", "QMD"), ["above", "replicates", "verdict"]].tolist() == [15, 20, "unclear"]
    assert found.loc[("QMD", "QMA"), ["above", "replicates", "verdict"]].tolist() == [5, 20, "unclear"]
    assert found.loc[("QMA", "QME"), ["above", "replicates", "verdict"]].tolist() == [20, 20, "above"]
    assert found.loc[("QME", "QMA"), "verdict"] == "below"


@pytest.mark.parametrize(("above", "verdict"), [(19, "above"), (18, "unclear")])
def test_an_order_is_clear_from_95_of_100_replicates_on(monkeypatch, above, verdict):
    drawn = pd.DataFrame({"QMA": [2.0] * 20, "QMD": [1.0] * above + [3.0] * (20 - above)})
    monkeypatch.setattr(compare, "_drawn", lambda *given: drawn)
    assert compare.pairs(("QMA", "QMD"), KILLING, 2)["verdict"].iloc[0] == verdict


@pytest.mark.parametrize(("lower", "verdicts"), [(3, ["above", "below"]), (2, ["unclear", "unclear"])])
def test_an_order_of_the_index_is_clear_if_the_intervals_of_places_do_not_meet(monkeypatch, lower, verdicts):
    places = pd.DataFrame({"iso3": ["QMD", "QME"], "rank_lower": [lower, 1], "rank_upper": [5, 2]})
    monkeypatch.setattr(compare, "table", lambda name: places)
    found = compare.pairs(("QME", "QMD"), INDEX, 0)
    assert found["verdict"].tolist() == verdicts
    assert found["above"].isna().all()


def test_a_state_without_a_forecast_stands_in_no_order_and_is_named():
    assert compare.without_order(("QMA", "QMB"), KILLING, 2) == ["QMB"]
    assert compare_words.summary(("QMA", "QMB", "QME"), KILLING, 2) == [
        "**Alandia** is clearly above Far Isles.",
        "Not known, so not compared: Bretagna.",
    ]


def test_the_matrix_says_in_how_many_replicates_the_row_is_above():
    table = compare_words.matrix(("QMA", "QMD", "QMB"), KILLING, 2)
    assert table.loc["Alandia"].tolist() == ["–", "not distinguishable (15 of 20)", "not known"]
    assert table.loc["Newland"].tolist() == ["not distinguishable (5 of 20)", "–", "not known"]


def test_the_table_of_now_has_value_interval_coverage_age_and_place():
    table = compare_words.now(("QMA", "QMB", "Asia-Pacific"), INDEX, 0)
    assert table.loc["Alandia"].to_dict() == {
        "2023": "45.0 of 100",
        "Interval": "a score has none",
        "Coverage": "85%",
        "Age of the data": "1.2 years on average",
        "Place": "place 3 of 3",
        "Interval of the place": "between place 2 and 3 of 3",
    }
    assert table.loc["Bretagna", ["2023", "Place", "Interval of the place"]].tolist() == [
        "no score",
        "no place",
        "not known",
    ]
    assert table.loc["Asia-Pacific", ["2023", "Interval", "Coverage", "Place"]].tolist() == [
        "median: 85.0 of 100",
        "middle half of its States: 85.0 to 85.0 of 100",
        "1 of 2 States known; median coverage 85%",
        "a region has none",
    ]


def test_likelihoods_are_told_among_the_same_number_of_states():
    table = compare_words.now(("QMA", "QME"), KILLING, 2)
    # QME has 0.0004, which needs ten thousand States to be seen
    assert table["in 2024 and 2025"].tolist() == ["about 400 in 10,000", "about 4 in 10,000"]
    assert table.loc["Alandia", "Interval"] == "95 % interval: 200 to 800 in 10,000"


def test_a_state_that_ended_has_no_value_now():
    assert compare_words.now(("QMC",), INDEX, 0)["2023"].tolist() == ["no State of its own in this year"]


def test_the_file_has_a_row_for_each_state_and_year_that_there_was():
    table = compare_words.twin(("QMD", "All"), KILLING, 2)
    assert table[table["Row"] == "QMD"]["Year"].tolist() == [2022, 2023]
    newest = table[(table["Row"] == "All") & (table["Year"] == 2023)].iloc[0]
    # of 0.04, 0.012 and 0.0004 the middle is 0.012, and the quartiles are 0.0062 and 0.026
    assert newest[["Probability (0-1)", "Lower end", "Upper end", "States known", "States with a row"]].tolist() == [
        *(0.012, 0.0062, 0.026, 3, 4)
    ]
    assert newest["What the ends are"] == "quartiles of the States known"


def test_each_line_has_its_own_colour_dash_and_marker():
    for looks in zip(*lines.LOOKS, strict=True):
        assert len({*looks}) == len(lines.LOOKS) == 6


@pytest.mark.parametrize("ground", ["#ffffff", "#191919"])
@pytest.mark.parametrize("colour", [look[0] for look in lines.LOOKS])
def test_each_colour_is_seen_on_a_light_and_a_dark_ground(colour, ground):
    light, dark = sorted((_luminance(colour), _luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 3


def _luminance(colour: str) -> float:
    """As WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_a_band_leaves_out_years_without_ends():
    years = pd.DataFrame({"value": [1.0, 2, None, 4], "lower": [0.0, 1, None, 3], "upper": [2.0, 3, None, 5]})
    figure = lines.draw_lines({"Here": years}, regions={"Here"}, told={"Here": [""] * 4}, logs=False)
    assert figure.data[0].x == (0, 1, 1, 0, None, 3, 3, None)
    assert figure.data[0].y == (0, 1, 3, 2, None, 3, 5, None)


def test_the_page_shows_lines_table_and_order():
    app = run(compare="QMA,QMD,Asia-Pacific", measure=KILLING)
    assert "Which is higher is not certain: Alandia and Newland." in texts(app)
    assert "not the probability that more happens in one State" in texts(app)
    assert "the release has no interval of those" in texts(app)
    assert "never as 0" in texts(app)
    assert app.query_params["compare"] == "QMA,QMD,Asia-Pacific"


def test_of_the_index_the_page_says_that_it_is_no_probability():
    assert "By intervals of places, and not a probability" in texts(run(compare="QMA,QMD"))


def test_of_a_factor_the_page_says_that_nothing_is_known_of_the_order():
    app = run(compare="QMA,QMD", measure="rf02")
    assert "The release has no interval of this score or its place." in texts(app)
    assert len(app.table) == 1


def test_two_regions_have_no_order():
    assert "This is said of States only: choose two." in texts(run(compare="Africa,All"))


def test_with_none_the_page_says_how_to_begin_and_begins():
    app = run(country="QME")
    assert "Choose two to 6 countries or regions above" in app.info[0].value
    app.button[0].click().run()
    assert app.query_params["compare"] == "QME,Asia-Pacific"
    assert app.multiselect(key="compare").value == ["QME", "Asia-Pacific"]


def test_one_alone_is_not_compared():
    assert "One alone cannot be compared" in run(compare="QMA").info[0].value


def test_a_link_with_more_than_six_shows_the_first():
    app = run(compare="QMA,QMB,QMC,QMD,QME,Africa,All")
    assert "The link lists 7 to compare; at most 6 can stand side by side, the first of them." in app.warning[0].value
    assert app.query_params["compare"] == "QMA,QMB,QMC,QMD,QME,Africa"


def test_a_link_with_an_unknown_code_says_so():
    app = run(compare="QMA,ZZZ,QME")
    assert "The link lists “ZZZ”, not in this release." in app.warning[0].value
    assert app.multiselect(key="compare").value == ["QMA", "QME"]


def test_a_choice_is_written_into_the_link():
    app = run(compare="QMA,QME")
    app.multiselect(key="compare").set_value(["QME", "QMD", "Europe"]).run()
    assert not app.exception
    assert app.query_params["compare"] == "QME,QMD,Europe"


def test_without_forecasts_scores_can_be_compared(without_forecasts):
    app = run(compare="QMA,QME")
    assert "How likely: Onset of mass killing" not in app.selectbox(key="measure").options
    assert KILLING not in store.titles()


@pytest.mark.browser
def test_another_country_is_added_by_typing_and_the_file_has_it(invented_page, invented_address, tmp_path):
    page = invented_page
    page.goto(f"{invented_address}/compare?compare=QMA,QME&measure=mass_killing")
    page.get_by_role("combobox", name="Countries and regions").fill("Newl")
    page.get_by_role("option", name="Newland").click()
    page.wait_for_url("**compare=QMA%2CQME%2CQMD**")
    expect(page.get_by_text("Which is higher is not certain: Alandia and Newland.")).to_be_visible()
    page.keyboard.press("Escape")  # while the choices are open, the rest of the page is hidden from readers aloud
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these numbers (CSV)").click()
    assert waiting.value.suggested_filename == "upstream-2024-01-compare-mass_killing-2-years-qma-qme-qmd.csv"
    waiting.value.save_as(tmp_path / "table.csv")
    assert {*pd.read_csv(tmp_path / "table.csv")["Row"]} == {"QMA", "QME", "QMD"}


@pytest.mark.browser
def test_a_change_of_language_keeps_what_is_compared(page, address):
    page.goto(f"{address}/compare?compare=SDN,DEU&lang=en")
    expect(page.get_by_label("Selected values").get_by_text("Germany")).to_be_visible()
    for language, name in (("Español", "Alemania"), ("Français", "Allemagne")):
        page.get_by_role("combobox").first.click()
        page.get_by_role("option", name=language).click()
        expect(page.get_by_label("Selected values").get_by_text(name)).to_be_visible()
    assert "compare=SDN%2CDEU" in page.url
