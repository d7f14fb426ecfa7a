"""One sentence for each chart: its text alternative. Rows are the chart's own, already in the unit of `scale`."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from core.words.figures import Scale, figure, percent

Row = Mapping[str, Any]


def _shown(value: float, scale: Scale, digits: int = 2) -> str:
    return scale.dress(figure(value, digits))


def _as_name(part: str) -> str:
    """A part's name inside a sentence: a capitalised first word goes lower, an abbreviation stays."""
    return part[:1].lower() + part[1:] if part[1:2].islower() else part


def by_year_summary(rows: Sequence[Row], scale: Scale, as_typed: bool = False) -> str:
    """Where the total starts and ends, and the largest part of the last year. Rows: year, part, value.

    Parts that people have named stand as typed.

    >>> rows = [{"year": y, "part": p, "value": v} for y, p, v in [(2026, "Idle", 210.0), (2035, "Idle", 540.0)]]
    >>> print(by_year_summary(rows, Scale("t", 1.0, after=" t")).replace("\\xa0", " "))
    From 210 t in 2026 to 540 t in 2035; the largest part in 2035 is idle (100 %).
    """
    if not rows:
        return "No years to show."
    totals: dict[int, float] = defaultdict(float)
    for row in rows:
        totals[row["year"]] += row["value"]
    first, last = min(totals), max(totals)
    largest = max((row for row in rows if row["year"] == last), key=lambda row: row["value"])
    share = largest["value"] / totals[last] if totals[last] else 0.0
    run = f"From {_shown(totals[first], scale)} in {first} to {_shown(totals[last], scale)} in {last}"
    run = run if first != last else f"{_shown(totals[last], scale)} in {last}"
    name = largest["part"] if as_typed else _as_name(largest["part"])
    return f"{run}; the largest part in {last} is {name} ({percent(share)})."


def lines_summary(rows: Sequence[Row], names: Mapping[str, str], scale: Scale) -> str:
    """Where each line starts and ends. Rows: year, line, value; `names` says what each line is called.

    >>> rows = [{"year": 2026, "line": "a", "value": 55.0}, {"year": 2035, "line": "a", "value": 105.0}]
    >>> print(lines_summary(rows, {"a": "This plan"}, Scale("t", 1.0, after=" t")))
    This plan goes from 55 t in 2026 to 100 t in 2035.
    >>> print(lines_summary(rows[:1], {"a": "This plan"}, Scale("t", 1.0, after=" t")))
    This plan stands at 55 t in 2026.
    """
    runs = []
    for line, name in names.items():
        own = sorted((row for row in rows if row["line"] == line), key=lambda row: int(row["year"]))
        if own:
            ends = [f"{_shown(row['value'], scale)} in {row['year']}" for row in (own[0], own[-1])]
            runs.append(f"{name} goes from {ends[0]} to {ends[1]}" if own[1:] else f"{name} stands at {ends[0]}")
    return f"{'; '.join(runs)}." if runs else "No years to show."


def ladder_summary(steps: Sequence[Row]) -> str:
    """The ladder read from top to bottom. Steps: step, label.

    >>> ladder_summary([{"step": "Accelerators", "label": "120 MWh"}, {"step": "At the meter", "label": "240 MWh"}])
    'Accelerators 120 MWh, at the meter 240 MWh.'
    """
    words = [f"{_as_name(step['step'])} {step['label']}" for step in steps]
    text = ", ".join(words)
    return f"{text[:1].upper()}{text[1:]}." if steps else "No steps to show."


def bars_summary(rows: Sequence[Row], scale: Scale) -> str:
    """Each bar's total and parts. Rows: row, part, value.

    >>> rows = [{"row": "Before", "part": "Busy", "value": 60.0}, {"row": "Before", "part": "Idle", "value": 90.0}]
    >>> print(bars_summary(rows, Scale("MWh", 1.0, after=" MWh")))
    Before: 150 MWh, of which busy 60 MWh and idle 90 MWh.
    """
    sentences = []
    for name in dict.fromkeys(row["row"] for row in rows):
        own = [row for row in rows if row["row"] == name]
        parts = " and ".join(f"{_as_name(row['part'])} {_shown(row['value'], scale)}" for row in own)
        sentences.append(f"{name}: {_shown(sum(row['value'] for row in own), scale)}, of which {parts}.")
    return " ".join(sentences) or "Nothing to show."


def against_summary(rows: Sequence[Row]) -> str:
    """How near the dots lie to equality, and which is furthest off. Rows: told, measured, estimated.

    >>> rows = [{"told": "A", "measured": 1.0, "estimated": 1.1}, {"told": "B", "measured": 2.0, "estimated": 0.5}]
    >>> print(against_summary(rows).replace("\\xa0", " "))
    1 of 2 within a quarter; the furthest off is B: 0.50 estimated, 2.0 measured.
    """
    if not rows:
        return "No measurements to show."
    near = sum(1 / 1.25 <= row["estimated"] / row["measured"] <= 1.25 for row in rows)
    worst = max(rows, key=lambda row: abs(log(row["estimated"] / row["measured"])))
    ends = f"{figure(worst['estimated'], 2)} estimated, {figure(worst['measured'], 2)} measured"
    return f"{near} of {len(rows)} within a quarter; the furthest off is {worst['told']}: {ends}."


def ranges_summary(rows: Sequence[Row]) -> str:
    """The kinds with the smallest and the largest error. Rows: name, label, low, high, few.

    >>> rows = [{"name": "A", "label": "5 %", "low": 0.9, "high": 1.1, "few": False}]
    >>> ranges_summary(rows + [{"name": "B", "label": "30 %", "low": 0.5, "high": 1.2, "few": False}])
    'Narrowest: A (median error 5 %). Widest: B (median error 30 %).'
    """
    told = [row for row in rows if not row["few"]]
    if not told:
        return "Nothing to show."
    ordered = sorted(told, key=lambda row: log(row["high"] / row["low"]))
    first, last = (f"{row['name']} (median error {row['label']})" for row in (ordered[0], ordered[-1]))
    return f"Narrowest: {first}. Widest: {last}."
