"""Whether accelerators hold a training run: what it keeps, the fewest that hold it, and a sentence where they are few.

Every parameter is trained, unless a lever trains a few added ones. Levers of a share of the runs leave the memory as
it is: the others must fit too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, isfinite

import numpy as np

from core import engine
from core.catalog import Catalog, Hardware
from core.engine import TrainingMemoryColumns
from core.levers import Change, OutOfBoundsError, acting, moved, served
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.columns import model_fields, sequence_tokens, stack, training_device
from core.results.drawing import Drawing, Fields
from core.results.draws import DRAWS, Floats
from core.results.site import assumed
from core.units import BYTES_PER_GB

EVERY, ADAPTERS = "training every parameter", "training a few added parameters"
SET_STATE = ("state_byte_per_param", "set")  # what levers that freeze the model do


@dataclass(frozen=True, slots=True)
class TrainingFit:
    """What a run keeps in memory, each (1 + draws,): the whole run's state, then what each accelerator holds.

    `accelerators` are the fewest that hold it; NaN where no number does. `usable_byte` is what one has room for.
    """

    workload: Workload
    device: Hardware
    usable_byte: float
    state_byte: Floats
    activation_byte: Floats
    accelerators: Floats
    each_byte: Floats
    trains: str

    @property
    def short(self) -> str:
        """Why the run does not fit, central case, in one sentence; empty when it does."""
        installed = self.workload.installed_accelerators
        activation_gb = float(self.activation_byte[0]) / BYTES_PER_GB
        of_each = (
            f"of {self.device.name}'s {self.device.memory_gb:,.0f} GB {self.usable_byte / BYTES_PER_GB:,.0f} are free"
        )
        if not isfinite(self.accelerators[0]):
            return (
                f"{activation_gb:,.0f} GB must fit on each accelerator and {of_each}; no number of them holds the run"
            )
        if not installed or float(self.each_byte[0]) <= self.usable_byte:
            return ""
        least = ceil(float(self.state_byte[0]) / (self.usable_byte - float(self.activation_byte[0])))
        return (
            f"installed_accelerators is {installed}; {self.trains} keeps "
            f"{float(self.state_byte[0]) / BYTES_PER_GB:,.0f} GB in all and {activation_gb:,.0f} GB more on each "
            f"accelerator, and {of_each}; it must be at least {least}"
        )


def training_fit(plan: Plan, workload: Workload, draws: int = DRAWS) -> TrainingFit:
    """What one training run keeps in memory in the headline's year, and the fewest accelerators that hold it."""
    catalog, drawing = catalog_of(plan), Drawing(plan, draws)
    found = [_fit(catalog, part, changes, drawing) for part, changes in _parts(catalog, plan, workload)]
    return max(found, key=lambda one: float(np.nan_to_num(one.accelerators[0], nan=np.inf)))


def _parts(catalog: Catalog, plan: Plan, workload: Workload) -> list[tuple[Workload, tuple[Change, ...]]]:
    """The workload as its levers change it, part by part of its runs, and what they change of its memory."""
    levers = acting(catalog, plan, workload)
    if not levers or catalog.models.get(workload.model) is None:
        return [(workload, ())]
    try:
        parts = served(catalog, plan, workload, levers)
    except OutOfBoundsError:  # the workload has no figures and says so
        return [(workload, ())]
    year = plan.shown_year()
    return [(part.workload, part.changes) for part in parts if part.first_year <= year <= part.last_year]


def _fit(catalog: Catalog, workload: Workload, changes: tuple[Change, ...], drawing: Drawing) -> TrainingFit:
    draws = drawing.draws
    mine = [change for change in changes if change.part == "memory" and change.share == 1.0]
    fields = memory_fields(catalog, workload, drawing)
    for change in mine:
        old = fields[change.column]
        fields[change.column] = moved(change.operation, old, drawing.amount(change))
    trains = ADAPTERS if any((c.column, c.operation) == SET_STATE for c in mine) else EVERY
    found = engine.training_memory(stack(TrainingMemoryColumns, [fields], 1, draws))
    usable_byte = float(fields["memory_byte"]) * (1.0 - float(fields["memory_reserve_share"]))
    return TrainingFit(workload, training_device(catalog, workload), usable_byte, *found, trains)


def memory_fields(catalog: Catalog, workload: Workload, drawing: Drawing) -> Fields:
    """Every column of one run's memory."""
    model, device = model_fields(catalog.models[workload.model], drawing), training_device(catalog, workload)
    facts = catalog.assumptions
    return {name: model[name] for name in ("params_total", "params_active", "layers", "d_model")} | {
        "state_byte_per_param": drawing.of(assumed(facts["training_state_byte_per_param"], "training:state")),
        "sequence_tokens": sequence_tokens(catalog, drawing),
        "micro_batch": drawing.of(assumed(facts["training_micro_batch"], "training:micro_batch")),
        "memory_byte": device.memory_gb * BYTES_PER_GB,
        "memory_reserve_share": facts["memory_reserve_share"].central,
        "accelerators_per_server": float(device.accelerators_per_server),
        "installed": float(workload.installed_accelerators or 0),
    }
