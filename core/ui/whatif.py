"""The What-if page's answer: what the levers in use save together, year by year, and how that is shared out."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core import charts, words
from core.charts import Line
from core.exports import covers
from core.exports.supporting import three
from core.results import Results, effects, interval
from core.results.draws import Floats
from core.results.lever_warnings import lever_warnings
from core.results.overlap import overlap_kg
from core.ui import badge, bill, credits, headline, lever_words, state, trace
from core.ui.frame import is_dark
from core.ui.picture import chart
from core.ui.shown import page_scale, small
from core.words import Scale

LINES = (Line("usual", "Business as usual", "baseline"), Line("plan", "This plan", "plan"))


def head(found: Results, usual: Results) -> None:
    """The plan's carbon with its range, what its levers save against business as usual, and how surely."""
    headline.answer(found)
    plan = found.plan
    with st.container(gap="xsmall"):
        st.markdown(_saving(found, usual) if plan.levers else "No lever in use: this is business as usual.")
        trace.line(headline.scope_line(found), "carbon_kg")
        badge.summary(found, plan.shown_year())
        credits.line(found)
    headline.left_out(found)


def _saving(found: Results, usual: Results) -> str:
    scale, when = _scale(found, usual), found.place(found.plan.shown_year())
    before, after = (one.total(one.carbon_kg())[when] for one in (usual, found))
    if covers.without_figure(found) != covers.without_figure(usual):
        return "No comparison: under its levers a workload has no figure, as told below."
    low, _, high = interval(after - before)
    moved = words.change(float(before[0]), float(after[0]), low, high, scale)
    least, mid, most = interval(before)
    middle, ends = words.with_range(mid, least, most, scale)
    lower = float((after[1:] < before[1:]).mean())
    surely = f" {lever_words.surely(lower)}" if moved.tone != "gray" else ""
    return f":{moved.tone}[**{words.capital(moved.text)}**] against business as usual, {middle} ({ends}).{surely}"


def _scale(found: Results, usual: Results) -> Scale:
    """The page's one unit of carbon: that of the larger of the two."""
    return max((page_scale(one) for one in (found, usual)), key=lambda scale: scale.divisor)


def by_year(found: Results, usual: Results) -> None:
    """Business as usual and the plan as lines, with the plan's band and the headline year's range."""
    plan, scale = found.plan, _scale(found, usual)
    trace.section(
        "Carbon by year", f"{scale.label} CO₂e a year, {plan.method}-based · band: 80 % range of this plan", "carbon_kg"
    )
    totals = {"usual": usual.total(usual.carbon_kg()), "plan": found.total(found.carbon_kg())}
    rows = [
        {"year": year, "line": key, "value": float(total[when, 0]) / scale.divisor}
        for key, total in totals.items()
        for when, year in enumerate(plan.years())
    ]
    ranges = [interval(draws) for draws in totals["plan"]]
    band = [
        {"year": year, "low": low / scale.divisor, "high": high / scale.divisor}
        for year, (low, _, high) in zip(plan.years(), ranges, strict=True)
    ]
    mark = _mark(plan.shown_year(), ranges[found.place(plan.shown_year())], scale)
    peak = max([*(float(total[:, 0].max()) for total in totals.values()), *(high for _, _, high in ranges)])
    top = state.held_top(f"what-if, {scale.label}", charts.axis_end(peak / scale.divisor))
    about = "Carbon by year: business as usual and this plan"
    spec = charts.lines_by_year(rows, LINES, about, is_dark(), band, [mark], top)
    chart(
        spec,
        words.lines_summary(rows, {line.key: line.name for line in LINES}, scale),
        _table(plan.years(), totals, scale),
        "years",
    )


def _mark(year: int, ends: tuple[float, float, float], scale: Scale) -> dict[str, Any]:
    low, mid, high = ends
    middle, _ = words.with_range(mid, low, high, scale)
    shown = {"low": low / scale.divisor, "mid": mid / scale.divisor, "high": high / scale.divisor}
    return {"year": year, **shown, "mid_label": middle}


def _table(years: range, totals: dict[str, Floats], scale: Scale) -> dict[str, list[str]]:
    columns: dict[str, list[str]] = {"Year": [str(year) for year in years], "Business as usual": [], "This plan": []}
    columns["Difference"] = []
    for when in range(len(years)):
        pair = []
        for name, key in (("Business as usual", "usual"), ("This plan", "plan")):
            low, mid, high = interval(totals[key][when])
            middle, ends = words.with_range(mid, low, high, scale)
            columns[name].append(f"{middle} ({ends})" if ends else middle)
            pair.append(totals[key][when])
        low, _, high = interval(pair[1] - pair[0])
        columns["Difference"].append(words.change(float(pair[0][0]), float(pair[1][0]), low, high, scale, "").text)
    return columns


def supporting(found: Results, usual: Results) -> None:
    """Energy, water and cost of the headline year beside business as usual."""
    with st.container(key="supporting"):
        columns = st.columns(3)
    for column, now, was in zip(columns, three(found), three(usual), strict=True):
        scale = max((page_scale(one, now.unit) for one in (found, usual)), key=lambda one: one.divisor)
        with column, st.container(gap="xsmall"):
            bill.metric(now, scale)
            st.markdown(small(words.markdown_safe(f"as usual {was.middle(scale)}")))
            trace.to(now.figure)
    bill.prices(found)


def shared_out(found: Results, usual: Results) -> None:
    """From business as usual to the plan, a bar a lever: what each contributes, and what overlaps."""
    plan = found.plan
    if not plan.levers or not found.shown():
        return
    if covers.without_figure(found) != covers.without_figure(usual):
        st.markdown(small("What each lever contributes is not told while a workload has no figure under them."))
        return
    split, scale, year = effects.shares(plan), _scale(found, usual), plan.shown_year()
    how = (
        "each lever's mean effect over all orders"
        if split.exact
        else "each lever's mean effect over 256 sampled orders"
    )
    trace.section(
        f"From business as usual to this plan, {year}", f"{scale.label} CO₂e, central case · {how}", "carbon_change_kg"
    )
    rows = _steps(split, plan.levers, scale)
    top = state.held_top(f"shares, {scale.label}", max(row["end"] for row in rows) if rows else 1.0)
    chart(
        charts.ladder(rows, "From business as usual to this plan", is_dark(), top),
        words.ladder_summary(rows),
        lever_words.table(split, plan, scale),
    )
    st.markdown(lever_words.overlap(split, overlap_kg(plan), scale))
    st.markdown(small(lever_words.how_to_read(split)))
    known = lever_warnings(plan)
    if known:
        st.warning("\n".join(f"- {words.markdown_safe(sentence)}" for sentence in known))


def _steps(split: effects.Shares, levers: Any, scale: Scale) -> list[dict[str, Any]]:
    def row(step: str, start: float, end: float, kind: str) -> dict[str, Any]:
        size = end - start if kind != "total" else end
        label = words.quantity(size, scale, 2) if kind == "total" else lever_words.signed(size, scale)
        return {"step": step, "start": start / scale.divisor, "end": end / scale.divisor, "kind": kind, "label": label}

    rows = [row("Business as usual", 0.0, split.before_kg, "total")]
    at = split.before_kg
    for lever in sorted(levers, key=lambda one: split.shapley_kg[one.id]):
        moved = split.shapley_kg[lever.id]
        if moved:
            rows.append(row(lever_words.name(lever), at, at + moved, "part" if moved < 0 else "overlap"))
            at += moved
    if split.rebound_kg:
        rows.append(row(lever_words.REBOUND, at, at + split.rebound_kg, "part" if split.rebound_kg < 0 else "overlap"))
    return [*rows, row("This plan", 0.0, split.after_kg, "total")]
