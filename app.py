"""The dashboard's page settings and navigation."""

from pathlib import Path

import streamlit as st

from dashboard import visit
from dashboard.language import _
from release import ReleaseError

PAGES = Path("dashboard/pages")
st.set_page_config(page_title="Upstream: early warning of mass atrocities", layout="wide")
st.html(Path(__file__).parent / "dashboard/style.css")
try:
    visit.begin()
    page = st.navigation(
        [
            st.Page(PAGES / "world_map.py", title=_("World map"), default=True),
            st.Page(PAGES / "country.py", title=_("Country")),
            st.Page(PAGES / "compare.py", title=_("Compare")),
            st.Page(PAGES / "my_list.py", title=_("My list")),
            st.Page(PAGES / "briefings.py", title=_("Briefings")),
            st.Page(PAGES / "watch.py", title=_("Watch")),
            st.Page(PAGES / "shared_drivers.py", title=_("Shared drivers")),
            st.Page(PAGES / "commitments.py", title=_("Commitments")),
            st.Page(PAGES / "track_record.py", title=_("Track record")),
            st.Page(PAGES / "method.py", title=_("Method")),
            st.Page(PAGES / "download.py", title=_("Download")),
            st.Page(PAGES / "about.py", title=_("About")),
        ],
        position="top",
    )
    named = _("{page} · Upstream: early warning of mass atrocities").format(page=page.title)
    st.set_page_config(page_title=named)
    visit.choose_language()
    page.run()
except ReleaseError as error:
    visit.tell_error(error)
