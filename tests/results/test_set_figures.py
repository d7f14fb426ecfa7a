"""Figures under sets of levers: each set as the public evaluation of a plan with those levers alone has it."""

import numpy as np
import pytest

from core.decide.points import sobol_shares
from core.decide.worlds import factors_of, scores_of
from core.levers import acting, in_order, why_not
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import factored, lever_activity, lever_columns, of, set_figures, set_purchases
from core.results.effects import usual
from core.results.figures import NOT_IN_FIGURES
from core.results.lever_sets import chosen, every
from core.results.sample import Sample
from tests.results.plans import API, CLOUD, OWN, TRAIN
from tests.results.test_lever_sets import CASES, GROWING, LATER, NAMES, assert_same, both_ways, priced

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
    found = set_figures.set_figures(plan.model_copy(update=NOT_IN_FIGURES), workload, mine, asked, NAMES, 4)
    for place, some in enumerate(asked):
        public = of(plan.but(levers=tuple(chosen(mine, int(some)))), 4)
        assert found.known[place] == (not public.refused)
        for name in NAMES:
            if public.refused:
                assert np.isnan(found.values[name][place]).all()
                continue
            whole = public.values[name][0] - (public.work[name][0] if name in public.work else 0.0)
            np.testing.assert_allclose(found.values[name][place], whole, rtol=1e-12, atol=1e-6, err_msg=name)


CATALOG = catalog_of(Plan())
ANY = [usual(kind) for kind in CATALOG.levers.values() if not kind.missing and not kind.outside]
TUNED = TRAIN.but(
    hosting="own", hardware="H100-SXM", model="llama3.1-8b", installed_accelerators=64, purchase_year=2024
)
WORKLOADS = (
    API, GROWING, TRAIN, TUNED,
    OWN.but(busy_share=0.3, installed_accelerators=8),
    OWN.but(model="llama3.1-8b", first_year=2027, last_year=2030, deferrable_h=4.0, deferrable_share=0.5,
            installed_accelerators=40, purchase_year=2023),
    CLOUD.but(growth_central_pct=30.0, growth_high_pct=50.0, deferrable_h=6.0, hours_chosen="profile"),
    CLOUD.but(busy_share=0.5, batch=4.0, hardware="L40S"),
    TUNED.but(deferrable_h=48.0, hours_chosen="foresight", pausing="paused", restart_h=0.5, job_h=30.0),
)  # fmt: skip


def any_question(seed):
    """A workload, levers of any share, start and rebound that can act on it, and what the plan says of later years."""
    rng = np.random.default_rng(seed)
    workload = priced(WORKLOADS[seed % len(WORKLOADS)])
    able = [lever for lever in ANY if not why_not(CATALOG, lever, workload)]
    chances = {
        "share": (0.5, lambda: float(rng.choice([0.2, 0.5, 0.7]))),
        "start_year": (0.4, lambda: int(rng.integers(2026, 2031))),
        "elasticity": (0.3, lambda: 0.4),
    }
    levers = [
        able[place].but(**{name: draw() for name, (chance, draw) in chances.items() if rng.random() < chance})
        for place in rng.permutation(len(able))[: rng.integers(2, 8)]
    ]
    booked = {"hardware_view": str(rng.choice(["purchase_year", "amortised"]))}
    return workload, in_order(CATALOG, levers), booked | (LATER if rng.random() < 0.4 else {}), rng


@pytest.mark.parametrize("seed", range(18))
def test_any_levers_together_are_what_each_set_is_by_itself(seed):
    workload, levers, fields, rng = any_question(seed)
    view = Plan(workloads=(workload,), last_year=2031, **fields).model_copy(update=NOT_IN_FIGURES)
    sets = rng.integers(1 << len(levers), size=6)
    question = (view, workload, levers, sets, NAMES, int(rng.choice([0, 2])))
    assert_same(set_figures.set_figures(*question), set_figures.one_by_one(*question))


def test_a_sample_stands_wherever_a_count_of_draws_does():
    plan = Plan(workloads=(GROWING,), levers=CASES["serving"][1])
    factors = factors_of(plan)
    sample = Sample(factors, scores_of(sobol_shares(1, len(factors), 4).T))
    assert_same(*both_ways(*CASES["serving"], draws=sample))


def test_blocks_of_sets_are_joined_in_order(monkeypatch):
    monkeypatch.setattr(set_figures, "MOST_CELLS", 40)
    monkeypatch.setattr(set_purchases, "MOST_CELLS", 100)
    monkeypatch.setattr(lever_activity, "MOST_CELLS", 50)
    assert_same(*both_ways(*CASES["hired"][:2], {"hardware_view": "purchase_year"}, draws=2))
    assert_same(*both_ways(*CASES["around it"][:2], {"hardware_view": "purchase_year"}))


def test_codes_too_many_for_a_table_are_sorted(monkeypatch):
    monkeypatch.setattr(factored, "MOST_CODES", 1)
    assert_same(*both_ways(*CASES["serving"]))


def test_no_set_has_no_figures():
    found = set_figures.set_figures(Plan(), OWN, (Lever(id="pue"),), np.zeros(0, dtype=np.int64), ("cost_usd",))
    assert found.known.shape == (0,)
    assert found.values["cost_usd"].shape == (0, len(Plan().years()), 1)


BROKEN = {
    "a share of the traffic is the whole": (lever_activity, "shared", lambda columns, _: columns, "serving"),
    "a busy share stays": (
        lever_activity, "_busier", lambda _, rows: rows.columns["busy_share"], "a measured busy share",
    ),
    "levers leave columns alone": (lever_columns.Moves, "changed", lambda *_: None, "around it"),
    "every row is of one kind": (
        factored, "once_each", lambda codes, _: (np.zeros(1, dtype=int), np.zeros(len(codes), dtype=int)), "serving",
    ),
    "a device costs what a server does": (
        lever_columns.Moves, "sold_share",
        lambda _, sets: factored.Factored(np.full((1, 1, 1), -1.0), np.zeros(len(sets), dtype=int)), "users' devices",
    ),
    "what is bought is not made": (
        set_purchases, "_bought_kg", lambda moves, places, needed, where, came: 0.0, "around it",
    ),
    "memory always suffices": (
        lever_activity, "_crowded", lambda rows, first, at_once: np.zeros(len(rows), dtype=bool),
        "too little memory as usual",
    ),
    "no lever takes a run of its own": (lever_columns.Moves, "single_runs", lambda _: [], "a search"),
}  # fmt: skip


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_step_is_noticed(how, monkeypatch):
    where, name, instead, case = BROKEN[how]
    workload, levers, fields = CASES[case]
    quick, slow = both_ways(workload, levers, fields | {"hardware_view": "purchase_year"})
    assert_same(quick, slow)
    monkeypatch.setattr(where, name, instead)
    broken, _ = both_ways(workload, levers, fields | {"hardware_view": "purchase_year"})
    with pytest.raises(AssertionError):
        assert_same(broken, slow)
