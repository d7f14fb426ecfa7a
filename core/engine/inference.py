"""Inference: one row is one workload in one year under one draw."""

import math

from core.engine.coefficients import Coefficients, InferenceCoefficients
from core.engine.columns import InferenceColumns, InferenceResult, empty, ready
from core.engine.fleet import Demand, dedicated_load, shared_load
from core.engine.jit import kernel
from core.engine.power import (
    band,
    drive,
    energy_j,
    energy_kwh,
    flop_power_factor,
    idle_power_w,
    memory_power_factor,
    power_accelerator_w,
    two_piece_ln,
    utilization,
)
from core.engine.room import (
    accelerators_given_or_roomy,
    batch_limit,
    cache_byte_per_sequence,
    provider_batch,
    usable_byte,
)
from core.engine.step import (
    FLOP_PER_PARAMETER,
    Experts,
    Step,
    Terms,
    attention_flop,
    cache_parts,
    exchange_terms_s,
    experts_per_prompt,
    flop_terms,
    host_terms_s,
    layers_terms_s,
    ln_expert_missed,
    prompt_tokens_per_output,
    read_terms_s,
    routed_parameters,
    routing_byte_per_sequence,
    scaled,
    sum_terms,
    terms_at,
    tokens_per_step,
    uneven_terms_s,
    windowed_tokens,
)
from core.units import MS_PER_S, US_PER_S


@kernel
def context_of(x: InferenceColumns, i: int) -> float:
    """Mean context of a running answer: the prompt and half the answer [tokens]."""
    return windowed_tokens(x.input_tokens[i] + x.output_tokens[i] / 2.0, x.kv_window_tokens[i], x.kv_global_share[i])


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
def arithmetic_of(
    x: InferenceColumns, i: int, part: float, context: float, fresh: float, routed: float, pad: float
) -> Terms:
    """FLOP of a step per accelerator, attention beyond the fitted contexts included."""
    prompt_mean = x.input_tokens[i] * (1.0 + x.cached_share[i]) / 2.0
    prompt_context = windowed_tokens(prompt_mean, x.kv_window_tokens[i], x.kv_global_share[i])
    decode = attention_flop(x.layers[i], x.heads[i], x.head_dim[i], context)
    prompt = attention_flop(x.layers[i], x.heads[i], x.head_dim[i], prompt_context)
    drafted = x.drafted_tokens[i]
    drafting = drafted * x.draft_size_share[i]
    return flop_terms(x.params_active[i], routed, pad, 1.0 + drafted, drafting, fresh, decode, prompt, part)


@kernel
def layers_of(x: InferenceColumns, i: int, fresh: float, block: bool, c: InferenceCoefficients) -> Terms:
    """Time that goes with the layers, whatever they compute [s]. Drafting a token has a layer of its own."""
    layers = x.layers[i] + x.drafted_tokens[i]
    if block:
        layer_s = c.layer_us / US_PER_S + c.layer_fp8moe_us / US_PER_S
        return layers_terms_s(layers, layer_s, c.fp8moe_prefill_us / US_PER_S, fresh)
    return layers_terms_s(layers, c.layer_us / US_PER_S, 0.0, fresh)


@kernel
def host_of(x: InferenceColumns, i: int, n: float, ended: float, c: InferenceCoefficients) -> Terms:
    """Time of the host in a step [s]; the engine of 2024 also stops for each request that comes as another ends."""
    if x.engine[i] == 1.0:
        seq_s = c.seq_2024_us / US_PER_S + c.req_2024_ms / MS_PER_S * ended
        return host_terms_s(1.0, c.step_2024_ms / MS_PER_S, seq_s, c.tp_2024_ms / MS_PER_S, n)
    return host_terms_s(x.engine[i], c.step_us / US_PER_S, c.seq_us / US_PER_S, 0.0, n)


@kernel
def waits_of(x: InferenceColumns, i: int, n: float, tokens: float, ended: float, c: InferenceCoefficients) -> Terms:
    """Time in which no kernel runs: exchange between accelerators, and the host [s]."""
    latency_s = c.allreduce_ep_us / US_PER_S if x.parallel[i] == 1.0 else c.allreduce_us / US_PER_S
    reached = (c.eta_link_2024 if x.engine[i] == 1.0 else c.eta_link) * x.link_byte_per_s[i]
    exchange = exchange_terms_s(x.layers[i], x.d_model[i], tokens, n, latency_s, reached)
    return sum_terms(exchange, host_of(x, i, n, ended, c))


@kernel
def power_terms_of(
    x: InferenceColumns, i: int, gpu: Terms, nominal: Terms, route_s: float, flop: Terms, c: InferenceCoefficients
) -> Terms:
    """What drives the power, times the time of the step [s]: kernels running, memory read, arithmetic done."""
    moe = x.experts[i] != 0.0
    memory = memory_power_factor(x.bandwidth_byte_per_s[i], x.tdp_w[i], x.gddr[i], c.p_gddr)
    arithmetic = flop_power_factor(x.peak16_flop_per_s[i], x.tdp_w[i], x.peak_flop_per_s[i], c.p_flop)
    weight, cache = c.p_weight * memory, c.p_kv * memory
    sequence = nominal.per_sequence * cache + route_s * weight
    read = Terms(nominal.fixed * weight, sequence, nominal.per_expert_share * weight)
    busy = scaled(gpu, c.p_busy_moe if moe else c.p_busy_dense)
    return sum_terms(busy, sum_terms(read, scaled(flop, arithmetic)))


@kernel
def experts_of(x: InferenceColumns, i: int, ended: float, c: InferenceCoefficients) -> Experts:
    """How the row's batch finds its experts. A prompt comes whenever an answer ends."""
    ln_missed = ln_expert_missed(x.experts[i], x.experts_per_token[i])
    touched = experts_per_prompt(ln_missed, c.expert_reuse, x.input_tokens[i] * (1.0 - x.cached_share[i]))
    return Experts(ln_missed, 1.0 + x.drafted_tokens[i], touched * ended, c.expert_reuse)


@kernel
def step_of(x: InferenceColumns, i: int, n: float, context: float, c: InferenceCoefficients) -> Step:
    """The terms of a row's decode step on n accelerators, for each token it yields."""
    moe = x.experts[i] != 0.0
    block = moe and x.fp8_block[i] == 1.0
    eager = x.engine[i] == 2.0
    part = 1.0 / n
    yielded = tokens_per_step(x.drafted_tokens[i], x.draft_accepted_share[i])
    fresh = prompt_tokens_per_output(x.input_tokens[i], x.cached_share[i], x.output_tokens[i]) * yielded
    tokens = 1.0 + x.drafted_tokens[i] + fresh
    routed = routed_parameters(x.params_total[i], x.params_active[i], x.experts[i], x.experts_per_token[i])
    state_byte = x.recurrent_state_byte[i] * part
    parts = cache_parts(n, x.kv_heads[i], x.latent_cache[i])
    cache_byte = cache_byte_per_sequence(context, x.kv_byte_per_token[i], parts, state_byte)
    flop = arithmetic_of(x, i, part, context, fresh, routed, c.pad_tokens_fp8block if block else c.pad_tokens)

    s_per_byte = 1.0 / x.bandwidth_byte_per_s[i]
    weight_s = x.weight_byte[i] * part * s_per_byte
    # the state is read and written
    draft_s = x.drafted_tokens[i] * x.draft_size_share[i] * x.params_active[i] * weight_s
    read_s = (x.params_total[i] - routed) * weight_s + draft_s
    nominal = Terms(read_s, (cache_byte + state_byte) * s_per_byte, routed * weight_s)
    fp8 = x.fp8_compute[i] == 1.0
    eta_expert = c.eta_expert_4bit if x.expert_4bit[i] == 1.0 else c.eta_expert_16
    eta_weight = c.eta_weight_hf if eager else (c.eta_weight_fp8 if fp8 else c.eta_weight)
    read = read_terms_s(nominal, eta_weight, c.eta_kv, eta_expert)
    eta_compute = c.eta_compute_fp8 if fp8 else c.eta_compute
    gpu = sum_terms(
        read, sum_terms(scaled(flop, 1.0 / (eta_compute * x.peak_flop_per_s[i])), layers_of(x, i, fresh, block, c))
    )
    route_byte = routing_byte_per_sequence(x.layers[i], tokens, x.experts_per_token[i], x.d_model[i], c.route_passes)
    route_s = route_byte * s_per_byte if moe else 0.0
    gpu = scaled(sum_terms(gpu, Terms(0.0, route_s, 0.0)), x.kernel_time_factor[i])

    power = scaled(power_terms_of(x, i, gpu, nominal, route_s, flop, c), 1.0 / yielded)
    floor_s = c.hf_layer_us / US_PER_S * x.layers[i] / yielded if eager else 0.0
    ended = yielded / x.output_tokens[i]
    experts = experts_of(x, i, ended, c)
    chosen = routed * x.experts_per_token[i] / max(x.experts[i], 1.0) * tokens * part
    done_s = FLOP_PER_PARAMETER * chosen / (eta_compute * x.peak_flop_per_s[i])
    worked = scaled(Terms(0.0, done_s, read.per_expert_share), x.kernel_time_factor[i])
    uneven = uneven_terms_s(worked, x.parallel[i], x.experts[i], n, c.expert_spread)
    waits = sum_terms(waits_of(x, i, n, tokens, ended, c), uneven)
    return Step(scaled(sum_terms(gpu, waits), 1.0 / yielded), power, floor_s, experts, cache_byte)


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
def run_inference(x: InferenceColumns, coefficients: Coefficients, out: InferenceResult) -> None:
    """Fill the result, a row at a time."""
    c = coefficients.inference
    for i in range(x.requests.size):
        context = context_of(x, i)
        n = accelerators_of(x, i, context)
        step = step_of(x, i, n, context, c)
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
        out.energy_accelerator_j_per_output_token[i] = factor * energy_j(n, power_w, run.step_s) / run.batch
        out.utilization[i] = utilization(load.busy_h, load.held_h)
        out.busy_h[i] = load.busy_h
        out.held_h[i] = load.held_h
        out.energy_accelerator_kwh[i] = factor * energy_kwh(load.busy_h, power_w)
        out.energy_idle_kwh[i] = energy_kwh(max(load.held_h - load.busy_h, 0.0), waiting_w)
        out.energy_host_kwh[i] = energy_kwh(load.held_h, x.host_w[i])
        out.overload[i] = fleet.overload


def inference(x: InferenceColumns, coefficients: Coefficients) -> InferenceResult:
    """The result of every row, in the order of the rows."""
    out = empty(InferenceResult, len(x.requests))
    run_inference(ready(x), coefficients, out)
    return out
