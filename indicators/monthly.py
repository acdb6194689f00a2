"""Deaths in organised violence by State and month, from three files that count differently and are never added up.

The final file (2010 on) has every event, a long one in one month. Before it stands the file by type, without events
whose place is not exactly known; after it the candidate file, preliminary and without events of more than a month.
What is compared comes from one file; a rise from the one to the other would be a change of counting.
"""

import pandas as pd

from indicators.series import KEY, Tables

EARLIER, FINAL, CANDIDATE = "ucdp_monthly_by_type", "ucdp_monthly", "ucdp_candidate_monthly"
COMPARED = 24  # months up to the newest one that a year's value needs, from one file
CANDIDATE_FROM = 2010  # the candidate file is used from 2025 on; what it had before serves to check rules on it


def period(year: pd.Series | int, month: pd.Series | int) -> pd.Series | int:
    """Months counted from the year 0, so that a month can be added."""
    return year * 12 + month - 1


def by_month(tables: Tables, source: str) -> pd.DataFrame:
    """Deaths of one file: a row per State, a column per month (see `period`) from its first to its last."""
    table = tables[source]
    if source == CANDIDATE:
        table = _with_quiet_months(table, tables[f"{source}.grid"])
    wide = table.assign(period=period(table["year"], table["month"])).pivot(
        index="iso3", columns="period", values="deaths"
    )
    return wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))


def _with_quiet_months(table: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    """Months without an event, for the States that the candidate data watch but have no event in: zero deaths."""
    months = table[["year", "month"]].drop_duplicates()
    every = grid.merge(months, on="year", validate="many_to_many")
    whole = every.merge(table, on=[*KEY, "month"], how="left", validate="one_to_one")
    return whole.fillna({"deaths": 0.0})


def deaths_to_newest_month(tables: Tables, months: int, *, before: int = 0) -> pd.Series:
    """Deaths in so many months, the last of them `before` months before the newest month known, by (iso3, year).

    The month is the same in all years, that of the newest file, so that an earlier year's value is as fresh as this
    year's. Missing unless each month is known, and COMPARED months from the same file.
    """
    wide = {source: by_month(tables, source) for source in (EARLIER, FINAL, CANDIDATE)}
    newest = int(wide[CANDIDATE].columns.max())
    first, last = int(wide[FINAL].columns.min()), int(wide[FINAL].columns.max())
    used = {
        EARLIER: lambda end: end < first + COMPARED - 1,
        FINAL: lambda end: first + COMPARED - 1 <= end <= last,
        CANDIDATE: lambda end: end > last,
    }
    parts = [
        _sums(wide[source], months, before, [end for end in _ends(wide[source], newest) if right(end)])
        for source, right in used.items()
    ]
    return pd.concat(parts).rename("deaths")


def _ends(wide: pd.DataFrame, newest: int) -> list[int]:
    """The periods of a file in the calendar month of the newest, with enough months before them."""
    return [end for end in wide.columns[COMPARED - 1 :] if (end - newest) % 12 == 0]


def _sums(wide: pd.DataFrame, months: int, before: int, ends: list[int]) -> pd.Series:
    whole = wide.T.rolling(COMPARED).sum().T.notna()
    sums = wide.T.rolling(months).sum().shift(before).T.where(whole)[ends]
    return sums.rename(columns=lambda end: end // 12).rename_axis(columns="year").stack().dropna()


def table(tables: Tables) -> pd.DataFrame:
    """The release's table `monthly`: iso3, gw_code, year, month, source, deaths, preliminary."""
    final_year = int(tables[FINAL]["year"].max())
    parts = []
    for source in (EARLIER, FINAL, CANDIDATE):
        long = by_month(tables, source).stack().rename("deaths").reset_index()
        parts.append(long.assign(year=long["period"] // 12, month=long["period"] % 12 + 1, source=source))
    every = pd.concat(parts).dropna(subset="deaths")
    every = every[(every["source"] != CANDIDATE) | (every["year"] >= CANDIDATE_FROM)]
    every = every.assign(preliminary=(every["source"] == CANDIDATE) & (every["year"] > final_year))
    named = every.merge(tables["spine"][["iso3", "gw_code", "year"]], on=KEY, validate="many_to_one")
    columns = ["iso3", "gw_code", "year", "month", "source", "deaths", "preliminary"]
    return named[columns].sort_values(["source", "iso3", "year", "month"], ignore_index=True)
