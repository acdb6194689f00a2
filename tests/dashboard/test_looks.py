"""Colours of the map: readable without colour, and numbers on every legend."""

import itertools
import math

import numpy as np
import pytest

from dashboard import looks

ALL = (looks.of_scores(), looks.of_likelihoods(), looks.of_score_changes(), looks.of_likelihood_changes())


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.1) of a colour such as "#ff0000"."""
    channels = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_colours_grow_darker_with_the_score_for_readers_who_see_no_colour():
    light = [luminance(colour) for _, colour in looks.COLOUR_SCALE]
    assert all(lighter - darker > 0.04 for lighter, darker in itertools.pairwise(light))


def test_changes_are_lightest_in_the_middle_and_dark_at_both_ends():
    light = [luminance(colour) for _, colour in looks.CHANGE_SCALE]
    middle = len(light) // 2
    assert light[: middle + 1] == sorted(light[: middle + 1])
    assert light[middle:] == sorted(light[middle:], reverse=True)
    assert looks.CHANGE_SCALE[middle][0] == 0.5


@pytest.mark.parametrize("look", ALL)
def test_every_legend_has_numbers_from_one_end_to_the_other(look):
    values = [value for value, _ in look.marks]
    assert values == sorted(values)
    assert values[0] == look.ends[0]
    assert all(any(sign.isdigit() for sign in text) for _, text in look.marks)
    assert [position for position, _ in look.stops][:: len(look.stops) - 1] == [0, 1]


def test_likelihoods_are_marked_in_plain_numbers_on_a_logarithmic_scale():
    look = looks.of_likelihoods()
    assert [text for _, text in look.marks] == ["≤ 1 in 1,000", "1 in 100", "1 in 10", "1 in 2"]
    assert [value for value, _ in look.marks] == pytest.approx([-3, -2, -1, math.log10(0.5)])
    assert look.ends == (-3, 0)


def test_changes_are_marked_with_signs():
    assert [text for _, text in looks.of_score_changes().marks] == ["-30", "-20", "-10", "0", "+10", "+20", "+30"]
    assert [text for _, text in looks.of_likelihood_changes().marks] == ["÷10", "÷3", "×1", "×3", "×10"]
