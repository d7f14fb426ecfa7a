"""How long the search takes on 2^20 sets of the example portfolio, and what an evolutionary search finds beside it.

`pymoo` is heavy and no dependency: where it is installed, its NSGA-II looks for the cheapest set that meets, evaluated
by the same sums, so that only the search differs.
"""

import time
from collections.abc import Iterator

import numpy as np

from core.decide.candidates import searched
from core.decide.front import totals
from core.decide.pathway import pathway_of
from core.decide.search import forget, found
from core.decide.space import Space, space_of
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.plan.lever import Lever
from core.results.counted import _counted
from core.targets.judged import _judged
from tests.bench.figure import Figure, at_most

LIMIT_S = 2.0
KEYS = (
    "concise_output", "prompt_trim", "rag_vs_longctx", "semantic_cache", "routing", "smaller_model", "kv_fp8",
    "ptq_fp8", "batch_size", "prefix_cache", "spec_decode", "disagg", "geo_shift", "renewable_mb", "lora", "grad_ckpt",
    "mixed_precision", "utilisation", "pue", "transfer",
)  # fmt: skip


def twenty() -> Plan:
    """The example portfolio with twenty candidates that go together: every one of the 2^20 sets is valid."""
    plan = with_example_target(example_plan())
    kinds = {key: Lever.model_construct(id=key).kind() for key in KEYS}
    return plan.but(
        candidates=tuple(
            Lever(
                id=key, choice=kind.usual_choice, share=kind.usual_share, start_year=2027,
                once_days=5.0 if kind.days_low is None else None,
            )
            for key, kind in kinds.items()
        )
    )  # fmt: skip


def lines() -> Iterator[str | Figure]:
    """One line each."""
    plan = twenty()
    found(plan)
    answer, took_s = None, []
    for _ in range(3):
        forget()
        _judged.cache_clear()
        _counted.cache_clear()
        start = time.process_time()
        answer = found(plan)
        took_s.append(time.process_time() - start)
    assert answer is not None
    many = f"{answer.valid:,} valid sets of {answer.sets_searched:,} x {len(plan.years())} years"
    all_of_it = f"optimum with start years, probability, and front of {len(answer.front)}"
    note = f"{many}; {all_of_it}; one core"
    yield Figure("search: 2^20 sets, exactly", sorted(took_s)[1], "s", at_most(LIMIT_S), note)
    yield f"search: {answer.said} Proven: {'yes' if answer.proven else answer.why_not_proven}"
    yield from _beside(space_of(searched(plan, plan.first_year), pathway_of(plan.but(candidates=()))))  # type: ignore[arg-type]


def _beside(space: Space) -> Iterator[str]:
    """NSGA-II on cost and carbon of sets, each from its earliest year, beside the exact optimum of the same."""
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem
        from pymoo.operators.crossover.pntx import TwoPointCrossover
        from pymoo.operators.mutation.bitflip import BitflipMutation
        from pymoo.operators.sampling.rnd import BinaryRandomSampling
        from pymoo.optimize import minimize
    except ImportError:
        yield "search: pymoo is not installed; no evolutionary search beside it"
        return
    cost_usd, carbon_kg = totals(space)
    exact = float(cost_usd[space.excess_share <= 0.0].min())
    weights = 1 << np.arange(len(space.found.levers))

    class Sets(Problem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=len(weights), n_obj=2, n_ieq_constr=1, xl=0, xu=1, vtype=bool)

        def _evaluate(self, x, out, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
            some = x.astype(int) @ weights
            out["F"] = np.column_stack([cost_usd[some], carbon_kg[some]])
            out["G"] = space.excess_share[some][:, None]

    moves = {"crossover": TwoPointCrossover(), "mutation": BitflipMutation(), "eliminate_duplicates": True}
    way = NSGA2(200, sampling=BinaryRandomSampling(), **moves)
    start = time.process_time()
    got = minimize(Sets(), way, ("n_gen", 100), seed=1)
    took_s = time.process_time() - start
    cheapest = float(got.F[:, 0].min()) if got.F is not None else float("inf")
    yield (
        f"search: cheapest set that meets: {exact:,.0f} USD exactly, {cheapest:,.0f} USD by NSGA-II "
        f"(200 x 100 sets, {took_s:.1f} s without the tables)"
    )
    assert exact <= cheapest + 1e-6
