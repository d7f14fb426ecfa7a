"""The plan's case as EcoLogits would take it, its figures for one request, and what it did not know."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.catalog import Catalog, Model
from core.peers import ecologits_library
from core.peers.ecologits_library import WORLD_ZONE, Asked, Listed, Mix, Said, Site, Span
from core.peers.names import main_names
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.site import find_region

OPEN_PROVIDER = "huggingface_hub"  # what it takes for models that anybody can run
WORLD = "WORLD"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What EcoLogits says of one request of the case, and what it was asked.

    `notes` tell in sentences what it could not take as the case has it.
    """

    asked: Asked
    said: Said
    mix: Mix
    site: Site
    provider: str
    edition: str
    notes: tuple[str, ...]

    @property
    def middle(self) -> Asked:
        """The same request at the middle of every range."""
        return replace(
            self.asked,
            params_active_b=at_middle(self.asked.params_active_b),
            params_total_b=at_middle(self.asked.params_total_b),
            pue=at_middle(self.asked.pue),
            wue_l_per_kwh=at_middle(self.asked.wue_l_per_kwh),
        )


def at_middle(found: Span) -> Span:
    """A range shrunk to its middle."""
    return Span(found.middle, found.middle)


def why_none(plan: Plan) -> str:
    """Why there is no second opinion on the plan's case, in a sentence; empty where there is one."""
    if plan.case.kind != "inference":
        return "EcoLogits works out answers only, so there is no second opinion on a training run"
    return ecologits_library.missing()


def opinion(plan: Plan) -> Opinion:
    """EcoLogits' figures for one request of the case; ask `why_none` first."""
    case, catalog = plan.case, catalog_of(plan)
    model = catalog.models[case.model]
    service = service_of(model)
    provider = service.provider if service and case.hosting == "api" else OPEN_PROVIDER
    site = ecologits_library.site_of_provider(provider)
    zone, notes = zone_of(catalog, case, site if provider != OPEN_PROVIDER else None)
    active, total = sizes(model, service)
    speed = service if case.hosting == "api" else None
    asked = Asked(
        params_active_b=active,
        params_total_b=total,
        output_tokens=case.output_tokens,
        zone=zone,
        pue=site.pue,
        wue_l_per_kwh=site.wue_l_per_kwh,
        output_tokens_per_s=speed.output_tokens_per_s if speed else None,
        first_token_s=speed.first_token_s if speed else None,
    )
    mix = ecologits_library.mix_of(zone)
    assert mix is not None  # `zone_of` gives back only zones that it has
    return Opinion(asked, ecologits_library.says(asked), mix, site, provider, ecologits_library.edition(), notes)


def service_of(model: Model) -> Listed | None:
    """The service of its list that a closed model is; None for any other."""
    name = main_names().get(model.id)
    return ecologits_library.listed(name.provider, name.name) if name else None


def sizes(model: Model, service: Listed | None) -> tuple[Span, Span]:
    """Active and total parameters [billion]: its own list's for a closed service, else the catalog's."""
    if service:
        return service.params_active_b, service.params_total_b
    active_b = float(model.params_active_b or 0.0)
    active = Span(model.params_active_low_b or active_b, model.params_active_high_b or active_b)
    return active, active if not model.is_moe else Span(model.params_total_b, model.params_total_b)


def zone_of(catalog: Catalog, case: Workload, provider: Site | None) -> tuple[str, tuple[str, ...]]:
    """The electricity zone it takes for the case's place, and what is lost on the way, in sentences."""
    if case.region == WORLD and provider:
        return provider.zone, (f"the region is unknown: EcoLogits places this provider in {provider.zone}",)
    region, _ = find_region(catalog, case.region)
    assert region is not None  # a case whose region nobody knows has no figure to compare
    if region.id == WORLD:
        return WORLD_ZONE, ()
    if region.kind == "own" or ecologits_library.mix_of(region.iso3) is None:
        return WORLD_ZONE, (f"EcoLogits has no electricity mix for {region.name}: it takes the world's",)
    if region.kind != "country":
        return region.iso3, (f"EcoLogits knows countries, not {region.name}: it takes {region.iso3}",)
    return region.iso3, ()
