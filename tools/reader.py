"""A reader without a browser: one session over the dashboard's real protocol, with the clicks that readers make.

It keeps the large messages as long as a browser does, turns the year as `map.js` tells it, changes the page as a link
does, and fetches a file in the two steps of a download button: it has it made, then gets it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from aiohttp import ClientSession, ClientWebSocketResponse
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

OPEN, YEAR, COUNTRY, MAP, DOWNLOAD, FILE = "open the map", "year", "country", "back to map", "download", "file"
CLICKS = (YEAR, YEAR, YEAR, YEAR, DOWNLOAD, COUNTRY, FILE, MAP)  # what a session does, over and over
RUNS = frozenset({OPEN, YEAR, COUNTRY, MAP})  # clicks that have the script run
YEARS = range(2017, 2027)
COUNTRIES = ("SDN", "MMR", "ETH", "COD", "YEM", "SYR", "AFG", "MLI", "NGA", "SSD", "FRA", "BRA")
KEY = "$$STREAMLIT_INTERNAL_KEY"  # before the names of what a component tells the server
KEPT_RUNS = 2  # runs of the whole page for which a browser keeps a message that none of them used
T = TypeVar("T")
WAIT = 120  # seconds after which an answer counts as lost


class Reader:
    """One session: the page it is on and its address, what it keeps of the messages, and what it can click."""

    def __init__(
        self,
        http: ClientSession,
        socket: ClientWebSocketResponse,
        address: str,
        release: str,
        first: int,
        among: Sequence[int] = YEARS,
    ) -> None:
        self.http, self.socket, self.address, self.release, self.among = http, socket, address, release, among
        self.years, self.countries, self.requests = count(first), count(first), count()
        self.kept: dict[str, int] = {}  # hash of a large message -> the run that used it last
        self.run = 0
        self.pages: dict[str, str] = {}  # the page's place in the address -> its hash
        self.session = self.page = self.query = self.map = self.part = self.file = ""

    async def click(self, kind: str) -> None:
        """Do it, and wait until it is answered in full.

        Raises:
            TimeoutError: there was no answer in time.
            RuntimeError: the page shows an error, or the file cannot be had.
        """
        clicks: dict[str, Callable[[], Awaitable[None]]] = {
            OPEN: self._see,
            YEAR: self._turn_year,
            COUNTRY: self._see_country,
            MAP: lambda: self._see(""),
            DOWNLOAD: self._download,
            FILE: lambda: self._get(f"/releases/{self.release}/scores.parquet"),
        }
        async with asyncio.timeout(WAIT):
            await clicks[kind]()

    async def _see(self, path: str | None = None) -> None:
        """A page of that address; at first the one that the server opens with."""
        message = BackMsg()
        if path is not None:
            self.page = self.pages[path]
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.query_string = self.query
        self.run += 1
        await self._answer(message)
        self.kept = {hash: used for hash, used in self.kept.items() if self.run - used <= KEPT_RUNS}

    async def _see_country(self) -> None:
        code = COUNTRIES[next(self.countries) % len(COUNTRIES)]
        self.query = urlencode(dict(parse_qsl(self.query)) | {"country": code})
        await self._see("country")

    async def look_at(self, code: str, year: int) -> None:
        """A State's page in a year, as from a link."""
        self.query = urlencode(dict(parse_qsl(self.query)) | {"country": code, "year": year})
        await self._see("country")

    async def _turn_year(self) -> None:
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.query_string = self.query
        message.rerun_script.fragment_id = self.part
        state = message.rerun_script.widget_states.widgets.add()
        state.id = f"{KEY}_{self.map}__events"
        year = self.among[next(self.years) % len(self.among)]
        state.json_trigger_value = json.dumps([{"event": "year", "value": year}])
        await self._answer(message)

    async def _answer(self, message: BackMsg) -> None:
        """Send it, and read on until the script has run to its end."""
        message.rerun_script.cached_message_hashes.extend(self.kept)
        await self.socket.send_bytes(message.SerializeToString())
        kind: str | None = ""
        while kind != "script_finished":
            told = await self._next()
            kind = told.WhichOneof("type")
            if kind == "delta":
                self._look(told.delta)
            elif kind == "navigation":
                self.page = told.navigation.page_script_hash
                self.pages = {
                    page.url_pathname if not page.is_default else "": page.page_script_hash
                    for page in told.navigation.app_pages
                }
            elif kind == "new_session":
                self.session = told.new_session.initialize.session_id
            elif kind == "page_info_changed":
                self.query = told.page_info_changed.query_string

    async def _next(self) -> ForwardMsg:
        """What the server tells next; large messages are kept."""
        told = ForwardMsg.FromString(await self.socket.receive_bytes())
        if told.metadata.cacheable or told.ref_hash:
            self.kept[told.ref_hash or told.hash] = self.run
        return told

    def _look(self, delta: Delta) -> None:
        """What a part of the page means for the clicks to come."""
        kind = delta.new_element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"The page fails: {delta.new_element.exception.message}")
        if kind == "bidi_component" and delta.new_element.bidi_component.bytes:
            self.map, self.part = delta.new_element.bidi_component.id, delta.fragment_id
        if kind == "download_button":
            self.file = delta.new_element.download_button.deferred_file_id

    async def make_file(self) -> str:
        """Have the file of the page's download button made: its address.

        Raises:
            RuntimeError: it cannot be made.
        """
        message, wanted = BackMsg(), str(next(self.requests))
        asked = message.backend_operation_request
        asked.request_id, asked.session_id, asked.deferred_file.file_id = wanted, self.session, self.file
        await self.socket.send_bytes(message.SerializeToString())
        while True:
            made = (await self._next()).backend_operation_response
            if made.error_msg:
                raise RuntimeError(made.error_msg)
            if made.request_id == wanted:
                return made.deferred_file.url

    async def _download(self) -> None:
        await self._get(await self.make_file())

    async def _get(self, path: str) -> None:
        async with self.http.get(self.address + path) as answer:
            size = len(await answer.read())
            if answer.status != 200 or not size:
                raise RuntimeError(f"{path} answers {answer.status} with {size} bytes.")


def finish(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives, in a thread of its own: this one can have a loop of events at work, as Playwright's."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@asynccontextmanager
async def reading(http: ClientSession, address: str, release: str, first: int) -> AsyncIterator[Reader]:
    """A session of the server at that address, which begins with its `first` country and year; closed at the end."""
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    # compressed as with a browser; WebSocket messages of any size
    async with http.ws_connect(stream, protocols=("streamlit",), compress=15, max_msg_size=0) as socket:
        yield Reader(http, socket, address, release, first)
