"""A record as text cells, and back: what the CSV and the link have in common.

A cell holds a number at full precision, a word, or nothing where the field is blank.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from core.plan import points
from core.plan.record import Record, check, knobs, sentences

R = TypeVar("R", bound=Record)


def to_cell(kind: str, value: Any) -> str:
    """A field's value as text.

    >>> to_cell("number", 10000.0), to_cell("number", 0.1), to_cell("number", None), to_cell("tags", ("a", "b"))
    ('10000', '0.1', '', 'a; b')
    """
    if value is None:
        return ""
    if kind == "points":
        return points.to_text(value)
    if kind == "tags":
        return "; ".join(value)
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def cells(record: Record) -> dict[str, str]:
    """Field name -> text of every knob of a record."""
    return {name: to_cell(knob.kind, getattr(record, name)) for name, knob in knobs(type(record)).items()}


def default_cells(cls: type[Record]) -> dict[str, str]:
    """Field name -> text of a field's default; nothing where a field has none."""
    given = {name: field.default for name, field in cls.model_fields.items() if field.default is not PydanticUndefined}
    return {name: to_cell(knob.kind, given.get(name)) for name, knob in knobs(cls).items()}


def checked(cls: type[Record], raw: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields that are valid, and a sentence for each that is not. A blank cell is left to the field's default."""
    fields: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, text in raw.items():
        knob = knobs(cls).get(name)
        if knob is None or not text.strip():
            continue
        try:
            fields[name] = check(cls, name, knob, text)
        except ValueError as error:
            problems[name] = str(error)
    return fields, problems


def build(cls: type[R], fields: Mapping[str, Any]) -> tuple[R | None, list[str]]:
    """The record, or the sentences that say why these fields make none."""
    try:
        return cls.model_validate(dict(fields)), []
    except ValidationError as error:
        return None, sentences(error)
