"""Uppsala Conflict Data Program: deaths in organised violence by country-year, conflicts since 1946, monthly totals.

Best estimates. The program counts deaths that it can trace to a source: undercounts where access is closed.
"""

import io
from pathlib import Path

import pandas as pd

from indicators.files import read_any, read_csv, read_parquet, read_text
from indicators.sources.contract import ANY, COUNT, as_code, contract, renamed

DEATHS = {
    "country_id_cy": "code",
    "year_cy": "year",
    "sb_dyad_count_cy": "state_based_dyads",
    "sb_total_deaths_best_cy": "state_based_deaths",
    "sb_deaths_civilians_cy": "state_based_civilian_deaths",
    "ns_dyad_count_cy": "non_state_dyads",
    "ns_total_deaths_best_cy": "non_state_deaths",
    "os_dyad_count_cy": "one_sided_actors",
    "os_total_deaths_best_cy": "one_sided_deaths",
    "os_any_govt_killings_best_cy": "one_sided_deaths_by_governments",
    "os_nsgroup_killings_best_cy": "one_sided_deaths_by_groups",
}
CONFLICTS = {
    "conflict_id": "conflict",
    "year": "year",
    "gwno_loc": "code",
    "incompatibility": "incompatibility",
    "intensity_level": "intensity",
    "type_of_conflict": "type",
}
PIECES = 3  # times as many cells as the header has: what a row in pieces can come to
END = 3  # the cells gwno_loc, region, version end a line of the conflict file, whatever is lost before them
FIRST = 1989  # UCDP counts deaths from this year on; the file by type begins a month earlier, with zeros
KINDS = ["ged_best_sb", "ged_best_ns", "ged_best_os"]
BEGINS = 1980 * 12  # months: its month_id 1 is January 1980
MONTHLY = {"isocode": "code", "period": "period", "fatalities_UCDP": "deaths"}

_counts = {name: COUNT for name in DEATHS.values() if name not in ("code", "year")}
CONTRACTS = {
    "ucdp_country_year": contract(["code", "year"], **_counts),
    "ucdp_conflicts": contract(
        ["conflict", "code", "year"],
        "conflict",
        incompatibility=(1, 3),
        intensity=(1, 2),
        type=(1, 4),
    ),
    "ucdp_monthly_by_type": contract(["code", "year", "month"], month=(1, 12), deaths=COUNT),
    "ucdp_monthly": contract(["code", "year", "month"], month=(1, 12), deaths=COUNT),
    "ucdp_candidate_monthly": contract(["code", "year", "month"], month=(1, 12), deaths=ANY),
}


def read_country_year(path: Path) -> pd.DataFrame:
    """One row per State and year since 1989, zero rows included: deaths by type, best estimate, and counts of dyads."""
    return renamed(read_any(path), DEATHS, source="ucdp_country_year").assign(code=lambda t: as_code(t["code"]))


def read_conflicts(path: Path) -> pd.DataFrame:
    """One row per conflict, year and State in whose territory it is fought, since 1946.

    The published file once went through a spreadsheet, which broke lines. A row over two lines is put together
    again; a line whose numbers are still not where they belong is returned with the reason in `left_out`.
    """
    raw = renamed(pd.read_csv(_mended(path), sep=";", dtype=str), CONFLICTS, source="ucdp_conflicts")
    whole = (
        raw["year"].str.fullmatch(r"\d{4}") & raw["conflict"].str.fullmatch(r"\d+") & raw["intensity"].isin(["1", "2"])
    )
    broken = ~whole.fillna(False).astype(bool)
    rows = raw.assign(left_out=broken.map({True: "line broken by a spreadsheet", False: None}))
    rows = rows.assign(code=rows["code"].where(~broken, "").str.split(",")).explode("code")
    return rows.assign(code=rows["code"].str.strip())


def _mended(path: Path) -> io.StringIO:
    """The text with each line that begins within a row joined to the one before; cells lost between are empty."""
    header, *lines = read_text(path, "utf-8-sig").splitlines() or [""]
    rows: list[str] = []
    width = header.count(";") + 1
    for line in lines:
        if not line.startswith(";"):
            rows.append(line)
            continue
        cells = (rows.pop() if rows else "").rstrip(";").split(";") + line.strip(";").split(";")
        if len(cells) > PIECES * width:  # else each further piece would be joined to a longer and longer line
            raise ValueError(
                f"{path.name}: a line in pieces has {len(cells)} cells, the header {width}: fetch it again."
            )
        lost = [""] * (width - len(cells))
        rows.append(";".join([*cells[:-END], *lost, *cells[-END:]]))
    return io.StringIO("\n".join([header, *rows]))


def read_monthly(path: Path) -> pd.DataFrame:
    """One row per State and month, 2010 to 2024: deaths of all types. A long event stands in one month."""
    table = renamed(read_any(path), MONTHLY, source="ucdp_monthly")
    return table.assign(year=table["period"] // 100, month=table["period"] % 100).drop(columns="period")


def read_monthly_by_type(paths: dict[str, Path]) -> pd.DataFrame:
    """One row per State and month, 1989 to mid-2021: deaths of the three types, without events of no exact place.

    A month in which the file has no number for a country is one in which it did not exist. A country is named in a
    list beside the file; one that is not in the list has its number as code.
    """
    table = read_parquet(paths["deaths"]).reset_index()
    listed = renamed(read_csv(paths["names"]), {"country_id": "country_id", "name": "code"}, source="its names")
    kinds = renamed(table, {"month_id": "month_id", "country_id": "country_id", **{kind: kind for kind in KINDS}},
                    source="ucdp_monthly_by_type")  # fmt: skip
    known = kinds.dropna(subset=KINDS).merge(listed, on="country_id", how="left", validate="many_to_one")
    period = BEGINS + known["month_id"] - 1
    code = known["code"].fillna("number " + known["country_id"].astype(str))
    sums = known[KINDS].sum(axis="columns")
    months = pd.DataFrame({"code": code, "year": period // 12, "month": period % 12 + 1, "deaths": sums})
    return months[months["year"] >= FIRST].reset_index(drop=True)


def read_candidate_monthly(path: Path) -> pd.DataFrame:
    """One row per State and month since 1989, to months ago: preliminary, and without events of more than a month."""
    wide = read_csv(path, index_col=0)
    named = wide.loc[:, ~wide.columns.str.startswith("Unnamed")]
    table = named.rename_axis(index="date", columns="code").stack().rename("deaths").reset_index()
    date = pd.to_datetime(table["date"])
    return table.assign(year=date.dt.year, month=date.dt.month).drop(columns="date")
