"""Whether the 80 % range of the model's error holds four in five of the settings that a fit had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log

from core import catalog as facts
from core.fit.score import BANDS, CLASSES, Held
from core.methods.accuracy import AT_A_TIME, ENERGY, KINDS, LEAST_MODELS, held

SEEN = {"unseen_pair": "seen_gpu", "unseen_gpu": "unseen_gpu"}  # hold-out -> which of the ranges is its own


@dataclass(frozen=True, slots=True)
class Covered:
    """The rows of one regime, and the share of them inside the range by hold-out; None where it says nothing."""

    name: str
    n: int
    models: int
    inside_share: dict[str, float] | None


def inside(row: Held, hold_out: str) -> bool:
    """Whether what was measured lies in the 80 % range around what was foretold."""
    low, _, high = facts.load().coefficients["interval_ln_80"][SEEN[hold_out]][f"{row.model_class}|{row.band}"]
    return bool(low <= -log(row.ratio(ENERGY, hold_out)) <= high)


@cache
def coverage() -> tuple[Covered, ...]:
    """All rows, then each class of models, then each at each band of requests at a time that was measured."""
    found = [_covered("All", held())]
    for kind in CLASSES:
        mine = [row for row in held() if row.model_class == kind]
        found.append(_covered(KINDS[kind], mine))
        parts = {band: [row for row in mine if row.band == band] for band in BANDS}
        found += [_covered(f"{KINDS[kind]}, {AT_A_TIME[band].lower()}", rows) for band, rows in parts.items() if rows]
    return tuple(found)


def _covered(name: str, rows: Sequence[Held]) -> Covered:
    models = len({row.measured.model for row in rows})
    shares = {hold_out: sum(inside(row, hold_out) for row in rows) / len(rows) for hold_out in SEEN}
    return Covered(name, len(rows), models, shares if models >= LEAST_MODELS else None)
