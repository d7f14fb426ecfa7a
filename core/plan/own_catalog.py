"""A plan's own entries beside the facts: what the engine, the pages and the exports look things up in.

An entry that leans on something unknown, or contradicts what it is like, is left out with the reason, so that what
uses it is refused in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from core import catalog as facts
from core.catalog import Catalog, Hardware, Model, Region, Source
from core.catalog.own import CarbonPath, Premises, RegionWithHours, Supply, TokenPrice
from core.plan.hours_file import HoursFile
from core.plan.knob import plain
from core.plan.own import Own, OwnDevice, OwnModel, OwnPrice, OwnRegion, OwnSite, OwnSupplier
from core.plan.plan import Fact, Plan
from core.plan.points import at
from core.plan.then import as_then
from core.units import PERCENT

ENTERED = "entered"
YOURS = "your own entry"
KV_PARTS, KV_BYTE = 2.0, 2.0  # a key and a value, 16 bits each
PCIE_5_GB_S = 64.0
USUAL_PER_SERVER, USUAL_RELEASE_YEAR = 8, 2025
OWN_GENERATION = "H100"


def catalog_of(plan: Plan) -> Catalog:
    """The catalog with the plan's own entries and files of hours; the catalog itself where the plan has none."""
    entries = tuple(entry for _, entry in plan.own())
    files = tuple(file for file in plan.hours_files if file.key in plan.hours_at_hand)
    if files:
        return _with_hours(entries, files, plan.facts_then)
    return _with(entries, plan.facts_then) if entries else as_then(plan.facts_then)


@lru_cache(maxsize=32)
def _with_hours(entries: Sequence[Own], files: Sequence[HoursFile], then: tuple[Fact, ...] = ()) -> Catalog:
    """The catalog with the files at hand beside the regions they stand for."""
    catalog = _with(entries, then)
    keys: dict[str, dict[str, Any]] = {}
    for file in files:
        said = {"marginal": file.key} if file.marginal else {"average": file.key, "called": file.called}
        keys.setdefault(file.region, {}).update(said)
    plain_regions = {key: catalog.regions[key] for key in keys if key in catalog.regions}
    regions = {
        key: RegionWithHours(**{field.name: getattr(region, field.name) for field in fields(Region)}, **keys[key])
        for key, region in plain_regions.items()
    }
    return replace(catalog, regions=_joined(catalog.regions, regions))


def problem_of(plan: Plan, entry: Own) -> str:
    """Why an entry could not be used in this plan, in one sentence that opens with a field; empty when it could."""
    others = [other for _, other in plan.own() if other.id != entry.id]
    return _problem(facts.load(), others, entry)


def unusable(plan: Plan) -> Mapping[str, str]:
    """The plan's entries that cannot be used: id -> why, in a sentence that opens with a field."""
    return _unusable(tuple(entry for _, entry in plan.own()))


@lru_cache(maxsize=32)
def _unusable(entries: Sequence[Own]) -> Mapping[str, str]:
    base = facts.load()
    found = {}
    for place, entry in enumerate(entries):
        # Of two price lists for one model the first holds: each is looked at beside those before it.
        others = entries[:place] if isinstance(entry, OwnPrice) else entries
        if reason := _problem(base, others, entry):
            found[entry.id] = reason
    return MappingProxyType(found)


@lru_cache(maxsize=32)
def _with(entries: Sequence[Own], then: tuple[Fact, ...] = ()) -> Catalog:
    base = as_then(then)
    left_out = {key: f"own entry '{key}' cannot be used: {reason}" for key, reason in _unusable(entries).items()}
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


def _problem(base: Catalog, others: Sequence[Own], entry: Own) -> str:
    """What an entry leans on that is not known or contradicts it, in a sentence; empty when all is well."""
    tables = {OwnModel: base.models, OwnDevice: base.hardware, OwnRegion: base.regions}
    leans_on = entry.based_on if isinstance(entry, OwnModel | OwnDevice | OwnRegion) else ""
    if leans_on and leans_on not in tables[type(entry)]:
        return f"based_on is '{leans_on}'; it is not in the catalog"
    if isinstance(entry, OwnModel):
        return _model_problem(base, entry)
    if isinstance(entry, OwnDevice):
        return _device_problem(base, entry)
    if isinstance(entry, OwnSite):
        grids = {e.id: e for e in others if isinstance(e, OwnRegion)}
        if entry.region in grids:
            reason = _problem(base, (), grids[entry.region])
            return f"region is '{entry.region}', an entry that cannot be used itself: {reason}" if reason else ""
        known = entry.region in base.regions
        return "" if known else f"region is '{entry.region}'; it is not a grid of the catalog or of yours"
    return _price_problem(base, others, entry) if isinstance(entry, OwnPrice) else ""


def _model_problem(base: Catalog, e: OwnModel) -> str:
    """What does not fit together once the model it is like has lent what was left blank."""
    like, merged = base.models.get(e.based_on), _model(base, e)
    lent = f" as in {like.name}" if like else ""
    all_lent, chosen_lent = (lent if typed is None else "" for typed in (e.experts, e.experts_per_token))
    if merged.experts_per_token > merged.experts:
        limit = f"it must be at most experts, {merged.experts}{all_lent}"
        return f"experts_per_token is {merged.experts_per_token}{chosen_lent}; {limit}"
    if merged.is_moe and not merged.experts_per_token:
        return f"experts_per_token is 0; with {merged.experts} experts{all_lent} it must be at least 1"
    if merged.is_moe and e.params_active_b is None:
        return f"params_active_b is blank; with {merged.experts} experts{all_lent} the model needs it"
    if merged.heads % merged.kv_heads:
        heads_lent, kv_lent = (lent if typed is None else "" for typed in (e.heads, e.kv_heads))
        return f"kv_heads is {merged.kv_heads}{kv_lent}; it must divide heads, {merged.heads}{heads_lent}"
    return ""


def _device_problem(base: Catalog, e: OwnDevice) -> str:
    """What does not fit together once the accelerator it is like has lent what was left blank."""
    like, merged = base.hardware.get(e.based_on), _device(base, e)
    lent = f" as in {like.name}" if like else ""
    if merged.idle_w > merged.tdp_w:
        idle_lent, tdp_lent = (lent if typed is None else "" for typed in (e.idle_w, e.tdp_w))
        limit = f"it must be at most tdp_w, {plain(merged.tdp_w)} W{tdp_lent}"
        return f"idle_w is {plain(merged.idle_w)}{idle_lent}; {limit}"
    if not merged.embodied_low_kg <= merged.embodied_kg <= merged.embodied_high_kg:
        low_kg, high_kg = plain(merged.embodied_low_kg), plain(merged.embodied_high_kg)
        making_lent = lent if e.embodied_kg is None else ""
        return f"embodied_kg is {plain(merged.embodied_kg)}{making_lent}; it must lie in [{low_kg}, {high_kg}] kg CO₂e"
    return ""


def _price_problem(base: Catalog, others: Sequence[Own], e: OwnPrice) -> str:
    """A list for a model that nobody knows, or a second list for one."""
    if e.model not in base.models and e.model not in {o.id for o in others if isinstance(o, OwnModel)}:
        return f"model is '{e.model}'; it is not in the catalog or among yours"
    twin = next((o for o in others if isinstance(o, OwnPrice) and o.model == e.model), None)
    return f"model is '{e.model}'; '{twin.name[:40]}' holds the prices of it already" if twin else ""


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
    cache = from_dimensions
    if like and (like.attention == "MLA" or not any(measured)):  # a latent cache grows with the layers alone
        cache = like.kv_bytes_per_token * layers / like.layers
    return Model(
        id=e.id, name=e.name, organisation=YOURS, release_year=e.release_year,
        params_total_b=e.params_total_b or 0.0, params_active_b=_given(e.params_active_b, e.params_total_b),
        params_active_low_b=None, params_active_high_b=None,
        layers=layers, d_model=d_model, heads=heads, kv_heads=kv_heads, head_dim=head_dim,
        experts=_given(e.experts, like.experts if like else 0),
        experts_per_token=_given(e.experts_per_token, like.experts_per_token if like and e.experts != 0 else 0),
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
