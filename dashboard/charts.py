"""Charts of forecasts and of their record: DataFrame -> Plotly figure. The map and the scores are in figures.py."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.reasons import odds_text

RAISES, LOWERS, EVENTS = "#b83f1a", "#0072b2", "#1f2937"  # told apart with any kind of colour blindness
SHORT = 44  # letters of a label
MARGIN = {"l": 0, "r": 0, "t": 8, "b": 0}


def draw_contributions(sums: pd.DataFrame) -> go.Figure:
    """What each factor adds to the log-odds (`reasons.by_factor`), largest on top; each bar says it in words."""
    figure = go.Figure(
        go.Bar(
            x=sums["contribution"],
            y=[_shorten(what) for what in sums["what"]],
            orientation="h",
            marker={"color": [RAISES if adds > 0 else LOWERS for adds in sums["contribution"]]},
            text=[odds_text(adds) for adds in sums["contribution"]],
            textposition="outside",
            cliponaxis=False,
            customdata=sums["what"],
            hovertemplate="%{customdata}<br>%{x:+.2f} in log-odds: %{text}<extra></extra>",
        )
    )
    reach = max(sums["contribution"].abs().max(), 0.1) * 1.5  # room for the words at the bars' ends
    return figure.update_layout(
        height=60 + 30 * len(sums),
        margin=MARGIN,
        xaxis={"range": [-reach, reach], "title": {"text": "lowers the odds ← log-odds → raises the odds"}},
        yaxis={"autorange": "reversed", "automargin": True},
    )


def _shorten(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 2].rsplit(' ', 1)[0]} …"
