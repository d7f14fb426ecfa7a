"""What flexibility is worth on every grid: the laws that all grids keep, and one grid by the slow twin's own sums."""

import numpy as np
import pytest

from core.catalog import hourly
from core.results.across_grids import LENGTHS_H, LITTLE_PCT, SLACK_H, across_grids
from core.shift.job import Job
from core.shift.realised import realised


@pytest.fixture(name="found", scope="module")
def across_all_grids():
    return across_grids()


def test_every_zone_with_a_shape_takes_part_and_none_without(found):
    assert set(found.zones) == {zone.zone for zone in hourly.zones().values() if not zone.flat}
    assert found.savings_pct.shape == (3, 2, len(LENGTHS_H), len(found.zones))


def test_pauses_never_cost_and_an_hour_has_none_and_longer_jobs_save_less(found):
    whole_pct, pausing_pct = found.savings_pct[0]
    assert (pausing_pct >= whole_pct - 1e-9).all()
    np.testing.assert_allclose(pausing_pct[0], whole_pct[0], rtol=1e-9, atol=1e-12)
    assert (np.diff(np.median(whole_pct, axis=1)) < 0).all()


def test_one_grid_is_the_plain_sum_over_its_hours(found):
    hours = np.array(hourly.reference_hours("DE"))
    length = 24
    sums = np.convolve(hours, np.ones(length), "valid")
    windows = np.lib.stride_tricks.sliding_window_view(sums, SLACK_H + 1)
    whole = (1 - windows.min(axis=1).sum() / windows[:, 0].sum()) * 100
    both = np.sort(np.lib.stride_tricks.sliding_window_view(hours, length + SLACK_H), axis=1)[:, :length]
    pausing = (1 - both.sum() / windows[:, 0].sum()) * 100
    place, row = found.zones.index("DE"), LENGTHS_H.index(length)
    assert found.savings_pct[0, :, row, place].tolist() == pytest.approx([whole, pausing], rel=1e-9)


def test_a_day_in_one_piece_gains_almost_nothing_on_most_grids_and_with_pauses_it_does(found):
    assert found.quantiles_pct(False, 24)[1] < LITTLE_PCT < found.quantiles_pct(True, 24)[0] * 2
    assert found.below(False, 24) > len(found.zones) / 2 > 2 * found.below(True, 24)


def test_forecasts_realise_what_they_do_on_each_grid_and_see_no_difference_between_whole_days(found):
    place, hours = found.zones.index("GB"), np.array(hourly.reference_hours("GB"))
    for row, length in enumerate(LENGTHS_H):
        for pausing in (False, True):
            one = realised(hours, Job(length, SLACK_H, pausing))
            told = found.savings_pct[1:, int(pausing), row, place]
            assert told.tolist() == pytest.approx([one.yesterday_pct, one.profile_pct], abs=1e-9)
    assert abs(found.savings_pct[1:, 0, LENGTHS_H.index(24)]).max() < 1e-9  # every day of a forecast is the same
    assert (found.savings_pct[1:] <= found.savings_pct[0] + 1).all()
