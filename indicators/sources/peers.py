"""Other systems' figures: one reader for every card with a table `peer`, driven by the card."""

from pathlib import Path

import pandas as pd

from indicators.files import read_any
from indicators.sources.cards import Card, Peer
from indicators.sources.contract import ANY, contract, renamed

CONTRACT = contract(["code"], value=ANY, place=(1, None))
MISSING = ("", "NA", "NaN", "nan", "None", "<NA>", ".")


def read_peer(card: Card, path: Path) -> pd.DataFrame:
    """One row per country code of the card's edition: code, the system's figure (value), its place if given.

    Raises:
        ValueError: the header lacks a column of the card, no row is as the card says, a figure is no number, or a
            code has several rows.
    """
    peer = card.peer
    if peer is None:
        raise ValueError(f"{card.id}: its card has no table `peer`. See docs/adding_a_system.md.")
    rows = read_any(path, dtype=str, keep_default_na=False).astype(str).pipe(_newest, card, peer)
    columns = {peer.code_column: "code", peer.value_column: "value"}
    table = renamed(rows, columns, source=card.id)
    places = rows[peer.rank_column] if peer.rank_column else pd.Series("", rows.index)
    return table.assign(
        code=table["code"].str.strip().str.removesuffix(".0"),
        value=_numbers(table["value"], card),
        place=_numbers(places, card),
    ).pipe(_one_row_per_code, card)


def _newest(rows: pd.DataFrame, card: Card, peer: Peer) -> pd.DataFrame:
    """The rows that the card asks for, of the newest year if it names a column of years."""
    named = [*peer.where, *(name for name in (peer.rank_column, peer.year_column) if name)]
    renamed(rows, {name: name for name in named}, source=card.id)  # all are there
    for column, wanted in peer.where.items():
        allowed = {str(each) for each in (wanted if isinstance(wanted, list) else [wanted])}
        found = rows[column].str.strip()
        rows = rows[found.isin(allowed)]
        if rows.empty:
            raise ValueError(
                f"{card.id}: no row has {column} = {sorted(allowed)[:5]}; the file has {sorted(set(found))[:5]}. "
                f"Mend `where` under [{card.id}.peer] in data/sources.toml."
            )
    if peer.year_column is None:
        return rows
    years = _numbers(rows[peer.year_column], card)
    if years.max() != card.covers[1]:
        raise ValueError(
            f"{card.id}: the newest year of {peer.year_column} is {years.max():.0f}, the card covers "
            f"{card.covers[0]} to {card.covers[1]}. Is this another edition? Then change its card."
        )
    return rows[years == years.max()]


def _numbers(cells: pd.Series, card: Card) -> pd.Series:
    known = cells.str.strip().where(lambda text: ~text.isin(MISSING))
    numbers = pd.to_numeric(known, errors="coerce")
    wrong = cells[known.notna() & numbers.isna()]
    if len(wrong):
        raise ValueError(
            f"{card.id}: {len(wrong)} cells of {cells.name} are no numbers: {wrong.head().tolist()}. "
            f"Name another column under [{card.id}.peer] in data/sources.toml, or mend the file."
        )
    return numbers


def _one_row_per_code(table: pd.DataFrame, card: Card) -> pd.DataFrame:
    """Several rows of a code as one, as the card says; where one of them is missing, the figure is."""
    if card.combine:
        groups = table.groupby("code")["value"]
        whole = groups.count() == groups.size().max()
        return groups.agg(card.combine).where(whole).reset_index().assign(place=float("nan"))
    twice = table[table["code"].duplicated(keep=False)]
    if len(twice):
        raise ValueError(
            f"{card.id}: {len(twice)} rows share a country code:\n{twice.head().to_string(index=False)}\n"
            f"Say which are meant in `where` under [{card.id}.peer] in data/sources.toml, or set `combine` in the card."
        )
    return table.reset_index(drop=True)
