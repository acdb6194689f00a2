"""The cards of the sources: reads `data/sources.toml` and checks every field; opens no source file.

pydantic checks the fields; pandera needs it anyway.
"""

from collections import Counter
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError, field_validator, model_validator

from indicators import files

CARDS_FILE = Path(__file__).parents[2] / "data" / "sources.toml"
RISK_INDEX = "risk_index"  # what of ours stands beside another system's index

Text = Annotated[str, Field(min_length=1)]
Address = Annotated[str, Field(pattern=r"^(https://|http://127\.0\.0\.1[:/])")]  # secure, or this machine
CodeSystem = Literal[
    "gw", "cow", "vdem", "iso3", "worldbank", "unhcr", "pts", "iso2", "gec", "aliases", "none"
]  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SourceFile(_Strict):
    """One file: its path below `data/raw`, its hash, and where to get it, as far as known."""

    file: Text
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    download: Address | None = None
    member: Text | None = None  # its name in the downloaded .zip, when that differs

    @field_validator("file")
    @classmethod
    def _below_raw(cls, file: str) -> str:
        path = PurePosixPath(file)
        if path.is_absolute() or ".." in path.parts or "\\" in file:
            raise ValueError(f"{file!r} is not a path below data/raw")
        return file


class Peer(_Strict):
    """How another system's figures are read from its file, and beside what of ours they are shown.

    The head of data/sources.toml says what each field means.
    """

    system: Text
    measure: Text
    what: Text
    unit: Text
    window: Text
    code_column: Text
    value_column: Text
    rank_column: Text | None = None
    year_column: Text | None = None
    where: dict[str, str | int | list[str | int]] = {}
    higher_is_riskier: bool
    published: Annotated[str, Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")] | None = None
    terms: Address
    ours: Text
    ours_window_years: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _window_of_an_outcome(self) -> "Peer":
        if (self.ours == RISK_INDEX) == (self.ours_window_years is not None):
            raise ValueError(f"ours_window_years goes with an outcome, and {RISK_INDEX!r} has none")
        return self


class Card(_Strict):
    """What is known of one data set; the head of data/sources.toml says what each field means.

    `files` has one entry, named like the card, unless the data set has several.
    """

    id: Text
    title: Text
    producer: Text
    edition: Text
    url: Address
    accessed: date
    lag_months: Annotated[int, Field(ge=0)]
    lag_reason: Text
    covers: Annotated[tuple[int, int], Strict(False)]  # TOML has lists only
    absent_means: Literal["zero", "unknown"]
    codes: CodeSystem
    licence: Text
    may_redistribute: bool
    citation: Text
    caveats: list[Text]
    files: Annotated[dict[str, SourceFile], Field(min_length=1)]
    prepared: Text | None = None
    within_year: bool = False
    broken_lines: int = 0
    combine: Literal["sum", "max"] | None = None
    ignored_codes: dict[str, list[str]] = {}
    peer: Peer | None = None

    @model_validator(mode="before")
    @classmethod
    def _file_as_files(cls, card: dict[str, Any]) -> dict[str, Any]:
        if "files" in card:
            return card
        own = {key: card[key] for key in SourceFile.model_fields if key in card}
        rest = {key: value for key, value in card.items() if key not in own}
        return rest | {"files": {card["id"]: own}}

    @field_validator("covers")
    @classmethod
    def _in_order(cls, covers: tuple[int, int]) -> tuple[int, int]:
        if covers[0] > covers[1]:
            raise ValueError(f"{covers} is not [first year, last year]")
        return covers

    @model_validator(mode="after")
    def _peer_can_be_read(self) -> "Card":
        if self.peer and (len(self.files) > 1 or self.codes == "none"):
            raise ValueError("a card with a table `peer` has one file, and names a code system in `codes`")
        if self.peer and self.peer.rank_column and self.combine:
            raise ValueError("places cannot be combined: leave out peer.rank_column, or combine")
        return self


def load_cards(path: Path = CARDS_FILE) -> dict[str, Card]:
    """All cards by id, in the order of the file.

    Raises:
        ValueError: a field is missing, unknown, of the wrong type or out of its range; a file has two cards.
    """
    cards: dict[str, Card] = {}
    breaches: list[str] = []
    for name, table in files.read_toml(path).items():
        if not isinstance(table, dict):
            breaches.append(f"[{name}] is no table")
            continue
        try:
            cards[name] = Card.model_validate(table | {"id": name})
        except ValidationError as error:
            breaches += [f"[{name}] {_place(found['loc'])}: {found['msg']}" for found in error.errors()]
    breaches += _shared_files(cards)
    if breaches:
        raise ValueError(
            f"{path.name}: {len(breaches)} fields are not as they should be. The first of them:\n  "
            + "\n  ".join(breaches[:5])
            + f"\nMend them in {path.name}; the head of data/sources.toml says what each field means."
        )
    return cards


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location)


def _shared_files(cards: dict[str, Card]) -> list[str]:
    """Two cards for one file would let it have two hashes."""
    owners = Counter(file.file for card in cards.values() for file in card.files.values())
    return [f"{file} stands on {count} cards" for file, count in owners.items() if count > 1]
