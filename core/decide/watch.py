"""How far long work is, told to whoever watches it; and whether it shall end early, with what it has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event


@dataclass
class Watch:
    """What one reader sees of work at hand: its step, and how much of that is done."""

    step: str = ""
    done: int = 0
    total: int = 0
    ended: Event = field(default_factory=Event)


_watch: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Watch | None) -> Iterator[None]:
    """Work inside tells this watch how far it is."""
    before = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(before)


def at(step: str, done: int, total: int) -> bool:
    """Tell how far the work is; whether it shall go on."""
    watch = _watch.get()
    if watch is not None:
        watch.step, watch.done, watch.total = step, done, total
    return not ended()


class EndedError(Exception):
    """The reader stopped work that has nothing to show yet."""


def go_on(step: str, done: int, total: int) -> None:
    """The same of work that is worth nothing before its end."""
    if not at(step, done, total):
        raise EndedError


def ended() -> bool:
    """Whether the reader stopped the work."""
    watch = _watch.get()
    return watch is not None and watch.ended.is_set()
