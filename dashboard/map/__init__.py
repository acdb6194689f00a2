"""The world map as a Streamlit component of our own: an SVG in the page, no library and nothing from elsewhere.

Two elements make one map. The first holds program and film (`film.py`), is the same at every run, and so is sent once;
the second holds what changes, a few hundred bytes. `map.js` draws when both speak of the same film.
"""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from dashboard import current, language

FOLDER = Path(__file__).parent
PROGRAM = ("film.js", "legend.js", "map.js")
WORLD = FOLDER.parents[1] / "static/world.json"  # written by indicators/boundaries.py
SHAPES = f"app/static/world.json?{hashlib.sha256(WORLD.read_bytes()).hexdigest()[:8]}"  # no browser keeps an older one


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


_drawing = st.components.v2.component("upstream_map", css=_read("map.css"), js="".join(map(_read, PROGRAM)))
_state = st.components.v2.component("upstream_map_state", js=_read("state.js"), isolate_styles=False)


def draw_map(
    key: str,
    film: tuple[str, bytes],
    *,
    year: int,
    title: str,
    country: str = "",
    region: str = "",
    only: tuple[str, ...] | None = None,
    cover: int = 0,
    since: int = 0,
    still: str = "",
    on_year: Callable[[int], None] = lambda year: None,
    on_pick: Callable[[str], None] = lambda iso3: None,
) -> None:
    """Draw a map in this place of the page.

    `film` from `film.pack`; `title` names the map, with `{year}` for the year shown; `region` "" = all; `only` these
    rows, None = all; `cover` in per
    cent; `since` = 0 for no comparison; `still` = "" for no small maps. The callbacks come before the page runs again.
    """
    name, packed = film
    about = json.dumps({"map": key, "film": name, "shapes": SHAPES})
    _drawing(
        key=key,
        data=about.encode() + b"\n" + packed,
        on_year_change=lambda: on_year(int(st.session_state[key]["year"])),
        on_picked_change=lambda: on_pick(str(st.session_state[key]["picked"])),
    )
    _state(
        key=f"{key}_state",
        data={
            "map": key,
            "film": name,
            "year": year,
            "title": title,
            "country": country,
            "region": region,
            "only": only,
            "cover": cover,
            "since": since,
            "still": still,
            "language": current.language(),
            "direction": language.direction(),
        },
    )
