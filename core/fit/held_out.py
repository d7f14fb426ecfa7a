"""What the engine says of rows that its coefficients have not seen, beside what it says of those it has."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import numpy as np

from core.catalog import Catalog
from core.catalog.measured import Measurement
from core.engine import Coefficients, InferenceColumns
from core.fit import score
from core.fit.folds import SEED, Mask, folds, keys
from core.fit.solve import QUANTITIES, fit, predicted_ln
from core.results.draws import Floats

IN_SAMPLE = "in_sample"
DIGITS = 5
Predicted = Mapping[str, Mapping[str, Floats]]  # by hold-out, then by quantity, (n,)


def part(x: InferenceColumns, rows: Mask) -> InferenceColumns:
    """Some rows of the columns."""
    return type(x)(*(column[rows] for column in x))


def predictions(
    catalog: Catalog,
    rows: Sequence[Measurement],
    x: InferenceColumns,
    base: Coefficients,
    told: Callable[[str], None] = lambda text: None,
    seed: int = SEED,
    hold_outs: Collection[str] = score.HOLD_OUTS,
) -> Predicted:
    """What is predicted of every row: in sample, and by fits that left it out with its pair, GPU or family."""
    found = {IN_SAMPLE: _exp(predicted_ln(x, fit(rows, x, base)))}
    for hold_out, key in ((name, key) for name, key in keys(catalog).items() if name in hold_outs):
        out = {name: np.full(len(rows), np.nan) for name in QUANTITIES}
        for place, left_out in enumerate(folds(rows, hold_out, key, seed), start=1):
            kept = [row for row, out_now in zip(rows, left_out, strict=True) if not out_now]
            coefficients = fit(kept, part(x, ~left_out), base)
            for name, values in _exp(predicted_ln(part(x, left_out), coefficients)).items():
                out[name][left_out] = values
            told(f"{hold_out}: fold {place}")
        found[hold_out] = out
    return found


def _exp(ln: Mapping[str, Floats]) -> dict[str, Floats]:
    return {name: np.exp(values) for name, values in ln.items()}


def cells(rows: Sequence[Measurement], predicted: Predicted) -> dict[str, dict[str, float]]:
    """What `held_out.csv` says of each measurement, by id and column, to as many digits as it keeps."""
    return {row.id: dict(_cells(place, predicted)) for place, row in enumerate(rows)}


def _cells(place: int, predicted: Predicted) -> Iterator[tuple[str, float]]:
    for quantity, name in score.QUANTITIES.items():
        for hold_out in score.HOLD_OUTS:
            yield name.format(hold_out), float(f"{predicted[hold_out][quantity][place]:.{DIGITS}g}")
