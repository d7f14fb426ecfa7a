"""Batches at scale: ten million cases on one worker and on two, threads and a Dask cluster, and their memory.

`python -m tests.bench.batch [ROWS]` takes another number of rows. Some gigabytes lie in the system's folder for
temporary files while it runs.
"""

import csv
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.plan.example import FILE
from tests.batch.dask_processes import address_in, scheduler, there, worker
from tests.bench.batch_cases import write_cases
from tests.bench.figure import Figure, at_least, at_most

ROOT = Path(__file__).parents[2]
ROWS = 10_000_000
PLANS = 1_500
KB_PER_MB = 1024
FEWER = 10  # so many times fewer rows for the comparison of memory
HALF = 2  # so many times fewer on the cluster
WARMING = 25  # so many times fewer again before that: each worker meets every setting once

NAMES = {
    "two": ("batch: estimate, 1 to 2 threads", "times", at_least(1.7)),
    "pace": ("batch: estimate, rows a second on 2 threads", "rows/s", None),
    "peak": ("batch: estimate, peak memory on 2 threads", "MB", None),
    "growth": ("batch: estimate, peak memory of all rows over that of a tenth", "times", at_most(1.1)),
    "cluster": ("batch: estimate, 1 to 2 Dask workers", "times", at_least(1.7)),
    "plans": ("batch: plan, 1 to 2 processes", "times", at_least(1.7)),
    "plans_pace": ("batch: plan, plans of six workloads a second on 2 processes", "plans/s", None),
}
NOT_RUN = tuple(Figure(name, None, unit, aim) for name, unit, aim in NAMES.values())


def figure(key, value, note):
    """A measured figure."""
    name, unit, aim = NAMES[key]
    return Figure(name, value, unit, aim, note)


def run(command, source, target, *how):
    """Run a command to its end: seconds, peak memory of its own process in MB, digest of what it wrote."""
    asked = [sys.executable, "-m", "core", command, str(source), "-o", str(target), "--quiet", *how]
    began = time.monotonic()
    process = subprocess.Popen(asked, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    lasted_s = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command} ended with status {process.returncode}")
    digest = hashlib.sha256()
    with target.open("rb") as file:
        while data := file.read(1 << 22):
            digest.update(data)
    target.unlink()
    return lasted_s, used.ru_maxrss / KB_PER_MB, digest.hexdigest()


def same(*digests):
    """Stop where files differ that must not."""
    if len(set(digests)) != 1:
        raise AssertionError("the same file came to different answers")


def on_threads(folder, rows):
    """One thread, two threads, and two on a tenth of the rows."""
    source, small, out = (folder / name for name in ("cases.csv", "few.csv", "out.csv"))
    write_cases(source, rows)
    write_cases(small, rows // FEWER)
    _, small_mb, _ = run("estimate", small, out, "--workers", "2")
    two_s, two_mb, two = run("estimate", source, out, "--workers", "2")
    yield f"{rows:,} cases on two threads: {two_s:.0f} s, {two_mb:.0f} MB; a tenth of them {small_mb:.0f} MB"
    one_s, one_mb, one = run("estimate", source, out, "--workers", "1")
    yield f"{rows:,} cases on one thread: {one_s:.0f} s, {one_mb:.0f} MB"
    same(one, two)
    note = f"{rows:,} rows of CSV, equal files"
    yield figure("two", one_s / two_s, note)
    yield figure("pace", rows / two_s, note)
    yield figure("peak", two_mb, note)
    yield figure("growth", two_mb / small_mb, note)
    source.unlink()


def on_a_cluster(folder, rows):
    """One Dask worker of one thread, then two; both have answered a few rows before."""
    source, warming, out = (folder / name for name in ("half.csv", "warming.csv", "out.csv"))
    write_cases(source, rows)
    write_cases(warming, max(rows // WARMING, 1))
    said = folder / "scheduler.json"
    started = [scheduler(said)]
    try:
        address = address_in(said, started[0])
        lasted, digests = [], []
        for name in ("first", "second"):
            started.append(worker(said, name))
            there(address, len(started) - 1)
            run("estimate", warming, out, "--scheduler", address)
            seconds, _, digest = run("estimate", source, out, "--scheduler", address)
            lasted.append(seconds)
            digests.append(digest)
            yield f"{rows:,} cases on a cluster, {len(lasted)} worker{'s'[: len(lasted) - 1]}: {seconds:.0f} s"
        same(*digests)
        yield figure("cluster", lasted[0] / lasted[1], f"{rows:,} rows, equal files")
    finally:
        for process in started:
            process.kill()
            process.wait()


def write_plans(path, count):
    """The example, so many times under names of their own, each with another demand."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["plan_id", *rows[0]], lineterminator="\n")
        writer.writeheader()
        for number in range(count):
            for row in rows:
                more = {"requests_per_day": str(1_000 + number)} if row["kind"] == "inference" else {}
                writer.writerow({"plan_id": f"P{number}"} | row | more)


def of_plans(folder, count):
    """Many plans on one process and on two."""
    source, out = folder / "plans.csv", folder / "out.csv"
    write_plans(source, count)
    two_s, _, two = run("plan", source, out, "--workers", "2")
    one_s, _, one = run("plan", source, out, "--workers", "1")
    same(one, two)
    yield f"{count:,} plans of six workloads: {one_s:.0f} s on one process, {two_s:.0f} s on two"
    yield figure("plans", one_s / two_s, f"{count:,} plans, equal files")
    yield figure("plans_pace", count / two_s, "six workloads, ten years, 256 draws")


def lines(rows=ROWS):
    """Every measurement as it is done."""
    with tempfile.TemporaryDirectory(prefix="glidepath-batch-") as name:
        folder = Path(name)
        yield from on_threads(folder, rows)
        yield from on_a_cluster(folder, rows // HALF)
        yield from of_plans(folder, max(PLANS * rows // ROWS, 20))


if __name__ == "__main__":
    for line in lines(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS):
        print(line, flush=True)
