"""What an inventory counts in many draws: the plan's own figures, draw by draw, whatever the block."""

import numpy as np
import pytest

from core import results
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.results import counted as room
from core.results.counted import COUNTED, counted
from core.results.inventory_view import as_inventory

EXAMPLE = example_plan().but(last_year=2028)
LEVERS = (
    Lever(id="concise_output"),
    Lever(id="newer_gpu", choice="H200", start_year=2027, once_kwh=1e4, once_kg=500.0),
)
PLANS = {
    "as usual": EXAMPLE,
    "levers": EXAMPLE.but(levers=LEVERS),
    "one refused": EXAMPLE.with_workload("W1", region=""),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_they_are_the_public_figures_draw_by_draw(plan, monkeypatch):
    view = as_inventory(plan)
    public = results.of(view, 64)
    for block in (64, 25):
        monkeypatch.setattr(room, "BLOCK", block)
        room._counted.cache_clear()
        found = counted(view, 64)
        assert (found.workloads, found.refused) == (public.workloads, public.refused)
        for name in COUNTED:
            np.testing.assert_array_equal(found.values[name], public.values[name])


def test_an_edit_leaves_the_draws_of_the_others_as_they_were():
    view = as_inventory(EXAMPLE)
    first, other = counted(view, 64), counted(view.with_workload("W2", requests_per_day=5e4), 64)
    same = [one == two for one, two in zip(first.workloads, other.workloads, strict=True)]
    assert same.count(False) == 1
    np.testing.assert_array_equal(first.values[COUNTED[0]][same], other.values[COUNTED[0]][same])
