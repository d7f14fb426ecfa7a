"""Hours on the Shift page: the grid's year, waiting against what it saves, one week, and the map of places."""

from __future__ import annotations

import numpy as np
import streamlit as st

from core import charts, words
from core.charts import Line
from core.results.draws import Floats
from core.results.hours import hour_savings
from core.results.weeks import Stretch, best_stretch
from core.shift.check import ShiftError
from core.shift.realised import DAY_H, PROFILE_DAYS
from core.shift.reference import Curve, hours_of
from core.ui import shift_all, shift_follow, shift_joint, shift_starts
from core.ui.frame import is_dark
from core.ui.picture import chart, drawn
from core.ui.shift import View, job_h
from core.ui.shift_places import HOURS, IN_TURN, LEGEND, in_turn
from core.ui.shift_starts import LOWERED, WAYS
from core.ui.shown import section
from core.units import PERCENT

TABS = {
    "grid": "The grid's year",
    "wait": "Saving against wait",
    "week": "Before and after",
    "starts": "Every start",
    "map": "Map",
    "follow": "One move or many",
    "joint": "All together",
    "all": "Every grid",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CARRIED = 0.005  # of the work: less is not told
TOLD_PCT = 0.05  # a smaller loss is shown as 0.0
WAITS_H = (1, 2, 4, 8, 12, 24, 48, 72, 96, 120, 168)
LOADS = (Line("before", "As work comes", "baseline"), Line("after", "At the cleanest hours", "plan"))


def tabs(view: View) -> None:
    """Eight ways to look further; only the open one is worked out."""
    opened = dict(zip(TABS, st.tabs(list(TABS.values()), key="shift:tab", on_change="rerun"), strict=True))
    shown = next((name for name, tab in opened.items() if tab.open), "grid")
    draw = {
        "grid": _grid, "wait": _wait, "week": _week, "starts": shift_starts.every_start, "map": _map, "all": _all,
        "follow": shift_follow.one_move_or_many, "joint": shift_joint.all_together,
    }[shown]  # fmt: skip
    with opened[shown]:
        try:
            draw(view)
        except ShiftError as error:
            st.markdown(words.markdown_safe(f"{words.capital(str(error))}."))


def _curve(view: View) -> Curve:
    return hours_of(view.places[0].region)


def _grid(view: View) -> None:
    curve = _curve(view)
    section(
        f"{curve.name} by month and hour",
        "g CO₂e per kWh, mean of each hour, local time, dark is clean · "
        + ("your own file, scaled" if curve.of_file else "reference year 2023, scaled"),
    )
    cells = curve.month_hour_g_per_kwh() if not curve.flat else np.full((12, DAY_H), np.nan)
    rows = [
        {"row": month, "column": HOURS[hour], "value": float(cells[number, hour]), "label": ""}
        for number, month in enumerate(MONTHS)
        for hour in range(DAY_H)
    ]
    table = {"Month": list(MONTHS), IN_TURN: [in_turn(row.tolist()) for row in cells]}
    said, about = curve.note or _cleanest(cells), "The grid by month and hour"
    chart(charts.heat(rows, MONTHS, HOURS, about, is_dark(), short=True, legend=LEGEND), said, table)


def _cleanest(cells: Floats) -> str:
    low, high = (np.unravel_index(pick(cells), cells.shape) for pick in (np.nanargmin, np.nanargmax))
    return (
        f"Cleanest in {MONTHS[low[0]]} at {low[1]:02d}:00, {words.figure(float(cells[low]), 2)} g; "
        f"dirtiest in {MONTHS[high[0]]} at {high[1]:02d}:00, {words.figure(float(cells[high]), 2)} g."
    )


def _wait(view: View) -> None:
    length = job_h(view.plan, view.workload)
    section(
        "What waiting saves, by how long it may be",
        "per cent of the carbon of the work that moves, by hours it may wait · three ways to choose the hours",
    )
    with st.spinner("Working out each wait"):
        found = {wait: hour_savings(view.catalog, view.workload.but(deferrable_h=wait), length) for wait in WAITS_H}
    if all(one.bound_pct == 0 for one in found.values()):
        st.markdown(words.markdown_safe(next((one.note for one in found.values() if one.note), "Nothing to save.")))
        return
    rows = [
        {"hour": wait, "line": line.key, "value": max(one.saving_pct(line.key), 0.0)}
        for wait, one in found.items()
        for line in WAYS
    ]
    table = {"Wait, hours": [str(wait) for wait in WAITS_H]} | {
        line.name: [f"{round(one.saving_pct(line.key), 1) + 0.0:.1f} %" for one in found.values()] for line in WAYS
    }
    day = found[DAY_H]
    realised = day.profile_pct / day.bound_pct if day.bound_pct > 0 else 0.0
    said = (
        f"With a day to wait: {day.bound_pct:.1f} % with perfect foresight, {day.yesterday_pct:.1f} % by yesterday's "
        f"hours, {day.profile_pct:.1f} % by the last 28 days: {realised * PERCENT:.0f} % of the bound. Hourly "
        "averages are allocated, not proven avoided."
    )
    if any(one.saving_pct(line.key) < -TOLD_PCT for one in found.values() for line in WAYS):
        said += LOWERED
    at = [wait for wait in WAITS_H if wait not in (1, 2, 4)]
    chart(charts.lines_by_hour(rows, WAYS, "Saving against wait", is_dark(), at), said.replace(" %", "\u00a0%"), table)


def _week(view: View) -> None:
    """Where waiting saves most of the carbon: the grid above, the load before and after below."""
    curve = _curve(view)
    stretch = best_stretch(curve, view.workload, job_h(view.plan, view.workload))
    span = range(len(stretch.before))
    begins = curve.local(stretch.first)
    what = "mean of the year 1" if view.workload.kind == "inference" else "at work 1"
    section(
        f"From {begins.day} {MONTHS[begins.month - 1]}, {begins:%H}:00: where waiting saves most",
        f"above: g CO₂e per kWh in {words.markdown_safe(curve.name)} · below: load, {what} · hours from the start · "
        "perfect foresight",
    )
    at = list(span)[:: max(DAY_H, len(span) // 8 // DAY_H * DAY_H)]
    grid = [{"hour": hour, "line": "grid", "value": float(stretch.intensity_g_per_kwh[hour])} for hour in span]
    drawn(charts.lines_by_hour(grid, (Line("grid", "Grid", "market"),), "The grid in these hours", is_dark(), at, 150))
    loads = [
        {"hour": hour, "line": key, "value": float(values[hour])}
        for key, values in (("before", stretch.before), ("after", stretch.after))
        for hour in span
    ]
    table = {
        "Hour": [f"{curve.local(stretch.first + hour):%Y-%m-%d %H}:00" for hour in span],
        "Grid, g CO₂e per kWh": [words.figure(value, 3) for value in stretch.intensity_g_per_kwh.tolist()],
        "Load before": [f"{value:.2f}" for value in stretch.before],
        "Load after, perfect foresight": [f"{value:.2f}" for value in stretch.after],
    }
    bound = words.percent(stretch.saved_share(stretch.after))
    said = f"Saved of the load's carbon in these hours: {bound} with perfect foresight (upper bound)"
    if stretch.foretold is None:
        said += f"; by a forecast nobody can say, for the series has no {PROFILE_DAYS} days before them."
    else:
        for name, load in zip(("yesterday's hours", "the last 28 days"), stretch.foretold, strict=True):
            table[f"Load after, by {name}"] = [f"{value:.2f}" for value in load]
            said += f", {words.percent(stretch.saved_share(load))} by {name}"
        said += f". Chosen among the hours with {PROFILE_DAYS} days before them."
    said += _carried(stretch)
    chart(charts.lines_by_hour(loads, LOADS, "The load in these hours", is_dark(), at, 220), said, table)


def _carried(stretch: Stretch) -> str:
    """Work that crosses the end of the hours drawn, where it shows: its carbon falls due elsewhere."""
    share = stretch.carried_share
    if abs(share) < CARRIED:
        return ""
    what = "of the work of these hours runs after them" if share > 0 else "more work runs in these hours than came"
    return f" With perfect foresight {words.percent(abs(share))} {what}: its carbon counts where it runs."


def _map(view: View) -> None:
    section("Where it could run", "g CO₂e per kWh of the grid, dark is clean · ringed: today's place and the best move")
    best = view.best.key if view.best else ""
    rows = [
        {
            "name": place.name,
            "longitude": place.region.longitude if place.region.longitude is not None else float("nan"),
            "latitude": place.region.latitude if place.region.latitude is not None else float("nan"),
            "value": place.region.carbon_g_per_kwh,
            "label": words.figure(place.region.carbon_g_per_kwh, 2),
            "kind": "home" if number == 0 else "best" if place.key == best else "other",
        }
        for number, place in enumerate(view.everywhere)
    ]
    table = {"Place": [row["name"] for row in rows], "g CO₂e per kWh": [row["label"] for row in rows]}
    said = f"{words.count(len(rows), 'place')} keep the limits, today's among them."
    chart(charts.world(rows, "Places that keep the limits", is_dark()), said, table)


def _all(view: View) -> None:
    shift_all.every_grid(view.plan)
