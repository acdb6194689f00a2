"""Compare: two to six countries or regions side by side, over the years and now, and which is higher."""

import streamlit as st

from dashboard import compare, compare_words, current, exports, figures, lines, reading, store, visit
from dashboard.language import _
from dashboard.links import MOST
from models.outcomes import OUTCOMES

PAGE = "compare"
visit.heading(_("Compare"))
view = visit.open_view(PAGE)
options, titles = store.choices(), store.titles()


def start_with(codes: tuple[str, ...]) -> None:
    """Put these side by side."""
    visit.keep_view(PAGE, st.session_state["view"], compare=codes)


def show_start() -> None:
    """What to do while there is less than two, with a way to begin."""
    st.info(compare_words.too_few(len(view.compare)))
    if view.compare:
        return
    region = reading.table("countries").set_index("iso3").at[view.country, "region"]
    st.button(
        _("Begin with {country} and its region, {region}").format(
            country=store.names()[view.country], region=_(region)
        ),
        on_click=start_with,
        args=((view.country, region),),
    )


def show_course() -> None:
    """The lines over the years, and the same numbers as a table and a file."""
    st.subheader(_("Over the years"))
    st.plotly_chart(
        lines.draw_lines(
            {compare.title_of(code): compare.course(code, *shown) for code in view.compare},
            regions={compare.title_of(code) for code in regions},
            told={compare.title_of(code): compare_words.points(code, *shown) for code in view.compare},
            logs=measure in OUTCOMES,
        ),
        config=figures.CONFIG,
        key="lines",
        alt=compare_words.chart_text(view.compare, measure),
    )
    st.caption(" ".join([compare_words.interval_text(measure), *([compare_words.region_text()] if regions else [])]))
    with st.expander(_("The same numbers as a table"), key="lines_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(compare_words.twin(view.compare, *shown), hide_index=True)
    st.download_button(
        _("Download these numbers (CSV)"),
        current.within(lambda: exports.table_csv(compare_words.twin(view.compare, *shown))),
        compare_words.file_name(view.compare, *shown),
        "text/csv",
        on_click="ignore",
    )


def show_now() -> None:
    """The newest values in a table."""
    st.subheader(_("Now"))
    st.table(compare_words.now(view.compare, *shown))
    if measure in OUTCOMES:
        st.caption(compare_words.base_text(measure, window, compare_words.common_count(view.compare, *shown)))


def show_order() -> None:
    """Which State is above which."""
    st.subheader(_("Which is higher?"))
    if len(states) < compare.FEWEST:
        st.caption(_("This is said of States only: choose two. A region is a range of States and has no place."))
        return
    if compare.can_tell_apart(measure):
        st.markdown("\n".join(f"* {line}" for line in compare_words.summary(states, *shown)))
        st.table(compare_words.matrix(states, *shown))
    st.caption(compare_words.verdict_kind(measure))


st.multiselect(
    _("Countries and regions (type to search; at most {most})").format(most=MOST["compare"]),
    [*options.region, *options.country],
    format_func=compare.title_of,
    key="compare",
    max_selections=MOST["compare"],
    on_change=visit.keep_choice,
    args=(PAGE, "compare"),
    placeholder=_("Choose"),
)
left, right = st.columns([2, 1])
measure = left.selectbox(_("Show"), options.measure, format_func=titles.__getitem__, key="measure")
window = 0  # years; a score has none
view = visit.keep_view(PAGE, view, measure=measure)
if measure in OUTCOMES:
    with right:
        window = visit.choose_window(PAGE, reading.newest_origin())
    view = visit.keep_view(PAGE, view, window=window, outcome=measure)
shown = (measure, window)
regions = [code for code in view.compare if compare.is_region(code)]
states = tuple(code for code in view.compare if code not in regions)
if len(view.compare) < compare.FEWEST:
    show_start()
    st.stop()
show_course()
show_now()
show_order()
