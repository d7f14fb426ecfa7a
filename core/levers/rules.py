"""Which lever acts on which workload, and which cannot stand together: every refusal is a sentence with its rule."""

from __future__ import annotations

from collections.abc import Container
from itertools import combinations

from core.catalog import Catalog
from core.plan import Plan, Workload
from core.plan.knob import plain
from core.plan.lever import Lever

TRAINING = ("fine_tuning", "pre_training")
RUN = ("own", "colocation", "cloud")
OWN = ("own", "colocation")
# Why two levers of one group exclude each other.
RULES = {
    "weights": "a model's weights have one number format",
    "model": "a workload answers with one model; a share of traffic for another is “Easy requests to a smaller model”",
    "hardware": "a workload runs on one kind of accelerator",
    "adapter": "a run trains one kind of adapter",
    "region": "a workload runs in one region",
    "lifetime": "hardware has one life",
    "certificates": "a megawatt-hour is claimed once",
}


def meant(lever: Lever, workload: Workload) -> bool:
    """Whether the lever is said to act on the workload: named, or named none."""
    return not lever.workloads or workload.id in lever.workloads


def why_not(catalog: Catalog, lever: Lever, workload: Workload) -> str:
    """Which requirement of the lever the workload fails, in one sentence; empty when none."""
    kind = catalog.levers[lever.key]
    if not _stage(kind.stage, workload):
        return f"{kind.name} is for {_STAGES[kind.stage]}; {workload.name} is not"
    if kind.hosting == "run" and workload.hosting not in RUN:
        return f"{kind.name} is the provider's to do; {workload.name} is bought as a service"
    if kind.hosting == "own" and workload.hosting not in OWN:
        return f"{kind.name} needs servers of one's own; {workload.name} runs on a provider's"
    return _choice(catalog, lever, workload) or _threshold(catalog, lever, workload)


_STAGES = {
    "inference": "workloads that answer requests",
    "training": "training runs",
    "fine_tuning": "fine-tuning",
    "pre_training": "pre-training",
    "both": "every workload",
}


def _stage(stage: str, workload: Workload) -> bool:
    wanted = {"both": (*TRAINING, "inference"), "training": TRAINING}.get(stage, (stage,))
    return workload.kind in wanted


def _choice(catalog: Catalog, lever: Lever, workload: Workload) -> str:
    kind = catalog.levers[lever.key]
    if kind.choice == "model" and lever.choice not in catalog.models:
        return f"choice of '{kind.name}' is '{lever.choice}'; no model of the catalog has that id"
    if kind.choice == "hardware" and lever.choice not in catalog.hardware:
        return f"choice of '{kind.name}' is '{lever.choice}'; no accelerator of the catalog has that id"
    if kind.choice == "region" and not any(lever.choice in known for known in _places(catalog)):
        return f"choice of '{kind.name}' is '{lever.choice}'; no grid, cloud region or site of the catalog has that id"
    if kind.choice == "model" and workload.hosting != "api" and catalog.models[lever.choice].openness != "open":
        return f"{catalog.models[lever.choice].name} is sold as a service only; {workload.name} runs its own weights"
    if lever.key == "moe_vs_dense" and not catalog.models[lever.choice].is_moe:
        return f"{catalog.models[lever.choice].name} is no mixture of experts"
    return ""


def _places(catalog: Catalog) -> tuple[Container[str], ...]:
    return catalog.regions, catalog.cloud_regions, catalog.premises


def _threshold(catalog: Catalog, lever: Lever, workload: Workload) -> str:
    mine = [one for one in catalog.lever_thresholds if one.lever == lever.key and workload.model.startswith(one.models)]
    if not mine or lever.amount() <= mine[0].most:
        return ""
    kind, family = catalog.levers[lever.key], mine[0].models or "other models"
    return (
        f"value of '{kind.name}' is {plain(lever.amount())}; for {family} scores collapse beyond {plain(mine[0].most)}"
    )


def acting(catalog: Catalog, plan: Plan, workload: Workload) -> tuple[Lever, ...]:
    """The levers that act on a workload, in the order of composition; the order of clicks plays no part."""
    found = [
        lever
        for lever in plan.levers
        if lever.share > 0 and meant(lever, workload) and not why_not(catalog, lever, workload)
    ]
    kept = [lever for lever in found if not _refused(catalog, lever, found)]
    return tuple(sorted(kept, key=lambda lever: (catalog.levers[lever.key].order, lever.id)))


def _refused(catalog: Catalog, lever: Lever, others: list[Lever]) -> bool:
    """Whether a lever contradicts another one: then neither acts, whichever was clicked first."""
    return any(_clash(catalog, lever, other) for other in others if other.id != lever.id)


def _clash(catalog: Catalog, one: Lever, other: Lever) -> bool:
    group = catalog.levers[one.key].group
    return bool(group) and group == catalog.levers[other.key].group


def conflicts(catalog: Catalog, plan: Plan) -> list[str]:
    """A sentence for each pair of levers that exclude each other somewhere, and for each that no workload can take."""
    found: list[str] = []
    for one, other in combinations(sorted(plan.levers, key=lambda lever: lever.id), 2):
        shared = [w.name for w in plan.workloads if _both(catalog, one, other, w)]
        if shared and _clash(catalog, one, other):
            names = " and ".join(f"“{catalog.levers[lever.key].name}”" for lever in (one, other))
            rule = RULES[catalog.levers[one.key].group]
            found.append(f"{names} exclude each other on {', '.join(shared)}: {rule}. Neither acts there.")
    for lever in plan.levers:
        reasons = [why_not(catalog, lever, w) for w in plan.workloads if meant(lever, w)]
        if reasons and all(reasons):
            found.append(f"“{catalog.levers[lever.key].name}” acts on no workload: {reasons[0]}.")
    return found


def _both(catalog: Catalog, one: Lever, other: Lever, workload: Workload) -> bool:
    return all(meant(lever, workload) and not why_not(catalog, lever, workload) for lever in (one, other))
