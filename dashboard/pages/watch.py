"""Watch: early signs of the newest months, as they look now or looked in any month since 2011."""

import streamlit as st

from dashboard import charts, exports, feed_routes, feeds, figures, language, reading, store, visit, watch
from dashboard.language import _

PAGE = "watch"
title = visit.heading(_("Watch"))
view = visit.open_view(PAGE)
options, names = store.choices(), store.names()


def show_flags() -> None:
    """The States with a flag, each with its rule, numbers and rate of false alarms."""
    found = watch.flagged(rows)
    st.markdown(watch.headline(rows, month))
    meaning = rules["followed_by"].iloc[0]
    escalation = _("An escalation: {meaning}").format(meaning=_(meaning))
    st.caption(f"{_(watch.CAUTION)} {escalation}")
    for row in found.to_dict("records"):
        with st.container(border=True):
            st.markdown(_("**{country}**: {flags}").format(country=row["name"], flags=watch.titles(row["flags"])))
            st.markdown(store.watch_text(row["iso3"], month))
    if found.empty:
        st.info(_("No State of this choice has a flag. That is not the absence of danger: see below what is not seen."))


def show_state() -> None:
    """The picked State: deaths by month, and its signs."""
    country = st.selectbox(_("State"), options.country, format_func=names.__getitem__, key="country")
    visit.keep_view(PAGE, view, country=country)
    told = {"country": names[country], "month": language.month(month)}
    st.subheader(_("{country}, to {month}").format(**told))
    st.markdown(store.watch_text(country, month))
    months = watch.course(reading.deaths_of(country), month)
    if months.empty:
        return
    st.plotly_chart(
        charts.draw_deaths(months),
        config=figures.CONFIG,
        key="deaths",
        alt=_("Deaths by month in {country} to {month}; the table below has the numbers.").format(**told),
    )
    st.markdown(watch.course_text(months))
    st.caption(
        _(
            "Each line comes from one file: the final one to the end of its last year, then the candidate file, which "
            "is preliminary and lacks long events. A step from one line to the other can be a change of counting."
        )
    )
    with st.expander(_("These deaths as a table"), key="deaths_table", on_change="rerun") as opened:
        if opened.open:
            st.dataframe(watch.describe_course(months), hide_index=True)
    visit.link("country", _("Open {country} →").format(**told))


def show_all() -> None:
    """Every State of the choice, the rules, and what is not seen."""
    st.subheader(_("All States"))
    told = watch.all_states(rows)
    st.dataframe(told, hide_index=True, alt=_("Every watched State with its early signs"))
    st.download_button(
        _("Download this table (CSV)"),
        lambda: exports.table_csv(told),
        f"upstream-{reading.opened().id}-watch-{month}-{view.region.lower().replace(' ', '-')}.csv",
        "text/csv",
        on_click="ignore",
    )
    if absent := watch.not_watched(reading.watch_of(month), reading.table("countries"), month):
        missing = _("Not watched in {month}: {names}.")
        st.caption(missing.format(month=language.month(month), names=_(", ").join(absent)))
    with st.expander(_("Every rule, and how often it was wrong"), key="rules_table", on_change="rerun") as opened:
        if opened.open:
            st.caption(
                _(
                    "The numbers of each rule were chosen on months to December 2009 and what followed to December "
                    "2010; then it was measured once on later months. A sign was followed too seldom there to be a "
                    "flag."
                )
            )
            st.dataframe(watch.describe_rules(rules, reading.table("sources")), hide_index=True)
    st.subheader(_("What this page cannot see"))
    st.markdown(watch.limits_text())


def show_follow() -> None:
    """Where what is new can be followed."""
    st.subheader(_("Follow"))
    st.caption(_(feeds.FOLLOW))
    if feed_routes.are_served():
        st.markdown(feeds.follow_text(view.region, view.outcome, view.mine, feed_routes.address()))
    else:
        st.caption(_(feeds.NOT_SERVED))


if not reading.has_watch():
    st.info(_(watch.NO_TABLE))
    show_follow()
    st.stop()

left, right = st.columns(2)
as_of = left.selectbox(
    _("As it looked in"),
    options.as_of,
    format_func=lambda asked: language.month(asked) if asked else _("the newest month"),
    key="as_of",
    on_change=visit.keep_choice,
    args=(PAGE, "as_of"),
)
region = right.selectbox(_("Region"), options.region, format_func=_, key="region")
view = visit.keep_view(PAGE, view, as_of=as_of, region=region)
month = watch.newest_month(view.as_of, reading.watch_months())
rows, rules = store.watch_in(view.region, month), reading.table("watch_rules")
title.title(watch.title_text(month, preliminary=bool(reading.watch_of(month)["preliminary"].any())))
if view.as_of:
    st.info(
        _(
            "As it would have looked in {then}, with {month} as the newest month: nothing from after it is used, but "
            "numbers are those of today's edition, and rates were measured later."
        ).format(then=language.month(view.as_of), month=language.month(month))
    )
show_flags()
show_state()
show_all()
show_follow()
