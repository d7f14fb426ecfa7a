"""One move or many, on the Shift page: what following the cleanest place adds, with room and energy, and waiting."""

from __future__ import annotations

from math import floor, isfinite

import streamlit as st

from core import words
from core.plan import Workload
from core.results.follow import MOST_PLANNED_H, Follow, follow
from core.results.hours import room_over_mean
from core.shift.check import listed
from core.shift.realised import Realised
from core.ui import fields
from core.ui.shift import View
from core.ui.shown import section, small
from core.units import PERCENT

NOTHING = Realised(0, 0.0, 0.0, 0.0)
LEAST_SHARE = 1e-9  # of the work: below it nothing stays
FIELDS = ("room_home_ratio", "room_away_ratio", "moving_share")


def one_move_or_many(view: View) -> None:
    """Savings of one move, of following the cleanest hour by hour, of waiting, and of both together."""
    section(
        "One move, or following the cleanest place",
        "per cent of the carbon of a steady load of 1 kWh an hour at the server · perfect foresight (upper bound) · "
        "beside it, how much of that a plan made each midnight on a forecast realises",
    )
    if len(view.everywhere) < 2:
        st.markdown("No other place keeps the limits: nothing can follow.")
        return
    found = follow(view.everywhere, _delay_h(view), *_assumed(view.workload))
    if found.hourly_pct <= 0 and found.both_pct <= 0:
        st.markdown("No other place is cleaner in any hour.")
        return
    ways = _ways(view, found)
    st.table(
        {
            "Way": list(ways),
            "Saves at most": [_percent(pct) for pct, _ in ways.values()],
            "Of which by yesterday's hours": [realised_part(one, "yesterday_share") for _, one in ways.values()],
            "Of which by the last 28 days": [realised_part(one, "profile_share") for _, one in ways.values()],
        },
        border="horizontal", hide_index=True,
    )  # fmt: skip
    st.markdown(_told(view, found))
    room = words.figure(room_over_mean(view.workload), 2)
    longest = f" On a forecast it waits {MOST_PLANNED_H} hours at most." if _delay_h(view) > MOST_PLANNED_H else ""
    hours = hours_told(found.of_file, found.flat, found.hours)
    st.markdown(
        small(
            f"{hours}{longest} At home an hour takes {room} times the mean load. The energy of moving is paid for "
            "every hour that work runs away from home, half at either end. Averages: allocated, not proven avoided."
        )
    )


def _percent(pct: float) -> str:
    return f"{pct:.1f} %" if isfinite(pct) else "not known: no hours, or no room, there"


def realised_part(one: Realised | None, name: str) -> str:
    """The part of the bound that a forecast realises; a move for the year needs none but the yearly means."""
    if one is None:
        return "none needed"
    return words.percent(getattr(one, name)) if one.bound_pct > 0 else "none"


def hours_told(of_file: tuple[str, ...], flat: tuple[str, ...], hours: int) -> str:
    """Whose hours these are, and which places have none."""
    still = f" Without known hours, at their mean: {words.markdown_safe(listed(flat))}." if flat else ""
    if not of_file:
        return f"Hours of the reference year 2023.{still}"
    own = words.markdown_safe(", ".join(of_file))
    return (
        f"Hours of your own file for {own}, {words.count(hours, 'hour')} in all; elsewhere those of the same "
        f"dates in the reference year 2023.{still}"
    )


def _assumed(workload: Workload) -> tuple[float, float, float]:
    """Room at home and at each other place, over the load, and the energy of moving [kWh/kWh]: fields of the plan."""
    for column, name in zip(st.columns(3), FIELDS, strict=True):
        with column:
            fields.workload_field(workload, name)
    return room_over_mean(workload), workload.room_away_ratio, workload.moving_share


def _delay_h(view: View) -> int:
    return floor(view.workload.deferrable_h)


def _ways(view: View, found: Follow) -> dict[str, tuple[float, Realised | None]]:
    ways = {
        _once(found): (found.one_move_pct, None),
        "Following the cleanest hour by hour": (found.hourly_pct, found.hourly_realised),
    }
    if _delay_h(view) < 1:
        return ways
    wait = f"up to {words.count(_delay_h(view), 'hour')}"
    return ways | {
        f"Waiting {wait}, in {words.markdown_safe(view.everywhere[0].name)}": (
            found.waiting_pct,
            found.waiting_realised or NOTHING,
        ),
        f"Both: the cleanest place and hour, waiting {wait}": (found.both_pct, found.both_realised),
    }


def _once(found: Follow) -> str:
    """What one move is: of all of it to one place, or, where rooms are small, over several or of a part."""
    if not found.taken or (len(found.taken) == 1 and found.stays_share < LEAST_SHARE):
        return "One move for the whole year"
    moved = "all of it" if found.stays_share < LEAST_SHARE else words.percent(1 - found.stays_share)
    return f"Moved once for the whole year: {moved}, to {words.count(len(found.taken), 'place')}"


def _moved(found: Follow) -> str:
    where = words.markdown_safe(", ".join(found.taken[:3])) + (" and others" if len(found.taken) > 3 else "")
    if len(found.taken) == 1 and found.stays_share < LEAST_SHARE:
        return f"One move to {where} gives"
    part = "it" if found.stays_share < LEAST_SHARE else f"{words.percent(1 - found.stays_share)} of it"
    return f"Moving {part} once, as far as there is room, to {where} gives"


def _told(view: View, found: Follow) -> str:
    if not found.taken:
        return "No other place is cleaner over the year; only single hours are."
    more = found.hourly_pct - found.one_move_pct
    line = (
        f"{_moved(found)} {found.one_move_share * PERCENT:.3g}\u00a0% of all that moving could save; "
        f"following {words.count(len(view.everywhere), 'place')} hour by hour adds {more:.1f} points"
    )
    if _delay_h(view) < 1:
        return f"{line}. Nothing of it waits: enter how long it can, and place and time are worked out together."
    return f"{line}, and waiting as well {found.both_pct - found.hourly_pct:.1f} more."
