"""What the figures hold, read from their dictionaries: numbers, colours, texts, and where polygons come from."""

import base64
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard import country, figures, world
from dashboard.measures import Measure, list_measures
from tests.dashboard import sample

MODULES = [path.stem for path in Path(figures.__file__).parent.glob("*.py") if path.stem not in ("visit", "__init__")]
MEASURES = list_measures(sample.tables()["factors"])
INDEX = MEASURES["risk_index"]


def unpack(part: Any) -> Any:
    """A figure's dictionary with numbers as lists: Plotly packs them as base64."""
    if isinstance(part, dict) and "bdata" in part:
        return np.frombuffer(base64.b64decode(part["bdata"]), part["dtype"]).tolist()
    if isinstance(part, dict):
        return {name: unpack(value) for name, value in part.items()}
    return [unpack(value) for value in part] if isinstance(part, list | tuple | np.ndarray) else part


def draw(year: int = 2023, region: str = "All", measure: Measure = INDEX) -> dict:
    tables = sample.tables()
    scores = world.with_facts(tables["scores"], tables["countries"])
    rows = world.rows_of_year(scores[scores["year"] == year], measure)
    held = {place: sample.holder_of(place, year) for place in sample.NAMES if place != "QMC"}
    shown = world.show_places(sample.places(), rows, held, sample.NAMES, year)
    members = {*world.choose_region(rows, region)["iso3"]}
    return unpack(figures.draw_map(shown, figures.score_look(measure), region=region, members=members).to_dict())


def polygons(figure: dict) -> dict[str, dict]:
    """By place, the trace that fills it, with its position in it."""
    fills = [trace for trace in figure["data"] if str(trace.get("geojson", "")).endswith("boundaries.geojson")]
    return {place: trace | {"at": n} for trace in fills for n, place in enumerate(trace["locations"])}


def hover(figure: dict, place: str) -> str:
    """The text under the pointer, filled in as Plotly does."""
    trace = polygons(figure)[place]
    facts = trace["customdata"][trace["at"]]
    text = trace["hovertemplate"]
    for number, fact in enumerate(facts):
        text = text.replace(f"%{{customdata[{number}]}}", f"{fact:g}" if isinstance(fact, float) else fact)
        text = text.replace(f"%{{customdata[{number}]:.1f}}", f"{fact:.1f}" if isinstance(fact, float) else "")
        text = text.replace(f"%{{customdata[{number}]:.0%}}", f"{fact:.0%}" if isinstance(fact, float) else "")
    return text


def test_each_place_has_the_score_of_its_row_and_no_score_is_not_zero():
    drawn = polygons(draw())
    assert drawn["QMA"]["z"][drawn["QMA"]["at"]] == 45
    assert drawn["QMX"]["z"][drawn["QMX"]["at"]] == 45  # held by QMA
    assert "coloraxis" not in drawn["QMB"]  # no score: outside the scale of colours
    assert drawn["QMB"]["colorscale"][0][1] == figures.FILLS[world.NO_SCORE]
    assert drawn["QMT"]["colorscale"][0][1] == figures.FILLS[world.NO_ROW]


def test_no_score_is_hatched():
    hatched = [trace for trace in draw()["data"] if str(trace.get("geojson", "")).endswith("hatch.geojson")]
    assert [place for trace in hatched for place in trace["locations"]] == ["QMB"]


def test_hover_tells_value_coverage_data_date_and_note():
    figure = draw()
    assert hover(figure, "QMA") == (
        "<b>Alandia</b> 2023<br>Risk index: 45.0 of 100"
        "<br>coverage 85%, data on average 1.2 years old (2020 to 2022)<extra></extra>"
    )
    assert hover(figure, "QMB") == (
        "<b>Bretagna</b> 2023<br>Risk index: no score, too little data<br>coverage 10%"
        f"<br><i>{sample.NOTE}</i><extra></extra>"
    )
    assert hover(figure, "QMT") == "<b>Loose Island (Nobody)</b> 2023<br>no row of its own: no score<extra></extra>"


def test_a_place_whose_state_did_not_exist_shows_the_row_that_held_it_and_says_so():
    figure = draw(2021)
    # Old Union in 2021: 40 + 20 (third letter) + 5 (index) - 10 (two years back)
    assert polygons(figure)["QMD"]["z"][polygons(figure)["QMD"]["at"]] == 55
    assert "<b>Newland</b> 2021<br>shown here: Old Union, row QMC<br>Risk index: 55.0" in hover(figure, "QMD")


def test_outside_the_chosen_region_nothing_is_filled():
    drawn = polygons(draw(region="Africa"))
    assert "coloraxis" in drawn["QMA"]
    assert drawn["QME"]["colorscale"][0][1] == "rgba(0,0,0,0)"
    assert hover(draw(region="Africa"), "QME") == "<b>Far Isles</b> 2023<br>outside the chosen region<extra></extra>"


def test_a_place_without_a_state_in_the_year_says_so():
    shown = world.show_places(sample.places(), pd.DataFrame(columns=["iso3"]), {}, sample.NAMES, 1950)
    assert shown["heading"].iloc[0] == "<b>Alandia</b> 1950<br>no State of its own in this year: no score"
    assert set(shown["kind"]) == {world.NO_ROW}


def test_tiny_places_with_a_row_have_a_marker_in_the_colour_of_their_score():
    markers = [trace for trace in draw()["data"] if trace["type"] == "scattergeo" and "customdata" in trace]
    assert [(trace["customdata"][0][0], trace["marker"]["color"]) for trace in markers] == [("QME", [85])]


def test_a_factor_is_named_and_has_its_own_coverage():
    text = hover(draw(measure=MEASURES["rf02"]), "QMA")
    assert "2. Invented factor 2: 42.0 of 100<br>coverage 90%, data on average 1.5 years old<" in text


def test_colours_grow_darker_with_the_score_for_readers_who_see_no_colour():
    luminance = [_luminance(colour) for _, colour in figures.COLOUR_SCALE]
    assert all(lighter - darker > 0.04 for lighter, darker in itertools.pairwise(luminance))


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1) of a colour such as "#ff0000"."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_every_address_in_a_figure_is_the_apps_own():
    addresses = {trace["geojson"] for trace in draw()["data"] if "geojson" in trace}
    assert addresses == {f"app/static/{name}.geojson" for name in ("boundaries", "hatch", "disputed")}
    assert figures.CONFIG["topojsonURL"] == "app/static/stub/"


def test_a_clicked_point_gives_the_code_of_its_row():
    assert figures.clicked({"customdata": ["QMA", "<b>Alandia</b>"]}) == "QMA"
    assert figures.clicked({"location": "QMT"}) == ""


def test_the_history_has_a_gap_where_there_is_no_score():
    scores = pd.DataFrame(
        {"iso3": "QMA", "country": "Alandia", "year": [2000, 2001, 2003], "risk_index": [10.0, None, 30.0]}
    ).assign(structural=1.0, dynamic=2.0)
    line = figures.draw_history(country.history(scores, "QMA"), 2003).data[0]
    assert list(line.x) == [2000, 2001, 2002, 2003]
    np.testing.assert_array_equal(line.y, [10, np.nan, np.nan, 30])
    assert line.connectgaps is False


def test_the_factors_over_the_years_are_one_row_of_cells_each():
    scores = sample.tables()["scores"]
    cells = figures.draw_factors(country.history(scores, "QMA"), MEASURES).data[0]
    assert len(cells.y) == 12
    assert cells.z.shape == (12, 4)
    assert cells.z[0].tolist() == [26, 31, 36, 41]  # factor 1: 41 in 2023, five less for each year back


@pytest.mark.parametrize("module", MODULES)
def test_only_the_visit_and_the_pages_import_streamlit(module):
    code = f"import sys, dashboard.{module}; sys.exit('streamlit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_dashboard_does_not_load_the_libraries_of_the_build():
    code = "import sys, dashboard.store; sys.exit(str({'geopandas', 'shapely', 'sklearn', 'pandera'} & {*sys.modules}))"
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.stderr.strip().endswith("set()"), run.stderr
