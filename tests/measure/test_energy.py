"""Joules from readings: counters that fall, samples with gaps, windows without length."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measure.energy import (
    COUNTER,
    SAMPLES,
    Energy,
    check_power,
    energy_from_power_j,
    energy_of,
    mean_of,
    mean_power_w,
    throttled,
)
from core.measure.meter import EVERY_S, MeterError, Reading, WallClock, recording


def readings(*cells):
    """Readings of (time, energy, power)."""
    return [Reading(time_s=t, energy_j=e, power_w=p) for t, e, p in cells]


def test_the_counter_counts_between_the_first_moment_and_the_last():
    found = energy_of(readings((10, 100, 50), (11, 400, 60), (12, 900, 70)))
    assert (found.energy_j, found.window_s, found.power_w, found.method) == (800, 2, 400, COUNTER)


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ((4_294_900, 4_294_967, 30), "the energy counter fell from 4,294,967 to 30 J"),
        ((500, 20, 900), "the energy counter fell from 500 to 20 J"),
        ((500, 500, 500), "the energy counter did not move"),
        ((None, 500, 900), "the board has no energy counter"),
        ((500, 600, None), "the board has no energy counter"),
    ],
)
def test_a_counter_that_says_nothing_is_not_used_and_the_row_says_why(counts, why):
    found = energy_of(readings(*((t / 2, count, 300) for t, count in enumerate(counts))))
    assert (found.energy_j, found.method, found.why_samples) == (300, SAMPLES, why)


def test_a_missing_count_between_the_ends_does_no_harm():
    assert energy_of(readings((0, 100, None), (1, None, None), (2, 500, None))).energy_j == 400


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([], "the window is 0 s long; it must be longer than 0 s"),
        ([(3, 1, 1)], "the window is 0 s long; it must be longer than 0 s"),
        ([(3, 1, 1), (3, 9, 1)], "the window is 0 s long; it must be longer than 0 s"),
        ([(3, 1, 1), (2, 9, 1)], "the window is -1 s long; it must be longer than 0 s"),
        (
            [(0, None, None), (1, None, None)],
            "the board has no energy counter, and there is no power sample",
        ),
        (
            [(0, 9, 100), (0.5, 8, 100), (2.75, 7, 100)],
            "the energy counter fell from 9 to 8 J, and power samples have a gap of 2.2 s; it must be at most 1 s",
        ),
        (
            [(0, None, None), (1.5, None, 100), (2, None, 100)],
            "the board has no energy counter, and power samples have a gap of 1.5 s; it must be at most 1 s",
        ),
    ],
)
def test_where_neither_counter_nor_samples_serve_there_is_no_energy(cells, said):
    with pytest.raises(MeterError) as caught:
        energy_of(readings(*cells))
    assert str(caught.value) == said


def test_samples_out_of_order_are_refused():
    with pytest.raises(MeterError, match="not in the order of time"):
        energy_from_power_j(readings((0, None, 5), (0.8, None, 5), (0.4, None, 5), (1, None, 5)))


@given(st.floats(1, 1000), st.floats(-400, 400), st.integers(1, 60), st.integers(0, 1000))
def test_the_trapezoid_rule_is_exact_for_power_that_rises_evenly(start_w, rise_w, seconds, seed):
    source = random.Random(seed)
    moments = sorted({0.0, float(seconds), *(source.uniform(0, seconds) for _ in range(6 * seconds))})
    moments = sorted({*moments, *(k * 0.9 for k in range(int(seconds / 0.9) + 1))})
    slope = rise_w / seconds
    cells = readings(*((t, None, start_w + slope * t) for t in moments))
    assert energy_from_power_j(cells) == pytest.approx(seconds * (start_w + rise_w / 2), abs=1e-6 * seconds * 1000)


def test_the_first_and_the_last_sample_are_held_to_the_ends():
    assert energy_from_power_j(readings((0, None, None), (0.5, None, 100), (1, None, 300), (2, None, None))) == 450


def test_mean_power_is_over_time_and_not_over_samples():
    assert mean_power_w(readings((0, None, 100), (0.1, None, 100), (0.2, None, 100), (1, None, 200))) == pytest.approx(
        140
    )


@pytest.mark.parametrize("cells", [[(0, 1, None), (1, 2, None)], [(0, 1, 5), (3, 2, 5)], [(1, 1, 5), (1, 2, 5)]])
def test_mean_power_is_unknown_where_samples_do_not_carry_it(cells):
    assert mean_power_w(readings(*cells)) is None


def test_what_is_not_available_is_left_out_of_a_mean_and_never_zero():
    cells = [Reading(time_s=0, clock_mhz=1000), Reading(time_s=1), Reading(time_s=2, clock_mhz=2000)]
    assert mean_of(cells, "clock_mhz") == 1500
    assert mean_of(cells, "temperature_c") is None


def test_reasons_for_a_slower_clock_stand_with_their_share_of_the_time():
    slow = frozenset({"power limit"})
    cells = [Reading(time_s=t, throttled=slow if t else frozenset()) for t in range(4)]
    assert throttled(cells) == {"power limit": 0.75}


def test_more_power_than_the_board_can_draw_is_refused():
    energy = Energy(energy_j=2000, window_s=2, method=COUNTER)
    check_power(energy, 850, 70)
    with pytest.raises(MeterError) as caught:
        check_power(energy, 800, 70)
    assert str(caught.value) == (
        "power is 1,000 W by the energy counter; the board's limit is 800 W, and it must be at most 960 W"
    )


def test_less_power_at_work_than_at_rest_is_refused():
    energy = Energy(energy_j=100, window_s=2, method=COUNTER)
    check_power(energy, 700, 55)
    check_power(energy, 700, None)
    with pytest.raises(MeterError) as caught:
        check_power(energy, 700, 70)
    assert str(caught.value) == (
        "power is 50 W by the energy counter; at rest the board drew 70 W, and it must be at least 63 W"
    )


def test_the_wall_clock_ticks_beside_the_work_and_stops_with_it():
    clock, ticks = WallClock(), []
    start_s = clock.now_s()
    with clock.every(0.01, lambda: ticks.append(clock.now_s())):
        while len(ticks) < 3 and clock.now_s() < start_s + 10:
            clock.sleep(0.01)
    ended = len(ticks)
    clock.sleep(0.05)
    assert ended >= 3
    assert len(ticks) == ended
    assert ticks == sorted(ticks)


def test_a_tick_that_fails_leaves_a_gap_and_the_rest_is_kept():
    class Doubtful:
        def reading(self, time_s):
            if 2 <= time_s < 4:
                raise MeterError("lost")
            return Reading(time_s=time_s)

    class Steps:
        def __init__(self):
            self.time_s = 0

        def now_s(self):
            return self.time_s

        def every(self, seconds_s, call):
            assert seconds_s == EVERY_S
            return _Ticks(self, call)

    with recording(Doubtful(), Steps()) as found:
        pass
    assert [reading.time_s for reading in found] == [0, 1, 4, 5, 5]


class _Ticks:
    """Five ticks, a second each, when the context ends."""

    def __init__(self, clock, call):
        self._clock, self._call = clock, call

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in range(5):
            self._clock.time_s += 1
            self._call()
