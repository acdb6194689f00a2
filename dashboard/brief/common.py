"""What stands in every briefing: its frame, the track record, what is not known, sources, how to cite, caution."""

from collections.abc import Collection, Mapping

import pandas as pd

from dashboard import commitments, current, language, likelihood, method, reading, record, store
from dashboard.brief.model import BOXED, SMALL, Block, Brief, Items, Paragraph, Section, ltr, told
from dashboard.current import kept
from dashboard.language import N_, _, ngettext, number, strung
from dashboard.measures import NOT_A_PROBABILITY, PARTS

OUTCOME, WINDOW, TOP = "mass_killing", 2, 30  # the headline's outcome and window in years; length of the yearly list
NOT_WHAT_COMES = N_(
    "Not a prediction: of so many States like this, so many see it. A low likelihood, a low index or no flag is not "
    "the absence of risk, and a high one is not a verdict: most States on a list like this one see no such event in "
    "the window. No outcome ranks above another. Read these numbers together with people who know the place, and "
    "weigh what publishing or acting on them may do to people at risk."
)
UNDERCOUNT = N_(
    "**Undercount.** Deaths are those that somebody could report and trace to a source. Where access is closed they "
    "are missing, and a quiet line can be a silence."
)


def newest_year() -> int:
    """The newest year of the release, the one a briefing is about."""
    return int(reading.table("scores")["year"].max())


def frame(name: str, title: str, headline: str, sections: list[Section | None], *, day: str, pages: int) -> Brief:
    """A briefing around its sections."""
    opened = reading.opened()
    said = _("Briefing from release {id}, as known on {day}. For the year {year}.")
    subtitle = said.format(id=ltr(opened.id), day=language.day(opened.as_of), year=newest_year())
    foot = _("Upstream, early warning of mass atrocities. Release {id}.")
    return Brief(
        name=name,
        title=title,
        subtitle=f"{subtitle} {reading.due_text()}",
        headline=headline,
        sections=told(sections),
        foot=foot.format(id=ltr(opened.id)),
        page=_("page {number} of {count}"),
        language=current.language(),
        direction=language.direction(),
        day=day,
        pages=pages,
    )


def unknown_factors() -> list[str]:
    """The risk factors that nothing measures, by number and name."""
    factors = reading.table("factors").sort_values("factor")
    return [f"{row.factor}. {_(row.name)}" for row in factors[~factors["measured"]].itertuples()]


def not_measured_text() -> str:
    """Which risk factors are not in any score, in a sentence."""
    missing = unknown_factors()
    text = ngettext(
        "**Not measured** and in no score: risk factor {factors}.",
        "**Not measured** and in no score: risk factors {factors}.",
        len(missing),
    )
    return text.format(factors=strung(missing))


def record_section() -> Section | None:
    """How good such forecasts would have been."""
    if not reading.has_forecasts():
        return None
    counts = store.yearly_counts(OUTCOME, reading.ISSUED, WINDOW, TOP)
    said = record.headline(reading.skill_of(OUTCOME, reading.ISSUED, WINDOW), counts, OUTCOME, WINDOW, TOP)
    return Section(_("Track record"), [Paragraph(f"{said} {record.alarms_text(counts, TOP)}", SMALL)])


def sources_section() -> Section:
    """Producers with their licences, in English as published, and how to cite the release."""
    sources = reading.table("sources")
    named = sources.groupby("licence", sort=False)["producer"].agg(lambda given: "; ".join(dict.fromkeys(given)))
    opened = reading.opened()
    cited = method.citation(opened.package | {"version": ltr(opened.id)}, sources)
    blocks: list[Block] = [
        Paragraph(" ".join([_("Producers of the data, by licence."), language.in_english()]).rstrip(), SMALL),
        Items([ltr(f"**{licence}**: {producers}.") for licence, producers in named.items()], SMALL),
        Paragraph(
            _(
                "Every number is in the tables of release {id}; its table “sources” has each data set with edition, "
                "date, full citation and terms. Map: Natural Earth, public domain; boundaries imply no opinion on the "
                "status of any place."
            ).format(id=ltr(opened.id)),
            SMALL,
        ),
        Paragraph(_("**Cite as:** {citation}").format(citation=cited), SMALL),
    ]
    return Section(_("Sources, licences, citation"), blocks)


def caution_section() -> Section:
    """Words of caution, in a box."""
    return Section(_("Words of caution"), [Paragraph(f"{_(NOT_WHAT_COMES)} {_(NOT_A_PROBABILITY)}", BOXED)])


def prevention_items(then: dict[str, str]) -> list[str]:
    """The draft convention's articles on prevention, each with the treaties that hold a like duty and bind or not.

    `then`: status of one State by treaty, a key of `commitments.STATUS`.
    """
    convention = commitments.read_convention()
    lines = []
    for part in convention["like_duties"]:
        lines.append((part["draft"], part["treaty"], part["article"], then.get(part["treaty"], "")))
    items = []
    for draft in dict.fromkeys(line[0] for line in lines):
        held = strung(_held(*line[1:]) for line in lines if line[0] == draft)
        name = convention["articles"][str(draft)]
        text = _("Draft article {number}, {title}. A like duty stands in: {treaties}.")
        items.append(text.format(number=draft, title=_(name), treaties=held))
    return items


def _held(treaty: str, article: str, status: str) -> str:
    text = _("{treaty}, article {article} ({status})")
    said = _(commitments.STATUS[status]) if status else _("not recorded")
    return text.format(treaty=_(commitments.TREATIES[treaty]), article=ltr(article), status=said)


@kept(8)
def index_places() -> pd.DataFrame:
    """Each State's place by the index with its interval, by iso3; empty if the release does not say."""
    columns = ["iso3", "rank", "rank_lower", "rank_upper"]
    found = reading.sensitivity()
    rows = pd.DataFrame(columns=columns) if found is None else reading.of_year(found, newest_year())
    return rows[columns].set_index("iso3")


def place(iso3: str) -> str:
    """A State's place by the index with its interval: "4 (3 to 11)"; in words that there is none."""
    places = index_places()
    if iso3 not in places.index:
        return _("no place")
    known = places.loc[iso3]
    return _("{place} ({lower} to {upper})").format(
        place=number(known["rank"]), lower=number(known["rank_lower"]), upper=number(known["rank_upper"])
    )


@kept(8)
def rows_of_places() -> dict[str, str]:
    """The row that each place of the map shows in the newest year: its own, or that of the State whose land it is."""
    held = reading.of_year(reading.table("holders"), newest_year())
    holders = dict(zip(held["place"], held["iso3"], strict=True))
    places = store.places()
    pairs = zip(places["place"], places["holder"], strict=True)
    return {place: holders[holder] for place, holder in pairs if holder in holders}


def places_of(codes: Collection[str]) -> list[str]:
    """The places of the map that show these rows."""
    return [place for place, row in rows_of_places().items() if row in codes]


@kept(8)
def scores_by_place() -> dict[str, float]:
    """The newest index of each place of the map that shows a row, missing where it has no score."""
    rows = reading.of_year(reading.table("scores"), newest_year()).set_index("iso3")[PARTS[0].code]
    return {place: rows[row] for place, row in rows_of_places().items() if row in rows.index}


def window_title() -> str:
    """The headline's outcome and window: "Onset of mass killing, in 2027 and 2028"."""
    text = _("{outcome}, {when}")
    return text.format(outcome=store.outcome_title(OUTCOME), when=likelihood.window_text(newest_year(), WINDOW))


def likelihood_text(row: Mapping) -> str:
    """The headline's outcome in natural frequencies, with interval, base rate and place; `row` of `rows_of_year`."""
    if pd.isna(row["probability"]):
        return f"**{window_title()}.** {_(likelihood.TOO_LITTLE)}."
    per = likelihood.count_among(row["probability"], row["base_rate"])
    text = _(
        "**{what}: {frequency} States like this (95 % interval: {interval}).** Base rate, among all States: {base}. "
        "By this likelihood: {place}; 95 % interval: {places}."
    )
    return text.format(
        what=window_title(),
        frequency=likelihood.frequency_text(row["probability"], per),
        interval=likelihood.between_text(row["lower"], row["upper"], per),
        base=likelihood.frequency_text(row["base_rate"], per),
        place=likelihood.place_text(row),
        places=likelihood.places_text(row),
    )


def named(name: str, text: str) -> str:
    """A text under its name: "Rise: of 100 such flags"; French has a space before the colon."""
    return _("{name}: {text}").format(name=name, text=text)


def score(value: float) -> str:
    """A score with one decimal; a dash where there is none."""
    return "–" if pd.isna(value) else number(value, 1)


def change(points: float) -> str:
    """A change of a score with its sign, which stays before the number in Arabic as well."""
    return ltr(number(points, 1, sign=True))
