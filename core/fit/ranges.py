"""The 80 % ranges of the energy: quantiles of the errors on rows left out of the fit, by regime, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.engine.coefficients import BANDS, CLASSES
from core.fit.folds import SEED, Mask, folds
from core.fit.score import Held
from core.results.draws import Floats

ENERGY = "energy_accelerator_j_per_output_token"
HOLD_OUTS = {"seen_gpu": "unseen_pair", "unseen_gpu": "unseen_gpu"}  # the range's name -> the errors it is taken from
LEAST_MODELS = 5  # fewer cannot tell a range: the wider regime that holds them does
DIGITS = 3
SETTINGS_PER_PAIR = 2.0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a range holds of rows that had no part in it; None where too few models were measured to tell."""

    accelerator: str
    regime: str
    n: int
    models: int
    inside_share: float | None


def ln_errors(rows: Sequence[Held], hold_out: str) -> Floats:
    """ln of measured over predicted energy."""
    return -np.log([row.ratio(ENERGY, hold_out) for row in rows])


def widening(kind: str, band: str) -> Iterator[tuple[set[str], set[str]]]:
    """Classes and bands to take a regime's errors from, the narrowest first."""
    mixtures = {"moe", "moe_block_fp8"} if kind != "dense" else {"dense"}
    yield {kind}, {band}
    yield mixtures, {band}
    yield mixtures, set(BANDS)


def chosen(rows: Sequence[Held], kind: str, band: str) -> Mask:
    """The rows whose errors make a regime's range: of the narrowest regime with models enough."""
    for kinds, bands in widening(kind, band):
        mask = np.array([row.model_class in kinds and row.band in bands for row in rows], dtype=bool)
        if len({row.measured.model for row, here in zip(rows, mask, strict=True) if here}) >= LEAST_MODELS:
            return mask
    return np.ones(len(rows), dtype=bool)


def quantiles(ln_error: Floats, pairs: int) -> Floats:
    """P10, P50 and P90 for a pair that is not among these: the ends lie as far out as the few pairs leave unknown.

    Of k errors and a new one, each is as likely to be the largest: the end that holds nine in ten of them is the
    0.9 (k + 1) / k quantile of the k, as in conformal prediction. Settings of a pair err together, but not wholly: a
    pair counts as two.
    """
    count = SETTINGS_PER_PAIR * pairs
    end = min(0.9 * (count + 1.0) / count, 1.0)
    found: Floats = np.quantile(ln_error, (1.0 - end, 0.5, end))
    return found


def pairs_in(rows: Sequence[Held], mask: Mask) -> int:
    """Pairs of model and accelerator among some of the rows."""
    return len({row.measured.pair for row, here in zip(rows, mask, strict=True) if here})


def ranges(rows: Sequence[Held]) -> Mapping[str, Mapping[str, list[float]]]:
    """The table of `fit.json`: by accelerator seen or not, then by class and band."""
    return {name: dict(_ranges(rows, ln_errors(rows, hold_out))) for name, hold_out in HOLD_OUTS.items()}


def _ranges(rows: Sequence[Held], ln_error: Floats) -> Iterator[tuple[str, list[float]]]:
    for kind in CLASSES:
        for band in BANDS:
            mask = chosen(rows, kind, band)
            found = quantiles(ln_error[mask], pairs_in(rows, mask))
            yield f"{kind}|{band}", [round(float(value), DIGITS) for value in found]


def coverage(rows: Sequence[Held]) -> list[Coverage]:
    """Every regime that was measured: rows of each fold of pairs against ranges from the other folds."""
    found = []
    parts = list(folds([row.measured for row in rows], "unseen_pair", lambda row: row.pair, SEED + 1))
    for name, hold_out in HOLD_OUTS.items():
        inside = _inside(rows, ln_errors(rows, hold_out), parts)
        for regime, mask in regimes(rows).items():
            models = len({row.measured.model for row, here in zip(rows, mask, strict=True) if here})
            share = round(float(np.mean(inside[mask])), DIGITS) if models >= LEAST_MODELS else None
            found.append(Coverage(name, regime, int(mask.sum()), models, share))
    return found


def regimes(rows: Sequence[Held]) -> Mapping[str, Mask]:
    """All rows, each class, each band, and each class at each band, where something was measured."""
    kinds, bands = (np.array([getattr(row, name) for row in rows]) for name in ("model_class", "band"))
    found = {"all": np.ones(len(rows), dtype=bool)}
    found |= {kind: kinds == kind for kind in CLASSES} | {band: bands == band for band in BANDS}
    found |= {f"{kind}|{band}": (kinds == kind) & (bands == band) for kind in CLASSES for band in BANDS}
    return {name: mask for name, mask in found.items() if mask.any()}


def _inside(rows: Sequence[Held], ln_error: Floats, parts: Sequence[Mask]) -> Mask:
    """Whether each row lies in the range that the other folds' rows give its regime."""
    inside = np.zeros(len(rows), dtype=bool)
    for part in parts:
        others = [row for row, out in zip(rows, part, strict=True) if not out]
        kept = ln_error[~part]
        for kind in CLASSES:
            for band in BANDS:
                here = part & np.array([row.model_class == kind and row.band == band for row in rows])
                if here.any():
                    mask = chosen(others, kind, band)
                    low, _, high = quantiles(kept[mask], pairs_in(others, mask))
                    inside[here] = (ln_error[here] >= low) & (ln_error[here] <= high)
    return inside
