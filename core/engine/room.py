"""Memory: how many accelerators hold a model with its running requests, and how many requests fit."""

import numpy as np

from core.engine.jit import kernel
from core.engine.step import cache_parts

SMALLEST_WHOLE_SERVER = 8.0
MOST_SERVERS = 4_096
MOST_FOR_ROOM = 2.0  # a provider doubles a copy for a full batch, and no more


@kernel
def usable_byte(memory_byte: float, memory_reserve_share: float) -> float:
    """Memory of one accelerator for weights and cache [byte]."""
    return memory_byte * (1.0 - memory_reserve_share)


@kernel
def cache_byte_per_sequence(context_tokens: float, kv_byte_per_token: float, parts: float, state_byte: float) -> float:
    """Cache of one sequence on one accelerator [byte], at the mean context of a running batch."""
    return context_tokens * kv_byte_per_token / parts + state_byte


@kernel
def fits(
    accelerators: float,
    weights_byte: float,
    context_tokens: float,
    kv_byte_per_token: float,
    kv_heads: float,
    latent_cache: float,
    state_byte: float,
    usable: float,
    sequences: float,
) -> bool:
    """Whether the weights and the cache of so many sequences find room on every accelerator."""
    parts = cache_parts(accelerators, kv_heads, latent_cache)
    cache = cache_byte_per_sequence(context_tokens, kv_byte_per_token, parts, state_byte / accelerators)
    return weights_byte + cache * sequences * accelerators <= usable * accelerators


@kernel
def fewest_accelerators(
    weights_byte: float,
    context_tokens: float,
    kv_byte_per_token: float,
    kv_heads: float,
    latent_cache: float,
    state_byte: float,
    usable: float,
    accelerators_per_server: float,
    sequences: float,
) -> float:
    """Fewest accelerators that hold the weights and so many sequences: 1, 2, 4, 8, then whole servers.

    Where no number has that room, because each accelerator holds the whole cache, the fewest with room for one
    sequence; NaN where none has.
    """
    server = max(accelerators_per_server, SMALLEST_WHOLE_SERVER)
    # However many accelerators there are, each holds at least this much of a sequence: searching on would not help.
    least = cache_byte_per_sequence(context_tokens, kv_byte_per_token, cache_parts(np.inf, kv_heads, latent_cache), 0.0)
    wanted = sequences if least * sequences < usable else 1.0
    if least >= usable:
        return np.nan
    count = 1.0
    for _ in range(MOST_SERVERS):
        if fits(
            count, weights_byte, context_tokens, kv_byte_per_token, kv_heads, latent_cache, state_byte, usable, wanted
        ):
            return count
        count = 2.0 * count if count < SMALLEST_WHOLE_SERVER else server * (float(np.floor(count / server)) + 1.0)
    return np.nan


@kernel
def provider_batch(shared: float, batch: float, batch_cap: float) -> float:
    """The batch a provider makes room for, where none is given; 0 on a fleet of one's own."""
    return batch_cap if shared == 1.0 and batch == 0.0 else 0.0


@kernel
def accelerators_given_or_roomy(
    given: float,
    weights_byte: float,
    context_tokens: float,
    kv_byte_per_token: float,
    kv_heads: float,
    latent_cache: float,
    state_byte: float,
    usable: float,
    accelerators_per_server: float,
    sequences: float,
    fullest: float,
) -> float:
    """Accelerators as given; else the fewest with room for a provider's fullest batch, or for `sequences`.

    Room for the fullest batch is made where it takes at most twice the fewest. At long contexts each accelerator may
    hold the whole cache, and that room would cost more than it saves.
    """
    if given != 0.0:
        return given
    fewest = fewest_accelerators(
        weights_byte,
        context_tokens,
        kv_byte_per_token,
        kv_heads,
        latent_cache,
        state_byte,
        usable,
        accelerators_per_server,
        sequences,
    )
    if fullest <= sequences:
        return fewest
    roomy = fewest_accelerators(
        weights_byte,
        context_tokens,
        kv_byte_per_token,
        kv_heads,
        latent_cache,
        state_byte,
        usable,
        accelerators_per_server,
        fullest,
    )
    return roomy if fewest <= roomy <= MOST_FOR_ROOM * fewest else fewest


@kernel
def batch_limit(usable: float, weights_byte: float, cache_byte: float, batch_cap: float) -> float:
    """Largest mean batch whose cache fits beside the weights on each accelerator; at most the cap, at least 1."""
    return max(min((usable - weights_byte) / cache_byte, batch_cap), 1.0)
