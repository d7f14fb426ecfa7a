"""Moving and waiting over the places of a workload: the laws of room, energy and time, and one sum by hand."""

from __future__ import annotations

import numpy as np
import pytest

from core.plan.example import example_plan
from core.results.follow import follow
from core.results.moves import Place, places
from core.shift.reference import reference_year
from core.shift.spread import moves

PLAN = example_plan()
FOUND = PLAN.workload("W2")
assert FOUND is not None
PLACES = places(PLAN, FOUND)[:6]


def hours(place: Place) -> np.ndarray:
    return reference_year(place.region, place.g_per_kwh).intensity_g_per_kwh


def test_with_room_for_all_and_no_energy_it_is_what_the_ranking_says():
    whole = moves([reference_year(place.region, place.g_per_kwh) for place in PLACES], 0)
    found = follow(PLACES, 0, 2.0, 1.0)
    assert found.one_move_pct == pytest.approx(whole.one_move_pct, rel=1e-9)
    assert found.hourly_pct == pytest.approx(whole.hourly_pct, rel=1e-9)
    assert found.taken == (whole.ranking[0].name,)
    assert (found.waiting_pct, found.both_pct) == (0.0, 0.0)
    assert found.one_move_share > 0.9


def test_one_move_with_little_room_fills_the_cleanest_places_in_turn():
    found = follow(PLACES, 0, 2.0, 0.25, 0.05)
    means = [float(hours(place).mean()) for place in PLACES]
    away = sorted(mean + 0.05 * (means[0] + mean) / 2 for mean in means[1:])
    assert found.one_move_pct == pytest.approx((1 - 0.25 * sum(away[:4]) / means[0]) * 100, rel=1e-9)
    assert len(found.taken) == 4


@pytest.mark.parametrize("delay", [1, 12])
def test_both_save_at_least_each_and_room_and_energy_only_cost(delay):
    usual = follow(PLACES, delay, 2.0, 1.0)
    assert usual.both_pct >= max(usual.hourly_pct, usual.waiting_pct) - 1e-9
    assert usual.hourly_pct >= usual.one_move_pct - 1e-9
    for room, energy in ((0.5, 0.0), (1.0, 0.2), (0.1, 0.2)):
        less = follow(PLACES, delay, 2.0, room, energy)
        assert less.both_pct < usual.both_pct
        assert less.one_move_pct < usual.one_move_pct
        assert less.hourly_pct < usual.hourly_pct
        assert less.waiting_pct == usual.waiting_pct


def test_waiting_adds_nothing_where_no_hour_waits_and_all_at_home_is_the_wait_alone():
    found = follow(PLACES[:1] * 2, 12, 2.0, 1e-9)
    assert found.hourly_pct == pytest.approx(0.0, abs=1e-9)
    assert found.both_pct == pytest.approx(found.waiting_pct, rel=1e-6)
    assert found.waiting_pct > 5
