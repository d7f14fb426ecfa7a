"""A link brings back the plan, and is short."""

import pytest
from hypothesis import example, given, settings

from core import results, table
from core.link import Opened, Stamp, decode, encode, stamp
from core.plan import Plan, Workload, knobs
from core.plan.example import example_plan
from core.plan.limits import MOST_WORKLOADS
from core.results_table import write_results
from tests.strategies import plans

EXAMPLE = example_plan()
STAMP = Stamp("0123456789ab", 111553.9)
UNESCAPED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@example(Plan(workloads=(Workload(id="W1", hosting="api", hardware="H100-SXM"),)))
@given(plans())
@settings(max_examples=150)
def test_a_link_brings_back_the_same_plan_and_needs_no_escaping_in_an_address(plan):
    link = encode(plan)
    assert decode(link) == Opened(plan)
    assert set(link + encode(plan, STAMP)) <= UNESCAPED


@given(plans(most=1))
def test_equal_plans_have_equal_links(plan):
    assert encode(Plan.model_validate(plan.model_dump())) == encode(plan)


@given(plans())
def test_link_and_csv_bring_back_the_same_plan(plan):
    assert decode(encode(plan)).plan == table.read_plan(table.write_plan(plan)).plan


def test_the_stamp_travels_with_four_digits_and_half_the_data_version():
    assert decode(encode(EXAMPLE, STAMP)) == Opened(EXAMPLE, (), Stamp("012345", 111600.0))


def test_the_stamp_is_the_headline_the_page_shows():
    found = results.of(EXAMPLE)
    expected = found.total(found.carbon_kg())[2030 - 2026, 0]
    assert stamp(EXAMPLE) == Stamp(found.data_version, expected)


def test_a_plan_without_a_figure_has_no_headline_in_its_stamp():
    unknown = Workload(id="W1", hosting="own", model="no-such-model")
    assert stamp(Plan(workloads=(unknown,))).headline_kg == 0.0  # nothing could be computed, so nothing is shown


@pytest.mark.parametrize("workloads", [(), EXAMPLE.workloads[:1], EXAMPLE.workloads[::-1], (Workload(id="only"),)])
def test_other_workloads_than_the_examples_come_back_in_their_order(workloads):
    plan = EXAMPLE.but(workloads=workloads)
    assert decode(encode(plan)).plan == plan


def test_a_field_set_back_to_blank_comes_back_blank():
    blank = {"seats": None, "tags": (), "owner": "", "business_unit": "", "busy_share": None}
    plan = EXAMPLE.with_workload("W2", **blank)
    assert decode(encode(plan)).plan.workload("W2") == EXAMPLE.workload("W2").but(**blank)


CHANGES = {
    "nothing": {},
    "region": {"region": "aws:eu-west-1"},
    "traffic": {"requests_per_day": 25_000, "input_tokens": 1_500, "output_tokens": 400},
    "model": {"model": "qwen3-30b-a3b", "precision": "fp8"},
    "cloud": {"hosting": "cloud", "hardware": "H200", "region": "gcp:europe-north1", "price_hire_usd_per_h": 3.2},
    "growth": {"growth_low_pct": 10, "growth_central_pct": 35, "growth_high_pct": 90, "growth_decay_pct": 7},
    "contract": {"contract_share": "2026=0.2; 2030=1", "contract_g_per_kwh": 14},
    "many": {
        "name": "Bot for the shops", "model": "llama3.3-70b", "hosting": "own", "hardware": "H200", "accelerators": 4,
        "batch": 24, "region": "FR", "requests_per_day": 125_000, "input_tokens": 2_400, "output_tokens": 350,
        "cached_share": 0.4, "pue": 1.25, "installed_accelerators": 16, "busy_share": 0.35,
    },
}  # fmt: skip


@pytest.mark.parametrize("key", ["W1", "W2", "W6"])
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_a_link_that_changes_one_workload_is_under_200_characters(key, changes):
    if EXAMPLE.workload(key).hosting == "api" and changes.get("model"):
        changes = changes | {"hardware": changes.get("hardware", "H100-SXM")}
    assert len(encode(EXAMPLE.with_workload(key, **changes), STAMP)) < 200


@pytest.mark.parametrize("key", ["W1", "W2", "W6"])
def test_a_link_that_renames_moves_and_filters_is_under_200_characters(key):
    plan = EXAMPLE.with_workload(key, name="Sales assistant", region="US").but(
        name="Plan of the works council", last_year=2040, method="market", headline_year=2035, business_unit="Sales"
    )
    assert len(encode(plan, STAMP)) < 200


def test_a_link_with_one_new_workload_is_under_200_characters():
    new = Workload(id="W7", name="Translation", model="mixtral-8x7b", hardware="L40S", region="NL", input_tokens=900)
    assert len(encode(EXAMPLE.adding(new), STAMP)) < 200


def ten_workloads():
    """Ten workloads of a company, each its own."""
    models = ["llama3.1-8b", "llama3.3-70b", "mixtral-8x7b", "qwen3-30b-a3b", "gpt-5-mini"]
    regions = ["aws:eu-west-1", "DE", "FR", "aws:us-east-1", "SE"]
    words = ["Support", "Search", "Code", "Claims", "Contracts", "Translation", "Minutes", "Routing", "Sales", "Audit"]
    return tuple(
        Workload(
            id=f"W{k + 1}",
            name=f"{words[k]} assistant",
            hosting="api" if k % 5 == 4 else "own" if k % 2 else "cloud",
            model=models[k % 5],
            region=regions[k * 3 % 5],
            requests_per_day=1_000.0 * (k + 3) ** 2,
            input_tokens=100.0 * (3 * k + 7),
            output_tokens=150.0 + 35 * k,
            growth_central_pct=5.0 * k,
            growth_high_pct=10.0 * k,
            business_unit=["IT", "Sales", "Finance"][k % 3],
        )
        for k in range(10)
    )


def test_a_link_with_ten_workloads_is_under_600_characters():
    plan = Plan(name="Group", workloads=ten_workloads())
    link = encode(plan, STAMP)
    assert decode(link).plan == plan
    assert len(link) < 600


def test_a_link_carries_as_many_workloads_as_a_plan_may_hold():
    plan = Plan(workloads=tuple(Workload(id=f"x{k}", input_tokens=k) for k in range(MOST_WORKLOADS)))
    assert decode(encode(plan)) == Opened(plan)


def test_link_and_csv_of_a_plan_give_the_same_results_file():
    plan = EXAMPLE.with_workload("W2", name="=A1, \"x\"; 'y'", batch=12.5, contract_share="2027=0.5").but(seed=7)
    opened, read = decode(encode(plan)).plan, table.read_plan(table.write_plan(plan)).plan
    assert write_results(results.of(opened)) == write_results(results.of(read)) == write_results(results.of(plan))


@given(plans(most=2))
@settings(max_examples=20)
def test_every_field_of_a_workload_travels_alone(plan):
    for workload in plan.workloads:
        base = Workload(id="one", hosting=workload.hosting, hardware=workload.hardware)
        for name in knobs(Workload):
            if not name.startswith(("growth_", "id", "first_year", "last_year")):
                one = Plan(workloads=(base.but(**{name: getattr(workload, name)}),)) if name != "hosting" else Plan()
                assert decode(encode(one)).plan == one
