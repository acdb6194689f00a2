"""Names, order and numbers of Watch, Commitments and Track record in another language, on the release's own tables."""

from collections.abc import Iterator

import pandas as pd
import pytest

import release
from dashboard import commitments, current, language, record, watch
from models.track import verdict
from tests.dashboard import pseudo

TABLES = {name: release.latest().table(name) for name in ("commitments", "countries", "watch_rules")}
DAY = "2022-06-30"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts in marks, whatever the catalogues hold."""
    monkeypatch.setattr(language, "_catalogue", lambda code: pseudo.Pseudo())


@pytest.fixture
def french(marked) -> Iterator[None]:
    """Names, numbers and dates in French, texts in marks."""
    current.use(None, "fr")
    yield
    current.use(None, "en")


def then() -> pd.DataFrame:
    return commitments.of_treaty(TABLES["commitments"], TABLES["countries"], "rome_statute", DAY)


@pytest.mark.usefixtures("french")
def test_states_have_their_french_names_in_french_order_within_each_status():
    listed = commitments.describe_list(then(), DAY).set_index("⟦Row⟧")
    assert listed.at["DEU", "⟦State⟧"] == "Allemagne"
    bound = listed[listed["⟦Status⟧"] == "⟦bound⟧"]["⟦State⟧"].to_list()
    assert bound.index("Équateur") < bound.index("Espagne") < bound.index("Estonie")
    left = commitments.withdrawals(TABLES["commitments"])
    assert "Philippines" in left.index
    assert left.at["Philippines", "⟦Joined⟧"] == "30 août 2011"


def test_statuses_stand_in_the_same_order_in_every_language(request):
    english = commitments.describe_list(then(), DAY)["Status"].unique().tolist()
    request.getfixturevalue("marked")
    assert commitments.describe_list(then(), DAY)["⟦Status⟧"].unique().tolist() == [f"⟦{text}⟧" for text in english]


def test_counts_go_by_code_and_only_their_table_is_translated(request):
    before = commitments.describe_groups(commitments.count_by_group(then()))
    request.getfixturevalue("marked")
    counts = commitments.count_by_group(then())
    told = commitments.describe_groups(counts)
    assert (told.to_numpy() == before.to_numpy()).all()
    assert counts.columns.to_list() == before.columns.to_list()
    assert told.at["⟦African⟧", "⟦bound⟧"] == before.at["African", "bound"]


@pytest.mark.usefixtures("french")
def test_states_that_are_not_watched_are_named_in_french_in_order():
    rows = TABLES["countries"].loc[lambda t: ~t["iso3"].isin(["ECU", "EST", "DEU"])]
    assert watch.not_watched(rows, TABLES["countries"], "2024-01") == ["Allemagne", "Équateur", "Estonie"]


@pytest.mark.usefixtures("french")
def test_numbers_of_the_watch_and_of_scores_have_french_signs():
    row = {"deaths": 1200, "deaths_3": 3600, "deaths_6": None, "deaths_12": None}
    told = watch.numbers_text(row | {"momentum_3": 0.0, "momentum_6": None, "momentum_12": None})
    assert "⟧1\u202f200⟦ in the month, ⟧3\u202f600⟦ in 3 months" in told
    assert "3 months ⟧1,0⟦ times⟧" in told
    line = pd.Series({"estimate": 0.5, "lower": 0.25, "upper": 0.75})
    assert record.score_text(line, sign=True) == "+0,500 (+0,250⟦ to ⟧+0,750)"


@pytest.mark.usefixtures("marked")
def test_a_verdict_is_translated_where_it_is_shown():
    line = pd.Series({"estimate": 0.5, "lower": 0.25, "upper": 0.75})
    assert record.difference_text(line, "auc") == "⟦better⟧: +0.500 (+0.250⟦ to ⟧+0.750)"


@pytest.mark.parametrize("metric", ["auc", "log_score", record.RATIO])
@pytest.mark.parametrize("ends", [(0.1, 0.2), (-0.2, -0.1), (-0.1, 0.1), (None, None)])
def test_every_verdict_has_a_text(metric, ends):
    assert verdict(*ends, metric=metric) in record.VERDICTS


@pytest.mark.usefixtures("marked")
def test_a_rule_keeps_its_code_and_its_file_and_is_told_in_the_language():
    rules = watch.rules_of(TABLES["watch_rules"], "ucdp_monthly")
    assert watch.rate_text(rules.loc["rise"]).startswith("⟦Of 100 such flags in ⟧")
    assert watch.rate_text(rules.loc["coup"]).startswith("⟦Of 100 such signs in ⟧")
    assert watch.titles("rise;coup") == "⟦Rise⟧, ⟦Coup attempt⟧"
