"""The feeds' addresses beside the dashboard's pages: /feeds/en/all.atom, /feeds/fr/mine.json?mine=AFG,MMR.

They are there under `uvicorn asgi:app` and `streamlit run app.py`.
"""

import hashlib
import os

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import access, current, feeds
from dashboard.language import LANGUAGES
from release import ReleaseError

ADDRESS = "UPSTREAM_ADDRESS"  # environment variable: the dashboard's address, for links in feeds
FRESH = 3600  # seconds for which a reader's program need not ask again
_served: list[bool] = []


def routes() -> list[Route]:
    """The routes of the feeds, for an ASGI application.

    Raises:
        ValueError: the environment's address of the dashboard is none.
    """
    address()
    _served.append(True)
    path = f"/{feeds.FOLDER}/{{language}}/{{name}}.{{kind}}"
    return [Route(path, answer, methods=["GET", "HEAD"], middleware=access.GUARD)]


def are_served() -> bool:
    """Whether this process serves the feeds."""
    return bool(_served)


def answer(request: Request) -> Response:
    """A feed of the newest release; 404 for one that there is not, 400 for a list that cannot be read."""
    language, name, kind = (request.path_params[part] for part in ("language", "name", "kind"))
    if language not in LANGUAGES or kind not in feeds.FORMATS:
        return PlainTextResponse("There is no such feed.", 404)
    try:
        current.use(current.find_newest()[0], language)
        choice = _choice(name, request)
        if choice is None:
            return PlainTextResponse("There is no such feed.", 404)
        return _respond(feeds.MAKERS[kind](choice, address()), feeds.FORMATS[kind], request)
    except ReleaseError:
        return PlainTextResponse("There is no release that can be read.", 503)
    except ValueError as error:
        return PlainTextResponse(str(error), 400)


def address() -> str:
    """The dashboard's address as the environment has it; "" if it is not set, since a request's own can be made up."""
    return feeds.checked_address(os.environ.get(ADDRESS, ""))


def _choice(name: str, request: Request) -> feeds.Choice | None:
    if name == feeds.MINE:
        return feeds.choice_of_list(request.query_params.get(feeds.MINE, "").split(","))
    return next((each for each in feeds.choices() if each.name == name), None)


def _respond(content: bytes, media: str, request: Request) -> Response:
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={FRESH}", "X-Content-Type-Options": "nosniff"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media, headers=headers)
