"""What a briefing is made of, whatever it is rendered to: sections of paragraphs, lists, tables and figures.

A text is plain but for `**bold**`. Nothing here is markup: what looks like it is shown as it stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.language import direction

SMALL, BOXED = "small", "boxed"


class BriefError(Exception):
    """A briefing cannot be made; the text says why and what to do."""


@dataclass(frozen=True)
class Paragraph:
    """A text; `style` is "", `SMALL` or `BOXED`."""

    text: str
    style: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list of texts."""

    texts: list[str]
    style: str = ""
    kind: str = "items"


@dataclass(frozen=True)
class Table:
    """A table of texts with one line of headings; the first column names the row. `widths` are shares of the page."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    widths: list[float]
    kind: str = "table"


@dataclass(frozen=True)
class Label:
    """A text in a figure, in its units: `anchor` says which end of it is at x ("start", "middle", "end")."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: float = 11
    colour: str = "#1f2937"


@dataclass(frozen=True)
class Figure:
    """A drawing: SVG elements without any text, and its labels, which each rendering sets in its own font.

    `title` says what it shows, `description` the same for those who can't see it.
    """

    title: str
    description: str
    width: float
    height: float
    shapes: str
    labels: list[Label] = field(default_factory=list)
    kind: str = "figure"


@dataclass(frozen=True)
class Beside:
    """Blocks side by side, each as wide as the others."""

    parts: list[Figure]
    kind: str = "beside"


Block = Paragraph | Items | Table | Figure | Beside


@dataclass(frozen=True)
class Section:
    """A heading with its blocks."""

    title: str
    blocks: list[Block]


@dataclass(frozen=True)
class Brief:
    """A briefing in one language; `foot` stands on each page, `pages` is how many it may have."""

    name: str
    title: str
    subtitle: str
    headline: str
    sections: list[Section]
    foot: str
    page: str  # "page {number} of {count}" as a template for the page's foot
    language: str
    direction: str
    day: str
    pages: int


def runs(text: str) -> list[tuple[str, bool]]:
    """A text as pieces that are bold or not: "a **b**" -> [("a ", False), ("b", True)]."""
    pieces = text.replace("\\. ", ". ").replace("`", "").split("**")
    return [(piece, bool(at % 2)) for at, piece in enumerate(pieces) if piece]


def ltr(text: str) -> str:
    """A code or an address, kept in one piece from left to right within Arabic."""
    return text if direction() == "ltr" else f"\u2066{text}\u2069"


def even(number: int, first: float = 0.3) -> list[float]:
    """Widths of so many columns, the first with its own share and the others alike."""
    return [first, *[(1 - first) / (number - 1)] * (number - 1)]


def told(sections: Sequence[Section | None]) -> list[Section]:
    """The sections that there are something to say of."""
    return [section for section in sections if section is not None and section.blocks]
