"""What is read of the release: small tables whole, of large ones the lines that are wanted. Needs no Streamlit.

Everything here is the same object for all readers, and never changed: what is shown is a new frame made from it.
"""

from typing import Any

import pandas as pd

import release
from dashboard import current, language, likelihood, watch, world
from dashboard.current import kept
from dashboard.language import _
from indicators.composite import Frame, read_frame
from models.track import PUBLISHED

ISSUED = "operational"  # the design of what is issued, and shown unless the reader asks for the other


def opened() -> release.Release:
    """The release that this visit looks at; see `current.py`."""
    return current.edition().release


def due_text() -> str:
    """Until when the release holds, in a sentence: the same whenever it is read, so that it can stand on paper."""
    day = language.day(opened().stale_after)
    return _("Another release is due by {day}; after that day, look for a newer one.").format(day=day)


def is_stale() -> bool:
    """Whether another release is due by now. Never kept: it changes from one day to the next."""
    return current.today() > opened().stale_after


def stale_text() -> str:
    """What a release says once it is out of date."""
    text = _("This release was due to be replaced by {day}; what it says may be out of date.")
    return text.format(day=language.day(opened().stale_after))


@kept(100)
def table(name: str) -> pd.DataFrame:
    """One table of the release, the same for all readers: what is shown is always a new frame made from it."""
    return part(name)


@kept(8)
def scores() -> pd.DataFrame:
    """The scores of all years with each row's region and note; its name is in the language in use."""
    rows = world.with_facts(table("scores"), table("countries"))
    return rows.assign(country=language.countries(rows["iso3"], rows["country"]))


def of_year(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows that are of one year."""
    return rows[(rows["year"] == year).to_numpy()]


@kept(8)
def has_forecasts() -> bool:
    """Whether the release has forecasts, and all tables that come with them."""
    return "forecasts" in opened().tables()


def has_commitments() -> bool:
    """Whether the release has the table of legal commitments; the older ones have not."""
    return "commitments" in opened().tables()


def has_peers() -> bool:
    """Whether the release has the table of other systems' views; the older ones have not."""
    return "peers" in opened().tables()


def has_sensitivity() -> bool:
    """Whether the release says how much its choices matter; the older ones do not."""
    return "sensitivity" in opened().tables()


@kept(8)
def sensitivity() -> pd.DataFrame | None:
    """How far each row's place by the index moves with other weights; None if the release does not have it."""
    return table("sensitivity") if has_sensitivity() else None


@kept(8)
def newest_frame() -> Frame:
    """What the index of the newest year is made of; see `indicators/composite.py`."""
    year = int(table("scores")["year"].max())
    return read_frame(table("scores"), part("indicators", year=year), table("catalogue"), table("factors"), year)


def has_shared() -> bool:
    """Whether the release has the tables of what the outcomes share; the older ones have not."""
    return {"drivers", "transfer"} <= set(opened().tables())


def has_watch() -> bool:
    """Whether the release has the tables of early signs by month; the older ones have not."""
    return {"watch", "watch_rules", "monthly"} <= {*opened().tables()}


@kept(8)
def watch_months() -> list[str]:
    """The months of the table `watch`, in order."""
    return sorted(part("watch", columns=["month"])["month"].unique())


@kept(200)
def watch_of(month: str) -> pd.DataFrame:
    """The early signs of one month, with each State's name and region."""
    return watch.with_facts(part("watch", month=month), table("countries"))


@kept(200)
def deaths_of(iso3: str) -> pd.DataFrame:
    """A row's deaths by month in each file."""
    return part("monthly", iso3=iso3)


def part(name: str, **wanted: Any) -> pd.DataFrame:
    """The lines of a large table in which these columns have this value, or one of these; the rest is not kept."""
    current.edition().check()
    return opened().part(name, **wanted)


@kept(20)
def backtest_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """The published model's backtest with its base rates, all origins: a fiftieth of the table, read once."""
    models = [PUBLISHED, likelihood.CLIMATOLOGY]
    return part("backtest", outcome=outcome, design=design, window_years=window, model=models)


@kept(8)
def newest_origin() -> int:
    """The year in which the release's own forecasts were made."""
    forecasts = table("forecasts")
    return int(forecasts.loc[forecasts["design"] == ISSUED, "origin"].max())


@kept(20)
def origins(outcome: str, window: int) -> list[int]:
    """The years with an operational forecast of the outcome, in order: those of the backtest, and the newest."""
    return sorted({*backtest_of(outcome, ISSUED, window)["origin"].tolist(), newest_origin()})


@kept(500)
def likely(outcome: str, window: int, year: int) -> pd.DataFrame:
    """The operational forecasts of one origin: of the release itself, or of its backtest; empty if there is none."""
    if year == newest_origin():
        return part("forecasts", outcome=outcome, window_years=window, design=ISSUED)
    backtest = backtest_of(outcome, ISSUED, window)
    then = backtest[(backtest["origin"] == year).to_numpy()]
    return pd.DataFrame(columns=["iso3", *likelihood.COLUMNS]) if then.empty else likelihood.as_forecast(then)


@kept(200)
def forecasts_of(iso3: str, window: int) -> pd.DataFrame:
    """A row's operational forecasts of the release itself, one line per outcome."""
    return part("forecasts", iso3=iso3, window_years=window, design=ISSUED)


@kept(200)
def explanations_of(iso3: str, outcome: str, window: int) -> pd.DataFrame:
    """What adds up to one forecast, one line per indicator and the level."""
    return part("explanations", iso3=iso3, outcome=outcome, window_years=window)


@kept(200)
def cases_of(iso3: str, outcome: str, window: int) -> pd.DataFrame:
    """The past cases nearest to a row."""
    return part("cases", iso3=iso3, outcome=outcome, window_years=window)


@kept(20)
def skill_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """The scores of one outcome, design and window."""
    return part("skill", outcome=outcome, design=design, window_years=window)


@kept(20)
def reliability_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """What happened where the published model said how much."""
    return part("reliability", outcome=outcome, design=design, window_years=window, model=PUBLISHED)


@kept(20)
def interval_checks_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """How well the intervals held; empty for a design without intervals."""
    return part("interval_checks", outcome=outcome, design=design, window_years=window)


def has_nowcast() -> bool:
    """Whether the release says what the newest months add; the older ones do not."""
    return "nowcast" in opened().tables()


@kept(20)
def nowcast_of(outcome: str, window: int) -> pd.DataFrame:
    """The scores with and without the newest months, and the difference."""
    return part("nowcast", outcome=outcome, window_years=window)
