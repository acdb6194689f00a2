"""The briefing on one State: two pages."""

import math

import pandas as pd

from dashboard import commitments, language, likelihood, reading, reasons, store, tables
from dashboard.brief import common, drawings, outlines
from dashboard.brief.model import (
    SMALL,
    Beside,
    Block,
    Brief,
    BriefError,
    Figure,
    Items,
    Paragraph,
    Section,
    Table,
    ltr,
)
from dashboard.country import changed_scores
from dashboard.language import _, ngettext, number, strung
from dashboard.measures import COUNTED_FROM, PARTS
from models.track import LEVEL_LINE

HEAVIEST = 3  # factors that are named
LIKELY_WIDTHS = [0.19, 0.14, 0.13, 0.13, 0.14, 0.11, 0.16]  # of the table of outcomes
CLEAR = 5  # points between the two parts from which one is called higher
MAP_RATIO = 400 / 230  # width to height


class UnknownSubject(BriefError):
    """There is no such State, region or list in the release."""


def country_brief(iso3: str) -> Brief:
    """The briefing on a State, in the language in use.

    Raises:
        UnknownSubject: the release has no row of it in its newest year.
    """
    year, name = common.newest_year(), store.names().get(iso3, "")
    if not name or iso3 not in set(reading.of_year(reading.table("scores"), year)["iso3"]):
        there = ", ".join(sorted(reading.of_year(reading.table("scores"), year)["iso3"])[:3])
        text = _("The release has no row “{code}” in {year}; it has {some}, …")
        raise UnknownSubject(text.format(code=iso3[:40], year=year, some=there))
    return common.frame(
        name=iso3,
        title=_("{country}: risk of mass atrocities").format(country=name),
        headline=_headline(iso3, year),
        sections=[
            _likely_section(iso3, year),
            _course_section(iso3, name, year),
            _why_section(iso3, year),
            _parts_section(iso3, year),
            _watch_section(iso3),
            _commitments_section(iso3),
            _unknown_section(iso3, year),
            common.record_section(),
            common.caution_section(),
            common.sources_section(),
        ],
        day=reading.opened().as_of.isoformat(),
        pages=2,
    )


def _headline(iso3: str, year: int) -> str:
    if not reading.has_forecasts():
        return _(likelihood.NO_FORECASTS)
    rows = store.rows_of_year(common.OUTCOME, year, common.WINDOW)
    return common.likelihood_text(rows[rows["iso3"] == iso3].iloc[0].to_dict())


def _likely_section(iso3: str, year: int) -> Section | None:
    """How likely each outcome is."""
    if not reading.has_forecasts():
        return None
    shown = reasons.outcomes_now(reading.forecasts_of(iso3, common.WINDOW))
    rows = [[str(name), *map(str, cells)] for name, cells in zip(shown.index, shown.to_numpy(), strict=True)]
    head = [str(shown.index.name), *map(str, shown.columns)]
    title = _("How likely, {when}").format(when=likelihood.window_text(year, common.WINDOW))
    return Section(title, [Table("", head, rows, LIKELY_WIDTHS)])


def _course_section(iso3: str, name: str, year: int) -> Section:
    """Where it is with the index around it, and the course of the years."""
    place = store.place_text(iso3, year)
    years = store.history(iso3)
    row = years.loc[year]
    said = _("Risk index {year}: **{score}**; {data}. {place}").format(
        year=year,
        score=tables.score_text(row[PARTS[0].code]),
        data=tables.data_text(row, PARTS[0]),
        place=f"{place[:1].upper()}{place[1:]}." if place else "",
    )
    return Section(
        _("The risk index, here and since 1970"),
        [Beside([_map(iso3, name, year), _course(name, years)]), Paragraph(said, SMALL)],
    )


def _map(iso3: str, name: str, year: int) -> Figure:
    here = common.places_of([iso3]) or [iso3]
    around = [iso3] if iso3 in here else here
    title = _("Risk index {year} (0 to 100)").format(year=year)
    scores = common.scores_by_place()
    text = _("Map of {country} and the places around it by risk index. {country}: {score}.")
    told = text.format(country=name, score=tables.score_text(scores.get(around[0], math.nan)))
    return drawings.draw_map(scores, outlines.window_around(around, MAP_RATIO), here, title, told)


def _course(name: str, years: pd.DataFrame) -> Figure:
    titles = {part.code: _(part.title) for part in PARTS}
    known = years[PARTS[0].code].dropna()
    title = _("Index and its two parts since {year}").format(year=years.index.min())
    if known.empty:
        told = _("{country} has no risk index in any year: too little is known.").format(country=name)
    else:
        text = _("Risk index of {country} by year: {first} in {start}, highest {most} in {top}, {last} in {end}.")
        told = text.format(
            country=name,
            first=number(known.iloc[0], 1),
            start=known.index[0],
            most=number(known.max(), 1),
            top=known.idxmax(),
            last=number(known.iloc[-1], 1),
            end=known.index[-1],
        )
    return drawings.draw_course(years, titles, title, told)


def _why_section(iso3: str, year: int) -> Section:
    """The factors that weigh most, and what changed."""
    lines = reading.explanations_of(iso3, common.OUTCOME, common.WINDOW) if reading.has_forecasts() else pd.DataFrame()
    blocks: list[Block] = [_forecast_factors(lines, iso3, year) if len(lines) else _score_factors(iso3, year)]
    return Section(_("What weighs most, and what changed since the year before"), [*blocks, *_changes(iso3, year)])


def _forecast_factors(lines: pd.DataFrame, iso3: str, year: int) -> Table:
    factors, row = reading.table("factors"), store.history(iso3).loc[year]
    parts = lines[lines["indicator"] != LEVEL_LINE]
    sizes = parts.groupby("factor")["contribution"].sum().abs()
    chosen = sizes[sizes > 0].nlargest(HEAVIEST).index
    titles = store.factor_titles()
    rows = []
    for factor in chosen:
        summed = reasons.by_factor(parts[parts["factor"] == factor], factors).iloc[0]
        code = f"rf{int(factor):02d}"
        contribution, change = reasons.odds_text(summed["contribution"]), reasons.odds_text(summed["change"])
        rows.append([titles[code], contribution, change, tables.score_text(row[code])])
    head = [_("Risk factor"), _("In this forecast"), _("Change since {year}").format(year=year - 1), _("Score")]
    caption = _("The {count} factors that weigh most in the forecast: {what}")
    return Table(caption.format(count=len(rows), what=common.window_title()), head, rows, [0.5, 0.17, 0.17, 0.16])


def _score_factors(iso3: str, year: int) -> Table:
    years = store.history(iso3)
    scores = years.loc[year, list(store.factor_titles())].dropna().astype(float).nlargest(HEAVIEST)
    rows = [
        [store.factor_titles()[code], tables.score_text(score), tables.change_text(years, year, code) or _("unchanged")]
        for code, score in scores.items()
    ]
    head = [_("Risk factor"), _("Score"), _("Change")]
    return Table(_("The factors with the highest scores"), head, rows, [0.6, 0.2, 0.2])


def _changes(iso3: str, year: int) -> list[Block]:
    """What changed since the year before, in sentences."""
    texts = []
    if reading.has_forecasts():
        forecasts = reading.forecasts_of(iso3, common.WINDOW).set_index("outcome")
        if pd.notna(forecasts.at[common.OUTCOME, "probability"]):
            texts.append(reasons.before_text(forecasts.loc[common.OUTCOME]))
    changed = changed_scores(store.history(iso3), year, store.measures()).dropna(subset=["change"]).head(HEAVIEST)
    named = [
        _("{what} {change}").format(what=line.what, change=common.change(line.change)) for line in changed.itertuples()
    ]
    if named:
        text = _("Scores that changed most from {before} to {year}, in points: {changes}.")
        texts.append(text.format(before=year - 1, year=year, changes=strung(named)))
    else:
        texts.append(_("No score changed from {before} to {year}.").format(before=year - 1, year=year))
    return [Paragraph(" ".join(texts))]


def _parts_section(iso3: str, year: int) -> Section:
    """The structural against the dynamic part, and what that means."""
    row = store.history(iso3).loc[year]
    structural, dynamic = row["structural"], row["dynamic"]
    said = _(
        "Structural part, which moves over years: **{structural}**. Dynamic part, which moves over months: "
        "**{dynamic}**."
    )
    text = said.format(structural=tables.score_text(structural), dynamic=tables.score_text(dynamic))
    return Section(_("Upstream prevention or early response"), [Paragraph(f"{text} {meaning(structural, dynamic)}")])


def meaning(structural: float, dynamic: float) -> str:
    """What the two parts mean for prevention, in sentences."""
    if pd.isna(structural) or pd.isna(dynamic):
        return _("Too little is known of at least one of them to say which is higher.")
    if structural - dynamic >= CLEAR:
        return _(
            "The structural part is higher: more of the risk lies in what changes slowly, such as institutions, "
            "impunity and exclusion. That speaks for upstream prevention, which takes years and is best begun before a "
            "crisis. It does not say that the dynamic part needs no watching."
        )
    if dynamic - structural >= CLEAR:
        return _(
            "The dynamic part is higher: more of the risk lies in what is moving now, such as armed conflict, "
            "preparation and triggers. That speaks for early response: protection, mediation and access within months. "
            "The structural work remains."
        )
    return _(
        "The two parts are about the same: early response to what moves now and upstream prevention of what changes "
        "slowly are both called for, and neither takes the place of the other."
    )


def _watch_section(iso3: str) -> Section | None:
    """Early signs of the newest month, each flag with its rate of false alarms."""
    if not reading.has_watch():
        return None
    month = reading.watch_months()[-1]
    lines = [line.removeprefix("* ") for line in store.watch_text(iso3, month).splitlines()]
    return Section(_("Watch: early signs to {month}").format(month=language.month(month)), [Items(lines, SMALL)])


def _commitments_section(iso3: str) -> Section | None:
    """Gaps among the treaties on file, and the draft articles on prevention that bear on them."""
    if not reading.has_commitments():
        return None
    rows = reading.table("commitments")
    day = reading.opened().as_of.isoformat()
    then = commitments.on_day(rows[rows["iso3"] == iso3], day)
    status = dict(zip(then["treaty"], then["then"], strict=True))
    convention = commitments.read_convention()
    texts = [_bound_text(status, day), *common.prevention_items(status)]
    texts.append(commitments.position_text(convention, iso3))
    return Section(_("Commitments, and the way to a convention on crimes against humanity"), [Items(texts, SMALL)])


def _bound_text(status: dict[str, str], day: str) -> str:
    """How many treaties bind, and which do not."""
    bound = sum(each == "party" for each in status.values())
    text = ngettext(
        "On {day} bound by {bound} of the {count} treaty on file.",
        "On {day} bound by {bound} of the {count} treaties on file.",
        len(status),
    ).format(day=language.day(day), bound=number(bound), count=number(len(status)))
    gaps = [
        _("{treaty} ({status})").format(treaty=_(title), status=_(commitments.STATUS[status[code]]))
        for code, title in commitments.TREATIES.items()
        if status.get(code, "party") != "party"
    ]
    absent = [_(title) for code, title in commitments.TREATIES.items() if code not in status]
    text += " " + (_("Gaps: {treaties}.").format(treaties=strung(gaps)) if gaps else _("No gap among them."))
    return text + (" " + _("Not recorded: {treaties}.").format(treaties=strung(absent)) if absent else "")


def _unknown_section(iso3: str, year: int) -> Section:
    """What is not known of this State."""
    row, titles = store.history(iso3).loc[year], store.factor_titles()
    texts = [common.not_measured_text()]
    absent = [title for code, title in titles.items() if pd.isna(row[code])]
    if absent:
        texts.append(_("**Too little is known here** for a score of: {factors}.").format(factors=strung(absent)))
    if reading.has_forecasts():
        texts.append(_interval_text(iso3))
    texts.append(_(common.UNDERCOUNT))
    texts.append(
        _("**Years differ.** Before {year} less is measured; the newest numbers of some sources are years old.").format(
            year=COUNTED_FROM
        )
    )
    if note := store.notes()[iso3]:
        texts.append(_("**This row.** {note}").format(note=ltr(note)))
    return Section(_("What we do not know"), [Items(texts, SMALL)])


def _interval_text(iso3: str) -> str:
    rows = store.rows_of_year(common.OUTCOME, common.newest_year(), common.WINDOW)
    row = rows[rows["iso3"] == iso3].iloc[0]
    if pd.isna(row["probability"]):
        return _("**No forecast**: too little is known of this State.")
    text = _("**How sure.** The interval says how far the forecast moves with the States it is learnt from: {age}.")
    return text.format(age=tables.age_text(row["coverage"], row["data_age"]))
