"""Words and choices of the Download page: what of a table is chosen, in sentences, and the files made of it."""

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

import pandas as pd

from dashboard import exports, method, reading
from dashboard.exports import Wanted
from dashboard.language import N_, _, ngettext, number
from dashboard.links import View
from dashboard.measures import outcome_title
from release import Release

FIRST = "scores"  # the table that is shown unless another is asked for
Maker = tuple[str, str, str, Callable[[], bytes]]  # label, ending, media type, what makes the bytes
HUB = N_(
    "The operational forecasts of this release in the model-output layout of the "
    "[hubverse](https://docs.hubverse.io/): one line for yes and one for no of each outcome (`target`), window in "
    "years (`horizon`) and State (`location`), with `output_type` pmf. The interval of a likelihood is not in this "
    "layout, since it is no quantile of the event: it stands in the table `forecasts`."
)
ADDRESSES = N_(
    "Each file of a release has an address of its own, which stays: `/releases/RELEASE/FILE` of this site, with a "
    "RELEASE such as 2026-11-25 and a FILE named in its `datapackage.json`, such as `scores.parquet`. `SHA256SUMS` is "
    "there as well. A program that has a file already asks by its hash (ETag) whether there is a new one."
)
DESIGN_TITLES = {"operational": N_("operational"), "aligned": N_("aligned")}


def wanted(view: View, table: str) -> Wanted:
    """The lines that the view asks for."""
    return Wanted(
        table,
        view.table_states,
        view.table_from,
        view.table_to,
        view.table_outcomes,
        view.table_windows,
        view.table_designs,
        view.table_models,
    )


def table_title(opened: Release, name: str) -> str:
    """A table's name and title: "scores: Scores of each State and year"."""
    titles = {file["name"]: file["title"] for file in opened.package["resources"]}
    title = titles.get(name, "")
    return f"{name}: {_(title)}"


def year_text(year: str) -> str:
    """A year as a choice."""
    return year or _("Any year")


def head_text(head: str) -> str:
    """What stands above the lines of CSV and XLSX, as a choice."""
    return _("A line of HXL hashtags, as HDX reads it (CSV and XLSX)") if head else _("Nothing more")


def kinds() -> dict[str, tuple[str, Callable[[str], str]]]:
    """What lines are of beside States and years, by field of `Wanted`: label, and how a value is shown."""
    return {
        "outcomes": (_("Outcomes"), outcome_title),
        "windows": (_("Windows"), window_text),
        "designs": (_("Designs"), design_text),
        "models": (_("Models"), str),
    }


def window_text(years: str) -> str:
    """A window's length: "2 years"."""
    return ngettext("{years} year", "{years} years", int(years)).format(years=years)


def design_text(design: str) -> str:
    """A design in the language in use."""
    return _(DESIGN_TITLES[design])


def filters_text(wanted: Wanted, names: Mapping[str, str], possible: list[str]) -> str:
    """What is chosen, in words; only filters that the table has count."""
    said = []
    if wanted.states and "states" in possible:
        said.append(_("States: {names}").format(names=", ".join(names.get(code, code) for code in wanted.states)))
    if "first" in possible and (wanted.first or wanted.last):
        said.append(_years_text(wanted))
    for name, (label, shown) in kinds().items():
        if name in possible and (chosen := getattr(wanted, name)):
            said.append(_("{what}: {chosen}").format(what=label, chosen=", ".join(shown(each) for each in chosen)))
    return "; ".join(said) or _("The whole table.")


def _years_text(wanted: Wanted) -> str:
    if not wanted.first:
        return _("Years to {last}").format(last=wanted.last)
    if not wanted.last:
        return _("Years from {first}").format(first=wanted.first)
    return _("Years {first} to {last}").format(first=wanted.first, last=wanted.last)


def rows_text(rows: int, wanted: Wanted, names: Mapping[str, str]) -> str:
    """How many lines are chosen, and by what."""
    if not rows:
        return _("No line of this table is as chosen: choose less narrowly.")
    found = exports.can_choose(exports.schema_of(reading.opened(), wanted.table))
    said = ngettext("**{count} line.** {chosen}", "**{count} lines.** {chosen}", rows)
    return said.format(count=number(rows), chosen=filters_text(wanted, names, found))


def makers(opened: Release, wanted: Wanted, head: str, rows: int, names: Mapping[str, str]) -> list[Maker]:
    """The kinds of files that can be made of these lines."""
    possible, hxl = exports.can_choose(exports.schema_of(opened, wanted.table)), head == "hxl"
    csv = partial(exports.as_csv, opened, wanted, hxl=hxl)
    found: list[Maker] = [
        ("CSV", "csv", "text/csv", csv),
        ("Parquet", "parquet", "application/vnd.apache.parquet", partial(exports.as_parquet, opened, wanted)),
    ]
    if rows <= exports.SHEET:
        cited = method.citation(opened.package, reading.table("sources"))
        said = {"citation": cited, "filters": filters_text(wanted, names, possible)}
        media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        found.append(("XLSX", "xlsx", media, partial(exports.as_xlsx, opened, wanted, hxl=hxl, **said)))
    return found


def file_name(package: str, wanted: Wanted, ending: str) -> str:
    """The name of the file: it says when it is not the whole table."""
    return f"{package}-{wanted.table}{'' if wanted.whole else '-chosen'}.{ending}"


def codebook_shown(described: pd.DataFrame) -> pd.DataFrame:
    """The codebook of a table with names of columns for readers."""
    titles = [_("Column"), _("Type"), _("Unit"), _("Content"), _("HXL hashtag")]
    return described.set_axis(titles, axis="columns")


def address_of(url: str | None) -> str:
    """The site's own address, from that of the page; "" if it is not known."""
    parts = urlsplit(url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def example(address: str) -> str:
    """How a program reads a table at the address of a release."""
    return (
        "import pandas as pd\n"  # shown to the reader, never run  # nosec B608
        f'scores = pd.read_parquet("{address}/scores.parquet")\n'
        "# DuckDB, with its extension httpfs:\n"
        f"# SELECT iso3, risk_index FROM '{address}/scores.parquet' WHERE year = 2025;\n"
    )
