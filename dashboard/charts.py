"""Charts of forecasts and of their record: DataFrame -> Plotly figure. The map and the scores are in figures.py."""

import math
import textwrap

import pandas as pd
import plotly.graph_objects as go

from dashboard.commitments import STATUS
from dashboard.figures import HATCH
from dashboard.reasons import odds_text
from dashboard.sensitivity import CHOICES

# Told apart with any kind of colour blindness, and from the background of the light theme and of the dark one.
RAISES, LOWERS, EVENTS = "#b83f1a", "#0072b2", "#6b7280"
STATUS_COLOURS = dict(zip(STATUS.values(), ("#0072b2", "#f0e442", "#e69f00", "#c3cbd6", "#eef1f5"), strict=True))
STATUS_PATTERNS = dict(
    zip(STATUS.values(), ("", "/", "x", ".", ""), strict=True)
)  # told apart without colour, on paper
GROUP_LINES = (  # each line has its own dash as well
    ("#d55e00", "solid"),
    ("#0072b2", "dash"),
    ("#009e73", "dot"),
    ("#b5608f", "dashdot"),
    ("#6b7280", "longdash"),
)
FLOOR = 0.0001  # a logarithmic axis has no zero; it begins here, or below the lowest forecast
TICKS = {
    0.00001: "1 in 100,000",
    0.0001: "1 in 10,000",
    0.001: "1 in 1,000",
    0.01: "1 in 100",
    0.1: "1 in 10",
    1: "all",
}
SHORT = 44  # letters of a label
LINE = {"row": 23, "column": 20}  # letters of a line of a grid's label, which has two
ROW_HEIGHT = 36  # of a grid, in points
SIDES = [[0, LOWERS], [0.5, "#ffffff"], [1, RAISES]]  # below, at and above what tells nothing
UNSURE = "#dde2ea"
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


def draw_shares(shares: pd.DataFrame) -> go.Figure:
    """Each choice's share of the variance of places (the table `sensitivity_shares`), alone and in all, in per cent."""
    ordered = shares.sort_values("total", kind="stable")
    figure = go.Figure()
    kinds = (("first_order", "alone", LOWERS, ""), ("total", "with what it does through others", RAISES, "/"))
    for name, title, colour, pattern in kinds:
        figure.add_bar(
            x=100 * ordered[name],
            y=ordered["choice"].map(CHOICES),
            name=title,
            orientation="h",
            marker={"color": colour, "pattern": {"shape": pattern}},
            error_x={
                "array": 100 * (ordered[f"{name}_upper"] - ordered[name]),
                "arrayminus": 100 * (ordered[name] - ordered[f"{name}_lower"]),
            },
            hovertemplate=f"%{{y}}, {title}: %{{x:.1f}} %<extra></extra>",
        )
    return figure.update_layout(
        height=80 + 42 * len(ordered),
        margin=MARGIN,
        xaxis={"title": {"text": "per cent of the variance"}, "rangemode": "tozero"},
        yaxis={"automargin": True},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top", "traceorder": "reversed"},
    )


def draw_reliability(bins: pd.DataFrame) -> go.Figure:
    """What was forecast against what happened, on logarithmic axes, with intervals and the diagonal.

    `bins`: the table `reliability` of one model. A group without an event has no place on such an axis: an open
    triangle at the upper end of its interval says "at most this".
    """
    seen, none = bins[bins["events"] > 0], bins[bins["events"] == 0]
    figure = go.Figure()
    floor = min(FLOOR, bins["mean_probability"].min() / 2)
    ends = [floor, 1]
    figure.add_scatter(
        x=ends, y=ends, mode="lines", name="as forecast", line={"color": EVENTS, "dash": "dash"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=seen["mean_probability"],
        y=seen["event_rate"],
        error_y={
            "array": seen["upper"] - seen["event_rate"],
            "arrayminus": seen["event_rate"] - seen["lower"].clip(lower=floor),
        },
        mode="markers",
        name="what happened, with 95 % interval",
        marker={"color": RAISES, "size": 10},
        customdata=seen[["events", "n"]],
        hovertemplate="forecast %{x:.4f}, came %{y:.4f}<br>%{customdata[0]} of %{customdata[1]}<extra></extra>",
    )
    figure.add_scatter(
        x=none["mean_probability"],
        y=none["upper"],
        mode="markers",
        name="no event: at most this",
        marker={"color": LOWERS, "size": 11, "symbol": "triangle-down-open", "line": {"width": 2}},
        customdata=none["n"],
        hovertemplate="forecast %{x:.4f}, none of %{customdata} came: at most %{y:.4f}<extra></extra>",
    )
    return figure.update_layout(
        height=460,
        margin=MARGIN,
        xaxis=_log_axis("forecast", floor),
        yaxis=_log_axis("share with the event", floor),
        legend={"orientation": "h", "y": -0.15, "yanchor": "top"},
    )


def _log_axis(title: str, floor: float) -> dict:
    return {
        "type": "log",
        "range": [math.log10(floor), 0],
        "title": {"text": title},
        "tickvals": list(TICKS),
        "ticktext": list(TICKS.values()),
    }


def draw_groups(counts: pd.DataFrame) -> go.Figure:
    """States by UN group and status under a treaty, stacked (`commitments.count_by_group`, without the line of all)."""
    figure = go.Figure()
    for status in counts.columns:
        figure.add_bar(
            y=counts.index,
            x=counts[status],
            name=status,
            orientation="h",
            marker={
                "color": STATUS_COLOURS[status],
                "line": {"color": EVENTS, "width": 0.5},
                "pattern": {"shape": STATUS_PATTERNS[status], "fgcolor": EVENTS, "fgopacity": 0.6, "size": 6},
            },
            text=counts[status].where(counts[status] > 0, ""),
            textposition="inside",
            hovertemplate=f"%{{y}}: %{{x}} {status}<extra></extra>",
        )
    return figure.update_layout(
        barmode="stack",
        height=110 + 42 * len(counts),
        margin=MARGIN,
        xaxis={"title": {"text": "number of States"}},
        yaxis={"autorange": "reversed", "automargin": True},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top"},
    )


def draw_parties(years: pd.DataFrame, year: int) -> go.Figure:
    """Parties to a treaty by UN group at each year's end (`commitments.over_time`)."""
    figure = go.Figure()
    for name, (colour, dash) in zip(years.columns, GROUP_LINES, strict=True):
        figure.add_scatter(
            x=years.index, y=years[name], name=name, mode="lines", line={"color": colour, "dash": dash, "width": 2}
        )
    figure.add_vline(x=year, line={"color": HATCH, "width": 1, "dash": "dot"})
    return _lay_out_years(figure, "parties", height=340)


def draw_deaths(months: pd.DataFrame) -> go.Figure:
    """Deaths by month (`watch.course`): each file is a line of its own, and preliminary months look different."""
    figure = go.Figure()
    looks = {
        False: ("final file", EVENTS, "solid", "circle"),
        True: ("candidate file, preliminary", RAISES, "dot", "circle-open"),
    }
    for preliminary, (name, colour, dash, symbol) in looks.items():
        own = months[months["preliminary"] == preliminary]
        figure.add_scatter(
            x=own["month"],
            y=own["deaths"],
            name=name,
            mode="lines+markers",
            line={"color": colour, "dash": dash, "width": 1.5},
            marker={"size": 4, "symbol": symbol},
            connectgaps=False,
        )
    return _lay_out_years(figure, "deaths in the month", height=320).update_layout(
        showlegend=True, xaxis={"title": {"text": ""}, "type": "date", "tickformat": "%b %Y", "hoverformat": "%B %Y"}
    )


def draw_sums(counts: pd.DataFrame) -> go.Figure:
    """By origin, the sum of the forecasts against the events that came (`record.yearly_counts`)."""
    figure = go.Figure()
    figure.add_bar(x=counts["origin"], y=counts["events"], name="events that came", marker={"color": HATCH})
    figure.add_scatter(
        x=counts["origin"],
        y=counts["expected"],
        name="sum of the forecasts",
        mode="lines+markers",
        line={"color": RAISES, "width": 2},
    )
    return _lay_out_years(figure, "number of States", height=300)


def _lay_out_years(figure: go.Figure, counted: str, *, height: int) -> go.Figure:
    return figure.update_layout(
        height=height,
        margin=MARGIN,
        hovermode="x unified",
        yaxis={"title": {"text": counted}, "rangemode": "tozero"},
        xaxis={"title": {"text": "at the end of"}, "tickformat": "d"},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top"},
    )


def draw_grid(cells: pd.DataFrame, *, middle: float, measured: str, across: str = "") -> go.Figure:
    """Rows and columns of coloured cells with their numbers, in the order of the table (`shared.CELLS`).

    `middle`: the value of what tells nothing, white; a cell that is not `sure` is grey whatever its value. `measured`:
    title of the bar; `across`: of the columns.
    """
    rows, columns = list(cells["row"].unique()), list(cells["column"].unique())
    reach = max((cells.loc[cells["sure"], "value"] - middle).abs().max(), 0.01) if cells["sure"].any() else 0.01
    flat = {"colorscale": [[0, UNSURE], [1, UNSURE]], "showscale": False}
    figure = go.Figure(
        [
            _cells(cells[cells["sure"]], rows, columns, {"coloraxis": "coloraxis"}),
            _cells(cells[~cells["sure"]], rows, columns, flat),
        ]
    )
    return figure.update_layout(
        height=190 + ROW_HEIGHT * len(rows),
        margin=MARGIN,
        xaxis={"side": "top", "title": {"text": across}, "showgrid": False, "automargin": True},
        yaxis={"autorange": "reversed", "showgrid": False, "automargin": True},
        coloraxis={
            "cmin": middle - reach,
            "cmax": middle + reach,
            "colorscale": SIDES,
            "colorbar": _bar_below(measured),
        },
    )


def _cells(part: pd.DataFrame, rows: list[str], columns: list[str], colour: dict) -> go.Heatmap:
    """One kind of cells; the others are left empty in it."""
    wide = part.pivot(index="row", columns="column").reindex(index=rows)
    grids = {
        name: wide[name].reindex(columns=columns) if name in wide else pd.DataFrame(index=rows, columns=columns)
        for name in ("value", "text", "hover")
    }
    about = [[[row, column, grids["hover"].at[row, column]] for column in columns] for row in rows]
    return go.Heatmap(
        x=[_wrap(name, "column") for name in columns],
        y=[_wrap(name, "row") for name in rows],
        z=grids["value"].to_numpy(float),
        text=grids["text"].astype(object).fillna("").to_numpy(),
        texttemplate="%{text}",
        customdata=about,
        hovertemplate="%{customdata[0]}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        hoverongaps=False,
        xgap=2,
        ygap=2,
        **colour,
    )


def _wrap(text: str, kind: str) -> str:
    return "<br>".join(textwrap.wrap(text, LINE[kind], max_lines=2, placeholder=" …"))


def _bar_below(title: str) -> dict:
    return {
        "title": {"text": title, "side": "top"},
        "orientation": "h",
        "thickness": 12,
        "len": 0.6,
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
    }
