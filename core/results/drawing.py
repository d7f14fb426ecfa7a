"""The scores of one plan, by the name of the factor."""

from __future__ import annotations

import numpy as np

from core.levers import Change
from core.plan import Plan
from core.results.draws import Floats, scores, spread
from core.results.sample import Sample
from core.results.site import Ranged

Fields = dict[str, float | Floats]


class Drawing:
    """The scores of one plan: every factor by its name, so that workloads share them."""

    def __init__(self, plan: Plan, draws: int) -> None:
        self.plan = plan
        self.draws = draws

    def z(self, factor: str) -> Floats:
        """Scores of a factor, (1 + draws,)."""
        if isinstance(self.draws, Sample):
            return self.draws.of(factor)
        return scores(self.plan.seed, factor, self.draws)

    def on(self, *factors: str) -> Floats:
        """1 in draws in which one of these factors is drawn, 0 in those of the central case, (1 + draws,)."""
        return np.asarray(np.any([self.z(factor) != 0.0 for factor in factors], axis=0), dtype=float)

    def share_of(self, ranged: Ranged) -> Floats:
        """Draws of a share, (1 + draws,): never above the whole."""
        return np.minimum(self.of(ranged), 1.0)

    def amount(self, change: Change) -> float | Floats:
        """What a lever's change uses: its number, or draws of it where it is uncertain, joint over all workloads."""
        if not change.factor or not self.draws:
            return change.amount
        return spread(change.low, change.amount, change.high, self.z(change.factor))

    def of(self, ranged: Ranged) -> Floats:
        """Draws of a ranged quantity, (1 + draws,)."""
        return spread(ranged.low, ranged.central, ranged.high, self.z(ranged.key))
