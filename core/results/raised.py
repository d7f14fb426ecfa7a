"""Why a lever adds carbon, or pulls against its own saving: the physical terms of the workload where it costs most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite, log

import numpy as np
from numpy.typing import NDArray

from core.levers import acting
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.effects import as_usual, carbon_of, work_kg
from core.results.figures import DRAWS, NOT_IN_FIGURES
from core.results.lever_work import work
from core.results.under_levers import figures_under

MOST_KEPT = 512
MOVED = 0.005  # a term that moves by less is not told
MOST_TERMS = 2
LEAST_SHARE = 1e-6  # of the workload's carbon: less is rounding
# Part of the carbon -> the terms behind it: a name in the figures, and whether a rise (1) or a fall (-1) costs.
TERMS = {
    "work": (
        ("batch", -1), ("accelerators", 1), ("request_time_s", 1), ("power_accelerator_w", 1), ("flop", 1), ("mfu", -1),
        ("used_h", 1),
    ),
    "waiting": (("accelerators_installed", 1), ("utilization", -1), ("batch", -1), ("power_accelerator_w", 1)),
    "overhead": (("used_h", 1), ("accelerators_installed", 1), ("request_time_s", 1)),
    "grid": (),
    "hardware": (("accelerators_installed", 1), ("used_h", 1)),
    "taken": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """A term before and after, of the headline year, in the unit of its name."""

    name: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Why:
    """The part of a workload's carbon that grows most under a lever [kg], and the terms that moved it."""

    workload: str
    part: str
    added_kg: float
    terms: tuple[Moved, ...]


def why(plan: Plan, lever: Lever) -> Why | None:
    """What a lever alone makes worse on the plan as usual; None where nothing grows.

    Told of the central case where it adds there, else of the mean of the simulations in which it adds.
    """
    return _why(as_usual(plan), lever)


@lru_cache(maxsize=MOST_KEPT)
def _why(base: Plan, lever: Lever) -> Why | None:
    year = base.shown_year() - base.first_year
    before, after = (kg[year] for kg in carbon_of(base, base.but(levers=(lever,)))[:2])
    adds = after > before
    draws = np.array([0]) if adds[0] else np.flatnonzero(adds)
    if not draws.size:
        return None
    found = [one for w in base.shown() if (one := _on(base, w, lever, draws))]
    return max(found, key=lambda one: one.added_kg, default=None)


def _on(base: Plan, workload: Workload, lever: Lever, draws: NDArray[np.intp]) -> Why | None:
    view, year = base.model_copy(update=NOT_IN_FIGURES), base.shown_year() - base.first_year
    under = base.but(levers=(lever,))
    mine = acting(catalog_of(base), under, workload)
    if not mine:
        return None
    pair = [figures_under(view, workload, levers, DRAWS, base.calibration(workload.id)) for levers in ((), mine)]
    if pair[0].reason or pair[1].reason:
        return None
    was, now = ({name: float(v[year, draws].mean()) for name, v in one.values.items()} for one in pair)
    parts = added_kg(was, now, base.method, base.boundary)
    taken = work(under, view, workload, mine, DRAWS)
    parts["taken"] = float(np.asarray(work_kg(base, taken))[year, draws].mean()) if taken else 0.0
    part = max(parts, key=lambda name: parts[name])
    least = LEAST_SHARE * was["energy_facility_kwh"] * _intensity_kg_per_kwh(was, base.method)
    return Why(workload.name, part, parts[part], _moved(was, now, part)) if parts[part] > least else None


def added_kg(was: Mapping[str, float], now: Mapping[str, float], method: str, boundary: str) -> dict[str, float]:
    """The change of a workload's carbon by part [kg]; the parts sum to the change.

    Energy is valued at the grid before, the grid's change at the energy after.
    """
    before = _intensity_kg_per_kwh(was, method)
    energy = {
        "work": now["energy_accelerator_kwh"] - was["energy_accelerator_kwh"],
        "waiting": now["energy_idle_kwh"] - was["energy_idle_kwh"],
    }
    energy["overhead"] = now["energy_facility_kwh"] - was["energy_facility_kwh"] - sum(energy.values())
    parts = {name: kwh * before for name, kwh in energy.items()}
    parts["grid"] = (_intensity_kg_per_kwh(now, method) - before) * now["energy_facility_kwh"]
    making = now["carbon_embodied_kg"] - was["carbon_embodied_kg"]
    parts["hardware"] = making if boundary == "with_hardware" else 0.0
    return parts


def _intensity_kg_per_kwh(values: Mapping[str, float], method: str) -> float:
    energy = values["energy_facility_kwh"]
    return values[f"carbon_{method}_kg"] / energy if energy > 0 else 0.0


def _moved(was: Mapping[str, float], now: Mapping[str, float], part: str) -> tuple[Moved, ...]:
    """The terms that moved most in the costly direction."""
    found = []
    for name, sign in TERMS[part]:
        before, after = was[name], now[name]
        if isfinite(before) and isfinite(after) and before > 0 and after > 0 and sign * log(after / before) > MOVED:
            found.append(Moved(name, before, after))
    return tuple(sorted(found, key=lambda one: -abs(log(one.after / one.before)))[:MOST_TERMS])
