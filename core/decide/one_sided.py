"""Workloads that had a figure when a plan was sealed and have none today, or the other way round, with their part.

A model or a grid that the data no longer hold takes its workloads out of the sum: no factor moved, and none is told.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.plan import Plan
from core.plan.disarmed import arm
from core.results.figures import Results

HARDWARE = "embodied_hardware"  # the stage that an answer of operation alone leaves out


@dataclass(frozen=True, slots=True)
class OneSided:
    """A workload with a figure on one side alone; `why` it has none today, blank where it had none then.

    `effect_kg` is its part of the change of the headline [kgCO2e], None where its figure of then is not known.
    """

    workload: str
    why: str
    effect_kg: float | None


def one_sided(found: Results, sealed: str, had_factors: frozenset[str]) -> tuple[OneSided, ...]:
    """Those of the shown workloads; `sealed` is the results file of then, blank where it is not known."""
    if not had_factors:
        return ()
    then = _carbon_kg(found.plan, sealed)
    return tuple(_told(found, then, had_factors, bool(sealed)))


def _told(found: Results, then: Mapping[str, float], had_factors: frozenset[str], known: bool) -> Iterator[OneSided]:
    when, carbon_kg = found.place(found.plan.shown_year()), found.carbon_kg()
    for key in (workload.id for workload in found.plan.shown()):
        had = key in then if known else key in had_factors
        if had and key in found.refused:
            yield OneSided(key, found.refused[key], -then[key] if known else None)
        elif not had and (place := found.of(key)) is not None:
            yield OneSided(key, "", float(carbon_kg[place, when, 0]))


def _carbon_kg(plan: Plan, sealed: str) -> dict[str, float]:
    """By each workload of a results file, its carbon in the headline's year, method and boundary."""
    found: dict[str, float] = defaultdict(float)
    for row in csv.DictReader(io.StringIO(sealed)):
        key = arm(row.get("workload_id") or "")
        counts = row.get("year") == str(plan.shown_year())
        counts &= plan.boundary == "with_hardware" or row.get("stage") != HARDWARE
        found[key] += float(row.get(f"carbon_{plan.method}_kg") or 0.0) if counts else 0.0
    return found
