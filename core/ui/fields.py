"""Widgets for the plan's knobs. Each shows the plan's value and hands what was typed to the plan, which checks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import streamlit as st

from core.plan import Knob, Plan, Record, Search, Workload, choices, knobs, may_be_blank
from core.plan.cells import to_cell
from core.plan.knob import check_number, written
from core.plan.target import Target
from core.ui import labels, options, state


@dataclass(frozen=True, slots=True)
class Field:
    """A knob of a record of the plan on screen: its value, its widget's key, and who takes what is typed."""

    cls: type[Record]
    name: str
    value: Any
    key: str
    take: Callable[[Any], object]

    @property
    def knob(self) -> Knob:
        """What the field means and where its limits lie."""
        return knobs(self.cls)[self.name]

    def commit(self) -> None:
        """Hand what was typed to the plan."""
        if not state.late(self.key):
            self.take(state.typed(self.key))


def workload_field(workload: Workload, name: str) -> None:
    """One field of a workload."""

    def take(value: Any) -> None:
        state.change_workload(workload.id, {name: value})

    _draw(Field(Workload, name, getattr(workload, name), f"w:{workload.id}:{name}", take))


def proposed_field(workload: Workload, name: str, key: str, take: Callable[[Any], object]) -> None:
    """One field of a workload that stands in no plan yet."""
    _draw(Field(Workload, name, getattr(workload, name), key, take))


def case_field(name: str) -> None:
    """One field of the estimate's question."""

    def take(value: Any) -> None:
        state.change_case({name: value})

    _draw(Field(Workload, name, getattr(state.plan().case, name), f"c:{name}", take))


def target_field(plan: Plan, name: str) -> None:
    """One field of the plan's target."""

    def take(value: Any) -> None:
        state.attempt(lambda: state.plan().with_target(**{name: value}), of=(Target,))

    _draw(Field(Target, name, getattr(plan.target, name), f"t:{name}", take))


def search_field(plan: Plan, name: str) -> None:
    """One limit of the search for the cheapest levers."""

    def take(value: Any) -> None:
        state.attempt(lambda: state.plan().with_search(**{name: value}), of=(Search,))

    _draw(Field(Search, name, getattr(plan.search, name), f"o:{name}", take))


def plan_field(plan: Plan, name: str, where: str = "p") -> None:
    """One field of the plan itself; `where` tells apart two places of a page that show the same one."""

    def take(value: Any) -> None:
        state.attempt(lambda: state.plan().but(**{name: value}))

    _draw(Field(Plan, name, getattr(plan, name), f"{where}:{name}", take))


def _draw(field: Field) -> None:
    drawers = {"number": _number, "whole": _number, "choice": _choice, "catalog": _catalog}
    drawers.get(field.knob.kind, _text)(field)


def label(knob: Knob) -> str:
    """The label with its unit, where the label does not say it already."""
    unit = knob.unit
    said = not unit or unit == "times" or unit.rstrip("s") in knob.label.lower()
    return knob.label if said else f"{knob.label}, {unit}"


def help_text(knob: Knob) -> str:
    """The help with its limits and what a blank means."""
    limits = ""
    if knob.low is not None and knob.high is not None and knob.high < 1e7:
        limits = f" From {written(knob, knob.low)} to {written(knob, knob.high)}."
    blank = f" Blank: {knob.blank}." if knob.blank else ""
    return f"{knob.help}{limits}{blank}"


def number_format(knob: Knob, value: float) -> str:
    """How a field writes its number.

    Whole ones are decimal fields too, or a browser would drop what follows the point before anybody could refuse it.
    """
    return "%.0f" if knob.kind == "whole" and value == int(value) else format_of(value, knob.step)


def format_of(value: float, step: float) -> str:
    """As many decimals as the value or the step needs, never e-notation."""
    needed = [f"{v:.6f}".rstrip("0") for v in (value, step)]
    return f"%.{max(len(text.split('.')[1]) for text in needed)}f"


def blank_number(
    cls: type[Record],
    name: str,
    value: float | None,
    key: str,
    take: Callable[[float | int | None], object],
    blank: str = "",
) -> None:
    """A number that may be blank. `take` gets what was typed, checked, and None where it was emptied.

    `blank` says what an empty field means, where the knob does not.
    """

    def commit() -> None:
        if state.late(key):
            return
        try:
            typed = check_number(name, knobs(cls)[name], state.typed(key), may_be_blank=True)
        except ValueError as error:
            state.refuse([f"{labels.by_label(str(error), cls)}. The plan stays as it was."])
        else:
            take(typed)

    number_line(knobs(cls)[name], value, key, commit, blank)


def number_line(
    knob: Knob, value: float | str | None, key: str, on_change: Callable[[], None], blank: str = ""
) -> None:
    """A line of text for a number: a browser's own number field cannot be emptied once it has held one."""
    text = number_text(value)
    state.bind(key, text, on_change)
    st.text_input(
        label(knob), text, key=key, help=help_text(knob), on_change=on_change, placeholder=blank or knob.blank or None,
        autocomplete="off",
    )  # fmt: skip


def number_text(value: float | str | None) -> str:
    """A number as a person types it, to its last digit and without e-notation; what was typed and is none, as it is.

    >>> number_text(30000.0), number_text(1.5e-7), number_text(None), number_text("60,000")
    ('30000', '0.00000015', '', '60,000')
    """
    text = value if isinstance(value, str) else to_cell("number", value)
    return format(Decimal(text), "f") if isinstance(value, float) and "e" in text else text


def _number(field: Field) -> None:
    # No limits for the widget: it would keep a wrong number to itself. The plan refuses it in a sentence.
    knob, value = field.knob, field.value
    if may_be_blank(field.cls, field.name):
        blank_number(field.cls, field.name, value, field.key, field.take)
        return
    shown = float(value)
    state.bind(field.key, shown, field.commit)
    st.number_input(
        label(knob),
        value=shown,
        step=float(knob.step),
        format=number_format(knob, shown),
        key=field.key,
        help=help_text(knob),
        on_change=field.commit,
    )


def _choice(field: Field) -> None:
    listed = list(choices(field.cls, field.name))
    _select(field, listed, lambda v: options.word(field.name, v))


def _catalog(field: Field) -> None:
    words = options.table(field.knob.table)
    listed = list(words) if field.value in words else [field.value, *words]
    _select(field, listed, lambda v: words.get(v, v))


def _select(field: Field, listed: list[str], word: Callable[[str], str]) -> None:
    state.bind(field.key, field.value, field.commit)
    st.selectbox(
        label(field.knob),
        listed,
        index=listed.index(field.value),
        key=field.key,
        format_func=word,
        help=help_text(field.knob),
        on_change=field.commit,
    )


def example_of(knob: Knob) -> str | None:
    """How a date is written; nothing for other fields."""
    return "2026-11-22" if knob.kind == "date" else None


def _text(field: Field) -> None:
    knob = field.knob
    text = to_cell(knob.kind, field.value)

    def named() -> None:
        if field.name == "name" and not str(state.typed(field.key) or "").strip():
            state.refuse([f"{knob.label} is blank; it must have 1 to {knob.longest} characters. It stays as it was."])
        else:
            field.commit()

    state.bind(field.key, text, named)
    st.text_input(
        label(knob), text, key=field.key, help=help_text(knob), on_change=named, placeholder=knob.blank or None
    )


def segments(name: str) -> None:
    """A choice of the plan as a row of segments, without its label."""
    key = f"p:{name}"
    _segments(Plan, name, getattr(state.plan(), name), key, lambda: plan_commit(name, key))


def target_segments(name: str, shown: bool = False) -> None:
    """A choice of the plan's target as a row of segments, its label `shown` or for screen readers alone."""
    key = f"t:{name}"

    def take() -> None:
        state.attempt(lambda: state.plan().with_target(**{name: state.typed(key)}), of=(Target,))

    _segments(Target, name, getattr(state.plan().target, name), key, take, shown)


def _segments(
    cls: type[Record], name: str, value: Any, key: str, take: Callable[[], None], shown: bool = False
) -> None:
    knob = knobs(cls)[name]
    state.bind(key, value, take)
    st.segmented_control(
        knob.label,
        list(choices(cls, name)),
        key=key,
        format_func=lambda v: options.word(name, v),
        label_visibility="visible" if shown else "collapsed",
        help=help_text(knob) if shown else None,
        required=True,
        default=value,
        on_change=take,
    )


def plan_commit(name: str, key: str) -> None:
    """Hand what was typed under a widget key to a field of the plan."""
    state.attempt(lambda: state.plan().but(**{name: state.typed(key)}))
