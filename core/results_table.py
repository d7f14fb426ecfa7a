"""Results as a tidy CSV: one row per workload, year, stage and scope; location and market side by side on one row.

Carbon credits are a row of their own per year, of no workload and no scope, in a column of their own.
Columns follow the results table of the reporting schema. Full precision; an unknown figure is a blank cell, never 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from math import isnan

import numpy as np

from core.plan import Calibration, Plan, Workload
from core.plan.cells import cells
from core.plan.disarmed import csv_of, disarm
from core.plan.own import Own
from core.results import Results
from core.results.credits import credits_outside_kg
from core.results.draws import Floats
from core.results.projection import AS_TODAY
from core.results.sci import role_of, score
from core.results.scopes import HARDWARE_CATEGORY, SOLD_CATEGORY, electricity_scope
from core.units import KG_PER_T

COLUMNS = (
    "scenario_id", "scenario_version", "workload_id", "year", "stage", "ghg_scope", "scope3_category", "case",
    "energy_accelerator_kwh", "energy_it_kwh", "energy_facility_kwh", "water_site_l", "water_source_l",
    "carbon_location_kg", "carbon_market_kg", "carbon_location_p10_kg", "carbon_location_p90_kg",
    "cost_amount", "cost_currency", "carbon_cost_amount", "requests", "tokens_processed",
    "sci_role", "sci_unit", "sci_value", "input_row_hash", "method_version", "data_version", "credits_outside_kg",
    "energy_devices_outside_kwh", "carbon_devices_outside_kg",
)  # fmt: skip

# The two ways to book hardware are never mixed: the inventory's says so in the version of its method.
VIEWS = {"amortised": "", "purchase_year": "+purchase-year"}
NO_RANGE = "+grid-path-without-range"

TEXTS = frozenset({
    "scenario_id", "workload_id", "stage", "case", "cost_currency", "sci_role", "sci_unit", "input_row_hash",
    "method_version", "data_version",
})  # fmt: skip
NUMBERS = frozenset(COLUMNS) - TEXTS

NOTHING = (
    "energy_it_kwh", "energy_facility_kwh", "water_site_l", "water_source_l", "carbon_location_kg", "carbon_market_kg",
)  # fmt: skip
ENERGIES = ("energy_accelerator_kwh", "energy_it_kwh", "energy_facility_kwh")
DEVICES = "users_devices"
LEVER_WORK = "lever_work"  # a stage of its own: what levers take once or every year
CREDITS = "carbon_credits"  # the stage of a row that stands outside the inventory

Row = dict[str, str | int | float | None]


def write_results(results: Results) -> str:
    """The results of every workload of the plan, filters aside, as CSV text with LF line ends."""
    return csv_text(COLUMNS, rows(results))


def csv_text(columns: Sequence[str], found: Iterable[Mapping[str, str | int | float | None]]) -> str:
    """Rows under their header as CSV text with LF line ends; a column that a row lacks stays blank."""
    return csv_of(columns, found, cell)


def cell(value: str | int | float | None) -> str | int:
    """A cell of a file: full precision, blank where nothing is known, a text that no spreadsheet runs.

    >>> cell(0.1), cell(None), cell(float("nan")), cell(True), cell("=1")
    ('0.1', '', '', 'true', "'=1")
    """
    if isinstance(value, bool):
        return str(value).lower()
    if value is None or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, float):
        return repr(value)
    return disarm(value) if isinstance(value, str) else value


def method_of(results: Results) -> str:
    """The method's version, how hardware is booked, and that a grid path without a range moves later years."""
    plan = results.plan
    return results.method_version + VIEWS[plan.hardware_view] + ("" if plan.grid_path == "flat" else NO_RANGE)


def rows(results: Results) -> Iterator[Row]:
    """The rows of the table, workload by workload and year by year; years in which nothing runs are left out."""
    base: Row = {
        "scenario_id": scenario_id(results.plan),
        "scenario_version": 1,
        "case": "reference",
        "method_version": method_of(results),
        "data_version": results.data_version,
    }
    assumed = assumed_cells(results.plan)
    for place, workload in enumerate(results.workloads):
        own: list[Own | Calibration] = [*entries_used(results.plan, workload)]
        own += [c for c in (results.plan.calibration(workload.id),) if c]
        for when, year in enumerate(results.plan.years()):
            for part in _parts(results, workload, place, when):
                known = part["cost_amount"] is not None
                yield (
                    base
                    | part
                    | {
                        "workload_id": workload.id,
                        "year": year,
                        "cost_currency": "USD" if known else None,
                        "input_row_hash": row_hash(workload, year, str(part["stage"]), own, assumed),
                    }
                )
    yield from (base | row for row in _credits(results.plan))


def _parts(results: Results, workload: Workload, place: int, when: int) -> Iterator[Row]:
    """Electricity and hardware of a year in which the workload runs, and what its levers take themselves."""
    work = {name: values[place, when] for name, values in results.work.items()}
    worked = any(np.nan_to_num(draws).any() for draws in work.values())
    if results.values["held_h"][place, when, 0] > 0 or (worked and work["carbon_embodied_kg"].any()):
        yield _electricity(results, workload, place, when, work)
        yield _hardware(results, workload, place, when)
    if results.values["energy_devices_kwh"][place, when, 0] > 0:
        yield from _devices(results, workload, place, when)
    if worked:
        yield _work(results, workload, work)


def _credits(plan: Plan) -> Iterator[Row]:
    """The credits of each year that has any: nothing of them enters a column that anybody sums."""
    for year, kg in zip(plan.years(), credits_outside_kg(plan), strict=True):
        if kg > 0:
            yield dict.fromkeys(NOTHING, 0) | {
                "year": year,
                "stage": CREDITS,
                "sci_role": "none",
                "input_row_hash": sha256(f"{CREDITS}\x1f{year}\x1f{kg!r}".encode()).hexdigest(),
                "credits_outside_kg": float(kg),
            }


def scenario_id(plan: Plan) -> str:
    """A stable id from the plan's name.

    >>> scenario_id(Plan(name="Our plan, 2026"))
    'our-plan-2026'
    """
    return re.sub(r"[^a-z0-9]+", "-", plan.name.lower()).strip("-") or "plan"


def entries_used(plan: Plan, workload: Workload) -> list[Own]:
    """The plan's own entries that a workload rests on: by its fields, through its site, and its model's prices."""
    named = {workload.model, workload.hardware, workload.region, workload.supplier}
    named |= {site.region for site in plan.sites if site.id == workload.region}
    priced = [price.id for price in plan.prices if workload.hosting == "api" and price.model == workload.model]
    return [entry for _, entry in plan.own() if entry.id in {*named, *priced}]


def assumed_cells(plan: Plan) -> dict[str, str]:
    """What a plan assumes of later years, as in plan.csv; empty where it assumes nothing."""
    texts = cells(plan)
    return {name: texts[name] for name, usual in AS_TODAY.items() if getattr(plan, name) != usual}


def row_hash(
    workload: Workload,
    year: int,
    stage: str,
    own: Sequence[Own | Calibration] = (),
    assumed: Mapping[str, str] | None = None,
) -> str:
    """SHA-256 of what a row is about: the workload's cells as in plan.csv, its own entries', the year and the stage.

    What the plan assumes of later years counts too. With `case` it is the key of the table.
    """
    about = cells(workload) | {"year": str(year), "stage": stage} | dict(assumed or {})
    about |= {f"{_key(entry)} {name}": text for entry in own for name, text in cells(entry).items()}
    return sha256("\x1f".join(f"{name}={text}" for name, text in about.items()).encode()).hexdigest()


def _key(entry: Own | Calibration) -> str:
    return entry.id if isinstance(entry, Own) else entry.record


def _at_carbon_price(plan: Plan, carbon_kg: float) -> float | None:
    """Tonnes times the internal price; None where there is none."""
    price = plan.carbon_price_usd_per_t
    return None if price is None else carbon_kg / KG_PER_T * price


def _quantiles(draws: Floats) -> tuple[float, float]:
    low, high = np.quantile(draws[1:], (0.1, 0.9)) if len(draws) > 1 else (np.nan, np.nan)
    return float(low), float(high)


def _electricity(results: Results, workload: Workload, place: int, when: int, work: Mapping[str, Floats]) -> Row:
    at = {name: float(values[place, when, 0]) for name, values in results.values.items()}
    for name in ENERGIES:
        at[name] -= at["energy_devices_sold_kwh"]  # a row of its own
    for name in ("carbon_location_kg", "carbon_market_kg"):
        at[name] -= at["carbon_devices_sold_kg"]
    at |= {name: at[name] - float(draws[0]) for name, draws in work.items() if not name.startswith("carbon_embodied")}
    scope, category = electricity_scope(workload)
    draws = results.values["carbon_location_kg"][place, when] - results.values["carbon_devices_sold_kg"][place, when]
    low, high = _quantiles(draws - work.get("carbon_location_kg", 0.0))
    serving = workload.kind == "inference"
    tokens = at["input_tokens_year"] + at["output_tokens_year"]
    sci = score(results, (place,), results.plan.first_year + when, role_of(workload))
    return {
        "stage": workload.kind,
        "ghg_scope": scope,
        "scope3_category": category,
        "energy_accelerator_kwh": at["energy_accelerator_kwh"],
        "energy_it_kwh": at["energy_it_kwh"],
        "energy_facility_kwh": at["energy_facility_kwh"],
        "water_site_l": at["water_site_l"],
        "water_source_l": at["water_source_l"],
        "carbon_location_kg": at["carbon_location_kg"],
        "carbon_market_kg": at["carbon_market_kg"],
        "carbon_location_p10_kg": low,
        "carbon_location_p90_kg": high,
        "cost_amount": None if isnan(at["cost_usd"]) else at["cost_usd"],
        "carbon_cost_amount": at["carbon_cost_location_usd"],
        "requests": at["requests"] if serving else None,
        "tokens_processed": tokens,
        "sci_role": sci.role,
        "sci_unit": "g_per_million_tokens" if serving else "g_per_million_training_tokens",
        "sci_value": float(sci.per_m_tokens()[0]) if tokens > 0 else None,
    }


def _devices(results: Results, workload: Workload, place: int, when: int) -> list[Row]:
    """What runs on users' devices: those sold by the company, category 11, and the others, in columns of their own."""
    at = {name: float(values[place, when, 0]) for name, values in results.values.items() if "devices" in name}
    low, high = _quantiles(results.values["carbon_devices_sold_kg"][place, when])
    plain: Row = dict.fromkeys(NOTHING, 0) | {"stage": DEVICES, "sci_role": "none", "cost_amount": 0}
    sold: Row = plain | {
        "ghg_scope": 3,
        "scope3_category": SOLD_CATEGORY,
        "carbon_cost_amount": _at_carbon_price(results.plan, at["carbon_devices_sold_kg"]),
        **dict.fromkeys(ENERGIES, at["energy_devices_sold_kwh"]),
        **dict.fromkeys(("carbon_location_kg", "carbon_market_kg"), at["carbon_devices_sold_kg"]),
        "carbon_location_p10_kg": low,
        "carbon_location_p90_kg": high,
    }
    others: Row = plain | {
        "stage": f"{DEVICES}_outside",
        "energy_devices_outside_kwh": at["energy_devices_kwh"] - at["energy_devices_sold_kwh"],
        "carbon_devices_outside_kg": at["carbon_devices_kg"] - at["carbon_devices_sold_kg"],
    }
    rows = [sold] if at["energy_devices_sold_kwh"] > 0 else []
    return [*rows, others] if at["energy_devices_kwh"] > at["energy_devices_sold_kwh"] else rows


def _work(results: Results, workload: Workload, work: Mapping[str, Floats]) -> Row:
    """What levers take themselves: electricity and money; what is made for them is in the hardware's row."""
    scope, category = electricity_scope(workload)
    low, high = _quantiles(work["carbon_location_kg"])
    cost, names = float(work["cost_usd"][0]), ("energy_it_kwh", "energy_facility_kwh", "water_site_l", "water_source_l")
    amounts: Row = {name: float(work[name][0]) for name in (*names, "carbon_location_kg", "carbon_market_kg")}
    return amounts | {
        "stage": LEVER_WORK,
        "ghg_scope": scope,
        "scope3_category": category,
        "carbon_location_p10_kg": low,
        "carbon_location_p90_kg": high,
        "cost_amount": None if isnan(cost) else cost,
        "carbon_cost_amount": _at_carbon_price(results.plan, float(work["carbon_location_kg"][0])),
        "sci_role": "none",
    }


def _hardware(results: Results, workload: Workload, place: int, when: int) -> Row:
    """The hardware's making: one value in both columns, as scope 3 has one method.

    Its cost is in the other row, so 0 here; but where that is unknown this is too, lest a sum pass for the whole.
    """
    embodied = results.values["carbon_embodied_kg"][place, when]
    low, high = _quantiles(embodied)
    nothing: Row = dict.fromkeys(("energy_it_kwh", "energy_facility_kwh", "water_site_l", "water_source_l"), 0)
    return nothing | {
        "cost_amount": None if np.isnan(results.values["cost_usd"][place, when, 0]) else 0,
        "stage": "embodied_hardware",
        "carbon_cost_amount": _at_carbon_price(results.plan, float(embodied[0])),
        "ghg_scope": 3,
        "scope3_category": HARDWARE_CATEGORY[workload.hosting],
        "carbon_location_kg": float(embodied[0]),
        "carbon_market_kg": float(embodied[0]),
        "carbon_location_p10_kg": low,
        "carbon_location_p90_kg": high,
        "sci_role": "none",
    }
