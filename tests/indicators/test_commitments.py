"""The table of commitments: acts, later changes, entry into force, and what is not recorded."""

from datetime import date

import pandas as pd
import pytest

from indicators.commitments import COLUMNS, commitments

SPELLS = pd.DataFrame(
    [(iso3, name, group, name, iso3[1:]) for iso3, name, group in [
        ("QMA", "Alandia", "African"), ("QMB", "Bretagna", "Asia-Pacific"), ("QMC", "Pelagia", ""),
    ]],
    columns=["iso3", "name", "un_group", "aliases", "iso2"],
).assign(start=pd.Timestamp("1950-01-01"), end=pd.NaT, gw_code=1, kind="un_member")  # fmt: skip


def act(code: str, treaty: str, signed: str = "", joined: str = "", succeeded: bool = False) -> dict:
    human = treaty == "cat"
    return {
        **{"code": code, "treaty": treaty, "signed": signed, "party_from": joined, "succeeded": succeeded},
        **{"signed_only": not joined, "system": "iso2" if human else "aliases", "citation": "The depositary."},
        "card": "human_rights_treaties" if human else treaty,
    }


def change(treaty: str, iso3: str, joined: str = "", left: str = "", note: str = "") -> dict:
    return {"treaty": treaty, "iso3": iso3, "joined": joined, "left": left, "source": "A notice.", "note": note}


def made(acts: list[dict], changes: list[dict] | None = None, as_of: date = date(2026, 11, 22)) -> pd.DataFrame:
    empty = [*change("", ""), "as_of"]
    table = commitments(pd.DataFrame(acts), pd.DataFrame(changes or [], columns=empty), SPELLS, as_of=as_of)
    assert list(table.columns) == COLUMNS
    return table.set_index(["iso3", "treaty"])


def test_the_genocide_convention_binds_from_the_ninetieth_day_and_not_before_1951():
    table = made(
        [
            act("Alandia", "genocide_convention", joined="2001-01-01"),
            act("Bretagna", "genocide_convention", "", "1949-07-01"),
        ]
    )
    assert table["in_force_from"].to_list() == ["2001-04-01", "1951-01-12"]  # 30 days of January, 28, 31 and 1


def test_the_rome_statute_binds_from_the_month_after_the_sixtieth_day_and_a_successor_has_no_such_day():
    table = made(
        [act("Alandia", "rome_statute", joined="2003-01-15"), act("Bretagna", "rome_statute", "", "2006-10-23", True)]
    )
    assert table["in_force_from"].to_list() == ["2003-04-01", ""]  # 60 days after 15 January are 16 March


def test_a_year_alone_stays_a_year_and_has_no_day_of_entry_into_force():
    table = made([act("MA", "cat", joined="1990"), act("MB", "cat")])
    assert table.loc[("QMA", "cat"), ["status", "party_from", "in_force_from"]].to_list() == ["party", "1990", ""]
    assert table.loc[("QMB", "cat"), ["status", "as_of"]].to_list() == ["signed", "2022-08-31"]


def test_a_state_that_the_list_does_not_name_is_no_party_and_one_without_a_group_is_not_recorded():
    table = made([act("Alandia", "rome_statute", joined="2003-01-15")])
    assert table["status"].to_dict() == {("QMA", "rome_statute"): "party", ("QMB", "rome_statute"): "none"}
    # of the human-rights treaties nothing is known of a State that the file does not name
    assert list(made([act("MA", "cat", joined="1990")]).index) == [("QMA", "cat")]


def test_later_changes_are_taken_with_their_source_and_what_is_announced_changes_nothing():
    acts = [act("Alandia", "rome_statute", "2000-01-01", "2003-01-15"), act("Bretagna", "rome_statute", "2000-01-01")]
    table = made(
        acts,
        [change("rome_statute", "QMA", left="2019-03-17"), change("rome_statute", "QMB", "2015-01-02", note="So.")],
    )
    assert table["status"].to_list() == ["left", "party"]
    assert table["party_until"].to_list() == ["2019-03-17", ""]
    assert table["in_force_from"].to_list()[1] == "2015-04-01"
    assert table["source"].to_list() == ["The depositary. Later change: A notice."] * 2
    assert made(acts, [change("rome_statute", "QMA", note="Announced.")])["status"].to_list() == ["party", "signed"]


def test_nothing_from_after_the_day_of_the_release_is_in_it():
    acts = [act("Alandia", "rome_statute", "2000-01-01", "2003-01-15")]
    changes = [change("rome_statute", "QMA", left="2019-03-17")]
    row = made(acts, changes, as_of=date(2018, 6, 30)).loc[("QMA", "rome_statute")]
    assert row[["status", "party_until", "as_of"]].to_list() == ["party", "", "2018-06-30"]
    assert made(acts, as_of=date(2002, 1, 1))["status"].to_list() == ["signed", "none"]


def test_a_change_of_a_state_without_a_row_stops_the_build():
    with pytest.raises(ValueError, match=r"treaty_changes.csv: no row for \['QMZ'\] under the treaty"):
        made([act("Alandia", "rome_statute", joined="2003-01-15")], [change("rome_statute", "QMZ", "2015-01-02")])
