"""Country: one row's index, parts and factors, what changed in a year, and what each factor is made of."""

import pandas as pd
import streamlit as st

from dashboard import (
    beside,
    charts,
    commitments,
    figures,
    likelihood,
    peers,
    reading,
    reasons,
    store,
    tables,
    visit,
    watch,
)
from dashboard.country import explain_absence, years_of
from dashboard.language import _
from dashboard.measures import AFTER_UN, COUNTED_FROM, PARTS, factor_code, outcome_definition, outcome_title
from models.outcomes import OUTCOMES

visit.heading(_("Country"))
view = visit.open_view("country")
options, names, measures = store.choices(), store.names(), store.measures()

left, right = st.columns([1, 2])
country = left.selectbox("Country (type to search)", options.country, format_func=names.__getitem__, key="country")
year = right.slider("Year", options.year[0], options.year[-1], key="year")
view = visit.keep_view("country", view, country=country, year=year)

years = store.history(view.country)
existed = years_of(years)
exists = view.year in existed
name = years.at[view.year, "country"] if exists else names[view.country]
st.header(f"{name}, {view.year}")
if note := store.notes()[view.country]:
    st.info(note)
if not exists:
    st.info(explain_absence(name, years, view.year))
    if holder := store.holder_of(view.country, view.year):
        st.button(
            f"Its land was in the row of {holder[1]} (row {holder[0]}) in {view.year}: open it",
            on_click=visit.pick_country,
            args=("country", holder[0]),
        )


def show_outlook() -> None:
    """How likely each outcome is, or would have been called at the end of an earlier year."""
    st.subheader("How likely")
    if not reading.has_forecasts():
        st.caption(likelihood.NO_FORECASTS)
        return
    window = visit.choose_window("country", view.year)
    if view.year == reading.newest_origin():
        show_forecasts(window)
        return
    st.markdown(f"{likelihood.when_text(view.year, window, newest=False).capitalize()}.")
    st.table(store.outcomes_then(view.country, view.year, window))
    first = min(reading.origins(outcome, window)[0] for outcome in OUTCOMES)
    st.caption(
        f"Forecasts begin at the end of {first}; of earlier years too few are known to learn from. These use today's "
        "editions of the sources, with the delay at which they come out."
    )


def show_forecasts(window: int) -> None:
    """The release's own forecasts, and why one of them is what it is."""
    forecasts = reading.forecasts_of(view.country, window)
    st.markdown(f"{likelihood.window_text(view.year, window).capitalize()}:")
    st.table(reasons.outcomes_now(forecasts))
    st.caption(
        "Of so many States like this, so many see it. Not a prediction, and no outcome ranks above another. "
        "The base rate is what all States together saw in the ten newest windows that are known."
    )
    known = forecasts[forecasts["probability"].notna()].set_index("outcome")
    if known.empty:
        st.caption("There are no reasons to show: too little is known of this State for a forecast.")
        return
    outcome = st.selectbox(
        "Why",
        list(OUTCOMES),
        format_func=lambda code: outcome_title(code),
        key="outcome",
        on_change=visit.keep_choice,
        args=("country", "outcome"),
    )
    st.caption(outcome_definition(outcome))
    show_reasons(outcome, window, known.loc[outcome])
    show_comparison(outcome, window)


def show_reasons(outcome: str, window: int, forecast: pd.Series) -> None:
    """Contributions by factor and indicator, what changed, and the nearest past cases."""
    lines, factors = reading.explanations_of(view.country, outcome, window), reading.table("factors")
    sums = reasons.by_factor(lines, factors)
    st.markdown("**What raises and what lowers it**")
    st.plotly_chart(
        charts.draw_contributions(sums),
        config=figures.CONFIG,
        key="contributions",
        alt=f"What each factor adds to the log-odds: {outcome_title(outcome)}. The table below has the numbers.",
    )
    st.caption(f"{reasons.sum_text(lines, forecast)} {reasons.level_text(lines)}")
    with st.expander("These contributions as a table, by factor", key="factors_table", on_change="rerun") as opened:
        if opened.open:
            st.table(reasons.describe_factors(sums))
    with st.expander("The indicators within each factor", key="indicators_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(reasons.describe_indicators(lines, reading.table("catalogue"), factors), hide_index=True)
    st.markdown(f"**What changed since the year before**  \n{reasons.before_text(forecast)}")
    changed = reasons.describe_changes(sums)
    if changed.empty:
        st.caption("No factor changed its contribution.")
    else:
        st.table(changed)
    cases = reading.cases_of(view.country, outcome, window)
    st.markdown(f"**The nearest past cases**  \n{reasons.cases_text(cases)}")
    st.table(reasons.describe_cases(cases, store.names_by_year(), window))


def show_comparison(outcome: str, window: int) -> None:
    """Whether this State's likelihood is above another's."""
    others = ["", *(code for code in options.country if code != view.country)]
    if st.session_state["against"] not in others:
        # a link, or a change of country, can ask for the State itself
        st.session_state["against"] = ""
        visit.keep_choice("country", "against")
    against = st.selectbox(
        f"Is {name} above another State? Compare with",
        others,
        format_func=lambda code: names.get(code, "(choose a State)"),
        key="against",
        on_change=visit.keep_choice,
        args=("country", "against"),
    )
    if against:
        st.markdown(store.above_text(view.country, against, outcome, window))


def show_watch() -> None:
    """Early signs of the newest month of the year shown."""
    if not reading.has_watch():
        st.subheader("Watch")
        st.caption(watch.NO_TABLE)
        return
    of_year = [month for month in reading.watch_months() if month.startswith(f"{view.year}-")]
    st.subheader(f"Watch: to {watch.month_text(of_year[-1])}" if of_year else "Watch")
    if of_year:
        st.markdown(store.watch_text(view.country, of_year[-1]))
    else:
        first, last = (watch.month_text(month) for month in (reading.watch_months()[0], reading.watch_months()[-1]))
        st.caption(f"Early signs by month are known from {first} to {last}.")
    st.page_link("dashboard/pages/watch.py", label="All States, and as it looked in any month →")


if exists:
    row = years.loc[view.year]
    for column, part in zip(st.columns(len(PARTS)), PARTS, strict=True):
        with column:
            st.metric(
                part.title,
                tables.score_text(row[part.code]),
                tables.change_text(years, view.year, part.code),
                "inverse",
            )
            st.caption(tables.data_text(row, part))
            if part is PARTS[0] and (place := store.place_text(view.country, view.year)):
                st.caption(place.capitalize())
    show_outlook()

show_watch()
st.subheader("Since 1970")
st.plotly_chart(
    figures.draw_history(years, view.year),
    config=figures.CONFIG,
    key="history",
    alt=f"Risk index and its parts for {name} by year; the table below has the numbers.",
)
st.caption(
    "A gap is a year without a score: too little is known, or there was no such State. "
    f"Before {COUNTED_FROM} less is measured: compare years on one side of that line."
)
st.plotly_chart(
    figures.draw_factors(years, measures),
    config=figures.CONFIG,
    key="factors",
    alt=f"Score of each measured risk factor for {name} by year.",
)
with st.expander("These scores as a table", key="scores_table", on_change="rerun") as opened:
    if opened.open:
        st.dataframe(tables.history(years.loc[existed], measures), hide_index=True)

if not exists:
    st.stop()

st.subheader("Commitments")
if reading.has_commitments():
    day = min(commitments.last_day(view.year, 12), reading.opened().as_of.isoformat())
    st.caption(f"What bound {name} in law on {commitments.day_text(day)}, as far as it is on file. {commitments.ABOUT}")
    st.table(commitments.of_state(reading.table("commitments"), view.country, day))
    st.markdown(commitments.position_text(commitments.read_convention(), view.country))
    st.page_link("dashboard/pages/commitments.py", label="All States and treaties →")
else:
    st.caption(commitments.NO_TABLE)

st.subheader("What other systems say")
if not reading.has_peers():
    st.caption(peers.NO_TABLE)
elif view.year != options.year[-1]:
    st.caption(f"Other systems' newest editions stand beside our newest year: choose {options.year[-1]} to see them.")
else:
    table, told = beside.views_of(view.country, names[view.country])
    st.table(table)
    for text in told:
        st.markdown(text)
    st.caption(peers.ABOUT)
    st.page_link("dashboard/pages/method.py", label="How well other systems and we agree over all States →")

st.subheader(f"What changed from {view.year - 1} to {view.year}")
if view.year == existed[0]:
    st.caption(f"{view.year} is the first year of this row.")
else:
    scores, indicators = store.changes(view.country, view.year)
    for label, table in (("Scores", scores), ("Indicators", indicators)):
        st.markdown(f"**{label}**, largest change first; 0 to 100, a higher score is riskier")
        if table.empty:
            st.caption("None changed.")
        else:
            st.dataframe(table, hide_index=True, height=min(36 * (len(table) + 1), 320))

st.subheader(f"The fourteen risk factors in {view.year}")
st.caption(f"Names {AFTER_UN}. Open a factor to see its indicators, their values, dates and sources.")
for factor in reading.table("factors").sort_values("factor").itertuples():
    code = factor_code(factor.factor)
    if not factor.measured:
        with st.expander(f"{factor.factor}. {factor.name}: **not measured**"):
            st.markdown(factor.note)
        continue
    measure = measures[code]
    label = f"{measure.title}: **{tables.score_text(row[code])}**"
    with st.expander(label, key=f"open_{code}", on_change="rerun") as opened:
        if opened.open:
            st.caption(f"{factor.part.capitalize()} factor; {tables.data_text(row, measure)}.")
            st.table(store.parts_of_factor(view.country, view.year, factor.factor))
