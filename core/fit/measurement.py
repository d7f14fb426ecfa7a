"""The measurements that the engine is fitted to: one record a row, and a hash of them all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path

from core.catalog import Catalog
from core.catalog.measured import Measurement
from core.catalog.rows import columns_of, keyed, read, record
from core.results.columns import PARALLEL, SERVING

FILE = "validation/inference_measurements.csv"


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
