"""What a reader is told of later years: nothing where nothing is assumed, and each limit in its sentence."""

from itertools import pairwise

import pytest

from core import catalog as facts
from core import results, results_table
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own import OwnRegion
from core.results.draws import interval
from core.results.grid_paths import grid_paths
from core.results.later_effects import GENERATIONS, assumed_later, generations, later_effects
from core.results.later_notes import CARBON_ALONE, EMPTIER, JOULES, LIFE_CYCLE, later_notes
from tests.results.plans import API, CLOUD, OWN

US = CLOUD.but(id="us", region="USST-TX")
MINE = OwnRegion(
    id="own:grid", name="Ours", carbon_g_per_kwh=((2026, 300.0),), source="us", source_date="2026-01-01"
)  # fmt: skip


def noted(*workloads, **fields):
    return later_notes(Plan(workloads=workloads, **fields))


def test_a_plan_that_assumes_nothing_has_nothing_to_note():
    assert noted(OWN, API, US) == []
    assert assumed_later(Plan()) == []


def test_a_scenario_of_one_country_says_its_age_and_leaves_the_others_flat():
    assert noted(OWN, US, grid_path="nrel-2023-mid-case", first_year=2022) == [
        CARBON_ALONE,
        "NREL Standard Scenarios 2023 Mid-case (current policies as of 2023), US: counts combustion and fuel supply, "
        "and is taken as an index of 2022.",
        "NREL Standard Scenarios 2023 Mid-case (current policies as of 2023): predates the policies of 2025; falls "
        "25 % in two years.",
        "NREL Standard Scenarios 2023 Mid-case (current policies as of 2023) starts in 2024; earlier years have its "
        "first figure.",
        "Outside the scenario's area, and therefore flat: Germany.",
    ]  # fmt: skip


def test_contracts_own_grids_and_the_life_cycle_are_named_beside_a_path():
    workloads = (OWN.but(contract_share=((2026, 0.5),)), API.but(region="own:grid"))
    assert noted(*workloads, grid_path="oecm-2022-1.5c", regions=(MINE,)) == [
        CARBON_ALONE,
        "OECM 1.5C (2022), Europe: counts stack emissions, and is taken as an index of 2026.",
        LIFE_CYCLE,
        "By the years you entered, whatever the path: Ours.",
        "Contracts keep their own figure: what moves is the grid's average, where no contract is.",
    ]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"grid_change_pct": -3.0}, "The change of -3 % a year moves nothing: grids do not follow a change of yours."),
        ({"refresh_gain_pct": 50.0}, "A gain of 50 % moves nothing: accelerators are never renewed."),
        ({"refresh_every_years": 4, "refresh_gain_pct": 50.0}, JOULES),
        (
            {"refresh_every_years": 4, "levers": (Lever(id="lifetime"),)},
            "A lever lets hardware serve longer; its renewal every 4 years ends that.",
        ),
        (
            {"refresh_every_years": 4, "levers": (Lever(id="newer_gpu", choice="B200"),)},
            "A lever brings newer accelerators too; what renewals gain comes on top of it.",
        ),
        (
            {"refresh_every_years": 4, "hardware_view": "purchase_year"},
            "Booked in the year of purchase, machines added between two renewals are replaced at their own age.",
        ),
        ({"rebound_elasticity": 1.0}, "Nothing in this plan makes an answer cheaper, so there is no rebound yet."),
        (
            {"rebound_elasticity": 1.0, "efficiency_drift_pct": 5.0},
            "Tokens at a listed price get no cheaper by themselves, so no rebound: Bought.",
        ),
    ],
)
def test_what_moves_nothing_or_contradicts_says_so(fields, sentence):
    bought = API.but(price_input_usd_per_m_tokens=1.0, price_output_usd_per_m_tokens=3.0)
    assert sentence in noted(OWN, bought, **fields)


def test_effects_stand_alone_and_together_over_the_same_plan():
    plan = Plan(workloads=(OWN, US), grid_path="oecm-2022-1.5c", efficiency_drift_pct=5.0)
    rows = {row.what: row for row in later_effects(plan)}
    assert list(rows) == ["grids", "software", "grids and software"]
    assert len({row.with_kg for row in rows.values()}) == 1
    flat, slow = (plan.but(**f) for f in ({"grid_path": "flat"}, {"efficiency_drift_pct": 0.0}))
    bare = flat.but(efficiency_drift_pct=0.0)
    for row, without in zip(rows.values(), (flat, slow, bare), strict=True):
        found = [one.total(one.carbon_kg())[4] for one in (results.of(without), results.of(plan))]
        assert (row.without_kg, row.with_kg) == (found[0][0], found[1][0])
        assert (row.low_kg, row.high_kg) == interval(found[1] - found[0])[::2]


def test_quicker_steps_on_a_fleet_with_room_read_the_weights_more_often_and_the_page_says_so():
    light = OWN.but(requests_per_day=20_000.0)
    step = {drift: results.of(Plan(workloads=(light,), efficiency_drift_pct=drift), 0).values for drift in (0.0, 10.0)}
    batch, time = ([float(step[drift][name][0, 4, 0]) for drift in (0.0, 10.0)] for name in ("batch", "step_time_s"))
    assert time[1] < time[0]
    assert batch[1] / batch[0] == pytest.approx(time[1] / time[0], rel=1e-6)  # Little's law at one rate
    assert EMPTIER in noted(light, efficiency_drift_pct=10.0)


def test_a_generation_is_the_data_sheets_arithmetic_and_bandwidth_by_their_watts():
    rows = facts.load().hardware
    found = generations(facts.load())
    assert [(one.older.id, one.newer.id) for one in found] == list(pairwise(GENERATIONS))
    old, new = rows["A100-80-SXM"], rows["H100-SXM"]
    assert found[0].arithmetic_ratio == pytest.approx(989.0 / 700.0 * 400.0 / 312.0)
    assert found[0].bandwidth_ratio == pytest.approx(new.bandwidth_gb_s / old.bandwidth_gb_s * 400.0 / 700.0)


def test_the_paths_at_hand_stand_side_by_side_each_as_the_plan_would_be_on_it():
    one = Plan(workloads=(US, API.but(region="FR")), grid_path="oecm-2022-1.5c")
    found = {row.path: row for row in grid_paths(one)}
    assert list(found) == ["flat", "nrel-2023-mid-case", "nrel-2023-mid-case-100-by-2035", "oecm-2022-1.5c"]
    for path, row in found.items():
        on = results.of(one.but(grid_path=path))
        kg = on.total(on.carbon_kg())[on.place(one.shown_year())]
        assert (row.low_kg, row.central_kg, row.high_kg) == interval(kg)


def test_a_path_that_moves_no_grid_of_the_plan_is_left_out_and_the_plans_own_change_stands_among_them():
    french = Plan(workloads=(API.but(region="FR"),), grid_path="percent", grid_change_pct=-3.0)
    assert [row.path for row in grid_paths(french)] == ["flat", "percent", "oecm-2022-1.5c"]


def test_exports_say_that_a_path_has_no_range():
    flat, moved = (next(results_table.rows(results.of(Plan(workloads=(US,), grid_path=path))))["method_version"]
                   for path in ("flat", "percent"))  # fmt: skip
    assert moved == f"{flat}+grid-path-without-range"
