"""The rows of serving and training that many sets of levers make: every distinct row once, as factored columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.engine import InferenceColumns, TrainingColumns
from core.levers import moved
from core.plan import Calibration, Workload
from core.results.columns import fleet, inference_fields, since_measured, training_fields
from core.results.demand import requests_per_year
from core.results.draws import Floats
from core.results.factored import Block, Factored, Flags, factored, kinds_of
from core.results.hours import FIELDS as HOURS
from core.results.hours import shifts
from core.results.later import asked_later, busy_later
from core.results.lever_columns import LOAD, PLAIN, Moves, Variants
from core.results.lever_sets import Sets
from core.results.one import cannot_run, later, no_machine
from core.results.under_levers import SHARED, rebound_factor

Columns = dict[str, Factored]


@dataclass(frozen=True, slots=True)
class LeverRows:
    """Distinct rows: the kernel's columns, what each row has beside them, and which row each part of the traffic has.

    `hours` are the workloads whose hours are chosen; `hardware` are the accelerators that parts may run on.
    """

    columns: Columns
    beside: Columns
    hours: list[Workload]
    hardware: list[str]
    rows: Sets

    def __len__(self) -> int:
        return len(self.beside["share"].rows)

    def of(self, name: str) -> Block:
        """What each row has beside the kernel's columns, (rows,)."""
        return self.beside[name].central()


def lever_rows(moves: Moves, sets: Sets, shares: Floats, calibration: Calibration | None) -> LeverRows:
    """Rows of parts of the traffic, each under a set of levers and with a share of the whole, which stays apart."""
    machines = moves.variants(sets, moves.machine)
    refused = [bool(no_machine(moves.catalog, w) or cannot_run(moves.catalog, w)) for w in machines.workloads]
    columns, wrong = _machine_columns(moves, machines, refused), _of_each(machines, refused)
    wrong |= _load_columns(moves, sets, machines, columns)
    moves.changed(columns, "column", sets)
    _rebound(moves, sets, columns, calibration)
    beside, hours, hardware = _beside(moves, sets, machines)
    closed = _of_each(machines, [_is_sold_as_service(moves, w) for w in machines.workloads])
    wrong |= _of_each(machines, machines.wrong) | (closed & (beside["sold_share"].central() >= 0))
    beside["refused"] = Factored(np.array([0.0, 1.0]).reshape(2, 1, 1), wrong.astype(np.int64))
    some, which = np.unique(shares, return_inverse=True)
    beside["share"] = Factored(some.reshape(-1, 1, 1), which)
    firsts, kinds = kinds_of((*columns.values(), *beside.values()), len(sets))
    columns, beside = ({name: one.at(firsts) for name, one in all_of.items()} for all_of in (columns, beside))
    return LeverRows(columns, beside, hours, hardware, kinds)


def _of_each(variants: Variants, flags: list[bool]) -> Flags:
    """A yes or no of each workload, as each set has it."""
    return np.array(flags)[variants.rows]


def _machine_columns(moves: Moves, machines: Variants, refused: list[bool]) -> Columns:
    """Every column of the kernel, as the machines of each set have it; unknown where these cannot run."""
    answers = moves.workload.kind == "inference"
    names = InferenceColumns._fields if answers else TrainingColumns._fields
    fields_of, models = inference_fields if answers else training_fields, moves.catalog.models
    fields = [
        dict.fromkeys(names, np.nan) if no else fields_of(moves.catalog, moves.view, w, models[w.model], moves.drawing)
        for w, no in zip(machines.workloads, refused, strict=True)
    ]
    return {name: factored([one[name] for one in fields], machines.rows, moves.shape) for name in names}


def _load_columns(moves: Moves, sets: Sets, machines: Variants, columns: Columns) -> Flags:
    """What is asked of the machines; and where a lever moves that out of bounds."""
    loads = moves.variants(sets, LOAD)
    wrong = _of_each(loads, loads.wrong)
    if moves.workload.kind != "inference":
        return wrong
    _load(moves, columns, machines, loads)
    for name in PLAIN:
        plain = moves.variants(sets, {name})
        wrong |= _of_each(plain, plain.wrong)
        columns[name] = factored([getattr(w, name) for w in plain.workloads], plain.rows, moves.shape)
    return wrong


def _rebound(moves: Moves, sets: Sets, columns: Columns, calibration: Calibration | None) -> None:
    """More requests where a lever makes answers cheaper."""
    for place, lever in enumerate(moves.levers):
        if lever.elasticity and moves.workload.kind == "inference":
            grown = rebound_factor(moves.view, moves.workload, lever, calibration)
            on = (sets >> place & 1).astype(bool)
            columns["requests"] = columns["requests"].moved(on, lambda old: moved("multiply", old, grown))  # noqa: B023


def shared(columns: Columns, shares: Floats) -> Columns:
    """The columns once each part takes its share of the traffic."""
    found = dict(columns)
    for share in np.unique(shares[shares != 1.0]):
        for name in (one for one in SHARED if one in found):
            found[name] = found[name].moved(shares == share, lambda old: moved("multiply", old, share))  # noqa: B023
    return found


def _is_sold_as_service(moves: Moves, workload: Workload) -> bool:
    """Whether no user's device can hold the model."""
    model = moves.catalog.models.get(workload.model)
    return model is not None and model.openness != "open"


def _load(moves: Moves, columns: Columns, machines: Variants, loads: Variants) -> None:
    """Requests by year, and a measured busy share in step with them."""
    moved_on = later(moves.view, moves.workload)
    requests = [requests_per_year(moves.view, w, moves.draws) for w in loads.workloads]
    if moved_on is not None:
        requests = [asked_later(w, asked, moved_on) for w, asked in zip(loads.workloads, requests, strict=True)]
    columns["requests"] = factored(requests, loads.rows, moves.shape)
    if moves.workload.busy_share is None:
        return
    since = [since_measured(w, asked) for w, asked in zip(loads.workloads, requests, strict=True)]
    measured = machines.each(lambda w: w.busy_share or 0.0)
    pairs = [np.minimum(one * by_year, 1.0) for one in measured.values[:, 0, 0] for by_year in since]
    pairs = pairs if moved_on is None else [busy_later(one, moved_on) for one in pairs]
    columns["busy_share"] = factored(pairs, measured.rows * len(since) + loads.rows, moves.shape)


def _beside(moves: Moves, sets: Sets, machines: Variants) -> tuple[Columns, list[Workload], list[str]]:
    """What decides beside the kernel's columns: memory, what was given or measured, devices, hours, accelerators."""
    hardware = list(dict.fromkeys(w.hardware for w in machines.workloads))
    found = {
        "memory_gb": machines.each(lambda w: _memory_gb(moves, w)),
        "given": machines.each(lambda w: w.accelerators is not None),
        "at_once": machines.each(lambda w: w.batch is not None),
        "busy_share": machines.each(lambda w: np.nan if w.busy_share is None else w.busy_share),
        "hardware": machines.each(lambda w: hardware.index(w.hardware)),
        "sold_share": moves.sold_share(sets),
    }
    if not moves.hours:
        return found, [], hardware
    hours = moves.variants(sets, HOURS | moves.machine)  # a change of the machine clears what was measured on it
    settings = [tuple(getattr(w, name) for name in sorted(HOURS)) if shifts(w) else () for w in hours.workloads]
    places = {setting: place for place, setting in reversed(list(enumerate(settings)))}
    numbers = [float(places[setting]) if setting else -1.0 for setting in settings]
    found["hours"] = factored(numbers, hours.rows, (1, 1))
    return found, hours.workloads, hardware


def _memory_gb(moves: Moves, workload: Workload) -> float:
    if workload.hardware and workload.hardware not in moves.catalog.hardware:
        return np.nan
    hardware, picked = fleet(moves.catalog, workload, moves.drawing)
    return hardware[int(picked[0])].memory_gb
