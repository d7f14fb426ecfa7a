"""What flexibility is worth on every grid: the laws that all grids keep, and one grid by the slow twin's own sums."""

import numpy as np
import pytest

from core.catalog import hourly
from core.results.across_grids import LENGTHS_H, LITTLE_PCT, SLACK_H, across_grids

FOUND = across_grids()


def test_every_zone_with_a_shape_takes_part_and_none_without():
    assert set(FOUND.zones) == {zone.zone for zone in hourly.zones().values() if not zone.flat}
    assert FOUND.whole_pct.shape == FOUND.pausing_pct.shape == (len(LENGTHS_H), len(FOUND.zones))


def test_pauses_never_cost_and_an_hour_has_none_and_longer_jobs_save_less():
    assert (FOUND.pausing_pct >= FOUND.whole_pct - 1e-9).all()
    np.testing.assert_allclose(FOUND.pausing_pct[0], FOUND.whole_pct[0], rtol=1e-9, atol=1e-12)
    middle = np.median(FOUND.whole_pct, axis=1)
    assert (np.diff(middle) < 0).all()


def test_one_grid_is_the_plain_sum_over_its_hours():
    hours = np.array(hourly.reference_hours("DE"))
    length = 24
    sums = np.convolve(hours, np.ones(length), "valid")
    windows = np.lib.stride_tricks.sliding_window_view(sums, SLACK_H + 1)
    whole = (1 - windows.min(axis=1).sum() / windows[:, 0].sum()) * 100
    both = np.sort(np.lib.stride_tricks.sliding_window_view(hours, length + SLACK_H), axis=1)[:, :length]
    pausing = (1 - both.sum() / windows[:, 0].sum()) * 100
    place, row = FOUND.zones.index("DE"), LENGTHS_H.index(length)
    assert FOUND.whole_pct[row, place] == pytest.approx(whole, rel=1e-9)
    assert FOUND.pausing_pct[row, place] == pytest.approx(pausing, rel=1e-9)


def test_a_day_in_one_piece_gains_almost_nothing_on_most_grids_and_with_pauses_it_does():
    assert FOUND.quantiles_pct(False, 24)[1] < LITTLE_PCT < FOUND.quantiles_pct(True, 24)[0] * 2
    assert FOUND.below(False, 24) > len(FOUND.zones) / 2 > 2 * FOUND.below(True, 24)
