"""DataFrame -> Plotly figure. Polygons are named by URL and fetched once from the app itself."""

from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from dashboard.links import ALL_REGIONS
from dashboard.measures import PARTS, Measure
from dashboard.world import NO_ROW, NO_SCORE, SCORE

STATIC = "app/static"
# Plotly fetches a world outline of its own, from elsewhere, unless told where an (empty) one is.
CONFIG = {
    "topojsonURL": f"/{STATIC}/stub/",
    "displaylogo": False,
    "displayModeBar": "hover",
    "scrollZoom": False,
}

# One hue, light to dark: the order can be read without colour, in print and with any kind of colour blindness.
# Most scores lie between 10 and 60, so most of the steps do.
COLOUR_SCALE = [
    [0.0, "#fff6e3"],
    [0.15, "#fde3b3"],
    [0.3, "#fbb862"],
    [0.45, "#e9762d"],
    [0.6, "#b83f1a"],
    [0.75, "#7b2112"],
    [1.0, "#2b0a08"],
]
NO_SCORE_FILL, NO_ROW_FILL = "#c3cbd6", "#eef1f5"
HATCH, BORDER, DISPUTED = "#66738a", "#7a7f87", "#1f2937"
# Okabe and Ito's colours, told apart with any kind of colour blindness; each line has its own dash as well.
LINES = {"risk_index": ("#d55e00", "solid"), "structural": ("#0072b2", "dash"), "dynamic": ("#009e73", "dot")}

# West, east, south, north of what the map shows. Without Antarctica; the Pacific's far side stays whole.
WINDOWS = {
    ALL_REGIONS: (-169, 191, -56, 83),
    "Africa": (-26, 60, -36, 38),
    "Americas": (-170, -33, -56, 74),
    "Asia-Pacific": (58, 192, -48, 54),
    "Europe": (-25, 70, 34, 72),
    "Western Asia": (25, 64, 11, 45),
}


def draw_map(shown: pd.DataFrame, hover: list[str], measure: Measure, *, region: str, members: set[str]) -> go.Figure:
    """The world map of one measure in one year.

    `shown` has a row per place (`place`, `iso3`, `score`, `kind`, `lon`, `lat`, `tiny`), `hover` a text for each;
    outside `members` (codes of the rows in the region) places are outlined and not filled.
    """
    inside = shown["iso3"].isin(members) if region != ALL_REGIONS else pd.Series(True, index=shown.index)
    shown = shown.assign(hover=hover)
    outside, shown = shown[~inside], shown[inside]
    parts = {kind: part for kind, part in shown.groupby("kind") if len(part)}
    traces = [_polygons(outside, _flat("rgba(0,0,0,0)"))] if len(outside) else []
    for kind, part in parts.items():
        traces.append(_polygons(part, _colour(kind, part)))
        if kind == NO_SCORE:
            traces.append(_lines(part.loc[~part["tiny"], "place"], "hatch", HATCH))
    traces.append(_lines(["disputed"], "disputed", DISPUTED))
    small = {kind: part[part["tiny"] & (part["holder"] != "")] for kind, part in parts.items()}
    traces += [_markers(kind, part) for kind, part in small.items() if len(part)]
    return go.Figure({"data": [*traces, *_legend()], "layout": _layout(measure, region)})


def _flat(colour: str) -> dict:
    return {"colorscale": [[0, colour], [1, colour]], "showscale": False}


def _colour(kind: str, part: pd.DataFrame) -> dict:
    if kind == SCORE:
        return {"z": part["score"].round(1).to_list(), "coloraxis": "coloraxis"}
    return _flat(NO_SCORE_FILL if kind == NO_SCORE else NO_ROW_FILL)


def _hover(part: pd.DataFrame) -> dict:
    return {
        "hovertext": part["hover"].to_list(),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "customdata": part["iso3"].to_list(),
        # A click must not fade the other places.
        "unselected": {"marker": {"opacity": 1}},
    }


def _polygons(part: pd.DataFrame, colour: dict) -> dict:
    return {
        "type": "choropleth",
        "geojson": f"{STATIC}/boundaries.geojson",
        "locations": part["place"].to_list(),
        "z": [0] * len(part),
        "marker": {"line": {"color": BORDER, "width": 0.4}},
        **_hover(part),
        **colour,
    }


def _lines(locations: Iterable[str], geojson: str, colour: str) -> dict:
    """Stripes and dashes: very thin polygons in a file of their own, drawn by their outline."""
    return {
        "type": "choropleth",
        "geojson": f"{STATIC}/{geojson}.geojson",
        "locations": list(locations),
        "z": [0] * len(list(locations)),
        "marker": {"line": {"color": colour, "width": 0.5}},
        "hoverinfo": "skip",
        "unselected": {"marker": {"opacity": 1}},
        **_flat(colour),
    }


def _markers(kind: str, part: pd.DataFrame) -> dict:
    """Places too small to be seen get a marker of fixed size, in the colour of their score."""
    fills = {NO_SCORE: NO_SCORE_FILL, NO_ROW: NO_ROW_FILL}
    colour = {"color": fills.get(kind)} if kind in fills else {"color": part["score"].round(1).to_list()}
    return {
        "type": "scattergeo",
        "mode": "markers",
        "lon": part["lon"].to_list(),
        "lat": part["lat"].to_list(),
        "marker": {"size": 7, "line": {"color": HATCH, "width": 1}, "coloraxis": "coloraxis"} | colour,
        "showlegend": False,
        **_hover(part),
    }


def _legend() -> list[dict]:
    """Entries of the legend that the colour bar has no room for."""
    entries = [
        (
            "No score: too little data",
            {"symbol": "square", "color": NO_SCORE_FILL, "line": {"color": HATCH, "width": 2}},
        ),
        (
            "No State or no row of its own",
            {"symbol": "square", "color": NO_ROW_FILL, "line": {"color": BORDER, "width": 1}},
        ),
        ("Disputed area", {"symbol": "x-thin", "line": {"color": DISPUTED, "width": 1.5}}),
    ]
    return [
        {
            "type": "scattergeo",
            "lon": [None],
            "lat": [None],
            "mode": "markers",
            "name": name,
            "marker": look | {"size": 12},
        }
        for name, look in entries
    ]


def _layout(measure: Measure, region: str) -> dict:
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
        "coloraxis": {"cmin": 0, "cmax": 100, "colorscale": COLOUR_SCALE, "colorbar": _colour_bar(measure.title)},
        "legend": {
            "orientation": "h",
            "x": 1,
            "xanchor": "right",
            "y": 0,
            "yanchor": "top",
            "itemclick": False,
        },
        "margin": {"l": 0, "r": 0, "t": 0, "b": 60},
        "uirevision": region,
        "dragmode": "pan",
        "clickmode": "event+select",
    }


def _colour_bar(title: str) -> dict:
    return {
        "title": {"text": f"{title}, 0 (low) to 100 (high)", "side": "top"},
        "orientation": "h",
        "thickness": 12,
        "len": 0.5,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "tickvals": list(range(0, 101, 20)),
    }


def clicked(point: dict) -> str:
    """The code of the row that a clicked point of the map shows; "" for a place without one."""
    data = point.get("customdata")
    return (data[0] if isinstance(data, list) else data) or ""


def draw_history(years: pd.DataFrame, year: int) -> go.Figure:
    """The risk index and its two parts over the years (`country.history`); a gap is a year without a score."""
    figure = go.Figure()
    for part in PARTS:
        colour, dash = LINES[part.code]
        figure.add_scatter(
            x=years.index,
            y=years[part.code],
            name=part.title,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 3 if part.code == "risk_index" else 2},
            marker={"size": 4},
            connectgaps=False,
            hovertemplate="%{y:.1f} of 100",
        )
    figure.add_vline(x=year, line={"color": HATCH, "width": 1, "dash": "dot"})
    return figure.update_layout(
        height=320,
        hovermode="x unified",
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        legend={"orientation": "h", "y": -0.12, "yanchor": "top"},
        yaxis={"range": [0, 100], "title": {"text": "score, 0 to 100"}},
    )


def draw_factors(years: pd.DataFrame, measures: dict[str, Measure]) -> go.Figure:
    """Every factor over the years as coloured cells, in the map's colours; an empty cell has no score."""
    codes = [code for code in measures if code.startswith("rf")]
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
            hovertemplate="%{customdata}<br>%{x}: %{z:.1f} of 100<extra></extra>",
        )
    )
    return figure.update_layout(
        height=420,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        yaxis={"autorange": "reversed", "automargin": True, "showgrid": False},
        xaxis={"showgrid": False},
        coloraxis={"cmin": 0, "cmax": 100, "colorscale": COLOUR_SCALE, "colorbar": _colour_bar("score")},
    )


def _short(title: str, length: int = 34) -> str:
    return title if len(title) <= length else f"{title[: length - 1].rsplit(' ', 1)[0]} …"
