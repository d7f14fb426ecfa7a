"""A measurement as it is typed: what is held of it, what is still missing, and the calibration it makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, cast

import streamlit as st
from pydantic import ValidationError

from core import words
from core.imports.reading import MeterReading, RefusedError
from core.plan import Calibration, Knob, Plan, Workload, knobs, sentences
from core.plan.calibration import setting_of
from core.plan.knob import check_number
from core.plan.record import check
from core.results.calibrated import own_rate
from core.ui import form_field, labels, state
from core.ui.meter_file import COVERS
from core.ui.shown import small
from core.units import H_PER_DAY, TOKENS_PER_M

TOKENS, USUAL = "served_m_tokens", {"served_from": "counted", "source": "typed"}
SERVED = Knob(
    url="", label="Or output tokens meanwhile", low=0.0, high=1e9, unit="million", blank="from the requests",
    help="Divided by the workload's output length they are requests. Used where no requests are typed.",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the form makes: a calibration; or what it still needs; or why it cannot stand."""

    calibration: Calibration | None = None
    missing: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


def prefix(workload: Workload) -> str:
    """What the keys of a workload's form begin with."""
    return f"meter:{workload.id}"


@dataclass(frozen=True, slots=True)
class Said:
    """What a file says: the fields it answers, so that nobody types them, and first values of others."""

    fields: dict[str, Any] = field(default_factory=dict)
    usual: dict[str, Any] = field(default_factory=dict)


def read_from(found: MeterReading | RefusedError | None, counted: float | None = None) -> Said:
    """What a file says of the form; nothing where there is none, or where it was refused.

    `counted` are the requests that the server's own counters gained meanwhile, where they were given beside it.
    """
    if not isinstance(found, MeterReading):
        return Said()
    said: dict[str, Any] = {"metered_kwh": found.energy_kwh, "meter": found.meter, "file_sha256": found.file_sha256}
    said["source"] = ", ".join(found.files)[:200]
    if found.first_day:
        said |= {"first_day": found.first_day, "last_day": found.last_day, "metered_h": found.covered_h}
    usual: dict[str, Any] = {"metered_at": found.at or None, "served_runs": found.runs, "served_requests": counted}
    return Said(said, {name: value for name, value in usual.items() if value is not None})


def fields_of(workload: Workload) -> tuple[str, ...]:
    """The fields that a person fills in, in order."""
    inference = workload.kind == "inference"
    activity = ("served_requests",) if inference else ("served_runs", "metered_while")
    return ("metered_kwh", "metered_at", "meter", "first_day", "last_day", "metered_h", *activity, "source", "note")


def held(workload: Workload, name: str, said: Said) -> Any:
    """What the form shows of a field: what was typed, else its first value."""
    first = {"metered_while": "always" if workload.kind == "inference" else "at_work"} | USUAL | said.usual
    default = Calibration.model_fields[name].get_default() if name != "metered_kwh" else None
    return state.session().drafts.get(f"{prefix(workload)}:{name}", first.get(name, default))


def draw(workload: Workload, said: Said) -> None:
    """The widgets of what no file said, three in a row, and the word that the meter reads this workload alone."""
    names = [name for name in fields_of(workload) if name not in said.fields]
    if workload.kind == "inference":
        names.insert(names.index("served_requests") + 1, TOKENS)
    for start in range(0, len(names), 3):
        for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
            with column:
                if name == TOKENS:
                    _tokens(workload)
                else:
                    form_field.draw(Calibration, f"{prefix(workload)}:{name}", name, held(workload, name, said))
    key = f"{prefix(workload)}:{COVERS}"
    state.bind(key, bool(state.session().drafts.get(key)))
    st.checkbox(
        "The meter stands there, and reads this workload and nothing else",
        key=key, on_change=form_field.keep, args=(key,),
        help="Other load on the same machines would be counted as this workload's.",
    )  # fmt: skip


def _tokens(workload: Workload) -> None:
    """Output tokens, for those who count them instead of requests."""
    key = f"{prefix(workload)}:{TOKENS}"
    form_field.number(SERVED, key, cast("float | str | None", state.session().drafts.get(key)))


def forget(workload: Workload) -> None:
    """Let the form start anew."""
    drafts = state.session().drafts
    for key in [key for key in drafts if key.startswith(f"{prefix(workload)}:")]:
        del drafts[key]


def candidate(plan: Plan, workload: Workload, said: Said) -> Candidate:
    """The calibration that form and file make, with the plan's own rate where nobody counted."""
    fields: dict[str, Any] = {name: held(workload, name, said) for name in fields_of(workload)} | said.fields
    missing = [knobs(Calibration)[n].label for n in ("metered_kwh", "first_day", "last_day") if fields[n] in (None, "")]
    if missing:
        return Candidate(missing=tuple(missing))
    try:
        activity = _activity(plan, workload, fields)
    except ValueError as error:
        return Candidate(problems=(str(error),))
    if not activity:
        return Candidate(missing=(knobs(Calibration)[_counted(workload)].label,))
    today = datetime.now(UTC).date().isoformat()
    try:
        made = Calibration(**setting_of(workload) | fields | activity, id=workload.id, source_date=today)
    except ValidationError as error:
        return Candidate(problems=tuple(sentences(error)))
    if made.last_day > today:
        return Candidate(problems=(f"last_day is {made.last_day}; it must not be after today, {today}",))
    if not state.session().drafts.get(f"{prefix(workload)}:{COVERS}"):
        return Candidate(missing=("your word on what the meter reads",))
    return Candidate(made)


def _counted(workload: Workload) -> str:
    return "served_requests" if workload.kind == "inference" else "served_runs"


def _activity(plan: Plan, workload: Workload, fields: dict[str, Any]) -> dict[str, Any]:
    """Requests or runs meanwhile: typed, from the tokens, else at the plan's own rate; nothing where that says none."""
    name = _counted(workload)
    if fields[name] is not None:
        return {name: fields[name], "served_from": "counted"}
    said = state.session().drafts.get(f"{prefix(workload)}:{TOKENS}")
    tokens = check_number("Output tokens meanwhile", SERVED, said, may_be_blank=True)
    if workload.kind == "inference" and tokens is not None:
        return {name: tokens * TOKENS_PER_M / workload.output_tokens, "served_from": "counted"}
    if fields.get("metered_while") == "at_work":
        return {}  # how many runs a meter saw that ran with them, no rate can say
    rate = _own_rate(plan, workload, fields)
    return {name: rate, "served_from": "plan"} if rate else {}


def _own_rate(plan: Plan, workload: Workload, fields: dict[str, Any]) -> float | None:
    """The plan's own rate in the period; ValueError where its days make none."""
    first, last = (check(Calibration, n, knobs(Calibration)[n], fields[n]) for n in ("first_day", "last_day"))
    metered_h = check(Calibration, "metered_h", knobs(Calibration)["metered_h"], fields["metered_h"])
    days = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    if days < 1:
        raise ValueError(f"last_day is {last}; it must not be before first_day, {first}")
    return own_rate(plan, workload, first, days, metered_h or days * H_PER_DAY)


def told(found: Candidate) -> None:
    """What is missing or wrong, in words."""
    if found.problems:
        lines = "\n".join(f"- {words.markdown_safe(labels.by_label(p, Calibration))}." for p in found.problems)
        st.warning(lines, icon=":material/error:")
    elif found.missing:
        st.markdown(small(words.markdown_safe(f"Still needed: {', '.join(found.missing)}.")))
