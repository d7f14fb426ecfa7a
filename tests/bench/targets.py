"""How long targets take: the probability of ten scopes, thirty years and 4,096 draws, and a plan beside its target."""

from collections.abc import Iterator

import numpy as np

from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.targets.chance import chance
from core.targets.closing import closing
from core.targets.gate_list import gate_list
from core.targets.lens import growth_lens
from core.targets.track import track
from core.targets.warned import warned
from core.targets.wedges import wedges
from tests.bench.shift import median_ms

SCOPES, YEARS, DRAWS = 10, 30, 4_096
LIMIT_MS = 100.0
TRACK_LIMIT_MS = 15.0


def lines() -> Iterator[str]:
    """One line each."""
    emissions_kg = np.random.default_rng(1).normal(100.0, 20.0, (SCOPES, YEARS, DRAWS))
    allowed_kg = np.full((SCOPES, YEARS), 95.0)
    took_ms = median_ms(lambda: chance(emissions_kg, allowed_kg))
    yield f"targets: {SCOPES} scopes x {YEARS} years x {DRAWS:,} draws: {took_ms:.1f} ms (limit {LIMIT_MS:.0f} ms)"
    yield _tracked()


def _tracked() -> str:
    """All that the Targets page asks of the example portfolio, beyond the two plans' own figures."""
    plan = with_example_target(example_plan())

    def everything() -> None:
        track.cache_clear()
        wedges.cache_clear()
        for ask in (track, wedges, growth_lens, closing, gate_list, warned):
            ask(plan)

    everything()
    took_ms = median_ms(everything)
    return f"targets: the example portfolio beside its target: {took_ms:.1f} ms (limit {TRACK_LIMIT_MS:.0f} ms)"
