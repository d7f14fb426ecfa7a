"""The size that a model's name says it has, and the open models of the catalog of that size."""

from __future__ import annotations

import re
from functools import lru_cache
from math import log

from core import catalog as facts
from core.catalog import Model
from core.imports.plain_names import tokens

NUMBER = r"(\d+(?:[.p]\d+)?)"
SIZE = re.compile(rf"(?<![a-z0-9.]){NUMBER}b(?:[-_ ]?a{NUMBER}b)?(?![a-z0-9])")
FACTOR = 1.3  # how far a size may lie from the one in the name
DENSE = 0.9  # least share of the parameters that are active in a model without experts
SINCE = 2024
SPECIAL = frozenset({"starcoder", "codellama", "coder", "bitnet"})  # not what a name without a purpose is


def of_that_size(name: str) -> tuple[tuple[str, ...], str] | None:
    """Open models of the size in a name, nearest first, and that size in words; None where it says none.

    A model of the same family comes first, then a dense one, unless the name says how many parameters are active.

    >>> of_that_size("granite-4.1-8b")[1], of_that_size("my-model")
    ('8B parameters', None)
    """
    found = SIZE.search(name.lower())
    if found is None:
        return None
    total_b, active_b = (None if text is None else float(text.replace("p", ".")) for text in found.groups())
    assert total_b is not None, "the first group is always there"
    family = tokens(name)[:1]
    near = []
    for place, (key, model) in enumerate(_open().items()):
        far = _apart(model, total_b, active_b)
        if far is not None:
            sparse = active_b is None and (model.params_active_b or 0.0) < DENSE * model.params_total_b
            near.append((tokens(key)[:1] != family, sparse, round(far, 2), -model.release_year, -place, key))
    if not near:
        return None
    said = f"{total_b:g}B parameters" + (f", {active_b:g}B of them active" if active_b else "")
    return tuple(key for *_, key in sorted(near)), said


def _apart(model: Model, total_b: float, active_b: float | None) -> float | None:
    """How far a model's sizes lie from those named, as logarithms; None where it is too far."""
    if total_b <= 0 or model.params_active_b is None:
        return None
    far = abs(log(model.params_total_b / total_b))
    if active_b is not None:
        if active_b <= 0:
            return None
        far = max(far, abs(log(model.params_active_b / active_b)))
    return far if far <= log(FACTOR) else None


@lru_cache(maxsize=1)
def _open() -> dict[str, Model]:
    """Open models of the catalog, old ones left aside."""
    models = facts.load().models
    recent = {key: one for key, one in models.items() if one.openness == "open" and one.release_year >= SINCE}
    return {key: one for key, one in recent.items() if not SPECIAL & set(tokens(key))}
