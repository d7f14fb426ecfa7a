"""The place of each part of a workload's traffic under many sets of levers: site, grid, hardware's making, prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.engine import FootprintColumns
from core.plan import Workload
from core.results.columns import fleet
from core.results.drawing import Fields
from core.results.draws import Floats
from core.results.factored import Factored, Flags, Rows, factored, kinds_of
from core.results.lever_columns import MACHINE, PLACE, Moves
from core.results.lever_sets import Sets
from core.results.one import no_machine, no_place
from core.results.place_columns import embodied_kg, footprint_fields
from core.results.prices import price_fields
from core.results.purchases import stated_purchase_year
from core.results.site import Site, site_of

UNKNOWN = dict.fromkeys(FootprintColumns._fields, np.nan)
PAID_BY = (
    ("cloud", ("price_hire_usd_per_h",), MACHINE),
    ("api", ("price_input_usd_per_m_tokens", "price_cached_usd_per_m_tokens", "price_output_usd_per_m_tokens"),
     MACHINE | {"cached_share"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Places:
    """Columns of the footprint, a row per place, (places, years, 1 + draws), and which place each set has.

    `refused` are places that nobody knows; `bought_year` is the year that a place's hardware was bought in, NaN where
    nobody said it.
    """

    columns: FootprintColumns
    refused: Flags
    bought_year: Floats
    rows: Rows


def places_of(moves: Moves, sets: Sets) -> Places:
    """The places of the traffic that sets of levers make."""
    found = moves.variants(sets, PLACE)
    sites = [None if no_place(moves.catalog, one) else site_of(moves.catalog, one) for one in found.workloads]
    fields = [
        UNKNOWN if site is None else _fields(moves, w, site) for w, site in zip(found.workloads, sites, strict=True)
    ]
    columns = {name: factored([one[name] for one in fields], found.rows, moves.shape) for name in UNKNOWN}
    hostings = {str(workload.hosting) for workload in found.workloads}
    columns |= _beside(moves, sets, hostings, next((site for site in sites if site is not None), None))
    moves.changed(columns, "place", sets)
    wrong = factored(
        [float(site is None or out) for site, out in zip(sites, found.wrong, strict=True)], found.rows, (1, 1)
    )
    bought = found.each(lambda w: _or_nan(stated_purchase_year(moves.catalog, w)))
    firsts, kinds = kinds_of((*columns.values(), wrong, bought), len(sets))
    rows = [columns[name].at(firsts).whole() for name in UNKNOWN]
    return Places(FootprintColumns(*rows), wrong.at(firsts).central() > 0, bought.at(firsts).central(), kinds)


def _fields(moves: Moves, workload: Workload, site: Site) -> Fields:
    known = workload if not no_machine(moves.catalog, workload) else workload.model_copy(update={"hardware": ""})
    hardware = fleet(moves.catalog, known, moves.drawing)
    return footprint_fields(moves.catalog, moves.view, workload, site, *hardware, moves.drawing)


def _beside(moves: Moves, sets: Sets, hostings: set[str], site: Site | None) -> dict[str, Factored]:
    """The columns of the footprint that follow the accelerator and the model, of hostings that pay by them."""
    machines = moves.variants(sets, MACHINE)
    found = {"embodied_kg": factored([_making_kg(moves, w) for w in machines.workloads], machines.rows, moves.shape)}
    for hosting, names, fields in PAID_BY:
        if site is not None and hosting in hostings:
            some = moves.variants(sets, fields)
            prices = [price_fields(moves.catalog, w, site, moves.drawing) for w in some.workloads]
            found |= {name: factored([one[name] for one in prices], some.rows, moves.shape) for name in names}
    return found


def _making_kg(moves: Moves, workload: Workload) -> float | Floats:
    if no_machine(moves.catalog, workload):
        return np.nan
    return embodied_kg(moves.catalog, *fleet(moves.catalog, workload, moves.drawing), moves.drawing)


def _or_nan(year: int | None) -> float:
    return np.nan if year is None else float(year)
