"""Which models, accelerators and places an estimate is compared with, unless somebody chooses others.

A choice of ours: in wide use, of every size, from several makers; no ranking. The places are grids on a life-cycle
basis, so that they can be ranked together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from core.catalog import Catalog
from core.plan import Plan, Workload

MOST_MODELS, MOST_DEVICES, MOST_REGIONS = 60, 20, 20

MODELS = (
    "gpt-oss-20b", "gemma3-4b", "llama3.1-8b", "qwen3-8b", "mistral-small-3", "gemma3-27b", "qwen3-32b",
    "qwen3-30b-a3b", "llama3.3-70b", "gpt-oss-120b", "qwen3-235b-a22b", "mistral-large-3", "deepseek-v3.2",
    "gpt-5-mini", "gpt-5", "claude-sonnet-4.5",
)  # fmt: skip
DEVICES = ("L40S", "A100-80-SXM", "H100-SXM", "H200", "B200", "MI300X", "TPUv6e", "Gaudi3")
REGIONS = (
    "SE", "NO", "FR", "CH", "FI", "BR", "CA", "GB", "ES", "IE", "NL", "DE", "IT", "US", "JP", "SG", "KR", "AU", "IN",
    "WORLD",
)  # fmt: skip


def models_of(catalog: Catalog, plan: Plan) -> list[str]:
    """The case's model, the plan's own, then the usual ones; only a provider runs those whose weights are closed."""
    usual = [key for key in MODELS if plan.case.hosting == "api" or catalog.models[key].openness == "open"]
    return _first(catalog.models, [plan.case.model, *(e.id for e in plan.models), *usual], MOST_MODELS)


def devices_of(catalog: Catalog, plan: Plan) -> list[str]:
    """The case's accelerator, the plan's own, then the usual ones; a bought service stands on its likeliest."""
    chosen = likeliest(catalog, plan.case)
    return _first(catalog.hardware, [chosen, *(e.id for e in plan.devices), *DEVICES], MOST_DEVICES)


def regions_of(catalog: Catalog, plan: Plan) -> list[str]:
    """The case's place, the plan's own, then the usual ones."""
    known = {*catalog.regions, *catalog.cloud_regions, *catalog.premises}
    own = [e.id for e in (*plan.sites, *plan.regions)]
    return _first(known, [plan.case.region, *own, *REGIONS], MOST_REGIONS)


def likeliest(catalog: Catalog, case: Workload) -> str:
    """The accelerator of a workload; of a bought service, the one that carries most of the providers' fleet."""
    return case.hardware or max(catalog.provider_fleet, key=lambda share: share.weight).hardware_id


def _first(known: Collection[str], wanted: Sequence[str], most: int) -> list[str]:
    return [key for key in dict.fromkeys(wanted) if key in known][:most]
