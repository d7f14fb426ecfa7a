"""A measured busy share under another load: busy hours go with the work that is served, as they do while it grows."""

from __future__ import annotations

from core.plan import Plan, Workload, knobs
from core.plan.follow import MEASURED_WITH
from core.results.columns import hired_by_the_day
from core.results.under_levers import alone_s

# What makes the load of a workload: a change of these leaves the machines on which a share was measured as they are.
LOAD = (
    "requests_per_day", "operating_days", "input_tokens", "output_tokens", "cached_share", "seats",
    "requests_per_seat_day",
)  # fmt: skip
DIGITS = 6  # as many as a measurement could have; a link stays short


def busy_share_in_step(plan: Plan, then: Workload, now: Workload) -> float | None:
    """The share measured under the load `then`, under the load `now`; above 1 where it would exceed all hours held.

    In proportion to the time that the year's answers take one at a time; hired hours follow the operating days.
    """
    if then.busy_share is None or _load(then) == _load(now):
        return then.busy_share
    before, after = (_work(plan, workload) for workload in (then, now.but(busy_share=then.busy_share)))
    return then.busy_share if before == 0 else float(f"{then.busy_share * after / before:.{DIGITS}g}")


def _load(workload: Workload) -> tuple[object, ...]:
    return tuple(getattr(workload, name) for name in LOAD)


def _work(plan: Plan, workload: Workload) -> float:
    held = workload.operating_days if hired_by_the_day(workload) else 1.0
    return alone_s(plan, workload) / held


def _kept(share: float | None) -> float | None:
    """The share where the field can hold it; None, worked out from the load, where it cannot."""
    knob = knobs(Workload)["busy_share"]
    low, high = knob.low or 0.0, knob.high or 1.0
    return share if share is not None and low <= share <= high else None


def measured_then(plan: Plan, then: Workload | None, now: Workload) -> bool:
    """Whether the busy share of a workload is what a measurement under the load `then` makes of it."""
    return (
        then is not None
        and then.busy_share is not None
        and all(getattr(then, name) == getattr(now, name) for name in MEASURED_WITH)
        and _kept(busy_share_in_step(plan, then, now)) == now.busy_share
    )


def in_step(plan: Plan, then: Workload) -> Plan:
    """The plan with the busy share of that workload in step with its load, measured under the load `then`."""
    now = plan.workload(then.id)
    share = None if now is None else _kept(busy_share_in_step(plan, then, now))
    return plan if now is None or share == now.busy_share else plan.with_workload(then.id, busy_share=share)
