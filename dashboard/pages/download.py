"""Download: every table of the release, with size, hash and licence."""

import streamlit as st

from dashboard import method, reading, store, visit
from dashboard.language import _

visit.heading(_("Download"))
visit.open_view("download")
opened = reading.opened()
package, licence = opened.package, opened.package["licenses"][0]

st.markdown(
    f"Everything on screen comes from these files. Release **{opened.id}** is under "
    f"[{licence['title']}]({licence['path']}); values that come from one source are under that source's licence, "
    "listed on the Method page and in the table `sources`. An empty cell is a missing value, never zero."
)
st.subheader("How to cite")
st.code(method.citation(package, reading.table("sources")), language=None, wrap_lines=True)

st.subheader("Files")
st.caption("`datapackage.json` describes every file and column, with types and hashes (Frictionless Data Package).")
groups = method.files_by_table(package)
package_file = {"path": "datapackage.json", "label": "JSON", "mediatype": "application/json", "title": "Data package"}
for name, files in (groups | {"datapackage": [package_file | {"size": ""}]}).items():
    with st.container(border=True):
        st.markdown(method.describe_files(name, files))
        with st.container(horizontal=True):
            for file in files:
                st.download_button(
                    f"{name} as {file['label']} {file['size']}".strip(),
                    store.reader_of(file["path"]),
                    f"{package['name']}-{file['path']}",
                    file["mediatype"],
                    on_click="ignore",
                    key=file["path"],
                )
with st.expander("Hashes (sha256) of the files"):
    st.caption("`sha256sum FILE` prints the hash of a file you downloaded.")
    st.table(method.hashes(package))
