"""What others measured: settings of answering, and published training runs. The engine is fitted to and tested on it.

>>> len(measurements()), len(training_runs())
(712, 43)
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core import catalog
from core.catalog.rows import columns_of, keyed, read, record
from core.catalog.tables import by_id, checked

MEASUREMENTS, RUNS = "validation/inference_measurements.csv", "validation/training_runs.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured setting of answering: a model on accelerators, at a mean number of requests at a time."""

    id: str
    model: str
    hardware: str
    accelerators: int
    parallel: str
    precision: str
    serving: str
    batch: float
    input_tokens: float
    input_tokens_assumed: bool
    output_tokens: float
    energy_accelerator_j_per_output_token: float
    output_tokens_per_s: float
    power_total_w: float
    series: str
    model_as_published: str
    engine: str
    status: str
    source: str
    note: str = ""

    @property
    def pair(self) -> str:
        """The model on its accelerator type: all settings of a pair are left out together."""
        return f"{self.model}|{self.hardware}"

    @property
    def step_time_s(self) -> float:
        """Mean time of a step [s]: what the batch writes in it, over its rate."""
        return self.batch / self.output_tokens_per_s

    @property
    def power_accelerator_w(self) -> float:
        """Mean power of one accelerator [W]."""
        return self.power_total_w / self.accelerators


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRun:
    """One published training run: hours, energy or both, as its maker gives them."""

    id: str
    model: str = ""
    name: str = ""
    developer: str
    year: int  # of the run
    hardware: str
    accelerators: int | None
    accelerator_hours: float | None
    train_tokens_b: float | None
    sequence_tokens: float | None
    sequence_basis: str = ""
    params_total_b: float | None
    params_active_b: float
    precision: str = ""
    compute_reported_flop: float | None
    mfu_reported: float | None
    energy_mwh: float | None
    energy_scope: str = ""
    energy_kind: str = ""
    energy_metered: bool  # measured, and not hours times an assumed power
    pue: float | None
    carbon_kg_per_kwh: float | None
    carbon_t: float | None
    status: str
    source: str
    basis: str = ""
    checked: str = ""
    note: str = ""


def read_measurements(folder: Path, known: Collection[str]) -> tuple[Measurement, ...]:
    """The measured settings of a folder; `known` are the keys of sources."""
    rows = checked(read(folder, MEASUREMENTS, columns_of(Measurement)), known)
    return tuple(record(Measurement, row) for row in keyed(rows, by_id, "id").values())


def read_runs(folder: Path, known: Collection[str]) -> tuple[TrainingRun, ...]:
    """The training runs of a folder; `known` are the keys of sources."""
    rows = checked(read(folder, RUNS, columns_of(TrainingRun)), known)
    return tuple(record(TrainingRun, row) for row in keyed(rows, by_id, "id").values())


@lru_cache(maxsize=1)
def measurements() -> tuple[Measurement, ...]:
    """The project's own measured settings, read when first asked for."""
    return read_measurements(catalog.FOLDER, catalog.load().sources)


@lru_cache(maxsize=1)
def training_runs() -> tuple[TrainingRun, ...]:
    """The project's own training runs, read when first asked for."""
    return read_runs(catalog.FOLDER, catalog.load().sources)
