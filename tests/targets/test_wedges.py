"""What levers cut in their turn, the growth lens and what would close the gap: sums, order, and cases by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plan.lever import Lever
from core.results.figures import of
from core.results.inventory_view import as_inventory
from core.targets.closing import closing, needed_factor, parts_of_year
from core.targets.judged import judged
from core.targets.lens import electricity_growth_pct, growth_lens, yearly_pct
from core.targets.tracked import ALL_SCOPES
from core.targets.wedges import wedges
from tests.targets.plans import plan, rows

SOME = (
    Lever(id="renewable_mb", value=0.5),
    Lever(id="pue", start_year=2028),
    Lever(id="concise_output"),
    Lever(id="ptq_fp8", share=0.6),
    Lever(id="offsets"),
)
SMALL = rows(s2l=20.0, s2m=20.0, s3=0.1)


@settings(max_examples=6, deadline=None)
@given(st.lists(st.sampled_from(SOME), unique=True), st.sampled_from(["location", "market"]))
def test_as_usual_and_every_wedge_make_the_plan(levers, basis):
    one = plan(levers=levers)
    found = judged(one)
    for scope in ("2", "3"):
        added = found.usual_scopes[scope].on(basis)[:, 0] + np.sum([w.on(basis, scope) for w in wedges(one)], axis=0)
        np.testing.assert_allclose(added, found.scopes[scope].on(basis)[:, 0], rtol=1e-9, atol=1e-6)


def test_wedges_come_in_the_order_of_composition_with_contracts_last_and_none_for_credits():
    found = wedges(plan(levers=SOME))
    assert [one.lever.id for one in found] == ["concise_output", "ptq_fp8", "pue", "renewable_mb"]
    assert [one.procurement for one in found] == [False, False, False, True]


def test_a_contract_moves_the_market_based_figures_alone():
    contract = wedges(plan(levers=SOME))[-1]
    assert contract.on("location") == [0.0] * 7
    assert all(kg < 0.0 for kg in contract.on("market"))


def test_a_lever_cuts_nothing_before_its_first_year():
    site = wedges(plan(levers=SOME))[2]
    assert site.on("location")[:2] == [0.0, 0.0]
    assert site.on("location")[2] < 0.0


def test_the_lens_counts_tokens_of_answers_and_carbon_a_thousand_of_them():
    one = plan()
    found, results = growth_lens(one), of(as_inventory(one))
    for place, year in enumerate(range(2026, 2033)):
        tokens = kg = kwh = 0.0
        for w in range(2):
            tokens += sum(results.values[n][w, place, 0] for n in ("input_tokens_year", "output_tokens_year"))
            kg += sum(results.values[n][w, place, 0] for n in ("carbon_location_kg", "carbon_embodied_kg"))
            kwh += results.values["energy_facility_kwh"][w, place, 0]
        assert (found[place].year, found[place].tokens) == (year, pytest.approx(tokens))
        assert found[place].energy_facility_kwh == pytest.approx(kwh)
        assert found[place].carbon_kg == pytest.approx(kg)
        assert found[place].intensity_g_per_1000_tokens == pytest.approx(kg * 1e3 / (tokens / 1e3))


def test_growth_of_electricity_is_the_yearly_mean_of_own_servers():
    kwh = of(as_inventory(plan())).values["energy_facility_kwh"][1, :, 0]
    assert electricity_growth_pct(plan(), 2031) == pytest.approx(((kwh[5] / kwh[0]) ** (1 / 5) - 1) * 100)
    assert np.isnan(electricity_growth_pct(plan(workloads=("W1",)), 2031))


def test_what_closes_the_gap_closes_it_and_what_cannot_says_so():
    one = plan(SMALL)
    for scope in ("1+2", "3"):
        found, at = closing(one, scope), judged(one).milestone(scope, 2031)
        parts = parts_of_year(one, 2031, tuple(scope.split("+")))
        electricity_kg, hardware_kg = float(parts.electricity_kg[0]), float(parts.hardware_kg[0])
        by_thing = {
            "Demand": electricity_kg + hardware_kg,
            "Energy per token": electricity_kg,
            "Carbon of the electricity": electricity_kg,
            "Making of the hardware": hardware_kg,
        }
        assert found.gap_kg == pytest.approx(at.central_kg - at.allowed_kg)
        for need in found.needs:
            if need.possible:
                left_kg = at.central_kg - (1.0 - need.factor) * by_thing[need.what]
                assert left_kg == pytest.approx(at.allowed_kg)
                assert (1 + need.yearly_pct / 100) ** 5 == pytest.approx(need.factor)
                assert need.needed == pytest.approx(need.now * need.factor)
            else:
                assert at.central_kg - by_thing[need.what] > at.allowed_kg
                assert need.note == "not possible alone"


def test_demand_cut_to_what_is_needed_closes_the_gap_when_the_engine_computes_it_anew():
    bought = plan(rows(s3=0.05), workloads=("W1",))
    (need, *_) = closing(bought, "3").needs
    w = bought.workload("W1")
    less = bought.with_workload("W1", requests_per_day=w.requests_per_day * need.factor)
    assert need.what == "Demand"
    assert judged(less).milestone("3", 2031).gap_kg == pytest.approx(0.0, abs=1e-6 * 50.0)


def met_when_scaled(one, what, factor):
    """Share of draws in which every line is met where a thing comes to a factor, counted draw by draw."""
    met = []
    for draw in range(1, 257):
        lines = []
        for line in judged(one).lines:
            parts = parts_of_year(one, 2031, tuple(line.scope.split("+")))
            electricity_kg, hardware_kg = parts.electricity_kg[draw], parts.hardware_kg[draw]
            kg = line.plan.location_kg[5, draw]
            scaled = {"Demand": electricity_kg + hardware_kg, "Carbon of the electricity": electricity_kg}[what]
            lines.append(kg - (1.0 - factor) * scaled <= line.allowed_kg[5] * (1 + 1e-12))
        met.append(all(lines))
    return sum(met) / len(met)


@pytest.mark.parametrize("what", ["Demand", "Carbon of the electricity"])
def test_a_need_says_in_how_many_draws_it_is_met_and_what_nine_of_ten_would_take(what):
    one = plan(rows(s2l=25.0, s2m=25.0, s3=1.0)).but(points="256")
    need = {found.what: found for found in closing(one).needs}[what]
    assert need.low_factor < need.factor < need.high_factor < 1.0
    assert need.met_share == met_when_scaled(one, what, need.factor)
    assert met_when_scaled(one, what, need.low_factor) == pytest.approx(0.9, abs=1 / 256)
    assert met_when_scaled(one, what, need.high_factor) == pytest.approx(0.1, abs=1 / 256)


def test_what_cannot_close_the_gap_says_how_often_none_of_it_would():
    company = [*rows("company", s1=10.0, s2l=10.0, s3=500.0), *rows(s2l=1.0, s3=1.0)]
    found = closing(plan(company, mode="company"), "3")
    demand = {need.what: need for need in found.needs}["Demand"]
    assert (demand.factor, demand.met_share) == (None, 0.0)
    assert demand.low_factor < demand.high_factor < 0.0


def test_the_engine_computed_anew_meets_in_as_many_draws_as_the_need_says():
    bought = plan(rows(s3=0.05), workloads=("W1",))
    (need, *_) = closing(bought, "3").needs
    w = bought.workload("W1")
    less = bought.with_workload("W1", requests_per_day=w.requests_per_day * need.factor)
    assert judged(less).milestone("3", 2031).met_share == pytest.approx(need.met_share, abs=1 / 2048)
    assert need.low_factor < need.factor < need.high_factor


def test_a_wedge_has_the_range_of_the_difference_in_the_same_draws():
    one = plan(levers=(Lever(id="concise_output"), Lever(id="ptq_fp8", share=0.6)))
    (first, second), view = wedges(one), as_inventory(one)
    for wedge, before, after in ((first, (), one.levers[:1]), (second, one.levers[:1], one.levers)):
        was, now = (of(view.model_copy(update={"levers": some})) for some in (before, after))
        kg = [sum(found.values[n].sum(axis=0) for n in ("carbon_location_kg", "carbon_embodied_kg"))
              for found in (was, now)]  # fmt: skip
        drawn = wedge.drawn_on("location")
        np.testing.assert_allclose(drawn, kg[1] - kg[0], rtol=1e-9, atol=1e-6)
        assert drawn.shape == (7, 257)
        assert wedge.on("location") == list(drawn[:, 0])


def test_all_lines_are_closed_by_the_hardest_of_them():
    one = plan(SMALL)
    both, third, every = (closing(one, scope) for scope in ("1+2", "3", ALL_SCOPES))
    demand = [{need.what: need for need in found.needs}["Demand"] for found in (both, third, every)]
    assert every.gap_kg == pytest.approx(both.gap_kg + third.gap_kg)
    assert demand[2].factor == min(demand[0].factor, demand[1].factor)
    making = {need.what: need for need in every.needs}["Making of the hardware"]
    assert not making.possible  # none of it is in scope 2


def test_a_plan_under_its_line_has_nothing_to_close():
    found = closing(plan(rows(s2l=1e6, s3=1e6)))
    assert (found.gap_kg < 0.0, found.needs) == (True, ())
    assert closing(plan(target_year=None)) is None


def test_the_factor_by_hand():
    assert needed_factor(100.0, 80.0, 60.0) == pytest.approx(0.5)
    assert needed_factor(100.0, 20.0, 60.0) < 0.0
    assert yearly_pct(0.25, 2) == pytest.approx(-50.0)


def test_a_company_may_close_its_gap_by_the_rest_alone():
    company = [*rows("company", s1=10.0, s2l=10.0, s3=500.0), *rows(s2l=1.0, s3=1.0)]
    found = closing(plan(company, mode="company"), "3")
    rest = {need.what: need for need in found.needs}["Rest of the inventory"]
    assert rest.now == pytest.approx(499.0)
    assert rest.needed == pytest.approx(499.0 - found.gap_kg / 1e3)
    assert not {need.what: need for need in found.needs}["Demand"].possible
