"""The probability of meeting: as the slow twin says, joint and not a product, unknown where a draw is unknown."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.targets.chance import chance
from tests import naive_targets

VALUES = st.one_of(st.integers(0, 4).map(float), st.just(float("nan")))


@st.composite
def cases(draw):
    scopes, years, draws = (draw(st.integers(1, most)) for most in (3, 3, 5))
    emissions = draw(st.lists(VALUES, min_size=scopes * years * draws, max_size=scopes * years * draws))
    allowed = draw(st.lists(VALUES, min_size=scopes * years, max_size=scopes * years))
    return np.array(emissions).reshape(scopes, years, draws), np.array(allowed).reshape(scopes, years)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_kernel_agrees_with_the_plain_loops(case):
    found = chance(*case)
    for ours, plain in zip(
        (found.met_share, found.so_far_share, found.all_met_share, found.all_so_far_share, found.within_budget_share),
        naive_targets.chances(*(part.tolist() for part in case)),
        strict=True,
    ):
        np.testing.assert_allclose(ours, plain, rtol=1e-12)


def test_all_scopes_at_once_is_counted_draw_by_draw():
    bad_years = np.array([[[1.0, 9.0]], [[1.0, 9.0]]])
    apart = np.array([[[1.0, 9.0]], [[9.0, 1.0]]])
    line = np.full((2, 1), 5.0)
    assert chance(bad_years, line).all_met_share.tolist() == [0.5]
    assert chance(apart, line).all_met_share.tolist() == [0.0]
    assert chance(apart, line).met_share.tolist() == [[0.5], [0.5]]


def test_every_year_at_once_is_no_likelier_than_the_least_and_as_likely_where_the_draws_that_miss_are_nested():
    line = np.full((1, 2), 5.0)
    apart, nested = np.array([[[9.0, 1.0, 1.0, 1.0], [1.0, 9.0, 1.0, 1.0]]]), np.array([[[9.0, 1.0], [9.0, 9.0]]])
    assert (chance(apart, line).all_met_share.tolist(), chance(apart, line).all_so_far_share.tolist()) == (
        [0.75, 0.75], [0.75, 0.5],
    )  # fmt: skip
    assert chance(nested, line).all_so_far_share.tolist() == chance(nested, line).all_met_share.tolist() == [0.5, 0.0]


def test_emissions_at_the_line_meet_it():
    assert chance(np.full((1, 1, 3), 5.0), np.full((1, 1), 5.0)).met_share.tolist() == [[1.0]]


def test_a_year_under_the_line_makes_up_for_one_over_it_in_the_sum_alone():
    found = chance(np.array([[[6.0], [3.0]]]), np.full((1, 2), 5.0))
    assert (found.met_share.tolist(), found.within_budget_share.tolist()) == ([[0.0, 1.0]], [1.0])


@pytest.mark.parametrize("shape", [(2, 3), (2, 2, 4), (2, 3, 0)])
def test_shapes_that_do_not_fit_are_told(shape):
    with pytest.raises(ValueError, match=r"they must be \(scopes, years, draws\)"):
        chance(np.ones(shape), np.ones((2, 3)))


def test_ten_scopes_thirty_years_and_4096_draws_take_under_a_tenth_of_a_second():
    emissions = np.random.default_rng(1).normal(100.0, 20.0, (10, 30, 4096))
    allowed = np.full((10, 30), 95.0)
    chance(emissions, allowed)
    took = []
    for _ in range(3):
        start = time.thread_time()
        chance(emissions, allowed)
        took.append(time.thread_time() - start)
    assert min(took) < 0.1
