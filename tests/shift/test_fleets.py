"""A fleet: the two heaps against HiGHS on thousands of random cases, what they may never do, and what binds."""

import itertools

import numpy as np
import pytest

from core.shift.check import ShiftError
from core.shift.fleet import deferred, pooled, served
from tests import naive_shift

GENERATOR = np.random.default_rng(20260602)


def case():
    """A few hours and places, capacity tight or wide, work that may have none."""
    hours, places = int(GENERATOR.integers(1, 11)), int(GENERATOR.integers(1, 4))
    intensity = np.round(GENERATOR.lognormal(5, 0.7, (hours, places)), GENERATOR.choice([0, -1, 3]))
    work = GENERATOR.random(hours) * (GENERATOR.random(hours) < 0.8)
    capacity = GENERATOR.random((hours, places)) * GENERATOR.choice([0.8, 1.5, 4.0])
    capacity[GENERATOR.random(capacity.shape) < 0.1] = 0.0
    return intensity, capacity, work, int(GENERATOR.integers(0, 6))


def lawful(load, capacity, work, delay):
    """Whether a schedule keeps capacity, serves nothing early and nothing late."""
    done, arrived = np.cumsum(load.sum(axis=1)), np.cumsum(work)
    late = np.concatenate((np.zeros(delay), arrived))[: len(work)]
    even = 1e-9 * (1 + arrived[-1])
    return (
        (load >= 0).all()
        and (load <= capacity + even).all()
        and (done <= arrived + even).all()
        and (done >= late - even).all()
        and abs(done[-1] - arrived[-1]) < even
    )


def test_waiting_work_equals_the_linear_programme():
    cases = [case() for _ in range(2_000)]
    possible = [one for one in cases if naive_shift.earliest(*one[1:])]
    for one in cases:
        if not naive_shift.earliest(*one[1:]):
            with pytest.raises(ShiftError, match="capacity binds: the work of hours"):
                served(*one)
    expected = [
        least for start in range(0, len(possible), 50) for least in naive_shift.deferrals(possible[start : start + 50])
    ]
    for (intensity, capacity, work, delay), least in zip(possible, expected, strict=True):
        load = served(intensity, capacity, work, delay)
        assert lawful(load, capacity, work, delay)
        assert (load * intensity).sum() == pytest.approx(least, rel=1e-9, abs=1e-8)
    assert len(possible) > 1_000
    assert len(cases) - len(possible) > 300


def test_what_binds_is_a_set_of_hours_that_really_lacks_room():
    with pytest.raises(ShiftError) as caught:
        served(np.full((6, 1), 5.0), np.array([[9.0], [1], [1], [1], [9], [9]]), np.array([0.0, 4, 0, 0, 0, 0]), 2)
    assert str(caught.value) == (
        "capacity binds: the work of hours 2 to 2 must be done by hour 4; it takes 4 kWh, and these hours hold 3 kWh"
    )


def test_a_fleet_by_hand():
    """Of 10 kWh each hour 4 may wait an hour; at most 12 kWh run: 2 kWh of each dear hour wait for the cheap one."""
    found = deferred(np.tile([300.0, 100.0], 3), np.full(6, 10.0), flexible_share=0.4, delay_h=1, capacity_kwh=12.0)
    assert found.after_kwh.tolist() == [8, 12] * 3
    assert found.before_g.sum() == 3 * 4000
    assert found.after_g.sum() == 3 * (8 * 300 + 12 * 100)
    assert found.saving_pct == pytest.approx(10)
    assert found.mean_delay_h == pytest.approx(6 / 24)


def test_no_delay_or_no_flexible_share_saves_nothing_and_more_of_either_never_costs():
    hours, load = GENERATOR.lognormal(5, 0.5, 300), GENERATOR.random(300) + 1

    def saving(share, delay, capacity=4.0):
        return deferred(hours, load, flexible_share=share, delay_h=delay, capacity_kwh=capacity).saving_pct

    assert saving(0.5, 0) == pytest.approx(0, abs=1e-9)
    assert saving(0.0, 24) == pytest.approx(0, abs=1e-9)
    for rising in (
        [saving(0.3, delay) for delay in (0, 1, 3, 8, 24, 100)],
        [saving(share, 8) for share in (0, 0.1, 0.3, 0.6, 1)],
        [saving(0.5, 8, capacity) for capacity in (2.0, 2.5, 3, 4, 9)],
    ):
        assert all(before <= after + 1e-9 for before, after in itertools.pairwise(rising))


def test_energy_is_kept_and_of_equal_hours_the_earlier_runs():
    load = GENERATOR.random(100)
    hours = np.tile([200.0, 200.0, 100.0, 200.0], 25)
    found = deferred(hours, load, flexible_share=0.7, delay_h=6, capacity_kwh=50.0)
    assert found.after_kwh.sum() == pytest.approx(load.sum(), rel=1e-12)
    even = deferred(np.append(np.full(99, 200.0), 250.0), load, flexible_share=1.0, delay_h=6, capacity_kwh=50.0)
    np.testing.assert_allclose(even.after_kwh, load, atol=1e-12)


def test_a_pool_of_one_place_is_a_fleet_and_a_second_place_never_costs():
    hours, load = GENERATOR.lognormal(5, 0.5, (200, 3)), GENERATOR.random((200, 3))
    kept = {"flexible_share": 0.4, "delay_h": 5}
    one = pooled(hours[:, :1], load[:, :1], capacity_kwh=np.full((200, 1), 1.2), **kept)
    alone = deferred(hours[:, 0], load[:, 0], capacity_kwh=1.2, **kept)
    assert one.after_g.sum() == pytest.approx(alone.after_g.sum(), rel=1e-12)
    each = [deferred(hours[:, p], load[:, p], capacity_kwh=1.2, **kept).after_g.sum() for p in range(3)]
    assert pooled(hours, load, capacity_kwh=np.full((200, 3), 1.2), **kept).after_g.sum() <= sum(each) + 1e-9


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"flexible_share": 1.5}, "the share that may wait is 1.5; it must lie in [0, 1] of the load"),
        ({"delay_h": -1}, "delay is -1; it must lie in [0, 8784] h"),
        ({"delay_h": 1.5}, "delay is 1.5; it must be whole hours"),
        ({"capacity_kwh": 0.5}, "capacity is 0.5 kWh in hour 1; the load there is 1 kWh"),
        ({"load_kwh": np.ones(3)}, "the load has 3 hours; the series holds 4"),
        ({"load_kwh": np.array([1, -1, 1, 1.0])}, "the load of hour 2 is not a number of kWh, 0 or more"),
        (
            {"intensity_g_per_kwh": np.array([1, np.nan, 2, np.nan])},
            "the series lacks 2 hours, the first of them hour 2: mend the file, or cut it",
        ),
        (
            {"intensity_g_per_kwh": np.full(4, 435.0)},
            "the series is 435 g/kWh in every hour: no hour is cleaner, shifting in time saves nothing",
        ),
    ],
)
def test_a_fleet_that_cannot_be_computed_says_why(change, sentence):
    usual = {
        "intensity_g_per_kwh": np.arange(4.0) + 1,
        "load_kwh": np.ones(4),
        "flexible_share": 0.5,
        "delay_h": 1,
        "capacity_kwh": 2.0,
    }
    with pytest.raises(ShiftError) as caught:
        deferred(**(usual | change))
    assert str(caught.value) == sentence


def test_a_pool_without_a_region_or_with_too_little_room_says_so():
    with pytest.raises(ShiftError, match=r"^no region is chosen; choose one or more$"):
        pooled(np.empty((4, 0)), np.empty((4, 0)), flexible_share=0.5, delay_h=1, capacity_kwh=np.empty((4, 0)))
    with pytest.raises(ShiftError) as caught:
        pooled(np.ones((4, 2)), np.ones((4, 2)), flexible_share=0.25, delay_h=1, capacity_kwh=np.full((4, 2), 0.5))
    assert str(caught.value) == (
        "capacity of region 1 is 0.5 kWh in hour 1; the work that cannot move takes 0.75 kWh there"
    )
