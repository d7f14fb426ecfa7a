"""Carbon of one workload under many sets of its levers at once, central case: one call of each kernel for all of them.

The same figures as `figures_under`, set by set, gives; that slower way is taken where a set's parts do not stand by
themselves: a measured busy share, and hardware booked in its year of purchase.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from core import engine
from core.engine import ActivityColumns, FootprintColumns, InferenceColumns, TrainingColumns
from core.levers import OutOfBoundsError
from core.plan import Calibration, Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.calibrated import as_metered
from core.results.columns import fleet
from core.results.draws import Floats
from core.results.lever_columns import Block, Flags, Moves
from core.results.lever_sets import MOST_BITS, Sets, chosen, distinct, parts_of
from core.results.memory import MOST_FULL_SHARE
from core.results.one import BY_PURCHASE, coefficients, metered
from core.results.purchases import OWNED
from core.results.under_levers import figures_under
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
    return workload.busy_share is None and not bought_whole and len(levers) <= MOST_BITS


def one_by_one(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], sets: Sets, calibration: Calibration | None
) -> UnderSets:
    """The slow way: each set by itself."""
    found = [figures_under(view, workload, tuple(chosen(levers, int(s))), 0, calibration) for s in sets]
    nothing = np.zeros(len(view.years()))
    columns = [np.array([one.values[name][:, 0] if not one.reason else nothing for one in found]) for name in CARBON]
    return UnderSets(np.array([not one.reason for one in found]), *columns)


def together(
    view: Plan, workload: Workload, levers: tuple[Lever, ...], sets: Sets, calibration: Calibration | None
) -> UnderSets:
    """The quick way: every distinct part of the traffic once, and every distinct row of a kernel once."""
    moves = Moves(catalog_of(view), view, workload, levers)
    parts = parts_of(moves.catalog, view, levers, sets)
    place, nowhere = moves.place(parts.levers)
    values, refused, rows = _activity(moves, parts.levers, parts.shares, calibration)
    shape = place.shape[1:]
    nothing = np.zeros(shape[0] * shape[1])
    energy = [values[name][rows].reshape(-1) for name in ENERGIES]
    activity = ActivityColumns(*energy, *[nothing] * TOKENS)
    result = engine.footprint(activity, FootprintColumns(*place.reshape(len(place), -1)))
    known = ~parts.any_of(nowhere | refused[rows], len(sets))
    columns = [getattr(result, name).reshape(shape) for name in CARBON]
    return UnderSets(known, *(parts.gathered(column, len(sets)) for column in columns))


def _activity(
    moves: Moves, sets: Sets, shares: Floats, calibration: Calibration | None
) -> tuple[dict[str, Floats], Flags, Sets]:
    """Energies and hours of the distinct rows of serving or training, which have none, and the row of each part."""
    some, share, rows = distinct(sets & moves.kernel, shares)
    block, machines, places, refused = moves.serving(some, share)
    shape, flat = block.shape[1:], block.reshape(len(block), -1)
    serving = moves.workload.kind == "inference"
    if serving:
        found = engine.inference(InferenceColumns(*flat), coefficients())._asdict()
    else:
        found = engine.training(TrainingColumns(*flat), coefficients())._asdict()
    values = {name: column.reshape(shape) for name, column in found.items()}
    if serving:
        refused = refused | _crowded(moves, machines, places, values)
    said = metered(moves.catalog, moves.view, moves.workload, 0, calibration) if calibration else None
    if said is not None and not said.reason:
        values = {"energy_accelerator_j_per_output_token": np.full(shape, np.nan)} | values
        values |= as_metered(values, said)
    return values, refused, rows


def _crowded(moves: Moves, machines: list[Workload], places: Sets, values: dict[str, Block]) -> Flags:
    """Where memory does not suffice, as `no_room` says it of one workload: by the first year."""
    memory_gb = np.array([_memory_gb(moves, w) for w in machines])[places]
    given = np.array([w.accelerators is not None for w in machines])[places]
    at_once = np.array([w.batch is not None for w in machines])[places]
    held_gb = values["accelerators"][:, 0] * memory_gb
    weights_gb, cache_gb = (values[f"memory_{what}_byte"][:, 0] / BYTES_PER_GB for what in ("weights", "cache"))
    short = given & (weights_gb + cache_gb / values["batch"][:, 0] > held_gb)
    full = at_once & (weights_gb + cache_gb > MOST_FULL_SHARE * held_gb)
    return np.asarray(np.isnan(values["accelerators"]).any(axis=1) | short | full)


def _memory_gb(moves: Moves, workload: Workload) -> float:
    if workload.hardware not in moves.catalog.hardware and workload.hardware:
        return float("nan")
    hardware, picked = fleet(moves.catalog, workload, moves.drawing)
    return hardware[int(picked[0])].memory_gb
