"""One State over the years in words: what happened in which year, from which table, and what its charts show."""

from collections.abc import Iterable

import pandas as pd

from dashboard.country import source_links, years_of
from dashboard.language import N_, _, number
from dashboard.measures import Measure

COUPS, ELECTIONS = "coup_attempts_this_year", ("elections", "factbook")
ONSET, ONGOING, COUP, REGIME, ELECTION = "onset", "ongoing", "coup", "regime", "election"
COLUMNS = ["kind", "year", "happened", "source"]
TITLES = {
    ONSET: N_("A mass killing began"),
    ONGOING: N_("A mass killing was going on"),
    COUP: N_("At least one coup attempt"),
    REGIME: N_("The type of regime changed"),
    ELECTION: N_("A national election was due"),
}
KNOWN = {
    ONGOING: N_(
        "**Mass killings** (1,000 or more civilians of a group killed on purpose within a year): known for {years}. "
        "Source: {sources}."
    ),
    COUP: N_("**Coup attempts**: known for {years}; whether there was any in a year, not how many. Source: {sources}."),
    REGIME: N_("**Changes of the type of regime**: known for {years}. Source: {sources}."),
    ELECTION: N_(
        "**National elections**: due in the year by what had been announced before it began, whether or not they were "
        "held; known for {years}. Source: {sources}."
    ),
}
NOT_KNOWN = {
    ONGOING: N_("**Mass killings**: not known for this State in any year."),
    COUP: N_("**Coup attempts**: not known for this State in any year."),
    REGIME: N_("**Changes of the type of regime**: not known for this State in any year."),
    ELECTION: N_("**National elections**: not known for this State in any year."),
}
DECADE = 10  # years


def known_events(
    events: pd.DataFrame, indicators: pd.DataFrame, watch: pd.DataFrame, catalogue: pd.DataFrame, first: int
) -> pd.DataFrame:
    """What is known of one State's events since a year: kind, year, happened (0 or 1), source (cards, by semicolons).

    The arguments are its lines of the tables `events`, `indicators` and `watch`, and the catalogue. A kind and year
    without a line is not known. Each year stands for what the release has of that very year.
    """
    named = {"mass_killing_onset": ONSET, "mass_killing_ongoing": ONGOING, "regime_change": REGIME}
    counted = events[events["event"].isin(list(named))]
    counted = counted.assign(kind=counted["event"].map(named), happened=counted["count"].gt(0).astype(int))
    found = pd.concat([counted[COLUMNS], _coups(indicators, catalogue), _elections(watch)])
    return found[found["year"] >= first].sort_values(["year", "kind"], kind="stable", ignore_index=True)


def _coups(indicators: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """Whether there was an attempt: the release has the score alone, which is 0 without one as its low end is none."""
    line = catalogue[(catalogue["indicator"] == COUPS) & (catalogue["goalpost_low"] == 0)]
    known = indicators["indicator"].isin(line["indicator"]) & (indicators["data_year"] == indicators["year"])
    lines = indicators[known & indicators["score"].notna()]
    return lines.assign(kind=COUP, happened=lines["score"].gt(0).astype(int))[COLUMNS]


def _elections(watch: pd.DataFrame) -> pd.DataFrame:
    """Whether one was due in a year: what was said of the twelve months to come in the December before."""
    lines = watch[watch["month"].str.endswith("-12") & watch["election_12"].notna()]
    year = lines["month"].str[:4].astype(int) + 1
    lines = lines.assign(kind=ELECTION, year=year, happened=lines["election_12"].astype(int))
    return lines.assign(source=";".join(ELECTIONS))[COLUMNS]


def runs(years: Iterable[int]) -> list[tuple[int, int]]:
    """Years as stretches without a gap, first and last of each: [1990, 1991, 1995] -> [(1990, 1991), (1995, 1995)]."""
    found: list[tuple[int, int]] = []
    for year in sorted(set(years)):
        begun = found.pop()[0] if found and found[-1][1] == year - 1 else year
        found.append((begun, year))
    return found


def run_text(first: int, last: int) -> str:
    """A stretch of years: "1990 to 1995"."""
    return f"{first}" if first == last else _("{first} to {last}").format(first=first, last=last)


def years_text(years: Iterable[int]) -> str:
    """Years as text: "1990 to 1995, 1999"."""
    return _(", ").join(run_text(*run) for run in runs(years))


def describe_events(events: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """The marks of the charts as a table, newest first: years, event, source; `events` from `known_events`."""
    lines, links = [], source_links(sources)
    for kind, of_kind in events[events["happened"] == 1].groupby("kind"):
        stretches = runs(of_kind["year"]) if kind == ONGOING else [(year, year) for year in of_kind["year"]]
        cards = _(", ").join(links.get(card, card) for card in _cards(of_kind))
        lines += [(first, last, _(TITLES[str(kind)]), cards) for first, last in stretches]
    lines.sort(reverse=True)
    rows = [(run_text(first, last), title, cards) for first, last, title, cards in lines]
    return pd.DataFrame(rows, columns=[_("Year"), _("Event"), _("Source")]).set_index(_("Year"))


def _cards(events: pd.DataFrame) -> list[str]:
    return sorted({card for cards in events["source"] for card in cards.split(";")})


def events_notes(events: pd.DataFrame, sources: pd.DataFrame) -> list[str]:
    """For each kind of event the years for which it is known, and its sources, in Markdown."""
    links, notes = source_links(sources), []
    for kind, text in KNOWN.items():
        of_kind = events[events["kind"] == kind]
        named = _("; ").join(links.get(card, card) for card in _cards(of_kind))
        known = _(text).format(years=years_text(of_kind["year"]), sources=named)
        notes.append(_(NOT_KNOWN[kind]) if of_kind.empty else known)
    return notes


def score_summary(years: pd.DataFrame, measure: Measure) -> str:
    """A line of the chart in words: highest, lowest, newest, and gaps; `years` from `country.history`."""
    existed = years.loc[years_of(years), measure.code]
    known, gaps = existed.dropna(), existed.index[existed.isna()]
    if known.empty:
        return _("{measure}: no score in any year.").format(measure=measure.title)
    text = _("{measure}: highest {high} ({high_year}), lowest {low} ({low_year}), newest {now} ({now_year}).").format(
        measure=measure.title,
        **{"high": number(known.max(), 1), "high_year": known.idxmax()},
        **{"low": number(known.min(), 1), "low_year": known.idxmin()},
        **{"now": number(known.iloc[-1], 1), "now_year": known.index[-1]},
    )
    missing = _("No score: {years}.").format(years=years_text(gaps))
    return f"{text} {missing}" if len(gaps) else text


def factors_summary(years: pd.DataFrame, measures: dict[str, Measure], year: int) -> str:
    """The cells of a year in words: the highest and the lowest score, what moved most in ten years, and gaps."""
    titles = {code: measure.title for code, measure in measures.items() if code.startswith("rf")}
    now = years.loc[year, list(titles)].astype(float)
    known = now.dropna()
    if known.empty:
        return _("No risk factor has a score in {year}.").format(year=year)
    said = _("In {year} the highest score is that of {top} ({high}), the lowest that of {bottom} ({low}).").format(
        **{"year": year, "top": titles[known.idxmax()], "high": number(known.max(), 1)},
        **{"bottom": titles[known.idxmin()], "low": number(known.min(), 1)},
    )
    without = [titles[code] for code in now.index[now.isna()]]
    gaps = _("Without a score: {factors}.").format(factors=_("; ").join(without)) if without else ""
    return " ".join(filter(None, [said, _moved_text(years, titles, year), gaps]))


def _moved_text(years: pd.DataFrame, titles: dict[str, str], year: int) -> str:
    before = year - DECADE
    if before not in years.index:
        return ""
    change = (years.loc[year, list(titles)].astype(float) - years.loc[before, list(titles)].astype(float)).dropna()
    rose, fell = change[change >= 0.05], change[change <= -0.05]
    up = _("The largest rise since {year}: {factor} ({change}).")
    down = _("The largest fall since {year}: {factor} ({change}).")
    told = [(up, rose, rose.max()), (down, fell, fell.min())]
    return " ".join(
        text.format(year=before, factor=titles[moved[moved == most].index[0]], change=number(most, 1, sign=True))
        for text, moved, most in told
        if len(moved)
    )
