"""A strip of events under a chart over the years: one row for each kind, told apart by row, shape and colour."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.course import COUP, ELECTION, ONGOING, ONSET, REGIME, TITLES, runs
from dashboard.language import N_, _

ROWS = {
    ONGOING: N_("Mass killing"),
    ONSET: N_("Mass killing"),
    COUP: N_("Coup attempt"),
    REGIME: N_("Regime change"),
    ELECTION: N_("Election due"),
}
# Okabe and Ito's colours, told apart with any kind of colour blindness.
MARKS = {
    ONSET: ("#7b2112", "x"),
    COUP: ("#cc79a7", "triangle-up"),
    REGIME: ("#0072b2", "diamond"),
    ELECTION: ("#009e73", "circle-open"),
}
GOING_ON, KNOWN = "#e69f00", "#a3abb8"
PLACES = {ONGOING: 3, ONSET: 3, COUP: 2, REGIME: 1, ELECTION: 0}  # of the rows, from below
HEIGHT = 120  # points


def add_strip(figure: go.Figure, events: pd.DataFrame, years: pd.Index, height: int) -> go.Figure:
    """The figure of these years, of so many points of height, with the strip under it.

    `events` from `course.known_events`.
    A thin line spans the years of which a kind is known; where it stops, it is not known.
    """
    for kind in ROWS:
        known = events[events["kind"] == kind]
        seen = known.loc[known["happened"] == 1, "year"]
        if kind != ONSET:
            figure.add_trace(_stretches(kind, known["year"], KNOWN, 1))
        figure.add_trace(_stretches(kind, seen, GOING_ON, 9) if kind == ONGOING else _marks(kind, seen))
    share, whole = HEIGHT / (height + HEIGHT), height + HEIGHT
    titles = {place: _(ROWS[kind]) for kind, place in PLACES.items()}
    ticks = {"tickvals": list(titles), "ticktext": list(titles.values())}
    axis = {"domain": [0, share * 0.8], "anchor": "x", "showgrid": False, "zeroline": False, "automargin": True}
    figure.update_layout(
        height=whole,
        yaxis={"domain": [share, 1]},
        yaxis2=axis | ticks | {"range": [-0.5, 3.5], "fixedrange": True},
        xaxis={"anchor": "y2", "range": [years.min() - 0.7, years.max() + 0.7]},
    )
    return figure


def _stretches(kind: str, years: pd.Series, colour: str, width: int) -> go.Scatter:
    """Bars over stretches of years; each reaches half a year beyond its ends, so that a single year can be seen."""
    x: list[float | None] = []
    for first, last in runs(years):
        x += [first - 0.5, last + 0.5, None]
    return go.Scatter(
        x=x or [None],
        y=[PLACES[kind]] * max(len(x), 1),
        yaxis="y2",
        mode="lines",
        line={"color": colour, "width": width},
        name=_(ROWS[kind]),
        showlegend=False,
        hoverinfo="skip",
    )


def _edge(kind: str, colour: str) -> str:
    """A light edge where a mark lies on the bar of a killing that goes on; of its own colour elsewhere."""
    return "#ffffff" if kind == ONSET else colour


def _marks(kind: str, years: pd.Series) -> go.Scatter:
    colour, symbol = MARKS[kind]
    return go.Scatter(
        x=list(years) or [None],
        y=[PLACES[kind]] * max(len(years), 1),
        yaxis="y2",
        mode="markers",
        marker={"color": colour, "symbol": symbol, "size": 9, "line": {"width": 1, "color": _edge(kind, colour)}},
        name=_(TITLES[kind]),
        showlegend=False,
        hovertemplate=f"%{{x}}: {_(TITLES[kind])}<extra></extra>",
    )
