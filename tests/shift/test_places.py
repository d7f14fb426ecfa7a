"""Work in other regions: the paths against HiGHS on thousands of hours, the programme against the heaps, what binds."""

import numpy as np
import pytest

from core.shift.apart import placed_and_deferred
from core.shift.check import ShiftError
from core.shift.fleet import served
from core.shift.reference import START, Curve
from core.shift.spread import beside, moves, placed
from tests import naive_shift

GENERATOR = np.random.default_rng(20260603)


def case(hours):
    """A few origins and regions for some hours, masks and all."""
    origins, regions = int(GENERATOR.integers(1, 4)), int(GENERATOR.integers(1, 6))
    intensity = np.round(GENERATOR.lognormal(5, 0.7, (hours, regions)), GENERATOR.choice([0, -1, 3]))
    work = GENERATOR.random((hours, origins)) * (GENERATOR.random((hours, origins)) < 0.9)
    capacity = GENERATOR.random((hours, regions)) * GENERATOR.choice([1.5, 2.5, 5.0])
    home = GENERATOR.integers(0, regions, origins)
    allowed = GENERATOR.random((origins, regions)) < 0.6
    share = GENERATOR.random((origins, regions)) * GENERATOR.choice([0.0, 0.3])
    return intensity, work, capacity, home, allowed, share


def full(home, allowed, share):
    """The masks with home always allowed and free of moving."""
    may, moving = allowed.copy(), share.copy()
    for origin, region in enumerate(home):
        may[origin, region], moving[origin, region] = True, 0.0
    return may, moving


def test_paths_equal_the_linear_programme_hour_by_hour():
    solved = stuck = 0
    for _ in range(120):
        intensity, work, capacity, home, allowed, share = case(20)
        may, moving = full(home, allowed, share)
        cost = intensity[:, None, :] + moving * (intensity[:, home, None] + intensity[:, None, :]) / 2
        expected = naive_shift.transports(cost, may, capacity, work)
        for hour, least in enumerate(expected):
            one = slice(hour, hour + 1)
            given = {"home": list(home), "capacity_kwh": capacity[one], "allowed": allowed, "moving_share": share}
            if least is None:
                stuck += 1
                with pytest.raises(ShiftError, match=r"^capacity binds in hour 1: work of .* may run in .* alone, "):
                    placed(intensity[one], work[one], **given)
                continue
            solved += 1
            found = placed(intensity[one], work[one], **given)
            assert found.after_g[0] == pytest.approx(least, rel=1e-9, abs=1e-9)
            flow = found.flow_kwh[0]
            np.testing.assert_allclose(flow.sum(axis=1), work[hour], rtol=1e-9, atol=1e-12)
            assert (flow.sum(axis=0) <= capacity[hour] + 1e-9).all()
            assert flow[~may].sum() == 0
    assert solved > 1_000
    assert stuck > 100


def test_what_binds_in_place_is_a_set_of_regions_too_small_for_its_work():
    with pytest.raises(ShiftError) as caught:
        placed(
            np.array([[300.0, 100.0, 20.0]]),
            np.array([[4.0, 3.0]]),
            home=[0, 1],
            capacity_kwh=np.array([[2.0, 4.0, 99.0]]),
            allowed=np.array([[True, True, False], [True, True, False]]),
            names=("Poland", "Germany", "Norway"),
        )
    assert str(caught.value) == (
        "capacity binds in hour 1: work of 7 kWh may run in Poland, Germany alone, which hold 6 kWh"
    )


def test_moving_energy_keeps_work_at_home_when_it_eats_the_gain():
    hours, work = np.array([[100.0, 90.0]]), np.array([[1.0]])
    assert placed(hours, work, home=[0], capacity_kwh=9.0).moved_share == 1
    assert placed(hours, work, home=[0], capacity_kwh=9.0, moving_share=0.2).moved_share == 0
    found = placed(hours, work, home=[0], capacity_kwh=9.0, moving_share=0.02)
    assert found.after_g[0] == pytest.approx(90 + 0.02 * 95)


def test_one_origin_with_room_everywhere_follows_the_cleanest_region():
    hours = GENERATOR.lognormal(5, 0.6, (100, 5))
    found = placed(hours, np.ones((100, 1)), home=[2], capacity_kwh=1.0)
    np.testing.assert_allclose(found.after_g, hours.min(axis=1), rtol=1e-12)
    curves = [Curve(f"R{place}", hours[:, place], START, "UTC") for place in range(5)]
    assert moves(curves, 2).hourly_pct == pytest.approx(found.saving_pct)


def test_one_move_gives_most_of_what_a_clean_region_can():
    hours = np.column_stack(
        (GENERATOR.normal(400, 50, 500), GENERATOR.normal(30, 5, 500), GENERATOR.normal(390, 9, 500))
    )
    curves = [Curve(name, hours[:, place], START, "UTC") for place, name in enumerate(("home", "clean", "other"))]
    found = moves(curves, 0)
    assert [move.name for move in found.ranking] == ["clean", "other", "home"]
    assert found.one_move_pct == pytest.approx(100 * (1 - hours[:, 1].mean() / hours[:, 0].mean()))
    assert found.one_move_share == pytest.approx(1, abs=1e-3)
    assert found.ranking[-1].saving_pct == 0
    assert moves(curves, 0, moving_share=1.0).one_move_pct == pytest.approx(
        100 * (1 - (1.5 * hours[:, 1].mean() + 0.5 * hours[:, 0].mean()) / hours[:, 0].mean())
    )


def test_the_programme_equals_the_heaps_where_the_pools_are_one():
    for _ in range(25):
        intensity, work, capacity, _, _, _ = case(8)
        delay = int(GENERATOR.integers(0, 4))
        home = [0] * work.shape[1]
        try:
            load = served(intensity, capacity, work.sum(axis=1), delay)
        except ShiftError:
            with pytest.raises(ShiftError, match=r"^capacity binds: .* kWh of the work of origin . due by hour"):
                placed_and_deferred(intensity, work, home=home, delay_h=delay, capacity_kwh=capacity)
            continue
        found = placed_and_deferred(intensity, work, home=home, delay_h=delay, capacity_kwh=capacity)
        assert found.after_g.sum() == pytest.approx((load * intensity).sum(), rel=1e-9, abs=1e-9)


def test_the_programme_without_delay_equals_the_paths():
    for _ in range(15):
        intensity, work, capacity, home, allowed, share = case(6)
        given = {"home": list(home), "capacity_kwh": capacity + 1, "allowed": allowed, "moving_share": share}
        given["capacity_kwh"] = capacity + work.sum(axis=1, keepdims=True)
        one, two = placed(intensity, work, **given), placed_and_deferred(intensity, work, delay_h=0, **given)
        np.testing.assert_allclose(one.after_g, two.after_g, rtol=1e-9, atol=1e-9)


def test_each_origin_has_its_own_delay_and_overhead():
    hours, work = GENERATOR.lognormal(5, 0.6, (48, 3)), np.ones((48, 2))
    over = np.array([[1.5, 1.1, 1.0], [1.2, 1.3, 1.4]])
    given = {"home": [0, 1], "capacity_kwh": 50.0, "overhead_ratio": over, "moving_share": 0.1}
    found = placed_and_deferred(hours, work, delay_h=[0, 6], **given)
    costs = []
    for origin, home in enumerate(given["home"]):
        there = hours * over[origin]
        cost = there + 0.05 * (there[:, [home]] + there)
        cost[:, home] = there[:, home]
        costs.append(cost.min(axis=1))
    waits = [costs[1][hour : hour + 7].min() for hour in range(48)]
    assert found.after_g.sum() == pytest.approx(costs[0].sum() + sum(waits), rel=1e-9)
    assert found.before_g.sum() == pytest.approx((hours[:, 0] * 1.5 + hours[:, 1] * 1.3).sum(), rel=1e-12)


def test_residency_costs_and_waiting_helps():
    hours, work = GENERATOR.lognormal(5, 0.6, (60, 3)), np.ones((60, 3))
    given = {"home": [0, 1, 2], "capacity_kwh": 2.0}
    home_alone = np.eye(3, dtype=bool)

    def saving(delay, allowed=None):
        return placed_and_deferred(hours, work, delay_h=delay, allowed=allowed, **given).saving_pct

    assert saving(0, home_alone) == pytest.approx(0, abs=1e-9)
    assert 0 < saving(6, home_alone) < saving(6)
    assert saving(0) < saving(3) <= saving(24) + 1e-9


def test_the_programme_goes_on_from_week_to_week():
    hours, work = GENERATOR.lognormal(5, 0.6, (200, 2)), np.ones((200, 1))
    found = placed_and_deferred(hours, work, home=[0], delay_h=5, capacity_kwh=2.0)
    assert found.flow_kwh.sum() == pytest.approx(200)
    assert found.flow_kwh[:168].sum() == pytest.approx(168)
    assert found.after_g.sum() >= (served(hours, np.full((200, 2), 2.0), work[:, 0], 5) * hours).sum() - 1e-6


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"intensity_g_per_kwh": np.empty((2, 0))}, "no region is chosen; choose one or more"),
        (
            {"intensity_g_per_kwh": np.array([[1.0, np.nan], [1, 1]])},
            "the series of region 2 lacks 1 hour, the first of them hour 1: mend the file, or cut it",
        ),
        ({"work_kwh": np.ones((3, 1))}, "the work is of shape (3, 1); it must be (2, 1)"),
        ({"work_kwh": np.array([[1.0], [-1]])}, "the work of hour 2 is not a number of kWh, 0 or more"),
        ({"home": [5]}, "home is 5; it must lie in [0, 1] (places of the list)"),
        ({"moving_share": 2.0}, "energy of moving is 2; it must lie in [0, 1] kWh per kWh"),
        ({"moving_share": -0.1}, "energy of moving is -0.1; it must lie in [0, 1] kWh per kWh"),
        (
            {"capacity_kwh": 0.25},
            "capacity binds in hour 1: work of 1 kWh may run in region 1, region 2 alone, which hold 0.5 kWh",
        ),
    ],
)
def test_a_placement_that_cannot_be_computed_says_why(change, sentence):
    usual = {"intensity_g_per_kwh": np.ones((2, 2)), "work_kwh": np.ones((2, 1)), "home": [0], "capacity_kwh": 2.0}
    with pytest.raises(ShiftError) as caught:
        placed(**(usual | change))
    assert str(caught.value) == sentence


def test_work_that_may_wait_but_finds_no_room_says_so():
    with pytest.raises(ShiftError) as caught:
        placed_and_deferred(
            np.ones((3, 2)), np.array([[4.0], [0], [0]]), home=[0], delay_h=0, capacity_kwh=3.0,
            allowed=np.array([[True, False]]), names=("Oslo", "Paris"),
        )  # fmt: skip
    assert str(caught.value) == ("capacity binds: 1 kWh of the work of origin 1 due by hour 1 find no room in Oslo")


def test_curves_that_differ_in_kind_or_time_are_not_ranked_together():
    hours = np.ones(4)
    whole, direct = Curve("France", hours, START, "UTC"), Curve("California", hours, START, "UTC", direct=True)
    for pair in ([whole, direct], [direct, whole]):
        with pytest.raises(ShiftError) as caught:
            beside(pair)
        assert str(caught.value) == (
            "California counts combustion alone, France the whole life cycle: they are not ranked together"
        )
    with pytest.raises(ShiftError, match=r"^the hours of Spain are not those of France: give series of one period$"):
        beside([whole, Curve("Spain", hours[:3], START, "UTC")])
    with pytest.raises(ShiftError, match=r"^no region is chosen; choose one or more$"):
        moves([], 0)
