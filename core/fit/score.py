"""How far the engine is from the measurements, by hold-out and by regime: read from the files, nothing is typed.

A reader of `data/validation/held_out.csv`: what was predicted of every measurement, in sample and by fits that had left
it out. It fits nothing and needs no library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from core.catalog import FOLDER, Catalog
from core.catalog.measured import Measurement
from core.catalog.rows import CatalogError, keyed, read
from core.fit.measurement import measurements
from core.units import PERCENT

FILE = "validation/held_out.csv"
HOLD_OUTS = ("in_sample", "unseen_pair", "unseen_gpu", "unseen_family")
QUANTITIES = {
    "energy_accelerator_j_per_output_token": "predicted_{}_j_per_output_token",
    "step_time_s": "predicted_{}_step_time_s",
    "power_accelerator_w": "predicted_{}_power_accelerator_w",
}
COLUMNS = ("id", *(name.format(hold_out) for name in QUANTITIES.values() for hold_out in HOLD_OUTS))
CLASSES = ("dense", "moe", "moe_block_fp8")
BANDS = {"b1": 2.0, "b2_16": 17.0, "b17_128": 129.0, "b129_up": float("inf")}
NEAR, TWICE = 1.25, 2.0


@dataclass(frozen=True, slots=True)
class Held:
    """A measurement and what was predicted of it, by quantity and hold-out; `model_class` as the engine tells them."""

    measured: Measurement
    model_class: str
    predicted: Mapping[tuple[str, str], float]

    @property
    def band(self) -> str:
        """The band of its batch, as the engine's ranges tell them."""
        return next(name for name, end in BANDS.items() if self.measured.batch < end)

    def ratio(self, quantity: str, hold_out: str) -> float:
        """Predicted over measured."""
        return self.predicted[quantity, hold_out] / float(getattr(self.measured, quantity))


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The errors of one quantity over the rows of one regime under one hold-out."""

    quantity: str
    hold_out: str
    regime: str
    name: str
    n: int
    models: int
    median_error_pct: float
    within_near_pct: float
    within_twice_pct: float


REGIMES: Mapping[str, Callable[[Held], str]] = {
    "all": lambda held: "all",
    "model class": lambda held: held.model_class,
    "batch": lambda held: held.band,
    "accelerator": lambda held: held.measured.hardware,
    "serving": lambda held: held.measured.serving,
    "series": lambda held: held.measured.series,
}


def model_class(catalog: Catalog, row: Measurement) -> str:
    """Dense, mixture of experts, or one whose FP8 weights are scaled by blocks."""
    model = catalog.models[row.model]
    if not model.is_moe:
        return "dense"
    return "moe_block_fp8" if model.fp8_block and row.precision == "fp8" else "moe"


def held_out(catalog: Catalog, folder: Path = FOLDER) -> tuple[Held, ...]:
    """Every measurement with its predictions, in the order of the measurements; a wrong cell stops with file, line."""
    lines = keyed(read(folder, FILE, COLUMNS), lambda row: row.text("id"), "id")
    rows = measurements(catalog, folder)
    known = {row.id for row in rows}
    for line in lines.values():
        line.one_of("id", known, "measurement")
    missing = [row.id for row in rows if row.id not in lines]
    if missing:
        raise CatalogError(f"{FILE}: no row for measurement {missing[0]!r}")
    cells = {key: {name: line.number(name) for name in COLUMNS[1:]} for key, line in lines.items()}
    return joined(catalog, rows, cells)


def joined(catalog: Catalog, rows: Sequence[Measurement], cells: Mapping[str, Mapping[str, float]]) -> tuple[Held, ...]:
    """The measurements with their predictions, which come by id and column."""
    return tuple(Held(row, model_class(catalog, row), _predicted(cells[row.id])) for row in rows)


def _predicted(cells: Mapping[str, float]) -> dict[tuple[str, str], float]:
    return {
        (quantity, hold_out): cells[name.format(hold_out)]
        for quantity, name in QUANTITIES.items()
        for hold_out in HOLD_OUTS
    }


def accuracy(rows: Sequence[Held], quantity: str, hold_out: str, regime: str = "all", name: str = "all") -> Accuracy:
    """The errors over these rows."""
    ratios = [row.ratio(quantity, hold_out) for row in rows]
    return Accuracy(
        quantity,
        hold_out,
        regime,
        name,
        len(rows),
        len({row.measured.model for row in rows}),
        PERCENT * median(abs(ratio - 1.0) for ratio in ratios),
        _within(ratios, NEAR),
        _within(ratios, TWICE),
    )


def _within(ratios: Sequence[float], factor: float) -> float:
    return PERCENT * sum(1.0 / factor <= ratio <= factor for ratio in ratios) / len(ratios)


def report(rows: Sequence[Held]) -> Iterator[Accuracy]:
    """The whole table: every quantity and hold-out over all rows, then the energy of each regime."""
    for quantity in QUANTITIES:
        for hold_out in HOLD_OUTS:
            yield accuracy(rows, quantity, hold_out)
    energy = next(iter(QUANTITIES))
    for regime, of in REGIMES.items():
        if regime == "all":
            continue
        for name in sorted({of(row) for row in rows}):
            here = [row for row in rows if of(row) == name]
            for hold_out in HOLD_OUTS:
                yield accuracy(here, energy, hold_out, regime, name)
