"""The Shift page's answer: the best move of one workload that its limits allow, and what waiting does."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan

import streamlit as st

from core import results, words
from core.catalog import Catalog
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.results.hour_notes import room_note
from core.results.hours import AS_THEY_COME, HourSavings, hour_savings, room_over_mean, runs_h
from core.results.moves import Move, Place, hours_by, listed_countries, move_to, places, unknown_countries
from core.results.weeks import NO_SHARE
from core.shift.reference import hours_of
from core.ui import badge, fields, labels, live, options, outbox, state, trace
from core.ui.detail import applies
from core.ui.shown import answer_line, heading, scale_for, small
from core.words import Scale

MOST_PLACES = 8  # today's and the cleanest
LIMITS = ("residency", "residency_countries", "latency_ms")
HOURS = ("deferrable_h", "deferrable_share", "hours_chosen", "job_h", "pausing", "restart_h")
CANDIDATES = 3  # of the cleanest places, computed in full


@dataclass(frozen=True, slots=True)
class View:
    """One workload on the page: the places allowed, today's first; its best moves in full; what hours would save."""

    plan: Plan
    workload: Workload
    everywhere: tuple[Place, ...]
    moved: tuple[Move, ...]
    hours: tuple[Move, ...]
    savings: HourSavings
    scale: Scale

    @property
    def catalog(self) -> Catalog:
        """The catalog with the plan's own entries."""
        return catalog_of(self.plan)

    @property
    def places(self) -> tuple[Place, ...]:
        """Those drawn: today's and the cleanest."""
        return self.everywhere[:MOST_PLACES]

    @property
    def best(self) -> Move | None:
        """The move that saves most, where one surely saves; None where none does."""
        saving = [move for move in self.moved if not move.reason and move.high_kg < 0]
        return min(saving, key=lambda move: move.after_kg - move.before_kg, default=None)

    def place(self, key: str) -> Place:
        """A place by its key."""
        return next(place for place in self.places if place.key == key)


def found(plan: Plan) -> View:
    """Everything the page shows of the workload in the detail panel."""
    workload = plan.workload(state.selected_workload())
    assert workload is not None  # the page is drawn where one is shown
    known = places(plan, workload)
    whole = known[1 : 1 + CANDIDATES] if workload.room_away_ratio >= 1 else ()
    moved = tuple(move_to(plan, workload, place.key) for place in whole)
    savings = hour_savings(catalog_of(plan), workload, job_h(plan, workload))
    ways = () if savings.bound_pct <= 0 else ("foresight", "yesterday", "profile")
    hours = tuple(hours_by(plan, workload, way) for way in ways)
    every = [kg for move in (*moved, *hours) for kg in (move.before_kg, move.after_kg)]
    return View(plan, workload, known, moved, hours, savings, scale_for("kg", every))


def job_h(plan: Plan, workload: Workload) -> float:
    """Hours that one training run takes; NaN for answering and where it is not known."""
    one = results.of(plan)
    place = one.of(workload.id)
    if place is None or workload.kind == "inference":
        return nan
    values = {name: one.values[name][place] for name in ("held_h", "used_h")}
    return runs_h(one.catalog, workload, values)[0]


def head(view: View) -> None:
    """The best move as a sentence with its range, what waiting does, and the limits kept."""
    answer, phrase = _answer(view)
    answer_line(answer, phrase)
    with st.container(gap="xsmall"):
        told = f"{_move(view)} {_waiting(view)}" if view.places else _refused(view)
        st.markdown(told)
        outbox.paint_first(answer, phrase, told)
        trace.line(small(_scope(view)), "carbon_location_kg")
        badge.line(results.of(view.plan), view.workload, view.plan.shown_year(), "shift")
    _apply(view)


def _answer(view: View) -> tuple[str, str]:
    best, year = view.best, view.plan.shown_year()
    if not view.places:
        return "No move can be ranked", ""
    if view.moved and all(move.before_kg == 0 for move in view.moved):
        return f"It does no work in {year}", ""
    if best is None and view.workload.room_away_ratio < 1:
        return "No other place has room for all of it", ""
    if best is None:
        return "No other place allowed saves clearly", ""
    saved = (best.before_kg - best.after_kg, -best.high_kg, -best.low_kg)
    middle, ends = words.headline(saved[0], saved[1], saved[2], view.scale, "CO₂e", f"a year in {year}")
    return f"Moving saves {middle}", ends


def _move(view: View) -> str:
    best = view.best
    if view.moved and all(move.before_kg == 0 for move in view.moved):
        return "No move changes that year."
    if best is None and view.workload.room_away_ratio < 1:
        room = f"Room elsewhere is {view.workload.room_away_ratio:g} times its mean"
        return f"{room}: One move or many, below, says what a part of it saves there."
    if best is None:
        return "It runs in the cleanest place that its limits allow, or the difference lies within the ranges."
    here, there = view.places[0], view.place(best.key)
    name = words.markdown_safe(view.workload.name)
    line = f":blue[**Best move: {name} from {words.markdown_safe(here.name)} to {words.markdown_safe(there.name)}.**]"
    far = f" The line takes {there.latency_ms:.0f} ms more, there and back." if isfinite(there.latency_ms) else ""
    return line + far


def _refused(view: View) -> str:
    """Why today's place has no figure."""
    reason = results.of(view.plan).refused.get(view.workload.id, "its place is not in the catalog")
    return f"No figure: {words.markdown_safe(labels.by_label(reason))}. Choose its region on the Plan page."


def _waiting(view: View) -> str:
    """What waiting for cleaner hours does, in today's place."""
    if view.savings.note and not view.hours:
        return words.markdown_safe(view.savings.note)
    if not view.hours:
        return _nothing_waits(view.workload)
    told = {move.key: move for move in view.hours}
    realised = told["profile"]
    if realised.reason:
        return f"Hours are not worked out: {words.markdown_safe(labels.by_label(realised.reason))}."
    if view.plan.method != "location":
        return "Cleaner hours show in the location-based figures alone: contracts are counted by the year."
    moved, short = (_told(move, view.scale) for move in (realised, told["yesterday"]))
    most = words.quantity(told["foresight"].before_kg - told["foresight"].after_kg, view.scale, 2)
    now = "The plan counts on it." if view.workload.hours_chosen != AS_THEY_COME else "It would come on top."
    lacks = room_note(view.plan, view.workload.but(hours_chosen="profile"))
    room = f" {words.capital(words.markdown_safe(lacks))}." if lacks else ""
    three = f"by the last 28 days: {moved}; by yesterday's hours: {short}; with perfect foresight at most {most}."
    return f"Waiting for cleaner hours, {three} {now}{room}"


def _nothing_waits(workload: Workload) -> str:
    """Why waiting does nothing, where the grid's hours are known."""
    if workload.deferrable_h < 1:
        return "Nothing of it waits: say below how long it can."
    if workload.deferrable_share <= 0:
        return f"{words.capital(NO_SHARE)}."
    if workload.kind == "inference":
        room = f"{room_over_mean(workload):.4g}"
        return f"Waiting saves nothing: at home an hour takes {room} times the mean; work that waits needs more than 1."
    return "Waiting saves nothing: no hour that it may wait for is cleaner."


def _told(move: Move, scale: Scale) -> str:
    return words.change(move.before_kg, move.after_kg, move.low_kg, move.high_kg, scale).text


def _scope(view: View) -> str:
    w = view.workload
    limits = [f"data may go: {_where(view)}"] if w.residency != "anywhere" else []
    limits += [f"at most {w.latency_ms:.0f} ms on the line"] if w.latency_ms is not None else []
    kept = f"limits kept: {', '.join(limits)}" if limits else "no limit of place set"
    of_file = bool(view.places) and hours_of(view.places[0].region).of_file
    shapes = "hours of your own file" if of_file else "hourly shapes of 2023"
    return (
        f"In {view.plan.shown_year()} · {view.plan.method}-based · {kept} · {shapes}, scaled to each grid's mean · "
        "averages: allocated, not proven avoided"
    )


def _where(view: View) -> str:
    workload = view.workload
    if workload.residency != "listed":
        return options.word("residency", workload.residency)
    codes, unknown = listed_countries(workload), unknown_countries(view.plan, workload)
    strange = f"; no grid of the catalog is in {', '.join(unknown)}" if unknown else ""
    return words.markdown_safe(f"{', '.join(codes) or 'no other country yet'}{strange}")


def _apply(view: View) -> None:
    best = view.best
    if best is None:
        return
    there = view.place(best.key)

    def move() -> None:
        state.change_workload(view.workload.id, {"region": there.key, "pue": None, "wue_l_per_kwh": None})

    st.button(f"Move it to {there.name}", key="shift:move", on_click=move)


def what_may_move(view: View) -> None:
    """Which workload, how long it may wait, and where its data may go."""
    heading("What may move")
    names = {w.id: w.name for w in view.plan.shown()}
    state.bind("shift:workload", view.workload.id)
    st.selectbox(
        "Workload",
        list(names),
        index=list(names).index(view.workload.id),
        key="shift:workload",
        format_func=lambda key: names.get(key, key),
        on_change=lambda: state.select(str(state.typed("shift:workload"))),
    )
    for name in (*HOURS, *LIMITS):
        idle = _idle(view.workload, name)
        if applies(view.workload, name) and not idle:
            fields.workload_field(view.workload, name)


def _idle(workload: Workload, name: str) -> bool:
    """Whether a field has nothing to say: a run in one piece never restarts, and countries are of a list."""
    return (name == "restart_h" and workload.pausing == "whole") or (
        name == "residency_countries" and workload.residency != "listed"
    )


def announce(view: View) -> None:
    """The answer for screen readers."""
    answer, phrase = _answer(view)
    live.announce(f"{view.workload.name}: {answer}, {phrase}" if phrase else f"{view.workload.name}: {answer}")
