"""Loading a source: verified, checked, matched to States; nothing lost without a word, and every fault named."""

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from indicators import countries, sources
from indicators.sources import READERS, Loaded
from indicators.sources.cards import Card, load_cards

# QMA and QMB; QMU ended in the middle of 2001, and QMC has been its successor since; QMP has no code of gw and cow
STATES = """iso3,name,start,end,predecessor,gw_code,gw,cow,vdem,worldbank,unhcr,pts,iso2,gec,aliases
QMA,Alandia,1950-01-01,,,901,901,901,QMA,QMA,ALA;ALX,Alandia;North Alandia,QA,qa,Alandia
QMB,Bretagna,1950-01-01,,,902,902,902,QMB,QMB,BRE,Bretagna,QB,qb,Bretagna
QMU,Old Union,1950-01-01,2001-06-30,,903,903;913,903,QMU,QMU,OLD,Old Union,QU,qu,Old Union
QMC,Newland,2001-07-01,,QMU,904,904;903,904,QMC,QMC,NEW,Newland,QC,qc,Newland
QMP,Pelagia,1950-01-01,,,,,,QMP,QMP,PEL,Pelagia,QP,qp,Pelagia
"""
TREATIES = {
    "cat": "iso2,year ratification or accession,status\nQA,1990,state party\n",
    "crc": "iso2,year ratification or accession,status\nQA,1990,state party\n",
    "genocide_convention": "Participant,Signature,Ratification\nAlandia,,1 Jan 1950\n",
    "rome_statute": "Participant,Signature,Ratification\nAlandia,,1 Jan 2003\n",
}
COUPS = "gwcode,year,pt_attempt_num,pt_coup_num\n"


class World:
    """A folder with a file or two, their cards, and the States above."""

    def __init__(self, folder: Path, card_table: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.patch = folder, monkeypatch
        self.facts = {name: value for name, value in card_table.items() if name not in ("file", "sha256")}
        path = folder / "countries.csv"
        path.write_text(STATES, encoding="utf-8")
        self.spells = countries.read_spells(path)

    def file(self, name: str, text: str | bytes) -> dict[str, str]:
        """Writes it, and gives its entry of a card."""
        content = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(content)
        return {"file": name, "sha256": hashlib.sha256(content).hexdigest()}

    def card(self, name: str, files: dict[str, dict[str, str]], **changes: Any) -> Card:
        return Card.model_validate(self.facts | {"id": name, "files": files, "covers": [1990, 2010]} | changes)

    def load(self, name: str, text: str, **changes: Any) -> Loaded:
        """The source alone, from a file with this text; the treaties, which load expects, beside it."""
        cards = {
            "human_rights_treaties": self.card(
                "human_rights_treaties", {key: self.file(key, TREATIES[key]) for key in ("cat", "crc")}, codes="iso2"
            )
        }
        for treaty in ("genocide_convention", "rome_statute"):
            cards[treaty] = self.card(treaty, {treaty: self.file(treaty, TREATIES[treaty])}, codes="aliases")
        cards[name] = self.card(name, {name: self.file(f"{name}.csv", text)}, **changes)
        self.patch.setattr(sources, "READERS", {key: READERS[key] for key in cards})
        self.patch.setattr(countries, "borders", lambda spine, spells: pd.DataFrame())
        spine = countries.spine(1990, 2010, spells=self.spells)
        return sources.load(cards, self.folder, spine=spine, spells=self.spells)


@pytest.fixture
def world(tmp_path, card_table, monkeypatch):
    return World(tmp_path, card_table, monkeypatch)


def values(table: pd.DataFrame, column: str) -> dict[tuple[str, int], float]:
    return {(row.iso3, row.year): getattr(row, column) for row in table.itertuples()}


def counted(loaded: Loaded, source: str) -> tuple[int, int, int]:
    """Rows read, matched and left out."""
    row = loaded.rows.set_index("source").loc[source]
    return int(row["read"]), int(row["matched"]), int(row["left_out"])


def reasons(loaded: Loaded, source: str) -> dict[str, tuple[int, str]]:
    """Rows left out and their codes, by reason."""
    rows = loaded.left_out[loaded.left_out["source"] == source]
    return {row.reason: (row.rows, row.codes) for row in rows.itertuples()}


# What goes wrong


def test_a_missing_file_says_how_to_get_it(world):
    world.file("coups.csv", COUPS)
    card = world.card("coups", {"coups": {"file": "nowhere.csv", "sha256": "0" * 64}}, codes="gw")
    world.patch.setattr(sources, "READERS", {"coups": READERS["coups"]})
    world.patch.setattr(countries, "borders", lambda spine, spells: pd.DataFrame())
    with pytest.raises(FileNotFoundError, match=r"nowhere.csv is missing. Run `python pipeline.py fetch`"):
        sources.load({"coups": card}, world.folder, spine=pd.DataFrame(), spells=world.spells)


def test_an_altered_file_is_not_read(world):
    card = world.card("coups", {"coups": world.file("coups.csv", COUPS + "901,2000,1,0\n")}, codes="gw")
    (world.folder / "coups.csv").write_text(COUPS + "901,2000,7,0\n")
    world.patch.setattr(sources, "READERS", {"coups": READERS["coups"]})
    world.patch.setattr(countries, "borders", lambda spine, spells: pd.DataFrame())
    with pytest.raises(ValueError, match=r"coups.csv is truncated or altered .*\n  sha256 expected"):
        sources.load({"coups": card}, world.folder, spine=pd.DataFrame(), spells=world.spells)


def test_a_changed_header_stops_the_build(world):
    with pytest.raises(ValueError, match=r"coups: the header lacks \['year'\]; it has \['gwcode', 'annee'"):
        world.load("coups", COUPS.replace("year", "annee") + "901,2000,1,0\n", codes="gw")


def test_an_unknown_country_code_stops_the_build(world):
    with pytest.raises(ValueError, match=r"coups: 1 country codes are not in data/countries.csv: \['999'\]"):
        world.load("coups", COUPS + "901,2000,1,0\n999,2000,1,0\n", codes="gw")


def test_a_key_that_occurs_twice_with_another_value_stops_the_build(world):
    with pytest.raises(ValueError, match=r"(?s)coups: 4 cells break the contract.*multiple_fields_uniqueness +901"):
        world.load("coups", COUPS + "901,2000,1,0\n901,2000,2,0\n", codes="gw")


def test_a_year_outside_the_cards_range_stops_the_build(world):
    with pytest.raises(
        ValueError, match=r"coups: 1 rows lie outside the years 1990 to 2010 of the card:\n.*\n.*2011"
    ) as e:
        world.load("coups", COUPS + "901,2000,1,0\n901,2011,1,0\n", codes="gw")
    assert "Is this another edition? Then change `covers` in its card." in str(e.value)


@pytest.mark.parametrize(("cells", "column"), [("-1,0", "attempts"), ("1,-3", "successful")])
def test_a_number_out_of_its_range_stops_the_build_and_is_shown(world, cells, column):
    with pytest.raises(
        ValueError, match=rf"(?s)coups: 1 cells break the contract of the table.*{column}.*-[13].*change the reader"
    ):
        world.load("coups", COUPS + f"901,2000,{cells}\n", codes="gw")


def test_text_where_a_number_should_be_stops_the_build(world):
    with pytest.raises(ValueError, match=r"(?s)coups: .* cells break the contract of the table.*attempts.*many"):
        world.load("coups", COUPS + "901,2000,many,0\n", codes="gw")


def test_of_many_wrong_cells_five_are_shown_and_all_are_counted(world):
    lines = "".join(f"901,{year},-1,0\n" for year in range(2000, 2008))
    with pytest.raises(ValueError, match="coups: 8 cells break the contract") as error:
        world.load("coups", COUPS + lines, codes="gw")
    assert str(error.value).count("-1.0") == 5


def test_a_year_that_is_missing_stops_the_build(world):
    with pytest.raises(ValueError, match=r"(?s)coups: .*break the contract.*year"):
        world.load("coups", COUPS + "901,,1,0\n", codes="gw")


CONFLICTS = "conflict_id;incompatibility;year;intensity_level;type_of_conflict;gwno_loc\n"
BROKEN = "12;1\nrest;2008;1;3;901;x\n"  # one row over two lines


def test_a_line_broken_by_a_spreadsheet_beyond_the_known_ones_stops_the_build(world):
    with pytest.raises(
        ValueError, match="ucdp_conflicts: 2 lines cannot be read, 0 are known of this edition"
    ) as error:
        world.load("ucdp_conflicts", CONFLICTS + "11;1;2000;2;3;901\n" + BROKEN, codes="gw")
    assert "Was the file saved by a spreadsheet?" in str(error.value)
    assert "set broken_lines = 2 in its card" in str(error.value)


def test_known_broken_lines_are_left_out_and_listed(world):
    text = CONFLICTS + "11;1;2000;2;3;901\n" + BROKEN
    loaded = world.load("ucdp_conflicts", text, codes="gw", broken_lines=2)
    assert values(loaded.tables["ucdp_conflicts"], "intensity") == {("QMA", 2000): 2}
    assert counted(loaded, "ucdp_conflicts") == (3, 1, 2)
    assert reasons(loaded, "ucdp_conflicts") == {"line broken by a spreadsheet": (2, "")}


# What is not lost


def test_rows_read_are_those_matched_and_those_left_out(world):
    text = COUPS + "901,2000,1,0\n903,2001,1,0\n913,2001,1,0\n904,2000,1,0\n777,2000,1,0\n778,2000,1,0\n"
    loaded = world.load("coups", text, codes="gw", ignored_codes={"not a State": ["777", "778"]})
    # 903 in 2001 is Newland's; 913 is of the Union, which had ended, and 904 of Newland, which had not begun
    assert values(loaded.tables["coups"], "attempts") == {("QMA", 2000): 1, ("QMC", 2001): 1}
    assert counted(loaded, "coups") == (6, 2, 4)
    assert reasons(loaded, "coups") == {
        "not a State": (2, "777;778"),
        "no such State on 31 December of that year": (2, "904;913"),
    }


def test_the_years_of_what_is_left_out_are_listed(world):
    text = COUPS + "913,2001,1,0\n913,2007,1,0\n"
    row = world.load("coups", text, codes="gw").left_out.iloc[0]
    assert (row["first_year"], row["last_year"]) == (2001, 2007)


def test_a_state_that_ended_within_a_year_has_its_last_row_the_year_before(world):
    loaded = world.load("coups", COUPS + "913,2000,1,0\n913,2001,2,0\n", codes="gw")
    assert values(loaded.tables["coups"], "attempts") == {("QMU", 2000): 1}
    assert counted(loaded, "coups") == (2, 1, 1)


def test_of_two_codes_of_a_state_the_first_one_of_the_list_is_used_and_the_other_listed(world):
    # Newland's codes are 904 and 903, in this order, whatever the order of the file
    loaded = world.load("coups", COUPS + "903,2005,5,0\n904,2005,1,0\n903,2006,3,0\n", codes="gw")
    assert values(loaded.tables["coups"], "attempts") == {("QMC", 2005): 1, ("QMC", 2006): 3}
    assert counted(loaded, "coups") == (3, 2, 1)
    assert reasons(loaded, "coups") == {"another code of the same State has the row": (1, "903")}


UNHCR = "coo,year,total\nALA,2000,10\nALX,2000,5\nALX,2001,7\nBRE,2000,\n"


def test_several_entries_of_a_state_are_summed_where_the_card_says_so(world):
    loaded = world.load("unhcr_idmc", UNHCR, codes="unhcr", combine="sum")
    found = values(loaded.tables["unhcr_idmc"].dropna(), "internally_displaced")
    # Bretagna's is missing and not 0
    assert found == {("QMA", 2000): 15, ("QMA", 2001): 7}
    # rows are counted before they are combined
    assert counted(loaded, "unhcr_idmc") == (4, 4, 0)


PTS = "Country;Year;PTS_A;PTS_H;PTS_S\nAlandia;2000;2;NA;1\nNorth Alandia;2000;4;NA;NA\nBretagna;2000;NA;NA;3\n"


def test_of_several_entries_of_a_state_the_highest_holds_where_the_card_says_so(world):
    loaded = world.load("pts", PTS, codes="pts", combine="max")
    table = loaded.tables["pts"].set_index("iso3")
    assert table.loc["QMA", ["amnesty", "state_department"]].tolist() == [4, 1]
    assert table["hrw"].isna().all()
    assert pd.isna(table.loc["QMB", "amnesty"])
    assert counted(loaded, "pts") == (3, 3, 0)


def grid(loaded: Loaded, source: str) -> set[tuple[str, int]]:
    return {(row.iso3, row.year) for row in loaded.tables[f"{source}.grid"].itertuples()}


def test_where_absence_is_zero_the_source_watches_each_state_of_its_codes_in_the_years_of_its_card(world):
    loaded = world.load("coups", COUPS + "901,2000,1,0\n", codes="gw", absent_means="zero", covers=[2000, 2002])
    # QMB has no row and is watched; QMU ended in 2001; QMP has no code of this system: nothing is known of it
    assert grid(loaded, "coups") == {
        *(("QMA", year) for year in (2000, 2001, 2002)),
        *(("QMB", year) for year in (2000, 2001, 2002)),
        ("QMU", 2000), ("QMC", 2001), ("QMC", 2002),
    }  # fmt: skip


def test_where_absence_is_unknown_only_the_states_that_occur_are_watched(world):
    loaded = world.load("coups", COUPS + "901,2000,1,0\n", codes="gw", absent_means="unknown", covers=[2000, 2001])
    assert grid(loaded, "coups") == {("QMA", 2000), ("QMA", 2001)}


def test_a_state_whose_code_is_ignored_is_not_watched(world):
    loaded = world.load(
        "coups", COUPS + "901,2000,1,0\n902,2000,1,0\n", codes="gw", absent_means="zero", covers=[2000, 2000],
        ignored_codes={"counted in the row of Alandia": ["902"]},
    )  # fmt: skip
    assert grid(loaded, "coups") == {("QMA", 2000), ("QMU", 2000)}


def test_no_zero_is_written_into_the_table_itself(world):
    """Zeros come with the grid, in `on_grid`, and nowhere else."""
    loaded = world.load("coups", COUPS + "901,2000,1,0\n", codes="gw", absent_means="zero")
    assert len(loaded.tables["coups"]) == 1


def test_the_order_of_lines_of_a_file_never_matters(world):
    lines = ["903,2005,5,0\n", "904,2005,1,0\n", "901,2000,1,0\n", "913,2001,1,0\n", "902,1999,,\n"]
    one, other = (world.load("coups", COUPS + "".join(order), codes="gw") for order in (lines, lines[::-1]))
    key = ["iso3", "year"]
    pd.testing.assert_frame_equal(
        one.tables["coups"].sort_values(key, ignore_index=True),
        other.tables["coups"].sort_values(key, ignore_index=True),
    )
    pd.testing.assert_frame_equal(one.left_out, other.left_out)


def test_palestine_is_on_no_grid_of_ucdp_whose_row_of_israel_has_its_deaths():
    """So that nothing counted there is not read as nothing that happened."""
    cards, spells = load_cards(), countries.read_spells()
    for name in ("ucdp_country_year", "ucdp_conflicts", "ucdp_candidate_monthly", "ucdp_monthly"):
        codes = countries.codes(cards[name].codes, spells=spells)
        ignored = {code for listed in cards[name].ignored_codes.values() for code in listed}
        assert set(codes.loc[codes["iso3"] == "PSE", "code"]) <= ignored, name
