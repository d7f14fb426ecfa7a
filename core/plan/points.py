"""A quantity that changes over the years: a few (year, value) points, straight lines between them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from core.plan.knob import Knob, check_number, parse_number, plain

Points = tuple[tuple[int, float], ...]


def to_text(points: Points) -> str:
    """The points as they stand in a CSV cell or a text field.

    >>> to_text(((2026, 0.2), (2030, 1.0)))
    '2026=0.2; 2030=1.0'
    """
    return "; ".join(f"{year}={value!r}" for year, value in points)


def check_points(name: str, knob: Knob, raw: Any) -> Points:
    """Points from text (`2026=0.2; 2030=1`), a single number (the same every year) or pairs; ValueError otherwise."""
    pairs = _pairs(name, raw)
    points: list[tuple[int, float]] = []
    for year, value in pairs:
        checked = check_number(name, knob, value, may_be_blank=False)
        if not 2000 <= year <= 2100:
            shown = year if abs(year) < 10_000 else plain(year)  # a link may bring one of three thousand digits
            raise ValueError(f"{name} names the year {shown}; it must lie in [2000, 2100]")
        points.append((year, float(checked or 0.0)))
    points.sort()
    years = [year for year, _ in points]
    if len(set(years)) != len(years):
        raise ValueError(f"{name} names one year twice; give each year once")
    return tuple(points)


def _pairs(name: str, raw: Any) -> list[tuple[int, Any]]:
    if raw is None or raw == "" or raw == ():
        return []
    if isinstance(raw, int | float):
        return [(2000, raw)]
    if isinstance(raw, tuple | list) and all(_is_pair(part) for part in raw):
        return [(year, value) for year, value in raw]
    if not isinstance(raw, str):
        raise ValueError(f"{name} is '{str(raw)[:40]}'; write it as 2026=0.2; 2030=1")
    pairs: list[tuple[int, Any]] = []
    for part in filter(None, (piece.strip() for piece in raw.split(";"))):
        year, equals, value = part.partition("=")
        try:
            pairs.append((int(year), value) if equals else (2000, parse_number(part)))
        except ValueError:
            raise ValueError(f"{name} is '{raw[:40]}'; write it as 2026=0.2; 2030=1") from None
    return pairs


def _is_pair(part: Any) -> bool:
    return isinstance(part, tuple | list) and len(part) == 2 and isinstance(part[0], int)


def at(points: Points, year: int, default: float) -> float:
    """The value in one year: straight lines between points, level before the first and after the last.

    >>> at(((2026, 0.0), (2030, 1.0)), 2027, 9.0), at((), 2027, 9.0)
    (0.25, 9.0)
    """
    if not points:
        return default
    after = bisect_right(points, (year, float("inf")))
    if after == 0:
        return points[0][1]
    if after == len(points):
        return points[-1][1]
    (year_0, value_0), (year_1, value_1) = points[after - 1], points[after]
    return value_0 + (value_1 - value_0) * (year - year_0) / (year_1 - year_0)
