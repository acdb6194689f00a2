"""Pages of the documentation that are made when it is built: MkDocs calls these functions (`mkdocs.yml`, hooks).

Model card and codebook are those of the newest release, the list of sources is that of its table; so that none is a
copy that falls behind. Pages of OPTIONAL enter the navigation if they are there.
"""

import re
from pathlib import Path
from typing import Any

import pandas as pd
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

import release

OPTIONAL = {"Ethics": "ethics.md", "Deployment": "deployment.md"}
BEFORE = "Contribute"  # the entry of the navigation in front of which they stand
BLOCK = re.compile(r"[*-] |\d+\. |\|")  # how a list or a table begins
CONTINUES = re.compile(r"\s|[*-] |\d+\. |\||#")  # a line after which it goes on, or a heading
BOUND = re.compile(r"<(?=[A-Za-z/!])")  # what a browser would take for the begin of a tag


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the optional pages that are there into the navigation."""
    there = [{title: name} for title, name in OPTIONAL.items() if (Path(config.docs_dir) / name).is_file()]
    nav: list[Any] = config.nav or []
    place = next((at for at, entry in enumerate(nav) if BEFORE in entry), len(nav))
    config.nav = [*nav[:place], *there, *nav[place:]]
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made from the newest release."""
    for name, text in pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, **_others: Any) -> str:
    """Read lists and tables as they are read elsewhere."""
    return with_blank_lines(markdown)


def with_blank_lines(text: str) -> str:
    """The text with a blank line before each list and table that follows a line of prose, outside of code."""
    lines: list[str] = []
    in_code = False
    for line in text.splitlines():
        in_code ^= line.lstrip().startswith("```")
        before = lines[-1] if lines else ""
        if not in_code and BLOCK.match(line) and before.strip() and not CONTINUES.match(before):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Each made page by its file's name, as Markdown."""
    found = release.latest()
    card, codebook = (
        as_prose((found.folder / name).read_text("utf-8")) for name in (release.MODEL_CARD, "CODEBOOK.md")
    )
    return {"model_card.md": card, "codebook.md": codebook, "sources.md": sources(found)}


def as_prose(text: str) -> str:
    """Markdown in which an angle bracket begins no tag."""
    return BOUND.sub("&lt;", text)


def sources(found: release.Release) -> str:
    """The sources of a release: edition, years, licence, delay, and what a missing row means."""
    lines = [
        f"# Sources of release {found.id}",
        "",
        "Each has a card in `data/sources.toml` with its hash and caveats. The delay says how long after a year's end "
        "its data are out: nothing is used before.",
        "",
        "| Source | Producer | Edition | Years | Delay (months) | No row means | Licence | Taken on |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *(_source(row) for row in found.sources.sort_values("title").to_dict("records")), ""])


def _source(row: dict[str, Any]) -> str:
    years = "" if pd.isna(row["first_year"]) else f"{row['first_year']:.0f} to {row['last_year']:.0f}"
    cells = [f"[{row['title']}]({row['url']})", row["producer"], row["edition"], years, row["lag_months"]]
    cells += [row["absent_means"], row["licence"], row["accessed"]]
    return "| " + " | ".join(as_prose(str(cell)).replace("|", r"\|") for cell in cells) + " |"
