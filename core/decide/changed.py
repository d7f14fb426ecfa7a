"""What differs between two plans as inputs that can be taken over one by one: the first plan with some of the second.

Fields that mean one thing, or that bounds tie together, are one input. A workload that only one plan has is an input
of its own, and takes along what was measured of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.plan import Plan, Record, Workload, knobs
from core.plan.own import OWN

# Fields of the plan that move figures, and of workloads; those of one row act together.
OF_PLAN = (
    ("first_year", "last_year"),
    ("grid_path", "grid_change_pct"),
    ("efficiency_drift_pct",),
    ("refresh_every_years", "refresh_gain_pct"),
    ("rebound_elasticity",),
    ("price_engineering_usd_per_day",),
)
TOGETHER = (
    ("growth_low_pct", "growth_central_pct", "growth_high_pct", "growth_decay_pct"),
    ("first_year", "last_year"),
    ("seats", "requests_per_seat_day"),
    ("contract_share", "supplier", "contract_g_per_kwh"),
    ("deferrable_h", "deferrable_share", "hours_chosen", "job_h", "pausing", "restart_h", "room_home_ratio"),
    ("residency", "residency_countries", "latency_ms", "room_away_ratio", "moving_share"),
    tuple(name for name in knobs(Workload) if name.startswith("price_")),
)
NOT_AN_INPUT = ("id", "name", "owner", "business_unit", "tags", "import_key")
LISTS = ("calibrations", "levers", "hours_files")


@dataclass(frozen=True, slots=True)
class Changed:
    """A changed input: of which record, and which fields; no field is a record that was added or taken out."""

    record: str
    id: str
    fields: tuple[str, ...] = ()


def changed_inputs(one: Plan, other: Plan) -> list[Changed]:
    """Every input in which two plans differ, as far as figures may rest on it."""
    return [*_of_plan(one, other), *_of_workloads(one, other), *_of_own(one, other), *_of_lists(one, other)]


def _of_plan(one: Plan, other: Plan) -> Iterator[Changed]:
    for names in OF_PLAN:
        found = tuple(name for name in names if getattr(one, name) != getattr(other, name))
        if found:
            yield Changed(Plan.record, "", found)


def _of_workloads(one: Plan, other: Plan) -> Iterator[Changed]:
    ours, theirs = _workloads(one), _workloads(other)
    for key in ours | theirs:
        if key in ours and key in theirs:
            yield from (Changed(Workload.record, key, names) for names in grouped(ours[key], theirs[key]))
        else:
            yield Changed(Workload.record, key)


def grouped(old: Workload, new: Workload) -> list[tuple[str, ...]]:
    """The fields that a workload changed, those that act together in one."""
    names = [name for name in _fields(old, new) if name not in NOT_AN_INPUT]
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        group = next((one for one in TOGETHER if name in one), (name,))
        found.setdefault(group, []).append(name)
    return [tuple(fields) for fields in found.values()]


def _of_own(one: Plan, other: Plan) -> Iterator[Changed]:
    """Own entries of one id that say another thing; those that only one plan has do nothing by themselves."""
    theirs = {entry.id: entry for _, entry in other.own()}
    for field, entry in one.own():
        if entry.id in theirs and theirs[entry.id] != entry:
            yield Changed(OWN[field].record, entry.id, _fields(entry, theirs[entry.id]))


def _of_lists(one: Plan, other: Plan) -> Iterator[Changed]:
    in_both = _workloads(one).keys() & _workloads(other).keys()
    for field in LISTS:
        ours, theirs = _listed(one, field), _listed(other, field)
        for key, entry in (ours | theirs).items():
            if ours.get(key) != theirs.get(key) and (field != "calibrations" or key in in_both):
                fields = _fields(ours[key], theirs[key]) if key in ours and key in theirs else ()
                yield Changed(entry.record, key, fields)


def with_some(one: Plan, other: Plan, some: Collection[Changed], keys: Collection[str]) -> Plan | None:
    """The first plan with some inputs of the second, of these workloads alone; None where they cannot stand so."""
    names = [name for change in some if change.record == Plan.record for name in change.fields]
    fields: dict[str, Any] = {name: getattr(other, name) for name in names}
    taken = {(change.record, change.id) for change in some}
    for field, cls in OWN.items():
        fields[field] = tuple(_entries(getattr(one, field), getattr(other, field), cls.record, taken))
    for field in LISTS:
        kept = _joined(_listed(one, field), _listed(other, field), taken)
        fields[field] = tuple(kept.values())
    try:
        workloads = tuple(_mixed(one, other, some, keys))
    except ValueError:
        return None
    at_hand = {*one.hours_at_hand, *other.hours_at_hand} & {file.key for file in fields["hours_files"]}
    there = {workload.id for workload in workloads}
    theirs = _workloads(one).keys() ^ _workloads(other).keys()
    measured = [c for c in (*one.calibrations, *other.calibrations) if c.id in theirs]
    known = {c.id: c for c in (*measured, *fields["calibrations"]) if c.id in there}
    fields |= {"workloads": workloads, "calibrations": tuple(known.values()), "hours_at_hand": tuple(sorted(at_hand))}
    return one.model_copy(update=fields)


def _entries(
    ours: Iterable[Any], theirs: Iterable[Any], record: str, taken: Collection[tuple[str, str]]
) -> Iterator[Any]:
    """The first plan's own entries, those taken as the second has them, and those that only the second has."""
    new = {entry.id: entry for entry in theirs}
    old = {entry.id: entry for entry in ours}
    for key, entry in (new | old).items():
        yield new[key] if (record, key) in taken else entry


def _joined(ours: Mapping[str, Any], theirs: Mapping[str, Any], taken: Collection[tuple[str, str]]) -> dict[str, Any]:
    """A list of the first plan, where what is taken is as the second has it, or gone as there."""
    found = {}
    for key, entry in {**ours, **theirs}.items():
        from_theirs = (entry.record, key) in taken
        if key in (theirs if from_theirs else ours):
            found[key] = theirs[key] if from_theirs else ours[key]
    return found


def _mixed(one: Plan, other: Plan, some: Collection[Changed], keys: Collection[str]) -> Iterator[Workload]:
    """Some workloads of the first plan, each with the fields that are taken; ValueError where they contradict."""
    ours, theirs = _workloads(one), _workloads(other)
    mine: dict[str, list[str]] = {}
    for change in some:
        if change.record == Workload.record:
            mine.setdefault(change.id, []).extend(change.fields)
    for key in keys:
        if key in ours and key in theirs:
            names = mine.get(key, ())
            yield ours[key].but(**{name: getattr(theirs[key], name) for name in names}) if names else ours[key]
        elif (key in theirs) == (key in mine):
            yield theirs[key] if key in theirs else ours[key]


def _workloads(plan: Plan) -> dict[str, Workload]:
    return {workload.id: workload for workload in plan.workloads}


def _listed(plan: Plan, field: str) -> dict[str, Any]:
    return {entry.id: entry for entry in getattr(plan, field)}


def _fields(old: Record, new: Record) -> tuple[str, ...]:
    return tuple(name for name in knobs(type(old)) if getattr(old, name) != getattr(new, name))
