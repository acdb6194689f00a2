"""Links: what they ask for, what is wrong with them, and that a view survives being written and read."""

from hypothesis import given
from hypothesis import strategies as some

from dashboard.links import Choices, View, read_view

CHOICES = Choices(["QMA", "QMB"], range(1970, 2027), ["risk_index", "rf02"], ["All", "Western Asia"])
DEFAULT = View("QMA", 2026, "risk_index", "All")


def test_a_link_without_parameters_is_the_default_view():
    assert read_view({}, CHOICES, DEFAULT) == (DEFAULT, [])


def test_case_does_not_matter():
    asked = {"country": "qmb", "measure": "RF02", "region": "western asia"}
    assert read_view(asked, CHOICES, DEFAULT) == (View("QMB", 2026, "rf02", "Western Asia"), [])


def test_each_wrong_value_has_its_sentence_and_the_right_ones_count():
    view, problems = read_view({"country": "ZZZ", "year": "1969", "region": "Western Asia"}, CHOICES, DEFAULT)
    assert view == View("QMA", 2026, "risk_index", "Western Asia")
    assert problems == [
        "The link asks for the country “ZZZ”, which is not in this release (QMA, QMB, …).",
        "The link asks for the year “1969”; this release has 1970 to 2026.",
    ]


def test_digits_of_other_scripts_are_not_a_year():
    assert read_view({"year": "٢٠٢٤"}, CHOICES, DEFAULT)[0].year == 2026


@given(some.dictionaries(some.sampled_from(["country", "year", "measure", "region", "other"]), some.text()))
def test_no_link_raises_and_every_view_is_one_that_the_release_has(params):
    view, _ = read_view(params, CHOICES, DEFAULT)
    assert read_view(view.as_params(), CHOICES, DEFAULT) == (view, [])
