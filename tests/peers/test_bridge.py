"""From EcoLogits' figure to ours: the ends are the two figures, and the steps add and multiply to the whole."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core import catalog as facts
from core.peers import ecologits_library
from core.peers.bridge import QUANTITIES, THEIR_DEVICE, Bridge, bridge
from core.peers.ecologits_library import Span
from core.peers.opinion import Opinion, opinion, why_none
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.own import OwnDevice, OwnModel, OwnRegion, OwnSite
from core.plan.plan import CASE
from core.results.estimate import Answer, answer
from core.results.figures import of

CATALOG = facts.load()
API = {"hosting": "api", "hardware": "", "precision": "fp8"}
CASES = {
    "usual": {},
    "closed service": API | {"model": "gpt-4o"},
    "closed, dense": API | {"model": "claude-haiku-4.5", "region": "WORLD"},
    "open, bought": API | {"model": "llama3.3-70b"},
    "experts in 8 bits": {"model": "deepseek-v3.2", "precision": "fp8", "region": "FR"},
    "another accelerator": {"model": "llama3.1-8b", "hardware": "L40S", "region": "USST-TX"},
    "own, half busy": {"hosting": "own", "busy_share": 0.4, "installed_accelerators": 16},
    "own, idle": {"hosting": "own", "requests_per_day": 10.0, "model": "llama3.1-8b"},
    "scripts": {"serving": "transformers", "model": "llama3.1-8b"},
    "split by experts": {"model": "qwen3-235b-a22b", "parallel": "ep", "precision": "fp8"},
    "long prompt, cached": {"input_tokens": 20_000.0, "cached_share": 0.5, "hardware": "H200"},
    "its own batch": {"batch": 32.0, "accelerators": 8, "pue": 1.4, "wue_l_per_kwh": 0.1},
    "not on an H100": {"precision": "bf16", "hardware": "V100-SXM2", "model": "llama3.1-8b"},
}


def plan_of(**case: object) -> Plan:
    return example_plan().but(case=CASE.but(**case))


def found(plan: Plan) -> tuple[Answer, Opinion, Bridge]:
    ours, theirs = answer(plan), opinion(plan)
    assert ours.reason == ""
    return ours, theirs, bridge(ours, theirs)


def ours_of(ours: Answer) -> dict[str, float]:
    """Our central figures of one request, from the one road."""
    each = {name: float(ours.each(name)[0]) for name in ("energy_facility_kwh", "carbon_location_kg",
            "carbon_embodied_kg", "water_site_l", "water_source_l")}  # fmt: skip
    return {
        "energy_facility_kwh": each["energy_facility_kwh"],
        "carbon_kg": each["carbon_location_kg"] + each["carbon_embodied_kg"],
        "water_l": each["water_site_l"] + each["water_source_l"],
    }


def holds(plan: Plan) -> None:
    """The law of the bridge: it starts at theirs, ends at ours, and the steps are all there is between."""
    ours, theirs, way = found(plan)
    mine = ours_of(ours)
    for name in QUANTITIES:
        first, last = way.ends(name)
        steps = way.steps(name)
        assert first == getattr(theirs.said, name).middle
        assert last == mine[name]
        assert first + math.fsum(step.change for step in steps) == pytest.approx(last, rel=1e-12)
        assert first * math.prod(step.after / step.before for step in steps) == pytest.approx(last, rel=1e-12)
        assert all(math.isfinite(step.after) and step.after > 0 for step in steps)
        assert steps[-1].key == "meter"  # our figures from the one road: the engine's last row is the same
        assert steps[-1].before == pytest.approx(steps[-1].after, rel=1e-12)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_steps_add_and_multiply_to_the_whole(case: dict[str, object]) -> None:
    holds(plan_of(**case))


MODELS = sorted(m.id for m in CATALOG.models.values() if m.computable)
DEVICES = sorted(h.id for h in CATALOG.hardware.values() if h.kind == "gpu")
REGIONS = ["WORLD", "US", "FR", "PL", "USST-TX", "aws:eu-west-1", "XK", "CNP-Beijing"]


@given(
    model=st.sampled_from(MODELS),
    device=st.sampled_from(DEVICES),
    hosting=st.sampled_from(["own", "colocation", "cloud", "api"]),
    precision=st.sampled_from(["bf16", "fp8", "int8", "int4", "fp16"]),
    region=st.sampled_from([r for r in REGIONS if r in CATALOG.regions or r in CATALOG.cloud_regions]),
    input_tokens=st.floats(1, 30_000),
    output_tokens=st.floats(1, 8_000),
    requests=st.floats(1, 1e7),
    serving=st.sampled_from(["vllm", "vllm-2024", "transformers"]),
)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
def test_whatever_the_case_the_steps_add_and_multiply_to_the_whole(
    model: str, device: str, hosting: str, precision: str, region: str, input_tokens: float, output_tokens: float,
    requests: float, serving: str,
) -> None:  # fmt: skip
    plan = plan_of(
        model=model, hardware="" if hosting == "api" else device, hosting=hosting, precision=precision, region=region,
        input_tokens=input_tokens, output_tokens=output_tokens, requests_per_day=requests, serving=serving,
    )  # fmt: skip
    assume(answer(plan).reason == "")
    holds(plan)


def test_a_case_as_ecologits_takes_it_leaves_the_formula_alone() -> None:
    """Where the case is theirs in every assumption that we can set, only the formula and its own site are left."""
    fixed = ecologits_library.fixed()
    case = {
        "hosting": "api", "hardware": THEIR_DEVICE, "model": "llama3.1-8b", "batch": fixed.batch, "accelerators": 1,
        "pue": 1.115, "wue_l_per_kwh": 0.56, "input_tokens": 1e-9, "region": "US",
    }  # fmt: skip
    _, theirs, way = found(plan_of(**case))
    assert (theirs.middle.pue.middle, theirs.middle.wue_l_per_kwh.middle) == (1.115, 0.56)
    moved = {step.key for step in way.steps("energy_facility_kwh") if abs(step.change) > 1e-9 * step.after}
    assert moved == {"formula", "server", "fleet"}


def step(case: dict[str, object], key: str, quantity: str = "energy_facility_kwh") -> float:
    """By how much one step multiplies."""
    _, _, way = found(plan_of(**case))
    one = next(step for step in way.steps(quantity) if step.key == key)
    return one.after / one.before


def test_the_step_of_the_site_is_the_ratio_of_the_two_overheads() -> None:
    assert step({"pue": 1.5}, "pue") == pytest.approx(1.5 / 1.115, rel=1e-12)


def test_the_step_of_the_grid_leaves_energy_alone_and_scales_carbon_of_use() -> None:
    ours, _, way = found(plan_of(region="PL"))
    grid = next(s for s in way.steps("carbon_kg") if s.key == "grid")
    energy = next(s for s in way.steps("energy_facility_kwh") if s.key == "grid")
    assert energy.change == 0
    kwh = float(ours.each("energy_facility_kwh")[0])
    assert isinstance(grid.now, float)
    assert isinstance(grid.was, float)
    assert grid.change == pytest.approx(kwh * (grid.now - grid.was) / 1000, rel=1e-9)
    assert grid.now == CATALOG.regions["PL"].carbon_g_per_kwh


def test_the_steps_of_cooling_and_of_electricity_move_water_alone() -> None:
    _, _, way = found(plan_of(wue_l_per_kwh=1.9, region="FR"))
    for key in ("wue", "water"):
        for name in ("energy_facility_kwh", "carbon_kg"):
            assert next(s for s in way.steps(name) if s.key == key).change == 0


def test_input_tokens_cost_more_the_more_there_are() -> None:
    few, many = (step({"input_tokens": tokens}, "prompt") for tokens in (50.0, 1_500.0))
    assert 1 < few < many


def test_a_full_batch_of_theirs_beside_few_requests_is_the_step_of_the_batch() -> None:
    ours, theirs, way = found(plan_of(requests_per_day=100.0))
    batch = next(s for s in way.steps("energy_facility_kwh") if s.key == "batch")
    assert (batch.was, batch.now) == (64.0, float(ours.year("batch")[0]))
    assert batch.after > batch.before
    assert theirs.said == opinion(plan_of(requests_per_day=1e6)).said  # it does not ask how many requests there are


def test_a_fleet_that_waits_is_the_step_of_the_fleet() -> None:
    busy, idle = (step({"hosting": "own", "requests_per_day": n, "model": "llama3.1-8b"}, "fleet") for n in (1e6, 10.0))
    assert 1 <= busy < idle


def test_the_formula_is_our_engine_under_their_assumptions() -> None:
    """Worked out again on the one road: a bought service on their machine, full, never waiting, without a prompt."""
    plan = plan_of(model="llama3.1-8b")
    _, theirs, way = found(plan)
    fixed = ecologits_library.fixed()
    alike = Workload(
        id="x", hosting="api", hardware=THEIR_DEVICE, model="llama3.1-8b", region="US", batch=fixed.batch,
        accelerators=int(theirs.said.accelerators.middle), input_tokens=1e-9, output_tokens=CASE.output_tokens,
        pue=theirs.middle.pue.middle,
    )  # fmt: skip
    found_ = of(Plan(first_year=2026, last_year=2026, workloads=(alike,)), draws=0)
    requests = float(found_.values["requests"][0, 0, 0])
    accelerators_kwh = float(found_.values["energy_accelerator_kwh"][0, 0, 0]) / requests
    busy_h = float(found_.values["busy_h"][0, 0, 0]) / requests
    by_hand = (accelerators_kwh + busy_h * fixed.host_w / 1000) * theirs.middle.pue.middle
    formula = next(s for s in way.steps("energy_facility_kwh") if s.key == "formula")
    assert formula.after == pytest.approx(by_hand, rel=1e-7)


def test_a_range_is_bridged_from_the_mean_that_it_prints() -> None:
    _, theirs, way = found(plan_of(**API, model="claude-haiku-4.5"))
    said = theirs.said.energy_facility_kwh
    assert said.low < said.middle < said.high
    assert way.ends("energy_facility_kwh")[0] == (said.low + said.high) / 2
    middle = ecologits_library.says(theirs.middle).energy_facility_kwh
    assert middle.low == middle.high == way.steps("energy_facility_kwh")[0].after


def test_a_closed_service_is_asked_by_its_list() -> None:
    theirs = opinion(plan_of(**API, model="gpt-4o", region="US"))
    assert theirs.provider == "openai"
    assert theirs.asked.params_active_b == Span(44.0, 132.0)
    assert theirs.asked.params_total_b == Span(440.0, 440.0)
    assert (theirs.asked.output_tokens_per_s, theirs.asked.first_token_s) == (74.0, 0.61)
    assert (theirs.asked.pue, theirs.asked.zone) == (Span(1.2, 1.2), "USA")


def test_the_same_figures_as_its_own_way_in() -> None:
    from ecologits.tracers.utils import llm_impacts

    theirs = opinion(plan_of(**API, model="gpt-4o", region="WORLD", output_tokens=400.0))
    direct = llm_impacts("openai", "gpt-4o", 400, math.inf)
    assert theirs.said.energy_facility_kwh == ecologits_library.span(direct.energy)
    assert theirs.said.carbon_kg == ecologits_library.span(direct.gwp)
    assert theirs.said.water_l == ecologits_library.span(direct.wcf)
    assert theirs.notes == ("the region is unknown: EcoLogits places this provider in USA",)


@pytest.mark.parametrize(
    ("region", "zone", "note"),
    [
        ("FR", "FRA", ""),
        ("WORLD", "WOR", ""),
        ("aws:eu-west-1", "IRL", ""),
        ("USST-TX", "USA", "EcoLogits knows countries, not Texas: it takes USA"),
        ("XK", "WOR", "EcoLogits has no electricity mix for Kosovo: it takes the world's"),
    ],
)
def test_a_place_is_asked_by_its_country(region: str, zone: str, note: str) -> None:
    theirs = opinion(plan_of(region=region))
    assert theirs.asked.zone == theirs.mix.zone == zone
    assert theirs.notes == ((note,) if note else ())


def test_a_grid_of_ones_own_has_no_zone() -> None:
    own = OwnRegion(
        id="own:mill", name="Our mill", carbon_g_per_kwh="50", source="meter", source_date="2026-01-01", based_on="SE"
    )
    theirs = opinion(plan_of(region="own:mill").but(regions=(own,)))
    assert theirs.asked.zone == "WOR"
    assert theirs.notes == ("EcoLogits has no electricity mix for Our mill: it takes the world's",)


def test_own_entries_are_bridged_as_any(own_plan: Plan) -> None:
    holds(own_plan)


@pytest.fixture(params=["grid without carbon or water", "device", "model", "site"])
def own_plan(request: pytest.FixtureRequest) -> Plan:
    said = {"source": "meter", "source_date": "2026-01-01"}
    if request.param == "device":
        device = OwnDevice(id="own:box", name="Box", based_on="H100-SXM", memory_gb=120.0, tdp_w=500.0, **said)
        return plan_of(hardware="own:box").but(devices=(device,))
    if request.param == "model":
        model = OwnModel(id="own:llm", name="Ours", based_on="llama3.1-8b", params_total_b=0.0001, **said)
        return plan_of(model="own:llm").but(models=(model,))
    grid = OwnRegion(id="own:mill", name="Mill", carbon_g_per_kwh="1", water_l_per_kwh=0.0, based_on="SE", **said)
    site = OwnSite(id="own:hall", name="Hall", region="own:mill", pue=1.02, wue_l_per_kwh=0.01, host_w=60.0, **said)
    place = "own:hall" if request.param == "site" else "own:mill"
    return plan_of(region=place).but(regions=(grid,), sites=(site,))


def test_every_zone_of_the_catalog_is_one_that_it_has() -> None:
    known = {r.iso3 for r in CATALOG.regions.values() if r.iso3 and ecologits_library.mix_of(r.iso3) is None}
    assert known == {"XKX", "ALA", "CUW", "FSM", "SGS", "PLW", "MYT"}


def test_there_is_no_second_opinion_on_training() -> None:
    plan = example_plan().but(case=CASE.but(kind="fine_tuning"))
    assert why_none(plan) == "EcoLogits works out answers only, so there is no second opinion on a training run"
    assert why_none(plan_of()) == ""


def test_its_figure_does_not_move_with_what_it_does_not_ask() -> None:
    plain = opinion(plan_of())
    for change in ({"input_tokens": 9_000.0}, {"precision": "fp8"}, {"hardware": "A100-80-SXM"}, {"batch": 2.0}):
        assert replace(opinion(plan_of(**change)), notes=()) == plain
