"""Whether the 80 % range of the model's error holds four in five of the settings that had no part in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.fit import ranges
from core.fit.score import BANDS, CLASSES
from core.methods.accuracy import AT_A_TIME, KINDS, held

SEEN = {"unseen_pair": "seen_gpu", "unseen_gpu": "unseen_gpu"}  # hold-out -> which of the ranges is its own


@dataclass(frozen=True, slots=True)
class Covered:
    """The rows of one regime, and the share of them inside the range by hold-out; None where it says nothing."""

    name: str
    n: int
    models: int
    inside_share: dict[str, float] | None


@cache
def coverage() -> tuple[Covered, ...]:
    """All rows, then each class of models, then each at each band of requests at a time that was measured.

    As the fit counted them: the rows of each fold against ranges from the errors of the other folds alone.
    """
    told = {(row.accelerator, row.regime): row for row in ranges.coverage(held())}
    names = {"all": "All"}
    for kind in CLASSES:
        names[kind] = KINDS[kind]
        names |= {f"{kind}|{band}": f"{KINDS[kind]}, {AT_A_TIME[band].lower()}" for band in BANDS}
    return tuple(
        _covered(name, {hold_out: told[part, regime] for hold_out, part in SEEN.items()})
        for regime, name in names.items()
        if (SEEN["unseen_pair"], regime) in told
    )


def _covered(name: str, told: dict[str, ranges.Coverage]) -> Covered:
    first = next(iter(told.values()))
    shares = {hold_out: row.inside_share for hold_out, row in told.items() if row.inside_share is not None}
    return Covered(name, first.n, first.models, shares or None)
