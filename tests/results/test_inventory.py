"""What an inventory books, where and when: purchases, scopes and categories."""

import csv
import io

import numpy as np
from hypothesis import given, settings

from core import results
from core.plan import Plan, Workload
from core.results.scopes import by_scope
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
