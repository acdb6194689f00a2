"""The spine: which State existed when, and the one crosswalk from every source's codes to it.

`data/countries.csv` has one line per State and name, with dates; a code system's cell may hold several codes.
Dates follow Gleditsch and Ward (1999, doi:10.1080/03050629908434958), list of independent States to 2026.
"""

from pathlib import Path

import pandas as pd

FILE = Path(__file__).parent.parent / "data" / "countries.csv"
NEIGHBOURS = FILE.parent / "neighbours.csv"
FIRST_YEAR = 1970  # first year of a release
HISTORY_FROM = 1946  # first year read, for indicators that look back
SYSTEMS = ("gw", "cow", "vdem", "iso3", "worldbank", "unhcr", "pts", "iso2", "gec", "aliases")
ALWAYS = pd.Timestamp("2262-01-01")  # stands for "has not ended"


def read_spells(path: Path = FILE) -> pd.DataFrame:
    """One row per State and name, with `start` and `end` as dates (`end` missing while it exists).

    Raises:
        ValueError: two States share a GW code and a day, or one State has two names on a day.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    table = table.assign(
        start=pd.to_datetime(table["start"]),
        end=pd.to_datetime(table["end"].replace("", None)),
        gw_code=pd.to_numeric(table["gw_code"]).astype("Int64"),
    )
    for key in ("iso3", "gw_code"):
        _check_no_overlap(table.dropna(subset=key), key)
    return table


def _check_no_overlap(spells: pd.DataFrame, key: str) -> None:
    ordered = spells.sort_values([key, "start"])
    before = ordered.groupby(key)["end"].shift().where(ordered[key].duplicated(), pd.Timestamp.min)
    overlap = ordered[(before.fillna(ALWAYS) >= ordered["start"])]
    if len(overlap):
        rows = overlap[["iso3", "name", "start"]].head().to_string(index=False)
        raise ValueError(f"data/countries.csv: {key} stands for two rows on one day:\n{rows}\nMend the dates there.")


def spine(first_year: int, last_year: int, *, spells: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per State and year in which it existed on 31 December: iso3, gw_code, country, year."""
    spells = read_spells() if spells is None else spells
    years = pd.DataFrame({"year": range(first_year, last_year + 1)})
    return (
        spells.merge(years, how="cross")
        .pipe(_existing_on_31_december)
        .rename(columns={"name": "country"})[["iso3", "gw_code", "country", "year"]]
        .sort_values(["iso3", "year"], ignore_index=True)
    )


def _existing_on_31_december(table: pd.DataFrame) -> pd.DataFrame:
    day = pd.to_datetime(table["year"].astype(str) + "-12-31")
    return table[(table["start"] <= day) & (table["end"].fillna(ALWAYS) >= day)]


def codes(system: str, *, spells: pd.DataFrame) -> pd.DataFrame:
    """The crosswalk of one code system: code, rank (its place in the cell), iso3, gw_code, start, end."""
    if system not in SYSTEMS:
        raise ValueError(f"{system!r} is not a code system of data/countries.csv; it has {', '.join(SYSTEMS)}.")
    code = spells[system].str.split(";")
    table = spells.assign(code=code)[["code", "iso3", "gw_code", "start", "end"]].explode("code")
    return table.assign(rank=table.groupby(level=0).cumcount())[table["code"] != ""]


def match(
    table: pd.DataFrame, system: str, *, spells: pd.DataFrame, source: str, ignored: dict[str, list[str]]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Replace `code` by iso3 and gw_code, for the State that held the code on 31 December of `year`.

    Without a `year` column the newest State with the code is meant. Returns the matched rows (with `code` and the
    `rank` of the code among those of the State), and the rows left out with the reason in `left_out`: those whose
    code `ignored` names (reason -> codes), and those of years in which no such State existed on 31 December.

    Raises:
        ValueError: a code is neither in data/countries.csv nor among the ignored ones.
    """
    reasons = {code: reason for reason, listed in ignored.items() for code in listed}
    known = codes(system, spells=spells).pipe(lambda t: t[~t["code"].isin(reasons)])
    unknown = sorted(set(table["code"]) - set(known["code"]) - set(reasons))
    if unknown:
        raise ValueError(
            f"{source}: {len(unknown)} country codes are not in data/countries.csv: {unknown[:5]}. "
            f"Add them there (column {system}), or list them under [{source}.ignored_codes] in data/sources.toml."
        )
    numbered = table.assign(_row=range(len(table)))
    pairs = numbered.merge(known, on="code", how="inner", validate="many_to_many")
    if "year" in table:
        pairs = _existing_on_31_december(pairs)
    pairs = pairs.sort_values("start").drop_duplicates("_row", keep="last").sort_values("_row")
    missing = numbered[~numbered["_row"].isin(pairs["_row"])]
    reason = missing["code"].map(lambda code: reasons.get(code, "no such State on 31 December of that year"))
    matched = pairs.drop(columns=["start", "end", "_row"])
    first = ["iso3", "gw_code"]
    return matched[first + [c for c in matched if c not in first]], missing.assign(left_out=reason).drop(columns="_row")


def holders(spine: pd.DataFrame, *, spells: pd.DataFrame) -> pd.DataFrame:
    """Which row holds each present-day State's territory in each year: place, year, iso3.

    The State's own row where it existed on 31 December, else that of its predecessor; none for a former colony.
    """
    standing = spells[spells["end"].isna()][["iso3", "predecessor"]].rename(columns={"iso3": "place"})
    order = standing.assign(iso3=standing["predecessor"].str.split(";")).explode("iso3").drop(columns="predecessor")
    own = standing.assign(iso3=standing["place"])[["place", "iso3"]]
    candidates = pd.concat([own, order[order["iso3"] != ""]], ignore_index=True)
    pairs = candidates.merge(spine[["iso3", "year"]], on="iso3", validate="many_to_many")
    pairs = pairs.assign(own=pairs["place"] == pairs["iso3"]).sort_values(["place", "year", "own"])
    return pairs.drop_duplicates(["place", "year"], keep="last")[["place", "year", "iso3"]]


def borders(spine: pd.DataFrame, *, spells: pd.DataFrame, path: Path = NEIGHBOURS) -> pd.DataFrame:
    """Land neighbours among the rows of each year: iso3, year, neighbour. A predecessor has its successors' borders."""
    land = pd.read_csv(path, keep_default_na=False)
    held = holders(spine, spells=spells)
    first = land.merge(held, left_on="iso3", right_on="place", suffixes=("_place", ""))
    both = first.merge(
        held.rename(columns={"place": "other", "iso3": "holder"}),
        left_on=["neighbour", "year"],
        right_on=["other", "year"],
        validate="many_to_one",
    )
    pairs = both[["iso3", "year", "holder"]].rename(columns={"holder": "neighbour"}).drop_duplicates()
    return pairs[pairs["iso3"] != pairs["neighbour"]].reset_index(drop=True)
