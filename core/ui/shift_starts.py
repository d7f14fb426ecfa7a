"""Every start, on the Shift page: how the saving differs from one start hour to the next, by three ways to choose."""

from __future__ import annotations

from math import floor

import numpy as np
import streamlit as st

from core import charts, words
from core.charts import Line
from core.results.weeks import job_of, need_wait
from core.shift.check import ShiftError
from core.shift.job import Job, Outcomes, outcomes
from core.shift.realised import DAY_H, PROFILE_DAYS, EachRealised, each_realised
from core.shift.reference import Curve, hours_of
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shift import View, job_h
from core.ui.shown import section
from core.units import PERCENT

WAYS = (
    Line("foresight", "Perfect foresight (upper bound)", "baseline"),
    Line("yesterday", "By yesterday's hours", "market"),
    Line("profile", "By the last 28 days", "plan"),
)
LOWERED = " Where a forecast costs more than it saves, the line is drawn at 0; the table holds the figure."
SHARES = range(0, 101, 2)
HALF, MOST = 50, 90
WRITTEN = (0, 20, 40, 60, 80, 100)


def every_start(view: View) -> None:
    """The three figures over all start hours together, against at once and at random, and sorted hour by hour."""
    curve = hours_of(view.places[0].region)
    need_wait(curve, view.workload)
    run = view.workload.kind != "inference"
    job = job_of(view.workload, job_h(view.plan, view.workload)) if run else Job(1.0, floor(view.workload.deferrable_h))
    section(
        f"Saving of {'one run' if run else 'one hour of work'}, for every hour of the year it may be released",
        f"per cent against starting at once · {job.hours_h:.4g} h long, may wait {job.slack_h} h · three ways to "
        f"choose the hours · compared over the releases with {PROFILE_DAYS} days before them",
    )
    whole = outcomes(curve.for_time(), job)
    try:
        found = each_realised(curve.for_time(), job)
    except ShiftError as error:  # too short a series for a history: what needs none still stands
        st.markdown(f"{_over_all(whole)} By a forecast nobody can say: {words.markdown_safe(str(error))}.")
        return
    sorted_pct = found.quantiles_pct([share / PERCENT for share in SHARES])
    st.table(_together(found), border="horizontal", hide_index=True)
    rows = [
        {"hour": share, "line": line.key, "value": max(float(value), 0.0)}
        for line, column in zip(WAYS, sorted_pct, strict=True)
        for share, value in zip(SHARES, column, strict=True)
    ]
    table = {"Share of start hours": [f"{share} %" for share in SHARES]} | {
        f"Saves at most, {line.name[0].lower()}{line.name[1:]}": [words.tenths(float(value)) for value in column]
        for line, column in zip(WAYS, sorted_pct, strict=True)
    }
    lowered = LOWERED if min(float(column[0]) for column in sorted_pct) < 0 else ""
    some = f" With restarts, one release in {found.every} is worked out." if found.every > 1 else ""
    compared = f"{words.count(len(found.now_g), 'start hour')}, sorted.{some}{lowered}"
    said = f"{compared} {_over_all(whole)}{_best_start(curve, whole)}"
    chart(charts.lines_by_hour(rows, WAYS, "Saving over all start hours", is_dark(), WRITTEN), said, table)


def _together(found: EachRealised) -> dict[str, list[str]]:
    half, most = (found.quantiles_pct([share / PERCENT]) for share in (HALF, MOST))
    return {
        "Way to choose hours": [line.name for line in WAYS],
        "Saves against starting at once": [words.tenths(pct) for pct in found.savings_pct()],
        "Against a start at random": [words.tenths(pct) for pct in found.savings_random_pct()],
        "Half of the starts save less than": [words.tenths(float(pct[0])) for pct in half],
        "One in ten more than": [words.tenths(float(pct[0])) for pct in most],
    }


def _over_all(whole: Outcomes) -> str:
    at_once, random = words.tenths(whole.saving_pct), words.tenths(whole.saving_random_pct)
    return (
        f"Over all {words.count(whole.starts, 'start hour')} of the series, perfect foresight (upper bound) saves "
        f"{at_once} against starting at once and {random} against a start at random."
    )


def _best_start(curve: Curve, whole: Outcomes) -> str:
    """The hour of the local day in which the cleanest start most often lies; nothing where the job may pause."""
    if whole.job.interruptible:
        return ""
    counts = np.bincount(curve.clock().hour[whole.start], minlength=DAY_H)
    hour = int(counts.argmax())
    share = words.percent(counts[hour] / whole.starts)
    return f" The cleanest start is most often at {hour:02d}:00, local time: {share} of them."
