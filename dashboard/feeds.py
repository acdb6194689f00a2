"""Alerts as feeds: Atom (RFC 4287) and JSON Feed 1.1, of all States, a region, an outcome, or a list of States.

Written by `python pipeline.py feeds` and served at /feeds/ by `feed_routes.py`. The same release gives the same bytes.
"""

import json
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from html import escape
from pathlib import Path
from urllib.parse import urlencode

from feedgen.feed import FeedGenerator

from dashboard import current, language, reading
from dashboard.alert_words import Told, told
from dashboard.alerts import RELEASE, WINDOW, Alert
from dashboard.language import N_, _
from dashboard.measures import outcome_title
from dashboard.world import ALL_REGIONS
from models.outcomes import OUTCOMES

NAMESPACE = uuid.UUID("5b1d2f5e-6c8e-4b0e-9f0a-2f0b8c3c7a41")  # of all ids of feeds and entries; it never changes
AUTHOR = "The Upstream maintainers"
HOME = "../../"  # from a feed's address, /feeds/en/all.atom, to the dashboard's
FORMATS = {"atom": "application/atom+xml", "json": "application/feed+json"}
TITLES = {"atom": "Atom", "json": "JSON"}
FOLDER = "feeds"
FOLLOW = N_(
    "Programs that read feeds, and services that pass them on, can follow what is new: releases, changes of the lists "
    "and forecasts beyond their intervals, flags of the watch. Each entry says how often such an alert was right."
)
NOT_SERVED = N_(
    "This dashboard was started without its feeds: they are there when it is started by `make run`, `streamlit run "
    "asgi.py` or `uvicorn asgi:app`. `python pipeline.py feeds --out DIR` writes them as files."
)
ALL, MINE = "all", "mine"
ABOUT = N_(
    "What is new in the newest release of Upstream, early warning of mass atrocities: why, how sure it is, and how "
    "often such an alert was right. Nothing here says what will come."
)


@dataclass(frozen=True)
class Choice:
    """What a feed is of: everything, or one of a region, an outcome and a list of States."""

    region: str = ""
    outcome: str = ""
    mine: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in the feed's address: "all", "region-western-asia", "outcome-mass_killing", "mine"."""
        if self.region:
            return f"region-{re.sub('[^a-z]+', '-', self.region.lower())}"
        return f"outcome-{self.outcome}" if self.outcome else MINE if self.mine else ALL

    def holds(self, alert: Alert, regions: dict[str, str]) -> bool:
        """Whether the feed has the alert; every feed has that of the release. `regions` by code."""
        if alert.kind == RELEASE:
            return True
        of_region = not self.region or regions.get(alert.iso3) == self.region
        return of_region and self.outcome in ("", alert.outcome) and (not self.mine or alert.iso3 in self.mine)

    def title(self) -> str:
        """The feed's title in the language in use."""
        if self.region:
            return _("Upstream alerts, region: {region}").format(region=_(self.region))
        if self.outcome:
            return _("Upstream alerts: {outcome}").format(outcome=outcome_title(self.outcome))
        if self.mine:
            return _("Upstream alerts, your list: {codes}").format(codes=", ".join(self.mine))
        return _("Upstream alerts")


def choices() -> list[Choice]:
    """Every feed that does not depend on a reader's list."""
    regions = sorted({*reading.table("countries")["region"]} - {ALL_REGIONS})
    return [
        Choice(),
        *(Choice(region=region) for region in regions),
        *(Choice(outcome=outcome) for outcome in OUTCOMES),
    ]


def choice_of_list(codes: Iterable[str]) -> Choice:
    """The feed of a list of States, by codes in any order and case.

    Raises:
        ValueError: the list is empty, or has a code that the release has not.
    """
    asked = sorted({code.strip().upper() for code in codes} - {""})
    absent = sorted({*asked} - {*reading.table("countries")["iso3"]})
    if absent or not asked:
        told = ", ".join(code[:20] for code in absent[:5]) or _("an empty list")
        raise ValueError(_("Not in this release: {codes}. Give codes of three letters: AFG,MMR.").format(codes=told))
    return Choice(mine=tuple(asked))


def entries(choice: Choice) -> list[Told]:
    """The alerts of a feed, in words."""
    countries = reading.table("countries")
    regions = dict(zip(countries["iso3"], countries["region"], strict=True))
    return [each for each in told() if choice.holds(each.alert, regions)]


def entry_id(alert: Alert) -> str:
    """An id that is the same in every feed and language, and never that of another alert."""
    return uuid.uuid5(NAMESPACE, f"{reading.opened().id}/{alert.what}").urn


def feed_id(choice: Choice) -> str:
    """A feed's id: one for each choice and language."""
    parts = (FOLDER, current.language(), choice.name, ",".join(choice.mine))
    return uuid.uuid5(NAMESPACE, "/".join(parts)).urn


def view_of(alert: Alert) -> str:
    """The dashboard's page that shows an alert, from the dashboard's address."""
    asked = {"country": alert.iso3, "outcome": alert.outcome, "window": WINDOW if alert.outcome else ""}
    page = "download" if alert.kind == RELEASE else "watch" if alert.rule else "country"
    known = {name: value for name, value in asked.items() if value}
    return f"{page}?{urlencode(known | {'lang': current.language()})}"


def place_of(choice: Choice, kind: str) -> str:
    """A feed's address from the dashboard's: "feeds/en/all.atom"."""
    query = f"?{urlencode({MINE: ','.join(choice.mine)}, safe=',')}" if choice.mine else ""
    return f"{FOLDER}/{current.language()}/{choice.name}.{kind}{query}"


def as_html(each: Told) -> str:
    """The paragraphs as HTML, escaped, with the language and its direction."""
    marked = (re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text)) for text in each.paragraphs)
    inside = "".join(f"<p>{text}</p>" for text in marked)
    return f'<div lang="{current.language()}" dir="{language.direction()}">{inside}</div>'


def as_text(each: Told) -> str:
    """The paragraphs as plain text."""
    return "\n\n".join(each.paragraphs).replace("**", "")


def _updated() -> datetime:
    return datetime.combine(reading.opened().as_of, time(), UTC)


def atom(choice: Choice, address: str = "") -> bytes:
    """The feed as Atom; `address` of the dashboard, without which links are relative to the feed's own."""
    feed, home = FeedGenerator(), address or HOME
    feed.id(feed_id(choice))
    feed.title(choice.title())
    feed.subtitle(f"{_(ABOUT)} {reading.due_text()}")
    feed.language(current.language())
    feed.updated(_updated())
    feed.author({"name": AUTHOR})
    feed.generator("Upstream")
    feed.rights(reading.opened().package["licenses"][0]["title"])
    feed.link(href=home + place_of(choice, "atom"), rel="self", type=FORMATS["atom"])
    feed.link(href=home, rel="alternate", type="text/html")
    for each in entries(choice):
        entry = feed.add_entry(order="append")
        entry.id(entry_id(each.alert))
        entry.title(each.title)
        entry.updated(_updated())
        entry.published(_updated())
        entry.link(href=home + view_of(each.alert), rel="alternate", type="text/html")
        entry.content(as_html(each), type="html")
    return feed.atom_str(pretty=True)


def json_feed(choice: Choice, address: str = "") -> bytes:
    """The feed as JSON Feed 1.1, which knows no relative links: without the dashboard's `address` it has none."""
    links = {"home_page_url": address, "feed_url": address + place_of(choice, "json")} if address else {}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": choice.title(),
        **links,
        "description": f"{_(ABOUT)} {reading.due_text()}",
        "language": current.language(),
        "authors": [{"name": AUTHOR}],
        "items": [_item(each, address) for each in entries(choice)],
    }
    return f"{json.dumps(feed, ensure_ascii=False, indent=1)}\n".encode()


def _item(each: Told, address: str) -> dict:
    link = {"url": address + view_of(each.alert)} if address else {}
    return {
        "id": entry_id(each.alert),
        **link,
        "title": each.title,
        "content_html": as_html(each),
        "content_text": as_text(each),
        "date_published": _updated().isoformat().replace("+00:00", "Z"),
        "tags": [tag for tag in (each.alert.kind, each.alert.iso3, each.alert.outcome) if tag],
    }


MAKERS: dict[str, Callable[[Choice, str], bytes]] = {"atom": atom, "json": json_feed}


def follow_text(region: str, outcome: str, mine: Iterable[str], address: str = "") -> str:
    """The addresses of the feeds that go with what a reader looks at, as a list in Markdown."""
    chosen = [Choice(), *([Choice(region=region)] if region != ALL_REGIONS else []), Choice(outcome=outcome)]
    chosen += [Choice(mine=tuple(sorted(mine)))] if mine else []
    links = [
        " · ".join(f"[{title}]({address}{place_of(choice, kind)})" for kind, title in TITLES.items())
        for choice in chosen
    ]
    titles = [choice.title() for choice in chosen]
    return "\n".join(f"* {title}: {link}" for title, link in zip(titles, links, strict=True))


def alternates(address: str = "") -> list[dict[str, str]]:
    """The feeds of everything in the language in use, as links for a page's head: href, type and title of each."""
    title = _("{title} ({format})")
    return [
        {
            "href": address + place_of(Choice(), kind),
            "type": media,
            "title": title.format(title=Choice().title(), format=TITLES[kind]),
        }
        for kind, media in FORMATS.items()
    ]


def write(folder: Path, codes: Iterable[str], address: str = "") -> list[Path]:
    """Write every feed in these languages below a folder, as they are served; returns the files."""
    written = []
    for code in codes:
        current.use(current.edition(), code)
        for choice in choices():
            for kind, make in MAKERS.items():
                path = folder / code / f"{choice.name}.{kind}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(make(choice, address))
                written.append(path)
    return written


def checked_address(address: str) -> str:
    """The dashboard's address with a slash at its end; "" stays.

    Raises:
        ValueError: it is not one of the web.
    """
    if address and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", address):
        raise ValueError(f"{address[:80]!r} is no address of the web: write https://host/ or https://host/path/.")
    return address and address.rstrip("/") + "/"
