"""The terms of a row's step: what its tokens read, compute and wait for, from the engine's columns."""

from core.engine.coefficients import InferenceCoefficients
from core.engine.columns import InferenceColumns
from core.engine.jit import kernel
from core.engine.power import flop_power_factor, memory_power_factor
from core.engine.room import cache_byte_per_sequence
from core.engine.step import (
    FLOP_PER_PARAMETER,
    PROMPT_BUDGET_TOKENS,
    Experts,
    Step,
    Terms,
    Work,
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
def reads_apart(x: InferenceColumns, i: int) -> bool:
    """Whether machines of their own read the prompts: on a fleet of one's own, where it is said so."""
    return bool(x.separate[i] * (1.0 - x.shared[i]) == 1.0)  # no branch: one here costs every row dear


@kernel
def writing_of(x: InferenceColumns, i: int) -> Work:
    """A step of writing. Prompts are read along, as fast as answers end, unless machines of their own read them."""
    yielded = tokens_per_step(x.drafted_tokens[i], x.draft_accepted_share[i])
    along = prompt_tokens_per_output(x.input_tokens[i], x.cached_share[i], x.output_tokens[i]) * yielded
    prompt, apart = x.input_tokens[i] * (1.0 - x.cached_share[i]), reads_apart(x, i)
    drafted, ended = x.drafted_tokens[i], yielded / x.output_tokens[i]
    return Work(1.0, drafted, 0.0 if apart else along, yielded, ended, 1.0 + drafted, 0.0 if apart else prompt)


@kernel
def reading_steps(x: InferenceColumns, i: int) -> float:
    """Steps that machines of their own take to read one prompt: one, or several for a prompt beyond a step's budget."""
    fresh = x.input_tokens[i] * (1.0 - x.cached_share[i])
    return 0.0 if fresh <= 0.0 else max(fresh / PROMPT_BUDGET_TOKENS, 1.0)


@kernel
def reading_of(x: InferenceColumns, i: int, steps: float) -> Work:
    """A step of reading: one prompt at a time, nothing written."""
    fresh = x.input_tokens[i] * (1.0 - x.cached_share[i]) / steps
    return Work(0.0, 0.0, fresh, 1.0, 1.0 / steps, fresh, 0.0)


@kernel
def handed_over_s(x: InferenceColumns, i: int, n: float, c: InferenceCoefficients) -> float:
    """Time in which a prompt's cache goes to the machines that write [s], each accelerator sending its part."""
    context = windowed_tokens(x.input_tokens[i], x.kv_window_tokens[i], x.kv_global_share[i])
    parts = cache_parts(n, x.kv_heads[i], x.latent_cache[i])
    byte = cache_byte_per_sequence(context, x.kv_byte_per_token[i], parts, x.recurrent_state_byte[i] / n)
    reached = (c.eta_link_2024 if x.engine[i] == 1.0 else c.eta_link) * x.link_byte_per_s[i]
    seconds: float = byte / reached
    return seconds


@kernel
def arithmetic_of(
    x: InferenceColumns, i: int, part: float, context: float, work: Work, routed: float, pad: float
) -> Terms:
    """FLOP of a step per accelerator, attention beyond the fitted contexts included."""
    prompt_mean = x.input_tokens[i] * (1.0 + x.cached_share[i]) / 2.0
    prompt_context = windowed_tokens(prompt_mean, x.kv_window_tokens[i], x.kv_global_share[i])
    decode = attention_flop(x.layers[i], x.heads[i], x.head_dim[i], context)
    prompt = attention_flop(x.layers[i], x.heads[i], x.head_dim[i], prompt_context)
    drafting = work.drafted * x.draft_size_share[i]
    decoded = work.written + work.drafted
    return flop_terms(x.params_active[i], routed, pad, decoded, drafting, work.fresh, decode, prompt, part)


@kernel
def layers_of(x: InferenceColumns, i: int, work: Work, block: bool, c: InferenceCoefficients) -> Terms:
    """Time that goes with the layers, whatever they compute [s]. Drafting a token has a layer of its own."""
    layers = x.layers[i] + work.drafted
    if block:
        layer_s = c.layer_us / US_PER_S + c.layer_fp8moe_us / US_PER_S
        return layers_terms_s(layers, layer_s, c.fp8moe_prefill_us / US_PER_S, work.fresh)
    return layers_terms_s(layers, c.layer_us / US_PER_S, 0.0, work.fresh)


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
def experts_of(x: InferenceColumns, i: int, work: Work, c: InferenceCoefficients) -> Experts:
    """How the row's batch finds its experts. A prompt comes whenever an answer ends; read apart, it is the batch."""
    ln_missed = ln_expert_missed(x.experts[i], x.experts_per_token[i])
    touched = experts_per_prompt(ln_missed, c.expert_reuse, work.prompt)
    return Experts(ln_missed, work.choosing, touched * work.ended, c.expert_reuse)


@kernel
def step_of(x: InferenceColumns, i: int, n: float, context: float, work: Work, c: InferenceCoefficients) -> Step:
    """The terms of a row's step on n accelerators, for each token it yields."""
    moe = x.experts[i] != 0.0
    block = moe and x.fp8_block[i] == 1.0
    eager = x.engine[i] == 2.0
    part = 1.0 / n
    tokens = work.written + work.drafted + work.fresh
    routed = routed_parameters(x.params_total[i], x.params_active[i], x.experts[i], x.experts_per_token[i])
    state_byte = x.recurrent_state_byte[i] * part
    parts = cache_parts(n, x.kv_heads[i], x.latent_cache[i])
    cache_byte = cache_byte_per_sequence(context, x.kv_byte_per_token[i], parts, state_byte)
    flop = arithmetic_of(x, i, part, context, work, routed, c.pad_tokens_fp8block if block else c.pad_tokens)

    s_per_byte = 1.0 / x.bandwidth_byte_per_s[i]
    weight_s = x.weight_byte[i] * part * s_per_byte
    # the state is read and written
    draft_s = work.drafted * x.draft_size_share[i] * x.params_active[i] * weight_s
    read_s = (x.params_total[i] - routed) * weight_s + draft_s
    nominal = Terms(read_s, (cache_byte + state_byte) * s_per_byte, routed * weight_s)
    fp8 = x.fp8_compute[i] == 1.0
    eta_expert = c.eta_expert_4bit if x.expert_4bit[i] == 1.0 else c.eta_expert_16
    eta_weight = c.eta_weight_hf if eager else (c.eta_weight_fp8 if fp8 else c.eta_weight)
    read = read_terms_s(nominal, eta_weight, c.eta_kv, eta_expert)
    eta_compute = c.eta_compute_fp8 if fp8 else c.eta_compute
    gpu = sum_terms(
        read, sum_terms(scaled(flop, 1.0 / (eta_compute * x.peak_flop_per_s[i])), layers_of(x, i, work, block, c))
    )
    route_byte = routing_byte_per_sequence(x.layers[i], tokens, x.experts_per_token[i], x.d_model[i], c.route_passes)
    route_s = route_byte * s_per_byte if moe else 0.0
    gpu = scaled(sum_terms(gpu, Terms(0.0, route_s, 0.0)), x.kernel_time_factor[i])

    power = scaled(power_terms_of(x, i, gpu, nominal, route_s, flop, c), 1.0 / work.yielded)
    floor_s = c.hf_layer_us / US_PER_S * x.layers[i] / work.yielded if eager else 0.0
    experts = experts_of(x, i, work, c)
    chosen = routed * x.experts_per_token[i] / max(x.experts[i], 1.0) * tokens * part
    done_s = FLOP_PER_PARAMETER * chosen / (eta_compute * x.peak_flop_per_s[i])
    worked = scaled(Terms(0.0, done_s, read.per_expert_share), x.kernel_time_factor[i])
    uneven = uneven_terms_s(worked, x.parallel[i], x.experts[i], n, c.expert_spread)
    waits = sum_terms(waits_of(x, i, n, tokens, work.ended, c), uneven)
    return Step(scaled(sum_terms(gpu, waits), 1.0 / work.yielded), power, floor_s, experts, cache_byte)
