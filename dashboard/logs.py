"""The server's log, one JSON object a line on stderr, and what went wrong since it started. No personal data.

An event of ours has facts that are named one by one. Of lines of other libraries only what is fixed is kept: what they
fill in, and what an error says beside its kind, can be an address or what a reader looked at.
"""

import json
import logging
import re
import sys
import threading
import traceback
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import release

LOGGER = logging.getLogger("upstream")
SERVERS = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "websockets")
NOISE = ("WebSocket", "connection open", "connection closed")  # of uvicorn, with the reader's address or of no use
HANDLED = "streamlit.error_util"  # tells each error of a page a second time, without its number
TELLING = re.compile(r"\S*[@?=]\S*|\b\d{1,3}(\.\d{1,3}){3}\b\S*|\S*[0-9a-f]*:[0-9a-f]*:[0-9a-f:]+\S*", re.IGNORECASE)
STARTED = datetime.now(UTC)
failures: Counter[str] = Counter()  # by kind, since the start
_counting = threading.Lock()


def tell(event: str, level: int = logging.INFO, **facts: Any) -> None:
    """Log an event with its facts, none of which may say who reads or what."""
    LOGGER.log(level, "%s %s", event, facts, extra={"event": event, "facts": facts})


def tell_failure(error: BaseException) -> str:
    """Log an error with its traceback and count it; returns the number that a reader can pass on."""
    number = uuid4().hex[:8]
    LOGGER.error("failure %s", number, exc_info=error, extra={"event": "failure", "facts": {"number": number}})
    count(type(error).__name__)
    return number


def count(kind: str) -> None:
    """Count one error of this kind."""
    with _counting:
        failures[kind] += 1


class Lines(logging.Formatter):
    """A record as one line of JSON: time, level, logger; event and facts, or the message; error and trace."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": when, "level": record.levelname.lower(), "logger": record.name}
        event = getattr(record, "event", None)
        line |= {"event": event, **getattr(record, "facts", {})} if event else {"message": fixed_text(record)}
        if record.exc_info and record.exc_info[1]:
            line |= {"error": kind_of(record.exc_info[1]), "trace": trace_of(record.exc_info[1])}
        return json.dumps(line, ensure_ascii=False, default=str)


def fixed_text(record: logging.LogRecord) -> str:
    """What is the same in every such line of a library, without what looks like an address or a query."""
    if record.name == "storage":  # ours, about the storage: nothing of readers
        return record.getMessage()
    text = record.getMessage().splitlines()[0] if record.name == "py.warnings" else str(record.msg)
    return TELLING.sub("[…]", text)


def kind_of(error: BaseException) -> str:
    """The kind of an error; with what it says only where that is of a release's files."""
    kind = type(error).__name__
    return f"{kind}: {error}" if isinstance(error, release.ReleaseError) else kind


def trace_of(error: BaseException) -> list[str]:
    """Where an error came from, and those that led to it, the first one last: files, lines and code."""
    steps = [f"{frame.filename}:{frame.lineno} {frame.name}: {frame.line}" for frame in _frames(error)]
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return steps if before is None else [*steps, f"after {kind_of(before)}", *trace_of(before)]


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)


def is_wanted(record: logging.LogRecord) -> bool:
    """Not requests, which have readers' addresses, nor what is told already."""
    if record.name == "uvicorn.access":
        return False
    if record.name == HANDLED and record.exc_info:
        return isinstance(record.exc_info[1], SyntaxError)
    return record.levelno >= logging.WARNING or not any(word in str(record.msg) for word in NOISE)


class Handler(logging.StreamHandler):
    """Writes the lines, and counts errors that other libraries tell."""

    def emit(self, record: logging.LogRecord) -> None:
        """One record."""
        if record.levelno >= logging.ERROR and record.name != LOGGER.name:
            count(record.name)
        super().emit(record)


def begin() -> None:
    """Have this process write its log so: ours, Python's warnings, the server's and Streamlit's."""
    from streamlit import logger as theirs

    handler = Handler(sys.stderr)
    handler.setFormatter(Lines())
    handler.addFilter(is_wanted)
    logging.root.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    logging.captureWarnings(True)
    threading.excepthook = lambda given: _tell_thread(given.exc_value)
    # Streamlit gives each of its loggers a handler of its own with this function, some of them long after the start.
    theirs.setup_formatter = _pass_on
    for logger in [*map(logging.getLogger, SERVERS), *theirs._loggers.values()]:
        _pass_on(logger)


def _pass_on(logger: logging.Logger) -> None:
    logger.handlers, logger.propagate = [], True


def _tell_thread(error: BaseException | None) -> None:
    if error is not None:
        tell_failure(error)
