"""One visit: its release and language, the view that all its pages share, and the controls that stand on several.

The only module beside the pages that imports Streamlit.
"""

from dataclasses import asdict, replace
from typing import Any

import streamlit as st

from dashboard import current, language, likelihood, weighing
from dashboard.language import LANGUAGES, _, ngettext
from dashboard.links import ALL_REGIONS, View, read_view
from dashboard.measures import NOT_A_PROBABILITY, PARTS, outcome_title
from dashboard.reading import has_forecasts, newest_frame, opened
from dashboard.store import choices, names, rows_of_year, titles

# Streamlit forgets what was chosen with a control once a page is drawn without it, and goes back to what the key first
# held. Theirs are therefore taken from the view at each run, and written into it the moment they are chosen.
NOT_ALWAYS_DRAWN = (
    *("outcome", "window", "against", "treaty", "month", "drivers", "as_of"),
    *("table", "table_states", "table_from", "table_to", "table_outcomes", "table_windows", "table_designs"),
    *("table_models", "table_head"),
)


def begin() -> None:
    """Open the visit's release and language for the run of a page; the first run of a visit finds the newest release.

    Raises:
        ReleaseError: there is no release that can be shown.
    """
    if "edition" not in st.session_state:
        st.session_state["edition"], st.session_state["edition_problems"] = current.find_newest()
    current.use(st.session_state["edition"], _asked_language())


def _asked_language() -> str:
    """The language of the link, else that of the visit so far, else the browser's first; English if we lack it."""
    seen = st.session_state["view"].lang if "view" in st.session_state else ""
    asked = (st.query_params.get("lang") or seen or st.context.locale or "").lower()
    return next((code for code in LANGUAGES if asked.startswith(code)), "en")


def choose_language() -> None:
    """The choice of language, on every page; and how the page is written, for the browser and its readers aloud."""
    if st.session_state.get("language") != current.language():
        st.session_state["language"] = current.language()
    st.selectbox(
        _("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        key="language",
        on_change=_keep_language,
        label_visibility="collapsed",
    )


def _keep_language() -> None:
    """Write the language into the address, and forget texts that a link's problems were told in."""
    view = replace(st.session_state["view"], lang=st.session_state["language"])
    st.session_state["view"] = view
    st.query_params["lang"] = view.lang
    page, _params = st.session_state["came_from"]
    st.session_state["came_from"] = (page, st.query_params.to_dict())


def heading(title: str) -> Any:
    """The page's title, with the release, its date and what the index is not; returns the title's place."""
    place = st.empty()
    place.title(title)
    said = _("Release **{id}**, as known on {day}.").format(id=opened().id, day=language.day(opened().as_of))
    st.caption(f"{said} {_(NOT_A_PROBABILITY)}")
    for problem in st.session_state.get("edition_problems", []):
        st.warning(_("A newer release cannot be shown: {problem}").format(problem=problem))
    return place


def open_view(page: str) -> View:
    """The reader's view: what the link asks for, else what was looked at before, else the newest year of the world.

    Says on the page what the link asks for in vain. Widgets whose key is a field of the view start from it.
    """
    default = View(next(iter(names())), choices().year[-1], PARTS[0].code, ALL_REGIONS)
    view = st.session_state.get("view", default)
    came_from = st.session_state.get("came_from")
    asked = st.query_params.to_dict()
    if came_from != (page, asked):
        view, problems = read_view(asked, choices(), view)
        for problem in problems:
            st.warning(_("{problem} Shown instead: {view}.").format(problem=problem, view=describe_view(view)))
        st.session_state.update(asdict(view))
    for name in NOT_ALWAYS_DRAWN:
        value = getattr(view, name)
        held = list(value) if isinstance(value, tuple) else value  # what a control for several gives
        if st.session_state.get(name) != held:
            st.session_state[name] = held
    return keep_view(page, view)


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
    chosen = st.session_state[name]
    keep_view(page, st.session_state["view"], **{name: tuple(chosen) if isinstance(chosen, list) else chosen})


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
        for problem in problems:
            st.warning(_("{problem} Shown instead: {view}.").format(problem=problem, view=weights.text()))
        set_weights(weights)
    return weights


def set_weights(weights: weighing.Weights) -> None:
    """Put the controls of the Method page to these weights."""
    st.session_state.update({f"weight_{code}": weight for code, weight in weights.factors})
    st.session_state.update({"weight_structural": weights.structural, "weight_country": weights.country})


def keep_weights(weights: weighing.Weights) -> None:
    """Write the weights into the Method page's address; no other page carries them."""
    params = weights.as_params()
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    st.session_state["weights_from"] = params
