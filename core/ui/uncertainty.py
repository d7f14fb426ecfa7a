"""The Uncertainty page's answer: the range of a year, how often the plan wins and meets its target, and its fan."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan

import numpy as np
import streamlit as st

from core import charts, words
from core.charts import Line
from core.decide.tornado import Measure, figure_of
from core.decide.uncertain import (
    ENOUGH,
    Fan,
    Uncertain,
    answer_year,
    fan,
    lower_share,
    met_by_year,
    quantile_error,
    share_error,
    uncertain,
)
from core.plan import Plan
from core.results.draws import Floats
from core.ui import fields, live, outbox, state, target, trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import scale_for, small
from core.units import PERCENT
from core.words import Scale

MEASURE = "uncertain:measure"
MEASURES: dict[Measure, str] = {"emissions": "Emissions", "saving": "What it saves"}
TARGETS = "pages/targets/page.py"
FILE = "glidepath_uncertainty.csv"


@dataclass(frozen=True, slots=True)
class View:
    """The plan on screen in its worlds, the year of the answer, and the page's one unit of mass."""

    plan: Plan
    found: Uncertain
    year: int
    scale: Scale

    @property
    def place(self) -> int:
        """Index of the answer's year."""
        return self.year - self.plan.first_year

    @property
    def now_kg(self) -> Floats:
        """The plan's emissions of that year, (1 + draws,)."""
        return np.asarray(self.found.plan_kg[self.place])

    @property
    def usual_kg(self) -> Floats:
        """The same as usual."""
        return np.asarray(self.found.usual_kg[self.place])

    @property
    def measure(self) -> Measure:
        """The figure that the reader looks at."""
        picked = str(state.session().drafts.get(MEASURE) or "")
        return next((one for one in MEASURES if one == picked and self.plan.levers), "emissions")

    def ends(self, values: Floats) -> tuple[float, float, float]:
        """P10, central and P90 of draws, (1 + draws,)."""
        low, high = np.quantile(values[1:], (0.1, 0.9))
        return float(low), float(values[0]), float(high)


def basis() -> None:
    """The method by which the page counts: the target's switch where the plan has a target, else the plan's."""
    if state.plan().target.target_year is not None:
        target.basis()
    else:
        fields.segments("method")


def seen(plan: Plan) -> View:
    """Everything that the page shows, worked out once for a plan's figures."""
    found = uncertain(plan)
    largest = [float(np.nanmax(kg[:, 0], initial=0.0)) for kg in (found.plan_kg, found.usual_kg)]
    return View(plan, found, answer_year(plan, found), scale_for("kg", largest))


def head(view: View) -> None:
    """The answer with its range; how often the plan wins and how likely it meets; what the worlds are."""
    answer, phrase = answered(view)
    with st.container(key="headline"):
        st.header(f"{answer}, :gray[{phrase}]" if phrase else answer, anchor=False)
    outbox.paint_first()
    with st.container(gap="xsmall"):
        st.markdown(f"{_against_usual(view)} {_met(view)}".strip())
        trace.line(small(words.markdown_safe(_scope(view))), "uncertain_kg")
    for key, reason in view.found.worlds.refused.items():
        workload = view.plan.workload(key)
        name = workload.name if workload else key
        st.warning(f"{words.markdown_safe(name)} is left out: {words.markdown_safe(reason)}.")
    _too_few(view)


def answered(view: View) -> tuple[str, str]:
    """The headline, and the phrase of its range."""
    if isnan(float(view.now_kg[0])) or not view.found.worlds.plan.scopes:
        return "No figure", ""
    low, mid, high = view.ends(view.now_kg)
    return words.headline(mid, low, high, view.scale, "CO₂e", f"in {view.year}")


def _against_usual(view: View) -> str:
    if not view.plan.levers:
        return "No lever is in use: the plan is business as usual, and saves nothing in any simulation."
    low, _, high = view.ends(view.now_kg - view.usual_kg)
    moved = words.change(float(view.usual_kg[0]), float(view.now_kg[0]), low, high, view.scale, "")
    often = words.percent(lower_share(view.now_kg, view.usual_kg))
    return f":{moved.tone}[**The plan beats business as usual in {often} of simulations**]: {moved.text}."


def _met(view: View) -> str:
    share = met_by_year(view.found).get(view.year)
    if share is None:
        return ""
    lines = "every target line" if len(view.found.track.lines) > 1 else "its target"
    colour = "blue" if share >= 0.5 else "orange"
    return f":{colour}[**It meets {lines} of {view.year} in {target.in_100(share)}.**]"


def _scope(view: View) -> str:
    plan, found = view.plan, view.found
    what = (
        "emissions as the target counts them, all workloads" if found.counted else "carbon as the Plan page counts it"
    )
    method = found.track.basis if found.counted else plan.method
    drawn = f"{words.count(found.draws, 'simulation')} of {words.count(len(found.factors), 'uncertain input')}"
    path = "" if plan.grid_path == "flat" else " · the grids' path is in no range"
    return f"{drawn}, drawn together · seed {plan.seed} · {what} · {method}-based{path}"


def _too_few(view: View) -> None:
    """How many simulations there are and what more would change, where they are few."""
    draws = view.found.draws
    if draws < ENOUGH:
        error, less = (PERCENT * share_error(0.5, many) for many in (draws, ENOUGH))
        st.info(
            f"{draws} simulations: a probability near one half stands to ±{error:.0f} points. "
            f"With {words.count(ENOUGH, 'simulation')} it stands to ±{less:.0f}."
        )


def by_year(view: View) -> None:
    """The fan: bands of 80 % and 50 %, median and central case, business as usual, and the target line."""
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
    return (*usual, Line("path", "Target line", "pathway"), Line("plan", "Central case", "plan"),
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
    """The fan as text, a row a year."""
    met, scale = met_by_year(view.found), view.scale
    columns: dict[str, list[str]] = {name: [] for name in ("Year", "Central", "Median", "80 %", "50 %")}
    columns |= {"As usual, 80 %": []} if view.plan.levers else {}
    columns |= {"Target": [], "Met in": []} if met else {}
    for place, year in enumerate(view.plan.years()):
        cells = [
            str(year),
            words.quantity(float(now.central[place]), scale, 2),
            words.quantity(float(now.median[place]), scale, 2),
            words.span(float(now.p10[place]), float(now.p90[place]), scale),
            words.span(float(now.p25[place]), float(now.p75[place]), scale),
        ]
        cells += [words.span(float(usual.p10[place]), float(usual.p90[place]), scale)] if view.plan.levers else []
        line = float(view.found.line_kg[place])
        if met:
            cells += [words.quantity(line, scale, 2) if isfinite(line) else "–", often(met.get(year))]
        for column, cell in zip(columns.values(), cells, strict=True):
            column.append(cell)
    return columns


def often(share: float | None) -> str:
    """A probability of meeting in words; none where the year has none.

    >>> often(0.043), often(None), often(1.0)
    ('4 of 100', '–', 'over 99 of 100')
    """
    return "–" if share is None else target.in_100(share)


def chances(view: View) -> None:
    """The probability of meeting by year with its own error, and how far the ends of the range are known."""
    met, draws = met_by_year(view.found), view.found.draws
    note = "all target lines at once, as on the Targets page · ± one standard error of independent draws"
    if not met:
        st.markdown(
            small("No target is compared: a target gives this page its line and the probability of meeting it.")
        )
        st.page_link(TARGETS, label=":blue[:small[Say the target]]")
        return
    trace.section("Probability of meeting", note, "target_met_share")
    years = list(met)[-6:]
    columns = {
        "Year": [str(year) for year in years],
        "Meets in": [often(met[year]) for year in years],
        "±, points": [words.figure(PERCENT * share_error(met[year], draws), 2) for year in years],
    }
    with st.container(key="table_chances"):
        st.table(columns, border="horizontal", hide_index=True, alt="Probability of meeting by year")


def simulations(view: View) -> None:
    """How many simulations, and how far the ends of the range stand with them."""
    left, right = st.columns([1, 2], gap="small", vertical_alignment="bottom")
    with left:
        fields.plan_field(view.plan, "points", "u")
    low, high = (quantile_error(view.now_kg, share) for share in (0.1, 0.9))
    ends = " and ".join(words.quantity(error, view.scale, 2) for error in (low, high))
    with right:
        st.markdown(small(f"The ends of the range of {view.year} stand to ±{ends}, at most: Sobol points err by less. "
                          f"The seed, {view.plan.seed}, is part of the link."))  # fmt: skip


def pick_measure(view: View) -> None:
    """Which figure the inputs are ranked for."""
    if not view.plan.levers:
        return

    def keep() -> None:
        state.session().drafts[MEASURE] = state.typed(MEASURE)

    state.bind(MEASURE, view.measure)
    st.segmented_control("Figure", list(MEASURES), key=MEASURE, default=view.measure, format_func=MEASURES.__getitem__,
                         label_visibility="collapsed", required=True, on_change=keep)  # fmt: skip


def figure_said(view: View) -> str:
    """The figure that inputs are ranked for, in words."""
    return f"{'emissions' if view.measure == 'emissions' else 'what the plan saves'} in {view.year}"


def values(view: View) -> Floats:
    """That figure by draw, (1 + draws,)."""
    return figure_of(view.found, view.measure, view.place)


def announce(view: View) -> None:
    """The answer for screen readers."""
    answer, phrase = answered(view)
    live.announce(f"{view.plan.name}: {answer}, {phrase}" if phrase else f"{view.plan.name}: {answer}")
