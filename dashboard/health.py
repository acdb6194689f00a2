"""How the server is: the release it serves, how old that and its data are, and how the process does. `/healthz`.

Nothing here is about readers but how many visits are open.
"""

import calendar
import logging
import os
import re
import sys
import threading
from contextvars import copy_context
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
from cachetools import TTLCache, cached
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard import access, current, language, logs, reading
from dashboard.language import _, number
from release import ReleaseError

PATH = "/healthz"
KEPT = 5  # seconds for which an answer stands
OK, STALE, DEGRADED, NO_RELEASE = "ok", "stale", "degraded", "no release"
OPERATORS = "UPSTREAM_OPERATORS"  # environment variable: 1 = the page for operators shows the process too
LIBRARIES = ("streamlit", "starlette", "uvicorn", "pandas", "pyarrow", "plotly", "typst")
ROOT = Path(__file__).parents[1]
_last_told: list[Any] = []


def routes() -> list[Route]:
    """The address, for the application that serves the dashboard."""
    return [Route(PATH, answer)]


def answer(request: Request) -> Response:
    """The state as JSON; 503 if there is no release to show."""
    found = state()
    return JSONResponse(found, 503 if found["status"] == NO_RELEASE else 200, {"Cache-Control": "no-store"})


@cached(TTLCache(1, KEPT), key=lambda: 0, condition=threading.Condition())
def state() -> dict[str, Any]:
    """What is served, as JSON has it. Ages are in days."""
    about: dict[str, Any] = {"version": app_version(), "started": logs.STARTED.isoformat(timespec="seconds")}
    about |= {"sign_in": access.is_on(), "today": current.today().isoformat()}
    try:
        edition, problems = current.find_newest()
    except ReleaseError as error:
        tell_release(None, [str(error)])
        return {"status": NO_RELEASE, "problems": [str(error)], **about}
    tell_release(edition, problems)
    shown = copy_context().run(_of_release, edition)
    return {"status": _status(edition, problems), **shown, "problems": problems, **about}


def _status(edition: current.Edition, problems: list[str]) -> str:
    if edition.damaged or problems:
        return DEGRADED
    return STALE if current.today() > edition.release.stale_after else OK


def _of_release(edition: current.Edition) -> dict[str, Any]:
    """Facts of the release; looks at it in the context of its own that it is called in."""
    current.use(edition, "en")
    found = edition.release
    return {
        "release": found.id,
        "as_of": found.as_of.isoformat(),
        "stale_after": found.stale_after.isoformat(),
        "age_days": (current.today() - found.as_of).days,
        "data": _oldest_and_newest(),
        "damaged": list(edition.damaged),
    }


def _oldest_and_newest() -> dict[str, Any] | None:
    """The sources whose data end first and last; None if the table of them is damaged."""
    try:
        ages = ages_of_sources().sort_values(["last_year", "source"], kind="stable")
    except ReleaseError:
        return None
    ends = {"oldest": ages.iloc[0], "newest": ages.iloc[-1]}
    return {
        name: {
            "source": row["source"],
            "last_year": int(row["last_year"]),
            "age_days": None if pd.isna(row["age_days"]) else int(row["age_days"]),
        }
        for name, row in ends.items()
    }


def ages_of_sources() -> pd.DataFrame:
    """Each source's last year of data, its age, and when more is due; one line each.

    Columns: source, title, last_year, lag_months, age_days (days since that year's end; missing while it is not over),
    due_year and due (the next year of data that is not whole, and the day on which its lag is over).
    """
    sources, as_of = reading.table("sources"), reading.opened().as_of
    shown = sources[["source", "title", "last_year", "lag_months"]]
    over = shown["last_year"] < as_of.year
    due_year = (shown["last_year"] + 1).where(over, as_of.year)
    ended = [(current.today() - date(int(year), 12, 31)).days for year in shown["last_year"]]
    due = [_out(int(year), int(lag)) for year, lag in zip(due_year, shown["lag_months"], strict=True)]
    return shown.assign(age_days=pd.Series(ended, shown.index).where(over), due_year=due_year, due=due)


def _out(year: int, lag: int) -> date:
    """The last day of the month in which data of a year are out by their lag: 2024 and 6 -> 30 June 2025."""
    months = year * 12 + 11 + lag
    last = calendar.monthrange(months // 12, months % 12 + 1)[1]
    return date(months // 12, months % 12 + 1, last)


def tell_release(edition: current.Edition | None, problems: list[str]) -> None:
    """Log which release is opened and which are refused, when that is not what was logged last."""
    now = [edition, problems]
    if _last_told == now:
        return
    if edition and [edition] != _last_told[:1]:
        found = edition.release
        damaged = list(edition.damaged)
        tell = {"release": found.id, "as_of": found.as_of, "stale_after": found.stale_after, "damaged": damaged}
        logs.tell("release_opened", logging.WARNING if damaged else logging.INFO, **tell)
    for problem in problems:
        logs.tell("release_refused", logging.ERROR, problem=problem)
    _last_told[:] = now


@cache
def app_version() -> str:
    """The program's version, as CITATION.cff has it."""
    found = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    return found[1] if found else "unknown"


def shows_process() -> bool:
    """Whether the page for operators shows the process: told to, or only people who signed in see it."""
    return os.environ.get(OPERATORS) == "1" or access.is_on()


def process() -> dict[str, str]:
    """How this process does, as words; nothing of it is about one reader."""
    from streamlit.runtime import Runtime

    stats = Runtime.instance().stats_mgr.get_stats(["active_sessions"]) if Runtime.exists() else {}
    sessions = sum(int(getattr(stat, "value", 0)) for stat in stats.get("active_sessions", []))
    running = datetime.now(UTC) - logs.STARTED
    return {
        _("Open visits"): number(sessions),
        _("Memory (MiB)"): number(psutil.Process().memory_info().rss // 2**20),
        _("Running for (hours)"): number(running.total_seconds() / 3600, 1),
        _("Sign-in"): _("on") if access.is_on() else _("off"),
        _("Versions"): ", ".join([f"Upstream {app_version()}", f"Python {sys.version.split()[0]}", *_versions()]),
    }


def age_table(ages: pd.DataFrame) -> pd.DataFrame:
    """The ages of sources as a page shows them, the oldest first."""
    shown = ages.sort_values(["age_days", "source"], ascending=[False, True], kind="stable")
    return pd.DataFrame(
        {
            _("Source"): shown["title"].to_list(),
            _("Last year"): shown["last_year"].astype(str).to_list(),
            _("Age (days)"): shown["age_days"].astype("Int64").to_list(),
            _("Lag (months)"): shown["lag_months"].to_list(),
            _("Next year"): shown["due_year"].astype(str).to_list(),
            _("Due"): [language.day(each) for each in shown["due"]],
        }
    )


def _versions() -> list[str]:
    return [f"{name} {version(name)}" for name in LIBRARIES]
