"""Method: the fourteen factors, what measures each, the sources, and what is left out."""

import streamlit as st

from dashboard import beside, method, peers, reading, store
from dashboard.measures import AFTER_UN

store.heading("Method")
factors, catalogue, sources = reading.table("factors"), reading.table("catalogue"), reading.table("sources")

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
