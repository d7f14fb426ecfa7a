"""Own measurements as rows of a file: the columns of the published ones, one row a setting, kept as they come."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.catalog import Model
from core.headless.cases import cells_given
from core.measure.energy import Energy, mean_of, mean_power_w, throttled
from core.measure.meter import Board, Reading
from core.measure.sweep import Setting
from core.plan.config_shape import Shape
from core.units import PARAMS_PER_B, PERCENT

COLUMNS = (
    "id", "model", "hardware", "accelerators", "parallel", "precision", "serving", "batch", "input_tokens",
    "input_tokens_assumed", "output_tokens", "energy_accelerator_j_per_output_token", "output_tokens_per_s",
    "power_total_w", "series", "model_as_published", "engine", "status", "source", "note",
)  # fmt: skip
# Plain PyTorch is none of the kinds that the fit knows: it waits between steps like this one, which draws more. On an
# H200 its energy came out nearest to vLLM's, so `compare` prints both.
SERVING = "transformers"
STATUS, SOURCE = "own", "own-measurement"
SCALED = "first {layers} of {all_layers} layers"

Row = dict[str, str]


class RowsError(Exception):
    """A file of measurements that cannot be read or added to, with the reason in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is measured: a model as it was built, in a number format, on a board, in one session."""

    model: Model
    shape: Shape
    precision: str
    hardware: str
    board: Board
    engine: str
    parameters: int
    session: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One measured window with its rests before and after [W], the model in memory all along; None is not known."""

    setting: Setting
    energy: Energy
    tokens: int
    answers: int
    readings: Sequence[Reading]
    idle_before_w: float | None
    idle_after_w: float | None


def row_of(subject: Subject, window: Window, number: int) -> Row:
    """The window as a row. Energy is all that the board took in the window: nothing is subtracted."""
    setting, energy, model = window.setting, window.energy, subject.model
    cells: dict[str, object] = {
        "id": f"own-{subject.session}-{number:02d}",
        "model": model.id,
        "hardware": subject.hardware,
        "accelerators": 1,
        "parallel": "tp",
        "precision": subject.precision,
        "serving": SERVING,
        "batch": setting.batch,
        "input_tokens": setting.input_tokens,
        "input_tokens_assumed": 0,
        "output_tokens": setting.output_tokens,
        "energy_accelerator_j_per_output_token": energy.energy_j / window.tokens,
        "output_tokens_per_s": window.tokens / energy.window_s,
        "power_total_w": energy.power_w,
        "series": f"own {subject.session}",
        "model_as_published": f"{model.name}, random weights{scaled_words(model, subject.shape)}",
        "engine": subject.engine,
        "status": STATUS,
        "source": SOURCE,
        "note": "; ".join(_note(subject, window)),
    }
    return {name: str(cells[name]) for name in COLUMNS}


def scaled_words(model: Model, shape: Shape) -> str:
    """How much of the model was built; empty when all of it was."""
    if shape.layers == model.layers:
        return ""
    return ", " + SCALED.format(layers=shape.layers, all_layers=model.layers)


def layers_of(row: Mapping[str, str], model: Model) -> int:
    """How many layers of the model were measured."""
    for layers in range(1, model.layers):
        if row["model_as_published"].endswith(SCALED.format(layers=layers, all_layers=model.layers)):
            return layers
    return model.layers


def _note(subject: Subject, window: Window) -> Iterable[str]:
    """What a reader needs to judge the row."""
    energy, readings, board = window.energy, window.readings, subject.board
    yield f"{energy.method} over {energy.window_s:.1f} s, {window.answers} batches"
    if energy.why_samples:
        yield energy.why_samples
    sampled_w = mean_power_w(readings)
    yield f"mean of power samples {_words(sampled_w, 'W')}"
    yield f"at rest {_words(window.idle_before_w, 'W')} before and {_words(window.idle_after_w, 'W')} after"
    yield f"clock {_words(mean_of(readings, 'clock_mhz'), 'MHz')}"
    yield f"{_words(mean_of(readings, 'temperature_c'), '°C')}"
    slow = ", ".join(f"{name} {share * PERCENT:.0f} % of the time" for name, share in throttled(readings).items())
    yield f"slowed by {slow}" if slow else "not slowed"
    yield f"{board.name}, driver {board.driver}, power limit {_words(board.power_limit_w, 'W')}"
    if board.others:
        yield f"{board.others} other programs on the board, their energy counted"
    part = scaled_words(subject.model, subject.shape)
    yield f"{subject.parameters / PARAMS_PER_B:.3f} billion parameters built{part}"


def _words(value: float | None, unit: str) -> str:
    return f"{unit} not available" if value is None else f"{value:.0f} {unit}"


def check_target(path: Path) -> None:
    """Refuse a file that rows cannot be added to: another table, or a last line without its end."""
    if not path.parent.is_dir():
        raise RowsError(f"{path}: the folder is not there")
    if not path.exists() or path.stat().st_size == 0:
        return
    text = _text(path)
    if text.partition("\n")[0].rstrip("\r").split(",") != list(COLUMNS):
        raise RowsError(f"{path}: its columns are not those of measurements; name another file")
    if not text.endswith("\n"):
        raise RowsError(f"{path}: its last line is not finished; mend it or name another file")


def add(path: Path, row: Row) -> None:
    """Write a row to the end of the file, at once; a new file gets its header first."""
    new = not path.exists() or path.stat().st_size == 0
    lines = io.StringIO()
    writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
    if new:
        writer.writeheader()
    writer.writerow(row)
    try:
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(lines.getvalue())
    except OSError as error:
        raise RowsError(f"{path}: {error.strerror or error}") from error


def read(path: Path) -> list[Row]:
    """Every row of a file of measurements; the columns must be those of the published ones, in any order."""
    reader = csv.DictReader(io.StringIO(_text(path)))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise RowsError(f"{path}: column '{missing[0]}' is missing")
    rows = list(reader)
    for line, row in enumerate(rows, start=2):
        given, needed = cells_given(row), len(reader.fieldnames or ())
        if given != needed:
            must = f"it must have {needed}, one for each column"
            raise RowsError(f"{path}, line {line}: the row has {given} cells; {must}")
    return rows


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise RowsError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RowsError(f"{path}: byte {error.start} is not UTF-8") from error
