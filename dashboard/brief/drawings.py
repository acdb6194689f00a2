"""Figures of a briefing as SVG elements: a map, the course of the years, and States by the two parts of the index."""

import math
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import quoteattr  # writes XML and reads none  # nosec B406

import pandas as pd

from dashboard.brief.model import Figure, Label
from dashboard.brief.outlines import Box, meets, outlines
from dashboard.figures import COLOUR_SCALE, LINES
from dashboard.language import _, direction, number

INK, GRID, PICKED = "#1f2937", "#d5d9e0", "#0b57d0"
HALF, WHOLE = 400.0, 760.0  # units: the width of a figure with another beside it, and of one alone
SCALE: list[tuple[float, str]] = [(at, colour) for at, colour in COLOUR_SCALE]  # type: ignore[misc]
NO_SCORE, NO_ROW = "#c3cbd6", "#eef1f5"
NO_SCORE_DASH = (2, 2)  # units of the figure: of the outline of what has no score
DASHES = {"solid": "", "dash": "6 3", "dot": "2 3"}
LETTER = 6.0  # units: a letter of a label is at most so wide on average
TINY = 4  # units of the figure: smaller land has a mark


def element(name: str, **attributes: Any) -> str:
    """One SVG element; an underscore in a name stands for a hyphen."""
    given = " ".join(f"{key.replace('_', '-')}={quoteattr(_plain(value))}" for key, value in attributes.items())
    return f"<{name} {given}/>"


def _plain(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def colour_of(score: float) -> str:
    """The map's colour of a score from 0 to 100; that of no score if it is missing."""
    if pd.isna(score):
        return NO_SCORE
    share = min(max(score / 100, 0), 1)
    (low, first), (high, second) = next(pair for pair in pairwise(SCALE) if share <= pair[1][0])
    part = (share - low) / (high - low)
    mixed = (round(a + part * (b - a)) for a, b in zip(_rgb(first), _rgb(second), strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _rgb(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def draw_map(
    scores: Mapping[str, float],
    window: Box,
    picked: Iterable[str],
    title: str,
    told: str,
    *,
    width: float = HALF,
    elsewhere: str = "",
) -> Figure:
    """Scores (0 to 100) by place within a window; `picked` places have a thick outline.

    `scores`: of each place that is shown with its colour, missing if it has no score; `told` is the description;
    `elsewhere` is what the legend calls land without colour, "" if it says nothing of it.
    """
    left, top, right, bottom = window
    legend = 34.0
    scale, height = width / (right - left), width / (right - left) * (bottom - top)
    chosen = set(picked)
    shown = [code for code, land in outlines().items() if meets(land.box, window)]
    order = sorted(shown, key=lambda code: code in chosen)  # the thick outlines last, on top
    drawn = "".join(_place(code, scores, picked=code in chosen, scale=scale, window=window) for code in order)
    view = f'<svg x="0" y="0" width="{width:.0f}" height="{height:.1f}" viewBox="{left:.1f} {top:.1f} '
    view += f'{right - left:.1f} {bottom - top:.1f}"><rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
    view += f'height="{bottom - top:.1f}" fill="#f4f7fb"/>{drawn}</svg>'
    bar, labels = _legend(width, height, elsewhere)
    return Figure(title, told, width, round(height + legend, 1), view + bar, labels)


def _place(code: str, scores: Mapping[str, float], *, picked: bool, scale: float, window: Box) -> str:
    land = outlines()[code]
    fill = colour_of(scores[code]) if code in scores else NO_ROW
    stroke = PICKED if picked else "#7a7f87"
    thick = (2.2 if picked else 0.6) / scale
    outline = {"stroke": stroke, "stroke_width": thick}
    if fill == NO_SCORE:  # told from a score in a grey print as well
        outline["stroke_dasharray"] = " ".join(_plain(float(length) / scale) for length in NO_SCORE_DASH)
    shape = element("path", d=land.path, fill=fill, **outline, stroke_linejoin="round")
    left, top, right, bottom = land.box
    if (picked or code in scores) and max(right - left, bottom - top) * scale < TINY:
        at = {"cx": (left + right) / 2, "cy": (top + bottom) / 2, "r": (5 if picked else 3) / scale}
        shape += element("circle", **at, fill=fill, **outline)
    return shape


def _legend(width: float, top: float, elsewhere: str) -> tuple[str, list[Label]]:
    """The scale of colours on the left; then, from the side on which one begins to read, what has none."""
    steps, size = range(0, 100, 10), 16.0
    shapes = [
        element("rect", x=at * size / 10, y=top + 6, width=size, height=8, fill=colour_of(at + 5)) for at in steps
    ]
    labels = [Label(at * size / 10, top + 27, number(at), "start" if at == 0 else "middle") for at in (0, 50, 100)]
    others = [(NO_SCORE, _("no score"), 0.55), *([(NO_ROW, elsewhere, 0.78)] if elsewhere else [])]
    for fill, name, share in others:
        x, label = entry(width * share, size, name, top + 14.5, end=width * 1.55)
        dash = " ".join(map(str, NO_SCORE_DASH)) if fill == NO_SCORE else "none"
        box = {"x": x, "y": top + 6, "width": size, "height": 8}
        shapes.append(element("rect", **box, fill=fill, stroke="#7a7f87", stroke_dasharray=dash))
        labels.append(label)
    return "".join(shapes), labels


def entry(place: float, size: float, name: str, y: float, *, end: float) -> tuple[float, Label]:
    """Where the sign of a legend's entry begins, and its label after it; mirrored from `end` if read from the right."""
    if direction() == "ltr":
        return place, Label(place + size + 5, y, name)
    return end - place - size, Label(end - place - size - 5, y, name, "end")


def draw_course(years: pd.DataFrame, titles: Mapping[str, str], title: str, told: str) -> Figure:
    """The index and its parts by year, 0 to 100; a gap is a year without a score. `years` from `country.history`."""
    columns = 3 if max(map(len, titles.values())) * LETTER < HALF / 3 - 30 else 2  # of the legend
    width, left, right, top, bottom = HALF, 26.0, 12.0, 8.0, 30.0 + 16 * math.ceil(len(titles) / columns)
    height = 218 + bottom
    first, last = int(years.index.min()), int(years.index.max())
    high = _top(years[list(titles)])
    across = (width - left - right) / max(last - first, 1)
    down = (height - top - bottom) / high
    x, y = (lambda year: left + (year - first) * across), (lambda score: top + (high - score) * down)
    shapes, labels = [], []
    for score in range(0, high + 1, 20):
        shapes.append(element("line", x1=left, x2=width - right, y1=y(score), y2=y(score), stroke=GRID))
        labels.append(Label(left - 4, y(score) + 4, number(score), "end"))
    ticks = [year for year in range(first, last + 1) if year % 10 == 0 and year < last - 3]
    labels += [Label(x(year), height - bottom + 15, str(year), "middle") for year in [*ticks, last]]
    for at, (code, name) in enumerate(titles.items()):
        colour, dash = LINES[code]
        style = {"stroke": colour, "stroke_width": 2.2 if at == 0 else 1.6, "stroke_dasharray": DASHES[dash] or "none"}
        shapes += [element("path", d=part, fill="none", **style) for part in _lines(years[code], x, y)]
        line = height - bottom + 36 + 16 * (at // columns)
        start, label = entry(width / columns * (at % columns), 22, name, line, end=width)
        shapes.append(element("line", x1=start, x2=start + 22, y1=line - 4, y2=line - 4, **style))
        labels.append(label)
    return Figure(title, told, width, height, "".join(shapes), labels)


def _beside(x: float, y: float, code: str, others: list[Label]) -> Label:
    """A dot's label on its right, or on its left where another one is in the way."""
    taken = any(0 < other.x - x < 36 and abs(other.y - 4 - y) < 10 for other in others)
    return Label(x - 6, y + 4, code, "end") if taken else Label(x + 6, y + 4, code)


def _top(scores: pd.DataFrame) -> int:
    """The upper end of an axis that holds these scores: 60, or the next ten."""
    return max(60, 10 * math.ceil(scores.max().max() / 10)) if scores.notna().any(axis=None) else 60


def _lines(scores: pd.Series, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    """One path for each unbroken run of years; a single year is a dot's length."""
    runs: list[list[str]] = [[]]
    for year, score in scores.items():
        if pd.isna(score):
            runs.append([])
        else:
            runs[-1].append(f"{x(year):.1f} {y(score):.1f}")
    return [f"M{'L'.join(run if len(run) > 1 else run * 2)}" for run in runs if run]


def draw_parts(rows: pd.DataFrame, titles: tuple[str, str], named: Iterable[str], title: str, told: str) -> Figure:
    """States by their structural (across) and dynamic part (up), 0 to 100; `named` have their code beside the dot.

    `rows`: iso3, structural, dynamic of one year; those without both are left out.
    """
    width, height, left, bottom, top = WHOLE, 380.0, 30.0, 36.0, 18.0
    known = rows.dropna(subset=["structural", "dynamic"])
    high = _top(known[["structural", "dynamic"]])
    across, down = (width - left - 8) / high, (height - bottom - top) / high
    x, y = (lambda score: left + score * across), (lambda score: height - bottom - score * down)
    shapes, labels, chosen = [], [], set(named)
    for score in range(0, high + 1, 20):
        shapes.append(element("line", x1=x(score), x2=x(score), y1=y(0), y2=y(high), stroke=GRID))
        shapes.append(element("line", x1=x(0), x2=x(high), y1=y(score), y2=y(score), stroke=GRID))
        labels += [Label(x(score), height - bottom + 14, number(score), "middle")]
        labels += [Label(left - 4, y(score) + 4, number(score), "end")] if score else []
    shapes.append(element("line", x1=x(0), x2=x(high), y1=y(0), y2=y(high), stroke="#9aa3b0", stroke_dasharray="4 3"))
    for row in known.sort_values("structural", ascending=False).itertuples():
        at = {"cx": x(row.structural), "cy": y(row.dynamic)}
        shapes.append(element("circle", **at, r=3.6, fill="#d55e00" if row.iso3 in chosen else "#8b95a5"))
        if row.iso3 in chosen:
            labels.append(_beside(at["cx"], at["cy"], row.iso3, labels))
    labels += [Label(width - 8, height - 4, titles[0], "end"), Label(left, 10, titles[1])]
    return Figure(title, told, width, height, "".join(shapes), labels)
