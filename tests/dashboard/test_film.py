"""Films of the map: what is packed is what was scored, every sentence is a template that the film can fill."""

import math
import re

import pytest

from dashboard import atlas, current, film, looks, reading, store, weighing
from tests.dashboard import maps, sample

pytestmark = pytest.mark.usefixtures("invented")


def content(code: str = "risk_index", window: int = 0) -> dict:
    return film.unpack(atlas.film_of(code, window)[1])


def test_each_row_has_its_score_of_each_year_and_no_score_is_not_zero():
    made = content()
    assert made["years"] == [2020, 2023]
    assert maps.column(made, "value", 2023) == {"QMA": 45, "QMD": 75, "QME": 85}
    assert maps.column(made, "value", 2020) == {"QMA": 30, "QMC": 50, "QME": 70}
    assert maps.column(made, "country", 2023) == {
        "QMA": "Alandia",
        "QMB": "Bretagna",
        "QMD": "Newland",
        "QME": "Far Isles",
    }
    assert maps.column(made, "cover", 2023)["QMB"] == 0.1


def test_a_place_shows_the_row_that_held_its_land_in_the_year():
    made = content()
    assert [maps.holder(made, place, 2021) for place in ("QMA", "QMD", "QMX", "QMT")] == ["QMA", "QMC", "QMA", ""]
    assert made["held"]["QMD"] == [["QMC", 2020, 2021], ["QMD", 2022, 2023]]


def test_regions_and_notes_are_those_of_the_rows():
    made = content()
    assert dict(zip(made["rows"], made["regions"], strict=True)) == sample.REGIONS
    assert made["notes"] == {"QMB": sample.NOTE}


@pytest.mark.parametrize(("code", "window"), [("risk_index", 0), ("rf02", 0), ("mass_killing", 2)])
def test_every_name_in_a_sentence_is_a_column_of_the_film(code, window):
    made = content(code, window)
    told = {
        name for choices in made["lines"] + made["pair"] for text in choices for name in re.findall(r"{(\w+)}", text)
    }
    columns = {*made["columns"], *(f"{name}_since" for name in made["columns"])}
    assert told - columns <= {"year", "since", "change"}


def test_a_likelihood_is_drawn_by_its_logarithm_and_told_in_natural_frequencies():
    made = content("mass_killing", 2)
    assert maps.column(made, "value", 2023)["QMA"] == pytest.approx(math.log10(0.04), abs=1e-4)
    assert maps.column(made, "line0", 2023)["QMA"].startswith("about 40 in 1,000 States like this (95 % interval")
    assert maps.column(made, "line0", 2023)["QMB"] == "No forecast: too little is known"
    assert maps.column(made, "when", 2021)["QMA"].endswith("as it would have been forecast at the end of 2021")
    assert maps.column(made, "line3", 2021)["QMA"] == "what then happened: it came"
    assert maps.column(made, "value", 2020) == {}  # no forecast was made


def test_a_probability_of_zero_has_a_colour(invented):
    forecasts = sample.forecast_tables()["forecasts"].assign(probability=0.0)
    forecasts.to_parquet(invented.folder / "forecasts.parquet")
    current.forget()
    assert maps.column(content("mass_killing", 2), "value", 2023)["QMA"] < -300


def test_uncertain_is_decided_by_the_intervals_of_the_newest_year_alone():
    # the interval of a place is at most three places wide of three; that of a forecast from half to twice
    made, forecast = content(), content("mass_killing", 2)
    assert maps.column(made, "wide", 2023) == {"QMA": 1, "QMD": 1, "QME": 1}
    assert maps.column(made, "wide", 2022) == {}
    assert made["texts"]["wide"] == "Uncertain (2023): the interval of the place spans more than 1 in 5 of all places"
    assert maps.column(forecast, "wide", 2023) == {"QMA": 0, "QMD": 0, "QME": 0}
    assert "more than 10 times the lower" in forecast["texts"]["wide"]
    assert maps.column(content("rf02"), "wide", 2023) == {}
    assert content("rf02")["texts"]["wide"] == ""


def test_a_forecast_is_uncertain_above_ten_times_and_not_at_ten_times():
    forecasts = sample.forecast_tables()["forecasts"].head(2).assign(lower=0.01, upper=[0.1, 0.101])
    assert looks.wide_likelihoods(forecasts).to_list() == [0, 1]
    unknown = forecasts.assign(lower=math.nan)
    assert looks.wide_likelihoods(unknown).isna().all()


def test_small_maps_are_of_the_newest_year_and_each_tenth_before():
    assert atlas.decades(range(1970, 2027)) == [1976, 1986, 1996, 2006, 2016, 2026]
    assert atlas.decades([2014, 2015, 2024]) == [2014, 2024]


def test_a_film_in_another_language_is_another_and_has_its_signs():
    english = atlas.film_of("risk_index", 0)
    current.use(None, "fr")
    try:
        french = atlas.film_of("risk_index", 0)
        made = film.unpack(french[1])
    finally:
        current.use(None, "en")
    assert english[0] != french[0]
    assert (made["decimal"], made["percent"]) == (",", "{}\xa0%")
    assert film.unpack(english[1])["percent"] == "{}%"


def test_the_films_id_is_that_of_its_content(invented):
    before = atlas.film_of("risk_index", 0)
    assert atlas.film_of("risk_index", 0) is before  # kept: built once for all visits
    current.forget()
    assert atlas.film_of("risk_index", 0) == before


def test_weights_of_the_reader_make_a_film_of_one_year_under_their_own_words():
    codes = reading.newest_frame().codes
    weights = weighing.Weights(tuple((code, 1.0) for code in codes))
    made = film.unpack(atlas.weighed_film(weights)[1])
    assert made["years"] == [2023, 2023]
    assert made["texts"]["heading"] == "{name}, {year}, your weights"
    assert made["texts"]["nothing"] == weighing.NOTHING
    # QMA: structural 40 + 29 / 6, dynamic 40 + 52 / 6
    assert maps.column(made, "value", 2023)["QMA"] == pytest.approx(46.75)
    assert store.names()["QMA"] == "Alandia"
