"""`python -m tests.fuzz`: a million hostile inputs for every reader, and what they came to.

Each input follows from `--seed` and its number, so that a fault can be made again: `--only links --number 123`.
Two processes read them; one that dies or hangs is a fault like any other. Exit status 1 where there was one.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic

from tests.fuzz import kinds
from tests.fuzz.judge import CHANGING, tried
from tests.fuzz.smaller import smaller
from tests.fuzz.workers import Share, watched

SHARES = {"uploads": 0.13, "plans": 0.12, "route": 0.3, "links": 0.45}
HEADER = "kind        inputs   an input, ms   a second   outcomes   slowest, s   memory grew, MB   faults"
MOST_GROWTH_MB = 64.0
MS_PER_S = 1e3
FAULTS_SHOWN = 12


def main(arguments: list[str] | None = None) -> int:
    """Read, count, tell."""
    parser = argparse.ArgumentParser("python -m tests.fuzz", description="Hostile inputs for every reader.")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="how many, all kinds together")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other inputs")
    parser.add_argument("--only", choices=list(kinds.KINDS), help="one kind alone")
    parser.add_argument("--number", type=int, help="make and read one input, and show it")
    parser.add_argument("--processes", type=int, default=2)
    said = parser.parse_args(arguments)
    if said.number is not None:
        return one(said.only or "links", said.seed, said.number)
    began_s, failed = monotonic(), False
    shares = {said.only: 1.0} if said.only else SHARES
    print(HEADER)
    for kind, part in shares.items():
        found = row(kind, said.seed, round(said.inputs * part), said.processes)
        print("\r", *found.lines, sep="\n", flush=True)
        failed |= bool(found.whole.faults) or found.growth_mb > MOST_GROWTH_MB
    print(
        f"{said.inputs:,} inputs of seed {said.seed}, {monotonic() - began_s:,.0f} s: {'faults' if failed else 'sound'}"
    )
    return int(failed)


@dataclass(frozen=True, slots=True)
class Row:
    """What the inputs of a kind came to, and its lines in the table, faults below it."""

    whole: Share
    growth_mb: float
    lines: tuple[str, ...]


def row(kind: str, seed: int, count: int, processes: int) -> Row:
    """Read so many inputs of a kind; the progress stands on standard error."""
    began_s = monotonic()
    parts = [range(number, count, processes) for number in range(processes)]
    done, lock = 0, Lock()

    def tell(more: int) -> None:
        nonlocal done
        with lock:
            done += more
            print(f"\r{kind}: {done:,} of {count:,}", end="", file=sys.stderr, flush=True)

    with ThreadPoolExecutor(processes) as pool:
        shares = list(pool.map(lambda part: watched(kind, seed, part, tell), parts))
    whole = Share()
    for share in shares:
        whole.join(share)
    growth_mb, took_s = max(share.growth_mb for share in shares), monotonic() - began_s
    line = (
        f"{kind:<9}{whole.inputs:>9,}{whole.busy_s / max(whole.inputs, 1) * MS_PER_S:>15.2f}"
        f"{whole.inputs / took_s:>11,.0f}{len(whole.outcomes):>11,}{whole.slowest[0][0]:>13.2f}{growth_mb:>18.1f}"
        f"{len(whole.faults):>9}"
    )
    sorts = {CHANGING.sub("_", fault)[:60]: (number, fault) for number, fault in reversed(whole.faults)}
    told = [f"  --only {kind} --seed {seed} --number {number}: {fault}" for number, fault in sorts.values()]
    return Row(whole, growth_mb, (line, *told[:FAULTS_SHOWN]))


def one(kind: str, seed: int, number: int) -> int:
    """Make and read one input, and show the least of it that does the same."""
    made, read = kinds.made(kind, seed, number), kinds.KINDS[kind].read
    outcome, fault, seconds = tried(lambda: read(made))
    print(f"{made.way} {made.name}, {len(made.raw):,} bytes, {seconds:.2f} s: {fault or outcome}")
    if not fault:
        print(made.raw[:2_000])
        return 0
    sort = CHANGING.sub("_", fault)[:60]
    least = smaller(
        made.raw, lambda raw: CHANGING.sub("_", tried(lambda: read(replace(made, raw=raw)))[1])[:60] == sort
    )
    print(f"{len(least):,} bytes do the same: {least[:2_000]!r}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
