"""A meter's word on one workload: what it scales, what it leaves alone, how far it narrows, when it does not act."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog, results
from core.plan import Calibration
from core.plan.calibration import setting_of
from core.results.calibrated import LEAST_FACTOR, MOST_FACTOR, measurement_range
from core.results.figures import ENERGY_STEPS, interval
from tests.results.plans import CLOUD, DRAWS, OWN, TRAIN, plan

FACTS = catalog.load()
STEADY = OWN.but(installed_accelerators=8)
ACTIVITY = {"served_requests": 20_000.0 * 30}
BUSY, IDLE, HOST, OVERHEAD = ENERGY_STEPS
TERMS = {"board": (BUSY, IDLE), "server": (BUSY, IDLE, HOST), "facility": ENERGY_STEPS}


def metered(workload=STEADY, **fields):
    """A measurement of 30 days at the plan's own rate; the energy is to be filled in."""
    usual = {"metered_kwh": 1.0, "first_day": "2026-03-01", "last_day": "2026-03-30", "source": "typed", **ACTIVITY}
    return Calibration(**{"id": workload.id} | setting_of(workload) | usual | fields)


def asked(calibration, times=1.0, workload=STEADY, **fields):
    """The results of a plan whose meter read so many times what the model expects."""
    base = plan(workload, CLOUD, **fields)
    expected = (
        results.of(base.calibrating(calibration.but(metered_kwh=1.0)), DRAWS).measured[workload.id].modelled_kwh[1]
    )
    found = base.calibrating(calibration.but(metered_kwh=expected * times))
    return results.of(base, DRAWS), results.of(found, DRAWS)


def width(values):
    """80 % range over the central case."""
    low, mid, high = interval(values)
    return (high - low) / mid


def test_without_a_calibration_nothing_is_asked_of_a_meter():
    assert results.of(plan(STEADY), DRAWS).measured == {}


def test_a_meter_that_agrees_leaves_the_central_figures():
    before, after = asked(metered())
    assert after.measured["own"].reason == ""
    for name in (*ENERGY_STEPS, "carbon_location_kg", "cost_usd", "water_source_l"):
        assert after.values[name][:, :, 0] == pytest.approx(before.values[name][:, :, 0], rel=1e-12, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(TERMS)), st.floats(0.6, 1.6))
def test_the_factor_scales_exactly_the_terms_the_meter_measured(where, times):
    before, after = asked(metered(metered_at=where, meter="billing"), times)
    assert after.measured["own"].reason == ""
    for name in (BUSY, IDLE, HOST):
        factor = times if name in TERMS[where] else 1.0
        assert after.values[name][0, :, 0] == pytest.approx(factor * before.values[name][0, :, 0], rel=1e-12)
    expected = sum(before.values[name][0, 0, 0] for name in TERMS[where]) * times
    assert sum(after.values[name][0, 0, 0] for name in TERMS[where]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("where", TERMS)
def test_the_terms_still_add_up_to_the_meter_in_every_draw(where):
    _, after = asked(metered(metered_at=where), 1.2)
    v = after.values
    assert v["energy_it_kwh"] == pytest.approx(v[BUSY] + v[IDLE] + v[HOST], rel=1e-12)
    assert v["energy_facility_kwh"] == pytest.approx(v["energy_it_kwh"] + v[OVERHEAD], rel=1e-12)


def test_a_site_meter_leaves_the_typed_overhead_as_it_is():
    workload = STEADY.but(pue=1.3)
    before, after = asked(metered(workload, metered_at="facility"), 1.2, workload)
    ratio = after.values["energy_facility_kwh"][0] / after.values["energy_it_kwh"][0]
    assert ratio == pytest.approx(np.full_like(ratio, 1.3))
    assert after.values["energy_facility_kwh"][0, 0, 0] == pytest.approx(
        1.2 * before.values["energy_facility_kwh"][0, 0, 0]
    )


def test_twice_the_metered_energy_is_twice_the_factor():
    _, once = asked(metered(), 0.8)
    _, twice = asked(metered(), 1.6)
    assert twice.measured["own"].factor == pytest.approx(2 * once.measured["own"].factor)


def test_a_calibration_changes_only_its_workload():
    before, after = asked(metered(), 1.4)
    for name in before.values:
        assert np.array_equal(before.values[name][1], after.values[name][1], equal_nan=True)


def test_a_calibration_leaves_hours_machines_and_their_making():
    before, after = asked(metered(), 1.4)
    for name in ("held_h", "busy_h", "carbon_embodied_kg", "requests", "accelerators_installed", "power_accelerator_w"):
        assert np.array_equal(before.values[name], after.values[name])


def test_energy_per_token_moves_with_the_energy_at_work():
    before, after = asked(metered(), 1.4)
    name = "energy_accelerator_j_per_output_token"
    assert after.values[name][0, :, 0] == pytest.approx(1.4 * before.values[name][0, :, 0])


def test_in_the_metered_setting_the_band_is_the_measurements_own():
    """A year of a server's meter: 7 % either way, whatever the model's own range was."""
    year = {"first_day": "2026-01-01", "last_day": "2026-12-31", "served_requests": 20_000.0 * 365}
    before, after = asked(metered(**year))
    measured = ("energy_accelerator_kwh", "energy_idle_kwh", "energy_host_kwh")
    total = sum(after.values[name][0, 0] for name in measured)
    low, mid, high = interval(total)
    assert (low / mid, high / mid) == pytest.approx((0.93, 1.07), rel=5e-3)
    assert width(sum(before.values[name][0, 0] for name in measured)) > 0.5


def test_a_month_says_less_than_a_year_and_a_better_meter_more():
    month = measurement_range(FACTS, metered())
    year = measurement_range(FACTS, metered(first_day="2026-01-01", last_day="2026-12-31"))
    hour = measurement_range(FACTS, metered(last_day="2026-03-01", metered_h=1.0))
    bill = measurement_range(FACTS, metered(first_day="2026-01-01", last_day="2026-12-31", meter="billing"))
    assert year == pytest.approx((0.93, 1.07), rel=1e-3)
    assert bill == pytest.approx((0.99, 1.01), rel=1e-3)
    weeks = 30 / 7
    share = ((1 - weeks / (365 / 7)) / (weeks + 0.1)) ** 0.5
    low = np.exp(-np.hypot(np.log(0.93), share * np.log(0.9)))
    assert month[0] == pytest.approx(low)
    assert hour[0] < month[0] < year[0] < bill[0] < 1 < bill[1] < year[1] < month[1] < hour[1]


def test_what_the_meter_did_not_measure_keeps_its_range():
    before, after = asked(metered(metered_at="board"), 1.1)
    assert np.array_equal(before.values[HOST], after.values[HOST])
    assert width(after.values[BUSY][0, 0] + after.values[IDLE][0, 0]) < width(
        before.values[BUSY][0, 0] + before.values[IDLE][0, 0]
    )


def test_a_longer_prompt_after_the_calibration_still_costs_energy():
    """The setting is kept as it was metered: a change of the plan moves the figure, not the factor."""
    calibration = metered(metered_kwh=900.0)
    now = STEADY.but(input_tokens=4_000.0)
    base, changed = (results.of(plan(w).calibrating(calibration), DRAWS) for w in (STEADY, now))
    assert np.array_equal(base.measured["own"].factor, changed.measured["own"].factor)
    modelled = [results.of(plan(w), DRAWS).values[BUSY][0, 0, 0] for w in (STEADY, now)]
    found = [r.values[BUSY][0, 0, 0] for r in (base, changed)]
    assert found[1] / found[0] == pytest.approx(modelled[1] / modelled[0])


def test_a_busier_period_than_the_plan_expects_is_compared_with_a_busier_model():
    quiet, busy = metered(), metered(served_requests=ACTIVITY["served_requests"] * 4)
    found = [results.of(plan(STEADY).calibrating(c), DRAWS).measured["own"].modelled_kwh[1] for c in (quiet, busy)]
    assert found[1] > found[0]


def test_a_measured_busy_share_is_taken_at_the_activity_of_the_period():
    workload = STEADY.but(busy_share=0.2)
    half = metered(workload, served_requests=ACTIVITY["served_requests"] / 2)
    asked_of = results.of(plan(workload.but(requests_per_day=10_000.0, busy_share=0.1)), DRAWS)
    share = sum(asked_of.values[name][0, 0, 0] for name in TERMS["server"]) * 30 / 365
    found = results.of(plan(workload).calibrating(half), DRAWS).measured["own"].modelled_kwh[1]
    assert found == pytest.approx(share)


def test_training_that_was_metered_while_it_ran_scales_no_waiting():
    runs = {"served_requests": None, "served_runs": 0.5, "metered_while": "at_work"}
    before, after = asked(metered(TRAIN, **runs), 1.3, TRAIN)
    assert after.measured["train"].reason == ""
    assert after.measured["train"].modelled_kwh[1] == pytest.approx(
        (before.values[BUSY][0, 0, 0] + before.values[HOST][0, 0, 0]) / 2
    )
    assert np.array_equal(before.values[IDLE], after.values[IDLE])
    assert after.values[BUSY][0, 0, 0] == pytest.approx(1.3 * before.values[BUSY][0, 0, 0])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model": "llama3.1-8b"}, "its model was llama3.3-70b when it was metered and is now llama3.1-8b"),
        ({"precision": "fp8"}, "its number format was bf16 when it was metered and is now fp8"),
        ({"hardware": "H200"}, "its accelerator was H100-SXM when it was metered and is now H200"),
        ({"serving": "vllm-2024"}, "its serving software was vllm when it was metered and is now vllm-2024"),
    ],
)
def test_another_setting_ends_the_calibration_in_words(changes, sentence):
    changed = STEADY.but(**changes)
    plain, found = (results.of(p, DRAWS) for p in (plan(changed), plan(changed).calibrating(metered())))
    assert found.measured["own"].reason == sentence
    assert all(np.array_equal(plain.values[n], found.values[n], equal_nan=True) for n in plain.values)


def test_another_place_ends_a_site_meters_calibration_and_no_servers():
    moved = STEADY.but(region="FR")
    site, server = (
        results.of(plan(moved).calibrating(metered(metered_at=where, metered_kwh=1_500.0)), DRAWS).measured["own"]
        for where in ("facility", "server")
    )
    assert site.reason == "its region was DE when it was metered and is now FR"
    assert server.reason == ""


@pytest.mark.parametrize("times", [LEAST_FACTOR * 0.99, MOST_FACTOR * 1.01])
def test_a_factor_beyond_its_bounds_does_not_act_and_says_what_may_be_wrong(times):
    runs = {"served_requests": None, "served_runs": 1.0, "metered_while": "at_work", "meter": "billing"}
    before, after = asked(metered(TRAIN, **runs), times, TRAIN)
    reason = after.measured["train"].reason
    assert reason.startswith(f"measured over estimated is {round(times, 3)}; it must lie in [0.2, 5]. Likely causes: ")
    assert all(cause in reason for cause in ("unit", "boundary", "other load"))
    assert np.array_equal(before.values[BUSY], after.values[BUSY])


def test_more_watts_than_an_accelerator_can_draw_are_refused():
    hours = 30 * 24 * 8 / 1000
    _, found = asked(metered(metered_at="board"))
    modelled = found.measured["own"].modelled_kwh[1]
    for watts, sentence in (
        (800.0, "the meter says 800 W for each of the 8 accelerators the plan holds; it must be at most 700 W"),
        (40.0, "the meter says 40 W for each of the 8 accelerators the plan holds; idle they draw"),
    ):
        _, after = asked(metered(metered_at="board"), watts * hours / modelled)
        assert after.measured["own"].reason.startswith(sentence)


def test_an_activity_without_energy_is_no_ground_for_a_factor():
    nothing = TRAIN.but(runs_per_year=0.0)
    runs = {"served_requests": None, "served_runs": 1.0, "metered_while": "at_work", "tokens_per_run_m": 0.0}
    found = results.of(plan(nothing).calibrating(metered(nothing, **runs)), DRAWS).measured["train"]
    assert found.reason == "the model expects no energy at the activity of the period"
