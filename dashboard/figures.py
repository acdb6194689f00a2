"""DataFrame -> Plotly figure: the scores of one row over the years. Forecasts and their record are in charts.py."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.language import _, separators
from dashboard.looks import COLOUR_SCALE, SCORES
from dashboard.measures import COUNTED_FROM, PARTS, Measure

CONFIG = {"displaylogo": False, "displayModeBar": "hover", "scrollZoom": False}
HATCH = "#66738a"
HISTORY_HEIGHT, FACTORS_HEIGHT = 320, 420  # points
# Okabe and Ito's colours, told apart with any kind of colour blindness; each line has its own dash as well.
LINES = {"risk_index": ("#d55e00", "solid"), "structural": ("#0072b2", "dash"), "dynamic": ("#009e73", "dot")}


def _colour_bar() -> dict:
    return {
        "title": {"text": _(SCORES), "side": "top"},
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
    bar = _colour_bar() | at_the_bottom
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
