"""What levers cut from business as usual on the way to the plan, and how use grows beside the tonnes that count."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import charts, words
from core.charts import Line
from core.charts.targets import Kind
from core.exports.verdict import View
from core.results.draws import Floats, interval
from core.targets.lens import Lens, growth_lens
from core.targets.wedges import ORDER, Wedge, wedges
from core.ui import state, trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import in_columns, scale_for, section, small, table
from core.ui.target_picture import drawn_of, picked

LENS = "A target counts absolute tonnes: a falling intensity does not meet it while use grows faster"
HATCHED = "Hatched: a contract, which changes market-based figures alone."


def cut(view: View) -> None:
    """One wedge a lever, in the order in which they act; contracts are hatched and come last."""
    plan, scale, basis = view.plan, view.scale, view.found.basis
    found = wedges(plan)
    note = f"{scale.label} CO₂e a year, {basis}-based · drawn: central case; with 80 % range in the words and the table"
    trace.section("Wedges: what each lever cuts", note, "target_wedge_kg")
    if not found:
        st.markdown("No lever in use: the plan is business as usual. Choose some on What-if.")
        return
    scope = picked(view)
    drawn, years = drawn_of(view, scope), list(plan.years())
    own = [one for line in view.lines(scope) for one in line.scope.split("+")]
    at = [float(value) for value in drawn.usual_kg[:, 0]]
    rows, parts = [], []
    for number, wedge in enumerate(found):
        key, changes = str(number), wedge.on(basis, *own)
        parts.append(charts.Wedge(key, wedge.name, _kind(wedge, changes)))
        after = [before + change for before, change in zip(at, changes, strict=True)]
        if any(changes):
            rows += [
                {"year": year, "part": key, "low": min(a, b) / scale.divisor, "high": max(a, b) / scale.divisor}
                for year, a, b in zip(years, at, after, strict=True)
            ]
        at = after
    lines = (Line("usual", "Business as usual", "baseline"), Line("path", "Pathway", "pathway"),
             Line("plan", "This plan", "plan"))  # fmt: skip
    line_rows = [
        {"year": year, "line": key, "value": float(value) / scale.divisor}
        for key, values in (("usual", drawn.usual_kg[:, 0]), ("plan", drawn.plan_kg[:, 0]))
        for year, value in zip(years, values, strict=True)
    ]
    line_rows += [
        {"year": year, "line": "path", "value": float(value) / scale.divisor}
        for year, value in zip(view.found.line_years, drawn.line_kg, strict=True)
        if isfinite(value) and years[0] <= year <= years[-1]
    ]
    peak = max(charts.highest(line_rows), charts.highest((), rows))
    top = state.held_top(f"wedges, {scope}, {scale.label}", charts.axis_end(peak))
    spec = charts.wedges(rows, parts, line_rows, lines, "Wedges by lever", is_dark(), top)
    chart(spec, _summary(view, found, own), _table(view, found, own))
    hatched = f" {HATCHED}" if any(wedge.procurement for wedge in found) else ""
    st.markdown(small(words.markdown_safe(f"{ORDER}{hatched}")))


def _kind(wedge: Wedge, changes: list[float]) -> Kind:
    return "contract" if wedge.procurement else "adds" if sum(changes) > 0 else "saves"


def _year(view: View) -> int:
    """The year that is told: the target's, where the plan has it."""
    years = view.plan.years()
    asked = view.target.target_year
    return asked if asked is not None and asked in years else years[-1]


def _summary(view: View, found: tuple[Wedge, ...], own: list[str]) -> str:
    year = _year(view)
    when = view.found.view.years().index(year)
    told = [f"{wedge.name} {moved(view, wedge.drawn_on(view.found.basis, *own)[when])}" for wedge in found]
    return f"In {year}, with 80 % range: {'; '.join(told)}."


def moved(view: View, drawn_kg: Floats) -> str:
    """What a lever changes in a year, with its 80 % range: draws with and without it are those of one world."""
    low, central, high = interval(drawn_kg)
    digits = words.digits_for(central, low, high)
    ends = words.span(low, high, view.scale, digits) if low < high else ""
    middle = view.scale.dress(words.signed_figure(central / view.scale.divisor, digits))
    return f"{middle} ({ends})" if ends else middle


def _table(view: View, found: tuple[Wedge, ...], own: list[str]) -> dict[str, list[str]]:
    columns = {"Year": [str(year) for year in view.plan.years()]}
    for number, wedge in enumerate(found, 1):
        drawn = wedge.drawn_on(view.found.basis, *own)
        columns[f"{number}. {wedge.name}"] = [moved(view, drawn_kg) for drawn_kg in drawn]
    return columns


def lens(view: View) -> None:
    """Tokens, electricity and carbon for each 1,000 tokens, year by year, beside the tonnes that a target counts."""
    found = growth_lens(view.plan)
    first, last = found[0], next(one for one in found if one.year == _year(view))
    whose = " · the AI portfolio alone" if view.target.mode == "company" else ""
    section("Growth lens", f"{LENS}{whose}")
    energy = scale_for("kWh", [one.energy_facility_kwh for one in found])
    many = words.count_scale(max(one.tokens for one in found))
    columns = {
        "Year": [str(one.year) for one in found],
        f"Tokens, {many.label}" if many.label else "Tokens": [words.figure(one.tokens / many.divisor) for one in found],
        f"Electricity, {energy.label}": [words.figure(one.energy_facility_kwh / energy.divisor) for one in found],
        "g CO₂e per 1,000 tokens": [words.figure(one.intensity_g_per_1000_tokens, 2) for one in found],
        f"Absolute, {view.scale.label} CO₂e": [words.figure(one.carbon_kg / view.scale.divisor) for one in found],
    }
    with st.container(key=in_columns("lens", columns)):
        table(columns)
    if last.year > first.year:
        st.markdown(small(_grown(first, last)))


def _grown(first: Lens, last: Lens) -> str:
    """From the first year to the target's: use, intensity and tonnes, each as a change."""
    pairs = (
        ("tokens", first.tokens, last.tokens),
        ("g per 1,000 tokens", first.intensity_g_per_1000_tokens, last.intensity_g_per_1000_tokens),
        ("absolute emissions", first.carbon_kg, last.carbon_kg),
    )
    told = [f"{name} {words.signed_percent(after / before - 1.0)}" for name, before, after in pairs if before > 0]
    return f"From {first.year} to {last.year}: {', '.join(told)}."
