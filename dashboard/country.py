"""One row of a release over the years: what changed in a year, and what each factor is made of."""

import pandas as pd

from dashboard.language import N_, _, form
from dashboard.measures import Measure, factor_code

NOT_REDISTRIBUTABLE = N_("not redistributable")
NO_DATA = N_("no data")


def history(scores: pd.DataFrame, iso3: str) -> pd.DataFrame:
    """The row's scores by year, over all years of the release: an empty line for each in which it did not exist."""
    table = scores[(scores["iso3"] == iso3).to_numpy()].set_index("year")
    return table.reindex(range(int(scores["year"].min()), int(scores["year"].max()) + 1))


def years_of(years: pd.DataFrame) -> pd.Index:
    """The years in which the row existed; `years` comes from `history`."""
    return years.index[years["country"].notna()]


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
    facts = facts.assign(title=facts["title"].map(_), unit=facts["unit"].map(_))
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
        title=table["title"].map(_),
        unit=table["unit"].map(_),
        value=[_value_text(*pair) for pair in zip(table["value"], table["score"], strict=True)],
        age=year - table["data_year"],
        sources=[", ".join(links.get(card, card) for card in cards.split(";")) for cards in named],
    ).drop(columns=["source", "source_used"])


def _value_text(value: float, score: float) -> str:
    if pd.isna(value):
        return _(NO_DATA) if pd.isna(score) else _(NOT_REDISTRIBUTABLE)
    return form(value, ",.3g" if abs(value) < 1000 else ",.0f")


def source_links(sources: pd.DataFrame) -> dict[str, str]:
    """Each card's data set in Markdown: title with a link to its producer, edition, licence."""
    return {
        row.source: f"[{row.title} {row.edition}]({row.url}) ({row.licence})"
        for row in sources[["source", "title", "edition", "url", "licence"]].itertuples()
    }


def data_ages(values: pd.DataFrame, year: int, catalogue: pd.DataFrame, row: pd.Series) -> pd.DataFrame:
    """How old the data of each factor are: factor, known and all (indicators), coverage, data_age, oldest, newest year.

    `values` are the country's lines of `indicators`, `row` its line of `scores` of that year. A factor of which
    nothing is known has no years.
    """
    used = values[(values["year"] == year) & values["score"].notna()].set_index("indicator")["data_year"]
    lines = catalogue[["indicator", "factor"]].assign(data_year=catalogue["indicator"].map(used))
    groups = lines.groupby("factor")["data_year"]
    table = groups.agg(known="count", all="size", oldest="min", newest="max").reset_index()
    codes = [factor_code(factor) for factor in table["factor"]]
    return table.assign(
        coverage=[row.get(f"{code}_coverage") for code in codes],
        data_age=[row.get(f"{code}_data_age") for code in codes],
    )


def explain_absence(name: str, years: pd.DataFrame, year: int) -> str:
    """Why the row has no scores in a year; `years` comes from `history`."""
    existed = years_of(years)
    return _(
        "{country} has no row in {year}: this release has it for {first} to {last}. "
        "A row is for a State that existed on 31 December."
    ).format(country=name, year=year, first=existed.min(), last=existed.max())
