"""Published training runs as the fit reads them: those whose hours were checked, and those with a metered energy."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from pathlib import Path

import numpy as np

from core.catalog import Catalog
from core.catalog.measured import RUNS, TrainingRun, read_runs
from core.engine.training import attention_share, run_flop
from core.results.arithmetic import peak16_tflops
from core.results.draws import Floats
from core.units import FLOP_PER_TFLOP, KWH_PER_MWH, PARAMS_PER_B, TOKENS_PER_B, W_PER_KW

UNVERIFIED = "unverified"
U_GPU, HOST_FRAC = 0.85, 0.3  # what is known before any meter: shares of the power limit, and of that for the host


@dataclass(frozen=True, slots=True)
class Run:
    """One run. What was not published is NaN.

    `flop` counts attention by the engine's rule, `dimensions_flop` by the model's own layers and heads where the
    catalog knows them, `parameters_flop` not at all.
    """

    id: str
    developer: str
    hardware: str
    generation: str
    peak16_flop_per_s: float
    tdp_w: float
    system_measured: bool  # its power has one figure, host included
    years_since_release: float
    params_active_b: float
    experts: bool
    eight_bit: bool
    sequence_tokens: float
    parameters_flop: float
    dimensions_flop: float
    flop: float
    measured_h: float
    energy_mwh: float  # of the meter; NaN where nobody metered
    host_metered: bool
    pue: float
    said_h: float  # the measured hours; else those that the meter of its accelerators says

    def at_length(self, sequence_tokens: float) -> float:
        """The arithmetic at another length of the sequence; as disclosed, where it was disclosed."""
        if self.flop == self.parameters_flop:
            return self.flop
        return self.parameters_flop * (
            1.0 + float(attention_share(self.params_active_b * PARAMS_PER_B, sequence_tokens))
        )


def read(catalog: Catalog, folder: Path) -> list[Run]:
    """Every run of the file, in its order."""
    return [_run(catalog, row) for row in read_runs(folder, catalog.sources)]


def timed(runs: Sequence[Run]) -> list[Run]:
    """The runs whose checked hours and arithmetic are both known."""
    return [run for run in runs if run.measured_h > 0 and run.flop > 0]


def told(runs: Sequence[Run]) -> list[Run]:
    """The runs of the fit: with hours, or with the metered energy of their accelerators alone."""
    return [run for run in runs if run.said_h > 0 and run.flop > 0]


def metered(runs: Sequence[Run]) -> list[Run]:
    """The runs with an energy that was measured, and not computed from hours and an assumed power."""
    return [run for run in runs if not isnan(run.energy_mwh)]


def developer_weights(runs: Sequence[Run]) -> Floats:
    """Weights of runs: ten of one developer count as the root of ten, since they err alike."""
    names = [run.developer for run in runs]
    return np.array([names.count(name) ** -0.5 for name in names])


def rows_sha256(folder: Path) -> str:
    """The hash of the file of runs."""
    return hashlib.sha256((folder / RUNS).read_bytes()).hexdigest()


def _known(value: float | None) -> float:
    return nan if value is None else value


def _run(catalog: Catalog, row: TrainingRun) -> Run:
    device, disclosed = catalog.hardware[row.hardware], row.compute_reported_flop or 0.0
    # a disclosed arithmetic holds its attention; without it, an unknown length counts none
    size = (row.params_active_b * PARAMS_PER_B, (row.train_tokens_b or 0.0) * TOKENS_PER_B)
    sequence = row.sequence_tokens or 0.0
    flop = float(run_flop(*size, sequence, disclosed))
    hours = nan if row.checked == UNVERIFIED else _known(row.accelerator_hours)
    energy, host = _known(row.energy_mwh) if row.energy_metered else nan, row.energy_scope.startswith("system")
    tdp_w, pue = _known(device.tdp_w), _known(row.pue)
    meter_h = nan if host else energy * KWH_PER_MWH / pue / (tdp_w * U_GPU / W_PER_KW)
    return Run(
        id=row.id,
        developer=row.developer,
        hardware=device.id,
        generation=device.generation,
        peak16_flop_per_s=_known(peak16_tflops(device)) * FLOP_PER_TFLOP,
        tdp_w=tdp_w,
        system_measured=device.id in catalog.coefficients["training_system_W_per_chip"],
        years_since_release=float(row.year - device.release_year),
        params_active_b=row.params_active_b,
        experts=_known(row.params_total_b) > row.params_active_b,
        eight_bit=row.precision == "fp8",
        sequence_tokens=sequence,
        parameters_flop=float(run_flop(*size, 0.0, disclosed)),
        dimensions_flop=disclosed or _by_dimensions(catalog, row.model, size, sequence) or flop,
        flop=flop,
        measured_h=hours,
        energy_mwh=energy,
        host_metered=host,
        pue=pue,
        said_h=meter_h if isnan(hours) else hours,
    )


def _by_dimensions(catalog: Catalog, model: str, size: tuple[float, float], sequence_tokens: float) -> float:
    """FLOP with 12 x layers x heads x head size x sequence for each token; 0 where the catalog lacks the model."""
    known = catalog.models.get(model)
    if known is None or not (known.layers and known.heads and known.head_dim):
        return 0.0
    params, tokens = size
    width = known.heads * known.head_dim
    return float(run_flop(params, tokens, 0.0, 0.0)) + 12.0 * known.layers * width * sequence_tokens * tokens
