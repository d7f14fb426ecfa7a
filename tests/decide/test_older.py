"""The same plan under older data: each factor that moved is told with its part, and the parts add up to the change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import catalog as facts
from core.decide.older import Moved, Older, Sealed, facts_of_then, older
from core.plan import Plan
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.plan.plan import Fact
from core.results import of
from core.results.behind import facts_behind
from core.results.factor import Factor
from core.results.factors import factors
from core.store.content import content_of
from tests import naive_shapley

PLAN = example_plan()
THEN: dict[str, tuple[Fact, ...]] = {
    "Grid of Germany": (
        ("regions", "DE", "carbon_g_per_kwh", 380.0),
        ("regions", "DE", "carbon_low_g_per_kwh", 340.0),
        ("regions", "DE", "carbon_high_g_per_kwh", 420.0),
    ),
    "H100 SXM5 80 GB: making": (("hardware", "H100-SXM", "embodied_kg", 201.0),),
    "Facility overhead (PUE)": (("assumptions", "pue_own", "central", 1.7),),
    "Share of the provider's hours at work": (("assumptions", "provider_utilization", "central", 0.7),),
    "Active parameters": (("models", "llama3.3-70b", "params_active_b", 65.0),),
    "H100 SXM5 80 GB: power limit": (("hardware", "H100-SXM", "tdp_w", 650.0),),
    "Life of the hardware": (("assumptions", "lifetime_years", "central", 4.5),),
}


def _under(plan: Plan, names: list[str]) -> Plan:
    return plan.model_copy(update={"facts_then": tuple(fact for name in names for fact in THEN[name])})


def _sealed(plan: Plan, names: list[str], method: str = "0.1.0") -> Sealed:
    """What a version holds that was saved when these facts were other ones."""
    made = content_of(_under(plan, names))
    return Sealed("000000000000", method, made.headline_kg, made.factors)


def _older(plan: Plan, sealed: Sealed) -> Older:
    found = older(plan, sealed)
    assert found is not None
    return found


def _headline_kg(plan: Plan) -> float:
    found = of(plan)
    return float(found.total(found.carbon_kg())[found.place(plan.shown_year()), 0])


def test_a_plan_of_todays_facts_has_nothing_that_moved() -> None:
    made = content_of(PLAN)
    assert older(PLAN, Sealed(made.data_version, made.method_version, made.headline_kg, made.factors)) is None
    assert older(PLAN, Sealed("", "", None)) is None


@pytest.mark.parametrize("name", THEN)
def test_one_fact_that_moved_is_the_whole_change(name: str) -> None:
    found = _older(PLAN, _sealed(PLAN, [name]))
    assert [one.name for one in found.moved] == [name]
    assert found.moved[0].effect is not None
    assert found.moved[0].effect[1] == pytest.approx(found.now_kg - found.then_kg, rel=1e-9)
    assert found.rest_kg == pytest.approx(0.0, abs=1e-9 * found.now_kg)
    assert (found.then_kg, found.now_kg) == pytest.approx((_headline_kg(_under(PLAN, [name])), _headline_kg(PLAN)))


def test_each_factor_has_its_old_and_new_value_unit_source_and_workloads() -> None:
    found = _older(PLAN, _sealed(PLAN, ["Grid of Germany", "H100 SXM5 80 GB: making"]))
    told = {one.name: one for one in found.moved}
    grid, making = told["Grid of Germany"], told["H100 SXM5 80 GB: making"]
    today = facts.load().regions["DE"]
    assert (grid.then, grid.now[0]) == (("380.0", "340.0", "420.0"), repr(today.carbon_g_per_kwh))
    assert (grid.unit, grid.workloads) == ("g CO₂e/kWh", ("W2", "W5"))
    assert grid.source_now.startswith(today.source)
    assert grid.source_then == grid.source_now
    assert making.then[0] == "201.0"
    assert making.workloads[:2] == ("W1", "W2")


def test_the_parts_of_several_facts_are_those_of_every_order_and_add_up() -> None:
    names = list(THEN)[:3]
    found = _older(PLAN, _sealed(PLAN, names))
    worth = [
        _headline_kg(_under(PLAN, [name for place, name in enumerate(names) if not some >> place & 1]))
        for some in range(1 << len(names))
    ]
    by_hand = dict(zip(names, naive_shapley.shapley(worth), strict=True))
    assert {one.name: one.effect[1] for one in found.moved if one.effect} == pytest.approx(by_hand, rel=1e-9)
    parts_kg = sum(one.effect[1] for one in found.moved if one.effect)
    assert parts_kg + found.rest_kg == pytest.approx(found.now_kg - found.then_kg, rel=1e-9)
    assert found.rest_kg == pytest.approx(0.0, abs=1e-9 * found.now_kg)


def test_what_another_method_did_is_the_rest() -> None:
    sealed = replace(_sealed(PLAN, ["Grid of Germany"], "0.0.9"), headline_kg=60_000.0)
    found = _older(PLAN, sealed)
    part_kg = sum(one.effect[1] for one in found.moved if one.effect)
    assert found.then_kg == 60_000.0
    assert part_kg == pytest.approx(_headline_kg(PLAN) - _headline_kg(_under(PLAN, ["Grid of Germany"])), rel=1e-9)
    assert part_kg + found.rest_kg == pytest.approx(found.now_kg - 60_000.0, rel=1e-9)


def test_a_factor_that_is_not_there_today_is_told_without_a_part() -> None:
    sealed = _sealed(PLAN, ["Grid of Germany"])
    gone = sealed.factors + "W2,Grid of Prussia,900.0,,,g CO₂e/kWh,secondary,old-book,\n"
    found = _older(PLAN, replace(sealed, factors=gone))
    lost = [one for one in found.moved if one.effect is None]
    assert lost == [Moved("Grid of Prussia", ("W2",), ("900.0", "", ""), ("", "", ""), "g CO₂e/kWh", "old-book", "")]
    assert found.moved[-1] == lost[0]


def test_a_workload_whose_model_is_gone_is_told_as_one_with_what_it_came_to() -> None:
    made = content_of(_under(PLAN, ["Grid of Germany"]))
    sealed = Sealed("000000000000", "0.1.0", made.headline_kg, made.factors, results=made.results)
    gone = PLAN.with_workload("W2", model="no-such-model")
    found, whole = _older(gone, sealed), of(_under(PLAN, ["Grid of Germany"]))
    was_kg = float(whole.carbon_kg()[whole.of("W2"), whole.place(PLAN.shown_year()), 0])
    [alone] = found.one_sided
    assert (alone.workload, alone.effect_kg) == ("W2", pytest.approx(-was_kg, rel=1e-9))
    assert alone.why == "model is 'no-such-model'; it is not in the catalog"
    assert [(one.name, one.workloads) for one in found.moved] == [("Grid of Germany", ("W5",))]
    assert found.rest_kg == pytest.approx(0.0, abs=1e-9 * found.now_kg)
    borrowed = _older(gone, replace(sealed, results=""))
    assert borrowed.one_sided == (replace(alone, effect_kg=None),)
    assert borrowed.rest_kg == pytest.approx(-was_kg, rel=1e-9)


def test_a_workload_that_had_no_figure_is_told_with_what_it_comes_to_now() -> None:
    made = content_of(PLAN.with_workload("W2", model="no-such-model"))
    found = _older(PLAN, Sealed("000000000000", "0.1.0", made.headline_kg, made.factors, results=made.results))
    [alone] = found.one_sided
    assert (alone.workload, alone.why, found.moved) == ("W2", "", ())
    assert alone.effect_kg == pytest.approx(found.now_kg - found.then_kg, rel=1e-9)
    assert found.rest_kg == pytest.approx(0.0, abs=1e-9 * found.now_kg)


def test_names_that_a_file_marks_for_spreadsheets_are_the_names_of_now() -> None:
    plan = PLAN.but(workloads=tuple(w.but(id="=W2") if w.id == "W2" else w for w in PLAN.workloads))
    assert "'=W2," in content_of(plan).factors
    found = _older(plan, _sealed(plan, ["Grid of Germany"]))
    assert [(one.name, one.workloads) for one in found.moved] == [("Grid of Germany", ("=W2", "W5"))]


@pytest.mark.parametrize("text", ["", "workload_id,name\n", "not,a\nfactors,file\n", "\x00"])
def test_a_seal_whose_factors_cannot_be_read_tells_the_headlines_alone(text: str) -> None:
    found = _older(PLAN, Sealed("000000000000", "0.1.0", 60_000.0, text))
    assert [one for one in found.moved if one.effect] == []
    assert found.rest_kg == pytest.approx(found.now_kg - 60_000.0)


def test_filters_of_the_plan_count_as_they_do_in_its_headline() -> None:
    unit = next(w.business_unit for w in PLAN.workloads if w.id == "W2")
    plan = PLAN.but(business_unit=unit, method="market", grid_path="percent", grid_change_pct=-3.0)
    found = _older(plan, _sealed(plan, ["Grid of Germany", "Facility overhead (PUE)"]))
    assert found.now_kg == pytest.approx(_headline_kg(plan))
    assert found.rest_kg == pytest.approx(0.0, abs=1e-9 * found.now_kg)
    assert {one.name for one in found.moved} == {"Grid of Germany", "Facility overhead (PUE)"}


def test_facts_of_then_leave_all_others_and_the_catalog_of_today_alone() -> None:
    then = catalog_of(_under(PLAN, list(THEN)))
    today = facts.load()
    assert then.regions["DE"].carbon_g_per_kwh == 380.0
    assert then.regions["FR"] is today.regions["FR"]
    assert today.regions["DE"].carbon_g_per_kwh != 380.0
    assert catalog_of(PLAN) is today
    gone = PLAN.model_copy(update={"facts_then": (("regions", "no such grid", "carbon_g_per_kwh", 1.0),)})
    assert catalog_of(gone).regions == today.regions


# Names of factors that stand in the plan itself, or are fitted to measurements: nothing of the catalog is put back.
NOT_PUT_BACK = {
    "Grid over the years", "Supply contract", "Growth", "Input length", "Input price", "Cached input price",
    "Output price", "Purchase price", "Energy at work, measured over estimated", "Share of peak reached",
    "Energy of those hours, measured over estimated", "Hours of computing, measured over estimated",
    "Lever: Shorter answers, answer length", "Lever: Shorter answers, work once", "Lever: Shorter answers",
}  # fmt: skip


def test_every_factor_of_the_example_is_put_back_or_known_not_to_be() -> None:
    plan = PLAN.with_lever(Lever(id="spec_decode"))
    for workload in plan.workloads:
        puts = facts_behind(plan, workload)
        for one in factors(plan, workload):
            known = one.name in NOT_PUT_BACK or one.name.endswith("measured power in training, host included")
            if one.name in puts:
                assert not known, one.name
                value = float(one.value)
                assert puts[one.name]((value, one.low, one.high)), one.name
            else:
                assert known or one.name.startswith("Lever: "), one.name


def test_values_put_back_are_those_that_the_rows_then_show() -> None:
    """Every factor that is put back at 1.1 times its value reads so."""
    for workload in PLAN.workloads:
        plan = PLAN.but(workloads=(workload,))
        puts = facts_behind(plan, workload)
        today = {one.name: one for one in factors(plan, workload) if one.name in puts}
        wanted = {name: (1.1 * float(one.value), *_scaled(one)) for name, one in today.items()}
        then = tuple(fact for name, shown in wanted.items() for fact in puts[name](shown))
        shown = factors(plan.model_copy(update={"facts_then": then}), workload)
        rows = {one.name: (one.value, one.low, one.high) for one in shown if one.name in puts}
        assert rows.keys() == wanted.keys()
        for name, ends in wanted.items():
            assert [end is None for end in rows[name]] == [end is None for end in ends]
            known = [(end, want) for end, want in zip(rows[name], ends, strict=True) if end is not None]
            assert [end for end, _ in known] == pytest.approx([want for _, want in known], rel=1e-9), name


def _scaled(one: Factor) -> tuple[float | None, float | None]:
    return (None if one.low is None else 1.1 * one.low, None if one.high is None else 1.1 * one.high)


def test_facts_of_then_are_read_from_the_factors_of_a_seal() -> None:
    names = ["Grid of Germany", "Facility overhead (PUE)"]
    found = facts_of_then(PLAN, content_of(_under(PLAN, names)).factors)
    assert set(THEN["Grid of Germany"]) <= set(found)
    assert ("assumptions", "pue_own", "central", 1.7) in found
