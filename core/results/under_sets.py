"""Carbon of one workload under many sets of its levers at once, central case: one call of each kernel for all of them.

The same figures as `figures_under`, set by set, gives; that slower way is taken where a set's parts do not stand by
themselves: hardware booked in its year of purchase.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core import engine
from core.engine import (
    ActivityColumns,
    FootprintColumns,
    InferenceColumns,
    InferenceResult,
    TrainingColumns,
    TrainingResult,
)
from core.levers import Change, OutOfBoundsError, moved
from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import devices
from core.results.calibrated import as_metered
from core.results.columns import fleet
from core.results.draws import Floats
from core.results.hours import FIELDS, LOCATION, shifts
from core.results.later import busy_share_after
from core.results.lever_columns import Flags, Machines, Moves
from core.results.lever_sets import MOST_BITS, Parts, Sets, distinct, parts_of
from core.results.memory import MOST_FULL_SHARE
from core.results.once import one_run, spread_over
from core.results.one import BY_PURCHASE, coefficients, metered
from core.results.purchases import OWNED
from core.results.restarts import carbon_share_of_hours, restarted
from core.results.set_figures import set_figures
from core.results.under_levers import alone_s, rebound_factor
from core.units import BYTES_PER_GB

MOST_KEPT = 256
ENERGIES = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh", "held_h")
TOKENS = len(ActivityColumns._fields) - len(ENERGIES)  # they have a price and no carbon
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
    asked = np.frombuffer(sets, dtype=np.int64)
    if not by_themselves(view, workload, levers):
        return one_by_one(view, workload, levers, asked, calibration)
    try:
        return together(view, workload, levers, asked, calibration)
    except OutOfBoundsError:
        return one_by_one(view, workload, levers, asked, calibration)


def by_themselves(view: Plan, workload: Workload, levers: tuple[Lever, ...]) -> bool:
    """Whether the parts of this workload's traffic can be worked out apart from one another."""
    bought_whole = view.hardware_view == BY_PURCHASE and workload.hosting in OWNED
    catalog = catalog_of(view)
    apart = any(o.part == devices.PART for lever in levers for o in catalog.lever_operations.get(lever.key, ()))
    return not bought_whole and not apart and len(levers) <= MOST_BITS


def one_by_one(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], sets: Sets, calibration: Calibration | None
) -> UnderSets:
    """The slow way: each set by itself."""
    found = set_figures(view, workload, levers, sets, CARBON, 0, calibration)
    return UnderSets(found.known, *(np.nan_to_num(found.values[name][:, :, 0]) for name in CARBON))


def together(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], sets: Sets, calibration: Calibration | None
) -> UnderSets:
    """The quick way: every distinct part of the traffic once, and every distinct row of a kernel once."""
    grown = tuple(rebound_factor(view, workload, one, calibration) if one.elasticity else 1.0 for one in levers)
    moves = Moves(catalog_of(view), view, workload, levers, grown)
    parts = parts_of(moves.catalog, view, levers, sets)
    place, nowhere = moves.place(parts.levers)
    values, refused, rows = _activity(moves, parts.levers, parts.shares, calibration)
    shape = place.shape[1:]
    nothing = np.zeros(shape[0] * shape[1])
    hours, energy = at_hours(moves, parts.levers, values, rows)
    place[FootprintColumns._fields.index(LOCATION)] *= hours
    activity = ActivityColumns(*(column.reshape(-1) for column in energy.values()), *[nothing] * TOKENS)
    result = engine.footprint(activity, FootprintColumns(*place.reshape(len(place), -1)))
    known = ~parts.any_of(nowhere | refused[rows], len(sets))
    columns = [parts.gathered(getattr(result, name).reshape(shape), len(sets)) for name in CARBON]
    tokens = values["output_tokens_year"][rows]
    for place_of, change in moves.once():
        columns = _with_run(moves, parts, sets, columns, tokens, place_of, change)
    return UnderSets(known, *columns)


def _with_run(
    moves: Moves, parts: Parts, sets: Sets, columns: list[Floats], tokens: Floats, place: int, change: Change
) -> list[Floats]:
    """Carbon with what a lever takes one time only, in the sets under which it acts at all."""
    run = one_run(moves.view, moves.workload, change, 0)
    taken = (parts.levers >> place & 1).astype(bool)
    acts = parts.any_of(taken, len(sets))
    if run.reason or not acts.any():
        return columns
    answered = parts.gathered(np.where(taken[:, None], tokens, 0.0), len(sets))
    weight = spread_over(answered.T).T * acts[:, None]
    return [column + weight * run.values[name][:, 0] for name, column in zip(CARBON, columns, strict=True)]


def at_hours(moves: Moves, sets: Sets, values: dict[str, Floats], rows: Sets) -> tuple[Floats, dict[str, Floats]]:
    """Carbon of a kWh at the hours of each part's work, over the yearly mean, and its energies; each (parts, years)."""
    share = np.ones((len(sets), len(moves.view.years())))
    energy = {name: values[name][rows] for name in ENERGIES}
    workloads, which = moves.variants(sets, FIELDS)
    for number in (place for place, workload in enumerate(workloads) if shifts(workload)):
        for row in np.unique(rows[which == number]):
            here = (which == number) & (rows == row)
            one = {name: figure[row][:, None] for name, figure in values.items()}
            share[here] = np.asarray(carbon_share_of_hours(moves.catalog, workloads[number], one))[:, 0]
            for name, column in restarted(moves.catalog, workloads[number], one).items():
                energy[name][here] = column[:, 0]
    return share, energy


def _activity(
    moves: Moves, sets: Sets, shares: Floats, calibration: Calibration | None
) -> tuple[dict[str, Floats], Flags, Sets]:
    """Energies and hours of the distinct rows of serving or training, which have none, and the row of each part."""
    some, share, rows = distinct(sets & moves.kernel, shares)
    served = moves.serving(some)
    serving = moves.workload.kind == "inference"
    if serving and moves.workload.busy_share is not None:
        _busier(moves, served)
    served.shared(share)
    values = _kernel(served, serving)
    values["output_tokens_year"] = served.output_tokens()
    refused = (
        served.refused | _crowded(moves, served, served.of("batch", np.nan), values) if serving else served.refused
    )
    said = metered(moves.catalog, moves.view, moves.workload, 0, calibration) if calibration else None
    if said is not None and not said.reason:
        values = {"energy_accelerator_j_per_output_token": np.full(served.block.shape[1:], np.nan)} | values
        values |= as_metered(values, said)
    return values, refused, rows


def _kernel(served: Machines, serving: bool) -> dict[str, Floats]:
    """What the kernel makes of the columns, each figure (sets, years)."""
    flat = served.block.reshape(len(served.block), -1)
    found: InferenceResult | TrainingResult
    if serving:
        found = engine.inference(InferenceColumns(*flat), coefficients())
    else:
        found = engine.training(TrainingColumns(*flat), coefficients())
    return {name: column.reshape(served.block.shape[1:]) for name, column in found._asdict().items()}


def _busier(moves: Moves, served: Machines) -> None:
    """What less or quicker work makes of a measured busy share under each set, as `figures_under` says it of one."""
    measured, before = served.of("busy_share", np.nan), alone_s(moves.view, moves.workload)
    if not before > 0:
        return
    one = replace(served, block=served.block.copy())
    one.column("busy_share")[:], one.column("batch")[:] = 0.0, 1.0
    values = _kernel(one, True)
    took = one.column("requests") * values["request_time_s"]
    first = (took > 0).argmax(axis=1)
    after = np.where((took > 0).any(axis=1), took[np.arange(len(took)), first], 0.0)
    after[served.refused | _crowded(moves, served, np.ones(len(took)), values)] = 0.0
    column = served.column("busy_share")
    for place in np.flatnonzero(~np.isnan(measured)):
        share = busy_share_after(measured[place], after[place] / before) / measured[place]
        column[place] = moved("multiply", column[place], share)


def _crowded(moves: Moves, served: Machines, batch: Floats, values: dict[str, Floats]) -> Flags:
    """Where memory does not suffice, as `no_room` says it of one workload: by the first year. `batch` as given."""
    memory_gb = np.array([_memory_gb(moves, w) for w in served.workloads])[served.places]
    held_gb = values["accelerators"][:, 0] * memory_gb
    weights_gb, cache_gb = (values[f"memory_{what}_byte"][:, 0] / BYTES_PER_GB for what in ("weights", "cache"))
    given, at_once = ~np.isnan(served.of("accelerators", np.nan)), ~np.isnan(batch)
    short = given & (weights_gb + cache_gb / values["batch"][:, 0] > held_gb)
    full = at_once & (weights_gb + cache_gb > MOST_FULL_SHARE * held_gb)
    return np.asarray(np.isnan(values["accelerators"]).any(axis=1) | short | full)


def _memory_gb(moves: Moves, workload: Workload) -> float:
    if workload.hardware not in moves.catalog.hardware and workload.hardware:
        return float("nan")
    hardware, picked = fleet(moves.catalog, workload, moves.drawing)
    return hardware[int(picked[0])].memory_gb
