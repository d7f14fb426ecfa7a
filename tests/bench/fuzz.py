"""A million hostile inputs for every reader: `python -m tests.fuzz` with its own words, here as figures."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bench.figure import Figure, at_least, at_most

INPUTS = 1_000_000
READ = Figure(
    "fuzz: inputs read or refused", None, "inputs", at_least(INPUTS), "links, plans, uploads, saved plans' ids"
)
FAULTS = Figure("fuzz: crashes, hangs, stack traces", None, "", at_most(0))
GROWTH = Figure("fuzz: growth of memory", None, "MB", at_most(64), "the last two thirds of a run, the worst process")
SLOWEST = Figure("fuzz: the slowest input", None, "s", at_most(2), "of processor time")
NOT_RUN = (READ, FAULTS, GROWTH, SLOWEST)


def lines() -> Iterator[str | Figure]:
    """The whole run: some twenty minutes on two cores."""
    from dataclasses import replace

    from tests.fuzz.__main__ import HEADER, SHARES, row

    yield HEADER
    rows = []
    for kind, part in SHARES.items():
        found = row(kind, 1, round(INPUTS * part), 2)
        rows.append(found)
        yield from found.lines
    yield replace(READ, value=float(sum(found.whole.inputs for found in rows)))
    yield replace(FAULTS, value=float(sum(len(found.whole.faults) for found in rows)))
    yield replace(GROWTH, value=max(found.growth_mb for found in rows))
    yield replace(SLOWEST, value=max(found.whole.slowest[0][0] for found in rows))
