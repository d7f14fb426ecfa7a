"""The way measurements come and go: typed one by one, read from a CSV, removed."""

from __future__ import annotations

from typing import Any, cast

import streamlit as st
from pydantic import ValidationError

from core import words
from core.imports import actuals
from core.imports.reading import RefusedError
from core.plan import Plan, knobs, sentences
from core.plan.actual import MEASURED, Actual
from core.ui import dropped, form_field, labels, state
from core.ui.shown import small
from core.words.sentences import MONTHS

PREFIX = "actual"
TOLD = "actuals:told"
UPLOAD = "actuals-upload"
GONE = "actuals:gone"
WHOLE_YEAR = 0
MOST_TOLD = 12
MOST_MB = 5
COLUMNS = (
    "Columns: workload (id or name), period (2026 or 2026-03), and any of requests, runs, output_tokens, "
    "energy_facility_kwh, carbon_location_kg, carbon_market_kg; energy also as _mwh, carbon as _t; source. "
    "A row of the same workload and period takes the old one's place."
)


def draw(plan: Plan) -> None:
    """The form, the file, and the way out, each behind its own fold."""
    _told()
    shut = st.expander("Type a measurement", key="actuals:type", on_change="rerun")
    if shut.open:
        with shut:
            _form(plan)
    shut = st.expander("Measurements from a CSV", key="actuals:file", on_change="rerun")
    if shut.open:
        with shut:
            _upload()
    if plan.actuals:
        shut = st.expander("Remove measurements", key="actuals:remove", on_change="rerun")
        if shut.open:
            with shut:
                _remove(plan)


def _draft(name: str, usual: Any = None) -> Any:
    return state.session().drafts.get(f"{PREFIX}:{name}", usual)


def _form(plan: Plan) -> None:
    ids = [w.id for w in plan.workloads]
    if not ids:
        st.markdown("The plan has no workload to measure.")
        return
    first = st.columns(3)
    with first[0]:
        workload = _workload(plan, ids)
    with first[1]:
        form_field.draw(Actual, f"{PREFIX}:year", "year", _draft("year", plan.first_year))
    with first[2]:
        _month()
    kind = next(w.kind for w in plan.workloads if w.id == workload)
    names = [n for n in (*MEASURED, "source") if n not in (("runs",) if kind == "inference" else _OF_ANSWERS)]
    for start in range(0, len(names), 3):
        for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
            with column:
                form_field.draw(Actual, f"{PREFIX}:{name}", name, _draft(name, "" if name == "source" else None))
    st.markdown(small("Leave blank what nobody measured: it is unknown, not 0, and nothing is made up for it."))
    st.button("Take this measurement", key=f"{PREFIX}-take", on_click=_take, args=(workload, names))


_OF_ANSWERS = ("requests", "output_tokens")


def _workload(plan: Plan, ids: list[str]) -> str:
    key, named = f"{PREFIX}:workload", {w.id: w.name for w in plan.workloads}
    chosen = cast("str", _draft("workload", ids[0]))
    chosen = chosen if chosen in ids else ids[0]
    state.bind(key, chosen)
    st.selectbox("Workload", ids, index=ids.index(chosen), key=key, format_func=lambda k: named[k],
                 on_change=form_field.keep, args=(key,))  # fmt: skip
    return chosen


def _month() -> None:
    key, chosen = f"{PREFIX}:month", cast("int", _draft("month", WHOLE_YEAR))
    state.bind(key, chosen)
    st.selectbox("Month", range(13), index=chosen, key=key, on_change=form_field.keep, args=(key,),
                 format_func=lambda n: MONTHS[n - 1] if n else words.capital(knobs(Actual)["month"].blank))  # fmt: skip


def _take(workload: str, names: list[str]) -> None:
    """Take what was typed, or say in one sentence why not; the form keeps it then."""
    plan = state.plan()
    fields = {name: _draft(name) for name in names} | {"year": _draft("year", plan.first_year)}
    month = _draft("month", WHOLE_YEAR) or None
    try:
        row = Actual(id="A1", workload=workload, month=month, **fields)
    except ValidationError as error:
        said = [labels.by_label(sentence, Actual) for sentence in sentences(error)]
        state.refuse([f"{sentence}. Nothing was taken." for sentence in said])
        return
    state.session().drafts.pop(TOLD, None)
    if state.attempt(lambda: state.plan().with_actuals([row])):
        for name in MEASURED:
            state.session().drafts.pop(f"{PREFIX}:{name}", None)
        named = next(w.name for w in plan.workloads if w.id == workload)
        state.session().news = [f"{named}, {row.period}: the measurement was taken. Undo takes it back."]


def _upload() -> None:
    dropped.field("Measurements as CSV", UPLOAD, dropped.TABLE, MOST_MB, COLUMNS, _read)
    st.markdown(small(words.markdown_safe(COLUMNS)))


def _read(files: tuple[dropped.File, ...]) -> None:
    """Take the rows of a file that are sound; what was left out is told in the panel."""
    state.session().drafts.pop(TOLD, None)
    for name, raw in files:
        _take_rows(name, raw)


def _take_rows(name: str, raw: bytes) -> None:
    plan = state.plan()
    try:
        found = actuals.read(name, raw, {w.id: w.name for w in plan.workloads}, plan.actuals)
    except RefusedError as error:
        state.session().drafts[TOLD] = (f"{error}. Nothing was taken.",)
        return
    taken = bool(found.rows) and state.attempt(lambda: state.plan().with_actuals(found.rows))
    if taken:
        count = words.count(len(found.rows), "measurement")
        state.session().news = [f"{count} of {name} taken. Undo takes them back."]
    if found.problems:
        state.session().drafts[TOLD] = found.problems


def _told() -> None:
    """What of the last file was left out."""
    said = cast("tuple[str, ...]", state.session().drafts.get(TOLD, ()))
    if not said:
        return
    lines = [f"- {words.markdown_safe(line)}" for line in said[:MOST_TOLD]]
    more = [f"- and {len(said) - MOST_TOLD} more"] if len(said) > MOST_TOLD else []
    st.warning("\n".join(["Left out of the file:", "", *lines, *more]), icon=":material/error:")


def _remove(plan: Plan) -> None:
    named = {w.id: w.name for w in plan.workloads}
    listed = {a.id: f"{named[a.workload]}, {a.period}" for a in plan.actuals}
    gone = [key for key in cast("list[str]", state.session().drafts.get(GONE) or []) if key in listed]
    state.bind(GONE, gone)
    st.multiselect("Measurements", list(listed), default=gone, key=GONE, format_func=lambda k: listed[k],
                   on_change=form_field.keep, args=(GONE,))  # fmt: skip
    st.button("Remove these", key="actuals-remove-these", on_click=_drop, args=(tuple(gone),), disabled=not gone)
    st.button("Remove all", key="actuals-remove-all", on_click=_drop, args=(tuple(listed),), type="tertiary")


def _drop(keys: tuple[str, ...]) -> None:
    if state.attempt(lambda: state.plan().without_actuals(*keys)):
        state.session().drafts.pop(GONE, None)
        text = words.count(len(keys), "measurement")
        state.session().news = [f"{text} removed. Undo brings {'it' if len(keys) == 1 else 'them'} back."]
