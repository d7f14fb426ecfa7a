"""Training: one row is a year's runs of one model under one draw [fit]."""

import math

from core.engine.coefficients import Coefficients
from core.engine.columns import TrainingColumns, TrainingResult, empty, ready
from core.engine.jit import kernel
from core.engine.power import energy_kwh, two_piece_ln
from core.units import FLOP_PER_TFLOP, H_PER_YEAR, PARAMS_PER_B, S_PER_H, W_PER_KW

FLOP_PER_PARAMETER_AND_TOKEN = 6.0  # two forward, four backward
REFERENCE_PARAMS = 30.0 * PARAMS_PER_B
REFERENCE_FLOP_PER_S = 312.0 * FLOP_PER_TFLOP  # A100, 16-bit
SOFTWARE_YEARS = 4.0  # progress is counted from the release to this many years after it
REFERENCE_YEARS = 2.0


@kernel
def run_flop(params_active: float, train_tokens: float, disclosed_flop: float) -> float:
    """FLOP of one run: as disclosed, else 6 N D, which leaves out attention and restarts."""
    if disclosed_flop != 0.0:
        return disclosed_flop
    return FLOP_PER_PARAMETER_AND_TOKEN * params_active * train_tokens


@kernel
def ln_relative_size(params_active: float, peak16_flop_per_s: float) -> float:
    """ln of the model's size over the size that fills the accelerator: a faster one needs a larger model."""
    return math.log(params_active / (REFERENCE_PARAMS * peak16_flop_per_s / REFERENCE_FLOP_PER_S))


@kernel
def size_term(ln_size: float, size_small: float, size_big: float) -> float:
    """What size adds to ln MFU: rising below the reference size, falling above."""
    return (size_small if ln_size < 0.0 else size_big) * ln_size


@kernel
def progress_term(years_since_release: float, per_year: float) -> float:
    """What software adds to ln MFU, 0 to 4 years after the accelerator's release, relative to 2."""
    return per_year * (max(min(years_since_release, SOFTWARE_YEARS), 0.0) - REFERENCE_YEARS)


@kernel
def used_h(flop: float, peak16_flop_per_s: float, mfu: float) -> float:
    """Accelerator-hours of computing [h]."""
    return flop / (peak16_flop_per_s * mfu) / S_PER_H


@kernel
def training_power_w(tdp_w: float, u_gpu: float, system_w: float) -> float:
    """Mean power while training [W]: a share of TDP, or the measured system where there is one."""
    return system_w if system_w != 0.0 else tdp_w * u_gpu


@kernel
def host_energy_kwh(energy_accelerator_kwh: float, host_frac: float, system_w: float) -> float:
    """Host energy [kWh]; 0 where the power is a measured system's: the accelerator's column then holds both."""
    return 0.0 if system_w != 0.0 else energy_accelerator_kwh * host_frac


@kernel
def training_held_h(used_h: float, utilization: float, installed: float) -> float:
    """Hours held for the hours used: all the year where accelerators are installed, else by the usual utilization."""
    return used_h / utilization if installed == 0.0 else max(installed * H_PER_YEAR, used_h)


@kernel
def run_training(x: TrainingColumns, coefficients: Coefficients, out: TrainingResult) -> None:
    """Fill the result, a row at a time. A given MFU leaves no model error in the hours."""
    c = coefficients.training
    for i in range(x.runs.size):
        flop = run_flop(x.params_active[i], x.train_tokens[i], x.flop[i]) * x.runs[i] * x.overhead_factor[i]
        mfu, hours_ln, energy_ln = x.mfu[i], 0.0, 0.0
        if x.error_on[i] != 0.0:
            energy_ln = two_piece_ln(
                x.energy_z[i], c.energy_given_hours[0], c.energy_given_hours[1], c.energy_given_hours[2]
            )
        if mfu == 0.0:
            size = size_term(ln_relative_size(x.params_active[i], x.peak16_flop_per_s[i]), c.size_small, c.size_big)
            kind = c.moe * x.moe[i] + c.fp8 * x.fp8[i] + x.generation_offset[i]
            mfu = math.exp(c.ln_mfu + kind + size + progress_term(x.years_since_release[i], c.per_year))
            if x.error_on[i] != 0.0:
                hours_ln = two_piece_ln(x.hours_z[i], c.hours[0], c.hours[1], c.hours[2])
        hours = used_h(flop, x.peak16_flop_per_s[i], mfu) * math.exp(hours_ln)
        power_w = training_power_w(x.tdp_w[i], c.u_gpu, x.system_w[i])
        energy = hours * power_w / W_PER_KW * math.exp(energy_ln)
        out.flop[i] = flop
        out.mfu[i] = mfu
        out.used_h[i] = hours
        held_h = training_held_h(hours, x.utilization[i], x.installed[i])
        out.held_h[i] = held_h
        out.power_accelerator_w[i] = power_w
        out.energy_accelerator_kwh[i] = energy
        out.energy_idle_kwh[i] = energy_kwh(held_h - hours, x.idle_w[i])
        out.energy_host_kwh[i] = host_energy_kwh(energy, c.host_frac, x.system_w[i])


def training(x: TrainingColumns, coefficients: Coefficients) -> TrainingResult:
    """The result of every row, in the order of the rows."""
    out = empty(TrainingResult, len(x.runs))
    run_training(ready(x), coefficients, out)
    return out
