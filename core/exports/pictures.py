"""The charts of a report: carbon by year with its range, the ladder to the meter, both methods, levers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from core import words
from core.charts.theme import LIGHT, ticks
from core.charts.tones import HARDWARE as HARDWARE_TONE
from core.exports import svg
from core.exports.answer import Answer, Year
from core.exports.scales import amount, page_scale
from core.results import Results, effects
from core.results.parts import energy_ladder
from core.words import Scale

INK, MUTED, GRID, USUAL = LIGHT.text, LIGHT.muted, LIGHT.grid, LIGHT.baseline
ELECTRICITY, HARDWARE = LIGHT.series[0], LIGHT.series[HARDWARE_TONE]
ROW_PX, BAR_PX = 24.0, 15.0
MOST_LEVERS = 8
REBOUND = "Rebound: more use"
LEAST_GAP_PX = 34.0  # between the labels of two years


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart as SVG, and its sentence."""

    svg: str
    summary: str


def by_year(answer: Answer, usual: Results | None) -> Drawn:
    """Carbon of every year: electricity and hardware stacked, the range of their sum, business as usual dashed."""
    scale, rows = page_scale(answer.found), answer.by_year
    hardware = answer.plan.boundary == "with_hardware"
    before = [] if usual is None else [float(kg) / scale.divisor for kg in usual.total(usual.carbon_kg())[:, 0]]
    highs = [one.carbon_p90_kg if isfinite(one.carbon_p90_kg) else one.carbon_kg for one in rows]
    marked = ticks(max([*before, *(kg / scale.divisor for kg in highs if isfinite(kg))], default=0.0))
    left, right, top, bottom = 46.0, svg.WIDTH_PX - 12.0, 26.0, 232.0
    step = (right - left) / len(rows)

    def y(kg: float) -> float:
        return bottom - (bottom - top) * kg / scale.divisor / marked[-1]

    marks = [mark for value in marked for mark in _tick(value, y(value * scale.divisor), left, right)]
    for place, one in enumerate(rows):
        middle = left + step * (place + 0.5)
        marks += _bar(one, answer.plan.method, hardware, middle, min(step * 0.56, 34.0), y)
        if place % (int(LEAST_GAP_PX / step) + 1) == 0 or one.year == answer.year:
            marks.append(svg.text(middle, bottom + 17, str(one.year), INK, "middle", one.year == answer.year))
    if before:
        points = [(left + step * (place + 0.5), y(value * scale.divisor)) for place, value in enumerate(before)]
        marks.append(svg.path(points, USUAL, 2.0, dashed=True))
    names = [("Electricity", ELECTRICITY), *([("Making of hardware", HARDWARE)] if hardware else [])]
    marks += _keys(names, bool(before))
    first, last = rows[0], rows[-1]
    ends = [f"{words.quantity(one.carbon_kg, scale, 2)} in {one.year}" for one in dict.fromkeys((first, last))]
    said = f"From {' to '.join(ends)}" if len(ends) > 1 else ends[0]
    summary = f"{said}. In {answer.year}: {_ranged(answer.shown, scale)}."
    return Drawn(svg.picture("years", 256, f"Carbon by year, {scale.label} CO₂e", summary, marks), summary)


def _ranged(one: Year, scale: Scale) -> str:
    middle, ends = words.with_range(one.carbon_kg, one.carbon_p10_kg, one.carbon_p90_kg, scale)
    return f"{middle}, 80 % range {ends}" if ends else middle


def _tick(value: float, y: float, left: float, right: float) -> Iterator[str]:
    yield svg.line(left, y, right, y, GRID)
    yield svg.text(left - 8, y + 4, f"{value:,.10g}".replace(",", words.THIN), MUTED, "end")


def _bar(one: Year, method: str, hardware: bool, middle: float, width: float, y: object) -> Iterator[str]:
    """A year's stack and the line of its range; nothing where it is not known."""
    assert callable(y)
    electricity = one.carbon_location_kg if method == "location" else one.carbon_market_kg
    if not isfinite(one.carbon_kg):
        return
    base = y(0.0)
    yield svg.rect(middle - width / 2, y(electricity), width, base - y(electricity), ELECTRICITY)
    if hardware:
        whole = electricity + one.carbon_embodied_kg
        yield svg.rect(middle - width / 2, y(whole), width, y(electricity) - y(whole), HARDWARE)
    if isfinite(one.carbon_p10_kg) and one.carbon_p90_kg > one.carbon_p10_kg:
        low, high = y(one.carbon_p10_kg), y(one.carbon_p90_kg)
        yield svg.line(middle, low, middle, high, INK, 1.4)
        yield from (svg.line(middle - 4, end, middle + 4, end, INK, 1.4) for end in (low, high))


def _keys(names: Sequence[tuple[str, str]], usual: bool) -> Iterator[str]:
    """What the colours mean, in a line above the plot."""
    x = 46.0
    for name, fill in names:
        yield svg.rect(x, 3, 10, 10, fill)
        yield svg.text(x + 15, 12, name, INK)
        x += 15 + svg.LETTER_PX * len(name) + 18
    yield svg.line(x + 5, 2, x + 5, 14, INK, 1.4)
    yield from (svg.line(x + 1, end, x + 9, end, INK, 1.4) for end in (2, 14))
    yield svg.text(x + 15, 12, "80 % range of the sum", INK)
    x += 15 + svg.LETTER_PX * 21 + 18
    if usual:
        yield svg.path([(x, 8), (x + 22, 8)], USUAL, 2.0, dashed=True)
        yield svg.text(x + 28, 12, "Business as usual", INK)


@dataclass(frozen=True, slots=True)
class Row:
    """A horizontal bar from `start` to `end` in the chart's unit, with its name, its label and its look."""

    name: str
    start: float
    end: float
    label: str
    fill: str
    outline: str = ""
    bold: bool = False


def rows_of(key: str, title: str, summary: str, rows: Sequence[Row], width: float, names_px: float) -> Drawn:
    """Bars one under another, each from where the one above it ended."""
    top = max([*(max(one.start, one.end) for one in rows), 1e-12])
    left, label_px = names_px + 8, 78.0
    per = (width - left - label_px) / top
    marks = [svg.line(left, 2, left, ROW_PX * len(rows), GRID)]
    for place, one in enumerate(rows):
        middle = ROW_PX * place + ROW_PX / 2
        low, high = sorted((one.start, one.end))
        marks.append(svg.text(names_px, middle + 4, svg.cut(one.name, names_px), INK, "end", one.bold))
        size = max((high - low) * per, 1.0)
        marks.append(svg.rect(left + low * per, middle - BAR_PX / 2, size, BAR_PX, one.fill, one.outline))
        marks.append(svg.text(left + low * per + size + 6, middle + 4, one.label, INK, bold=one.bold))
    return Drawn(svg.picture(key, ROW_PX * len(rows) + 4, title, summary, marks, width), summary)


def ladder(answer: Answer, width: float) -> Drawn:
    """Energy from the accelerators to the meter."""
    scale, steps = page_scale(answer.found, "kWh"), energy_ladder(answer.found, answer.year)
    labels = [scale.dress(text) for text in amount([step.end_kwh - step.start_kwh for step in steps], scale)]
    rows = [
        Row(step.name, step.start_kwh / scale.divisor, step.end_kwh / scale.divisor, label,
            LIGHT.muted if step.total else LIGHT.pale, "" if step.total else LIGHT.accent, step.total)
        for step, label in zip(steps, labels, strict=True)
    ]  # fmt: skip
    summary = words.ladder_summary([{"step": one.name, "label": one.label} for one in rows])
    return rows_of("ladder", f"From the accelerators to the meter, {answer.year}", summary, rows, width, 132)


def methods(answer: Answer, width: float) -> Drawn:
    """Location-based and market-based carbon of electricity, and the making of hardware, beside one another."""
    scale, shown = page_scale(answer.found), answer.shown
    said = (
        ("Location-based", shown.carbon_location_kg, ELECTRICITY),
        ("Market-based", shown.carbon_market_kg, ELECTRICITY),
        ("Making of hardware", shown.carbon_embodied_kg, HARDWARE),
    )
    labels = [scale.dress(text) for text in amount([kg for _, kg, _ in said], scale)]
    rows = [
        Row(name, 0.0, kg / scale.divisor, label, fill) for (name, kg, fill), label in zip(said, labels, strict=True)
    ]
    summary = " ".join(f"{one.name}: {one.label}." for one in rows)
    return rows_of("methods", f"To carbon, {answer.year}", summary, rows, width, 132)


def levers(answer: Answer) -> Drawn | None:
    """From business as usual to the plan: each lever's mean effect over all orders; None without levers."""
    plan = answer.plan
    if not plan.levers:
        return None
    split, scale = effects.shares(plan), page_scale(answer.found)
    named = {lever.id: lever.called for lever in plan.levers}
    order = sorted(split.shapley_kg, key=lambda key: (-abs(split.shapley_kg[key]), key))
    changes = [(named[key], split.shapley_kg[key]) for key in order[:MOST_LEVERS]]
    rest = order[MOST_LEVERS:]
    changes += [(f"{len(rest)} others", sum(split.shapley_kg[key] for key in rest))] if rest else []
    changes += [(REBOUND, split.rebound_kg)] if split.rebound_kg else []
    rows = [_total("Business as usual", split.before_kg, scale, USUAL)]
    at_kg = split.before_kg
    for name, kg in changes:
        fill, outline = (LIGHT.pale, LIGHT.accent) if kg <= 0 else (LIGHT.pale_worse, LIGHT.worse)
        label = scale.dress(words.signed_figure(kg / scale.divisor, 2))
        rows.append(Row(name, at_kg / scale.divisor, (at_kg + kg) / scale.divisor, label, fill, outline))
        at_kg += kg
    rows.append(_total("This plan", split.after_kg, scale, LIGHT.accent))
    summary = "; ".join(f"{one.name} {one.label}" for one in rows) + "."
    title = f"From business as usual to this plan, {answer.year}"
    return rows_of("levers", title, summary, rows, svg.WIDTH_PX, 250)


def _total(name: str, kg: float, scale: Scale, fill: str) -> Row:
    return Row(name, 0.0, kg / scale.divisor, words.quantity(kg, scale, 2), fill, bold=True)
