"""One row of a release over the years: what changed in a year, and what each factor is made of."""

import pandas as pd

from dashboard.measures import Measure

NOT_REDISTRIBUTABLE = "not redistributable"
NO_DATA = "no data"


def history(scores: pd.DataFrame, iso3: str) -> pd.DataFrame:
    """The row's scores by year, with an empty line for each year between in which it did not exist."""
    table = scores[scores["iso3"] == iso3].set_index("year").sort_index()
    return table.reindex(range(table.index.min(), table.index.max() + 1))


def changed_scores(years: pd.DataFrame, year: int, measures: dict[str, Measure]) -> pd.DataFrame:
    """Each measure's score the year before and in the year, and the change; largest first, unchanged left out.

    `years` comes from `history`. A score that began or ended is kept, without a change.
    """
    codes = list(measures)
    pair = years.reindex([year - 1, year])[codes].T.set_axis(["before", "now"], axis="columns")
    table = pair.assign(change=pair["now"] - pair["before"], what=[measures[code].title for code in codes])
    return _largest_first(table.assign(kind="score"))


def changed_indicators(values: pd.DataFrame, year: int, catalogue: pd.DataFrame) -> pd.DataFrame:
    """The same for each indicator, with its value before and now and the unit.

    `values` are the country's lines of the table `indicators`.
    """
    pair = [values[values["year"] == each].set_index("indicator")[["score", "value"]] for each in (year - 1, year)]
    facts = catalogue.set_index("indicator")[["title", "unit", "factor"]]
    table = facts.join(pair[0].add_suffix("_before")).join(pair[1].add_suffix("_now"))
    table = table.rename(columns={"title": "what", "score_before": "before", "score_now": "now"})
    return _largest_first(table.assign(change=table["now"] - table["before"], kind="indicator"))


def _largest_first(table: pd.DataFrame) -> pd.DataFrame:
    began_or_ended = table["before"].isna() != table["now"].isna()
    table = table[began_or_ended | (table["change"].abs() >= 0.05)]
    order = table["change"].abs().sort_values(ascending=False, na_position="last", kind="stable").index
    return table.loc[order].reset_index(drop=True)


def parts_of_factor(
    values: pd.DataFrame, year: int, factor: int, catalogue: pd.DataFrame, sources: pd.DataFrame
) -> pd.DataFrame:
    """What a factor's score is made of: every indicator of the catalogue, with or without data that year.

    Columns: title, value (text: a number, "not redistributable" or "no data"), unit, score, data_year, age (years),
    weight, sources (Markdown: title, edition, licence, link).
    """
    ours = catalogue[catalogue["factor"] == factor].set_index("indicator")
    known = values[values["year"] == year].set_index("indicator")[["value", "score", "data_year", "source"]]
    table = ours[["title", "unit", "weight", "source"]].join(known.rename(columns={"source": "source_used"}))
    named = table["source_used"].fillna(table["source"])
    links = source_links(sources)
    return table.assign(
        value=[_value_text(*pair) for pair in zip(table["value"], table["score"], strict=True)],
        age=year - table["data_year"],
        sources=[", ".join(links.get(card, card) for card in cards.split(";")) for cards in named],
    ).drop(columns=["source", "source_used"])


def _value_text(value: float, score: float) -> str:
    if pd.isna(value):
        return NO_DATA if pd.isna(score) else NOT_REDISTRIBUTABLE
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def source_links(sources: pd.DataFrame) -> dict[str, str]:
    """Each card's data set in Markdown: title with a link to its producer, edition, licence."""
    return {
        row.source: f"[{row.title} {row.edition}]({row.url}) ({row.licence})"
        for row in sources[["source", "title", "edition", "url", "licence"]].itertuples()
    }


def notes(facts: pd.Series, holders: pd.DataFrame, year: int, names: dict[str, str], years: pd.DataFrame) -> list[str]:
    """What a reader of the row has to know: its note, and where to look in a year in which it did not exist."""
    found = [facts["note"]] if isinstance(facts["note"], str) and facts["note"] else []
    if year in years["country"].dropna().index:
        return found
    existed = years["country"].dropna().index
    found.append(
        f"{facts['name']} has no row in {year}: this release has it for {existed.min()} to {existed.max()}. "
        "A row is for a State that existed on 31 December."
    )
    holder = holders.loc[(holders["place"] == facts.name) & (holders["year"] == year), "iso3"]
    if len(holder):
        found.append(f"Its land is in the row of {names[holder.iloc[0]]} (row {holder.iloc[0]}) in {year}.")
    return found
