"""The release says what the producers' files say: totals and known cases, counted again from the raw files.

Counted with plain pandas, not with the project's readers; only the crosswalk of the known cases is typed here.
"""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import release
from dashboard.commitments import on_day
from indicators import commitments, countries, sources
from indicators.catalogue import read_catalogue
from indicators.sources.cards import load_cards
from tests.tables import cut_at, known

pytestmark = pytest.mark.mirror
UCDP = "ucdp/organizedviolencecy_v25_1.csv"
DEATHS = {
    "battle_deaths": "sb_total_deaths_best_cy",
    "non_state_conflict_deaths": "ns_total_deaths_best_cy",
    "one_sided_deaths": "os_total_deaths_best_cy",
    "one_sided_deaths_by_governments": "os_any_govt_killings_best_cy",
    "one_sided_deaths_by_groups": "os_nsgroup_killings_best_cy",
}


@pytest.fixture(scope="module")
def made() -> release.Release:
    return release.latest()


@pytest.fixture(scope="module")
def ucdp(mirror) -> pd.DataFrame:
    return pd.read_csv(mirror / UCDP, low_memory=False)


@pytest.fixture(scope="module")
def loaded(mirror) -> sources.Loaded:
    spells = countries.read_spells()
    history = countries.spine(countries.HISTORY_FROM, 2026, spells=spells)
    return sources.load(load_cards(), mirror, spine=history, spells=spells)


def events(made, event: str) -> pd.Series:
    rows = made.events[made.events["event"] == event]
    return rows.set_index(["iso3", "year"])["count"]


def indicator(made, name: str) -> pd.DataFrame:
    """The rows of an indicator that are of their own year, by State and year: value, score."""
    rows = made.indicators[made.indicators["indicator"] == name]
    return rows[rows["data_year"] == rows["year"]].set_index(["iso3", "year"])


# UCDP


def test_one_sided_deaths_of_1994_are_those_of_the_file(made, ucdp):
    assert ucdp.loc[ucdp["year_cy"] == 1994, "os_total_deaths_best_cy"].sum() == 779_994
    assert events(made, "one_sided_deaths").xs(1994, level="year").sum() == 779_994
    assert events(made, "one_sided_deaths")["RWA", 1994] == 770_581


def test_battle_deaths_of_ethiopia_in_2022_are_those_of_the_file(made, ucdp):
    ethiopia = ucdp[(ucdp["country_id_cy"] == 530) & (ucdp["year_cy"] == 2022)]
    assert ethiopia["sb_total_deaths_best_cy"].tolist() == [163_210]
    assert events(made, "battle_deaths")["ETH", 2022] == 163_210


def left_out_rows(made, ucdp: pd.DataFrame) -> pd.Series:
    """Which rows of the file the release lists as left out."""
    listed = made.left_out[made.left_out["source"] == "ucdp_country_year"]
    out = pd.Series(False, ucdp.index)
    for row in listed.itertuples():
        within = ucdp["year_cy"].between(row.first_year, row.last_year)
        out |= within & ucdp["country_id_cy"].astype(str).isin(row.codes.split(";"))
    assert out.sum() == listed["rows"].sum()
    return out


@pytest.mark.parametrize("event", DEATHS)
def test_world_totals_of_each_year_are_those_of_the_file_less_what_is_listed(made, ucdp, event):
    kept = ucdp[~left_out_rows(made, ucdp)]
    theirs = kept.groupby("year_cy")[DEATHS[event]].sum()
    ours = events(made, event).groupby("year").sum()
    assert list(theirs.index) == list(range(1989, 2025))
    assert ours.to_dict() == theirs.to_dict()


def test_what_is_left_out_of_ucdp_holds_no_death(made, ucdp):
    out = ucdp[left_out_rows(made, ucdp)]
    assert out[list(DEATHS.values())].to_numpy().sum() == 0
    assert len(out) == 38  # the Vatican, 36 years; East Germany and South Yemen in 1990


def test_each_row_of_ucdp_that_is_kept_stands_in_one_row_of_the_release(made, ucdp):
    kept = ucdp[~left_out_rows(made, ucdp)]
    ours = events(made, "battle_deaths")
    assert len(ours) == len(kept) == 6_898
    assert sorted(ours) == sorted(kept["sb_total_deaths_best_cy"])


def test_every_state_of_a_year_has_its_deaths_but_palestine(made, ucdp):
    ours = set(events(made, "battle_deaths").index)
    spine = made.scores[made.scores["year"].between(1989, 2024)]
    lacking = {(row.iso3, row.year) for row in spine.itertuples()} - ours
    assert {iso3 for iso3, _ in lacking} == {"PSE"}


# States


@pytest.mark.parametrize(("year", "states"), [(1990, 170), (1992, 188), (2011, 197), (2024, 197)])
def test_the_number_of_states_is_that_of_the_list_with_palestine_and_without_two(made, mirror, year, states):
    listed = pd.read_csv(mirror / "country_codes/gwstates.csv")
    on_the_day = listed[(listed["start"] <= f"{year}-12-31") & (listed["end"] >= f"{year}-12-31")]
    assert len(on_the_day) == states
    abkhazia_and_south_ossetia = on_the_day["gwcode"].isin([396, 397]).sum()
    ours = made.scores[made.scores["year"] == year]
    assert len(ours) == states - abkhazia_and_south_ossetia + 1
    assert set(ours["gw_code"].dropna().astype(int)) == set(on_the_day["gwcode"]) - {396, 397}


# Other sources


def test_the_terror_scale_of_syria_is_that_of_the_file(made, mirror):
    pts = pd.read_csv(mirror / "pts/PTS-2025.csv", sep=";", encoding="utf-8-sig")
    syria = pts[pts["Country"] == "Syrian Arab Republic"].set_index("Year")[["PTS_A", "PTS_H", "PTS_S"]]
    scores = indicator(made, "political_terror_scale")["score"]["SYR"]
    assert syria.loc[2015].tolist() == [5, 5, 5]
    assert scores[2015] == 100
    assert syria.loc[1976].dropna().tolist() == [4, 3]
    assert scores[1976] == 62.5  # 3.5 on the scale of 1 to 5
    theirs = (25 * (syria.mean(axis="columns") - 1)).dropna()
    assert scores.to_dict() == pytest.approx(theirs.to_dict(), abs=0.01)


def test_the_excluded_share_of_myanmar_is_that_of_the_file(made, mirror):
    epr = pd.read_csv(mirror / "epr/epr_core_2023.csv")
    groups = epr[(epr["gwid"] == 775) & (epr["from"] <= 2023) & (epr["to"] >= 2023)]
    out = groups[groups["status"].isin(["POWERLESS", "DISCRIMINATED"])]["size"].sum()
    assert out == pytest.approx(0.2935)
    # the terms of the source allow a score, no value: square root of the share of 100 per cent
    assert indicator(made, "excluded_population_pct")["score"]["MMR", 2023] == pytest.approx(54.18, abs=0.01)


@pytest.mark.parametrize(("iso3", "deaths"), [("AFG", 110.6), ("NER", 108.3), ("SWE", 3.4)])
def test_infant_mortality_of_2000_is_that_of_the_file(made, mirror, iso3, deaths):
    bank = pd.read_csv(mirror / "wdi/sp.dyn.imrt.in.csv").set_index(["Country Code", "Year"])["Value"]
    assert bank[iso3, 2000] == deaths
    assert indicator(made, "infant_mortality_per_1000")["value"][iso3, 2000] == deaths


def test_people_displaced_from_syria_at_the_end_of_2015_are_those_of_the_file(made, mirror):
    table = pd.read_parquet(mirror / "unhcr/population.parquet")
    people = table[(table["coo"] == "SYR") & (table["year"] == 2015)][["refugees", "asylum_seekers", "oip"]]
    assert people.sum().tolist() == [4_873_236, 245_857, 0]
    share = indicator(made, "displaced_abroad_pct")["value"]["SYR", 2015]
    inhabitants = events(made, "population")["SYR", 2015]
    assert share / 100 * inhabitants == pytest.approx(5_119_093, rel=1e-5)


def test_coup_attempts_of_2021_are_those_of_the_file(made, mirror):
    listed = pd.read_csv(mirror / "coups/powell_thyne_gw_1950_2025.csv")
    assert listed.loc[listed["year"] == 2021, "pt_attempt_num"].sum() == 7
    scores = indicator(made, "coup_attempts_this_year")["score"].xs(2021, level="year")
    attempts = (3 * (scores / 100) ** 2).round().astype(int)  # the scale: the square root of three attempts is 100
    assert attempts[attempts > 0].to_dict() == {"GIN": 1, "MLI": 1, "MMR": 1, "NER": 1, "SDN": 2, "TCD": 1}


def parties_at_the_end_of(table: pd.DataFrame, year: int) -> int:
    left = table["party_until"] <= year
    return int(((table["party_from"] <= year) & ~left).sum())


def test_the_genocide_convention_had_153_parties_in_2022(loaded):
    assert parties_at_the_end_of(loaded.tables["genocide_convention"], 2022) == 153


@pytest.mark.parametrize(("year", "parties"), [(2022, 123), (2024, 125)])
def test_parties_of_the_rome_statute_are_those_of_the_depositary(loaded, year, parties):
    # with the Cook Islands, which have no row of their own
    assert parties_at_the_end_of(loaded.tables["rome_statute"], year) + 1 == parties


@pytest.fixture(scope="module")
def bound(mirror) -> pd.DataFrame:
    acts = commitments.acts(load_cards(), mirror)
    return commitments.commitments(acts, commitments.read_changes(), countries.read_spells(), as_of=date(2026, 11, 22))


@pytest.mark.parametrize(
    ("treaty", "day", "parties"),
    [
        ("genocide_convention", "2022-04-30", 153),
        ("rome_statute", "2023-04-30", 123),
        ("rome_statute", "2025-01-31", 125),
        ("rome_statute", "2026-11-22", 124),  # Hungary left in June
        ("cat", "2022-08-31", 171),  # lines of the file with "state party"
    ],
)
def test_parties_on_a_day_are_those_that_the_depositary_counted(bound, treaty, day, parties):
    then = on_day(bound[bound["treaty"] == treaty], day)
    assert (then["then"] == "party").sum() == parties


def test_nineteen_states_of_asia_and_the_pacific_were_party_to_the_rome_statute_in_april_2023(bound):
    then = on_day(bound[bound["treaty"] == "rome_statute"], "2023-04-30")
    group = then[(then["then"] == "party") & (then["un_group"] == "Asia-Pacific")]
    assert len(group) == 19
    assert {"COK", "KIR", "PSE"} <= set(group["iso3"])
    assert "PHL" not in set(group["iso3"])  # left in 2019


@pytest.mark.parametrize(
    ("iso3", "day"),
    # as the depositary announced them: the first of the month after the 60th day
    [("ARM", "2024-02-01"), ("UKR", "2025-01-01"), ("PSE", "2015-04-01"), ("KIR", "2020-02-01"), ("FRA", "2002-07-01")],
)
def test_the_rome_statute_enters_into_force_as_its_article_126_says(bound, iso3, day):
    assert bound.set_index(["treaty", "iso3"]).at[("rome_statute", iso3), "in_force_from"] == day


# Rows dropped at joins


def test_rows_read_are_those_matched_and_those_left_out(made):
    table = made.sources
    assert (table["rows_read"] == table["rows_matched"] + table["rows_left_out"]).all()
    listed = made.left_out.groupby("source")["rows"].sum()
    assert listed.to_dict() == table.set_index("source")["rows_left_out"].loc[lambda rows: rows > 0].to_dict()


# code system: code -> which row holds it from year to year; at other times there is no row for it
NOW = 2026
HELD: dict[str, dict[str, list[tuple[str, int, int]]]] = {
    "gw": {
        "345": [("YUG", 1946, 2005), ("SRB", 2006, NOW)],
        "340": [("SRB", 2006, NOW)],
        "341": [("MNE", 2006, NOW)],
        "347": [("XKX", 2008, NOW)],
        "678": [("YEM", 1946, NOW)],
        "680": [("YMD", 1967, 1989)],
        "260": [("DEU", 1949, NOW)],
        "265": [("DDR", 1949, 1989)],
        "625": [("SDN", 1956, NOW)],
        "626": [("SSD", 2011, NOW)],
        "530": [("ETH", 1946, NOW)],
        "531": [("ERI", 1993, NOW)],
        "365": [("RUS", 1946, NOW)],
        "369": [("UKR", 1991, NOW)],
        "816": [("VNM", 1954, NOW)],
        "817": [("XVR", 1954, 1974)],
        "666": [("ISR", 1948, NOW)],
    },
    "cow": {
        "345": [("YUG", 1946, 2005), ("SRB", 2006, NOW)],
        "341": [("MNE", 2006, NOW)],
        "347": [("XKX", 2008, NOW)],
        "678": [("YEM", 1946, NOW)],
        "679": [("YEM", 1946, NOW)],
        "680": [("YMD", 1967, 1989)],
        "255": [("DEU", 1949, NOW)],
        "260": [("DEU", 1949, NOW)],
        "265": [("DDR", 1949, 1989)],
        "625": [("SDN", 1956, NOW)],
        "626": [("SSD", 2011, NOW)],
        "531": [("ERI", 1993, NOW)],
        "365": [("RUS", 1946, NOW)],
        "816": [("VNM", 1954, NOW)],
        "817": [("XVR", 1954, 1974)],
    },
    "vdem": {
        "SRB": [("YUG", 1946, 2005), ("SRB", 2006, NOW)],
        "MNE": [("MNE", 2006, NOW)],
        "XKX": [("XKX", 2008, NOW)],
        "YEM": [("YEM", 1946, NOW)],
        "YMD": [("YMD", 1967, 1989)],
        "DEU": [("DEU", 1949, NOW)],
        "DDR": [("DDR", 1949, 1989)],
        "PSE": [("PSE", 1967, NOW)],
        "PSG": [],
        "SDN": [("SDN", 1956, NOW)],
        "SSD": [("SSD", 2011, NOW)],
        "ETH": [("ETH", 1946, NOW)],
        "ERI": [("ERI", 1993, NOW)],
        "RUS": [("RUS", 1946, NOW)],
        "UKR": [("UKR", 1991, NOW)],
        "VNM": [("VNM", 1954, NOW)],
        "VDR": [("XVR", 1954, 1974)],
    },
    "worldbank": {
        "SRB": [("SRB", 2006, NOW)],
        "MNE": [("MNE", 2006, NOW)],
        "XKX": [("XKX", 2008, NOW)],
        "YEM": [("YEM", 1946, NOW)],
        "DEU": [("DEU", 1949, NOW)],
        "PSE": [("PSE", 1967, NOW)],
        "SDN": [("SDN", 1956, NOW)],
        "SSD": [("SSD", 2011, NOW)],
        "ERI": [("ERI", 1993, NOW)],
        "RUS": [("RUS", 1946, NOW)],
        "UKR": [("UKR", 1991, NOW)],
        "VNM": [("VNM", 1954, NOW)],
    },
    "unhcr": {
        "SRB": [("YUG", 1946, 2005), ("SRB", 2006, NOW)],
        "YEM": [("YEM", 1946, NOW)],
        "GFR": [("DEU", 1949, NOW)],
        "GAZ": [("PSE", 1967, NOW)],
        "SUD": [("SDN", 1956, NOW)],
        "SSD": [("SSD", 2011, NOW)],
        "ETH": [("ETH", 1946, NOW)],
        "ERT": [("ERI", 1993, NOW)],
        "RUS": [("RUS", 1946, NOW)],
        "SRV": [("VNM", 1954, NOW)],
    },
}
# source: (file, code system, column of the code, of the year, and of one number; column of our table)
CHECKED = {
    "ucdp_country_year": (UCDP, "gw", "country_id_cy", "year_cy", "sb_total_deaths_best_cy", "state_based_deaths"),
    "coups": ("coups/powell_thyne_gw_1950_2025.csv", "gw", "gwcode", "year", "pt_attempt_num", "attempts"),
    "economy_population": ("economy/population_gw.csv", "gw", "gwcode", "year", "pop", "population_thousands"),
    "mass_killing_years": (
        "mass_killing/ewp_country_years_1934_2024.csv", "cow", "ccode", "year", "mk_ongoing", "ongoing",
    ),
    "vdem": (
        "vdem/vdem_v14_vdemlite_1970_2023.parquet", "vdem", "country_text_id", "year", "v2x_rule", "v2x_rule",
    ),
    "vdem_polyarchy": (
        "vdem/vdem_v16_polyarchy_1970_2025.csv", "vdem", "iso3", "year", "democracy_score", "electoral_democracy",
    ),
    "ert": ("vdem/ert_v15_1900_2024.csv", "vdem", "country_text_id", "year", "aut_ep", "autocratisation"),
    "wdi": ("wdi/sp.dyn.imrt.in.csv", "worldbank", "Country Code", "Year", "Value", "value"),
    "unhcr_population": ("unhcr/population.parquet", "unhcr", "coo", "year", None, "displaced_abroad"),
}  # fmt: skip


def raw_numbers(mirror: Path, source: str) -> dict[tuple[str, int], float]:
    """The producer's number by code and year, of the codes of the known cases, from 1946 on."""
    file, system, code, year, number, _ = CHECKED[source]
    table = pd.read_parquet(mirror / file) if file.endswith("parquet") else pd.read_csv(mirror / file, low_memory=False)
    if number is None:
        number, table = "people", table.assign(people=table[["refugees", "asylum_seekers", "oip"]].sum(axis="columns"))
        table = table.groupby([code, year], as_index=False)[number].sum()
    table = table.assign(key=table[code].astype(str))
    table = table[table["key"].isin(HELD[system]) & (table[year] >= 1946)].dropna(subset=[number])
    return dict(zip(zip(table["key"], table[year], strict=True), table[number], strict=True))


def holder(system: str, code: str, year: int) -> str | None:
    return next((iso3 for iso3, first, last in HELD[system][code] if first <= year <= last), None)


GAVE_ITS_CODE_ON = {("345", 2006)}  # some sources have Serbia twice in the year in which it became a State


def is_listed(left_out: pd.DataFrame, code: str, year: int) -> bool:
    rows = left_out[(left_out["first_year"] <= year) & (left_out["last_year"] >= year)]
    return any(code in codes.split(";") for codes in rows["codes"])


@pytest.mark.parametrize("source", CHECKED)
def test_each_number_of_a_known_case_is_in_its_states_row_or_listed_as_left_out(loaded, mirror, source):
    *_, system, _, _, _, column = CHECKED[source]
    table = loaded.tables[source]
    table = table[table["series"] == "SP.DYN.IMRT.IN"] if source == "wdi" else table
    ours = table.set_index(["iso3", "year"])[column].to_dict()
    listed = loaded.left_out[loaded.left_out["source"] == source]
    numbers = raw_numbers(mirror, source)
    assert len(numbers) > 100
    for (code, year), number in numbers.items():
        iso3 = holder(system, code, int(year))
        if iso3 is None:
            assert is_listed(listed, code, year), f"{source}: {code} in {year} is nowhere"
        elif not ((code, year) in GAVE_ITS_CODE_ON and is_listed(listed, code, year)):
            assert ours[iso3, year] == pytest.approx(number), f"{source}: {code} in {year} is not in {iso3}"


def test_conflicts_in_states_that_ended_are_in_their_rows(loaded, mirror):
    table = pd.read_csv(mirror / "ucdp/UcdpPrioConflict_v25_1.csv", sep=";", dtype=str)
    ours = loaded.tables["ucdp_conflicts"].groupby(["iso3", "year"])["conflict"].nunique()
    for code, year, iso3 in [("345", 1991, "YUG"), ("680", 1986, "YMD"), ("365", 1990, "RUS"), ("817", 1970, "XVR")]:
        places = table["gwno_loc"].fillna("").str.split(", ").map(lambda codes, own=code: own in codes)
        theirs = table[places & (table["year"] == str(year))]["conflict_id"].nunique()
        assert theirs > 0
        assert ours[iso3, year] == theirs


def test_the_conflict_on_two_broken_lines_of_the_file_is_there(loaded):
    conflicts = loaded.tables["ucdp_conflicts"]
    china = conflicts[(conflicts["iso3"] == "CHN") & (conflicts["year"] == 2008)]
    assert china[["conflict", "intensity"]].to_numpy().tolist() == [["11349", 1.0]]


GROUPS = [
    (345, 1985, "YUG"), (345, 1995, "YUG"), (340, 2010, "SRB"), (365, 1985, "RUS"), (365, 2010, "RUS"),
    (678, 1985, "YEM"), (680, 1985, "YMD"), (625, 2005, "SDN"), (626, 2015, "SSD"), (531, 2000, "ERI"),
    (816, 1990, "VNM"), (260, 2000, "DEU"),
]  # fmt: skip


def test_groups_of_states_that_ended_are_in_their_rows(loaded, mirror):
    epr = pd.read_csv(mirror / "epr/epr_core_2023.csv")
    ours = loaded.tables["epr"].groupby(["iso3", "year"])["size"].sum()
    for code, year, iso3 in GROUPS:
        groups = epr[(epr["gwid"] == code) & (epr["from"] <= year) & (epr["to"] >= year)]
        assert len(groups) > 0
        assert ours[iso3, year] == pytest.approx(groups["size"].sum())


# Indicators on the real tables


@pytest.fixture(scope="module")
def values(loaded) -> dict[str, pd.Series]:
    return {name: entry.compute(loaded.tables).dropna() for name, entry in read_catalogue().items()}


def test_goalposts_cut_off_fewer_than_1_value_in_100(values):
    """Of all indicators: in a release the values of closed sources cannot be seen."""
    too_many = {}
    for name, entry in read_catalogue().items():
        since_1970 = values[name][values[name].index.get_level_values("year") >= countries.FIRST_YEAR]
        share = float((~since_1970.between(*entry.goalposts)).mean())
        if share >= 0.01:
            too_many[name] = share
    assert too_many == {}


def test_no_indicator_of_the_real_tables_uses_a_later_year(loaded, values):
    """As tests/indicators/test_known_in_time.py, which says why the calendar of elections is different."""
    then = cut_at(loaded.tables, 2012)
    months, newest = then["ucdp_candidate_monthly"], loaded.tables["ucdp_candidate_monthly"]
    # the newest month is in May, and the release is made for that: in May 2012 there was no later one
    may = newest.loc[newest["year"] == newest["year"].max(), "month"].max()
    then["ucdp_candidate_monthly"] = months[(months["year"] < 2012) | (months["month"] <= may)]
    for name, entry in read_catalogue().items():
        if name == "election_due_24_months":
            continue
        whole = {key: value for key, value in known(values[name]).items() if key[1] <= 2012}
        cut = known(entry.compute(then))
        # nobody's treaties are known who has ended since: then it was a State like any other
        ends_later = name in ("human_rights_treaties_pct", "atrocity_law_commitments_pct")
        cut = {key: value for key, value in cut.items() if key in whole} if ends_later else cut
        assert cut == pytest.approx(whole), name


def test_the_release_holds_the_values_of_the_indicators(made, values):
    """What is in the release for its own year is the indicator's value, to six digits."""
    rows = made.indicators.dropna(subset="value")
    rows = rows[rows["data_year"] == rows["year"]].set_index(["iso3", "year"])
    for name, own in rows.groupby("indicator")["value"]:
        np.testing.assert_allclose(values[name].reindex(own.index), own, rtol=1e-5, atol=1e-12, err_msg=name)
