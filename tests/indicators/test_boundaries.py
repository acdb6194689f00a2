"""Polygons and neighbours: each step on shapes drawn by hand, and the files in the repository against known facts."""

import json
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Polygon, box

from indicators import boundaries

ROOT = Path(__file__).parents[2]


def places(**shapes: Polygon) -> gpd.GeoDataFrame:
    """Places of these codes, each held by the row of the same code."""
    codes = list(shapes)
    return gpd.GeoDataFrame({"place": codes, "name": codes, "holder": codes}, geometry=list(shapes.values()), crs=4326)


def pairs(table: pd.DataFrame) -> set[tuple[str, str]]:
    return {*table.itertuples(index=False, name=None)}


def test_a_ring_across_180_degrees_is_cut_into_an_eastern_and_a_western_part():
    across = MultiPolygon([Polygon([(170, 0), (-170, 0), (-170, 10), (170, 10)])])
    cut = boundaries.cut_at_dateline(across)
    assert sorted(part.bounds for part in cut.geoms) == [(-180, 0, -170, 10), (170, 0, 180, 10)]


def test_a_ring_that_stays_on_its_side_is_left_alone():
    shape = MultiPolygon([box(-170, 0, -160, 10), box(160, 0, 170, 10)])
    assert boundaries.cut_at_dateline(shape).equals(shape)


def test_neighbours_share_a_line_and_not_only_a_point():
    table = places(QMA=box(0, 0, 1, 1), QMB=box(1, 0, 2, 1), QMC=box(2, 1, 3, 2))
    # QMA and QMB share the line x = 1; QMB and QMC only the point (2, 1).
    assert pairs(boundaries.find_neighbours(table, [])) == {("QMA", "QMB"), ("QMB", "QMA")}


def test_a_held_place_gives_its_borders_to_the_row_that_holds_it_and_a_place_without_a_row_has_none():
    table = places(QMA=box(0, 0, 1, 1), QMB=box(1, 0, 2, 1), QMC=box(2, 0, 3, 1), QMD=box(3, 0, 4, 1))
    table["holder"] = ["QMA", "QMA", "QMC", ""]
    assert pairs(boundaries.find_neighbours(table, [])) == {("QMA", "QMC"), ("QMC", "QMA")}


def test_a_border_that_the_scale_hides_is_added_both_ways():
    table = places(QMA=box(0, 0, 1, 1), QMB=box(5, 0, 6, 1))
    added = [{"between": ["QMA", "QMB"], "reason": "invented"}]
    assert pairs(boundaries.find_neighbours(table, added)) == {("QMA", "QMB"), ("QMB", "QMA")}


def test_a_place_in_the_facts_that_the_atlas_lacks_is_an_error():
    facts = {"merged": {}, "held": {"QZZ": {"holder": "QMA", "name": "Held"}}, "no_row": {}, "split": {}}
    with pytest.raises(ValueError, match=r"1 places are not in the atlas: \['QZZ'\]. Correct the code there"):
        boundaries.split_places(places(QMA=box(0, 0, 1, 1)), facts)


def test_an_overseas_part_is_split_off_without_a_row():
    facts = {
        "merged": {},
        "held": {},
        "no_row": {},
        "split": {"QMB": {"parent": "QMA", "name": "Overseas", "window": [9, -1, 12, 2]}},
    }
    atlas = places(QMA=MultiPolygon([box(0, 0, 1, 1), box(10, 0, 11, 1)])).drop(columns="holder")
    table = boundaries.split_places(atlas, facts).set_index("place")
    assert table["holder"].to_dict() == {"QMA": "QMA", "QMB": ""}
    assert table.at["QMB", "geometry"].equals(box(10, 0, 11, 1))
    assert table.at["QMA", "geometry"].equals(box(0, 0, 1, 1))


def test_stripes_stay_inside_the_shape():
    shape = box(0, 0, 10, 10)
    stripes = boundaries.hatch(shape, gap_deg=2)
    assert len(stripes) == 9  # on the grid of 2 degrees, the two corners are points
    assert all(shape.buffer(boundaries.SLIVER_DEG).contains(stripe) for stripe in stripes)


def test_dashes_are_as_long_as_the_gaps_between_them():
    dashes = boundaries.dashes(LineString([(0, 0), (2, 0)]), dash_deg=0.5)
    assert [round(dash.bounds[0], 3) for dash in dashes] == [0, 1]
    assert [round(dash.bounds[2], 3) for dash in dashes] == [0.5, 1.5]


def test_outer_rings_run_clockwise_and_holes_the_other_way():
    ring = Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])
    outer, hole = boundaries.feature("QMA", ring)["geometry"]["coordinates"][0]
    assert not shapely.LinearRing(outer).is_ccw
    assert shapely.LinearRing(hole).is_ccw


NEIGHBOURS = pd.read_csv(ROOT / "data/neighbours.csv", keep_default_na=False)
PLACES = pd.read_csv(ROOT / "data/places.csv", keep_default_na=False)


@pytest.mark.parametrize(
    ("iso3", "expected"),
    [
        ("COD", "AGO BDI CAF COG RWA SSD TZA UGA ZMB"),
        ("CHN", "AFG BTN IND KAZ KGZ LAO MMR MNG NPL PAK PRK RUS TJK VNM"),
        ("ISR", "EGY JOR LBN PSE SYR"),
        ("PSE", "EGY ISR JOR"),
        ("XKX", "ALB MKD MNE SRB"),
        ("MAR", "DZA MRT"),  # Mauritania through Western Sahara
        ("SOM", "DJI ETH KEN"),  # Djibouti through Somaliland
        ("SSD", "CAF COD ETH KEN SDN UGA"),
        ("MMR", "BGD CHN IND LAO THA"),
        ("RUS", "AZE BLR CHN EST FIN GEO KAZ LTU LVA MNG NOR POL PRK UKR"),
        ("FRA", "AND BEL CHE DEU ESP ITA LUX MCO"),  # without the overseas departments
        ("BWA", "NAM ZAF ZMB ZWE"),
        ("CYP", ""),
    ],
)
def test_known_neighbours(iso3, expected):
    assert NEIGHBOURS.loc[NEIGHBOURS["iso3"] == iso3, "neighbour"].to_list() == expected.split()


def test_neighbours_are_symmetric():
    assert pairs(NEIGHBOURS) == pairs(NEIGHBOURS[["neighbour", "iso3"]])


def test_every_state_of_today_has_a_place_and_every_place_a_polygon():
    countries = pd.read_csv(ROOT / "data/countries.csv", keep_default_na=False)
    today = countries.loc[countries["end"] == "", "iso3"]
    assert {*today} - {*PLACES["place"]} == set()
    drawn = json.loads((ROOT / "static/boundaries.geojson").read_text(encoding="utf-8"))["features"]
    assert {feature["id"] for feature in drawn} == {*PLACES["place"]}


def test_places_without_a_row_are_named_as_such():
    facts = tomllib.loads((ROOT / "data/places.toml").read_text(encoding="utf-8"))
    assert {*PLACES.loc[PLACES["holder"] == "", "place"]} == {*facts["no_row"], *facts["split"]}


def test_drawn_polygons_stay_within_the_map_and_are_small_enough_to_send():
    path = ROOT / "static/boundaries.geojson"
    assert path.stat().st_size < 350_000
    drawn = gpd.read_file(path)
    west, south, east, _ = drawn.total_bounds
    assert west >= -180
    assert east <= 180
    assert south >= -60
    # No polygon spans the map from edge to edge: Russia and Fiji are cut at 180 degrees.
    widths = drawn.geometry.explode().bounds.eval("maxx - minx")
    assert widths.max() < 200
