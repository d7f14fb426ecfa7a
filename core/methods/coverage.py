"""Whether the 80 % range of the model's error holds four in five of the settings that had no part in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.engine.coefficients import BANDS, CLASSES
from core.fit.coverage import Coverage
from core.fit.coverage import coverage as counted
from core.methods.accuracy import AT_A_TIME, KINDS, held

# What a column of the table tells: whose range it is, and what of each row the range has not learnt from.
TESTS = {
    "pair": ("seen_gpu", "pair"),
    "accelerator": ("unseen_gpu", "pair"),
    "type": ("unseen_gpu", "hardware"),
}


@dataclass(frozen=True, slots=True)
class Covered:
    """The rows of one regime, and the share of them inside the range by test; None where it says nothing."""

    name: str
    n: int
    models: int
    types: int
    inside_share: dict[str, float] | None


@cache
def coverage() -> tuple[Covered, ...]:
    """All rows, each band of requests at a time, each class of models, and each class at each band, where measured.

    As the fit counted them: each row against the range learnt from the errors of the others.
    """
    told = {(row.accelerator, row.without, row.regime): row for row in counted(held())}
    names = {"all": "All"} | {band: f"All, {AT_A_TIME[band].lower()}" for band in BANDS}
    for kind in CLASSES:
        names[kind] = KINDS[kind]
        names |= {f"{kind}|{band}": f"{KINDS[kind]}, {AT_A_TIME[band].lower()}" for band in BANDS}
    first = TESTS["pair"]
    return tuple(
        _covered(name, {test: told[*which, regime] for test, which in TESTS.items()})
        for regime, name in names.items()
        if (*first, regime) in told
    )


def _covered(name: str, told: dict[str, Coverage]) -> Covered:
    first = told["pair"]
    shares = {test: row.inside_share for test, row in told.items() if row.inside_share is not None}
    return Covered(name, first.n, first.models, first.types, shares or None)


def held_worst() -> Covered:
    """Of the regimes with models enough, the one whose range holds least of an accelerator type it never met."""
    told = [one for one in coverage() if one.inside_share]
    return min(told, key=lambda one: (one.inside_share or {})["type"])
