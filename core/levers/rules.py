"""Which lever acts on which workload, and which cannot stand together: every refusal is a sentence with its rule."""

from __future__ import annotations

from collections.abc import Container, Iterable
from itertools import combinations

from core.catalog import Catalog, LeverKind, Model
from core.plan import Plan, Workload
from core.plan.knob import plain
from core.plan.lever import Lever
from core.plan.own import PREFIX

SIXTEEN_BIT = ("bf16", "fp16")
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

# Levers that are several others at once: they never stand beside one of their parts.
BUNDLES = {"consolidation": ("pue", "utilisation", "newer_gpu")}

# Pairs of levers that contradict each other although they share no group, and why.
PAIRS = {
    frozenset({"lifetime", "newer_gpu"}): "hardware that stays longer is not replaced",
    frozenset(
        {"power_cap_inference", "newer_gpu"}
    ): "time and power under the limit are measured on today's accelerator",
    frozenset(
        {"power_cap_inference", "cpu_inference"}
    ): "time and power under the limit are measured on an accelerator",
    frozenset(
        {"power_cap_inference", "special_hw"}
    ): "time and power under the limit are measured on today's accelerator",
    frozenset(
        {"power_cap_training", "newer_gpu"}
    ): "time and power under the limit are measured on today's accelerator",
    frozenset(
        {"power_cap_training", "special_hw"}
    ): "time and power under the limit are measured on today's accelerator",
    frozenset({"mod", "moe_vs_dense"}): "mixture of depths with experts is another model, and nobody has measured it",
    frozenset(
        {"on_device", "power_cap_inference"}
    ): "time and power under the limit are measured on an accelerator of a server",
    frozenset({"consolidation", "cpu_inference"}): "a workload runs on one kind of accelerator",
    frozenset({"consolidation", "special_hw"}): "a workload runs on one kind of accelerator",
    frozenset({"consolidation", "lifetime"}): "hardware that stays longer is not replaced",
    frozenset(
        {"consolidation", "power_cap_inference"}
    ): "time and power under the limit are measured on today's accelerator",
    frozenset(
        {"consolidation", "power_cap_training"}
    ): "time and power under the limit are measured on today's accelerator",
    frozenset({"qlora", "mixed_precision"}): "weights of 4 bit are unpacked to 16 bit, not to 8",
    frozenset({"incremental", "transfer"}): "a run starts from one model: it updates it or adapts it",
    frozenset({"nas", "layer_prune"}): "the search has already removed what can be spared",
    frozenset({"matmul_free", "kv_fp8"}): "a model without attention keeps no cache",
    frozenset(
        {"power_cap_training", "batch_opt_training"}
    ): "batch and power limit are chosen together, and the limit with them",
    frozenset(
        {"batch_opt_training", "newer_gpu"}
    ): "time and power at the chosen batch are measured on today's accelerator",
    frozenset(
        {"batch_opt_training", "special_hw"}
    ): "time and power at the chosen batch are measured on today's accelerator",
}
TRAINED_SO = ("bitnet", "mod", "mode", "matmul_free")  # only models trained this way can take them
ANOTHER_MODEL = "only a model that was trained so can take the one, and the other changes the model"
DENSE = ("mod", "matmul_free", "nas")
SPARSE = ("A100", "H100")  # generations of NVIDIA's whose arithmetic skips two of four weights


def meant(lever: Lever, workload: Workload) -> bool:
    """Whether the lever is said to act on the workload: named, or named none."""
    return not lever.workloads or workload.id in lever.workloads


def why_not(catalog: Catalog, lever: Lever, workload: Workload) -> str:
    """Which requirement of the lever the workload fails, in one sentence; empty when none."""
    kind = catalog.levers[lever.key]
    if not _stage(kind.stage, workload):
        return f"{kind.name} is for {_STAGES[kind.stage]}; {workload.name} is not"
    if not _hosted(kind, workload) and kind.hosting == "run":
        return f"{kind.name} is the provider's to do; {workload.name} is bought as a service"
    if not _hosted(kind, workload):
        return f"{kind.name} needs servers of one's own; {workload.name} runs on a provider's"
    return (
        _choice(catalog, lever, workload)
        or _threshold(catalog, lever, workload)
        or _trained(catalog, kind, workload)
        or _device(catalog, kind, workload)
        or _sun(catalog, kind, workload)
        or _waits(kind, workload)
        or _pocket(catalog, lever, workload)
    )


def why_none(catalog: Catalog, lever: Lever, workloads: Iterable[Workload]) -> str:
    """Why none of the workloads can take the lever, told of the one that comes nearest to it; empty where one can."""
    kind, asked = catalog.levers[lever.key], list(workloads)
    reasons = [why_not(catalog, lever, workload) for workload in asked]
    if not all(reasons) or not asked:
        return ""
    return min(
        zip(asked, reasons, strict=True), key=lambda one: (not _stage(kind.stage, one[0]), not _hosted(kind, one[0]))
    )[1]


def _hosted(kind: LeverKind, workload: Workload) -> bool:
    return workload.hosting in {"run": RUN, "own": OWN}.get(kind.hosting, (workload.hosting,))


def _waits(kind: LeverKind, workload: Workload) -> str:
    if kind.id != "temporal_shift" or workload.deferrable_h >= 1:
        return ""
    return f"{kind.name} needs work that can wait an hour or more; {workload.name} runs as it comes"


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


def _trained(catalog: Catalog, kind: LeverKind, workload: Workload) -> str:
    """Levers that are a property of the model's training: a scenario for a model of one's own, no other."""
    model = catalog.models.get(workload.model)
    if model is None:
        return ""
    if kind.id not in TRAINED_SO:
        return _experts(kind, model)
    if not workload.model.startswith(PREFIX):
        return f"{kind.name} needs a model trained that way, entered under Own data; {model.name} was not"
    return _experts(kind, model)


def _experts(kind: LeverKind, model: Model) -> str:
    """Levers for dense models alone, and one for models with experts alone."""
    if kind.id in DENSE and model.is_moe:
        return f"{kind.name} is for dense models here; {model.name} has experts"
    if kind.id == "mode" and not model.is_moe:
        return f"{kind.name} is for models with experts; {model.name} is dense"
    return ""


def _device(catalog: Catalog, kind: LeverKind, workload: Workload) -> str:
    """Levers known on some accelerators alone."""
    device = catalog.hardware.get(workload.hardware)
    known = [one.hardware for one in catalog.lever_parameters.get(kind.id, ())]
    if known and all(known) and workload.hardware not in known:
        names = ", ".join(dict.fromkeys(catalog.hardware[key].name for key in known))
        on = device.name if device else "an accelerator it does not name"
        return f"{kind.name} is measured on {names} alone; {workload.name} runs on {on}"
    if kind.id == "mixed_precision" and device and "fp8" not in device.peak_tflops:
        return f"{kind.name} needs arithmetic in FP8; {workload.name} runs on {device.name}, which has none"
    if kind.id == "sparsity_2_4" and device and not (device.vendor == "NVIDIA" and device.generation in SPARSE):
        return f"{kind.name} needs NVIDIA's Ampere or newer; {workload.name} runs on {device.name}"
    if kind.id == "sparsity_2_4" and workload.precision not in SIXTEEN_BIT:
        return f"{kind.name} is for 16-bit weights; those of {workload.name} are {workload.precision}"
    return ""


def _pocket(catalog: Catalog, lever: Lever, workload: Workload) -> str:
    """Only machines that people use can stand for a user's device."""
    kind, device = catalog.levers[lever.key], catalog.hardware.get(lever.choice)
    if kind.id == "on_device" and device is not None and device.kind != "laptop":
        return f"choice of '{kind.name}' is {device.name}; it must be a computer that people use"
    return ""


def _sun(catalog: Catalog, kind: LeverKind, workload: Workload) -> str:
    """Panels need to know how high the sun stands."""
    if kind.id != "onsite_re":
        return ""
    premises, cloud = catalog.premises.get(workload.region), catalog.cloud_regions.get(workload.region)
    key = premises.region_id if premises else cloud.region_id if cloud else workload.region
    region = catalog.regions.get(key)
    if region is None or region.latitude is not None:
        return ""
    return f"{kind.name} needs a place of known latitude; {workload.name} is in {region.name}"


def acting(catalog: Catalog, plan: Plan, workload: Workload) -> tuple[Lever, ...]:
    """The levers that act on a workload, in the order of composition; the order of clicks plays no part.

    One without a rebound of its own takes the plan's.
    """
    found = [
        lever
        for lever in plan.levers
        if lever.share > 0
        and not catalog.levers[lever.key].outside
        and meant(lever, workload)
        and not why_not(catalog, lever, workload)
    ]
    kept = [lever for lever in found if not _refused(catalog, lever, found)]
    return in_order(catalog, [with_rebound(plan, lever) for lever in kept])


def with_rebound(plan: Plan, lever: Lever) -> Lever:
    """A lever with the plan's rebound, where it has none of its own."""
    if lever.elasticity is not None or not plan.rebound_elasticity:
        return lever
    return lever.model_copy(update={"elasticity": plan.rebound_elasticity})


def in_order(catalog: Catalog, levers: Iterable[Lever]) -> tuple[Lever, ...]:
    """Levers in the order of composition, whatever the order of clicks."""
    return tuple(sorted(levers, key=lambda lever: (catalog.levers[lever.key].order, lever.id)))


def _refused(catalog: Catalog, lever: Lever, others: list[Lever]) -> bool:
    """Whether a lever contradicts another one: then neither acts, whichever was clicked first."""
    return any(_clash(catalog, lever, other) for other in others if other.id != lever.id)


def _clash(catalog: Catalog, one: Lever, other: Lever) -> bool:
    return bool(rule(catalog, one, other))


def rule(catalog: Catalog, one: Lever, other: Lever) -> str:
    """Why two levers exclude each other; empty when they do not."""
    group = catalog.levers[one.key].group
    if group and group == catalog.levers[other.key].group:
        return RULES[group]
    for bundle, part in ((one, other), (other, one)):
        if part.key in BUNDLES.get(bundle.key, ()):
            bundled, single = (catalog.levers[lever.key].name for lever in (bundle, part))
            return f"“{bundled}” is several levers at once and holds “{single}” already"
    pair = frozenset({one.key, other.key})
    swapped = any(catalog.levers[key].choice == "model" for key in pair)
    return PAIRS.get(pair) or (ANOTHER_MODEL if swapped and pair & frozenset(TRAINED_SO) else "")


def conflicts(catalog: Catalog, plan: Plan) -> list[str]:
    """A sentence for each pair of levers that exclude each other somewhere, and for each that no workload can take."""
    found: list[str] = []
    for one, other in combinations(sorted(plan.levers, key=lambda lever: lever.id), 2):
        shared = [w.name for w in plan.workloads if _both(catalog, one, other, w)]
        if shared and _clash(catalog, one, other):
            names = " and ".join(f"“{catalog.levers[lever.key].name}”" for lever in (one, other))
            why = rule(catalog, one, other)
            found.append(f"{names} exclude each other on {', '.join(shared)}: {why}. Neither acts there.")
    for lever in plan.levers:
        reason = why_none(catalog, lever, [w for w in plan.workloads if meant(lever, w)])
        if reason:
            found.append(f"“{catalog.levers[lever.key].name}” acts on no workload: {reason}.")
    return found


def _both(catalog: Catalog, one: Lever, other: Lever, workload: Workload) -> bool:
    return all(meant(lever, workload) and not why_not(catalog, lever, workload) for lever in (one, other))
