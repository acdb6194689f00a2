"""Cached readers of one release, and the view that all pages share. The only module beside the pages with Streamlit."""

from collections.abc import Callable
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

import release
from dashboard import (
    charts,
    commitments,
    country,
    figures,
    likelihood,
    reading,
    reasons,
    record,
    sensitivity,
    shared,
    shared_words,
    tables,
    watch,
    weighing,
    world,
)
from dashboard.links import ALL_REGIONS, Choices, View, read_view
from dashboard.measures import NOT_A_PROBABILITY, PARTS, Measure, list_measures
from dashboard.reading import (
    backtest_of,
    has_forecasts,
    has_sensitivity,
    likely,
    newest_frame,
    newest_origin,
    of_year,
    opened,
    origins,
    part,
    scores,
    table,
)
from models import ledger
from models.outcomes import OUTCOMES
from models.track import placed_rows, yearly_hits

ROOT = Path(__file__).resolve().parents[1]
PLACES = ROOT / "data" / "places.csv"
DISPUTED = ROOT / "data" / "disputed.csv"
LEDGER = ROOT / "data" / "ledger.csv"
# Streamlit forgets what was chosen with a control once a page is drawn without it, and goes back to what the key first
# held. Theirs are therefore taken from the view at each run, and written into it the moment they are chosen.
NOT_ALWAYS_DRAWN = ("outcome", "window", "against", "treaty", "month", "drivers", "as_of")


@st.cache_data(show_spinner=False)
def places() -> pd.DataFrame:
    """The map's places, each with the State whose land it is today ("" = no row of its own)."""
    return pd.read_csv(PLACES, keep_default_na=False)


@st.cache_data(show_spinner=False)
def disputed() -> pd.DataFrame:
    """The disputed areas that the map hatches: name and what Natural Earth notes."""
    return pd.read_csv(DISPUTED)


@st.cache_data(show_spinner=False)
def measures() -> dict[str, Measure]:
    """Every measure that the release has, by its code."""
    return list_measures(table("factors"))


@st.cache_data(show_spinner=False)
def names() -> dict[str, str]:
    """Each row's name by its code."""
    countries = table("countries")
    return dict(zip(countries["iso3"], countries["name"], strict=True))


@st.cache_data(show_spinner=False)
def notes() -> dict[str, str]:
    """What a reader of each row has to know, by its code ("" = nothing)."""
    countries = table("countries")
    return dict(zip(countries["iso3"], countries["note"].fillna(""), strict=True))


@st.cache_data(show_spinner=False)
def choices() -> Choices:
    """Countries, years, measures and regions that the release has."""
    years = table("scores")["year"]
    regions = [ALL_REGIONS, *sorted(table("countries")["region"].unique())]
    months = watch.as_of_months(reading.watch_months()[0], opened().as_of) if reading.has_watch() else []
    return Choices(
        list(names()),
        range(int(years.min()), int(years.max()) + 1),
        list(titles()),
        regions,
        tuple(OUTCOMES),
        as_of=("", *months),
    )


@st.cache_data(max_entries=500, show_spinner=False)
def rows_of_year(code: str, year: int, window: int) -> pd.DataFrame:
    """The rows of one year with one measure's score or one outcome's forecast.

    See `world.rows_of_year` and `likelihood.rows_of_year`.
    """
    rows = of_year(scores(), year)
    if code in OUTCOMES:
        return likelihood.rows_of_year(rows, likely(code, window, year))
    return world.rows_of_year(rows, measures()[code])


@st.cache_data(max_entries=500, show_spinner=False)
def shown_places(code: str, year: int, window: int) -> pd.DataFrame:
    """What each place of the map shows; see `world.show_places` and `likelihood.show`."""
    holders = of_year(table("holders"), year)
    held = dict(zip(holders["place"], holders["iso3"], strict=True))
    given = (places(), rows_of_year(code, year, window), held, names(), year)
    if code in OUTCOMES:
        return likelihood.show(*given, newest=year == newest_origin())
    return world.show_places(*given)


@st.cache_data(show_spinner=False)
def has_rows(year: int, region: str) -> bool:
    """Whether any State of the region existed in the year."""
    return not world.choose_region(rows_of_year(PARTS[0].code, year, 0), region).empty


@lru_cache(maxsize=256)
def map_figure(code: str, year: int, region: str, window: int) -> figures.FixedFigure:
    """The map: one figure for all readers, never changed. Streamlit's cache would copy it, at 20 ms a rerun."""
    members = {*world.choose_region(rows_of_year(code, year, window), region)["iso3"]}
    if code in OUTCOMES:
        look = figures.likelihood_look(OUTCOMES[code].title, when(year, window))
    else:
        look = figures.score_look(measures()[code])
    return figures.draw_map(shown_places(code, year, window), look, region=region, members=members)


def when(year: int, window: int) -> str:
    """What the forecasts of a year are of, and when they were made; see `likelihood.when_text`."""
    return likelihood.when_text(year, window, newest=year == newest_origin())


@st.cache_data(max_entries=500, show_spinner=False)
def map_notes(code: str, year: int, region: str, window: int) -> list[str]:
    """What a reader must know about the map, as sentences."""
    rows = rows_of_year(code, year, window)
    hidden = world.rows_not_drawn(shown_places(code, year, window), rows)
    if code not in OUTCOMES:
        return world.map_notes(rows, hidden, region, year)
    here = world.choose_region(rows, region)
    return likelihood.map_notes(here, hidden, OUTCOMES[code].definition, when(year, window))


@st.cache_data(max_entries=500, show_spinner=False)
def picked_text(iso3: str, code: str, year: int, window: int) -> str:
    """The picked row's value, coverage and data date in the year, in Markdown."""
    rows = rows_of_year(code, year, window)
    row, name = rows[rows["iso3"] == iso3], names()[iso3]
    if code not in OUTCOMES:
        text = world.picked_text(row, name, measures()[code], year)
        place = place_text(iso3, year) if code == PARTS[0].code else ""
        return f"{text} · {place}" if place else text
    newest = year == newest_origin()
    return likelihood.picked_text(row, name, OUTCOMES[code].title, when(year, window), newest=newest)


def place_text(iso3: str, year: int) -> str:
    """The row's place by the index and its interval; "" in a year, or a release, for which there is none."""
    if not has_sensitivity():
        return ""
    states = of_year(table("sensitivity"), year)
    return sensitivity.place_text(states[states["iso3"] == iso3])


# The reader's own weights: numbers and figures are those of all readers with the same weights, and never changed.
@lru_cache(maxsize=32)
def weighed_rows(weights: weighing.Weights) -> pd.DataFrame:
    """The rows of the newest year with the index by these weights; see `weighing.rows_of_year`."""
    published = rows_of_year(PARTS[0].code, choices().year[-1], 0)
    return weighing.rows_of_year(published, weighing.score_states(newest_frame(), weights))


@lru_cache(maxsize=32)
def weighed_places(weights: weighing.Weights) -> pd.DataFrame:
    """What each place of the map shows by these weights."""
    year = choices().year[-1]
    holders = of_year(table("holders"), year)
    held = dict(zip(holders["place"], holders["iso3"], strict=True))
    return weighing.with_words(world.show_places(places(), weighed_rows(weights), held, names(), year))


@lru_cache(maxsize=32)
def weighed_map(weights: weighing.Weights) -> figures.FixedFigure:
    """The map of the index by these weights."""
    look = figures.score_look(weighing.MEASURE, scale=weighing.SCALE, nothing=weighing.NOTHING)
    return figures.draw_map(weighed_places(weights), look, region=ALL_REGIONS, members=set())


def open_weights() -> weighing.Weights:
    """The weights that the Method page's link asks for; its controls start from them. Says what is asked in vain."""
    params = st.query_params.to_dict()
    asked = {name: params[name] for name in weighing.PARAMS if name in params}
    codes = newest_frame().codes
    states = rows_of_year(PARTS[0].code, choices().year[-1], 0)["iso3"].tolist()
    weights, problems = weighing.read_weights(asked, codes, states)
    drawn_before = f"weight_{codes[0]}" in st.session_state
    if not drawn_before or st.session_state.get("weights_from") != asked:
        for problem in problems:
            st.warning(f"{problem} Shown instead: {weights.text()}.")
        set_weights(weights)
    return weights


def set_weights(weights: weighing.Weights) -> None:
    """Put the controls of the Method page to these weights."""
    st.session_state.update({f"weight_{code}": weight for code, weight in weights.factors})
    st.session_state.update({"weight_structural": weights.structural, "weight_country": weights.country})


def keep_weights(weights: weighing.Weights) -> None:
    """Write the weights into the Method page's address; no other page carries them."""
    params = weights.as_params()
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    st.session_state["weights_from"] = params


@st.cache_data(max_entries=500, show_spinner=False)
def twin(code: str, year: int, region: str, window: int) -> pd.DataFrame:
    """The map's numbers as the reader sees and downloads them."""
    rows = world.choose_region(rows_of_year(code, year, window), region)
    if code in OUTCOMES:
        return likelihood.twin(rows, newest=year == newest_origin())
    return tables.twin(rows, measures()[code])


@st.cache_data(show_spinner=False)
def no_forecast(outcome: str, year: int, window: int) -> str:
    """Why the release has no forecast of the outcome at the end of that year; "" if it has."""
    known = origins(outcome, window)
    return "" if year in known else likelihood.explain_absence(year, known, OUTCOMES[outcome].title)


@st.cache_data(show_spinner=False)
def titles() -> dict[str, str]:
    """Title of all that the map can show, by its code: scores and, if there are forecasts, each outcome."""
    scored = {code: measure.title for code, measure in measures().items()}
    forecast = {name: f"How likely: {outcome.title}" for name, outcome in OUTCOMES.items()}
    return scored | (forecast if has_forecasts() else {})


@st.cache_data(show_spinner=False)
def history(iso3: str) -> pd.DataFrame:
    """A row's scores by year; see `country.history`."""
    return country.history(scores(), iso3)


@st.cache_data(max_entries=50, show_spinner=False)
def indicators_of(iso3: str) -> pd.DataFrame:
    """A row's lines of the table of indicators. The whole table has 740,000 lines; only these are read."""
    return pd.read_parquet(opened().folder / "indicators.parquet", filters=[("iso3", "==", iso3)])


@st.cache_data(show_spinner=False)
def changes(iso3: str, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What changed since the year before: scores, and indicators."""
    changed = country.changed_scores(history(iso3), year, measures())
    indicators = country.changed_indicators(indicators_of(iso3), year, table("catalogue"))
    return tables.changes(changed, year), tables.changes(indicators, year)


@st.cache_data(show_spinner=False)
def parts_of_factor(iso3: str, year: int, factor: int) -> pd.DataFrame:
    """What a factor's score is made of."""
    values = indicators_of(iso3)
    return tables.parts(country.parts_of_factor(values, year, factor, table("catalogue"), table("sources")))


@st.cache_data(max_entries=200, show_spinner=False)
def outcomes_then(iso3: str, year: int, window: int) -> pd.DataFrame:
    """How likely each outcome would have been called at the end of an earlier year; see `reasons.outcomes_then`."""
    found = {name: rows_of_year(name, year, window) for name in OUTCOMES}
    lines = [rows[rows["iso3"] == iso3].assign(outcome=name) for name, rows in found.items()]
    return reasons.outcomes_then(pd.concat(lines))


@st.cache_data(show_spinner=False)
def names_by_year() -> dict[tuple[str, int], str]:
    """Each row's name in each year."""
    rows = scores()
    return dict(zip(zip(rows["iso3"], rows["year"], strict=True), rows["country"], strict=True))


@st.cache_data(max_entries=200, show_spinner=False)
def above_text(one: str, other: str, outcome: str, window: int) -> str:
    """Whether one row is above another; see `reasons.above_text`."""
    replicates = part("replicates", outcome=outcome, window_years=window, iso3=[one, other])
    return reasons.above_text(replicates, one, other, names())


@st.cache_data(max_entries=100, show_spinner=False)
def yearly_counts(outcome: str, design: str, window: int, top: int) -> pd.DataFrame:
    """Hits, misses and false alarms by year; see `record.yearly_counts`."""
    return record.yearly_counts(placed_rows(backtest_of(outcome, design, window)), top)


@st.cache_data(max_entries=100, show_spinner=False)
def hits_by_name(outcome: str, design: str, window: int, top: int) -> pd.DataFrame:
    """Each event with the place that its State had; see `record.describe_hits`."""
    return record.describe_hits(yearly_hits(backtest_of(outcome, design, window), top=top), names_by_year())


@st.cache_data(max_entries=100, show_spinner=False)
def treaty_status(treaty: str, day: str) -> pd.DataFrame:
    """How each State stood under a treaty on a day; see `commitments.of_treaty`."""
    return commitments.of_treaty(table("commitments"), table("countries"), treaty, day)


@st.cache_data(max_entries=20, show_spinner=False)
def parties_over_time(treaty: str) -> pd.DataFrame:
    """Parties by UN group and year; see `commitments.over_time`."""
    return commitments.over_time(table("commitments"), treaty)


def _likelihood_text(share: float, lower: float, upper: float) -> str:
    if pd.isna(share):
        return likelihood.TOO_LITTLE
    per = likelihood.count_among(share, lower, upper)
    between = likelihood.between_text(lower, upper, per)
    return f"{likelihood.frequency_text(share, per)} (95 % interval: {between})"


@st.cache_data(max_entries=20, show_spinner=False)
def likelihood_beside(outcome: str, window: int) -> str:
    """What the likelihoods beside the commitments are of, and their base rate."""
    base = likely(outcome, window, newest_origin())["base_rate"].max()
    return (
        f"Likelihood: {OUTCOMES[outcome].title} {when(newest_origin(), window)}. Base rate: "
        f"{likelihood.frequency_text(base, likelihood.count_among(base))} States."
    )


@st.cache_data(max_entries=100, show_spinner=False)
def commitments_beside_risk(year: int, day: str, outcome: str, window: int) -> pd.DataFrame:
    """The States with the highest index of a year and what bound them; see `commitments.beside_risk`."""
    told = pd.DataFrame(columns=["iso3", "told"])
    if has_forecasts() and year == newest_origin():
        forecasts = likely(outcome, window, year)
        shares = forecasts[["probability", "lower", "upper"]]
        told = forecasts[["iso3"]].assign(told=[_likelihood_text(*each) for each in shares.itertuples(index=False)])
    return commitments.beside_risk(table("commitments"), of_year(scores(), year), told, day)


@st.cache_data(max_entries=100, show_spinner=False)
def watch_in(region: str, month: str) -> pd.DataFrame:
    """The early signs of one month in a region."""
    return world.choose_region(reading.watch_of(month), region)


@st.cache_data(max_entries=200, show_spinner=False)
def watch_text(iso3: str, month: str) -> str:
    """One State's early signs in a month, in Markdown; see `watch.state_text`."""
    rows = reading.watch_of(month)
    return watch.state_text(rows[rows["iso3"] == iso3], names()[iso3], month, table("watch_rules"))


@st.cache_data(show_spinner=False)
def factor_titles() -> dict[str, str]:
    """Number and name of each measured factor, by its code."""
    return {code: measure.title for code, measure in measures().items() if code.startswith("rf")}


@st.cache_data(show_spinner=False)
def shared_words_of() -> dict[str, list[str]]:
    """What the outcomes share, in sentences by heading; see `shared_words.words`."""
    return shared_words.words(table("drivers"), table("transfer"), factor_titles())


@lru_cache(maxsize=5)
def drivers_figure(measure: str) -> go.Figure:
    """Factors by outcomes: one figure for all readers, never changed."""
    cells = shared.factor_cells(table("drivers"), measure, factor_titles())
    return charts.draw_grid(cells, middle=shared.NOTHING[measure], measured=shared.UNITS[measure])


@lru_cache(maxsize=1)
def transfer_figure() -> go.Figure:
    """Outcomes by outcomes trained on: one figure for all readers, never changed."""
    cells = shared.transfer_cells(table("transfer"))
    return charts.draw_grid(cells, middle=0.5, measured=shared.UNITS[shared.ALONE], across="model trained on")


@st.cache_data(show_spinner=False)
def shared_rows() -> pd.DataFrame:
    """On how many State-years and events the tables of what is shared rest; see `shared.describe_rows`."""
    rows, ends = table("transfer"), {}
    for outcome, window in rows[["outcome", "window_years"]].drop_duplicates().itertuples(index=False):
        counted = yearly_counts(outcome, "operational", int(window), 30)["origin"]
        ends[outcome] = (int(counted.min()), int(counted.max()))
    return shared.describe_rows(rows, ends)


@st.cache_data(show_spinner=False)
def ledger_text() -> str:
    """What the ledger holds and what of it can be scored; see `record.ledger_text`."""
    if not LEDGER.exists():
        return record.NO_LEDGER
    try:
        return record.ledger_text(ledger.scored(LEDGER, record.known_events(table("events"))))
    except ledger.LedgerError as error:
        return f"The ledger cannot be shown. {error}"


@st.cache_data(show_spinner=False)
def holder_of(iso3: str, year: int) -> tuple[str, str] | None:
    """Code and name, in that year, of the row that held the land of a present-day State; None if there was none."""
    holders = of_year(table("holders"), year).set_index("place")["iso3"]
    code = holders.get(iso3)
    return None if code is None else (code, str(history(code).at[year, "country"]))


def heading(title: str) -> Any:
    """The page's title, with the release, its date and what the index is not; returns the title's place."""
    place = st.empty()
    place.title(title)
    try:
        as_of = opened().as_of
    except (release.ReleaseError, OSError, ValueError) as error:
        st.error(f"The dashboard has no release to show. {error}")
        st.stop()
    st.caption(f"Release **{opened().id}**, as known on {as_of.day} {as_of:%B %Y}. {NOT_A_PROBABILITY}")
    return place


def open_view(page: str) -> View:
    """The reader's view: what the link asks for, else what was looked at before, else the newest year of the world.

    Says on the page what the link asks for in vain. Widgets whose key is a field of the view start from it.
    """
    default = View(next(iter(names())), choices().year[-1], PARTS[0].code, ALL_REGIONS)
    view = st.session_state.get("view", default)
    came_from = st.session_state.get("came_from")
    asked = st.query_params.to_dict()
    if came_from != (page, asked):
        view, problems = read_view(asked, choices(), view)
        for problem in problems:
            st.warning(f"{problem} Shown instead: {describe_view(view)}.")
        st.session_state.update(asdict(view))
    for name in NOT_ALWAYS_DRAWN:
        if st.session_state.get(name) != getattr(view, name):
            st.session_state[name] = getattr(view, name)
    return keep_view(page, view)


def keep_view(page: str, view: View, **changes: Any) -> View:
    """Remember the view for all pages and write it into the address, so that the address can be passed on."""
    view = replace(view, **changes)
    st.session_state["view"] = view
    if st.query_params.to_dict() != view.as_params():
        st.query_params.from_dict(view.as_params())
    st.session_state["came_from"] = (page, view.as_params())
    return view


def choose_window(page: str, year: int) -> int:
    """A choice of the forecast's window after that year, in years."""
    return st.radio(
        "Window",
        choices().window,
        format_func=lambda years: f"{likelihood.window_text(year, years)} ({years} year{'s' * (years > 1)})",
        key="window",
        horizontal=True,
        on_change=keep_choice,
        args=(page, "window"),
    )


def keep_choice(page: str, name: str) -> None:
    """Keep what was chosen with the control of this name, one of `NOT_ALWAYS_DRAWN`: for its `on_change`."""
    keep_view(page, st.session_state["view"], **{name: st.session_state[name]})


def pick_country(page: str, iso3: str) -> None:
    """Look at another row: for clicks, which come before the page is drawn again."""
    keep_view(page, st.session_state["view"], country=iso3)
    st.session_state["country"] = iso3


def describe_view(view: View) -> str:
    """The view in words."""
    text = f"{view.country}, {view.year}, {titles()[view.measure]}, region {view.region}"
    if not has_forecasts():
        return text
    task = f"{OUTCOMES[view.outcome].title}, window of {view.window} year{'s' if view.window > 1 else ''}"
    return f"{text}; {task}, {view.design} design, top {view.top}"


def reader_of(path: str) -> Callable[[], bytes]:
    """A function that reads a file of the release: called only when a reader asks for the file."""
    return (opened().folder / path).read_bytes
