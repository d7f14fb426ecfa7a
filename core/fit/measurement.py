"""The measurements that the engine is fitted to: one record a row, and a hash of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from hashlib import sha256
from pathlib import Path

from core.catalog import Catalog
from core.catalog.rows import columns_of, keyed, read, record
from core.results.columns import PARALLEL, SERVING

FILE = "validation/inference_measurements.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured setting: a model on accelerators under a steady batch."""

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


def measurements(catalog: Catalog, folder: Path) -> tuple[Measurement, ...]:
    """Every measured setting, in the order of the file; a wrong cell stops with file and line."""
    rows = read(folder, FILE, columns_of(Measurement))
    for row in rows:
        row.one_of("model", catalog.models, "model")
        row.one_of("hardware", catalog.hardware, "device")
        row.one_of("precision", catalog.precisions, "precision")
        row.one_of("serving", SERVING, "serving software")
        row.one_of("parallel", PARALLEL, "way of splitting a model")
        row.one_of("source", catalog.sources, "source")
    return tuple(record(Measurement, row) for row in keyed(rows, lambda row: row.text("id"), "id").values())


def rows_sha256(rows: Sequence[Measurement]) -> str:
    """A hash of the fitted rows: of every cell, in the order of the file."""
    return sha256(repr([astuple(row) for row in rows]).encode()).hexdigest()
