"""What flexibility is worth on every grid whose hours are known: jobs of five lengths, in one piece and with pauses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.catalog import Region, hourly
from core.results.draws import Floats
from core.shift.job import Job, outcomes
from core.shift.realised import PROFILE_DAYS, foretold_pct
from core.shift.reference import hours_of
from core.units import H_PER_DAY

LENGTHS_H = (1, 6, 12, 24, 96)
SLACK_H = int(H_PER_DAY)
LITTLE_PCT = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class AcrossGrids:
    """Savings against starting at once [%], a day of slack: (ways to choose, in one piece or pausing, lengths, zones).

    Perfect foresight over all start hours; yesterday's hours and the 28-day profile over those with 28 days before
    them. `own` are the regions whose hours are of a file of one's own.
    """

    zones: tuple[str, ...]
    own: tuple[str, ...]
    savings_pct: Floats

    def quantiles_pct(self, pausing: bool, length_h: int, way: int = 0) -> tuple[float, float, float]:
        """The saving that a tenth, half and nine tenths of the zones do not exceed, for one length [%]."""
        row = self.savings_pct[way, int(pausing), LENGTHS_H.index(length_h)]
        low, mid, high = (float(value) for value in np.quantile(row, (0.1, 0.5, 0.9)))
        return low, mid, high

    def below(self, pausing: bool, length_h: int) -> int:
        """In how many zones one length saves less than `LITTLE_PCT`, with perfect foresight."""
        return int((self.savings_pct[0, int(pausing), LENGTHS_H.index(length_h)] < LITTLE_PCT).sum())


def across_grids(own: tuple[Region, ...] = ()) -> AcrossGrids:
    """Every zone with a shape, over the start hours of its reference year, or of your own file for its region."""
    usual = _reference_years()
    zones, savings = list(usual.zones), usual.savings_pct.copy()
    for region in own:
        place = zones.index(region.hourly_zone) if region.hourly_zone in zones else len(zones)
        zones[place:] = [region.hourly_zone or region.id, *zones[place + 1 :]]
        mine = _of(hours_of(region).for_time())[..., None]
        savings = np.concatenate((savings[..., :place], mine, savings[..., place + 1 :]), axis=-1)
    return AcrossGrids(tuple(zones), tuple(region.name for region in own), savings)


@lru_cache(maxsize=1)
def _reference_years() -> AcrossGrids:
    zones = tuple(zone.zone for zone in hourly.zones().values() if not zone.flat)
    found = [_of(np.array(hourly.reference_hours(zone))) for zone in zones]
    return AcrossGrids(zones, (), np.stack(found, axis=-1))


def _of(hours: Floats) -> Floats:
    """Savings of each length on one series, (ways, in one piece or pausing, lengths) [%]."""
    jobs = [[Job(length, SLACK_H, pauses) for length in LENGTHS_H] for pauses in (False, True)]
    return np.array([
        [[outcomes(hours, job).saving_pct for job in row] for row in jobs],
        *([[foretold_pct(hours, job, days) for job in row] for row in jobs] for days in (1, PROFILE_DAYS)),
    ])  # fmt: skip
