"""One move or many, on the Shift page: what following the cleanest place adds, with room and energy, and waiting."""

from __future__ import annotations

from math import floor

import streamlit as st

from core import words
from core.results.follow import Follow, follow
from core.results.hours import room_over_mean
from core.ui.shift import View
from core.ui.shown import section, small
from core.units import PERCENT

ROOMS = {1.0: "All of the work", 0.5: "Half of the work", 0.25: "A quarter of it", 0.1: "A tenth of it"}
ENERGIES = {0.0: "None", 0.01: "1 % of the work's", 0.05: "5 % of the work's", 0.2: "20 % of the work's"}


def one_move_or_many(view: View) -> None:
    """Savings of one move, of following the cleanest hour by hour, of waiting, and of both together."""
    section(
        "One move, or following the cleanest place",
        "per cent of the carbon of a steady load at the server · perfect foresight (upper bound) · reference year 2023",
    )
    if len(view.everywhere) < 2:
        st.markdown("No other place keeps the limits: nothing can follow.")
        return
    found = follow(view.everywhere, _delay_h(view), room_over_mean(view.workload), *_assumed())
    if found.hourly_pct <= 0 and found.both_pct <= 0:
        st.markdown("No other place is cleaner in any hour.")
        return
    st.table({"Way": list(_ways(view, found)), "Saves": [f"{pct:.1f} %" for pct in _ways(view, found).values()]},
             border="horizontal", hide_index=True)  # fmt: skip
    st.markdown(_told(view, found))
    st.markdown(
        small(
            "Room and energy are tried here alone: they are no part of the plan or its link. Room is counted at each "
            "other place; at home an hour takes "
            f"{words.figure(room_over_mean(view.workload), 2)} times the mean load. The energy of moving is paid for "
            "every hour that work runs away from home, half at either end. Averages: allocated, not proven avoided."
        )
    )


def _assumed() -> tuple[float, float]:
    """Room at each other place, over the load, and the energy of moving [kWh/kWh]."""
    left, right, _ = st.columns([6, 6, 8])
    room = left.selectbox("Room at each other place", list(ROOMS), key="shift:room", format_func=ROOMS.__getitem__)
    energy = right.selectbox("Energy of moving", list(ENERGIES), key="shift:moving", format_func=ENERGIES.__getitem__)
    return float(room), float(energy)


def _delay_h(view: View) -> int:
    return floor(view.workload.deferrable_h)


def _ways(view: View, found: Follow) -> dict[str, float]:
    ways = {"One move for the whole year": found.one_move_pct, "Following the cleanest hour by hour": found.hourly_pct}
    if _delay_h(view) < 1:
        return ways
    wait = f"up to {words.count(_delay_h(view), 'hour')}"
    return ways | {
        f"Waiting {wait}, in {words.markdown_safe(view.everywhere[0].name)}": found.waiting_pct,
        f"Both: the cleanest place and hour, waiting {wait}": found.both_pct,
    }


def _told(view: View, found: Follow) -> str:
    where = words.markdown_safe(", ".join(found.taken[:3])) + (" and others" if len(found.taken) > 3 else "")
    if not found.taken:
        return "No other place is cleaner over the year; only single hours are."
    more = found.hourly_pct - found.one_move_pct
    line = (
        f"One move to {where} gives {found.one_move_share * PERCENT:.3g}\u00a0% of all that moving could save; "
        f"following {words.count(len(view.everywhere), 'place')} hour by hour adds {more:.1f} points"
    )
    if _delay_h(view) < 1:
        return f"{line}. Nothing of it waits: enter how long it can, and place and time are worked out together."
    return f"{line}, and waiting as well {found.both_pct - found.hourly_pct:.1f} more."
