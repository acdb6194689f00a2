"""What the pages show of the release, made ready and kept for all visits (`current.py`). Needs no Streamlit."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from dashboard import (
    charts,
    commitments,
    country,
    current,
    language,
    likelihood,
    plain,
    reading,
    reasons,
    record,
    sensitivity,
    shared,
    shared_words,
    tables,
    watch,
    world,
)
from dashboard.current import kept
from dashboard.language import _
from dashboard.links import ORDERS, Choices
from dashboard.measures import Measure, list_measures, outcome_title
from dashboard.reading import (
    backtest_of,
    has_forecasts,
    has_sensitivity,
    likely,
    newest_origin,
    of_year,
    opened,
    part,
    scores,
    table,
)
from dashboard.world import ALL_REGIONS
from models import ledger
from models.outcomes import OUTCOMES
from models.track import placed_rows, yearly_hits

ROOT = Path(__file__).resolve().parents[1]
PLACES = ROOT / "data" / "places.csv"
DISPUTED = ROOT / "data" / "disputed.csv"
LEDGER = ROOT / "data" / "ledger.csv"


@kept()
def places() -> pd.DataFrame:
    """The map's places, each with the State whose land it is today ("" = no row of its own)."""
    return pd.read_csv(PLACES, keep_default_na=False)


@kept()
def disputed() -> pd.DataFrame:
    """The disputed areas that the map hatches: name and what Natural Earth notes."""
    return pd.read_csv(DISPUTED)


@kept()
def measures() -> dict[str, Measure]:
    """Every measure that the release has, by its code."""
    return list_measures(table("factors"))


@kept()
def names() -> dict[str, str]:
    """Each row's name by its code, in the language in use."""
    countries = table("countries")
    named = zip(countries["iso3"], language.countries(countries["iso3"], countries["name"]), strict=True)
    return dict(sorted(named, key=lambda each: language.sorting(each[1])))


@kept()
def notes() -> dict[str, str]:
    """What a reader of each row has to know, by its code ("" = nothing)."""
    countries = table("countries")
    return dict(zip(countries["iso3"], countries["note"].fillna(""), strict=True))


@kept()
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
        weights=tuple(factor_titles()),
        table=opened().tables(),
        mine_order=ORDERS if has_forecasts() else ORDERS[:-1],
        table_from=[str(year) for year in range(first_year(), int(years.max()) + 1)],
    )


@kept()
def first_year() -> int:
    """The first year of which the release has anything: events come before scores."""
    return int(min(table("scores")["year"].min(), part("events", columns=["year"])["year"].min()))


@kept(500)
def rows_of_year(code: str, year: int, window: int) -> pd.DataFrame:
    """The rows of one year with one measure's score or one outcome's forecast.

    See `world.rows_of_year` and `likelihood.rows_of_year`.
    """
    rows = of_year(scores(), year)
    if code in OUTCOMES:
        return likelihood.rows_of_year(rows, likely(code, window, year))
    return world.rows_of_year(rows, measures()[code])


def when(year: int, window: int) -> str:
    """What the forecasts of a year are of, and when they were made; see `likelihood.when_text`."""
    return likelihood.when_text(year, window, newest=year == newest_origin())


def place_text(iso3: str, year: int) -> str:
    """The row's place by the index and its interval; "" in a year, or a release, for which there is none."""
    if not has_sensitivity():
        return ""
    states = of_year(table("sensitivity"), year)
    return sensitivity.place_text(states[states["iso3"] == iso3])


@kept()
def titles() -> dict[str, str]:
    """Title of all that the map can show, by its code: scores and, if there are forecasts, each outcome."""
    scored = {code: measure.title for code, measure in measures().items()}
    forecast = {name: _("How likely: {outcome}").format(outcome=outcome_title(name)) for name in OUTCOMES}
    return scored | (forecast if has_forecasts() else {})


@kept()
def history(iso3: str) -> pd.DataFrame:
    """A row's scores by year; see `country.history`."""
    return country.history(scores(), iso3)


@kept(50)
def indicators_of(iso3: str) -> pd.DataFrame:
    """A row's lines of the table of indicators. The whole table has 740,000 lines; only these are read."""
    return part("indicators", iso3=iso3)


@kept(1000)
def changes(iso3: str, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What changed since the year before: scores, and indicators."""
    changed = country.changed_scores(history(iso3), year, measures())
    indicators = country.changed_indicators(indicators_of(iso3), year, table("catalogue"))
    return tables.changes(changed, year), tables.changes(indicators, year)


@kept()
def parts_of_factor(iso3: str, year: int, factor: int) -> pd.DataFrame:
    """What a factor's score is made of."""
    values = indicators_of(iso3)
    return tables.parts(country.parts_of_factor(values, year, factor, table("catalogue"), table("sources")))


@kept(1000)
def outcomes_then(iso3: str, year: int, window: int) -> pd.DataFrame:
    """How likely each outcome would have been called at the end of an earlier year; see `reasons.outcomes_then`."""
    found = {name: rows_of_year(name, year, window) for name in OUTCOMES}
    lines = [rows[rows["iso3"] == iso3].assign(outcome=name) for name, rows in found.items()]
    return reasons.outcomes_then(pd.concat(lines))


@kept()
def names_by_year() -> dict[tuple[str, int], str]:
    """Each row's name in each year."""
    rows = scores()
    return dict(zip(zip(rows["iso3"], rows["year"], strict=True), rows["country"], strict=True))


@kept(200)
def above_text(one: str, other: str, outcome: str, window: int) -> str:
    """Whether one row is above another; see `reasons.above_text`."""
    replicates = part("replicates", outcome=outcome, window_years=window, iso3=[one, other])
    return reasons.above_text(replicates, one, other, names())


@kept(100)
def yearly_counts(outcome: str, design: str, window: int, top: int) -> pd.DataFrame:
    """Hits, misses and false alarms by year; see `record.yearly_counts`."""
    return record.yearly_counts(placed_rows(backtest_of(outcome, design, window)), top)


@kept(100)
def hits_by_name(outcome: str, design: str, window: int, top: int) -> pd.DataFrame:
    """Each event with the place that its State had; see `record.describe_hits`."""
    return record.describe_hits(yearly_hits(backtest_of(outcome, design, window), top=top), names_by_year())


@kept(100)
def treaty_status(treaty: str, day: str) -> pd.DataFrame:
    """How each State stood under a treaty on a day; see `commitments.of_treaty`."""
    return commitments.of_treaty(table("commitments"), table("countries"), treaty, day)


@kept(1000)
def commitments_of(iso3: str, day: str) -> pd.DataFrame:
    """What bound a State on a day; see `commitments.of_state`."""
    return commitments.of_state(table("commitments"), iso3, day)


@kept(20)
def parties_over_time(treaty: str) -> pd.DataFrame:
    """Parties by UN group and year; see `commitments.over_time`."""
    return commitments.over_time(table("commitments"), treaty)


def _likelihood_text(share: float, lower: float, upper: float) -> str:
    if pd.isna(share):
        return _(likelihood.TOO_LITTLE)
    per = likelihood.count_among(share, lower, upper)
    between = likelihood.between_text(lower, upper, per)
    return _("{share} (95 % interval: {interval})").format(
        share=likelihood.frequency_text(share, per), interval=between
    )


def has_likelihood_beside(year: int) -> bool:
    """Whether likelihoods stand beside the commitments: those of the release's own forecasts only."""
    return has_forecasts() and year == newest_origin()


@kept(20)
def likelihood_beside(outcome: str, window: int) -> str:
    """What the likelihoods beside the commitments are of, and their base rate."""
    base = likely(outcome, window, newest_origin())["base_rate"].max()
    return _("Likelihood: {outcome} {when}. Base rate: {base_rate} States.").format(
        outcome=outcome_title(outcome),
        when=when(newest_origin(), window),
        base_rate=likelihood.frequency_text(base, likelihood.count_among(base)),
    )


@kept(100)
def commitments_beside_risk(year: int, day: str, outcome: str, window: int) -> pd.DataFrame:
    """The States with the highest index of a year and what bound them; see `commitments.beside_risk`."""
    told = pd.DataFrame(columns=["iso3", "told"])
    if has_likelihood_beside(year):
        forecasts = likely(outcome, window, year)
        shares = forecasts[["probability", "lower", "upper"]]
        told = forecasts[["iso3"]].assign(told=[_likelihood_text(*each) for each in shares.itertuples(index=False)])
    return commitments.beside_risk(table("commitments"), of_year(scores(), year), told, day)


@kept(100)
def watch_in(region: str, month: str) -> pd.DataFrame:
    """The early signs of one month in a region."""
    return world.choose_region(reading.watch_of(month), region)


@kept(1000)
def watch_text(iso3: str, month: str) -> str:
    """One State's early signs in a month, in Markdown; see `watch.state_text`."""
    rows = reading.watch_of(month)
    return watch.state_text(rows[rows["iso3"] == iso3], names()[iso3], month, table("watch_rules"))


@kept()
def factor_titles() -> dict[str, str]:
    """Number and name of each measured factor, by its code."""
    return {code: measure.title for code, measure in measures().items() if code.startswith("rf")}


@kept()
def titles_of_parts() -> dict[str, str]:
    """Titles of indicators and of all measures, by name."""
    catalogue = table("catalogue")
    titles = {name: _(title) for name, title in zip(catalogue["indicator"], catalogue["title"], strict=True)}
    return titles | {code: measure.title for code, measure in measures().items()}


@kept()
def shared_words_of() -> dict[str, list[str]]:
    """What the outcomes share, in sentences by heading; see `shared_words.words`."""
    return shared_words.words(table("drivers"), table("transfer"), factor_titles())


@kept(8)
def drivers_cells(measure: str) -> pd.DataFrame:
    """Factors by outcomes; see `shared.factor_cells`."""
    return shared.factor_cells(table("drivers"), measure, factor_titles())


def drivers_summary(measure: str) -> str:
    """What the picture of factors by outcomes shows; see `shared.factors_summary`."""
    return shared.factors_summary(drivers_cells(measure))


@kept(8)
def drivers_figure(measure: str) -> go.Figure:
    """Factors by outcomes: one figure for all readers, never changed."""
    return charts.draw_grid(drivers_cells(measure), middle=shared.NOTHING[measure], measured=_(shared.UNITS[measure]))


@kept(8)
def transfer_figure() -> go.Figure:
    """Outcomes by outcomes trained on: one figure for all readers, never changed."""
    cells = shared.transfer_cells(table("transfer"))
    measured, across = _(shared.UNITS[shared.ALONE]), _("model trained on")
    return charts.draw_grid(cells, middle=shared.NOTHING[shared.ALONE], measured=measured, across=across)


@kept()
def shared_rows() -> pd.DataFrame:
    """On how many State-years and events the tables of what is shared rest; see `shared.describe_rows`."""
    rows, ends = table("transfer"), {}
    for outcome, window in rows[["outcome", "window_years"]].drop_duplicates().itertuples(index=False):
        counted = yearly_counts(outcome, "operational", int(window), 30)["origin"]
        ends[outcome] = (int(counted.min()), int(counted.max()))
    return shared.describe_rows(rows, ends)


@kept()
def ledger_text() -> str:
    """What the ledger holds and what of it can be scored; see `record.ledger_text`."""
    if not LEDGER.exists():
        return _(record.NO_LEDGER)
    try:
        return record.ledger_text(ledger.scored(LEDGER, record.known_events(table("events"))))
    except ledger.LedgerError as error:
        return _("The ledger cannot be shown. {error}").format(error=plain.text(str(error)))


@kept()
def holder_of(iso3: str, year: int) -> tuple[str, str] | None:
    """Code and name, in that year, of the row that held the land of a present-day State; None if there was none."""
    holders = of_year(table("holders"), year).set_index("place")["iso3"]
    code = holders.get(iso3)
    return None if code is None else (code, str(history(code).at[year, "country"]))


def reader_of(path: str) -> Callable[[], bytes]:
    """A function that reads a file of the visit's release: called only when a reader asks for the file."""
    edition = current.edition()

    def read() -> bytes:
        edition.check()
        return edition.release.file(path).read_bytes()

    return read
