"""The cards of the sources: what is refused, and that our own are whole."""

import json
from pathlib import Path

import pytest

from indicators.sources.cards import load_cards


def write_toml(path: Path, **tables: dict) -> Path:
    """Flat tables as TOML; JSON's strings, numbers and lists are TOML's too."""
    lines = []
    for name, table in tables.items():
        lines.append(f"[{name}]")
        for key, value in table.items():
            lines.append(f"{key} = {value.isoformat() if hasattr(value, 'isoformat') else json.dumps(value)}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_every_source_has_a_valid_card():
    cards = load_cards()
    assert {"ucdp_country_year", "vdem", "wdi", "pts", "mass_killing"} <= set(cards)
    assert "SP.POP.TOTL" in cards["wdi"].files


def test_a_card_with_one_file_names_it_after_itself(tmp_path, card_table):
    card = load_cards(write_toml(tmp_path / "sources.toml", qma=card_table))["qma"]
    assert list(card.files) == ["qma"]
    assert card.files["qma"].file == "invented/data.csv"
    assert card.covers == (2000, 2020)


def test_sources_whose_terms_are_not_confirmed_are_not_redistributed():
    for card in load_cards().values():
        unsure = "not confirmed" in card.licence or "none stated" in card.licence
        assert not (unsure and card.may_redistribute), card.id


def test_no_data_set_is_younger_than_the_day_it_was_taken():
    for card in load_cards().values():
        announced = card.id == "elections"  # it lists elections that were announced in 2021
        assert announced or card.covers[1] <= card.accessed.year, card.id


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lag_months": -1}, r"\[qma\] lag_months: Input should be greater than or equal to 0"),
        ({"lag_months": "6"}, r"\[qma\] lag_months: Input should be a valid integer"),
        ({"covers": [2020, 2000]}, r"covers: Value error, \(2020, 2000\) is not \[first year, last year\]"),
        ({"covers": [2000]}, r"\[qma\] covers.1: Field required"),
        ({"absent_means": "nothing"}, r"absent_means: Input should be 'zero' or 'unknown'"),
        ({"codes": "fips"}, r"\[qma\] codes: Input should be 'gw', 'cow'"),
        ({"licence": ""}, r"\[qma\] licence: String should have at least 1 character"),
        ({"may_redistribute": "(?)"}, r"may_redistribute: Input should be a valid boolean"),
        ({"url": "http://example.org"}, r"\[qma\] url: String should match pattern"),
        ({"sha256": "abc"}, r"files.qma.sha256: String should match pattern"),
        ({"file": "../data.csv"}, r"'../data.csv' is not a path below data/raw"),
        ({"file": "/data.csv"}, r"'/data.csv' is not a path below data/raw"),
        ({"lisence": "CC0"}, r"\[qma\] lisence: Extra inputs are not permitted"),
    ],
)
def test_a_wrong_field_is_named_with_its_card(tmp_path, card_table, change, message):
    path = write_toml(tmp_path / "sources.toml", qma=card_table | change)
    with pytest.raises(ValueError, match=message):
        load_cards(path)


def test_a_missing_field_is_named_and_the_message_says_where_to_mend_it(tmp_path, card_table):
    del card_table["citation"]
    path = write_toml(tmp_path / "sources.toml", qma=card_table)
    with pytest.raises(
        ValueError, match=r"1 fields .*(\n.*)*\[qma\] citation: Field required\nMend them in sources.toml"
    ):
        load_cards(path)


def test_all_breaches_are_counted_and_five_are_shown(tmp_path, card_table):
    wrong = card_table | {
        "codes": "x",
        "licence": "",
        "title": "",
        "lag_months": -1,
        "absent_means": "x",
        "caveats": "",
    }
    path = write_toml(tmp_path / "sources.toml", qma=wrong)
    with pytest.raises(ValueError, match="6 fields") as caught:
        load_cards(path)
    assert str(caught.value).count("[qma]") == 5


def test_one_file_cannot_have_two_cards(tmp_path, card_table):
    path = write_toml(tmp_path / "sources.toml", qma=card_table, qmb=card_table)
    with pytest.raises(ValueError, match=r"invented/data.csv stands on 2 cards"):
        load_cards(path)
