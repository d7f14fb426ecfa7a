"""How long the probability of meeting takes: ten scopes, thirty years, 4,096 draws, one thread."""

from collections.abc import Iterator

import numpy as np

from core.targets.chance import chance
from tests.bench.shift import median_ms

SCOPES, YEARS, DRAWS = 10, 30, 4_096
LIMIT_MS = 100.0


def lines() -> Iterator[str]:
    """One line."""
    emissions_kg = np.random.default_rng(1).normal(100.0, 20.0, (SCOPES, YEARS, DRAWS))
    allowed_kg = np.full((SCOPES, YEARS), 95.0)
    took_ms = median_ms(lambda: chance(emissions_kg, allowed_kg))
    yield f"targets: {SCOPES} scopes x {YEARS} years x {DRAWS:,} draws: {took_ms:.1f} ms (limit {LIMIT_MS:.0f} ms)"
