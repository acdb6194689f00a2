"""What the world map shows, and the numbers beside it, made ready and kept for all visits. Needs no Streamlit."""

import math
from typing import Any

import numpy as np
import pandas as pd

from dashboard import (
    film,
    language,
    likelihood,
    looks,
    ranking,
    reading,
    store,
    tables,
    weighing,
    world,
)
from dashboard.current import kept
from dashboard.language import _, number
from dashboard.measures import PARTS, Measure, outcome_definition, outcome_title
from dashboard.world import ALL_REGIONS
from models.outcomes import OUTCOMES

INDEX = PARTS[0].code
Shown = tuple[str, int, str, int, int]  # measure, year, region, window in years (0 = a score), coverage in per cent


@kept(500)
def rows_of(code: str, year: int, window: int) -> pd.DataFrame:
    """The rows of one year (`store.rows_of_year`) with `cover`, the coverage by which places are left out.

    Of earlier forecasts the release does not say the coverage; that of the risk index of the year stands in.
    """
    rows = store.rows_of_year(code, year, window)
    of_index = reading.of_year(reading.scores(), year).set_index("iso3")["coverage"]
    return rows.assign(cover=rows["coverage"].astype(float).fillna(rows["iso3"].map(of_index)))


def shown_rows(shown: Shown) -> pd.DataFrame:
    """The rows that the map shows: of the region, and with the coverage asked for."""
    code, year, region, window, cover = shown
    return world.choose_covered(world.choose_region(rows_of(code, year, window), region), cover)


@kept(500)
def held(year: int) -> dict[str, str]:
    """The row that held each present-day State's land in the year."""
    holders = reading.of_year(reading.table("holders"), year)
    return dict(zip(holders["place"], holders["iso3"], strict=True))


@kept()
def has_rows(year: int, region: str) -> bool:
    """Whether any State of the region existed in the year."""
    return not world.choose_region(store.rows_of_year(INDEX, year, 0), region).empty


def _texts(nothing: str, *, forecast: bool = False) -> dict[str, str]:
    """What the map itself says, in the language in use; `nothing` is the legend of places without a value."""
    no_row, no_state = _("no row of its own: no score"), _("no State of its own in this year: no score")
    if forecast:
        no_row, no_state = _("no row of its own: no forecast"), _("no State of its own in this year: no forecast")
    return {
        "year": _("Year"),
        "earlier": _("Year before"),
        "later": _("Year after"),
        "places": _("Places on the map"),
        "hint": _("Arrow keys move between places, Enter picks one, plus and minus zoom, 0 shows all."),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "reset": _("Show all"),
        "stills": _("Small maps, ten years apart: choose one to see its year"),
        "heading": "{name}, {year}",
        "row": _("shown here: {row}, row {code}"),
        "no_row": no_row,
        "no_state": no_state,
        "outside": _("outside the chosen region"),
        "left_out": _("left out: its coverage is below the one chosen"),
        "no_pair": _("no comparison: not the same State with a value in both years"),
        "nothing": nothing,
        "unpaired": _("No comparison: not the same State with a value in both years"),
        "nowhere": _("No State or no row of its own"),
        "filtered": _("Left out by region or coverage"),
        "disputed": _("Disputed area"),
        "wide": "",
    }


def _signs() -> dict[str, Any]:
    """How numbers are written, for the browser: the decimal sign, and a share in per cent."""
    return {"decimal": language.separators()[0], "percent": language.percent(0).replace("0", "{}")}


def decades(years: range | list[int]) -> list[int]:
    """The newest year and each tenth before it, in order: those of the small maps."""
    return sorted(year for year in years if (years[-1] - year) % 10 == 0)


@kept(64)
def film_of(code: str, window: int) -> tuple[str, bytes]:
    """All years of one measure or outcome for the map; see `film.pack`."""
    made = _likelihood_film(code, window) if code in OUTCOMES else _score_film(store.measures()[code])
    return film.pack(made, store.places(), reading.table("holders"), store.names())


def _score_lines(measure: Measure) -> list[list[str]]:
    """The sentences of a place's score; a part's also says from which years its data are."""
    named = {"measure": measure.title, "score": "{value}", "coverage": "{cover}", "age": "{data_age}"}
    ages = [_("coverage {coverage}, data on average {age} years old"), _("coverage {coverage}"), ""]
    if measure in PARTS:
        dated = _("coverage {coverage}, data on average {age} years old ({first} to {last})")
        ages = [dated.replace("{first}", "{oldest_data_year}").replace("{last}", "{newest_data_year}"), *ages]
    scored = [_("{measure}: {score} of 100"), _("{measure}: no score, too little data")]
    return [[_fill(text, named) for text in choices] for choices in (scored, ages)]


def _fill(template: str, named: dict[str, str]) -> str:
    """The template with these names filled in and all others left for the browser."""
    for name, text in named.items():
        template = template.replace(f"{{{name}}}", text)
    return template


def _score_rows(measure: Measure) -> pd.DataFrame:
    """The score of every row and year as the map shows it."""
    names = {measure.code: "value", measure.coverage: "cover", measure.data_age: "data_age"}
    kept_as = ["iso3", "year", "region", "country", "note", *names, *world.AGES[2:]]
    rows = reading.scores()[kept_as].rename(columns=names)
    wide = pd.Series(math.nan, index=rows.index)
    if measure.code == INDEX and (states := reading.sensitivity()) is not None:
        known = states.set_index(["iso3", "year"]).pipe(looks.wide_places)
        wide = pd.Series(known.reindex(pd.MultiIndex.from_frame(rows[["iso3", "year"]])).to_numpy(), index=rows.index)
    return rows.assign(wide=wide)


def _score_film(measure: Measure) -> film.Film:
    rows = _score_rows(measure)
    known = rows.loc[rows["wide"].notna(), "year"]
    wide = "" if known.empty else looks.wide_place_text(known.max())
    pair = _("{measure}: {now} of 100 in {year}, {before} of 100 in {since}, change {change}")
    named = {"measure": measure.title, "now": "{value}", "before": "{value_since}"}
    return film.Film(
        rows,
        {"value": 1, "data_age": 1, "oldest_data_year": 0, "newest_data_year": 0},
        _score_lines(measure),
        [[_fill(pair, named)]],
        _texts(_("No score: too little data")) | {"wide": wide},
        (looks.of_scores(), looks.of_score_changes()),
        store.choices().year,
        **_signs(),
        stills=decades(store.choices().year),
    )


def _likelihood_rows(code: str, window: int) -> tuple[pd.DataFrame, int]:
    """The forecasts of every row and origin as the map shows them, and the number of their lines of text."""
    years = [rows_of(code, year, window).assign(year=year) for year in reading.origins(code, window)]
    rows, newest = pd.concat(years, ignore_index=True), reading.newest_origin()
    told = [likelihood.describe_with_event(row, newest=row["year"] == newest) for row in rows.to_dict("records")]
    most = max(map(len, told))
    lines = {f"line{n}": [lines[n] if n < len(lines) else "" for lines in told] for n in range(most)}
    # the smallest positive number, so that a probability of 0 has a colour as well
    value = np.log10(rows["probability"].clip(lower=np.finfo(float).tiny))
    when = [likelihood.when_text(year, window, newest=year == newest) for year in rows["year"]]
    return rows.assign(value=value, wide=looks.wide_likelihoods(rows), when=when, **lines), most


def _likelihood_film(code: str, window: int) -> film.Film:
    rows, most = _likelihood_rows(code, window)
    scores = reading.scores()
    others = scores[~scores["year"].isin(rows["year"].unique())]
    cells = pd.concat([rows, others[["iso3", "year", "region", "country", "note"]]], ignore_index=True)
    words = ["when", *(f"line{n}" for n in range(most))]
    title = outcome_title(code)
    absent = _("{outcome}: no forecast was made at the end of {year}").replace("{outcome}", title)
    pair = ["{year}: {line0}", "{since}: {line0_since}", _("{change} times the likelihood of {since}")]
    return film.Film(
        cells.assign(**{name: cells[name].fillna("") for name in words}),
        dict.fromkeys(words, film.WORDS),
        [[f"{title} {{when}}", absent], *([f"{{{name}}}", ""] for name in words[1:])],
        [[title], *([text] for text in pair)],
        _texts(likelihood.TOO_LITTLE, forecast=True) | {"wide": looks.wide_likelihood_text(reading.newest_origin())},
        (looks.of_likelihoods(), looks.of_likelihood_changes()),
        store.choices().year,
        **_signs(),
        unit="times",
        stills=decades(reading.origins(code, window)),
        short=2,
    )


@kept(500)
def map_notes(code: str, year: int, region: str, window: int, cover: int) -> list[str]:
    """What a reader must know about the map, as sentences."""
    rows = rows_of(code, year, window)
    hidden = world.rows_not_drawn(rows, store.places(), held(year))
    if code in OUTCOMES:
        here = world.choose_region(rows, region)
        notes = likelihood.map_notes(here, hidden, outcome_definition(code), store.when(year, window))
    else:
        notes = world.map_notes(rows, hidden, region, year)
    return [*notes, *_cover_notes((code, year, region, window, cover))]


def _cover_notes(shown: Shown) -> list[str]:
    code, year, region, window, cover = shown
    if not cover:
        return []
    less = len(world.choose_region(rows_of(code, year, window), region)) - len(shown_rows(shown))
    told = language.ngettext(
        "{count} State or place with a coverage below {cover} is left out.",
        "{count} States or places with a coverage below {cover} are left out.",
        less,
    )
    note = told.format(count=number(less), cover=language.percent(cover / 100))
    if code in OUTCOMES and year != reading.newest_origin():
        return [note, _("Of earlier forecasts the coverage is that of the risk index of the year.")]
    return [note]


@kept(500)
def picked_text(iso3: str, code: str, year: int, window: int) -> str:
    """The picked row's value, coverage and data date in the year, in Markdown."""
    rows = store.rows_of_year(code, year, window)
    row, name = rows[rows["iso3"] == iso3], store.names()[iso3]
    if code not in OUTCOMES:
        text = world.picked_text(row, name, store.measures()[code], year)
        place = store.place_text(iso3, year) if code == INDEX else ""
        return f"{text} · {place}" if place else text
    newest = year == reading.newest_origin()
    return likelihood.picked_text(row, name, outcome_title(code), store.when(year, window), newest=newest)


@kept(500)
def twin(code: str, year: int, region: str, window: int, cover: int) -> pd.DataFrame:
    """The map's numbers as the reader sees and downloads them."""
    rows = shown_rows((code, year, region, window, cover))
    if code in OUTCOMES:
        return likelihood.twin(rows, newest=year == reading.newest_origin())
    return tables.twin(rows, store.measures()[code])


@kept(500)
def changes(code: str, year: int, region: str, window: int, cover: int, since: int) -> pd.DataFrame:
    """The rows with a value in both years, and the difference, largest rise first, as the reader sees it.

    Coverage is asked for in both years. Of likelihoods the difference is how many times as likely.
    """
    column = "probability" if code in OUTCOMES else "score"
    now, before = (shown_rows((code, when, ALL_REGIONS, window, cover)) for when in (year, since))
    both = now.merge(before[["iso3", column]], on="iso3", suffixes=("", "_since"), validate="1:1")
    both = both[both[column].notna() & both[f"{column}_since"].notna()]
    earlier = both[f"{column}_since"]
    change = both[column] / earlier if code in OUTCOMES else (both[column] - earlier).round(2)
    rows = world.choose_region(both.assign(change=change).sort_values("change", ascending=False), region)
    unit = _("{measure}, {year} (0-1)") if code in OUTCOMES else _("{measure}, {year} (0-100)")
    title = outcome_title(code) if code in OUTCOMES else store.measures()[code].title
    names = {
        "country": _("Country"),
        "iso3": _("Row"),
        "region": _("Region"),
        column: unit.format(measure=title, year=year),
        f"{column}_since": unit.format(measure=title, year=since),
        "change": _("Times as likely") if code in OUTCOMES else _("Change"),
        "note": _("Note"),
    }
    return rows.assign(region=rows["region"].map(_)).rename(columns=names)[list(names.values())]


def shown_table(code: str, year: int, region: str, window: int, cover: int, since: int) -> pd.DataFrame:
    """The map's numbers as a table: of the year, or with those of an earlier one and the difference."""
    shown = (code, year, region, window, cover)
    return changes(*shown, since) if since else twin(*shown)


@kept(500)
def change_note(code: str, year: int, region: str, window: int, cover: int, since: int) -> str:
    """Of how many rows the difference is known, and how they moved."""
    moved = changes(code, year, region, window, cover, since).iloc[:, -2]
    same = 1.0 if code in OUTCOMES else 0.0
    told = language.ngettext(
        "{count} State has a value in both {since} and {year}: {more} higher, {less} lower, {same} the same.",
        "{count} States have a value in both {since} and {year}: {more} higher, {less} lower, {same} the same.",
        len(moved),
    )
    counts = {"more": (moved > same).sum(), "less": (moved < same).sum(), "same": (moved == same).sum()}
    numbers = {name: number(count) for name, count in counts.items()}
    return told.format(count=number(len(moved)), since=since, year=year, **numbers)


def file_name(code: str, year: int, region: str, window: int, cover: int, since: int) -> str:
    """The name of the downloaded table: release, and all that chose its rows."""
    parts = [f"upstream-{reading.opened().id}-{code}-{year}"]
    parts += [f"since-{since}"] if since else []
    parts += [f"{window}-years"] if window else []
    parts += [region.lower().replace(" ", "-")]
    parts += [f"coverage-{cover}"] if cover else []
    return "-".join(parts) + ".csv"


def chosen(region: str) -> str:
    """The region as the map has it: "" for all."""
    return "" if region == ALL_REGIONS else region


@kept()
def no_forecast(outcome: str, year: int, window: int) -> str:
    """Why the release has no forecast of the outcome at the end of that year; "" if it has."""
    known = reading.origins(outcome, window)
    return "" if year in known else likelihood.explain_absence(year, known, outcome_title(outcome))


@kept(200)
def ranking_of(code: str, year: int, region: str, window: int, cover: int) -> pd.DataFrame:
    """Places among all States, with their intervals where the release has them, of those that the map shows."""
    rows = rows_of(code, year, window)
    if code in OUTCOMES:
        kept_columns = [ranking.LOWER, ranking.UPPER] if year == reading.newest_origin() else []
        ranked, column = rows[["iso3", "country", "region", ranking.PLACE, *kept_columns, "probability"]], "probability"
        title = _("Probability (0-1)")
    else:
        column, title = "score", _("{measure} (0-100)").format(measure=store.measures()[code].title)
        states = sensitivity_of(year) if code == INDEX else None
        ranked = ranking.places_of(rows, column) if states is None else ranking.with_intervals(rows, states)
    there = {*shown_rows((code, year, region, window, cover))["iso3"]}
    return ranking.describe(ranked[ranked["iso3"].isin(there)], column, title)


def sensitivity_of(year: int) -> pd.DataFrame | None:
    """The places by the index of a year with their intervals; None if the release has none of that year."""
    states = reading.sensitivity()
    found = None if states is None else reading.of_year(states, year)
    return None if found is None or found.empty else found


def ranking_note(code: str, year: int) -> str:
    """What the intervals of the places are, or that there are none."""
    if code in OUTCOMES:
        newest = reading.newest_origin()
        if year == newest:
            return _("Places among all States; the interval is that of the resampled forecasts.")
        return _("Places among all States. Their intervals are known for the forecasts of {year} only.").format(
            year=newest
        )
    if code == INDEX and sensitivity_of(year) is not None:
        return _("Places among all States; the interval is what other reasonable choices give (95 % of 2,048 drawn).")
    return _("Places among all States. Intervals are known for the risk index of the newest year only.")


def above_text(one: str, other: str, shown: Shown) -> str:
    """Whether one State is really above another, as far as the release tells."""
    code, year, _region, window, _cover = shown
    if code in OUTCOMES and year == reading.newest_origin():
        return store.above_text(one, other, code, window)
    states = sensitivity_of(year) if code == INDEX else None
    if states is not None:
        return ranking.above_by_places(states, one, other, store.names())
    return _("How sure their order is, is not known: the release has no intervals of these places.")


# The reader's own weights: numbers and films are those of all readers with the same weights, and never changed.
@kept(32)
def weighed_rows(weights: weighing.Weights) -> pd.DataFrame:
    """The rows of the newest year with the index by these weights; see `weighing.rows_of_year`."""
    published = store.rows_of_year(INDEX, store.choices().year[-1], 0)
    return weighing.rows_of_year(published, weighing.score_states(reading.newest_frame(), weights))


@kept(32)
def weighed_film(weights: weighing.Weights) -> tuple[str, bytes]:
    """The map of the index by these weights; see `film.pack`."""
    year = store.choices().year[-1]
    rows = weighed_rows(weights).rename(columns={"score": "value", "coverage": "cover"})
    made = film.Film(
        rows.assign(year=year, wide=math.nan),
        {"value": 1, "data_age": 1, "oldest_data_year": 0, "newest_data_year": 0},
        _score_lines(weighing.measure()),
        [],
        _texts(_(weighing.NOTHING)) | {"heading": _(weighing.HEADING)},
        (looks.of_scores(_(weighing.SCALE)),),
        range(year, year + 1),
        **_signs(),
    )
    return film.pack(made, store.places(), reading.of_year(reading.table("holders"), year), store.names())


def weighed_notes(weights: weighing.Weights) -> list[str]:
    """What a reader must know about the map of these weights."""
    year, rows = store.choices().year[-1], weighed_rows(weights)
    return weighing.map_notes(rows, world.rows_not_drawn(rows, store.places(), held(year)), year)
