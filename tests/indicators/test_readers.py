"""Each reader on a file of a few lines: it renames, keeps what is there, and stops at another header."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from indicators.sources import READERS
from indicators.sources.contract import checked

# source: (header and lines as the producer writes them, the tidy rows); the first column that a reader
# needs comes first, so that a test can take it away
TIDY: dict[str, tuple[str, list[dict]]] = {
    "ucdp_country_year": (
        "country_id_cy,year_cy,sb_dyad_count_cy,sb_total_deaths_best_cy,sb_deaths_civilians_cy,ns_dyad_count_cy,"
        "ns_total_deaths_best_cy,os_dyad_count_cy,os_total_deaths_best_cy,os_any_govt_killings_best_cy,"
        "os_nsgroup_killings_best_cy,other\n901,2000,1,20,5,3,7,2,40,30,,x",
        [
            {"code": "901", "year": 2000, "state_based_dyads": 1, "state_based_deaths": 20,
             "state_based_civilian_deaths": 5, "non_state_dyads": 3, "non_state_deaths": 7, "one_sided_actors": 2,
             "one_sided_deaths": 40, "one_sided_deaths_by_governments": 30},
        ],
    ),
    "ucdp_monthly": (
        "isocode,period,fatalities_UCDP,population\nQMA,200001,3,9\nQMA,200012,,9",
        [{"code": "QMA", "year": 2000, "month": 1, "deaths": 3}, {"code": "QMA", "year": 2000, "month": 12}],
    ),
    "vdem_polyarchy": (
        "iso3,country,year,democracy_score\nQMA,Alandia,2000,0.5\nQMA,Alandia,2001,",
        [{"code": "QMA", "year": 2000, "electoral_democracy": 0.5}, {"code": "QMA", "year": 2001}],
    ),
    "ert": (
        "country_text_id,year,v2x_regime,reg_start_year,aut_ep\nQMA,2000,1,1990,0\nQMB,2000,,,1",
        [
            {"code": "QMA", "year": 2000, "regime": 1, "regime_start_year": 1990, "autocratisation": 0},
            {"code": "QMB", "year": 2000, "autocratisation": 1},
        ],
    ),
    "economy_population": (
        "gwcode,year,pop\n901,2000,1500.5",
        [{"code": "901", "year": 2000, "population_thousands": 1500.5}],
    ),
    "economy_state_age": ("gwcode,year,state_age\n901,2000,7", [{"code": "901", "year": 2000, "state_age": 7}]),
    "unhcr_idmc": (
        "coo,year,total\nALA,2000,5\nALA,2000,7\nBRE,2000,",
        [{"code": "ALA", "year": 2000, "internally_displaced": 12}, {"code": "BRE", "year": 2000}],
    ),
    # three kinds of people, summed over all places of asylum; nobody known is missing, not 0
    "unhcr_population": (
        "coo,coa,year,refugees,asylum_seekers,oip\nALA,BRE,2000,10,5,\nALA,SEE,2000,1,,2\nBRE,ALA,2000,,,",
        [{"code": "ALA", "year": 2000, "displaced_abroad": 18}, {"code": "BRE", "year": 2000}],
    ),
    "unhcr_flows": (
        "coo,coa,year,refugees,asylum_seekers,refugee_like,oip\nALA,BRE,2000,10,5,3,2\nALA,SEE,2001,0,0,0,0",
        [
            {"code": "ALA", "year": 2000, "newly_displaced_abroad": 20},
            {"code": "ALA", "year": 2001, "newly_displaced_abroad": 0},
        ],
    ),
    # a place that no report covers has no row; two places of one State keep a row each (the card says: the highest)
    "pts": (
        "Country;Year;PTS_A;PTS_H;PTS_S;Region\nAlandia;2000;2;NA;4;x\nBretagna;2000;NA;NA;NA;x",
        [{"code": "Alandia", "year": 2000, "amnesty": 2, "state_department": 4}],
    ),
    "epr": (
        "gwid,statename,from,to,gwgroupid,size,status\n901,Alandia,2000,2001,90101,0.25,POWERLESS",
        [
            {"code": "901", "year": 2000, "group": "90101", "size": 0.25, "status": "POWERLESS"},
            {"code": "901", "year": 2001, "group": "90101", "size": 0.25, "status": "POWERLESS"},
        ],
    ),
    "coups": (
        "gwcode,year,pt_attempt_num,pt_coup_num\n901,2000,2,1",
        [{"code": "901", "year": 2000, "attempts": 2, "successful": 1}],
    ),
    "mass_killing_years": (
        "ccode,year,mk_onset,mk_ongoing\n901,2000,0,1",
        [{"code": "901", "year": 2000, "onset": 0, "ongoing": 1}],
    ),
    "hief": (
        "Country,Year,EFindex\nAlandia,2000,0.3",
        [{"code": "Alandia", "year": 2000, "fractionalisation": 0.3}],
    ),
    # votes and announcements of one month are rows of their own; a month that is not written is missing
    "elections": (
        "ccode,country,elec_year,elec_month,event,type\n901,A,2000,5,Announced,X\n901,A,2000,5,Announced,X\n"
        '901,A,2000, ,"Vote, Early ",L\n901,A,2000,7,,X',
        [
            {"code": "901", "year": 2000, "month": 5, "type": "X", "event": "Announced"},
            {"code": "901", "year": 2000, "type": "L", "event": "Vote, Early"},
        ],
    ),
    "genocide_convention": (
        'Participant,Signature,"Accession(a), Ratification"\nAlandia ,11 Dec 1948,5 Mar 1950 a\nBretagna,,',
        [
            {"code": "Alandia", "party_from": 1950, "treaty": "genocide_convention"},
            {"code": "Bretagna", "treaty": "genocide_convention"},
        ],
    ),
    "rome_statute": (
        'Participant,Signature,"Approval(AA), Accession(a), Ratification"\nAlandia,,31 Jan 2003\nBretagna,1 Jan 1999,',
        [
            {"code": "Alandia", "party_from": 2003, "treaty": "rome_statute"},
            {"code": "Bretagna", "treaty": "rome_statute"},  # signed only
        ],
    ),
}  # fmt: skip


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def read(name: str, path: Path | dict[str, Path]) -> list[dict]:
    """The reader's rows, checked by its contract, without the missing cells."""
    module, reader = READERS[name]
    return cells(checked(reader(path), module.CONTRACTS[name], source=name))


def cells(table: pd.DataFrame) -> list[dict]:
    return [{name: value for name, value in row.items() if pd.notna(value)} for row in table.to_dict("records")]


@pytest.mark.parametrize("name", TIDY)
def test_a_reader_renames_and_keeps_what_is_there(tmp_path, name):
    text, expected = TIDY[name]
    assert read(name, write(tmp_path, name, text)) == expected


@pytest.mark.parametrize("name", sorted(set(TIDY) - {"genocide_convention", "rome_statute"}))
def test_a_changed_header_stops_with_the_column_that_is_gone(tmp_path, name):
    text, _ = TIDY[name]
    separator = ";" if name == "pts" else ","
    first = text.split(separator, 1)[0]
    path = write(tmp_path, name, text.replace(first, "renamed", 1))
    with pytest.raises(ValueError, match=rf"{name}: the header lacks \['{first}'\]; it has .*'renamed'.*COLUMNS"):
        READERS[name][1](path)


@pytest.mark.parametrize(
    ("old", "new", "lacks"), [("Participant", "State", "Participant"), ("Ratification", "Acts", "Ratification")]
)
@pytest.mark.parametrize("name", ["genocide_convention", "rome_statute"])
def test_a_changed_header_of_a_list_of_parties_stops(tmp_path, name, old, new, lacks):
    path = write(tmp_path, name, TIDY[name][0].replace(old, new, 1))
    with pytest.raises(ValueError, match=rf"{name}: the header lacks \['{lacks}'\]"):
        READERS[name][1](path)


HUMAN_RIGHTS = (
    "iso2,member,year ratification or accession,status\nNA,Alandia,1990,state party\nQB,Bretagna,1991,signatory\n"
)


def test_the_treaty_files_are_put_together_and_a_signature_binds_nobody(tmp_path):
    paths = {name: write(tmp_path, name, HUMAN_RIGHTS) for name in ("cat", "crc")}
    # "NA" is a code, not a missing one
    assert read("human_rights_treaties", paths) == [
        {"code": "NA", "party_from": 1990, "treaty": "cat"},
        {"code": "QB", "treaty": "cat"},
        {"code": "NA", "party_from": 1990, "treaty": "crc"},
        {"code": "QB", "treaty": "crc"},
    ]


def test_a_changed_header_of_one_treaty_file_names_that_file(tmp_path):
    paths = {
        "cat": write(tmp_path, "cat", HUMAN_RIGHTS),
        "crc": write(tmp_path, "crc", HUMAN_RIGHTS.replace("iso2", "iso")),
    }
    with pytest.raises(ValueError, match=r"human_rights_treaties crc.csv: the header lacks \['iso2'\]"):
        READERS["human_rights_treaties"][1](paths)


BANK = "Country Name,Country Code,Year,Value\nAlandia,QMA,2000,1.5\nAlandia,QMA,2001,\nNamelia,NA,2000,2\n"


def test_the_world_bank_series_are_put_together_without_their_empty_cells(tmp_path):
    paths = {code: write(tmp_path, code, BANK) for code in ("A.B", "C.D")}
    rows = [{"code": "QMA", "year": 2000, "value": 1.5}, {"code": "NA", "year": 2000, "value": 2}]
    assert read("wdi", paths) == [row | {"series": code} for code in ("A.B", "C.D") for row in rows]


def test_a_changed_header_of_one_series_names_that_file(tmp_path):
    paths = {"A.B": write(tmp_path, "a.b", BANK), "C.D": write(tmp_path, "c.d", BANK.replace("Year", "Time"))}
    with pytest.raises(ValueError, match=r"wdi c.d.csv: the header lacks \['Year'\]"):
        READERS["wdi"][1](paths)


CONFLICTS = "conflict_id;location;incompatibility;year;intensity_level;type_of_conflict;gwno_loc\n"


def test_a_conflict_in_two_states_is_a_row_of_each(tmp_path):
    text = CONFLICTS + "11;A, B;1;2000;2;3;901, 902\n"
    row = {"conflict": "11", "year": 2000, "incompatibility": 1, "intensity": 2, "type": 3}
    table = READERS["ucdp_conflicts"][1](write(tmp_path, "conflicts", text)).drop(columns="left_out")
    assert cells(checked(table, READERS["ucdp_conflicts"][0].CONTRACTS["ucdp_conflicts"], source="x")) == [
        row | {"code": "901"},
        row | {"code": "902"},
    ]


def test_a_row_that_a_spreadsheet_broke_over_two_lines_is_put_together(tmp_path):
    """As in the published file: both lines are filled up with separators, and cells between them are lost."""
    header = "conflict_id;incompatibility;year;intensity_level;type_of_conflict;prec;lost;gwno_loc;region;version\n"
    text = header + "11;1;2000;2;3;1;;901;3;25.1\n12;1;;;;;;;;\n;2008;1;3;1;902;3;25.1;;\n13;1;2001;1;3;1;;901;3;25.1\n"
    table = READERS["ucdp_conflicts"][1](write(tmp_path, "conflicts", text))
    assert table["left_out"].isna().all()
    assert table[["conflict", "year", "intensity", "code"]].to_numpy().tolist() == [
        ["11", "2000", "2", "901"],
        ["12", "2008", "1", "902"],
        ["13", "2001", "1", "901"],
    ]


def test_a_line_that_cannot_be_mended_is_marked_and_its_numbers_are_not_used(tmp_path):
    text = CONFLICTS + "11;A;1;2000;2;3;901\n12;A;1\nrest;2008;1;3;901;x;y\n"
    table = READERS["ucdp_conflicts"][1](write(tmp_path, "conflicts", text))
    assert table["left_out"].fillna("").tolist() == ["", "line broken by a spreadsheet", "line broken by a spreadsheet"]
    assert table["code"].tolist() == ["901", "", ""]


@pytest.mark.parametrize("text", [";2008;1;3;901\n", "12;A;1\n;2008\n;1;3;901\n"])
def test_a_file_of_pieces_is_marked_as_well(tmp_path, text):
    table = READERS["ucdp_conflicts"][1](write(tmp_path, "conflicts", CONFLICTS + text))
    assert table["left_out"].tolist() == ["line broken by a spreadsheet"]


def test_the_wide_monthly_file_becomes_a_row_per_country_and_month(tmp_path):
    text = ",Alandia,Bretagna,\n2000-01-31,3,0,0\n2000-02-29,0,4,0\n"
    found = read("ucdp_candidate_monthly", write(tmp_path, "wide", text))
    # the column without a name is no country
    assert {(row["code"], row["year"], row["month"]): row["deaths"] for row in found} == {
        ("Alandia", 2000, 1): 3, ("Bretagna", 2000, 1): 0, ("Alandia", 2000, 2): 0, ("Bretagna", 2000, 2): 4,
    }  # fmt: skip


def test_the_months_by_type_are_summed_and_named(tmp_path):
    # month 109 is January 1989, month 108 the December before; country 7 did not exist yet, country 8 has no name
    key = [(108, 5), (109, 5), (109, 7), (110, 8)]
    index = pd.MultiIndex.from_tuples(key, names=["month_id", "country_id"])
    numbers = {"ged_best_sb": [1, 2, None, 4], "ged_best_ns": [0, 3, None, 0], "ged_best_os": [0, 4, None, 0]}
    pd.DataFrame(numbers, index=index).to_parquet(tmp_path / "deaths.parquet")
    names = write(tmp_path, "names.csv", "country_id,id,name\n5,5,Alandia\n7,7,Bretagna\n")
    found = read("ucdp_monthly_by_type", {"deaths": tmp_path / "deaths.parquet", "names": names})
    assert [tuple(row[name] for name in ("code", "year", "month", "deaths")) for row in found] == [
        ("Alandia", 1989, 1, 9), ("number 8", 1989, 2, 4),
    ]  # fmt: skip


def as_parquet(folder: Path, reader: Callable[..., pd.DataFrame], **columns: list) -> pd.DataFrame:
    path = folder / "x.parquet"
    pd.DataFrame(columns).to_parquet(path)
    return reader(path)


def test_parquet_is_read_like_csv(tmp_path):
    table = as_parquet(tmp_path, READERS["economy_population"][1], gwcode=[901], year=[2000], pop=[5.0])
    assert cells(table) == [{"code": "901", "year": 2000, "population_thousands": 5}]


def test_vdem_keeps_its_own_names_and_stops_when_one_is_gone(tmp_path):
    module, reader = READERS["vdem"]
    names = ["country_text_id", "year", *module.INDICES, *module.VARIABLES]
    whole = {name: [0.5] for name in names} | {"country_text_id": ["QMA"], "year": [2000], "unused": [1]}
    table = as_parquet(tmp_path, reader, **whole)
    assert table.columns.tolist() == ["code", *names[1:]]
    del whole["v2x_rule"]
    with pytest.raises(ValueError, match=r"vdem: the header lacks \['v2x_rule'\]"):
        as_parquet(tmp_path, reader, **whole)


def test_a_mass_killing_that_goes_on_has_no_last_year(tmp_path):
    path = tmp_path / "events.xlsx"
    columns = ["mk_event_code", "startyear", "endyear", "mk_location_cow", "State-Led or Non-State-Led"]
    rows = [(" a ", 2000, 2003, 901, "State-Led "), ("b", 2001, None, 902, "Non-State-Led")]
    pd.DataFrame(rows, columns=columns).to_excel(path, sheet_name="mk_events", index=False)
    assert read("mass_killing", path) == [
        {"event_id": "a", "year": 2000, "end_year": 2003, "code": "901", "led_by": "State-Led"},
        {"event_id": "b", "year": 2001, "code": "902", "led_by": "Non-State-Led"},
    ]


def factbook(folder: Path, government: dict) -> Path:
    path = folder / "factbook.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"nowhere/qa.json": {"Government": government}}).encode()))
    return path


def section(held: str, following: str) -> dict:
    return {
        "most recent election date": {"text": held},
        "expected date of next election": {"text": following},
        "term in office": {"text": "5 years"},
    }


def test_dates_of_elections_are_read_as_years_and_months_that_are_named(tmp_path):
    government = {
        "Executive branch": section("5 November 2024", "to be held by 2028 or 2029"),
        "Legislative branch": section("11/5/2024", "NA"),
    }
    # a text without a year has no row
    assert read("factbook", factbook(tmp_path, government)) == [
        {"code": "qa", "office": "executive", "when": "held", "election_year": 2024, "election_month": 11},
        {"code": "qa", "office": "executive", "when": "next", "election_year": 2028},
        {"code": "qa", "office": "legislative", "when": "held", "election_year": 2024},
    ]


def test_of_a_parliament_with_two_chambers_the_lower_one_is_read(tmp_path):
    government = {
        "Legislative branch": {"legislature name": {"text": "Congress"}},
        "Legislative branch - lower chamber": section("11/5/2024", "November 2026"),
        "Legislative branch - upper chamber": section("11/5/2019", "November 2025"),
    }
    assert read("factbook", factbook(tmp_path, government)) == [
        {"code": "qa", "office": "legislative", "when": "held", "election_year": 2024},
        {"code": "qa", "office": "legislative", "when": "next", "election_year": 2026, "election_month": 11},
    ]


def test_dated_coup_attempts_are_counted_by_month(tmp_path):
    days = pd.to_datetime(["2000-05-01", "2000-05-30", "2001-01-02"])
    pd.DataFrame({"ccode": [901, 901, 902], "date": days, "other": "x"}).to_excel(tmp_path / "days.xlsx")
    assert read("coups_dated", tmp_path / "days.xlsx") == [
        {"code": "901", "year": 2000, "month": 5, "attempts": 2},
        {"code": "902", "year": 2001, "month": 1, "attempts": 1},
    ]


def test_every_reader_is_tested_here():
    by_hand = {
        "ucdp_conflicts",
        "ucdp_candidate_monthly",
        "ucdp_monthly_by_type",
        "vdem",
        "wdi",
        "mass_killing",
        "factbook",
        "coups_dated",
        "human_rights_treaties",
    }
    assert set(TIDY) | by_hand == set(READERS)
