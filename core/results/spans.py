"""What was measured of answering: how far each quantity reaches. Beyond it an estimate is extrapolated."""

from __future__ import annotations

from functools import lru_cache

from core import catalog as facts
from core.catalog.measured import measurements
from core.results.nearness import Span, band_of, listed, span_of

SERVED_BY = {"vllm": "a current engine", "vllm-2024": "an engine of 2024", "transformers": "unbatched scripts"}


@lru_cache(maxsize=8)
def span_in(field: str) -> Span:
    """The span of one column of the measurements."""
    return span_of(float(getattr(row, field)) for row in measurements())


@lru_cache(maxsize=1)
def batches() -> dict[str, tuple[Span, frozenset[str]]]:
    """The span and the bands of requests at a time by serving software."""
    served = {key: [row.batch for row in measurements() if row.serving == key] for key in SERVED_BY}
    return {key: (span_of(mine), frozenset(map(band_of, mine))) for key, mine in served.items()}


@lru_cache(maxsize=1)
def sizes() -> dict[str, tuple[Span, Span]]:
    """The spans of active and of all parameters [billion] of dense models and of mixtures of experts."""
    models = [facts.load().models[key] for key in dict.fromkeys(row.model for row in measurements())]
    kinds = {"dense": [m for m in models if not m.is_moe], "moe": [m for m in models if m.is_moe]}
    return {
        kind: (span_of(m.params_active_b or 0.0 for m in mine), span_of(m.params_total_b for m in mine))
        for kind, mine in kinds.items()
    }


def limits() -> dict[str, str]:
    """What was measured, in words, by what it is of: an estimate beyond any of these is extrapolated."""
    dense, moe = sizes()["dense"], sizes()["moe"]
    names = facts.load().hardware
    return {
        "Accelerator": listed(names[row.hardware].name for row in measurements()),
        "Number format": listed(row.precision for row in measurements()),
        "Size of dense models": f"{dense[0]} billion parameters",
        "Size of mixtures of experts": f"{moe[1]} billion parameters, {moe[0]} billion active",
        "Prompt": f"up to {span_in('input_tokens').high:,.0f} tokens",
        "Answer": f"up to {span_in('output_tokens').high:,.0f} tokens",
        "Accelerators per copy": f"{span_in('accelerators')}",
    } | {f"Requests at a time with {software}": f"{batches()[key][0]}" for key, software in SERVED_BY.items()}
