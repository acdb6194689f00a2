"""Charts of forecasts and of their record: DataFrame -> Plotly figure. The map and the scores are in figures.py."""

import math
import textwrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard import current
from dashboard.commitments import STATUS
from dashboard.figures import HATCH
from dashboard.language import _, direction, number, separators
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
TICKS = (100_000, 10_000, 1_000, 100, 10, 1)  # one in so many
SHORT = 44  # letters of a label
# A grid has to be read on a phone of 390 points: what a row is stands above its cells, what a column is on short lines.
LINE = {"row": 58, "column": 11}  # letters of a line of a label
LINES = {"row": 1, "column": 5}
CELL, LABEL = 24, 22  # heights of a grid's row, in points
FONT = {"row": 12, "column": 10}  # sizes of labels
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
            hovertemplate=_hover(
                "%{customdata}", _("{adds} in log-odds: {odds}").format(adds="%{x:+.2f}", odds="%{text}")
            ),
        )
    )
    reach = max(sums["contribution"].abs().max(), 0.1) * 1.5  # room for the words at the bars' ends
    return _lay_out(
        figure,
        height=60 + 30 * len(sums),
        xaxis={"range": [-reach, reach], "title": {"text": _("lowers the odds ← log-odds → raises the odds")}},
        yaxis={"autorange": "reversed", "automargin": True},
    )


def _lay_out(figure: go.Figure, **layout: Any) -> go.Figure:
    """The layout that all charts share, with the signs of numbers of the language in use."""
    return figure.update_layout(margin=MARGIN, separators=separators(), **layout)


def _hover(*lines: str) -> str:
    """What is said under the pointer, line by line; Plotly puts the values in its own places, `%{x}`."""
    return "<br>".join(lines) + "<extra></extra>"


def _shorten(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 2].rsplit(' ', 1)[0]} …"


def draw_shares(shares: pd.DataFrame) -> go.Figure:
    """Each choice's share of the variance of places (the table `sensitivity_shares`), alone and in all, in per cent."""
    ordered = shares.sort_values("total", kind="stable")
    figure = go.Figure()
    kinds = (
        ("first_order", _("alone"), _("{choice}, alone: {share} %"), LOWERS, ""),
        (
            "total",
            _("with what it does through others"),
            _("{choice}, with what it does through others: {share} %"),
            RAISES,
            "/",
        ),
    )
    for name, title, told, colour, pattern in kinds:
        figure.add_bar(
            x=100 * ordered[name],
            y=[_(CHOICES[choice]) for choice in ordered["choice"]],
            name=title,
            orientation="h",
            marker={"color": colour, "pattern": {"shape": pattern}},
            error_x={
                "array": 100 * (ordered[f"{name}_upper"] - ordered[name]),
                "arrayminus": 100 * (ordered[name] - ordered[f"{name}_lower"]),
            },
            hovertemplate=_hover(told.format(choice="%{y}", share="%{x:.1f}")),
        )
    return _lay_out(
        figure,
        height=80 + 42 * len(ordered),
        xaxis={"title": {"text": _("per cent of the variance")}, "rangemode": "tozero"},
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
        x=ends, y=ends, mode="lines", name=_("as forecast"), line={"color": EVENTS, "dash": "dash"}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=seen["mean_probability"],
        y=seen["event_rate"],
        error_y={
            "array": seen["upper"] - seen["event_rate"],
            "arrayminus": seen["event_rate"] - seen["lower"].clip(lower=floor),
        },
        mode="markers",
        name=_("what happened, with 95 % interval"),
        marker={"color": RAISES, "size": 10},
        customdata=seen[["events", "n"]],
        hovertemplate=_hover(
            _("forecast {forecast}, came {came}").format(forecast="%{x:.4f}", came="%{y:.4f}"),
            _("{events} of {count}").format(events="%{customdata[0]}", count="%{customdata[1]}"),
        ),
    )
    figure.add_scatter(
        x=none["mean_probability"],
        y=none["upper"],
        mode="markers",
        name=_("no event: at most this"),
        marker={"color": LOWERS, "size": 11, "symbol": "triangle-down-open", "line": {"width": 2}},
        customdata=none["n"],
        hovertemplate=_hover(
            _("forecast {forecast}, none of {count} came: at most {most}").format(
                forecast="%{x:.4f}", count="%{customdata}", most="%{y:.4f}"
            ),
        ),
    )
    return _lay_out(
        figure,
        height=460,
        xaxis=_log_axis(_("forecast"), floor),
        yaxis=_log_axis(_("share with the event"), floor),
        legend={"orientation": "h", "y": -0.15, "yanchor": "top"},
    )


def _log_axis(title: str, floor: float) -> dict:
    return {
        "type": "log",
        "range": [math.log10(floor), 0],
        "title": {"text": title},
        "tickvals": [1 / per for per in TICKS],
        "ticktext": [_("1 in {count}").format(count=number(per)) if per > 1 else _("all") for per in TICKS],
    }


def draw_groups(counts: pd.DataFrame) -> go.Figure:
    """States by UN group and status under a treaty, stacked (`commitments.count_by_group`, without the line of all)."""
    figure = go.Figure()
    told = _("{group}: {count} {status}")
    for status in counts.columns:
        figure.add_bar(
            y=[_(group) for group in counts.index],
            x=counts[status],
            name=_(status),
            orientation="h",
            marker={
                "color": STATUS_COLOURS[status],
                "line": {"color": EVENTS, "width": 0.5},
                "pattern": {"shape": STATUS_PATTERNS[status], "fgcolor": EVENTS, "fgopacity": 0.6, "size": 6},
            },
            text=counts[status].where(counts[status] > 0, ""),
            textposition="inside",
            hovertemplate=_hover(told.format(group="%{y}", count="%{x}", status=_(status))),
        )
    return _lay_out(
        figure,
        barmode="stack",
        height=110 + 42 * len(counts),
        xaxis={"title": {"text": _("number of States")}},
        yaxis={"autorange": "reversed", "automargin": True},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top"},
    )


def draw_parties(years: pd.DataFrame, year: int) -> go.Figure:
    """Parties to a treaty by UN group at each year's end (`commitments.over_time`)."""
    figure = go.Figure()
    for name, (colour, dash) in zip(years.columns, GROUP_LINES, strict=True):
        line = {"color": colour, "dash": dash, "width": 2}
        figure.add_scatter(x=years.index, y=years[name], name=_(name), mode="lines", line=line)
    figure.add_vline(x=year, line={"color": HATCH, "width": 1, "dash": "dot"})
    return _lay_out_years(figure, _("parties"), height=340)


def draw_deaths(months: pd.DataFrame) -> go.Figure:
    """Deaths by month (`watch.course`): each file is a line of its own, and preliminary months look different."""
    figure = go.Figure()
    looks = {
        False: (_("final file"), EVENTS, "solid", "circle"),
        True: (_("candidate file, preliminary"), RAISES, "dot", "circle-open"),
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
    return _lay_out_years(figure, _("deaths in the month"), height=320).update_layout(
        showlegend=True, xaxis={"title": {"text": ""}, "type": "date", **_month_formats()}
    )


def _month_formats() -> dict[str, str]:
    """How months are written on an axis: Plotly has their names in English only."""
    if current.language() == "en":
        return {"tickformat": "%b %Y", "hoverformat": "%B %Y"}
    return {"tickformat": "%Y-%m", "hoverformat": "%Y-%m"}


def draw_sums(counts: pd.DataFrame) -> go.Figure:
    """By origin, the sum of the forecasts against the events that came (`record.yearly_counts`)."""
    figure = go.Figure()
    figure.add_bar(x=counts["origin"], y=counts["events"], name=_("events that came"), marker={"color": HATCH})
    figure.add_scatter(
        x=counts["origin"],
        y=counts["expected"],
        name=_("sum of the forecasts"),
        mode="lines+markers",
        line={"color": RAISES, "width": 2},
    )
    return _lay_out_years(figure, _("number of States"), height=300)


def _lay_out_years(figure: go.Figure, counted: str, *, height: int) -> go.Figure:
    return _lay_out(
        figure,
        height=height,
        hovermode="x unified",
        yaxis={"title": {"text": counted}, "rangemode": "tozero"},
        xaxis={"title": {"text": _("at the end of")}, "tickformat": "d"},
        legend={"orientation": "h", "y": -0.25, "yanchor": "top"},
    )


def draw_grid(cells: pd.DataFrame, *, middle: float, measured: str, across: str = "") -> go.Figure:
    """Rows and columns of coloured cells with their numbers, in the order of the table (`shared.CELLS`).

    What a row is stands above its cells, so that these have the whole width. `middle`: the value of what tells
    nothing, white; a cell that is not `sure` is grey whatever its value. `measured`: title of the bar; `across`: of
    the columns.
    """
    rows, columns = (
        dict(zip(cells[kind], (_wrap(title, kind) for title in cells[f"{kind}_title"]), strict=True))
        for kind in ("row", "column")
    )
    reach = max((cells.loc[cells["sure"], "value"] - middle).abs().max(), 0.01) if cells["sure"].any() else 0.01
    flat = {"colorscale": [[0, UNSURE], [1, UNSURE]], "showscale": False}
    figure = go.Figure(
        [
            _cells(cells[cells["sure"]], rows, columns, {"coloraxis": "coloraxis"}),
            _cells(cells[~cells["sure"]], rows, columns, flat),
        ]
    )
    return _lay_out(
        figure,
        height=170 + (CELL + LABEL) * len(rows),
        annotations=[_row_label(text, at) for at, text in enumerate(rows.values())],
        xaxis=_columns_axis(columns, across),
        # half a label above the first row
        yaxis={"range": [len(rows) - 0.5, -0.5 - LABEL / 2 / (CELL + LABEL)], "visible": False},
        coloraxis={
            "cmin": middle - reach,
            "cmax": middle + reach,
            "colorscale": SIDES,
            "colorbar": _bar_below(measured),
        },
    )


def _columns_axis(columns: dict[str, str], across: str) -> dict:
    return {
        "side": "top",
        "title": {"text": across},
        "tickvals": list(range(len(columns))),
        "ticktext": list(columns.values()),
        "tickangle": 0,
        "tickfont": {"size": FONT["column"]},
        "showgrid": False,
        "zeroline": False,
        "automargin": True,
    }


def _row_label(text: str, at: int) -> dict:
    """The label of a row above its cells, where lines of the language begin."""
    x, side = (1, "right") if direction() == "rtl" else (0, "left")
    return {
        "xref": "paper",
        "x": x,
        "xanchor": side,
        "y": at,
        "yshift": (CELL + LABEL) / 2 - 2,  # nearer to its own cells
        "text": text,
        "showarrow": False,
        "font": {"size": FONT["row"]},
    }


def _cells(part: pd.DataFrame, rows: dict[str, str], columns: dict[str, str], look: dict) -> go.Heatmap:
    """One kind of cells; the others are left empty in it. `rows` and `columns`: labels by code."""
    wide = part.pivot(index="row", columns="column").reindex(index=list(rows))
    empty = pd.DataFrame(index=list(rows), columns=list(columns))
    value, text, *about = (
        wide[name].reindex(columns=list(columns)) if name in wide else empty
        for name in ("value", "text", "row_title", "column_title", "hover")
    )
    return go.Heatmap(
        x=list(range(len(columns))),
        y=list(range(len(rows))),
        z=value.to_numpy(float),
        text=text.astype(object).fillna("").to_numpy(),
        texttemplate="%{text}",
        customdata=np.stack([grid.astype(object).fillna("").to_numpy() for grid in about], axis=-1),
        hovertemplate=_hover("%{customdata[0]}", "%{customdata[1]}", "%{customdata[2]}"),
        hoverongaps=False,
        xgap=2,
        ygap=LABEL,
        **look,
    )


def _wrap(text: str, kind: str) -> str:
    lines = textwrap.wrap(text, LINE[kind], max_lines=LINES[kind], placeholder=" …", break_long_words=False)
    return "<br>".join(lines)


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
