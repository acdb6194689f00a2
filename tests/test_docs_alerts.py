"""What the method says of alerts in numbers is what the release in the repository has."""

import re

import pytest

import release
from dashboard import alerts, current
from dashboard.alert_record import Record
from models.outcomes import OUTCOMES

TEXT = (release.ROOT / "docs" / "method.md").read_text("utf-8")
SECTION = TEXT[TEXT.index("## Alerts") : TEXT.index("## Checks")]


@pytest.fixture(autouse=True)
def _newest():
    current.use(None, "en")
    current.forget()


def told(record: Record | None) -> str:
    assert record
    return f"{record.share:.0%} ({record.lower:.0%} to {record.upper:.0%}) of {record.changes}".replace("%", "")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_record_of_each_list_is_that_of_the_backtest(outcome):
    entered, left = (alerts.record(outcome, change) for change in ("entered", "left"))
    assert (
        f"| {OUTCOMES[outcome].title} | {told(entered)} | {told(left)} | {entered.base:.0%} |".replace("%", "")
        in SECTION
    )


def test_the_changes_between_the_two_releases_are_as_many_as_the_method_says():
    pair = re.search(r"between (\S+) and (\S+) there are (\d+) changes of the five lists, one of them beyond", SECTION)
    old, new = (release.load(each) for each in pair.groups()[:2])
    changed = beyond = 0
    for outcome in OUTCOMES:
        for row in alerts._both(new, old, outcome).to_dict("records"):
            changed += (row["rank"] <= alerts.TOP) != (row["rank_before"] <= alerts.TOP)
            beyond += bool(alerts.list_change(row))
    assert (changed, beyond) == (int(pair[3]), 1)
    kinds = {alert.kind for alert in alerts.between(new, old)}
    assert not kinds & {alerts.FORECAST, alerts.INDEX}
    assert alerts.differences(new, old) == {"method_changed": True, "data_changed": True}
