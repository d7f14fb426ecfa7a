"""Columns of many parts of one workload's traffic at once, central case: (columns, parts, years).

A field that levers move is worked out once for each set of the levers that can move it, however many parts hold that
set. Fields that are a column by themselves are apart from those of the machine, and those of the place: few levers move
each of them, so that a thousand parts need some dozen rows of fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from core import levers as composition
from core.catalog import OF_THE_DEVICE, Catalog, LeverOperation, bare_amount
from core.engine import FootprintColumns, InferenceColumns, TrainingColumns
from core.levers import SWAPS, moved
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.results.columns import fleet, inference_fields, since_measured, stack, training_fields
from core.results.demand import requests_per_year
from core.results.drawing import Drawing, Fields
from core.results.draws import Floats
from core.results.hours import FIELDS as HOURS
from core.results.later import asked_later, busy_later
from core.results.lever_sets import Sets, bits, chosen
from core.results.once import PART
from core.results.one import cannot_run, later, no_machine, no_place
from core.results.place_columns import embodied_kg, footprint_fields
from core.results.site import site_of

Block = npt.NDArray[np.float64]  # (columns, parts, years)
Flags = npt.NDArray[np.bool_]

LOAD = frozenset({"requests_per_day", "seats", "requests_per_seat_day"})
PLAIN = ("input_tokens", "output_tokens", "cached_share")  # fields that are a column of serving, and nothing else
MACHINE = frozenset({"model", "precision", "hardware"})
SERVED = MACHINE | {
    "accelerators", "installed_accelerators", "busy_share", "batch", "serving", "parallel", "peak_to_mean",
}  # fmt: skip
TRAINED = MACHINE | {"installed_accelerators", "tokens_per_run_m", "overhead_factor", "epochs", "mfu", "runs_per_year"}
PLACE = frozenset({"region", "pue", "wue_l_per_kwh", "lifetime_years", "contract_share", "supplier"})
KNOWN = LOAD | set(PLAIN) | SERVED | TRAINED | PLACE | HOURS  # a field not named here is taken to move every column
SHARED = ("requests", "runs", "installed")


@dataclass(frozen=True)
class Machines:
    """Columns under sets of levers, the workloads behind them, which of these each set has, and which cannot run."""

    names: tuple[str, ...]
    block: Block
    workloads: list[Workload]
    places: Sets
    refused: Flags

    def column(self, name: str) -> Block:
        """One of the columns, (sets, years); writing into it writes into the block."""
        return np.asarray(self.block[self.names.index(name)])

    def of(self, name: str, blank: float) -> Block:
        """A field of each set's workload, (sets,)."""
        given = [getattr(w, name) for w in self.workloads]
        return np.array([blank if one is None else float(one) for one in given])[self.places]

    def output_tokens(self) -> Block:
        """Tokens answered a year, (sets, years); none in training."""
        if "output_tokens" not in self.names:
            return np.zeros(self.block.shape[1:])
        return self.column("requests") * self.column("output_tokens")

    def shared(self, shares: Floats) -> None:
        """Let each part take its share of the traffic."""
        part = shares != 1.0
        for name in SHARED:
            if name in self.names and part.any():
                column = self.column(name)
                column[part] = moved("multiply", column[part], shares[part][:, None])


@dataclass(frozen=True)
class Moves:
    """A workload and the levers that act on it, in the order of composition: which of them move which columns."""

    catalog: Catalog
    view: Plan
    workload: Workload
    levers: tuple[Lever, ...]
    rebounds: tuple[float, ...] = ()  # of each lever: requests with its rebound over those without

    @cached_property
    def drawing(self) -> Drawing:
        """The central case."""
        return Drawing(self.view, 0)

    def operations(self, lever: Lever) -> tuple[LeverOperation, ...]:
        """What the lever does."""
        return self.catalog.lever_operations.get(lever.key, ())

    def _moves(self, operation: LeverOperation, fields: Collection[str]) -> bool:
        if operation.part != "workload" or (operation.target in KNOWN and operation.target not in fields):
            return False
        return operation.amount != "none" or operation.target not in self._blank

    @cached_property
    def _blank(self) -> frozenset[str]:
        """Fields that are blank and that no lever fills: to clear them moves nothing."""
        done = [
            operation for lever in self.levers for operation in self.operations(lever) if operation.part == "workload"
        ]
        cleared = {operation.target for operation in done if getattr(self.workload, operation.target) is None}
        return frozenset(cleared - {operation.target for operation in done if operation.amount != "none"})

    def moving(self, fields: Collection[str]) -> int:
        """The levers that move one of these fields of the workload, or one that is not known here."""
        return bits(self.levers, lambda one: any(self._moves(operation, fields) for operation in self.operations(one)))

    def changing(self, part: str) -> int:
        """The levers that change columns of a part."""
        return bits(self.levers, lambda one: any(operation.part == part for operation in self.operations(one)))

    @cached_property
    def machine(self) -> frozenset[str]:
        """The fields behind the columns of serving or training that are not columns by themselves."""
        own = SERVED if self.workload.kind == "inference" else TRAINED
        return own | ({"region"} if self.catalog.premises else set())  # a site of one's own states its servers' power

    @cached_property
    def kernel(self) -> int:
        """The levers that move a column of serving or training: the others need no row of their own there."""
        plain = LOAD | set(PLAIN) if self.workload.kind == "inference" else LOAD
        grows = bits(self.levers, lambda one: bool(one.elasticity))
        return self.moving(self.machine | plain) | self.changing("column") | grows

    def variants(self, sets: Sets, fields: Collection[str]) -> tuple[list[Workload], Sets]:
        """The workload under each distinct set of the levers that move these fields, and which of them each set has."""
        some, places = np.unique(sets & self.moving(fields), return_inverse=True)
        under = composition.fields_under
        return [under(self.catalog, self.workload, chosen(self.levers, int(one))) for one in some], places

    def serving(self, sets: Sets) -> Machines:
        """Columns of serving, or of training, under each set, before a part takes its share of the traffic."""
        if self.workload.kind == "inference":
            found = self._machines(sets, InferenceColumns, inference_fields)
            self._plain(found, sets)
        else:
            found = self._machines(sets, TrainingColumns, training_fields)
        self._change(found.block, found.names, "column", sets)
        for place, grown in enumerate(self.rebounds):
            on = (sets >> place & 1).astype(bool)
            if grown != 1.0 and "requests" in found.names:
                column = found.column("requests")
                column[on] = moved("multiply", column[on], grown)
        return found

    def _machines(self, sets: Sets, kind: Any, fields_of: Callable[..., Fields]) -> Machines:
        machines, places = self.variants(sets, self.machine)
        refused = np.array([bool(no_machine(self.catalog, w) or cannot_run(self.catalog, w)) for w in machines])
        rows = [self._fields(w, fields_of) for w, no in zip(machines, refused, strict=True) if not no]
        block = _stacked(kind, rows, self.view)
        whole = np.full((len(block), len(machines), block.shape[2]), np.nan)
        whole[:, ~refused] = block
        return Machines(_names(kind), whole[:, places], machines, places, refused[places])

    def _fields(self, workload: Workload, fields_of: Callable[..., Fields]) -> Fields:
        return fields_of(self.catalog, self.view, workload, self.catalog.models[workload.model], self.drawing)

    def _plain(self, served: Machines, sets: Sets) -> None:
        for name in PLAIN:
            found, places = self.variants(sets, {name})
            served.column(name)[:] = np.array([getattr(w, name) for w in found])[places][:, None]
        found, places = self.variants(sets, LOAD)
        moved_on = later(self.view, self.workload)
        requests = [requests_per_year(self.view, w, 0) for w in found]
        if moved_on is not None:
            requests = [asked_later(w, asked, moved_on) for w, asked in zip(found, requests, strict=True)]
        served.column("requests")[:] = np.array(requests)[places][..., 0]
        if self.workload.busy_share is not None:
            since = np.array([since_measured(w, asked) for w, asked in zip(found, requests, strict=True)])[places][
                ..., 0
            ]
            busy = np.minimum(served.of("busy_share", 0.0)[:, None] * since, 1.0)
            served.column("busy_share")[:] = busy if moved_on is None else busy_later(busy.T, moved_on).T

    def once(self) -> list[tuple[int, composition.Change]]:
        """What levers take one time only, each with the lever's place."""
        return [
            (place, composition.change(self.catalog, self.workload, lever, operation))
            for place, lever in enumerate(self.levers)
            for operation in self.operations(lever)
            if operation.part == PART
        ]

    def place(self, sets: Sets) -> tuple[Block, Flags]:
        """Columns of the footprint without its prices, and which sets name a place that nobody knows."""
        places, here = self.variants(sets, PLACE)
        refused = np.array([bool(no_place(self.catalog, w)) for w in places])
        drawing, names = self.drawing, _names(FootprintColumns)
        rows = []
        for workload in (w for w, no in zip(places, refused, strict=True) if not no):
            site = site_of(self.catalog, workload)
            assert site is not None  # `no_place` has refused the others
            there = workload if not no_machine(self.catalog, workload) else workload.model_copy(update={"hardware": ""})
            hardware = fleet(self.catalog, there, drawing)
            rows.append(footprint_fields(self.catalog, self.view, workload, site, *hardware, drawing))
        block = _stacked(FootprintColumns, rows, self.view)
        whole = np.full((len(block), len(places), block.shape[2]), np.nan)
        whole[:, ~refused] = block
        whole = whole[:, here]
        machines, which = self.variants(sets, MACHINE)
        making = [self._making_kg(w) for w in machines]
        whole[names.index("embodied_kg")] = np.array(making)[which][:, None]
        self._change(whole, names, "place", sets)
        return whole, refused[here]

    def _making_kg(self, workload: Workload) -> float:
        if no_machine(self.catalog, workload):
            return float("nan")
        return float(embodied_kg(self.catalog, *fleet(self.catalog, workload, self.drawing), self.drawing)[0])

    def _change(self, block: Block, names: Sequence[str], part: str, sets: Sets) -> None:
        """What levers change of the columns themselves, in order."""
        for place, lever in enumerate(self.levers):
            on = (sets >> place & 1).astype(bool)
            for operation in self.operations(lever):
                if operation.part != part or operation.target not in names or not on.any():
                    continue
                column = block[names.index(operation.target)]
                for change, here in self._amounts(lever, place, operation, sets, on):
                    column[here] = moved(change.operation, column[here], self.drawing.amount(change), change.share)

    def _amounts(self, lever: Lever, place: int, operation: LeverOperation, sets: Sets, on: Flags) -> Any:
        """A change and where it holds: one everywhere, unless its amount depends on the accelerator by then."""
        parameters = self.catalog.lever_parameters.get(lever.key, ())
        word = bare_amount(operation.amount)
        apart = [one.hardware for one in parameters if one.parameter == word]
        if not any(apart) and word not in OF_THE_DEVICE:
            yield composition.change(self.catalog, self.workload, lever, operation), on
            return
        before = sets & ((1 << place) - 1)
        machines, places = self.variants(before, SWAPS)
        for which, workload in enumerate(machines):
            here = on & (places == which)
            if here.any():
                yield composition.change(self.catalog, workload, lever, operation), here


def _names(kind: Any) -> tuple[str, ...]:
    names: tuple[str, ...] = kind._fields
    return names


def _stacked(kind: Any, rows: Sequence[Fields], view: Plan) -> Block:
    years = len(view.years())
    return np.array(stack(kind, rows, years, 0)).reshape(len(_names(kind)), len(rows), years)
