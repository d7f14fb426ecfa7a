"""The built-in example holds the invented company's volumes, and says why."""

import pytest

from core import catalog
from core.plan.example import example_plan, reasons
from core.results.demand import requests_per_year
from core.units import PARAMS_PER_B, TOKENS_PER_M

# Requests a year, and input and output tokens a year, of the serving workloads.
VOLUMES = {
    "W1": (21_900_000, 26_280_000_000, 4_599_000_000),
    "W2": (2_362_500, 11_812_500_000, 945_000_000),
    "W3": (16_875_000, 337_500_000_000, 6_750_000_000),
    "W4": (5_200_000, 31_200_000_000, 2_600_000_000),
}


@pytest.mark.parametrize("key", VOLUMES)
def test_the_example_serves_the_volumes_it_says(key):
    plan = example_plan()
    workload = plan.workload(key)
    requests = requests_per_year(plan, workload, 0)[0, 0]
    found = (requests, requests * workload.input_tokens, requests * workload.output_tokens)
    assert found == pytest.approx(VOLUMES[key])


@pytest.mark.parametrize(("key", "flop"), [("W5", 1.26e21), ("W6", 1.8e22)])
def test_the_example_trains_as_much_as_it_says(key, flop):
    workload = example_plan().workload(key)
    params = catalog.load().models[workload.model].params_active_b * PARAMS_PER_B
    tokens = workload.tokens_per_run_m * TOKENS_PER_M * workload.epochs * workload.runs_per_year
    assert 6 * params * tokens * workload.overhead_factor == pytest.approx(flop, rel=0.01)


def test_every_example_workload_says_why():
    assert list(reasons()) == [w.id for w in example_plan().workloads]
    assert all(len(reason.split()) > 10 for reason in reasons().values())
