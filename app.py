"""The dashboard's page settings and navigation."""

from pathlib import Path

import streamlit as st

st.set_page_config(page_title="Upstream: early warning of mass atrocities", layout="wide")
st.html(Path(__file__).parent / "dashboard/style.css")
st.navigation(
    [
        st.Page("dashboard/pages/world_map.py", title="World map", default=True),
        st.Page("dashboard/pages/country.py", title="Country"),
        st.Page("dashboard/pages/watch.py", title="Watch"),
        st.Page("dashboard/pages/shared_drivers.py", title="Shared drivers"),
        st.Page("dashboard/pages/commitments.py", title="Commitments"),
        st.Page("dashboard/pages/track_record.py", title="Track record"),
        st.Page("dashboard/pages/method.py", title="Method"),
        st.Page("dashboard/pages/download.py", title="Download"),
    ],
    position="top",
).run()
