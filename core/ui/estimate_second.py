"""A second opinion: EcoLogits' figure for one request beside ours, and the way from one to the other."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import charts, words
from core.peers.bridge import Bridge, Step, bridge
from core.peers.ecologits_library import Said, Span
from core.peers.opinion import Opinion, opinion, why_none
from core.plan import Plan
from core.plan.plan import CASE
from core.results import interval
from core.results.draws import Floats
from core.results.estimate import Answer
from core.ui import peers, trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import amount, counted, scale_for, small
from core.units import G_PER_KG, KJ_PER_MJ
from core.words import Scale

THEIRS, OURS = "EcoLogits", "Glidepath"
QUANTITIES = {"energy_facility_kwh": "Energy", "carbon_kg": "Carbon", "water_l": "Water"}
TOLD = {
    "energy_facility_kwh": ("Energy of one request, at the meter", "kWh", "energy_facility_kwh"),
    "carbon_kg": ("Carbon of one request, location-based, with hardware", "kg", "carbon_each_kg"),
    "water_l": ("Water of one request, on site and for electricity", "l", "water_source_l"),
}
SMALLEST_SHARE = 0.01  # of the larger end: what is below stands together in the chart, and alone in the table
DUST = 1e-12  # of the larger end: two roads to one figure differ in the last digits
REST = "Smaller steps"
PER_MILLION = 1e6  # requests: one takes too little of metals for a figure
ORDER = (
    "Each step starts from the one above; in another order they have other sizes, the ends do not move. Formula: our "
    "engine, fitted to measurements, under all of EcoLogits' assumptions."
)
# step -> its name, and the small print, filled with what EcoLogits takes and what the case has
STEPS = {
    "middle": ("Middle of its ranges", "it prints the mean of the ends"),
    "formula": ("Formula", "our fit against theirs"),
    "prompt": ("Input tokens", "it leaves them out: {} → {}"),
    "software": ("Serving software", "{} → {}"),
    "format": ("Number format", "{} → {}"),
    "device": ("Accelerator", "→ {1}"),
    "copy": ("Accelerators a copy", "{} → {}"),
    "batch": ("Requests at a time", "{} → {}"),
    "server": ("Rest of the server", "{} → {} W each"),
    "fleet": ("Held and waiting", "busy {1} % of hours held"),
    "pue": ("Site overhead", "PUE {} → {}"),
    "grid": ("Grid", "{} → {} g/kWh"),
    "making": ("Making of hardware", "{} → {} kg a year each"),
    "wue": ("Cooling water", "{} → {} l/kWh"),
    "water": ("Water of electricity", "{} → {} l/kWh"),
    "meter": ("Your meter", "as measured"),
}


def second(plan: Plan, answer: Answer) -> None:
    """EcoLogits beside ours: the sentence, the way from theirs to ours, and the figures."""
    reason = why_none(plan)
    if reason:
        st.markdown(f"{words.markdown_safe(reason)}.")
        if plan.case.kind != "inference":
            peers.training()
        return
    theirs = opinion(plan)
    way = bridge(answer, theirs)
    left, right = st.columns([15, 12], gap="large")
    with left:
        _way(way, theirs)
    with right:
        _figures(answer, theirs)
        peers.measured()


def _way(way: Bridge, theirs: Opinion) -> None:
    """The steps from their figure to ours, as a ladder and as a table."""
    heading = st.container()
    names = list(QUANTITIES)
    chosen = st.segmented_control(
        "Figure", names, key="c:second", default=names[0], required=True, format_func=QUANTITIES.__getitem__
    )
    quantity = str(chosen or names[0])
    title, unit, figure = TOLD[quantity]
    ends, steps = way.ends(quantity), way.steps(quantity)
    scale = scale_for(unit, [max(ends)], small=True)
    with heading:
        trace.section(
            title, f"From {THEIRS} {theirs.edition} to {OURS}, central cases, one assumption at a time", figure, CASE.id
        )
        st.markdown(sentence(ends, steps, scale, theirs.edition))
    rows = ladder_rows(ends, steps, scale)
    about = f"{QUANTITIES[quantity]} from {THEIRS} to {OURS}"
    chart(charts.ladder(rows, about, is_dark()), summary(rows), _table(ends, steps, scale))
    st.markdown(small(ORDER))


def sentence(ends: tuple[float, float], steps: list[Step], scale: Scale, edition: str) -> str:
    """Both figures, their ratio, and the step that moves most."""
    theirs, ours = (words.quantity(end, scale, 2) for end in ends)
    times = f"{words.figure(ends[1] / ends[0], 2)} times" if ends[0] > 0 else "not to be compared with"
    first = f"**{THEIRS} {edition} says {theirs} a request, {OURS} {ours}: {times} as much.**"
    most = max(steps, key=lambda step: abs(step.change))
    if most.change == 0:
        return first
    moved = f"{words.signed_figure(most.change / scale.divisor, 2)}{scale.after}"
    name, note = _name(most), _note(most)
    return f"{first} What moves most: {name[:1].lower() + name[1:]} ({note}), {moved}."


def ladder_rows(ends: tuple[float, float], steps: list[Step], scale: Scale) -> list[charts.Row]:
    """Their figure, each step, and ours, in the unit of the page; steps too small to see stand together."""
    floor = SMALLEST_SHARE * max(ends)
    shown = [step for step in steps if abs(step.change) >= floor]
    moved = [(_name(step), _note(step), step.change) for step in shown]
    rest = sum(step.change for step in steps if abs(step.change) < floor)
    labels = amount([*(abs(change) for *_, change in moved), abs(rest)], scale)
    if labels[-1].strip("0."):  # a rest that shows in as many digits as the others
        moved.append((REST, "in the table below", rest))
    at, rows = ends[0], [_end(THEIRS, ends[0], scale)]
    for (name, note, change), label in zip(moved, labels, strict=False):
        sign = "+" if change > 0 else words.MINUS
        rows.append(
            {
                "step": name,
                "note": note,
                "start": at / scale.divisor,
                "end": (at + change) / scale.divisor,
                "kind": "part",
                "label": f"{sign}{label}",
            }
        )
        at += change
    return [*rows, _end(OURS, ends[1], scale)]


def summary(rows: list[charts.Row]) -> str:
    """The ladder in one sentence."""
    steps = [f"{row['step'][:1].lower()}{row['step'][1:]} {row['label']}" for row in rows[1:-1]]
    way = f" {', '.join(steps)};" if steps else ""
    return f"{THEIRS} {rows[0]['label']};{way} {OURS} {rows[-1]['label']}."


def _end(name: str, value: float, scale: Scale) -> charts.Row:
    figure = {"step": name, "note": "", "start": 0.0, "end": value / scale.divisor, "kind": "total"}
    return figure | {"label": words.quantity(value, scale)}


def _table(ends: tuple[float, float], steps: list[Step], scale: Scale) -> dict[str, list[str]]:
    """Every step: what changes, what it adds, by how much it multiplies, and the figure after it."""
    columns: dict[str, list[str]] = {"Step": [THEIRS], "What changes": ["–"], "Adds": ["–"], "Times": ["–"]}
    columns["After it"] = [words.quantity(ends[0], scale)]
    for step in steps:
        same = abs(step.change) <= DUST * max(ends)
        times = step.after / step.before if step.before > 0 else float("nan")
        cells = (
            _name(step),
            _note(step),
            "no change" if same else f"{words.signed_figure(step.change / scale.divisor)}{scale.after}",
            "1" if same else words.figure(times),
            words.quantity(step.after, scale),
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(words.markdown_safe(cell))
    return columns


def _name(step: Step) -> str:
    return STEPS[step.key][0]


def _note(step: Step) -> str:
    if step.key == "fleet":
        return STEPS["fleet"][1].format("", words.figure(float(step.now) * 100, 2))
    return STEPS[step.key][1].format(_value(step.was), _value(step.now))


def _value(value: float | str) -> str:
    if isinstance(value, str):
        return value
    text = counted(value, words.figure(value, 3))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _figures(answer: Answer, theirs: Opinion) -> None:
    """Every figure that both have, with its range and the ratio."""
    said = theirs.said
    trace.section(
        "Both answers",
        "Theirs: from its least to its most · ours: central case, 80 % range",
        "energy_facility_kwh",
        CASE.id,
    )
    rows = [
        ("Energy at the meter", "kWh", said.energy_facility_kwh, answer.each("energy_facility_kwh")),
        ("Carbon, location-based", "kg", said.carbon_location_kg, answer.each("carbon_location_kg")),
        ("Making of the hardware", "kg", said.carbon_embodied_kg, answer.each("carbon_embodied_kg")),
        ("Water", "l", said.water_l, answer.each("water_site_l") + answer.each("water_source_l")),
        ("Time per answer", "s", said.request_time_s, answer.year("request_time_s")),
        ("Accelerators a copy", "", said.accelerators, answer.year("accelerators")),
    ]
    cells = [_line(*row) for row in rows]
    names = ("One request", THEIRS, OURS, "Ours over theirs")
    st.table(dict(zip(names, map(list, zip(*cells, strict=True)), strict=True)), border="horizontal", hide_index=True)
    for note in _notes(theirs, said):
        st.markdown(small(words.markdown_safe(note)))


def _line(name: str, unit: str, theirs: Span, ours: Floats) -> tuple[str, str, str, str]:
    low, mid, high = interval(ours)
    scale = scale_for(unit, [mid, theirs.middle], small=True)
    told = [
        words.with_range(theirs.middle, theirs.low, theirs.high, scale),
        words.with_range(mid, low, high, scale),
    ]
    cells = [f"{middle} ({ends})" if ends else middle for middle, ends in told]
    if not unit:  # whole things
        cells = [_value(theirs.middle), _value(mid)]
    ratio = mid / theirs.middle if theirs.middle > 0 else float("nan")
    return name, cells[0], cells[1], words.figure(ratio, 2) if isfinite(ratio) else "–"


def _notes(theirs: Opinion, said: Said) -> list[str]:
    """What it took, what it could not take, and what each of the two leaves out."""
    asked = theirs.asked
    active, total = (_billions(found) for found in (asked.params_active_b, asked.params_total_b))
    place = f"electricity of {asked.zone} at {words.figure(theirs.mix.intensity_location_g_per_kwh, 3)} g/kWh"
    pue = words.with_range(asked.pue.middle, asked.pue.low, asked.pue.high, Scale("", 1.0))
    whose = ", its own estimate of an undisclosed size" if asked.params_active_b.wide else ""
    took = f"EcoLogits took {active} active of {total} parameters{whose}, {place}, PUE {pue[1] or pue[0]}."
    energy = words.figure(said.primary_energy_mj.middle * KJ_PER_MJ, 2)
    metals = words.figure(said.minerals_kg.middle * G_PER_KG * PER_MILLION, 2)
    return [
        took,
        *(f"{words.capital(note)}." for note in theirs.notes),
        f"EcoLogits also gives primary energy, {energy} kJ a request, and use of metals and minerals, {metals} g of "
        "antimony equivalent a million requests. Glidepath works out neither.",
        "Glidepath also counts input tokens, the accelerators that wait, contracts for electricity and cost. EcoLogits "
        "leaves them out.",
    ]


def _billions(found: Span) -> str:
    ends = [_value(end) for end in found]
    return f"{ends[0]}–{ends[1]} billion" if found.wide else f"{ends[0]} billion"
