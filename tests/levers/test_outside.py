"""Carbon credits stand outside every total; a bundle is exactly its parts and never stands beside one of them."""

import csv
import io

import numpy as np
import pytest

from core import catalog as facts
from core import link, results, table
from core.levers import BUNDLES, conflicts
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import effects
from core.results.credits import credits_outside_kg
from core.results_table import write_results

CATALOG = facts.load()
CREDITS = Lever(id="offsets", value=250.0)
OWN = Workload(id="W1", hosting="own", model="llama3.3-70b", hardware="H100-SXM", region="DE", peak_to_mean=3.0,
               installed_accelerators=16)  # fmt: skip
SUMMED = ("energy_facility_kwh", "water_site_l", "water_source_l", "carbon_location_kg", "carbon_market_kg")


def rows(plan):
    return list(csv.DictReader(io.StringIO(write_results(results.of(plan)))))


@pytest.mark.parametrize("view", ["amortised", "purchase_year"])
def test_credits_move_no_figure_by_a_bit(view):
    plan = example_plan().but(hardware_view=view)
    usual, now = results.of(plan), results.of(plan.but(levers=(CREDITS,)))
    assert set(usual.values) == set(now.values)
    for name in usual.values:
        np.testing.assert_array_equal(now.values[name], usual.values[name])


def test_credits_are_tonnes_a_year_from_their_first_year_on():
    plan = Plan(levers=(CREDITS.but(start_year=2028), Lever(id="offsets.2", value=50.0, share=0.5)))
    assert credits_outside_kg(plan).tolist() == [25_000.0, 25_000.0] + [275_000.0] * 8
    assert not credits_outside_kg(Plan()).any()


def test_credits_are_a_row_of_no_scope_that_no_sum_takes_in():
    plan = example_plan()
    usual, now = rows(plan), rows(plan.but(levers=(CREDITS,)))
    assert [row for row in now if row["stage"] != "carbon_credits"] == usual
    mine = [row for row in now if row["stage"] == "carbon_credits"]
    assert [row["year"] for row in mine] == [str(year) for year in plan.years()]
    assert {row["credits_outside_kg"] for row in mine} == {"250000.0"}
    assert {(row["workload_id"], row["ghg_scope"]) for row in mine} == {("", "")}
    assert {row[name] for row in mine for name in SUMMED} == {"0"}
    assert {row["credits_outside_kg"] for row in usual} == {""}


def test_credits_travel_in_link_and_file_and_save_nothing():
    plan = example_plan().but(levers=(CREDITS,))
    assert link.decode(link.encode(plan)).plan == plan
    assert table.read_plan(table.write_plan(plan)).plan == plan
    alone = effects.effect_alone(plan, CREDITS)
    assert (alone.difference_kg, alone.low_kg, alone.high_kg, alone.adds_share) == (0.0, 0.0, 0.0, 0.0)
    split = effects.shares(plan)
    assert (split.shapley_kg, split.overlap_kg) == ({"offsets": 0.0}, 0.0)


def test_a_move_to_a_large_provider_is_its_three_parts_to_the_last_bit():
    bundle = (Lever(id="consolidation", value=1.14, choice="B200"),)
    parts = (Lever(id="newer_gpu", choice="B200"), Lever(id="utilisation", value=1.3), Lever(id="pue", value=1.14))
    free = [tuple(one.but(once_days=0.0) for one in levers) for levers in (bundle, parts)]
    whole, summed = (results.of(Plan(workloads=(OWN,), levers=levers)) for levers in free)
    usual = results.of(Plan(workloads=(OWN,)))
    for name in whole.values:
        np.testing.assert_array_equal(whole.values[name], summed.values[name])
    assert whole.values["accelerators_installed"][0, 0, 0] < usual.values["accelerators_installed"][0, 0, 0]
    at_meter, at_plug = (whole.values[f"energy_{step}_kwh"][0, 0, 0] for step in ("facility", "it"))
    assert at_meter == pytest.approx(at_plug * 1.14, rel=1e-12)


@pytest.mark.parametrize("part", BUNDLES["consolidation"])
def test_a_bundle_is_refused_beside_each_of_its_parts_by_name(part):
    kind = CATALOG.levers[part]
    plan = Plan(workloads=(OWN,), levers=(Lever(id="consolidation", choice="B200"), effects.usual(kind)))
    assert conflicts(CATALOG, plan) == [
        f"“Move to a large provider” and “{kind.name}” exclude each other on New workload: “Move to a large provider” "
        f"is several levers at once and holds “{kind.name}” already. Neither acts there."
    ]
    now, usual = (results.of(one, 0) for one in (plan, plan.as_usual()))
    np.testing.assert_array_equal(now.values["energy_facility_kwh"], usual.values["energy_facility_kwh"])
