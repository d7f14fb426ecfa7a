"""What a meter says of one workload: measured over modelled energy, draw by draw, for the terms that it measured.

The model is asked about the setting, period and activity that the meter saw, under the same draws. Each draw's factor
is the measured energy, drawn over the measurement's own uncertainty, over that draw's modelled energy: in the metered
setting the model's error cancels and the measurement's takes its place. What the draws say of other settings relative
to that one stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, hypot, log

import numpy as np

from core import engine
from core.catalog import Catalog
from core.engine import CalibrationColumns
from core.plan import Calibration, Plan, Workload, knobs
from core.plan.calibration import SETTING
from core.plan.knob import plain
from core.results.demand import demand_factor, requests_per_year
from core.results.drawing import Drawing
from core.results.draws import Floats, interval, spread
from core.results.projection import machines_change
from core.units import DAYS_PER_YEAR, H_PER_DAY, H_PER_YEAR, W_PER_KW

LEAST_FACTOR, MOST_FACTOR = 0.2, 5.0
# What was metered is another thing once one of these changes.
MEASURED_WITH = ("kind", "model", "precision", "hardware", "serving")
OF_THE_SITE = ("hosting", "region", "pue")  # a meter of the whole site measured these too
WEEK_DAYS = 7.0
WEEKS_PER_YEAR = DAYS_PER_YEAR / WEEK_DAYS
LEAST_WEEKS = 0.1
CAUSES = (
    "a unit read wrongly, a meter that stands at another boundary, other load on the same machine, "
    "or an activity that is not that of the period"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement beside the model: `reason` says why it does not act; empty when it does.

    `factor` is measured over modelled, (1 + draws,), draw 0 the central case; `low` and `high` are the ends of the
    measurement's own 80 % range, as factors. `modelled_kwh` is the model's energy of the same terms: P10, central, P90.
    """

    reason: str
    calibration: Calibration
    modelled_kwh: tuple[float, float, float]
    factor: Floats
    low: float
    high: float


def metered_year(calibration: Calibration) -> int:
    """The calendar year of the middle of the period."""
    return _middle(calibration.first_day, calibration.days()).year


def metered_plan(view: Plan, calibration: Calibration) -> Plan:
    """The plan's view that ends with the year in which the meter ran: that year alone, where no other plays a part.

    Where machines change over the years, the plan's first year stays the one they are measured against.
    """
    year = metered_year(calibration)
    first = min(view.first_year, year) if machines_change(view) else year
    steady = {"hardware_view": "amortised", "rebound_elasticity": 0.0}
    return view.model_copy(update={"first_year": first, "last_year": year} | steady)


def per_year(calibration: Calibration) -> float:
    """How many such periods make a year; jobs that were metered while they ran count as they are."""
    return 1.0 if calibration.metered_while == "at_work" else H_PER_YEAR / calibration.covered_h()


def metered_workload(workload: Workload, calibration: Calibration) -> Workload:
    """The workload as it stood when it was metered, at the activity of that period all year.

    A period shorter than a week is taken for operating days; a longer one holds its share of the others.
    """
    c = calibration
    days = DAYS_PER_YEAR if c.days() < WEEK_DAYS else c.operating_days
    yearly = c.served() * per_year(c)
    before = c.requests_per_day * c.operating_days
    busy = c.busy_share and (min(c.busy_share * yearly / before, 1.0) if before else c.busy_share)
    activity = {"requests_per_day": yearly / days, "operating_days": days, "runs_per_year": yearly, "busy_share": busy}
    steady = dict.fromkeys(("growth_low_pct", "growth_central_pct", "growth_high_pct", "growth_decay_pct"), 0.0)
    blank = dict.fromkeys(("first_year", "last_year", "seats", "requests_per_seat_day"))
    setting = {name: getattr(c, name) for name in SETTING}
    return workload.model_copy(update=setting | activity | steady | blank)


def own_rate(plan: Plan, workload: Workload, first_day: str, days: int, covered_h: float) -> float | None:
    """Requests, or training runs, of the plan's own rate while a meter ran; None where the plan does not say.

    A period shorter than a week is taken for operating days, as it is when the model is asked.
    """
    year = _middle(first_day, days).year
    if year not in plan.years():
        return None
    if workload.kind == "inference":
        yearly = float(requests_per_year(plan, workload, 0)[year - plan.first_year, 0])
        working = DAYS_PER_YEAR / workload.operating_days if days < WEEK_DAYS else 1.0
        return yearly * working * covered_h / H_PER_YEAR or None
    yearly = workload.runs_per_year * float(demand_factor(plan, workload, 0)[year - plan.first_year, 0])
    return yearly * covered_h / H_PER_YEAR or None


def _middle(first_day: str, days: int) -> date:
    return date.fromisoformat(first_day) + timedelta(days=days // 2)


def modelled_kwh(calibration: Calibration, values: Mapping[str, Floats]) -> Floats:
    """The model's energy of the terms that the meter measured, in its period, (1 + draws,) [kWh]."""
    c = calibration
    total = values["energy_accelerator_kwh"][0].copy()
    if c.metered_while == "always":
        total += values["energy_idle_kwh"][0]
    if c.metered_at != "board":
        total += values["energy_host_kwh"][0]
    if c.metered_at == "facility":
        total *= values["energy_facility_kwh"][0] / values["energy_it_kwh"][0]
    result: Floats = total / per_year(c)
    return result


def measurement_range(catalog: Catalog, calibration: Calibration) -> tuple[float, float]:
    """The 80 % range of what the meter says of a year, as factors: its own error, and the weeks it did not see.

    Both are independent; the second falls with the root of the weeks metered, and is nil once a whole year was.
    """
    facts, c = catalog.assumptions, calibration
    reading, week = facts[f"meter_{c.meter}"], facts["meter_week"]
    jobs = c.metered_while == "at_work"
    seen = c.served_runs or 0.0 if jobs else c.covered_h() / (WEEK_DAYS * H_PER_DAY)
    unseen = 1.0 if jobs else max(1.0 - seen / WEEKS_PER_YEAR, 0.0)
    share = (unseen / (seen + LEAST_WEEKS)) ** 0.5
    low = exp(-hypot(log(reading.low), share * log(week.low)))
    return low, exp(hypot(log(reading.high), share * log(week.high)))


def measured(
    catalog: Catalog, drawing: Drawing, workload: Workload, calibration: Calibration, values: Mapping[str, Floats]
) -> Measured:
    """The measurement beside the model's figures for the metered setting; `values` are empty where there are none."""
    low, high = measurement_range(catalog, calibration)
    if not values:
        reason = "the model has no figure for the setting that was metered"
        nothing = float("nan")
        return Measured(reason, calibration, (nothing,) * 3, np.full(1 + drawing.draws, nothing), low, high)
    modelled = modelled_kwh(calibration, values)
    drawn = spread(low, 1.0, high, drawing.z(f"meter:{workload.id}"))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor: Floats = calibration.metered_kwh * drawn / modelled
    reason = (
        other_setting(workload, calibration)
        or _no_host_apart(calibration, values)
        or _power(catalog, calibration, values)
        or _unlikely(factor)
    )
    return Measured(reason, calibration, interval(modelled), factor, low, high)


def other_setting(workload: Workload, calibration: Calibration) -> str:
    """In what the workload is no longer what was metered, in a clause; empty when it still is."""
    names = MEASURED_WITH + (OF_THE_SITE if calibration.metered_at == "facility" else ())
    for name in names:
        was, now = getattr(calibration, name), getattr(workload, name)
        if was != now:
            label = knobs(Workload)[name].label.lower()
            return f"its {label} was {_shown(was)} when it was metered and is now {_shown(now)}"
    return ""


def _shown(value: object) -> str:
    return "blank" if value in (None, "") else plain(value) if isinstance(value, float) else str(value)


def _no_host_apart(calibration: Calibration, values: Mapping[str, Floats]) -> str:
    """A training figure measured for whole systems has no accelerators by themselves."""
    if calibration.metered_at == "board" and values["energy_host_kwh"][0, 0] == 0:
        return "the model knows this accelerator with its server only: meter the server"
    return ""


def _unlikely(factor: Floats) -> str:
    found = float(factor[0])
    if not np.isfinite(factor).all():
        return "the model expects no energy at the activity of the period"
    if LEAST_FACTOR <= found <= MOST_FACTOR:
        return ""
    return (
        f"measured over estimated is {plain(round(found, 3))}; it must lie in [{LEAST_FACTOR}, {plain(MOST_FACTOR)}]. "
        f"Likely causes: {CAUSES}"
    )


def _power(catalog: Catalog, calibration: Calibration, values: Mapping[str, Floats]) -> str:
    """Watts of one accelerator that stands there, below idle or above what it can draw; where its hours are known."""
    c = calibration
    if c.metered_while != "always" or (c.kind != "inference" and c.installed_accelerators is None):
        return ""
    hardware, host = catalog.hardware[c.hardware], catalog.assumptions["host_w"]
    pue = float(values["energy_facility_kwh"][0, 0] / values["energy_it_kwh"][0, 0])
    error = catalog.assumptions[f"meter_{c.meter}"]
    beyond = 1.0 if c.metered_at != "facility" else pue
    held_h = float(values["held_h"][0, 0]) / per_year(c)
    if held_h == 0:
        return ""
    watts = c.metered_kwh * W_PER_KW / held_h / beyond
    most_w = hardware.tdp_w + (0.0 if c.metered_at == "board" else max(host.high, hardware.host_w or 0.0))
    count = plain(round(held_h / c.covered_h(), 1))
    each = f"{plain(round(watts))} W for each of the {count} accelerators the plan holds"
    if watts > most_w * error.high:
        return f"the meter says {each}; it must be at most {plain(most_w)} W. Enter the accelerators that were metered"
    if watts < hardware.idle_low_w * error.low:
        low_w = plain(hardware.idle_low_w)
        return f"the meter says {each}; idle they draw {low_w} W. Enter the accelerators that were metered"
    return ""


def as_metered(values: Mapping[str, Floats], said: Measured) -> dict[str, Floats]:
    """The energies as metered: the terms the meter measured are scaled, the others stay."""
    c = said.calibration
    shape = values["energy_accelerator_kwh"].shape
    factor, one = np.broadcast_to(said.factor, shape), np.ones(shape)
    factors = {
        "calibration_busy_factor": factor,
        "calibration_idle_factor": factor if c.metered_while == "always" else one,
        "calibration_host_factor": one if c.metered_at == "board" else factor,
    }
    columns = {**values, **factors}
    x = CalibrationColumns(*(np.ascontiguousarray(columns[name]).reshape(-1) for name in CalibrationColumns._fields))
    return {name: column.reshape(shape) for name, column in engine.calibration(x)._asdict().items()}
