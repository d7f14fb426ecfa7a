"""An input, whatever way it goes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Made:
    """An input: the way in, a name, and bytes. `seed` is for choices that its reading makes, as answers."""

    way: str
    name: str
    raw: bytes
    seed: int = 0
