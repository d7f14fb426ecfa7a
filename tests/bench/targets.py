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
from tests.bench.figure import Figure, at_most
from tests.bench.shift import median_ms

SCOPES, YEARS, DRAWS = 10, 30, 4_096
LIMIT_MS = 100.0
TRACK_LIMIT_MS = 15.0


def lines() -> Iterator[Figure]:
    """One line each."""
    emissions_kg = np.random.default_rng(1).normal(100.0, 20.0, (SCOPES, YEARS, DRAWS))
    allowed_kg = np.full((SCOPES, YEARS), 95.0)
    took_ms = median_ms(lambda: chance(emissions_kg, allowed_kg))
    name = f"targets: {SCOPES} scopes x {YEARS} years x {DRAWS:,} draws"
    yield Figure(name, took_ms, "ms", at_most(LIMIT_MS))
    yield _tracked()


def _tracked() -> Figure:
    """All that the Targets page asks of the example portfolio, beyond the two plans' own figures."""
    plan = with_example_target(example_plan())

    def everything() -> None:
        track.cache_clear()
        wedges.cache_clear()
        for ask in (track, wedges, growth_lens, closing, gate_list, warned):
            ask(plan)

    everything()
    took_ms = median_ms(everything)
    return Figure("targets: the example portfolio beside its target", took_ms, "ms", at_most(TRACK_LIMIT_MS))
