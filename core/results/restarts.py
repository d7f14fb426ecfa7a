"""Energy that a run's restarts take, where its hours are chosen and it pauses: in every figure, not in carbon alone.

A restart draws the run's full power for some hours more. On hired machines these hours are hired too; machines that
stand there would have waited in them. Where they wait too little, only the runs whose restarts find room pause, and the
others run as they come; machines that never wait have no room at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.catalog import Catalog
from core.plan import Workload
from core.results.draws import Floats
from core.results.hours import hour_savings, moving_share, runs_h, saved_share, shifts
from core.units import PERCENT

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


def pausing_share(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> Floats:
    """Part of the runs whose restarts find room: 1 on hired machines. Shapes (years, 1 + draws)."""
    waits_h = values[HELD] - values["used_h"]
    if not workload.installed_accelerators:
        return np.ones_like(waits_h)
    needed_h = values["used_h"] * restart_share(catalog, workload, values)
    return np.divide(waits_h, needed_h, out=np.ones_like(waits_h), where=needed_h > waits_h)


def too_little_room(catalog: Catalog, workload: Workload, values: Mapping[str, Floats], first_year: int) -> str:
    """Why not all runs pause, by the year that lacks most room, central case; empty where all do, or none would."""
    if not restarts(workload):
        return ""
    part = pausing_share(catalog, workload, values)[:, 0]
    needed_h = (values["used_h"] * restart_share(catalog, workload, values))[:, 0]
    when = int(np.argmin(np.where(needed_h > 0, part, 1.0)))
    if part[when] >= 1.0 or not needed_h[when] > 0:
        return ""
    waits_h = float(values[HELD][when, 0] - values["used_h"][when, 0])
    some = "none of its runs pauses"
    if waits_h > 0:
        some = f"{part[when] * PERCENT:.2g} % of its runs pause, the others run as they come"
    return (
        f"restarts would take {needed_h[when]:,.0f} accelerator-hours in {first_year + when}; its machines wait "
        f"{max(waits_h, 0.0):,.0f} accelerator-hours: {some}"
    )


def restarted(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Energies and hours held with what restarts take; empty where they take none. Shapes (years, 1 + draws)."""
    if not restarts(workload):
        return {}
    more = restart_share(catalog, workload, values) * pausing_share(catalog, workload, values)
    if not workload.installed_accelerators:
        return {name: values[name] * (1.0 + more) for name in (*ENERGIES, HELD)}
    work, waiting, host = (values[name] for name in ENERGIES)
    waits_h = values[HELD] - values["used_h"]
    still = np.divide(values["used_h"] * more, waits_h, out=np.zeros_like(work), where=waits_h > 0)
    return dict(zip(ENERGIES, (work * (1.0 + more), waiting * (1.0 - still), host * (1.0 + more)), strict=True))


def carbon_share_of_hours(catalog: Catalog, workload: Workload, values: Mapping[str, Floats]) -> Floats | float:
    """Carbon of a kWh at the hours chosen, over the yearly mean; 1 where nothing waits. Shapes (years, 1 + draws).

    `values` are those without restarts, whose energy counts in the kWh.
    """
    if not shifts(workload):
        return 1.0
    moves = moving_share(workload, values)
    if restarts(workload):
        moves = moves * pausing_share(catalog, workload, values)
    saved = np.array([[saved_share(catalog, workload, run)] for run in runs_h(catalog, workload, values)])
    found = 1.0 - moves * saved
    more = restarted(catalog, workload, values)
    if not more:
        return np.asarray(found)
    before, after = (sum(one[name] for name in ENERGIES) for one in (values, {**values, **more}))
    beside = after - before - restart_share(catalog, workload, values) * moves * before
    return np.asarray(np.divide(before * found + beside, after, out=np.ones_like(found), where=after > 0))
