"""Which States are in crisis, by what the release counts: the only place where a briefing says what that is."""

import pandas as pd

from dashboard import language, reading
from dashboard.current import kept
from dashboard.language import N_, _, strung
from models.outcomes import DEATHS, OUTCOMES, counts, last_known_year

ONGOING = "mass_killing_ongoing"  # older releases do not have it
SIGNS = {
    "battle": N_("deaths in battle"),
    "governments": N_("civilians killed by governments"),
    "groups": N_("civilians killed by armed groups"),
    "ongoing": N_("mass killing under way"),
    "flag": N_("flag on the watch"),
}


@kept(8)
def _counted() -> tuple[pd.DataFrame, int]:
    """What each sign was in the newest year of all of them: a column each, 1, 0 or missing, by iso3; and that year."""
    events = reading.table("events")
    signs = {
        "battle": (counts(events, "battle_deaths") >= DEATHS).astype(float),
        "governments": OUTCOMES["state_killing"].events(events),
        "groups": OUTCOMES["armed_group_killing"].events(events),
    }
    if (events["event"] == ONGOING).any():
        signs["ongoing"] = (counts(events, ONGOING) > 0).astype(float)
    year = min(last_known_year(sign) for sign in signs.values())
    newest = {name: sign.xs(year, level="year") for name, sign in signs.items()}
    return pd.DataFrame(newest), year


def signs(codes: list[str]) -> dict[str, bool | None]:
    """Whether each State is in crisis; None if no sign says so and at least one is not known."""
    return {str(code): _verdict(row) for code, row in _signs_of(codes).iterrows()}


def _signs_of(codes: list[str]) -> pd.DataFrame:
    """Each State's signs, a column each as in `SIGNS`: 1, 0 or missing."""
    counted, _year = _counted()
    table = counted.reindex(codes)
    if reading.has_watch():
        watched = reading.watch_of(reading.watch_months()[-1]).set_index("iso3")["flags"]
        table["flag"] = watched.ne("").astype(float).reindex(codes)
    return table


def reasons(codes: list[str]) -> dict[str, str]:
    """The same in words, with the signs that say so, or those that are not known: "yes: flag on the watch"."""
    return {str(code): _reason(row) for code, row in _signs_of(codes).iterrows()}


def _reason(row: pd.Series) -> str:
    verdict = _verdict(row)
    if verdict is False:
        return _("no")
    text = _("yes: {signs}") if verdict else _("not known: {signs}")
    found = row[row == 1] if verdict else row[row.isna()]
    return text.format(signs=strung(_(SIGNS[str(sign)]) for sign in found.index))


def _verdict(row: pd.Series) -> bool | None:
    if (row == 1).any():
        return True
    return None if row.isna().any() else False


def definition() -> str:
    """What "not in crisis" means here, in a sentence."""
    counted, year = _counted()
    text = _(
        "Not in crisis means here: in {year}, the newest year counted, fewer than {deaths} deaths in battle, and fewer "
        "than {deaths} civilians killed on purpose by governments and by armed groups each."
    ).format(year=year, deaths=DEATHS)
    if "ongoing" in counted:
        text += " " + _("No mass killing under way in that year.")
    if reading.has_watch():
        month = language.month(reading.watch_months()[-1])
        text += " " + _("No flag on the watch in {month}.").format(month=month)
    return text
