"""Operators: the release served, how old its data are, the ledger, and how this process does. In no menu."""

import streamlit as st

from dashboard import current, health, language, logs, reading, store, visit
from dashboard.language import _
from dashboard.links import as_text

PAGE = "operators"
visit.heading(_("Operators"))
visit.keep_view(PAGE, visit.open_view(PAGE))
opened, damaged = reading.opened(), current.edition().damaged

st.markdown(_("For those who run this copy. Nothing here is about readers. `/healthz` tells programs the main of it."))
st.subheader(_("Release"))
st.markdown(
    _("**{id}**, as known on {day}, {age} days ago. {due}").format(
        id=opened.id,
        day=language.day(opened.as_of),
        age=language.number((current.today() - opened.as_of).days),
        due=reading.due_text(),
    )
)
st.markdown(
    _("Damaged files: {files}.").format(files=as_text(", ".join(damaged))) if damaged else _("No file is damaged.")
)
st.subheader(_("Ledger"))
st.markdown(store.ledger_text())

st.subheader(_("Sources"))
st.caption(
    _(
        "Age: days since the end of the last year with data; none while that year is not over. Due: by the usual lag "
        "of the source, the data of that year are out on that day. Some sources end and have no later year."
    )
)
st.dataframe(health.age_table(health.ages_of_sources()), hide_index=True, alt=_("Each source with the age of its data"))

st.subheader(_("This process"))
if health.shows_process():
    st.table(health.process(), border="horizontal")
    counted = {name: language.number(count) for name, count in sorted(logs.failures.items())}
    st.markdown(_("Errors since the start, by kind:") if counted else _("No error since the start."))
    if counted:
        st.table(counted, border="horizontal")
else:
    st.markdown(
        _("Memory, open visits, versions and errors are shown with sign-in, or if `{name}` is 1.").format(
            name=health.OPERATORS
        )
    )
