"""What other systems say of each State: the table `peers`. Shown beside ours; no indicator, score or model reads it."""

from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from indicators import countries
from indicators.sources import REPORT, Loaded, report
from indicators.sources.cards import RISK_INDEX, Card, Peer
from indicators.sources.contract import checked
from indicators.sources.fetch import path_of
from indicators.sources.peers import CONTRACT, read_peer

COLUMNS = [
    *("iso3", "gw_code", "system", "measure", "what", "window", "edition", "published", "value", "unit", "rank"),
    *("ranked", "ours", "ours_window_years", "source", "licence", "terms"),
]
WHOLE = dict.fromkeys(["gw_code", "rank", "ranked", "ours_window_years"], "Int64")
KEY = ["system", "measure", "iso3"]


def load(
    cards: Mapping[str, Card], raw: Path, *, spells: pd.DataFrame, as_of: date, outcomes: Collection[str]
) -> Loaded:
    """The table `peers`, from each card with a table `peer` whose edition was out, and what happened to its rows.

    Raises:
        ValueError: a card names no outcome of ours, two cards give one measure, or a file is not as its card says.
    """
    tables, counts, reports = [pd.DataFrame(columns=COLUMNS)], [], [pd.DataFrame(columns=REPORT)]
    for card in cards.values():
        if card.peer is None or not _is_out(card, card.peer, as_of):
            continue
        _check_ours(card, card.peer, outcomes)
        read = checked(read_peer(card, path_of(card, card.id, raw)), CONTRACT, source=card.id)
        table, left = _of_states(read, card, card.peer, spells)
        tables.append(table)
        counts.append((card.id, len(read), len(table), len(left)))
        reports.append(report(card.id, left))
    whole = pd.concat([part for part in tables if len(part)] or tables)[COLUMNS].astype(WHOLE)
    return Loaded(
        {"peers": _unique(whole).sort_values(KEY, ignore_index=True)},
        pd.DataFrame(counts, columns=["source", "read", "matched", "left_out"]),
        pd.concat([part for part in reports if len(part)] or reports, ignore_index=True)[REPORT],
    )


def _is_out(card: Card, peer: Peer, as_of: date) -> bool:
    """Whether the edition was out on the day: by its year or day of publication, else by the day it was taken."""
    return (peer.published or card.accessed.isoformat()) <= as_of.isoformat()


def _check_ours(card: Card, peer: Peer, outcomes: Collection[str]) -> None:
    if peer.ours != RISK_INDEX and peer.ours not in outcomes:
        raise ValueError(
            f"{card.id}: ours = {peer.ours!r} is no outcome; there are {', '.join(outcomes)}, and {RISK_INDEX}. "
            f"Mend it under [{card.id}.peer] in data/sources.toml."
        )


def _of_states(read: pd.DataFrame, card: Card, peer: Peer, spells: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per State with a figure, ranked by it if the system gives no places; and the rows left out."""
    matched, missing = countries.match(read, card.codes, spells=spells, source=card.id, ignored=card.ignored_codes)
    known = matched["value"].notna()
    left = pd.concat([missing, matched[~known].assign(left_out="no figure")])
    table = matched[known]
    if peer.rank_column:
        ranked, places = int(read["place"].notna().sum()), table["place"]
    else:
        ranked, places = len(table), table["value"].rank(ascending=not peer.higher_is_riskier, method="min")
    about = {"edition": card.edition, "source": card.id, "licence": card.licence, "ranked": ranked}
    told = {name: getattr(peer, name) for name in ("system", "measure", "what", "window", "unit", "terms", "ours")}
    window = pd.array([peer.ours_window_years] * len(table), dtype="Int64")
    return table.assign(**about, **told, rank=places, published=peer.published or "", ours_window_years=window), left


def _unique(table: pd.DataFrame) -> pd.DataFrame:
    twice = table[table.duplicated(KEY, keep=False)]
    if len(twice):
        raise ValueError(
            f"{len(twice)} figures of other systems share State, system and measure:\n"
            f"{twice[[*KEY, 'source']].head().to_string(index=False)}\nGive one of the cards another `measure`."
        )
    return table
