"""Readers without browsers: sessions over the dashboard's real protocol that change the year without a pause.

Each opens the map page, keeps the large messages as a browser does, and turns the year as `map.js` tells it. The
readers run in processes of their own, so that the server is not slowed by its measure more than the machine must.
"""

import asyncio
import json
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

YEARS = range(1990, 2027)
PROCESSES = 2
KEY = "$$STREAMLIT_INTERNAL_KEY"  # before the names of what a component tells the server


@dataclass(frozen=True)
class Load:
    """`p95`: seconds within which 95 of 100 changes of the year were answered; `per_second`: answers."""

    p95: float
    per_second: float


class Reader:
    """One session: what it keeps of the messages, the page it is on, the name of the map and its part of the page."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.kept: set[str] = set()
        self.map = self.page = self.part = ""

    async def answer(self) -> None:
        """Read on until the script has run to its end.

        Raises:
            RuntimeError: the page shows an error.
        """
        while True:
            message = ForwardMsg.FromString(await self.socket.recv())
            kind = message.WhichOneof("type")
            if message.metadata.cacheable:
                self.kept.add(message.hash)
            if kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(f"The page fails: {message.delta.new_element.exception.message}")
            if kind == "delta" and message.delta.new_element.bidi_component.bytes:
                self.map, self.part = message.delta.new_element.bidi_component.id, message.delta.fragment_id
            if kind == "navigation":
                self.page = message.navigation.page_script_hash
            if kind == "script_finished":
                return

    async def ask(self, year: int | None = None) -> None:
        """Have the script run: at first, or with another year."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page
        message.rerun_script.cached_message_hashes.extend(self.kept)
        if year is not None:
            message.rerun_script.fragment_id = self.part
            state = message.rerun_script.widget_states.widgets.add()
            state.id = f"{KEY}_{self.map}__events"
            state.json_trigger_value = json.dumps([{"event": "year", "value": year}])
        await self.socket.send(message.SerializeToString())


async def _read(port: int, first: int, seconds: float, opened: asyncio.Barrier) -> list[float]:
    """Seconds of each answer of one session."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], max_size=None, open_timeout=60) as socket:  # type: ignore[list-item]
        reader = Reader(socket)
        await reader.ask()
        await reader.answer()
        await opened.wait()
        took, at, end = [], first, time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.perf_counter()
            await reader.ask(YEARS[at % len(YEARS)])
            await reader.answer()
            took.append(time.perf_counter() - start)
            at += 1
        return took


async def _read_all(port: int, sessions: int, seconds: float) -> list[float]:
    opened = asyncio.Barrier(sessions)
    parts = await asyncio.gather(*(_read(port, at, seconds, opened) for at in range(sessions)))
    return [took for part in parts for took in part]


def _run(port: int, sessions: int, seconds: float) -> list[float]:
    return asyncio.run(_read_all(port, sessions, seconds))


def put_load(port: int, *, sessions: int, seconds: float) -> Load:
    """So many sessions without a pause for so many seconds, after all have opened the page."""
    with ProcessPoolExecutor(PROCESSES) as pool:
        runs = [pool.submit(_run, port, sessions // PROCESSES, seconds) for _ in range(PROCESSES)]
        took = [each for run in runs for each in run.result()]
    return Load(statistics.quantiles(took, n=20)[-1], len(took) / seconds)
