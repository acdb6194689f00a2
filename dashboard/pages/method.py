"""Method: the fourteen factors, what measures each, how much the choices matter, the reader's own weights, sources."""

import streamlit as st

from dashboard import atlas, beside, charts, figures, method, peers, reading, sensitivity, store, visit, weighing
from dashboard.language import _
from dashboard.map import draw_map
from dashboard.measures import AFTER_UN

visit.heading(_("Method"))
factors, catalogue, sources = reading.table("factors"), reading.table("catalogue"), reading.table("sources")


def show_sensitivity() -> None:
    """What moves the places of States most, and by how much."""
    st.subheader("How much the choices matter")
    if not reading.has_sensitivity():
        st.caption(sensitivity.NO_TABLE)
        return
    others, shares = reading.table("sensitivity_alternatives"), reading.table("sensitivity_shares")
    st.markdown(sensitivity.summary(reading.table("sensitivity"), others, shares))
    st.plotly_chart(
        charts.draw_shares(shares),
        config=figures.CONFIG,
        key="shares",
        alt="Share of each choice in the variance of places; the table below has the numbers.",
    )
    st.table(sensitivity.describe_shares(shares))
    st.caption(sensitivity.ABOUT)
    with st.expander("Each choice made otherwise", key="otherwise", on_change="rerun") as opened:
        if opened.open:
            titles = dict(zip(catalogue["indicator"], catalogue["title"], strict=True))
            titles |= {code: measure.title for code, measure in store.measures().items()}
            st.table(sensitivity.describe_alternatives(others, store.names(), titles))


def choose_weights() -> weighing.Weights:
    """Sliders for each measured factor and for the structural part."""
    asked, measures = visit.open_weights(), store.measures()
    columns = st.columns(3)
    chosen = [
        (code, columns[at % 3].slider(measures[code].title, 0.0, 3.0, step=0.5, format="%.1f", key=f"weight_{code}"))
        for at, (code, _) in enumerate(asked.factors)
    ]
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    share = left.slider("Structural part, per cent of the index", 0, 100, step=5, key="weight_structural")
    usual = weighing.Weights(tuple((code, weighing.USUAL) for code, _ in asked.factors), country=asked.country)
    right.button("As published", on_click=visit.set_weights, args=(usual,))
    return weighing.Weights(tuple(chosen), share, st.session_state.setdefault("weight_country", asked.country))


def pick(iso3: str) -> None:
    """Set the State to the place that was clicked."""
    st.session_state["weight_country"] = iso3


def show_weights() -> None:
    """The map of the newest year by the reader's own weights, and what they change."""
    st.subheader("Your weights")
    year, names = store.choices().year[-1], store.names()
    st.caption(weighing.about(year))
    chosen = choose_weights()
    plain = weighing.without_state(chosen)
    rows = atlas.weighed_rows(plain)
    if rows["score"].isna().all():
        visit.keep_weights(chosen)
        st.warning(weighing.NO_WEIGHT)
        return
    st.markdown(f"**{weighing.MEASURE.title}, {year}.** {weighing.summary(rows, plain, year)}")
    with st.container(key="weighed_frame", gap=None):
        draw_map(
            "weighed",
            atlas.weighed_film(plain),
            year=year,
            title=f"{weighing.MEASURE.title}, {year}",
            country=chosen.country,
            on_pick=pick,
        )
    states = ["", *sorted(rows["iso3"], key=names.__getitem__)]
    country = st.selectbox(
        "State (or click the map)", states, format_func=lambda code: names.get(code, "(none)"), key="weight_country"
    )
    visit.keep_weights(weighing.with_state(chosen, country))
    if country:
        st.markdown(weighing.picked(rows[rows["iso3"] == country], names[country], year))
    st.caption(" ".join(atlas.weighed_notes(plain)))
    moved = weighing.moved_most(rows)
    if not moved.empty:
        st.markdown(f"**The {len(moved)} whose place moves most by your weights**")
        st.table(moved)
    with st.expander("The same numbers by your weights as a table", key="weighed_twin", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(weighing.twin(rows, plain), hide_index=True, alt="The index by your weights, a row per State")
    st.download_button(
        "Download these numbers by your weights (CSV)",
        lambda: weighing.twin(rows, plain).to_csv(index=False),
        f"upstream-{reading.opened().id}-your-weights-{year}.csv",
        "text/csv",
        on_click="ignore",
    )


st.subheader("How a score is made")
st.markdown(method.how_scores_are_made(catalogue, factors))

st.subheader("The fourteen risk factors")
st.caption(f"Names {AFTER_UN}. Eight factors are common to all atrocity crimes; none ranks above another.")
for factor in factors.sort_values("factor").itertuples():
    with st.expander(method.factor_label(factor, catalogue), key=f"open_{factor.factor}", on_change="rerun") as opened:
        if opened.open and factor.measured:
            st.table(method.indicators_of(catalogue, factor.factor, sources))
        elif opened.open:
            st.markdown(factor.note)

show_sensitivity()
show_weights()

st.subheader("Sources")
st.table(method.describe_sources(sources))

st.subheader("Other systems")
if reading.has_peers():
    st.caption(peers.ABOUT)
    st.table(beside.agreement())
    for system in beside.systems().itertuples():
        label = f"{system.system}, {system.measure}: the {peers.LARGEST} largest differences"
        with st.expander(label, key=f"open_{system.system}_{system.measure}", on_change="rerun") as opened:
            if opened.open:
                st.table(peers.largest_differences(beside.compared(system.system, system.measure), store.names()))
else:
    st.caption(peers.NO_TABLE)

st.subheader("Rows of the sources that are in no row here")
st.caption("Nothing is lost unseen: each source's rows that match no State of the year, with the reason.")
st.dataframe(method.describe_left_out(reading.table("left_out"), sources), hide_index=True)

st.subheader("The map")
st.markdown(method.ABOUT_THE_MAP)
st.table(method.describe_disputed(store.disputed()))
