"""A difference shared out over the changed inputs: the parts add up, and are those of every order of whole plans."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decide.between import aligned, amounts, between
from core.decide.changed import Changed, changed_inputs, with_some
from core.decide.orders import MOST_EXACT, parts_of
from core.decide.shares import Shared, effects_kg, shared
from core.decide.watch import EndedError, Watch, watched
from core.engine.shapley import shapley
from core.plan import Plan, Workload
from core.plan.example import example_plan
from core.plan.lever import Lever
from core.plan.own import OwnRegion
from core.results import of
from core.results.draws import Floats
from tests import naive_shapley

ONE = example_plan()
OWN = OwnRegion(id="own:r", name="Ours", source="us", source_date="2026-10-01", carbon_g_per_kwh="2026=100")
Edit = Callable[[Plan], Plan]
EDITS: dict[Changed, Edit] = {
    Changed("plan", "", ("grid_path", "grid_change_pct")): lambda p: p.but(grid_path="percent", grid_change_pct=-3.0),
    Changed("workload", "W2", ("requests_per_day",)): lambda p: p.with_workload("W2", requests_per_day=30_000.0),
    Changed("workload", "W2", ("region",)): lambda p: p.with_workload("W2", region="own:r"),
    Changed("workload", "W5"): lambda p: p.without("W5"),
    Changed("lever", "concise_output"): lambda p: p.with_lever(Lever(id="concise_output")),
    Changed("lever", "pue"): lambda p: p.with_lever(Lever(id="pue")),
}


def _shared(first: Plan, second: Plan, name: str = "carbon_kg") -> Shared:
    found = shared(first, second, name)
    assert found is not None
    return found


def _with(edits: Sequence[Edit]) -> Plan:
    plan = ONE.with_own(OWN)
    for edit in edits:
        plan = edit(plan)
    return plan


@pytest.mark.parametrize("name", ["carbon_kg", "water_l", "energy_it_kwh"])
def test_the_parts_are_those_of_every_order_of_whole_plans(name: str) -> None:
    found = _shared(ONE, _with([*EDITS.values()]), name)
    keys = list(EDITS)
    worth = [
        float(amounts(of(_with([EDITS[key] for place, key in enumerate(keys) if some >> place & 1])), name, 2030)[0])
        for some in range(1 << len(keys))
    ]
    by_hand = dict(zip(keys, naive_shapley.shapley(worth), strict=True))
    parts = {step.inputs: step.central for step in found.steps}
    assert parts == pytest.approx({(key,): value for key, value in by_hand.items()}, rel=1e-9, abs=1e-6)
    assert found.error == 0.0


@settings(max_examples=8, deadline=None)
@given(
    st.sets(st.sampled_from(sorted(EDITS, key=str)), min_size=1),
    st.sampled_from(["carbon_kg", "carbon_market_kg", "water_l"]),
)
def test_the_parts_add_up_and_change_sign_the_other_way_round(keys: set[Changed], name: str) -> None:
    other = _with([edit for key, edit in EDITS.items() if key in keys])
    there, back = _shared(ONE, other, name), _shared(other, ONE, name)
    one, two = (float(amounts(of(plan), name, there.year)[0]) for plan in aligned(ONE, other))
    assert (there.first, there.second) == pytest.approx((one, two), rel=1e-12)
    assert sum(step.central for step in there.steps) == pytest.approx(two - one, rel=1e-9, abs=1e-9 * one)
    gone = {step.inputs: -step.central for step in back.steps}
    assert gone == pytest.approx({step.inputs: step.central for step in there.steps}, rel=1e-9, abs=1e-9 * one)


def test_a_plan_against_itself_has_no_parts() -> None:
    found = _shared(ONE, ONE.but(name="Called otherwise", business_unit="IT").with_workload("W1", owner="Ann"))
    assert found.steps == ()


def test_what_moves_nothing_is_a_part_of_nothing() -> None:
    found = _shared(ONE, ONE.with_workload("W2", price_electricity_usd_per_kwh=0.3))
    assert [(step.inputs[0].fields, step.central) for step in found.steps] == [
        (("price_electricity_usd_per_kwh",), 0.0)
    ]
    assert found.moving == ()


def test_the_range_of_a_part_is_of_its_draws() -> None:
    """Of one change alone the part is the whole difference, its range too."""
    other = ONE.with_workload("W2", requests_per_day=30_000.0)
    found, seen = _shared(ONE, other).steps[0], between(ONE, other)
    assert seen is not None
    assert (found.low, found.central, found.high) == pytest.approx(seen.answer.difference, rel=1e-9)


def test_fields_that_stand_only_together_are_one_input() -> None:
    one = ONE.with_workload("W1", first_year=2026, last_year=2027)
    other = ONE.with_workload("W1", first_year=2029, last_year=2031)
    assert changed_inputs(one, other) == [Changed("workload", "W1", ("first_year", "last_year"))]
    # the large model needs more accelerators than the small one has: neither stands without the other
    small = ONE.with_workload("W2", model="llama3.1-8b", hardware="H100-SXM", accelerators=1)
    large = ONE.with_workload("W2", model="llama3.1-405b", hardware="H100-SXM", accelerators=16)
    found = _shared(small, large)
    assert [step.inputs for step in found.moving] == [
        (Changed("workload", "W2", ("model",)), Changed("workload", "W2", ("accelerators",)))
    ]
    assert found.moving[0].central == pytest.approx(found.second - found.first, rel=1e-9)


def test_a_workload_without_a_figure_on_one_side_is_told_as_one() -> None:
    broken = ONE.with_workload("W2", region="own:gone", requests_per_day=1.0)
    found = _shared(ONE, broken)
    assert [len(step.inputs) for step in found.moving] == [2]
    assert found.second - found.first == pytest.approx(found.moving[0].central, rel=1e-12)


def test_a_workload_that_is_added_takes_its_own_entry_along() -> None:
    new = Workload(id="W9", name="New", region="own:r", requests_per_day=1_000.0)
    found = _shared(ONE, ONE.with_own(OWN).adding(new))
    assert [step.inputs for step in found.steps] == [(Changed("workload", "W9"),)]
    assert found.steps[0].central > 0


def test_what_a_lever_takes_is_shared_out_anew_when_a_workload_comes() -> None:
    one = ONE.with_lever(Lever(id="pue", once_kg=50_000.0, start_year=2030))
    other = one.adding(one.workloads[1].but(id="W9", name="Twin")).with_workload("W2", requests_per_day=99_000.0)
    found, seen = _shared(one, other), between(one, other)
    assert seen is not None
    assert sum(step.central for step in found.steps) == pytest.approx(seen.answer.difference[1], rel=1e-9)


def test_some_changes_of_a_plan_are_taken_and_others_not() -> None:
    other = _with([*EDITS.values()])
    changes = changed_inputs(ONE, other)
    keys = [w.id for w in ONE.workloads]
    everything, nothing = (with_some(ONE, other, some, keys) for some in (changes, []))
    assert everything is not None
    assert nothing is not None
    assert (everything.workloads, everything.levers, everything.grid_path) == (
        other.workloads, other.levers, other.grid_path,
    )  # fmt: skip
    assert (nothing.workloads, nothing.levers, nothing.grid_path) == (ONE.workloads, ONE.levers, ONE.grid_path)


def test_the_effects_in_a_log_are_the_parts() -> None:
    other = _with([*EDITS.values()])
    found = effects_kg(ONE, other)
    assert found[("workload", "W5", "id")] < 0
    assert sum(found.values()) == pytest.approx(_shared(ONE, other).second - _shared(ONE, other).first, rel=1e-9)
    assert effects_kg(ONE, ONE.but(first_year=2040, last_year=2045)) == {}


def test_the_work_tells_how_far_it_is_and_ends_when_it_is_told_to() -> None:
    watch = Watch()
    with watched(watch):
        shared.__wrapped__(ONE, _with([*EDITS.values()]))
    assert watch.step == "Sharing out the difference"
    assert 0 < watch.done <= watch.total
    watch.ended.set()
    with watched(watch), pytest.raises(EndedError):
        shared.__wrapped__(ONE, _with([*EDITS.values()]))


def _game(seed: int, players: int) -> list[float]:
    values = np.random.default_rng(seed).normal(size=1 << players)
    values[0] = 0.0
    return [float(value) for value in values]


@pytest.mark.parametrize("players", [1, 3, 5])
def test_exact_parts_are_those_of_the_slow_way(players: int) -> None:
    game = _game(players, players)
    found = parts_of(players, lambda some: np.array([game[some]]), (), 1)
    assert found.values[:, 0] == pytest.approx(naive_shapley.shapley(game), rel=1e-12)
    assert found.groups == tuple((one,) for one in range(players))


def test_changes_that_cannot_stand_apart_become_one() -> None:
    game = _game(3, 4)

    def worth(some: int) -> Floats | None:
        return None if some & 0b0101 == 0b0001 else np.array([game[some]])  # 0 needs 2

    found = parts_of(4, worth, (), 1)
    assert found.groups == ((0, 2), (1,), (3,))
    assert found.values.sum() == pytest.approx(game[-1], rel=1e-12)


def test_many_changes_are_shared_out_over_drawn_orders_with_an_error() -> None:
    players = MOST_EXACT + 2
    weights = np.random.default_rng(5).uniform(0.5, 1.5, players)

    def worth(some: int) -> Floats:
        mine = weights[[place for place in range(players) if some >> place & 1]]
        return np.array([float(np.prod(mine)), float(mine.sum())])

    found = parts_of(players, worth, (), 7)
    exact = shapley(np.array([worth(some) for some in range(1 << players)]))
    assert found.values.sum(axis=0) == pytest.approx(worth((1 << players) - 1) - worth(0), rel=1e-9)
    assert found.values[:, 1] == pytest.approx(weights, rel=1e-9)  # nothing acts on another: exact in any order
    assert (found.errors > 0).all()
    assert (np.abs(found.values[:, 0] - exact[:, 0]) < 5 * found.errors).all()


@pytest.mark.parametrize("players", [8, 14])
def test_what_moves_nothing_is_left_out_beforehand_and_the_parts_stay_exact(players: int) -> None:
    """Of eight or fourteen changes five move the figure: every set of those is tried, and no more."""
    game, asked = _game(4, 5), []

    def worth(some: int) -> Floats:
        asked.append(some)
        return np.array([game[some & 0b11111]])

    found = parts_of(players, worth, (), 1)
    parts = dict(zip(found.groups, found.values[:, 0], strict=True))
    assert [parts[(one,)] for one in range(5)] == pytest.approx(naive_shapley.shapley(game), rel=1e-12)
    assert [parts[(one,)] for one in range(5, players)] == [0.0] * (players - 5)
    assert (found.errors == 0.0).all()
    assert len(asked) <= 2 + 2 * players + 2**5


def test_where_nothing_moves_there_are_parts_of_nothing() -> None:
    found = parts_of(8, lambda some: np.zeros(3), (), 1)
    assert sorted(found.groups) == [(one,) for one in range(8)]
    assert not found.values.any()


def test_of_many_changes_those_that_cannot_stand_apart_become_one() -> None:
    players = MOST_EXACT + 2

    def worth(some: int) -> Floats | None:
        return None if some & 0b11 in (1, 2) else np.array([float(some.bit_count())])

    found = parts_of(players, worth, (0, 1), 7)
    assert found.groups[0] == (0, 1)
    assert found.values[0, 0] == pytest.approx(2.0)
    everything = parts_of(players, lambda some: np.ones(1) if some in (0, (1 << players) - 1) else None, (0, 1), 7)
    assert everything.groups == (tuple(range(players)),)
