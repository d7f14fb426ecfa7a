"""One decode step of a batch on one accelerator: bytes, FLOP, seconds and watts [fit].

Every time and every activity of a step is linear in the batch B and in the share f(B) of experts it touches, so each is
three terms: fixed + per_sequence B + per_expert_share f(B). They are worked out once a row; the batch comes after.
"""

import math
from typing import NamedTuple

from core.engine.jit import kernel

FLOP_PER_PARAMETER = 2.0  # a multiply and an add
ACTIVATION_BYTE = 2.0
EXCHANGES_PER_LAYER = 2.0  # all-reduces: after attention and after the feed-forward block
ATTENTION_ABSORBED_TOKENS = 1_500.0  # the longest prompts of the fit: shorter contexts are in its efficiencies
H100_BYTE_PER_J = 3_350e9 / 700.0  # bandwidth and 16-bit peak per watt of TDP of the H100 SXM, the fit's reference
H100_FLOP_PER_J = 989e12 / 700.0


class Terms(NamedTuple):
    """A quantity of one step: fixed + per_sequence B + per_expert_share f(B)."""

    fixed: float
    per_sequence: float
    per_expert_share: float


class Experts(NamedTuple):
    """How a batch finds its experts: f(B) = 1 - exp(ln_missed (B per_sequence)^reuse); ln_missed = 0 when dense."""

    ln_missed: float
    tokens_per_sequence: float
    reuse: float


@kernel
def power_of(base: float, exponent: float) -> float:
    """base^exponent of a positive base; half the time of pow."""
    return math.exp(exponent * math.log(base))


@kernel
def terms_at(terms: Terms, batch: float, expert_share: float) -> float:
    """A quantity of one step at a batch."""
    return terms.fixed + terms.per_sequence * batch + terms.per_expert_share * expert_share


@kernel
def routed_parameters(params_total: float, params_active: float, experts: float, experts_per_token: float) -> float:
    """Parameters in routed experts, between none and all. 0 when dense or when every expert is always read."""
    if experts == 0.0 or experts_per_token >= experts:
        return 0.0
    return min(max((params_total - params_active) / (1.0 - experts_per_token / experts), 0.0), params_total)


@kernel
def ln_expert_missed(experts: float, experts_per_token: float) -> float:
    """ln of the chance that one token leaves an expert alone; 0 when dense."""
    if experts == 0.0 or experts_per_token >= experts:
        return 0.0
    return math.log(1.0 - experts_per_token / experts)


@kernel
def expert_share(batch: float, experts: Experts) -> float:
    """Share of the experts a batch touches. The exponent below 1: tokens of one batch choose alike."""
    if experts.ln_missed == 0.0:
        return 0.0
    return 1.0 - math.exp(experts.ln_missed * power_of(batch * experts.tokens_per_sequence, experts.reuse))


@kernel
def prompt_tokens_per_output(input_tokens: float, cached_share: float, output_tokens: float) -> float:
    """Prompt tokens to prefill per output token: prompts arrive as fast as answers end. Cached ones are skipped."""
    return input_tokens * (1.0 - cached_share) / output_tokens


@kernel
def windowed_tokens(tokens: float, kv_window_tokens: float, kv_global_share: float) -> float:
    """Mean context over the layers [tokens]; windowed layers see no more than their window."""
    if kv_window_tokens == 0.0:
        return tokens
    return kv_global_share * tokens + (1.0 - kv_global_share) * min(tokens, kv_window_tokens)


@kernel
def attention_flop(layers: float, heads: float, head_dim: float, context_tokens: float) -> float:
    """Attention FLOP of one token beyond the context that the fit has absorbed.

    The fit leaves attention out; its prompts end at 1,500 tokens, so its efficiencies hold the attention up to there.
    Counting only the excess joins the two without a jump; it is an extrapolation.
    """
    return 4.0 * layers * heads * head_dim * max(context_tokens - ATTENTION_ABSORBED_TOKENS, 0.0)


@kernel
def cache_parts(accelerators: float, kv_heads: float, latent_cache: float) -> float:
    """Among how many accelerators the cache of a sequence is divided: at most its KV heads; a latent one is not."""
    return 1.0 if latent_cache == 1.0 else max(min(accelerators, kv_heads), 1.0)


@kernel
def flop_terms(
    params_active: float,
    params_routed: float,
    pad_tokens: float,
    prompt_per_output: float,
    attention_decode_flop: float,
    attention_prompt_flop: float,
    part: float,
) -> Terms:
    """FLOP of an accelerator that does a part of the work: tokens through the active parameters, padding of experts."""
    per_token = FLOP_PER_PARAMETER * params_active
    sequence = per_token * (1.0 + prompt_per_output) + attention_decode_flop + prompt_per_output * attention_prompt_flop
    return Terms(0.0, sequence * part, FLOP_PER_PARAMETER * params_routed * pad_tokens * part)


@kernel
def routing_byte_per_sequence(
    layers: float, tokens_per_sequence: float, experts_per_token: float, d_model: float, route_passes: float
) -> float:
    """Bytes moved to copy a sequence's tokens to their experts and back. 0 when dense."""
    return route_passes * layers * tokens_per_sequence * experts_per_token * d_model * ACTIVATION_BYTE


@kernel
def read_terms_s(nominal: Terms, eta_weight: float, eta_kv: float, eta_expert: float) -> Terms:
    """Time to read weights, cache and experts [s], from that at nominal bandwidth."""
    return Terms(nominal.fixed / eta_weight, nominal.per_sequence / eta_kv, nominal.per_expert_share / eta_expert)


@kernel
def scaled(terms: Terms, factor: float) -> Terms:
    """A quantity of one step in another unit."""
    return Terms(terms.fixed * factor, terms.per_sequence * factor, terms.per_expert_share * factor)


@kernel
def layers_terms_s(layers: float, layer_s: float, prefill_s: float, prompt_per_output: float) -> Terms:
    """Time of launches per layer and of block-scaled prefill per layer and prompt token [s]."""
    return Terms(layers * layer_s, layers * prefill_s * prompt_per_output, 0.0)


@kernel
def exchange_terms_s(
    layers: float, d_model: float, tokens_per_sequence: float, accelerators: float, latency_s: float, link: float
) -> Terms:
    """Time to exchange activations between accelerators [s], two all-reduces a layer. `link` in byte/s reached."""
    if accelerators <= 1.0:
        return Terms(0.0, 0.0, 0.0)
    exchanges = EXCHANGES_PER_LAYER * layers
    byte = 4.0 * tokens_per_sequence * d_model * (accelerators - 1.0)
    return Terms(exchanges * latency_s, exchanges * byte / (accelerators * link), 0.0)


@kernel
def host_terms_s(
    engine: float, accelerators: float, seq_s: float, seq_2024_s: float, step_s: float, tp_s: float
) -> Terms:
    """Host time of a step [s]: scheduling and sampling. The transformers engine has a floor instead."""
    if engine == 0.0:
        return Terms(0.0, seq_s, 0.0)
    if engine == 1.0:
        return Terms(step_s + tp_s * math.log2(accelerators), seq_2024_s, 0.0)
    return Terms(0.0, 0.0, 0.0)


@kernel
def sum_terms(first: Terms, second: Terms) -> Terms:
    """The sum of two quantities of one step."""
    return Terms(
        first.fixed + second.fixed,
        first.per_sequence + second.per_sequence,
        first.per_expert_share + second.per_expert_share,
    )


@kernel
def memory_power_factor(
    bandwidth_byte_per_s: float, tdp_w: float, exponent: float, gddr: float, p_gddr: float
) -> float:
    """How the memory's share of TDP grows with bandwidth per watt, relative to an H100 SXM; GDDR costs more."""
    relative = power_of(bandwidth_byte_per_s / (tdp_w * H100_BYTE_PER_J), exponent)
    return relative * p_gddr if gddr == 1.0 else relative


@kernel
def flop_power_factor(peak16_flop_per_s: float, tdp_w: float, peak_flop_per_s: float, p_flop: float) -> float:
    """Drive per FLOP/s: constant joules per FLOP at 16 bit, relative to an H100 SXM, of the share of peak in use."""
    return p_flop * peak16_flop_per_s / (tdp_w * H100_FLOP_PER_J * peak_flop_per_s)


@kernel
def drive(power_s: float, step_time_s: float, p_floor: float) -> float:
    """How hard a step drives the accelerator: share of TDP - idle, before TDP limits it."""
    return p_floor + power_s / step_time_s


@kernel
def power_accelerator_w(drive_share: float, idle_w: float, tdp_w: float, p_knee: float) -> float:
    """Power of one accelerator while a batch runs [W]; it nears TDP smoothly and never passes it."""
    return idle_w + (tdp_w - idle_w) * drive_share * power_of(1.0 + power_of(drive_share, p_knee), -1.0 / p_knee)
