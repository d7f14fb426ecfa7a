"""What hours chosen by average intensity save on marginal intensity, where the plan names a marginal file at hand."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor

from core.catalog import Catalog
from core.catalog.own import RegionWithHours
from core.plan import Workload
from core.results.site import find_region
from core.results.weeks import job_of
from core.shift.aligned import same_dates
from core.shift.check import ShiftError
from core.shift.files import at_hand, in_common
from core.shift.job import Job
from core.shift.realised import each_realised
from core.shift.reference import hours_of


@dataclass(frozen=True, slots=True)
class OnMarginal:
    """What hours chosen by the average save [%], by perfect foresight, yesterday's hours and the 28-day profile."""

    average_pct: tuple[float, float, float]
    marginal_pct: tuple[float, float, float]


def scored_on_marginal(catalog: Catalog, workload: Workload, job_h: float) -> OnMarginal | None:
    """Saving on average, and of the same choice on marginal; None where no marginal file is here, or nothing waits.

    Of one run, or one hour of the work that waits, over the hours both series share, those with 28 days before them;
    the reference year stands there by its dates. ShiftError where files share too few hours.
    """
    region, _ = find_region(catalog, workload.region)
    if not isinstance(region, RegionWithHours) or not region.marginal or workload.deferrable_h < 1:
        return None
    curve, marginal = hours_of(region), at_hand(region.marginal)
    if curve.flat:
        raise ShiftError(curve.note.rstrip("."))
    job = Job(1.0, floor(workload.deferrable_h)) if workload.kind == "inference" else job_of(workload, job_h)
    hours = curve.for_time()
    if curve.of_file:
        average, scored = in_common((curve.start, hours), (marginal.start, marginal.intensity_g_per_kwh))
    else:
        scored = marginal.intensity_g_per_kwh
        average = hours[same_dates(curve.start, marginal.start, len(scored))]
    return OnMarginal(each_realised(average, job).savings_pct(), each_realised(average, job, scored).savings_pct())
