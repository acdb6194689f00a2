"""The land of each place as an SVG path in one projection (Equal Earth), and what of it a map shows."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from dashboard.figures import WINDOWS

BOUNDARIES = Path(__file__).parents[2] / "static" / "boundaries.geojson"
CENTRE = 11  # meridian in the middle: the Pacific's far side stays whole
SCALE = 1000 / np.pi  # units of a radian; the world is about 1700 wide
A = (1.340264, -0.081106, 0.000893, 0.003796)  # Šavrič, Patterson and Jenny (2018), doi:10.1080/13658816.2018.1504949
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Outline:
    """A place's land: an SVG path and the box around it, y downwards."""

    path: str
    box: Box


def project(points: np.ndarray) -> np.ndarray:
    """Degrees east of the middle meridian (-180 to 180) and latitude, one pair a line, as x and y on the page."""
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    angle = np.arcsin(np.sqrt(3) / 2 * np.sin(lat))
    a1, a2, a3, a4 = A
    slope = a1 + 3 * a2 * angle**2 + angle**6 * (7 * a3 + 9 * a4 * angle**2)
    x = 2 * np.sqrt(3) * lon * np.cos(angle) / (3 * slope)
    y = angle * (a1 + a2 * angle**2 + angle**6 * (a3 + a4 * angle**2))
    return np.column_stack([x, -y]) * SCALE


@lru_cache(maxsize=1)
def outlines() -> dict[str, Outline]:
    """Every place of the map by its code."""
    features = json.loads(BOUNDARIES.read_text("utf-8"))["features"]
    return {feature["id"]: _outline(feature["geometry"]) for feature in features if feature["geometry"]}


def _outline(geometry: dict) -> Outline:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = [_unwrapped(np.array(ring, dtype=float)) for part in parts for ring in part]
    every = np.vstack(rings)
    box = (*every.min(axis=0).tolist(), *every.max(axis=0).tolist())
    return Outline("".join(_path(ring) for ring in rings), box)


def _unwrapped(ring: np.ndarray) -> np.ndarray:
    """The ring on the page; one that touches the far meridian stays on its eastern side."""
    east = (ring[:, 0] - CENTRE + 180) % 360 - 180
    if east.max() - east.min() > 180:
        east = np.where(east < 0, 180, east)
    return project(np.column_stack([east, ring[:, 1]]))


def _path(ring: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z"


def window_of(region: str, ratio: float) -> Box:
    """What the map of a region shows, widened to at least that width to height."""
    west, east, south, north = WINDOWS[region]
    left, right = max(west - CENTRE, -180), min(east - CENTRE, 180)
    edges = np.linspace(0, 1, 20)
    lon, lat = left + edges * (right - left), south + edges * (north - south)
    frame = [(x, y) for x in lon for y in (south, north)] + [(x, y) for x in (left, right) for y in lat]
    points = project(np.array(frame, dtype=float))
    (first, top), (last, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    more = max((bottom - top) * ratio - (last - first), 0)
    end = min(last + more / 2, float(project(np.array([[180.0, 0.0]]))[0, 0]))  # nothing is drawn beyond
    start = end - (last - first) - more if end < last + more / 2 else first - more / 2
    return (start, top, max(end, last), bottom)


def window_around(codes: list[str], ratio: float, least: float = 240) -> Box:
    """A window of that width to height around places, at least so wide, with some land around them."""
    boxes = np.array([outlines()[code].box for code in codes if code in outlines()])
    if boxes.size == 0:
        return window_of("All", ratio)
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    width = max(1.7 * (right - left), 1.5 * (bottom - top) * ratio, least)
    x, y = (left + right) / 2, (top + bottom) / 2
    return (x - width / 2, y - width / ratio / 2, x + width / 2, y + width / ratio / 2)


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
