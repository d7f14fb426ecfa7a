"""Where a command writes and how it warns."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from core.headless.cases import UnusableError


@contextmanager
def written(path: Path | None) -> Iterator[TextIO]:
    """The output file, or standard output when none is named. A file changes only once all of it is written."""
    if path is None:
        yield sys.stdout
        return
    pipe = path.exists() and not path.is_file()
    unfinished = path if pipe else path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            yield file
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
