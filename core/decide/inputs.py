"""The uncertain inputs of a plan in words: what each is, its values at both ends, where from, and what would narrow it.

Words are those of the factors that stand beside every figure; `inputs.csv` says which factor of the draws is which.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from core.catalog import Catalog
from core.plan import Plan, Workload, knobs
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.columns import fleet
from core.results.drawing import Drawing
from core.results.draws import P90_SCORE
from core.results.factor import Factor
from core.results.factors import factors
from core.results.figures import NOT_IN_FIGURES, figures
from core.results.sample import Noted, Sample
from core.results.site import find_region

MOST_KEPT = 4
FILE = Path(__file__).with_name("inputs.csv")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is told of the factors of one kind, from `inputs.csv`: the told factor, a title, what narrows it."""

    factor: str
    told: str
    title: str
    narrow: str
    page: str


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain input. `low`, `central`, `high` are its P10, central value and P90; texts where it is a choice."""

    factor: str
    title: str
    low: float | str
    central: float | str
    high: float | str
    unit: str
    status: str
    source: str
    narrow: str
    page: str


@cache
def kinds() -> tuple[Kind, ...]:
    """Every kind; of two that fit a factor, the longer name is meant."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [Kind(**row) for row in csv.DictReader(file)]
    return tuple(sorted(rows, key=lambda kind: -len(kind.factor)))


def kind_of(factor: str) -> Kind | None:
    """The kind of a factor by its name; None where the file does not know it. What is bought nobody can meter."""
    bought = factor.startswith("inference:") and factor.endswith(":api")
    factor = "inference:api" if bought else factor
    return next((one for one in kinds() if factor == one.factor or factor.startswith(f"{one.factor}:")), None)


def asked_by(plan: Plan) -> dict[str, Workload]:
    """The first workload that asks for each factor, the plan's levers in use."""
    inner = plan.model_copy(update=NOT_IN_FIGURES)
    found: dict[str, Workload] = {}
    for one in (plan, plan.as_usual()):
        for workload in plan.workloads:
            noted = Noted()
            figures(one, inner, workload, noted)
            found |= {factor: workload for factor in noted.asked if factor not in found}
    return found


@lru_cache(maxsize=MOST_KEPT)
def _told(plan: Plan) -> tuple[dict[str, Workload], dict[str, list[Factor]]]:
    """The workload that asks for each factor, and what is told of each workload."""
    return asked_by(plan), {workload.id: factors(plan, workload) for workload in plan.workloads}


def inputs(plan: Plan, names: tuple[str, ...]) -> dict[str, Input]:
    """The inputs behind factors of the draws, by the factor's name."""
    catalog, (asked, told) = catalog_of(plan), _told(plan)
    found = {}
    for name in names:
        workload = asked.get(name)
        if workload is not None:
            found[name] = _input(catalog, plan, name, workload, told[workload.id])
    return found


def _input(catalog: Catalog, plan: Plan, name: str, workload: Workload, told: list[Factor]) -> Input:
    kind = kind_of(name)
    if kind is None:
        return Input(name, name, "P10", "middle", "P90", "", "", "", "", "plan")
    if name == "api:hardware":
        ends = _machines(catalog, plan, workload)
        return Input(name, kind.title, *ends, "", "assumption", _fleet_sources(catalog), kind.narrow, kind.page)
    factor = next(_of_kind(kind, name, catalog, told), None)
    title = kind.title.format(**_words(catalog, name, workload)) if kind.title else factor.name if factor else name
    if factor is None:
        return Input(name, title, "P10", "middle", "P90", "", "", "", kind.narrow, kind.page)
    low, high = (factor.value if end is None else end for end in (factor.low, factor.high))
    unit = "share" if not factor.unit and factor.name.startswith("Share") else factor.unit
    return Input(name, title, low, factor.value, high, unit, factor.status, factor.source, kind.narrow, kind.page)


def _of_kind(kind: Kind, name: str, catalog: Catalog, told: list[Factor]) -> Iterator[Factor]:
    """The factors that are told under a kind's name, of the device or lever that the factor names."""
    last = name.rpartition(":")[2]
    device = catalog.hardware.get(last)
    for factor in told:
        if not fnmatchcase(factor.name, kind.told):
            continue
        if kind.factor in ("idle", "embodied") and device is not None and not factor.name.startswith(f"{device.name}:"):
            continue
        if kind.factor == "lever" and not _is_of_lever(catalog, name, factor):
            continue
        yield factor


def _is_of_lever(catalog: Catalog, name: str, factor: Factor) -> bool:
    """Whether a told factor is the lever's parameter, or the thing it takes, that a factor of the draws names."""
    _, key, what = name.split(":")
    parts = {one.parameter: one.label for one in catalog.lever_parameters.get(key, ())}
    label = parts.get(what) or (knobs(Lever)[what].label if what in knobs(Lever) else "")
    return bool(label) and factor.name == f"Lever: {catalog.levers[key].name}, {label[:1].lower()}{label[1:]}"


def _words(catalog: Catalog, name: str, workload: Workload) -> dict[str, str]:
    """What stands in a title: the workload, its model, machine and place as they are called."""
    parts = name.split(":")
    model = catalog.models.get(parts[1]) if len(parts) > 1 else None
    device = catalog.hardware.get(parts[-1])
    place = parts[1] if parts[0] in ("water",) else workload.region
    region, cloud = find_region(catalog, place)
    where = cloud.location if cloud else region.name if region else place
    return {
        "workload": workload.name,
        "model": model.name if model else workload.model,
        "device": device.name if device else "the provider's machines",
        "place": where,
    }


def _machines(catalog: Catalog, plan: Plan, workload: Workload) -> tuple[str, str, str]:
    """The accelerators that a bought service takes at both ends of that score, and in the central case."""
    sample = Sample(("api:hardware",), np.array([[-P90_SCORE, P90_SCORE]]))
    hardware, picked = fleet(catalog, workload, Drawing(plan, sample))
    central, low, high = (hardware[int(place)].name for place in picked)
    return low, central, high


def _fleet_sources(catalog: Catalog) -> str:
    return ";".join(dict.fromkeys(key for share in catalog.provider_fleet for key in share.source.split(";")))
