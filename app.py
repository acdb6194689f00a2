"""The dashboard's page settings and navigation; for a server that imports it, the application with its files."""

from pathlib import Path

import streamlit as st
from streamlit.starlette import App

from dashboard import serving, visit
from dashboard.language import N_, _
from release import ReleaseError

PAGES = {
    "world_map": N_("World map"),
    "country": N_("Country"),
    "compare": N_("Compare"),
    "my_list": N_("My list"),
    "briefings": N_("Briefings"),
    "watch": N_("Watch"),
    "shared_drivers": N_("Shared drivers"),
    "commitments": N_("Commitments"),
    "track_record": N_("Track record"),
    "method": N_("Method"),
    "download": N_("Download"),
    "about": N_("About"),
    "operators": N_("Operators"),
}

if __name__ != "__main__":  # `streamlit run app.py` and asgi.py import it; each visit then runs it
    app = App(__file__, on_script_error=visit.tell_failure, **serving.parts(visit.forgetting))
else:
    st.html(Path(__file__).parent / "dashboard/style.css")
    try:
        visit.begin()
        page = st.navigation(visit.list_pages(PAGES), position="top")
        named = _("{page} · Upstream: early warning of mass atrocities").format(page=page.title)
        st.set_page_config(page_title=named, layout="wide")
        visit.choose_language()
        page.run()
    except ReleaseError as error:
        visit.tell_error(error)
