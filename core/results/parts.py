"""What a total is made of: by cause (the steps of the ladder) and by workload. Parts re-add to the total exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.results.draws import Floats
from core.results.figures import ENERGY_STEPS, Results

CAUSES = {
    "energy_accelerator_kwh": "Accelerators at work",
    "energy_idle_kwh": "Accelerators waiting",
    "energy_host_kwh": "Rest of the server",
    "energy_overhead_kwh": "Site overhead",
}
HARDWARE = "Hardware"
LEVER_WORK = "What levers take"
EVERY_CAUSE = (*CAUSES.values(), HARDWARE, LEVER_WORK)


def by_cause_kg(results: Results) -> dict[str, Floats]:
    """Carbon of each cause over the shown workloads, (years, 1 + draws): operational carbon split like its energy."""
    name, work = f"carbon_{results.plan.method}_kg", results.work
    operational = results.values[name] - work.get(name, 0.0)
    facility = results.values["energy_facility_kwh"] - work.get("energy_facility_kwh", 0.0)
    per_kwh = np.divide(operational, facility, out=np.zeros_like(operational), where=facility > 0)
    parts = {CAUSES[name]: results.total(results.values[name] * per_kwh) for name in ENERGY_STEPS}
    if work:
        parts[LEVER_WORK] = results.total(work[name])
    if results.plan.boundary == "with_hardware":
        parts[HARDWARE] = results.total(results.values["carbon_embodied_kg"])
    return parts


def by_workload_kg(results: Results) -> dict[str, Floats]:
    """Carbon of each shown workload, (years, 1 + draws), under its name."""
    carbon, labels = results.carbon_kg(), workload_labels(results)
    return {labels[place]: carbon[place] for place in results.shown()}


def workload_labels(results: Results) -> list[str]:
    """The name of every workload of the plan, shown or not; its id too where two share a name."""
    names = [w.name for w in results.workloads]
    return [f"{w.name} ({w.id})" if names.count(w.name) > 1 else w.name for w in results.workloads]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder [kWh]: it runs from `start_kwh` to `end_kwh`; a total starts at 0."""

    name: str
    start_kwh: float
    end_kwh: float
    total: bool


def energy_ladder(results: Results, year: int) -> list[Step]:
    """From the accelerators to the site's meter in one year, central case, over the shown workloads."""
    place = results.place(year)
    amounts = [float(results.total(results.values[name])[place, 0]) for name in ENERGY_STEPS]
    busy, idle, host, overhead = amounts
    it, site = busy + idle + host, busy + idle + host + overhead
    work = float(results.total(results.work["energy_facility_kwh"])[place, 0]) if results.work else 0.0
    taken = [Step(LEVER_WORK, site, site + work, False)] if work else []
    return [
        Step("Accelerators at work", 0.0, busy, False),
        Step("Accelerators waiting", busy, busy + idle, False),
        Step("Rest of the server", busy + idle, it, False),
        Step("At the servers", 0.0, it, True),
        Step("Site overhead", it, site, False),
        *taken,
        Step("At the meter", 0.0, site + work, True),
    ]
