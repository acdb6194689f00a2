"""Country: one row's index, parts and factors, what changed in a year, and what each factor is made of."""

import streamlit as st

from dashboard import figures, store, tables
from dashboard.country import explain_absence, years_of
from dashboard.measures import AFTER_UN, COUNTED_FROM, PARTS, factor_code

store.heading("Country")
view = store.open_view("country")
options, names, measures = store.choices(), store.names(), store.measures()

left, right = st.columns([1, 2])
country = left.selectbox("Country (type to search)", options.country, format_func=names.__getitem__, key="country")
year = right.slider("Year", options.year[0], options.year[-1], key="year")
view = store.keep_view("country", view, country=country, year=year)

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
            on_click=store.pick_country,
            args=("country", holder[0]),
        )

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
for factor in store.table("factors").sort_values("factor").itertuples():
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
