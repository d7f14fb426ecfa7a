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
PROMPT_BUDGET_TOKENS = 8_192.0  # prompt tokens that vLLM takes into one step
ATTENTION_ABSORBED_TOKENS = 1_500.0  # the longest prompts of the fit: shorter contexts are in its efficiencies


class Terms(NamedTuple):
    """A quantity of one step: fixed + per_sequence B + per_expert_share f(B)."""

    fixed: float
    per_sequence: float
    per_expert_share: float


class Experts(NamedTuple):
    """How a batch finds its experts: 1 - exp(ln_missed (B per_sequence)^reuse - per_prompt B); ln_missed = 0: dense."""

    ln_missed: float
    tokens_per_sequence: float  # decoded or checked in a step
    per_prompt: float
    reuse: float


class Step(NamedTuple):
    """What a row's decode step needs once the batch is known."""

    time: Terms  # [s]
    power: Terms  # drive times time [s]
    floor_s: float
    experts: Experts
    cache_byte: float  # per sequence and accelerator


class Work(NamedTuple):
    """What a sequence brings into one step: tokens it writes, drafts to check, prompt tokens to read."""

    written: float  # 1; 0 where machines of their own read prompts
    drafted: float
    fresh: float
    yielded: float  # tokens that the answer gains; the step's time and power are shared out among them
    ended: float  # answers that end, and prompts that come
    choosing: float  # tokens that choose their experts in every step
    prompt: float  # tokens to read of a prompt that comes whole, in one step of many; 0 where it is read apart


class Run(NamedTuple):
    """A decode step at its batch."""

    batch: float
    expert_share: float
    step_s: float


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
    """Share of the experts a batch and its prompts touch. The exponent below 1: tokens of a batch choose alike."""
    if experts.ln_missed == 0.0:
        return 0.0
    decoded = experts.ln_missed * power_of(batch * experts.tokens_per_sequence, experts.reuse)
    return 1.0 - math.exp(decoded - experts.per_prompt * batch)


@kernel
def experts_per_prompt(ln_missed: float, reuse: float, fresh_tokens: float) -> float:
    """Share of the experts that one prompt touches, summed over the steps it comes in.

    A prompt comes whole, in one step of the many that its answer takes, and finds most experts there. Prompts come at
    random: the chance that none of a step's finds an expert is exp(-their mean number x the share that one touches).
    One longer than the step's budget comes in several steps.
    """
    if ln_missed == 0.0 or fresh_tokens <= 0.0:
        return 0.0
    parts = max(fresh_tokens / PROMPT_BUDGET_TOKENS, 1.0)
    touched = 1.0 - math.exp(ln_missed * power_of(fresh_tokens / parts, reuse))
    return parts * touched


@kernel
def uneven_terms_s(worked: Terms, parallel: float, experts: float, accelerators: float, expert_spread: float) -> Terms:
    """Time in which all wait for the accelerator whose experts got most of the work [s], with expert parallelism.

    The largest of n shares lies about sqrt(2 ln n) spreads above the mean; the fewer experts each holds, the wider.
    """
    if parallel != 1.0 or experts == 0.0 or accelerators <= 1.0:
        return Terms(0.0, 0.0, 0.0)
    held = max(experts / accelerators, 1.0)
    return scaled(worked, expert_spread * math.sqrt(2.0 * math.log(accelerators) / held))


@kernel
def prompt_tokens_per_output(input_tokens: float, cached_share: float, output_tokens: float) -> float:
    """Prompt tokens to prefill per output token: prompts arrive as fast as answers end. Cached ones are skipped."""
    return input_tokens * (1.0 - cached_share) / output_tokens


@kernel
def tokens_per_step(drafted_tokens: float, draft_accepted_share: float) -> float:
    """Tokens that a step yields a sequence: one, and drafted ones up to the first that the model would not have said.

    1 + a + a^2 + ... + a^k of k drafted tokens, each taken with chance a once those before it are [arxiv-2211.17192].
    """
    if drafted_tokens == 0.0:
        return 1.0
    if draft_accepted_share >= 1.0:
        return 1.0 + drafted_tokens
    all_taken: float = draft_accepted_share ** (drafted_tokens + 1.0)
    return (1.0 - all_taken) / (1.0 - draft_accepted_share)


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
    decoded: float,
    drafting: float,
    prompt_per_output: float,
    attention_decode_flop: float,
    attention_prompt_flop: float,
    part: float,
) -> Terms:
    """FLOP of an accelerator that does a part of the work: tokens through the active parameters, padding of experts."""
    per_token = FLOP_PER_PARAMETER * params_active
    sequence = per_token * (decoded + drafting + prompt_per_output) + decoded * attention_decode_flop
    sequence += prompt_per_output * attention_prompt_flop
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
def host_terms_s(engine: float, step_s: float, seq_s: float, tp_s: float, accelerators: float) -> Terms:
    """Host time of a step [s]: scheduling and sampling. The transformers engine has a floor instead."""
    if engine == 0.0:
        return Terms(step_s, seq_s, 0.0)
    if engine == 1.0:
        return Terms(step_s + tp_s * math.log2(accelerators), seq_s, 0.0)
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
def run_of(step: Step, batch: float, expert_share: float) -> Run:
    """A decode step at a batch of known expert share. The floor is the host time that an eager engine cannot hide."""
    return Run(batch, expert_share, max(terms_at(step.time, batch, expert_share), step.floor_s))


@kernel
def run_at(step: Step, batch: float) -> Run:
    """A decode step at a batch."""
    return run_of(step, batch, expert_share(batch, step.experts))
