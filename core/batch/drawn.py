"""The range of a row's energy: the engine's own kernel over all draws of one row after another, in a little memory."""

from __future__ import annotations

import numpy as np

from core.batch.numbers import Floats, Places
from core.engine import Coefficients, InferenceColumns, InferenceResult, empty, run_inference
from core.engine.jit import kernel


@kernel
def run_rows(
    setting: Places,
    tables: Floats,
    batch: Floats,
    accelerators: Floats,
    input_tokens: Floats,
    output_tokens: Floats,
    block: Floats,
    x: InferenceColumns,
    coefficients: Coefficients,
    out: InferenceResult,
    order: Floats,
) -> None:
    """Energy an output token of each row's draws, in ascending order. `x` are the columns of `block`, `out` is reused.

    Rows of one setting that stand together take its columns once.
    """
    before = np.int64(-1)
    for row in range(setting.size):
        if setting[row] != before:
            before = setting[row]
            block[:] = tables[before]
        x.batch[:] = batch[row]
        x.accelerators[:] = accelerators[row]
        x.input_tokens[:] = input_tokens[row]
        x.output_tokens[:] = output_tokens[row]
        run_inference(x, coefficients, out)
        order[row] = np.sort(out.energy_accelerator_j_per_output_token[1:])


def ends(
    setting: Places,
    tables: Floats,
    batch: Floats,
    accelerators: Floats,
    input_tokens: Floats,
    output_tokens: Floats,
    coefficients: Coefficients,
) -> tuple[Floats, Floats]:
    """P10 and P90 of the energy an output token of each row. `tables` are (settings, columns, 1 + draws)."""
    draws = tables.shape[2] - 1
    block = np.empty(tables.shape[1:])
    ordered = np.empty((len(setting), draws))
    sort = np.argsort(setting, kind="stable")
    columns = [np.ascontiguousarray(column[sort]) for column in (batch, accelerators, input_tokens, output_tokens)]
    x, out = InferenceColumns(*block), empty(InferenceResult, 1 + draws)
    run_rows(
        setting[sort], tables, columns[0], columns[1], columns[2], columns[3], block, x, coefficients, out, ordered
    )
    low, high = np.empty(len(setting)), np.empty(len(setting))
    low[sort], high[sort] = (_quantile(ordered, share) for share in (0.1, 0.9))
    return low, high


def _quantile(ordered: Floats, share: float) -> Floats:
    """A quantile of each ordered row, to the last digit as `np.quantile` has it."""
    place = share * (ordered.shape[1] - 1)
    left = int(place)
    between = place - left
    a, b = ordered[:, left], ordered[:, left + 1]
    result: Floats = b - (b - a) * (1 - between) if between >= 0.5 else a + (b - a) * between
    return result
