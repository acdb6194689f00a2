"""What is new between two releases of invented States, in facts and in words."""

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

import release
from dashboard import alert_words, alerts, current
from dashboard.alert_record import list_changes, record
from tests.dashboard import sample

OUTCOME = "mass_killing"
Tables = dict[str, pd.DataFrame]


@pytest.fixture
def second(invented: release.Release, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Tables], None]], None]:
    """A function that writes a release after the invented one, changed by a function; the list has one place."""
    monkeypatch.setattr(alerts, "TOP", 1)

    def make(change: Callable[[Tables], None] = lambda tables: None) -> None:
        tables = sample.tables() | sample.forecast_tables()
        change(tables)
        folder = invented.folder.parent
        release.write(tables, "2024-02", as_of=date(2024, 2, 29), folder=folder, model_card="# Model card")
        current.forget()

    return make


def kinds() -> list[str]:
    return [alert.what for alert in alerts.found() if alert.outcome in ("", OUTCOME)]


def words(kind: str) -> alert_words.Told:
    return next(each for each in alert_words.told() if each.alert.kind == kind)


def test_of_a_first_release_the_flags_of_its_newest_month_are_new(invented):
    assert kinds() == ["release///", "flag//QMA/rise"]
    assert alerts.previous() is None
    flag = words("flag")
    assert flag.title == "Alandia: new flag of the watch (Rise)"
    assert (
        flag.paragraphs[0] == "It is there with the data to November 2023, and was not with the data to October 2023."
    )
    assert "63 were **not** followed by an escalation (95 % interval: 58 to 68)" in " ".join(flag.paragraphs)
    assert "These numbers are preliminary and are revised later." in flag.paragraphs
    assert "There is no release before it to compare with." in words("release").paragraphs


def test_between_two_releases_that_are_alike_nothing_but_the_release_is_new(second):
    second()
    assert kinds() == ["release///"]
    told = words("release")
    assert told.title == "Release 2024-02, as known on 29 February 2024"
    assert told.paragraphs[:2] == (
        "It is compared with release 2024-01.",
        "No State changed by more than its interval, and no flag of the watch is new or has ended.",
    )


def test_a_release_that_cannot_be_read_is_not_compared_with(second, invented):
    second()
    (invented.folder / "factors.parquet").unlink()
    current.forget()
    assert alerts.previous() is None


def set_places(tables: Tables, places: dict[str, int]) -> None:
    rows = tables["forecasts"]
    tables["forecasts"] = rows.assign(rank=rows["iso3"].map(places).astype("Int64"))


def test_states_that_cross_the_end_of_the_list_beyond_the_earlier_interval_are_told(second):
    """QMA has place 1 (1 to 2), QMD 2 (1 to 3), QME 3 (2 to 3)."""
    second(lambda tables: set_places(tables, {"QMA": 3, "QMD": 2, "QME": 1}))
    assert kinds() == ["release///", f"left/{OUTCOME}/QMA/", f"entered/{OUTCOME}/QME/"]


def test_a_state_that_crosses_it_within_the_earlier_interval_is_not_told(second):
    second(lambda tables: set_places(tables, {"QMA": 2, "QMD": 1, "QME": 3}))
    assert kinds() == ["release///"]


def test_a_state_without_a_forecast_before_did_not_enter(second):
    def change(tables: Tables) -> None:
        rows = tables["forecasts"]
        new = rows["iso3"] == "QMB"
        tables["forecasts"] = rows.assign(
            probability=rows["probability"].mask(new, 0.9), rank=rows["rank"].mask(new, 1).astype("Int64")
        )

    second(change)
    assert kinds() == ["release///"]


def test_the_words_of_an_entry_say_why_how_sure_and_how_often_it_was_right(second):
    second(lambda tables: set_places(tables, {"QMA": 3, "QMD": 2, "QME": 1}))
    told = words("entered")
    text = "\n".join(told.paragraphs)
    assert told.title == "Far Isles: now among the 1 States with the highest likelihood (Onset of mass killing)"
    assert "Its place by likelihood is 1 of 3 (95 % interval: 2 to 3); in release 2024-01 it was 3 of 3" in text
    assert "In 0 of 100 draws of this release it is among the 1 highest." in text
    assert (
        "what most raises the forecast now: 13. Invented factor 13; 12. Invented factor 12. These are reasons" in text
    )
    assert "base rate: about 100 in 10,000" in text
    assert alert_words.NOT_KNOWN in told.paragraphs  # in the backtest's known years no list changed
    assert not any("changed too" in each for each in told.paragraphs)


def set_draws(tables: Tables, iso3: str, share: float, number: int) -> None:
    rows = tables["replicates"]
    chosen = (rows["iso3"] == iso3) & (rows["replicate"] <= number)
    tables["replicates"] = rows.assign(probability=rows["probability"].mask(chosen, share))


@pytest.mark.parametrize(
    ("iso3", "share", "number", "told"),
    [
        ("QMA", 0.5, 20, True),
        ("QMA", 0.001, 20, True),
        ("QMA", 0.5, 19, False),  # above in 19 of 20 draws of now, each against 20 alike: 95 of 100 pairs
        ("QMD", 0.03, 20, False),  # above in three of four draws of before
        ("QMD", 0.06, 20, True),
    ],
)
def test_a_forecast_is_told_if_it_is_above_or_below_in_39_of_40_pairs_of_draws(second, iso3, share, number, told):
    second(lambda tables: set_draws(tables, iso3, share, number))
    assert kinds() == ["release///", *([f"forecast/{OUTCOME}/{iso3}/"] if told else [])]
    if told:
        higher = "higher" if share > 0.04 else "lower"
        assert f"likelihood {higher}, by more than its interval (Onset of mass killing)" in words("forecast").title
        assert alert_words.NOT_KNOWN in words("forecast").paragraphs


def add_to_index(tables: Tables, iso3: str, by: float) -> None:
    rows = tables["scores"]
    chosen = rows["iso3"] == iso3
    tables["scores"] = rows.assign(
        risk_index=rows["risk_index"].mask(chosen, rows["risk_index"] + by),
        rf07=rows["rf07"].mask(chosen, rows["rf07"] + by),
    )


def test_a_place_by_the_index_outside_its_interval_is_told(second):
    """By the index QME, QMD, QMA; each may be one place off. QMA comes first: it and no other moved by two."""
    second(lambda tables: add_to_index(tables, "QMA", 60))
    assert kinds() == ["release///", "index//QMA/"]
    told = words("index")
    assert told.title == "Alandia: higher place by the risk index, beyond its interval"
    assert told.paragraphs[0] == (
        "Its place by the risk index is 1 of 3 (95 % of other reasonable choices: 2 to 3), with a score of 105.0; in "
        "release 2024-01 it was 3 of 3 (95 % of other reasonable choices: 2 to 3), with a score of 45.0."
    )
    assert told.paragraphs[1] == "What rose most in its scores: 7. Invented factor 7."
    assert alert_words.NOT_KNOWN in told.paragraphs


def test_without_an_interval_before_that_of_now_is_taken(second, invented, monkeypatch):
    second(lambda tables: add_to_index(tables, "QMA", 60))
    (invented.folder / "sensitivity.parquet").unlink()
    current.forget()
    assert kinds() == ["release///"]  # the place before, 3, is inside that of now, 2 to 3


def test_a_flag_that_is_gone_has_ended_and_one_without_a_row_can_no_longer_be_seen(second):
    second(lambda tables: tables.update(watch=tables["watch"].assign(flags="")))
    assert kinds() == ["release///", "flag_ended//QMA/rise"]
    assert alert_words.NO_FLAG_IS_NOT_QUIET in words("flag_ended").paragraphs
    assert words("flag_ended").paragraphs[0] == (
        "It was there with what the release before knew to November 2023, and is not with what is known now."
    )
    second(lambda tables: tables.update(watch=tables["watch"].query("iso3 != 'QMA'")))
    assert kinds() == ["release///", "flag_unseen//QMA/rise"]
    assert words("flag_unseen").paragraphs[0] == (
        "It was there in the release before. Now the file to November 2023 has no row of this State. That is not quiet."
    )


def test_the_newest_month_is_held_against_the_newest_that_the_release_before_told(second, invented):
    """A flag that began and stayed since is new once, whatever lies between."""

    def change(tables: Tables) -> None:
        later = tables["watch"].query("month == '2023-11'").assign(month="2024-01")
        later["flags"] = later["iso3"].map({"QMA": "rise", "QMD": "rise"}).fillna("")
        tables["watch"] = pd.concat([tables["watch"], later])

    second(change)
    assert kinds() == ["release///", "flag//QMD/rise"]
    assert words("flag").paragraphs[0] == (
        "It is there with the data to January 2024, and was not with the data to November 2023."
    )


def test_a_table_of_one_month_and_a_rule_that_is_gone_stop_nothing(second):
    def change(tables: Tables) -> None:
        tables["watch"] = tables["watch"].query("month == '2023-11'").assign(flags="")
        tables["watch_rules"] = tables["watch_rules"].query("rule != 'rise'")

    second(change)
    assert kinds() == ["release///", "flag_ended//QMA/rise"]
    assert words("flag_ended").title == "Alandia: a flag of the watch has ended (Rise)"
    assert alert_words._since("flag", "2023-11", "") == (
        "It is there with the data to November 2023, the first month of this release."
    )


@pytest.mark.parametrize(
    ("method", "data", "text"),
    [
        (True, True, "the method (indicators, goalposts or weights) and the files of the sources changed too"),
        (True, False, "the method (indicators, goalposts or weights) changed too"),
        (False, True, "the files of the sources changed: a change can be one in the State, or a correction"),
    ],
)
def test_it_is_said_if_more_than_the_states_changed(second, method, data, text):
    def change(tables: Tables) -> None:
        set_draws(tables, "QMA", 0.5, 20)
        if method:
            tables["catalogue"] = tables["catalogue"].assign(weight=2.0)
        if data:
            tables["sources"] = tables["sources"].assign(sha256="1" * 64)

    second(change)
    assert text in " ".join(words("forecast").paragraphs)
    assert text in " ".join(words("release").paragraphs)


def lists(places: dict[int, str], event: dict[tuple[str, int], float | None]) -> pd.DataFrame:
    """A backtest in which each year's order of States is given, first the likeliest."""
    return pd.DataFrame(
        [
            {"outcome": OUTCOME, "design": "operational", "window_years": 2, "origin": year, "model": "published"}
            | {"iso3": f"QM{letter}", "probability": 1 / (place + 2), "event": event.get((letter, year), 0.0)}
            for year, order in places.items()
            for place, letter in enumerate(order)
        ]
    )


def test_changes_of_a_list_are_counted_with_what_followed():
    """A list of one: B comes for A, C for B, A for C; an event follows for C, and is not known for A in 2003."""
    places = {2000: "ABC", 2001: "BAC", 2002: "CBA", 2003: "ABC"}
    event = {("C", 2002): 1.0, ("B", 2002): 1.0, ("A", 2003): None}
    changes = list_changes(lists(places, event), 1)
    found = {(row.iso3, row.origin): row.change for row in changes.itertuples() if row.change}
    assert found == {
        **{("QMB", 2001): "entered", ("QMA", 2001): "left", ("QMC", 2002): "entered", ("QMB", 2002): "left"},
        ("QMC", 2003): "left",
    }
    entered, left = record(changes, "entered"), record(changes, "left")
    assert (entered.first, entered.last, entered.changes, entered.share) == (2001, 2003, 2, 0.5)
    assert (left.changes, left.share) == (3, 1 / 3)
    assert entered.base == 2 / 8
    assert (entered.lower, entered.upper) == (0, 1)


def test_the_interval_is_not_known_where_all_or_none_saw_the_event():
    changes = list_changes(lists({2000: "AB", 2001: "BA"}, {}), 1)
    told = record(changes, "entered")
    assert told.share == 0
    assert pd.isna(told.lower)
    assert "(95 % interval: not known; number of changes: 1)" in alert_words.record_text(told, "entered")


def test_the_alerts_of_the_release_in_the_repository_have_their_record():
    """Every kind of change of every list has a share with an interval; the numbers stand in docs/method.md."""
    current.use(None, "en")
    current.forget()
    for outcome in alerts.OUTCOMES:
        for change in ("entered", "left"):
            told = alerts.record(outcome, change)
            assert told.lower <= told.share <= told.upper
            assert told.changes > 50
