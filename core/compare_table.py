"""A comparison as a tidy CSV: plans, figures by year, inputs that differ, what each does, and what moved since a seal.

The first plan is A, the reference; every other is set against it. Units are in the names of quantities; full
precision, and a blank cell where nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

from core.decide.between import QUANTITIES, Between, between
from core.decide.changed import Changed
from core.decide.older import Older, Sealed, facts_of_then, older
from core.decide.shares import shared
from core.plan import Plan
from core.plan.plan import Fact
from core.results import of
from core.results_table import csv_text, method_of
from core.store.changes import changes
from core.store.content import write_factors
from core.store.records import Saved
from core.table import read_plan, write_plan

COLUMNS = (
    "record", "plan", "against", "name", "year", "quantity", "value", "against_value", "difference",
    "difference_p10", "difference_p90", "told_apart", "input_record", "input_id", "input_field", "then_value",
    "now_value", "unit", "effect_kg", "effect_p10_kg", "effect_p90_kg", "effect_error_kg", "source_then",
    "source_now", "method_version", "data_version",
)  # fmt: skip
LETTERS = ascii_uppercase
MOST_LENDERS = 5  # saved plans whose factors are looked at for a link's
REST = "method, or facts that a seal does not hold"
Row = dict[str, str | int | float | None]


@dataclass(frozen=True, slots=True)
class Item:
    """A plan that is compared, and what was said of it when it was saved or linked; None where nothing was."""

    plan: Plan
    sealed: Sealed | None = None


def with_factors(item: Item, saved: Iterable[Saved]) -> Item:
    """A link's plan with the factors of then, as far as saved plans that were made by the same data hold them."""
    if item.sealed is None or item.sealed.factors or not item.sealed.data_version:
        return item
    facts: dict[tuple[str, str, str], Fact] = {}
    lenders = 0
    for one in saved:
        plan = read_plan(one.content.inputs).plan
        if plan is not None and one.content.data_version.startswith(item.sealed.data_version):
            found = facts_of_then(plan, one.content.factors)
            facts |= {fact[:3]: fact for fact in found}
            lenders += bool(found)
    if not facts:
        return item
    then = item.plan.model_copy(update={"facts_then": tuple(facts.values())})
    return replace(item, sealed=replace(item.sealed, factors=write_factors(then), borrowed=lenders))


def write_comparison(items: Sequence[Item]) -> str:
    """Everything that a comparison shows, with LF line ends."""
    return csv_text(COLUMNS, rows(items))


def rows(items: Sequence[Item]) -> Iterator[Row]:
    """Every row, plan by plan."""
    for letter, item in zip(LETTERS, items, strict=False):
        found = of(item.plan)
        versions: Row = {"method_version": method_of(found), "data_version": found.data_version}
        yield versions | {"record": "plan", "plan": letter, "name": item.plan.name}
    first = items[0].plan
    for letter, item in zip(LETTERS[1:], items[1:], strict=False):
        base: Row = {"plan": letter, "against": LETTERS[0]}
        view = between(first, item.plan)
        if view is not None:
            yield from (base | row for row in _figures(view))
        yield from (base | row for row in _inputs(first, item.plan))
        yield from (base | row for row in _effects(first, item.plan))
    for letter, item in zip(LETTERS, items, strict=False):
        found_then = older(item.plan, item.sealed) if item.sealed else None
        if found_then is not None and item.sealed is not None:
            yield from (row | {"plan": letter} for row in _then(found_then, item.sealed))


def _figures(view: Between) -> Iterator[Row]:
    for year in view.years:
        for name in QUANTITIES:
            found = view.compared(name, year)
            low, middle, high = found.difference
            yield {
                "record": "figure", "year": year, "quantity": name, "value": found.second[1],
                "against_value": found.first[1], "difference": middle, "difference_p10": low, "difference_p90": high,
                "told_apart": found.told_apart if found.known else None,
            }  # fmt: skip


def _inputs(first: Plan, second: Plan) -> Iterator[Row]:
    for one in changes(write_plan(first), write_plan(second)):
        yield {
            "record": "input", "input_record": one.record, "input_id": one.id, "input_field": one.field,
            "then_value": one.old, "now_value": one.new,
        }  # fmt: skip


def _effects(first: Plan, second: Plan) -> Iterator[Row]:
    found = shared(first, second)
    for step in found.steps if found else ():
        what: Row = {"record": "effect", "year": found.year if found else None, "quantity": found.name if found else ""}
        yield what | _joined(step.inputs) | _effect(step.central, step.low, step.high, step.error)


def _joined(inputs: Sequence[Changed]) -> Row:
    """Several inputs that stand only together, in one row."""
    columns = (("input_record", "record"), ("input_id", "id"))
    plain: Row = {column: " + ".join(getattr(one, name) for one in inputs) for column, name in columns}
    return plain | {"input_field": " + ".join(";".join(one.fields) for one in inputs)}


def _effect(central: float, low: float, high: float, error: float) -> Row:
    return {"effect_kg": central, "effect_p10_kg": low, "effect_p90_kg": high, "effect_error_kg": error}


def _then(found: Older, sealed: Sealed) -> Iterator[Row]:
    year: Row = {"year": found.year, "quantity": "carbon_kg"}
    made: Row = {"method_version": sealed.method_version, "data_version": sealed.data_version}
    difference = found.now_kg - found.then_kg
    ends: Row = {"value": found.now_kg, "against_value": found.then_kg, "difference": difference}
    then: Row = {"record": "then"}
    yield then | year | ends | made
    for one in found.moved:
        row: Row = {
            "record": "factor", "name": one.name, "input_record": "workload", "input_id": ";".join(one.workloads),
            "then_value": one.then[0], "now_value": one.now[0], "unit": one.unit, "source_then": one.source_then,
            "source_now": one.source_now,
        }  # fmt: skip
        effect: Row = {}
        if one.effect is not None:
            low, central, high = one.effect
            effect = _effect(central, low, high, one.error)
        yield row | year | effect
    for part in found.one_sided:
        name = f"no figure today: {part.why}" if part.why else "no figure then"
        alone: Row = {"record": "one_sided", "name": name, "input_record": "workload", "input_id": part.workload}
        yield alone | year | {"effect_kg": part.effect_kg}
    rest: Row = {"record": "rest", "name": REST, "effect_kg": found.rest_kg}
    yield rest | year
