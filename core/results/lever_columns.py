"""What levers make of the columns of one workload, for many sets of them at once.

A field that levers move is worked out once for each workload that they can make of it, however many sets make the same.
Each column stands by itself as its few distinct values and which of them every set has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from core import levers as composition
from core.catalog import OF_THE_DEVICE, Catalog, LeverOperation, bare_amount
from core.levers import SWAPS, OutOfBoundsError, moved
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.results import devices, once
from core.results.drawing import Drawing
from core.results.factored import Factored, Flags, factored, once_each
from core.results.hours import FIELDS as HOURS
from core.results.hours import shifts
from core.results.lever_sets import Sets, bits, distinct

LOAD = frozenset({"requests_per_day", "seats", "requests_per_seat_day"})
PLAIN = ("input_tokens", "output_tokens", "cached_share")  # fields that are a column of serving, and nothing else
MACHINE = frozenset({"model", "precision", "hardware"})
SERVED = MACHINE | {
    "accelerators", "installed_accelerators", "busy_share", "batch", "serving", "parallel", "peak_to_mean",
}  # fmt: skip
TRAINED = MACHINE | {"installed_accelerators", "tokens_per_run_m", "overhead_factor", "epochs", "mfu", "runs_per_year"}
PLACE = frozenset({"region", "pue", "wue_l_per_kwh", "lifetime_years", "contract_share", "supplier"})
KNOWN = LOAD | set(PLAIN) | SERVED | TRAINED | PLACE | HOURS  # a field not named here is taken to move every column


@dataclass(frozen=True, slots=True)
class Variants:
    """Workloads that sets of levers make, which of them each set has, and which of them lie out of bounds."""

    workloads: list[Workload]
    rows: Sets
    wrong: list[bool]

    def each(self, value: Callable[[Workload], Any]) -> Factored:
        """A number of each set's workload, whatever year and draw."""
        return factored([float(value(workload)) for workload in self.workloads], self.rows, (1, 1))


class Made:
    """Workloads that levers made, each with whether it lies out of bounds, and what each lever made of each."""

    def __init__(self) -> None:
        self.known: list[tuple[Workload, bool]] = []
        self.after: dict[tuple[int, int], int] = {}
        self._places: dict[tuple[Workload, bool], int] = {}

    def place_of(self, workload: Workload, wrong: bool) -> int:
        """Where a workload stands among those known, itself once it is none of them."""
        place = self._places.setdefault((workload, wrong), len(self.known))
        if place == len(self.known):
            self.known.append((workload, wrong))
        return place


@dataclass(frozen=True)
class Moves:
    """A workload and the levers that act on it, in the order of composition: which of them move which columns."""

    catalog: Catalog
    view: Plan
    workload: Workload
    levers: tuple[Lever, ...]
    draws: int = 0

    @cached_property
    def drawing(self) -> Drawing:
        """The scores of the plan."""
        return Drawing(self.view, self.draws)

    @property
    def shape(self) -> tuple[int, int]:
        """Years and draws of every column, the central case among them."""
        return len(self.view.years()), 1 + self.draws

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
    def on_devices(self) -> int:
        """The levers that let users' devices answer."""
        return self.changing(devices.PART)

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
        hours = self.moving(HOURS) if self.hours else 0  # what clears a busy share moves the machine too
        return self.moving(self.machine | plain) | self.changing("column") | grows | self.on_devices | hours

    @cached_property
    def hours(self) -> bool:
        """Whether the hours of the work are chosen, by the workload or by a lever."""
        return shifts(self.workload) or self.moving({"hours_chosen", "deferrable_h", "deferrable_share"}) > 0

    @cached_property
    def place(self) -> int:
        """The levers that move a column of the footprint."""
        return self.moving(PLACE | MACHINE | {"cached_share"}) | self.changing("place") | self.on_devices

    def variants(self, sets: Sets, fields: Collection[str]) -> Variants:
        """The workloads that the levers that move these fields make; sets that make the same one share it."""
        moving = self.moving(fields)
        some, places = distinct(sets, moving | self.on_devices)
        steps = [place for place in range(len(self.levers)) if moving >> place & 1]
        made, rows = [self._made.place_of(self.workload, False)], np.zeros(len(some), dtype=np.int64)
        for place in steps:
            made, rows = self._step(made, rows * 2 + (some >> place & 1), place)
        if self.on_devices:
            made, rows = self._step(made, rows * 2 + (some & self.on_devices != 0), len(self.levers))
        found = [self._made.known[one] for one in made]
        return Variants([workload for workload, _ in found], rows[places], [wrong for _, wrong in found])

    @cached_property
    def _made(self) -> Made:
        return Made()

    def _step(self, made: list[int], codes: Sets, lever: int) -> tuple[list[int], Sets]:
        """The workloads once a lever has moved those with an odd code, and which of them each set has."""
        firsts, kinds = once_each(codes, 2 * len(made))
        after = [
            self._after(made[code // 2], lever) if code % 2 else made[code // 2] for code in codes[firsts].tolist()
        ]
        places = {one: place for place, one in enumerate(dict.fromkeys(after))}
        return list(places), np.array([places[one] for one in after], dtype=np.int64)[kinds]

    def _after(self, before: int, place: int) -> int:
        """What a lever makes of a workload, worked out once."""
        key = (before, place)
        if key not in self._made.after:
            self._made.after[key] = self._made.place_of(*self._under(*self._made.known[before], place))
        return self._made.after[key]

    def _under(self, now: Workload, wrong: bool, place: int) -> tuple[Workload, bool]:
        """A workload under one lever more; after the last, where its users hold the machines and wait for nothing."""
        if place == len(self.levers):
            return now.but(region=self.workload.region, deferrable_h=0.0), wrong
        try:
            return composition.fields_under(self.catalog, now, (self.levers[place],)), wrong
        except OutOfBoundsError:
            return now, True

    def changed(self, columns: dict[str, Factored], part: str, sets: Sets) -> None:
        """Let levers change columns of a part, in order."""
        for place, lever in enumerate(self.levers):
            on = (sets >> place & 1).astype(bool)
            for operation in self.operations(lever):
                if operation.part == part and operation.target in columns and on.any():
                    for change, here in self._amounts(lever, place, operation, sets, on):
                        columns[operation.target] = self._moved(columns[operation.target], change, here)

    def _moved(self, column: Factored, change: composition.Change, on: Flags) -> Factored:
        amount = self.drawing.amount(change)
        return column.moved(on, lambda old: moved(change.operation, old, amount, change.share))

    def _amounts(
        self, lever: Lever, place: int, operation: LeverOperation, sets: Sets, on: Flags
    ) -> Iterator[tuple[composition.Change, Flags]]:
        """A change and where it holds: one everywhere, unless its amount depends on the accelerator by then."""
        parameters = self.catalog.lever_parameters.get(lever.key, ())
        word = bare_amount(operation.amount)
        apart = [one.hardware for one in parameters if one.parameter == word]
        if not any(apart) and word not in OF_THE_DEVICE:
            yield composition.change(self.catalog, self.workload, lever, operation), on
            return
        before = self.variants(sets & ((1 << place) - 1), SWAPS)
        for which, workload in enumerate(before.workloads):
            here = on & (before.rows == which)
            if here.any():
                yield composition.change(self.catalog, workload, lever, operation), here

    def sold_share(self, sets: Sets) -> Factored:
        """Share of users' devices that the company sells, in each set; below 0 where servers answer."""
        column = Factored(np.full((1, 1, 1), -1.0), np.zeros(len(sets), dtype=np.int64))
        for place, lever in enumerate(self.levers):
            for operation in (one for one in self.operations(lever) if one.part == devices.PART):
                change = composition.change(self.catalog, self.workload, lever, operation)
                on = (sets >> place & 1).astype(bool) & (column.values[:, 0, 0][column.rows] < 0)
                column = column.moved(on, lambda old: np.full_like(old, change.amount))  # noqa: B023
        return column

    def single_runs(self) -> list[tuple[int, composition.Change]]:
        """What levers take one time only, each with the lever's place."""
        return [
            (place, composition.change(self.catalog, self.workload, lever, operation))
            for place, lever in enumerate(self.levers)
            for operation in self.operations(lever)
            if operation.part == once.PART
        ]
