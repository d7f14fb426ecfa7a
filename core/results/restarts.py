"""Energy that a run's restarts take, where its hours are chosen and it pauses: in every figure, not in carbon alone.

A restart draws the run's full power for some hours more. On hired machines these hours are hired too; machines that
stand there would have waited in them; those that never wait have no room to pause.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.catalog import Catalog
from core.plan import Workload
from core.results.draws import Floats
from core.results.hours import hour_savings, moving_share, runs_h, saved_share, shifts

ENERGIES = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh")
HELD = "held_h"


def restarts(workload: Workload) -> bool:
    """Whether restarts take energy at all."""
    chosen = shifts(workload) and workload.kind != "inference"
    return chosen and workload.pausing == "paused" and workload.restart_h > 0


def restart_share(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> Floats:
    """Energy of a year's restarts over that of its runs, by the hours chosen, (years, 1)."""
    runs = runs_h(catalog, workload, values)
    return np.array([[hour_savings(catalog, workload, run).restart_share(workload.hours_chosen)] for run in runs])


def restarted(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Energies and hours held with what restarts take; empty where they take none. Shapes (years, 1 + draws)."""
    if not restarts(workload):
        return {}
    more = 1.0 + restart_share(catalog, workload, values)
    if not workload.installed_accelerators:
        return {name: values[name] * more for name in (*ENERGIES, HELD)}
    work, waiting, host = (values[name] for name in ENERGIES)
    idle_h = values[HELD] - values["used_h"]
    more = np.where(idle_h > 0, more, 1.0)
    stood = np.divide(values["used_h"], idle_h, out=np.zeros_like(work), where=idle_h > 0) * (more - 1.0)
    return dict(zip(ENERGIES, (work * more, waiting * np.maximum(1.0 - stood, 0.0), host * more), strict=True))


def carbon_share_of_hours(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> Floats | float:
    """Carbon of a kWh at the hours chosen, over the yearly mean; 1 where nothing waits. Shapes (years, 1 + draws).

    `values` are those without restarts, whose energy counts in the kWh.
    """
    if not shifts(workload):
        return 1.0
    moves = moving_share(workload, values)
    saved = np.array([[saved_share(catalog, workload, run)] for run in runs_h(catalog, workload, values)])
    found = 1.0 - moves * saved
    more = restarted(catalog, workload, values)
    if not more:
        return np.asarray(found)
    before, after = (sum(one[name] for name in ENERGIES) for one in (values, {**values, **more}))
    beside = after - before - restart_share(catalog, workload, values) * moves * before
    return np.asarray(np.divide(before * found + beside, after, out=np.ones_like(found), where=after > 0))
