"""The dashboard's page settings and navigation; for a server that imports it, the application with its files."""

from pathlib import Path

import streamlit as st
from streamlit.starlette import App

from dashboard import addresses, visit
from dashboard.language import _
from release import ReleaseError

PAGES = Path("dashboard/pages")
if __name__ != "__main__":  # `streamlit run app.py` and asgi.py import it; each visit then runs it
    app = App(__file__, routes=addresses.routes())
else:
    st.set_page_config(page_title="Upstream: early warning of mass atrocities", layout="wide")
    st.html(Path(__file__).parent / "dashboard/style.css")
    try:
        visit.begin()
        page = st.navigation(
            [
                st.Page(PAGES / "world_map.py", title=_("World map"), default=True),
                st.Page(PAGES / "country.py", title=_("Country")),
                st.Page(PAGES / "watch.py", title=_("Watch")),
                st.Page(PAGES / "shared_drivers.py", title=_("Shared drivers")),
                st.Page(PAGES / "commitments.py", title=_("Commitments")),
                st.Page(PAGES / "track_record.py", title=_("Track record")),
                st.Page(PAGES / "method.py", title=_("Method")),
                st.Page(PAGES / "download.py", title=_("Download")),
            ],
            position="top",
        )
        visit.choose_language()
        page.run()
    except ReleaseError as error:
        st.error(_("The dashboard has no release to show. {error}").format(error=error))
