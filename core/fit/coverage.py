"""What the 80 % ranges hold of rows that had no part in them: each judged by ranges learnt without its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.engine.coefficients import BANDS, CLASSES
from core.fit.alike import alike
from core.fit.folds import Mask
from core.fit.ranges import DIGITS, ENERGY, HOLD_OUTS, LEAST_MODELS, Errors, chosen, errors, quantiles
from core.fit.score import Held

WITHOUT = {"pair": tuple(HOLD_OUTS), "hardware": ("unseen_gpu",)}  # what a range has not learnt from -> whose range


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a range holds of rows that had no part in it; None where too few models were measured to tell.

    `without` says what of each row the range had not learnt from: its pair of model and accelerator, or every row of
    its accelerator type: harder, since what is told of an accelerator not measured is learnt from all that are.
    """

    accelerator: str
    without: str
    regime: str
    n: int
    models: int
    pairs: int
    types: int
    inside_share: float | None


def coverage(rows: Sequence[Held], quantity: str = ENERGY) -> list[Coverage]:
    """Every regime that was measured, by range and by what the range has not learnt from."""
    return [
        _covered(name, without, regime, found.of(mask), inside[mask])
        for without, names in WITHOUT.items()
        for name in names
        for found in [errors(rows, HOLD_OUTS[name], quantity)]
        for inside in [inside_of(found, without)]
        for regime, mask in regimes(found).items()
    ]


def _covered(name: str, without: str, regime: str, found: Errors, inside: Mask) -> Coverage:
    models, pairs, types = (found.count(of) for of in ("model", "pair", "hardware"))
    share = round(float(np.mean(inside)), DIGITS) if models >= LEAST_MODELS else None
    return Coverage(name, without, regime, len(inside), models, pairs, types, share)


def regimes(found: Errors) -> Mapping[str, Mask]:
    """All rows, each class, each band, and each class at each band, where something was measured."""
    masks = {"all": np.ones(len(found.kind), dtype=bool)}
    masks |= {kind: found.kind == kind for kind in CLASSES} | {band: found.band == band for band in BANDS}
    masks |= {f"{kind}|{band}": masks[kind] & masks[band] for kind in CLASSES for band in BANDS}
    return {name: mask for name, mask in masks.items() if mask.any()}


def inside_of(found: Errors, without: str) -> Mask:
    """Whether each row lies in the range that the rows without its pair, or its accelerator type, give its regime."""
    inside = np.zeros(len(found.ln_error), dtype=bool)
    group = getattr(found, without)
    for name in np.unique(group):
        others = found.of(group != name)
        share = alike(others.ln_error, others.pair)
        for kind, band, here in _met(found, group == name):
            low, _, high = quantiles(chosen(others, kind, band), share)
            inside[here] = (found.ln_error[here] >= low) & (found.ln_error[here] <= high)
    return inside


def _met(found: Errors, rows: Mask) -> Iterator[tuple[str, str, Mask]]:
    """The regimes of some rows, and which rows are whose."""
    for kind, band in sorted(set(zip(found.kind[rows], found.band[rows], strict=True))):
        yield kind, band, rows & (found.kind == kind) & (found.band == band)


def together(rows: Sequence[Held], first: str, second: str, hold_out: str) -> float:
    """The correlation of the errors of two quantities over the rows, from -1 to 1."""
    one, other = (errors(rows, hold_out, quantity).ln_error for quantity in (first, second))
    return float(np.mean((one - one.mean()) * (other - other.mean())) / (np.std(one) * np.std(other)))
