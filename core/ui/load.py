"""What the load of a workload makes of its fields, said beside them: a measured busy share, and what seats cap."""

from __future__ import annotations

from core import words
from core.plan import Plan, Workload, knobs
from core.plan.knob import plain
from core.results.busy import LOAD, busy_share_in_step
from core.results.demand import asked_per_day, ceiling_requests_per_day
from core.ui import state
from core.units import PERCENT

PHRASES = {
    "requests_per_day": ("request a day", "requests a day"),
    "operating_days": ("operating day", "operating days"),
    "input_tokens": ("token of input", "tokens of input"),
    "output_tokens": ("token of output", "tokens of output"),
    "seats": ("seat", "seats"),
    "requests_per_seat_day": ("request a seat and day", "requests a seat and day"),
}


def note(workload: Workload, name: str) -> str:
    """A sentence to stand under a field of a workload; empty for most."""
    if name == "busy_share":
        return busy_share(workload)
    return capped(state.plan(), workload) if name in ("requests_per_day", "seats") else ""


def busy_share(workload: Workload) -> str:
    """What a measured busy share was, under which load, and what it is under today's; empty where nothing moved it."""
    then = state.measured_under(workload)
    share = busy_share_in_step(state.plan(), then, workload)
    moved = [name for name in LOAD if getattr(then, name) != getattr(workload, name)]
    if not moved or share is None or then.busy_share is None:
        return ""
    was, now = (_listed([_phrase(one, name) for name in moved]) for one in (then, workload))
    measured = f"{words.percent(then.busy_share)} was measured at {was}; at {now} it"
    if workload.busy_share is not None:
        return f"{measured} is {words.percent(share)}."
    if share > 1.0:
        return f"{measured} would be {words.percent(share)}, above 100\u00a0%: it is worked out from the load."
    least = knobs(Workload)["busy_share"].low or 0.0
    return f"{measured} would be under {plain(least * PERCENT)}\u00a0%, the least: it is worked out from the load."


def _listed(phrases: list[str]) -> str:
    *first, last = phrases
    return f"{', '.join(first)} and {last}" if first else last


def _phrase(workload: Workload, name: str) -> str:
    value = getattr(workload, name)
    if name == "cached_share":
        return f"{words.percent(value)} of the input cached"
    one, many = PHRASES[name]
    return f"no ceiling by {many}" if value is None else words.count(value, one, many)


def capped(plan: Plan, workload: Workload) -> str:
    """What the seats cap, in the first year or by growth; empty where they cap nothing up to the headline's year."""
    most, seats = ceiling_requests_per_day(workload), workload.seats
    year = plan.shown_year()
    asked = workload.requests_per_day
    when = "Requests a day are"
    if asked <= most:
        asked = asked_per_day(plan, workload, year)
        when = f"With its growth, requests a day would be, in {year},"
    if asked <= most or seats is None or workload.kind != "inference":
        return ""
    each = words.count(workload.requests_per_seat_day or 0.0, "request")
    return (
        f"{when} {words.figure(asked, 4)}; {words.count(seats, 'seat')} of at most {each} each make "
        f"{words.count(most, 'request')} a day, and no more are counted."
    )
