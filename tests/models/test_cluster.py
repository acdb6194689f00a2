"""A Dask cluster of separate processes: the same numbers as one machine, a worker killed, strangers kept out."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import dask
import pandas as pd
import pytest
import trustme
from dask.distributed import Client
from joblib import Parallel, delayed

from models import backtest as rolling
from models import forecast
from tests.models.invented import Invented, task_of

pytestmark = pytest.mark.usefixtures("short_record")
RESAMPLES = 6
PATIENCE = 120  # seconds


@contextmanager
def running(part: str, *arguments: str) -> Iterator[subprocess.Popen]:
    """`dask scheduler` or `dask worker` in a process of its own; a worker has no nanny that would start it anew."""
    command = [sys.executable, "-m", "dask", part, *arguments, "--no-dashboard"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@contextmanager
def cluster(*options: str, workers: int = 2) -> Iterator[tuple[str, list[subprocess.Popen]]]:
    """The address of a scheduler on this machine, and the processes of its workers."""
    with ExitStack() as open_ones:
        scheduler = open_ones.enter_context(running("scheduler", "--host", "127.0.0.1", "--port", "0", *options))
        address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
        drain(scheduler)
        each = ("worker", address, "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1", *options)
        started = [open_ones.enter_context(running(*each)) for _ in range(workers)]
        for worker in started:
            drain(worker)
        yield address, started


def drain(process: subprocess.Popen) -> None:
    """What it says is read on, so that it never waits for a reader."""
    threading.Thread(target=process.stderr.read, daemon=True).start()


def kill_in_the_middle(client: Client, pid: int, killed: list[int]) -> threading.Thread:
    """Once the worker of this process is at work on some tasks, and some are done, it gets SIGKILL."""
    victim = next(address for address, its in client.run(os.getpid).items() if its == pid)

    def watch() -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            at_work = client.processing().get(victim, ())
            if at_work and any(client.has_what().values()):
                os.kill(pid, signal.SIGKILL)
                killed.append(len(at_work))
                return
            time.sleep(0.02)  # between two looks

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def resampled(task: rolling.Task, raw: pd.DataFrame) -> pd.DataFrame:
    return forecast.replicates(task, raw, task.last_origin, number=RESAMPLES)


def test_backtest_and_resamples_are_those_of_one_machine_to_the_bit_though_a_worker_is_killed():
    task = task_of(Invented())
    raw = rolling.raw_forecasts(task)
    drawn = resampled(task, raw)
    for make, expected in ((rolling.raw_forecasts, raw), (lambda task: resampled(task, raw), drawn)):
        killed: list[int] = []
        with cluster() as (address, workers), Client(address, timeout=PATIENCE) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
            killer = kill_in_the_middle(client, workers[0].pid, killed)
            with rolling.workers(scheduler=address):
                made = make(task)
            killer.join()
            assert workers[0].wait(PATIENCE) == -signal.SIGKILL
            assert workers[1].poll() is None
        assert killed, "no work had begun"
        pd.testing.assert_frame_equal(made, expected, check_exact=True)


def written(folder: Path) -> tuple[str, ...]:
    """Certificates of an authority made for this test, as options of `dask scheduler` and `dask worker`."""
    authority = trustme.CA()
    own = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    own.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    files = {"--tls-ca-file": "ca.pem", "--tls-cert": "cert.pem", "--tls-key": "key.pem"}
    return ("--protocol", "tls", *(word for option, name in files.items() for word in (option, str(folder / name))))


def test_with_tls_only_who_has_a_certificate_of_the_same_authority_is_let_in(tmp_path, monkeypatch):
    monkeypatch.setattr(rolling, "CONNECT", 60)
    with cluster(*written(tmp_path), workers=1) as (address, _):
        assert address.startswith("tls://127.0.0.1:")
        other = tmp_path / "other"
        other.mkdir()
        written(other)
        with dask.config.set(settings(tmp_path)), rolling.workers(scheduler=address):
            pass
        monkeypatch.setattr(rolling, "CONNECT", 5)
        for given, said in ((settings(other), "cannot be reached"), ({}, "asks for a certificate, and none is named")):
            with (
                dask.config.set(given),
                pytest.raises(ConnectionError, match=said),
                rolling.workers(scheduler=address),
            ):
                pytest.fail("let in")


def settings(folder: Path) -> dict[str, str]:
    """What DASK_DISTRIBUTED__COMM__TLS__… in the environment says of a client's certificates."""
    client = {"client.cert": "cert.pem", "client.key": "key.pem", "ca-file": "ca.pem"}
    return {f"distributed.comm.tls.{name}": str(folder / file) for name, file in client.items()}


def test_a_scheduler_that_dies_is_named(monkeypatch):
    monkeypatch.setattr(rolling, "CONNECT", 3)
    with running("scheduler", "--host", "127.0.0.1", "--port", "0") as scheduler:
        address = next(line.split()[-1] for line in scheduler.stderr if "Scheduler at:" in line)
        with running("worker", address, "--nworkers", "2", "--nthreads", "1"):
            with Client(address) as client:
                client.wait_for_workers(2)  # with one, joblib would do the work here
            threading.Timer(3, scheduler.kill).start()
            with (
                pytest.raises(ConnectionError, match=f"scheduler {address} was lost. What is done is kept"),
                rolling.workers(scheduler=address),
            ):
                Parallel()(delayed(time.sleep)(30) for _ in range(2))


def test_a_scheduler_that_cannot_be_reached_is_named(monkeypatch):
    monkeypatch.setattr(rolling, "CONNECT", 1)
    with (
        pytest.raises(
            ConnectionError, match=r"scheduler tcp://127.0.0.1:9 cannot be reached .* run without --scheduler"
        ),
        rolling.workers(scheduler="tcp://127.0.0.1:9"),
    ):
        pytest.fail("reached")
