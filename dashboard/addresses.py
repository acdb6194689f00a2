"""The release's files at addresses of their own, `/releases/2026-11/scores.parquet`: for programs, beside the pages.

Nothing is served but what a release's datapackage.json names, that file itself, and the list of hashes made from it:
a name in the address is looked up there and never becomes a path.
"""

import re

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

import release
from dashboard import access

PREFIX = "/releases"
PACKAGE, SUMS = "datapackage.json", "SHA256SUMS"
SHOWN = 60  # characters of a name that is not known
SAFE = {"X-Content-Type-Options": "nosniff", "Access-Control-Allow-Origin": "*"}
MEDIA = {  # by the name's end, never as the package says: no file of a release is a page of this site
    **{".csv": "text/csv", ".gz": "text/csv", ".parquet": "application/vnd.apache.parquet"},
    **{".md": "text/markdown", ".json": "application/json"},
}
OTHER = "application/octet-stream"
HASH = re.compile(r"sha256:[0-9a-f]{64}")
CUT = (KeyError, TypeError, AttributeError)  # what a package without a field, or with another kind of it, leads to
KEPT = "public, max-age=0, must-revalidate"  # a release can be built anew under its id


def routes() -> list[Route]:
    """The addresses, for the application that serves the dashboard."""
    return [
        Route(f"{PREFIX}/{{id}}/{{file}}", answer, middleware=access.GUARD),
        Route(f"{PREFIX}/{{rest:path}}", answer_in_words, middleware=access.GUARD),
    ]


def answer(request: Request) -> Response:
    """One file of a release, a part of it, or 304 if the asker has it already; 404 in words."""
    id, name = request.path_params["id"], request.path_params["file"]
    try:
        if id not in release.ids():
            return _absent(f"There is no release {id[:SHOWN]!r} here; there is: {_list_ids()}.")
        found = release.load(id)
        return _answer(found, name, request.headers)
    except (release.ReleaseError, OSError, *CUT) as error:
        return PlainTextResponse(f"The release {id} cannot be read now. {error}\n", 503, SAFE)


def _answer(found: release.Release, name: str, asked: Headers) -> Response:
    files = {file["path"]: file for file in found.package["resources"]}
    if name == SUMS:
        return PlainTextResponse(sums(found.package["resources"]), headers=SAFE)
    if name not in files and name != PACKAGE:
        return _absent(
            f"Release {found.id} has no file {name[:SHOWN]!r}; it has: {', '.join([*files, PACKAGE, SUMS])}."
        )
    path, stated = found.file(name), files.get(name, {}).get("hash", "")
    tag = f'"{stated if HASH.fullmatch(stated) else path.stat().st_mtime_ns}"'
    headers = SAFE | {"ETag": tag, "Cache-Control": KEPT}
    if tag in [each.strip().removeprefix("W/") for each in asked.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers=headers)
    # a release's bytes go out as they are: packed again they would have another length, and parts of them no place
    return FileResponse(
        path, headers=headers | {"Content-Encoding": "identity"}, media_type=MEDIA.get(path.suffix, OTHER)
    )


def answer_in_words(request: Request) -> Response:
    """What the addresses look like, for those that have none."""
    return _absent(f"Ask for {PREFIX}/RELEASE/FILE, with a FILE of its {PACKAGE}. Releases here: {_list_ids()}.")


def _list_ids() -> str:
    try:
        return ", ".join(release.ids()) or "none"
    except release.ReleaseError:  # nothing could be copied
        return "none"


def _absent(text: str) -> Response:
    return PlainTextResponse(f"{text}\n", 404, SAFE)


def sums(files: list[dict], before: str = "") -> str:
    """Hash and name of each file, as `sha256sum -c` reads them; `before`: what stands before each name."""
    return "".join(f"{file['hash'].removeprefix('sha256:')}  {before}{file['path']}\n" for file in files)
