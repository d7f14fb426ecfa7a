"""Carbon of one workload under many sets of its levers, central case, kept for the last few questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.results.draws import Floats
from core.results.set_figures import set_figures

MOST_KEPT = 256
CARBON = ("carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg")


@dataclass(frozen=True, slots=True)
class UnderSets:
    """Carbon by set and year, (sets, years) [kg]; `known` is False where the workload has no figure under a set."""

    known: npt.NDArray[np.bool_]
    carbon_location_kg: Floats
    carbon_market_kg: Floats
    carbon_embodied_kg: Floats

    def carbon_kg(self, method: str, boundary: str) -> Floats:
        """Carbon by a method and boundary; as usual, the first set, where a set has no figure, and 0 without one."""
        operational = self.carbon_location_kg if method == "location" else self.carbon_market_kg
        total = operational + self.carbon_embodied_kg if boundary == "with_hardware" else operational
        usual = total[0] if self.known[0] else np.zeros_like(total[0])
        result: Floats = np.where(self.known[:, None], total, usual)
        return result


@lru_cache(maxsize=MOST_KEPT)
def under_sets(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], sets: bytes, calibration: Calibration | None = None
) -> UnderSets:
    """Carbon under sets of these levers, in the order of composition; `sets` are the bytes of their bits (`Sets`)."""
    found = set_figures(view, workload, levers, np.frombuffer(sets, dtype=np.int64), CARBON, 0, calibration)
    return UnderSets(found.known, *(found.values[name][:, :, 0] for name in CARBON))
