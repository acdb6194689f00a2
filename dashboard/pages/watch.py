"""Watch: early signs of the newest months, as they look now or looked in any month since 2011."""

import streamlit as st

from dashboard import charts, figures, reading, store, visit, watch
from dashboard.language import _

PAGE = "watch"
title = visit.heading(_("Watch"))
view = visit.open_view(PAGE)
options, names = store.choices(), store.names()


def show_flags() -> None:
    """The States with a flag, each with its rule, numbers and rate of false alarms."""
    found = watch.flagged(rows)
    st.markdown(watch.headline(rows, month))
    st.caption(f"{watch.CAUTION} An escalation: {rules['followed_by'].iloc[0]}")
    for row in found.to_dict("records"):
        with st.container(border=True):
            st.markdown(f"**{row['name']}**: {watch.titles(row['flags'])}")
            st.markdown(store.watch_text(row["iso3"], month))
    if found.empty:
        st.info("No State of this choice has a flag. That is not the absence of danger: see below what is not seen.")


def show_state() -> None:
    """The picked State: deaths by month, and its signs."""
    country = st.selectbox("State", options.country, format_func=names.__getitem__, key="country")
    visit.keep_view(PAGE, view, country=country)
    st.subheader(f"{names[country]}, to {watch.month_text(month)}")
    st.markdown(store.watch_text(country, month))
    months = watch.course(reading.deaths_of(country), month)
    if months.empty:
        return
    st.plotly_chart(
        charts.draw_deaths(months),
        config=figures.CONFIG,
        key="deaths",
        alt=f"Deaths by month in {names[country]} to {watch.month_text(month)}; the table below has the numbers.",
    )
    st.caption(
        "Each line comes from one file: the final one to the end of its last year, then the candidate file, which is "
        "preliminary and lacks long events. A step from one line to the other can be a change of counting."
    )
    with st.expander("These deaths as a table", key="deaths_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(watch.describe_course(months), hide_index=True)
    st.page_link("dashboard/pages/country.py", label=f"Open {names[country]} →")


def show_all() -> None:
    """Every State of the choice, the rules, and what is not seen."""
    st.subheader("All States")
    told = watch.all_states(rows)
    st.dataframe(told, hide_index=True, alt="Every watched State with its early signs")
    st.download_button(
        "Download this table (CSV)",
        lambda: told.to_csv(index=False),
        f"upstream-{reading.opened().id}-watch-{month}-{view.region.lower().replace(' ', '-')}.csv",
        "text/csv",
        on_click="ignore",
    )
    if absent := watch.not_watched(reading.watch_of(month), reading.table("countries"), month):
        st.caption(f"Not watched in {watch.month_text(month)}: {', '.join(absent)}.")
    with st.expander("Every rule, and how often it was wrong", key="rules_table", on_change="rerun") as opened:
        if opened.open:
            st.caption(
                "The numbers of each rule were chosen on months to December 2009 and what followed to December 2010; "
                "then it was measured once on later months. A sign was followed too seldom there to be a flag."
            )
            st.dataframe(watch.describe_rules(rules, reading.table("sources")), hide_index=True)
    st.subheader("What this page cannot see")
    st.markdown(watch.LIMITS)


if not reading.has_watch():
    st.info(watch.NO_TABLE)
    st.stop()

left, right = st.columns(2)
as_of = left.selectbox(
    "As it looked in",
    options.as_of,
    format_func=lambda asked: watch.month_text(asked) if asked else "the newest month",
    key="as_of",
    on_change=visit.keep_choice,
    args=(PAGE, "as_of"),
)
region = right.selectbox("Region", options.region, key="region")
view = visit.keep_view(PAGE, view, as_of=as_of, region=region)
month = watch.newest_month(view.as_of, reading.watch_months())
rows, rules = store.watch_in(view.region, month), reading.table("watch_rules")
title.title(watch.title_text(month, preliminary=bool(reading.watch_of(month)["preliminary"].any())))
if view.as_of:
    st.info(
        f"As it would have looked in {watch.month_text(view.as_of)}, with {watch.month_text(month)} as the newest "
        "month: nothing from after it is used, but numbers are those of today's edition, and rates were measured later."
    )
show_flags()
show_state()
show_all()
