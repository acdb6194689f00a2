"""About: what it is for, what it must not be used for, how to cite it, and how it treats its readers."""

import streamlit as st

from dashboard import about, access, method, reading, visit
from dashboard.language import _

visit.heading(_("About"))
visit.open_view("about")
package = reading.opened().package

st.markdown(about.paragraphs(about.PURPOSE))
st.subheader(_("Whom it is for"))
st.markdown(about.points(about.READERS))
st.subheader(_("What it cannot do"))
st.markdown(about.points(about.LIMITS))
with st.container(horizontal=True):
    visit.link("track_record", _("Track record →"))
    visit.link("method", _("Method →"))
st.subheader(_("What the numbers must not be used for"))
st.markdown(about.points(about.MISUSES))
st.subheader(_("Do no harm"))
st.markdown(about.points(about.CARE))
st.caption(_("`docs/ethics.md` in the repository says more of each."))
st.subheader(_("How to cite"))
st.code(method.citation(package, reading.table("sources")), language=None, wrap_lines=True)
st.code(about.bibtex(package), language="latex", wrap_lines=True)
st.subheader(_("Licences"))
st.markdown(about.licences(package))
visit.link("download", _("All files →"))
st.subheader(_("Privacy"))
st.markdown(about.privacy(access.is_on()))
st.subheader(_("Languages"))
st.markdown(about.languages())
st.subheader(_("Corrections"))
st.markdown(about.points(about.CORRECTIONS))
st.subheader(_("Accessibility"))
st.markdown(about.points(about.ACCESSIBILITY))
