"""Briefings: two pages on a State, four on a region or the reader's own list, to read here and to take away."""

import streamlit as st

from dashboard import briefing, current, store, visit
from dashboard.brief import render
from dashboard.brief.model import BriefError
from dashboard.briefing import COUNTRY, LIST, REGION, Subject
from dashboard.language import N_, _

PAGE = "briefings"
KINDS = {"": N_("A State"), REGION: N_("A region"), LIST: N_("My list")}
FIELDS = {"": "country", REGION: "region", LIST: "mine"}  # of the view, in which the choice is kept

visit.heading(_("Briefings"))
view = visit.open_view(PAGE)
options, names = store.choices(), store.names()


def choose_subject() -> Subject:
    """The subject of the reader's choice."""
    left, right = st.columns([1, 2])
    kind = left.radio(
        _("Briefing on"),
        options.brief,
        format_func=lambda code: _(KINDS[code]),
        key="brief",
        horizontal=True,
        on_change=visit.keep_choice,
        args=(PAGE, "brief"),
    )
    visit.put_control(FIELDS[kind])
    with right:
        return Subject(kind or COUNTRY, choose_list() if kind == LIST else (choose_one(FIELDS[kind]),))


def choose_one(field: str) -> str:
    """One State or region."""
    shown = names.__getitem__ if field == "country" else _
    label = _("State (type to search)") if field == "country" else _("Region")
    chosen = getattr(options, field)
    return st.selectbox(label, chosen, format_func=shown, key=field, on_change=visit.keep_choice, args=(PAGE, field))


def choose_list() -> tuple[str, ...]:
    """The States of the reader's own list, which stands in the address."""
    chosen = st.multiselect(
        _("States on my list (type to search)"),
        options.country,
        format_func=names.__getitem__,
        key="mine",
        on_change=visit.keep_choice,
        args=(PAGE, "mine"),
    )
    return tuple(chosen)


def offer(subject: Subject, form: str, label: str) -> None:
    """A button that makes the file when it is asked for."""
    st.download_button(
        label,
        current.within(lambda: briefing.make(subject, form)),
        briefing.file_name(subject, form),
        briefing.MEDIA[form],
        on_click="ignore",
        key=f"brief_{form}",
    )


subject = choose_subject()
if subject.kind == LIST and not subject.codes:
    st.info(_("Your list is empty: choose at least one State above."))
    st.stop()
try:
    brief = briefing.brief_of(subject)
except BriefError as error:
    st.info(str(error))
    st.stop()
if subject.kind == LIST:
    visit.link("my_list", _("This list as a table: where structural prevention has most to gain →"))
with st.container(horizontal=True):
    try:
        render.fonts()
        offer(subject, "pdf", _("Download as PDF, to print or mail"))
    except BriefError as error:
        st.info(str(error))
    offer(subject, "html", _("Download as HTML, one file"))
st.html(render.to_fragment(brief))
