"""The least cost of a set over all start years, those after the target's year too, is the least of the plan's own."""

from itertools import product
from math import inf

import pytest

from core.decide.candidates import searched, with_choice
from core.decide.chains import chains
from core.decide.change import change
from core.decide.pathway import pathway_of
from core.decide.space import space_of
from tests.decide.plans import FOUR, searched_plan
from tests.targets.plans import rows


def test_the_least_of_every_set_in_the_target_year_is_the_cheapest_of_all_start_years_before_and_after_it():
    """Three candidates from 2030 on, a target of 2031, a plan to 2033: 125 plans, each by the public evaluation."""
    three = [one.but(start_year=2030) for one in FOUR[1:]]
    plan = searched_plan(three, last_year=2033).but(inventory=rows(s2l=900.0, s3=900.0))
    base = plan.but(candidates=())
    space = space_of(searched(plan, 2026), pathway_of(base))
    ways = chains(space, space.within_limits())
    least = [inf] * space.found.sets
    for starts in product((2030, 2031, 2032, 2033, None), repeat=len(three)):
        at = zip(space.found.levers, starts, strict=True)
        levers = tuple(lever.but(start_year=year) for lever, year in at if year is not None)
        some = sum(1 << place for place, year in enumerate(starts) if year is not None and year <= 2031)
        cost_usd = change(base, (), with_choice(plan, levers).levers).cost_usd
        least[some] = min(least[some], cost_usd)
    assert ways.least_usd == pytest.approx(least, abs=1e-3)
    for some in range(space.found.sets):
        cost_usd, when = ways.cheapest(some)
        assert cost_usd == pytest.approx(least[some], abs=1e-3)
        chosen = with_choice(plan, ways.levers(some, when))
        assert change(base, (), chosen.levers).cost_usd == pytest.approx(least[some], abs=1e-3)
    later = [len(ways.levers(some, ways.cheapest(some)[1])) > some.bit_count() for some in range(space.found.sets)]
    assert any(later)  # some candidate pays to start after the target is met
