"""The 80 % ranges of the energy: quantiles of the errors on rows left out of the fit, by regime.

One rule for all regimes, with nothing set by hand for any of them: the errors of the regime where five models were
measured, else of the next wider that holds five; the ends as far out as that many errors leave unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.engine.coefficients import BANDS, CLASSES
from core.fit.alike import OUTSIDE, Names, alike, independent
from core.fit.folds import Mask
from core.fit.score import Held
from core.results.draws import Floats

ENERGY = "energy_accelerator_j_per_output_token"
HOLD_OUTS = {"seen_gpu": "unseen_pair", "unseen_gpu": "unseen_gpu"}  # the range's name -> the errors it is taken from
LEAST_MODELS = 5  # fewer cannot tell a range: the wider regime that holds them does
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Errors:
    """ln of measured over predicted energy, or another quantity, of some rows, beside what they are of; all (n,)."""

    ln_error: Floats
    kind: Names
    band: Names
    model: Names
    pair: Names
    hardware: Names

    def of(self, rows: Mask) -> Errors:
        """Some of the rows."""
        return Errors(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def count(self, name: str) -> int:
        """How many different models, pairs or accelerator types these are."""
        return len(set(getattr(self, name)))


def errors(rows: Sequence[Held], hold_out: str, quantity: str = ENERGY) -> Errors:
    """The errors of one quantity of the rows under one hold-out."""
    ratios = [row.ratio(quantity, hold_out) for row in rows]
    names = [(row.model_class, row.band, row.measured.model, row.measured.pair, row.measured.hardware) for row in rows]
    return Errors(-np.log(ratios), *(np.array(column) for column in zip(*names, strict=True)))


def widening(kind: str, band: str) -> Iterator[tuple[set[str], set[str]]]:
    """Classes and bands to take a regime's errors from, the narrowest first."""
    mixtures = {"moe", "moe_block_fp8"} if kind != "dense" else {"dense"}
    yield {kind}, {band}
    yield mixtures, {band}
    yield mixtures, set(BANDS)


def chosen(found: Errors, kind: str, band: str) -> Errors:
    """The errors that make a regime's range: of the narrowest regime with models enough."""
    for kinds, bands in widening(kind, band):
        mine = found.of(np.isin(found.kind, list(kinds)) & np.isin(found.band, list(bands)))
        if mine.count("model") >= LEAST_MODELS:
            return mine
    return found


def quantiles(found: Errors, share: float) -> Floats:
    """P10, P50 and P90 for a setting that is not among these: the ends lie as far out as the few leave unknown.

    Of k errors and a new one, each is as likely to be the largest: the end that holds nine in ten of them is the
    0.9 (k + 1) / k quantile of the k, as in conformal prediction. Settings of a pair err together, by a share that the
    errors themselves tell: k is the number of settings on their own that say as much.
    """
    count = independent(found.pair, share)
    end = min((1.0 - OUTSIDE) * (count + 1.0) / count, 1.0)
    ends: Floats = np.quantile(found.ln_error, (1.0 - end, 0.5, end))
    return ends


def ranges(rows: Sequence[Held]) -> Mapping[str, Mapping[str, list[float]]]:
    """The table of `fit.json`: by accelerator seen or not, then by class and band."""
    return {name: dict(_ranges(errors(rows, hold_out))) for name, hold_out in HOLD_OUTS.items()}


def _ranges(found: Errors) -> Iterator[tuple[str, list[float]]]:
    share = alike(found.ln_error, found.pair)
    for kind in CLASSES:
        for band in BANDS:
            ends = quantiles(chosen(found, kind, band), share)
            yield f"{kind}|{band}", [round(float(value), DIGITS) for value in ends]
