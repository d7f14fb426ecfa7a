"""Widgets for the plan's knobs. Each shows the plan's value and hands what was typed to the plan, which checks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from core.plan import Knob, Plan, Workload, choices, knobs, may_be_blank
from core.plan.cells import to_cell
from core.ui import options, state

Commit = Callable[[str, Any], None]
OnChange = Callable[[], None]


def workload_field(workload: Workload, name: str, disabled: bool = False) -> None:
    """One field of a workload."""

    def commit(field: str, value: Any) -> None:
        state.change_workload(workload.id, {field: value})

    _field(Workload, name, getattr(workload, name), f"w:{workload.id}:{name}", commit, disabled)


def plan_field(plan: Plan, name: str) -> None:
    """One field of the plan itself."""

    def commit(field: str, value: Any) -> None:
        state.attempt(lambda: state.plan().but(**{field: value}))

    _field(Plan, name, getattr(plan, name), f"p:{name}", commit, False)


def _field(cls: type[Plan] | type[Workload], name: str, value: Any, key: str, commit: Commit, disabled: bool) -> None:
    knob = knobs(cls)[name]
    draw = {"number": _number, "whole": _number, "choice": _choice, "catalog": _catalog}.get(knob.kind, _text)
    draw(cls, name, knob, value, key, lambda: commit(name, state.typed(key)), disabled)


def _label(knob: Knob) -> str:
    """The label with its unit, where the label does not say it already."""
    unit = knob.unit
    said = not unit or unit == "times" or unit.rstrip("s") in knob.label.lower()
    return knob.label if said else f"{knob.label}, {unit}"


def _help(knob: Knob) -> str:
    limits = f" From {knob.low:,.10g} to {knob.high:,.10g}." if knob.low is not None and knob.high is not None else ""
    blank = f" Blank: {knob.blank}." if knob.blank else ""
    return f"{knob.help}{limits if knob.high is not None and knob.high < 1e7 else ''}{blank}"


def _format(value: float | None, step: float) -> str:
    """As many decimals as the value or the step needs, never e-notation."""
    needed = [f"{v:.6f}".rstrip("0") for v in (value, step) if v is not None]
    return f"%.{max(len(text.split('.')[1]) for text in needed)}f"


def _number(
    cls: type[Plan] | type[Workload],
    name: str,
    knob: Knob,
    value: Any,
    key: str,
    commit: OnChange,
    disabled: bool,
) -> None:
    # No limits for the widget: it would keep a wrong number to itself. The plan refuses it in a sentence.
    whole = knob.kind == "whole"
    cast: Any = int if whole else float
    shown = value if value is None else cast(value)
    state.bind(key, shown)
    st.number_input(
        _label(knob),
        value=shown,
        step=cast(knob.step),
        format="%d" if whole else _format(value, knob.step),
        key=key,
        help=_help(knob),
        on_change=commit,
        placeholder=knob.blank if may_be_blank(cls, name) else None,
        disabled=disabled,
    )


def _choice(
    cls: type[Plan] | type[Workload],
    name: str,
    knob: Knob,
    value: Any,
    key: str,
    commit: OnChange,
    disabled: bool,
) -> None:
    state.bind(key, value)
    st.selectbox(
        _label(knob),
        list(choices(cls, name)),
        index=choices(cls, name).index(value),
        key=key,
        format_func=lambda v: options.word(name, v),
        help=_help(knob),
        on_change=commit,
        disabled=disabled,
    )


def _catalog(
    cls: type[Plan] | type[Workload],
    name: str,
    knob: Knob,
    value: Any,
    key: str,
    commit: OnChange,
    disabled: bool,
) -> None:
    words = options.table(knob.table)
    state.bind(key, value)
    keys: list[str] = list(words) if value in words else [value, *words]
    st.selectbox(
        _label(knob),
        keys,
        index=keys.index(value),
        key=key,
        format_func=lambda v: words.get(v, v),
        help=_help(knob),
        on_change=commit,
        disabled=disabled,
    )


def _text(
    cls: type[Plan] | type[Workload],
    name: str,
    knob: Knob,
    value: Any,
    key: str,
    commit: OnChange,
    disabled: bool,
) -> None:
    state.bind(key, to_cell(knob.kind, value))

    def named() -> None:
        if name == "name" and not str(state.typed(key) or "").strip():
            state.refuse([f"{knob.label} is blank; it must have 1 to {knob.longest} characters. It stays as it was."])
        else:
            commit()

    st.text_input(
        _label(knob), key=key, help=_help(knob), on_change=named, placeholder=knob.blank or None, disabled=disabled
    )


def segments(name: str) -> None:
    """A choice of the plan as a row of segments, without its label."""
    key = f"p:{name}"
    state.bind(key, getattr(state.plan(), name))
    st.segmented_control(
        knobs(Plan)[name].label,
        list(choices(Plan, name)),
        key=key,
        format_func=lambda v: options.word(name, v),
        label_visibility="collapsed",
        required=True,
        default=getattr(state.plan(), name),
        on_change=plan_commit,
        args=(name, key),
    )


def plan_commit(name: str, key: str) -> None:
    """Hand what was typed under a widget key to a field of the plan."""
    state.attempt(lambda: state.plan().but(**{name: state.typed(key)}))
