"""What the catalog does not hold: a company's own models, devices, grids, sites, supply and prices, with their source.

Each is part of the plan, so that the link and the CSV carry it. `core/plan/own_catalog.py` puts them beside the facts.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from core.plan.knob import plain
from core.plan.points import Points
from core.plan.record import Record
from core.plan.workload import Precision

PREFIX = "own:"
ID = re.compile(r"own:[a-z0-9][a-z0-9.-]*")
LONGEST_ID = 40

Basis = Literal["life_cycle_consumption", "life_cycle_production", "direct"]
Attention = Literal["GQA", "MLA"]
Memory = Literal["hbm", "gddr"]


class Own(Record):
    """An entry of the company's own: its id starts with `own:`, and it says where its figures are from, and of when."""

    shares: ClassVar[str] = "own"

    id: str
    name: str
    source: str = ""
    source_date: str = ""

    def impossible(self) -> str:
        """Why this entry cannot stand, in one sentence; empty when it can."""
        if not ID.fullmatch(self.id):
            return f"id is '{self.id}'; it must be 'own:' and then small letters, digits, dots and dashes"
        if not self.name:
            return "name is blank; the entry needs one"
        for field, told in (("source", "say where its figures are from"), ("source_date", "say of when they are")):
            if not getattr(self, field):
                return f"{field} of '{self.name[:40]}' is blank; {told}"
        return self.contradiction()

    def contradiction(self) -> str:
        """Which fields contradict each other, in one sentence; empty when none do."""
        return ""

    def missing(self, names: tuple[str, ...], reason: str) -> str:
        """The first of these fields that is blank, in a sentence; empty when all are filled in."""
        blank = next((name for name in names if getattr(self, name) in (None, ())), "")
        return f"{blank} of '{self.name[:40]}' is blank; {reason}" if blank else ""


class OwnModel(Own):
    """A language model. Blank dimensions are those of the catalog model it is based on."""

    record: ClassVar[str] = "custom_model"

    params_total_b: float | None = None
    params_active_b: float | None = None
    based_on: str = ""
    layers: int | None = None
    d_model: int | None = None
    heads: int | None = None
    kv_heads: int | None = None
    head_dim: int | None = None
    experts: int | None = None
    experts_per_token: int | None = None
    attention: Attention = "GQA"
    kv_bytes_per_token: float | None = None
    kv_window_tokens: int | None = None
    kv_global_share: float | None = None
    native_precision: Precision = "bf16"
    release_year: int = 2026

    def contradiction(self) -> str:
        """Which fields contradict each other, in one sentence; empty when none do."""
        total_b, active_b = self.params_total_b, self.params_active_b
        if total_b is None:
            return self.missing(("params_total_b",), "every model has a size: say all its weights, in billions")
        if active_b is not None and active_b > total_b:
            return f"params_active_b is {plain(active_b)}; it must be at most params_total_b, {plain(total_b)} billion"
        return self._experts() or self._dimensions()

    def _experts(self) -> str:
        experts, chosen = self.experts or 0, self.experts_per_token or 0
        if chosen > experts and not (self.based_on and self.experts is None):
            return f"experts_per_token is {chosen}; it must be at most experts, {experts}"
        if experts and not chosen and not self.based_on:
            return f"experts_per_token is 0; with {experts} experts it must be at least 1"
        if experts and self.params_active_b is None:
            return "params_active_b is blank; a mixture of experts needs it"
        return ""

    def _dimensions(self) -> str:
        if not self.based_on:
            blank = self.missing(
                ("layers", "d_model", "heads", "kv_heads"), "fill it in, or name a model of that size to base it on"
            )
            if blank:
                return blank
        if self.attention == "MLA" and self.kv_bytes_per_token is None and not self.based_on:
            return "kv_bytes_per_token is blank; a latent cache has no other way to know its size"
        heads, kv_heads = self.heads, self.kv_heads
        if heads and kv_heads and (kv_heads > heads or heads % kv_heads):
            return f"kv_heads is {kv_heads}; it must divide heads, {heads}"
        return ""


class OwnDevice(Own):
    """An accelerator. Blank figures are those of the catalog accelerator it is based on."""

    record: ClassVar[str] = "custom_device"

    based_on: str = ""
    peak_bf16_tflops: float | None = None
    peak_fp8_tflops: float | None = None
    peak_int8_tops: float | None = None
    memory_gb: float | None = None
    bandwidth_gb_s: float | None = None
    memory_kind: Memory = "hbm"
    tdp_w: float | None = None
    idle_w: float | None = None
    link_gb_s: float | None = None
    accelerators_per_server: int | None = None
    host_w: float | None = None
    embodied_kg: float | None = None
    embodied_low_kg: float | None = None
    embodied_high_kg: float | None = None
    release_year: int | None = None

    def contradiction(self) -> str:
        """Which fields contradict each other, in one sentence; empty when none do."""
        needed = ("peak_bf16_tflops", "memory_gb", "bandwidth_gb_s", "tdp_w", "idle_w", "embodied_kg")
        if not self.based_on:
            blank = self.missing(needed, "fill it in, or name an accelerator to base it on")
            if blank:
                return blank
        if self.idle_w is not None and self.tdp_w is not None and self.idle_w > self.tdp_w:
            return f"idle_w is {plain(self.idle_w)}; it must be at most tdp_w, {plain(self.tdp_w)} W"
        ends = (self.embodied_low_kg, self.embodied_kg, self.embodied_high_kg)
        known = [end for end in ends if end is not None]
        if known != sorted(known):
            return "embodied_kg must lie between embodied_low_kg and embodied_high_kg"
        return ""


class OwnRegion(Own):
    """A grid, or the factor of an electricity supplier used for a place: carbon by year."""

    record: ClassVar[str] = "custom_region"

    carbon_g_per_kwh: Points = ()
    carbon_basis: Basis = "life_cycle_consumption"
    range_pct: float | None = None
    residual_g_per_kwh: Points = ()
    based_on: str = "WORLD"
    water_l_per_kwh: float | None = None

    def contradiction(self) -> str:
        """Which fields contradict each other, in one sentence; empty when none do."""
        return self.missing(("carbon_g_per_kwh",), "write it as 2026=380; 2030=300, or one number for every year")


class OwnSite(Own):
    """A building of one's own on a grid. Blank figures are the defaults of the hosting."""

    record: ClassVar[str] = "custom_site"

    region: str = "WORLD"
    pue: float | None = None
    wue_l_per_kwh: float | None = None
    host_w: float | None = None
    lifetime_years: float | None = None
    purchase_year: int | None = None
    price_purchase_usd: float | None = None
    price_electricity_usd_per_kwh: float | None = None
    price_operations_usd_per_h: float | None = None


class OwnSupplier(Own):
    """A supply contract: carbon by year of the electricity it delivers, for the market-based line."""

    record: ClassVar[str] = "custom_supplier"

    carbon_g_per_kwh: Points = ()
    carbon_basis: Basis = "life_cycle_consumption"

    def contradiction(self) -> str:
        """Which fields contradict each other, in one sentence; empty when none do."""
        return self.missing(("carbon_g_per_kwh",), "write it as 2026=20; 2030=0, or one number for every year")


class OwnPrice(Own):
    """What a provider charges for one model's tokens; workloads that buy it take these prices."""

    record: ClassVar[str] = "custom_price"

    model: str = ""
    price_input_usd_per_m_tokens: float | None = None
    price_cached_usd_per_m_tokens: float | None = None
    price_output_usd_per_m_tokens: float | None = None

    def contradiction(self) -> str:
        """Which fields contradict each other, in one sentence; empty when none do."""
        if not self.model:
            return f"model of '{self.name[:40]}' is blank; name the model these prices are for"
        prices = (self.price_input_usd_per_m_tokens, self.price_output_usd_per_m_tokens)
        return "" if None not in prices else f"'{self.name[:40]}' needs a price of input and one of output tokens"


# Field of the plan -> the record its entries are.
OWN: dict[str, type[Own]] = {
    "models": OwnModel,
    "devices": OwnDevice,
    "regions": OwnRegion,
    "sites": OwnSite,
    "suppliers": OwnSupplier,
    "prices": OwnPrice,
}


def own_id(name: str, taken: set[str]) -> str:
    """A free id made from a name.

    >>> own_id("Acme 14B (chat)", set()), own_id("Acme 14B (chat)", {"own:acme-14b-chat"}), own_id("社", set())
    ('own:acme-14b-chat', 'own:acme-14b-chat-2', 'own:entry')
    """
    stem = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[: LONGEST_ID - len(PREFIX) - 4].strip("-.") or "entry"
    number = 1
    while (found := f"{PREFIX}{stem}" + (f"-{number}" if number > 1 else "")) in taken:
        number += 1
    return found
