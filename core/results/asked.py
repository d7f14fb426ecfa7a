"""What is asked of the measurements: a workload's setting, in what measurements differ by."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog import Catalog
from core.plan import Workload
from core.results.columns import candidates
from core.results.nearness import kind_of, number

SIXTEEN_BIT = frozenset({"bf16", "fp16"})


@dataclass(frozen=True, slots=True)
class Device:
    """What is asked of an accelerator: its name, its maker, its kind, and how fast it reads its memory."""

    id: str
    name: str
    vendor: str
    kind: str
    bandwidth_gb_s: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A workload's setting, in what measurements differ by. Several devices: the provider names none."""

    model: str
    name: str
    disclosed: bool
    kind: str
    params_active_b: float
    params_total_b: float
    precision: str
    devices: tuple[Device, ...]
    named: bool
    serving: str
    batch: float
    shown: str  # where it is not blank, it stands in sentences for the number of requests at a time
    accelerators: float
    input_tokens: float
    output_tokens: float

    @property
    def here(self) -> str:
        """The requests at a time as sentences print them."""
        return self.shown or number(self.batch)

    def formats(self) -> frozenset[str]:
        """Number formats that count as the same: the two of 16 bits do."""
        return SIXTEEN_BIT if self.precision in SIXTEEN_BIT else frozenset({self.precision})


def asked(catalog: Catalog, workload: Workload, batch: float, accelerators: float, shown: str = "") -> Asked:
    """The setting of a workload that has figures."""
    model = catalog.models[workload.model]
    keys = [workload.hardware] if workload.hardware else [c.hardware_id for c in candidates(catalog, workload)]
    devices = [catalog.hardware[key] for key in keys]
    return Asked(
        model=model.id,
        name=model.name,
        disclosed=model.disclosed,
        kind=kind_of(model, workload.precision),
        params_active_b=model.params_active_b or 0.0,
        params_total_b=model.params_total_b,
        precision=workload.precision,
        devices=tuple(Device(d.id, d.name, d.vendor, d.kind, d.bandwidth_gb_s) for d in devices),
        named=bool(workload.hardware),
        serving=workload.serving,
        batch=batch,
        shown=shown,
        accelerators=accelerators,
        input_tokens=workload.input_tokens,
        output_tokens=workload.output_tokens,
    )
