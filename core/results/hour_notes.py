"""What a reader must know of the hours chosen: where machines that stand there have no room for a run's restarts."""

from __future__ import annotations

from core.plan import Plan, Workload
from core.results.figures import of
from core.results.restarts import too_little_room


def hour_notes(plan: Plan) -> list[str]:
    """A sentence for each shown workload whose runs cannot all pause."""
    found = [(workload.name, room_note(plan, workload)) for workload in plan.shown()]
    return [f"{name}: {note}." for name, note in found if note]


def room_note(plan: Plan, workload: Workload) -> str:
    """Why not all runs of a workload pause, or of it with its hours chosen otherwise; empty where all do."""
    found = of(plan)
    place = found.of(workload.id)
    if place is None:
        return ""
    values = {name: found.values[name][place] for name in ("held_h", "used_h")}
    return too_little_room(found.catalog, workload, values, plan.first_year)
