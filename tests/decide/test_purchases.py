"""What must be bought at least: the least of all orders of start years, draw by draw, as whole plans buy it."""

from itertools import product

import numpy as np
import pytest

from core.decide.candidates import searched, with_choice
from core.decide.purchases import bought_of, whole_life_years, within
from core.results import of
from core.results.inventory_view import as_inventory
from tests.decide.plans import on, searched_plan

DRAWS = 64
LEVERS = (on("W2", "concise_output"), on("W2", "ptq_fp8"), on("W2", "utilisation"))
YEARS = (2027, 2028, 2029, 2030, 2031)
PLAN = searched_plan(LEVERS)


def bought_kg(starts):
    """Making of what W2 buys in 2031 under levers with these start years, by the public evaluation."""
    levers = tuple(lever.but(start_year=year) for lever, year in zip(LEVERS, starts, strict=True) if year)
    found = of(as_inventory(with_choice(PLAN, levers)), DRAWS)
    return found.values["carbon_embodied_kg"][found.of("W2"), 5]


def bound(some):
    found = searched(PLAN, 2026)
    rows = 1 << len(found.mine["W2"])
    bought = bought_of(found, PLAN.workload("W2"), np.ones(rows, dtype=bool))
    row = sum(1 << found.mine["W2"].index(found.levers.index(LEVERS[place])) for place in some)
    return bought.least_kg(row, 5, DRAWS)


@pytest.mark.parametrize("some", [(1,), (0, 1), (0, 1, 2)])
def test_the_least_of_all_orders_of_start_years_is_what_must_be_bought(some):
    orders = list(product(YEARS if len(some) < 3 else YEARS[::2], repeat=len(some)))
    bought = np.array([bought_kg([dict(zip(some, order, strict=True)).get(k) for k in range(3)]) for order in orders])
    least = bound(some)
    assert (least > 0.0).any()
    assert least == pytest.approx(bought.min(axis=0))


def test_without_candidates_the_least_is_what_is_bought():
    assert bound(()) == pytest.approx(bought_kg((None, None, None)))


def test_a_life_is_rounded_to_whole_years_and_never_less_than_one():
    assert whole_life_years(np.array([0.2, 4.4, 4.5, 6.0])).tolist() == [1, 4, 5, 6]


def test_the_parts_of_a_row_are_all_rows_within_it():
    assert sorted(within(0b1011)) == [0, 1, 2, 3, 8, 9, 10, 11]
