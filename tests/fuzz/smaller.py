"""A faulty input made as small as it gets while the fault stays the same."""

from __future__ import annotations

from collections.abc import Callable

MOST_TRIES = 2_000


def smaller(raw: bytes, still: Callable[[bytes], bool], most_tries: int = MOST_TRIES) -> bytes:
    """The bytes without whatever can go, larger parts first.

    >>> smaller(b"abcXdefYgh", lambda some: b"X" in some and b"Y" in some)
    b'XY'
    """
    tries, size = 0, max(len(raw) // 2, 1)
    while size and tries < most_tries:
        start, shorter = 0, False
        while start < len(raw) and tries < most_tries:
            without = raw[:start] + raw[start + size :]
            tries += 1
            if still(without):
                raw, shorter = without, True
            else:
                start += size
        size = size if shorter and size == 1 else size // 2
    return raw
