"""A file on a Dask cluster of real processes: the bytes of one worker, each row once, also where a worker dies."""

import signal
from functools import partial
from threading import Timer

import pytest

from core.__main__ import main
from core.batch import cluster
from core.batch.cluster import on_cluster
from core.batch.estimate_table import csv_lines
from core.batch.source import opened
from core.headless.cases import UnusableError
from core.headless.estimate import KNOWN
from tests.batch.dask_processes import address_in, scheduler, worker
from tests.bench.batch_cases import write_cases

pytest.importorskip("distributed")
ROWS, BLOCK_BYTES = 6_000, 12_000


@pytest.fixture(scope="module")
def processes(tmp_path_factory):
    """Processes by name, ended when the tests are done; the scheduler's address."""
    started = {}
    try:
        said = tmp_path_factory.mktemp("dask") / "scheduler.json"
        started["scheduler"] = scheduler(said)
        for name in ("first", "second"):
            started[name] = worker(said, name)
        yield started, address_in(said, started["scheduler"])
    finally:
        for process in started.values():
            process.kill()
        for process in started.values():
            process.wait()


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """A file of some thirty blocks, and its answers by one worker."""
    folder = tmp_path_factory.mktemp("cases")
    write_cases(folder / "cases.csv", ROWS, seed=8)
    assert main(["estimate", str(folder / "cases.csv"), "-o", str(folder / "alone.csv"), "--workers", "1"]) == 1
    return folder / "cases.csv", (folder / "alone.csv").read_bytes()


def answered(address, path, on_block=lambda number: None):
    """The answers by a cluster, block by block."""
    found = []
    with opened(path, KNOWN, BLOCK_BYTES) as source:
        work = partial(csv_lines, columns=tuple(source.columns), file=path.name)
        for number, one in enumerate(on_cluster(address, work, source.blocks)):
            found.append(one)
            on_block(number)
    return found


def test_a_scheduler_that_has_no_worker_is_told(cases, monkeypatch):
    """Of a client that stands in for Dask's: no block is ever answered, as no worker is there."""

    class Idle:
        def result(self, timeout):
            raise TimeoutError

    class Lonely:
        def submit(self, *_, **__):
            return Idle()

        def nthreads(self):
            return {}

    monkeypatch.setattr(cluster, "WORKER_S", 0.0)
    with opened(cases[0], KNOWN) as source, pytest.raises(UnusableError) as caught:
        list(cluster.Run(Lonely(), "tcp://there:8786", csv_lines).answers(source.blocks))
    assert str(caught.value) == "tcp://there:8786: the Dask scheduler has had no worker for 0 s"


def test_a_worker_that_dies_loses_no_row_and_doubles_none(processes, cases):
    started, address = processes
    path, alone = cases
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=30)
        first = next(key for key, one in client.scheduler_info()["workers"].items() if one["name"] == "first")
        busy = []

        def kill_the_first():
            busy.extend(client.processing()[first])
            started["first"].kill()

        def stall_the_first(number):  # so that what it is given stays in its hands until it dies
            if number == 3:
                started["first"].send_signal(signal.SIGSTOP)
                Timer(0.3, kill_the_first).start()

        found = answered(address, path, stall_the_first)
        assert len(client.nthreads()) == 1
    assert busy
    assert len(found) > 30
    lines = alone.partition(b"\n")[2]
    assert b"".join(one.data for one in found) == lines
    names = [line.split(b",", 1)[0] for line in lines.splitlines()]
    assert names == [f"case {number}".encode() for number in range(ROWS)]


def test_the_command_writes_the_same_file_on_a_cluster(processes, cases, tmp_path):
    path, alone = cases
    out = tmp_path / "out.csv"
    assert main(["estimate", str(path), "-o", str(out), "--scheduler", processes[1]]) == 1
    assert out.read_bytes() == alone


def test_many_plans_come_to_the_same_on_a_cluster(processes, tmp_path):
    path, here, there = (tmp_path / name for name in ("plans.csv", "here.csv", "there.csv"))
    path.write_text("plan_id,record,id,region\n" + "".join(f"{n},workload,A,FR\n" for n in range(12)), encoding="utf-8")
    assert main(["plan", str(path), "-o", str(here), "--workers", "1"]) == 0
    assert main(["plan", str(path), "-o", str(there), "--scheduler", processes[1]]) == 0
    assert here.read_bytes() == there.read_bytes()
    assert here.read_bytes().count(b"\n") == 1 + 12 * 20


def test_a_worker_of_another_version_is_told_and_nothing_is_written(processes, cases, tmp_path, monkeypatch, capsys):
    found = cluster.versions()
    monkeypatch.setattr(cluster, "versions", lambda: "data of old")
    asked = ["estimate", str(cases[0]), "-o", str(tmp_path / "out.csv"), "--scheduler", processes[1]]
    assert main(asked) == 2
    said = f"a worker has {found}; this computer has data of old; install the same version on all\n"
    assert capsys.readouterr().err == said
    assert list(tmp_path.iterdir()) == []


def test_a_scheduler_that_dies_is_told(processes, cases):
    started, address = processes
    with pytest.raises(UnusableError, match=r"the Dask scheduler went away during the run$"):
        answered(address, cases[0], lambda number: started["scheduler"].kill() if number == 1 else None)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:1", "tcp://127.0.0.1:1: no Dask scheduler answers there within 0.2 s"),
        ("cluster", "cluster: this is no address of a Dask scheduler; it must read as tcp://host:8786"),
    ],
)
def test_an_address_at_which_no_scheduler_answers_is_told(address, said, cases, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cluster, "CONNECT_S", 0.2)
    out = tmp_path / "out.csv"
    assert main(["estimate", str(cases[0]), "-o", str(out), "--scheduler", address]) == 2
    assert capsys.readouterr().err == f"{said}\n"
    assert not out.exists()


def test_threads_here_and_a_cluster_exclude_each_other(cases, capsys):
    assert main(["estimate", str(cases[0]), "--workers", "2", "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "exclude each other" in capsys.readouterr().err
