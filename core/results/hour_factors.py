"""What a choice of hours puts into a workload's figures: what may wait, the grid's hours, and what each way saves."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, isfinite

import numpy as np

from core.catalog import Catalog
from core.plan import Plan, Workload
from core.results.factor import Factor, entered, span
from core.results.figures import of
from core.results.hours import hour_savings, moving_share, runs_h, shifts
from core.results.restarts import pausing_share, restarts, too_little_room
from core.results.site import find_region
from core.shift.reference import hours_of
from core.units import PERCENT

WAYS = {
    "yesterday": "by yesterday's hours",
    "profile": "by the last 28 days",
    "foresight": "perfect foresight (upper bound)",
}
MOVES = "market-based figures are yearly and do not follow; averages: allocated, not proven avoided"
EACH = "each resumption"
CANNOT = "nothing moves: "


def hour_factors(catalog: Catalog, plan: Plan, workload: Workload) -> Iterator[Factor]:
    """The choice, the hourly shape, the energy that moves and what each way saves of it; nothing as work comes."""
    region, _ = find_region(catalog, workload.region)
    found = of(plan)
    place = found.of(workload.id)
    if not shifts(workload) or region is None or place is None:
        return
    values = {name: column[place] for name, column in found.values.items()}
    run_h, when = runs_h(catalog, workload, values), found.place(plan.shown_year())
    savings = hour_savings(catalog, workload, run_h[when])
    wait = f"{workload.deferrable_share * PERCENT:.3g} % of the work may wait up to {floor(workload.deferrable_h):,} h"
    stuck = savings.note.removeprefix("Hours are not chosen: ").rstrip(".") if savings.bound_pct <= 0 else ""
    yield entered("Hours chosen", WAYS[workload.hours_chosen], note=f"{CANNOT}{stuck}" if stuck else wait)
    if workload.kind != "inference" and isfinite(run_h[when]):
        how = "may pause and resume" if workload.pausing == "paused" else "in one go"
        own = ("entered", "input") if workload.job_h is not None else ("assumption", "own-assumption")
        yield Factor("Length of a run, for its hours", run_h[when], None, None, "h", *own, how)
    if stuck:
        return
    curve = hours_of(region)
    notes = [] if curve.of_file else ["reference year 2023 in UTC, scaled to the grid's mean"]
    shape, status = ("your own file", "entered") if curve.of_file else (curve.zone, region.status)
    yield Factor(f"Hours of {curve.name}", shape, None, None, "", status, curve.source,
                 "; ".join([*notes, curve.note] if curve.note else notes))  # fmt: skip
    if workload.kind == "inference" and workload.room_home_ratio is not None:
        yield entered("Room at home, over the mean load", workload.room_home_ratio, note="work that waits fills it")
    if restarts(workload):
        lacks = too_little_room(catalog, workload, values, plan.first_year)
        yield entered("Energy of a restart", f"{workload.restart_h:g} hours of full power", note=lacks or EACH)
        share = savings.restart_share(workload.hours_chosen)
        yield Factor("Energy of restarts, over the run's own", share, None, None, "share", "assumption",
                     "own-assumption", "in energy, carbon, water and cost alike")  # fmt: skip
    moves = moving_share(workload, values)[when]
    if restarts(workload):
        moves = moves * pausing_share(catalog, workload, values)[when]
    low, high = np.percentile(moves[1:], (10, 90)) if len(moves) > 1 else (moves[0], moves[0])
    yield Factor("Energy that goes where its work goes", float(moves[0]), *span(float(low), float(high)), "share",
                 "assumption", "own-assumption", "what waiting servers draw stays")  # fmt: skip
    for way, name in WAYS.items():
        note = f"counted here; {MOVES}" if way == workload.hours_chosen else "not counted"
        yield Factor(f"Saved of what moves, {name}", savings.saving_pct(way), None, None, "%", "assumption",
                     "own-assumption", note)  # fmt: skip
