"""Watch: what the newest months show of each State, as it would have looked in every month since 2011.

Pure functions of the release's table `monthly` and of borders, elections and coups. What is compared comes from one
file. The row of a month uses nothing from after it; which signs are flags is in watch_rules.py.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators import watch_dates, watch_rules
from indicators.monthly import CANDIDATE, EARLIER, FINAL, period
from indicators.series import Tables

FIRST = period(2011, 1)  # of the table; the months before it served to choose the rules
SPANS = (3, 6, 12)  # months up to the newest
PAST, PAST_AT_LEAST = 60, 12  # months before a span with which it is compared: as many as are known, but so many
RECENT, BEFORE = 3, 12  # an outbreak: deaths in the recent months after so many quiet ones
WAR = 1_000  # deaths in 12 months: UCDP's threshold for a war
COLUMNS = [
    *("iso3", "gw_code", "month", "source", "preliminary", "deaths", "deaths_3", "deaths_6", "deaths_12"),
    *("momentum_3", "momentum_6", "momentum_12", "outbreak", "neighbours", "election_12", "election_24"),
    *("coup_12", "coup_24", "flags", "signs"),
]
FLAGS_0_1 = ["outbreak", "election_12", "election_24", "coup_12", "coup_24"]
COUNTS = ["deaths", "deaths_3", "deaths_6", "deaths_12", "neighbours"]


def build(tables: Tables, monthly: pd.DataFrame, events: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The release's tables `watch` and `watch_rules`, from its tables `monthly` and `events`, and borders and dates."""
    wide = {source: deaths_by_month(monthly, source) for source in (EARLIER, FINAL, CANDIDATE)}
    own = {source: signals(deaths, tables) for source, deaths in wide.items()}
    escalated = {source: watch_rules.escalation(deaths) for source, deaths in wide.items()}
    first = watch_rules.choose(own[EARLIER], escalated[EARLIER], ["rise", "outbreak"])
    whole = {source: with_neighbours(found, first["outbreak"], tables) for source, found in own.items()}
    rules = first | watch_rules.choose(whole[EARLIER], escalated[EARLIER], ["spread", "coup", "election"])
    return {
        "watch": rows(whole, rules, monthly),
        "watch_rules": watch_rules.measure(whole, escalated, rules, events),
    }


def deaths_by_month(monthly: pd.DataFrame, source: str) -> pd.DataFrame:
    """Deaths of one file, from the table `monthly`: a row per State, a column per month (see `monthly.period`)."""
    table = monthly[monthly["source"] == source]
    wide = table.assign(period=period(table["year"], table["month"])).pivot(
        index="iso3", columns="period", values="deaths"
    )
    return wide.reindex(columns=range(int(wide.columns.min()), int(wide.columns.max()) + 1))


def signals(wide: pd.DataFrame, tables: Tables) -> pd.DataFrame:
    """What one file shows by (iso3, period): sums, momentum, deaths in the quiet before, elections due, coup attempts.

    A month that is not known makes each sum over it missing; a State and month that the file lacks has no row.
    """
    time, months = wide.T, range(int(wide.columns.min()), int(wide.columns.max()) + 1)
    found = {"deaths": wide, "before": time.rolling(BEFORE).sum().shift(RECENT).T}
    found |= {f"deaths_{span}": time.rolling(span).sum().T for span in SPANS}
    found |= {f"momentum_{span}": momentum(wide, span) for span in SPANS}
    found |= {f"election_{span}": watch_dates.elections_due(tables, months, span) for span in watch_dates.AHEAD}
    found |= {f"coup_{span}": watch_dates.coup_attempts(tables, months, span) for span in watch_dates.BACK}
    known = _long(wide).dropna().index
    return pd.DataFrame({name: _long(values).reindex(known) for name, values in found.items()}, index=known)


def momentum(wide: pd.DataFrame, span: int) -> pd.DataFrame:
    """Logarithm of deaths per month in a span against those in the State's own past before it: 0.69 is a doubling.

    ln((1 + mean of the span) / (1 + mean of the PAST months before it)); the ones keep a single death from counting
    as a rise without end. Missing unless each month of the span and PAST_AT_LEAST months before it are known.
    """
    time = wide.T
    before = time.rolling(PAST, min_periods=PAST_AT_LEAST).mean().shift(span)
    return (np.log1p(time.rolling(span).mean()) - np.log1p(before)).T


def _long(wide: pd.DataFrame) -> pd.Series:
    return wide.rename_axis(index="iso3", columns="period").stack()


def with_neighbours(found: pd.DataFrame, outbreak: watch_rules.Rule, tables: Tables) -> pd.DataFrame:
    """The signals with `outbreak`, and `neighbours`: States across a land border with an outbreak or a war in a year.

    A war: WAR deaths in the 12 months. Missing where none of the neighbours is known; 0 for a State without any.
    """
    flag = outbreak.flag(found)
    lately = flag.unstack("period").T.rolling(12, min_periods=1).max().T
    trouble = (_long(lately).reindex(found.index) == 1) | (found["deaths_12"] >= WAR)
    across = trouble.astype(float).where(flag.notna() | found["deaths_12"].notna()).rename("trouble").reset_index()
    pairs = tables["borders"].merge(
        across.assign(year=across["period"] // 12).rename(columns={"iso3": "neighbour"}),
        on=["neighbour", "year"],
        validate="many_to_many",
    )
    counted = pairs.groupby(["iso3", "period"])["trouble"].sum(min_count=1).reindex(found.index)
    year = pd.Series(found.index.get_level_values("period") // 12, found.index)
    keys = pd.MultiIndex.from_arrays([found.index.get_level_values("iso3"), year])
    alone = ~keys.isin(pd.MultiIndex.from_frame(tables["borders"][["iso3", "year"]]))
    return found.assign(outbreak=flag, neighbours=counted.mask(alone, 0.0))


def rows(
    whole: Mapping[str, pd.DataFrame], rules: Mapping[str, watch_rules.Rule], monthly: pd.DataFrame
) -> pd.DataFrame:
    """The table `watch`: the final file's months from FIRST on, and after its last the candidate file's."""
    last = int(whole[FINAL].index.get_level_values("period").max())
    parts = []
    for source in (FINAL, CANDIDATE):
        month = whole[source].index.get_level_values("period")
        wanted = whole[source][month.to_numpy() > last if source == CANDIDATE else month.to_numpy() >= FIRST]
        flags, signs = (_names(wanted, rules, used=used) for used in (True, False))
        parts.append(wanted.assign(flags=flags, signs=signs, source=source, preliminary=source == CANDIDATE))
    table = pd.concat(parts).reset_index()
    codes = monthly.drop_duplicates(["iso3", "year"])[["iso3", "year", "gw_code"]]
    table = table.assign(year=table["period"] // 12).merge(codes, on=["iso3", "year"], validate="many_to_one")
    momentum_2 = {f"momentum_{span}": table[f"momentum_{span}"].round(2) + 0.0 for span in SPANS}
    whole_numbers = table[[*COUNTS, *FLAGS_0_1]].round().astype("Int64")
    named = table.assign(month=table["period"].map(watch_rules.month_name), **momentum_2, **whole_numbers)
    return named[COLUMNS].sort_values(["iso3", "month"], ignore_index=True)


def _names(found: pd.DataFrame, rules: Mapping[str, watch_rules.Rule], *, used: bool) -> pd.Series:
    """The rules that hold, joined by semicolons: flags, or the signs that are none."""
    names = pd.Series("", found.index)
    for rule in rules.values():
        if rule.used == used:
            names = names.where(rule.flag(found) != 1, names + ";" + rule.name)
    return names.str.removeprefix(";")
