"""The two files of the training fit: its coefficients, and every run beside what a fit without it says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

from core import catalog as facts
from core.catalog import Catalog
from core.fit import training_score as score
from core.fit.training import (
    ENERGY_GIVEN_HOURS_LN,
    Held,
    Power,
    Share,
    band,
    held_out,
    left_ln,
    power,
    share,
)
from core.fit.training_runs import read, rows_sha256, told

FIT_FILE, HELD_FILE = "validation/fit_training.json", "validation/training_held_out.csv"
HOW = (
    "python -m core fit --write: least absolute deviations of ln(share of the 16-bit peak) over the runs with checked "
    "hours, and over those whose accelerators alone were metered, their hours taken at 0.85 of the power limit; runs "
    "of one developer weigh as the root of their number; the range is that of the runs with hours, developers left out"
)
DIGITS, FIGURES = 5, 6


@dataclass(frozen=True, slots=True)
class TrainingRefit:
    """Everything anew from the runs."""

    share: Share
    drawn: Power
    hours_ln: tuple[float, float, float]
    held: tuple[Held, ...]
    sha256: str


def refit(catalog: Catalog, folder: Path = facts.FOLDER) -> TrainingRefit:
    """The fit and its hold-outs."""
    runs = read(catalog, folder)
    held = tuple(held_out(runs))
    return TrainingRefit(share(told(runs)), power(runs), hours_ln(held), held, rows_sha256(folder))


def hours_ln(held: Sequence[Held]) -> tuple[float, float, float]:
    """The range of the hours."""
    known = score.timed(held)
    return band([one.run.developer for one in known], left_ln(known))


def fit_json(found: TrainingRefit) -> str:
    """The text of `fit_training.json`."""
    watts = "accelerator with its share of the host, before the site's overhead: mean of the metered runs"
    parts: dict[str, Any] = {
        "how": HOW,
        "rows": len(score.fitted(found.held)),
        "rows_sha256": found.sha256,
        "training": {
            "ln_mfu": _entry(
                found.share.ln_mfu, "ln", "share of the 16-bit peak that training reaches, attention counted"
            ),
            "small_on_fast": _entry(
                found.share.small_on_fast,
                "ln per ln x ln",
                "what it loses where a model below 30 billion active parameters runs on more than 312 TFLOP/s",
            ),
            "u_gpu": _entry(found.drawn.u_gpu, "fraction of TDP", "mean accelerator power in training"),
            "host_frac": _entry(found.drawn.host_frac, "fraction", "CPU, fans, network on top of accelerator power"),
        },
        "training_system_W_per_chip": {chip: _entry(w, "W", watts) for chip, w in sorted(found.drawn.system_w.items())},
        "training_interval_ln_80": {
            "hours": [_short(value) for value in found.hours_ln],
            "energy_given_hours": list(ENERGY_GIVEN_HOURS_LN),
        },
        "training_regimes": [_regime(row) for row in score.report(found.held)],
        "note": "hours: P10, P50, P90 of ln(measured / predicted), developers left out. energy_given_hours is a "
        "judgement: four runs of two developers are too few to calibrate it",
    }
    return json.dumps(parts, indent=1, ensure_ascii=False) + "\n"


def held_csv(found: TrainingRefit) -> str:
    """The text of `training_held_out.csv`: hours and MWh; blank where unknown."""
    rows = [_cells(held) for held in found.held]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def texts(found: TrainingRefit) -> dict[str, str]:
    """Both files by name."""
    return {FIT_FILE: fit_json(found), HELD_FILE: held_csv(found)}


def differences(found: TrainingRefit, folder: Path = facts.FOLDER) -> list[str]:
    """The files that this refit would change."""
    return [name for name, text in texts(found).items() if _text(folder / name) != text]


def write(found: TrainingRefit, folder: Path = facts.FOLDER) -> None:
    """Replace both files by this refit's."""
    for name, text in texts(found).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _short(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")


def _entry(value: float, unit: str, meaning: str) -> dict[str, str | float]:
    return {"value": _short(value), "unit": unit, "meaning": meaning}


def _regime(row: score.Accuracy) -> dict[str, str | float]:
    numbers: dict[str, str | float] = {
        "hold_out": row.hold_out,
        "regime": row.regime,
        "name": row.name,
        "runs": row.runs,
        "developers": row.developers,
        "median_error_pct": round(row.median_error_pct, 1),
        "within_twice_pct": round(row.within_twice_pct, 1),
    }
    if row.hold_out != score.COVERED_IN:
        return numbers
    return numbers | {"covered_pct": score.NOT_CALIBRATABLE if row.covered_pct is None else round(row.covered_pct, 1)}


def _cells(held: Held) -> dict[str, str]:
    run = held.run
    numbers: Sequence[tuple[str, float]] = (
        ("params_active_b", run.params_active_b),
        ("measured_h", run.measured_h),
        ("in_sample_h", held.in_sample_h),
        ("run_left_out_h", held.run_left_out_h),
        ("developer_left_out_h", held.developer_left_out_h),
        ("energy_measured_mwh", run.energy_mwh),
        ("energy_hours_known_mwh", held.energy_hours_known_mwh),
        ("energy_run_left_out_mwh", held.energy_run_left_out_mwh),
        ("energy_developer_left_out_mwh", held.energy_developer_left_out_mwh),
    )
    return {
        "id": run.id,
        "developer": run.developer,
        "hardware": run.hardware,
        "generation": run.generation,
        "kind": score.REGIMES["kind"](held),
        "format": score.REGIMES["format"](held),
        **{name: "" if isnan(value) else f"{value:.{FIGURES}g}" for name, value in numbers},
        "covered": "" if held.covered is None else str(int(held.covered)),
        "boundary": "" if isnan(run.energy_mwh) else "server and site" if run.host_metered else "accelerator and site",
    }
