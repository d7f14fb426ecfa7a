"""A plan's own entries beside the facts: what the engine, the pages and the exports look things up in.

An entry that leans on something unknown is left out, with the reason, so that what uses it is refused in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core import catalog as facts
from core.catalog import Catalog, Hardware, Model, Region, Source
from core.catalog.own import CarbonPath, Premises, Supply, TokenPrice
from core.plan.own import Own, OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier
from core.plan.plan import Plan
from core.plan.points import at
from core.units import PERCENT

ENTERED = "entered"
YOURS = "your own entry"
KV_PARTS, KV_BYTE = 2.0, 2.0  # a key and a value, 16 bits each
PCIE_5_GB_S = 64.0
USUAL_PER_SERVER, USUAL_RELEASE_YEAR = 8, 2025
OWN_GENERATION = "H100"


def catalog_of(plan: Plan) -> Catalog:
    """The catalog with the plan's own entries; the catalog itself where the plan has none."""
    entries = tuple(entry for _, entry in plan.own())
    return _with(entries) if entries else facts.load()


@lru_cache(maxsize=32)
def _with(entries: Sequence[Own]) -> Catalog:
    base = facts.load()
    left_out = {entry.id: reason for entry in entries if (reason := _unknown(base, entries, entry))}
    kept = [entry for entry in entries if entry.id not in left_out]
    regions = {e.id: _region(base, e) for e in kept if isinstance(e, OwnRegion)}
    return replace(
        base,
        models=_joined(base.models, {e.id: _model(base, e) for e in kept if isinstance(e, OwnModel)}),
        hardware=_joined(base.hardware, {e.id: _device(base, e) for e in kept if isinstance(e, OwnDevice)}),
        regions=_joined(base.regions, regions),
        sources=_joined(base.sources, {e.id: _source(e) for e in kept}),
        premises=_joined({}, {e.id: _premises(e) for e in kept if isinstance(e, OwnSite)}),
        suppliers=_joined({}, {e.id: _supply(e) for e in kept if isinstance(e, OwnSupplier)}),
        token_prices=_joined({}, {e.model: _price(e) for e in kept if isinstance(e, OwnPrice)}),
        carbon_by_year=_joined({}, {e.id: e.carbon_g_per_kwh for e in kept if isinstance(e, OwnRegion)}),
        residual_by_year=_joined(
            {}, {e.id: e.residual_g_per_kwh for e in kept if isinstance(e, OwnRegion) and e.residual_g_per_kwh}
        ),
        left_out=_joined({}, left_out),
    )


def _joined(base: Mapping[str, Any], own: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType({**base, **own}) if own else base


def _unknown(base: Catalog, entries: Sequence[Own], entry: Own) -> str:
    """What an entry leans on that is not known, in a sentence; empty when all is."""
    tables = {OwnModel: base.models, OwnDevice: base.hardware, OwnRegion: base.regions}
    leans_on = entry.based_on if isinstance(entry, OwnModel | OwnDevice | OwnRegion) else ""
    if leans_on and leans_on not in tables[type(entry)]:
        return f"own entry '{entry.id}' is based on '{leans_on}', which is not in the catalog"
    if isinstance(entry, OwnSite):
        grids = {e.id for e in entries if isinstance(e, OwnRegion)} | base.regions.keys()
        if entry.region not in grids:
            return f"own site '{entry.id}' stands on '{entry.region}', which is not a grid of the catalog or of yours"
    return ""


def _source(entry: Own) -> Source:
    year = int(entry.source_date[:4])
    return Source(
        key=entry.id, title=entry.source, publisher=YOURS, url="", year=year, licence="yours",
        retrieved=entry.source_date,
    )  # fmt: skip


def _given(value: Any, other: Any) -> Any:
    return other if value is None else value


def _model(base: Catalog, e: OwnModel) -> Model:
    like = base.models.get(e.based_on)
    heads = _given(e.heads, like.heads if like else 1)
    d_model = _given(e.d_model, like.d_model if like else 1)
    layers = _given(e.layers, like.layers if like else 1)
    kv_heads = _given(e.kv_heads, like.kv_heads if like else heads)
    borrowed_dim = like.head_dim if like and e.heads is None and e.d_model is None else max(d_model // heads, 1)
    head_dim = _given(e.head_dim, borrowed_dim)
    measured = (e.layers, e.kv_heads, e.heads, e.d_model, e.head_dim)
    from_dimensions = KV_PARTS * KV_BYTE * layers * kv_heads * head_dim
    cache = like.kv_bytes_per_token if like and not any(measured) else from_dimensions
    return Model(
        id=e.id, name=e.name, organisation=YOURS, release_year=e.release_year,
        params_total_b=e.params_total_b, params_active_b=_given(e.params_active_b, e.params_total_b),
        params_active_low_b=None, params_active_high_b=None,
        layers=layers, d_model=d_model, heads=heads, kv_heads=kv_heads, head_dim=head_dim,
        experts=_given(e.experts, like.experts if like else 0),
        experts_per_token=_given(e.experts_per_token, like.experts_per_token if like else 0),
        attention=like.attention if like else e.attention,
        kv_bytes_per_token=_given(e.kv_bytes_per_token, cache),
        kv_window_tokens=_given(e.kv_window_tokens, like.kv_window_tokens if like else 0),
        kv_global_share=_given(e.kv_global_share, like.kv_global_share if like else 1.0),
        recurrent_state_byte=like.recurrent_state_byte if like else 0.0,
        fp8_block=like.fp8_block if like else False,
        vocabulary=like.vocabulary if like else None, train_tokens_b=None,
        native_precision=e.native_precision, licence="yours", openness="own", status=ENTERED,
        architecture_from=e.based_on if like and not all(v is not None for v in measured[:3]) else "",
        source=e.id, note="", basis_architecture=e.source, basis_training="",
    )  # fmt: skip


def _device(base: Catalog, e: OwnDevice) -> Hardware:
    like = base.hardware.get(e.based_on)
    typed = {"bf16": e.peak_bf16_tflops, "fp8": e.peak_fp8_tflops, "int8": e.peak_int8_tops}
    peaks = dict(like.peak_tflops) if like else {}
    peaks |= {name: value for name, value in typed.items() if value is not None}
    idle_w = _given(e.idle_w, like.idle_w if like else 0.0)
    low_w, high_w = (like.idle_low_w, like.idle_high_w) if like and e.idle_w is None else (idle_w, idle_w)
    making_kg = _given(e.embodied_kg, like.embodied_kg if like else 0.0)
    ends_kg = (like.embodied_low_kg, like.embodied_high_kg) if like and e.embodied_kg is None else (making_kg,) * 2
    return Hardware(
        id=e.id, name=e.name, vendor=like.vendor if like else YOURS, kind=like.kind if like else "gpu",
        release_year=_given(e.release_year, like.release_year if like else USUAL_RELEASE_YEAR),
        peak_tflops=MappingProxyType(peaks),
        memory_gb=_given(e.memory_gb, like.memory_gb if like else 0.0),
        bandwidth_gb_s=_given(e.bandwidth_gb_s, like.bandwidth_gb_s if like else 0.0),
        tdp_w=_given(e.tdp_w, like.tdp_w if like else 0.0),
        idle_w=idle_w, idle_low_w=low_w, idle_high_w=high_w,
        link_gb_s=_given(e.link_gb_s, like.link_gb_s if like else PCIE_5_GB_S),
        embodied_kg=making_kg, embodied_low_kg=_given(e.embodied_low_kg, ends_kg[0]),
        embodied_high_kg=_given(e.embodied_high_kg, ends_kg[1]),
        supports=(like.supports if like else frozenset()) | peaks.keys(),
        accelerators_per_server=_given(
            e.accelerators_per_server, like.accelerators_per_server if like else USUAL_PER_SERVER
        ),
        host_w=_given(e.host_w, like.host_w if like else None),
        # A device that differs from the one it is like has not been measured.
        inference_measured=False, generation=like.generation if like else OWN_GENERATION, generation_measured=False,
        gddr=like.gddr if like else e.memory_kind == "gddr",
        status_specs=ENTERED, status_idle=ENTERED, status_embodied=ENTERED,
        source_specs=e.id, source_idle=e.id, source_embodied=e.id, source_host=e.id,
    )  # fmt: skip


def _region(base: Catalog, e: OwnRegion) -> Region:
    near = base.regions[e.based_on] if e.based_on else base.regions["WORLD"]
    margin = base.assumptions[facts.MARGIN]
    year = int(e.source_date[:4])
    now = at(e.carbon_g_per_kwh, year, 0.0)
    low, high = (
        (margin.low, margin.high) if e.range_pct is None else (1 - e.range_pct / PERCENT, 1 + e.range_pct / PERCENT)
    )
    water = e.water_l_per_kwh
    return replace(
        near, id=e.id, kind="own", name=e.name, carbon_g_per_kwh=now, carbon_low_g_per_kwh=now * low,
        carbon_high_g_per_kwh=now * high, carbon_year=year, carbon_basis=e.carbon_basis, renewable_pct=None,
        carbon_free_pct=None, water_l_per_kwh=_given(water, near.water_l_per_kwh),
        water_is_world_default=near.water_is_world_default and water is None,
        water_status=near.water_status if water is None else ENTERED,
        water_source=near.water_source if water is None else e.id,
        hourly_zone="", status=ENTERED, licence="yours", source=e.id, note="",
    )  # fmt: skip


def _premises(e: OwnSite) -> Premises:
    return Premises(
        id=e.id, name=e.name, region_id=e.region, pue=e.pue, wue_l_per_kwh=e.wue_l_per_kwh, host_w=e.host_w,
        lifetime_years=e.lifetime_years, purchase_year=e.purchase_year, price_purchase_usd=e.price_purchase_usd,
        price_electricity_usd_per_kwh=e.price_electricity_usd_per_kwh,
        price_operations_usd_per_h=e.price_operations_usd_per_h, source=e.id,
    )  # fmt: skip


def _supply(e: OwnSupplier) -> Supply:
    path: CarbonPath = e.carbon_g_per_kwh
    return Supply(id=e.id, name=e.name, carbon_g_per_kwh=path, carbon_basis=e.carbon_basis, source=e.id)


def _price(e: OwnPrice) -> TokenPrice:
    return TokenPrice(
        id=e.id, name=e.name, model_id=e.model,
        price_input_usd_per_m_tokens=e.price_input_usd_per_m_tokens or 0.0,
        price_cached_usd_per_m_tokens=e.price_cached_usd_per_m_tokens,
        price_output_usd_per_m_tokens=e.price_output_usd_per_m_tokens or 0.0, source=e.id,
    )  # fmt: skip
