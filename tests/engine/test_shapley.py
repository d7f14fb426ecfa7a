"""Sharing out: the kernel agrees with all orders, gives nothing to idle players, and re-adds to the whole."""

import numpy as np
import pytest

from core.engine import shapley
from tests import naive_shapley

RANDOM = np.random.default_rng(7)


@pytest.mark.parametrize("players", [1, 2, 3, 5, 6])
def test_the_kernel_agrees_with_every_order_one_by_one(players):
    worth = RANDOM.normal(size=1 << players)
    np.testing.assert_allclose(
        shapley(worth[:, None])[:, 0], naive_shapley.shapley(list(worth)), rtol=1e-12, atol=1e-14
    )


def test_without_players_nothing_is_shared_out():
    assert shapley(np.array([[5.0, 7.0]])).shape == (0, 2)


def test_values_of_ten_players_re_add_to_the_whole_in_every_column():
    worth = RANDOM.normal(size=(1024, 3))
    np.testing.assert_allclose(shapley(worth).sum(axis=0), worth[-1] - worth[0], rtol=1e-12)


def test_a_player_that_adds_nothing_gets_nothing_and_twins_get_the_same():
    sets = np.arange(8)
    first, second = sets & 1, sets >> 1 & 1
    values = shapley((3.0 * (first + second) ** 2)[:, None])[:, 0]
    assert values.tolist() == [6.0, 6.0, 0.0]
