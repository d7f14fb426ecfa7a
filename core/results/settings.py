"""What a workload's parts are in a year: the workload as levers make it, its grids, its machines, and their sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.catalog import Catalog, Hardware, Model, Region
from core.levers import acting, served
from core.plan import Workload
from core.plan.lever import Lever
from core.results.columns import fleet
from core.results.devices import sold_share
from core.results.drawing import Drawing
from core.results.figures import Results
from core.results.site import Ranged, find_region, merged, site_of

DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Setting:
    """One workload in one year. Without levers it has one part: itself."""

    workloads: tuple[Workload, ...]
    levers: tuple[Lever, ...]
    regions: tuple[Region, ...]
    machines: tuple[Hardware, ...]
    models: tuple[Model, ...]
    pues: tuple[Ranged, ...]

    @property
    def basis(self) -> str:
        """What the grid factors count: `direct`, `life_cycle`, or `mixed` where parts differ."""
        kinds = {counts_of(region) for region in self.regions}
        return kinds.pop() if len(kinds) == 1 else "mixed"

    @property
    def grid_sources(self) -> str:
        """Source keys of the grids."""
        return merged(*(region.source for region in self.regions))

    @property
    def making_sources(self) -> str:
        """Source keys of the machines' making."""
        return merged(*(machine.source_embodied for machine in self.machines))


def counts_of(region: Region) -> str:
    """Whether a grid's factor counts stack emissions alone or the life cycle."""
    return DIRECT if region.carbon_basis == DIRECT else "life_cycle"


def contract_counts(catalog: Catalog, workload: Workload) -> str:
    """What the factor of a workload's contract counts: `direct`, `life_cycle`, or nothing where nobody said.

    One that is neither typed nor a supplier's is the assumption's, wind over its life cycle.
    """
    supplier = catalog.suppliers.get(workload.supplier)
    if supplier is not None:
        return DIRECT if supplier.carbon_basis == DIRECT else "life_cycle"
    return "life_cycle" if workload.contract_g_per_kwh is None else ""


def settings(found: Results, workload: Workload) -> list[Setting]:
    """The setting of each year of the plan. What runs on users' devices stands in the workload's own grid."""
    catalog, plan = found.catalog, found.plan
    levers = acting(catalog, plan, workload)
    parts = served(catalog, plan, workload, levers)
    kept: dict[tuple[int, ...], Setting] = {}
    years = []
    for year in plan.years():
        places = tuple(n for n, part in enumerate(parts) if part.first_year <= year <= part.last_year)
        if places not in kept:
            mine = [parts[n] for n in places]
            there = [
                part.workload.but(region=workload.region) if sold_share(part) is not None else part.workload
                for part in mine
            ]
            active = dict.fromkeys(lever for part in mine for lever in part.levers)
            kept[places] = _setting(found, there, tuple(active))
        years.append(kept[places])
    return years


def _setting(found: Results, workloads: Sequence[Workload], levers: tuple[Lever, ...]) -> Setting:
    catalog, still = found.catalog, Drawing(found.plan, 0)
    regions = dict.fromkeys(r for w in workloads if (r := find_region(catalog, w.region)[0]) is not None)
    sites = [site for w in workloads if (site := site_of(catalog, w)) is not None]
    machines = {}
    for workload in workloads:
        candidates, picked = fleet(catalog, workload, still)
        central = candidates[int(picked[0])]
        machines[central.id] = central
    models = {w.model: catalog.models[w.model] for w in workloads}
    return Setting(
        tuple(workloads),
        levers,
        tuple(regions),
        tuple(machines.values()),
        tuple(models.values()),
        tuple(dict.fromkeys(site.pue for site in sites)),
    )
