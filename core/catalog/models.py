"""Language models, and the dimensions that some borrow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from core.catalog.records import Model
from core.catalog.rows import Row, columns_of, frozen, keyed, read, record
from core.catalog.tables import by_id, checked

FILES = ("models/models.csv", "models/ecologits.csv")
BORROWED = (
    "layers",
    "d_model",
    "heads",
    "kv_heads",
    "head_dim",
    "experts",
    "experts_per_token",
    "attention",
    "kv_bytes_per_token",
    "kv_window_tokens",
    "kv_global_share",
    "recurrent_state_byte",
)


def models(folder: Path, known: Collection[str]) -> Mapping[str, Model]:
    """Every model, by id, with all dimensions filled in."""
    rows = [row for file in FILES for row in checked(read(folder, file, columns_of(Model)), known)]
    found = keyed(rows, by_id, "id")
    filled = {key: with_dimensions(row, found) for key, row in found.items()}
    return frozen({key: model(row) for key, row in filled.items()})


def with_dimensions(row: Row, rows: Mapping[str, Row]) -> Row:
    """The row, empty dimensions taken from the model it names; no recurrent state means 0 byte."""
    cells = dict(row.cells)
    if cells["architecture_from"]:
        lent = lender(row, rows).cells
        cells.update({column: cells[column] or lent[column] for column in BORROWED})
    cells["recurrent_state_byte"] = cells["recurrent_state_byte"] or "0"
    return Row(row.file, row.line, cells)


def lender(row: Row, rows: Mapping[str, Row]) -> Row:
    """The open model whose dimensions are borrowed; it must have its own."""
    row.one_of("architecture_from", rows.keys(), "model")
    found = rows[row.cells["architecture_from"]]
    if found.cells["architecture_from"] or found.cells["openness"] != "open":
        row.fail("architecture_from", "must name an open model with dimensions of its own")
    if row.cells["experts"] and (row.cells["experts"] == "0") != (found.cells["experts"] == "0"):
        row.fail("architecture_from", "a dense model cannot lend to a mixture of experts, nor the reverse")
    return found


def model(row: Row) -> Model:
    """One model, its range of active parameters in order."""
    row.rising("params_active_low_b", "params_active_b", "params_active_high_b")
    row.rising("params_active_b", "params_total_b")
    row.rising("experts_per_token", "experts")
    return record(Model, row)
