"""Numbers, moments and words in a service's answer, each checked; what is wrong is said with its name and limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from core.live.record import LiveError

MOST_G_PER_KWH = 2_000.0  # no grid emits more: another unit
OLDEST = timedelta(hours=3)
EARLIEST = timedelta(hours=1)  # a clock that is ahead
MOST_SHOWN = 40


def part(answer: Any, *names: str | int) -> Any:
    """What stands at a place of an answer; LiveError where it is not there."""
    found = answer
    for name in names:
        try:
            found = found[name]
        except (KeyError, IndexError, TypeError):
            place = ".".join(map(str, names))
            raise LiveError(f"its answer has no '{place}'") from None
    return found


def number(value: Any, what: str) -> float:
    """A finite number that is no negative one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise LiveError(f"{what} is {shown(value)}, which is no number")
    try:
        found = float(value)
    except OverflowError:
        found = float("inf")
    if not isfinite(found):
        raise LiveError(f"{what} is {shown(value)}, which is no finite number")
    if found < 0:
        raise LiveError(f"{what} is {found:g}; it must be 0 or more")
    return found


def intensity_g_per_kwh(value: Any, factor: float, what: str) -> float:
    """An intensity [g/kWh] from a value and what one of its unit is in g/kWh."""
    found = number(value, what) * factor
    if found > MOST_G_PER_KWH:
        raise LiveError(f"{what} is {found:,.0f} g/kWh; it must lie in [0, {MOST_G_PER_KWH:,.0f}] g/kWh")
    return found


def moment(value: Any, what: str) -> datetime:
    """A moment with its zone, in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise LiveError(f"{what} is {shown(value)}, which is no time") from None
    if found.tzinfo is None:
        raise LiveError(f"{what} is {shown(value)}, which names no time zone")
    return found.astimezone(UTC)


def recent(at: datetime, now: datetime) -> datetime:
    """A moment that is not long ago and not to come."""
    if now - at > OLDEST:
        hours = (now - at) / timedelta(hours=1)
        raise LiveError(f"its newest figure is of {at:%Y-%m-%d %H:%M} UTC, {hours:,.0f} h ago; the limit is 3 h")
    if at - now > EARLIEST:
        raise LiveError(f"its newest figure is of {at:%Y-%m-%d %H:%M} UTC, which is to come")
    return at


def same(found: Any, wanted: str, what: str) -> None:
    """LiveError where an answer is about something else than was asked for."""
    if found != wanted:
        raise LiveError(f"{what} is {shown(found)}; asked for was '{wanted}'")


def rows(answer: Mapping[str, Any], name: str = "data") -> list[Any]:
    """The list at a name of an answer."""
    found = part(answer, name)
    if not isinstance(found, list):
        raise LiveError(f"its '{name}' is no list")
    return found


def shown(value: Any) -> str:
    """A value in a sentence: short, and on one line."""
    text = " ".join(str(value).split())
    return f"'{text[:MOST_SHOWN]}…'" if len(text) > MOST_SHOWN else f"'{text}'"
