"""What other lengths of the prompts that nobody printed would change: everything fitted anew with half and twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from core.catalog import Catalog
from core.catalog.measured import Measurement
from core.engine import Coefficients
from core.fit.columns import columns
from core.fit.held_out import IN_SAMPLE, predictions
from core.fit.prompts import SERIES, Tried
from core.fit.solve import QUANTITIES
from core.units import PERCENT

FACTORS = (0.5, 1.0, 2.0)
HOLD_OUTS = (IN_SAMPLE, "unseen_pair", "unseen_gpu")
ENERGY = QUANTITIES[2]


def tried_anew(
    catalog: Catalog, rows: Sequence[Measurement], base: Coefficients, told: Callable[[str], None] = lambda text: None
) -> Iterator[Tried]:
    """The errors at half the assumed length, at it, and at twice it."""
    assumed = next(row.input_tokens for row in rows if row.series == SERIES)
    for factor in FACTORS:
        yield from errors_at(catalog, rows, base, factor * assumed, told)


def errors_at(
    catalog: Catalog,
    rows: Sequence[Measurement],
    base: Coefficients,
    prompt_tokens: float,
    told: Callable[[str], None] = lambda text: None,
) -> Iterator[Tried]:
    """The errors where the chat rows had such prompts, by hold-out."""
    other = [replace(row, input_tokens=prompt_tokens) if row.series == SERIES else row for row in rows]
    told(f"prompts of {prompt_tokens:g} tokens")
    found = predictions(catalog, other, columns(catalog, other), base, told, hold_outs=HOLD_OUTS)
    measured = np.array([row.energy_accelerator_j_per_output_token for row in rows])
    chat = np.array([row.series == SERIES for row in rows])
    for name in HOLD_OUTS:
        error_pct = PERCENT * np.abs(found[name][ENERGY] / measured - 1.0)
        yield Tried(
            prompt_tokens=prompt_tokens,
            hold_out=name,
            median_error_pct=float(np.median(error_pct)),
            chat_median_error_pct=float(np.median(error_pct[chat])),
        )
