"""Method: the fourteen factors, what measures each, how much the choices matter, the reader's own weights, sources."""

import pandas as pd
import streamlit as st

from dashboard import (
    atlas,
    beside,
    charts,
    current,
    exports,
    figures,
    language,
    method,
    peers,
    reading,
    sensitivity,
    store,
    visit,
    weighing,
)
from dashboard.language import _, ngettext, number
from dashboard.map import draw_map

PAGE = "method"
visit.heading(_("Method"))
view = visit.keep_view(PAGE, visit.open_view(PAGE))
factors, catalogue, sources = reading.table("factors"), reading.table("catalogue"), reading.table("sources")
options, names = store.choices(), store.names()


def say_what_is_in_english() -> None:
    """Say once of a table that its long texts are as published, where the page is in another language."""
    if text := language.in_english():
        st.caption(text)


def show_factors() -> None:
    """The fourteen factors, and what measures each."""
    st.subheader(_("The fourteen risk factors"))
    st.caption(
        _(
            "Names after the UN Framework of Analysis for Atrocity Crimes (2014). Eight factors are common to all "
            "atrocity crimes; none ranks above another."
        )
    )
    for factor in factors.sort_values("factor").itertuples():
        label = method.factor_label(factor, catalogue)
        with st.expander(label, key=f"open_{factor.factor}", on_change="rerun") as opened:
            if opened.open and factor.measured:
                st.table(method.indicators_of(catalogue, factor.factor, sources))
                say_what_is_in_english()
            elif opened.open:
                st.markdown(_(factor.note))


def show_sensitivity() -> None:
    """What moves the places of States most, and by how much."""
    st.subheader(_("How much the choices matter"))
    if not reading.has_sensitivity():
        st.caption(_(sensitivity.NO_TABLE))
        return
    others, shares = reading.table("sensitivity_alternatives"), reading.table("sensitivity_shares")
    st.markdown(sensitivity.summary(reading.table("sensitivity"), others, shares))
    st.plotly_chart(
        charts.draw_shares(shares),
        config=figures.CONFIG,
        key="shares",
        alt=_("Share of each choice in the variance of places; the table below has the numbers."),
    )
    st.caption(sensitivity.shares_text(shares))
    st.table(sensitivity.describe_shares(shares))
    st.caption(_(sensitivity.ABOUT))
    with st.expander(_("Each choice made otherwise"), key="otherwise", on_change="rerun") as opened:
        if opened.open:
            st.table(sensitivity.describe_alternatives(others, names, store.titles_of_parts()))


def choose_weights() -> weighing.Weights:
    """Sliders for each measured factor and for the structural part; they write the view."""
    weights, measures = visit.open_weights(view), store.measures()
    columns = st.columns(3)
    for at, code in enumerate(dict(weights.factors)):
        columns[at % 3].slider(
            measures[code].title,
            weighing.STEPS[0],
            weighing.STEPS[-1],
            step=weighing.STEPS[1],
            format="%.1f",
            key=visit.weight_key(code),
            on_change=visit.keep_weights,
            args=(PAGE,),
        )
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    left.slider(
        _("Structural part, per cent of the index"),
        weighing.SHARES[0],
        weighing.SHARES[-1],
        step=weighing.SHARES.step,
        key="structural",
        on_change=visit.keep_choice,
        args=(PAGE, "structural"),
    )
    right.button(_("As published"), on_click=visit.forget_weights, args=(PAGE,))
    return weights


def show_map(weights: weighing.Weights, year: int) -> None:
    """The map of the index by these weights."""
    with st.container(key="weighed_frame", gap=None):
        draw_map(
            "weighed",
            atlas.weighed_film(weights),
            year=year,
            title=_("{measure} in {year}").format(measure=weighing.measure().title, year=year),
            country=view.country,
            on_pick=lambda iso3: visit.pick_country(PAGE, iso3),
        )


def pick_state(rows: pd.DataFrame, year: int) -> None:
    """One State's index by the weights: that of the view, which can be chosen here as well."""
    st.session_state["country"] = view.country  # the control is not there while nothing has a weight
    st.selectbox(
        _("State (or click the map)"),
        options.country,
        format_func=names.__getitem__,
        key="country",
        on_change=visit.keep_choice,
        args=(PAGE, "country"),
    )
    st.markdown(weighing.picked(rows[rows["iso3"] == view.country], names[view.country], year))


def show_weights() -> None:
    """The map of the newest year by the reader's own weights, and what they change."""
    st.subheader(_("Your weights"))
    year = options.year[-1]
    st.caption(weighing.about(year))
    weights = choose_weights()
    rows = atlas.weighed_rows(weights)
    if rows["score"].isna().all():
        st.warning(_(weighing.NO_WEIGHT))
        return
    heading = _("**{measure}, {year}.** {summary}")
    st.markdown(
        heading.format(measure=weighing.measure().title, year=year, summary=weighing.summary(rows, weights, year))
    )
    show_map(weights, year)
    pick_state(rows, year)
    st.caption(" ".join(atlas.weighed_notes(weights)))
    show_numbers(rows, weights, year)


def show_numbers(rows: pd.DataFrame, weights: weighing.Weights, year: int) -> None:
    """The places that move most, and all numbers as a table and a file."""
    moved = weighing.moved_most(rows)
    if not moved.empty:
        st.markdown(weighing.moved_title(len(moved)))
        st.table(moved)
    label = _("The same numbers by your weights as a table")
    with st.expander(label, key="weighed_twin", on_change="rerun") as opened:
        if opened.open:
            alt = _("The index by your weights, a row per State")
            st.dataframe(weighing.twin(rows, weights), hide_index=True, alt=alt)
    st.download_button(
        _("Download these numbers by your weights (CSV)"),
        current.within(lambda: exports.table_csv(weighing.twin(rows, weights))),
        f"upstream-{reading.opened().id}-your-weights-{year}.csv",
        "text/csv",
        on_click="ignore",
    )


def show_others() -> None:
    """How well other systems and we agree, and where we differ most."""
    st.subheader(_("Other systems"))
    if not reading.has_peers():
        st.caption(_(peers.NO_TABLE))
        return
    st.caption(_(peers.ABOUT))
    st.table(beside.agreement())
    for system in beside.systems().itertuples():
        label = ngettext(
            "{system}, {measure}: the largest difference",
            "{system}, {measure}: the {count} largest differences",
            peers.LARGEST,
        ).format(system=system.system, measure=_(system.measure), count=number(peers.LARGEST))
        with st.expander(label, key=f"open_{system.system}_{system.measure}", on_change="rerun") as opened:
            if opened.open:
                st.table(peers.largest_differences(beside.compared(system.system, system.measure), names))


st.subheader(_("How a score is made"))
st.markdown(method.how_scores_are_made(catalogue, factors))
show_factors()
show_sensitivity()
show_weights()

st.subheader(_("Sources"))
st.table(method.describe_sources(sources))
say_what_is_in_english()
show_others()

st.subheader(_("Rows of the sources that are in no row here"))
st.caption(_("Nothing is lost unseen: each source's rows that match no State of the year, with the reason."))
st.dataframe(method.describe_left_out(reading.table("left_out"), sources), hide_index=True)

st.subheader(_("The map"))
st.markdown(method.about_the_map())
st.table(method.describe_disputed(store.disputed()))
say_what_is_in_english()
