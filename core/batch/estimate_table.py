"""What `estimate` writes for a block: lines of a CSV, or a table of Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.batch.block import Answered, Block
from core.batch.estimate_block import Answers, answers
from core.batch.target import CsvTarget, ParquetTarget
from core.batch.texts import float_texts, lines, quoted
from core.headless.cases import ERROR
from core.headless.estimate import ADDED, SAID

COST, NEEDED = "cost_usd_per_request", "accelerators_needed"


def csv_lines(block: Block, columns: Sequence[str], file: str) -> Answered:
    """A block answered, as lines of a CSV in the columns that came, those added and the error."""
    found = answers(block, columns, file)
    blank, known = pa.scalar(""), pa.array(found.known)
    everything = bool(found.known.all())
    out = [quoted(found.cells.columns[name]) for name in columns]
    for name in ADDED:
        values = found.figures[name]
        if name == NEEDED:
            texts = pc.cast(pc.cast(pa.array(np.nan_to_num(values)), pa.int64()), pa.string())
        else:
            texts = float_texts(values)
        there = known if name != COST else pc.and_(known, pa.array(~np.isnan(values)))
        out.append(texts if everything and name != COST else pc.if_else(there, texts, blank))
    said = quoted(found.lines).take(pa.array(found.line))
    out.append(said if everything else pc.if_else(known, said, blank))
    out.append(quoted(_errors(found, "")))
    return Answered(found.cells.rows, len(found.errors), block.read, lines(out))


def table(block: Block, columns: Sequence[str], file: str) -> Answered:
    """A block answered, as a table: texts as they came, figures as numbers, nothing where nothing is known."""
    found = answers(block, columns, file)
    known = pa.array(found.known)
    out: dict[str, Any] = {name: found.cells.columns[name] for name in columns}
    for name in ADDED:
        values = pa.array(found.figures[name])
        there = known if name != COST else pc.and_(known, pc.invert(pc.is_nan(values)))
        values = pc.if_else(there, values, None)
        out[name] = pc.cast(values, pa.int64()) if name == NEEDED else values
    out[SAID[0]] = pc.if_else(known, found.lines.take(pa.array(found.line)), None)
    out[ERROR] = _errors(found, None)
    return Answered(found.cells.rows, len(found.errors), block.read, table=pa.table(out))


def target(file: Any, columns: Sequence[str], parquet: bool) -> CsvTarget | ParquetTarget:
    """The file of answers to cases in these columns."""
    if not parquet:
        return CsvTarget(file, [*columns, *ADDED, *SAID, ERROR])
    figures = [(name, pa.int64() if name == NEEDED else pa.float64()) for name in ADDED]
    texts = [[(name, pa.string()) for name in names] for names in (columns, (*SAID, ERROR))]
    return ParquetTarget(file, pa.schema([*texts[0], *figures, *texts[1]]))


def _errors(found: Answers, otherwise: str | None) -> Any:
    errors = pa.repeat(pa.scalar(otherwise, pa.string()), found.cells.rows)
    if not found.errors:
        return errors
    rows = sorted(found.errors)
    wrong = np.zeros(found.cells.rows, bool)
    wrong[rows] = True
    return pc.replace_with_mask(errors, pa.array(wrong), pa.array([found.errors[row] for row in rows], pa.string()))
