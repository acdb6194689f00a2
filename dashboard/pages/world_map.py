"""World map: one measure in one year, or the likelihood of one outcome, and the same numbers as a table."""

import streamlit as st

from dashboard import figures, likelihood, reading, store, visit
from dashboard.language import _
from models.outcomes import OUTCOMES

visit.heading(_("World map"))
view = visit.open_view("map")
options = store.choices()
titles = store.titles()

left, right = st.columns([2, 1])
measure = left.selectbox("Show", options.measure, format_func=titles.__getitem__, key="measure")
region = right.selectbox("Region", options.region, key="region")
# a forecast has a window beside its year
across, beside = st.columns([2, 1]) if measure in OUTCOMES else (st.container(), st.container())
year = across.slider("Year", options.year[0], options.year[-1], key="year")
view = visit.keep_view("map", view, measure=measure, region=region, year=year)
window = 0  # years; a score has none
named = f"{titles[view.measure]} in {view.year}"
if view.measure in OUTCOMES:
    with beside:
        window = visit.choose_window("map", view.year)
    view = visit.keep_view("map", view, window=window, outcome=view.measure)
    named = f"{titles[view.measure]} {store.when(view.year, window)}"
elif not reading.has_forecasts():
    st.caption(likelihood.NO_FORECASTS)
shown = (view.measure, view.year, view.region, window)


def pick() -> None:
    """Set the country to the place that was clicked."""
    points = st.session_state["map"]["selection"]["points"]
    if points and (code := figures.clicked(points[0])):
        visit.pick_country("map", code)


if not store.has_rows(view.year, view.region):
    st.warning(f"No State of the region {view.region} had a row in {view.year}: choose another year or region.")
if window and (why := store.no_forecast(view.measure, view.year, window)):
    st.warning(f"{why} Choose a later year, or a score.")
    st.stop()
with st.container(key="map_frame"):
    st.plotly_chart(
        store.map_figure(*shown),
        on_select=pick,
        selection_mode="points",
        config=figures.CONFIG,
        height="stretch",
        key="map",
        alt=f"World map. {named}. The table below has the same numbers.",
    )
with st.container(border=True, horizontal=True, vertical_alignment="center"):
    st.markdown(store.picked_text(view.country, view.measure, view.year, window))
    st.page_link("dashboard/pages/country.py", label=f"Open {store.names()[view.country]} →")
st.caption(" ".join(store.map_notes(*shown)))

with st.expander("The same numbers as a table", key="twin", on_change="rerun") as twin:
    # Sent only when open: its grid would hold up the first drawing of the map by half a second.
    if twin.open:
        st.dataframe(store.twin(*shown), hide_index=True, alt="The map's numbers, one row per State")
years = f"-{window}-years" if window else ""
st.download_button(
    "Download these numbers (CSV)",
    lambda: store.twin(*shown).to_csv(index=False),
    f"upstream-{reading.opened().id}-{view.measure}-{view.year}{years}-{view.region.lower().replace(' ', '-')}.csv",
    "text/csv",
    on_click="ignore",
)
