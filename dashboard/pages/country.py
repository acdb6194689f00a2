"""Country: all that one briefs from: how likely, the index, why, what changed, the events, and how old the data are."""

import pandas as pd
import streamlit as st

from dashboard import (
    beside,
    charts,
    commitments,
    figures,
    headline,
    language,
    likelihood,
    peers,
    portrait,
    reading,
    reasons,
    store,
    tables,
    visit,
    watch,
)
from dashboard.country import explain_absence, years_of
from dashboard.language import N_, _
from dashboard.measures import AFTER_UN, COUNTED_FROM, PARTS, factor_code, outcome_definition, outcome_title
from models.outcomes import OUTCOMES

CHANCE = "probability"
CONTENTS = {  # anchor -> what its link on top of the page says
    "numbers": N_("Key numbers"),
    "likely": N_("How likely"),
    "why": N_("Why"),
    "changed": N_("What changed"),
    "watch": N_("Watch"),
    "years": N_("Since 1970"),
    "commitments": N_("Commitments"),
    "others": N_("Other systems"),
    "factors": N_("Risk factors"),
    "ages": N_("Data ages"),
}

visit.heading(_("Country"))
view = visit.open_view("country")
options, names, measures = store.choices(), store.names(), store.measures()

left, middle, right = st.columns([2, 2, 3])
country = left.selectbox(_("Country (type to search)"), options.country, format_func=names.__getitem__, key="country")
if reading.has_forecasts():
    middle.selectbox(
        _("Outcome"),
        list(OUTCOMES),
        format_func=outcome_title,
        key="outcome",
        on_change=visit.keep_choice,
        args=("country", "outcome"),
    )
year = right.slider(_("Year"), options.year[0], options.year[-1], key="year")
view = visit.keep_view("country", view, country=country, year=year)

years = store.history(view.country)
existed = years_of(years)
exists = view.year in existed
name = years.at[view.year, "country"] if exists else names[view.country]
newest = reading.has_forecasts() and view.year == reading.newest_origin()
forecasts = reading.forecasts_of(view.country, view.window) if newest else pd.DataFrame(columns=["outcome", CHANCE])
known = forecasts[forecasts[CHANCE].notna()].set_index("outcome")


def show_actions() -> None:
    """The reader's own list, and the way to the page that compares."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Remove from my list") if view.country in view.mine else _("Add to my list"),
            key="change_list",
            on_click=visit.change_list,
            args=("country", view.country),
        )
        visit.link_compare(view)
        visit.link("briefings", _("Briefing to print →"), brief="")


def show_absence() -> None:
    """Why there is nothing to show of the year, and the row that held the land then."""
    st.info(explain_absence(name, years, view.year))
    if holder := store.holder_of(view.country, view.year):
        st.button(
            _("Its land was in the row of {country} (row {code}) in {year}: open it").format(
                country=holder[1], code=holder[0], year=view.year
            ),
            on_click=visit.pick_country,
            args=("country", holder[0]),
        )


def show_headline() -> None:
    """What one says first; then where the rest stands on the page."""
    with st.container(border=True):
        for sentence in portrait.headline_of(view.country, view.year, view.outcome, view.window):
            st.markdown(sentence)
    st.markdown(" · ".join(f"[{_(title)}](#{anchor})" for anchor, title in CONTENTS.items()))


def show_numbers() -> None:
    """The index and its two parts, with the place of each and what each is for."""
    st.subheader(_("Key numbers"), anchor="numbers")
    row = years.loc[view.year]
    for column, part in zip(st.columns(len(PARTS)), PARTS, strict=True):
        rises = tables.change_of(years, view.year, part.code) > 0
        with column:
            st.metric(
                measures[part.code].title,
                tables.score_text(row[part.code]),
                tables.change_text(years, view.year, part.code),
                # Streamlit goes by the text's first sign, which in Arabic is an invisible mark.
                "red" if rises else "green",
                delta_arrow="up" if rises else "down",
            )
            st.caption(tables.data_text(row, part))
            if part is PARTS[0]:
                place = store.place_text(view.country, view.year)
            else:
                place = portrait.place_text(view.country, view.year, part.code)
            if place:
                st.caption(f"{place[:1].upper()}{place[1:]}")
            if part.code in headline.MEANING:
                st.caption(_(headline.MEANING[part.code]))


def show_outlook() -> None:
    """How likely each outcome is, or would have been called at the end of an earlier year."""
    st.subheader(_("How likely"), anchor="likely")
    if not reading.has_forecasts():
        st.caption(_(likelihood.NO_FORECASTS))
        return
    window = visit.choose_window("country", view.year)
    when = likelihood.when_text(view.year, window, newest=newest)
    if newest:
        st.markdown(_("{when}:").format(when=when[:1].upper() + when[1:]))
        st.table(reasons.outcomes_now(forecasts))
        st.caption(
            _(
                "Of so many States like this, so many see it. Not a prediction, and no outcome ranks above another. "
                "The base rate is what all States together saw in the ten newest windows that are known."
            )
        )
        return
    st.markdown(_("{when}.").format(when=when[:1].upper() + when[1:]))
    st.table(store.outcomes_then(view.country, view.year, window))
    first = min(reading.origins(outcome, window)[0] for outcome in OUTCOMES)
    st.caption(
        _(
            "Forecasts begin at the end of {year}; of earlier years too few are known to learn from. These use today's "
            "editions of the sources, with the delay at which they come out."
        ).format(year=first)
    )


def show_why() -> None:
    """Why one of the release's own forecasts is what it is."""
    st.subheader(_("Why"), anchor="why")
    if not newest:
        if reading.has_forecasts():
            st.caption(
                _("Reasons are told of the release's own forecasts: choose {year} to see them.").format(
                    year=reading.newest_origin()
                )
            )
        else:
            st.caption(_("Without forecasts there are no reasons to show; the scores of the factors stand below."))
        return
    st.markdown(f"**{outcome_title(view.outcome)}**: {outcome_definition(view.outcome)}")
    if view.outcome not in known.index:
        st.caption(_("There are no reasons to show: too little is known of this State for a forecast."))
        return
    show_contributions(view.outcome)
    cases = reading.cases_of(view.country, view.outcome, view.window)
    st.markdown(_("**The nearest past cases**"))
    st.markdown(reasons.cases_text(cases))
    st.table(reasons.describe_cases(cases, store.names_by_year(), view.window))
    show_comparison(view.outcome)


def show_contributions(outcome: str) -> None:
    """What each factor and indicator adds to the forecast."""
    lines = reading.explanations_of(view.country, outcome, view.window)
    factors = reading.table("factors")
    sums = reasons.by_factor(lines, factors)
    st.markdown(_("**What raises and what lowers it**"))
    st.plotly_chart(
        charts.draw_contributions(sums),
        config=figures.CONFIG,
        key="contributions",
        alt=_("What each factor adds to the log-odds: {outcome}. The table below has the numbers.").format(
            outcome=outcome_title(outcome)
        ),
    )
    told = (reasons.strongest_text(sums), reasons.sum_text(lines, known.loc[outcome]), reasons.level_text(lines))
    st.caption(" ".join(told))
    with st.expander(_("These contributions as a table, by factor"), key="factors_table", on_change="rerun") as opened:
        if opened.open:
            st.table(reasons.describe_factors(sums))
    with st.expander(_("The indicators within each factor"), key="indicators_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(reasons.describe_indicators(lines, reading.table("catalogue"), factors), hide_index=True)


def show_comparison(outcome: str) -> None:
    """Whether this State's likelihood is above another's."""
    others = ["", *(code for code in options.country if code != view.country)]
    if st.session_state["against"] not in others:
        # a link, or a change of country, can ask for the State itself
        st.session_state["against"] = ""
        visit.keep_choice("country", "against")
    against = st.selectbox(
        _("Is {country} above another State? Compare with").format(country=name),
        others,
        format_func=lambda code: names.get(code, _("(choose a State)")),
        key="against",
        on_change=visit.keep_choice,
        args=("country", "against"),
    )
    if against:
        st.markdown(store.above_text(view.country, against, outcome, view.window))


def show_changes() -> None:
    """What changed since the year before: the forecast by factor, the scores, the indicators."""
    st.subheader(
        _("What changed from {before} to {year}").format(before=view.year - 1, year=view.year), anchor="changed"
    )
    if newest and view.outcome in known.index:
        show_changed_forecast()
    if view.year == existed[0]:
        st.caption(_("{year} is the first year of this row.").format(year=view.year))
        return
    scores, indicators = store.changes(view.country, view.year)
    for label, table in (
        (_("**Scores**, largest change first; 0 to 100, a higher score is riskier"), scores),
        (_("**Indicators**, largest change first; 0 to 100, a higher score is riskier"), indicators),
    ):
        st.markdown(label)
        if table.empty:
            st.caption(_("None changed."))
        else:
            st.dataframe(table, hide_index=True, height=min(36 * (len(table) + 1), 320))


def show_changed_forecast() -> None:
    """The forecast beside that with the inputs of the year before."""
    lines = reading.explanations_of(view.country, view.outcome, view.window)
    title = _("**What changed since the year before: {outcome}**").format(outcome=outcome_title(view.outcome))
    st.markdown(f"{title}  \n{reasons.before_text(known.loc[view.outcome])}")
    changed = reasons.describe_changes(reasons.by_factor(lines, reading.table("factors")))
    if changed.empty:
        st.caption(_("No factor changed its contribution."))
    else:
        st.table(changed)


def show_watch() -> None:
    """Early signs of the newest month of the year shown."""
    if not reading.has_watch():
        st.subheader(_("Watch"), anchor="watch")
        st.caption(_(watch.NO_TABLE))
        return
    of_year = [month for month in reading.watch_months() if month.startswith(f"{view.year}-")]
    if of_year:
        st.subheader(_("Watch: to {month}").format(month=language.month(of_year[-1])), anchor="watch")
        st.markdown(store.watch_text(view.country, of_year[-1]))
    else:
        st.subheader(_("Watch"), anchor="watch")
        first, last = (language.month(month) for month in (reading.watch_months()[0], reading.watch_months()[-1]))
        st.caption(_("Early signs by month are known from {first} to {last}.").format(first=first, last=last))
    visit.link("watch", _("All States, and as it looked in any month →"))


def show_years() -> None:
    """Index, parts and factors over the years, with what happened."""
    st.subheader(_("Since 1970"), anchor="years")
    st.plotly_chart(
        portrait.history_figure(view.country, view.year),
        config=figures.CONFIG,
        key="history",
        alt=_("Risk index and its parts for {country} by year; the table below has the numbers.").format(country=name),
    )
    st.caption(portrait.history_text(view.country))
    st.caption(
        _(
            "A gap is a year without a score: too little is known, or there was no such State. "
            "Before {year} less is measured: compare years on one side of that line."
        ).format(year=COUNTED_FROM)
    )
    st.plotly_chart(
        portrait.factors_figure(view.country),
        config=figures.CONFIG,
        key="factors",
        alt=_("Score of each measured risk factor for {country} by year.").format(country=name),
    )
    st.caption(portrait.factors_text(view.country, view.year))
    with st.expander(_("These scores as a table"), key="scores_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(tables.history(years.loc[existed], measures), hide_index=True)
    show_events()


def show_events() -> None:
    """What the marks under both charts are, from where, and of which years they are known."""
    st.markdown(_("**What is marked under the charts**"))
    st.caption(
        _(
            "A thin line spans the years of which it is known whether there was one; where it stops, it is not known. "
            "A mark says that it was in the year; it says neither why nor what followed."
        )
    )
    st.caption("\n".join(f"* {note}" for note in portrait.events_notes(view.country)))
    with st.expander(_("These events as a table"), key="events_table", on_change="rerun") as opened:
        if opened.open:
            table = portrait.events_table(view.country)
            if table.empty:
                st.caption(_("None is known of."))
            else:
                st.table(table)


def show_commitments() -> None:
    """What binds the State in law."""
    st.subheader(_("Commitments"), anchor="commitments")
    if not reading.has_commitments():
        st.caption(_(commitments.NO_TABLE))
        return
    day = min(commitments.last_day(view.year, 12), reading.opened().as_of.isoformat())
    text = _("What bound {country} in law on {day}, as far as it is on file.")
    st.caption(f"{text.format(country=name, day=language.day(day))} {_(commitments.ABOUT)}")
    st.table(store.commitments_of(view.country, day))
    st.markdown(commitments.position_text(commitments.read_convention(), view.country))
    visit.link("commitments", _("All States and treaties →"))


def show_others() -> None:
    """What other systems say beside us."""
    st.subheader(_("What other systems say"), anchor="others")
    if not reading.has_peers():
        st.caption(_(peers.NO_TABLE))
        return
    if view.year != options.year[-1]:
        text = _("Other systems' newest editions stand beside our newest year: choose {year} to see them.")
        st.caption(text.format(year=options.year[-1]))
        return
    table, told = beside.views_of(view.country, names[view.country])
    st.table(table)
    for text in told:
        st.markdown(text)
    st.caption(_(peers.ABOUT))
    visit.link("method", _("How well other systems and we agree over all States →"))


def show_factors() -> None:
    """Each of the fourteen factors, measured or not, with what it is made of."""
    st.subheader(_("The fourteen risk factors in {year}").format(year=view.year), anchor="factors")
    st.caption(
        _("Names {after}. Open a factor to see its indicators, their values, dates and sources.").format(
            after=_(AFTER_UN)
        )
    )
    row = years.loc[view.year]
    for factor in reading.table("factors").sort_values("factor").itertuples():
        code = factor_code(factor.factor)
        if not factor.measured:
            unmeasured = _("{factor}: **not measured**").format(factor=f"{factor.factor}. {_(factor.name)}")
            with st.expander(unmeasured):
                st.markdown(_(factor.note))
            continue
        measure = measures[code]
        label = f"{measure.title}: **{tables.score_text(row[code])}**"
        with st.expander(label, key=f"open_{code}", on_change="rerun") as opened:
            if opened.open:
                kind = _("Structural factor; {data}.") if factor.part == "structural" else _("Dynamic factor; {data}.")
                st.caption(kind.format(data=tables.data_text(row, measure)))
                st.table(store.parts_of_factor(view.country, view.year, factor.factor))


def show_ages() -> None:
    """How old the data are, by factor."""
    st.subheader(_("Data ages"), anchor="ages")
    told, table = portrait.data_ages(view.country, view.year)
    st.caption(told)
    st.table(table)


st.header(_("{country}, {year}").format(country=name, year=view.year), anchor=False)
show_actions()
if note := store.notes()[view.country]:
    st.info(note)
if exists:
    show_headline()
    show_numbers()
    show_outlook()
    show_why()
    show_changes()
    show_watch()
    show_years()
    show_commitments()
    show_others()
    show_factors()
    show_ages()
else:
    show_absence()
    show_watch()
    show_years()
