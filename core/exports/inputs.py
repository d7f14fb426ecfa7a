"""A plan's inputs, one a row, with whose value each is; and what of them departs from the usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from core.plan import Plan, Record, Search, Target, knobs
from core.plan.cells import cells, default_cells
from core.plan.example import example_plan
from core.words import MINUS

Status = Literal["own", "example", "default"]
# What a workload is, which every list of workloads tells; all else that is not usual is an assumption changed.
DESCRIPTION = frozenset({
    "id", "name", "kind", "hosting", "model", "hardware", "region", "requests_per_day", "input_tokens",
    "output_tokens", "tokens_per_run_m", "runs_per_year", "business_unit", "owner", "tags", "import_key",
})  # fmt: skip
GROWTH = ("growth_low_pct", "growth_central_pct", "growth_high_pct")
# Fields of the plan that say what is looked at; the answer and its scope line tell them.
LOOKED_AT = frozenset({
    "name", "first_year", "last_year", "method", "boundary", "headline_year", "stack_by", "business_unit", "tag",
    "compared_models", "compared_hardware", "compared_regions",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One field of one record: `value` as typed (None blank), `usual` what it is where nobody says anything."""

    record: str
    id: str
    called: str
    field: str
    label: str
    value: Any
    text: str
    unit: str
    usual: str
    status: Status


def records(plan: Plan) -> list[Record]:
    """Every record of the plan in the order of its file."""
    found: list[Record] = [plan, *plan.workloads, *(entry for _, entry in plan.own()), *plan.calibrations, *plan.levers]
    found += [*plan.hours_files, *([plan.target] if plan.target != Target() else []), *plan.inventory, *plan.actuals]
    return [*found, *([plan.search] if plan.search != Search() else []), *plan.candidates]


def inputs(plan: Plan) -> Iterator[Input]:
    """Every field that holds something. A value that the built-in example has in the same place is an example's."""
    shown = {(one.record, _id(one)): cells(one) for one in records(example_plan())}
    for record in records(plan):
        yield from _fields(record, shown.get((record.record, _id(record)), {}))


def _fields(record: Record, example: dict[str, str]) -> Iterator[Input]:
    usual, texts = default_cells(type(record)), cells(record)
    called = str(getattr(record, "name", "") or _id(record))
    for name, knob in knobs(type(record)).items():
        text = texts[name]
        if not text or name == "id":
            continue
        status: Status = "default" if text == usual[name] else "example" if example.get(name) == text else "own"
        value = getattr(record, name)
        plain = value if knob.kind in ("number", "whole") else text
        yield Input(record.record, _id(record), called, name, knob.label, plain, text, knob.unit, usual[name], status)


def _id(record: Record) -> str:
    return str(getattr(record, "id", ""))


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value in place of the usual one, and where it stands: the plan, or the workloads by name."""

    field: str
    label: str
    text: str
    unit: str
    usual: str
    where: tuple[str, ...]
    is_number: bool


def assumptions(plan: Plan) -> list[Assumption]:
    """What departs from the usual beside what a workload is: the plan's own, growth, then the most shared.

    Levers, targets and entries of one's own are told elsewhere.
    """
    found: dict[tuple[str, str, str], list[Input]] = {}
    for one in _grown([*inputs(plan)]):
        skipped = LOOKED_AT if one.record == "plan" else DESCRIPTION
        if one.record in ("plan", "workload") and one.status != "default" and one.field not in skipped:
            found.setdefault((one.record, one.field, one.text), []).append(one)
    groups = sorted(
        found.values(), key=lambda group: (group[0].record != "plan", group[0].field != GROWTH[0], -len(group))
    )
    return [_assumption(group) for group in groups]


def _grown(found: Sequence[Input]) -> Iterator[Input]:
    """The fields as they are; the three of a workload's growth as one."""
    growing: dict[str, list[Input]] = {}
    for one in found:
        if one.field in GROWTH:
            growing.setdefault(one.id, []).append(one)
        else:
            yield one
    for mine in growing.values():
        text = " / ".join(one.text for one in mine)
        status: Status = next((one.status for one in mine if one.status != "default"), "default")
        label, shown = "Growth, low / central / high", text.replace("-", MINUS)
        yield replace(mine[0], label=label, value=text, text=shown, usual="none", status=status)


def _assumption(group: list[Input]) -> Assumption:
    first = group[0]
    where = ("the plan",) if first.record == "plan" else tuple(one.called for one in group)
    is_number = isinstance(first.value, int | float)
    return Assumption(first.field, first.label, first.text, first.unit, first.usual, where, is_number)
