"""How near the nearest measurement is to each workload of a plan."""

from __future__ import annotations

from collections.abc import Mapping

from core.plan import Workload
from core.results.calibrated import Measured
from core.results.figures import Results
from core.results.nearest import nearest
from core.results.nearest_run import nearest_run
from core.results.nearness import Nearness, number
from core.results.one import no_machine


def near(found: Results, workload: Workload, year: int) -> Nearness | None:
    """How near it is in a year's central case; None where the workload has no figures.

    None too where they are those of the machine or the model that a lever brings, in place of one that nobody knows.
    """
    place, when = found.of(workload.id), found.place(year)
    if place is None or no_machine(found.catalog, workload):
        return None
    said = found.measured.get(workload.id)
    if said is not None and not said.reason:
        return _metered(said)
    if workload.kind != "inference":
        return nearest_run(found.catalog, workload)
    batch, accelerators = (float(found.values[name][place, when, 0]) for name in ("batch", "accelerators"))
    return nearest(found.catalog, workload, batch, accelerators)


def near_all(found: Results, year: int) -> Mapping[str, Nearness]:
    """The shown workloads that have figures: id -> how near."""
    pairs = ((w.id, near(found, w, year)) for w in found.plan.shown())
    return {key: one for key, one in pairs if one is not None}


def _metered(said: Measured) -> Nearness:
    """Nothing is nearer than a meter of the workload itself."""
    c = said.calibration
    what = f"this workload itself, {c.first_day} to {c.last_day}"
    reason = f"{c.source}: {number(c.metered_kwh)} kWh, where {number(said.modelled_kwh[1])} kWh were estimated."
    return Nearness("metered", what, (reason,), hold_out="meter", low_factor=said.low, high_factor=said.high)
