"""The commands that answer files of any length, on threads or on a cluster."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.commands.output import written_bytes
from core.commands.progress import RowsProgress
from core.headless.cases import UnusableError

if TYPE_CHECKING:
    from core.batch.block import Answered

SCHEDULER = "address of a Dask scheduler that works the blocks out, as tcp://host:8786; all of it must be trusted"
WORKERS = "blocks worked out at a time; as many as there are processors when missing"


def add(added: argparse.ArgumentParser) -> None:
    """How a long file is worked out."""
    added.add_argument("--workers", type=int, metavar="N", help=WORKERS)
    added.add_argument("--scheduler", metavar="ADDRESS", help=SCHEDULER)
    added.add_argument("--quiet", action="store_true", help="no progress on standard error")


def estimate(arguments: argparse.Namespace) -> int:
    """Energy, carbon, water and cost of one request for each row of CASES.csv."""
    from core.batch import estimate_table
    from core.batch.source import opened
    from core.headless.estimate import KNOWN

    with opened(arguments.cases, KNOWN) as source, answers_to(arguments.out) as file:
        parquet = is_parquet(arguments)
        work = partial(estimate_table.table if parquet else estimate_table.csv_lines,
                       columns=tuple(source.columns), file=arguments.cases.name)  # fmt: skip
        target = estimate_table.target(file, source.columns, parquet)
        failed = answered(arguments, work, source.blocks, source.size, target)
    return min(failed, 1)


def plans(arguments: argparse.Namespace) -> int:
    """The results of every plan of a file, under its `plan_id`; 1 where anything was not understood or refused."""
    from core.batch import plan_block
    from core.batch.plans import plan_blocks, size_of

    if arguments.hours:
        raise UnusableError("--hours is for one plan; a file of many takes the reference year, and says so")
    with answers_to(arguments.out) as file:
        parquet = is_parquet(arguments)
        work = plan_block.table if parquet else plan_block.csv_lines
        path = Path(arguments.plan)
        failed = answered(
            arguments, work, plan_blocks(path), size_of(path), plan_block.target(file, parquet), processes=True
        )
    return min(failed, 1)


class Printed:
    """Standard output as a file that takes the bytes of whole lines."""

    def write(self, data: bytes) -> None:
        """Print them as text."""
        sys.stdout.write(data.decode())


@contextmanager
def answers_to(path: Path | None) -> Iterator[Any]:
    """The file of answers, which changes only once all are written; standard output when none is named."""
    if path is None:
        yield Printed()
        return
    with written_bytes(path) as file:
        yield file


def is_parquet(arguments: argparse.Namespace) -> bool:
    """Whether the answers are asked for as Parquet, by the name of their file."""
    return arguments.out is not None and arguments.out.suffix.lower() == ".parquet"


def answered(
    arguments: argparse.Namespace,
    work: Callable[[Any], Answered],
    blocks: Iterable[Any],
    size: int | None,
    target: Any,
    processes: bool = False,
) -> int:
    """Work out every block where it was asked for, write the answers in order; how many rows failed."""
    progress = RowsProgress(size, arguments.quiet)
    failed = done = 0
    try:
        for block in workers_of(arguments, processes)(work, blocks):
            target.add(block)
            failed += block.failed
            done += block.read
            progress.add(block.rows, done)
        target.close()
    finally:
        progress.end()
    return failed


def workers_of(arguments: argparse.Namespace, processes: bool = False) -> Callable[..., Iterator[Answered]]:
    """Who works blocks out: threads of this computer, processes where Python itself is at work, or a cluster."""
    from core.batch.pool import in_order, on_processes

    if arguments.scheduler and arguments.workers is not None:
        raise UnusableError("--workers and --scheduler exclude each other: a cluster has its own workers")
    if arguments.scheduler:
        from core.batch.cluster import on_cluster

        return partial(on_cluster, arguments.scheduler)
    if arguments.workers is not None and arguments.workers < 1:
        raise UnusableError(f"workers is {arguments.workers}; it must be at least 1 worker")
    return partial(on_processes if processes else in_order, workers=arguments.workers or os.cpu_count() or 1)
