"""Forecasts in the hubverse's layout keep its rules for model output (docs.hubverse.io, user guide, 2026)."""

import re
from datetime import date

import pytest

import release
from dashboard import hub
from tests.dashboard import sample

TYPES = {"mean", "median", "quantile", "cdf", "pmf", "sample"}


@pytest.fixture(scope="module")
def output():
    found = release.latest()
    return hub.model_output(found.forecasts, found.as_of)


def test_the_columns_are_tasks_and_the_three_of_the_representation(output):
    assert list(output)[-3:] == ["output_type", "output_type_id", "value"]
    assert {"origin_date", "target", "horizon", "location"} <= set(list(output)[:-3])
    assert set(output["output_type"]) <= TYPES
    assert output["value"].between(0, 1).all()
    assert output.notna().all(axis=None)


def test_each_task_has_each_category_once_and_they_sum_to_one(output):
    tasks = output.groupby(hub.TASK)
    assert (tasks["output_type_id"].agg(sorted).map(tuple) == ("no", "yes")).all()
    assert (tasks["value"].sum() - 1).abs().max() < 1e-9


def test_the_file_has_the_name_of_its_round_and_model(output):
    found = release.latest()
    name = re.fullmatch(r"(\d{4}-\d{2}-\d{2})-(\w{1,16})-(\w{1,16})\.csv", hub.file_name(found.as_of))
    assert name
    assert set(output["origin_date"]) == {name[1]}
    assert {date.fromisoformat(text) > found.as_of for text in output["target_end_date"]} == {True}


def test_the_values_are_the_operational_forecasts():
    output = hub.model_output(sample.forecast_tables()["forecasts"], date(2024, 1, 31))
    own = output.query("location == 'QMA' and target == 'mass_killing' and horizon == 2").set_index("output_type_id")
    assert own["value"].to_dict() == {"yes": 0.04, "no": 0.96}
    assert set(own["target_end_date"]) == {"2025-12-31"}
    assert "QMB" not in set(output["location"])  # no forecast, so no line: missing is not a probability
    assert len(output) == 5 * 2 * 3 * 2  # outcomes, windows, States, yes and no
