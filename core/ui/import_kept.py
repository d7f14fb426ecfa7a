"""Drafts of an import that outlive a reload of their page: in memory, by a number that their tab knows."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock, Timer
from time import monotonic

MOST_KEPT = 16
KEPT_S = 3_600.0
SWEPT_EVERY_S = 60.0


@dataclass(frozen=True, slots=True)
class _Held:
    what: object
    until_s: float


_held: OrderedDict[str, _Held] = OrderedDict()
_lock = Lock()
_swept: list[Timer] = []  # the next sweep, where one is due


def keep(token: str, what: object, kept_s: float = KEPT_S) -> None:
    """Keep something for that long from now, unless newer ones need its place."""
    with _lock:
        _held[token] = _Held(what, monotonic() + kept_s)
        _held.move_to_end(token)
        while len(_held) > MOST_KEPT:
            _held.popitem(last=False)
        if not _swept:
            _again()


def _sweep() -> None:
    """Put away what is over its time; as long as anything is kept, again a while later."""
    with _lock:
        for token in [token for token, one in _held.items() if one.until_s <= monotonic()]:
            del _held[token]
        _swept.clear()
        if _held:
            _again()


def _again() -> None:
    timer = Timer(SWEPT_EVERY_S, _sweep)
    timer.daemon = True
    _swept.append(timer)
    timer.start()


def kept(token: str) -> object | None:
    """What was kept under a number; None where its time is over."""
    with _lock:
        found = _held.get(token)
    return found.what if found is not None and found.until_s > monotonic() else None


def drop(token: str) -> None:
    """Put it away now."""
    with _lock:
        _held.pop(token, None)
