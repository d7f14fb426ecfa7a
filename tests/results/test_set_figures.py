"""Figures under sets of levers: each set as the public evaluation of a plan with those levers alone has it."""

import numpy as np
import pytest

from core.levers import acting
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import of
from core.results.figures import NOT_IN_FIGURES
from core.results.lever_sets import chosen, every
from core.results.set_figures import set_figures
from tests.results.plans import OWN, TRAIN
from tests.results.test_lever_sets import CASES

NAMES = (
    "carbon_location_kg", "carbon_market_kg", "carbon_embodied_kg", "carbon_devices_sold_kg", "cost_usd",
    "request_time_s", "energy_facility_kwh",
)  # fmt: skip
PLANS = {
    "serving": (OWN, (Lever(id="ptq_w4a16"), Lever(id="newer_gpu", choice="B200", start_year=2028), Lever(id="pue"))),
    "training": (TRAIN, (Lever(id="lora"), Lever(id="geo_shift", choice="FR", start_year=2028))),
    "users' devices, where some sets leave no figure": (OWN, CASES["users' devices"][1]),
}  # fmt: skip


@pytest.mark.parametrize("case", PLANS)
@pytest.mark.parametrize("booked", ["amortised", "purchase_year"])
def test_a_set_is_the_plan_with_those_levers_less_what_they_take_themselves(case, booked):
    workload, levers = PLANS[case]
    plan = Plan(workloads=(workload,), levers=levers, last_year=2031, hardware_view=booked)
    mine = acting(catalog_of(plan), plan, workload)
    assert len(mine) == len(levers)
    asked = every(len(mine))
    found = set_figures(plan.model_copy(update=NOT_IN_FIGURES), workload, mine, asked, NAMES, 4)
    for place, some in enumerate(asked):
        public = of(plan.but(levers=tuple(chosen(mine, int(some)))), 4)
        assert found.known[place] == (not public.refused)
        for name in NAMES:
            if public.refused:
                assert np.isnan(found.values[name][place]).all()
                continue
            whole = public.values[name][0] - (public.work[name][0] if name in public.work else 0.0)
            np.testing.assert_allclose(found.values[name][place], whole, rtol=1e-12, atol=1e-6, err_msg=name)
