"""Where a lever is known to fail: what published measurements say of the setting it meets here. It still acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.catalog import Catalog
from core.plan import Workload
from core.plan.lever import Lever

FEW, MANY = (
    32.0,
    64.0,
)  # requests at a time: block-scaled FP8 saves from the first on; 4-bit kernels lead up to the other
MANY_FOR_DRAFTS = 16.0
EXPERTS_TOUCHED = (4.0, 64.0)
LONG_CONTEXT_TOKENS = 7_000.0
CAP_W = 175.0  # the measured power limit
FOUR_BIT = ("ptq_w4a16", "nf4_qlora")
# The largest model that published runs of a lever reach, in billions of parameters: beyond it is an extrapolation.
SCALES_B = {"incremental": 10.0, "matmul_free": 2.7, "batch_opt_training": 0.11, "nas": 405.0}
LEAST_B = {"nas": 70.0}  # and the smallest
ALWAYS = {
    "mode": "no model trained this way is published, nor the energy of one: take the figure as a scenario",
    "grad_ckpt": "the fewest accelerators shown count on it with or without this lever, which adds its arithmetic",
    "grad_accum": (
        "it changes memory and the number of steps, not the arithmetic: it saves only where accelerators can go, and "
        "the fewest shown already count on one sequence at a time"
    ),
    "on_device": (
        "what runs on users' devices has left the total and not the world: it stands on a line of its own, and only "
        "the devices you sell count, as category 11"
    ),
    "disagg": (
        "the one energy comparison published found more energy at every batch up to 32: its gain is in even answer "
        "times, which are not shown here"
    ),
}


@dataclass(frozen=True, slots=True)
class Met:
    """What a lever meets on a workload: requests at a time and power of an accelerator at work, before and after."""

    batch_before: float
    batch_after: float
    power_before_w: float


def warnings(catalog: Catalog, workload: Workload, levers: Sequence[Lever], met: Met) -> list[str]:
    """A sentence for each lever in use that published measurements say fails, or is worth little, in this setting."""
    found = [(key, says) for key in dict.fromkeys(lever.key for lever in levers) for says in _of(key, workload, met)]
    found += _beyond(catalog, workload, levers)
    found += _together({lever.key for lever in levers}, catalog, workload, levers, met)
    return [f"“{catalog.levers[key].name}” on {workload.name}: {says}." for key, says in found]


def _of(key: str, workload: Workload, met: Met) -> Iterator[str]:
    batch, context = met.batch_after, workload.input_tokens + workload.output_tokens / 2.0
    if key in FOUR_BIT and batch > MANY:
        yield (
            f"at {batch:,.0f} requests at a time 4-bit kernels are no faster than 16-bit (measured on full A100s): "
            "only fewer accelerators save"
        )
    if key == "ptq_int8_bnb":
        yield "measured to cost energy, 50 to 131 % more with a model of 7 billion parameters; it saves memory alone"
    if key == "kv_fp8" and context < LONG_CONTEXT_TOKENS:
        yield (
            f"no gain was measured below about {LONG_CONTEXT_TOKENS:,.0f} tokens of context; here it is {context:,.0f}"
        )
    if key == "spec_decode" and batch > MANY_FOR_DRAFTS:
        yield f"at {batch:,.0f} requests at a time; with many, answers were measured 1.4 to 1.8 times slower"
    if key == "power_cap_inference" and met.power_before_w < CAP_W:
        yield (
            f"the limit of {CAP_W:,.0f} W does nothing where an accelerator draws {met.power_before_w:,.0f} W: "
            "the saving shown is not to be had"
        )
    if key in ALWAYS:
        yield ALWAYS[key]
    if key == "routing" and met.batch_after < min(met.batch_before, MANY):
        yield (
            f"two models share the traffic, and a copy answers {met.batch_after:,.1f} requests at a time instead of "
            f"{met.batch_before:,.1f}: part of the saving is lost to emptier machines"
        )


def _beyond(catalog: Catalog, workload: Workload, levers: Sequence[Lever]) -> Iterator[tuple[str, str]]:
    """Levers used on a model larger than any that was published with them."""
    model = catalog.models.get(workload.model)
    for key in dict.fromkeys(lever.key for lever in levers):
        most_b = SCALES_B.get(key)
        if most_b is None or model is None or LEAST_B.get(key, 0.0) <= model.params_total_b <= most_b:
            continue
        told = f"from {LEAST_B[key]:g} to {most_b:g}" if key in LEAST_B else f"up to {most_b:g}"
        yield (
            key,
            f"published {told} billion parameters, and {model.name} has {model.params_total_b:,.3g}: "
            "whether the effect holds at that size is not known",
        )


def _together(
    keys: set[str], catalog: Catalog, workload: Workload, levers: Sequence[Lever], met: Met
) -> Iterator[tuple[str, str]]:
    chosen = [lever.choice for lever in levers if catalog.levers[lever.key].choice == "model"]
    model = catalog.models.get(chosen[-1] if chosen else workload.model)
    if "ptq_fp8" in keys and model and model.fp8_block and met.batch_after < FEW:
        yield (
            "ptq_fp8",
            f"{model.name} has block-scaled experts, and a copy answers {met.batch_after:,.1f} requests at a time; "
            "at 8 on the same accelerators 56 % more energy was measured: only fewer accelerators make it a saving",
        )
    low, high = EXPERTS_TOUCHED
    if "moe_vs_dense" in keys and low < met.batch_after < high:
        yield (
            "moe_vs_dense",
            f"at {met.batch_after:,.1f} requests at a time nearly all experts are read and memory is still the limit: "
            "its saving is smallest here",
        )
    if {"prompt_trim", "prefix_cache"} <= keys:
        yield "prompt_trim", "a rewritten prompt no longer begins like the cached one: the two savings rarely add up"
