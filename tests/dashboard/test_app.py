"""Each page on a release of invented States: it runs, shows what it should, and says what is wrong with a link."""

import json
from datetime import date

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import commitments, likelihood, measures, months, record, sensitivity, shared, store, watch, weighing
from dashboard.current import forget
from models import ledger
from tests.dashboard import maps, sample

PAGES = {
    "World map": "dashboard/pages/world_map.py",
    "Country": "dashboard/pages/country.py",
    "Watch": "dashboard/pages/watch.py",
    "Shared drivers": "dashboard/pages/shared_drivers.py",
    "Commitments": "dashboard/pages/commitments.py",
    "Track record": "dashboard/pages/track_record.py",
    "Method": "dashboard/pages/method.py",
    "Download": "dashboard/pages/download.py",
}
pytestmark = pytest.mark.usefixtures("invented")


def run(page: str = "World map", **params: str) -> AppTest:
    """The page after its first run, opened by a link with these parameters."""
    app = AppTest.from_file("../../app.py", default_timeout=60)
    for name, value in params.items():
        app.query_params[name] = value
    app.run()
    if page != "World map":
        app.switch_page(PAGES[page])
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def texts(app: AppTest) -> str:
    """All text on the page."""
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.warning)
    labels = [expander.label for expander in app.expander]
    return "\n".join([*(element.value for kind in kinds for element in kind), *labels])


def figure(app: AppTest, number: int = 0) -> dict:
    return json.loads(app.get("plotly_chart")[number].proto.spec)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_shows_its_heading_the_release_and_its_date(page):
    app = run(page)
    assert [title.value.split(":")[0] for title in app.title] == [page]
    assert "Release **2024-01**, as known on 31 January 2024." in texts(app)
    assert measures.NOT_A_PROBABILITY in texts(app)


@pytest.mark.parametrize("page", ["World map", "Country", "Track record"])
@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"country": "ZZZ"}, "The link asks for the country “ZZZ”, which is not in this release (QMA, QMB, QMC, …)."),
        ({"year": "1900"}, "The link asks for the year “1900”; this release has 2020 to 2023."),
        ({"year": "soon"}, "The link asks for the year “soon”; this release has 2020 to 2023."),
        ({"measure": "luck"}, "The link asks for the measure “luck”, which is not in this release"),
        ({"region": "Moon"}, "The link asks for the region “Moon”, which is not in this release"),
        ({"outcome": "rain"}, "The link asks for the outcome “rain”, which is not in this release"),
        ({"window": "5"}, "The link asks for the window “5”; it can be 1, 2."),
        ({"design": "grand"}, "The link asks for the design “grand”; it can be operational, aligned."),
        ({"top": "7"}, "The link asks for the top “7”; it can be 10, 20, 30."),
        ({"treaty": "pact"}, "The link asks for the treaty “pact”; it can be rome_statute, genocide_convention, cat,"),
        ({"month": "13"}, "The link asks for the month “13”; it can be 1, 2, 3,"),
        ({"drivers": "luck"}, "The link asks for the drivers “luck”; it can be alone, adds."),
        ({"since": "1900"}, "The link asks to compare with the year “1900”; this release has 2020 to 2023."),
        ({"cover": "7"}, "The link asks for the cover “7”; it can be 50, 60, 70, 80, 90, 95."),
        ({"still": "film"}, "The link asks for the still “film”; it can be decades."),
        ({"against": "ZZZ"}, "The link asks to compare with “ZZZ”, which is not in this release."),
    ],
)
def test_a_link_that_asks_for_what_is_not_there_says_so_and_shows_the_default(page, params, message):
    app = run(page, **params)
    assert len(app.warning) == 1
    assert message in app.warning[0].value
    assert "Shown instead: QMA, 2023, Risk index, region All; Onset of mass killing" in app.warning[0].value
    assert app.session_state["view"].as_params() == {
        "country": "QMA",
        "year": "2023",
        "measure": "risk_index",
        "region": "All",
        "outcome": "mass_killing",
        "window": "2",
        "design": "operational",
        "top": "30",
        "treaty": "rome_statute",
        "month": "12",
        "drivers": "alone",
    }


def test_a_link_opens_its_view_and_a_change_is_written_back_into_it():
    app = run(year="2021", measure="rf02", region="Europe")
    assert not app.warning
    assert maps.states(app)["world"]["year"] == 2021
    assert app.selectbox("measure").value == "rf02"
    app.selectbox("measure").set_value("rf03").run()
    assert app.query_params["year"] == "2021"
    assert app.query_params["measure"] == "rf03"


def test_the_view_is_kept_from_page_to_page():
    app = run(year="2021", country="QME")
    app.switch_page(PAGES["Country"]).run()
    assert app.header[0].value == "Far Isles, 2021"


def test_the_map_shows_the_scores_of_every_year():
    app = run(year="2023")
    film = maps.films(app)["world"]
    # 40 + 5 for the index; QMD is 30 higher, QME 40; five less for each year back
    assert maps.column(film, "value", 2023) == {"QMA": 45, "QMD": 75, "QME": 85}
    assert maps.column(film, "value", 2021) == {"QMA": 35, "QMC": 55, "QME": 75}
    # QMX is held by QMA; before 2022 Newland's land was in the row of the Old Union
    assert (maps.holder(film, "QMX", 2023), maps.holder(film, "QMD", 2021), maps.holder(film, "QMT", 2023)) == (
        "QMA",
        "QMC",
        "",
    )
    state = maps.states(app)["world"]
    assert (state["film"], state["year"], state["country"], state["since"]) == (film["id"], 2023, "QMA", 0)


def test_the_film_is_the_same_at_every_year_and_another_for_another_measure_or_language():
    ids = [
        maps.films(run(**params))["world"]["id"]
        for params in ({"year": "2023"}, {"year": "2021", "region": "Africa"}, {"measure": "rf02"}, {"lang": "fr"})
    ]
    assert ids[0] == ids[1]
    assert len({*ids}) == 3


def test_the_map_says_how_many_rows_have_a_score_and_that_boundaries_are_todays():
    assert "3 of 4 States or places with a row have a score in 2023." in texts(run(year="2023"))
    assert "Boundaries are today's in every year" in texts(run(year="2023"))


def test_the_table_under_the_map_has_the_same_numbers_and_the_notes():
    app = run(year="2023")
    app.session_state["twin"] = True  # opened by the reader
    app.run()
    table = app.dataframe[0].value
    assert table["Country"].to_list() == ["Far Isles", "Newland", "Alandia", "Bretagna"]
    assert table["Risk index (0-100)"].to_list()[:3] == [85, 75, 45]
    assert table["Risk index (0-100)"].isna().to_list() == [False, False, False, True]
    assert table["Note"].to_list()[-1] == sample.NOTE


def test_the_choices_of_the_map_are_written_into_the_link_and_its_table_follows_them():
    app = run(year="2023")
    for name in ("twin", "more"):
        app.session_state[name] = True  # opened by the reader
    app.run()
    app.selectbox("since").set_value("2021").run()
    app.selectbox("cover").set_value("50").run()
    app.selectbox("still").set_value("decades").run()
    assert [app.query_params[name] for name in ("since", "cover", "still")] == ["2021", "50", "decades"]
    state = maps.states(app)["world"]
    assert (state["since"], state["cover"], state["still"]) == (2021, 50, "decades")
    assert app.dataframe[0].value["Change"].to_dict() == {0: 10, 1: 10}
    assert "2 States have a value in both 2021 and 2023: 2 higher, 0 lower, 0 the same." in texts(app)
    assert "1 State or place with a coverage below 50% is left out." in texts(app)
    app.switch_page(PAGES["Country"]).run()
    app.switch_page(PAGES["World map"]).run()
    assert maps.states(app)["world"]["since"] == 2021


def test_a_comparison_with_a_year_without_a_forecast_is_given_up():
    app = run(year="2023", since="2020")
    assert maps.states(app)["world"]["since"] == 2020
    app.selectbox("measure").set_value("mass_killing").run()
    assert app.selectbox("since").options == ["(no comparison)", "2023", "2022", "2021"]
    assert maps.states(app)["world"]["since"] == 0
    assert "since" not in app.query_params


def test_the_ranking_has_intervals_and_compares_two_states():
    app = run(year="2023", country="QMD")
    app.session_state["ranking"] = True  # opened by the reader
    app.run()
    assert app.dataframe[0].value["Place, upper end of 95 % interval"].to_list() == [2, 3, 3]
    app.selectbox("against").set_value("QMA").run()
    assert "Newland has place 2 (between 1 and 3), Alandia place 3 (between 2 and 3)." in texts(app)
    assert app.query_params["against"] == "QMA"


def test_a_region_without_a_row_in_the_year_warns():
    app = run(year="2023", region="Europe")  # the Old Union ended in 2022
    assert [warning.value for warning in app.warning] == [
        "No State of the region Europe had a row in 2023: choose another year or region."
    ]


def test_the_map_shows_the_likelihoods_of_the_newest_year():
    app = run(year="2023", measure="mass_killing", window="1", country="QMA")
    assert not app.warning
    logs = maps.column(maps.films(app)["world"], "value", 2023)
    assert logs == pytest.approx({"QMA": -1.699, "QMD": -2.222, "QME": -3.699}, abs=0.001)  # 0.02, 0.006, 0.0002
    assert app.radio("window").options == ["in 2024 (1 year)", "in 2024 and 2025 (2 years)"]
    assert "**Alandia: Onset of mass killing in 2024**" in texts(app)
    assert "about 20 in 1,000 States like this (95 % interval: 10 to 40 in 1,000)" in texts(app)
    assert "3 of 4 States or places with a row have a forecast." in texts(app)
    app.radio("window").set_value(2).run()
    assert app.query_params["window"] == "2"
    assert "about 40 in 1,000 States like this" in texts(app)


def test_the_map_of_an_earlier_year_is_what_would_have_been_forecast_then():
    app = run(year="2021", measure="mass_killing", country="QMA")
    assert "in 2022 and 2023, as it would have been forecast at the end of 2021" in texts(app)
    assert "what then happened: it came" in texts(app)
    app.session_state["twin"] = True  # opened by the reader
    app.run()
    assert app.dataframe[0].value["Row"].to_list() == ["QMC", "QMA", "QME", "QMB"]


def test_a_choice_is_kept_while_its_control_is_not_on_the_page():
    app = run(measure="mass_killing", window="2")
    app.selectbox("measure").set_value("risk_index").run()
    app.selectbox("measure").set_value("armed_conflict").run()
    assert app.radio("window").value == 2
    assert app.query_params["outcome"] == "armed_conflict"
    app.switch_page(PAGES["Country"]).run()
    app.selectbox("against").set_value("QMD").run()
    app.slider("year").set_value(2021).run()
    app.slider("year").set_value(2023).run()
    assert app.selectbox("outcome").value == "armed_conflict"
    assert app.selectbox("against").value == "QMD"
    app.switch_page(PAGES["Track record"]).run()
    assert (app.selectbox("outcome").value, app.selectbox("window").value) == ("armed_conflict", 2)


def test_a_year_before_the_first_forecast_says_so_and_its_map_has_no_value():
    app = run(year="2020", measure="mass_killing")
    assert "no forecast was made at the end of 2020. The first that can be tested is that of 2021" in texts(app)
    film = maps.films(app)["world"]
    assert maps.column(film, "value", 2020) == {}
    assert {*maps.column(film, "country", 2020)} == {"QMA", "QMB", "QMC", "QME"}
    assert not app.get("download_button")


@pytest.mark.usefixtures("without_forecasts")
def test_a_map_without_forecasts_says_so_and_offers_the_scores():
    app = run(year="2023")
    assert likelihood.NO_FORECASTS in texts(app)
    assert not [label for label in app.selectbox("measure").options if label.startswith("How likely")]
    assert maps.column(maps.films(app)["world"], "value", 2023)


def test_a_country_page_shows_score_coverage_and_data_date():
    app = run("Country", country="QMA", year="2023")
    assert app.header[0].value == "Alandia, 2023"
    assert [(metric.label, metric.value, metric.delta) for metric in app.metric] == [
        ("Risk index", "45.0 of 100", "+5.0 since 2022"),
        ("Structural part", "40.0 of 100", "+5.0 since 2022"),
        ("Dynamic part", "40.0 of 100", "+5.0 since 2022"),
    ]
    assert "coverage 85%, data on average 1.2 years old (2020 to 2022)" in texts(app)


def table_with(app: AppTest, label: str) -> pd.DataFrame:
    """The table whose index has this name."""
    return next(table.value for table in app.table if table.value.index.name == label)


def test_a_country_page_says_how_likely_each_outcome_is_in_natural_frequencies():
    app = run("Country", country="QMA", year="2023")
    line = table_with(app, "What may come").loc["Onset of mass killing"]
    assert line["Of States like this"] == "about 40 in 1,000"
    assert line["95 % interval"] == "20 to 80 in 1,000"
    assert line["Base rate"] == "about 10 in 1,000"
    assert line["95 % interval of the place"] == "between place 1 and 2 of 3"
    assert len(table_with(app, "What may come")) == 5
    assert "In 2024 and 2025:" in texts(app)
    app.radio("window").set_value(1).run()
    assert table_with(app, "What may come")["Of States like this"].iloc[0] == "about 20 in 1,000"
    assert app.query_params["window"] == "1"


def test_a_country_page_tells_why_what_changed_and_what_followed_in_near_cases():
    app = run("Country", country="QMA", year="2023", outcome="armed_conflict")
    app.session_state["factors_table"] = app.session_state["indicators_table"] = True  # opened by the reader
    app.run()
    assert app.selectbox("outcome").value == "armed_conflict"
    assert figure(app)["data"][0]["orientation"] == "h"
    # factor 13: the open indicator adds 1.3, the closed takes 0.65
    shown = [table.value for table in app.table if table.value.index.name == "Risk factor"]
    assert shown[0].loc["13\\. Invented factor 13"].to_list() == ["+0.65", "odds times 1.92"]
    assert shown[1].loc["13\\. Invented factor 13", "Change of the log-odds"] == "+0.33"
    parts = next(frame.value for frame in app.dataframe if "Adds to the log-odds" in frame.value)
    assert parts["Data year"].unique().tolist() == ["2022", "not known"]
    assert "the same model gives about 20 in 1,000" in texts(app)
    cases = table_with(app, "State")
    assert cases.loc["Old Union", "What followed"] == "it did not come in 2022 and 2023"


def test_two_states_are_compared_by_the_share_of_replicates():
    app = run("Country", country="QMD", year="2023", against="QMA")
    assert "above that of Alandia in 5 of 20 replicates (about 25 in 100)" in texts(app)
    app.selectbox("against").set_value("QMB").run()
    assert "They cannot be compared: there is no forecast for Bretagna." in texts(app)
    assert app.query_params["against"] == "QMB"


def test_a_state_is_not_compared_with_itself():
    app = run("Country", country="QMA", year="2023", against="QMA")
    assert app.selectbox("against").value == ""
    assert "against" not in app.query_params


def test_a_country_page_of_an_earlier_year_has_the_backtests_number_and_what_then_happened():
    app = run("Country", country="QMA", year="2021")
    line = table_with(app, "What might have come").loc["Onset of mass killing"]
    assert line.to_list() == ["about 40 in 1,000", "about 20 in 1,000", "place 2 of 3", "it came"]
    assert "In 2022 and 2023, as it would have been forecast at the end of 2021." in texts(app)
    before = table_with(run("Country", country="QMA", year="2020"), "What might have come")
    assert set(before["Of States like this"]) == {"no forecast"}


def test_a_row_of_which_too_little_is_known_has_no_forecast_and_no_reasons():
    app = run("Country", country="QMB", year="2023")
    assert set(table_with(app, "What may come")["Of States like this"]) == {"too little is known"}
    assert "There are no reasons to show" in texts(app)


@pytest.mark.usefixtures("without_forecasts")
def test_a_country_page_without_forecasts_says_so():
    app = run("Country", country="QMA", year="2023")
    assert likelihood.NO_FORECASTS in texts(app)
    assert len(app.metric) == 3


def test_a_row_without_a_score_says_so_and_shows_its_note():
    app = run("Country", country="QMB", year="2023")
    assert [metric.value for metric in app.metric] == ["no score"] * 3
    assert [info.value for info in app.info] == [sample.NOTE]


def test_a_year_in_which_the_state_did_not_exist_names_the_row_that_held_its_land():
    app = run("Country", country="QMD", year="2021")
    assert [info.value for info in app.info] == [
        "Newland has no row in 2021: this release has it for 2022 to 2023. "
        "A row is for a State that existed on 31 December."
    ]
    assert not app.metric
    button = next(each for each in app.button if each.label.startswith("Its land"))
    assert button.label == "Its land was in the row of Old Union (row QMC) in 2021: open it"
    button.click().run()
    assert app.header[0].value == "Old Union, 2021"
    assert app.query_params["country"] == "QMC"


def test_each_factor_opens_to_its_indicators_and_the_unmeasured_ones_say_what_would_measure_them():
    app = run("Country", country="QMA", year="2023")
    app.session_state["open_rf02"] = True  # opened by the reader
    app.run()
    labels = [expander.label for expander in app.expander]
    assert "2. Invented factor 2: **42.0 of 100**" in labels
    assert "10. Invented factor 10: **not measured**" in labels
    assert "Records of kind 14 would measure it." in texts(app)
    second = next(table.value for table in app.table if "Open indicator 2" in table.value.index)
    assert second.loc["Open indicator 2", "Value"] == "0.5"
    assert second.loc["Open indicator 2", "Data year"] == "2022"
    assert second.loc["Closed indicator 2", "Value"] == "not redistributable"
    assert "[Closed data 1.0](https://example.org/closed) (cite only)" in second.iloc[1].to_list()


def test_what_changed_lists_scores_and_indicators():
    app = run("Country", country="QMA", year="2023")
    scores, indicators = (frame.value for frame in app.dataframe)
    assert set(scores["Change"]) == {5.0}
    assert len(scores) == 15
    assert indicators.loc[indicators["What"] == "Open indicator 1", "Score 2022"].item() == 36
    assert indicators["Unit"].unique().tolist() == ["events per year"]


def test_the_first_year_of_a_row_has_no_change():
    app = run("Country", country="QMD", year="2022")
    assert "2022 is the first year of this row." in texts(app)
    assert not app.dataframe


def test_shared_drivers_are_told_in_words_before_they_are_drawn():
    app = run("Shared drivers", outcome="armed_conflict")
    assert [part.value for part in app.subheader][:3] == ["What is shared", "What is not", "How sure"]
    assert "**1 of 12 factors** has by itself an AUC" in texts(app)
    # open indicator 13: 0.63 with 0.1 to either side
    alone, adds = (table.value for table in app.table if table.value.index.name == "Indicator")
    assert alone.iloc[0].to_list() == ["13\\. Invented factor 13", "0.630 (0.530 to 0.730)"]
    assert adds.iloc[0].to_list()[1] == "+0.013 (+0.003 to +0.023)"
    assert "in 3 of 24 indicators: Closed indicator 13; Closed indicator 12; Closed indicator 11." in texts(app)
    assert table_with(app, "Outcome")["Forecasts made at the end of"].unique().tolist() == ["2021 to 2021"]
    assert table_with(app, "Field").loc["Conflict prevention"].item() == "Onset of armed conflict"


def test_the_measure_of_shared_drivers_is_written_into_the_address_and_its_tables_open():
    app = run("Shared drivers")
    app.session_state["factors_table"] = app.session_state["transfer_table"] = True  # opened by the reader
    app.radio("drivers").set_value("adds").run()
    assert app.query_params["drivers"] == "adds"
    told = table_with(app, "Risk factor")
    assert told.loc["2\\. Invented factor 2", "Onset of armed conflict"] == "+0.020 (+0.010 to +0.030)"
    assert len(app.dataframe[0].value) == 25
    assert run("Shared drivers", drivers="adds").radio("drivers").value == "adds"


def test_a_release_without_what_is_shared_says_so(invented):
    for name in ("drivers", "transfer", "nowcast"):
        (invented.folder / f"{name}.parquet").unlink()
    forget()
    app = run("Shared drivers")
    assert [info.value for info in app.info] == [shared.NO_TABLES]
    assert not app.get("plotly_chart")
    assert months.NO_TABLE in texts(run("Track record"))


@pytest.mark.usefixtures("without_forecasts")
def test_shared_drivers_without_forecasts_say_so():
    assert [info.value for info in run("Shared drivers").info] == [shared.NO_TABLES]


def test_the_track_record_says_what_the_newest_months_add_for_the_operational_design():
    app = run("Track record", outcome="armed_conflict", window="1")
    assert "the forecasts are **better** by 1 of 9 scores (Order of States: ROC AUC)" in texts(app)
    assert table_with(app, "Score")["This model"].iloc[0] == "0.800 (0.700 to 0.900)"
    added = next(table.value for table in app.table if "Without" in table.value)
    assert added.iloc[0].to_list() == [
        "0.800 (0.750 to 0.850)",
        "0.700 (0.650 to 0.750)",
        "better: +0.100 (+0.050 to +0.150)",
    ]
    app.selectbox("design").set_value("aligned").run()
    assert "tried for the operational design only" in texts(app)


def test_the_commitments_of_a_month_are_counted_by_group_and_listed():
    app = run("Commitments", treaty="rome_statute", year="2022", month="9")
    assert (
        "**2 States** were party to the Rome Statute of the International Criminal Court on 30 September 2022"
        in texts(app)
    )
    counts = table_with(app, "UN regional group")
    # Alandia until June 2023, Newland from September 2022; Bretagna signed
    assert counts.loc["African", "bound"] == counts.loc["Asia-Pacific", "bound"] == 1
    assert counts.loc["All"].to_list() == [2, 1, 0]
    # of the Asia-Pacific States Newland is bound and Bretagna is not
    assert "largest in the group African (1 of 1) and smallest in the group Asia-Pacific (1 of 2)" in texts(app)
    assert "1 at the end of 2020, 1 in 2024; the highest is 2, in 2022." in texts(app)
    listed = app.dataframe[0].value.set_index("Row")
    assert listed["Status"].to_dict() == {"QMA": "bound", "QMB": "signed only", "QMD": "bound"}
    assert listed.at["QMD", "Bound from"] == "2022-12-01"
    assert table_with(app, "State").loc["Alandia", "Withdrawal in effect"] == "2 June 2023"
    assert app.get("download_button")
    app.selectbox("month").set_value(8).run()
    assert app.query_params["month"] == "8"
    assert "**1 States**" not in texts(app)
    assert "**1 State** was party" in texts(app)


def test_the_commitments_open_their_years_as_a_table():
    app = run("Commitments")
    app.session_state["parties_table"] = True  # opened by the reader
    app.run()
    assert app.dataframe[1].value["All"].to_dict() == {2024: 1, 2023: 1, 2022: 2, 2021: 1, 2020: 1}


def test_risk_stands_beside_the_commitments_with_those_bound_by_least_first():
    app = run("Commitments", year="2023")
    beside = app.dataframe[1].value
    # QMA has left the first and is bound by the second; QMD by the first; of QME nothing is on file
    assert beside["Treaties that bind it"].to_dict() == {
        "Newland": "1 of 2 on file",
        "Alandia": "1 of 2 on file",
        "Far Isles": "not recorded",
    }
    assert beside["Risk index (0-100)"].to_dict() == {"Newland": 75, "Alandia": 45, "Far Isles": 85}
    assert beside.at["Alandia", "Likelihood"] == "about 40 in 1,000 (95 % interval: 20 to 80 in 1,000)"
    assert list(beside.index) == ["Newland", "Alandia", "Far Isles"]
    assert commitments.CAUTION in texts(app)
    assert "Base rate: about 10 in 1,000 States." in texts(app)
    assert "Likelihood" not in run("Commitments", year="2022").dataframe[1].value


def test_a_status_that_is_not_confirmed_on_the_day_says_so():
    assert [w.value for w in run("Commitments", treaty="cat", year="2023").warning] == [
        "Not confirmed since 31 August 2022: a later change is not in it."
    ]


def test_a_country_page_has_the_states_commitments():
    told = table_with(run("Country", country="QMA", year="2021"), "Treaty")
    assert told.loc["Rome Statute of the International Criminal Court"].to_list()[:4] == [
        "bound",
        "1 March 2020",
        "10 May 2020",
        "",
    ]
    assert told.loc["Convention against Torture", ["Status", "Joined"]].to_list() == ["bound", "2021"]
    assert told.loc["Genocide Convention", "Status"] == "not recorded"
    app = run("Country", country="QMA", year="2023")
    assert table_with(app, "Treaty").iloc[0].to_list()[:4] == ["left", "1 March 2020", "10 May 2020", "2 June 2023"]
    assert "position not recorded" in texts(app)


def test_a_release_without_commitments_says_so(invented):
    (invented.folder / "commitments.parquet").unlink()
    forget()
    app = run("Commitments")
    assert [info.value for info in app.info] == [commitments.NO_TABLE]
    assert len(app.table) == 3  # the road to the convention
    assert commitments.NO_TABLE in texts(run("Country", country="QMA", year="2023"))


def test_the_watch_lists_the_flagged_states_with_the_rate_of_false_alarms():
    app = run("Watch", country="QME")
    assert app.title[0].value == "Watch: to November 2023, preliminary"
    assert "**1 State of 3 watched has a flag** with the data to November 2023." in texts(app)
    assert (
        "**An invented rise.** Of 100 such flags in March 2011 to December 2020, 63 were **not** followed by an "
        "escalation (95 % interval: 58 to 68); of 100 months of any State, 5 were followed by one." in texts(app)
    )
    assert "200 in the month, 600 in 3 months, 1,200 in 6, 2,400 in 12." in texts(app)
    assert "3 months 2.0 times, 6 months 2.0 times, 12 months not known." in texts(app)
    assert "due in 12 months: yes; in 24: not known. Coup attempt in 12 months: none; in 24: not known." in texts(app)
    assert "Not watched in November 2023: Bretagna." in texts(app)
    assert watch.limits_text() in texts(app)
    assert "From January 2022 to November 2023: most deaths in November 2023 (3), fewest in December 2022 (2)" in texts(
        app
    )
    told = app.dataframe[0].value
    assert told["State"].to_list() == ["Alandia", "Far Isles", "Newland"]
    assert told["Other signs"].to_list() == ["", "", "Coup attempt"]


def test_the_watch_of_an_earlier_month_shows_nothing_newer():
    app = run("Watch", as_of="2023-01", country="QMA")
    assert app.title[0].value == "Watch: to December 2022"
    assert "61 were **not** followed" in texts(app)  # the rate of the file of that month
    assert app.dataframe[0].value["Newest month"].unique().tolist() == ["2022-12"]
    drawn = [line for line in figure(app)["data"] if line.get("x")]
    assert max(month for line in drawn for month in line["x"]) == "2022-12"
    app.session_state["deaths_table"] = True  # opened by the reader
    app.run()
    assert app.dataframe[0].value["Month"].max() == "2022-12"
    app.selectbox("as_of").set_value("2023-03").run()
    assert (app.query_params["as_of"], app.title[0].value) == ("2023-03", "Watch: to February 2023, preliminary")
    assert "**0 States of 3 watched have a flag**" in texts(app)


@pytest.mark.parametrize("asked", ["2024-02", "2022-11", "soon", "2023-13"])
def test_a_month_that_the_watch_cannot_show_is_said(asked):
    app = run("Watch", as_of=asked)
    said = f"The link asks for the month “{asked}”; the watch can be seen as it was from 2022-12 to 2024-01."
    assert said in app.warning[0].value
    assert app.title[0].value == "Watch: to November 2023, preliminary"


def test_the_watch_of_a_region_and_of_a_state_that_is_not_watched():
    app = run("Watch", region="Asia-Pacific", country="QMB")
    assert "**0 States of 1 watched have a flag**" in texts(app)
    assert "**Bretagna** is not watched in November 2023" in texts(app)
    assert not app.get("plotly_chart")


def test_the_rules_of_the_watch_are_told_with_what_they_caught():
    app = run("Watch")
    app.session_state["rules_table"] = True  # opened by the reader
    app.run()
    told = app.dataframe[1].value
    assert told["Not followed, of 100"].to_list() == [
        "61 (56 to 66)",
        "63 (58 to 68)",
        "79 (74 to 84)",
        "79 (74 to 84)",
    ]
    assert told["Escalations with it, of 100"].iloc[0] == "25 (20 to 30)"


def test_a_country_page_shows_the_watch_of_the_newest_month_of_its_year():
    app = run("Country", country="QMA", year="2022")
    assert "Watch: to December 2022" in texts(app)
    assert "61 were **not** followed" in texts(app)
    assert "known from November 2022 to November 2023" in texts(run("Country", country="QMA", year="2021"))


def test_a_release_without_the_watch_says_so(invented):
    (invented.folder / "watch.parquet").unlink()
    forget()
    assert [info.value for info in run("Watch").info] == [watch.NO_TABLE]
    assert watch.NO_TABLE in texts(run("Country", country="QMA", year="2023"))
    assert "the watch is not in this release" in run("Watch", as_of="2023-01").warning[0].value


def test_the_track_record_says_in_words_and_numbers_how_good_the_forecasts_were():
    app = run("Track record", window="1")
    assert "of the forecasts made from 2021 to 2022 it followed once. The State was among the 30 highest" in texts(app)
    assert "**Not distinguishable** from: infant mortality and population (9 of 9 scores)" in texts(app)
    assert table_with(app, "Score")["This model"].iloc[0] == "0.800 (0.700 to 0.900)"
    hits, years = (frame.value for frame in app.dataframe)
    assert hits.iloc[0].to_list() == ["2021", "Alandia", "2022", "2 of 3", "about 20 in 1,000", "hit"]
    assert years["At the end of"].to_list() == ["2022", "2021"]
    assert "**False alarms**: 5 of the 6 places in the yearly top 30" in texts(app)
    assert "Of 3 intervals of the number of events, 2 held what came" in texts(app)
    assert record.NO_LEDGER in texts(app)


def test_the_track_record_opens_its_groups_of_forecasts_as_a_table():
    app = run("Track record")
    app.session_state["reliability_table"] = True  # opened by the reader
    app.run()
    assert table_with(app, "Group")["Came"].to_list() == ["0 of 25", "10 of 25"]
    assert "In 2 of 2 groups the average forecast is inside the 95 % interval of what came" in texts(app)
    assert "After the end of 2021, the newest, 1 came" in texts(app)


def test_a_choice_on_the_track_record_is_written_into_the_address():
    app = run("Track record")
    app.selectbox("design").set_value("aligned").run()
    app.radio("top").set_value(10).run()
    assert (app.query_params["design"], app.query_params["top"]) == ("aligned", "10")
    assert "recomputed from its published files" in texts(app)
    assert "checked for the operational design only" in texts(app)


def test_the_published_test_of_others_is_shown_for_its_own_task_only():
    app = run("Track record")
    assert "has published a test of one task" in texts(app)
    assert record.PEER not in [name for table in app.table for name in table.value.columns]


def test_the_track_record_counts_the_ledgers_forecasts(tmp_path):
    forecasts = sample.forecast_tables()["forecasts"].query("design == 'operational' and probability.notna()")
    past = forecasts.assign(window_start=forecasts["window_start"] - 2, window_end=forecasts["window_end"] - 2)
    ledger.append(store.LEDGER, past, release="2021-11", issued=date(2021, 11, 15))
    # five outcomes, two windows, three States, all of them over by 2023
    assert "The ledger holds 30 published forecasts (release 2021-11). 30 can be scored" in texts(run("Track record"))
    store.LEDGER.write_text("torn")
    forget()
    assert "The ledger cannot be shown." in texts(run("Track record"))


@pytest.mark.usefixtures("without_forecasts")
def test_a_track_record_without_forecasts_says_so():
    app = run("Track record")
    assert [info.value for info in app.info] == [likelihood.NO_FORECASTS]
    assert not app.table


def test_the_method_page_lists_factors_sources_and_what_is_left_out():
    app = run("Method")
    assert "1. Invented factor 1: dynamic, common, 2 indicators" in texts(app)
    assert "14. Invented factor 14: **not measured**" in texts(app)
    assert "scores only" in table_with(app, "Data set")["Values here"].to_list()
    assert app.dataframe[0].value["Reason"].to_list() == ["not a State"]


def test_the_method_page_says_how_much_the_choices_matter():
    app = run("Method")
    assert "**leaving out one factor**, 14% of the variance" in texts(app)
    assert table_with(app, "Choice").loc["Leaving out one factor", "Alone"] == "7.0% (6.5% to 7.5%)"
    app.session_state["otherwise"] = True  # opened by the reader
    app.run()
    assert "Leaving out one indicator: Open indicator 1" in table_with(app, "Choice made otherwise").index


def test_a_release_without_tables_of_sensitivity_says_so_and_tells_no_place(invented):
    for path in invented.folder.glob("sensitivity*.parquet"):
        path.unlink()
    forget()
    assert sensitivity.NO_TABLE in texts(run("Method"))
    assert "by the index; between" not in texts(run("Country", country="QMD", year="2023"))


def test_the_place_by_the_index_is_told_with_its_interval_in_the_newest_year_only():
    told = "lace 2 of 3 by the index; between 1 and 3 under other reasonable choices"
    assert told in texts(run(country="QMD", year="2023"))
    assert told in texts(run("Country", country="QMD", year="2023"))
    assert told not in texts(run(country="QMD", year="2022"))
    assert told not in texts(run(country="QMD", year="2023", measure="rf02"))


def weighed(app: AppTest) -> dict[str, float]:
    """The scores on the map of the reader's weights."""
    return {row: round(value, 1) for row, value in maps.column(maps.films(app)["weighed"], "value", 2023).items()}


def test_the_readers_weights_start_as_published_and_stay_out_of_the_address():
    app = run("Method")
    assert "Your weights are the published ones" in texts(app)
    # QMA: structural 40 + 29 / 6, dynamic 40 + 52 / 6; the mean of both is 46.75
    assert weighed(app)["QMA"] == 46.8
    assert not {"weights", "structural"} & {*app.query_params}
    assert [slider.value for slider in app.slider] == [1.0] * 12 + [50]


def test_a_weight_moves_the_map_and_is_written_into_the_address():
    app = run("Method")
    app.slider("structural").set_value(100).run()
    for factor in (2, 3, 4, 5, 6):
        app.slider(f"weight_rf{factor:02d}").set_value(0.0).run()
    assert weighed(app) == {"QMA": 49, "QMD": 79, "QME": 89}  # factor 9 alone
    assert app.query_params["weights"] == "rf02:0,rf03:0,rf04:0,rf05:0,rf06:0"
    assert app.query_params["structural"] == "100"
    app.selectbox("country").set_value("QMD").run()
    assert "Risk index by your weights: 79.0 of 100" in texts(app)
    assert "place 2 of 3 by your weights; published: 75.0, place 2 of the same 3" in texts(app)
    assert "By your weights the highest is 89.0 (Far Isles), the lowest 49.0 (Alandia)." in texts(app)
    assert app.query_params["country"] == "QMD"
    app.session_state["weighed_twin"] = True  # opened by the reader
    app.run()
    table = next(frame.value for frame in app.dataframe if "Your weights" in frame.value)
    assert table["Risk index by your weights (0-100)"].to_list()[:3] == [89, 79, 49]
    app.button[0].click().run()
    assert not {"weights", "structural"} & {*app.query_params}
    assert app.query_params["country"] == "QMD"
    assert [slider.value for slider in app.slider] == [1.0] * 12 + [50]
    assert weighed(app)["QMA"] == 46.8


def test_a_link_restores_the_readers_weights_and_every_page_carries_them():
    app = run("Method", weights="rf01:2,rf05:0.5", structural="60", country="QMA")
    assert not app.warning
    assert (app.slider("weight_rf01").value, app.slider("weight_rf05").value) == (2.0, 0.5)
    assert app.slider("structural").value == 60
    assert "rf01 2, rf05 0.5; structural part 60 %" in texts(app)
    film = maps.films(app)["weighed"]
    assert film["looks"][0]["title"] == weighing.SCALE
    assert film["texts"]["nothing"] == weighing.NOTHING
    assert film["texts"]["heading"] == "{name}, {year}, your weights"
    app.switch_page(PAGES["World map"]).run()
    assert (app.query_params["weights"], app.query_params["structural"]) == ("rf01:2,rf05:0.5", "60")
    assert "our weights" not in texts(app)
    app.switch_page(PAGES["Method"]).run()
    assert (app.slider("weight_rf01").value, app.slider("structural").value) == (2.0, 60)
    assert "rf01 2, rf05 0.5; structural part 60 %" in texts(app)


def test_going_back_to_an_address_without_weights_gives_back_the_published_ones():
    app = run("Method")
    before = dict(app.query_params)
    app.slider("weight_rf01").set_value(2.0).run()
    app.slider("structural").set_value(60).run()
    assert (app.query_params["weights"], app.query_params["structural"]) == ("rf01:2", "60")
    app.query_params.clear()
    for name, value in before.items():
        app.query_params[name] = value
    app.run()
    assert [slider.value for slider in app.slider] == [1.0] * 12 + [50]
    assert "Your weights are the published ones" in texts(app)


def test_a_link_with_wrong_weights_says_so_and_shows_the_published_ones():
    app = run("Method", weights="rf01:9,rf10:1", structural="7")
    assert len(app.warning) == 3
    assert "the weight “9” of rf01" in app.warning[0].value
    assert app.warning[0].value.endswith("top 30; your weights: every factor 1; structural part 50 %.")
    assert not {"weights", "structural"} & {*app.query_params}


def test_weights_of_nothing_say_so_and_draw_no_map():
    zero = ",".join(f"rf{factor:02d}:0" for factor in sample.MEASURED)
    app = run("Method", weights=zero, country="QMD")
    assert [warning.value for warning in app.warning] == [weighing.NO_WEIGHT]
    assert not maps.films(app)
    app.slider("weight_rf01").set_value(1.0).run()
    assert weighed(app)["QMA"] == 41  # the dynamic part alone, of factor 1
    assert app.selectbox("country").value == "QMD"
    assert app.query_params["country"] == "QMD"
    assert not app.warning


def test_the_download_page_offers_every_file_of_the_release(invented):
    app = run("Download")
    buttons = app.get("download_button")
    made = 7  # three of the chosen lines, codebook, hub layout, CITATION.cff, list of hashes
    assert len(buttons) == len(invented.package["resources"]) + 1 + made  # and the package's own description
    assert "CC-BY-SA-4.0" in app.code[0].value


def test_without_a_release_every_page_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "none").mkdir()
    monkeypatch.setenv("UPSTREAM_RELEASES", str(tmp_path / "none"))
    forget()
    app = run()
    assert "There is no release in" in app.error[0].value
    assert "run `python pipeline.py build`" in app.error[0].value
