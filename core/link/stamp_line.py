"""The first line of a link, and back: data version and headline, then the rules of the target and what they came to."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from core.link.pack import escape, unescape
from core.link.stamp import Stamp, TargetStamp

SIGN = "!"
MOST_SAID = 200  # characters of one word of the rules: a link may come from anybody


def stamp_line(stamp: Stamp) -> str:
    """The line that opens every link."""
    cells = [f"{SIGN}{stamp.data_version[:6]}", _figure(stamp.headline_kg)]
    target = stamp.target
    if target is not None:
        cells += [*map(escape, target.rules), _figure(target.allowed_kg), _figure(target.plan_kg)]
    return "\t".join(cells)


def read_stamp(head: str, entries: Sequence[str]) -> Stamp:
    """What that line says; links made before targets had a stamp say nothing of theirs."""
    cells = dict(enumerate(entries))
    standard, formula, day, parameters = (_said(cells.get(place, "")) for place in range(1, 5))
    allowed_kg, plan_kg = (_number(cells.get(place, "")) for place in (5, 6))
    said = standard or formula or day or parameters
    target = TargetStamp(standard, formula, day, parameters, allowed_kg, plan_kg) if said else None
    return Stamp(head.removeprefix(SIGN)[:12], _number(cells.get(0, "")), target)


def _figure(kg: float | None) -> str:
    return "" if kg is None else f"{kg:.4g}"


def _number(text: str) -> float | None:
    try:
        kg = float(text)
    except ValueError:
        return None
    return kg if isfinite(kg) else None


def _said(text: str) -> str:
    """A word of the rules on one line."""
    return " ".join(unescape(text).split())[:MOST_SAID]
