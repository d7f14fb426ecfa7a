"""Measured beside planned: the parts add up, blame what changed, and are never made up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import results
from core.plan import Actual
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.targets.actuals import beside_plan, period_share, planned_amounts, totals
from core.targets.explained import explained, undividable
from tests import naive_actuals

PLAN = example_plan()
MARCH = {"year": 2026, "month": 3, "source": "meter"}
FULL = {"requests": 250_000, "energy_facility_kwh": 4_200, "carbon_location_kg": 1_500}
AMOUNT = st.floats(0.01, 1e6)
RUNGS = st.integers(1, 4).flatmap(lambda n: st.tuples(*[st.lists(AMOUNT, min_size=n, max_size=n)] * 2))


def beside(workload="W2", plan=PLAN, **fields):
    (found,) = beside_plan(plan.but(actuals=(Actual(id="A1", workload=workload, **MARCH | fields),)))
    return found


def of(found, quantity):
    return next(one for one in found.compared if one.quantity == quantity)


def causes(found, quantity):
    return [part.causes for part in of(found, quantity).parts]


def split(planned, measured):
    return explained([np.array([value]) for value in planned], measured)[:, 0]


@given(RUNGS)
@settings(max_examples=30)
def test_the_parts_add_up_to_the_difference_and_agree_with_the_slow_twin(both):
    planned, measured = both
    parts = split(planned, measured)
    small = 1e-12 * naive_actuals.product([max(pair) for pair in _quotients(planned, measured)])
    assert sum(parts) == pytest.approx(measured[-1] - planned[-1], rel=1e-9, abs=small)
    assert parts == pytest.approx(naive_actuals.parts(planned, measured), rel=1e-9, abs=small)


@given(RUNGS)
@settings(max_examples=30)
def test_swapping_plan_and_measurement_turns_every_sign(both):
    planned, measured = both
    small = 1e-12 * naive_actuals.product([max(pair) for pair in _quotients(planned, measured)])
    assert split(planned, measured) == pytest.approx(-split(measured, planned), rel=1e-9, abs=small)


def _quotients(planned, measured):
    return zip(naive_actuals.quotients(planned, measured), naive_actuals.quotients(measured, planned), strict=True)


def test_the_part_of_three_factors_is_the_equation_of_the_methods_page():
    (v0, e0, g0), (v1, e1, g1) = (100.0, 0.5, 0.4), (130.0, 0.4, 0.3)
    parts = split([v0, v0 * e0, v0 * e0 * g0], [v1, v1 * e1, v1 * e1 * g1])
    assert parts[0] == pytest.approx((v1 - v0) * (e0 * g0 / 3 + (e0 * g1 + e1 * g0) / 6 + e1 * g1 / 3))
    assert parts[1] == pytest.approx((e1 - e0) * (v0 * g0 / 3 + (v0 * g1 + v1 * g0) / 6 + v1 * g1 / 3))
    assert parts[2] == pytest.approx((g1 - g0) * (v0 * e0 / 3 + (v0 * e1 + v1 * e0) / 6 + v1 * e1 / 3))


@pytest.mark.parametrize("rung", [0, 1, 2])
def test_where_one_factor_alone_changed_it_takes_the_whole_difference(rung):
    factors = [100.0, 0.5, 0.4]
    changed = [factor * (1.5 if place == rung else 1.0) for place, factor in enumerate(factors)]
    parts = split(np.cumprod(factors), list(np.cumprod(changed)))
    assert parts == pytest.approx([10.0 if place == rung else 0.0 for place in range(3)], abs=1e-12)


@pytest.mark.parametrize("measured", [[0.0, 0.0, 0.0], [5.0, 0.0, 0.0]])
def test_a_month_without_use_or_without_energy_is_split_too(measured):
    planned = [10.0, 5.0, 2.0]
    assert sum(split(planned, measured)) == pytest.approx(-2.0)
    assert split(planned, measured) == pytest.approx(naive_actuals.parts(planned, measured))


def test_an_amount_that_is_nought_where_the_next_is_not_cannot_be_divided_by():
    assert undividable([np.array([1.0, 0.0]), np.array([1.0, 1.0])], [1.0, 1.0]) == 0
    assert undividable([np.array([1.0]), np.array([1.0]), np.array([1.0])], [1.0, 0.0, 1.0]) == 1
    assert undividable([np.array([0.0]), np.array([0.0])], [0.0, 0.0]) is None


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ((), [("volume",), ("efficiency",), ("grid",)]),
        (("requests",), [("volume", "efficiency"), ("grid",)]),
        (("energy_facility_kwh",), [("volume",), ("efficiency", "grid")]),
        (("requests", "energy_facility_kwh"), [("volume", "efficiency", "grid")]),
    ],
)
def test_what_is_blank_is_told_together_with_what_stands_beside_it(missing, expected):
    found = beside(**{name: value for name, value in FULL.items() if name not in missing})
    carbon = of(found, "carbon_location_kg")
    assert causes(found, "carbon_location_kg") == expected
    assert sum(part.amount for part in carbon.parts) == pytest.approx(carbon.measured - carbon.planned)


def test_energy_without_requests_is_a_difference_whose_causes_are_not_told_apart():
    assert causes(beside(energy_facility_kwh=4_200), "energy_facility_kwh") == [("volume", "efficiency")]


def test_requests_alone_explain_nothing():
    (one,) = beside(requests=250_000).compared
    assert (one.parts, one.difference) == ((), 250_000 - one.planned[0])


def test_output_tokens_beside_requests_tell_longer_answers_apart():
    found = beside(**FULL, output_tokens=200e6)
    assert causes(found, "carbon_location_kg") == [("volume",), ("length",), ("efficiency",), ("grid",)]
    assert causes(beside(output_tokens=1e8, energy_facility_kwh=1), "energy_facility_kwh")[0] == ("volume",)


def test_machines_that_wait_a_month_without_requests_tell_volume_and_efficiency_together():
    found = of(beside(**FULL | {"requests": 0}), "carbon_location_kg")
    assert (found.nought, found.parts[0].causes) == (("requests",), ("volume", "efficiency"))


def test_a_months_plan_is_the_years_share_of_days_and_twelve_months_are_the_year():
    assert sum(period_share(2028, month) for month in range(1, 13)) == pytest.approx(1.0)
    year = of(beside(month=None, **FULL), "energy_facility_kwh").planned
    assert of(beside(**FULL), "energy_facility_kwh").planned == pytest.approx(year * 31 / 365)
    found = results.of(PLAN)
    assert year == pytest.approx(found.values["energy_facility_kwh"][found.of("W2"), 0])


def test_measuring_what_the_plan_says_explains_nothing_and_lies_inside():
    found = results.of(PLAN)
    usual = planned_amounts(
        found, found.of("W2"), PLAN.workload("W2"), Actual(id="A1", workload="W2", requests=1, **MARCH)
    )
    same = beside(**{name: float(usual[name][0]) for name in FULL})
    for name in FULL:
        assert (of(same, name).difference, of(same, name).inside) == (pytest.approx(0.0, abs=1e-9), True)
    assert [float(part.amount[0]) for part in of(same, "carbon_location_kg").parts] == pytest.approx(
        [0.0] * 3, abs=1e-9
    )


def test_training_counts_runs_of_the_plans_size():
    found = beside("W5", month=None, runs=5, energy_facility_kwh=4_200)
    assert of(found, "runs").planned[0] == pytest.approx(PLAN.workload("W5").runs_per_year)
    assert causes(found, "energy_facility_kwh") == [("volume",), ("efficiency",)]


SHORTER = [("transfer", "pre_training"), ("incremental", "pre_training"), ("qlora", "fine_tuning"),
           ("grad_ckpt", "fine_tuning")]  # fmt: skip


@pytest.mark.parametrize(("lever", "kind"), SHORTER)
def test_a_lever_that_shortens_or_lengthens_runs_leaves_their_number(lever, kind):
    plain = PLAN.with_workload("W5", kind=kind)
    pulled = plain.but(levers=(Lever(id=lever),))
    tokens = [results.of(one).values["input_tokens_year"][4, :, 0] for one in (plain, pulled)]
    assert results.of(pulled).workloads[4].id == "W5"
    assert tokens[1] != pytest.approx(tokens[0])
    grows = 1 + plain.workload("W5").growth_central_pct / 100
    for year, times in ((2026, 1.0), (2027, grows)):
        planned = [of(beside("W5", one, year=year, month=None, runs=5), "runs").planned for one in (plain, pulled)]
        assert planned[1][0] == pytest.approx(plain.workload("W5").runs_per_year * times)
        assert (planned[1] == planned[0]).all()
    assert np.isnan(of(beside("W5", requests=5, energy_facility_kwh=1), "requests").planned).all()


def test_what_the_plan_cannot_say_is_a_reason_and_no_number():
    assert beside(year=2024, requests=1).reason == "the plan has no figures of 2024; its years are 2026 to 2035"
    unknown = PLAN.with_workload("W2", model="no-such")
    assert beside(plan=unknown, requests=1).reason == (
        "the plan has no figures of it: model is 'no-such'; it is not in the catalog"
    )


def test_several_measurements_add_up_part_by_part():
    rows = tuple(
        Actual(id=f"A{month}", workload="W2", year=2026, month=month, source="m", **FULL | {"requests": month * 1e5})
        for month in (1, 2, 3)
    )
    rows += (Actual(id="B", workload="W4", year=2026, source="m", energy_facility_kwh=1e3, carbon_location_kg=50),)
    found = beside_plan(PLAN.but(actuals=rows[::-1]))
    assert [(b.workload.id, b.actual.period) for b in found][:2] == [("W2", "2026-01"), ("W2", "2026-02")]
    whole = totals(found, "carbon_location_kg")
    assert whole.measured == 4_550
    assert sum(part.amount for part in whole.parts) == pytest.approx(whole.measured - whole.planned)
    assert totals(found, "carbon_market_kg") is None
