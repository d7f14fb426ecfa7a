"""Inference: one row is one workload in one year under one draw."""

import math

import numpy as np
from numpy.typing import NDArray

from core.engine.coefficients import Coefficients, InferenceCoefficients
from core.engine.columns import InferenceColumns, InferenceResult, empty, ready
from core.engine.fleet import Demand, dedicated_load, shared_load
from core.engine.jit import kernel
from core.engine.pools import mean_power_w, reading_pool
from core.engine.power import (
    band,
    drive,
    energy_j,
    energy_kwh,
    idle_power_w,
    power_accelerator_w,
    two_piece_ln,
    utilization,
)
from core.engine.room import accelerators_given_or_roomy, batch_limit, provider_batch, usable_byte
from core.engine.step import terms_at
from core.engine.terms import context_of, reads_apart, step_of, writing_of


@kernel
def accelerators_of(x: InferenceColumns, i: int, context: float) -> float:
    """Accelerators of one replica: as given, else those with room for what it is to run."""
    return accelerators_given_or_roomy(
        x.accelerators[i],
        x.params_total[i] * x.weight_byte[i],
        context,
        x.kv_byte_per_token[i],
        x.kv_heads[i],
        x.latent_cache[i],
        x.recurrent_state_byte[i],
        usable_byte(x.memory_byte[i], x.memory_reserve_share[i]),
        x.accelerators_per_server[i],
        max(x.batch[i], x.room_batch[i], 1.0),
        provider_batch(x.shared[i], x.batch[i], x.batch_cap[i]),
    )


@kernel
def error_factor_of(x: InferenceColumns, i: int, batch: float, c: InferenceCoefficients) -> float:
    """Measured over predicted energy at the row's normal draw; 1 with the error off."""
    if x.error_on[i] == 0.0:
        return 1.0
    seen = 0 if x.measured[i] == 1.0 else 1
    kind = 0 if x.experts[i] == 0.0 else (2 if x.fp8_block[i] == 1.0 else 1)
    q = c.interval_ln_80[seen, kind, band(batch)]
    return math.exp(two_piece_ln(x.error_z[i], q[0], q[1], q[2]))


@kernel
def demand_of(x: InferenceColumns, i: int) -> Demand:
    """What the row asks of its fleet."""
    return Demand(
        x.requests[i] * x.output_tokens[i],
        x.batch[i],
        x.service_h[i],
        x.peak_to_mean[i],
        x.provider_utilization[i],
        x.installed[i],
        x.busy_share[i],
        x.held_h[i],
    )


@kernel
def rows_apart(x: InferenceColumns) -> NDArray[np.uint64]:
    """The rows whose prompts are read on machines of their own."""
    rows, count = np.empty(x.separate.size, np.uint64), 0
    for i in range(np.uint64(x.separate.size)):
        apart = reads_apart(x, i)
        if apart:
            rows[count] = i
            count += 1
    return rows[:count]


@kernel
def run_inference(x: InferenceColumns, coefficients: Coefficients, out: InferenceResult) -> None:
    """Fill the result, a row at a time; then add the machines that read prompts to the rows that have them."""
    c = coefficients.inference
    for i in range(np.uint64(x.requests.size)):
        context = context_of(x, i)
        n = accelerators_of(x, i, context)
        step = step_of(x, i, n, context, writing_of(x, i), c)
        weights_byte = x.params_total[i] * x.weight_byte[i]
        usable = usable_byte(x.memory_byte[i], x.memory_reserve_share[i])
        limit = batch_limit(usable, weights_byte / n, step.cache_byte, x.batch_cap[i])
        demand = demand_of(x, i)
        load = shared_load(demand, n, step, limit) if x.shared[i] == 1.0 else dedicated_load(demand, n, step, limit)
        run, fleet = load.run, load.fleet
        driven = drive(terms_at(step.power, run.batch, run.expert_share), run.step_s, c.p_floor)
        power_w = power_accelerator_w(driven, x.idle_w[i], x.tdp_w[i], c.p_knee) * x.power_factor[i]
        waiting_w = idle_power_w(x.idle_w[i], x.tdp_w[i], c.p_floor)
        factor = error_factor_of(x, i, run.batch, c)
        token_j = energy_j(n, power_w, run.step_s) / run.batch

        out.accelerators[i] = n
        out.replicas[i] = fleet.replicas
        out.accelerators_installed[i] = fleet.accelerators_installed
        out.memory_weights_byte[i] = weights_byte
        out.memory_cache_byte[i] = step.cache_byte * n * run.batch
        out.batch[i] = run.batch
        out.batch_limit[i] = limit
        out.step_time_s[i] = run.step_s
        out.request_time_s[i] = x.output_tokens[i] * run.step_s
        out.power_accelerator_w[i] = power_w
        out.energy_accelerator_j_per_output_token[i] = factor * token_j
        out.utilization[i] = utilization(load.busy_h, load.held_h)
        out.busy_h[i] = load.busy_h
        out.held_h[i] = load.held_h
        out.energy_accelerator_kwh[i] = factor * energy_kwh(load.busy_h, power_w)
        out.energy_idle_kwh[i] = energy_kwh(max(load.held_h - load.busy_h, 0.0), waiting_w)
        out.energy_host_kwh[i] = energy_kwh(load.held_h, x.host_w[i])
        out.overload[i] = fleet.overload

    for i in rows_apart(x):  # few: so the others need not ask
        n = out.accelerators[i]
        pool = reading_pool(x, i, n, context_of(x, i), c)
        factor = error_factor_of(x, i, out.batch[i], c)
        prompt_j = energy_j(n, pool.power_w, pool.request_s)
        busy_h, held_h = out.busy_h[i] + pool.busy_h, out.held_h[i] + pool.held_h
        waiting_w = idle_power_w(x.idle_w[i], x.tdp_w[i], c.p_floor)
        out.replicas[i] += pool.replicas
        out.accelerators_installed[i] += pool.accelerators_installed
        out.request_time_s[i] += pool.request_s
        out.power_accelerator_w[i] = mean_power_w(out.power_accelerator_w[i], out.busy_h[i], pool)
        out.energy_accelerator_j_per_output_token[i] += factor * prompt_j / x.output_tokens[i]
        out.utilization[i] = utilization(busy_h, held_h)
        out.busy_h[i] = busy_h
        out.held_h[i] = held_h
        out.energy_accelerator_kwh[i] += factor * energy_kwh(pool.busy_h, pool.power_w)
        out.energy_idle_kwh[i] = energy_kwh(max(held_h - busy_h, 0.0), waiting_w)
        out.energy_host_kwh[i] = energy_kwh(held_h, x.host_w[i])


def inference(x: InferenceColumns, coefficients: Coefficients) -> InferenceResult:
    """The result of every row, in the order of the rows."""
    out = empty(InferenceResult, len(x.requests))
    run_inference(ready(x), coefficients, out)
    return out
