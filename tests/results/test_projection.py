"""Later years: grids as an index, quicker software, renewed accelerators, rebound; none of it moves the first year."""

from itertools import pairwise

import numpy as np
import pytest

from core import catalog as facts
from core import results
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own import OwnDevice, OwnRegion
from core.plan.own_catalog import catalog_of
from core.results.estimate import answer
from core.results.factors import factors
from core.results.projection import grid_index, renewals_by_year
from tests.results.plans import API, CLOUD, OWN, TRAIN
from tests.results.test_calibration import metered

CATALOG = facts.load()
PATHS = ("flat", "percent", "nrel-2023-mid-case", "nrel-2023-mid-case-100-by-2035", "oecm-2022-1.5c")
GROWING = OWN.but(growth_central_pct=20.0, growth_high_pct=50.0, contract_share=((2026, 0.25),))
US = CLOUD.but(id="us", region="US")
CARBON = ("carbon_location_kg", "carbon_market_kg")
EVERYTHING = {
    "grid_path": "oecm-2022-1.5c", "efficiency_drift_pct": 7.0, "refresh_every_years": 2, "refresh_gain_pct": 40.0,
    "rebound_elasticity": 0.6,
}  # fmt: skip


def plan_of(*workloads, **fields):
    return Plan(**{"last_year": 2031, "workloads": workloads} | fields)


def central(plan, name, draws=0):
    return results.of(plan, draws).values[name][..., 0]


def naive_index(points, first_year, year):
    """A scenario's figure of a year over that of the first, by hand."""

    def figure(when):
        if when <= points[0][0]:
            return points[0][1]
        for (year_0, g_0), (year_1, g_1) in pairwise(points):
            if year_0 <= when <= year_1:
                return g_0 + (g_1 - g_0) * (when - year_0) / (year_1 - year_0)
        return points[-1][1]

    return figure(year) / figure(first_year)


def test_choices_that_assume_nothing_leave_every_figure_bit_for_bit():
    plain = plan_of(GROWING, API, US, TRAIN)
    nothing = {"grid_path": "percent", "refresh_gain_pct": 80.0, "rebound_elasticity": 3.0}
    for fields in (nothing, {"refresh_every_years": 20, "rebound_elasticity": 1.0}):
        was, now = (results.of(plan, 16).values for plan in (plain, plain.but(**fields)))
        for name in was:
            np.testing.assert_array_equal(was[name], now[name], err_msg=name)


def test_the_first_year_never_moves_where_machines_live_as_long():
    plain = plan_of(GROWING.but(busy_share=0.3), API, US, TRAIN)
    was, now = (results.of(plan, 16).values for plan in (plain, plain.but(**EVERYTHING | {"refresh_every_years": 20})))
    for name in was:
        np.testing.assert_array_equal(was[name][:, 0], now[name][:, 0], err_msg=name)


def test_a_yearly_change_is_the_closed_form_on_both_lines_and_on_nothing_else():
    plain = plan_of(GROWING, API, US, TRAIN)
    moved = plain.but(grid_path="percent", grid_change_pct=-6.0)
    index = 0.94 ** np.arange(6)
    was, now = (results.of(plan, 16).values for plan in (plain, moved))
    np.testing.assert_allclose(now["carbon_location_kg"], was["carbon_location_kg"] * index[None, :, None], rtol=1e-12)
    uncovered = was["carbon_market_kg"][1:] * index[None, :, None]
    np.testing.assert_allclose(now["carbon_market_kg"][1:], uncovered, rtol=1e-12)
    for name in set(was) - {*CARBON, "carbon_cost_location_usd", "carbon_cost_market_usd"}:
        np.testing.assert_array_equal(was[name], now[name], err_msg=name)


def test_a_contract_keeps_its_own_figure_while_the_rest_follows_the_grid():
    plain = plan_of(GROWING.but(contract_g_per_kwh=10.0))
    moved = plain.but(grid_path="percent", grid_change_pct=-10.0)
    energy = central(moved, "energy_facility_kwh")[0]
    grid = CATALOG.regions["DE"].carbon_g_per_kwh * 0.9 ** np.arange(6)
    np.testing.assert_allclose(
        central(moved, "carbon_market_kg")[0], energy * (0.25 * 10.0 + 0.75 * grid) / 1000, rtol=1e-12
    )


@pytest.mark.parametrize(
    ("path", "region", "series"),
    [
        ("nrel-2023-mid-case", "US", "nrel-2023-mid-case:US"),
        ("nrel-2023-mid-case", "USST-TX", "nrel-2023-mid-case:US"),
        ("nrel-2023-mid-case-100-by-2035", "US", "nrel-2023-mid-case-100-by-2035:US"),
        ("oecm-2022-1.5c", "DE", "oecm-2022-1.5c:Europe"),
        ("oecm-2022-1.5c", "CA", "oecm-2022-1.5c:North America"),
        ("oecm-2022-1.5c", "IN", "oecm-2022-1.5c:Global"),
        ("oecm-2022-1.5c", "WORLD", "oecm-2022-1.5c:Global"),
    ],
)
def test_a_scenario_is_read_as_an_index_of_the_plans_first_year(path, region, series):
    plan = Plan(first_year=2027, last_year=2057, grid_path=path)
    found, one = grid_index(CATALOG, plan, CATALOG.regions[region]), CATALOG.projections[series]
    points = list(zip(one.years, one.carbon_g_per_kwh, strict=True))
    assert found.scenario == one
    assert found.by_year == pytest.approx([naive_index(points, 2027, year) for year in plan.years()], rel=1e-12)
    assert found.by_year[0] == 1.0
    assert len(set(found.by_year[2050 - 2027 :])) == 1  # level beyond the last year, never extrapolated


def test_a_grid_outside_the_area_stays_flat_and_says_so():
    found = grid_index(CATALOG, Plan(grid_path="nrel-2023-mid-case"), CATALOG.regions["DE"])
    assert (set(found.by_year), found.reason) == ({1.0}, "outside the scenario's area")
    plain = plan_of(OWN, US)
    was, now = (central(plan, "carbon_location_kg") for plan in (plain, plain.but(grid_path="nrel-2023-mid-case")))
    np.testing.assert_array_equal(was[0], now[0])
    assert now[1, 4] / was[1, 4] == pytest.approx(154.1 / 303.9)


def test_a_plan_that_starts_where_a_scenario_has_come_to_nothing_stays_flat():
    plan = Plan(first_year=2050, last_year=2052, grid_path="oecm-2022-1.5c")
    found = grid_index(CATALOG, plan, CATALOG.regions["FR"])
    assert (found.by_year, found.reason) == ((1.0, 1.0, 1.0), "the scenario has no change here")


def test_years_entered_for_a_grid_of_ones_own_go_before_any_path():
    mine = OwnRegion(
        id="own:grid", name="Ours", carbon_g_per_kwh=((2026, 300.0), (2030, 100.0)), source="us",
        source_date="2026-01-01",
    )  # fmt: skip
    plain = plan_of(OWN.but(region="own:grid"), regions=(mine,))
    was, now = (central(plan, "carbon_location_kg") for plan in (plain, plain.but(grid_path="oecm-2022-1.5c")))
    np.testing.assert_array_equal(was, now)
    assert grid_index(catalog_of(plain), plain, catalog_of(plain).regions["own:grid"]).reason == (
        "a grid of your own, by the years you entered"
    )


def test_chosen_hours_keep_their_gain_on_a_grid_that_moves():
    waits = API.but(deferrable_h=24.0, hours_chosen="foresight")
    share = [
        central(plan_of(w, grid_path=path), "carbon_location_kg")[0]
        for path in ("flat", "oecm-2022-1.5c") for w in (API, waits)
    ]  # fmt: skip
    assert share[1][4] < share[0][4]
    np.testing.assert_allclose(share[1] / share[0], share[3] / share[2], rtol=1e-12)


def test_every_choice_of_a_path_is_known_to_the_catalog_and_every_scenario_can_be_chosen():
    scenarios = {key.partition(":")[0] for key in CATALOG.projections}
    assert {"flat", "percent"} | scenarios == set(PATHS)
    assert set(Plan.model_fields["grid_path"].annotation.__args__) == set(PATHS)
    assert {"US", "Europe", "North America"} == set(CATALOG.projection_areas)


def test_drift_compounds_in_the_hours_of_training():
    plain = plan_of(TRAIN)
    was, now = (central(plan, "used_h")[0] for plan in (plain, plain.but(efficiency_drift_pct=10.0)))
    np.testing.assert_allclose(now / was, 0.9 ** np.arange(6), rtol=1e-12)


def test_one_year_of_drift_is_what_the_same_time_of_kernels_makes_it():
    """The slow twin: each year's columns by hand, each through the engine alone."""
    fixed = OWN.but(batch=8.0, accelerators=4)
    drifting = central(plan_of(fixed, efficiency_drift_pct=20.0), "step_time_s")[0]
    gone = [drifting[0] - later for later in drifting]
    assert gone[2] == pytest.approx(gone[1] * (1 - 0.8**2) / (1 - 0.8), rel=1e-9)  # waits stay: kernels alone shrink
    assert gone[5] == pytest.approx(gone[1] * (1 - 0.8**5) / (1 - 0.8), rel=1e-9)
    assert 0.8 < drifting[1] / drifting[0] < 1.0


@pytest.mark.parametrize(
    ("workload", "every", "expected"),
    [
        (OWN.but(purchase_year=2024), 3, [0, 1, 1, 1, 2, 2]),
        (OWN.but(purchase_year=2026), 3, [0, 0, 0, 1, 1, 1]),
        (OWN.but(purchase_year=2020), 3, [0, 0, 0, 1, 1, 1]),
        (OWN.but(first_year=2028), 2, [0, 0, 0, 0, 1, 1]),
        (CLOUD.but(purchase_year=2025), 2, [0, 0, 1, 1, 2, 2]),
        (API, 5, [0, 0, 0, 0, 0, 1]),
        (API, None, [0, 0, 0, 0, 0, 0]),
    ],
)
def test_renewals_fall_on_the_boundaries_of_years(workload, every, expected):
    assert renewals_by_year(CATALOG, plan_of(workload, refresh_every_years=every), workload) == expected


def test_a_renewed_accelerator_is_one_with_more_arithmetic_and_bandwidth_at_the_same_power():
    """The slow twin: an accelerator of one's own with the gain written out."""
    h100 = CATALOG.hardware["H100-SXM"]
    better = OwnDevice(
        id="own:next", name="Next", based_on="H100-SXM", peak_bf16_tflops=h100.peak_tflops["bf16"] * 1.5,
        peak_fp8_tflops=h100.peak_tflops["fp8"] * 1.5, bandwidth_gb_s=h100.bandwidth_gb_s * 1.5, source="us",
        source_date="2026-01-01",
    )  # fmt: skip
    hired = CLOUD.but(hardware="H100-SXM", model="llama3.3-70b", requests_per_day=90_000.0)
    tuned = TRAIN.but(hardware="H100-SXM")
    renewed = plan_of(hired, tuned, refresh_every_years=2, refresh_gain_pct=50.0)
    plain = plan_of(*(w.but(hardware="own:next") for w in (hired, tuned)), devices=(better,))
    old = plan_of(hired, tuned)
    for name in ("step_time_s", "accelerators_installed", "energy_accelerator_kwh", "energy_host_kwh", "used_h"):
        was, now, then = (central(plan, name) for plan in (old, renewed, plain))
        np.testing.assert_array_equal(now[:, :2], was[:, :2], err_msg=name)
        np.testing.assert_allclose(now[:, 2:4], then[:, 2:4], rtol=1e-12, err_msg=name)


def test_own_machines_serve_no_longer_than_until_they_are_renewed():
    ours, theirs = OWN.but(lifetime_years=6.0), CLOUD.but(lifetime_years=6.0)
    plain = plan_of(ours, theirs)
    was, now = (central(plan, "carbon_embodied_kg") for plan in (plain, plain.but(refresh_every_years=3)))
    np.testing.assert_allclose(now[0], 2.0 * was[0], rtol=1e-12)
    np.testing.assert_array_equal(now[1], was[1])
    longer = central(plain.but(refresh_every_years=8), "carbon_embodied_kg")
    np.testing.assert_array_equal(longer, was)


def test_renewed_machines_are_bought_in_the_year_of_their_renewal():
    fleet = OWN.but(installed_accelerators=16, purchase_year=2026, lifetime_years=6.0)
    plain = plan_of(fleet, hardware_view="purchase_year", last_year=2033)
    was, now = (central(plan, "accelerators_bought")[0] for plan in (plain, plain.but(refresh_every_years=3)))
    assert was.tolist() == [16, 0, 0, 0, 0, 0, 16, 0]
    assert now.tolist() == [16, 0, 0, 16, 0, 0, 16, 0]


def test_rebound_is_the_elasticity_times_the_fall_of_an_answers_cost():
    hired = CLOUD.but(batch=8.0, installed_accelerators=None, requests_per_day=900_000.0, price_hire_usd_per_h=2.0)
    drift = plan_of(hired, efficiency_drift_pct=15.0)
    was, now = (central(plan, "cost_usd")[0] for plan in (plan_of(hired), drift))
    grown = central(drift.but(rebound_elasticity=0.8), "requests")[0] / central(drift, "requests")[0]
    np.testing.assert_allclose(grown, 1.0 + 0.8 * (1.0 - now / was), rtol=1e-12)
    assert (grown[0], grown[5] > 1.05) == (1.0, True)


def test_tokens_at_a_listed_price_get_no_cheaper_and_bring_no_rebound():
    bought = API.but(price_input_usd_per_m_tokens=1.0, price_output_usd_per_m_tokens=3.0)
    drift = plan_of(bought, efficiency_drift_pct=15.0)
    np.testing.assert_array_equal(central(drift, "requests"), central(drift.but(rebound_elasticity=2.0), "requests"))


def test_rebound_ends_where_the_seats_do():
    full = CLOUD.but(seats=50_000.0, requests_per_seat_day=20.0, requests_per_day=990_000.0)
    drift = plan_of(full, efficiency_drift_pct=40.0, rebound_elasticity=3.0)
    requests = central(drift, "requests")[0] / full.operating_days
    assert requests == pytest.approx([990_000.0, *[1_000_000.0] * 5])


def test_quicker_machines_leave_a_measured_busy_share_in_step():
    """With the requests steady, the idle share takes the power that the time of an answer falls by."""
    busy = OWN.but(busy_share=0.4, installed_accelerators=8)
    drift = plan_of(busy, efficiency_drift_pct=25.0)
    alone = drift.but(workloads=(busy.but(busy_share=None, batch=1.0),))
    work = central(alone, "request_time_s")[0]
    expected = 1.0 - 0.6 ** (work / work[0])
    np.testing.assert_allclose(central(drift, "utilization")[0], expected, rtol=1e-9)


def test_a_meter_that_ran_in_a_later_year_is_measured_against_the_machines_of_that_year():
    steady = OWN.but(installed_accelerators=8)
    said = metered(steady, metered_kwh=2_900.0, first_day="2029-03-01", last_day="2029-03-30")
    drift = plan_of(steady, efficiency_drift_pct=20.0)
    met = results.of(drift.calibrating(said), 0)
    assert met.measured["own"].reason == ""
    per_day = central(drift, "energy_it_kwh")[0] / 365 * 30
    modelled = met.measured["own"].modelled_kwh[1]
    assert modelled == pytest.approx(per_day[3], rel=0.02)
    assert abs(modelled / per_day[0] - 1) > 0.02


def test_the_estimate_answers_for_today_whatever_the_plan_assumes_of_later_years():
    plain = plan_of(OWN)
    was, now = (answer(plan).carbon_each_kg() for plan in (plain, plain.but(**EVERYTHING)))
    np.testing.assert_array_equal(was, now)


def test_the_factors_say_what_is_assumed_of_later_years():
    plan = plan_of(OWN.but(purchase_year=2024), US, **EVERYTHING)
    rows = {row.name: row for row in factors(plan, plan.workloads[0])}
    europe = CATALOG.projections["oecm-2022-1.5c:Europe"]
    index = rows["Grid over the years"]
    now, first = 74.3, 166.0 + (74.3 - 166.0) / 5
    assert (index.value, index.unit, index.source) == (pytest.approx(now / first), "times", europe.source)
    assert "OECM 1.5C (2022); Europe, stack emissions; taken as an index" in index.note
    assert rows["Grid of Germany"].value == pytest.approx(CATALOG.regions["DE"].carbon_g_per_kwh * now / first)
    assert (rows["Software gets quicker by"].value, rows["Rebound"].value) == (7.0, 0.6)
    assert "renewals by 2030: 2" in rows["Accelerators renewed every"].note


def test_a_workload_of_a_plan_that_assumes_nothing_has_no_such_factors():
    names = {row.name for row in factors(plan_of(OWN), OWN)}
    assert not names & {"Software gets quicker by", "Accelerators renewed every", "Rebound"}


def test_a_lever_without_a_rebound_of_its_own_takes_the_plans_and_never_both():
    shorter = Lever(id="concise_output", value=0.5)
    plain = plan_of(API, levers=(shorter,))
    requests = {
        name: central(plain.but(rebound_elasticity=whole, levers=(shorter.but(elasticity=own),)), "requests")[0, 0]
        for name, whole, own in (("none", 0.0, None), ("plan", 0.5, None), ("lever", 0.0, 0.5), ("both", 0.5, 0.5),
                                 ("not this", 0.5, 0.0))
    }  # fmt: skip
    assert requests["plan"] == requests["lever"] == requests["both"] > requests["none"] == requests["not this"]
