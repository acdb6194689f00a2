"""Other systems' figures: a card and a file become rows of the table `peers`, and of nothing else."""

import hashlib
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from indicators import countries, peers
from indicators.catalogue import read_catalogue
from indicators.sources import READERS
from indicators.sources.cards import Card, load_cards
from models.outcomes import OUTCOMES

STATES = """iso3,name,start,end,predecessor,gw_code,gw,cow,vdem,worldbank,unhcr,pts,iso2,gec,aliases
QMA,Alandia,1950-01-01,,,901,901,901,QMA,QMA,ALA,Alandia,QA,qa,Alandia
QMB,Bretagna,1950-01-01,,,902,902,902,QMB,QMB,BRE,Bretagna,QB,qb,Bretagna
QMC,Newland,1950-01-01,,,903,903,903,QMC,QMC,NEW,Newland,QC,qc,Newland
"""
MONTHS = "gwcode,month,deaths\n901,1,5\n901,2,7\n902,1,0\n902,2,1\n903,1,50\n901,3,900\n999,1,4\n999,2,4\n"
PEER = {
    "system": "Invented Watch",
    "measure": "deaths",
    "what": "An invented number.",
    "unit": "deaths",
    "window": "months 1 and 2",
    "code_column": "gwcode",
    "value_column": "deaths",
    "higher_is_riskier": True,
    "terms": "https://example.org/terms",
    "ours": "risk_index",
}


@pytest.fixture
def spells(tmp_path: Path) -> pd.DataFrame:
    (tmp_path / "countries.csv").write_text(STATES, "utf-8")
    return countries.read_spells(tmp_path / "countries.csv")


@pytest.fixture
def make(tmp_path: Path, card_table: dict[str, Any], spells: pd.DataFrame) -> Any:
    """A function that loads one card: its file's text, changes to the card, changes to its table `peer`."""

    def load(text: str, peer: dict[str, Any] | None = None, day: date = date(2026, 11, 25), **changes: Any) -> Any:
        (tmp_path / "watch.csv").write_text(text, "utf-8")
        facts = {"id": "watch", "file": "watch.csv", "sha256": hashlib.sha256(text.encode()).hexdigest(), "codes": "gw"}
        card = Card.model_validate(card_table | facts | changes | {"peer": PEER | (peer or {})})
        return peers.load({"watch": card}, tmp_path, spells=spells, as_of=day, outcomes=OUTCOMES)

    return load


def test_a_new_system_is_a_card_and_a_file(make):
    """901: 5 + 7 = 12; 902: 0 + 1 = 1; 903 has month 1 only, so that it has no figure; 999 is a region of the file."""
    changes = {"combine": "sum", "ignored_codes": {"a region": ["999"]}, "licence": "CC BY-NC 4.0"}
    found = make(MONTHS, {"where": {"month": [1, 2]}}, **changes)
    table = found.tables["peers"]
    assert table[["iso3", "gw_code", "value", "rank", "ranked"]].values.tolist() == [
        ["QMA", 901, 12, 1, 2],
        ["QMB", 902, 1, 2, 2],
    ]
    assert set(table["licence"]) == {"CC BY-NC 4.0"}
    assert found.rows.values.tolist() == [["watch", 4, 2, 2]]
    assert found.left_out.set_index("reason")["codes"].to_dict() == {"a region": "999", "no figure": "903"}


def test_the_systems_own_places_are_kept_with_their_number(make):
    """Three places in the file, the third of an area that is no State: the States keep places 1 and 3 of 3."""
    text = "gwcode,deaths,place\n901,2,3\n999,7,2\n903,9,1\n"
    table = make(text, {"rank_column": "place"}, ignored_codes={"a region": ["999"]}).tables["peers"]
    assert table[["iso3", "rank", "ranked"]].values.tolist() == [["QMA", 3, 3], ["QMC", 1, 3]]


def test_a_year_column_gives_the_newest_year_and_lower_can_be_riskier(make):
    text = "gwcode,year,deaths\n901,2019,1\n901,2020,8\n902,2020,8\n903,2020,9\n"
    table = make(text, {"year_column": "year", "higher_is_riskier": False}).tables["peers"]
    assert table.set_index("iso3")["rank"].to_dict() == {"QMA": 1, "QMB": 1, "QMC": 3}  # 8 and 8 share the first


def test_no_edition_from_after_the_day_is_in_the_table(make):
    text = "gwcode,deaths\n901,5\n"
    assert len(make(text, {"published": "2026-11-25"}).tables["peers"]) == 1
    later = make(text, {"published": "2026-11-26"})
    assert (len(later.tables["peers"]), len(later.rows)) == (0, 0)
    # without a day of publication, the day on which the file was taken counts
    assert make(text, day=date(2026, 11, 21)).tables["peers"].empty


@pytest.mark.parametrize(
    ("text", "peer", "message"),
    [
        ("gwcode,deaths\n901,5\n901,6\n", {}, r"2 rows share a country code:.*(\n.*)*set `combine` in the card"),
        ("gwcode,deaths\n901,many\n", {}, r"1 cells of value are no numbers: \['many'\]"),
        ("gwcode,toll\n901,5\n", {}, r"the header lacks \['deaths'\]"),
        ("gwcode,deaths\n901,5\n", {"rank_column": "place"}, r"the header lacks \['place'\]"),
        ("gwcode,deaths\n901,5\n", {"where": {"gwcode": 5}}, r"no row has gwcode = \['5'\]; the file has \['901'\]"),
        ("gwcode,deaths\n905,5\n", {}, r"1 country codes are not in data/countries.csv: \['905'\]"),
        ("gwcode,deaths,y\n901,5,2021\n", {"year_column": "y"}, "the newest year of y is 2021, the card covers"),
        ("gwcode,deaths\n901,5\n", {"ours": "rain", "ours_window_years": 1}, "ours = 'rain' is no outcome"),
    ],
)
def test_what_is_not_as_the_card_says_stops_the_build(make, text, peer, message):
    with pytest.raises(ValueError, match=message):
        make(text, peer)


@pytest.mark.parametrize(
    ("peer", "changes", "message"),
    [
        ({"ours": "mass_killing"}, {}, "ours_window_years goes with an outcome"),
        ({"ours_window_years": 2}, {}, "ours_window_years goes with an outcome"),
        ({"rank_column": "place"}, {"combine": "sum"}, "places cannot be combined"),
        ({}, {"codes": "none"}, "names a code system in `codes`"),
        ({"published": "spring"}, {}, "peer.published\n  String should match pattern"),
        ({"units": "deaths"}, {}, "peer.units\n  Extra inputs are not permitted"),
    ],
)
def test_a_card_of_a_system_that_does_not_fit_together_is_refused(make_card, peer, changes, message):
    with pytest.raises(ValueError, match=message):
        make_card(peer=PEER | peer, **changes)


def test_no_indicator_and_no_reader_uses_another_systems_figures():
    others = {card.id for card in load_cards().values() if card.peer}
    assert others == {"ewp_assessment", "inform_risk"}
    assert not others & {source for entry in read_catalogue().values() for source in entry.source}
    assert not others & set(READERS)  # what is not read is in no table that an indicator is given


@pytest.mark.mirror
def test_the_figures_are_those_of_the_producers_files(mirror):
    table = peers.load(
        load_cards(), mirror, spells=countries.read_spells(), as_of=date(2026, 11, 25), outcomes=OUTCOMES
    ).tables["peers"]
    ewp, inform = (table[table["source"] == name].set_index("iso3") for name in ("ewp_assessment", "inform_risk"))
    first = pd.read_csv(mirror / "peers/ewp_2025_26_final_forecasts.csv").set_index("ewp_name")
    second = pd.read_csv(mirror / "peers/inform_risk_index_trends.csv", keep_default_na=False)
    second = second[(second["GNAYear"] == 2024) & (second["IndicatorId"] == "INFORM")].set_index("Iso3")
    assert (len(ewp), len(inform)) == (len(first), len(second)) == (168, 191)  # no code is left out
    for name, iso3 in (("Burma/Myanmar", "MMR"), ("Yemen", "YEM"), ("Namibia", "NAM")):
        assert ewp.at[iso3, "value"] == first.at[name, "risk.2025and2026.from2024"]
        assert ewp.at[iso3, "rank"] == first.at[name, "rank.2025and2026.from2025"]
        assert inform.at[iso3, "value"] == second.at[iso3, "IndicatorScore"]
        above = (second["IndicatorScore"] > inform.at[iso3, "value"]).sum()
        assert inform.at[iso3, "rank"] == above + 1


def test_the_card_in_the_docs_is_a_valid_card():
    text = (Path(__file__).parents[2] / "docs" / "adding_a_system.md").read_text("utf-8")
    block = text.split("```toml\n")[1].split("```")[0].replace('"…"', f'"{"0" * 64}"')
    card = Card.model_validate(tomllib.loads(block)["views"] | {"id": "views"})
    assert card.peer is not None
    assert card.licence == "CC BY-NC 4.0"
    assert card.peer.where["month_id"] == list(range(565, 577))  # (2027 - 1980) * 12 + 1 = 565
