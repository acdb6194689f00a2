"""Download: lines of a table that the reader chooses, every file of the release, and how to cite it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import addresses, choosing, current, exports, hub, method, reading, store, visit
from dashboard.language import _, number

visit.heading(_("Download"))
view = visit.keep_view("download", visit.open_view("download"))
opened = reading.opened()
package, licence = opened.package, opened.package["licenses"][0]
ROOT = Path(__file__).parents[2]


def choose_several(name: str, label: str, options: list[str], shown: Callable[[str], str]) -> None:
    """A control for several values of a field of the view; nothing chosen = all."""
    st.multiselect(
        label,
        options,
        format_func=shown,
        key=name,
        placeholder=_("All"),
        on_change=visit.keep_choice,
        args=("download", name),
    )


def choose_one(name: str, label: str, options: list[str], shown: Callable[[str], str]) -> None:
    """A control for one value of a field of the view."""
    st.selectbox(label, options, format_func=shown, key=name, on_change=visit.keep_choice, args=("download", name))


st.markdown(
    _(
        "Everything on screen comes from these files. Release **{id}** is under [{licence}]({address}); values that "
        "come from one source are under that source's licence, listed on the Method page and in the table `sources`. "
        "An empty cell is a missing value, never zero."
    ).format(id=opened.id, licence=licence["title"], address=licence["path"])
)
st.subheader(_("How to cite"))
st.code(method.citation(package, reading.table("sources")), language=None, wrap_lines=True)
st.code(method.bibtex(package), language="bibtex", wrap_lines=True)
st.download_button(
    _("CITATION.cff of the program and its newest release"),
    lambda: (ROOT / "CITATION.cff").read_bytes(),
    "CITATION.cff",
    "text/yaml",
    on_click="ignore",
    key="cff",
)

st.subheader(_("Choose lines of a table"))
tables = opened.tables()
st.session_state["table"] = wanted_table = view.table or choosing.FIRST
choose_one("table", _("Table"), tables, partial(choosing.table_title, opened))
wanted = choosing.wanted(view, wanted_table)
possible = exports.can_choose(exports.schema_of(opened, wanted_table))
if possible:
    years = ["", *store.choices().table_from]
    with st.container(horizontal=True):
        if "states" in possible:
            choose_several("table_states", _("States"), list(store.names()), store.names().__getitem__)
        if "first" in possible:
            choose_one("table_from", _("From year"), years, choosing.year_text)
            choose_one("table_to", _("To year"), years, choosing.year_text)
    with st.container(horizontal=True):
        for kind, (label, shown) in choosing.kinds().items():
            if kind in possible:
                options = list(getattr(store.choices(), f"table_{kind}"))
                choose_several(f"table_{kind}", label, options, shown)
st.radio(
    _("Under the names of the columns"),
    ["", "hxl"],
    format_func=choosing.head_text,
    key="table_head",
    horizontal=True,
    on_change=visit.keep_choice,
    args=("download", "table_head"),
)
rows = exports.count(opened, wanted)
st.markdown(choosing.rows_text(rows, wanted, store.names()))
if exports.has_own_terms(opened, wanted_table):
    st.warning(_(exports.OWN_TERMS))
with st.container(horizontal=True):
    for label, ending, media, make in choosing.makers(opened, wanted, view.table_head, rows, store.names()):
        st.download_button(
            _("These lines as {kind}").format(kind=label),
            current.within(make),
            choosing.file_name(package["name"], wanted, ending),
            media,
            on_click="ignore",
            key=f"chosen_{ending}",
            disabled=rows == 0,
        )
if rows > exports.SHEET:
    st.caption(
        _("XLSX holds at most {count} lines here; choose fewer, or take CSV or Parquet.").format(
            count=number(exports.SHEET)
        )
    )
with st.expander(_("Columns of this table")):
    described = exports.codebook(opened, wanted_table)
    st.dataframe(choosing.codebook_shown(described), hide_index=True, width="stretch")
    st.download_button(
        _("Codebook of {table} as CSV").format(table=wanted_table),
        current.within(lambda: exports.table_csv(described)),
        f"{package['name']}-{wanted_table}-codebook.csv",
        "text/csv",
        on_click="ignore",
        key="chosen_codebook",
    )

if "forecasts" in tables:
    st.subheader(_("Forecasts for a forecast hub"))
    st.markdown(_(choosing.HUB))
    st.download_button(
        _("Forecasts in the layout of the hubverse (CSV)"),
        current.within(lambda: hub.model_output(reading.table("forecasts"), opened.as_of).to_csv(index=False)),
        hub.file_name(opened.as_of),
        "text/csv",
        on_click="ignore",
        key="hub",
    )

st.subheader(_("From a program"))
address = choosing.address_of(st.context.url) + f"{addresses.PREFIX}/{opened.id}"
st.markdown(_(choosing.ADDRESSES))
st.code(choosing.example(address), language="python", wrap_lines=True)

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
    st.markdown(
        _("Beside downloaded files, `sha256sum -c --ignore-missing {name}` checks those that are there.").format(
            name=f"{package['name']}-{addresses.SUMS}"
        )
    )
    st.download_button(
        _("All hashes, for `sha256sum -c`"),
        lambda: addresses.sums(package["resources"], f"{package['name']}-"),
        f"{package['name']}-{addresses.SUMS}",
        "text/plain",
        on_click="ignore",
        key="sums",
    )
