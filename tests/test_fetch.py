"""fetch, against a server on this machine that is slow, breaks off, refuses, or sends something else."""

import hashlib
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest

from indicators.sources import fetch as fetching
from indicators.sources.cards import load_cards
from indicators.sources.fetch import CHUNK, FetchError, fetch, path_of

DATA = b"iso3,year,value\n" + b"QMA,2000,1\n" * 50_000  # 550 kB, several chunks
HALF = len(DATA) // 2 // CHUNK * CHUNK  # a whole number of chunks: the last one may be lost


def archive_of(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "read me")
        archive.writestr("folder/data.csv", content)
    return packed.getvalue()


class Producer(BaseHTTPRequestHandler):
    """Answers by path; `server.asked` keeps the path and Range header of each request."""

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range")))
        getattr(self, "send_" + self.path.strip("/").split(".")[0])()

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, body: bytes, status: int = 200, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def rest(self) -> int:
        """Where the client wants to go on."""
        wanted = self.headers.get("Range")
        return int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0

    def send_whole(self) -> None:
        self.answer(DATA)

    def send_broken(self) -> None:
        """The first time half of it; then the rest, from where the client asks."""
        if len(self.server.asked) == 1:
            self.answer(DATA[:HALF], length=len(DATA))
        else:
            self.answer(DATA[self.rest() :], status=206)

    def send_broken_always(self) -> None:
        self.answer(DATA[:HALF], length=len(DATA))

    def send_whole_anew(self) -> None:
        """Breaks off once, and knows no ranges."""
        first = len(self.server.asked) == 1
        self.answer(DATA[:HALF] if first else DATA, length=len(DATA))

    def send_nothing_left(self) -> None:
        self.answer(b"", status=416)

    def send_changed_rest(self) -> None:
        """Another edition: the part from yesterday does not fit to it."""
        self.answer(b"x" * 10, status=206) if self.headers.get("Range") else self.answer(DATA)

    def send_slow(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        for start in range(0, len(DATA), HALF):
            self.wfile.write(DATA[start : start + HALF])
            time.sleep(0.2)

    def send_drip(self) -> None:
        """A byte now and then, always within the time-out."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(DATA)))
        self.end_headers()
        for byte in DATA[:100]:
            self.wfile.write(bytes([byte]))
            if self.server.stopped.wait(0.1):
                return

    def send_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        with suppress(OSError):  # who asked has gone
            while not self.server.stopped.is_set():
                self.wfile.write(DATA)

    def send_loop(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path)
        self.end_headers()

    def send_torn(self) -> None:
        """An archive with a byte changed in the middle."""
        packed = bytearray(archive_of(DATA))
        packed[len(packed) // 2] ^= 255
        self.answer(bytes(packed))

    def send_gone(self) -> None:
        self.answer(b"not here", status=404)

    def send_busy(self) -> None:
        """Out of order the first time."""
        self.answer(b"", status=500) if len(self.server.asked) == 1 else self.answer(DATA)

    def send_down(self) -> None:
        self.answer(b"", status=503)

    def send_page(self) -> None:
        self.answer(b"<!DOCTYPE html><html><body>Please log in</body></html>")

    def send_packed(self) -> None:
        self.answer(archive_of(DATA))


@pytest.fixture
def producer() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Producer)
    server.asked, server.stopped = [], threading.Event()
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def card_of(make_card, producer):
    """A function: path on the server -> a card whose file is downloaded from there."""
    sha256 = hashlib.sha256(DATA).hexdigest()

    def of(path: str, **changes: object):
        address = f"http://127.0.0.1:{producer.server_port}/{path}"
        return make_card(**{"download": address, "sha256": sha256} | changes)

    return of


def get(card, raw: Path, **options: object) -> bytes:
    fetch([card], raw, **{"retries": 1, "progress": False} | options)
    assert not list(raw.rglob("*.part")), "nothing half-finished is left behind"
    return path_of(card, "invented", raw).read_bytes()


def test_a_file_is_downloaded_and_then_not_asked_for_again(card_of, producer, tmp_path):
    card = card_of("whole")
    assert get(card, tmp_path) == DATA
    assert get(card, tmp_path) == DATA
    assert len(producer.asked) == 1


def test_a_slow_answer_is_waited_for(card_of, tmp_path):
    assert get(card_of("slow"), tmp_path) == DATA


def test_the_progress_is_shown(card_of, tmp_path, capsys):
    get(card_of("whole"), tmp_path, progress=True)
    shown = capsys.readouterr().err
    assert "data.csv: 100%" in shown


def test_a_download_that_breaks_off_goes_on_where_it_stopped(card_of, producer, tmp_path):
    assert get(card_of("broken"), tmp_path) == DATA
    assert producer.asked == [("/broken", None), ("/broken", f"bytes={HALF}-")]


def test_what_arrived_is_kept_for_the_next_run(card_of, producer, tmp_path):
    with pytest.raises(FetchError, match=r"in 1 tries .* again: it goes on where it stopped. By hand: get edition '1'"):
        fetch([card_of("broken")], tmp_path, retries=0, progress=False)
    assert (tmp_path / "invented/data.csv.part").stat().st_size == HALF
    assert get(card_of("broken"), tmp_path, retries=0) == DATA
    assert producer.asked[1] == ("/broken", f"bytes={HALF}-")


def test_a_half_finished_file_never_has_the_name_of_a_whole_one(card_of, tmp_path):
    with pytest.raises(FetchError, match="could not be downloaded"):
        fetch([card_of("broken_always")], tmp_path, retries=0, progress=False)
    assert not (tmp_path / "invented/data.csv").exists()


def test_a_server_without_ranges_is_asked_for_the_whole_file(card_of, tmp_path):
    assert get(card_of("whole_anew"), tmp_path) == DATA


def test_a_part_that_is_already_whole_is_taken(card_of, tmp_path):
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented/data.csv.part").write_bytes(DATA)
    assert get(card_of("nothing_left"), tmp_path) == DATA


def test_a_part_of_another_edition_is_thrown_away_and_the_file_fetched_whole(card_of, producer, tmp_path):
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented/data.csv.part").write_bytes(b"of yesterday")
    assert get(card_of("changed_rest"), tmp_path) == DATA
    assert [wanted for _, wanted in producer.asked] == ["bytes=12-", None]


def test_an_altered_file_is_fetched_again(card_of, tmp_path):
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented/data.csv").write_bytes(DATA.replace(b"1", b"2", 1))
    assert get(card_of("whole"), tmp_path) == DATA


def test_a_server_that_is_out_of_order_is_asked_again(card_of, producer, tmp_path):
    assert get(card_of("busy"), tmp_path) == DATA
    assert len(producer.asked) == 2


def test_a_server_that_stays_out_of_order_is_reported(card_of, tmp_path):
    with pytest.raises(FetchError, match=r"Invented Data: http.*/down could not be downloaded in 2 tries \(503"):
        fetch([card_of("down")], tmp_path, retries=1, progress=False)


def test_a_wrong_address_is_reported_at_once_with_the_place_to_look(card_of, producer, tmp_path):
    message = r"answers 404 Not Found for .*/gone. .* https://example.org/data and change `download` under \[invent"
    with pytest.raises(FetchError, match=message):
        fetch([card_of("gone")], tmp_path, retries=3, progress=False)
    assert len(producer.asked) == 1


def test_a_server_that_drips_is_given_up_and_what_arrived_is_kept(card_of, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "TIMEOUT", 1)
    with pytest.raises(FetchError, match=r"Invented Data: .*drip could not be downloaded .*bytes in .* too slow"):
        fetch([card_of("drip")], tmp_path, retries=0, progress=False)
    assert (tmp_path / "invented/data.csv.part").stat().st_size > 1
    assert not (tmp_path / "invented/data.csv").exists()


@pytest.mark.parametrize("path", ["endless", "packed.zip"])
def test_a_file_without_end_is_not_taken(card_of, tmp_path, monkeypatch, path):
    monkeypatch.setattr(fetching, "MOST", 100_000)  # the archive is smaller, what is in it is larger
    with pytest.raises(FetchError, match=r"sends more than 100,000 bytes.* change `download` under \[invented\]"):
        fetch([card_of(path)], tmp_path, progress=False)
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_server_that_sends_round_in_a_circle_is_reported(card_of, tmp_path):
    with pytest.raises(FetchError, match=r"Invented Data: .*loop could not be downloaded .*30 redirects"):
        fetch([card_of("loop")], tmp_path, retries=0, progress=False)


def test_a_damaged_archive_is_reported_and_does_not_stop_the_others(card_of, tmp_path):
    torn, fine = card_of("torn.zip", file="invented/torn.csv", member="data.csv"), card_of("whole")
    with pytest.raises(FetchError, match=r"^1 problems(?s:.*)torn.csv.part is truncated or altered"):
        fetch([torn, fine], tmp_path, retries=0, progress=False)
    assert path_of(fine, "invented", tmp_path).read_bytes() == DATA


def test_what_a_killed_run_left_is_cleared_and_nothing_else(card_of, tmp_path):
    (tmp_path / "invented").mkdir()
    for name in ("tmp0a_b1c2d", "tmpmine.csv"):
        (tmp_path / "invented" / name).touch()
    get(card_of("whole"), tmp_path)
    assert sorted(each.name for each in (tmp_path / "invented").iterdir()) == ["data.csv", "tmpmine.csv"]


def test_no_server_at_all_is_reported(make_card, tmp_path):
    card = make_card(download="http://127.0.0.1:9/data.csv")  # port 9 discards: nobody listens
    with pytest.raises(FetchError, match="could not be downloaded in 1 tries"):
        fetch([card], tmp_path, retries=0, progress=False)


def test_a_web_page_instead_of_data_is_recognised(card_of, tmp_path):
    with pytest.raises(
        FetchError, match=r"data.csv.part is truncated or altered \(54 bytes\). It is a web page, not data"
    ):
        fetch([card_of("page")], tmp_path, retries=0, progress=False)
    assert not list(tmp_path.rglob("*.csv*"))


def test_a_file_is_taken_out_of_its_archive(card_of, tmp_path):
    assert get(card_of("packed.zip"), tmp_path) == DATA


def test_an_archive_without_the_file_says_what_it_holds(card_of, tmp_path):
    message = r"has no file other.csv, but data.csv, readme.txt. Name the right one as `member` under \[invented\]"
    with pytest.raises(FetchError, match=message):
        fetch([card_of("packed.zip", member="other.csv")], tmp_path, retries=0, progress=False)
    assert not list(tmp_path.rglob("*.part"))


def test_a_web_page_instead_of_an_archive_is_recognised(card_of, tmp_path):
    with pytest.raises(FetchError, match="It is a web page, not data"):
        fetch([card_of("page.zip")], tmp_path, retries=0, progress=False)


def test_one_missing_file_does_not_stop_the_others(card_of, tmp_path):
    wrong, fine = card_of("gone", file="invented/gone.csv"), card_of("whole")
    with pytest.raises(FetchError, match=r"^1 problems; all other files are in "):
        fetch([wrong, fine], tmp_path, progress=False)
    assert path_of(fine, "invented", tmp_path).read_bytes() == DATA


def test_a_file_without_an_address_says_what_to_do_by_hand(make_card, tmp_path):
    card = make_card(prepared="one column per year")
    message = (
        r"no address of the file is known. By hand: get edition '1' from https://example.org/data "
        r"and put it at .*data.csv, in this form: one column per year."
    )
    with pytest.raises(FetchError, match=message):
        fetch([card], tmp_path, progress=False)


def test_a_file_put_there_by_hand_that_is_not_the_one_of_the_card_is_reported(make_card, tmp_path):
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented/data.csv").write_bytes(b"QMA")
    message = (
        r"^1 problems.*\n.*altered \(3 bytes\).(.*\n)*.* made by hand, look at it first, then change edition, sha256"
    )
    with pytest.raises(FetchError, match=message):
        fetch([make_card()], tmp_path, progress=False)
    assert (tmp_path / "invented/data.csv").read_bytes() == b"QMA"


def test_a_mirror_gives_the_files_and_nothing_is_asked_of_the_producer(card_of, producer, tmp_path):
    (tmp_path / "mirror/invented").mkdir(parents=True)
    (tmp_path / "mirror/invented/data.csv").write_bytes(DATA)
    assert get(card_of("gone"), tmp_path / "raw", mirror=tmp_path / "mirror") == DATA
    assert producer.asked == []


def test_a_mirror_that_lacks_a_file_is_reported(make_card, tmp_path):
    (tmp_path / "mirror").mkdir()
    with pytest.raises(FetchError, match=r"Invented Data: the mirror has no file .*data.csv"):
        fetch([make_card()], tmp_path / "raw", tmp_path / "mirror")


def test_an_altered_file_in_a_mirror_is_not_taken(make_card, tmp_path):
    (tmp_path / "mirror/invented").mkdir(parents=True)
    (tmp_path / "mirror/invented/data.csv").write_bytes(DATA[:-1])
    with pytest.raises(FetchError, match=r"data.csv is truncated or altered \(550,015 bytes\)"):
        fetch([make_card(sha256=hashlib.sha256(DATA).hexdigest())], tmp_path / "raw", tmp_path / "mirror")
    assert not list((tmp_path / "raw").rglob("*.csv"))


def test_a_mirror_that_is_no_folder_is_reported(make_card, tmp_path):
    with pytest.raises(FetchError, match=r"nowhere is not a folder: --mirror takes one"):
        fetch([make_card()], tmp_path / "raw", tmp_path / "nowhere")


def test_a_missing_file_is_reported_when_it_is_to_be_read(make_card, tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"Invented Data: .*data.csv is missing. Run `python pipeline.py fetch`"
    ):
        path_of(make_card(), "invented", tmp_path)


def test_the_hash_is_checked_whenever_a_file_is_read(make_card, tmp_path):
    (tmp_path / "invented").mkdir()
    (tmp_path / "invented/data.csv").write_bytes(b"QMA")
    found = hashlib.sha256(b"QMA").hexdigest()
    message = rf"altered \(3 bytes\).\n  sha256 expected {'0' * 64}\n  sha256 found    {found}\nDelete it"
    with pytest.raises(ValueError, match=message):
        path_of(make_card(), "invented", tmp_path)


@pytest.mark.mirror
def test_the_mirror_holds_every_file_of_every_card(mirror):
    for card in load_cards().values():
        for key in card.files:
            assert path_of(card, key, mirror).is_file()
