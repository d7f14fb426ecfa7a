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
from typing import NamedTuple

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


def figure(key, value, note, why_short=""):
    """A measured figure."""
    name, unit, aim = NAMES[key]
    return Figure(name, value, unit, aim, note, why_short)


class Ran(NamedTuple):
    """What a command took: seconds by the clock and of a processor, peak memory, and a digest of what it wrote."""

    lasted_s: float
    processor_s: float
    peak_mb: float
    digest: str


def run(command, source, target, *how):
    """Run a command to its end; processor and memory are those of its own process."""
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
    return Ran(lasted_s, used.ru_utime + used.ru_stime, used.ru_maxrss / KB_PER_MB, digest.hexdigest())


def same(*runs):
    """Stop where files differ that must not."""
    if len({one.digest for one in runs}) != 1:
        raise AssertionError("the same file came to different answers")


def on_threads(folder, rows):
    """One thread, two threads, and two on a tenth of the rows."""
    source, small, out = (folder / name for name in ("cases.csv", "few.csv", "out.csv"))
    write_cases(source, rows)
    write_cases(small, rows // FEWER)
    few = run("estimate", small, out, "--workers", "2")
    two = run("estimate", source, out, "--workers", "2")
    told = f"{two.lasted_s:.0f} s, {two.processor_s:.0f} s of a processor, {two.peak_mb:.0f} MB"
    yield f"{rows:,} cases on two threads: {told}; a tenth of them {few.peak_mb:.0f} MB"
    one = run("estimate", source, out, "--workers", "1")
    told = f"{one.lasted_s:.0f} s, {one.processor_s:.0f} s of a processor, {one.peak_mb:.0f} MB"
    yield f"{rows:,} cases on one thread: {told}"
    same(one, two)
    note = f"{rows:,} rows of CSV, equal files"
    yield figure("two", one.lasted_s / two.lasted_s, note)
    yield figure("pace", rows / two.lasted_s, note)
    yield figure("peak", two.peak_mb, note)
    yield figure("growth", two.peak_mb / few.peak_mb, note)
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
        found = []
        for name in ("first", "second"):
            started.append(worker(said, name))
            there(address, len(started) - 1)
            run("estimate", warming, out, "--scheduler", address)
            found.append(run("estimate", source, out, "--scheduler", address))
            told = f"{found[-1].lasted_s:.0f} s, of which the client {found[-1].processor_s:.1f} s of a processor"
            yield f"{rows:,} cases on a cluster, {len(found)} worker{'s'[: len(found) - 1]}: {told}"
        one, two = found
        same(one, two)
        why = (
            f"the client, which two workers share {os.cpu_count()} processors with and one does not, "
            f"took {two.processor_s:.1f} s of one in {two.lasted_s:.0f} s"
        )
        yield figure("cluster", one.lasted_s / two.lasted_s, f"{rows:,} rows, equal files", why)
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
    two = run("plan", source, out, "--workers", "2")
    one = run("plan", source, out, "--workers", "1")
    same(one, two)
    yield f"{count:,} plans of six workloads: {one.lasted_s:.0f} s on one process, {two.lasted_s:.0f} s on two"
    yield figure("plans", one.lasted_s / two.lasted_s, f"{count:,} plans, equal files")
    yield figure("plans_pace", count / two.lasted_s, "six workloads, ten years, 256 draws")


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
