"""The probability of sets beside the plain count over draws, and a planted mistake that the count notices."""

import numpy as np
import pytest

from core.decide.candidates import searched
from core.decide.chances import Chances, Drawn, run_met
from core.decide.pathway import pathway_of
from core.decide.space import space_of
from tests.decide.plans import FOUR, searched_plan
from tests.naive_decide import met_share

RANDOM = np.random.default_rng(3)
LINES, YEARS, DRAWS = 2, 3, 40
ROWS = RANDOM.normal(1.0, 0.4, (7, LINES, YEARS, 1 + DRAWS))
ROWS[..., 0] = 1.0
WORK = RANDOM.normal(0.3, 0.1, (2, LINES, YEARS, 1 + DRAWS))
WORKS = np.array([0, 2])
SETS = np.arange(8)
PLACES = RANDOM.integers(0, 7, (8, 3))


def shares(allowed):
    out = np.empty(len(SETS))
    run_met(SETS, PLACES, ROWS, WORKS, WORK, allowed, out)
    return out


@pytest.mark.parametrize("allowed", [3.2, 3.7, 4.3])
def test_a_set_meets_in_the_draws_in_which_every_line_is_met_in_every_year(allowed):
    limits = np.full((LINES, YEARS), allowed) + np.arange(YEARS) * 0.05
    plain = [met_share(some, PLACES[some], ROWS, dict(zip(WORKS, WORK, strict=True)), limits) for some in SETS]
    assert shares(limits) == pytest.approx(plain)
    assert 0.0 < max(plain) < 1.0


def test_every_year_at_once_is_no_likelier_than_the_least_of_them():
    limits = np.full((LINES, YEARS), 3.7)
    works = dict(zip(WORKS, WORK, strict=True))
    least = [
        min(
            met_share(some, PLACES[some], ROWS[:, :, [year]], {one: kg[:, [year]] for one, kg in works.items()},
                      limits[:, [year]])
            for year in range(YEARS)
        )
        for some in SETS
    ]  # fmt: skip
    joint = shares(limits)
    assert (joint <= np.array(least)).all()
    assert (joint < np.array(least)).any()  # the least of the years, in its place, would be noticed


def test_a_set_whose_central_case_fails_has_no_chance():
    assert shares(np.full((LINES, YEARS), 2.9)).tolist() == [0.0] * 8
    assert (shares(np.full((LINES, YEARS), 99.0)) == 1.0).all()


def test_lines_counted_apart_would_be_noticed():
    limits = np.full((LINES, YEARS), 3.7)
    joint = [met_share(some, PLACES[some], ROWS, {}, limits) for some in SETS]
    apart = [
        min(met_share(some, PLACES[some], ROWS[:, [line]], {}, limits[[line]]) for line in range(LINES))
        for some in SETS
    ]
    assert joint != pytest.approx(apart)


def test_a_set_is_drawn_no_further_once_it_cannot_be_as_likely_as_is_asked():
    """Blocks of draws add up to all of them; what is passed over could not have been likely enough."""
    plan = searched_plan(FOUR).but(points="1024")
    space = space_of(searched(plan, 2026), pathway_of(plan.but(candidates=())))
    sets = list(range(space.found.sets))
    whole = Chances(space)
    exact = whole.met_share(sets)
    assert exact.tolist() == Drawn(space, 1024).met_share(sets).tolist()
    assert 0.0 < np.median(exact[exact > 0]) < 1.0
    least = float(np.median(exact[exact > 0]))
    few = Chances(space)
    found = few.met_share(sets, least)
    kept = exact >= least
    assert found[kept].tolist() == exact[kept].tolist()
    assert ((exact <= found) & (found < least))[~kept].all()
    assert few.drawn < whole.drawn
