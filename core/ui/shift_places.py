"""Places on the Shift page: each grid through the average day, its yearly mean, and the moves that keep the limits."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import isfinite, nan

import numpy as np
import streamlit as st

from core import charts, words
from core.catalog import Region
from core.results.marginal import scored_on_marginal
from core.results.moves import Move, Place
from core.shift.check import ShiftError
from core.shift.realised import DAY_H
from core.shift.reference import hours_of
from core.ui import trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shift import View, job_h
from core.ui.shown import scale_for, section, small

IN_TURN = "g CO₂e per kWh at 00:00, 01:00 and so on to 23:00"
HOURS = tuple(f"{hour:02d}" for hour in range(DAY_H))
NO_WORK_WAITS = "no work may wait"
LEGEND = "cleaner to dirtier"
WAYS = {
    "foresight": "Wait, with perfect foresight (upper bound)",
    "yesterday": "Wait, by yesterday's hours",
    "profile": "Wait, by the last 28 days",
}


@lru_cache(maxsize=256)
def day_g_per_kwh(region: Region) -> tuple[float, ...]:
    """Mean of each hour of the local day over the year [g/kWh]; NaN where no hourly shape is known."""
    curve = hours_of(region)
    if curve.flat:
        return (nan,) * DAY_H
    clock = curve.clock()
    sums = np.bincount(clock.hour, curve.intensity_g_per_kwh, DAY_H)
    return tuple(float(g) for g in sums / np.bincount(clock.hour, minlength=DAY_H))


def in_turn(values: Iterable[float]) -> str:
    """The hours of a day in one cell that wraps: 24 columns would run out of the page."""
    return ", ".join(words.figure(value, 2) for value in values)


def by_hour(view: View) -> None:
    """The grids allowed by hour of the local day, and beside them their yearly means."""
    left, right = st.columns([12, 7], gap="medium")
    with left:
        unknown = [place.name for place in view.places if hours_of(place.region).flat]
        hatched = f" · hatched: no hourly shape for {words.markdown_safe(', '.join(unknown))}" if unknown else ""
        trace.section(
            "Grid carbon by place and hour",
            f"g CO₂e per kWh, average day, local time, dark is clean{hatched}",
            "carbon_location_kg",
        )
        rows = [
            {"row": place.name, "column": hour, "value": value, "label": ""}
            for place in view.places
            for hour, value in zip(HOURS, day_g_per_kwh(place.region), strict=True)
        ]
        table = {
            "Place": [words.markdown_safe(place.name) for place in view.places],
            IN_TURN: [in_turn(day_g_per_kwh(place.region)) for place in view.places],
        }
        about = "Grid carbon by place and hour of the day"
        names = [place.name for place in view.places]
        chart(charts.heat(rows, names, HOURS, about, is_dark(), short=True, legend=LEGEND), _heat_summary(view), table)
    with right:
        section("Average of the year", "g CO₂e per kWh of the grid")
        _means(view)


def _heat_summary(view: View) -> str:
    home = day_g_per_kwh(view.places[0].region)
    if not isfinite(home[0]):
        return f"{view.places[0].name} has no hourly shape."
    low, high = int(np.argmin(home)), int(np.argmax(home))
    return f"{view.places[0].name} is cleanest at {HOURS[low]}:00 and dirtiest at {HOURS[high]}:00 on the average day."


def _means(view: View) -> None:
    best = view.best.key if view.best else ""
    order = sorted(view.places, key=lambda place: place.region.carbon_g_per_kwh)
    rows = [
        {
            "name": place.name,
            "value": place.region.carbon_g_per_kwh,
            "label": words.figure(place.region.carbon_g_per_kwh, 2) + _said(view, place, best),
            "kind": "chosen" if place is view.places[0] else "other",
        }
        for place in order
    ]
    table = {"Place": [row["name"] for row in rows], "g CO₂e per kWh": [row["label"] for row in rows]}
    chart(charts.dots(rows, "Yearly means of the grids", is_dark()), _span(order), table)


def _said(view: View, place: Place, best: str) -> str:
    return " today" if place is view.places[0] else " best" if place.key == best else ""


def _span(order: list[Place]) -> str:
    first, last = order[0], order[-1]
    ends = [words.figure(place.region.carbon_g_per_kwh, 2) for place in (first, last)]
    return f"From {ends[0]} in {first.name} to {ends[1]} in {last.name}."


def moves(view: View) -> None:
    """Each move with its saving, range, water, cost and line; today's place first."""
    trace.section(
        f"Moves of {view.workload.name} that keep the limits",
        f"{view.scale.label} CO₂e in {view.plan.shown_year()}, against today's place and work as it comes",
        "carbon_location_kg",
    )
    listed = [(f"To {view.place(move.key).name}", move, view.place(move.key)) for move in view.moved]
    listed += [(f"{WAYS[move.key]}, in {view.places[0].name}", move, view.places[0]) for move in view.hours]
    if not listed:
        why = "keeps the limits" if view.workload.room_away_ratio >= 1 else "has room for all of it"
        waits = view.workload.deferrable_h >= 1 and view.workload.deferrable_share > 0
        st.markdown(
            f"No move is left: no other place {why}, and {'waiting saves nothing' if waits else NO_WORK_WAITS}."
        )
        return
    columns: dict[str, list[str]] = {"Move": [], "Carbon": [], "Water": [], "Cost": [], "Line, there and back": []}
    for name, move, place in listed:
        columns["Move"].append(words.markdown_safe(name))
        columns["Carbon"].append(_change(view, move))
        columns["Water"].append(_amount(move.water_l, "l"))
        columns["Cost"].append(_amount(move.cost_usd, "USD") if isfinite(move.cost_usd) else "unknown")
        columns["Line, there and back"].append(
            f"{place.latency_ms:.0f} ms" if isfinite(place.latency_ms) else "unknown"
        )
    st.container(key="wide_moves").table(columns, border="horizontal", hide_index=True)
    _scored(view)
    st.markdown(
        small(
            "Water always stands beside carbon: clean hydro-electric grids can use more of it. Moving users' data, and "
            "whether a place has the room you entered, are yours to check. Waiting changes neither energy nor water "
            "nor cost here, but for the energy of restarts."
        )
    )


def _scored(view: View) -> None:
    """What hours chosen by the average save at the margin, where a marginal file is here."""
    try:
        found = scored_on_marginal(view.catalog, view.workload, job_h(view.plan, view.workload))
    except ShiftError as error:
        st.markdown(words.markdown_safe(f"Not scored on marginal: {error}."))
        return
    if found is None:
        return
    of_file = hours_of(view.places[0].region).of_file
    dates = "" if of_file else " The average is the reference year's, at the marginal file's dates."
    what = "one hour of the work that waits" if view.workload.kind == "inference" else "one run"
    ways = zip(("with perfect foresight", "by yesterday's hours", "by the last 28 days"),
               found.average_pct, found.marginal_pct, strict=True)  # fmt: skip
    told = "; ".join(f"{way} {average:.1f} % and {marginal:.1f} %" for way, average, marginal in ways)
    st.markdown(
        f"**Scored on marginal:** chosen by the average, {what} saves on average intensity and on marginal: {told}."
        f"{dates} No figure of the plan takes it."
    )


def _change(view: View, move: Move) -> str:
    if move.reason:
        return words.markdown_safe(move.reason)
    moved = words.change(move.before_kg, move.after_kg, move.low_kg, move.high_kg, view.scale, "")
    return f":{moved.tone}[{words.markdown_safe(moved.text)}]"


def _amount(value: float, unit: str) -> str:
    if value == 0:
        return "as before"
    scale = scale_for(unit, (value,))
    return scale.dress(words.signed_figure(value / scale.divisor, 2))
