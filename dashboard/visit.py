"""One visit: its release and language, the view that all its pages share, and the controls that stand on several.

The only module beside the pages that imports Streamlit.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import access, current, feed_routes, feeds, health, language, likelihood, logs, plain, reading, weighing
from dashboard.language import LANGUAGES, N_, _, ngettext
from dashboard.links import MOST, View, as_text, read_view
from dashboard.measures import NOT_A_PROBABILITY, PARTS, outcome_title
from dashboard.mine import read_text
from dashboard.reading import has_forecasts, opened, table
from dashboard.store import choices, titles
from dashboard.world import ALL_REGIONS
from release import ReleaseError

# Streamlit forgets what was chosen with a control once a page is drawn without it, and goes back to what the key first
# held. Theirs are therefore taken from the view at each run, and written into it the moment they are chosen.
NOT_ALWAYS_DRAWN: tuple[str, ...] = ("outcome", "window", "against", "treaty", "month", "drivers", "as_of")
NOT_ALWAYS_DRAWN += ("structural", "changes_since", "brief", "since", "cover", "still")
NOT_ALWAYS_DRAWN += ("table", "table_from", "table_to", "table_head", "mine_order")
LISTS: tuple[str, ...] = (
    "compare",
    "mine",
)  # the same holds for these; they are tuples in the view and lists in their controls
LISTS += ("table_states", "table_outcomes", "table_windows", "table_designs", "table_models")

UNLISTED = ("operators",)  # pages that are in no menu
SIGNED_OUT = "signed out"
REFUSED = {
    access.NOT_LISTED: N_(
        "You are signed in, but you are not among those whom this copy lets in. Ask those who run it."
    ),
    access.UNVERIFIED: N_(
        "You are signed in, but the sign-in service does not confirm that the e-mail address is yours, so this copy "
        "does not let you in. Ask those who run it."
    ),
}
NUMBER = N_("If you report this, give the number {number}: the log has the error under it, and nothing about you.")
PROBLEMS = 5  # of a link that are told one by one
FOLDER = Path(__file__).parent

CHECK = 60.0  # seconds between two looks at who has gone; a reader who was cut off has as long to come back
_met: set[str] = set()  # the sessions that this process has served and not yet forgotten
_missed: set[str] = set()  # those of them that were not there at the last look

_KEPT_LIST = st.components.v2.component("upstream_kept_list", js=(FOLDER / "kept_list.js").read_text("utf-8"))
_DOCUMENT = st.components.v2.component("document", js=(FOLDER / "document.js").read_text("utf-8"), isolate_styles=False)


def begin() -> None:
    """Open the visit's release and language for the run of a page; the first run of a visit finds the newest release.

    Where readers have to sign in, the run ends here for who is not let in.

    Raises:
        ReleaseError: there is no release that can be shown.
    """
    st.session_state["spoken"] = _asked_language()
    wanted = (st.session_state["spoken"] or st.context.locale or "").lower()
    code = next((code for code in LANGUAGES if wanted.startswith(code)), "en")
    current.use(None, code)
    if reason := _why_not():
        _ask_to_sign_in(reason)
        st.stop()
    if "edition" not in st.session_state:
        st.session_state["edition"], st.session_state["edition_problems"] = current.find_newest()
        if context := get_script_run_ctx():
            _met.add(context.session_id)
        health.tell_release(st.session_state["edition"], st.session_state["edition_problems"])
    current.use(st.session_state["edition"], code)


def _why_not() -> str:
    """Why this reader is not let in: `SIGNED_OUT`, or what `access.why_not` says; "" if the pages are shown."""
    if not access.is_on():
        return ""
    return access.why_not(st.user.to_dict()) if st.user.is_logged_in else SIGNED_OUT


def _ask_to_sign_in(reason: str) -> None:
    """The page for who is not let in, in words; the log has the reason and not the address."""
    st.set_page_config(page_title=_("Sign in · Upstream: early warning of mass atrocities"))
    choose_language()
    st.title(_("Upstream: early warning of mass atrocities"))
    if reason == SIGNED_OUT:
        st.markdown(
            _("This copy of Upstream is for people who sign in. A cookie then says who you are until you leave.")
        )
        if st.button(_("Sign in")):
            _send_to_provider()
        return
    if st.session_state.get("refused") != reason:
        logs.tell("sign_in_refused", reason=reason)
        st.session_state["refused"] = reason
    st.warning(_(REFUSED[reason]))


def _send_to_provider() -> None:
    if access.provider_answers():
        st.login()
    else:
        logs.tell("sign_in_service_unreachable", logging.WARNING)
        st.error(_("The sign-in service does not answer. Try again in a few minutes, or tell those who run this copy."))


def list_pages(titles: dict[str, str]) -> list[Any]:
    """The pages in the language in use, of which the menu leaves out that for operators; `titles` by file."""
    return [
        st.Page(f"dashboard/pages/{name}.py", title=_(title), visibility="hidden" if name in UNLISTED else "visible")
        for name, title in titles.items()
    ]


@asynccontextmanager
async def forgetting(app: object) -> AsyncIterator[None]:
    """For as long as the server runs: forget each visit whose reader has gone, and files that were fetched.

    Streamlit drops a file that a download button had made once two pages have been drawn for any readers: with many of
    them, before the browser has asked for it. Here files are dropped at the second look that finds them unused.
    """
    files = runtime.get_instance().media_file_mgr
    drop_unused = files.remove_orphaned_files
    files.remove_orphaned_files = lambda: None  # type: ignore[method-assign]
    task = asyncio.create_task(_look_again_and_again(drop_unused))
    yield
    task.cancel()


async def _look_again_and_again(drop_unused: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(CHECK)
        forget_gone()
        drop_unused()


def forget_gone() -> None:
    """Close the sessions that are away for the second look in a row, and let go of the files made for them.

    Streamlit drops a session that it no longer keeps for a reader's return, but neither closes it nor lets go of what
    its download buttons would make: without this, all that a visit had on its last page would stay in memory.
    """
    server = runtime.get_instance()
    away = {session for session in _met if not server.is_active_session(session)}
    gone = away & _missed
    for session in gone:
        server.close_session(session)
        server.media_file_mgr.clear_session_refs(session)  # also when there was nothing left to close
    _met.difference_update(gone)
    _missed.clear()
    _missed.update(away - gone)


def part(draw: Callable[[], None]) -> Callable[[], None]:
    """Make of a function a part of a page that is drawn again alone when one of its own controls changes.

    Its script then begins in the part, in another thread: it takes the visit's release and language anew.
    """

    @st.fragment
    @wraps(draw)
    def drawn() -> None:
        current.use(st.session_state["edition"], st.session_state["written_in"])
        if _why_not():
            st.stop()
        try:
            draw()
        except ReleaseError as error:
            tell_error(error)

    return drawn


def _asked_language() -> str:
    """The language of the link, else that of the visit so far; "" = the browser's, and English if we lack it.

    An address with a view and without a language leaves it to the browser: so going back undoes a choice.
    """
    asked = st.query_params.to_dict()
    if (code := asked.get("lang", "").lower()) in LANGUAGES:
        return code
    return "" if asked else st.session_state.get("spoken", "")


def choose_language() -> None:
    """The choice of language, at the top of every page; and how a page is written, for the browser and its readers."""
    if st.session_state.get("language") != current.language():
        st.session_state["language"] = current.language()
    with st.container(key="language_frame"):
        st.selectbox(
            _("Language"),
            list(LANGUAGES),
            format_func=LANGUAGES.__getitem__,
            key="language",
            on_change=_keep_language,
            label_visibility="collapsed",
        )
        about: dict[str, Any] = {"lang": current.language(), "dir": language.direction()}
        about |= {"skip": _("Skip to the content"), "table": _("Table, scrollable")}
        about["feeds"] = feeds.alternates(feed_routes.address()) if feed_routes.are_served() else []
        _DOCUMENT(key="document", data=about)
        _join_again()
    if access.is_on() and st.user.is_logged_in:
        with st.container(horizontal=True, horizontal_alignment="right"):
            st.button(_("Sign out"), on_click=st.logout)


@st.fragment(run_every="24h")
def _join_again() -> None:
    """Have the whole page run when a browser comes back after its connection broke.

    Streamlit's front end does so only on a page of which a part is to be repeated; otherwise a reader whose process
    has ended, or who was away for long, would keep a page whose parts no longer answer. The part itself is empty.
    """


def _keep_language() -> None:
    """Write the language into the address; read from there, the view and its controls are drawn anew in it."""
    st.query_params["lang"] = st.session_state["language"]


def heading(title: str) -> Any:
    """The page's title, with the release, its date and what the index is not; returns the title's place."""
    place = st.empty()
    place.title(title)
    said = _("Release **{id}**, as known on {day}.").format(id=opened().id, day=language.day(opened().as_of))
    st.caption(f"{said} {_(NOT_A_PROBABILITY)}")
    if reading.is_stale():
        st.warning(reading.stale_text())
    for problem in st.session_state.get("edition_problems", []):
        st.warning(_("A newer release cannot be shown: {problem}").format(problem=plain.text(problem)))
    if current.is_cut_off():
        st.warning(
            _(
                "Whether there is a newer release cannot be found out now: the storage of releases cannot be read. "
                "This is the newest one that was copied from it."
            )
        )
    if damaged := current.edition().damaged:
        text = _("Files of this release are damaged, and what they hold is not shown or not to be relied on: {files}.")
        st.warning(text.format(files=as_text(", ".join(damaged))))
    return place


def tell_error(error: ReleaseError) -> None:
    """Say why a page cannot be drawn, or not to its end; a visit whose release was replaced can begin anew."""
    if isinstance(error, current.Replaced):
        logs.tell("release_replaced", release=str(error))
        text = _("The release {id} was replaced while you looked at it, and numbers of two are never mixed.")
        st.warning(text.format(id=error))
        st.button(_("Show the newest release"), on_click=st.session_state.clear)
        return
    if "came_from" in st.session_state:
        st.error(_("This part of the release cannot be shown. {error}").format(error=plain.text(str(error))))
    else:
        st.error(_("The dashboard has no release to show. {error}").format(error=plain.text(str(error))))
    st.caption(_(NUMBER).format(number=logs.tell_failure(error)))


def tell_failure(error: Exception) -> bool:
    """Say that a page failed, with a number under which the log has the error; True: Streamlit need not say so too."""
    number = logs.tell_failure(error)
    with st.container(key="failure"):
        failed = _("This page could not be drawn to its end.")
        st.error(f"{failed} {_(NUMBER).format(number=number)}")
    return True


def open_view(page: str) -> View:
    """The reader's view: what the link asks for, else what was looked at before, else the newest year of the world.

    Says on the page what the link asks for in vain. Widgets whose key is a field of the view start from it.
    """
    first = table("countries")["iso3"].iloc[0]  # the same in every language
    default = View(first, choices().year[-1], PARTS[0].code, ALL_REGIONS)
    view = replace(st.session_state.get("view", default), lang=st.session_state["spoken"])
    came_from = st.session_state.get("came_from")
    asked = st.query_params.to_dict()
    if came_from != (page, asked):
        view, problems = read_view(asked, choices(), view)
        st.session_state["told_of_link"] = ((page, view.as_params()), problems, _describe(view, asked))
        st.session_state.update(asdict(view))
    elif st.session_state.get("written_in") != current.language():
        # A control goes by the words of its choices: the browser would send the old ones, which are no choice any more.
        st.session_state.update(asdict(view))
    st.session_state["written_in"] = current.language()
    view = keep_view(page, view)
    told_of, problems, shown = st.session_state["told_of_link"]
    if told_of == st.session_state["came_from"]:  # until the reader chooses something, however often the page is drawn
        _warn(problems, shown)
    for name in (*NOT_ALWAYS_DRAWN, *LISTS):
        put_control(name)
    return view


def _warn(problems: list[str], shown: str) -> None:
    """Say what a link asks for in vain and what is shown instead; a link comes from anywhere, so it is plain text."""
    for problem in problems[:PROBLEMS]:
        st.warning(_("{problem} Shown instead: {view}.").format(problem=as_text(problem), view=shown))
    if more := len(problems[PROBLEMS:]):
        st.warning(
            ngettext(
                "The link asks for {count} more value in vain.", "The link asks for {count} more values in vain.", more
            ).format(count=language.number(more))
        )


def keep_view(page: str, view: View, **changes: Any) -> View:
    """Remember the view for all pages and write it into the address, so that the address can be passed on."""
    view = replace(view, **changes)
    st.session_state["view"] = view
    if st.query_params.to_dict() != view.as_params():
        st.query_params.from_dict(view.as_params())
    st.session_state["came_from"] = (page, view.as_params())
    return view


def choose_window(page: str, year: int) -> int:
    """A choice of the forecast's window after that year, in years."""
    return st.radio(
        _("Window"),
        choices().window,
        format_func=lambda years: window_choice(year, years),
        key="window",
        horizontal=True,
        on_change=keep_choice,
        args=(page, "window"),
    )


def window_choice(year: int, years: int) -> str:
    """A window after a year with its length: "in 2027 and 2028 (2 years)"."""
    length = ngettext("{years} year", "{years} years", years).format(years=years)
    return f"{likelihood.window_text(year, years)} ({length})"


def keep_choice(page: str, name: str) -> None:
    """Keep what was chosen with the control of this name, one of `NOT_ALWAYS_DRAWN` or `LISTS`: for its `on_change`."""
    chosen = st.session_state[name]
    if name not in LISTS:
        keep_view(page, st.session_state["view"], **{name: chosen})
    # after a change of language the browser sends a list once more in the old words: it is then taken from the view
    elif set(chosen) <= {*getattr(choices(), name)}:
        keep_view(page, st.session_state["view"], **{name: tuple(chosen)})


def put_control(name: str) -> None:
    """Start a control from the view, on a page that draws it only with some choices: for those with `keep_choice`."""
    chosen = getattr(st.session_state["view"], name)
    started = list(chosen) if isinstance(chosen, tuple) else chosen
    if st.session_state.get(name) != started:
        st.session_state[name] = started


def pick_country(page: str, iso3: str) -> None:
    """Look at another row: for clicks, which come before the page is drawn again."""
    keep_view(page, st.session_state["view"], country=iso3)
    st.session_state["country"] = iso3


def _describe(view: View, asked: dict[str, str]) -> str:
    """The view in words; with the weights where a link asks for some."""
    text = describe_view(view)
    if not {"weights", "structural"} & {*asked}:
        return text
    weights = weighing.of_view(view.weights, view.structural, choices().weights)
    return _("{view}; your weights: {weights}").format(view=text, weights=weights.text())


def change_list(page: str, iso3: str) -> None:
    """Put a row at the end of the reader's own list, or take it off: for the `on_click` of a button."""
    view = st.session_state["view"]
    others = tuple(code for code in view.mine if code != iso3)
    keep_view(page, view, mine=others if iso3 in view.mine else (*view.mine, iso3))


def link(page: str, label: str, **changes: str) -> None:
    """A link to a page of `dashboard/pages` with the view in its address, so that a new tab shows the same."""
    params = st.session_state["view"].as_params() | changes
    st.page_link(f"dashboard/pages/{page}.py", label=label, query_params={k: v for k, v in params.items() if v})


def link_compare(view: View) -> None:
    """A link to the page that compares, with the row of the view among what stands there."""
    chosen = view.compare if view.country in view.compare else (view.country, *view.compare)
    link("compare", _("Compare with others →"), compare=",".join(chosen[: MOST["compare"]]))


def pick_year(page: str, year: int) -> None:
    """Look at another year: for the map's own slider, whose choice comes before the page is drawn again."""
    keep_view(page, st.session_state["view"], year=year)
    st.session_state["year"] = year


def describe_view(view: View) -> str:
    """The view in words."""
    text = _("{country}, {year}, {measure}, region {region}").format(
        country=view.country, year=view.year, measure=titles()[view.measure], region=_(view.region)
    )
    if not has_forecasts():
        return text
    task = ngettext("{outcome}, window of {years} year", "{outcome}, window of {years} years", view.window)
    task = task.format(outcome=outcome_title(view.outcome), years=view.window)
    return _("{view}; {task}, {design} design, top {top}").format(
        view=text, task=task, design=_(view.design), top=view.top
    )


def browser_list(codes: tuple[str, ...]) -> dict[str, Any]:
    """What this browser keeps of a list, beside the one on the page: `allowed`, `count` of States, `same`.

    Empty until the browser has answered. Carries out what `ask_browser` was asked for.
    """
    told = st.session_state.get("kept_list", {}).get("told")
    data = {"codes": ",".join(codes), "order": st.session_state.get("list_order"), "told": told}
    result = _KEPT_LIST(key="kept_list", data=data, on_told_change=_hear_browser)
    return result.told or {}


def ask_browser(command: str, codes: tuple[str, ...]) -> None:
    """Have the browser "keep" this list, "open" the one it keeps, or "forget" it: for the `on_click` of a button."""
    order = {"command": command, "codes": ",".join(codes), "number": uuid4().hex}
    st.session_state["list_order"] = order


def _hear_browser() -> None:
    """Put the list that the reader opened into the view, once; `list_unknown` says what of it is not known here."""
    told, order = st.session_state["kept_list"]["told"], st.session_state.get("list_order")
    if not order or told["done"] != order["number"]:
        return
    del st.session_state["list_order"]
    if order["command"] == "open":
        found, unknown = read_text(told["opened"])
        st.session_state["list_unknown"] = (tuple(found), unknown)
        keep_view(st.session_state["came_from"][0], st.session_state["view"], mine=tuple(found))


def weight_key(code: str) -> str:
    """The key of the control of a factor's weight."""
    return f"weight_{code}"


def open_weights(view: View) -> weighing.Weights:
    """The reader's weights; their controls on the page Method start from them at each run."""
    weights = weighing.of_view(view.weights, view.structural, choices().weights)
    for code, weight in weights.factors:
        if st.session_state.get(weight_key(code)) != weight:
            st.session_state[weight_key(code)] = weight
    return weights


def keep_weights(page: str) -> None:
    """Write the weights chosen with the controls into the view and the address: for their `on_change`."""
    chosen = tuple((code, st.session_state[weight_key(code)]) for code in choices().weights)
    keep_view(page, st.session_state["view"], weights=weighing.Weights(chosen).as_param())


def forget_weights(page: str) -> None:
    """Go back to the published weights."""
    keep_view(page, st.session_state["view"], weights="", structural=weighing.EVEN)
