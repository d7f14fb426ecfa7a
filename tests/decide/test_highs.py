"""The search beside HiGHS, where a linear programme can say the same: each candidate on a workload of its own.

Without interaction costs and emissions add up, so that start years are binary variables of an integer programme whose
coefficients are taken one by one from the plan's public evaluation. With interactions no linear programme is exact.
"""

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from core.decide.candidates import with_choice
from core.decide.change import change
from core.decide.search import found
from core.plan.lever import Lever
from core.targets.track import track
from tests.targets.plans import plan, rows

LEVERS = (
    ("concise_output", 40.0, 2_000.0), ("prompt_trim", 90.0, 0.0), ("ptq_w4a16", 3.0, 0.0),
    ("smaller_model", 15.0, 1_000.0), ("semantic_cache", 8.0, 200.0),
)  # fmt: skip


def separable():
    """Five hired workloads alike, each with one candidate from 2027 on."""
    made = plan(rows(s3=20.0), workloads=("W4",), last_year=2032)
    first = made.workloads[0].but(id="V1")
    workloads = tuple(first.but(id=f"V{n}", requests_per_day=20_000.0 * n) for n in range(1, 6))
    candidates = tuple(
        Lever(
            id=key, workloads=(f"V{n}",), start_year=2027, once_days=days, running_usd_per_year=running,
            choice="qwen3-8b" if key == "smaller_model" else "",
        )
        for n, (key, days, running) in enumerate(LEVERS, start=1)
    )  # fmt: skip
    made = made.but(workloads=workloads, candidates=candidates)
    usual_kg = track(made.but(candidates=())).lines[0].milestones[-1].central_kg
    base = rows(s3=usual_kg / 1000.0 * 0.768 / 0.82)  # two save most of it, and some of the rest must help
    return made.but(inventory=base).with_search(meet_share=0.0)


def test_the_cheapest_start_years_cost_what_highs_finds():
    made = separable()
    base = made.but(candidates=())
    line = track(base).lines[0].milestones[-1]
    options, cost, cut_kg = [], [], []
    for place, lever in enumerate(made.candidates):
        for year in range(2027, 2033):
            alone = with_choice(made, (lever.but(start_year=year),))
            options.append((place, year))
            cost.append(change(base, (), alone.levers).cost_usd)
            cut_kg.append(line.central_kg - track(alone, 0).lines[0].milestones[-1].central_kg)
    once = np.array([[place == one for place, _ in options] for one in range(len(LEVERS))], dtype=float)
    limits = [LinearConstraint(once, 0, 1), LinearConstraint(np.array([cut_kg]), line.central_kg - line.allowed_kg)]
    scale = np.array(cost)
    solved = milp(scale, constraints=limits, integrality=np.ones(len(cost)), bounds=Bounds(0, 1))
    answer = found(made)
    assert solved.success
    assert answer.proven
    assert answer.best.cost_usd == pytest.approx(solved.fun, abs=0.01)
    chosen = {made.candidates[options[n][0]].id: options[n][1] for n in np.flatnonzero(solved.x > 0.5)}
    assert {lever.id: lever.start_year for lever in answer.best.levers} == chosen
    assert answer.best.cost_usd > found(made.with_search(meet_share=0.0).but(inventory=rows(s3=900.0))).best.cost_usd
