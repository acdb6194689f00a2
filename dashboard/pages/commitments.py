"""Commitments: which States a treaty binds on a day, since when, and what is beside it."""

import calendar

import streamlit as st

from dashboard import charts, commitments, figures, reading, store, visit
from dashboard.language import _

PAGE = "commitments"
visit.heading(_("Commitments"))
view = visit.open_view(PAGE)
options = store.choices()


def show_treaty() -> None:
    """Counts by group, the list of States and the course of the years of the chosen treaty."""
    rows, title = reading.table("commitments"), commitments.TREATIES[view.treaty]
    then = store.treaty_status(view.treaty, day)
    counts = commitments.count_by_group(then)
    st.markdown(commitments.headline(counts, view.treaty, day))
    if warning := commitments.confirmed_text(rows, view.treaty, day):
        st.warning(warning)
    st.plotly_chart(
        charts.draw_groups(counts.drop(index="All")),
        config=figures.CONFIG,
        key="groups",
        alt=f"States bound, signed only and not bound by UN group, {title}; the table below has the numbers.",
    )
    st.table(counts)
    st.caption(commitments.ABOUT)
    st.markdown("**Each State**")
    listed = commitments.describe_list(then, day)
    st.dataframe(listed, hide_index=True, alt="Each State with its status and days")
    st.download_button(
        "Download this list (CSV)",
        lambda: listed.to_csv(index=False),
        f"upstream-{reading.opened().id}-{view.treaty}-{day}.csv",
        "text/csv",
        on_click="ignore",
    )
    st.markdown("**Withdrawals**, of all treaties on file")
    st.table(commitments.withdrawals(rows))
    st.markdown("**Over time**")
    st.plotly_chart(
        charts.draw_parties(store.parties_over_time(view.treaty), view.year),
        config=figures.CONFIG,
        key="parties",
        alt=f"Parties to the {title} by UN group at each year's end.",
    )


def show_risk() -> None:
    """The States with the highest index and what binds them."""
    st.subheader(f"Beside it: risk in {view.year}")
    st.caption(
        f"The {commitments.LISTED} States with the highest risk index of {view.year}, those bound by least first; "
        f"last, those of which not all treaties are on file. Each treaty as last confirmed. {commitments.CAUTION}"
    )
    shown = store.commitments_beside_risk(view.year, day, view.outcome, view.window)
    st.dataframe(shown, alt="States with a high risk index, and the treaties that bind them")
    if "Likelihood" in shown:
        st.caption(store.likelihood_beside(view.outcome, view.window))


def show_road() -> None:
    """The draft convention on crimes against humanity: subjects, steps, positions."""
    convention = commitments.read_convention()
    st.subheader("The road to a convention on crimes against humanity")
    st.table(commitments.describe_subjects(convention))
    st.caption(f"Source: {convention['articles_source']}.")
    st.table(commitments.describe_steps(convention))
    st.markdown("**Declared positions** with a source that can be cited. Of every other State: not recorded.")
    st.table(commitments.describe_positions(convention, store.names()))


if not reading.has_commitments():
    st.info(commitments.NO_TABLE)
    show_road()
    st.stop()

left, middle, right = st.columns([2, 2, 1])
treaty = left.selectbox(
    "Treaty",
    options.treaty,
    format_func=commitments.TREATIES.__getitem__,
    key="treaty",
    on_change=visit.keep_choice,
    args=(PAGE, "treaty"),
)
year = middle.slider("Year", options.year[0], options.year[-1], key="year")
month = right.selectbox(
    "At the end of",
    options.month,
    format_func=lambda number: calendar.month_name[number],
    key="month",
    on_change=visit.keep_choice,
    args=(PAGE, "month"),
)
view = visit.keep_view(PAGE, view, treaty=treaty, year=year, month=month)
day = min(commitments.last_day(view.year, view.month), reading.opened().as_of.isoformat())
show_treaty()
show_risk()
show_road()
