"""`estimate` for a block: every row by the columns of its setting and its place, the odd ones one by one.

What a row comes to is to the last digit what `core/headless/estimate.py` answers for it alone; a row that is refused
there is refused here by the same sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa

from core import catalog as facts
from core import engine
from core.batch.block import Block
from core.batch.cells import Cellular, cells_of
from core.batch.drawn import ends
from core.batch.nearby import near_lines
from core.batch.numbers import Flags, Floats, Places
from core.batch.rows import DECIDE, Rows, blanks, case_of, sound_rows
from core.batch.settings import Settings
from core.engine import FootprintColumns, InferenceColumns, InferenceResult
from core.headless.cases import ERROR
from core.headless.estimate import ADDED, SAID, activity_of, answer, checked_case
from core.results.figures import coefficients
from core.results.memory import MOST_FULL_SHARE, Load, no_room
from core.units import BYTES_PER_GB, G_PER_KG, WH_PER_KWH

MOST_REASONS = 1_024


@dataclass(slots=True)
class Answers:
    """A block's rows with what was added: `known` rows have figures and one of the `lines`, others an error."""

    cells: Cellular
    known: Flags
    figures: dict[str, Floats]
    line: Places
    lines: Any
    errors: dict[int, str]


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings met so far, kept for all blocks."""
    return Settings(facts.load())


def answers(block: Block, columns: Sequence[str], file: str) -> Answers:
    """The figures of a block's rows. `file` is the name that sentences tell."""
    cells = cells_of(block, columns, file)
    order = [*(name for name in columns if name in DECIDE), *(name for name in DECIDE if name not in columns)]
    texts = {name: cells.columns[name] if name in columns else blanks(cells.rows) for name in order}
    rows = sound_rows(texts, settings(), list(cells.ragged))
    figures = {name: np.full(cells.rows, np.nan) for name in ADDED}
    known, line = np.zeros(cells.rows, bool), np.zeros(cells.rows, np.int64)
    found = Answers(cells, known, figures, line, pa.array([""]), dict(cells.ragged))
    if len(rows.place):
        _fill(found, rows)
    more: list[str] = []
    for row in np.flatnonzero(~known).tolist():
        if row not in found.errors:
            _fill_alone(found, row, tuple(case_of(texts, row).items()), more)
    found.lines = pa.concat_arrays([found.lines, pa.array(more, pa.string())])
    return found


def _fill(found: Answers, rows: Rows) -> None:
    """The figures of the sound rows, or why their memory does not suffice."""
    served = _served(rows)
    crowded = _crowded(rows, served)
    found.errors.update(_reasons(rows, served, np.flatnonzero(crowded)))
    fits = ~crowded
    if crowded.any():
        rows, served = rows.at(fits), InferenceResult(*(column[fits] for column in served))
    if not len(rows.place):
        return
    batch, accelerators = served.batch, served.accelerators
    workloads = [one.workload for one in rows.served]
    own = (rows.input_tokens, rows.output_tokens)
    slots = np.array([one.slot for one in rows.served])[rows.served_of]
    low, high = ends(slots, _table(rows), batch, accelerators, *own, coefficients())
    footprint = _footprint(rows, served)
    values = (
        served.energy_accelerator_j_per_output_token,
        low,
        high,
        served.step_time_s,
        served.power_accelerator_w,
        footprint.energy_facility_kwh * WH_PER_KWH,
        footprint.carbon_location_kg * G_PER_KG,
        footprint.carbon_embodied_kg * G_PER_KG,
        footprint.water_site_l + footprint.water_source_l,
        footprint.cost_usd,
        accelerators,
    )
    for name, column in zip(ADDED, values, strict=True):
        found.figures[name][rows.place] = column
    line, found.lines = near_lines(settings().catalog, workloads, rows.served_of, batch, accelerators, *own)
    found.line[rows.place] = line
    found.known[rows.place] = True


def _fill_alone(found: Answers, row: int, case: tuple[tuple[str, str], ...], more: list[str]) -> None:
    """A row that was not sound at first sight: nearly always an error."""
    told = _alone(case)
    if ERROR in told:
        found.errors[row] = str(told[ERROR])
        return
    for name in ADDED:
        found.figures[name][row] = float(str(told[name] or "nan"))
    found.line[row], found.known[row] = len(found.lines) + len(more), True
    more.append(str(told[SAID[0]]))


@lru_cache(maxsize=MOST_REASONS)
def _alone(case: tuple[tuple[str, str], ...]) -> dict[str, object]:
    checked = checked_case(settings().catalog, dict(case))
    return {ERROR: checked} if isinstance(checked, str) else answer([dict(case)])[0]


def _table(rows: Rows) -> Floats:
    """The table that holds every setting of these rows."""
    return np.asarray(rows.served[0].columns.base)


def _served(rows: Rows) -> InferenceResult:
    """The central case, with the largest batch that fits where none is given."""
    table = np.stack([one.columns[:, 0] for one in rows.served], axis=1)
    columns = dict(zip(InferenceColumns._fields, np.take(table, rows.served_of, axis=1), strict=True))
    columns |= {name: getattr(rows, name) for name in ("accelerators", "batch", "input_tokens", "output_tokens")}
    first = engine.inference(InferenceColumns(**columns), coefficients())
    largest = np.floor(np.nan_to_num(first.batch_limit, nan=1.0))
    columns |= {"batch": np.where(rows.batch > 0, rows.batch, largest), "accelerators": first.accelerators}
    return engine.inference(InferenceColumns(**columns), coefficients())


def _footprint(rows: Rows, served: InferenceResult) -> engine.FootprintResult:
    table = np.stack([one.columns[:, 0] for one in rows.placed], axis=1)
    return engine.footprint(activity_of(served), FootprintColumns(*np.take(table, rows.placed_of, axis=1)))


def _crowded(rows: Rows, served: InferenceResult) -> Flags:
    """Where `core/results/memory.py` sees no room."""
    memory_gb = np.array([one.memory_gb for one in rows.served])[rows.served_of]
    held_gb = served.accelerators * memory_gb
    weights_gb, cache_gb = served.memory_weights_byte / BYTES_PER_GB, served.memory_cache_byte / BYTES_PER_GB
    nowhere = np.isnan(served.accelerators)
    small = (rows.accelerators > 0) & (weights_gb + cache_gb / served.batch > held_gb)
    full = (rows.batch > 0) & (weights_gb + cache_gb > MOST_FULL_SHARE * held_gb)
    result: Flags = nowhere | small | full
    return result


def _reasons(rows: Rows, served: InferenceResult, crowded: Places) -> Iterator[tuple[int, str]]:
    """Where each of some rows stands in the block, and why its memory does not suffice."""
    given = (rows.accelerators, rows.batch, rows.input_tokens, rows.output_tokens)
    needs = (served.accelerators, served.memory_weights_byte, served.memory_cache_byte, served.batch)
    columns = (column[crowded].tolist() for column in (rows.place, rows.served_of, *given, *needs))
    for place, of, accelerators, batch, input_tokens, output_tokens, *needed in zip(*columns, strict=True):
        setting = rows.served[of]
        load = Load(setting.workload.hardware, int(accelerators) or None, batch or None, input_tokens, output_tokens)
        yield place, no_room(load, setting.memory_gb, *needed)
