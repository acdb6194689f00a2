"""One visit: its release and language, the view that all its pages share, and the controls that stand on several.

The only module beside the pages that imports Streamlit.
"""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import streamlit as st

from dashboard import current, language, likelihood, weighing
from dashboard.language import LANGUAGES, _, ngettext
from dashboard.links import ALL_REGIONS, View, as_text, read_view
from dashboard.measures import NOT_A_PROBABILITY, PARTS, outcome_title
from dashboard.reading import has_forecasts, newest_frame, opened
from dashboard.store import choices, names, rows_of_year, titles
from release import ReleaseError

# Streamlit forgets what was chosen with a control once a page is drawn without it, and goes back to what the key first
# held. Theirs are therefore taken from the view at each run, and written into it the moment they are chosen.
NOT_ALWAYS_DRAWN = ("outcome", "window", "against", "treaty", "month", "drivers", "as_of")
PROBLEMS = 5  # of a link that are told one by one
DOCUMENT = Path(__file__).parent / "document.js"


def begin() -> None:
    """Open the visit's release and language for the run of a page; the first run of a visit finds the newest release.

    Raises:
        ReleaseError: there is no release that can be shown.
    """
    if "edition" not in st.session_state:
        st.session_state["edition"], st.session_state["edition_problems"] = current.find_newest()
    st.session_state["spoken"] = _asked_language()
    wanted = (st.session_state["spoken"] or st.context.locale or "").lower()
    current.use(st.session_state["edition"], next((code for code in LANGUAGES if wanted.startswith(code)), "en"))


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
        tell_document = st.components.v2.component("document", js=DOCUMENT.read_text("utf-8"), isolate_styles=False)
        about = {"lang": current.language(), "dir": language.direction()}
        tell_document(key="document", data=about | {"skip": _("Skip to the content"), "table": _("Table, scrollable")})


def _keep_language() -> None:
    """Write the language into the address; read from there, the view and its controls are drawn anew in it."""
    st.query_params["lang"] = st.session_state["language"]


def heading(title: str) -> Any:
    """The page's title, with the release, its date and what the index is not; returns the title's place."""
    place = st.empty()
    place.title(title)
    said = _("Release **{id}**, as known on {day}.").format(id=opened().id, day=language.day(opened().as_of))
    st.caption(f"{said} {_(NOT_A_PROBABILITY)}")
    for problem in st.session_state.get("edition_problems", []):
        st.warning(_("A newer release cannot be shown: {problem}").format(problem=problem))
    if damaged := current.edition().damaged:
        text = _("Files of this release are damaged, and what they hold is not shown or not to be relied on: {files}.")
        st.warning(text.format(files=as_text(", ".join(damaged))))
    return place


def tell_error(error: ReleaseError) -> None:
    """Say why a page cannot be drawn, or not to its end; a visit whose release was replaced can begin anew."""
    if isinstance(error, current.Replaced):
        text = _("The release {id} was replaced while you looked at it, and numbers of two are never mixed.")
        st.warning(text.format(id=error))
        st.button(_("Show the newest release"), on_click=st.session_state.clear)
    elif "came_from" in st.session_state:
        st.error(_("This part of the release cannot be shown. {error}").format(error=error))
    else:
        st.error(_("The dashboard has no release to show. {error}").format(error=error))


def open_view(page: str) -> View:
    """The reader's view: what the link asks for, else what was looked at before, else the newest year of the world.

    Says on the page what the link asks for in vain. Widgets whose key is a field of the view start from it.
    """
    default = View(next(iter(names())), choices().year[-1], PARTS[0].code, ALL_REGIONS)
    view = replace(st.session_state.get("view", default), lang=st.session_state["spoken"])
    came_from = st.session_state.get("came_from")
    asked = st.query_params.to_dict()
    if came_from != (page, asked):
        view, problems = read_view(asked, choices(), view)
        _warn(problems, describe_view(view))
        st.session_state.update(asdict(view))
    for name in NOT_ALWAYS_DRAWN:
        if st.session_state.get(name) != getattr(view, name):
            st.session_state[name] = getattr(view, name)
    return keep_view(page, view)


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
    """Keep what was chosen with the control of this name, one of `NOT_ALWAYS_DRAWN`: for its `on_change`."""
    keep_view(page, st.session_state["view"], **{name: st.session_state[name]})


def pick_country(page: str, iso3: str) -> None:
    """Look at another row: for clicks, which come before the page is drawn again."""
    keep_view(page, st.session_state["view"], country=iso3)
    st.session_state["country"] = iso3


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


def open_weights() -> weighing.Weights:
    """The weights that the Method page's link asks for; its controls start from them. Says what is asked in vain."""
    params = st.query_params.to_dict()
    asked = {name: params[name] for name in weighing.PARAMS if name in params}
    codes = newest_frame().codes
    states = rows_of_year(PARTS[0].code, choices().year[-1], 0)["iso3"].tolist()
    weights, problems = weighing.read_weights(asked, codes, states)
    drawn_before = f"weight_{codes[0]}" in st.session_state
    if not drawn_before or st.session_state.get("weights_from") != asked:
        _warn(problems, weights.text())
        set_weights(weights)
    return weights


def set_weights(weights: weighing.Weights) -> None:
    """Put the controls of the Method page to these weights."""
    st.session_state.update({f"weight_{code}": weight for code, weight in weights.factors})
    st.session_state.update({"weight_structural": weights.structural, "weight_country": weights.country})


def keep_weights(weights: weighing.Weights) -> None:
    """Write the weights into the Method page's address; no other page carries them."""
    params = weights.as_params()
    spoken = {"lang": st.session_state["spoken"]} if st.session_state["spoken"] else {}
    if st.query_params.to_dict() != params | spoken:
        st.query_params.from_dict(params | spoken)
    st.session_state["weights_from"] = params
