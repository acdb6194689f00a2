"""Loads the sources: verified file, reader, contract, crosswalk to the spine, zeros where the card allows them.

Nothing is lost on the way without being listed: `load` returns, beside the tables, the rows it left out and why.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from indicators import countries
from indicators.sources import (
    coups,
    elections,
    epr,
    hief,
    mass_killing,
    pts,
    treaties,
    ucdp,
    unhcr,
    vdem,
    worldbank,
)
from indicators.sources.cards import Card
from indicators.sources.contract import checked, read_source
from indicators.sources.fetch import path_of

DATA = Path(__file__).parents[2] / "data"
READERS: dict[str, tuple[Any, Callable]] = {
    "ucdp_country_year": (ucdp, ucdp.read_country_year),
    "ucdp_conflicts": (ucdp, ucdp.read_conflicts),
    "ucdp_monthly_by_type": (ucdp, ucdp.read_monthly_by_type),
    "ucdp_monthly": (ucdp, ucdp.read_monthly),
    "ucdp_candidate_monthly": (ucdp, ucdp.read_candidate_monthly),
    "vdem": (vdem, vdem.read_vdem),
    "vdem_polyarchy": (vdem, vdem.read_polyarchy),
    "ert": (vdem, vdem.read_ert),
    "wdi": (worldbank, worldbank.read_wdi),
    "economy_population": (worldbank, worldbank.read_population),
    "economy_state_age": (worldbank, worldbank.read_state_age),
    "unhcr_population": (unhcr, unhcr.read_population),
    "unhcr_flows": (unhcr, unhcr.read_flows),
    "unhcr_idmc": (unhcr, unhcr.read_idmc),
    "pts": (pts, pts.read_pts),
    "epr": (epr, epr.read_epr),
    "coups": (coups, coups.read_coups),
    "coups_dated": (coups, coups.read_dated),
    "mass_killing": (mass_killing, mass_killing.read_events),
    "mass_killing_years": (mass_killing, mass_killing.read_years),
    "hief": (hief, hief.read_hief),
    "elections": (elections, elections.read_reign),
    "factbook": (elections, elections.read_factbook),
    "human_rights_treaties": (treaties, treaties.read_human_rights),
    "genocide_convention": (treaties, treaties.read_genocide_convention),
    "rome_statute": (treaties, treaties.read_rome_statute),
}
REPORT = ["source", "reason", "rows", "codes", "first_year", "last_year"]


@dataclass(frozen=True)
class Loaded:
    """The tidy tables by card id, and what happened to the rows of each source.

    `tables` holds beside each table "x" a table "x.grid": the States and years (iso3, year) that x watches.
    `rows` has one row per source (read, matched, left_out), `left_out` one per source and reason.
    """

    tables: dict[str, pd.DataFrame]
    rows: pd.DataFrame
    left_out: pd.DataFrame

    def listed_with(self, other: "Loaded") -> "Loaded":
        """These tables, with what happened to the other's rows listed too."""
        rows, left_out = ([getattr(each, name) for each in (self, other)] for name in ("rows", "left_out"))
        # with nothing left out the other's columns have no type of their own, and would take away that of these
        both = pd.concat(left_out, ignore_index=True).astype(self.left_out.dtypes.to_dict())
        return replace(self, rows=pd.concat(rows, ignore_index=True), left_out=both)


def load(cards: dict[str, Card], raw: Path, *, spine: pd.DataFrame, spells: pd.DataFrame) -> Loaded:
    """Read every source that has a reader.

    Raises:
        ValueError: a file is missing or altered, its header or values break the reader's contract, a year lies
            outside the card's range, a country code is unknown, or a key occurs twice.
    """
    tables: dict[str, pd.DataFrame] = {"spine": spine, "borders": countries.borders(spine, spells=spells)}
    counts, reports = [], []
    for name, (module, reader) in READERS.items():
        card = cards[name]
        table, broken = _read(card, reader, module.CONTRACTS[name], raw)
        matched, missing = countries.match(table, card.codes, spells=spells, source=name, ignored=card.ignored_codes)
        tables[name], second = _one_row_per_key(matched, module.CONTRACTS[name].unique, card)
        left = pd.concat([broken, missing, second])
        tables[f"{name}.grid"] = _grid(card, tables[name], spine, spells)
        counts.append((name, len(table) + len(broken), len(matched) - len(second), len(left)))
        reports.append(report(name, left))
    for name in ("human_rights_treaties", "genocide_convention", "rome_statute"):
        tables[name] = _with_changes(tables[name])
    rows = pd.DataFrame(counts, columns=["source", "read", "matched", "left_out"])
    return Loaded(tables, rows, pd.concat(reports, ignore_index=True)[REPORT])


def _read(card: Card, reader: Callable, contract: Any, raw: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The source's rows as its contract promises them, and the lines that could not be read."""
    paths = {name: path_of(card, name, raw) for name in card.files}
    table = read_source(reader, paths if len(paths) > 1 else paths[card.id], source=card.id)
    reason = table["left_out"] if "left_out" in table else pd.Series(None, table.index, dtype=object)
    broken = table[reason.notna()]
    if len(broken) > card.broken_lines:
        raise ValueError(
            f"{card.id}: {len(broken)} lines cannot be read, {card.broken_lines} are known of this edition:\n"
            f"{broken.head().to_string(index=False)}\n"
            f"Was the file saved by a spreadsheet? Take it from {card.url} again, or, if the producer's own file "
            f"is broken, set broken_lines = {len(broken)} in its card and say so in its caveats."
        )
    whole = checked(table[reason.isna()].drop(columns="left_out", errors="ignore"), contract, source=card.id)
    _check_years(whole, card)
    return whole, broken.assign(year=None)


def _check_years(table: pd.DataFrame, card: Card) -> None:
    outside = table[~table["year"].between(*card.covers)] if "year" in table else table.iloc[:0]
    if len(outside):
        raise ValueError(
            f"{card.id}: {len(outside)} rows lie outside the years {card.covers[0]} to {card.covers[1]} of the card:\n"
            f"{outside.head().to_string(index=False)}\nIs this another edition? Then change `covers` in its card."
        )


def _one_row_per_key(table: pd.DataFrame, key: list[str], card: Card) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per State (and the rest of the key), and the rows left out for it.

    Areas that have a code of their own are combined as the card says; without that, of two codes of one State the
    one that stands first in data/countries.csv is used.
    """
    keys = ["iso3", *[name for name in key if name != "code"]]
    if card.combine is None:
        ordered = table.sort_values("rank", kind="stable")
        second = ordered.duplicated(keys)
        left = ordered[second].assign(left_out="another code of the same State has the row")
        return ordered[~second].sort_index().drop(columns=["code", "rank"]), left
    names = [name for name in table if name not in {*keys, "gw_code", "code", "rank"}]
    groups = table.groupby([*keys, "gw_code"], dropna=False, as_index=False)[names]
    return (groups.sum(min_count=1) if card.combine == "sum" else groups.max()), table.iloc[:0]


def _grid(card: Card, table: pd.DataFrame, spine: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """The States that the source watches, in the years of its card.

    Where absence means zero, these are all that its code system knows; else those that occur in it.
    """
    known = countries.codes(card.codes, spells=spells)
    ignored = [code for codes in card.ignored_codes.values() for code in codes]
    everywhere = known[~known["code"].isin(ignored)]["iso3"]
    watched = everywhere if card.absent_means == "zero" else table["iso3"]
    return spine[spine["iso3"].isin(watched) & spine["year"].between(*card.covers)][["iso3", "year"]]


def report(source: str, left: pd.DataFrame) -> pd.DataFrame:
    """Rows left out, by reason, with their codes and years."""
    years = pd.to_numeric(left["year"]) if "year" in left else pd.Series(float("nan"), left.index)
    grouped = left.assign(source=source, reason=left["left_out"], _year=years).groupby(["source", "reason"])
    return grouped.agg(
        rows=("code", "size"),
        codes=("code", lambda codes: ";".join(sorted(set(codes)))),
        first_year=("_year", "min"),
        last_year=("_year", "max"),
    ).reset_index()


def _with_changes(table: pd.DataFrame) -> pd.DataFrame:
    """The depositary's status with the changes of data/treaty_changes.csv: `party_from`, `party_until`, in years."""
    dated = pd.read_csv(DATA / "treaty_changes.csv", dtype=str).assign(
        joined=lambda t: pd.to_numeric(t["joined"].str[:4]),
        party_until=lambda t: pd.to_numeric(t["left"].str[:4]),
    )
    own = dated.loc[dated["treaty"].isin(table["treaty"]), ["treaty", "iso3", "joined", "party_until"]]
    both = table.merge(own, on=["treaty", "iso3"], how="outer", validate="one_to_one")
    return both.assign(party_from=both["joined"].fillna(both["party_from"])).drop(columns="joined")
