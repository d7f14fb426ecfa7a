"""What must move along when a field changes, so that the plan never holds a value that no longer means anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from core.catalog import Catalog
from core.plan.workload import OWN_HARDWARE, Precision, Workload

PRECISIONS = get_args(Precision)
# A measured busy share belongs to the model, format, machines and software it was measured on.
MEASURED_WITH = ("model", "precision", "hardware", "accelerators", "batch", "serving", "parallel", "kind")


def usual_precision(catalog: Catalog, fields: Mapping[str, Any]) -> str:
    """The number format a model is usually served in: its native one where the accelerator computes in it, else bf16.

    What providers do is undisclosed; 8 bit is assumed for models whose size is not published.
    """
    model, device = catalog.models.get(fields["model"]), catalog.hardware.get(fields["hardware"])
    if model is None or fields["kind"] != "inference":
        return "bf16"
    native = model.native_precision if model.disclosed else "fp8"
    if native not in PRECISIONS or native in ("fp32", "fp16"):
        return "bf16"
    weight_only = catalog.precisions[native].weight_only
    return native if weight_only or device is None or native in device.supports else "bf16"


def _fields(workload: Workload) -> dict[str, Any]:
    return {name: getattr(workload, name) for name in ("model", "hardware", "kind")}


def follow(catalog: Catalog, workload: Workload, changes: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The changes with what they drag along, and a sentence for each thing that moved by itself."""
    moved: dict[str, Any] = {}
    said: list[str] = []
    growth = changes.get("growth_central_pct")
    if isinstance(growth, int | float):
        moved["growth_low_pct"] = min(workload.growth_low_pct, growth)
        moved["growth_high_pct"] = max(workload.growth_high_pct, growth)
    if changes.get("hosting", "api") != "api" and not workload.hardware and "hardware" not in changes:
        moved["hardware"] = OWN_HARDWARE
        said.append(
            f"{workload.name}: its accelerator was the provider's; it is now {moved['hardware']}. Choose yours."
        )
    number_format = usual_precision(catalog, {**_fields(workload), **moved, **changes})
    asked = ("model" in changes or changes.get("hosting") == "api") and "precision" not in changes
    if asked and number_format != workload.precision:
        moved["precision"] = number_format
        said.append(f"{workload.name}: weights are now {number_format}, as this model is usually served.")
    if changes.get("hosting") == "api" and workload.hosting != "api" and "hardware" not in changes:
        moved |= {"hardware": "", "installed_accelerators": None, "busy_share": None}
        said.append(f"{workload.name}: its accelerators are now the provider's, a range.")
    elif workload.busy_share is not None and any(changes.get(n, v := getattr(workload, n)) != v for n in MEASURED_WITH):
        moved["busy_share"] = None
        said.append(
            f"{workload.name}: the busy share of {workload.busy_share:.0%} was measured before this change, "
            "so it is now worked out from the load."
        )
    return {**moved, **changes}, said
