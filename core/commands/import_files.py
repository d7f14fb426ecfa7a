"""The command that reads files of usage into a plan, with its progress on standard error."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from time import monotonic

from core.commands.output import say, written

A_LINE_EVERY_S = 10.0
BYTES_PER_MB = 1e6
BAR_SIGNS = 20


class Progress:
    """Tells how far a reading is: on a terminal in one line, else in a line now and then; nothing of short files."""

    def __init__(self) -> None:
        self._began_s = self._told_s = monotonic()
        self._last_bytes = 0
        self._line = False

    def __call__(self, done_bytes: int, size_bytes: int) -> None:
        """What is read so far, of how much."""
        now = monotonic()
        if done_bytes < self._last_bytes:  # the next kind of files
            self._began_s = now
        self._last_bytes = done_bytes
        lasted = now - self._began_s
        terminal = sys.stderr.isatty()
        if lasted < 1.0 or now - self._told_s < (0.2 if terminal else A_LINE_EVERY_S):
            return
        self._told_s = now
        rate = done_bytes / lasted
        left = f"{(size_bytes - done_bytes) / rate:,.0f} s left" if rate else "waiting"
        text = (
            f"{done_bytes / size_bytes:.0%} of {size_bytes / BYTES_PER_MB:,.0f} MB, "
            f"{rate / BYTES_PER_MB:,.1f} MB/s, {left}"
        )
        bar = "#" * int(BAR_SIGNS * done_bytes / size_bytes)
        shown = f"\r[{bar:<{BAR_SIGNS}}] {text:<60}" if terminal else text
        print(shown, end="" if terminal else "\n", file=sys.stderr, flush=True)
        self._line = terminal

    def end(self) -> None:
        """Leave the line behind."""
        if self._line:
            print(f"\r{'':<{BAR_SIGNS + 63}}\r", end="", file=sys.stderr, flush=True)


class Known(argparse.Action):
    """Lists every kind of file that is known, and leaves."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print and leave."""
        from core.imports.usage.kinds import known_kinds

        lines = (line for family, kinds in known_kinds().items() for line in (f"{family}:", *(f"  {k}" for k in kinds)))
        print("\n".join(lines), flush=True)
        parser.exit()


def wrapped(lines: Sequence[str]) -> Iterator[str]:
    """Lines as they stand; on a terminal cut to its width."""
    if not sys.stderr.isatty():
        yield from lines
        return
    width = get_terminal_size().columns
    for line in lines:
        indent = " " * (len(line) - len(line.lstrip()) + 2)
        yield fill(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def add(added: argparse.ArgumentParser) -> None:
    """The files, the plan they join, and what is said beside them."""
    added.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="usage, a bill or a log, .gz and Parquet too; energy or hours",
    )
    added.add_argument("-o", "--out", type=Path, help="plan CSV to write; standard output when missing")
    added.add_argument("--plan", default="", help="the plan that they join, a CSV or a link; a new one when missing")
    added.add_argument("--zone", default="", help="time zone of times that name none, as Europe/Berlin")
    added.add_argument("--formats", action=Known, nargs=0, help="list every kind of file that is known, and leave")
    added.add_argument("--answer", action="append", default=[], metavar="KEY=VALUE",
                       help="what a file cannot say; the command tells what is asked")  # fmt: skip


def import_files(arguments: argparse.Namespace) -> int:
    """Read usage exports, bills and logs of any size into a plan, new or at hand; what they say is told."""
    from core.commands.plans import read_plan
    from core.headless import import_files as command
    from core.plan import Plan
    from core.table import write_plan

    answers = command.answered(arguments.answer, arguments.zone)
    plan, problems = read_plan(arguments.plan) if arguments.plan else (Plan(name="Our plan"), [])
    progress = Progress()
    try:
        found = command.imported(plan, arguments.files, answers, progress)
    finally:
        progress.end()
    say(list(wrapped([*found.told, *problems, *found.problems])))
    with written(arguments.out) as out:
        out.write(write_plan(found.plan))
    return 1 if problems or found.problems else 0
