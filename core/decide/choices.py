"""What a choice of candidates comes to, by the plan's own evaluation: cost, carbon, quality, the target's verdict."""

from __future__ import annotations

from math import fsum, nan

from core.catalog import Catalog
from core.decide.candidates import Searched, acts, with_choice
from core.decide.change import change, over_all_years, whole
from core.decide.found import Choice
from core.decide.pathway import verdict
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.figures import of
from core.results.lever_work import is_priced
from core.targets.judged import judged
from core.units import PERCENT


def usual_choice(base: Plan, meets: bool, met_share: float) -> Choice:
    """The plan without its candidates: nothing chosen, nothing spent."""
    return Choice(
        levers=(), cost_usd=0.0, spent_usd=0.0, carbon_all_years_kg=carbon_all_years_kg(base), quality_loss_pct=0.0,
        latency_s=latency_s(base), meets=meets, met_share=met_share,
    )  # fmt: skip


def best_choice(found: Searched, levers: tuple[Lever, ...]) -> Choice:
    """A choice with its start years, evaluated as the plan that applies it."""
    catalog, plan = catalog_of(found.base), with_choice(found.plan, levers)
    meets, met_share = verdict(plan, judged(plan))
    unpriced = unpriced_of(catalog, levers)
    loss_pct, unmeasured = quality_loss(catalog, plan, levers)
    return Choice(
        levers=levers,
        cost_usd=nan if unpriced else change(spread(found.base), found.base.levers, plan.levers).cost_usd,
        spent_usd=nan if unpriced else spent_usd(plan) - spent_usd(found.base),
        carbon_all_years_kg=carbon_all_years_kg(plan),
        quality_loss_pct=loss_pct,
        latency_s=latency_s(plan),
        meets=meets,
        met_share=met_share,
        unmeasured=unmeasured,
        unpriced=unpriced,
    )


def unpriced_of(catalog: Catalog, levers: tuple[Lever, ...]) -> tuple[str, ...]:
    """Ids of the levers whose cost nobody has named."""
    return tuple(lever.id for lever in levers if not is_priced(catalog, lever))


def spread(plan: Plan) -> Plan:
    """The plan with hardware spread over its life, as a search compares."""
    return plan.model_copy(update={"hardware_view": "amortised"})


def carbon_all_years_kg(plan: Plan) -> float:
    """Carbon of the whole plan over all its years, by its method and boundary [kgCO2e]."""
    names = [f"carbon_{plan.method}_kg", *(["carbon_embodied_kg"] if plan.boundary == "with_hardware" else [])]
    sums = over_all_years(whole(spread(plan), plan.levers)).workloads
    return fsum(one[name] for one in sums.values() for name in names)


def spent_usd(plan: Plan) -> float:
    """What the levers of a plan take themselves over all its years [USD]."""
    return fsum(one["cost_levers_usd"] for one in over_all_years(whole(spread(plan), plan.levers)).workloads.values())


def latency_s(plan: Plan) -> float:
    """The longest mean answer of a workload in the years from the target year on [s]; 0 where nothing is answered."""
    found, target = of(spread(plan), 0), plan.target.target_year
    first = max((target or plan.first_year) - plan.first_year, 0)
    times = found.values["request_time_s"][:, first:, 0]
    return max((float(time) for time in times.reshape(-1) if time == time), default=0.0)


def quality_loss(catalog: Catalog, plan: Plan, levers: tuple[Lever, ...]) -> tuple[float, tuple[str, ...]]:
    """What levers may take off the score of the worst workload [%], NaN where unknown; which nobody has measured."""
    unmeasured = tuple(lever.id for lever in levers if lever.key not in catalog.lever_quality)
    if unmeasured:
        return nan, unmeasured
    losses = [
        sum(catalog.lever_quality[lever.key].loss_high_pct for lever in levers if acts(catalog, lever, workload))
        for workload in plan.workloads
    ]
    return min(max(losses, default=0.0), PERCENT), ()
