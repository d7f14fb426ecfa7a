"""Which terms the engine's structure deserves, chosen anew without the rows that are scored: what the choice costs.

The structure in use was found by people who looked at all folds; its errors on rows left out tell nothing of that. Here
each outer fold chooses for itself, by folds inside, which of the optional terms enter, and is scored on rows that had
no part in the choice. Forms that have no coefficient (a sum and no maximum, prompts in one step) stand as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.catalog import Catalog
from core.catalog.measured import Measurement
from core.engine import Coefficients, InferenceColumns
from core.fit.columns import logs
from core.fit.folds import SEED, Key, Mask, folds, keys
from core.fit.guess import optional
from core.fit.held_out import part
from core.fit.nested_file import ENERGY, Nested, Terms
from core.fit.solve import fit, predicted_ln, residuals, weights

INNER_FOLDS = 4  # of pairs; accelerator types are left out one at a time
ALL: Terms = frozenset()
CLOSE = 1e-4  # a choice needs no more: the search inside ends there


@dataclass(frozen=True, slots=True)
class Inner:
    """One fold inside: what it is fitted to, what it is scored on, and its answer with every term."""

    rows: Sequence[Measurement]
    x: InferenceColumns
    left_rows: Sequence[Measurement]
    left_x: InferenceColumns
    whole: Coefficients


def split(
    rows: Sequence[Measurement], x: InferenceColumns, left_out: Mask
) -> tuple[list[Measurement], InferenceColumns, list[Measurement], InferenceColumns]:
    """Rows and columns to fit to, and those left out."""
    kept = [row for row, out in zip(rows, left_out, strict=True) if not out]
    left = [row for row, out in zip(rows, left_out, strict=True) if out]
    return kept, part(x, ~left_out), left, part(x, left_out)


def inner_folds(
    rows: Sequence[Measurement], x: InferenceColumns, base: Coefficients, hold_out: str, key: Key
) -> list[Inner]:
    """The folds inside, left out in the same way as outside."""
    whole = fit(rows, x, base)
    found = []
    for left_out in folds(rows, hold_out, key, SEED + 1, INNER_FOLDS):
        kept, kept_x, left, left_x = split(rows, x, left_out)
        found.append(Inner(kept, kept_x, left, left_x, fit(kept, kept_x, base, ALL, whole)))
    return found


def loss(inside: Sequence[Inner], base: Coefficients, without: Terms) -> float:
    """The fit's own loss of a structure on what the folds inside left out, summed over rows and quantities."""
    total = 0.0
    for one in inside:
        found = fit(one.rows, one.x, base, without, one.whole, CLOSE)
        error = residuals(one.left_x, logs(one.left_rows), weights(one.left_rows), found)
        total += float(error @ error)
    return total


def chosen(inside: Sequence[Inner], base: Coefficients, candidates: Sequence[str]) -> Terms:
    """The terms to go without: one after another the one whose loss is least, as long as it gets less."""
    without, least = ALL, loss(inside, base, ALL)
    while rest := [name for name in candidates if name not in without]:
        found = {name: loss(inside, base, without | {name}) for name in rest}
        best = min(rest, key=lambda name: found[name])
        if found[best] >= least:
            break
        without, least = without | {best}, found[best]
    return without


def nested(
    catalog: Catalog,
    rows: Sequence[Measurement],
    x: InferenceColumns,
    base: Coefficients,
    hold_out: str,
    told: Callable[[str], None] = lambda text: None,
) -> Iterator[Nested]:
    """Every outer fold with its own choice."""
    key = keys(catalog)[hold_out]
    for place, left_out in enumerate(folds(rows, hold_out, key), start=1):
        kept, kept_x, _, left_x = split(rows, x, left_out)
        without = chosen(inner_folds(kept, kept_x, base, hold_out, key), base, optional())
        energy = np.exp(predicted_ln(left_x, fit(kept, kept_x, base, without))[ENERGY])
        told(f"nested, {hold_out}: fold {place} goes without {', '.join(sorted(without)) or 'nothing'}")
        yield Nested(hold_out, place, left_out, without, energy)
