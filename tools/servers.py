"""Servers of the dashboard for a measurement: on free ports of this machine, ended with the block that started them."""

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = ROOT / "deploy" / "nginx.conf"


@dataclass(frozen=True)
class Server:
    """A process of the dashboard, and its address."""

    process: subprocess.Popen
    address: str


@contextmanager
def serve(script: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """A page, served as one tries it, on a free port of this machine."""
    port = free_port()
    options = ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true"]
    command = [sys.executable, "-m", "streamlit", "run", str(script), *options]
    with running(command, port) as server:
        yield server, port


@contextmanager
def serve_many() -> Iterator[Server]:
    """The dashboard, served as to many readers."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--port", str(port), "--log-level", "warning"]
    with running([*command, "--no-access-log"], port) as server:
        yield Server(server, f"http://127.0.0.1:{port}")


@contextmanager
def serve_replicas(count: int) -> Iterator[tuple[list[Server], str]]:
    """So many processes of the dashboard behind nginx with the site in `deploy/`, and the address of nginx."""
    with ExitStack() as stack:
        servers = [stack.enter_context(serve_many()) for _ in range(count)]
        yield servers, stack.enter_context(behind_proxy([server.address for server in servers]))


@contextmanager
def behind_proxy(addresses: Sequence[str]) -> Iterator[str]:
    """nginx in front of the servers at these addresses: its own address.

    Raises:
        FileNotFoundError: there is no nginx; the text says what to do.
    """
    nginx = os.environ.get("NGINX") or shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if not nginx:
        raise FileNotFoundError("There is no nginx: install it, or name it in the environment variable NGINX.")
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        text = (
            f"daemon off; pid {folder}/pid; error_log stderr crit; events {{ worker_connections 4096; }}\n"
            f"http {{ default_type application/octet-stream; {temporary}\n{site(port, addresses)} }}\n"
        )
        Path(folder, "nginx.conf").write_text(text, "utf-8")
        with running([nginx, "-e", "stderr", "-p", folder, "-c", f"{folder}/nginx.conf"], port):
            yield f"http://127.0.0.1:{port}"


def site(port: int, addresses: Sequence[str]) -> str:
    """The documented site, on this port and in front of these servers; nothing else of it is changed."""
    text = SITE.read_text("utf-8").replace("listen 80;", f"listen 127.0.0.1:{port};")
    servers = "".join(rf"server {each.removeprefix('http://')}\1;" for each in addresses)
    text = re.sub(r"(?<!# )server 127\.0\.0\.1:8501( [^;]*);", servers, text)
    return re.sub(r"error_log \S+ crit;", "error_log stderr crit;", text)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen]:
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        yield server
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, seconds: float = 60) -> None:
    """Raises:
    TimeoutError: nothing answers there.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310  (our own server)  # nosec B310  # our own server
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} did not answer within {seconds:.0f} seconds.")


def cpu_seconds(pid: int) -> float:
    """Seconds of the processor that a process has used."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
