"""The numbers beside the map: filters, differences, rankings, and whether one State is above another."""

import pandas as pd
import pytest

from dashboard import atlas, ranking, world
from tests.dashboard import sample

pytestmark = pytest.mark.usefixtures("invented")
INDEX = ("risk_index", 2023, "All", 0, 0)


def test_coverage_filters_rows_and_the_threshold_itself_is_kept():
    rows = pd.DataFrame({"iso3": ["QMA", "QMB"], "cover": [0.7, 0.69]})
    assert world.choose_covered(rows, 70)["iso3"].to_list() == ["QMA"]
    assert world.choose_covered(rows, 0)["iso3"].to_list() == ["QMA", "QMB"]


def test_the_table_has_the_rows_that_the_map_shows():
    assert atlas.twin(*INDEX)["Row"].to_list() == ["QME", "QMD", "QMA", "QMB"]
    assert atlas.twin("risk_index", 2023, "All", 0, 50)["Row"].to_list() == ["QME", "QMD", "QMA"]
    assert atlas.twin("risk_index", 2023, "Africa", 0, 50)["Row"].to_list() == ["QMA"]
    assert "1 State or place with a coverage below 50% is left out." in atlas.map_notes(
        "risk_index", 2023, "All", 0, 50
    )


def test_the_coverage_of_an_earlier_forecast_is_that_of_the_index_and_said_to_be():
    notes = atlas.map_notes("mass_killing", 2021, "All", 2, 50)
    assert "Of earlier forecasts the coverage is that of the risk index of the year." in notes
    assert "QMB" not in atlas.twin("mass_killing", 2021, "All", 2, 50)["Row"].to_list()
    assert atlas.rows_of("mass_killing", 2023, 2).set_index("iso3")["cover"]["QMA"] == 0.8  # the forecast's own


def test_a_difference_is_known_only_where_both_years_are():
    table = atlas.changes(*INDEX, 2021)
    # QMD did not exist in 2021, QMB has no score; five points for each year
    assert table["Row"].to_list() == ["QME", "QMA"]
    assert table["Risk index, 2021 (0-100)"].to_list() == [75, 35]
    assert table["Change"].to_list() == [10, 10]
    note = "2 States have a value in both 2021 and 2023: 2 higher, 0 lower, 0 the same."
    assert atlas.change_note(*INDEX, 2021) == note


def test_the_difference_of_likelihoods_is_how_many_times_as_likely():
    table = atlas.changes("mass_killing", 2023, "All", 2, 0, 2021)
    assert table["Times as likely"].to_list() == [1, 1]
    assert "0 higher, 0 lower, 2 the same" in atlas.change_note("mass_killing", 2023, "All", 2, 0, 2021)


def test_a_ranking_has_intervals_in_the_newest_year_only():
    newest = atlas.ranking_of(*INDEX)
    assert newest["Place"].to_list() == [1, 2, 3]
    assert newest["Place, upper end of 95 % interval"].to_list() == [2, 3, 3]
    earlier = atlas.ranking_of("risk_index", 2022, "All", 0, 0)
    assert "Place, upper end of 95 % interval" not in earlier
    assert "of the newest year only" in atlas.ranking_note("risk_index", 2022)


def test_places_are_among_all_states_whatever_the_region():
    assert atlas.ranking_of("risk_index", 2023, "Africa", 0, 0)["Place"].to_list() == [3]
    assert atlas.ranking_of("rf02", 2023, "Western Asia", 0, 0)["Place"].to_list() == [2]


def test_a_ranking_of_forecasts_has_the_places_of_the_replicates():
    newest = atlas.ranking_of("mass_killing", 2023, "All", 2, 0)
    assert newest["Row"].to_list() == ["QMA", "QMD", "QME"]
    assert newest["Place, lower end of 95 % interval"].to_list() == [1, 1, 2]
    assert "Place, lower end of 95 % interval" not in atlas.ranking_of("mass_killing", 2021, "All", 2, 0)


def states(**places: tuple[int, int, int]) -> pd.DataFrame:
    """Lines of `sensitivity`: place and the ends of its interval."""
    table = pd.DataFrame(places, index=[ranking.PLACE, ranking.LOWER, ranking.UPPER]).T
    return table.rename_axis("iso3").reset_index()


def test_states_whose_intervals_do_not_overlap_have_a_clear_order():
    told = ranking.above_by_places(states(QMA=(9, 7, 12), QMB=(3, 1, 6)), "QMA", "QMB", sample.NAMES)
    assert told.startswith("Bretagna has place 3 (between 1 and 6), Alandia place 9 (between 7 and 12).")
    assert "The intervals do not overlap" in told


def test_states_whose_intervals_touch_have_no_certain_order():
    told = ranking.above_by_places(states(QMA=(9, 6, 12), QMB=(3, 1, 6)), "QMB", "QMA", sample.NAMES)
    assert "The intervals overlap: which of them is higher is not certain." in told


def test_a_state_without_a_place_is_not_compared():
    told = ranking.above_by_places(states(QMA=(9, 6, 12)), "QMA", "QMB", sample.NAMES)
    assert told == "They cannot be compared: Bretagna has no place by the index."
    both = ranking.above_by_places(states(QMA=(9, 6, 12)), "QMB", "QMC", sample.NAMES)
    assert both == "They cannot be compared: neither of them has a place by the index."


def test_forecasts_are_compared_by_replicates_and_other_years_not_at_all():
    assert "in 5 of 20 replicates" in atlas.above_text("QMD", "QMA", ("mass_killing", 2023, "All", 2, 0))
    assert "The intervals overlap" in atlas.above_text("QMD", "QMA", INDEX)
    for shown in (("mass_killing", 2021, "All", 2, 0), ("risk_index", 2022, "All", 0, 0), ("rf02", 2023, "All", 0, 0)):
        assert atlas.above_text("QME", "QMA", shown).startswith("How sure their order is, is not known")


def test_the_name_of_the_file_says_what_chose_its_rows():
    assert atlas.file_name(*INDEX, 0) == "upstream-2024-01-risk_index-2023-all.csv"
    told = atlas.file_name("mass_killing", 2023, "Western Asia", 2, 80, 2021)
    assert told == "upstream-2024-01-mass_killing-2023-since-2021-2-years-western-asia-coverage-80.csv"
