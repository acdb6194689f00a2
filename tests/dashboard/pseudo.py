"""A pseudo-language for tests: every text that went through the catalogue stands in ⟦ ⟧, so that what did not is seen.

Each run of words of a message is marked by itself and places for numbers and names stay outside: a text that is put
into a translated sentence without being translated is found as well.
"""

import gettext
import json
import re
import string
from collections.abc import Iterator
from typing import Any

import pandas as pd
from streamlit.testing.v1 import AppTest

MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
WORD = re.compile(r"[^\W\d_]{2,}")  # one letter is a unit or a mark, not a text
ADDRESS = re.compile(r"https?://\S+|]\(#\w+\)|@misc.*", re.DOTALL)
# Fields of Streamlit's elements that hold names and settings for the browser, nothing that is read.
TECHNICAL = {
    *("id", "spec", "config", "tag", "theme", "type", "page", "page_script_hash", "url", "icon", "key", "form_id"),
    *(
        "deferred_file_id",
        "element_type",
        "language",
        "columns",
        "format",
        "styler",
        "data",
        "selection_mode",
        "figure",
    ),
    *("url_path", "query_string", "anchor"),
}


class Pseudo(gettext.NullTranslations):
    """A catalogue that marks what it is asked for."""

    def gettext(self, message: str) -> str:
        return mark(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return mark(msgid1 if n == 1 else msgid2)


def mark(text: str) -> str:
    """The text with ⟦ ⟧ around each run of words: "of {count} States" -> "⟦of ⟧{count}⟦ States⟧"."""
    parts = []
    for words, name, spec, conversion in string.Formatter().parse(text):
        literal = words.replace("{", "{{").replace("}", "}}") if "{" in text and name is not None else words
        parts.append(f"⟦{literal}⟧" if any(letter.isalpha() for letter in literal) else literal)
        if name is not None:
            parts.append(f"{{{name}{f'!{conversion}' if conversion else ''}{f':{spec}' if spec else ''}}}")
    return "".join(parts)


def open_all(app: AppTest) -> AppTest:
    """The page with every expander open, those within others too."""
    for _round in range(3):
        closed = [key for key in _expanders(app._tree) if not app.session_state[key]]
        if not closed:
            break
        for key in closed:
            app.session_state[key] = True
        app.run()
    return app


def _expanders(block: Any) -> Iterator[str]:
    """Keys of the expanders that draw what is in them only when they are open."""
    for child in block.children.values():
        if child.type == "expander" and child.proto.id:
            yield child.proto.id.split("-", 2)[2]
        if hasattr(child, "children"):
            yield from _expanders(child)


def shown(app: AppTest) -> list[str]:
    """Every text of the page as the reader, or a program that reads it aloud, gets it; without those of charts."""
    return list(_texts(app._tree))


def _texts(block: Any) -> Iterator[str]:
    for child in block.children.values():
        if child.type == "bidi_component":
            yield from _told(child.proto.json)
        elif getattr(child, "proto", None) is not None and child.type != "html":
            yield from _strings(child.proto)
        if child.type in ("dataframe", "table", "arrow_data_frame", "arrow_table"):
            yield from _cells(child.value)
        if hasattr(child, "children"):
            yield from _texts(child)


def _told(state: str) -> list[str]:
    """What a component of our own says of what the server tells it."""
    return [text for name, text in json.loads(state or "{}").items() if name in ("skip", "table", "title")]


def _strings(proto: Any) -> Iterator[str]:
    """The strings of an element that are read; what a table holds is not among them."""
    for field, value in proto.ListFields():
        if field.name in TECHNICAL:
            continue
        for each in value if isinstance(value, list) or hasattr(value, "append") else [value]:
            if isinstance(each, str):
                yield each
            elif hasattr(each, "ListFields"):
                yield from _strings(each)


def _cells(table: pd.DataFrame) -> Iterator[str]:
    """Names of columns and of the index, and all cells that are text, each once."""
    names = [*table.columns, *table.index.names, *table.index]
    cells = [cell for column in table for cell in table[column].unique()]
    yield from dict.fromkeys(text for text in (*names, *cells) if isinstance(text, str))


def in_charts(app: AppTest) -> list[str]:
    """Titles, legends, labels and texts under the pointer of all charts; data that are not text are left out."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return list(dict.fromkeys(text for spec in specs for text in _of_chart(spec)))


CHART_TEXTS = {"title", "text", "name", "ticktext", "hovertemplate", "texttemplate", "customdata", "x", "y"}


def _of_chart(part: Any, inside: str = "") -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name not in ("template", "marker"):
                yield from _of_chart(value, name)
    elif isinstance(part, list):
        for each in part:
            yield from _of_chart(each, inside)
    elif isinstance(part, str) and inside in CHART_TEXTS:
        yield re.sub(r"%\{[^}]*\}|<[^>]*>", " ", part)


def untranslated(texts: list[str], allowed: list[str]) -> list[str]:
    """The texts that have words outside the marks which are not allowed there: names, codes, originals.

    Each is given as what is left of it.
    """
    keep = sorted(filter(None, allowed), key=len, reverse=True)
    known = re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in keep)) if keep else None
    left = []
    for text in texts:
        rest = ADDRESS.sub("", MARKED.sub(" ", text))
        rest = known.sub(" ", rest) if known else rest
        if WORD.search(rest):
            left.append(" ".join(rest.split()))
    return list(dict.fromkeys(left))
