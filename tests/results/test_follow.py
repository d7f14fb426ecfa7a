"""Moving and waiting over the places of a workload: the laws of room, energy and time, and one sum by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from core.plan.example import example_plan
from core.plan.own_catalog import catalog_of
from core.results.across_grids import across_grids
from core.results.follow import follow
from core.results.moves import Place, places
from core.shift.aligned import aligned
from core.shift.check import ShiftError
from core.shift.files import FileHours, keep
from core.shift.job import Job, outcomes
from core.shift.reference import hours_of, own_curve, reference_year
from core.shift.spread import moves
from tests.results.test_hours_file import of

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


def test_forecasts_realise_a_part_of_each_and_all_where_every_day_is_the_same():
    found = follow(PLACES, 12, 2.0, 0.5, 0.05)
    for one, bound in (
        (found.hourly_realised, found.hourly_pct), (found.waiting_realised, found.waiting_pct),
        (found.both_realised, found.both_pct),
    ):  # fmt: skip
        assert one is not None
        assert one.starts == 8760 - 672
        assert one.bound_pct == pytest.approx(bound, abs=1.5)
        assert max(one.yesterday_pct, one.profile_pct) <= one.bound_pct + 1e-9
        assert one.profile_share > 0.3
    assert follow(PLACES, 0, 2.0, 1.0).both_realised is None
    assert follow(PLACES, 8_000, 2.0, 0.5).both_realised == follow(PLACES, 168, 2.0, 0.5).both_realised


def test_too_little_room_names_the_places_and_a_home_without_room_has_no_wait_alone():
    with pytest.raises(ShiftError) as caught:
        follow(PLACES[:3], 0, 0.5, 0.1)
    names = ", ".join(place.name for place in PLACES[:3])
    assert str(caught.value) == (
        f"capacity binds in hour 1: work of 1 kWh may run in {names} alone, which hold 0.7 kWh"
    )
    found = follow(PLACES, 6, 0.5, 0.5)
    assert np.isnan(found.waiting_pct)
    assert found.both_pct >= found.hourly_pct > 0


LEAP = datetime(2024, 2, 1, 5, tzinfo=UTC)
SERIES = np.random.default_rng(5).lognormal(5, 0.5, 2_000)


def _with_file(start: datetime, hours: np.ndarray):
    held = keep(FileHours(of().key, start, hours))
    plan = PLAN.with_workload("W2", region="DE").with_hours_file(of()).with_hours([held.key])
    return held, plan


def test_an_own_file_gives_the_hours_and_the_reference_year_those_of_the_same_dates():
    held, plan = _with_file(LEAP, SERIES.copy())
    some = places(plan, plan.workload("W2"))[:5]  # type: ignore[arg-type]
    curves = aligned([hours_of(place.region, place.g_per_kwh) for place in some])
    assert {(len(curve.intensity_g_per_kwh), curve.start) for curve in curves} == {(2_000, LEAP)}
    np.testing.assert_allclose(curves[0].intensity_g_per_kwh, SERIES * (some[0].g_per_kwh / SERIES.mean()))
    year = hours_of(some[1].region, some[1].g_per_kwh).intensity_g_per_kwh
    february, march = (31 * 24 + 5, slice(0, 28 * 24 - 5)), ((31 + 28) * 24, slice(29 * 24 - 5, None))
    for first, mine in (february, march):
        cut = curves[1].intensity_g_per_kwh[mine]
        np.testing.assert_array_equal(cut, year[first : first + len(cut)])
    leap_day = curves[1].intensity_g_per_kwh[28 * 24 - 5 : 29 * 24 - 5]
    np.testing.assert_array_equal(leap_day, year[(31 + 27) * 24 : (31 + 28) * 24])
    found = follow(some, 0, 2.0, 1.0)
    matrix = np.column_stack([curve.intensity_g_per_kwh for curve in curves])
    assert found.hourly_pct == pytest.approx((1 - matrix.min(axis=1).mean() / matrix[:, 0].mean()) * 100, rel=1e-9)
    assert (found.hours, found.of_file) == (2_000, (some[0].name,))
    assert held.start == LEAP


def test_without_a_file_nothing_is_cut_and_files_that_share_too_few_hours_are_said():
    curves = [reference_year(place.region) for place in PLACES[:2]]
    assert aligned(curves) == tuple(curves)
    april = datetime(2024, 4, 1, tzinfo=UTC)
    one, other = (replace(own_curve(name, SERIES, start), of_file=True) for name, start in (("A", LEAP), ("B", april)))
    with pytest.raises(ShiftError) as caught:
        aligned([one, other])
    assert str(caught.value) == "the files of A, B have 565 hours in common; the limit is 1,440 at least"


def test_every_grid_takes_an_own_file_where_it_covers_one():
    held, plan = _with_file(LEAP, SERIES.copy())
    usual, found = across_grids(), across_grids((catalog_of(plan).regions["DE"],))
    place = found.zones.index("DE")
    assert (found.zones, found.own) == (usual.zones, ("Germany",))
    assert found.savings_pct[0, 1, 3, place] == pytest.approx(outcomes(SERIES, Job(24, 24, True)).saving_pct)
    others = np.arange(len(found.zones)) != place
    np.testing.assert_array_equal(found.savings_pct[..., others], usual.savings_pct[..., others])
    assert found.savings_pct[0, 0, 0, place] != usual.savings_pct[0, 0, 0, place]
    assert held.start == LEAP
