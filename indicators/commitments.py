"""What each State has bound itself to: one row per State and treaty, with the days of signing, joining and leaving.

Acts are those of the files of the depositary, with the later ones of data/treaty_changes.csv.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from indicators import countries
from indicators.sources import DATA
from indicators.sources.cards import Card
from indicators.sources.contract import read_source
from indicators.sources.fetch import path_of
from indicators.sources.treaties import read_acts

CARDS = ("genocide_convention", "rome_statute", "human_rights_treaties")
CHANGES = DATA / "treaty_changes.csv"
# the last day on which each card's status, with the changes, was held against the depositary's number of parties
CONFIRMED = {"genocide_convention": "2022-04-30", "rome_statute": "2026-11-22", "human_rights_treaties": "2022-08-31"}
# parties without a row of their own; the Assembly of States Parties counts the Cook Islands with Asia-Pacific
OTHER_PARTIES = pd.DataFrame([("Cook Islands", "COK", "Asia-Pacific")], columns=["name", "iso3", "un_group"])
COLUMNS = [
    *("iso3", "name", "un_group", "treaty", "status", "signed", "party_from", "in_force_from", "party_until"),
    *("as_of", "note", "source"),
]


def acts(cards: Mapping[str, Card], raw: Path) -> pd.DataFrame:
    """What the files of the three cards say; see `read_acts`. Each file is checked by its hash."""
    parts = []
    for name in CARDS:
        files = {treaty: path_of(cards[name], treaty, raw) for treaty in cards[name].files}
        parts.append(
            read_source(read_acts, files, source=name).assign(
                card=name, system=cards[name].codes, citation=cards[name].citation
            )
        )
    return pd.concat(parts, ignore_index=True)


def read_changes(path: Path = CHANGES) -> pd.DataFrame:
    """Later changes, each with its source; dates as text, "" where there is none."""
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def commitments(acts: pd.DataFrame, changes: pd.DataFrame, spells: pd.DataFrame, *, as_of: date) -> pd.DataFrame:
    """The table `commitments`: each State with a UN group, and every other party, under each treaty on file.

    What the files do not list has no row; nothing from after `as_of` is in it.
    """
    listed = _with_codes(acts, spells).drop(columns=["code", "system"])
    table = listed.merge(_absent(listed, spells), how="outer").pipe(_with_changes, changes)
    table = table.assign(as_of=table["card"].map(CONFIRMED).clip(upper=str(as_of)))
    for name in ("signed", "party_from", "party_until"):
        table[name] = table[name].where(table[name] <= str(as_of), "")
    table = table.assign(in_force_from=_in_force(table), status=_status(table))
    named = table.merge(_names(spells), on="iso3", validate="many_to_one")
    return named[COLUMNS].sort_values(["treaty", "iso3"], ignore_index=True)


def _names(spells: pd.DataFrame) -> pd.DataFrame:
    standing = spells[spells["end"].isna()][["iso3", "name", "un_group"]]
    return pd.concat([standing, OTHER_PARTIES], ignore_index=True)


def _with_codes(acts: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """The acts with the code of today's State."""
    others = dict(zip(OTHER_PARTIES["name"], OTHER_PARTIES["iso3"], strict=True))
    ignored = {"has no row of its own": list(others)}
    parts = [acts[acts["code"].isin(others)].assign(iso3=lambda t: t["code"].map(others))]
    for system, rows in acts[~acts["code"].isin(others)].groupby("system"):
        matched, _ = countries.match(rows, str(system), spells=spells, source=f"treaties ({system})", ignored=ignored)
        parts.append(matched.sort_values("rank").drop_duplicates(["iso3", "treaty"]).drop(columns=["gw_code", "rank"]))
    return pd.concat(parts, ignore_index=True)


def _absent(listed: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """A row without acts for each State with a UN group that a treaty's list of participants does not name."""
    members = spells[spells["end"].isna() & (spells["un_group"] != "")][["iso3"]]
    about = listed.loc[listed["card"] != "human_rights_treaties", ["treaty", "card", "citation"]].drop_duplicates()
    pairs = members.merge(about, how="cross")
    known = pd.MultiIndex.from_frame(listed[["iso3", "treaty"]])
    absent = pairs[~pd.MultiIndex.from_frame(pairs[["iso3", "treaty"]]).isin(known)]
    return absent.assign(signed="", party_from="", succeeded=False, signed_only=False)


def _with_changes(table: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Each act as it stands with the later changes, with their source and note.

    Raises:
        ValueError: a change is of a State that has no row under the treaty.
    """
    late = changes.drop(columns="as_of").rename(columns={"left": "party_until", "source": "changed"})
    both = table.merge(late, on=["treaty", "iso3"], how="outer", validate="one_to_one", indicator=True)
    unknown = both.loc[both["_merge"] == "right_only", "iso3"].tolist()
    if unknown:
        raise ValueError(f"data/treaty_changes.csv: no row for {unknown[:5]} under the treaty. Mend the code there.")
    for name in ("joined", "party_until", "note", "changed"):
        both[name] = both[name].fillna("")
    return both.assign(
        party_from=both["party_from"].where(both["joined"] == "", both["joined"]),
        source=both["citation"].where(both["changed"] == "", both["citation"] + " Later change: " + both["changed"]),
    )


def _in_force(table: pd.DataFrame) -> pd.Series:
    """The day from which the treaty binds the State; "" where the day of joining is not on file, or a successor's.

    Genocide Convention, art. XIII: the 90th day after the deposit, from 12 January 1951 on. Rome Statute, art. 126:
    the first day of the month after the 60th day, from 1 July 2002 on.
    """
    exact = (table["party_from"].str.len() == len("2000-01-01")) & ~table["succeeded"]
    deposit = pd.to_datetime(table["party_from"].where(exact, None), format="%Y-%m-%d")
    genocide = (deposit + pd.Timedelta(days=90)).clip(lower=pd.Timestamp("1951-01-12"))
    rome = (deposit + pd.Timedelta(days=60) + pd.offsets.MonthBegin(1)).clip(lower=pd.Timestamp("2002-07-01"))
    day = genocide.where(table["treaty"] == "genocide_convention", rome.where(table["treaty"] == "rome_statute"))
    return day.dt.strftime("%Y-%m-%d").fillna("")


def _status(table: pd.DataFrame) -> pd.Series:
    """Status on the as-of date: party, left, signed (and no party) or none."""
    status = pd.Series("none", table.index).where(~table["signed_only"] & (table["signed"] == ""), "signed")
    status = status.where(table["party_from"] == "", "party")
    return status.where(table["party_until"] == "", "left")
