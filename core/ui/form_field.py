"""One widget of a form that is checked as a whole: what is typed is a draft of the session until the form is taken."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

import streamlit as st

from core.plan import Knob, Record, choices, knobs
from core.plan.cells import to_cell
from core.plan.knob import parse_number
from core.ui import fields, options, state


def keep(key: str) -> None:
    """Hold what a widget says in the session, which outlives the widget."""
    state.session().drafts[key] = state.typed(key)


def number(knob: Knob, key: str, value: float | str | None, blank: str = "") -> None:
    """A number of a form, which may be blank until the form is taken."""
    fields.number_line(knob, value, key, lambda: _keep_number(key), blank)


def _keep_number(key: str) -> None:
    """Hold the number typed, None for a blank; what is none is held as it was typed: the form says what is wrong."""
    text = str(state.typed(key) or "")
    try:
        value = parse_number(text)
    except (ValueError, OverflowError):
        value = float("nan")
    state.session().drafts[key] = value if value is None or isfinite(value) else text


def draw(cls: type[Record], key: str, name: str, value: Any) -> None:
    """One widget of a form. What was typed is held as a draft until the whole form is taken."""
    knob = knobs(cls)[name]
    said: dict[str, Any] = {"label": fields.label(knob), "key": key, "help": fields.help_text(knob)}
    said |= {"on_change": keep, "args": (key,)}
    if knob.kind in ("number", "whole"):
        number(knob, key, value)
    elif knob.kind == "choice":
        _select(said, list(choices(cls, name)), value, lambda v: options.word(name, v))
    elif knob.kind == "catalog":
        known = options.table(knob.table) if name in ("region", "model") else options.listed(knob.table)
        blank = [] if cls.model_fields[name].default else [""]
        gone = [value] if value and value not in known else []
        listed = [*blank, *gone, *(k for k in known if k)]
        _select(said, listed, value, lambda v: known.get(v, v) if v else knob.blank or "Choose")
    else:
        text = to_cell(knob.kind, value) if isinstance(value, tuple) else str(value or "")
        state.bind(key, text)
        st.text_input(**said, value=text, placeholder=knob.blank or fields.example_of(knob))


def _select(said: dict[str, Any], listed: list[str], value: str, word: Callable[[str], str]) -> None:
    state.bind(said["key"], value)
    st.selectbox(**said, options=listed, index=listed.index(value), format_func=word)
