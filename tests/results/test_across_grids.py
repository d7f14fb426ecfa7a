"""What flexibility is worth on every grid: the laws that all grids keep, and one grid by the slow twin's own sums."""

import numpy as np
import pytest

from core.catalog import hourly
from core.results.across_grids import LENGTHS_H, LITTLE_PCT, SLACK_H, across_grids


@pytest.fixture(name="found", scope="module")
def across_all_grids():
    return across_grids()


def test_every_zone_with_a_shape_takes_part_and_none_without(found):
    assert set(found.zones) == {zone.zone for zone in hourly.zones().values() if not zone.flat}
    assert found.whole_pct.shape == found.pausing_pct.shape == (len(LENGTHS_H), len(found.zones))


def test_pauses_never_cost_and_an_hour_has_none_and_longer_jobs_save_less(found):
    assert (found.pausing_pct >= found.whole_pct - 1e-9).all()
    np.testing.assert_allclose(found.pausing_pct[0], found.whole_pct[0], rtol=1e-9, atol=1e-12)
    middle = np.median(found.whole_pct, axis=1)
    assert (np.diff(middle) < 0).all()


def test_one_grid_is_the_plain_sum_over_its_hours(found):
    hours = np.array(hourly.reference_hours("DE"))
    length = 24
    sums = np.convolve(hours, np.ones(length), "valid")
    windows = np.lib.stride_tricks.sliding_window_view(sums, SLACK_H + 1)
    whole = (1 - windows.min(axis=1).sum() / windows[:, 0].sum()) * 100
    both = np.sort(np.lib.stride_tricks.sliding_window_view(hours, length + SLACK_H), axis=1)[:, :length]
    pausing = (1 - both.sum() / windows[:, 0].sum()) * 100
    place, row = found.zones.index("DE"), LENGTHS_H.index(length)
    assert found.whole_pct[row, place] == pytest.approx(whole, rel=1e-9)
    assert found.pausing_pct[row, place] == pytest.approx(pausing, rel=1e-9)


def test_a_day_in_one_piece_gains_almost_nothing_on_most_grids_and_with_pauses_it_does(found):
    assert found.quantiles_pct(False, 24)[1] < LITTLE_PCT < found.quantiles_pct(True, 24)[0] * 2
    assert found.below(False, 24) > len(found.zones) / 2 > 2 * found.below(True, 24)
