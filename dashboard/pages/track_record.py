"""Track record: how good the forecasts would have been at earlier origins, by name and by number."""

import streamlit as st

from dashboard import charts, figures, likelihood, months, reading, record, store, visit
from dashboard.language import _
from dashboard.measures import outcome_definition, outcome_title

visit.heading(_("Track record"))
view = visit.open_view("track_record")
options = store.choices()
if not reading.has_forecasts():
    st.info(likelihood.NO_FORECASTS)
    st.stop()

left, middle, right = st.columns([2, 1, 2])
outcome = left.selectbox(
    "What may come",
    options.outcome,
    format_func=lambda code: outcome_title(code),
    key="outcome",
    on_change=visit.keep_choice,
    args=("track_record", "outcome"),
)
window = middle.selectbox(
    "Window",
    options.window,
    format_func=record.window_name,
    key="window",
    on_change=visit.keep_choice,
    args=("track_record", "window"),
)
design = right.selectbox("What was known", options.design, format_func=record.DESIGNS.__getitem__, key="design")
top = st.radio("Length of the yearly list", options.top, format_func=lambda n: f"top {n}", key="top", horizontal=True)
view = visit.keep_view("track_record", view, outcome=outcome, window=window, design=design, top=top)
task = (view.outcome, view.design, view.window)

skill, counts = reading.skill_of(*task), store.yearly_counts(*task, view.top)
st.markdown(record.headline(skill, counts, view.outcome, view.window, view.top))
st.caption(
    f"{outcome_definition(view.outcome)} Not a prediction, and no outcome ranks above another. At each year's end the "
    "model is made anew from what was known then, with the delay at which each source comes out, but from today's "
    "editions of the sources. With a window of two years, an event is in the windows of two years."
)

st.subheader("Scores, beside simpler forecasts")
st.markdown(record.not_distinguishable(skill))
st.table(record.describe_skill(skill))
st.caption(
    "In brackets the 95 % interval, from resampling States. “Less …” is the difference to a simpler forecast on the "
    "same rows: better or worse only where the interval leaves zero out."
)

st.subheader("Forecasts against events")
st.plotly_chart(
    charts.draw_sums(counts),
    config=figures.CONFIG,
    key="sums",
    alt="Sum of the forecasts and number of events by year; the list of years below has the numbers.",
)
st.table(record.describe_periods(skill))

st.subheader("Does it come as often as said?")
bins = reading.reliability_of(*task)
st.plotly_chart(
    charts.draw_reliability(bins),
    config=figures.CONFIG,
    key="reliability",
    alt="Share of forecasts with the event, by what was forecast, on logarithmic axes; the table has the numbers.",
)
st.caption(
    "A point on the dashed line came as often as forecast; below it, less often. Each point is a tenth "
    "of the forecasts, from the least to the most likely."
)
with st.expander("These groups as a table", key="reliability_table", on_change="rerun") as opened:
    if opened.open:
        st.table(record.describe_reliability(bins))

st.subheader("Hits and misses by name")
st.markdown(record.alarms_text(counts, view.top))
st.dataframe(store.hits_by_name(*task, view.top), hide_index=True, alt="Each event, the place given and hit or missed")
st.markdown("**Year by year**")
st.dataframe(record.describe_years(counts, view.top), hide_index=True, alt="Hits, misses and false alarms by year")

st.subheader(f"Beside the {record.PEER}")
if record.has_peer(*task):
    st.table(record.compare_with_peer(skill))
    st.caption(record.PEER_SOURCE)
else:
    st.caption(
        f"The {record.PEER} has published a test of one task: the onset of mass killing within two years, aligned. "
        "Choose these above to see both side by side."
    )

st.subheader("How well the intervals held")
checks = reading.interval_checks_of(*task)
if checks.empty:
    st.caption("The intervals were checked for the operational design only.")
else:
    st.markdown(record.intervals_text(checks))
    st.table(record.describe_intervals(checks))

st.subheader("What the newest months add")
if not reading.has_nowcast():
    st.caption(months.NO_TABLE)
elif view.design != reading.ISSUED:
    st.caption("What the newest months add was tried for the operational design only.")
else:
    nowcast = reading.nowcast_of(view.outcome, view.window)
    st.markdown(months.headline(nowcast, reading.table("catalogue")))
    st.table(months.describe(nowcast))
    st.caption(months.ABOUT)

st.subheader("Forecasts published so far")
st.markdown(store.ledger_text())
st.caption("A backtest can flatter; the ledger cannot: it has each forecast as published, and no line ever changes.")
