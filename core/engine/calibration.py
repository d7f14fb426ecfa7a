"""What a meter says of a workload's energy: the terms it measured, scaled; the others stay as modelled."""

import numpy as np

from core.engine.columns import CalibrationColumns, CalibrationResult, empty, ready
from core.engine.jit import kernel


@kernel
def calibrated(modelled: float, calibration_factor: float) -> float:
    """An energy as metered: the model's, times measured over modelled in the metered period."""
    return modelled * calibration_factor


@kernel
def run_calibration(x: CalibrationColumns, out: CalibrationResult) -> None:
    """Fill the result, a row at a time. A factor of 1 leaves a term as it was, to the last digit."""
    for i in range(np.uint64(x.energy_idle_kwh.size)):
        busy_kwh = calibrated(x.energy_accelerator_kwh[i], x.calibration_busy_factor[i])
        j_per_token = calibrated(x.energy_accelerator_j_per_output_token[i], x.calibration_busy_factor[i])
        out.energy_accelerator_kwh[i] = busy_kwh
        out.energy_accelerator_j_per_output_token[i] = j_per_token
        out.energy_idle_kwh[i] = calibrated(x.energy_idle_kwh[i], x.calibration_idle_factor[i])
        out.energy_host_kwh[i] = calibrated(x.energy_host_kwh[i], x.calibration_host_factor[i])


def calibration(x: CalibrationColumns) -> CalibrationResult:
    """The result of every row, in the order of the rows."""
    out = empty(CalibrationResult, len(x.energy_idle_kwh))
    run_calibration(ready(x), out)
    return out
