"""All years of a map in one piece, for the browser: values, sentences and what each place shows. Needs no Streamlit.

The browser draws another year without asking. It makes no sentence of its own: every text is a template in the
language in use, `{name}` standing for a column of the cell, or a whole text that was made here.
"""

import hashlib
import json
import math
import zlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from dashboard.looks import Look

WORDS, PERCENT = "words", "percent"


@dataclass(frozen=True)
class Film:
    """A map over the years.

    `rows`: one line per row and year: iso3, year, region, country (its name then), note, `value` (drawn as a colour,
    missing = none), `cover` (0 to 1), `wide` (1 = uncertain), and the columns that the sentences name. `columns`: how
    a column is told: a number of digits, PERCENT or WORDS. `lines`: for each line under a place's heading the
    sentences to choose from; the first whose columns are all known is told. `pair`: the same for a comparison with an
    earlier year, whose columns end in `_since`; `change` is the difference, told in points or in times. `texts` as in
    `atlas.py`. `looks`: of values and, if there is more than one year, of differences. `stills`: years of small maps.
    """

    rows: pd.DataFrame
    columns: dict[str, int | str]
    lines: list[list[str]]
    pair: list[list[str]]
    texts: dict[str, str]
    looks: tuple[Look, ...]
    years: range
    decimal: str = "."
    percent: str = "{}%"
    unit: str = "points"  # of a difference; or "times"
    stills: list[int] = field(default_factory=list)
    short: int = 1  # lines that are a place's value in short, read out with its name


def pack(film: Film, places: pd.DataFrame, holders: pd.DataFrame, names: dict[str, str]) -> tuple[str, bytes]:
    """The film as compressed JSON, and its id, which no other content has.

    `places` and `holders` are the tables of these names; `names` are those of the rows today.
    """
    codes = sorted(film.rows["iso3"].unique())
    at = film.rows["iso3"].map({code: n for n, code in enumerate(codes)}) * len(film.years)
    cells = (at + film.rows["year"] - film.years[0]).to_numpy(int)
    told: dict[str, int | str] = {"country": WORDS, "value": 4, "cover": PERCENT, "wide": 0, **film.columns}
    content = {
        "years": [film.years[0], film.years[-1]],
        "rows": codes,
        "regions": film.rows.drop_duplicates("iso3").set_index("iso3")["region"].reindex(codes).tolist(),
        "notes": _notes(film.rows),
        "columns": {
            name: _column(film.rows[name], how, cells, len(codes) * len(film.years)) for name, how in told.items()
        },
        "places": [[row.place, names.get(row.place, row.name), row.holder, bool(row.tiny)] for row in _lines(places)],
        "held": _held(holders),
        **{
            name: getattr(film, name)
            for name in ("lines", "pair", "texts", "decimal", "percent", "unit", "stills", "short")
        },
        "looks": [look.as_dict() for look in film.looks],
    }
    packed = zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), 9)
    return hashlib.sha256(packed).hexdigest()[:12], packed


def _lines(places: pd.DataFrame) -> list[Any]:
    return list(places[["place", "name", "holder", "tiny"]].itertuples(index=False, name="Place"))


def _notes(rows: pd.DataFrame) -> dict[str, str]:
    noted = rows[rows["note"] != ""].drop_duplicates("iso3")
    return dict(zip(noted["iso3"], noted["note"], strict=True))


def _column(values: pd.Series, how: int | str, cells: np.ndarray, size: int) -> dict[str, Any]:
    """One column of all cells, row by row and year by year; null where there is no row or nothing is known."""
    about: dict[str, Any]
    if how == WORDS:
        codes, words = pd.factorize(values.where(values != ""), sort=True)
        numbers, about = np.where(codes < 0, math.nan, codes), {"words": list(words)}
    else:
        numbers = values.astype(float).to_numpy()
        about = {"percent": True} if how == PERCENT else {"digits": how}
    if np.isnan(numbers).all():
        return about | {"values": []}
    spread = np.full(size, math.nan)
    spread[cells] = numbers.round(5)
    whole = np.array_equal(spread, spread.round(), equal_nan=True)
    cast = int if whole else float
    return about | {"values": [None if math.isnan(value) else cast(value) for value in spread.tolist()]}


def _held(holders: pd.DataFrame) -> dict[str, list[list[Any]]]:
    """By State of today, where its land was not in its own row all the time: [row, first year, last year] in order."""
    ordered = holders.sort_values(["place", "year"])
    new = (ordered[["place", "iso3"]] != ordered[["place", "iso3"]].shift()).any(axis=1)
    runs = ordered.assign(run=new.cumsum(), last=ordered["year"]).groupby("run", sort=False)
    table = runs.agg({"place": "first", "iso3": "first", "year": "first", "last": "last"})
    found: dict[str, list[list[Any]]] = {}
    for place, iso3, first, last in table.itertuples(index=False):
        found.setdefault(place, []).append([iso3, int(first), int(last)])
    return found


def unpack(packed: bytes) -> dict[str, Any]:
    """The content of a film, as the browser reads it."""
    return json.loads(zlib.decompress(packed))
