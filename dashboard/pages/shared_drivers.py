"""Shared drivers: which risk factors tell of which outcome, and how far a model of one serves for another."""

import streamlit as st

from dashboard import figures, reading, shared, shared_words, store, visit
from dashboard.language import _, ngettext, number
from dashboard.measures import outcome_title

PAGE = "shared_drivers"
visit.heading(_("Shared drivers"))
view = visit.keep_view(PAGE, visit.open_view(PAGE))
options = store.choices()


def show_factors() -> None:
    """Factors by outcomes, by the chosen measure, as a picture and as a table."""
    st.subheader(_("Which factors tell of which outcome"))
    measure = st.radio(
        _("What a factor tells"),
        options.drivers,
        format_func=lambda code: _(shared.MEASURES[code]),
        key="drivers",
        on_change=visit.keep_choice,
        args=(PAGE, "drivers"),
    )
    alt = _("Risk factors by outcomes, {measure}; the table below has the numbers with intervals.")
    st.plotly_chart(
        store.drivers_figure(measure),
        config=figures.CONFIG,
        key="factors",
        alt=alt.format(measure=_(shared.MEASURES[measure])),
    )
    st.caption(store.drivers_summary(measure))
    st.caption(shared_words.about_factors(measure))
    label = _("These numbers as a table, with intervals")
    with st.expander(label, key="factors_table", on_change="rerun") as opened:
        if opened.open:
            st.table(shared.describe_factors(reading.table("drivers"), measure, store.factor_titles()))


def show_indicators() -> None:
    """The indicators that tell most of one outcome."""
    st.subheader(_("Single indicators"))
    outcome = st.selectbox(
        _("Outcome"),
        options.outcome,
        format_func=lambda code: outcome_title(code),
        key="outcome",
        on_change=visit.keep_choice,
        args=(PAGE, "outcome"),
    )
    drivers, catalogue = reading.table("drivers"), reading.table("catalogue")
    count = shared.LISTED
    headings = {
        shared.ALONE: ngettext("**The {count} that tells most alone**", "**The {count} that tell most alone**", count),
        shared.ADDS: ngettext(
            "**The {count} that adds most to all others**", "**The {count} that add most to all others**", count
        ),
    }
    for measure, heading in headings.items():
        st.markdown(heading.format(count=number(count)))
        st.table(shared.strongest(drivers, catalogue, store.factor_titles(), outcome=outcome, measure=measure))
    st.caption(_(shared_words.ABOUT_INDICATORS))
    if text := shared_words.against_text(drivers, catalogue, outcome):
        st.caption(text)


def show_transfer() -> None:
    """Models of one outcome used for another, as a picture and as a table."""
    st.subheader(_("Models of one outcome, used for another"))
    st.plotly_chart(
        store.transfer_figure(),
        config=figures.CONFIG,
        key="transfer",
        alt=_("ROC AUC of each outcome's forecasts by models trained on each; the table below has the numbers."),
    )
    st.caption(shared.transfer_summary(reading.table("transfer")))
    st.caption(_(shared_words.ABOUT_TRANSFER))
    label = _("These pairs as a table, with intervals")
    with st.expander(label, key="transfer_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(shared.describe_transfer(reading.table("transfer")), hide_index=True)


if not reading.has_shared():
    st.info(_(shared.NO_TABLES))
    st.stop()

st.markdown(_(shared_words.QUESTION))
for heading, sentences in store.shared_words_of().items():
    st.subheader(_(heading))
    st.markdown("\n".join(f"* {sentence}" for sentence in sentences))
show_factors()
show_transfer()
show_indicators()

st.subheader(_("What it rests on"))
st.table(store.shared_rows())
st.caption(_(shared_words.ABOUT_ROWS))

st.subheader(_("The fields that work on these outcomes"))
st.markdown(_(shared_words.ABOUT_FIELDS))
st.table(shared.describe_fields(reading.table("factors")))
