"""What happened in a State by year, what is known of it, and the charts in words."""

import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboard import course, strip
from dashboard.measures import Measure

INDEX = Measure("risk_index", "Risk index", "coverage", "data_age")
CATALOGUE = pd.DataFrame({"indicator": ["coup_attempts_this_year"], "goalpost_low": [0.0]})
SOURCES = pd.DataFrame(
    [
        {"source": card, "title": f"Data of {card}", "edition": "1", "url": f"https://example.org/{card}"}
        | {"licence": "cite only", "producer": "Nobody"}
        for card in ("killings", "coups", "regimes", "elections", "factbook")
    ]
)


def events_table() -> pd.DataFrame:
    """A killing from 2001 to 2003 that began in 2001, known for 1999 to 2004; a change of regime in 2002."""
    rows = [("mass_killing_ongoing", year, float(2001 <= year <= 2003), "killings") for year in range(1999, 2005)]
    rows += [("mass_killing_onset", year, float(year == 2001), "killings") for year in range(1999, 2005)]
    rows += [("regime_change", 2002, 1.0, "regimes"), ("battle_deaths", 2002, 700.0, "killings")]
    return pd.DataFrame(rows, columns=["event", "year", "count", "source"])


def indicators_table(**changes: object) -> pd.DataFrame:
    """An attempt in 2002, none in 2003; the line of 2004 repeats the data of 2003."""
    rows = pd.DataFrame({"year": [2002, 2003, 2004], "data_year": [2002, 2003, 2003], "score": [57.7, 0.0, 0.0]})
    return rows.assign(indicator="coup_attempts_this_year", source="coups", **changes)


def watch_table() -> pd.DataFrame:
    """In December 2002 an election was due in 2003, in December 2003 it was not known; other months say nothing."""
    rows = {"month": ["2002-06", "2002-12", "2003-12"], "election_12": [1, 1, None]}
    return pd.DataFrame(rows).astype({"election_12": "Int64"})


def known(first: int = 2000, **tables: pd.DataFrame) -> pd.DataFrame:
    given = {"events": events_table(), "indicators": indicators_table(), "watch": watch_table(), "catalogue": CATALOGUE}
    return course.known_events(**given | tables, first=first)


def years_of(events: pd.DataFrame, kind: str, happened: int) -> list[int]:
    return events.loc[(events["kind"] == kind) & (events["happened"] == happened), "year"].tolist()


def test_each_kind_has_the_years_in_which_it_happened_and_those_known_to_be_without():
    events = known()
    assert years_of(events, "onset", 1) == [2001]
    assert years_of(events, "ongoing", 1) == [2001, 2002, 2003]
    assert years_of(events, "ongoing", 0) == [2000, 2004]  # not 1999, before the first year asked for
    assert years_of(events, "regime", 1) == [2002]
    assert set(events["kind"]) == {"onset", "ongoing", "coup", "regime", "election"}


def test_a_coup_attempt_is_told_of_the_very_year_and_only_if_a_score_of_0_means_none():
    assert years_of(known(), "coup", 1) == [2002]
    assert years_of(known(), "coup", 0) == [2003]  # 2004 has the data of 2003: not known
    assert known(catalogue=CATALOGUE.assign(goalpost_low=1.0)).query("kind == 'coup'").empty
    assert years_of(known(indicators=indicators_table(value=3.0)), "coup", 1) == [2002]


def test_an_election_is_due_by_what_was_said_in_the_december_before():
    assert years_of(known(), "election", 1) == [2003]
    assert years_of(known(), "election", 0) == []  # 2004 is not known, which is not none


def test_the_table_of_events_joins_the_years_of_a_killing_and_names_its_source():
    table = course.describe_events(known(), SOURCES)
    assert table.index.tolist() == ["2003", "2002", "2002", "2001 to 2003", "2001"]
    joined = table.loc["2001 to 2003"]
    assert joined["Event"] == "A mass killing was going on"
    assert joined["Source"] == "[Data of killings 1](https://example.org/killings) (cite only)"
    assert "Data of factbook" in table.loc["2003", "Source"]


def test_a_state_without_events_has_an_empty_table():
    assert course.describe_events(known().assign(happened=0), SOURCES).empty


def test_the_notes_say_of_which_years_each_kind_is_known_and_what_is_not():
    notes = course.events_notes(known(), SOURCES)
    assert "known for 2000 to 2004. Source: [Data of killings 1]" in notes[0]
    assert "known for 2002 to 2003; whether there was any in a year, not how many" in notes[1]
    assert "known for 2003. Source:" in notes[3]
    nothing = course.events_notes(known(events=events_table().iloc[:0]), SOURCES)
    assert nothing[0] == "**Mass killings**: not known for this State in any year."
    assert nothing[2] == "**Changes of the type of regime**: not known for this State in any year."


def test_years_are_joined_to_stretches():
    assert course.years_text([1999, 1990, 1991, 1992, 1991]) == "1990 to 1992, 1999"
    assert course.runs([]) == []


def scores(**columns: list) -> pd.DataFrame:
    """Scores of 2000 to 2003; the State did not exist in 2000."""
    return pd.DataFrame({"country": [None, *["Alandia"] * 3]} | columns, index=range(2000, 2004))


def test_a_line_is_told_with_highest_lowest_newest_and_its_gaps():
    text = course.score_summary(scores(risk_index=[None, 41.0, None, 39.04]), INDEX)
    assert text == "Risk index: highest 41.0 (2001), lowest 39.0 (2003), newest 39.0 (2003). No score: 2002."
    assert course.score_summary(scores(risk_index=[None] * 4), INDEX) == "Risk index: no score in any year."


def test_the_cells_of_a_year_are_told_with_the_largest_moves_of_ten_years_and_what_is_missing():
    codes = {f"rf0{number}": Measure(f"rf0{number}", f"{number}. F", "", "") for number in (1, 2, 3)}
    years = pd.DataFrame({"rf01": [10.0, 30.0], "rf02": [60.0, 50.0], "rf03": [5.0, None]}, index=[2010, 2020])
    assert course.factors_summary(years, codes, 2020) == (
        "In 2020 the highest score is that of 2. F (50.0), the lowest that of 1. F (30.0). "
        "The largest rise since 2010: 1. F (+20.0). The largest fall since 2010: 2. F (-10.0). Without a score: 3. F."
    )
    assert "since" not in course.factors_summary(years, codes, 2010)
    nothing = years.assign(rf01=None, rf02=None, rf03=None)
    assert course.factors_summary(nothing, codes, 2020) == "No risk factor has a score in 2020."


@pytest.fixture
def drawn():
    figure = go.Figure(go.Scatter(x=[2000, 2004], y=[1, 2]))
    return strip.add_strip(figure, known(), pd.Index(range(2000, 2005)), 300)


def test_marks_differ_by_row_or_shape_and_stand_in_their_year(drawn):
    marks = [trace for trace in drawn.data if trace.mode == "markers"]
    shapes = [(trace.y[0], trace.marker.symbol) for trace in marks]
    assert len(set(shapes)) == len({symbol for _, symbol in shapes}) == 4
    onset = next(trace for trace in marks if trace.name == "A mass killing began")
    assert list(onset.x) == [2001]


def test_the_line_of_what_is_known_stops_where_it_is_not(drawn):
    election = [trace for trace in drawn.data if trace.name == "Election due" and trace.mode == "lines"]
    assert list(election[0].x) == [2002.5, 2003.5, None]
    ongoing = [trace for trace in drawn.data if trace.name == "Mass killing"]
    assert [list(trace.x) for trace in ongoing] == [[1999.5, 2004.5, None], [2000.5, 2003.5, None]]


def test_the_strip_is_under_the_chart_and_does_not_cover_it(drawn):
    assert drawn.layout.yaxis2.domain[1] < drawn.layout.yaxis.domain[0]
    assert drawn.layout.height == 300 + strip.HEIGHT
    rows = ("Mass killing", "Coup attempt", "Regime change", "Election due")
    assert drawn.layout.yaxis2.ticktext == rows


def test_a_kind_that_never_happened_is_drawn_without_a_mark():
    figure = strip.add_strip(go.Figure(), known().assign(happened=0), pd.Index([2000, 2004]), 300)
    assert all(list(trace.x) == [None] for trace in figure.data if trace.mode == "markers")
