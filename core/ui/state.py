"""The session: the plan, the way back, and what the user must be told. The only file that touches session state."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import streamlit as st
from pydantic import ValidationError

from core import link
from core.plan import Plan, Record, Workload, sentences
from core.plan.example import example_plan
from core.plan.follow import follow
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.busy import LOAD, in_step, measured_then
from core.results.calibrated import other_setting
from core.ui import labels
from core.ui.linked import Linked, linked
from core.ui.session import Given, Session

MOST_STEPS = 100
GRID = ("name", "hosting", "model", "region", "requests_per_day", "growth_central_pct")  # what the grid shows of each
SEEN = "seen"  # the widget that tells which run of which session the browser has seen
LEAST_FILL = 0.5  # an axis that is filled less than this is drawn anew


def session() -> Session:
    """This tab's session; a new one shows the example."""
    try:  # one look-up: pages ask for it dozens of times a run
        return cast(Session, st.session_state["glidepath"])
    except KeyError:
        st.session_state["glidepath"] = Session(example_plan(), example_plan())
        return cast(Session, st.session_state["glidepath"])


def plan() -> Plan:
    """The plan on screen."""
    return session().plan.with_hours(session().hours)


def in_links() -> Linked:
    """The plan on screen as text, encoded once. Prices that somebody typed travel only where the user said so."""
    s = session()
    if s.encoded is None or s.encoded[:2] != (s.plan, s.prices):
        s.encoded = (s.plan, s.prices, linked(s.plan, s.prices))
    return s.encoded[2]


def bring_back(text: str) -> None:
    """Take the prices that the tab kept through a reload, where all else is the plan on screen."""
    s = session()
    found = link.decode(text).plan
    if s.plan.priced() or found.without_prices() != s.plan:
        return
    s.opened = found if s.link and s.opened == s.plan else s.opened
    s.plan = found


def change(new: Plan, redraw_grid: bool = True) -> None:
    """Show another plan; the one before stays one Undo away."""
    s = session()
    s.touched = True
    s.problems.clear()
    s.news.clear()
    s.refused = False
    new = new.with_hours(())  # which hours are here is the tab's, and no part of the plan
    if new == s.plan:
        return
    s.past = [*s.past, s.plan][-MOST_STEPS:]
    s.future.clear()
    s.grid += redraw_grid and _in_grid(new) != _in_grid(s.plan)
    s.plan = new


def _in_grid(plan: Plan) -> tuple[object, ...]:
    """All that the grid shows of a plan, the names of its own entries among it. To draw it anew is dear."""
    rows = [(w.id, *(getattr(w, name) for name in GRID)) for w in plan.shown()]
    return rows, plan.models, plan.regions, plan.sites


def attempt(make: Callable[[], Plan], redraw_grid: bool = True, of: tuple[type[Record], ...] = ()) -> bool:
    """Change the plan, or say in plain words why not and keep the last good one; `of` are the records changed."""
    try:
        change(make(), redraw_grid)
    except ValidationError as error:
        refuse([f"{labels.by_label(sentence, *of)}. The plan stays as it was." for sentence in sentences(error)])
        return False
    return True


def change_workload(key: str, changes: dict[str, object], redraw_grid: bool = True) -> bool:
    """Change fields of one workload, with what must move along; False when the plan refused."""
    workload = plan().workload(key)
    if workload is None:
        return False
    moved, said = follow(catalog_of(plan()), workload, changes)
    then = measured_under(workload)
    if then.busy_share is None or "busy_share" in moved or not any(name in moved for name in LOAD):
        return _take(workload, lambda: plan().with_workload(key, **moved), said, redraw_grid)
    session().measured[key] = then
    return _take(workload, lambda: in_step(plan().with_workload(key, **moved), then), said, redraw_grid)


def _take(workload: Workload, make: Callable[[], Plan], said: list[str], redraw_grid: bool) -> bool:
    taken = attempt(make, redraw_grid)
    if taken:
        session().news = [*said, *_calibration_ended(workload)]
    return taken


def measured_under(workload: Workload) -> Workload:
    """A workload as it stood when its busy share was entered, while the share is in step with that; else as it is."""
    then = session().measured.get(workload.id)
    return then if then is not None and measured_then(plan(), then, workload) else workload


def _calibration_ended(was: Workload) -> list[str]:
    """A sentence where a change took a workload away from what its meter measured."""
    now, calibration = plan().workload(was.id), plan().calibration(was.id)
    if now is None or calibration is None or other_setting(was, calibration):
        return []
    ended = other_setting(now, calibration)
    return [f"{now.name}: {ended}, so the meter's word no longer acts; its figures are estimated."] if ended else []


def change_case(changes: dict[str, object]) -> bool:
    """Change fields of the estimate's question, with what must move along; False when the plan refused."""
    case = plan().case
    moved, said = follow(catalog_of(plan()), case, changes)
    taken = attempt(lambda: plan().but(case=case.but(**moved)), redraw_grid=False)
    if taken:
        session().news = said
    return taken


def change_lever(shown: Lever, name: str, value: object) -> None:
    """Change a field of a lever, as the plan has it by now; one not yet in use comes into use."""
    lever = next((one for one in plan().levers if one.id == shown.id), shown)
    attempt(lambda: plan().with_lever(lever.but(**{name: value})), redraw_grid=False)


def refuse(problems: list[str]) -> None:
    """Tell the user what was not taken; the grid shows the plan's own values again."""
    s = session()
    s.problems = problems
    s.refused = True
    s.grid += 1


def undo() -> None:
    """The plan before the last change."""
    s = session()
    if s.past:
        s.future.append(s.plan)
        s.opened = next((before for case, before in s.openings if case is s.plan), s.opened)
        s.plan = s.past.pop()
        _clear(s)


def redo() -> None:
    """The plan before the last undo."""
    s = session()
    if s.future:
        s.past.append(s.plan)
        s.plan = s.future.pop()
        s.opened = next((case for case, _ in s.openings if case is s.plan), s.opened)
        _clear(s)


def _clear(s: Session) -> None:
    s.touched = True
    s.problems.clear()
    s.news.clear()
    s.refused = False
    s.grid += 1


def reset() -> None:
    """The built-in example; the plan before stays one Undo away."""
    change(example_plan())
    session().opened = example_plan()


def start_empty() -> None:
    """A plan of one's own, with no workload; the example stays one Undo away."""
    s = session()
    change(Plan(name="Our plan"))
    s.opened = s.plan


def show(new: Plan, said: str, compare: bool = False) -> None:
    """Show a plan from the app's own cases and say so; what was there stays one Undo away.

    `compare` makes it the point of comparison, as a plan that was opened.
    """
    change(new)
    s = session()
    s.news = [said]
    if compare:
        s.openings.append((s.plan, s.opened))
        s.opened = s.plan


def open_plan(new: Plan, problems: list[str]) -> None:
    """A plan from outside becomes the plan and the point of comparison. A tab that opens with it has no way back."""
    s = session()
    first = s.plan == example_plan() and not s.past
    change(new)
    if first:
        s.past.clear()
    s.opened = new
    s.problems = problems


def held_top(axis: str, top: float) -> float:
    """The end of a chart's axis, which stays while edits keep within it, so that the drawing stays in place.

    A browser takes new rows into a chart in 5 ms; for a new axis it builds the chart anew, in 25 ms and more.
    """
    tops = session().tops
    held = tops.setdefault(axis, top)
    if not LEAST_FILL * held <= top <= held:
        tops[axis] = top
    return tops[axis]


def selected_workload() -> str:
    """Id of the workload in the detail panel: the one chosen last, else the most telling.

    That is the first whose hours are chosen, else the first on machines of one's own.
    """
    s = session()
    keys = [w.id for w in s.plan.shown()]
    if s.selected not in keys:
        own = [w.id for w in s.plan.shown() if w.hosting == "own"]
        chosen = [w.id for w in s.plan.shown() if w.hours_chosen != "as_they_come"]
        s.selected = (chosen or own or keys or [""])[0]
    return s.selected


def select(key: str) -> None:
    """Show another workload in the detail panel."""
    session().selected = key


def bind(key: str, value: object, take: Callable[[], object] | None = None) -> None:
    """Give a widget the plan's value before it is drawn: the plan is the only state.

    With `take` it shows in a first run what the browser brings along (`core/ui/returned.py`).

    The widget takes the same value as its default: a run cut short may never deliver the one given here, and the
    browser would then send back an empty field as if somebody had typed it.
    """
    held, s = st.session_state.get(key, value), session()
    if take is not None and s.offer(key, value, take):
        return
    last = s.given.get(key)
    if key not in st.session_state or held != value:
        s.given[key] = Given(s.run, held, value)
        st.session_state[key] = value
    elif last is not None and _unseen(last):  # what was given last may be on its way still, or was never sent
        s.given[key] = Given(s.run, last.before if last.value == value else last.value, value)
        st.session_state[key] = value


def _unseen(given: Given) -> bool:
    """Whether the browser had not seen the run in which a value was given when it sent its last message."""
    run, _, mark = str(st.session_state.get(SEEN, "")).partition(" ")
    return mark == session().mark and int(run) < given.run


def late(key: str) -> bool:
    """Whether what a widget says is what it held before it was given the plan's value: nobody typed that."""
    given = session().given.get(key)
    if given is None or given.before == given.value or st.session_state.get(key) != given.before:
        return False
    return _unseen(given)


def typed(key: str) -> object:
    """What the user typed into a widget."""
    return session().given[key].value if late(key) else st.session_state.get(key)


def empty(*keys: str) -> None:
    """Empty fields whose text was taken."""
    for key in keys:
        st.session_state[key] = ""


def marks(key: str, selection: str) -> list[dict[str, object]]:
    """The marks of a chart that the reader picked; empty where none is."""
    found = st.session_state.get(key)
    return list(found["selection"].get(selection, [])) if found else []
