"""DataFrame -> Plotly figure. Polygons are named by URL and fetched once from the app itself."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.language import _, separators
from dashboard.likelihood import TOO_LITTLE
from dashboard.links import ALL_REGIONS
from dashboard.measures import COUNTED_FROM, PARTS, Measure
from dashboard.world import HOVER, NO_ROW, NO_SCORE, SCORE

STATIC = "app/static"
# Plotly fetches a world outline of its own, from elsewhere, unless told where an (empty) one is.
CONFIG = {
    "topojsonURL": f"{STATIC}/stub/",
    "displaylogo": False,
    "displayModeBar": "hover",
    "scrollZoom": False,
}

# One hue, light to dark: the order can be read without colour, in print and with any kind of colour blindness.
# Most scores lie between 10 and 60, so most of the steps do.
COLOUR_SCALE = [
    [0.0, "#fff6e3"],
    [0.15, "#fddfa9"],
    [0.3, "#f9b05a"],
    [0.45, "#e9762d"],
    [0.6, "#b83f1a"],
    [0.75, "#7b2112"],
    [1.0, "#2b0a08"],
]
EVEN_SCALE = [[step / (len(COLOUR_SCALE) - 1), colour] for step, (_, colour) in enumerate(COLOUR_SCALE)]
# Probabilities marked on the bar of a logarithmic scale; it ends at 1.
LIKELIHOODS = {0.001: "≤ 1 in 1,000", 0.01: "1 in 100", 0.1: "1 in 10", 0.5: "1 in 2"}
OUTSIDE = "outside"  # of the chosen region
FILLS = {NO_SCORE: "#c3cbd6", NO_ROW: "#eef1f5", OUTSIDE: "rgba(0,0,0,0)"}
HATCH, BORDER, DISPUTED = "#66738a", "#7a7f87", "#1f2937"
HISTORY_HEIGHT, FACTORS_HEIGHT = 320, 420  # points
# Okabe and Ito's colours, told apart with any kind of colour blindness; each line has its own dash as well.
LINES = {"risk_index": ("#d55e00", "solid"), "structural": ("#0072b2", "dash"), "dynamic": ("#009e73", "dot")}

# West, east, south, north of what the map shows. Without Antarctica; the Pacific's far side stays whole.
WINDOWS = {
    ALL_REGIONS: (-169, 191, -57, 83),
    "Africa": (-26, 60, -36, 38),
    "Americas": (-170, -33, -56, 74),
    "Asia-Pacific": (58, 192, -48, 54),
    "Europe": (-25, 70, 34, 72),
    "Western Asia": (25, 64, 11, 45),
}


class FixedFigure(go.Figure):
    """A figure that is not changed once drawn: its dictionary is made once, not for every reader and rerun.

    Making it takes longer than all else in a rerun: 2 to 7 ms.
    """

    @cached_property
    def _dictionary(self) -> dict:
        return super().to_dict()

    def to_dict(self) -> dict:
        """The figure as a dictionary; the same object every time."""
        return self._dictionary


@dataclass(frozen=True)
class Look:
    """How a map shows its numbers.

    `facts`: the columns that the text under the pointer is made of, the first two its row and heading; `sentences`:
    what follows the heading, by kind; `axis`: scale of colours; `digits` of a number; `nothing`: legend of no number.
    """

    facts: list[str]
    sentences: dict[str, str]
    axis: dict
    digits: int
    nothing: str


SCORES = "Score, 0 (low) to 100 (high)"


def score_look(measure: Measure, *, scale: str = SCORES, nothing: str = "No score: too little data") -> Look:
    """The look of a map of scores, 0 to 100; `scale`: title of the colour bar, `nothing`: legend of no score."""
    years = " (%{customdata[6]} to %{customdata[7]})" if measure in PARTS else ""
    sentences = {
        SCORE: f"<br>{measure.title}: %{{customdata[3]:.1f}} of 100<br>coverage %{{customdata[4]:.0%}}, "
        f"data on average %{{customdata[5]:.1f}} years old{years}%{{customdata[2]}}",
        NO_SCORE: f"<br>{measure.title}: no score, too little data"
        "<br>coverage %{customdata[4]:.0%}%{customdata[2]}",
    }
    axis = {"cmin": 0, "cmax": 100, "colorscale": COLOUR_SCALE, "colorbar": _colour_bar(scale)}
    return Look(HOVER, sentences, axis, 1, nothing)


def likelihood_look(title: str, when: str) -> Look:
    """The look of a map of probabilities, whose `score` is a logarithm to base 10 (`likelihood.show`)."""
    told = f"<br>{title} {when}%{{customdata[3]}}%{{customdata[2]}}"
    bar = _colour_bar() | {
        "title": {"text": "Likelihood, on a logarithmic scale", "side": "top"},
        "tickvals": [math.log10(share) for share in LIKELIHOODS],
        "ticktext": list(LIKELIHOODS.values()),
    }
    axis = {"cmin": math.log10(min(LIKELIHOODS)), "cmax": 0, "colorscale": EVEN_SCALE, "colorbar": bar}
    return Look([*HOVER[:3], "told"], {SCORE: told, NO_SCORE: told}, axis, 3, TOO_LITTLE)


def draw_map(shown: pd.DataFrame, look: Look, *, region: str, members: set[str]) -> FixedFigure:
    """The world map of one measure in one year.

    `shown` has a row per place (`world.show_places`); outside `members` (codes of the rows in the region) places are
    outlined and not filled.
    """
    columns = {name: shown[name].to_numpy() for name in ("place", "holder", "lon", "lat", "tiny", "score")}
    columns["score"] = columns["score"].round(look.digits)
    columns["hover"] = shown[look.facts].to_numpy(object)
    kinds = shown["kind"].to_numpy(object)
    if region != ALL_REGIONS:
        kinds = np.where(shown["iso3"].isin(members), kinds, OUTSIDE)
    traces, markers = [], []
    for kind in (OUTSIDE, NO_ROW, NO_SCORE, SCORE):
        part = {name: values[kinds == kind] for name, values in columns.items()}
        if len(part["place"]):
            traces.append(_polygons(part, kind, look))
        if kind == NO_SCORE and not part["tiny"].all():
            traces.append(_lines(part["place"][~part["tiny"]], "hatch", HATCH))
        small = part["tiny"] & (part["holder"] != "")
        if kind != OUTSIDE and small.any():
            markers.append(_markers({name: values[small] for name, values in part.items()}, kind, look))
    traces.append(_lines(np.array(["disputed"]), "disputed", DISPUTED))
    return FixedFigure({"data": [*traces, *markers, *_legend(look)], "layout": _layout(region, look)})


def _flat(colour: str) -> dict:
    return {"colorscale": [[0, colour], [1, colour]], "showscale": False}


def _hover(part: dict[str, np.ndarray], kind: str, look: Look) -> dict:
    sentences = look.sentences | {NO_ROW: "", OUTSIDE: "<br>outside the chosen region"}
    return {
        "customdata": part["hover"][:, : len(look.facts) if kind in (SCORE, NO_SCORE) else 2],
        "hovertemplate": f"%{{customdata[1]}}{sentences[kind]}<extra></extra>",
        # A click must not fade the other places.
        "unselected": {"marker": {"opacity": 1}},
    }


def _polygons(part: dict[str, np.ndarray], kind: str, look: Look) -> dict:
    """Places of one kind, filled."""
    scored = {"z": part["score"], "coloraxis": "coloraxis"}
    plain = {"z": np.zeros(len(part["place"]))} | _flat(FILLS.get(kind, ""))
    return {
        "type": "choropleth",
        "geojson": f"{STATIC}/boundaries.geojson",
        "locations": part["place"].astype(object),
        "marker": {"line": {"color": BORDER, "width": 0.4}},
        **_hover(part, kind, look),
        **(scored if kind == SCORE else plain),
    }


def _lines(locations: np.ndarray, geojson: str, colour: str) -> dict:
    """Stripes and dashes: very thin polygons in a file of their own, drawn by their outline."""
    return {
        "type": "choropleth",
        "geojson": f"{STATIC}/{geojson}.geojson",
        "locations": locations.astype(object),
        "z": np.zeros(len(locations)),
        "marker": {"line": {"color": colour, "width": 0.5}},
        "hoverinfo": "skip",
        "unselected": {"marker": {"opacity": 1}},
        **_flat(colour),
    }


def _markers(part: dict[str, np.ndarray], kind: str, look: Look) -> dict:
    """Places too small to be seen get a marker of fixed size, in the colour of their score."""
    fill = {"color": part["score"], "coloraxis": "coloraxis"} if kind == SCORE else {"color": FILLS[kind]}
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": part["lon"],
        "lat": part["lat"],
        "marker": {"size": 7, "line": {"color": HATCH, "width": 1}, **fill},
        "showlegend": False,
        **_hover(part, kind, look),
    }


def _legend(look: Look) -> list[dict]:
    """Entries of the legend that the colour bar has no room for."""
    looks: dict[str, dict] = {
        look.nothing: {
            "symbol": "square",
            "color": FILLS[NO_SCORE],
            "line": {"color": HATCH, "width": 2},
        },
        "No State or no row of its own": {
            "symbol": "square",
            "color": FILLS[NO_ROW],
            "line": {"color": BORDER, "width": 1},
        },
        "Disputed area": {"symbol": "hash-open", "color": HATCH},
    }
    nowhere = {"type": "scattergeo", "lon": [None], "lat": [None], "mode": "markers"}
    return [nowhere | {"name": name, "marker": look | {"size": 12}} for name, look in looks.items()]


def _layout(region: str, look: Look) -> dict:
    west, east, south, north = WINDOWS.get(region, WINDOWS[ALL_REGIONS])
    return {
        "geo": {
            # Without a rotation of its own Plotly turns the map to the middle of the data.
            "projection": {"type": "equal earth", "rotation": {"lon": (west + east) / 2}},
            "lonaxis": {"range": [west, east]},
            "lataxis": {"range": [south, north]},
            "visible": False,
            "bgcolor": "rgba(0,0,0,0)",
        },
        "coloraxis": look.axis,
        "legend": {
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 0,
            "yanchor": "top",
            "itemclick": False,
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 60},
        # Plotly's own template is nine tenths of a small figure, and Streamlit puts its theme in its place.
        "template": {},
        "uirevision": region,
        "dragmode": "pan",
        "clickmode": "event+select",
    }


def _colour_bar(title: str = SCORES) -> dict:
    return {
        "title": {"text": title, "side": "top"},
        "orientation": "h",
        "thickness": 12,
        "len": 0.5,
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "tickvals": list(range(0, 101, 20)),
    }


def clicked(point: dict) -> str:
    """The code of the row that a clicked point of the map shows; "" for a place without one."""
    return (point.get("customdata") or [""])[0]


def draw_history(years: pd.DataFrame, year: int) -> go.Figure:
    """The risk index and its two parts over the years (`country.history`); a gap is a year without a score."""
    figure = go.Figure()
    for part in PARTS:
        colour, dash = LINES[part.code]
        figure.add_scatter(
            x=years.index,
            y=years[part.code],
            name=_(part.title),
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3 if part.code == "risk_index" else 2},
            marker={"size": 4},
            connectgaps=False,
            hovertemplate=_("{score} of 100").format(score="%{y:.1f}"),
        )
    figure.add_vline(x=year, line={"color": HATCH, "width": 1, "dash": "dot"})
    if years.index.min() < COUNTED_FROM:
        # a step here is one of the data: docs/method.md says by how much
        figure.add_vline(
            x=COUNTED_FROM - 0.5,
            line={"color": HATCH, "width": 1, "dash": "dash"},
            annotation={"text": _("deaths counted from {year}").format(year=COUNTED_FROM), "font": {"size": 11}},
            annotation_position="top right",
        )
    return figure.update_layout(
        height=HISTORY_HEIGHT,
        hovermode="x unified",
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top"},
        yaxis={"range": [0, 100], "title": {"text": _("score, 0 to 100")}},
        separators=separators(),
    )


def draw_factors(years: pd.DataFrame, measures: dict[str, Measure]) -> go.Figure:
    """Every factor over the years as coloured cells, in the map's colours; an empty cell has no score."""
    codes = [code for code in measures if code.startswith("rf")]
    score = _("{score} of 100").format(score="%{z:.1f}")
    figure = go.Figure(
        go.Heatmap(
            x=years.index,
            y=[_short(measures[code].title) for code in codes],
            z=years[codes].T.to_numpy(),
            customdata=[[measures[code].title] * len(years) for code in codes],
            coloraxis="coloraxis",
            xgap=1,
            ygap=2,
            hoverongaps=False,
            hovertemplate=f"%{{customdata}}<br>%{{x}}: {score}<extra></extra>",
        )
    )
    at_the_bottom = {"yref": "container", "y": 0, "yanchor": "bottom"}
    bar = _colour_bar(_("Score, 0 (low) to 100 (high)")) | at_the_bottom
    return figure.update_layout(
        height=FACTORS_HEIGHT,
        margin={"l": 0, "r": 0, "t": 8, "b": 90},  # the colour bar stands in it
        yaxis={"autorange": "reversed", "automargin": True, "showgrid": False},
        xaxis={"showgrid": False},
        coloraxis={"cmin": 0, "cmax": 100, "colorscale": COLOUR_SCALE, "colorbar": bar},
        separators=separators(),
    )


def _short(title: str, length: int = 34) -> str:
    return title if len(title) <= length else f"{title[: length - 1].rsplit(' ', 1)[0]} …"
