"""One State's page from the release's tables: headline, places, events and summaries, kept. Needs no Streamlit."""

import pandas as pd
import plotly.graph_objects as go

from dashboard import atlas, country, course, figures, headline, likelihood, reading, strip, tables
from dashboard.country import years_of
from dashboard.current import kept
from dashboard.measures import PARTS
from dashboard.reading import newest_origin, of_year, opened, part, scores, table
from dashboard.store import choices, factor_titles, history, indicators_of, measures, rows_of_year


@kept(1000)
def headline_of(iso3: str, year: int, outcome: str, window: int) -> list[str]:
    """The State in one or two sentences of Markdown: how likely, and the index. For a year in which it existed."""
    row = history(iso3).loc[year]
    index = headline.index_sentence(history(iso3), year, PARTS[0].code, place_of(iso3, year, PARTS[0].code))
    if not reading.has_forecasts() or atlas.no_forecast(outcome, year, window):
        return [index]
    rows = rows_of_year(outcome, year, window)
    found = rows[rows["iso3"] == iso3].iloc[0].to_dict()
    newest = year == newest_origin()
    return [headline.likelihood_sentence(found, row["country"], outcome, year, window, newest=newest), index]


@kept(3000)
def place_of(iso3: str, year: int, code: str) -> dict[str, float] | None:
    """The place by a score among the States of a year, 1 the highest; for the index with its interval where known."""
    given = of_year(scores(), year).set_index("iso3")[code].astype(float)
    if pd.isna(given.get(iso3)):
        return None
    place = {"rank": float(given.rank(ascending=False, method="min")[iso3]), "ranked": float(given.count())}
    if code != PARTS[0].code or not reading.has_sensitivity():
        return place
    lines = of_year(table("sensitivity"), year)
    own = lines.loc[lines["iso3"] == iso3, ["rank", "ranked", "rank_lower", "rank_upper"]]
    return place if own.empty else own.iloc[0].astype(float).to_dict()


def place_text(iso3: str, year: int, code: str) -> str:
    """The place by a part of the index among the States of a year; "" without a score."""
    place = place_of(iso3, year, code)
    return "" if place is None else likelihood.place_text(place)


@kept(100)
def events_of(iso3: str) -> pd.DataFrame:
    """What is known of the State's events in the years with scores; see `course.known_events`."""
    known = "watch" in opened().tables()
    months = part("watch", iso3=iso3) if known else pd.DataFrame(columns=["month", "election_12"], dtype=str)
    return course.known_events(
        part("events", iso3=iso3), indicators_of(iso3), months, table("catalogue"), choices().year[0]
    )


@kept(500)  # 90 KiB each
def history_figure(iso3: str, year: int) -> go.Figure:
    """Index and parts over the years with the events under them; never changed."""
    figure = figures.draw_history(history(iso3), year)
    return strip.add_strip(figure, events_of(iso3), history(iso3).index, figures.HISTORY_HEIGHT)


@kept(100)
def factors_figure(iso3: str) -> go.Figure:
    """Factors over the years with the events under them; never changed."""
    figure = figures.draw_factors(history(iso3), measures())
    return strip.add_strip(figure, events_of(iso3), history(iso3).index, figures.FACTORS_HEIGHT)


@kept(100)
def history_text(iso3: str) -> str:
    """The chart of the index and its parts in words."""
    return " ".join(course.score_summary(history(iso3), measures()[part.code]) for part in PARTS)


@kept(1000)
def factors_text(iso3: str, year: int) -> str:
    """The chart of the factors in words, for a year; for the row's last year if it did not exist then."""
    existed = years_of(history(iso3))
    return course.factors_summary(history(iso3), measures(), year if year in existed else int(existed[-1]))


@kept(100)
def events_table(iso3: str) -> pd.DataFrame:
    """The events marked under the charts; see `course.describe_events`."""
    return course.describe_events(events_of(iso3), table("sources"))


@kept(100)
def events_notes(iso3: str) -> list[str]:
    """What the marks are, of which years they are known, and from where."""
    return course.events_notes(events_of(iso3), table("sources"))


@kept(1000)
def data_ages(iso3: str, year: int) -> tuple[str, pd.DataFrame]:
    """How old the data are, in a sentence and by factor; see `country.data_ages`."""
    found = country.data_ages(indicators_of(iso3), year, table("catalogue"), history(iso3).loc[year])
    return tables.ages_text(found, year), tables.ages(found, factor_titles())
