"""A file of hourly carbon intensity, recognised and read; what is odd in it is told, and asked for where it matters.

Nothing is mended unasked: a clock without a zone, a unit, gaps and times that stand there twice are questions
(`UnansweredError`), and what was found and done is in `said`, with row numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Literal

from core.imports import hourly_fuels, hourly_plain
from core.imports.hourly_parts import Parts
from core.imports.hourly_rows import Point, Said, separator_of
from core.imports.reading import RefusedError, UnansweredError
from core.imports.sheet import header_of, text_of

__all__ = ["HourlySeries", "Said", "read_hourly"]

HOUR = timedelta(hours=1)
STEPS = (5, 10, 15, 20, 30, 60)  # minutes
LONGEST_LINE_H = 3
LEAST_G, MOST_G = 1.0, 2_000.0  # a mean outside is another unit
WHOLE_PART, STRAIGHT_LINE = "longest whole part", "straight line"
TWICE = ("first", "last", "mean")
SECONDS_A_MINUTE = 60
HOUR_MIN = 60
MOST_HOURS = 100_000
NOTHING_SAID = Said()


@dataclass(frozen=True, slots=True)
class HourlySeries:
    """Hours of carbon intensity [g/kWh], UTC, one after another from `start`. `kind` says whose file it was.

    `basis` is what they count; a `marginal` series is for the line "scored on marginal" alone. `said` tells what was
    found and done, to be confirmed; `bases` what else it could count, `area` the grid it names.
    """

    kind: str
    name: str
    start: datetime
    intensity_g_per_kwh: tuple[float, ...]
    basis: Literal["life_cycle", "direct", "marginal", "unknown"]
    said: tuple[str, ...]
    file_sha256: str = ""
    bases: tuple[str, ...] = ()
    area: str = ""

    @property
    def marginal(self) -> bool:
        """Whether it says what one more kWh emits, and not the average."""
        return self.basis == "marginal"


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file: how it is known and read."""

    kind: str
    recognises: Callable[[Sequence[str]], bool]
    read: Callable[[str, str, str, Said, Mapping[str, float]], Parts]


FORMATS = (
    Format("Electricity Maps", hourly_plain.is_electricity_maps, hourly_plain.electricity_maps),
    Format("NESO carbon intensity (Great Britain)", hourly_plain.is_neso, hourly_plain.neso),
    Format("NESO generation mix (Great Britain)", hourly_plain.is_neso_mix, hourly_plain.neso_mix),
    Format("WattTime (marginal)", hourly_plain.is_watttime, hourly_plain.watttime),
    Format("ENTSO-E generation by type", hourly_fuels.is_long, hourly_fuels.long),
    Format("ENTSO-E generation by type, one column a type", hourly_fuels.is_wide, hourly_fuels.wide),
    Format("plain hours", hourly_plain.is_plain, hourly_plain.plain),
)


def read_hourly(
    name: str, raw: bytes, said: Said = NOTHING_SAID, factors: Mapping[str, float] | None = None
) -> HourlySeries:
    """The hours of a file; RefusedError in one sentence, UnansweredError where its owner must say more first.

    `factors` are life-cycle g/kWh by way of generating, for files of generation.
    """
    text = text_of(name, raw)
    separator = separator_of(text)
    header = header_of(text, separator)
    found = next((one for one in FORMATS if one.recognises(header)), None)
    if found is None:
        kinds = ", ".join(one.kind for one in FORMATS)
        raise RefusedError(f"{name} is none of the files known here: {kinds} (timestamp,g_per_kwh)")
    parts = found.read(name, text, separator, said, factors or {})
    start, hours, told = _hours(name, parts.points, said)
    mean = sum(hours) / len(hours)
    if parts.unit_guessed and not said.unit and not LEAST_G <= mean <= MOST_G:
        raise UnansweredError(
            "unit",
            f"{name}: read as g/kWh the mean is {mean:.3g}; it should lie in [{LEAST_G:g}, {MOST_G:,.0f}] g/kWh: "
            "say the unit",
            tuple(hourly_plain.UNITS),
        )
    series = HourlySeries(
        found.kind, name, start, tuple(hours), parts.basis, (*parts.said, *told), bases=parts.bases, area=parts.area
    )
    return replace(series, file_sha256=sha256(raw).hexdigest())


def _hours(name: str, points: Sequence[Point], said: Said) -> tuple[datetime, list[float], list[str]]:
    """The hours without a gap, their start, and what was done."""
    ordered, told = _in_order(name, points)
    single, more = _once(name, ordered, said)
    told += more
    lasting = _lasting(name, single)
    by_hour: dict[datetime, list[tuple[int, float]]] = {}
    for point, minutes in zip(single, lasting, strict=True):
        whole = point.at.replace(minute=0, second=0, microsecond=0)
        if point.value is not None:
            by_hour.setdefault(whole, []).append((minutes, point.value))
    full = {
        hour: sum(minutes * value for minutes, value in parts) / HOUR_MIN
        for hour, parts in by_hour.items()
        if sum(minutes for minutes, _ in parts) == HOUR_MIN
    }
    if not full:
        raise RefusedError(f"{name}: no hour is whole: every one lacks a value")
    steps, late = sorted(set(lasting)), single[0].at.minute
    if steps == [HOUR_MIN] and late:
        told.append(f"its hours begin {late} minutes past the hour of UTC: each counts as the hour it begins in")
    if len(steps) > 1:
        told.append(f"steps of {' and '.join(map(str, steps))} minutes, as the file names them")
    elif steps != [HOUR_MIN]:
        told.append(f"steps of {steps[0]} minutes; {HOUR_MIN // steps[0]} of them make an hour by their mean")
    first, last = min(full), max(full)
    if last - first > MOST_HOURS * HOUR:
        raise RefusedError(f"{name} spans {first:%Y-%m-%d} to {last:%Y-%m-%d}; the limit is {MOST_HOURS:,} hours")
    ends = {point.at.replace(minute=0, second=0, microsecond=0) for point in single}
    ends = {hour for hour in ends if not first <= hour <= last}
    if ends:
        told.append(f"hours at the ends that are not whole: {len(ends):,}, left out")
    count = int((last - first) / HOUR) + 1
    series = [full.get(first + hour * HOUR) for hour in range(count)]
    period = f"from {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC"
    told.append(f"{count:,} hour{'s' if count > 1 else ''} {period}, each at its beginning")
    return _whole(name, first, series, said, told)


def _in_order(name: str, points: Sequence[Point]) -> tuple[list[Point], list[str]]:
    """Points from early to late. Newest first is turned round and told; any other disorder is refused."""
    backwards = len(points) > 1 and all(later.at <= earlier.at for earlier, later in pairwise(points))
    if backwards and points[0].at != points[-1].at:
        return list(points)[::-1], ["the newest row comes first: the order was turned round"]
    for before, after in pairwise(points):
        if after.at < before.at:
            raise RefusedError(
                f"{after.row.where}: {after.at:%Y-%m-%d %H:%M} UTC comes after {before.at:%Y-%m-%d %H:%M} UTC; "
                "rows must be in order of time, one zone a file"
            )
    return list(points), []


def _once(name: str, points: Sequence[Point], said: Said) -> tuple[list[Point], list[str]]:
    """Points with each time once."""
    groups: list[list[Point]] = []
    for point in points:
        if groups and groups[-1][0].at == point.at:
            groups[-1].append(point)
        else:
            groups.append([point])
    double = [group for group in groups if len(group) > 1]
    if not double:
        return list(points), []
    where = double[0][1]
    many = "1 time stands" if len(double) == 1 else f"{len(double):,} times stand"
    found = f"{many} there more than once, first {where.at:%Y-%m-%d %H:%M} UTC in row {where.row.number:,}"
    if said.twice not in TWICE:
        raise UnansweredError("twice", f"{name}: {found}; say which counts: first, last or mean", TWICE)
    return [_chosen(group, said.twice) for group in groups], [f"{found}: the {said.twice} counts"]


def _chosen(group: list[Point], which: str) -> Point:
    if which == "mean":
        values = [point.value for point in group if point.value is not None]
        return replace(group[0], value=sum(values) / len(values) if values else None)
    return group[0] if which == "first" else group[-1]


def _lasting(name: str, points: Sequence[Point]) -> list[int]:
    """Minutes that each row holds: as the file names them, else the commonest difference."""
    named = [point.lasts_min for point in points]
    return named if all(named) else [_step(name, points)] * len(points)


def _step(name: str, points: Sequence[Point]) -> int:
    """Minutes between rows: the commonest difference."""
    if len(points) < 2:
        raise RefusedError(f"{name} holds {len(points)} time; a series needs two or more")
    gaps = [after.at - before.at for before, after in pairwise(points)]
    usual = max(set(gaps), key=lambda gap: (gaps.count(gap), -gap)) if len(set(gaps)) < 50 else min(gaps)
    minutes = usual.total_seconds() / SECONDS_A_MINUTE
    if minutes not in STEPS:
        raise RefusedError(f"{name}: rows are {minutes:g} minutes apart; they must be 5, 10, 15, 20, 30 or 60")
    return int(minutes)


def _whole(
    name: str, first: datetime, series: list[float | None], said: Said, told: list[str]
) -> tuple[datetime, list[float], list[str]]:
    """Hours without a hole, as the owner says."""
    holes = _holes(series)
    if not holes:
        return first, [value for value in series if value is not None], told
    lacking = sum(end - start for start, end in holes)
    start, end = holes[0]
    many = "1 hour is" if lacking == 1 else f"{lacking:,} hours are"
    found = (
        f"{many} missing in {len(holes):,} place{'s' if len(holes) > 1 else ''}, first "
        f"{first + start * HOUR:%Y-%m-%d %H:%M} UTC ({end - start:,} h)"
    )
    if said.gaps == WHOLE_PART:
        edges = [(0, 0), *holes, (len(series), len(series))]
        parts = [(left[1], right[0]) for left, right in pairwise(edges)]
        low, high = max(parts, key=lambda part: part[1] - part[0])
        kept = [value for value in series[low:high] if value is not None]
        return first + low * HOUR, kept, [*told, f"{found}: the longest whole part is kept, {len(kept):,} hours"]
    longest = max(end - start for start, end in holes)
    if said.gaps == STRAIGHT_LINE and longest <= LONGEST_LINE_H:
        return first, _lined(series, holes), [*told, f"{found}: filled by straight lines"]
    if said.gaps == STRAIGHT_LINE:
        raise UnansweredError(
            "gaps",
            f"{name}: a gap of {longest:,} h is too long for a straight line, the limit is {LONGEST_LINE_H} h: "
            "keep the longest whole part, or mend the file",
            (WHOLE_PART,),
        )
    choices = (WHOLE_PART, STRAIGHT_LINE) if longest <= LONGEST_LINE_H else (WHOLE_PART,)
    raise UnansweredError("gaps", f"{name}: {found}; say what to do: {' or '.join(choices)}", choices)


def _holes(series: Sequence[float | None]) -> list[tuple[int, int]]:
    """Where hours are missing: first, and first after."""
    found: list[tuple[int, int]] = []
    for place, value in enumerate(series):
        if value is None and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1)
        elif value is None:
            found.append((place, place + 1))
    return found


def _lined(series: Sequence[float | None], holes: Sequence[tuple[int, int]]) -> list[float]:
    filled = list(series)
    for start, end in holes:
        before, after = series[start - 1], series[end]
        assert before is not None, "a series begins with a whole hour"
        assert after is not None, "a series ends with a whole hour"
        for place in range(start, end):
            filled[place] = before + (after - before) * (place - start + 1) / (end - start + 1)
    return [value for value in filled if value is not None]
