"""Choosing hours in the plan: location-based carbon of the work that moves follows the hours, and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import catalog as facts
from core import link, results, table
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results.hours import HourSavings, hour_savings, moving_share, run_accelerators, runs_h
from core.results.set_figures import one_by_one, set_figures
from core.shift.job import Job
from core.shift.realised import realised, realised_fleet
from core.shift.reference import reference_year

CATALOG = facts.load()
PLAN = example_plan()
NIGHTLY, TUNING = PLAN.workload("W4"), PLAN.workload("W5")
GERMANY = reference_year(CATALOG.regions["DE"]).intensity_g_per_kwh
UNMOVED = [
    "energy_facility_kwh", "carbon_market_kg", "carbon_embodied_kg", "water_site_l", "water_source_l", "cost_usd",
]  # fmt: skip
WAYS = ("yesterday", "profile", "foresight")


def of(**changes: object) -> results.Results:
    return results.of(PLAN.with_workload("W4", region="DE", **changes))


def carbon_kg(found: results.Results, key: str = "W4") -> float:
    return float(found.values["carbon_location_kg"][found.of(key), 0, 0])


def test_hours_move_location_based_carbon_and_nothing_else():
    before, after = of(), of(hours_chosen="profile")
    place = before.of("W4")
    moved, usual = after.values["carbon_location_kg"][place], before.values["carbon_location_kg"][place]
    assert (moved <= usual).all()  # a draw whose fleet never waits has no room
    assert (moved[:, 0] < usual[:, 0]).all()
    for name in UNMOVED:
        np.testing.assert_array_equal(after.values[name], before.values[name])


def test_a_load_saves_what_the_fleet_kernel_says_of_the_energy_that_moves():
    before, after = of(), of(hours_chosen="foresight")
    found = realised_fleet(
        GERMANY, np.ones(len(GERMANY)), flexible_share=1.0, delay_h=12, capacity_kwh=1 / NIGHTLY.busy_share
    )
    values = {name: figure[before.of("W4")] for name, figure in before.values.items()}
    moving = float(moving_share(NIGHTLY, values)[0, 0])
    assert 0 < moving < 1
    assert carbon_kg(after) / carbon_kg(before) == pytest.approx(1 - moving * found.bound_pct / 100, rel=1e-12)


def test_what_a_fleet_draws_while_it_waits_does_not_move():
    values = {
        "busy_h": np.array([[100.0]]), "held_h": np.array([[400.0]]), "energy_accelerator_kwh": np.array([[60.0]]),
        "energy_idle_kwh": np.array([[30.0]]), "energy_host_kwh": np.array([[10.0]]),
    }  # fmt: skip
    # 30 kWh in 300 h of waiting: 0.1 kW. Of the 60 kWh of 100 h of work, 10 would have been drawn anyway.
    assert moving_share(NIGHTLY, values)[0, 0] == pytest.approx(50 / 100)
    never_waits = values | {"held_h": np.array([[100.0]]), "energy_idle_kwh": np.array([[0.0]])}
    assert moving_share(NIGHTLY, never_waits)[0, 0] == 0.0


def test_a_hired_run_moves_whole_and_saves_what_the_job_kernel_says():
    tuning = TUNING.but(hosting="cloud", job_h=24.0, deferrable_h=24.0)
    plan = PLAN.but(workloads=(tuning,))
    way = {"foresight": "bound_pct", "yesterday": "yesterday_pct", "profile": "profile_pct"}
    for pausing, pauses in (("whole", False), ("paused", True)):
        found = realised(GERMANY, Job(24, 24, pauses))
        for name, field in way.items():
            moved = results.of(plan.with_workload("W5", hours_chosen=name, pausing=pausing))
            ratio = carbon_kg(moved, "W5") / carbon_kg(results.of(plan), "W5")
            assert ratio == pytest.approx(1 - getattr(found, field) / 100, rel=1e-12), (pausing, name)


def test_a_whole_day_that_cannot_pause_gains_little_and_one_that_can_gains_more():
    whole = hour_savings(CATALOG, TUNING.but(deferrable_h=24.0), 24.0)
    paused = hour_savings(CATALOG, TUNING.but(deferrable_h=24.0, pausing="paused"), 24.0)
    assert whole.profile_pct == pytest.approx(0, abs=1e-9)  # a day on a daily profile weighs the same from any hour
    assert whole.bound_pct < 10 < paused.profile_pct < paused.bound_pct
    assert whole.bound_pct == realised(GERMANY, Job(24, 24)).bound_pct


@settings(max_examples=12, deadline=None)
@given(share=st.floats(0.05, 1), delay=st.sampled_from([1, 4, 12, 24]), way=st.sampled_from(WAYS))
def test_a_plan_never_beats_perfect_foresight(share: float, delay: int, way: str):
    workload = NIGHTLY.but(region="DE", deferrable_h=delay, deferrable_share=share)
    found = hour_savings(CATALOG, workload)
    assert found.saving_pct(way) <= found.bound_pct + 1e-9
    assert found.saving_pct("as_they_come") == 0.0


def test_no_wait_no_share_or_no_choice_changes_nothing():
    usual = of().values["carbon_location_kg"]
    for changes in ({"deferrable_h": 0.0}, {"deferrable_share": 0.0}, {"peak_to_mean": NIGHTLY.peak_to_mean}):
        np.testing.assert_array_equal(of(**changes, hours_chosen="as_they_come").values["carbon_location_kg"], usual)
    for still in ({"deferrable_h": 0.0}, {"deferrable_share": 0.0}):
        np.testing.assert_array_equal(of(**still, hours_chosen="foresight").values["carbon_location_kg"], usual)


@pytest.mark.parametrize(
    ("region", "said"),
    [("IS", "yearly"), ("TH", "No hourly shape is known for Thailand")],
)
def test_a_grid_without_hours_stays_at_its_mean_and_says_so(region: str, said: str):
    found = hour_savings(CATALOG, NIGHTLY.but(region=region))
    assert (found.bound_pct, found.yesterday_pct, found.profile_pct) == (0.0, 0.0, 0.0)
    assert said in found.note


def test_a_run_that_no_year_holds_is_said_and_moves_nothing():
    found = hour_savings(CATALOG, TUNING, 8_700.0)
    assert found.note == "Hours are not chosen: the job and its slack take 8,700 + 168 h; the series holds 8,760 h."
    assert found.saving_pct("foresight") == 0.0


def test_the_length_of_a_run_is_its_accelerator_hours_over_its_accelerators():
    found = results.of(PLAN)
    values = {name: figure[found.of("W5")] for name, figure in found.values.items()}
    fewest = run_accelerators(CATALOG, TUNING)
    expected = values["used_h"][0, 0] / TUNING.runs_per_year / fewest
    assert runs_h(CATALOG, TUNING, values)[0] == pytest.approx(expected)
    installed = TUNING.but(installed_accelerators=64)
    assert runs_h(CATALOG, installed, values)[0] == pytest.approx(values["used_h"][0, 0] / TUNING.runs_per_year / 64)
    assert runs_h(CATALOG, TUNING.but(job_h=36.0), values)[0] == 36.0


def test_the_lever_of_cleaner_hours_is_the_field_on_work_that_can_wait():
    lever = Lever(id="temporal_shift")
    under = results.of(PLAN.with_lever(lever))
    by_field = results.of(
        PLAN.but(workloads=tuple(w.but(hours_chosen="profile") if w.deferrable_h else w for w in PLAN.workloads))
    )
    for key in ("W4", "W5", "W6"):
        assert carbon_kg(under, key) == pytest.approx(carbon_kg(by_field, key), rel=1e-12)
    for key in ("W1", "W2", "W3"):
        assert carbon_kg(under, key) == carbon_kg(results.of(PLAN), key)


@pytest.mark.parametrize("key", ["W4", "W5"])
def test_sets_of_levers_are_the_same_together_as_one_by_one(key: str):
    workload = PLAN.workload(key).but(region="DE")
    view = PLAN.but(workloads=(workload,))
    levers = (Lever(id="geo_shift", choice="FR"), Lever(id="temporal_shift"))
    sets = np.arange(4, dtype=np.int64)
    ways = (way(view, workload, levers, sets, ("carbon_location_kg",)) for way in (set_figures, one_by_one))
    quick_kg, slow_kg = (found.values["carbon_location_kg"] for found in ways)
    np.testing.assert_allclose(quick_kg, slow_kg, rtol=1e-12)
    assert len({round(float(kg), 6) for kg in quick_kg[:, 0, 0]}) == 4


def test_the_choice_travels_in_link_and_file():
    plan = PLAN.with_workload(
        "W4", hours_chosen="yesterday", deferrable_share=0.5, residency="eea", latency_ms=40, job_h=12, pausing="paused"
    )
    assert link.decode(link.encode(plan)).plan == plan
    assert table.read_plan(table.write_plan(plan)).plan == plan


def test_unknown_savings_are_no_savings():
    assert HourSavings(float("nan"), float("nan"), float("nan")).saving_pct("profile") == 0.0
