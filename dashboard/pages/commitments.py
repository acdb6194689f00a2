"""Commitments: which States a treaty binds on a day, since when, and what is beside it."""

import streamlit as st

from dashboard import charts, commitments, exports, figures, language, reading, store, visit
from dashboard.language import _

PAGE = "commitments"
visit.heading(_("Commitments"))
view = visit.open_view(PAGE)
options = store.choices()


def show_treaty() -> None:
    """Counts by group, the list of States and the course of the years of the chosen treaty."""
    rows, title = reading.table("commitments"), commitments.treaty_title(view.treaty)
    then = store.treaty_status(view.treaty, day)
    counts = commitments.count_by_group(then)
    st.markdown(commitments.headline(counts, view.treaty, day))
    if warning := commitments.confirmed_text(rows, view.treaty, day):
        st.warning(warning)
    st.plotly_chart(
        charts.draw_groups(counts.drop(index=commitments.ALL)),
        config=figures.CONFIG,
        key="groups",
        alt=_("States bound, signed only and not bound by UN group, {treaty}; the table below has the numbers.").format(
            treaty=title
        ),
    )
    st.markdown(commitments.groups_text(counts))
    st.table(commitments.describe_groups(counts))
    st.caption(_(commitments.ABOUT))
    st.markdown(_("**Each State**"))
    listed = commitments.describe_list(then, day)
    st.dataframe(listed, hide_index=True, alt=_("Each State with its status and days"))
    st.download_button(
        _("Download this list (CSV)"),
        lambda: exports.table_csv(listed),
        f"upstream-{reading.opened().id}-{view.treaty}-{day}.csv",
        "text/csv",
        on_click="ignore",
    )
    st.markdown(_("**Withdrawals**, of all treaties on file"))
    st.table(commitments.withdrawals(rows))
    show_course(title)


def show_course(title: str) -> None:
    """Parties to the chosen treaty over time: chart, summary and table."""
    years = store.parties_over_time(view.treaty)
    st.markdown(_("**Over time**"))
    st.plotly_chart(
        charts.draw_parties(years, view.year),
        config=figures.CONFIG,
        key="parties",
        alt=_("Parties to the {treaty} by UN group at each year's end; the table below has the numbers.").format(
            treaty=title
        ),
    )
    st.markdown(commitments.parties_text(years))
    with st.expander(_("These years as a table"), key="parties_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(commitments.describe_parties(years))


def show_risk() -> None:
    """The States with the highest index and what binds them."""
    st.subheader(_("Beside it: risk in {year}").format(year=view.year))
    about = _(
        "The {count} States with the highest risk index of {year}, those bound by least first; last, those of which "
        "not all treaties are on file. Each treaty as last confirmed."
    )
    st.caption(f"{about.format(count=commitments.LISTED, year=view.year)} {_(commitments.CAUTION)}")
    shown = store.commitments_beside_risk(view.year, day, view.outcome, view.window)
    st.dataframe(shown, alt=_("States with a high risk index, and the treaties that bind them"))
    if store.has_likelihood_beside(view.year):
        st.caption(store.likelihood_beside(view.outcome, view.window))


def show_road() -> None:
    """The draft convention on crimes against humanity: subjects, steps, positions."""
    convention = commitments.read_convention()
    st.subheader(_("The road to a convention on crimes against humanity"))
    st.table(commitments.describe_subjects(convention))
    st.caption(_("Source: {source}.").format(source=convention["articles_source"]))
    st.table(commitments.describe_steps(convention))
    st.markdown(_("**Declared positions** with a source that can be cited. Of every other State: not recorded."))
    st.table(commitments.describe_positions(convention, store.names()))


if not reading.has_commitments():
    st.info(_(commitments.NO_TABLE))
    show_road()
    st.stop()

left, middle, right = st.columns([2, 2, 1])
treaty = left.selectbox(
    _("Treaty"),
    options.treaty,
    format_func=commitments.treaty_title,
    key="treaty",
    on_change=visit.keep_choice,
    args=(PAGE, "treaty"),
)
year = middle.slider(_("Year"), options.year[0], options.year[-1], key="year")
month = right.selectbox(
    _("At the end of"),
    options.month,
    format_func=language.month_name,
    key="month",
    on_change=visit.keep_choice,
    args=(PAGE, "month"),
)
view = visit.keep_view(PAGE, view, treaty=treaty, year=year, month=month)
day = min(commitments.last_day(view.year, view.month), reading.opened().as_of.isoformat())
show_treaty()
show_risk()
show_road()
