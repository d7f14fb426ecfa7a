"""Links that people have kept must open for ever. `tests/golden/links.txt` says where its links are from."""

from hashlib import sha256
from pathlib import Path

import pytest

from core.link import VERSION, Stamp, TargetStamp, decode
from core.plan import Actual, InventoryRow, Plan, Search, Target, Workload
from core.plan.cells import default_cells
from core.plan.example import FILE, example_plan
from core.plan.lever import Lever

LINES = (Path(__file__).parents[1] / "golden" / "links.txt").read_text(encoding="utf-8").splitlines()
LINKS = dict(line.split("\t") for line in LINES if line and not line.startswith("#"))
EXAMPLE = example_plan()
# What a link says of its target, where it does: it came later.
RULES = {"a target with its rules": TargetStamp("none: a rate", "linear", "2026-04-14", "5.5 % a year", 19940.0, None)}
AS_WORK_COMES = {
    "deferrable_share": 1.0, "hours_chosen": "as_they_come", "job_h": None, "pausing": "whole",
    "residency": "anywhere", "latency_ms": None,
}  # fmt: skip
NO_ROOM = {"restart_h": 0.0, "room_home_ratio": None, "room_away_ratio": 1.0, "moving_share": 0.0}
ONE_WORLD = {"stress_rebound_elasticity": 0.5, "stress_grid_change_pct": None, "stress_hardware": "L40S"}
YOURS = {"it_control": "own"}
BY_HAND = {"import_key": ""}
NO_LIST = {"residency": "eea", "residency_countries": (), **BY_HAND}
BEFORE_LISTS = NO_LIST | YOURS
BEFORE_HOURS = BEFORE_LISTS | AS_WORK_COMES | NO_ROOM
BEFORE_SUPPLY = {
    "purchase_year": None,
    "lifetime_years": None,
    "supplier": "",
    **BEFORE_LISTS,
    **AS_WORK_COMES,
    **NO_ROOM,
}


def expected():
    """What each golden link says, in words of the plan."""
    return {
        "the example": EXAMPLE,
        "one region": EXAMPLE.with_workload("W1", region="aws:eu-west-1"),
        "a busier assistant": EXAMPLE.with_workload("W2", requests_per_day=25_000, output_tokens=450.5, seats=None),
        "a contract": EXAMPLE.with_workload("W5", contract_share=((2026, 0.2), (2030, 1.0)), contract_g_per_kwh=14),
        "view": EXAMPLE.but(
            name="Ours", last_year=2040, seed=7, carbon_price_usd_per_t=85.5, method="market", boundary="operation",
            headline_year=2035, stack_by="workload", business_unit="AI Platform", tag="training",
        ),
        "no workloads": EXAMPLE.but(workloads=()),
        "a copy and a removal": EXAMPLE.duplicating("W2").without("W1"),
        "odd words": EXAMPLE.with_workload("W3", name="=1+1 \"x\" 'y'; a\\tb, ü 漢", tags=("-a", "b c"), owner="'"),
        "every field": EXAMPLE.but(workloads=(full_workload().but(**BEFORE_SUPPLY),)),
        "every field, supply too": EXAMPLE.but(workloads=(full_workload().but(**BEFORE_HOURS),)),
        "every field, hours too": EXAMPLE.but(workloads=(full_workload().but(**NO_ROOM, **BEFORE_LISTS),)),
        "every field, room too": EXAMPLE.but(workloads=(full_workload().but(**BEFORE_LISTS),)),
        "every field, who controls the servers too": EXAMPLE.but(workloads=(full_workload().but(**NO_LIST),)),
        "every field, countries too": EXAMPLE.but(workloads=(full_workload().but(**BY_HAND),)),
        "every field, where it was imported from too": EXAMPLE.but(workloads=(full_workload(),)),
        "later years": EXAMPLE.but(
            grid_path="percent", grid_change_pct=-4.5, efficiency_drift_pct=3, refresh_every_years=4,
            refresh_gain_pct=60, rebound_elasticity=0.4,
        ),
        "more simulations": EXAMPLE.but(points="8192"),
        "a target, an inventory and actuals": EXAMPLE.but(
            target=full_target(), inventory=full_inventory(), actuals=full_actuals()
        ),
        "a target with its rules": EXAMPLE.but(target=full_target()),
        "a search and its candidates": EXAMPLE.but(search=full_search().but(**ONE_WORLD), candidates=full_candidates()),
        "a search in other worlds": EXAMPLE.but(search=full_search()),
    }  # fmt: skip


def full_workload():
    """A workload none of whose fields is at its default."""
    return Workload(
        id="full", name="All", kind="fine_tuning", hosting="colocation", model="qwen3-30b-a3b", precision="fp8",
        hardware="H200", accelerators=4, batch=7.5, serving="vllm-2024", parallel="ep", region="FR",
        requests_per_day=1234.5, input_tokens=77, output_tokens=88, cached_share=0.125, operating_days=250, seats=10,
        requests_per_seat_day=20, peak_to_mean=3.5, growth_low_pct=-10, growth_central_pct=5.5, growth_high_pct=60,
        growth_decay_pct=2, first_year=2027, last_year=2033, runs_per_year=3, tokens_per_run_m=12.5, epochs=2,
        overhead_factor=1.5, mfu=0.33, installed_accelerators=16, busy_share=0.4, deferrable_h=12, pue=1.33,
        deferrable_share=0.5, hours_chosen="profile", job_h=36, pausing="paused", latency_ms=40,
        residency="listed", residency_countries=("DE", "no"),
        restart_h=0.4, room_home_ratio=2.5, room_away_ratio=0.25, moving_share=0.05, it_control="landlord",
        wue_l_per_kwh=0.2, contract_share=((2027, 0.5),), contract_g_per_kwh=20, price_hire_usd_per_h=2.5,
        purchase_year=2025, lifetime_years=5, supplier="own:wind",
        price_electricity_usd_per_kwh=0.15, price_purchase_usd=30000, price_operations_usd_per_h=0.4,
        price_input_usd_per_m_tokens=1, price_cached_usd_per_m_tokens=0.1, price_output_usd_per_m_tokens=4,
        business_unit="BU", owner="Me", tags=("t1", "t2"), import_key="OpenAI|inference|gpt-5|eu|a\tb|",
    )  # fmt: skip


def full_target():
    """A target none of whose fields is at its default."""
    return Target(
        mode="company", method="own_rate", scope3_ambition="1.5C", scopes12="apart", base_year=2024, recent_year=2025,
        submission_year=2027, submission_half="H1", target_year=2032, long_target_year=2048, net_zero_year=2045,
        own_rate_pct=5.5, validated_reduction_pct=42, scope2_basis="market", excluded_pct=3, coverage_near_pct=70,
        coverage_long_pct=92, long_reduction_pct=91, renewable_pct=85, renewable_year=2028, base_change_pct=-4.5,
        activity_growth_pct=-2, credits_t=30, avoided_t=12.5, company_category="A", rest_change_pct=-3,
        sold_products="counted",
    )  # fmt: skip


def full_inventory():
    """Rows of every scope, none of whose fields stays at its default in all of them."""
    own = {"basis": "direct", "source": "=Report, p. 3", "note": "site\tA\n2"}
    return (
        InventoryRow(id="I1", year=2024, scope="1", emissions_t=12.5, **own),
        InventoryRow(id="I2", year=2024, scope="2", method="market", emissions_t=0, **own),
        InventoryRow(
            id="mine", covers="portfolio", year=2025, scope="3", category=15, emissions_t=1e9, source="R",
            basis="life_cycle",
        ),
    )  # fmt: skip


def full_actuals():
    """A month with every field, and a year with one."""
    return (
        Actual(
            id="A1", workload="W2", year=2026, month=12, requests=1.5, runs=0.5, output_tokens=1e9,
            energy_facility_kwh=20.25, carbon_location_kg=7, carbon_market_kg=0, source="bill 7; meter",
        ),
        Actual(id="A2", workload="W1", year=2027, requests=0, source="log"),
    )  # fmt: skip


def full_search():
    """A search none of whose fields is at its default."""
    return Search(
        meet_share=0.55, milestones="every_year", budget_usd=125_000.5, quality_floor_pct=97.5, latency_ceiling_s=12,
        certificates="excluded", residency="ignored", unpriced="searched",
        stress_rebound_elasticity=0.7, stress_grid_change_pct=-1.5, stress_hardware="H200",
    )  # fmt: skip


def full_candidates():
    """A lever with every field, and one with none."""
    return (
        Lever(
            id="smaller_model.2", choice="llama3.1-8b", share=0.5, start_year=2028, workloads=("W2", "W4"),
            once_days=12.5, once_usd=1000, once_kwh=5, once_kg=7, running_usd_per_year=300, running_kwh_per_year=2,
            elasticity=0.25,
        ),
        Lever(id="concise_output"),
    )  # fmt: skip


def test_the_full_search_leaves_no_field_at_its_default():
    assert [n for n in Search.model_fields if getattr(full_search(), n) == getattr(Search(), n)] == []


def test_the_full_target_leaves_no_field_at_its_default():
    assert [n for n in Target.model_fields if getattr(full_target(), n) == getattr(Target(), n)] == []


def test_the_full_workload_leaves_no_field_at_its_default():
    usual = Workload(id="usual")
    assert [n for n in Workload.model_fields if getattr(full_workload(), n) == getattr(usual, n)] == []


def test_every_golden_link_is_expected_and_every_expectation_has_a_link():
    assert LINKS.keys() == expected().keys()


@pytest.mark.parametrize("name", LINKS)
def test_a_kept_link_opens_as_the_plan_it_was_made_from(name):
    opened = decode(LINKS[name])
    assert opened.problems == ()
    assert opened.plan == expected()[name]
    assert opened.stamp == Stamp("61d098", 111600.0, RULES.get(name))


def test_links_are_of_version_1_and_so_is_the_example_they_differ_from():
    """Links hold differences from the example: whoever edits it must raise the link's version and keep both."""
    assert VERSION == "1"
    assert sha256(FILE.read_bytes()).hexdigest() == "0f4c5abdcdf336e2ba08452a4e3c12f38d26774316be7d185a264a7df60281cf"


def test_defaults_that_new_workloads_in_links_leave_out_are_those_of_version_1():
    """The same holds for the fields' defaults: a changed default changes the plans of kept links."""
    told = repr([(f"{c.__name__}.{n}", getattr(r, n)) for c, r in DEFAULTS for n in c.model_fields if n not in NEW])
    assert sha256(told.encode()).hexdigest() == "4ab866b11378698c243770600189fad9791108011b80e3afd7d695f7ab0411f3"


def test_defaults_that_targets_inventories_and_actuals_in_links_leave_out_stay():
    told = repr([(cls.record, default_cells(cls)) for cls in (Target, InventoryRow, Actual)])
    assert sha256(told.encode()).hexdigest() == "0f111c43a8fa461c39a0b0811ffbe4759525aa0971e16349c5542126285cbb4b"


# Fields that came later, empty at first: a link that does not name them has none.
NEW = (
    "hours_files", "hours_at_hand", "grid_path", "grid_change_pct", "efficiency_drift_pct", "refresh_every_years",
    "refresh_gain_pct", "rebound_elasticity", "target", "inventory", "actuals", "points", "candidates", "search",
    *NO_ROOM, *YOURS, "residency_countries", *BY_HAND, "facts_then",
)  # fmt: skip
DEFAULTS = ((Plan, Plan()), (Workload, Workload(id="W1")), (Workload, Workload(id="W1", hosting="api")))
