"""Track record: how good the forecasts would have been at earlier origins, by name and by number."""

import streamlit as st

from dashboard import charts, figures, likelihood, months, reading, record, store, visit
from dashboard.language import _
from dashboard.measures import outcome_definition, outcome_title

visit.heading(_("Track record"))
view = visit.open_view("track_record")
options = store.choices()
if not reading.has_forecasts():
    st.info(_(likelihood.NO_FORECASTS))
    st.stop()

left, middle, right = st.columns([2, 1, 2])
outcome = left.selectbox(
    _("What may come"),
    options.outcome,
    format_func=outcome_title,
    key="outcome",
    on_change=visit.keep_choice,
    args=("track_record", "outcome"),
)
window = middle.selectbox(
    _("Window"),
    options.window,
    format_func=record.window_name,
    key="window",
    on_change=visit.keep_choice,
    args=("track_record", "window"),
)
design = right.selectbox(_("What was known"), options.design, format_func=record.design_title, key="design")
top = st.radio(
    _("Length of the yearly list"),
    options.top,
    format_func=lambda n: _("top {places}").format(places=n),
    key="top",
    horizontal=True,
)
view = visit.keep_view("track_record", view, outcome=outcome, window=window, design=design, top=top)
task = (view.outcome, view.design, view.window)

skill, counts = reading.skill_of(*task), store.yearly_counts(*task, view.top)
st.markdown(record.headline(skill, counts, view.outcome, view.window, view.top))
about = _(
    "Not a prediction, and no outcome ranks above another. At each year's end the model is made anew from what was "
    "known then, with the delay at which each source comes out, but from today's editions of the sources. With a "
    "window of two years, an event is in the windows of two years."
)
st.caption(f"{outcome_definition(view.outcome)} {about}")

st.subheader(_("Scores, beside simpler forecasts"))
st.markdown(record.not_distinguishable(skill))
st.table(record.describe_skill(skill))
st.caption(
    _(
        "In brackets the 95 % interval, from resampling States. “Less …” is the difference to a simpler forecast on "
        "the same rows: better or worse only where the interval leaves zero out."
    )
)

st.subheader(_("Forecasts against events"))
st.plotly_chart(
    charts.draw_sums(counts),
    config=figures.CONFIG,
    key="sums",
    alt=_("Sum of the forecasts and number of events by year; the list of years below has the numbers."),
)
st.markdown(record.sums_text(counts))
st.table(record.describe_periods(skill))

st.subheader(_("Does it come as often as said?"))
bins = reading.reliability_of(*task)
st.plotly_chart(
    charts.draw_reliability(bins),
    config=figures.CONFIG,
    key="reliability",
    alt=_("Share of forecasts with the event, by what was forecast, on logarithmic axes; the table has the numbers."),
)
st.markdown(record.reliability_text(bins))
st.caption(
    _(
        "A point on the dashed line came as often as forecast; below it, less often. Each point is a tenth of the "
        "forecasts, from the least to the most likely."
    )
)
with st.expander(_("These groups as a table"), key="reliability_table", on_change="rerun") as opened:
    if opened.open:
        st.table(record.describe_reliability(bins))

st.subheader(_("Hits and misses by name"))
st.markdown(record.alarms_text(counts, view.top))
st.dataframe(
    store.hits_by_name(*task, view.top), hide_index=True, alt=_("Each event, the place given and hit or missed")
)
st.markdown(_("**Year by year**"))
st.dataframe(record.describe_years(counts, view.top), hide_index=True, alt=_("Hits, misses and false alarms by year"))

st.subheader(_("Beside the Early Warning Project"))
if record.has_peer(*task):
    st.table(record.compare_with_peer(skill))
    st.caption(_(record.PEER_SOURCE))
else:
    st.caption(
        _(
            "The Early Warning Project has published a test of one task: the onset of mass killing within two years, "
            "aligned. Choose these above to see both side by side."
        )
    )

st.subheader(_("How well the intervals held"))
checks = reading.interval_checks_of(*task)
if checks.empty:
    st.caption(_("The intervals were checked for the operational design only."))
else:
    st.markdown(record.intervals_text(checks))
    st.table(record.describe_intervals(checks))

st.subheader(_("What the newest months add"))
if not reading.has_nowcast():
    st.caption(_(months.NO_TABLE))
elif view.design != reading.ISSUED:
    st.caption(_("What the newest months add was tried for the operational design only."))
else:
    nowcast = reading.nowcast_of(view.outcome, view.window)
    st.markdown(months.headline(nowcast, reading.table("catalogue")))
    st.table(months.describe(nowcast))
    st.caption(_(months.ABOUT))

st.subheader(_("Forecasts published so far"))
st.markdown(store.ledger_text())
st.caption(_("A backtest can flatter; the ledger cannot: it has each forecast as published, and no line ever changes."))
