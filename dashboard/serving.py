"""What the application that serves the dashboard has beside the pages: files, feeds, /healthz, and what is logged."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import access, addresses, feed_routes, health, logs

DOWNLOADS = ("/media/", f"{addresses.PREFIX}/")  # what the pages' buttons give, and the files for programs
WHOLE_OR_PART = (200, 206)  # status of an answer with a file


def parts(keeping: Callable[[Any], AbstractAsyncContextManager[None]]) -> dict[str, Any]:
    """The arguments for Streamlit's application; `keeping` is entered for as long as it runs.

    Raises:
        ValueError: a setting is wrong, and nothing should be served with it; see `access.check`.
    """
    access.check()
    return {
        "routes": [*addresses.routes(), *feed_routes.routes(), *health.routes()],
        "middleware": [Middleware(Downloads)],
        "lifespan": lambda app: _told(keeping(app)),
    }


@asynccontextmanager
async def _told(keeping: AbstractAsyncContextManager[None]) -> AsyncIterator[None]:
    """Log the start, with the release that is served, and the end."""
    state = health.state()
    shown: dict[str, Any] = {name: state.get(name) for name in ("version", "status", "release", "sign_in", "today")}
    async with keeping:
        logs.tell("started", **shown)
        yield
    logs.tell("stopped")


class Downloads:
    """Logs the kind and size of each file that is taken away: not its name, which can be that of a country."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(DOWNLOADS):
            await self.app(scope, receive, send)
            return
        sent: dict[str, Any] = {"status": 0, "kind": "", "bytes": 0}

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
                sent.update(status=message["status"], kind=kind.partition(";")[0])
            sent["bytes"] += len(message.get("body", b""))
            await send(message)

        await self.app(scope, receive, send_counted)
        if sent["status"] in WHOLE_OR_PART:
            logs.tell("download", kind=sent["kind"], bytes=sent["bytes"])
