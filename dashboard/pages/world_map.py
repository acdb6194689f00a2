"""World map: one measure in one year, or the likelihood of one outcome; the same numbers as a table, and a ranking."""

from collections.abc import Sequence

import streamlit as st

from dashboard import atlas, current, exports, likelihood, reading, store, visit
from dashboard.language import _, percent
from dashboard.links import View
from dashboard.map import draw_map
from models.outcomes import OUTCOMES

PAGE = "map"


def choose(label: str, name: str, offered: list[str], said: dict[str, str]) -> str:
    """A choice that stands on this page only: written into the view the moment it is made."""
    if st.session_state[name] not in offered:
        st.session_state[name] = ""
        visit.keep_choice(PAGE, name)
    st.selectbox(
        label,
        offered,
        format_func=lambda code: said.get(code, code),
        key=name,
        on_change=visit.keep_choice,
        args=(PAGE, name),
    )
    return st.session_state[name]


def choose_more(years: Sequence[int]) -> None:
    """A year to compare with, a least coverage, and small maps."""
    covers = {code: _("at least {share}").format(share=percent(int(code) / 100)) for code in options.cover if code}
    stills = {"": _("none"), "decades": _("one every ten years")}
    first, second, third = st.columns(3)
    with first:
        label = _("Compare with an earlier year")
        choose(label, "since", ["", *map(str, reversed(years))], {"": _("(no comparison)")})
    with second:
        choose(_("Coverage"), "cover", list(options.cover), covers | {"": _("any")})
    with third:
        choose(_("Small maps beside it"), "still", list(options.still), stills)


def choose_shown(view: View) -> tuple[atlas.Shown, int]:
    """What of the measure is shown, and the year with which it is compared (0 = none)."""
    window = 0  # years; a score has none
    if view.measure in OUTCOMES:
        window = visit.choose_window(PAGE, view.year)
        visit.keep_view(PAGE, view, window=window, outcome=view.measure)
    elif not reading.has_forecasts():
        st.caption(_(likelihood.NO_FORECASTS))
    years = reading.origins(view.measure, window) if window else options.year
    chosen = any((view.since, view.cover, view.still))
    label = _("Compare with a year, filter by coverage, small maps")
    with st.expander(label, expanded=chosen, key="more", on_change="rerun") as more:
        # On a phone the map comes first; what is chosen is never hidden.
        if more.open or chosen:
            choose_more(years)
    view = st.session_state["view"]
    return (view.measure, view.year, view.region, window, int(view.cover or 0)), int(view.since or 0)


def show_map(view: View, shown: atlas.Shown, compared: int) -> None:
    """The map; its own slider turns the year, and a click or a key picks a State."""
    with st.container(key="map_frame", gap=None):
        draw_map(
            "world",
            atlas.film_of(view.measure, shown[3]),
            year=view.year,
            title=_("{measure} in {year}").replace("{measure}", titles[view.measure]),
            country=view.country,
            region=atlas.chosen(view.region),
            cover=shown[-1],
            since=compared,
            still=view.still,
            on_year=lambda year: visit.pick_year(PAGE, year),
            on_pick=lambda iso3: visit.pick_country(PAGE, iso3),
        )


def show_ranking(view: View, shown: atlas.Shown) -> None:
    """Places with their intervals, and how sure the order of two States is."""
    st.caption(atlas.ranking_note(view.measure, view.year))
    st.dataframe(atlas.ranking_of(*shown), hide_index=True, alt=_("Places, one row per State, the highest first"))
    others = ["", *(code for code in options.country if code != view.country)]
    label = _("Is {name} really above another State? Compare with").format(name=names[view.country])
    against = choose(label, "against", others, names | {"": _("(choose a State)")})
    if against:
        st.markdown(atlas.above_text(view.country, against, shown))


def show_numbers(view: View, shown: atlas.Shown, compared: int) -> None:
    """What the map shows in words, as a ranking, as a table and as a file."""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(atlas.picked_text(view.country, view.measure, view.year, shown[3]))
        visit.link("country", _("Open {name} →").format(name=names[view.country]))
    st.caption(" ".join(atlas.map_notes(*shown)))
    if compared:
        st.caption(atlas.change_note(*shown, compared))
    with st.expander(_("Ranking, and how sure it is"), key="ranking", on_change="rerun") as ranking:
        if ranking.open:
            show_ranking(view, shown)
    with st.expander(_("The same numbers as a table"), key="twin", on_change="rerun") as twin:
        # Sent only when open: its grid would hold up the first drawing of the map by half a second.
        if twin.open:
            table = atlas.shown_table(*shown, compared)
            st.dataframe(table, hide_index=True, alt=_("The map's numbers, one row per State"))
    st.download_button(
        _("Download these numbers (CSV)"),
        current.within(lambda: exports.table_csv(atlas.shown_table(*shown, compared))),
        atlas.file_name(*shown, compared),
        "text/csv",
        on_click="ignore",
    )


@visit.part
def show() -> None:
    """All that moves with the year: drawn again alone when it does, at half the server's work."""
    shown, compared = choose_shown(st.session_state["view"])
    view = st.session_state["view"]
    if not atlas.has_rows(view.year, view.region):
        warning = _("No State of the region {region} had a row in {year}: choose another year or region.")
        st.warning(warning.format(region=_(view.region), year=view.year))
    absence = atlas.no_forecast(view.measure, view.year, shown[3]) if shown[3] else ""
    if absence:
        st.warning(_("{why} Choose a later year, or a score.").format(why=absence))
    show_map(view, shown, compared)
    if not absence:
        show_numbers(view, shown, compared)


visit.heading(_("World map"))
opened = visit.open_view(PAGE)
options, titles, names = store.choices(), store.titles(), store.names()
left, right = st.columns([2, 1])
measure = left.selectbox(_("Show"), options.measure, format_func=titles.__getitem__, key="measure")
region = right.selectbox(_("Region"), options.region, format_func=_, key="region")
visit.keep_view(PAGE, opened, measure=measure, region=region)
show()
