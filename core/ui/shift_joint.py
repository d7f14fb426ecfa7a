"""All workloads together on the Shift page: placed in time and place at once, under room and limits, week by week."""

from __future__ import annotations

from time import monotonic

import streamlit as st

from core import words
from core.plan import Workload
from core.results.joint import (
    MONTHS,
    MOST_PLACES,
    WAYS,
    Joint,
    Problem,
    foretellable,
    jointly,
    jointly_realised,
    problem,
    spread_weeks,
    week,
)
from core.ui import outbox
from core.ui.shift import View
from core.ui.shift_follow import NOTHING, hours_told, realised_part
from core.ui.shown import scale_for, section, small
from core.units import PERCENT

SPANS = {"months": "One week of each month", "year": "Every week of the year"}
MOST_NAMED, LITTLE = 2, 0.005  # places of a workload by name, and a share too small to show
SOON_S = 1.0  # progress shows once it has taken so long


def all_together(view: View) -> None:
    """Every workload shown: where it runs and what that saves; room and limits hold for all of them at once."""
    section(
        "All workloads placed together",
        f"Each in today's place or one of the {MOST_PLACES - 1} cleanest that its limits allow, hour by hour · the "
        "room of a place is shared · work that may wait does, within its week · location-based, perfect foresight "
        "(upper bound)",
    )
    found = problem(view.plan)
    span = st.segmented_control(
        "Weeks", list(SPANS), default="months", format_func=SPANS.__getitem__, key="shift:weeks"
    )
    weeks = spread_weeks(found, found.weeks if span == "year" else MONTHS)
    _work_out(found, weeks)
    done = jointly(found, weeks)
    st.container(key="wide_together").table(_table(done), border="horizontal", hide_index=True)
    st.markdown(_told(done))
    for key, why in found.left_out.items():
        workload = view.plan.workload(key)
        name = workload.name if workload else key
        st.markdown(small(words.markdown_safe(f"{name} takes no part: {why}.")))
    pauses = " Restarts take no energy here." if any(w.restart_h > 0 for w in _pausing(done)) else ""
    hours = hours_told(found.of_file, found.flat, len(found.hours_g_per_kwh))
    st.markdown(
        small(
            f"{hours} Room at home, room elsewhere and the energy of moving are fields of each workload, under One "
            "move or many. Only energy that goes where the work goes is placed; what waiting machines draw stays. A "
            f"run in one piece moves and does not wait here.{pauses} Averages: allocated, not proven avoided."
        )
    )


def _pausing(done: Joint) -> list[Workload]:
    """Runs that may pause here: the programme counts hours of work, not how often a run resumes."""
    return [w for w in done.workloads() if w.kind != "inference" and w.pausing == "paused" and w.deferrable_h >= 1]


def _work_out(found: Problem, weeks: list[int]) -> None:
    """Each week by each way to plan it; how far it is and how long it still takes, where that is over a second."""
    start, bar = monotonic(), st.empty()
    steps = [(one, way) for way in WAYS for one in (weeks if way == "foresight" else foretellable(weeks))]
    for number, (one, way) in enumerate(steps, start=1):
        week(found, one, way)
        took = monotonic() - start
        if took > SOON_S:
            outbox.send_now()
            left = words.count(round(took / number * (len(steps) - number)), "second")
            told = f"Plan {number} of {len(steps)}, about {left} left. "
            bar.progress(number / len(steps), f"{told}Any other choice on this page stops it; what is done is kept.")
    bar.empty()


def _table(done: Joint) -> dict[str, list[str]]:
    every = [done.carbon_kg(workload.id) for workload in done.workloads()]
    realised = [jointly_realised(done.problem, done.weeks, workload.id) or NOTHING for workload in done.workloads()]
    scale = scale_for("kg", [kg for pair in every for kg in pair])
    names = {place.key: place.name for place in done.problem.places}
    today = {origin.workload.id: done.problem.places[origin.home].name for origin in done.problem.origins}
    return {
        "Workload": [words.markdown_safe(workload.name) for workload in done.workloads()],
        "Today": [words.markdown_safe(today[workload.id]) for workload in done.workloads()],
        "Placed at": [_where(names, done.runs_at(workload.id)) for workload in done.workloads()],
        "Carbon that moves, a year": [
            f"{words.quantity(before, scale, 2)} to {words.quantity(after, scale, 2)}" for before, after in every
        ],
        "Saves at most": [f"{(1 - after / before) * PERCENT:.0f} %" if before else "none" for before, after in every],
        "Of which by yesterday's hours": [realised_part(one, "yesterday_share") for one in realised],
        "Of which by the last 28 days": [realised_part(one, "profile_share") for one in realised],
    }


def _where(names: dict[str, str], shares: dict[str, float]) -> str:
    first = dict(list(shares.items())[:MOST_NAMED])
    whole = [(names[key], round(share * PERCENT)) for key, share in first.items()]
    if 1.0 - sum(first.values()) > LITTLE:  # what is left of a hundred, so that the row adds up
        whole.append(("others", max(round(PERCENT) - sum(pct for _, pct in whole), 1)))
    return words.markdown_safe(", ".join(f"{name} {pct}\u00a0%" for name, pct in whole))


def _told(done: Joint) -> str:
    before, after = float(done.before_kg.sum()), float(done.after_kg.sum())
    scale = scale_for("kg", (before, after))
    saved = words.quantity(before - after, scale, 2)
    realised = jointly_realised(done.problem, done.weeks)
    more = (
        f" Planned at the start of each week, the last 28 days realise {words.percent(realised.profile_share)} of "
        f"that, yesterday's hours {words.percent(realised.yesterday_share)}."
        if realised and realised.bound_pct > 0
        else ""
    )
    return (
        f"Together at most {saved} CO₂e a year, {done.saved_share() * PERCENT:.0f}\u00a0% of the carbon of what moves, "
        f"by {words.count(len(done.weeks), 'week')} of the year.{more}"
    )
