"""nginx with the documented site, in front of servers of this machine."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.dashboard.conftest import free_port, wait_for

CONF = Path(__file__).parents[2] / "deploy" / "nginx.conf"
NGINX = os.environ.get("NGINX") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def site(port: int, upstreams: list[str]) -> str:
    """The documented site, on this port and in front of these servers; nothing else of it is changed."""
    text = CONF.read_text("utf-8")
    text, listens = re.subn(r"listen 80;", f"listen 127.0.0.1:{port};", text)
    servers = "".join(rf"server {server}\1;" for server in upstreams)
    text, named = re.subn(r"(?<!# )server 127\.0\.0\.1:8501( [^;]*);", servers, text)
    text, logs = re.subn(r"error_log \S+ crit;", "error_log stderr crit;", text)
    assert (listens, named, logs) == (1, 1, 1)
    return text


@contextmanager
def nginx(
    folder: Path, upstreams: list[str], changes: dict[str, str] | None = None, port: int | None = None
) -> Iterator[int]:
    """The port at which the site is served; `changes`: parts of the site by what stands in their place for a test."""
    assert NGINX, "Tests behind a proxy need nginx: install it, or name it in the environment variable NGINX."
    port = port or free_port()
    text = site(port, upstreams)
    for old, new in (changes or {}).items():
        assert old in text
        text = text.replace(old, new)
    (folder / "site.conf").write_text(text, "utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/nginx.pid; error_log stderr crit; events {{}}\n"
        f"http {{ default_type application/octet-stream; {temporary} include {folder}/site.conf; }}\n",
        "utf-8",
    )
    server = subprocess.Popen([NGINX, "-e", "stderr", "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", 120)
        yield port
    finally:
        server.terminate()
        server.wait()
