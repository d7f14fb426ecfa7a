"""The range of a row's energy: the engine's own kernel over all draws of one row after another, in a little memory."""

from __future__ import annotations

import numpy as np

from core.batch.numbers import Floats, Places
from core.engine import Coefficients, InferenceColumns, InferenceResult, empty, run_inference
from core.engine.jit import kernel

ROWS = 2_048  # whose draws are held at a time: they stay in a processor's cache


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
    energy: Floats,
) -> None:
    """Energy an output token of each row's draws. `x` are the columns of `block`, `out` is reused.

    Rows of one setting that stand together take its columns once.
    """
    before = np.int64(-1)
    for row in range(setting.size):
        if setting[row] != before:
            before = setting[row]
            block[:] = tables[before][:, 1:]
        x.batch[:] = batch[row]
        x.accelerators[:] = accelerators[row]
        x.input_tokens[:] = input_tokens[row]
        x.output_tokens[:] = output_tokens[row]
        run_inference(x, coefficients, out)
        energy[row] = out.energy_accelerator_j_per_output_token


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
    rows, draws = len(setting), tables.shape[2] - 1  # the first is the central case
    block, drawn = np.empty((tables.shape[1], draws)), np.empty((min(rows, ROWS), draws))
    x, out = InferenceColumns(*block), empty(InferenceResult, draws)
    sort = np.argsort(setting, kind="stable")
    low, high = np.empty(rows), np.empty(rows)
    for first in range(0, rows, ROWS):
        some = sort[first : first + ROWS]
        energy = drawn[: len(some)]
        own = (batch[some], accelerators[some], input_tokens[some], output_tokens[some])
        run_rows(setting[some], tables, *own, block, x, coefficients, out, energy)
        energy.sort(axis=1)  # numpy's own is many times as fast as a kernel's
        low[some], high[some] = (_quantile(energy, share) for share in (0.1, 0.9))
    return low, high


def _quantile(ordered: Floats, share: float) -> Floats:
    """A quantile of each ordered row, to the last digit as `np.quantile` has it."""
    place = share * (ordered.shape[1] - 1)
    left = int(place)
    between = place - left
    a, b = ordered[:, left], ordered[:, left + 1]
    result: Floats = b - (b - a) * (1 - between) if between >= 0.5 else a + (b - a) * between
    return result
