"""E-mail against a real server on this machine: what is sent, what is recorded, and what happens when it is refused."""

import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller

import release
from dashboard import alert_words, alerts, current, feeds, mail

TO, FROM = "analyst@example.org", "upstream@example.org"


class Box:
    """Takes messages; `answer` is what it says to a recipient or to the data."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.to_recipient = self.to_data = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server, session, envelope):
        if self.to_data == "cut":
            server.transport.abort()
            return "451 cut"
        if self.to_data.startswith("250"):
            self.messages.append(message_from_bytes(envelope.content, policy=default))
        return self.to_data


@pytest.fixture
def box() -> Iterator[tuple[Box, mail.Server]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taken = Box()
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    yield taken, mail.Server("127.0.0.1", port, "none")
    controller.stop()


@pytest.fixture
def send(invented: release.Release, box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Sends what is new of everything, from the release of invented States."""
    monkeypatch.delenv(mail.USER, raising=False)
    given = {"sender": FROM, "server": box[1], "states": tmp_path / "mail", "address": "https://example.org/"}
    yield lambda choice=None, to=TO, **others: mail.send_new(choice or feeds.Choice(), to, **given | others)
    current.use(None, "en")


def states(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "mail").glob("*"))


def test_the_message_has_plain_text_and_html_and_is_sent_once(send, box, tmp_path):
    assert send() == 2
    assert send() == 0
    [message] = box[0].messages
    assert message["Subject"] == "Upstream alerts: 2 new entries"
    assert (message["From"], message["To"], message["Auto-Submitted"]) == (FROM, TO, "auto-generated")
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "== Alandia: new flag of the watch (Rise) ==" in text
    assert "https://example.org/watch?country=QMA&lang=en" in text
    assert "63 were not followed by an escalation" in text
    assert '<a href="https://example.org/watch?country=QMA&amp;lang=en">Alandia: new flag' in html
    assert "63 were <strong>not</strong> followed" in html
    [path] = states(tmp_path)
    assert TO not in path.name
    assert json.loads(path.read_text())["release"] == "2024-01"


def test_what_is_new_later_is_sent_alone(send, box, tmp_path):
    send()
    [path] = states(tmp_path)
    sent = json.loads(path.read_text())
    path.write_text(json.dumps(sent | {"sent": sent["sent"][:1]}))  # the release, not the flag
    assert send() == 1
    assert box[0].messages[-1]["Subject"] == "Upstream alerts: 1 new entry"
    assert send() == 0


def test_each_recipient_and_choice_has_its_own_record(send, box):
    assert send() == 2
    assert send(to="other@example.org") == 2
    assert send(feeds.choice_of_list(["QMD"])) == 1
    assert send(to=TO.upper().replace("EXAMPLE.ORG", "example.org")) == 0
    assert len(box[0].messages) == 3


def test_the_message_is_in_the_language_in_use(send, box):
    current.use(None, "ar")
    send()
    [message] = box[0].messages
    assert message["Content-Language"] == "ar"
    assert 'dir="rtl"' in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ({"to_recipient": "550 no such person"}, "550 no such person"),
        ({"to_data": "554 not wanted"}, "not wanted"),
        ({"to_data": "cut"}, "did not take the message to analyst@example.org"),
    ],
)
def test_what_the_server_does_not_take_is_not_recorded_and_is_sent_at_the_next_run(send, box, tmp_path, refusal, said):
    vars(box[0]).update(refusal)
    with pytest.raises(mail.MailError, match=said):
        send()
    assert states(tmp_path) == []
    vars(box[0]).update(to_recipient="250 OK", to_data="250 OK")
    assert send() == 2


def test_a_refusal_leaves_the_earlier_record_as_it_was(send, box, tmp_path):
    send()
    [path] = states(tmp_path)
    path.write_text(json.dumps({"release": "2023-12", "sent": []}))
    before = path.read_bytes()
    box[0].to_data = "554 not wanted"
    with pytest.raises(mail.MailError, match="Nothing was recorded as sent"):
        send()
    assert [each.read_bytes() for each in states(tmp_path)] == [before]


def test_a_server_that_hangs_up_after_it_took_the_message_has_taken_it(send, tmp_path):
    """What goes wrong at the goodbye is no refusal."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=take_and_hang_up, args=(listening,))
        thread.start()
        assert send(server=mail.Server("127.0.0.1", listening.getsockname()[1], "none")) == 2
        thread.join()
    assert len(states(tmp_path)) == 1


def take_and_hang_up(listening: socket.socket) -> None:
    """A server that takes one message and closes the connection at QUIT without an answer."""
    connection, _address = listening.accept()
    with connection, connection.makefile("rwb") as lines:
        answer = {b"EHLO": b"250 here", b"MAIL": b"250 OK", b"RCPT": b"250 OK", b"DATA": b"354 go on"}
        lines.write(b"220 here\r\n")
        lines.flush()
        while (line := lines.readline()) and line[:4].upper() != b"QUIT":
            lines.write(answer[line[:4].upper()] + b"\r\n")
            lines.flush()
            if line[:4].upper() == b"DATA":
                while lines.readline() != b".\r\n":
                    pass
                lines.write(b"250 taken\r\n")
                lines.flush()


def test_no_server_is_a_message_of_its_own(send, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(mail.MailError, match=f"127.0.0.1:{port} did not take the message"):
        send(server=mail.Server("127.0.0.1", port, "none"))
    assert states(tmp_path) == []


def test_a_server_without_encryption_is_refused_where_it_is_asked_for(send, box, tmp_path):
    with pytest.raises(mail.MailError, match="STARTTLS"):
        send(server=mail.Server(box[1].host, box[1].port, "starttls"))
    assert box[0].messages == []


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[tuple[Box, mail.Server, Path]]:
    """A server that wants encryption, with a certificate for "localhost"; and the file of who signed it."""
    authority, folder = trustme.CA(), tmp_path / "signed.pem"
    authority.cert_pem.write_to_path(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    taken = Box()
    controller = Controller(taken, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    yield taken, mail.Server("localhost", port, "starttls"), folder
    controller.stop()


def test_an_encrypted_connection_is_taken_if_its_certificate_is_known(send, encrypted, monkeypatch):
    taken, server, signed = encrypted
    monkeypatch.setenv("SSL_CERT_FILE", str(signed))
    assert send(server=server) == 2
    assert len(taken.messages) == 1


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_certificate_that_is_not_known_or_of_another_host_is_refused(send, encrypted, tmp_path, monkeypatch, host):
    taken, server, signed = encrypted
    if host == "127.0.0.1":  # signed by one who is known, for another name
        monkeypatch.setenv("SSL_CERT_FILE", str(signed))
    with pytest.raises(mail.MailError, match="certificate verify failed"):
        send(server=mail.Server(host, server.port, "starttls"))
    assert taken.messages == []
    assert states(tmp_path) == []


def test_a_password_does_not_go_in_the_clear(send, box, monkeypatch):
    monkeypatch.setenv(mail.USER, "somebody")
    with pytest.raises(mail.MailError, match="would send the password in the clear"):
        send()
    assert box[0].messages == []


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@b@c", "x@example.org\nBcc: y@example.org", "x@example.org, y@example.org", "", "x@example.org\r\n"],
)
def test_what_is_no_address_is_refused(send, box, address):
    with pytest.raises(ValueError, match="is no address of e-mail"):
        send(to=address)
    with pytest.raises(ValueError, match="is no address of e-mail"):
        send(sender=address)
    assert box[0].messages == []


def test_a_title_cannot_add_a_header(invented):
    told = alert_words.Told(alerts.Alert("release"), "x\r\nBcc: y@example.org", ("text",))
    message = mail.compose(feeds.Choice(), [told], TO, FROM)
    assert message["Bcc"] is None
    assert "\nBcc:" not in bytes(message).decode().replace("\r", "").partition("\n\n")[0]


def test_a_record_that_cannot_be_read_is_said_and_nothing_is_sent(send, box, tmp_path):
    send()
    [path] = states(tmp_path)
    path.write_text("{")
    with pytest.raises(ValueError, match="Remove it, and every alert is sent again"):
        send()
    assert len(box[0].messages) == 1


def test_a_list_of_states_is_read_with_remarks_and_in_any_case(invented, tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("qma, QMD  # two\n# none\nQME\n", "utf-8")
    assert mail.choose(path, "") == feeds.Choice(mine=("QMA", "QMD", "QME"))
    assert mail.choose(None, "western asia") == feeds.Choice(region="Western Asia")
    assert mail.choose(None, "") == feeds.Choice()
    with pytest.raises(ValueError, match="is no region of the release; there are Africa, Asia-Pacific"):
        mail.choose(None, "Moon")
    with pytest.raises(ValueError, match="not both"):
        mail.choose(path, "Africa")


@pytest.mark.parametrize("text", ["mail.example.org", ":25", "mail.example.org:smtp", "mail.example.org:70000"])
def test_a_server_is_a_host_and_a_port(text):
    with pytest.raises(ValueError, match="write HOST:PORT"):
        mail.Server.read(text, "none")


def test_the_command_sends_and_says_what_it_did(invented, box, tmp_path):
    server = f"{box[1].host}:{box[1].port}"
    options = ["--to", TO, "--from", FROM, "--smtp", server, "--tls", "none", "--states", str(tmp_path / "mail")]
    first, second = run("mail", *options), run("mail", *options)
    assert first.stdout.split("\n")[0] == f"{TO}: 2 new entries sent."
    assert second.stdout.split("\n")[0] == f"{TO}: nothing new, nothing sent."
    assert len(box[0].messages) == 1
    box[0].to_recipient = "550 no such person"
    refused = run("mail", *options, "--to", "other@example.org", "--region", "africa")
    assert refused.returncode == 1
    assert "550 no such person" in refused.stderr
    assert "Traceback" not in refused.stderr


def run(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "pipeline.py", *arguments]
    return subprocess.run(command, cwd=release.ROOT, capture_output=True, text=True, check=False)
