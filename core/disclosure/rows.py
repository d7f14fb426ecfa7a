"""The plan as disclosure rows: one a workload, year, stage and scope, a factor times an activity on each.

Figures are the central case of the plan, every workload, filters aside. What is not known is blank, never 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import numpy as np

from core.catalog import Catalog
from core.disclosure.words import (
    GRADE_SCORES,
    PREPARED,
    ended,
    grid_sources,
    instrument,
    market_sources,
    note_of,
    provider,
    sources,
)
from core.plan import Plan, Workload
from core.results import Results
from core.results.near import near
from core.results.purchases import OWNED
from core.results.scopes import HARDWARE_CATEGORY, SOLD_CATEGORY, counts_sold_products, electricity_scope
from core.results.settings import Setting, settings
from core.results.site import merged
from core.results_table import method_of, scenario_id
from core.table import write_plan

Row = dict[str, str | int | float | bool | None]

PLAN_FILE = "glidepath_plan.csv"
GPU_HOUR, KWH, FLEET = "GPU.h", "kW.h", "fleet.a"
WARMING = "AR5_GWP100"
SERVER = "embodied_server_share_kg"
FIRST_DAY, LAST_DAY = "01-01", "12-31"


def rows(found: Results, kept: Plan | None = None, year: int | None = None) -> Iterator[Row]:
    """The rows, workload by workload and year by year; years in which nothing runs are left out.

    `kept` is the plan as its file holds it, where the figures are another view of it; `year` asks for that year alone.
    """
    base = _base(found, kept or found.plan)
    years = [(when, one) for when, one in enumerate(found.plan.years()) if year in (None, one)]
    for place, workload in enumerate(found.workloads):
        every = settings(found, workload)
        for when, calendar in years:
            one = _Year(found, workload, place, when, every[when])
            same = base | one.said()
            for part in one.parts():
                yield same | part | {"origin_correlation_id": _key(base, workload, calendar, part)}


def _base(found: Results, kept: Plan) -> Row:
    """What every row says alike."""
    return {
        "scenario_id": scenario_id(found.plan),
        "scenario_version": 1,
        "ef_version": found.data_version,
        "gwp_basis": WARMING,
        "cost_currency": "USD",
        "internal_carbon_price_per_t": found.plan.carbon_price_usd_per_t,
        "value_type": "modelled",
        "data_quality_type": "Estimated",
        "source_file": PLAN_FILE,
        "source_sha256": sha256(write_plan(kept).encode()).hexdigest(),
        "method_version": method_of(found),
        "prepared_by": PREPARED,
        "review_status": "draft",
    }


def _key(base: Row, workload: Workload, year: int, part: Row) -> str:
    """An id that survives export and import: scenario, workload, year, stage, scope and category."""
    category = part.get("scope3_category")
    scope = f"{part['ghg_scope']}|{'' if category is None else category}"
    return f"{base['scenario_id']}|{workload.id}|{year}|{part['stage']}|{scope}|"


class _Year:
    """One workload in one year."""

    def __init__(self, found: Results, workload: Workload, place: int, when: int, setting: Setting) -> None:
        self.found, self.workload, self.setting = found, workload, setting
        self.place, self.when = place, when
        self.year = found.plan.first_year + when

    @property
    def catalog(self) -> Catalog:
        return self.found.catalog

    def draws(self, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        """A figure's draws; the central case first."""
        return np.asarray(self.found.values[name][self.place, self.when])

    def at(self, name: str) -> float:
        """A figure's central case."""
        return float(self.draws(name)[0])

    def said(self) -> Row:
        """What every row of the year says alike."""
        workload, close = self.workload, near(self.found, self.workload, self.year)
        return {
            "workload_id": workload.id,
            "year": self.year,
            "workload_name": workload.name,
            "organizational_unit": workload.business_unit or "not stated",
            "facility_or_provider": provider(self.catalog, workload),
            "hosting": workload.hosting,
            "period_start": f"{self.year}-{FIRST_DAY}",
            "period_end": f"{self.year}-{LAST_DAY}",
            "model_name": "; ".join(model.name for model in self.setting.models),
            "data_quality_score": GRADE_SCORES.get(close.grade) if close else None,
        }

    def parts(self) -> Iterator[Row]:
        """Electricity, making of the hardware, and what runs on devices that the company sells."""
        if self.at("energy_facility_kwh") - self.at("energy_devices_sold_kwh") > 0:
            yield self._electricity()
        if self.at("carbon_embodied_kg") > 0:
            yield self._hardware()
        if self.at("energy_devices_sold_kwh") > 0 and counts_sold_products(self.found.plan):
            yield self._sold()

    def _electricity(self) -> Row:
        scope, category = electricity_scope(self.workload)
        sold_kwh, sold_kg = self.at("energy_devices_sold_kwh"), self.at("carbon_devices_sold_kg")
        it, facility = self.at("energy_it_kwh") - sold_kwh, self.at("energy_facility_kwh") - sold_kwh
        serving, setting = self.workload.kind == "inference", self.setting
        years = {region.carbon_year for region in setting.regions}
        kind, matching = instrument(self.catalog, self.workload, setting, self.year)
        contracted = market_sources(self.catalog, self.workload, setting, self.year)
        cost = self.at("cost_usd")
        read = self.at("input_tokens_year")
        return {
            "stage": self.workload.kind,
            "ghg_scope": scope,
            "scope3_category": category,
            "requests": self.at("requests") if serving else None,
            "input_tokens_total": read if read > 0 else None,
            "input_tokens_cached": self.at("cached_tokens_year") if serving else None,
            "output_tokens_total": self.at("output_tokens_year") if serving else None,
            "gpu_hours": self.at("held_h"),
            "energy_it_kwh": it,
            "energy_boundary": "modelled",
            "pue": facility / it,
            "energy_facility_kwh": facility,
            "pue_already_included": False,
            "wue_site_l_per_kwh_it": self.at("water_site_l") / it,
            "water_source_l_per_kwh": self.at("water_source_l") / facility,
            "grid_zone": "; ".join(region.id for region in setting.regions),
            "ef_location_kg_per_kwh": (self.at("carbon_location_kg") - sold_kg) / facility,
            "ef_market_kg_per_kwh": (self.at("carbon_market_kg") - sold_kg) / facility,
            "ef_scope_basis": setting.basis if setting.basis != "mixed" else None,
            "ef_source": grid_sources(self.found, setting, contracted),
            "ef_data_year": years.pop() if len(years) == 1 else None,
            "contractual_instrument": kind,
            "matching_granularity": matching,
            "cost_amount": None if np.isnan(cost) else cost,
            "method_id": "training" if not serving else "inference",
            "note": note_of(self.found, self.workload, setting, self.year),
        } | ended(self.draws("energy_facility_kwh") - self.draws("energy_devices_sold_kwh"))

    def _hardware(self) -> Row:
        """Making of the hardware; its cost is in the electricity's row."""
        unpriced = bool(np.isnan(self.at("cost_usd")))
        booked = self.workload.hosting in OWNED and self.found.plan.hardware_view == "purchase_year"
        making_kg, held_h = self.at("carbon_embodied_kg"), self.at("held_h")
        by_hour = held_h > 0 and not booked
        quantity = self.draws("held_h") if by_hour else self.draws("carbon_embodied_kg")
        view = "purchase_year" if booked else "amortised"
        row: Row = {
            "stage": "embodied_hardware",
            "ghg_scope": 3,
            "scope3_category": HARDWARE_CATEGORY[self.workload.hosting],
            "gpu_hours": held_h if by_hour else None,
            "ef_activity_kg_per_unit": making_kg / held_h if by_hour else making_kg,
            "ef_activity_unit": GPU_HOUR if by_hour else FLEET,
            "ef_source": sources(
                self.catalog, merged(self.setting.making_sources, self.catalog.assumptions[SERVER].source)
            ),
            "embodied_treatment": view,
            "cost_amount": None if unpriced else 0.0,
            "method_id": f"making_{view}",
            "note": "quantity: gpu_hours" if by_hour else "quantity: 1, the year's fleet",
        }
        return row | ended(quantity)

    def _sold(self) -> Row:
        """Electricity of devices that the company sells: their users pay it."""
        kwh, kg = self.at("energy_devices_sold_kwh"), self.at("carbon_devices_sold_kg")
        return {
            "stage": self.workload.kind,
            "ghg_scope": 3,
            "scope3_category": SOLD_CATEGORY,
            "energy_it_kwh": kwh,
            "energy_boundary": "modelled",
            "pue": 1.0,
            "energy_facility_kwh": kwh,
            "pue_already_included": False,
            "grid_zone": "; ".join(region.id for region in self.setting.regions),
            "ef_location_kg_per_kwh": kg / kwh,
            "ef_market_kg_per_kwh": kg / kwh,
            "ef_scope_basis": self.setting.basis if self.setting.basis != "mixed" else None,
            "ef_source": grid_sources(self.found, self.setting),
            "cost_amount": 0.0,
            "method_id": "use_of_sold_products",
            "note": "power of devices that the company sells; their users' contracts are unknown",
        } | ended(self.draws("energy_devices_sold_kwh"))
