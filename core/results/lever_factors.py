"""What the levers that act on a workload put into its figures: their values, what they bring, and what they take."""

from __future__ import annotations

from collections.abc import Iterator

from core.catalog import Catalog, LeverKind, LeverParameter
from core.levers import acting
from core.plan import Plan, Workload, knobs
from core.plan.lever import Lever
from core.results.factor import Factor, span
from core.results.lever_work import ITEMS, item


def lever_factors(catalog: Catalog, plan: Plan, workload: Workload) -> Iterator[Factor]:
    """Every lever that acts, in the order of composition."""
    for lever in acting(catalog, plan, workload):
        kind = catalog.levers[lever.key]
        yield _value(kind, lever)
        for one in catalog.lever_parameters.get(lever.key, ()):
            if one.hardware in ("", workload.hardware):
                yield _brought(kind, one)
        yield from _taken(catalog, kind, lever)


def _value(kind: LeverKind, lever: Lever) -> Factor:
    start = f"from {lever.start_year}" if lever.start_year else "from the first year"
    share = "all of the traffic" if lever.share == 1.0 else f"{lever.share:.0%} of the traffic"
    note = f"{share}, {start}; the range is the published one, and is not drawn" if kind.valued else f"{share}, {start}"
    name, status = f"Lever: {kind.name}", kind.status if lever.value is None else "entered"
    if lever.choice or not kind.valued:
        return Factor(name, lever.choice or "in use", None, None, "", kind.status, kind.source, note)
    low, high = span(kind.low, kind.high)
    source = kind.source if lever.value is None else "input"
    return Factor(f"{name}, {kind.label.lower()}", lever.amount(), low, high, kind.unit, status, source, note)


def parameter_name(kind: LeverKind, one: LeverParameter) -> str:
    """What a quantity that a lever brings is called among the factors."""
    return f"Lever: {kind.name}, {one.label[:1].lower()}{one.label[1:]}"


def _brought(kind: LeverKind, one: LeverParameter) -> Factor:
    low, high = span(one.low, one.high)
    return Factor(parameter_name(kind, one), one.central, low, high, one.unit, one.status, one.source, one.note)


def _taken(catalog: Catalog, kind: LeverKind, lever: Lever) -> Iterator[Factor]:
    """What it takes once or every year, and how far use grows."""
    for name in ITEMS:
        found, knob = item(catalog, lever, name), knobs(Lever)[name]
        if found is not None:
            low, high = span(found.low, found.high)
            label = f"Lever: {kind.name}, {knob.label.lower()}"
            yield Factor(label, found.central, low, high, knob.unit, found.status, found.source)
    if lever.elasticity:
        yield Factor(f"Lever: {kind.name}, rebound", lever.elasticity, None, None, "", "entered", "input")
