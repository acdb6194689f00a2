"""Polygons and neighbours: each step on shapes drawn by hand, and the files in the repository against known facts."""

import itertools
import json
import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
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


def square(west: float, south: float, side: float = 1) -> gpd.GeoSeries:
    return gpd.GeoSeries([box(west, south, west + side, south + side)], crs=4326)


def test_the_middle_of_the_map_is_longitude_11_and_south_is_down():
    point = boundaries.project(gpd.GeoSeries(gpd.points_from_xy([11], [0], crs=4326))).iloc[0]
    assert (round(point.x), round(point.y)) == (0, 0)
    north, south = (boundaries.project(square(11, latitude)).total_bounds[1] for latitude in (50, -50))
    assert north < 0 < south


def test_areas_keep_their_proportion():
    low, high = (boundaries.project(square(20, latitude)).area.iloc[0] for latitude in (0, 60))
    truth = boundaries.area_km2(square(20, 0)).iloc[0] / boundaries.area_km2(square(20, 60)).iloc[0]
    assert low / high == pytest.approx(truth, rel=0.01)


def test_what_lies_west_of_the_seam_is_drawn_in_the_east():
    east, west = (boundaries.project(square(longitude, 60)).total_bounds[0] for longitude in (178, -171))
    assert west > east > 0
    across = boundaries.project(square(-169.5, 60)).iloc[0]
    assert across.geom_type == "MultiPolygon"  # cut at the seam: one part at each edge
    assert across.bounds[0] < 0 < across.bounds[2]


def test_a_path_goes_in_whole_steps_and_leaves_out_what_is_smaller():
    assert boundaries.path_of(Polygon([(0, 0), (4.2, 0), (4, 4), (0, 4)])) == "M0 0l4 0 0 4-4 0z"
    hole = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(2, 2), (2, 4), (4, 4)]])
    assert boundaries.path_of(hole).count("M") == 2
    assert boundaries.path_of(Polygon([(0, 0), (0.2, 0), (0.2, 0.2)])) == ""
    assert boundaries.path_of(LineString([(0, 0), (5, -5), (5, -7)])) == "M0 0l5-5 0-2"


NEIGHBOURS = pd.read_csv(ROOT / "data/neighbours.csv", keep_default_na=False)
PLACES = pd.read_csv(ROOT / "data/places.csv", keep_default_na=False)
WORLD = json.loads((ROOT / "static/world.json").read_text(encoding="utf-8"))


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
    assert {*WORLD["paths"]} == {*WORLD["centres"]} == {*PLACES["place"]}
    assert all(WORLD["paths"].values())


def test_places_without_a_row_are_named_as_such():
    facts = tomllib.loads((ROOT / "data/places.toml").read_text(encoding="utf-8"))
    assert {*PLACES.loc[PLACES["holder"] == "", "place"]} == {*facts["no_row"], *facts["split"]}


def parts(path: str) -> list[list[tuple[int, int]]]:
    """The points of each part of a path."""
    found = []
    for part in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", part)]
        steps = list(zip(numbers[::2], numbers[1::2], strict=True))
        found.append(list(itertools.accumulate(steps, lambda at, step: (at[0] + step[0], at[1] + step[1]))))
    return found


def test_drawn_polygons_stay_within_the_map_and_are_small_enough_to_send():
    assert (ROOT / "static/world.json").stat().st_size < 120_000
    west, _, east, south = WORLD["windows"]["All"]
    drawn = [part for path in WORLD["paths"].values() for part in parts(path)]
    points = [point for part in drawn for point in part]
    assert west - 100 <= min(x for x, _ in points)
    assert max(x for x, _ in points) <= east + 100
    assert max(y for _, y in points) <= south
    # no part spans the map from edge to edge: Russia, Fiji and the United States are cut at the seam
    widths = [max(x for x, _ in part) - min(x for x, _ in part) for part in drawn]
    assert max(widths) < (east - west) / 2


def test_tiny_states_have_an_outline_and_every_region_a_window():
    tiny = PLACES.loc[PLACES["tiny"].astype(str) == "True", "place"]
    assert {"LIE", "TUV", "MLT"} <= {*tiny}
    regions = {*pd.read_csv(ROOT / "data/countries.csv", keep_default_na=False)["region"]}
    assert {*WORLD["windows"]} == {*regions, "All"}
