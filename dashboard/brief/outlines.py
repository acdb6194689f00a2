"""The land of each place as an SVG path in Equal Earth, from the world map's own file; and what a map shows."""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

WORLD = Path(__file__).parents[2] / "static" / "world.json"
LEAST = 1900.0  # units of the file: a map around a small State is at least so wide; the world is about 13,800
Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class Outline:
    """A place's land: an SVG path and the box around it, y downwards."""

    path: str
    box: Box


@lru_cache(maxsize=1)
def _world() -> dict[str, Any]:
    return json.loads(WORLD.read_text("utf-8"))


@lru_cache(maxsize=1)
def outlines() -> dict[str, Outline]:
    """Every place of the map by its code."""
    return {code: Outline(path, _box(path)) for code, path in _world()["paths"].items()}


def _box(path: str) -> Box:
    """The box around a path of lines: each ring begins at a point, its other points are steps from the one before."""
    rings = [np.array(re.findall(r"-?\d+", ring), dtype=float).reshape(-1, 2) for ring in path.split("M")[1:]]
    points = np.vstack([ring.cumsum(axis=0) for ring in rings])
    return (*points.min(axis=0).tolist(), *points.max(axis=0).tolist())


def window_of(region: str, ratio: float) -> Box:
    """What the map of a region shows, widened to at least that width to height, but not beyond the world's edge."""
    left, top, right, bottom = _world()["windows"][region]
    edge = _world()["windows"]["All"][2]
    more = max((bottom - top) * ratio - (right - left), 0)
    end = min(right + more / 2, max(edge, right))
    return (end - (right - left) - more, top, end, bottom)


def window_around(codes: list[str], ratio: float) -> Box:
    """A window of that width to height around places, with some land around them; the world if none is drawn."""
    boxes = np.array([outlines()[code].box for code in codes if code in outlines()])
    if boxes.size == 0:
        return window_of("All", ratio)
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    first, _top, last, _bottom = _world()["windows"]["All"]
    width = min(max(1.7 * (right - left), 1.5 * (bottom - top) * ratio, LEAST), last - first)
    x, y = min(max((left + right) / 2, first + width / 2), last - width / 2), (top + bottom) / 2
    return (x - width / 2, y - width / ratio / 2, x + width / 2, y + width / ratio / 2)


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
