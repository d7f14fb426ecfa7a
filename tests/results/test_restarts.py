"""Energy of restarts in the plan: in energy, carbon, water and cost alike, by the hours chosen; none where none is."""

import numpy as np
import pytest

from core import catalog as facts
from core import results
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results.hour_factors import hour_factors
from core.results.hour_notes import hour_notes
from core.results.hours import hour_savings, moving_share
from core.results.restarts import ENERGIES
from core.results.set_figures import one_by_one, set_figures
from core.shift.job import Job
from core.shift.realised import realised
from core.shift.reference import reference_year

CATALOG = facts.load()
PLAN = example_plan()
GERMANY = reference_year(CATALOG.regions["DE"]).intensity_g_per_kwh
RUN = PLAN.workload("W5").but(  # type: ignore[union-attr]
    region="DE", hosting="cloud", job_h=24.0, deferrable_h=48.0, pausing="paused", installed_accelerators=None
)
STANDS = RUN.but(hosting="own", installed_accelerators=512)


def figures(workload, **changes):
    found = results.of(PLAN.but(workloads=(workload.but(**changes),)))
    return {name: values[0] for name, values in found.values.items()}


def test_a_hired_run_takes_the_energy_of_its_restarts_in_every_figure_and_saves_what_is_left():
    usual, after = figures(RUN), figures(RUN, hours_chosen="profile", restart_h=0.5)
    found = realised(GERMANY, Job(24, 48, True, 0.5))
    for name in ("energy_facility_kwh", "carbon_market_kg", "water_site_l", "water_source_l", "held_h", "cost_usd"):
        np.testing.assert_allclose(after[name], usual[name] * (1 + found.profile_restart_share), rtol=1e-12)
    np.testing.assert_allclose(
        after["carbon_location_kg"], usual["carbon_location_kg"] * (1 - found.profile_pct / 100), rtol=1e-12
    )
    assert 0.005 < found.profile_restart_share < 0.1
    assert found.profile_pct < realised(GERMANY, Job(24, 48, True)).profile_pct


def test_machines_that_stand_there_wait_less_while_they_restart():
    usual, after = figures(STANDS), figures(STANDS, hours_chosen="foresight", restart_h=0.5)
    found = realised(GERMANY, Job(24, 48, True, 0.5))
    more, waiting_kw = found.bound_restart_share, usual["energy_idle_kwh"] / (usual["held_h"] - usual["used_h"])
    np.testing.assert_allclose(after["energy_accelerator_kwh"], usual["energy_accelerator_kwh"] * (1 + more))
    np.testing.assert_allclose(
        after["energy_idle_kwh"], usual["energy_idle_kwh"] - waiting_kw * usual["used_h"] * more, rtol=1e-12
    )
    np.testing.assert_array_equal(after["held_h"], usual["held_h"])
    # carbon: what moves is above waiting power, with its restarts; the host's restarts draw at the mean of the year
    before = sum(usual[name] for name in ENERGIES)
    moves = moving_share(STANDS, usual) * before * (1 - found.bound_pct / 100)
    stays = before * (1 - moving_share(STANDS, usual)) + usual["energy_host_kwh"] * more
    kg_per_kwh = usual["carbon_location_kg"] / before
    np.testing.assert_allclose(after["carbon_location_kg"], (moves + stays) * kg_per_kwh, rtol=1e-12)


@pytest.mark.parametrize(
    "changes",
    [
        {"pausing": "whole"},
        {"hours_chosen": "as_they_come"},
        {"deferrable_h": 0.0},
        {"region": "TH"},
    ],
)
def test_where_nothing_pauses_no_restart_takes_energy(changes):
    usual = figures(RUN, **{"hours_chosen": "profile", **changes})
    after = figures(RUN, **{"hours_chosen": "profile", "restart_h": 5.0, **changes})
    for name in ("energy_facility_kwh", "carbon_location_kg", "cost_usd"):
        np.testing.assert_array_equal(after[name], usual[name])


def test_machines_that_never_wait_have_no_room_to_pause():
    full = STANDS.but(installed_accelerators=16)
    usual, after = figures(full), figures(full, hours_chosen="foresight", restart_h=0.5)
    never = usual["held_h"] <= usual["used_h"]
    assert 0 < never.mean() < 1
    np.testing.assert_array_equal(after["energy_facility_kwh"][never], usual["energy_facility_kwh"][never])
    assert (after["energy_facility_kwh"][~never] > usual["energy_facility_kwh"][~never]).all()


def test_where_machines_wait_too_little_only_the_runs_whose_restarts_find_room_pause():
    """Machines at work 99 % of the time: restarts of all runs would take more hours than are left."""
    steady = {"growth_low_pct": 0.0, "growth_central_pct": 0.0, "growth_high_pct": 0.0}
    tight = STANDS.but(installed_accelerators=16, runs_per_year=508.0, **steady)
    usual, after = figures(tight), figures(tight, hours_chosen="foresight", restart_h=0.5)
    found = realised(GERMANY, Job(24, 48, True, 0.5))
    waits_h, all_h = usual["held_h"] - usual["used_h"], usual["used_h"] * found.bound_restart_share
    assert (waits_h < all_h)[:, 0].all()
    part = np.where(all_h > waits_h, waits_h / all_h, 1.0)
    assert part[0, 0] == pytest.approx(1025 / 3728, abs=5e-4)
    more = found.bound_restart_share * part
    np.testing.assert_allclose(after["energy_accelerator_kwh"], usual["energy_accelerator_kwh"] * (1 + more))
    np.testing.assert_allclose(after["energy_idle_kwh"][part < 1], 0.0, atol=1e-6)
    assert (usual["used_h"] * (1 + more) <= usual["held_h"] * (1 + 1e-12)).all()
    before = sum(usual[name] for name in ENERGIES)
    goes = moving_share(tight, usual) * part
    kept = before * (1 - goes * found.bound_pct / 100)
    beside = sum(after[name] for name in ENERGIES) - before - found.bound_restart_share * goes * before
    kg_per_kwh = usual["carbon_location_kg"] / before
    np.testing.assert_allclose(after["carbon_location_kg"], (kept + beside) * kg_per_kwh, rtol=1e-12)


def test_too_little_room_for_restarts_is_said_with_hours_and_limit():
    steady = {"growth_low_pct": 0.0, "growth_central_pct": 0.0, "growth_high_pct": 0.0}
    run = STANDS.but(name="Run", hours_chosen="foresight", restart_h=0.5, **steady)
    tight = run.but(installed_accelerators=16, runs_per_year=508.0)
    assert hour_notes(PLAN.but(workloads=(tight,))) == [
        "Run: restarts would take 3,728 accelerator-hours in 2026; its machines wait 1,025 accelerator-hours: "
        "27 % of its runs pause, the others run as they come."
    ]
    full = run.but(installed_accelerators=16, runs_per_year=800.0)
    assert hour_notes(PLAN.but(workloads=(full,))) == [
        "Run: restarts would take 5,871 accelerator-hours in 2026; its machines wait 0 accelerator-hours: "
        "none of its runs pauses."
    ]
    assert hour_notes(PLAN.but(workloads=(run, tight.but(id="W9", restart_h=0.0)))) == []
    told = {one.name: one for one in hour_factors(CATALOG, PLAN.but(workloads=(tight,)), tight)}
    assert told["Energy of a restart"].note.endswith("the others run as they come")


def test_a_restart_too_dear_is_a_run_in_one_piece():
    dear = hour_savings(CATALOG, RUN.but(restart_h=1000.0), 24.0)
    whole = hour_savings(CATALOG, RUN.but(pausing="whole"), 24.0)
    assert dear.bound_pct == pytest.approx(whole.bound_pct, abs=1e-9)
    assert dear.restart_share("foresight") == 0.0


def test_a_long_run_says_how_many_releases_its_restarts_are_worked_out_for():
    found = hour_savings(CATALOG, RUN.but(deferrable_h=720.0, restart_h=1.0), 700.0)
    assert found.note == "Restarts are worked out for one release in 71."
    assert found.bound_pct > found.profile_pct


@pytest.mark.parametrize("workload", [RUN, STANDS])
def test_sets_of_levers_know_of_restarts(workload):
    run = workload.but(restart_h=0.5)
    view = PLAN.but(workloads=(run,))
    levers = (Lever(id="geo_shift", choice="FR"), Lever(id="temporal_shift"))
    sets = np.arange(4, dtype=np.int64)
    names = ("carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "cost_usd", "energy_facility_kwh")
    quick, slow = (way(view, run, levers, sets, names, 2) for way in (set_figures, one_by_one))
    for name in names:
        np.testing.assert_allclose(quick.values[name], slow.values[name], rtol=1e-12)
    market_kg = quick.values["carbon_market_kg"]
    assert (market_kg[2] > market_kg[0]).all()


def test_too_little_room_at_home_is_said_and_nothing_waits():
    fleet = PLAN.workload("W4").but(region="DE")  # type: ignore[union-attr]
    found = hour_savings(CATALOG, fleet.but(room_home_ratio=0.5))
    assert found.note == "Hours are not chosen: room at home is 0.5 times the mean; the work of an hour takes 1."
    tight, ample = (hour_savings(CATALOG, fleet.but(room_home_ratio=room)).bound_pct for room in (1.1, 4.0))
    assert 0 < tight < ample
    assert hour_savings(CATALOG, fleet.but(room_home_ratio=1 / fleet.busy_share)) == hour_savings(CATALOG, fleet)
