"""Download: every table of the release, with size, hash and licence."""

import streamlit as st

from dashboard import current, method, reading, store, visit
from dashboard.language import _

visit.heading(_("Download"))
visit.keep_view("download", visit.open_view("download"))
opened = reading.opened()
package, licence = opened.package, opened.package["licenses"][0]

st.markdown(
    _(
        "Everything on screen comes from these files. Release **{id}** is under [{licence}]({address}); values that "
        "come from one source are under that source's licence, listed on the Method page and in the table `sources`. "
        "An empty cell is a missing value, never zero."
    ).format(id=opened.id, licence=licence["title"], address=licence["path"])
)
st.subheader(_("How to cite"))
st.code(method.citation(package, reading.table("sources")), language=None, wrap_lines=True)

st.subheader(_("Files"))
st.caption(_("`datapackage.json` describes every file and column, with types and hashes (Frictionless Data Package)."))
groups = method.files_by_table(package)
package_file = {"path": "datapackage.json", "label": "JSON", "mediatype": "application/json", "title": method.PACKAGE}
for name, files in (groups | {"datapackage": [package_file | {"size": ""}]}).items():
    with st.container(border=True):
        st.markdown(method.describe_files(name, files))
        with st.container(horizontal=True):
            for file in files:
                label = _("{table} as {format} {size}").format(table=name, format=file["label"], size=file["size"])
                st.download_button(
                    label.strip(),
                    current.within(store.reader_of(file["path"])),
                    f"{package['name']}-{file['path']}",
                    file["mediatype"],
                    on_click="ignore",
                    key=file["path"],
                )
with st.expander(_("Hashes (sha256) of the files")):
    st.caption(_("`sha256sum FILE` prints the hash of a file you downloaded."))
    st.table(method.hashes(package))
