"""The spine and the crosswalk: which State existed when, and whose row a code of a source belongs to."""

import pandas as pd
import pytest

from indicators import countries

COLUMNS = ["iso3", "name", "start", "end", "predecessor", "gw_code", "gw", "worldbank"]
# QMU broke up in the middle of 1991 into QMA, which kept its code, and QMB; QMZ is no member of anything
LINES = [
    ("QMU", "Old Union", "1950-01-01", "1991-06-30", "", "900", "900;901", "QMU"),
    ("QMA", "Alandia", "1991-07-01", "", "QMU", "901", "901", "QMA"),
    ("QMB", "Bretagna", "1991-07-01", "1999-12-31", "QMU", "902", "902", "QMB"),
    ("QMB", "Greater Bretagna", "2000-01-01", "", "QMU", "902", "902", "QMB"),
    ("QMZ", "Seeland", "1960-01-01", "", "", "", "", "QMZ;QMX"),
]


@pytest.fixture
def write(tmp_path):
    def written(lines):
        path = tmp_path / "countries.csv"
        table = pd.DataFrame(lines, columns=COLUMNS)
        for system in ("cow", "vdem", "iso3_", "unhcr", "pts", "iso2", "gec", "aliases"):
            table[system] = ""
        table.to_csv(path, index=False)
        return path

    return written


@pytest.fixture
def spells(write):
    return countries.read_spells(write(LINES))


def states_of(spine: pd.DataFrame, year: int) -> dict[str, str]:
    rows = spine[spine["year"] == year]
    return dict(zip(rows["iso3"], rows["country"], strict=True))


def test_a_state_has_a_row_for_each_year_at_whose_end_it_existed(spells):
    spine = countries.spine(1989, 2001, spells=spells)
    assert states_of(spine, 1990) == {"QMU": "Old Union", "QMZ": "Seeland"}
    # gone since June, and its successors there since July
    assert states_of(spine, 1991) == {"QMA": "Alandia", "QMB": "Bretagna", "QMZ": "Seeland"}


def test_a_row_has_the_name_of_its_year_and_the_last_day_counts(spells):
    spine = countries.spine(1989, 2001, spells=spells)
    assert states_of(spine, 1999)["QMB"] == "Bretagna"  # to 31 December 1999
    assert states_of(spine, 2000)["QMB"] == "Greater Bretagna"


def test_a_place_without_a_code_has_a_row_with_a_missing_code(spells):
    spine = countries.spine(2000, 2000, spells=spells).set_index("iso3")
    assert pd.isna(spine.loc["QMZ", "gw_code"])
    assert spine.loc["QMA", "gw_code"] == 901


def test_two_states_cannot_have_one_code_on_one_day(write):
    lines = [*LINES, ("QMC", "Twin", "1995-01-01", "", "", "901", "901", "")]
    with pytest.raises(ValueError, match=r"countries.csv: gw_code stands for two rows on one day:\n.*\n.*QMC") as error:
        countries.read_spells(write(lines))
    assert "Mend the dates there" in str(error.value)


def test_a_state_cannot_have_two_names_on_one_day(write):
    lines = [*LINES, ("QMA", "Alandia again", "2001-01-01", "", "", "", "", "")]
    with pytest.raises(ValueError, match="iso3 stands for two rows on one day"):
        countries.read_spells(write(lines))


def test_a_code_that_ends_the_day_before_another_begins_is_no_overlap(write):
    lines = [*LINES, ("QMC", "Heir", "1991-07-01", "", "QMU", "900", "900", "")]
    assert len(countries.read_spells(write(lines))) == 6


def test_the_last_day_of_one_cannot_be_the_first_day_of_the_other(write):
    lines = [*LINES, ("QMC", "Heir", "1991-06-30", "", "QMU", "900", "900", "")]
    with pytest.raises(ValueError, match="gw_code stands for two rows on one day"):
        countries.read_spells(write(lines))


def test_an_unknown_code_system_is_named_with_those_there_are(spells):
    with pytest.raises(ValueError, match=r"'fips' is not a code system of data/countries.csv; it has gw, cow, vdem"):
        countries.codes("fips", spells=spells)


def rows(*pairs: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(pairs, columns=["code", "year"]).assign(value=range(len(pairs)))


def matched(spells, table, system="gw", ignored=None):
    return countries.match(table, system, spells=spells, source="invented", ignored=ignored or {})


def test_a_code_belongs_to_the_state_that_held_it_at_the_years_end(spells):
    found, left_out = matched(spells, rows(("901", 1990), ("901", 1991), ("900", 1980)))
    assert list(zip(found["iso3"], found["year"], strict=True)) == [("QMU", 1990), ("QMA", 1991), ("QMU", 1980)]
    assert found["value"].tolist() == [0, 1, 2]
    assert left_out.empty


def test_a_row_of_a_year_at_whose_end_there_was_no_such_state_is_left_out_with_that_reason(spells):
    # of the Old Union's last, broken year, and of a year before there was a Bretagna
    found, left_out = matched(spells, rows(("900", 1991), ("902", 1985), ("902", 1995)))
    assert found["iso3"].tolist() == ["QMB"]
    assert list(zip(left_out["code"], left_out["year"], strict=True)) == [("900", 1991), ("902", 1985)]
    assert set(left_out["left_out"]) == {"no such State on 31 December of that year"}


def test_an_ignored_code_is_left_out_with_its_own_reason_even_where_a_state_has_it(spells):
    ignored = {"a region": ["999"], "copy of another row": ["902"]}
    found, left_out = matched(spells, rows(("999", 2000), ("902", 2000), ("901", 2000)), ignored=ignored)
    assert found["iso3"].tolist() == ["QMA"]
    assert dict(zip(left_out["code"], left_out["left_out"], strict=True)) == {
        "999": "a region",
        "902": "copy of another row",
    }


def test_an_unknown_code_stops_with_where_to_add_it(spells):
    with pytest.raises(
        ValueError, match=r"invented: 2 country codes are not in data/countries.csv: \['7', '8'\]"
    ) as error:
        matched(spells, rows(("8", 2000), ("7", 2000), ("7", 2001), ("901", 2000)))
    assert "column gw" in str(error.value)
    assert "[invented.ignored_codes] in data/sources.toml" in str(error.value)


def test_of_more_than_five_unknown_codes_five_are_shown(spells):
    with pytest.raises(ValueError, match=r"6 country codes .*\['1', '2', '3', '4', '5'\]\."):
        matched(spells, rows(*((str(code), 2000) for code in range(1, 7))))


def test_without_a_year_the_newest_state_with_the_code_is_meant(spells):
    found, _ = matched(spells, pd.DataFrame({"code": ["901"], "value": [5]}))
    assert found["iso3"].tolist() == ["QMA"]


def test_the_second_code_of_a_state_is_matched_too_and_says_that_it_is_the_second(spells):
    found, _ = matched(spells, rows(("QMX", 2000), ("QMZ", 2000)), "worldbank")
    assert found["iso3"].tolist() == ["QMZ", "QMZ"]
    assert found["rank"].tolist() == [1, 0]


def test_no_row_is_lost(spells):
    table = rows(("901", 1990), ("901", 1991), ("900", 1991), ("999", 2000), ("902", 1970))
    found, left_out = matched(spells, table, ignored={"a region": ["999"]})
    assert sorted([*found["value"], *left_out["value"]]) == table["value"].tolist()


def test_the_territory_of_a_present_state_is_held_by_its_predecessor_before_it_existed(spells):
    spine = countries.spine(1990, 1992, spells=spells)
    held = countries.holders(spine, spells=spells).set_index(["place", "year"])["iso3"]
    assert held["QMA", 1990] == held["QMB", 1990] == "QMU"
    assert held["QMA", 1991] == "QMA"
    assert ("QMU", 1990) not in held  # it does not stand any more: no place of today


def test_neighbours_are_those_of_the_rows_of_the_year(spells, tmp_path):
    path = tmp_path / "neighbours.csv"
    path.write_text("iso3,neighbour\nQMA,QMB\nQMB,QMA\nQMB,QMZ\nQMZ,QMB\n")
    found = countries.borders(countries.spine(1990, 1991, spells=spells), spells=spells, path=path)
    pairs = {tuple(row) for row in found[["iso3", "year", "neighbour"]].itertuples(index=False)}
    # in 1990 the Old Union holds QMA and QMB: it borders on QMZ, and not on itself
    assert pairs == {
        ("QMU", 1990, "QMZ"), ("QMZ", 1990, "QMU"),
        ("QMA", 1991, "QMB"), ("QMB", 1991, "QMA"), ("QMB", 1991, "QMZ"), ("QMZ", 1991, "QMB"),
    }  # fmt: skip


REAL = countries.read_spells()


def existed(iso3: str, day: str) -> bool:
    spells = REAL[REAL["iso3"] == iso3]
    return bool(((spells["start"] <= day) & (spells["end"].fillna(countries.ALWAYS) >= day)).any())


@pytest.mark.parametrize(
    ("before", "after", "last_day", "first_day"),
    [
        ("RUS", "UKR", "1991-11-30", "1991-12-01"),
        ("YUG", "SRB", "2006-06-04", "2006-06-05"),
        ("YUG", "MNE", "2006-06-02", "2006-06-03"),
        ("CSK", "CZE", "1992-12-31", "1993-01-01"),
        ("ETH", "ERI", "1993-05-23", "1993-05-24"),
        ("SDN", "SSD", "2011-07-08", "2011-07-09"),
    ],
)
def test_successors_begin_when_their_predecessors_end_or_let_them_go(before, after, last_day, first_day):
    assert existed(before, last_day)
    assert not existed(after, last_day)
    assert existed(after, first_day)
    assert before in REAL.loc[REAL["iso3"] == after, "predecessor"].iloc[0].split(";")


@pytest.mark.parametrize("iso3", ["YUG", "CSK", "DDR", "YMD"])
def test_states_that_ended_have_an_end(iso3):
    assert not existed(iso3, "2010-01-01")


@pytest.mark.parametrize("iso3", ["PSE", "XKX", "TWN"])
def test_places_that_are_no_un_members_but_have_a_row_say_so(iso3):
    row = REAL[REAL["iso3"] == iso3].iloc[0]
    assert row["kind"] == "other"
    assert row["note"]


@pytest.mark.parametrize(("iso3", "word"), [("MAR", "Western Sahara"), ("SOM", "Somaliland"), ("GEO", "Abkhazia")])
def test_a_row_that_holds_another_place_says_so(iso3, word):
    assert word in REAL.loc[REAL["iso3"] == iso3, "note"].iloc[0]
