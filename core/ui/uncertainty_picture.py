"""The fan of a plan over the years, the probability of meeting, and how many simulations stand behind both."""

from __future__ import annotations

from math import isfinite

import streamlit as st

from core import charts, words
from core.charts import Line
from core.decide.uncertain import Fan, fan, met_by_year, quantile_error, share_error, so_far_by_year
from core.decide.uncertain_table import write_uncertain
from core.exports.verdict import in_100
from core.plan import Plan
from core.results.draws import Floats
from core.ui import fields, state, trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import in_columns, small
from core.ui.uncertainty import View
from core.units import PERCENT
from core.words import Scale

TARGETS = "pages/targets/page.py"
FILE = "glidepath_uncertainty.csv"


def by_year(view: View) -> None:
    """The fan: bands of 80 % and 50 %, median and central case, business as usual, and the pathway."""
    found, scale, plan = view.found, view.scale, view.plan
    trace.section(
        "Range by year",
        f"{scale.label} CO₂e a year · bands: 80 % and 50 % of simulations"
        + (" · grey: business as usual, 80 %" if plan.levers else ""),
        "uncertain_kg",
    )
    now, usual = fan(found.plan_kg), fan(found.usual_kg)
    rows = _rows(view, now, usual)
    lines = _lines(view)
    used = {row["line"] for row in rows}
    outer, inner = _band(plan, now.p10, now.p90, scale), _band(plan, now.p25, now.p75, scale)
    grey = _band(plan, usual.p10, usual.p90, scale) if plan.levers else []
    peak = charts.highest(rows, [*outer, *grey])
    top = state.held_top(f"uncertain, {scale.label}", charts.axis_end(peak))
    about = "Range of emissions by year"
    spec = charts.fan(rows, lines, about, is_dark(), outer, inner, grey, top)
    names = {line.key: line.name for line in lines if line.key in used}
    low, _, high = view.ends(view.now_kg)
    middle = words.span(low, high, scale)
    said = words.lines_summary(rows, names, scale)
    said += f" In {view.year}, 8 of 10 simulations lie within {scale.dress(middle)}." if middle else ""
    chart(spec, said, _table(view, now, usual), "trajectory")


def _lines(view: View) -> tuple[Line, ...]:
    usual = (Line("usual", "Business as usual", "baseline"),) if view.plan.levers else ()
    return (*usual, Line("path", "Pathway", "pathway"), Line("plan", "Central case", "plan"),
            Line("median", "Median", "market"))  # fmt: skip


def _rows(view: View, now: Fan, usual: Fan) -> list[dict[str, object]]:
    series = {"plan": now.central, "median": now.median, "path": view.found.line_kg}
    if view.plan.levers:
        series["usual"] = usual.central
    return [
        {"year": year, "line": key, "value": float(value) / view.scale.divisor}
        for key, values in series.items()
        for year, value in zip(view.plan.years(), values, strict=True)
        if isfinite(value)
    ]


def _band(plan: Plan, low: Floats, high: Floats, scale: Scale) -> list[dict[str, float]]:
    return [
        {"year": year, "low": float(a) / scale.divisor, "high": float(b) / scale.divisor}
        for year, a, b in zip(plan.years(), low, high, strict=True)
    ]


def _table(view: View, now: Fan, usual: Fan) -> dict[str, list[str]]:
    """The fan as text, a row a year; the unit stands in the headings, so that a phone has room for all of it."""
    met, scale, unit = met_by_year(view.plan), view.scale, view.scale.label

    def plain(value: float) -> str:
        return words.figure(value / scale.divisor, 2) if isfinite(value) else "–"

    def around(middle: Floats, low: Floats, high: Floats) -> list[str]:
        rows = zip(middle.tolist(), low.tolist(), high.tolist(), strict=True)
        return [f"{plain(mid)} ({words.span(first, last, scale)})" for mid, first, last in rows]

    columns = {
        "Year": [str(year) for year in view.plan.years()],
        f"Central (80 %), {unit}": around(now.central, now.p10, now.p90),
        f"Median (50 %), {unit}": around(now.median, now.p25, now.p75),
    }
    if view.plan.levers:
        columns[f"As usual (80 %), {unit}"] = around(usual.central, usual.p10, usual.p90)
    if met:
        columns[f"Target, {unit}"] = [plain(float(value)) for value in view.found.line_kg]
        columns["Met"] = [met_share(met.get(year)) for year in view.plan.years()]
    return columns


def met_share(share: float | None) -> str:
    """A probability of meeting in a narrow cell; none where the year has none.

    >>> met_share(0.043), met_share(None), met_share(0.0)
    ('4\\xa0%', '–', 'under 1\\xa0%')
    """
    if share is None:
        return "–"
    whole = round(share * PERCENT)
    return f"{'under 1' if whole == 0 else 'over 99' if whole == PERCENT else whole}{words.GLUE}%"


def often(share: float | None) -> str:
    """A probability of meeting in words; none where the year has none.

    >>> often(0.043), often(None), often(1.0)
    ('4 of 100', '–', 'over 99 of 100')
    """
    return "–" if share is None else in_100(share)


def chances(view: View) -> None:
    """The probability of meeting by year with its own error, and how far the ends of the range are known."""
    met, draws = met_by_year(view.plan), view.found.draws
    note = "All pathways at once, as on the Targets page · ± one standard error · so far: every year up to it at once"
    if not met:
        st.markdown(
            small("No target is compared: a target gives this page its line and the probability of meeting it.")
        )
        st.page_link(TARGETS, label=":blue[:small[Say the target]]")
        return
    trace.section("Probability of meeting", note, "target_met_share")
    years, so_far = list(met)[-6:], so_far_by_year(view.plan)
    columns = {
        "Year": [str(year) for year in years],
        "Meets in": [often(met[year]) for year in years],
        "±, points": [words.figure(PERCENT * share_error(met[year], draws), 2) for year in years],
        "So far": [often(so_far[year]) for year in years],
    }
    with st.container(key=in_columns("chances", columns)):
        st.table(columns, border="horizontal", hide_index=True, alt="Probability of meeting by year")


def simulations(view: View) -> None:
    """How many simulations, and how far the ends of the range stand with them."""
    left, right = st.columns([1, 2], gap="small", vertical_alignment="bottom")
    with left:
        fields.plan_field(view.plan, "points", "u")
    low, high = (quantile_error(view.now_kg, share) for share in (0.1, 0.9))
    ends = " and ".join(words.quantity(error, view.scale, 2) for error in (low, high))
    with right:
        other = (
            " Targets takes as many in another order: its range may differ by as much." if view.found.counted else ""
        )
        st.markdown(small(f"The ends of the range of {view.year} stand to ±{ends}, at most: Sobol points err by less."
                          f"{other} The seed, {view.plan.seed}, is part of the link."))  # fmt: skip


def export(view: View) -> None:
    """What this page says as a file, and the same from the command line."""
    st.download_button("This page as CSV", lambda: write_uncertain(view.plan), FILE, "text/csv", on_click="ignore",
                       key="uncertain_csv", help="A row a year, then a row an input; `python -m core uncertain` gives "
                       "the same bytes.")  # fmt: skip
