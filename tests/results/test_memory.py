"""What a copy cannot hold is refused in words; what stands idle is counted."""

import numpy as np
import pytest

from core import catalog, results
from core.plan import Plan, Workload
from core.plan.follow import follow
from core.units import H_PER_YEAR, W_PER_KW

ASSISTANT = {"id": "A", "model": "llama3.3-70b", "hardware": "H100-SXM", "input_tokens": 5000, "output_tokens": 300}


def computed(**fields):
    return results.of(Plan(workloads=(Workload(**(ASSISTANT | fields)),), last_year=2028), 0)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"accelerators": 1}, "accelerators is 1; the weights of Llama 3.3 70B take 141 GB"),
        ({"accelerators": 2, "input_tokens": 120_000}, "accelerators is 2; weights of 141 GB and one request's cache"),
        ({"accelerators": 2, "batch": 4000}, "batch is 4,000; the cache of so many requests takes"),
    ],
)
def test_a_copy_that_cannot_hold_its_work_is_refused(fields, said):
    found = computed(**fields)
    assert found.workloads == ()
    assert found.refused["A"].startswith(said)


def test_a_batch_that_fits_is_taken_as_given():
    found = computed(accelerators=4, batch=32)
    assert found.values["batch"][0, 0, 0] == 32
    assert found.refused == {}


def test_a_copy_has_room_for_more_than_one_request():
    weights_gb = catalog.load().models["llama3.3-70b"].params_total_b * 2
    assert weights_gb < 2 * 80 * 0.9  # two would hold one request
    assert computed().values["accelerators"][0, 0, 0] == 4


def test_no_central_case_lies_outside_its_range():
    models = [m for m in catalog.load().models.values() if m.computable]
    workloads = tuple(
        Workload(id=f"M{place}", hosting="api", hardware="", model=model.id, precision="fp8")
        for place, model in enumerate(models)
    )
    found = results.of(Plan(workloads=workloads, last_year=2026), 128)
    energy = found.values["energy_facility_kwh"][:, 0]
    low, high = np.quantile(energy[:, 1:], (0.1, 0.9), axis=1)
    outside = [
        w.model
        for w, inside in zip(found.workloads, (low <= energy[:, 0]) & (energy[:, 0] <= high), strict=True)
        if not inside
    ]
    assert outside == []


def test_a_ceiling_of_seats_also_holds_the_busy_share():
    grows = {"growth_low_pct": 100, "growth_central_pct": 100, "growth_high_pct": 100}
    fleet = {"installed_accelerators": 8, "busy_share": 0.2, "requests_per_day": 1000}
    free = computed(**fleet, **grows).values["utilization"][0, :, 0]
    held = computed(**fleet, **grows, seats=100, requests_per_seat_day=10).values["utilization"][0, :, 0]
    assert free == pytest.approx([0.2, 0.4, 0.8])
    assert held == pytest.approx([0.2, 0.2, 0.2])


TUNING = {"id": "A", "kind": "fine_tuning", "model": "llama3.3-70b", "hardware": "H100-SXM", "mfu": 0.35}


def test_installed_training_accelerators_are_held_all_year_and_idle_when_not_used():
    found = results.of(Plan(workloads=(Workload(**TUNING, installed_accelerators=16),), last_year=2026), 0)
    value = {
        name: found.values[name][0, 0, 0] for name in ("held_h", "used_h", "energy_idle_kwh", "carbon_embodied_kg")
    }
    h100 = catalog.load().hardware["H100-SXM"]
    assert value["held_h"] == 16 * H_PER_YEAR
    assert value["energy_idle_kwh"] == pytest.approx((16 * H_PER_YEAR - value["used_h"]) * h100.idle_w / W_PER_KW)
    facts = catalog.load().assumptions
    whole_kg = h100.embodied_kg + facts["embodied_server_share_kg"].central
    assert value["carbon_embodied_kg"] == pytest.approx(16 * whole_kg / facts["lifetime_years"].central)


def test_hired_hardware_carries_the_hours_its_provider_did_not_hire_out():
    own, cloud = (computed(hosting=hosting, installed_accelerators=8) for hosting in ("own", "cloud"))
    used = catalog.load().assumptions["provider_utilization"].central
    kg = "carbon_embodied_kg"
    assert cloud.values[kg][0, 0, 0] == pytest.approx(own.values[kg][0, 0, 0] / used)


def test_idle_power_is_drawn_over_its_readings():
    found = results.of(Plan(workloads=(Workload(**ASSISTANT, installed_accelerators=8),), last_year=2026), 256)
    low, central, high = results.interval(found.values["energy_idle_kwh"][0, 0])
    assert low < central < high


@pytest.mark.parametrize(
    ("model", "usual"),
    [("gpt-oss-120b", "mxfp4"), ("deepseek-v3", "fp8"), ("mixtral-8x7b", "bf16"), ("gpt-5", "fp8")],
)
def test_the_number_format_follows_the_model(model, usual):
    workload = Workload(**(ASSISTANT | {"precision": "fp16"}))
    moved, said = follow(catalog.load(), workload, {"model": model})
    assert moved["precision"] == usual
    assert said == [f"New workload: weights are now {usual}, as this model is usually served."]


def test_a_format_the_accelerator_lacks_is_not_followed():
    workload = Workload(**(ASSISTANT | {"hardware": "A100-80-SXM"}))
    assert "precision" not in follow(catalog.load(), workload, {"model": "deepseek-v3"})[0]
