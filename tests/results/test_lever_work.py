"""What levers take themselves, and use that grows: once or every year, shared out, and never silently nothing."""

import csv
import io

import numpy as np
import pytest

from core import catalog as facts
from core import link, results, results_table, table
from core.plan import Plan
from core.plan.lever import Lever
from core.results import effects, lever_work, parts, raised
from core.results.figures import NOT_IN_FIGURES
from core.results.under_levers import rebound_factor
from tests.results.plans import API, CLOUD, OWN, TRAIN

HALL = OWN.but(pue=1.25, region="DE", price_electricity_usd_per_kwh=0.2, price_purchase_usd=30_000.0)
FREE = {"once_days": 0.0, "once_usd": 0.0, "once_kwh": 0.0, "once_kg": 0.0}
WORKED = Lever(
    id="concise_output", value=0.8, start_year=2027, once_days=10.0, once_usd=5_000.0, once_kwh=2_000.0, once_kg=300.0,
    running_usd_per_year=700.0, running_kwh_per_year=100.0,
)  # fmt: skip


def plan_of(*workloads, **fields):
    return Plan(workloads=workloads, last_year=2029, price_engineering_usd_per_day=800.0, **fields)


def central(plan, name):
    return results.of(plan, 0).values[name][..., 0]


def test_what_a_lever_takes_is_counted_in_its_first_year_and_every_year_and_re_adds_to_the_total():
    plan = plan_of(HALL, levers=(WORKED,))
    free = plan.but(levers=(WORKED.but(**FREE, running_usd_per_year=0.0, running_kwh_per_year=0.0),))
    grid = facts.load().regions["DE"].carbon_g_per_kwh
    plug = np.array([0.0, 2_100.0, 100.0, 100.0])
    more = {name: (central(plan, name) - central(free, name))[0] for name in lever_work.TOTALS}
    np.testing.assert_allclose(more["energy_it_kwh"], plug, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(more["energy_facility_kwh"], plug * 1.25, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(more["carbon_location_kg"], plug * 1.25 * grid / 1000, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(more["carbon_embodied_kg"], [0, 300, 0, 0], rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(more["cost_levers_usd"], [0, 13_700, 700, 700])
    spent = np.array([0, 13_700, 700, 700]) + plug * 1.25 * 0.2
    np.testing.assert_allclose(more["cost_usd"], spent, rtol=1e-6, atol=1e-6)
    found = results.of(plan, 0)
    for name, values in found.work.items():
        np.testing.assert_allclose(values[0, :, 0], more[name], rtol=1e-6, atol=1e-6, err_msg=name)


def test_causes_and_ladder_have_a_line_of_their_own_for_it_and_still_add_up():
    found = results.of(plan_of(HALL, API, levers=(WORKED,)), 16)
    split = parts.by_cause_kg(found)
    np.testing.assert_allclose(sum(split.values()), found.total(found.carbon_kg()), rtol=1e-12)
    assert split[parts.LEVER_WORK][1, 0] > split[parts.LEVER_WORK][2, 0] > split[parts.LEVER_WORK][0, 0] == 0.0
    steps = parts.energy_ladder(found, 2027)
    assert [step.name for step in steps][-2:] == [parts.LEVER_WORK, "At the meter"]
    assert steps[-1].end_kwh == pytest.approx(found.total(found.values["energy_facility_kwh"])[1, 0], rel=1e-12)
    usual = results.of(plan_of(HALL), 0)
    assert usual.work == {}
    assert parts.LEVER_WORK not in parts.by_cause_kg(usual)


def test_the_file_of_results_has_a_row_for_it_and_the_rows_sum_to_the_total():
    plan = plan_of(HALL, levers=(WORKED,))
    found = results.of(plan)
    rows = list(csv.DictReader(io.StringIO(results_table.write_results(found))))
    mine = [row for row in rows if row["stage"] == "lever_work"]
    assert [(row["year"], row["ghg_scope"], row["energy_it_kwh"]) for row in mine] == [
        ("2027", "2", "2100.0"), ("2028", "2", "100.0"), ("2029", "2", "100.0"),
    ]  # fmt: skip
    for name, of in (
        ("carbon_location_kg", ("carbon_location_kg", "carbon_embodied_kg")),
        ("cost_amount", ("cost_usd",)),
    ):
        summed = sum(float(row[name]) for row in rows if row["year"] == "2027")
        assert summed == pytest.approx(sum(found.values[one][0, 1, 0] for one in of), rel=1e-12)


def test_a_lever_is_paid_for_once_however_many_workloads_it_acts_on():
    one, two = plan_of(HALL, levers=(WORKED,)), plan_of(HALL, API, CLOUD, TRAIN, levers=(WORKED,))
    assert lever_work.parts(two) == {"concise_output": 1 / 3}  # the training run answers nothing
    for plan in (one, two):
        assert central(plan, "cost_levers_usd").sum() == pytest.approx(13_700 + 2 * 700, rel=1e-12)


@pytest.mark.parametrize(("lever", "most"), [(Lever(id="layer_prune", value=0.0), 0), (Lever(id="layer_prune"), 20)])
def test_a_lever_at_rest_takes_nothing_and_one_that_acts_the_catalogs_estimate(lever, most):
    found = results.of(plan_of(OWN.but(model="llama2-70b"), levers=(lever,)), 0)
    assert (found.work["energy_it_kwh"][0, :, 0].tolist() if found.work else [0] * 4) == [most, 0, 0, 0]


def test_the_ranges_of_estimates_are_drawn_and_what_is_entered_is_certain():
    found = results.of(plan_of(OWN.but(model="llama2-70b"), levers=(Lever(id="layer_prune"),)), 256)
    low, mid, high = results.interval(found.work["energy_it_kwh"][0, 0])
    assert (low, mid, high) == pytest.approx((5, 20, 50), rel=0.03)
    entered = results.of(plan_of(HALL, levers=(WORKED,)), 16).work["energy_it_kwh"][0, 1]
    assert set(entered.tolist()) == {2_100.0}


def test_a_tonne_avoided_costs_the_change_of_cost_over_the_carbon_avoided():
    plan, lever = plan_of(HALL), WORKED.but(once_kwh=20.0, once_kg=1.0, running_kwh_per_year=2.0)
    found = effects.effect_alone(plan, lever)
    usual, now = (results.of(p, 0) for p in (plan, plan.but(levers=(lever,))))
    more_usd = (now.values["cost_usd"] - usual.values["cost_usd"])[0, :, 0].sum()
    avoided_t = (usual.carbon_kg() - now.carbon_kg())[0, :, 0].sum() / 1000
    assert found.usd_per_t == pytest.approx(more_usd / avoided_t, rel=1e-9)
    assert found.difference_kg == pytest.approx((now.carbon_kg() - usual.carbon_kg())[0, 3, 0], rel=1e-9)


def test_a_cost_that_nobody_named_is_unknown_and_never_nothing():
    assert np.isnan(effects.effect_alone(plan_of(HALL), Lever(id="lifetime", value=8.0)).usd_per_t)
    unpriced = effects.effect_alone(plan_of(OWN), WORKED.but(running_kwh_per_year=None, once_kwh=None))
    assert unpriced.is_priced
    assert np.isnan(unpriced.usd_per_t)


def test_shares_hold_what_each_lever_takes_and_re_add_to_the_plan():
    plan = plan_of(HALL, API, levers=(WORKED, Lever(id="ptq_w4a16"), Lever(id="semantic_cache", elasticity=0.5)))
    split = effects.shares(plan)
    usual, now = (results.of(p, 0) for p in (plan.as_usual(), plan))
    change = [float(one.total(one.carbon_kg())[3, 0]) for one in (usual, now)]
    assert (split.before_kg, split.after_kg) == pytest.approx(tuple(change), rel=1e-12)
    assert sum(split.shapley_kg.values()) + split.rebound_kg == pytest.approx(change[1] - change[0], rel=1e-9)
    assert split.rebound_kg > 0


@pytest.mark.parametrize(("elasticity", "grown"), [(0.0, 1.0), (0.5, 1.25), (1.0, 1.5), (2.0, 2.0)])
def test_at_an_elasticity_of_one_half_the_cost_makes_half_as_many_requests_more(elasticity, grown):
    bought = API.but(input_tokens=1.0, price_input_usd_per_m_tokens=0.0, price_output_usd_per_m_tokens=4.0)
    view = Plan(workloads=(bought,)).model_copy(update=NOT_IN_FIGURES)
    lever = Lever(id="concise_output", value=0.5, elasticity=elasticity)
    assert rebound_factor(view, bought, lever) == pytest.approx(grown, rel=1e-12)
    plan = Plan(workloads=(bought,), levers=(lever,))
    usual, now = (results.of(p, 0).values for p in (plan.as_usual(), plan))
    np.testing.assert_allclose(now["requests"], usual["requests"] * grown, rtol=1e-12)
    np.testing.assert_allclose(now["cost_usd"] - now["cost_levers_usd"], usual["cost_usd"] * grown / 2, rtol=1e-12)


def test_electricity_stands_for_a_cost_that_is_unknown_and_a_rise_lowers_no_demand():
    plan = Plan(workloads=(OWN,))
    view = plan.model_copy(update=NOT_IN_FIGURES)
    lever = Lever(id="concise_output", value=0.5, elasticity=1.0)
    usual, now = (results.of(p, 0).values for p in (plan, plan.but(levers=(lever.but(elasticity=0.0),))))
    fall = 1 - now["energy_facility_kwh"].sum() / usual["energy_facility_kwh"].sum()
    assert np.isnan(usual["cost_usd"]).any()
    assert rebound_factor(view, OWN, lever) == pytest.approx(1 + fall, rel=1e-12)
    assert rebound_factor(view, OWN, Lever(id="smaller_model", choice="llama3.1-405b", elasticity=1.0)) == 1.0


def test_costs_and_elasticity_travel_in_link_and_file_and_typed_money_does_not_leave_unasked():
    plan = plan_of(HALL, levers=(WORKED.but(elasticity=0.4),))
    assert link.decode(link.encode(plan)).plan == plan
    assert table.read_plan(table.write_plan(plan)).plan == plan
    bare = plan.without_prices()
    assert plan.priced()
    assert bare.price_engineering_usd_per_day is None
    assert bare.levers == (WORKED.but(elasticity=0.4, once_usd=None, running_usd_per_year=None),)


def test_a_wrong_cost_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="once_kwh is -1; it must lie in"):
        Lever(id="distill", choice="llama3.1-8b", once_kwh=-1.0)
    with pytest.raises(ValueError, match=r"elasticity is 5; it must lie in \[0, 3\]"):
        Lever(id="distill", choice="llama3.1-8b", elasticity=5.0)


def test_where_a_lever_adds_by_what_it_takes_itself_that_is_the_reason_told():
    plan = plan_of(HALL)
    found = raised.why(plan, Lever(id="concise_output", value=0.99, running_kwh_per_year=50_000.0))
    assert (found.workload, found.part, found.terms) == (HALL.name, "taken", ())
