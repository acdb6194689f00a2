"""Who may come in where sign-in is on: the settings, the list of who is let in, and the guard of files and feeds.

Off without `[auth]` in Streamlit's secrets: then nothing here does anything. `visit.begin` asks at every run of a page,
`GUARD` at every request for a file. Streamlit is imported only when it is asked: programs read the tables without it.
"""

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard import logs

FIELDS: dict[str, type] = {"domains": list, "emails": list, "provider_vouches": bool, "files_open": bool}  # [allowed]
NOT_LISTED, UNVERIFIED = "not listed", "address not verified"  # why somebody is refused
REFUSED = (
    "This copy of Upstream is for people who sign in. Open its first page, sign in, and ask again with the same "
    "browser. Programs cannot sign in: whoever runs this copy can open the files to them (files_open).\n"
)


def is_on() -> bool:
    """Whether readers have to sign in."""
    from streamlit.auth_util import get_secrets_auth_section

    return bool(get_secrets_auth_section())


def check() -> None:
    """Look at the settings before anything is served: what cannot be read would otherwise leave the pages open.

    Raises:
        ValueError: the secrets are no TOML, or sign-in is on and not whole; the text says what to write.
    """
    from streamlit import config

    for path in map(Path, config.get_option("secrets.files")):
        if path.is_file():
            _check_file(path)


def _check_file(path: Path) -> None:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path.name} is no TOML ({error}). Mend it: deploy/secrets.toml.example is one.") from error
    if "auth" in found:
        _check_auth(found["auth"])
        _check_allowed(found.get("allowed", {}))


def _check_auth(auth: dict[str, Any]) -> None:
    needed = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
    if absent := [name for name in needed if not auth.get(name)]:
        raise ValueError(f"[auth] lacks {', '.join(absent)}. See deploy/secrets.toml.example, or take [auth] out.")
    if len(auth["cookie_secret"]) < 32:
        raise ValueError("cookie_secret is shorter than 32 characters: write what `openssl rand -hex 32` prints.")


def _check_allowed(allowed: dict[str, Any]) -> None:
    wrong = [name for name, value in allowed.items() if not isinstance(value, FIELDS.get(name, type(None)))]
    if wrong:
        raise ValueError(f"[allowed] cannot have {', '.join(wrong)} so. See deploy/secrets.toml.example.")
    if not allowed.get("domains") and not allowed.get("emails"):
        raise ValueError("Sign-in is on and [allowed] lets nobody in: give domains or emails, or take [auth] out.")


def _allowed() -> Mapping[str, Any]:
    from streamlit.runtime.secrets import secrets_singleton

    return secrets_singleton.get("allowed", {}) if secrets_singleton.load_if_toml_exists() else {}


def why_not(claims: Mapping[str, Any]) -> str:
    """Why these claims of the provider do not let somebody in: `UNVERIFIED` or `NOT_LISTED`; "" if they do."""
    allowed, address = _allowed(), _plain(claims.get("email"))
    if not _is_verified(claims, allowed.get("provider_vouches", False)):
        return UNVERIFIED
    emails = {_plain(each) for each in allowed.get("emails", ())}
    domains = {_plain(each).removeprefix("@") for each in allowed.get("domains", ())}
    name, _, domain = address.rpartition("@")
    return "" if name and domain and (address in emails or domain in domains) else NOT_LISTED


def _is_verified(claims: Mapping[str, Any], vouches: bool) -> bool:
    """Whether the provider says that the address is this person's; some write it as text, and some not at all."""
    stated = claims.get("email_verified")
    return vouches if stated is None else stated in (True, "true")


def _plain(address: Any) -> str:
    """An address in small letters; other alphabets stay, since some of their letters become Latin ones."""
    text = address.strip() if isinstance(address, str) else ""
    return text.lower() if text.isascii() else text


def _claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the provider said of the one who sent these cookies; empty without Streamlit's valid signature."""
    from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri
    from streamlit.web.server.server_util import get_cookie_secret
    from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

    def signed(name: str) -> bytes | None:
        given = cookies.get(name)
        return decode_signed_value(get_cookie_secret(), name, given.encode("latin-1")) if given else None

    raw = get_cookie_with_chunks(signed, USER_COOKIE_NAME)
    claims = json.loads(raw) if raw else {}
    return claims if claims.get("origin") == get_origin_from_redirect_uri() and claims.get("is_logged_in") else {}


class Guard:
    """Answers 403 in words to who is not let in; what it lets through is kept by no cache that others share."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if not is_on() or _allowed().get("files_open"):
            return await self.app(scope, receive, send)
        claims = _claims(HTTPConnection(scope).cookies)
        reason = why_not(claims) if claims else "not signed in"
        if reason:
            logs.tell("file_refused", reason=reason)
            headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
            return await PlainTextResponse(REFUSED, 403, headers)(scope, receive, send)

        async def send_private(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Cache-Control"] = headers.get("Cache-Control", "").replace("public", "private") or "private"
                headers.add_vary_header("Cookie")
            await send(message)

        return await self.app(scope, receive, send_private)


GUARD = [Middleware(Guard)]  # of each route that gives a file or a feed


def provider_answers() -> bool:
    """Whether the provider can be reached now: asked before a reader is sent to it, so that there are words if not."""
    import requests
    from streamlit.auth_util import get_secrets_auth_section

    try:
        found = requests.get(get_secrets_auth_section()["server_metadata_url"], timeout=5)
        return found.ok and "authorization_endpoint" in found.json()
    except (requests.RequestException, ValueError):
        return False
