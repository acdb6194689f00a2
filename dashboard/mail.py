"""Alerts by e-mail: one message of plain text and HTML, sent only if it has something that was not sent before.

What was sent is recorded once the server has taken the message, never before: if it is interrupted between the two, an
alert comes twice; none is lost.
"""

import hashlib
import json
import os
import smtplib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from html import escape
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from dashboard import current, feeds, language, reading
from dashboard.alert_words import Told
from dashboard.feeds import Choice
from dashboard.language import N_, _, ngettext

USER, PASSWORD = "UPSTREAM_SMTP_USER", "UPSTREAM_SMTP_PASSWORD"  # environment variables: never on a command line
TLS = ("starttls", "tls", "none")
SECONDS = 30  # to wait for the server
WHY = N_("You get this message because somebody put your address into an Upstream mailing. Tell them to stop it.")


class MailError(ConnectionError):
    """A message was not sent; the text says why, and that nothing was recorded."""


@dataclass(frozen=True)
class Server:
    """The server that takes the messages."""

    host: str
    port: int
    tls: str  # one of TLS

    @classmethod
    def read(cls, text: str, tls: str) -> "Server":
        """The server of "HOST:PORT".

        Raises:
            ValueError: it is not written so.
        """
        host, _colon, port = text.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 2**16:
            raise ValueError(f"{text[:80]!r} is no server: write HOST:PORT, as in mail.example.org:587.")
        if tls not in TLS:
            raise ValueError(f"--tls {tls!r} is not known: write {', '.join(TLS)}.")
        return cls(host.strip("[]"), int(port), tls)


def checked_recipient(text: str) -> str:
    """An address in its usual form.

    Raises:
        ValueError: it is no address of e-mail.
    """
    try:
        return validate_email(text, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"{text[:80]!r} is no address of e-mail: {error}") from error


def read_list(path: Path) -> list[str]:
    """The codes in a file, one or more in a line, separated by blanks or commas; after a # stands a remark."""
    lines = (line.partition("#")[0] for line in path.read_text("utf-8").splitlines())
    return [code for line in lines for code in line.replace(",", " ").split()]


def choose(list_file: Path | None, region: str) -> Choice:
    """The choice of a list in a file or of a region, any case; of everything without either.

    Raises:
        ValueError: both are asked for, a code or the region is not in the release, or the list is empty.
    """
    if list_file and region:
        raise ValueError("Give --list or --region, not both.")
    if list_file:
        return feeds.choice_of_list(read_list(list_file))
    known = {choice.region.lower(): choice for choice in feeds.choices() if not choice.outcome}
    if region.lower() not in known:
        names = ", ".join(sorted(each.region for each in known.values() if each.region))
        raise ValueError(f"{region[:80]!r} is no region of the release; there are {names}.")
    return known[region.lower()]


def send_new(choice: Choice, to: str, *, sender: str, server: Server, states: Path, address: str = "") -> int:
    """Send the alerts that this recipient has not had of this choice, in the language in use; returns how many.

    `states`: folder of what was sent, a file for each recipient and choice; `address` of the dashboard, for links.

    Raises:
        MailError: the server did not take the message; nothing is recorded.
        ValueError: an address is none, or the record of what was sent cannot be read.
    """
    recipient, path = checked_recipient(to), state_file(states, to, choice)
    sent = _read_state(path)
    new = [each for each in feeds.entries(choice) if feeds.entry_id(each.alert) not in sent]
    if not new:
        return 0
    deliver(compose(choice, new, recipient, checked_recipient(sender), address), server)
    _write_state(path, [feeds.entry_id(each.alert) for each in feeds.entries(choice)])
    return len(new)


def state_file(states: Path, to: str, choice: Choice) -> Path:
    """Where it stands what a recipient has had of a choice; the name does not give the address away."""
    what = "/".join((checked_recipient(to).lower(), choice.name, ",".join(choice.mine)))
    return states / f"{hashlib.sha256(what.encode()).hexdigest()[:24]}.json"


def _read_state(path: Path) -> set[str]:
    if not path.exists():
        return set()
    try:
        return set(json.loads(path.read_text("utf-8"))["sent"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{path} cannot be read ({error}). Remove it, and every alert is sent again.") from error


def _write_state(path: Path, ids: list[str]) -> None:
    """Written aside and renamed: a reader finds the old record or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    aside.write_text(json.dumps({"release": reading.opened().id, "sent": ids}, indent=1) + "\n", "utf-8")
    aside.replace(path)


def compose(choice: Choice, new: Iterable[Told], to: str, sender: str, address: str = "") -> EmailMessage:
    """The message: plain text, and the same as HTML."""
    chosen = list(new)
    message = EmailMessage(policy=SMTP)
    count = ngettext("{title}: {count} new entry", "{title}: {count} new entries", len(chosen))
    message["Subject"] = " ".join(count.format(title=choice.title(), count=len(chosen)).split())
    message["From"], message["To"] = sender, to
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_as_text(chosen, address))
    message.add_alternative(_as_html(chosen, address), subtype="html")
    message["Content-Language"] = current.language()  # last: setting the content takes such headers away
    return message


def _as_text(chosen: list[Told], address: str) -> str:
    """Each alert under its title; long lines are for the reader's program to break."""
    parts = [_(feeds.ABOUT)]
    for each in chosen:
        link = [address + feeds.view_of(each.alert)] if address else []
        parts += ["", f"== {each.title} ==", feeds.as_text(each), *link]
    return "\n".join([*parts, "", "-- ", _(WHY), ""])


def _as_html(chosen: list[Told], address: str) -> str:
    parts = [f"<p>{escape(_(feeds.ABOUT))}</p>"]
    for each in chosen:
        title = escape(each.title)
        if address:
            title = f'<a href="{escape(address + feeds.view_of(each.alert))}">{title}</a>'
        parts.append(f"<h2>{title}</h2>{feeds.as_html(each)}")
    head = f'<html lang="{current.language()}" dir="{language.direction()}"><head><meta charset="utf-8"></head>'
    return f"<!DOCTYPE html>{head}<body>{''.join(parts)}<hr><p>{escape(_(WHY))}</p></body></html>\n"


def deliver(message: EmailMessage, server: Server) -> None:
    """Hand the message to the server.

    Raises:
        MailError: it refused, was not there, or broke off.
    """
    if server.tls == "none" and os.environ.get(USER):
        raise MailError(f"{USER} is set, and --tls none would send the password in the clear. Use starttls or tls.")
    try:
        _hand_over(message, server)
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            f"{server.host}:{server.port} did not take the message to {message['To']}: {_explain(error)}. "
            "Nothing was recorded as sent: the next run tries again."
        ) from error


def _hand_over(message: EmailMessage, server: Server) -> None:
    connection = _connect(server)
    try:
        if user := os.environ.get(USER):
            connection.login(user, os.environ.get(PASSWORD, ""))
        connection.send_message(message)
    finally:
        with suppress(smtplib.SMTPException, OSError):  # what comes after the message was taken takes nothing back
            connection.quit()


def _explain(error: Exception) -> str:
    """What the server said, in a line."""
    refused = getattr(error, "recipients", None) or {}
    codes = [f"{code} {text.decode(errors='replace')}" for code, text in refused.values()]
    return " ".join("; ".join(codes or [str(error) or type(error).__name__]).split())[:300]


def _connect(server: Server) -> smtplib.SMTP:
    """An open connection, encrypted unless it was asked otherwise."""
    context = ssl.create_default_context()
    if server.tls == "tls":
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context)
    connection = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    if server.tls == "starttls":
        try:
            connection.starttls(context=context)
        except BaseException:
            connection.close()
            raise
    return connection
