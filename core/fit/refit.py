"""One refit from the rows to the files: the fit itself, its predictions of what it left out, and how they are kept."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core import catalog as facts
from core.catalog import Catalog
from core.catalog.measured import Measurement
from core.engine import Coefficients, from_fit
from core.fit import score
from core.fit.columns import columns
from core.fit.coverage import coverage
from core.fit.guess import INTERVAL, Guess, guesses
from core.fit.held_out import Predicted, cells, predictions
from core.fit.measurement import measurements, rows_sha256
from core.fit.ranges import ranges
from core.fit.solve import fit

FIT_FILE = "validation/fit.json"
HOW = (
    "python -m core fit --write: weighted least squares of the log errors of step time, power and energy over the "
    "engine itself; every pair of model and accelerator has equal weight, and each coefficient a weak lognormal prior"
)
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Refit:
    """A fit to all rows, and what fits without some of them said of those."""

    rows: tuple[Measurement, ...]
    coefficients: Coefficients
    predicted: Predicted


def base() -> Coefficients:
    """The guesses, with what is not fitted here as the files have it."""
    starts = {guess.name: {"value": guess.start} for guess in guesses()}
    return from_fit({**facts.load().coefficients, "inference": starts})


def refit(catalog: Catalog, told: Callable[[str], None], folder: Path = facts.FOLDER) -> Refit:
    """Everything anew from the measurements."""
    rows = measurements(catalog, folder)
    x = columns(catalog, rows)
    coefficients = rounded(fit(rows, x, base()))
    return Refit(rows, coefficients, predictions(catalog, rows, x, coefficients, told))


def rounded(coefficients: Coefficients) -> Coefficients:
    """The coefficients to the digits that the file keeps."""
    inference = coefficients.inference
    values: dict[str, Any] = {g.name: float(f"{getattr(inference, g.name):.{DIGITS}g}") for g in guesses()}
    return coefficients._replace(inference=inference._replace(**values))


def fit_json(found: Refit) -> str:
    """The text of `fit.json`."""
    inference, held = found.coefficients.inference, joined(facts.load(), found)
    parts: dict[str, Any] = {
        "how": HOW,
        "rows": len(found.rows),
        "rows_sha256": rows_sha256(found.rows),
        "inference": {guess.name: _entry(guess, getattr(inference, guess.name)) for guess in guesses()},
        "prompt_tokens": prompt_tokens(found.rows),
        INTERVAL: ranges(held),
        "coverage": [asdict(row) for row in coverage(held)],
    }
    return json.dumps(parts, indent=1, ensure_ascii=False) + "\n"


def joined(catalog: Catalog, found: Refit) -> tuple[score.Held, ...]:
    """The measurements with what the refit says of them."""
    return score.joined(catalog, found.rows, cells(found.rows, found.predicted))


def _entry(guess: Guess, value: float) -> dict[str, str | float]:
    return {"value": value, "unit": guess.unit, "meaning": guess.meaning}


def prompt_tokens(rows: Sequence[Measurement]) -> Mapping[str, float]:
    """The prompt length assumed for each series whose publisher does not print one."""
    return {row.series: row.input_tokens for row in rows if row.input_tokens_assumed}


def held_out_csv(found: Refit) -> str:
    """The text of `held_out.csv`."""
    text = io.StringIO()
    writer = csv.DictWriter(text, score.COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({"id": key} | found_cells for key, found_cells in cells(found.rows, found.predicted).items())
    return text.getvalue()


def differences(found: Refit) -> list[str]:
    """By how much the refit's coefficients differ from the file's, the largest first."""
    was, now = facts.load().coefficients["inference"], found.coefficients.inference
    names = [guess.name for guess in guesses()]
    ratios = {name: getattr(now, name) / was[name]["value"] for name in names if name in was}
    order = sorted(ratios, key=lambda name: -abs(np.log(ratios[name])))
    changed = [f"{name}: {ratios[name] - 1.0:+.2%}" for name in order if ratios[name] != 1.0]
    return [f"{name}: new" for name in names if name not in was] + changed


def write(found: Refit, folder: Path = facts.FOLDER) -> None:
    """Replace both files by this refit's."""
    (folder / FIT_FILE).write_text(fit_json(found), encoding="utf-8", newline="\n")
    (folder / score.FILE).write_text(held_out_csv(found), encoding="utf-8", newline="\n")
