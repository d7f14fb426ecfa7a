"""The plan beside its pathway, year by year, and the milestones: what is allowed, what is reached, how likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np
import streamlit as st

from core import charts, words
from core.charts import Line
from core.exports.verdict import View, base_of, netted
from core.results import interval
from core.results.draws import Floats
from core.targets.tracked import ALL_SCOPES, Milestone, ScopeLine
from core.ui import state, target_points, trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import in_columns, small
from core.units import PERCENT

SCOPE = "target:scope"
MOST_MILESTONES = 8
NEAR_SHARE = 0.02  # of business as usual: a plan that lies nearer is drawn as one line with it
PATH_OUTSIDE = " · the grids' path has no range: band and probability hold none"
LEAST_SHARE = 0.01  # of simulations: below it, and above its complement, the figure is not told


@dataclass(frozen=True, slots=True)
class Drawn:
    """One line, or all of them added, as the chart takes it: emissions of plan and as usual, and the target line."""

    plan_kg: Floats
    other_kg: Floats
    usual_kg: Floats
    line_kg: Floats
    long_kg: Floats
    milestones: tuple[Milestone, ...]


def picked(view: View) -> str:
    """The scope that the reader looks at: all together until one is picked."""
    known = [line.scope for line in view.found.lines]
    chosen = str(state.session().drafts.get(SCOPE) or "")
    return chosen if chosen in known else known[0] if len(known) == 1 else ALL_SCOPES


def pick(view: View) -> None:
    """All scopes, or one of them."""
    known = [line.scope for line in view.found.lines]
    if len(known) < 2:
        return

    def keep() -> None:
        state.session().drafts[SCOPE] = state.typed(SCOPE)

    names = {ALL_SCOPES: "All together"} | {scope: f"Scope {scope}" for scope in known}
    state.bind(SCOPE, picked(view))
    st.segmented_control("Scope", list(names), key=SCOPE, default=picked(view), format_func=lambda one: names[one],
                         label_visibility="collapsed", required=True, on_change=keep)  # fmt: skip


def drawn_of(view: View, scope: str) -> Drawn:
    """What the chart draws of one line, or of all."""
    lines, found = view.lines(scope), view.found
    other = "market" if found.basis == "location" else "location"

    def total(parts: list[Floats]) -> Floats:
        return np.asarray(sum(parts[1:], parts[0]))

    milestones = found.all_scopes if scope == ALL_SCOPES else lines[0].milestones
    return Drawn(
        total([line.plan.on(found.basis) for line in lines]),
        total([line.plan.on(other) for line in lines]),
        total([line.usual.on(found.basis) for line in lines]),
        total([line.line_kg for line in lines]),
        total([line.long_line_kg for line in lines]),
        milestones,
    )


def trajectory(view: View) -> None:
    """Plan, business as usual, target line and long-term line by year, by both methods, over what was measured."""
    scope, scale, found = picked(view), view.scale, view.found
    drawn, years = drawn_of(view, scope), list(view.plan.years())
    trace.section(
        "Plan and pathway by year",
        f"{scale.label} CO₂e a year, {found.basis}-based · band: 80 % range, 8 of 10 simulations of this plan · "
        f"{target_points.told(view)}{'' if view.plan.grid_path == 'flat' else PATH_OUTSIDE}",
        "target_allowed_kg",
    )
    pick(view)
    lines = _lines(view, scope, drawn)
    last = max(years[-1], view.target.target_year or years[-1])
    series = {"usual": (years, drawn.usual_kg[:, 0]), "other": (years, drawn.other_kg[:, 0]),
              "plan": (years, drawn.plan_kg[:, 0]), "path": (list(found.line_years), drawn.line_kg),
              "long": (list(found.line_years), drawn.long_kg)}  # fmt: skip
    rows = [
        {"year": year, "line": key, "value": float(value) / scale.divisor}
        for key, (when, values) in series.items()
        for year, value in zip(when, values, strict=True)
        if year <= last and isfinite(value) and any(line.key == key for line in lines)
    ]
    ranges = [interval(draws) for draws in drawn.plan_kg]
    band = [
        {"year": year, "low": low / scale.divisor, "high": high / scale.divisor}
        for year, (low, _, high) in zip(years, ranges, strict=True)
    ]
    points = target_points.points(view, scope, drawn.plan_kg[:, 0])
    peak = charts.highest(rows, band, points)
    top = state.held_top(f"targets, {scope}, {scale.label}", charts.axis_end(peak))
    about = "Plan and pathway by year"
    spec = charts.trajectory(rows, lines, about, is_dark(), band, _gap(view, drawn), points, top)
    chart(spec, _summary(view, drawn, rows), _table(view, drawn), "years")


def _lines(view: View, scope: str, drawn: Drawn) -> tuple[Line, ...]:
    """The lines and what stands at their ends; what is the same as another line says so."""
    other = "Market-based" if view.found.basis == "location" else "Location-based"
    apart_kg = float(np.max(np.abs(drawn.usual_kg[:, 0] - drawn.plan_kg[:, 0])))
    as_usual = apart_kg <= NEAR_SHARE * float(np.max(drawn.usual_kg[:, 0]))  # two lines and names on one another
    how = "as usual: no lever" if not view.plan.levers else "near business as usual"
    plan = _whose(view)
    same = bool(np.array_equal(drawn.other_kg, drawn.plan_kg))
    usual = () if as_usual else (Line("usual", "Business as usual", "baseline"),)
    return (
        *usual,
        Line("path", _pathway_name(view, scope), "pathway"),
        Line("long", _long_name(view), "long_term"),
        Line("plan", f"{plan}, {how}" if as_usual else plan, "plan"),
        Line("other", f"{other}: the same" if same else other, "market"),
    )


def _whose(view: View) -> str:
    return "Company with this plan" if view.target.mode == "company" else "This plan"


def _pathway_name(view: View, scope: str) -> str:
    lines = view.lines(scope)
    base_kg, base_year, end = base_of(lines), view.target.base_year, view.target.target_year
    allowed = [line.outcome.target_kg for line in lines]
    known = [kg for kg in allowed if kg is not None]
    if base_year is None or end is None or len(known) < len(allowed) or not base_kg > 0 or end <= base_year:
        return "Pathway"
    share = (sum(known) / base_kg - 1.0) / (end - base_year)
    return f"Pathway, {words.signed_percent(share)} a year"


def _long_name(view: View) -> str:
    end, cut = view.target.long_target_year, view.target.long_reduction_pct
    return "" if end is None or cut is None else f"To {words.signed_percent(-cut / PERCENT)} in {end}"


def _gap(view: View, drawn: Drawn) -> dict[str, Any] | None:
    """The bar between plan and pathway in the target year."""
    last = max(drawn.milestones, key=lambda one: one.year, default=None)
    if last is None or not (isfinite(last.allowed_kg) and isfinite(last.central_kg)):
        return None
    side = "above" if last.gap_kg > 0 else "below"
    low, high = sorted((last.allowed_kg / view.scale.divisor, last.central_kg / view.scale.divisor))
    label = f"{gap_told(view, last)} {side}{', in sum' if netted(last) else ''}"
    return {"year": last.year, "low": low, "high": high, "label": label, "worse": last.gap_kg > 0}


def gap_told(view: View, one: Milestone) -> str:
    """The size of a gap, with as many digits as the emissions' range allows: those of the headline."""
    return words.quantity(abs(one.gap_kg), view.scale, words.digits_for(one.central_kg, one.p10_kg, one.p90_kg))


def _summary(view: View, drawn: Drawn, rows: list[dict[str, Any]]) -> str:
    names = {"plan": _whose(view), "usual": "business as usual"}
    said = words.lines_summary([row for row in rows if row["line"] in names], names, view.scale)
    said = f"{said} {_long_said(view, drawn)}"
    last = max(drawn.milestones, key=lambda one: one.year, default=None)
    if last is None:
        return f"{said} No pathway is drawn: see what is missing."
    gap = gap_told(view, last)
    side = f"{'above' if last.gap_kg > 0 else 'below'} the pathway{', in sum' if netted(last) else ''}"
    return f"{said} In {last.year} the plan is {gap} {side}."


def _long_said(view: View, drawn: Drawn) -> str:
    """The long-term line's end in words: it lies beyond the plot; or what is asked for it."""
    end = view.target.long_target_year
    if end is None or view.target.long_reduction_pct is None:
        return 'No long-term line: its year and its cut are asked under "What the gates ask".'
    end_kg = float(drawn.long_kg[view.found.line_years.index(end)])
    return f"Long-term: {words.quantity(end_kg, view.scale, 2)} in {end}." if isfinite(end_kg) else ""


def _table(view: View, drawn: Drawn) -> dict[str, list[str]]:
    other = "Market" if view.found.basis == "location" else "Location"
    line = dict(zip(view.found.line_years, drawn.line_kg, strict=True))
    columns: dict[str, list[str]] = {
        name: [] for name in ("Year", "Pathway", "This plan", f"{other}-based", "As usual")
    }
    for when, year in enumerate(view.plan.years()):
        low, mid, high = interval(drawn.plan_kg[when])
        middle, ends = words.with_range(mid, low, high, view.scale)
        allowed = float(line.get(year, nan))
        cells = (
            str(year),
            words.quantity(allowed, view.scale) if isfinite(allowed) else "–",
            f"{middle} ({ends})" if ends else middle,
            words.quantity(float(drawn.other_kg[when, 0]), view.scale),
            words.quantity(float(drawn.usual_kg[when, 0]), view.scale),
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return columns


def milestones(view: View) -> None:
    """The years up to the target: allowed, reached with its 80 % range, the gap, and the probability of meeting."""
    scope, unit = picked(view), view.scale.label
    found = [one for one in drawn_of(view, scope).milestones if isfinite(one.allowed_kg)]
    if not found:
        return
    what = "every target at once" if scope == ALL_SCOPES and len(view.found.lines) > 1 else "the target"
    columns: dict[str, list[str]] = {
        name: []
        for name in (
            "Year",
            f"Pathway, {unit}",
            f"Plan, {unit}",
            f"80 % range, {unit}",
            f"Against it, {unit}",
            "Probability of meeting",
        )
    }
    for one in _thinned(found):
        digits = words.digits_for(one.central_kg, one.p10_kg, one.p90_kg)
        cells = (
            str(one.year),
            words.figure(one.allowed_kg / view.scale.divisor, digits),
            words.figure(one.central_kg / view.scale.divisor, digits),
            words.span(one.p10_kg, one.p90_kg, view.scale, digits),
            _against(view, one, digits),
            often(one.met_share),
        )
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    with st.container(key=in_columns("milestones", columns)):
        st.table(columns, border="horizontal", hide_index=True, alt="Milestones")
    trace.line(
        small(f"Probability: the share of joint simulations that meet {what}. {so_far(found)}{pathway_of(view)}."),
        "target_met_share",
    )


def so_far(found: Sequence[Milestone]) -> str:
    """How likely every year is met at once, where there are several: never likelier than one of them."""
    if len(found) < 2:
        return ""
    years = words.years(found[0].year, found[-1].year)
    return f"Met in every year of {years} in the same simulation: {often(found[-1].so_far_share)}. "


def pathway_of(view: View) -> str:
    """What the line is called, and that its parameters are second-hand where they are."""
    return ", ".join(filter(None, (view.pathway, view.found.regime.second_hand)))


def _against(view: View, one: Milestone, digits: int) -> str:
    """How far above or below: of all scopes together, what lies above those lines that are missed."""
    kg, side = (one.over_kg, "above") if one.over_kg > 0 else (-one.gap_kg, "below")
    return f"{words.figure(kg / view.scale.divisor, digits)} {side}"


def often(share: float) -> str:
    """A share of some hundreds of simulations: none of them is not never.

    >>> often(0.0), often(0.5), often(1.0)
    ('under 1\\xa0%', '50\\xa0%', 'over 99\\xa0%')
    """
    if share < LEAST_SHARE:
        return f"under 1{words.GLUE}%"
    return f"over 99{words.GLUE}%" if share > 1.0 - LEAST_SHARE else words.percent(share)


def _thinned(found: list[Milestone]) -> list[Milestone]:
    """At most eight years, the last among them.

    >>> from types import SimpleNamespace as Year
    >>> [one.year for one in _thinned([Year(year=year) for year in range(2026, 2041)])]
    [2026, 2028, 2030, 2032, 2034, 2036, 2038, 2040]
    """
    step = -(-len(found) // MOST_MILESTONES)
    return found[::-1][::step][::-1]


def lines_of(view: View) -> tuple[ScopeLine, ...]:
    """The lines that the reader looks at."""
    return view.lines(picked(view))
