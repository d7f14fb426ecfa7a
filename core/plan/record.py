"""What every part of the plan shares: frozen, bounds checked on every change, errors in one plain sentence."""

from __future__ import annotations

from functools import lru_cache
from types import UnionType
from typing import Any, ClassVar, Literal, Self, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator, model_validator
from pydantic_core.core_schema import ValidationInfo

from core.plan import points
from core.plan.knob import Knob, check_choice, check_date, check_number, check_text, read_knobs


class Record(BaseModel):
    """A frozen part of the plan whose every simple field has a `Knob` in `knobs.csv`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    record: ClassVar[str]
    shares: ClassVar[str] = ""  # the record in `knobs.csv` that holds fields of several kinds of record

    @field_validator("*", mode="before")
    @classmethod
    def _check(cls, raw: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        knob = knobs(cls).get(name)
        return raw if knob is None else check(cls, name, knob, raw)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        problem = self.impossible()
        if problem:
            raise ValueError(problem)
        return self

    def impossible(self) -> str:
        """Why these fields cannot stand together, in one sentence; empty when they can."""
        return ""

    def but(self, **changes: Any) -> Self:
        """A new record with some fields changed and every bound checked again; ValidationError otherwise."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(fields | changes)


def check(cls: type[Record], name: str, knob: Knob, raw: Any) -> Any:
    """One field's checked value; ValueError in one sentence otherwise."""
    if knob.kind in ("number", "whole"):
        return check_number(name, knob, raw, may_be_blank(cls, name))
    if knob.kind == "points":
        return points.check_points(name, knob, raw)
    if knob.kind == "tags":
        return _tags(name, knob, raw)
    if knob.kind == "choice":
        return check_choice(name, choices(cls, name), raw)
    if knob.kind == "date":
        return check_date(name, raw)
    return check_text(name, knob, raw) or text_default(cls, name)


def text_default(cls: type[BaseModel], name: str) -> str:
    """What a blank text means: the field's default, as in every file. A plan holds no blank where a word must stand."""
    default = cls.model_fields[name].default
    return default if isinstance(default, str) else ""


def _tags(name: str, knob: Knob, raw: Any) -> tuple[str, ...]:
    given = (raw,) if isinstance(raw, str) else (raw or ())
    if not isinstance(given, list | tuple) or not all(isinstance(part, str) for part in given):
        raise ValueError(f"{name} is '{str(raw)[:40]}'; it must be words, parted by semicolons")
    parts = [check_text(name, knob, part) for words in given for part in words.split(";")]
    found = tuple(dict.fromkeys(part for part in parts if part))
    if knob.high is not None and len(found) > knob.high:
        raise ValueError(f"{name} has {len(found)} words; the limit is {knob.high:.0f} words")
    return found


@lru_cache(maxsize=32)
def knobs(cls: type[Record]) -> dict[str, Knob]:
    """Field name -> its knob, in the order of the fields."""
    said = read_knobs()[cls.record] | read_knobs().get(cls.shares, {})
    return {name: said[name] for name in cls.model_fields if name in said}


@lru_cache(maxsize=512)
def choices(cls: type[BaseModel], name: str) -> tuple[str, ...]:
    """The values a choice field may take, in order; empty for other fields."""
    annotation = cls.model_fields[name].annotation
    return tuple(str(member) for member in get_args(annotation)) if get_origin(annotation) is Literal else ()


@lru_cache(maxsize=512)
def may_be_blank(cls: type[BaseModel], name: str) -> bool:
    """Whether None is a value of the field."""
    annotation = cls.model_fields[name].annotation
    return get_origin(annotation) is UnionType and type(None) in get_args(annotation)


def sentences(error: ValidationError) -> list[str]:
    """The plain sentences of a validation error, one per wrong field."""
    lines = []
    for item in error.errors(include_url=False):
        if item["type"] == "default_factory_not_called":
            continue  # another field's error, told in its own sentence
        cause = item.get("ctx", {}).get("error")
        where = ".".join(str(step) for step in item["loc"] if not isinstance(step, int))
        if cause is not None:
            lines.append(str(cause))
        elif item["type"] == "missing":
            lines.append(f"{where} is blank; it must be given")
        elif item["type"] == "extra_forbidden":
            lines.append(f"{where} is not a field of this record")
        else:
            lines.append(f"{where} is {str(item.get('input'))[:40]!r}; {item['msg'][:1].lower()}{item['msg'][1:]}")
    return lines
