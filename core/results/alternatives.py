"""One case on many models, accelerators and places at once: central figures of a request, or of a training run.

Held as in the case: requests, tokens, hours, peak, hosting and software. Worked out anew in every cell: the number
format, the fleet, and what goes with the place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.catalog import Catalog, Hardware, Model
from core.plan import Plan, Workload
from core.plan.follow import usual_precision
from core.plan.own_catalog import catalog_of
from core.results.arithmetic import arithmetic_of
from core.results.cube import COMPUTED, FREED, NO_REQUESTS, REASONS, Cube, computed
from core.results.draws import Floats
from core.results.estimate import alone
from core.results.figures import of
from core.results.nearest import nearest
from core.results.nearest_run import nearest_run
from core.results.nearness import Nearness


@dataclass(frozen=True, slots=True)
class Alternatives:
    """Figures of one request or run, (models, devices, regions); NaN where there is none, and `why` says why not.

    A cost may be NaN by itself: nobody said a price. Time and accelerators are those of answering; NaN in training.
    """

    plan: Plan
    models: tuple[str, ...]
    devices: tuple[str, ...]
    regions: tuple[str, ...]
    precisions: tuple[tuple[str, ...], ...]  # by model and device
    figures: Mapping[str, Floats]
    why: npt.NDArray[np.int64]  # a code of `REASONS`, 0 where there is a figure

    def carbon_kg(self) -> Floats:
        """Carbon by location, with the making of the hardware where the plan counts it."""
        operation = self.figures["carbon_location_kg"]
        return operation + self.figures["carbon_embodied_kg"] if self.plan.boundary == "with_hardware" else operation

    def workload(self, model: int, device: int, region: int) -> Workload:
        """The workload that a cell stands for."""
        places = {"model": self.models[model], "hardware": self.devices[device], "region": self.regions[region]}
        return self.plan.case.but(**places, precision=self.precisions[model][device], **FREED)

    def near(self, model: int, device: int, region: int) -> Nearness | None:
        """How near the nearest measurement is to a cell; None where it has no figure."""
        if self.why[model, device, region] != COMPUTED:
            return None
        catalog, workload = catalog_of(self.plan), self.workload(model, device, region)
        if workload.kind != "inference":
            return nearest_run(catalog, workload)
        batch, accelerators = (float(self.figures[name][model, device, region]) for name in ("batch", "accelerators"))
        return nearest(catalog, workload, batch, accelerators)

    def reason(self, model: int, device: int, region: int) -> str:
        """Why a cell has no figure, in the words of the one road; empty when it has."""
        code = int(self.why[model, device, region])
        if code in (COMPUTED, NO_REQUESTS):
            return REASONS.get(code, "")
        found = of(alone(self.plan, self.workload(model, device, region)), draws=0)
        return found.refused.get(self.plan.case.id, REASONS[code])


def alternatives(plan: Plan, models: Sequence[str], devices: Sequence[str], regions: Sequence[str]) -> Alternatives:
    """The plan's case on all these models and accelerators of the catalog, in all these places."""
    catalog = catalog_of(plan)
    found = [catalog.models[key] for key in models]
    machines = [catalog.hardware[key] for key in devices]
    formats = tuple(tuple(precision(catalog, plan.case, m, h) for h in machines) for m in found)
    cube = Cube(catalog, alone(plan), plan.case, found, machines, tuple(regions), formats)
    figures, why = computed(cube)
    return Alternatives(plan, tuple(models), tuple(devices), tuple(regions), formats, figures, why)


def precision(catalog: Catalog, case: Workload, model: Model, device: Hardware) -> str:
    """The case's own number format for its own model where the device computes in it, else the model's usual one."""
    if model.id == case.model and arithmetic_of(catalog, case.precision, device):
        return case.precision
    fields: dict[str, Any] = {"model": model.id, "hardware": device.id, "kind": case.kind}
    return usual_precision(catalog, fields)
