"""My list: the reader's own States with their newest numbers, their map and what changed; kept in link and browser."""

import streamlit as st

from dashboard import atlas, current, exports, likelihood, mine, portfolio, reading, store, visit
from dashboard.brief import prevention
from dashboard.language import _
from dashboard.map import draw_map
from dashboard.measures import outcome_definition, outcome_title
from dashboard.world import ALL_REGIONS
from models.outcomes import OUTCOMES

PAGE = "my_list"


def put(codes: tuple[str, ...]) -> None:
    """Make this the list."""
    visit.keep_view(PAGE, st.session_state["view"], mine=codes)


def add(found: list[str], unknown: str = "") -> None:
    """Put these at the end of the list. What is said of it stays on the page until the list changes again."""
    before = st.session_state["view"].mine
    after = mine.with_more(before, found)
    st.session_state["added"] = (after, mine.explain_added(found, before), unknown)
    put(after)


def add_text() -> None:
    """Add what was pasted; what is not known stays in the field, with a sentence."""
    found, unknown = mine.read_text(st.session_state["to_add"])
    st.session_state["to_add"] = ", ".join(unknown)
    add(found, mine.explain_unknown(unknown))


def add_region() -> None:
    """Add the States of the chosen region."""
    add(mine.of_region(st.session_state["region_to_add"]))


def show_editor() -> None:
    """What is on the list, and ways to add to it."""
    st.multiselect(
        _("States on the list (type to search)"),
        options.country,
        format_func=store.names().__getitem__,
        key="mine",
        on_change=visit.keep_choice,
        args=(PAGE, "mine"),
        placeholder=_("Choose"),
    )
    with st.expander(_("Add several at once, or a whole region"), key="add_many", expanded=not view.mine):
        with st.form("paste", border=False):
            st.text_area(_("Names or three-letter codes, separated by commas"), key="to_add", height=80)
            st.form_submit_button(_("Add these"), on_click=add_text)
        # all States last: they are not to be added by mistake
        regions = [*(region for region in options.region if region != ALL_REGIONS), ALL_REGIONS]
        st.selectbox(_("Region"), regions, format_func=_region, key="region_to_add")
        with st.container(horizontal=True):
            st.button(_("Add all States of the region"), on_click=add_region)
            st.button(_("Empty the list"), on_click=put, args=((),), disabled=not view.mine)
    after, added, unknown = st.session_state.get("added", ((), "", ""))
    if added and after == view.mine:
        st.caption(added)
        if unknown:
            st.warning(unknown)


def _region(region: str) -> str:
    return _("All States") if region == ALL_REGIONS else _(region)


def show_kept() -> None:
    """What this browser keeps, and what can be done with it."""
    kept = visit.browser_list(view.mine)
    opened, unknown = st.session_state.get("list_unknown", ((), []))
    if opened == view.mine and (gone := mine.explain_gone(unknown)):
        st.warning(gone)
    if not kept.get("allowed", True):
        st.caption(_("This browser keeps nothing for this page: keep the address of the page instead."))
        return
    count = mine.count_text(kept.get("count", 0))
    if kept.get("count") and kept.get("same"):
        st.caption(_("This list is kept in this browser, and nowhere else."))
    elif kept.get("count") and view.mine:
        st.caption(_("This browser keeps another list ({states}).").format(states=count))
    with st.container(horizontal=True):
        if kept.get("count") and not kept.get("same"):
            told = _("Open the list kept in this browser ({states})").format(states=count)
            st.button(told, on_click=visit.ask_browser, args=("open", view.mine))
        if view.mine and not kept.get("same"):
            told = _("Keep this list there instead") if kept.get("count") else _("Keep this list in this browser")
            st.button(told, on_click=visit.ask_browser, args=("keep", view.mine))
        if kept.get("count"):
            told = _("Forget the list kept in this browser")
            st.button(told, on_click=visit.ask_browser, args=("forget", view.mine))


def show_numbers() -> None:
    """The list's newest numbers, with the outcome in view."""
    st.subheader(_("The newest numbers"))
    if reading.has_forecasts():
        st.caption(f"{outcome_definition(outcome)} {store.likelihood_beside(outcome, window)}")
    else:
        st.caption(likelihood.NO_FORECASTS)
    table = mine.numbers(view.mine, view.changes_since, outcome, window)
    alt = _("The States on the list with their newest numbers")
    st.dataframe(table, hide_index=True, alt=alt, placeholder=_("no number"))
    st.download_button(
        _("Download this table (CSV)"),
        current.within(lambda: exports.table_csv(table)),
        f"upstream-{reading.opened().id}-my-list.csv",
        "text/csv",
        on_click="ignore",
    )


def show_map(codes: tuple[str, ...]) -> None:
    """The risk index of the newest year on the map, the list's States filled and all others in outline."""
    st.subheader(_("On the map"))
    with st.container(key="list_frame", gap=None):
        draw_map(
            "list",
            atlas.film_of(atlas.INDEX, 0),
            year=options.year[-1],
            title=_("{measure} in {year}").replace("{measure}", store.titles()[atlas.INDEX]),
            country=view.country,
            only=codes,
            on_pick=lambda iso3: visit.pick_country(PAGE, iso3),
        )


def show_changes() -> None:
    """What changed since the chosen year."""
    st.subheader(_("What changed"))
    st.selectbox(
        _("Since the end of"),
        options.changes_since,
        format_func=lambda year: year or _("the year before ({year})").format(year=mine.shown_year("")),
        key="changes_since",
        on_change=visit.keep_choice,
        args=(PAGE, "changes_since"),
    )
    st.markdown(mine.changes_text(view.mine, view.changes_since))
    st.dataframe(
        mine.changes(view.mine, view.changes_since),
        hide_index=True,
        alt=_("The States on the list with the change of their risk index, largest first"),
        placeholder=_("no number"),
    )


def show_portfolio() -> None:
    """The list as donors compare it, with the reasoning and the words of caution."""
    st.subheader(_(prevention.TITLE))
    st.markdown(prevention.reasoning(view.mine))
    for caution in prevention.cautions():
        st.markdown(caution)
    order = st.selectbox(
        _("Order"),
        options.mine_order,
        format_func=lambda code: _(portfolio.ORDERS[code]),
        key="mine_order",
        on_change=visit.keep_choice,
        args=(PAGE, "mine_order"),
    )
    table = portfolio.table(view.mine, view.changes_since, outcome, window, order)
    alt = _("The States on the list with level, change, coverage and what drives them")
    st.dataframe(table, hide_index=True, alt=alt, placeholder=_("no number"))
    st.download_button(
        _("Download this table (CSV)"),
        current.within(lambda: exports.table_csv(table)),
        f"upstream-{reading.opened().id}-my-list-prevention.csv",
        "text/csv",
        on_click="ignore",
        key="portfolio_csv",
    )


visit.heading(_("My list"))
view = visit.open_view(PAGE)
options = store.choices()
st.markdown(
    _(
        "Put the States that you watch on a list of your own. It is part of this page's address, which you can keep or "
        "pass on; it is kept in this browser only if you ask for it."
    )
)
# The browser's answer has the page drawn again at once. A control that is not in the browser by then shows its first
# choice instead of the view's, or gives back the list that it had before: so the browser is asked last.
above = st.container()
show_editor()
if not view.mine:
    st.info(_("There is nothing on the list yet: add States above."))
    with above:
        show_kept()
    st.stop()
outcome, window = view.outcome, view.window
if reading.has_forecasts():
    left, right = st.columns([2, 1])
    outcome = left.selectbox(
        _("How likely"),
        list(OUTCOMES),
        format_func=outcome_title,
        key="outcome",
        on_change=visit.keep_choice,
        args=(PAGE, "outcome"),
    )
    with right:
        window = visit.choose_window(PAGE, reading.newest_origin())
show_numbers()
show_map(view.mine)
visit.link("briefings", _("Briefing on this list, to print →"), brief="list")
show_changes()
show_portfolio()
with above:
    show_kept()
