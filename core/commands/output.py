"""Where a command writes and how it warns."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from core.headless.cases import UnusableError


@contextmanager
def written(path: Path | None) -> Iterator[TextIO]:
    """The output file, or standard output when none is named. A file changes only once all of it is written."""
    if path is None:
        yield sys.stdout
        return
    with _replaced(path) as unfinished, unfinished.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def written_bytes(path: Path | None) -> Iterator[BinaryIO]:
    """The same for a file that is no text; UnusableError where it would be poured into a terminal."""
    if path is None:
        if sys.stdout.isatty():
            raise UnusableError("this file is no text: name a file to write with -o")
        yield sys.stdout.buffer
        return
    with _replaced(path) as unfinished, unfinished.open("wb") as file:
        yield file


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A path to write to; once that is done it takes the place of the one named. A pipe is written to at once."""
    pipe = path.exists() and not path.is_file()
    unfinished = path if pipe else path.with_name(f".{path.name}.unfinished")
    try:
        yield unfinished
        if not pipe:
            unfinished.replace(path)
    except OSError as error:
        raise UnusableError(f"{path}: {error.strerror or error}") from error
    finally:
        if not pipe:
            unfinished.unlink(missing_ok=True)


def say(problems: Sequence[str]) -> None:
    """Every line on standard error."""
    for line in problems:
        warn(line)


def warn(line: str) -> None:
    """One line on standard error, at once."""
    print(line, file=sys.stderr, flush=True)
