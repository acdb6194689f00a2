"""Brings what was computed into the tables of a release, as data/codebook.toml describes them; computes no score."""

import hashlib
from collections.abc import Mapping

import numpy as np
import pandas as pd

from indicators.catalogue import Factor, Indicator
from indicators.rf01_instability import armed_conflicts_active
from indicators.series import KEY, Tables, column, population
from indicators.sources import Loaded
from indicators.sources.cards import Card

EVENTS = {
    "mass_killing_onset": ("mass_killing_years", "onset"),
    "mass_killing_ongoing": ("mass_killing_years", "ongoing"),
    "battle_deaths": ("ucdp_country_year", "state_based_deaths"),
    "non_state_conflict_deaths": ("ucdp_country_year", "non_state_deaths"),
    "one_sided_deaths": ("ucdp_country_year", "one_sided_deaths"),
    "one_sided_deaths_by_governments": ("ucdp_country_year", "one_sided_deaths_by_governments"),
    "one_sided_deaths_by_groups": ("ucdp_country_year", "one_sided_deaths_by_groups"),
    "newly_displaced_abroad": ("unhcr_flows", "newly_displaced_abroad"),
}


def indicators(scored: pd.DataFrame, *, catalogue: Mapping[str, Indicator], cards: Mapping[str, Card]) -> pd.DataFrame:
    """The scored panel with its sources; values only where each source's terms allow it, with six digits."""
    source = {name: ";".join(entry.source) for name, entry in catalogue.items()}
    open_ = [name for name, entry in catalogue.items() if all(cards[card].may_redistribute for card in entry.source)]
    table = scored.assign(
        source=scored["indicator"].map(source),
        value=_six_digits(scored["value"]).where(scored["indicator"].isin(open_)),
    )
    columns = ["iso3", "gw_code", "year", "indicator", "value", "score", "data_year", "source"]
    return table[columns].sort_values(["indicator", "iso3", "year"], ignore_index=True)


def _six_digits(values: pd.Series) -> pd.Series:
    power = 5 - np.floor(np.log10(values.abs().where(values != 0, 1.0)))
    return (values * 10.0**power).round() / 10.0**power


def events(tables: Tables) -> pd.DataFrame:
    """The counts from which outcomes are made, long, since 1946; a State and year that is not known has no row."""
    series = {name: (source, column(tables, source, field)) for name, (source, field) in EVENTS.items()}
    series["armed_conflicts"] = ("ucdp_conflicts", armed_conflicts_active(tables))
    series["population"] = ("economy_population;wdi", population(tables))
    start = column(tables, "ert", "regime_start_year")
    series["regime_change"] = (
        "ert",
        (start == start.index.get_level_values("year")).astype(float).where(start.notna()),
    )
    long = [
        values.dropna().rename("count").reset_index().assign(event=name, source=source)
        for name, (source, values) in series.items()
    ]
    states = tables["spine"][["iso3", "gw_code", "year"]]
    table = pd.concat(long).merge(states, on=KEY, validate="many_to_one")
    return table[["iso3", "gw_code", "year", "event", "count", "source"]].sort_values(
        ["event", "iso3", "year"], ignore_index=True
    )


def countries(spells: pd.DataFrame, spine: pd.DataFrame) -> pd.DataFrame:
    """One row per code that has a row in the spine: dates over all its names, the last name."""
    ordered = spells[spells["iso3"].isin(spine["iso3"])].sort_values(["iso3", "start"])
    last = ordered.drop_duplicates("iso3", keep="last").set_index("iso3")
    table = last.assign(start=ordered.groupby("iso3")["start"].min()).reset_index()
    columns = ["iso3", "gw_code", "name", "start", "end", "kind", "region", "un_group", "predecessor", "note"]
    return table.assign(start=_day(table["start"]), end=_day(table["end"]))[columns]


def _day(dates: pd.Series) -> pd.Series:
    return dates.dt.strftime("%Y-%m-%d")


def catalogue(entries: Mapping[str, Indicator]) -> pd.DataFrame:
    """One row per indicator, lists joined by semicolons."""
    rows = [
        {
            "indicator": entry.name,
            "title": entry.title,
            "factor": entry.factor,
            "also_bears_on": ";".join(map(str, entry.also_bears_on)),
            "source": ";".join(entry.source),
            "unit": entry.unit,
            "direction": entry.direction,
            "transform": entry.transform,
            "goalpost_low": entry.goalposts[0],
            "goalpost_high": entry.goalposts[1],
            "goalposts_why": entry.goalposts_why,
            "weight": entry.weight,
            "max_age_years": entry.max_age_years,
            "why": entry.why,
            "reference": entry.reference,
            "caveats": " ".join(entry.caveats),
        }
        for entry in entries.values()
    ]
    return pd.DataFrame(rows)


def factors(entries: Mapping[int, Factor]) -> pd.DataFrame:
    """One row per risk factor."""
    rows = [
        {
            "factor": f.number,
            "name": f.name,
            "group": f.group,
            "part": f.part,
            "measured": f.measured,
            "note": f.note,
        }
        for f in entries.values()
    ]
    return pd.DataFrame(rows)


def sources(cards: Mapping[str, Card], loaded: Loaded) -> pd.DataFrame:
    """One row per source that was read, with what became of its rows."""
    counts = loaded.rows.set_index("source")
    rows = [
        {
            "source": card.id,
            "title": card.title,
            "producer": card.producer,
            "edition": card.edition,
            "url": card.url,
            "licence": card.licence,
            "values_in_release": card.may_redistribute or card.peer is not None,  # figures with attribution
            "citation": card.citation,
            "lag_months": card.lag_months,
            "first_year": card.covers[0],
            "last_year": card.covers[1],
            "absent_means": card.absent_means,
            "accessed": card.accessed.isoformat(),
            "rows_read": counts.at[name, "read"],
            "rows_matched": counts.at[name, "matched"],
            "rows_left_out": counts.at[name, "left_out"],
            "sha256": _hash(card),
        }
        for name, card in cards.items()
        if name in counts.index
    ]
    return pd.DataFrame(rows)


def _hash(card: Card) -> str:
    hashes = [file.sha256 for file in card.files.values()]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("\n".join(hashes).encode()).hexdigest()
