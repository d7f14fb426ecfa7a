"""What the choices are called: catalog ids -> the words people pick by."""

from __future__ import annotations

from functools import lru_cache

from core import catalog as facts
from core.catalog import Model
from core.ui import state
from core.ui.search_choices import KEPT_RESIDENCY, SEARCH_CHOICES
from core.ui.target_choices import TARGET_CHOICES, TARGET_METHODS
from core.words import figure
from core.words.choices import (
    BY_FIELD,
    METHODS,
    RESIDENCIES,
)

CHOICES = (
    TARGET_CHOICES
    | BY_FIELD
    | {
        "residency": RESIDENCIES | KEPT_RESIDENCY,
        "method": METHODS | TARGET_METHODS,
        **SEARCH_CHOICES,
    }
)


@lru_cache(maxsize=4)
def models() -> dict[str, str]:
    """Model id -> name, size and kind; undisclosed sizes say so."""
    found = {}
    for key, model in facts.load().models.items():
        size = f"{figure(model.params_total_b, 3)} B"
        kind = "mixture of experts" if model.is_moe else "dense"
        found[key] = f"{model.name} · {size}, {kind}" if model.disclosed else f"{model.name} · {undisclosed(model)}"
    return dict(sorted(found.items(), key=lambda item: item[1].lower()))


def undisclosed(model: Model) -> str:
    """What is said of a size that its maker keeps: whose estimate it is, and its range of active parameters."""
    whose = facts.load().sources[model.source.split(";")[0]].title.split(":")[0]
    low, high = model.params_active_low_b or 0.0, model.params_active_high_b or 0.0
    return f"undisclosed, range from {whose}, {low:g}–{high:g} B"


@lru_cache(maxsize=4)
def hardware() -> dict[str, str]:
    """Accelerator id -> name; the empty id is the provider's own."""
    return {"": "The provider's, undisclosed"} | {key: h.name for key, h in facts.load().hardware.items()}


@lru_cache(maxsize=4)
def regions() -> dict[str, str]:
    """Region or cloud-region id -> place."""
    catalog = facts.load()
    grids = {key: f"{region.name} ({key})" for key, region in catalog.regions.items()}
    clouds = {key: f"{c.provider.upper()} {c.region}, {c.location}" for key, c in catalog.cloud_regions.items()}
    world = {"WORLD": grids.pop("WORLD")} if "WORLD" in grids else {}
    return world | dict(sorted(grids.items(), key=lambda item: item[1])) | dict(sorted(clouds.items()))


def table(name: str) -> dict[str, str]:
    """The options of a catalog field: id -> words, the plan's own entries first."""
    return own(name) | listed(name)


def listed(name: str) -> dict[str, str]:
    """The options that the catalog itself holds: id -> words."""
    if name == "models":
        return models()
    if name == "hardware":
        return hardware()
    return regions() if name == "regions" else {"": "None"}


def own(name: str) -> dict[str, str]:
    """The plan's own entries that a catalog field may name: id -> words."""
    fields = {"models": ("models",), "hardware": ("devices",), "regions": ("sites", "regions")}.get(name, (name,))
    plan = state.plan()
    return {entry.id: f"{entry.name} · yours" for field in fields for entry in getattr(plan, field)}


@lru_cache(maxsize=4)
def short(name: str) -> dict[str, str]:
    """The same options by name alone, for narrow cells."""
    catalog = facts.load()
    if name == "models":
        return {key: catalog.models[key].name for key in models()}
    places = {key: region.name for key, region in catalog.regions.items()}
    return {key: places.get(key, text.split(",")[0]) for key, text in regions().items()}


def brief(name: str, key: str) -> str:
    """The name of one entry, the plan's own ones among them; the id itself where nothing bears it."""
    return own(name).get(key) or short(name).get(key, key)


def word(name: str, value: str) -> str:
    """The words for one value of a choice or catalog field; the value itself where there are none."""
    return CHOICES.get(name, {}).get(value, value)
