"""What levers make of one workload: parts of its traffic, each with fields and columns of its own, by run of years.

Levers act in a fixed order on physical terms: fields of the workload first, then columns of the engine. A share of the
traffic that only some levers reach is served apart (`split`), or moves the mean of all (`blend`). Shares overlap: the
first tenth of the traffic takes every lever of a share of at least a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from core.catalog import OF_THE_DEVICE, Catalog, LeverOperation, LeverParameter, bare_amount
from core.plan import Plan, Workload
from core.plan.cells import build
from core.plan.follow import follow
from core.plan.lever import Lever

SWAPS = ("model", "precision", "hardware")  # what decides how many accelerators a copy needs
MOST_KEPT = 4096
CLEARED = {"accelerators": None, "installed_accelerators": None, "busy_share": None}


class OutOfBoundsError(ValueError):
    """A lever moved a field of a workload out of its bounds; the only argument is the sentence that says so."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one column of engine, place or memory: `multiply`, `set`, `raise` (at least) or `lower` (at most).

    A share below 1 moves the column by that share of the way. A change with a `factor` is uncertain: its amount is
    drawn over its range, by one score a draw wherever that factor acts.
    """

    part: str
    column: str
    operation: str
    amount: float
    share: float = 1.0
    factor: str = ""
    low: float = 0.0
    high: float = 0.0


@dataclass(frozen=True, slots=True)
class Served:
    """A part of a workload's traffic in a run of years: its share, the workload as changed, and its column changes."""

    first_year: int
    last_year: int
    share: float
    workload: Workload
    changes: tuple[Change, ...] = ()
    levers: tuple[Lever, ...] = ()


def served(catalog: Catalog, plan: Plan, workload: Workload, levers: Sequence[Lever]) -> list[Served]:
    """The parts of a workload under levers that act on it; together the years and shares make the whole."""
    parts = []
    for first, last in runs(plan, levers):
        active = [lever for lever in levers if start_year(plan, lever) <= first]
        for share, mine in segments(catalog, active):
            changed, changes = _changed(catalog, workload, mine)
            parts.append(Served(first, last, share, changed, changes, tuple(mine)))
    return parts


def start_year(plan: Plan, lever: Lever) -> int:
    """First year in which a lever acts; a blank means the plan's own."""
    return plan.first_year if lever.start_year is None else lever.start_year


def runs(plan: Plan, levers: Sequence[Lever]) -> list[tuple[int, int]]:
    """Runs of years in which the same levers act."""
    starts = {
        start_year(plan, lever) for lever in levers if plan.first_year < start_year(plan, lever) <= plan.last_year
    }
    firsts = [plan.first_year, *sorted(starts)]
    return list(zip(firsts, [*(year - 1 for year in firsts[1:]), plan.last_year], strict=True))


def segments(catalog: Catalog, levers: Sequence[Lever]) -> list[tuple[float, list[Lever]]]:
    """Parts of the traffic and the levers each takes; levers that blend act on all of it."""
    apart = [lever for lever in levers if catalog.levers[lever.key].sharing == "split"]
    edges = sorted({0.0, 1.0, *(lever.share for lever in apart)})
    return [
        (high - low, [lever for lever in levers if lever not in apart or lever.share > low])
        for low, high in pairwise(edges)
    ]


def _changed(catalog: Catalog, workload: Workload, levers: Sequence[Lever]) -> tuple[Workload, tuple[Change, ...]]:
    changes: list[Change] = []
    for lever in levers:
        for operation in catalog.lever_operations.get(lever.key, ()):
            if operation.part == "workload":
                workload = _moved(catalog, workload, lever, operation)
            else:
                changes.append(change(catalog, workload, lever, operation))
    return workload, tuple(changes)


def at_rest(catalog: Catalog, workload: Workload, lever: Lever) -> bool:
    """Whether a lever, as it is set, leaves a workload as it was: then there is nothing to do and to pay either.

    So it does where it cannot be followed: the workload then has no figure at all.
    """
    if workload.hardware and workload.hardware not in catalog.hardware:
        return True
    try:
        moved_fields = fields_under(catalog, workload, (lever,)) != workload
    except OutOfBoundsError:
        return True
    operations = catalog.lever_operations.get(lever.key, ())
    changes = [change(catalog, workload, lever, one) for one in operations if one.part != "workload"]
    rest = {"multiply": 1.0, "raise": 0.0}
    return not moved_fields and all(one.amount == rest.get(one.operation) for one in changes)


def fields_under(catalog: Catalog, workload: Workload, levers: Sequence[Lever]) -> Workload:
    """The workload with the fields that levers move, columns left aside."""
    for lever in levers:
        for operation in catalog.lever_operations.get(lever.key, ()):
            if operation.part == "workload":
                workload = _moved(catalog, workload, lever, operation)
    return workload


def _moved(catalog: Catalog, workload: Workload, lever: Lever, operation: LeverOperation) -> Workload:
    """The workload with one field moved, and what must move along with it."""
    target = operation.target
    old = getattr(workload, target)
    new = _new(catalog, lever, operation, old)
    if new == old:
        return workload
    fields, _ = follow(catalog, workload, {target: new})
    sized_by = SWAPS if workload.kind == "inference" else ("hardware",)
    resized = {name: None for name in CLEARED if getattr(workload, name) is not None} if target in sized_by else {}
    return _but(workload, tuple((resized | fields).items()))


@lru_cache(maxsize=MOST_KEPT)
def _but(workload: Workload, fields: tuple[tuple[str, Any], ...]) -> Workload:
    """A checked change of a workload, kept: sets of levers share most of theirs."""
    as_it_was = {name: getattr(workload, name) for name in Workload.model_fields}
    changed, wrong = build(Workload, as_it_was | dict(fields))
    if changed is None:
        raise OutOfBoundsError("; ".join(wrong))
    return changed


def _new(catalog: Catalog, lever: Lever, operation: LeverOperation, old: Any) -> Any:
    """The value a field takes; a share of the traffic moves a number by that share of the way."""
    word = operation.amount
    if word == "choice":
        return lever.choice
    if word == "none":
        return None
    if operation.operation == "set":
        return word
    if old is None:
        return None
    share = lever.share if catalog.levers[lever.key].sharing == "blend" else 1.0
    return moved(operation.operation, old, amount(word, lever.amount()), share)


def change(catalog: Catalog, workload: Workload, lever: Lever, operation: LeverOperation) -> Change:
    """What a lever does to a column of a workload, on the accelerator that the workload has by then."""
    share = lever.share if catalog.levers[lever.key].sharing == "blend" else 1.0
    to, word = (operation.part, operation.target, operation.operation), operation.amount
    if bare_amount(word) in OF_THE_DEVICE:
        return Change(*to, amount(word, _of_the_device(catalog, word, workload)), share)
    uncertain = parameter(catalog, lever.key, bare_amount(word), workload.hardware)
    if uncertain is None:
        return Change(*to, amount(word, lever.amount()), share)
    low, central, high = (amount(word, end) for end in (uncertain.low, uncertain.central, uncertain.high))
    return Change(*to, central, share, factor_of(uncertain), low, high)


def _of_the_device(catalog: Catalog, word: str, workload: Workload) -> float:
    """Peak arithmetic of a number format over that of 16 bit, on the accelerator that trains; 1 where it has none.

    And where nobody knows the accelerator: the workload is then refused for that.
    """
    device = catalog.hardware.get(workload.hardware or catalog.provider_fleet[0].hardware_id)
    if device is None:
        return 1.0
    eight, sixteen = (device.peak_tflops.get(name) for name in ("fp8", "bf16"))
    return eight / sixteen if eight and sixteen else 1.0


def parameter(catalog: Catalog, lever: str, name: str, hardware: str) -> LeverParameter | None:
    """A lever's uncertain parameter on an accelerator; None when that name is no parameter, or not known there."""
    mine = [one for one in catalog.lever_parameters.get(lever, ()) if one.parameter == name]
    return next((one for one in mine if one.hardware in ("", hardware)), None)


def factor_of(uncertain: LeverParameter) -> str:
    """The name under which a parameter is drawn: one score for all workloads."""
    return f"lever:{uncertain.lever}:{uncertain.parameter}"


def amount(word: str, value: float) -> float:
    """The number an operation uses: a value, one minus, one plus or one over it, or a constant.

    >>> amount("value", 0.3), amount("1 - value", 0.25), amount("1 + value", 0.5), amount("1 / value", 4.0)
    (0.3, 0.75, 1.5, 0.25)
    >>> amount("0.67", float("nan"))
    0.67
    """
    name = bare_amount(word)
    with suppress(ValueError):  # a name: the value stands for it
        value = float(name)
    if word == name:
        return value
    return {"1 - ": 1.0 - value, "1 + ": 1.0 + value, "1 / ": 1.0 / value if value else 0.0}[word.removesuffix(name)]


def moved(operation: str, old: Any, value: Any, share: float = 1.0) -> Any:
    """A number, or draws of one, after an operation that a share of the traffic takes.

    >>> moved("multiply", 10.0, 0.5), moved("multiply", 10.0, 0.5, 0.2), moved("set", 2.0, 1.1)
    (5.0, 9.0, 1.1)
    """
    if operation == "multiply":
        return old * (1.0 + share * (value - 1.0))
    new = {"raise": np.maximum, "lower": np.minimum}[operation](old, value) if operation != "set" else value
    result = new if share == 1.0 else old + share * (new - old)
    return result if isinstance(result, np.ndarray) and result.ndim else float(result)
