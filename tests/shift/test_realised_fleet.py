"""A fleet planned once a day: as a plain loop does it, within its capacity, blind to the future."""

import numpy as np
import pytest

from core.shift.check import ShiftError
from core.shift.deferral import run_replanned
from core.shift.fleet import deferred
from core.shift.realised import profile_g_per_kwh, realised_fleet, realised_pool
from tests import naive_shift
from tests.shift.test_fleets import lawful

GENERATOR = np.random.default_rng(20260604)
FIRST = 28 * 24


def series(hours):
    return GENERATOR.lognormal(5, 0.4, hours) * (1.3 + np.sin(np.arange(hours) * np.pi / 12))


def replanned(intensity, room, work, delay, days):
    known, load = profile_g_per_kwh(intensity, days), np.zeros((len(intensity), 1))
    assert run_replanned(known[:, None], room[:, None], work, delay, FIRST, 24, load) == -1
    return load[:, 0]


@pytest.mark.parametrize("days", [1, 28])
@pytest.mark.parametrize("delay", [0, 5, 24, 50])
def test_a_daily_plan_equals_the_plain_loop_where_room_is_plenty(days, delay):
    intensity, work = series(FIRST + 250), GENERATOR.random(FIRST + 250)
    found = replanned(intensity, np.full(len(work), 1e6), work, delay, days)
    np.testing.assert_allclose(found, naive_shift.planned_daily(intensity, work, delay, days), atol=1e-9)


@pytest.mark.parametrize("headroom", [0.0, 0.2, 2.0])
@pytest.mark.parametrize("delay", [1, 7, 30])
def test_a_daily_plan_keeps_capacity_and_deadlines(headroom, delay):
    intensity, load = series(FIRST + 300), 0.5 + GENERATOR.random(FIRST + 300)
    work, room = 0.4 * load, 0.4 * load + headroom
    found = replanned(intensity, room, work, delay, 1)
    assert lawful(found[FIRST:, None], room[FIRST:, None], work[FIRST:], delay)


def test_the_three_figures_of_a_fleet():
    intensity, load = series(FIRST + 400), 0.5 + GENERATOR.random(FIRST + 400)
    given = {"flexible_share": 0.3, "delay_h": 12, "capacity_kwh": 2.0}
    found = realised_fleet(intensity, load, **given)
    bound = deferred(intensity[FIRST:], load[FIRST:], **given)
    assert found.starts == 400
    assert found.bound_pct == pytest.approx(bound.saving_pct, rel=1e-12)
    for days, saving in ((1, found.yesterday_pct), (28, found.profile_pct)):
        moved = replanned(intensity, 2.0 - 0.7 * load, 0.3 * load, 12, days)
        after = (intensity * (0.7 * load + moved))[FIRST:].sum()
        assert saving == pytest.approx(100 * (1 - after / (intensity * load)[FIRST:].sum()), abs=1e-9)
        assert saving <= found.bound_pct + 1e-9


@pytest.mark.parametrize("delay", [0, 6])
def test_a_pool_planned_once_a_day_equals_the_plain_loop_over_its_places(delay):
    table, work = np.column_stack([series(FIRST + 200) for _ in range(3)]), GENERATOR.random(FIRST + 200)
    given = {"delay_h": delay, "capacity_kwh": np.full(table.shape, 1e6)}
    found, base = realised_pool(table, work, **given), (table[:, 0] * work)[FIRST:].sum()
    scored = range(FIRST, len(work))
    best = sum(work[hour] * table[hour : min(hour + delay, len(work) - 1) + 1].min() for hour in scored)
    assert found.bound_pct == pytest.approx(100 * (1 - best / base), abs=1e-9)
    for days, saving in ((1, found.yesterday_pct), (28, found.profile_pct)):
        after = naive_shift.placed_daily(table, work, delay, days)
        assert saving == pytest.approx(100 * (1 - after / base), abs=1e-9)
    with pytest.raises(ShiftError, match=r"^realised figures need more than 672 h of history; the series holds 600 h$"):
        realised_pool(table[:600], work[:600], delay_h=0, capacity_kwh=np.ones((600, 3)))


def test_where_every_day_is_the_same_the_bound_is_realised():
    intensity = np.tile(series(24), 60)
    found = realised_fleet(intensity, np.ones(1440), flexible_share=0.5, delay_h=6, capacity_kwh=3.0)
    assert found.bound_pct > 5
    assert found.yesterday_share == pytest.approx(1, abs=0.02)
    assert found.profile_share == pytest.approx(1, abs=0.02)


def test_what_comes_later_moves_no_load_of_today():
    intensity, work = series(FIRST + 96), np.ones(FIRST + 96)
    other = intensity.copy()
    other[FIRST + 48 :] = other[FIRST + 48 :][::-1] * 2
    before, after = (replanned(one, np.full(len(work), 2.0), work, 12, 1) for one in (intensity, other))
    np.testing.assert_array_equal(before[: FIRST + 72], after[: FIRST + 72])
    assert not np.array_equal(before, after)


def test_a_fleet_without_enough_history_says_so():
    with pytest.raises(ShiftError) as caught:
        realised_fleet(series(672), np.ones(672), flexible_share=0.3, delay_h=24, capacity_kwh=2.0)
    assert str(caught.value) == "realised figures need more than 672 h of history; the series holds 672 h"
