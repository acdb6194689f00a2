"""The chart of several States and regions over the years: DataFrames -> Plotly figure."""

import itertools
import math

import pandas as pd
import plotly.graph_objects as go

from dashboard import language
from dashboard.language import _

# Told apart by dash and by marker as well as by colour, so that the chart can be read in print and in grey. Each colour
# has a contrast of 3 or more with white and with the dark theme's ground.
LOOKS = (
    ("#d55e00", "solid", "circle"),
    ("#0072b2", "dash", "square"),
    ("#00805e", "dot", "diamond"),
    ("#a8588a", "dashdot", "triangle-up"),
    ("#6f7782", "longdash", "x"),
    ("#9a7400", "longdashdot", "star"),
)
TICKS = (0.0001, 0.001, 0.01, 0.1, 1.0)
FLOOR = 0.00005  # a logarithmic axis has no zero
BESIDE = 0.35  # years between the bars of two States
BAND = 0.12  # opacity of a region's band
MARGIN = {"l": 0, "r": 0, "t": 8, "b": 0}


def draw_lines(
    courses: dict[str, pd.DataFrame], *, regions: set[str], told: dict[str, list[str]], logs: bool
) -> go.Figure:
    """A line for each course (`compare.course`) by its title; a gap is a year without a value.

    `regions`: titles whose ends are a band; the ends of the others are a bar. `told`: the text of each point.
    `logs`: values are probabilities, on a logarithmic axis; else scores from 0 to 100.
    """
    figure = go.Figure()
    for place, ((title, years), look) in enumerate(zip(courses.items(), LOOKS, strict=False), start=1):
        drawn = years[["value", "lower", "upper"]].clip(lower=FLOOR) if logs else years
        if title in regions:
            figure.add_trace(_band(title, drawn, look[0]))
        elif drawn["lower"].notna().any():
            figure.add_trace(_bars(title, drawn[drawn["lower"].notna()], look, BESIDE * place))
        figure.add_trace(_line(title, drawn, look, told[title]))
    axis = _likelihood_axis(courses) if logs else {"range": [0, 100], "title": {"text": _("score, 0 to 100")}}
    return figure.update_layout(
        height=440,
        hovermode="x unified",
        margin=MARGIN,
        separators=language.separators(),
        legend={"orientation": "h", "y": -0.12, "yanchor": "top"},
        yaxis=axis,
        xaxis={"tickformat": "d"},
    )


def _line(title: str, years: pd.DataFrame, look: tuple[str, str, str], told: list[str]) -> go.Scatter:
    colour, dash, symbol = look
    return go.Scatter(
        x=years.index,
        y=years["value"],
        name=title,
        legendgroup=title,
        mode="lines+markers",
        line={"color": colour, "dash": dash, "width": 2},
        marker={"size": 5, "symbol": symbol},
        customdata=told,
        hovertemplate="%{customdata}",
        connectgaps=False,
    )


def _bars(title: str, years: pd.DataFrame, look: tuple[str, str, str], aside: float) -> go.Scatter:
    """The intervals of the years that have one, a little to the right, where those of several States can be read."""
    colour, _dash, symbol = look
    return go.Scatter(
        x=years.index + aside,
        y=years["value"],
        error_y={"array": years["upper"] - years["value"], "arrayminus": years["value"] - years["lower"]},
        name=title,
        legendgroup=title,
        showlegend=False,
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 6},
        hoverinfo="skip",
    )


def _band(title: str, years: pd.DataFrame, colour: str) -> go.Scatter:
    """The area between the ends, one polygon for each stretch of years that have them."""
    x: list[int | None] = []
    y: list[float | None] = []
    known = years["lower"].notna()
    for there, stretch in itertools.groupby(years.index, key=known.get):
        if there:
            part = years.loc[list(stretch)]
            x += [*part.index, *part.index[::-1], None]
            y += [*part["lower"], *part["upper"][::-1], None]
    return go.Scatter(
        x=x,
        y=y,
        name=title,
        legendgroup=title,
        showlegend=False,
        mode="lines",
        line={"color": colour, "width": 0.5},
        fill="toself",
        fillcolor=f"rgba({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))}, {BAND})",
        hoverinfo="skip",
    )


def _likelihood_axis(courses: dict[str, pd.DataFrame]) -> dict:
    """A logarithmic axis as far as the values and their ends reach, with natural frequencies."""
    shown = pd.concat([years[["value", "lower", "upper"]].stack() for years in courses.values()]).clip(lower=FLOOR)
    low, high = (shown.min(), shown.max()) if len(shown) else (FLOOR, 1.0)
    return {
        "type": "log",
        "range": [math.log10(low) - 0.1, math.log10(high) + 0.1],
        "title": {"text": _("likelihood, on a logarithmic scale")},
        "tickvals": list(TICKS),
        "ticktext": [_("all") if share == 1 else _frequency(share) for share in TICKS],
    }


def _frequency(share: float) -> str:
    return _("1 in {number}").format(number=language.number(1 / share))
