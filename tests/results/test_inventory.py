"""What an inventory books, where and when: purchases, scopes and categories."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings

from core import results
from core.disclosure import rows
from core.plan import Plan, Target, Workload
from core.plan.lever import Lever
from core.plan.own import OwnRegion, OwnSupplier
from core.results.scopes import (
    by_scope,
    electricity_scope,
    inventory_kg,
    unlike_contracts,
    unmatched_kwh,
    without_upstream_kwh,
)
from core.results.site import find_region
from core.results_table import write_results
from tests.strategies import plans


def test_booked_in_the_year_of_purchase_or_spread_over_its_life_the_making_is_the_same_over_whole_lives():
    """Four years each, eight years, one fleet: what an inventory books adds up to what is spread."""
    steady = Workload(id="W1", hosting="own", installed_accelerators=8, lifetime_years=4)
    plan = Plan(first_year=2026, last_year=2033, workloads=(steady,))
    spread, booked = (results.of(plan.but(hardware_view=view), 16) for view in ("amortised", "purchase_year"))
    name = "carbon_embodied_kg"
    np.testing.assert_allclose(booked.values[name].sum(axis=1), spread.values[name].sum(axis=1), rtol=1e-12)
    assert (booked.values[name][0, :, 0] > 0).tolist() == [year in (2026, 2030) for year in plan.years()]
    for other in ("carbon_location_kg", "energy_facility_kwh", "cost_usd", "carbon_embodied_amortised_kg"):
        np.testing.assert_array_equal(booked.values[other], spread.values[other])


def test_what_is_hired_or_bought_as_a_service_stays_spread_in_the_inventory():
    plan = Plan(workloads=(Workload(id="W1", hosting="cloud"), Workload(id="W2", hosting="api", hardware="")))
    spread, booked = (results.of(plan.but(hardware_view=view), 16) for view in ("amortised", "purchase_year"))
    np.testing.assert_array_equal(booked.values["carbon_embodied_kg"], spread.values["carbon_embodied_kg"])


@given(plans(most=3))
@settings(max_examples=20)
def test_scopes_and_categories_add_up_to_the_total_with_hardware_by_each_method(plan):
    found = results.of(plan.but(business_unit="", tag="", boundary="with_hardware"), 4)
    lines = by_scope(found, plan.shown_year())
    for method in ("location", "market"):
        total = found.total(found.values[f"carbon_{method}_kg"] + found.values["carbon_embodied_kg"])
        parts = sum((getattr(line, f"{method}_kg") for line in lines), np.zeros(5))
        np.testing.assert_allclose(parts, total[found.place(plan.shown_year())], rtol=1e-9)


def test_the_results_file_says_which_view_of_the_hardware_it_holds():
    plan = Plan(workloads=(Workload(id="W1"),))
    spread, booked = (write_results(results.of(plan.but(hardware_view=v))) for v in ("amortised", "purchase_year"))
    assert "+purchase-year" not in spread
    assert booked.count("+purchase-year") == booked.count("\n") - 1


def test_every_hosting_has_its_scope_and_category():
    hostings = ("own", "colocation", "cloud", "api")
    plan = Plan(workloads=tuple(Workload(id=h, hosting=h, hardware="" if h == "api" else "H100-SXM") for h in hostings))
    found = [(p.scope, p.category, p.what, p.workloads) for p in by_scope(results.of(plan, 4), 2030)]
    assert found == [
        (2, None, "electricity", 2),
        (3, 1, "electricity", 2),
        (3, 1, "hardware", 2),
        (3, 2, "hardware", 2),
    ]


def test_the_internal_price_is_on_every_tonne_of_every_row():
    plan = Plan(workloads=(Workload(id="W1"),), carbon_price_usd_per_t=100)
    found = table_rows(write_results(results.of(plan)))
    assert {row["stage"] for row in found} == {"inference", "embodied_hardware"}
    for row in found:
        assert float(row["carbon_cost_amount"]) == float(row["carbon_location_kg"]) / 1_000 * 100


def table_rows(text):
    """The rows of a results file."""
    return list(csv.DictReader(io.StringIO(text)))


def of(*workloads, **fields):
    return results.of(Plan(**{"first_year": 2026, "last_year": 2027} | fields, workloads=workloads), 4)


def test_a_hired_hall_stands_in_scope_2_or_where_its_owner_controls_the_servers_in_category_8():
    yours, theirs = (Workload(id="W1", hosting="colocation", it_control=who) for who in ("own", "landlord"))
    here, there = (by_scope(of(w), 2026) for w in (yours, theirs))
    assert [(p.scope, p.category, p.what) for p in here] == [(2, None, "electricity"), (3, 2, "hardware")]
    assert [(p.scope, p.category, p.what) for p in there] == [(3, 2, "hardware"), (3, 8, "electricity")]
    np.testing.assert_array_equal(here[0].location_kg, there[1].location_kg)


def test_servers_in_a_hall_of_your_own_are_yours_to_control():
    assert electricity_scope(Workload(id="W1", hosting="own", it_control="landlord")) == (2, None)


def test_direct_and_life_cycle_factors_never_share_a_line():
    parts = by_scope(of(Workload(id="W1", region="USST-CA"), Workload(id="W2", region="DE")), 2026)
    assert [(p.scope, p.what, p.basis, p.workloads) for p in parts] == [
        (2, "electricity", "direct", 1), (2, "electricity", "life_cycle", 1), (3, "hardware", "", 2),
    ]  # fmt: skip


def test_a_lever_that_splits_the_work_over_both_bases_is_said():
    lever = Lever(id="geo_shift", choice="USST-CA", share=0.5, start_year=2027)
    found = of(Workload(id="W1", region="DE"), levers=(lever,))
    assert [by_scope(found, year)[0].basis for year in (2026, 2027)] == ["life_cycle", "mixed"]
    assert by_scope(found, 2027)[0].bases == ("direct", "life_cycle_production")


def test_fuel_supply_is_unknown_where_the_factor_is_direct_and_within_it_where_it_is_of_the_life_cycle():
    found = of(Workload(id="W1", region="USST-CA"), Workload(id="W2", region="DE"))
    assert without_upstream_kwh(found, 2026) == {"W1": float(found.values["energy_facility_kwh"][0, 0, 0])}


def test_what_no_contract_covers_takes_the_grids_average_unless_a_residual_mix_is_entered():
    half = ((2026, 0.25),)
    entry = OwnRegion(id="own:g", name="g", source="s", source_date="2026-01-01", carbon_g_per_kwh=((2026, 300.0),),
                      residual_g_per_kwh=((2026, 500.0),))  # fmt: skip
    found = of(
        Workload(id="W1", region="DE", contract_share=half), Workload(id="W2", region="own:g", contract_share=half),
        regions=(entry,),
    )  # fmt: skip
    kwh = found.values["energy_facility_kwh"][:, 0, 0]
    assert unmatched_kwh(found, 2026) == {"W1": pytest.approx(0.75 * kwh[0], rel=1e-12)}
    np.testing.assert_allclose(found.values["energy_contract_kwh"][:, 0, 0], 0.25 * kwh, rtol=1e-12)


@given(plans(most=2))
@settings(max_examples=10)
def test_contract_residual_mix_average_and_panels_make_the_whole(plan):
    found = results.of(plan, 1)
    v = found.values
    rest = v["energy_facility_kwh"] - v["energy_onsite_kwh"] - v["energy_contract_kwh"] - v["energy_no_residual_kwh"]
    known = np.array([find_region(found.catalog, w.region)[0].id in found.catalog.residual_by_year for w in
                      found.workloads]).reshape(-1, 1, 1)  # fmt: skip
    whole = v["energy_facility_kwh"] + 1e-9
    if not plan.levers:
        assert (np.abs(np.where(known, 0.0, rest)) <= 1e-9 * whole).all()
    assert (rest >= -1e-9 * whole).all()


def test_devices_that_you_sell_stand_outside_the_inventory_until_the_plan_counts_them():
    phone = Lever(id="on_device", choice="Apple-M1-Pro", value=0.5, share=0.5)
    w = Workload(id="W1", model="llama3.1-8b", precision="int4")
    for switch, outside in (("left_out", True), ("counted", False)):
        found = of(w, levers=(phone,), target=Target(sold_products=switch))
        parts = by_scope(found, 2026)
        sold = found.total(found.values["carbon_devices_sold_kg"])[0]
        whole = found.total(found.values["carbon_location_kg"] + found.values["carbon_embodied_kg"])[0]
        assert sold[0] > 0
        assert [p.counted for p in parts if p.category == 11] == [not outside]
        np.testing.assert_allclose(inventory_kg(found, 2026, "location"), whole - outside * sold, rtol=1e-12)


def test_a_contract_that_counts_another_thing_than_its_grid_is_said():
    share = ((2026, 1.0),)
    direct = OwnSupplier(id="own:d", name="d", source="s", source_date="2026-01-01", carbon_g_per_kwh=((2026, 0.0),),
                         carbon_basis="direct")  # fmt: skip
    found = of(
        Workload(id="wind_on_direct", region="USST-CA", contract_share=share),
        Workload(id="wind_on_life_cycle", region="DE", contract_share=share),
        Workload(id="typed", region="USST-CA", contract_share=share, contract_g_per_kwh=0.0),
        Workload(id="supplier_on_life_cycle", region="DE", contract_share=share, supplier="own:d"),
        Workload(id="supplier_on_direct", region="USST-CA", contract_share=share, supplier="own:d"),
        Workload(id="none", region="USST-CA"),
        suppliers=(direct,),
    )
    assert unlike_contracts(found, 2026) == ("wind_on_direct", "supplier_on_life_cycle")


@given(plans(most=3))
@settings(max_examples=10)
def test_category_3_is_never_added_on_top(plan):
    found = results.of(plan, 1)
    assert {part.category for part in by_scope(found, plan.shown_year())} <= {None, 1, 2, 8, 11}
    assert not any(row["scope3_category"] == 3 for row in rows(found, year=plan.shown_year()))


def test_a_workload_that_ended_before_the_plans_years_buys_nothing_under_a_lever_either():
    over = Workload(id="W1", last_year=2020)
    found = of(over, levers=(Lever(id="concise_output", value=0.5),), hardware_view="purchase_year")
    assert not found.values["carbon_embodied_kg"].any()


def test_a_lever_on_an_accelerator_that_nobody_knows_is_refused_in_words():
    found = of(Workload(id="W1", kind="fine_tuning", hardware="own:gone"), levers=(Lever(id="mixed_precision"),))
    reason = "under its levers, hardware is 'own:gone'; your own entry of that id is not in this plan"
    assert found.refused == {"W1": reason}
