"""Briefings by subject: what a code, a region or a list of codes asks for, its file's name, and its bytes."""

import hashlib
from dataclasses import dataclass

from dashboard import current, reading, store
from dashboard.brief import render
from dashboard.brief.country import UnknownSubject, country_brief
from dashboard.brief.model import Brief
from dashboard.brief.states import list_brief, region_brief
from dashboard.current import kept
from dashboard.language import _

MEDIA = {"pdf": "application/pdf", "html": "text/html"}
COUNTRY, REGION, LIST = "country", "region", "list"


@dataclass(frozen=True)
class Subject:
    """What a briefing is about: a `COUNTRY` (one code), a `REGION` (its name), or a `LIST` (codes)."""

    kind: str
    codes: tuple[str, ...]

    @property
    def name(self) -> str:
        """A short name for files: "mmr", "asia-pacific", "list-3-1f0c2a9b"."""
        if self.kind == LIST:
            digest = hashlib.sha256(",".join(self.codes).encode()).hexdigest()[:8]
            return f"list-{len(self.codes)}-{digest}"
        return self.codes[0].lower().replace(" ", "-")


def read_subject(text: str) -> Subject:
    """The subject that a text asks for: "MMR", "Asia-Pacific" or "MMR,SDN,AFG"; capitals do not matter.

    Raises:
        UnknownSubject: the release has no such row or region, or the list is empty.
    """
    codes = {code.casefold(): code for code in store.names()}
    regions = {region.casefold(): region for region in store.choices().region}
    asked = [part.strip() for part in text.split(",") if part.strip()]
    if "," in text or not asked:
        return Subject(LIST, tuple(dict.fromkeys(codes.get(part.casefold(), part) for part in asked)))
    found = asked[0].casefold()
    if found in regions:
        return Subject(REGION, (regions[found],))
    if found not in codes:
        known = ", ".join(store.choices().region)
        text = _(
            "The release has neither a row nor a region “{name}”. Regions: {regions}; rows have three letters: MMR."
        )
        raise UnknownSubject(text.format(name=asked[0][:40], regions=known))
    return Subject(COUNTRY, (codes[found],))


@kept(32)
def brief_of(subject: Subject) -> Brief:
    """The briefing on a subject, in the language in use.

    Raises:
        UnknownSubject: the release cannot say anything of it.
    """
    if subject.kind == COUNTRY:
        return country_brief(subject.codes[0])
    return region_brief(subject.codes[0]) if subject.kind == REGION else list_brief(subject.codes)


def make(subject: Subject, form: str) -> bytes:
    """The briefing on a subject as a file, "pdf" or "html".

    Raises:
        UnknownSubject: the release cannot say anything of it.
        RenderError: a font is missing.
    """
    brief = brief_of(subject)
    return render.to_pdf(brief) if form == "pdf" else render.to_html(brief).encode()


def file_name(subject: Subject, form: str) -> str:
    """The name of a briefing's file: "upstream-2026-11-brief-mmr-fr.pdf"."""
    return f"upstream-{reading.opened().id}-brief-{subject.name}-{current.language()}.{form}"
