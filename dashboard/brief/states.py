"""The briefing on several States, a region or a reader's own list: four pages."""

import pandas as pd

from dashboard import language, likelihood, reading, store, tables, watch
from dashboard.brief import common, drawings, outlines, prevention
from dashboard.brief.country import UnknownSubject
from dashboard.brief.model import SMALL, Block, Brief, Items, Paragraph, Section, Table, even, ltr
from dashboard.language import _, ngettext, number, strung
from dashboard.measures import PARTS
from dashboard.world import ALL_REGIONS

LISTED = 60  # States in the table; of more, those with the highest index
CHANGED = 10  # States in the table of changes
PREVENTION = 10  # States in the table of structural prevention
WIDTHS = [0.13, 0.055, 0.1, 0.1, 0.14, 0.16, 0.17, 0.145]  # of the table of States
CHANGE_WIDTHS = [0.2, 0.11, 0.11, 0.12, 0.23, 0.23]  # of the table of changes
WIDE = 1.5  # width to height of a map of a region


def region_brief(region: str) -> Brief:
    """The briefing on a region of the release, in the language in use.

    Raises:
        UnknownSubject: the release has no such region.
    """
    rows = reading.of_year(reading.scores(), common.newest_year())
    codes = rows["iso3"] if region == ALL_REGIONS else rows.loc[rows["region"] == region, "iso3"]
    if codes.empty:
        known = ", ".join(store.choices().region)
        text = _("The release has no region “{region}”; it has {known}.")
        raise UnknownSubject(text.format(region=region[:40], known=known))
    title = _("All regions: risk of mass atrocities")
    if region != ALL_REGIONS:
        title = _("{region}: risk of mass atrocities").format(region=_(region))
    return _brief(region, title, codes.tolist(), outlines.window_of(region, WIDE))


def list_brief(codes: tuple[str, ...]) -> Brief:
    """The briefing on a list of States, in the language in use.

    Raises:
        UnknownSubject: the list is empty, or the release has no row of one of them in its newest year.
    """
    there = set(reading.of_year(reading.table("scores"), common.newest_year())["iso3"])
    absent = [code for code in dict.fromkeys(codes) if code not in there]
    if not codes:
        raise UnknownSubject(_("The list has no State: name at least one."))
    if absent:
        text = _("The release has no row of {codes} in {year}.")
        some = ", ".join(f"“{code[:40]}”" for code in absent[:5])
        raise UnknownSubject(text.format(codes=some, year=common.newest_year()))
    listed = list(dict.fromkeys(codes))
    title = ngettext(
        "A list of {count} State: risk of mass atrocities",
        "A list of {count} States: risk of mass atrocities",
        len(listed),
    ).format(count=number(len(listed)))
    land = [place for place in common.places_of(listed) if place in listed] or common.places_of(listed)
    return _brief("list", title, listed, outlines.window_around(land, WIDE))


def _brief(name: str, title: str, codes: list[str], window: outlines.Box) -> Brief:
    rows = _rows(codes)
    return common.frame(
        name=name,
        title=title,
        headline=_headline(rows),
        sections=[
            _map_section(rows, window, region=name != "list"),
            _table_section(rows),
            _change_section(rows),
            _parts_section(rows),
            _prevention_section(rows, region=name != "list"),
            _unknown_section(rows),
            common.record_section(),
            common.caution_section(),
            common.sources_section(),
        ],
        day=reading.opened().as_of.isoformat(),
        pages=4,
    )


def _rows(codes: list[str]) -> pd.DataFrame:
    """One line per State, highest index first: scores, scores of the year before, forecast, place by the index."""
    year = common.newest_year()
    kept = ["iso3", "country", "note", *(part.code for part in PARTS), "coverage", "data_age"]
    now = reading.of_year(reading.scores(), year)
    before = reading.of_year(reading.scores(), year - 1)[["iso3", PARTS[0].code]].rename(
        columns={PARTS[0].code: "index_before"}
    )
    rows = now.loc[now["iso3"].isin(codes), kept].merge(before, on="iso3", how="left", validate="1:1")
    if reading.has_forecasts():
        given = store.rows_of_year(common.OUTCOME, year, common.WINDOW)
        rows = rows.merge(given[["iso3", *likelihood.COLUMNS]], on="iso3", suffixes=("", "_forecast"), validate="1:1")
    return rows.sort_values(
        [PARTS[0].code, "country"], ascending=[False, True], key=_in_order, na_position="last", ignore_index=True
    )


def _in_order(column: pd.Series) -> pd.Series:
    return column.map(language.sorting) if column.name == "country" else column


def _headline(rows: pd.DataFrame) -> str:
    if not reading.has_forecasts():
        return _(likelihood.NO_FORECASTS)
    known = rows[rows["probability"].notna()]
    if known.empty:
        return f"**{common.window_title()}.** {_(likelihood.TOO_LITTLE)}."
    first = known.nlargest(1, "probability").iloc[0].to_dict()
    text = ngettext(
        "{count} State, {known} with a forecast. The highest likelihood is that of {country}. {told}",
        "{count} States, {known} with a forecast. The highest likelihood is that of {country}. {told}",
        len(rows),
    )
    told = common.likelihood_text(first)
    return text.format(count=number(len(rows)), known=number(len(known)), country=first["country"], told=told)


def _map_section(rows: pd.DataFrame, window: outlines.Box, *, region: bool) -> Section:
    year = common.newest_year()
    scores, places = common.scores_by_place(), common.places_of(set(rows["iso3"]))
    known = rows.dropna(subset=[PARTS[0].code])
    title = _("Risk index {year} (0 to 100)").format(year=year)
    named = strung(f"{row.country} {number(row.risk_index, 1)}" for row in known.head(5).itertuples())
    told = _("Map of the risk index. Highest: {named}. The table below has every State.").format(named=named)
    if region:  # all its land would be picked; land elsewhere has no colour instead
        shown = {place: score for place, score in scores.items() if place in places}
        figure = drawings.draw_map(shown, window, [], title, told, width=drawings.WHOLE, elsewhere=_("elsewhere"))
    else:
        figure = drawings.draw_map(scores, window, places, title, told, width=drawings.WHOLE)
    return Section(_("The risk index on the map"), [figure, *_flags(rows)])


def _flags(rows: pd.DataFrame) -> list[Block]:
    """Who has a flag on the watch, and how often such flags are wrong."""
    if not reading.has_watch():
        return []
    month = reading.watch_months()[-1]
    watched = reading.watch_of(month)
    here = watched[watched["iso3"].isin(rows["iso3"])]
    found, names = watch.flagged(here), store.names()
    texts = [" ".join([_("Watch."), watch.headline(here, month)])]
    if not found.empty:
        named = [f"{names[row.iso3]} ({watch.titles(row.flags)})" for row in found.itertuples()]
        texts.append(_("With a flag: {named}.").format(named=strung(named)))
        rules = watch.rules_of(reading.table("watch_rules"), found["source"].iloc[0])
        raised = sorted({name for flags in found["flags"] for name in flags.split(";")} & {*rules.index})
        texts += [common.named(watch.titles(name), watch.rate_text(rules.loc[name])) for name in raised]
    return [Items(texts, SMALL)]


def _table_section(rows: pd.DataFrame) -> Section:
    """Every State with its index and its likelihood; of many, those with the highest index."""
    shown = rows.head(LISTED)
    head = [_("State"), _("Risk index"), _("Structural part"), _("Dynamic part"), _("Place by the index")]
    lines = [
        [row["country"], *(common.score(row[part.code]) for part in PARTS), common.place(row["iso3"])]
        for row in _records(shown)
    ]
    if reading.has_forecasts():
        head += [_("Likelihood"), _("95 % interval"), _("Place by the likelihood")]
        lines = [[*line, *_likely(row)] for line, row in zip(lines, _records(shown), strict=True)]
    widths = WIDTHS if reading.has_forecasts() else even(len(head))
    blocks: list[Block] = [Paragraph(_table_text(rows), SMALL), Table("", head, lines, widths)]
    if len(rows) > LISTED:
        text = _("The {shown} States with the highest index of {count}; the release has all.")
        blocks.append(Paragraph(text.format(shown=number(LISTED), count=number(len(rows))), SMALL))
    return Section(_("States by risk index, and how likely an onset is"), blocks)


def _table_text(rows: pd.DataFrame) -> str:
    text = _("Index and parts from 0 (low) to 100 (high); places with what other reasonable choices would give.")
    if not reading.has_forecasts():
        return text
    base = rows["base_rate"].max()
    said = _("Likelihood: {what}, of so many States like this. Base rate, among all States: {base}.")
    told = likelihood.frequency_text(base, likelihood.count_among(base))
    return f"{text} {said.format(what=common.window_title(), base=told)}"


def _records(rows: pd.DataFrame) -> list[dict]:
    return rows.to_dict("records")


def _likely(row: dict) -> list[str]:
    if pd.isna(row["probability"]):
        return [_("no forecast"), "–", "–"]
    per = likelihood.count_among(row["probability"], row["base_rate"])
    place = _("{place} ({lower} to {upper})").format(
        place=number(row["rank"]), lower=number(row["rank_lower"]), upper=number(row["rank_upper"])
    )
    interval = likelihood.between_text(row["lower"], row["upper"], per)
    return [likelihood.frequency_text(row["probability"], per), interval, place]


def _change_section(rows: pd.DataFrame) -> Section:
    """Whose index changed most since the year before, and what that did to the forecast."""
    year = common.newest_year()
    changed = rows.assign(change=rows[PARTS[0].code] - rows["index_before"])
    moved = changed[changed["change"].abs() >= 0.05]
    order = moved["change"].abs().sort_values(ascending=False, kind="stable").index[:CHANGED]
    title = _("Who changed from {before} to {year}").format(before=year - 1, year=year)
    if moved.empty:
        return Section(title, [Paragraph(_("No index changed by a tenth of a point or more."))])
    text = ngettext(
        "The index of {count} State changed; below, those with the largest change.",
        "The index of {count} States changed; below, those with the largest change.",
        len(moved),
    ).format(count=number(len(moved)))
    head = [_("State"), _("Index {year}").format(year=year - 1), _("Index {year}").format(year=year), _("Change")]
    if reading.has_forecasts():
        head += [_("Likelihood with the inputs of the year before"), _("Likelihood")]
    lines = [_changed(row) for row in _records(moved.loc[order])]
    return Section(title, [Paragraph(text), Table("", head, lines, CHANGE_WIDTHS[: len(head)])])


def _changed(row: dict) -> list[str]:
    line = [row["country"], common.score(row["index_before"]), common.score(row[PARTS[0].code])]
    line.append(common.change(row["change"]))
    if not reading.has_forecasts():
        return line
    shares = [row["probability_before"], row["probability"]]
    per = likelihood.count_among(*shares, row["base_rate"])
    return [*line, *(likelihood.frequency_text(share, per) for share in shares)]


def _parts_section(rows: pd.DataFrame) -> Section:
    """Structural against dynamic part of every State."""
    titles = (_(PARTS[1].title), _(PARTS[2].title))
    named = {*rows.nlargest(8, PARTS[0].code)["iso3"], *rows.nlargest(4, "structural")["iso3"]}
    told = _("Each State as a dot: structural part across, dynamic part up. The table above has every number.")
    title = _("Structural against dynamic part, {year}; named are those with the highest index or structural part")
    figure = drawings.draw_parts(rows, titles, named, title.format(year=common.newest_year()), told)
    text = _(
        "Below the dashed line the structural part is higher, which speaks for upstream prevention over years; above "
        "it the dynamic part is higher, which speaks for early response within months. The codes: {codes}."
    )
    codes = strung(f"{row.iso3} {row.country}" for row in rows[rows["iso3"].isin(named)].itertuples())
    blocks: list[Block] = [figure, Paragraph(text.format(codes=codes), SMALL)]
    return Section(_("Upstream prevention or early response"), blocks)


def _prevention_section(rows: pd.DataFrame, *, region: bool) -> Section:
    """Where structural prevention has most to gain, as on the page My list: see `prevention.py`."""
    codes = tuple(rows["iso3"])
    states = prevention.order(codes)
    calm, unknown = states[states["listed"]], states[states["in_crisis"].isna()]
    unscored = states[states["in_crisis"].eq(False) & states["structural"].isna()]
    blocks: list[Block] = [Paragraph(prevention.reasoning(codes))]
    if not calm.empty:
        blocks.append(_prevention_table(calm.head(PREVENTION)))
    if len(calm) > PREVENTION:
        blocks.append(Paragraph(_("The table has the first {count}.").format(count=number(PREVENTION)), SMALL))
    if not unknown.empty:
        said = _("Not listed, since one of these signs is not known of them: {names}.")
        blocks.append(Paragraph(said.format(names=strung(unknown["country"])), SMALL))
    if not unscored.empty:
        said = _("Not listed, since too little is known for a structural part: {names}.")
        blocks.append(Paragraph(said.format(names=strung(unscored["country"])), SMALL))
    if not region:
        blocks.append(Paragraph(_(prevention.WHOLE), SMALL))
    return Section(_(prevention.TITLE), [*blocks, Paragraph(" ".join(prevention.cautions()), SMALL)])


def _prevention_table(calm: pd.DataFrame) -> Table:
    structural = prevention.factors_of("structural")
    lines = []
    for _code, row in calm.iterrows():
        parts = (common.score(row[part]) for part in ("structural", "dynamic"))
        lines.append([row["country"], *parts, prevention.highest(row, structural)])
    head = [_("State"), _("Structural part"), _("Dynamic part"), _("Its two highest structural factors (score)")]
    return Table("", head, lines, [0.16, 0.11, 0.11, 0.62])


def _unknown_section(rows: pd.DataFrame) -> Section:
    """What is not known of these States."""
    texts = [common.not_measured_text()]
    absent = rows[rows[PARTS[0].code].isna()]
    if not absent.empty:
        texts.append(_("**No index**, too little is known: {names}.").format(names=strung(absent["country"])))
    if reading.has_forecasts():
        unknown = rows[rows["probability"].isna()]
        if not unknown.empty:
            texts.append(_("**No forecast** of an onset: {names}.").format(names=strung(unknown["country"])))
    known = rows.dropna(subset=[PARTS[0].code])
    if not known.empty:
        least = known.nsmallest(1, "coverage").iloc[0]
        text = _("**Coverage** of the index is lowest in {country}: {told}.")
        told = tables.age_text(least["coverage"], least["data_age"])
        texts.append(text.format(country=least["country"], told=told))
    texts.append(_(common.UNDERCOUNT))
    notes = [common.named(row.country, ltr(row.note)) for row in rows.itertuples() if row.note]
    if notes:
        texts.append(_("**What is in which row.** {notes}").format(notes=" ".join(notes)))
    return Section(_("What we do not know"), [Items(texts, SMALL)])
