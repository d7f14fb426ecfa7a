"""A measurement as it is typed: what is held of it, what is still missing, and the calibration it makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core import words
from core.plan import Calibration, Plan, Workload, knobs, sentences
from core.plan.calibration import setting_of
from core.plan.record import check
from core.results.calibrated import own_rate
from core.ui import form_field, state
from core.ui.shown import small
from core.units import H_PER_DAY

COVERS, USUAL = "covers", {"served_from": "counted", "source": "typed"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the form makes: a calibration; or what it still needs; or why it cannot stand."""

    calibration: Calibration | None = None
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def prefix(workload: Workload) -> str:
    """What the keys of a workload's form begin with."""
    return f"meter:{workload.id}"


def fields_of(workload: Workload) -> tuple[str, ...]:
    """The fields that a person fills in, in order."""
    inference = workload.kind == "inference"
    activity = ("served_requests",) if inference else ("served_runs", "metered_while")
    return ("metered_kwh", "metered_at", "meter", "first_day", "last_day", "metered_h", *activity, "source", "note")


def held(workload: Workload, name: str) -> Any:
    """What the form shows of a field: what was typed, else its first value."""
    first = {"metered_while": "always" if workload.kind == "inference" else "at_work"} | USUAL
    default = Calibration.model_fields[name].get_default() if name != "metered_kwh" else None
    return state.session().drafts.get(f"{prefix(workload)}:{name}", first.get(name, default))


def draw(workload: Workload) -> None:
    """The form's widgets, three in a row, and the word that the meter covers this workload alone."""
    names = fields_of(workload)
    for start in range(0, len(names), 3):
        for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
            with column:
                form_field.draw(Calibration, f"{prefix(workload)}:{name}", name, held(workload, name))
    key = f"{prefix(workload)}:{COVERS}"
    state.bind(key, bool(state.session().drafts.get(key)))
    st.checkbox(
        "The meter stands there, and reads this workload and nothing else",
        key=key, on_change=form_field.keep, args=(key,),
        help="Other load on the same machines would be counted as this workload's.",
    )  # fmt: skip


def forget(workload: Workload) -> None:
    """Let the form start anew."""
    drafts = state.session().drafts
    for key in [key for key in drafts if key.startswith(f"{prefix(workload)}:")]:
        del drafts[key]


def candidate(plan: Plan, workload: Workload) -> Candidate:
    """The calibration that the form makes, with the plan's own rate where nobody counted."""
    fields: dict[str, Any] = {name: held(workload, name) for name in fields_of(workload)}
    missing = [knobs(Calibration)[n].label for n in ("metered_kwh", "first_day", "last_day") if not fields[n]]
    if missing:
        return Candidate(missing=tuple(missing))
    activity = "served_requests" if workload.kind == "inference" else "served_runs"
    if fields[activity] is None:
        try:
            fields |= {activity: _own_rate(plan, workload, fields), "served_from": "plan"}
        except ValueError as error:
            return Candidate(problems=(str(error),))
    if fields[activity] is None:
        return Candidate(missing=(f"{knobs(Calibration)[activity].label}: the plan says nothing of that year",))
    today = date.today().isoformat()
    try:
        made = Calibration(id=workload.id, **setting_of(workload), **fields, source_date=today)
    except ValidationError as error:
        return Candidate(problems=tuple(sentences(error)))
    if made.last_day > today:
        return Candidate(problems=(f"last_day is {made.last_day}; it must not be after today, {today}",))
    if not state.session().drafts.get(f"{prefix(workload)}:{COVERS}"):
        return Candidate(missing=("your word on what the meter covers",))
    return Candidate(made)


def _own_rate(plan: Plan, workload: Workload, fields: dict[str, Any]) -> float | None:
    """The plan's own rate in the period; ValueError where its days make none."""
    first, last = (check(Calibration, n, knobs(Calibration)[n], fields[n]) for n in ("first_day", "last_day"))
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if days < 1:
        raise ValueError(f"last_day is {last}; it must not be before first_day, {first}")
    return own_rate(plan, workload, first, days, fields["metered_h"] or days * H_PER_DAY)


def told(found: Candidate) -> None:
    """What is missing or wrong, in words."""
    if found.problems:
        lines = "\n".join(f"- {words.markdown_safe(state.by_label(p, Calibration))}." for p in found.problems)
        st.warning(lines, icon=":material/error:")
    elif found.missing:
        st.markdown(small(words.markdown_safe(f"Still needed: {', '.join(found.missing)}.")))
