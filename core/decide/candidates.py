"""Which candidates a search may choose from, each from its earliest year; why another is left out, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from core.catalog import Catalog
from core.levers import at_rest, in_order, meant, rule, why_none, why_not, with_rebound
from core.plan import Plan, Workload
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.lever_work import is_priced
from core.results.moves import keeps_residency
from core.targets.wedges import is_procurement

REGION = "region"
Excluded = tuple[tuple[Lever, str], ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """A search's candidates in the order of composition, `levers`; bit k of a set stands for the k-th.

    `base` is the plan without its candidates; `mine` says which candidates act on a workload, by its id; `clashes`
    are pairs that exclude each other somewhere. Each lever's start year is the earliest that it may have.
    """

    plan: Plan
    base: Plan
    levers: tuple[Lever, ...]
    excluded: Excluded
    mine: Mapping[str, tuple[int, ...]]
    clashes: tuple[tuple[int, int], ...]

    @property
    def sets(self) -> int:
        """How many sets of the candidates there are, the empty one among them."""
        return 1 << len(self.levers)

    def chosen(self, some: int) -> tuple[Lever, ...]:
        """The candidates of a set, each from its earliest year."""
        return tuple(lever for place, lever in enumerate(self.levers) if some >> place & 1)


def without_candidates(plan: Plan) -> Plan:
    """The plan with those of its levers in use that are no candidates: what a choice is compared with."""
    ids = {lever.id for lever in plan.candidates}
    return plan.but(levers=tuple(lever for lever in plan.levers if lever.id not in ids), candidates=())


def with_choice(plan: Plan, levers: tuple[Lever, ...]) -> Plan:
    """The plan with these of its candidates in use, and none of the others."""
    return plan.but(levers=(*without_candidates(plan).levers, *levers))


def searched(plan: Plan, first_free_year: int) -> Searched:
    """The candidates that may be searched; none may start before `first_free_year`, nor before the plan does."""
    catalog, base = catalog_of(plan), without_candidates(plan)
    kept, excluded = [], []
    for lever in in_order(catalog, plan.candidates):
        start = max(lever.start_year or plan.first_year, plan.first_year, first_free_year)
        reason = _why_left_out(catalog, base, lever, start)
        if reason:
            excluded.append((lever, reason))
        else:
            kept.append(lever.model_copy(update={"start_year": start}))
    on = {w.id: [lever for lever in kept if acts(catalog, lever, w)] for w in base.workloads}
    places = {lever.id: place for place, lever in enumerate(kept)}
    mine = {key: tuple(places[lever.id] for lever in some) for key, some in on.items()}
    pairs = {
        (places[one.id], places[other.id])
        for some in on.values()
        for one, other in combinations(some, 2)
        if rule(catalog, one, other)
    }
    return Searched(plan, base, tuple(kept), tuple(excluded), mine, tuple(sorted(pairs)))


def acts(catalog: Catalog, lever: Lever, workload: Workload) -> bool:
    """Whether a lever acts on a workload where nothing excludes it."""
    outside = catalog.levers[lever.key].outside
    return lever.share > 0 and not outside and meant(lever, workload) and not why_not(catalog, lever, workload)


def _why_left_out(catalog: Catalog, base: Plan, lever: Lever, start: int) -> str:
    """Why a candidate cannot be searched, in one sentence; empty when it can."""
    kind, limits = catalog.levers[lever.key], base.search
    asked = [w for w in base.workloads if meant(lever, w)]
    if kind.outside:
        return "it stands outside every total, so that it brings no plan nearer to its target"
    if not asked:
        return "it names no workload of this plan"
    if lever.share == 0:
        return "its share of the traffic is 0, so that nothing changes"
    nowhere = why_none(catalog, lever, asked)
    if nowhere:
        return nowhere
    mine = [w for w in asked if acts(catalog, lever, w)]
    if start > base.last_year:
        return f"it starts in {start}; the plan's last year is {base.last_year}"
    if all(at_rest(catalog, w, lever) for w in mine):
        return "as it is set, nothing changes"
    if limits.certificates == "excluded" and is_procurement(base, lever):
        return "contracts and certificates are ruled out"
    return (
        _in_use_already(catalog, base, lever, mine)
        or _leaves(catalog, base, lever, mine)
        or _unknown(catalog, base, lever)
    )


def _in_use_already(catalog: Catalog, base: Plan, lever: Lever, mine: list[Workload]) -> str:
    for workload in mine:
        for other in base.levers:
            why = rule(catalog, lever, other)
            if why and acts(catalog, other, workload):
                used = catalog.levers[other.key].name
                return f"“{used}” is in use on {workload.name}, and the two exclude each other: {why}"
    return ""


def _leaves(catalog: Catalog, base: Plan, lever: Lever, mine: list[Workload]) -> str:
    """Which workload a lever takes out of where its data may lie."""
    if base.search.residency != "kept" or all(
        one.target != REGION for one in catalog.lever_operations.get(lever.key, ())
    ):
        return ""
    return next(
        (
            f"it takes {workload.name} out of where its data may lie"
            for workload in mine
            if not keeps_residency(base, workload, lever.choice)
        ),
        "",
    )


def _unknown(catalog: Catalog, base: Plan, lever: Lever) -> str:
    if base.search.unpriced == "left_out" and not is_priced(catalog, lever):
        return "nobody has named what it costs: enter its cost, or let levers without a cost be searched"
    if base.search.quality_floor_pct is not None and lever.key not in catalog.lever_quality:
        return "nobody has measured what it takes off quality, so that no share of it can be promised"
    return ""


def with_its_rebound(plan: Plan, lever: Lever) -> Lever:
    """A candidate as it acts in the plan's first year and later, for figures of all years: with the plan's rebound."""
    return with_rebound(plan, lever.model_copy(update={"start_year": plan.first_year}))
