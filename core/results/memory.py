"""Whether a copy of a model holds what it is asked to hold; if not, why, in one sentence."""

from __future__ import annotations

from math import isnan
from typing import NamedTuple

from core.plan import Workload
from core.plan.knob import plain
from core.units import BYTES_PER_GB

# Measured servers report a mean batch whose cache, as computed, takes up to 1.46 times their memory: requests that wait
# their turn are counted. Beyond this share a batch given by hand is no measurement.
MOST_FULL_SHARE = 1.5


class Load(NamedTuple):
    """What a copy is asked to hold, without the rest of its workload: for many rows of one setting."""

    hardware: str
    accelerators: int | None
    batch: float | None
    input_tokens: float
    output_tokens: float


def no_room(
    workload: Workload | Load,
    memory_gb: float,
    accelerators: float,
    weights_byte: float,
    cache_byte: float,
    batch: float,
) -> str:
    """Why the copy cannot run, central case; empty when it can. `cache_byte` is that of the whole batch."""
    if isnan(accelerators):
        return _nowhere(workload)
    held_gb = accelerators * memory_gb
    weights_gb, cache_gb = weights_byte / BYTES_PER_GB, cache_byte / BYTES_PER_GB
    if workload.accelerators is not None and weights_gb + cache_gb / batch > held_gb:
        return (
            f"accelerators is {workload.accelerators}; weights of {weights_gb:,.0f} GB and one request's cache of "
            f"{cache_gb / batch:,.1f} GB need more than the {held_gb:,.0f} GB they hold; give more, or leave it blank"
        )
    if workload.batch is not None and weights_gb + cache_gb > MOST_FULL_SHARE * held_gb:
        most = max((held_gb - weights_gb) / (cache_gb / batch), 1.0)
        return (
            f"batch is {plain(workload.batch)}; the cache of so many requests takes {cache_gb:,.0f} GB "
            f"beside weights of {weights_gb:,.0f} GB, on {held_gb:,.0f} GB; it must lie in [1, {most:,.0f}] requests"
        )
    return ""


def _nowhere(workload: Workload | Load) -> str:
    where = workload.hardware or "the provider's accelerators"
    return (
        f"input_tokens is {plain(workload.input_tokens)}, output_tokens {plain(workload.output_tokens)}; "
        f"the cache of one request must fit beside the weights, and no number of {where} holds it"
    )
