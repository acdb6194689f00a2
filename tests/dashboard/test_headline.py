"""A State in two sentences: natural frequencies with interval and base rate, and the index with its place."""

import math

import pandas as pd
import pytest

from dashboard import headline
from models.outcomes import OUTCOMES

ROW = {"probability": 0.08, "lower": 0.03, "upper": 0.15, "base_rate": 0.025, "event": math.nan}


def sentence(outcome: str = "mass_killing", window: int = 2, *, newest: bool = True, **changes: float) -> str:
    return headline.likelihood_sentence(ROW | changes, "Alandia", outcome, 2026, window, newest=newest)


def test_a_likelihood_is_told_with_interval_and_base_rate_among_as_many_states():
    assert sentence() == (
        "**Alandia**: in 2027 or 2028, a mass killing begins in **about 8 of 100** States like this one "
        "(95 % interval: 3 to 15), and in about 2 of 100 States of any kind."
    )


def test_a_window_of_one_year_names_one_year():
    assert "in 2027, a mass killing begins" in sentence(window=1)


def test_a_likelihood_that_rounds_to_none_is_never_told_as_none():
    text = sentence(probability=0.00001, lower=0.0, upper=0.0004)
    assert "**fewer than 1 of 10,000** States like this one (95 % interval: fewer than 1 to 4)" in text
    assert "about 250 of 10,000 States of any kind" in text


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_its_own_sentence_with_and_without_an_interval(outcome):
    others = [sentence(name) for name in OUTCOMES if name != outcome]
    assert sentence(outcome) not in others
    assert "about 8 of 100" in sentence(outcome)
    assert "about 2 of 100" in sentence(outcome)
    then = sentence(outcome, newest=False, event=1.0)
    assert "as it would have been forecast at the end of 2026" in then
    assert then.endswith("No interval is known. What then happened: it came.")


def test_too_little_known_is_not_a_low_likelihood():
    assert sentence(probability=math.nan).endswith("too little is known. That is not a low likelihood.")


def test_a_base_rate_that_is_missing_is_said_to_be_unknown():
    assert "in an unknown number of 100 States of any kind" in sentence(newest=False, base_rate=math.nan)


def index(place: dict | None, **scores: float | None) -> str:
    years = pd.DataFrame({"risk_index": scores.values()}, index=[int(name[1:]) for name in scores], dtype=float)
    return headline.index_sentence(years, 2026, "risk_index", place)


PLACE = {"rank": 4, "ranked": 177}


def test_the_index_is_told_with_place_interval_and_change():
    text = index(PLACE | {"rank_lower": 3, "rank_upper": 11}, y2025=46.3, y2026=47.5)
    assert text == (
        "Risk index 2026: **47.5 of 100**, place 4 of 177 (1 = highest; between place 3 and 11 under other reasonable "
        "choices). It rose by 1.2 points since 2025."
    )


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (48.5, "It fell by 1.0 points since 2025."),
        (47.48, "It is the same as in 2025."),
        (None, "There is no index of 2025 to compare it with."),
    ],
)
def test_a_change_is_told_in_a_sentence_of_its_own(before, said):
    assert index(PLACE, y2025=before, y2026=47.5).endswith(f"(1 = highest; no interval is known). {said}")


def test_without_a_score_no_place_is_told():
    assert index(None, y2025=46.3, y2026=None) == "There is no risk index of 2026: too little is known."
