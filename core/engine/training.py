"""Training: one row is a year's runs of one model under one draw [fit]."""

import math

import numpy as np

from core.engine.coefficients import Coefficients
from core.engine.columns import TrainingColumns, TrainingResult, empty, ready
from core.engine.jit import kernel
from core.engine.power import energy_kwh, two_piece_ln
from core.units import FLOP_PER_TFLOP, H_PER_YEAR, PARAMS_PER_B, S_PER_H, W_PER_KW

FLOP_PER_PARAMETER_AND_TOKEN = 6.0  # two forward, four backward
PARAMS_PER_LAYER = 12.0  # a layer's parameters over its width squared: four of attention, eight of the rest
WIDTH_PER_LAYER = 128.0  # width over number of layers, as most models have it
REFERENCE_PARAMS = 30.0 * PARAMS_PER_B
REFERENCE_FLOP_PER_S = 312.0 * FLOP_PER_TFLOP  # A100, 16-bit


@kernel
def attention_share(params_active: float, sequence_tokens: float) -> float:
    """FLOP of attention over the sequence, relative to those of the parameters [arxiv-2204.02311].

    12 x layers x width x sequence over 6 N, with N = 12 x layers x width^2: what is left is sequence / (6 x width).
    """
    width: float = (WIDTH_PER_LAYER / PARAMS_PER_LAYER * params_active) ** (1.0 / 3.0)
    return sequence_tokens / (FLOP_PER_PARAMETER_AND_TOKEN * width)


@kernel
def run_flop(params_active: float, train_tokens: float, sequence_tokens: float, disclosed_flop: float) -> float:
    """FLOP of one run: as disclosed, else 6 N D and attention; restarts and teachers are left out."""
    if disclosed_flop != 0.0:
        return disclosed_flop
    parameters_flop = FLOP_PER_PARAMETER_AND_TOKEN * params_active * train_tokens
    return parameters_flop * (1.0 + attention_share(params_active, sequence_tokens))


@kernel
def unfilled(params_active: float, peak16_flop_per_s: float) -> float:
    """How little a small model fills a fast accelerator: ln(30 billion / size) x ln(peak / an A100's), none below 0."""
    smaller = max(math.log(REFERENCE_PARAMS / params_active), 0.0)
    faster = max(math.log(peak16_flop_per_s / REFERENCE_FLOP_PER_S), 0.0)
    return smaller * faster


@kernel
def used_h(flop: float, peak_flop_per_s: float, mfu: float) -> float:
    """Accelerator-hours of computing [h]; peak and share of it in the same number format."""
    return flop / (peak_flop_per_s * mfu) / S_PER_H


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
    for i in range(np.uint64(x.runs.size)):
        one_flop = run_flop(x.params_active[i], x.train_tokens[i], x.sequence_tokens[i], x.flop[i])
        flop = one_flop * x.runs[i] * x.overhead_factor[i]
        mfu, hours_ln, energy_ln = x.mfu[i], 0.0, 0.0
        if x.error_on[i] != 0.0:
            energy_ln = two_piece_ln(
                x.energy_z[i], c.energy_given_hours[0], c.energy_given_hours[1], c.energy_given_hours[2]
            )
        if mfu == 0.0:
            mfu = math.exp(c.ln_mfu + c.small_on_fast * unfilled(x.params_active[i], x.peak16_flop_per_s[i]))
            if x.error_on[i] != 0.0 and x.hours_z[i] != 0.0:
                hours_ln = two_piece_ln(x.hours_z[i], c.hours[0], c.hours[1], c.hours[2])
        reached = mfu * x.mfu_factor[i]
        peak_flop_per_s = x.peak16_flop_per_s[i] * x.peak_factor[i]
        hours = used_h(flop, peak_flop_per_s, reached) * math.exp(hours_ln) * x.kernel_time_factor[i]
        power_w = training_power_w(x.tdp_w[i], c.u_gpu, x.system_w[i]) * x.power_factor[i]
        energy = hours * power_w / W_PER_KW * math.exp(energy_ln)
        out.flop[i] = flop
        out.mfu[i] = reached
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
