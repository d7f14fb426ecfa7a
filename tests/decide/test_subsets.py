"""Sums over all sets and the cheapest way to each, beside the slow twin; laws; planted mistakes are noticed."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decide import subsets
from core.decide.front import front_of
from core.decide.subsets import Rows, added, run_ahead, run_beyond, run_grown, run_within
from tests import naive_decide as naive

RANDOM = np.random.default_rng(7)
MINE = ((0, 2, 3), (1,), (), (0, 1, 2, 3, 4))
CANDIDATES, SETS = 5, 32


def tables(columns=1):
    return [RANDOM.normal(size=(1 << len(mine), columns)) for mine in MINE]


def test_a_set_sums_the_rows_that_each_workload_has_under_it():
    some = tables()
    out = np.zeros((1, SETS))
    Rows(CANDIDATES, MINE).summed(np.concatenate(some), SETS - 1, out)
    assert out[0] == pytest.approx([naive.summed(one, MINE, [table[:, 0] for table in some]) for one in range(SETS)])


def test_candidates_that_do_not_act_yet_are_left_out_of_a_sum():
    some, active = tables(), 0b01101
    out = np.zeros((1, SETS))
    Rows(CANDIDATES, MINE).summed(np.concatenate(some), active, out)
    plain = [naive.summed(one & active, MINE, [table[:, 0] for table in some]) for one in range(SETS)]
    assert out[0] == pytest.approx(plain)


def test_a_set_looked_up_in_two_halves_is_the_same_set():
    """With more candidates than one half has bits."""
    mine = ((0, 9, 10, 11), (3, 11))
    some = [RANDOM.normal(size=(1 << len(one), 1)) for one in mine]
    out = np.zeros((1, 1 << 12))
    Rows(12, mine).summed(np.concatenate(some), (1 << 12) - 1, out)
    for one in (0, 1, 1 << 9, 1 << 11, 0b111000001001, (1 << 12) - 1):
        assert out[0, one] == pytest.approx(naive.summed(one, mine, [table[:, 0] for table in some]))
        own = [sum(1 << k for k, candidate in enumerate(some) if one >> candidate & 1) for some in mine]
        assert Rows(12, mine).places(np.array([one])).tolist() == [own]


def test_the_worst_workload_of_a_set_decides():
    some = [np.abs(table) for table in tables()]
    found = Rows(CANDIDATES, MINE).worst(np.concatenate(some)[:, 0])
    assert found == pytest.approx([naive.worst(one, MINE, [table[:, 0] for table in some]) for one in range(SETS)])


def test_what_candidates_add_is_added_to_every_set_that_holds_them():
    amounts = RANDOM.normal(size=12)
    out = np.full(1 << 12, 2.0)
    added(amounts, out)
    for one in (0, 1, 1 << 10, 0b101010101010, (1 << 12) - 1):
        assert out[one] == pytest.approx(2.0 + sum(amounts[k] for k in naive.members(one)))


@settings(max_examples=25)
@given(
    st.lists(st.integers(-9, 9) | st.just(float("inf")), min_size=16, max_size=16),
    st.lists(st.integers(-3, 9), min_size=4, max_size=4),
)
def test_growing_to_a_set_and_on_from_it_agrees_with_the_plain_search(costs, takes):
    for run, plain in ((run_grown, naive.grown), (run_ahead, naive.ahead)):
        best = np.array(costs, dtype=float)
        run(np.array(takes, dtype=float), best)
        assert best.tolist() == plain(costs, takes)


def chain(cost, takes, grow=run_grown):
    """The least cost of each set in the last year, as the search builds it up."""
    best = np.full(len(cost[0]), np.inf)
    best[0] = 0.0
    for year, costs in enumerate(cost):
        grow(np.ascontiguousarray(takes[:, year]), best)
        best += costs
    return best


def test_the_cheapest_start_years_of_every_set_are_those_of_all_start_years_tried():
    cost, takes = RANDOM.normal(size=(4, 8)), RANDOM.normal(size=(3, 4))
    plain = naive.cheapest_starts(3, cost, takes, 4)
    assert chain(cost, takes) == pytest.approx([plain[some][0] for some in range(8)])


def test_a_candidate_that_may_not_start_yet_is_in_no_set_of_that_year():
    cost, takes = np.zeros((2, 4)), np.array([[np.inf, 1.0], [1.0, 1.0]])
    assert chain(cost[:1], takes).tolist() == [0.0, np.inf, 1.0, np.inf]
    assert chain(cost, takes).tolist() == [0.0, 1.0, 1.0, 2.0]


def test_the_way_back_finds_the_set_it_came_from_and_the_most_of_equals():
    best, takes = np.array([0.0, 5.0, 1.0, 9.0]), np.array([2.0, 4.0])
    assert run_within(3, takes, best, 1e-9) == 2  # 1 + 2, against 6, 9 and 9
    assert run_within(3, np.zeros(2), np.zeros(4), 1e-9) == 3
    assert run_beyond(1, 3, takes, best, 1e-9) == 1
    assert run_beyond(0, 3, np.zeros(2), np.array([3.0, 2.0, 2.0, 2.0]), 1e-9) in (1, 2)
    assert run_beyond(0, 3, np.zeros(2), np.zeros(4), 1e-9) == 0


POINTS = st.lists(st.tuples(*[st.integers(0, 4).map(float)] * 3), min_size=1, max_size=40)


@settings(max_examples=60)
@given(POINTS)
def test_the_front_is_what_no_point_betters(points):
    columns = np.array(points).T
    found = front_of(*np.ascontiguousarray(columns), np.arange(len(points)))
    assert [points[one] for one in found] == [points[one] for one in naive.front(points)]


def test_a_front_that_forgets_quality_would_be_noticed():
    points = [(1.0, 5.0, 3.0), (2.0, 5.0, 1.0), (3.0, 5.0, 1.0)]
    columns = np.ascontiguousarray(np.array(points).T)
    assert front_of(*columns, np.arange(3)).tolist() == naive.front(points) == [0, 1]
    assert front_of(columns[0], columns[1], np.zeros(3), np.arange(3)).tolist() == [0]


def test_unknown_quality_is_worse_than_any_loss_and_takes_part_in_cost_and_carbon():
    cost, carbon = np.array([1.0, 2.0, 3.0]), np.array([5.0, 4.0, 4.0])
    assert front_of(cost, carbon, np.array([0.0, np.inf, 0.0]), np.arange(3)).tolist() == [0, 1, 2]
    assert front_of(cost, carbon, np.array([0.0, np.inf, np.inf]), np.arange(3)).tolist() == [0, 1]


@pytest.mark.parametrize("planted", [
    lambda takes, best: None,
    lambda takes, best: run_grown(takes[:-1], best),
    lambda takes, best: run_grown(-takes, best),
    lambda takes, best: run_ahead(takes, best),
])  # fmt: skip
def test_a_planted_mistake_in_growing_is_noticed(planted):
    cost, takes = np.arange(32.0).reshape(4, 8) % 7, np.arange(12.0).reshape(3, 4) % 5 + 1.0
    plain = [naive.cheapest_starts(3, cost, takes, 4)[some][0] for some in range(8)]
    assert chain(cost, takes) == pytest.approx(plain)
    assert chain(cost, takes, planted) != pytest.approx(plain)


def test_every_loop_over_sets_has_a_test_here():
    text = Path(__file__).read_text(encoding="utf-8")
    through = {"run_summed": "summed", "run_worst": "worst", "run_added": "added", "run_front": "front_of"}
    loops = [name for name in dir(subsets) if name.startswith("run_")]
    assert [name for name in loops if through.get(name, name) not in text] == []
