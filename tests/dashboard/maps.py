"""What a page's maps were sent, for tests: a film (all years) and a state (what is shown of it), by the map's key."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from dashboard import film


def films(app: AppTest) -> dict[str, dict[str, Any]]:
    """The content of each map's film by its key, with the `id` and the address of the `shapes` it was sent with."""
    sent = [element.proto.bytes for element in app.get("bidi_component") if element.proto.bytes]
    found = {}
    for line, packed in (each.split(b"\n", 1) for each in sent):
        about = json.loads(line)
        found[about["map"]] = film.unpack(packed) | {"id": about["film"], "shapes": about["shapes"]}
    return found


def states(app: AppTest) -> dict[str, dict[str, Any]]:
    """The state of each map by its key."""
    sent = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    return {state["map"]: state for state in sent if "map" in state}


def column(content: dict[str, Any], name: str, year: int) -> dict[str, Any]:
    """A column of a film in one year by row; what is not known is left out, words are spelt out."""
    first, last = content["years"]
    told = content["columns"][name]
    found = {}
    for at, row in enumerate(content["rows"]):
        cells = told["values"]
        value = cells[at * (last - first + 1) + year - first] if cells else None
        if value is not None:
            found[row] = told["words"][value] if "words" in told else value
    return found


def holder(content: dict[str, Any], place: str, year: int) -> str:
    """The row whose value a place shows in a year; "" if none."""
    state = next(each[2] for each in content["places"] if each[0] == place)
    runs = content["held"].get(state, [])
    return next((row for row, first, last in runs if first <= year <= last), "")
