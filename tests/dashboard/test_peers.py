"""Other systems beside us: places, differences and reasons, worked by hand on invented States."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import release
from dashboard import peers
from dashboard.current import forget
from tests.dashboard import sample
from tests.dashboard.test_app import run, table_with, texts

THEIRS = pd.Series({"QMA": 1, "QMB": 2, "QMC": 3, "QMZ": 4})  # QMZ is not ours
OURS = pd.Series({"QMA": 0.1, "QMB": 0.3, "QMC": 0.2, "QMD": 0.9, "QME": np.nan})  # QMD is not theirs
SYSTEM = {"system": "Onset Watch", "measure": "risk", "window": "2023", "edition": "7", "published": "2023-05"}
SYSTEM |= {"ours": "mass_killing", "ours_window_years": 2}


def compared() -> pd.DataFrame:
    """QMD, above all others in each replicate, takes no place, since only QMA, QMB and QMC are on both sides."""
    drawn = pd.DataFrame({"QMA": [0.1] * 40, "QMB": [0.3] * 39 + [0.0], "QMC": [0.2] * 40, "QMD": [0.9] * 40})
    return peers.compare_forecast(THEIRS, OURS, drawn)


def test_places_are_those_among_the_states_that_both_have():
    """Ours: QMB .3, QMC .2, QMA .1. QMB is last in 1 of 40 replicates, where QMC is first and QMA second.

    Places of QMB: 39 times 1, once 3; the 97.5 % quantile lies at position .975 * 39 = 38.025, so 1 + .025 * 2 = 1.05,
    rounded up 2. QMA: once 2, 39 times 3; the 2.5 % quantile, at position .975, is 2.975, rounded down 2. QMC: once 1,
    39 times 2: 1.975, rounded down 1.
    """
    table = compared()
    assert table.loc["QMA"].tolist() == [1, 3, 2, 3]
    assert table.loc["QMB"].tolist() == [2, 1, 1, 2]
    assert table.loc["QMC"].tolist() == [3, 2, 1, 2]
    assert peers.find_side(table).to_dict() == {"QMA": "higher", "QMB": "within", "QMC": "lower"}


def test_an_interval_reaches_to_the_place_of_the_forecast_itself():
    drawn = pd.DataFrame({"QMA": [0.9] * 4, "QMB": [0.2] * 4, "QMC": [0.1] * 4})
    assert peers.compare_forecast(THEIRS, OURS, drawn).loc["QMA"].tolist() == [1, 3, 1, 3]


def test_places_of_the_index_are_counted_among_the_states_of_both():
    """Of our five, QMD (first) and QME (third) are not theirs: places 1 to 5 are QMD, QMB, QME, QMC, QMA.

    QMC, place 4 of 5, between 2 and 5: before place 2 none of both lists, up to place 5 QMB and QMA, so 1 to 3.
    QMB, place 2 between 2 and 3: 1 to 1. Of QMA no interval is known.
    """
    ours = pd.Series({"QMD": 90.0, "QMB": 70.0, "QME": 60.0, "QMC": 50.0, "QMA": 40.0})
    sensitivity = pd.DataFrame({"iso3": ["QMC", "QMB", "QMD"], "rank_lower": [2, 2, 1], "rank_upper": [5, 3, 2]})
    table = peers.compare_index(THEIRS, ours, sensitivity)
    assert table.loc["QMC"].tolist() == [3, 2, 1, 3]
    assert table.loc["QMB"].tolist() == [2, 1, 1, 1]
    assert peers.find_side(table).to_dict() == {"QMA": "unknown", "QMB": "lower", "QMC": "within"}


def test_without_the_table_of_sensitivity_no_difference_is_claimed():
    table = peers.compare_index(THEIRS, OURS, None)
    assert set(peers.find_side(table)) == {"unknown"}
    text = peers.verdict_text(table, "QMA", SYSTEM, "Alandia")
    assert "among the 3 States that both have, place 1 there and 3 here" in text
    assert "Our interval is not known in this release, so that no difference is claimed." in text


def test_a_difference_is_said_with_both_places_our_interval_and_its_direction():
    table = compared()
    assert peers.verdict_text(table, "QMA", SYSTEM, "Alandia") == (
        "**Onset Watch, risk**: **differs by more than our interval allows**: among the 3 States that both have, "
        "place 1 there and 3 here (95 % interval 2 to 3). It places Alandia higher than we do."
    )
    assert "**within our interval**" in peers.verdict_text(table, "QMB", SYSTEM, "Bretagna")
    assert peers.verdict_text(table, "QMZ", SYSTEM, "Z").endswith("no comparison, since not both have Z.")
    assert peers.dates_text(SYSTEM, 2023).startswith("Theirs is for 2023, ours for 2024 and 2025:")


def test_the_reasons_are_the_contributions_in_the_direction_of_the_difference():
    rows = [("level", -3.0, None), ("a", 0.5, 2020), ("b", -0.7, 2021), ("c", -0.1, None), ("d", -0.2, 2022)]
    rows += [("e", -0.05, 2022)]
    lines = pd.DataFrame(rows, columns=["indicator", "contribution", "data_year"])
    # they place it higher, so what puts ours lower: b, d, c; e^-0.7 = 0.50, e^-0.2 = 0.82, e^-0.1 = 0.90
    text = peers.contributions_text(lines, {"b": "Title b"}, "higher")
    assert (
        "puts our forecast lower: Title b (value of 2021, odds times 0.50); d (value of 2022, odds times 0.82); "
        in text
    )
    assert "c (value not known, odds times 0.90). These are reasons of a model, not causes." in text
    assert "puts our forecast higher: a (value of 2020, odds times 1.65)." in peers.contributions_text(
        lines, {}, "lower"
    )


def test_the_factors_are_those_furthest_from_the_median_of_the_states_of_both():
    rows = [("QMA", 80, 10, None), ("QMB", 20, 50, 5), ("QMC", 40, 30, 6), ("QMD", 0, 0, 0)]
    scores = pd.DataFrame(rows, columns=["iso3", "rf01", "rf02", "rf03"])
    both, titles = pd.Index(["QMA", "QMB", "QMC"]), {"rf01": "1. One", "rf02": "2. Two", "rf03": "3. Three"}
    # medians of QMA, QMB, QMC: 40, 30, 5.5
    assert "index higher, against the median State: 1. One (80 against 40)." in peers.factors_text(
        scores, "QMA", both, titles, "lower"
    )
    assert "index lower, against the median State: 2. Two (10 against 30)." in peers.factors_text(
        scores, "QMA", both, titles, "higher"
    )
    assert peers.factors_text(scores, "QMD", both, {"rf01": "1. One"}, "lower").startswith(
        "No factor's score is higher"
    )


def test_agreement_is_told_for_all_states_of_both():
    """Ranks 1, 2, 3 there and 3, 1, 2 here: 1 - 6 (4 + 1 + 1) / (3 * 8) = -0.5."""
    systems = pd.DataFrame([SYSTEM])
    line = peers.agreement({("Onset Watch", "risk"): compared()}, systems).iloc[0]
    assert line["States that both have"] == "3"
    assert line.iloc[3] == "-0.50"
    assert line["Outside our interval"] == "2 of 3"
    worst = peers.largest_differences(compared(), sample.NAMES)
    assert worst.iloc[0].to_list() == ["1", "3", "2 to 3", "yes, they place it higher"]
    assert worst.index[0] == "Alandia"


@pytest.fixture
def page(invented) -> AppTest:
    return run("Country", country="QMA", year="2023")


def test_the_country_page_shows_each_system_with_edition_terms_and_ours_apart(page):
    table = table_with(page, "System")
    first = table.loc["Onset Watch"]
    assert first["Their figure"] == "0.3 (invented points)"
    assert first["Their place"] == "place 3 of 3"
    assert first["Edition and date"] == "7, published in 2023-05"
    assert first["Terms"] == "[none stated](https://example.org/terms)"
    assert table.columns[-1] == "Upstream, apart from it"
    assert first.iloc[-1].startswith(
        "place 1 of 3; 95 % interval: between place 1 and 2 of 3 (Onset of mass killing in"
    )
    second = table.loc["Index Watch"]
    assert second["Edition and date"] == "7; day of publication not stated"
    assert second["Terms"] == "[CC BY 4.0](https://example.org/terms)"
    # 45 in Alandia, 75 in Newland, 85 in the Far Isles
    assert "place 3 of 3: risk index" in second.iloc[-1]


def test_the_country_page_says_where_they_differ_and_why(page):
    """Both have QMA (.04; theirs 3) and QMD (.012, in each fourth replicate .05; theirs 1).

    QMA is first in 15 of 20 and second in 5 replicates, so 1 to 2; theirs, among the two, is 2: within. By the index
    QMA is last of three, between 2 and 3 by other choices, and first there.
    """
    shown = texts(page)
    assert (
        "**Onset Watch, risk**: **within our interval**: among the 2 States that both have, place 2 there and 1"
        in shown
    )
    assert (
        "place 1 there and 3 here (95 % interval over other choices 2 to 3). It places Alandia higher than we do."
        in shown
    )
    # factor n of QMA is 40 + n, of QMD 70 + n, the median
    assert "lower, against the median State: 1. Invented factor 1 (41 against 71)" in shown


def test_without_the_table_of_sensitivity_the_country_page_claims_no_difference_of_the_index(invented):
    (invented.folder / "sensitivity.parquet").unlink()
    forget()
    shown = texts(run("Country", country="QMA", year="2023"))
    assert (
        "**Index Watch, risk**: among the 3 States that both have, place 1 there and 3 here. Our interval is" in shown
    )


def test_an_earlier_year_and_an_older_release_say_why_nothing_is_shown(invented):
    assert "choose 2023 to see them" in texts(run("Country", country="QMA", year="2022"))
    (invented.folder / "peers.parquet").unlink()
    forget()
    assert peers.NO_TABLE in texts(run("Country", country="QMA", year="2023"))
    assert peers.NO_TABLE in texts(run("Method"))


@pytest.mark.usefixtures("without_forecasts")
def test_without_forecasts_the_index_alone_is_compared():
    assert table_with(run("Country", country="QMA", year="2023"), "System").index.to_list() == ["Index Watch"]


@pytest.mark.usefixtures("invented")
def test_the_method_page_says_how_well_they_agree():
    table = table_with(run("Method"), "System")
    assert table["States that both have"].to_dict() == {"Onset Watch: risk": "2", "Index Watch: risk": "3"}
    # there QMA, QMD, QME are 1, 2, 3; here 3 (2 to 3), 2 (1 to 3) and 1 (1 to 2)
    assert table["Outside our interval"].to_dict()["Index Watch: risk"] == "2 of 3"


def test_over_all_states_the_intervals_are_those_of_the_embedded_releases_forecasts():
    """But for ties that come of the four digits of the replicates: a place at most."""
    found = release.latest()
    of_all = found.forecasts.query("outcome == 'mass_killing' and window_years == 2 and design == 'operational'")
    published = of_all.set_index("iso3").dropna(subset=["rank"])
    drawn = found.replicates.query("outcome == 'mass_killing' and window_years == 2")
    wide = drawn.pivot(index="replicate", columns="iso3", values="probability")
    table = peers.compare_forecast(published["rank"], published["probability"], wide)
    assert (table["ours"] == published["rank"].astype(float)).all()
    for name in ("lower", "upper"):
        assert (table[name] - published[f"rank_{name}"].astype(float)).abs().max() <= 1
