"""What is read of the release: small tables whole, of large ones the lines that are wanted. Needs no Streamlit.

Everything here is the same object for all readers, and never changed: what is shown is a new frame made from it.
"""

from functools import lru_cache
from typing import Any

import pandas as pd

import release
from dashboard import likelihood, watch, world
from indicators.composite import Frame, read_frame
from models.track import PUBLISHED

ISSUED = "operational"  # the design of what is issued, and shown unless the reader asks for the other


@lru_cache(maxsize=1)
def opened() -> release.Release:
    """The newest release, the same until the server starts again."""
    return release.latest()


@lru_cache
def table(name: str) -> pd.DataFrame:
    """One table of the release, the same for all readers: what is shown is always a new frame made from it.

    Streamlit's cache would hand out a copy each time, 5 ms for the scores.
    """
    return opened().table(name)


@lru_cache(maxsize=1)
def scores() -> pd.DataFrame:
    """The scores of all years with each row's region and note."""
    return world.with_facts(table("scores"), table("countries"))


def of_year(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """The rows that are of one year."""
    return rows[(rows["year"] == year).to_numpy()]


@lru_cache(maxsize=1)
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


@lru_cache(maxsize=1)
def sensitivity() -> pd.DataFrame | None:
    """How far each row's place by the index moves with other weights; None if the release does not have it."""
    return table("sensitivity") if has_sensitivity() else None


@lru_cache(maxsize=1)
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


@lru_cache(maxsize=1)
def watch_months() -> list[str]:
    """The months of the table `watch`, in order."""
    return sorted(pd.read_parquet(opened().folder / "watch.parquet", columns=["month"])["month"].unique())


@lru_cache(maxsize=200)
def watch_of(month: str) -> pd.DataFrame:
    """The early signs of one month, with each State's name and region."""
    return watch.with_facts(part("watch", month=month), table("countries"))


@lru_cache(maxsize=200)
def deaths_of(iso3: str) -> pd.DataFrame:
    """A row's deaths by month in each file."""
    return part("monthly", iso3=iso3)


def part(name: str, **wanted: Any) -> pd.DataFrame:
    """The lines of a large table in which these columns have this value, or one of these; the rest is not kept."""
    filters = [(column, "in" if isinstance(value, list) else "==", value) for column, value in wanted.items()]
    return pd.read_parquet(opened().folder / f"{name}.parquet", filters=filters)


@lru_cache(maxsize=20)
def backtest_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """The published model's backtest with its base rates, all origins: a fiftieth of the table, read once."""
    models = [PUBLISHED, likelihood.CLIMATOLOGY]
    return part("backtest", outcome=outcome, design=design, window_years=window, model=models)


@lru_cache(maxsize=1)
def newest_origin() -> int:
    """The year in which the release's own forecasts were made."""
    forecasts = table("forecasts")
    return int(forecasts.loc[forecasts["design"] == ISSUED, "origin"].max())


@lru_cache(maxsize=20)
def origins(outcome: str, window: int) -> list[int]:
    """The years with an operational forecast of the outcome, in order: those of the backtest, and the newest."""
    return sorted({*backtest_of(outcome, ISSUED, window)["origin"].tolist(), newest_origin()})


@lru_cache(maxsize=500)
def likely(outcome: str, window: int, year: int) -> pd.DataFrame:
    """The operational forecasts of one origin: of the release itself, or of its backtest; empty if there is none."""
    if year == newest_origin():
        return part("forecasts", outcome=outcome, window_years=window, design=ISSUED)
    backtest = backtest_of(outcome, ISSUED, window)
    then = backtest[(backtest["origin"] == year).to_numpy()]
    return pd.DataFrame(columns=["iso3", *likelihood.COLUMNS]) if then.empty else likelihood.as_forecast(then)


@lru_cache(maxsize=200)
def forecasts_of(iso3: str, window: int) -> pd.DataFrame:
    """A row's operational forecasts of the release itself, one line per outcome."""
    return part("forecasts", iso3=iso3, window_years=window, design=ISSUED)


@lru_cache(maxsize=200)
def explanations_of(iso3: str, outcome: str, window: int) -> pd.DataFrame:
    """What adds up to one forecast, one line per indicator and the level."""
    return part("explanations", iso3=iso3, outcome=outcome, window_years=window)


@lru_cache(maxsize=200)
def cases_of(iso3: str, outcome: str, window: int) -> pd.DataFrame:
    """The past cases nearest to a row."""
    return part("cases", iso3=iso3, outcome=outcome, window_years=window)


@lru_cache(maxsize=20)
def skill_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """The scores of one outcome, design and window."""
    return part("skill", outcome=outcome, design=design, window_years=window)


@lru_cache(maxsize=20)
def reliability_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """What happened where the published model said how much."""
    return part("reliability", outcome=outcome, design=design, window_years=window, model=PUBLISHED)


@lru_cache(maxsize=20)
def interval_checks_of(outcome: str, design: str, window: int) -> pd.DataFrame:
    """How well the intervals held; empty for a design without intervals."""
    return part("interval_checks", outcome=outcome, design=design, window_years=window)


def has_nowcast() -> bool:
    """Whether the release says what the newest months add; the older ones do not."""
    return "nowcast" in opened().tables()


@lru_cache(maxsize=20)
def nowcast_of(outcome: str, window: int) -> pd.DataFrame:
    """The scores with and without the newest months, and the difference."""
    return part("nowcast", outcome=outcome, window_years=window)
