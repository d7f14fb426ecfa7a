"""Hardware in the year it is bought: the plain twin, and laws that tie it to the making spread over its life."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core import engine
from tests import naive

FLEETS = st.lists(st.integers(0, 40) | st.floats(0, 5), min_size=1, max_size=12)
LIVES = st.floats(0.2, 8)
AGES = st.integers(-6, 20)


def bought(needed, life_years, age_years):
    """The engine's purchases for one row."""
    row = np.array([needed], dtype=float)
    return engine.purchases(row, np.array([life_years], float), np.array([age_years], float))[0].tolist()


@given(FLEETS, LIVES, AGES)
def test_the_engine_agrees_with_the_plain_loop(needed, life_years, age_years):
    np.testing.assert_allclose(bought(needed, life_years, age_years), naive.purchases(needed, life_years, age_years))


@given(FLEETS, LIVES)
def test_what_was_bought_within_a_life_always_covers_what_is_needed(needed, life_years):
    found, life = bought(needed, life_years, 0), max(math.floor(life_years + 0.5), 1)
    for year, count in enumerate(needed):
        assert sum(found[max(year - life + 1, 0) : year + 1]) >= count - 1e-9


@given(st.integers(1, 50), st.integers(1, 6), st.integers(1, 4), st.integers(0, 9))
def test_over_whole_lives_a_steady_fleet_is_bought_as_often_as_it_is_spread(count, life, times, age):
    """Booked in the year of purchase or spread over the life: the same sum."""
    assert sum(bought([count] * (life * times), life, age)) == count * times


def test_a_fleet_of_known_age_is_replaced_when_its_life_ends():
    assert bought([8] * 6, 4, 1) == [0, 0, 0, 8, 0, 0]
    assert bought([8] * 6, 4, 4) == [8, 0, 0, 0, 8, 0]
    assert bought([8] * 6, 4, -2) == [0, 0, 8, 0, 0, 0]


def test_growth_buys_the_difference_and_shrinking_sells_nothing():
    assert bought([2, 5, 3, 5, 6], 10, 0) == [2, 3, 0, 0, 1]


@given(FLEETS, LIVES, AGES, st.floats(0.1, 9))
def test_purchases_are_linear_in_the_fleet(needed, life_years, age_years, factor):
    scaled = bought([count * factor for count in needed], life_years, age_years)
    np.testing.assert_allclose(scaled, [factor * n for n in bought(needed, life_years, age_years)], atol=1e-9)
