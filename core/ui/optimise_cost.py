"""What a tonne avoided costs, lever by lever: the curve on top of one another, and the naive one of each alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import streamlit as st

from core import charts, words
from core.decide.abatement import BELOW_ZERO, NAIVE, ORDER, Bar, Curve, curve
from core.decide.candidates import without_candidates
from core.plan import Plan
from core.plan.lever import Lever
from core.ui import fields, lever_words, trace
from core.ui.frame import is_dark
from core.ui.picture import as_csv, drawn
from core.ui.shown import in_columns, scale_for, small, table
from core.units import KG_PER_T
from core.words import Scale

NONE = "No lever to draw a curve of: the answer takes none."
TWICE, HELPS = "counted twice", "gained together"


def costs(plan: Plan, levers: tuple[Lever, ...]) -> None:
    """Both curves of the chosen levers, the difference in words, the carbon price, and all of it as a table."""
    base = without_candidates(plan)  # what is in use of another choice is no part of this one's curve
    found = curve(base, levers, plan.method)
    years = words.years(plan.first_year, plan.last_year)
    note = f"{plan.currency} a tonne CO₂e (height), t avoided in {years} (width) · {plan.method}-based, undiscounted"
    trace.section("What a tonne avoided costs", note, "abatement_usd_per_t")
    if found.reason or not found.bars:
        st.markdown(words.markdown_safe(found.reason or NONE))
        return
    stacked, alone = _stacked(found), _alone(found)
    end = charts.axis_end(max((max(row["start"], row["end"]) for row in (*stacked, *alone)), default=1.0))
    heights = [row["height"] * plan.exchange_rate for row in (*stacked, *alone) if isfinite(row["height"])]
    price = plan.carbon_price_usd_per_t
    line = None if price is None else _line(plan, price)
    ends = (min([0.0, *heights]), max([0.0, *heights, *([line["height"]] if line else [])]))
    left, right = st.columns(2, gap="large")
    for column, title, rows in (
        (left, "Each on top of those before it", stacked),
        (right, "Naive: each alone, with the same numbers", alone),
    ):
        with column:
            st.markdown(f"**{title}**")
            shown = [{**row, "height": row["height"] * plan.exchange_rate} for row in rows]
            drawn(charts.abatement(shown, end, ends, title, is_dark(), line))
    st.markdown(_told(found, scale_for("kg", (found.alone_kg,))))
    cells = _table(plan, found, curve(base, levers, _other(plan)))
    with st.container(key=in_columns("abatement", cells)):
        table(cells)
    as_csv("What a tonne avoided costs", cells)
    _notes(plan, found)


def _other(plan: Plan) -> str:
    return "market" if plan.method == "location" else "location"


def _line(plan: Plan, price: float) -> dict[str, Any]:
    amount = price * plan.exchange_rate
    return {"height": amount, "label": f"Internal carbon price {words.figure(amount)} {plan.currency}/t"}


def _stacked(found: Curve) -> list[dict[str, Any]]:
    """Bars from left to right [t]; what adds carbon takes back."""
    rows, at = [], 0.0
    for number, bar in enumerate(found.bars, 1):
        if bar.kind == "nothing":
            continue
        start, at = at, at - bar.carbon_kg / KG_PER_T
        rows.append(_bar(str(number), start, at, bar.usd_per_t(), "twice" if bar.kind == "adds" else bar.kind))
    return rows


def _alone(found: Curve) -> list[dict[str, Any]]:
    """Each lever alone, the cheapest a tonne first, then what a sum of them counts twice [t]."""
    numbered = [(number, bar) for number, bar in enumerate(found.bars, 1) if _alone_kg(bar) < 0]
    costs = {number: bar.usd_per_t(alone=True) for number, bar in numbered}
    rows, at = [], 0.0
    for number, bar in sorted(numbered, key=lambda one: (not isfinite(costs[one[0]]), costs[one[0]])):
        start, at = at, at - _alone_kg(bar) / KG_PER_T
        kind = "priced" if isfinite(costs[number]) else "unknown"
        rows.append(_bar(str(number), start, at, costs[number], kind))
    whole = -found.together.carbon_kg(found.method) / KG_PER_T
    if len(numbered) > 1 and abs(at - whole) > SMALL_SHARE * abs(whole):
        rows.append(_bar("", at, whole, float("nan"), "twice" if whole < at else "helps"))
    return rows


SMALL_SHARE = 0.001  # of the whole: less overlap is not drawn


def _bar(number: str, start: float, end: float, height: float, kind: str) -> dict[str, Any]:
    return {"number": number, "start": start, "end": end, "height": height, "kind": kind}


def _alone_kg(bar: Bar) -> float:
    return bar.alone.carbon_kg(bar.method)


def _told(found: Curve, scale: Scale) -> str:
    """The whole, the naive sum, and why they differ."""
    whole_kg, alone_kg = -found.together.carbon_kg(found.method), -found.alone_kg
    said = f"Together they avoid **{words.quantity(whole_kg, scale)}** CO₂e."
    over = alone_kg - whole_kg
    if abs(over) <= SMALL_SHARE * abs(whole_kg):
        return f"{said} Each alone adds up to the same: they do not interact."
    more = f"The naive curve sums to {words.quantity(alone_kg, scale)}"
    if over > 0:
        return (
            f"{said} {more}: **{words.quantity(over, scale)}** of it is {TWICE}, the orange band. "
            "Once one lever has cut, there is less left for the next, so that its tonnes cost more."
        )
    return f"{said} {more}: **{words.quantity(-over, scale)}** is {HELPS}, as some levers make others work better."


def _per_t(plan: Plan, usd: float) -> str:
    return words.signed_figure(usd * plan.exchange_rate, 2) if isfinite(usd) else "–"


def _cost(plan: Plan, bar: Bar, alone: bool = False) -> str:
    if bar.kind == "unknown":
        return "cost unknown"
    return _per_t(plan, bar.usd_per_t(alone))


def _table(plan: Plan, found: Curve, other: Curve) -> dict[str, list[str]]:
    """A row a lever in the order of the curve: by the page's method, alone, and by the other method."""
    besides = {bar.lever.id: bar for bar in other.bars}
    unit, money = "t avoided", f"{plan.currency}/t"
    method = {"location": "location", "market": "market"}[other.method]
    rows = [(number, bar, besides.get(bar.lever.id)) for number, bar in enumerate(found.bars, 1)]
    columns: dict[str, list[str]] = {
        "Lever": [f"{number}\u2002{words.markdown_safe(lever_words.name(bar.lever))}" for number, bar, _ in rows],
        unit: [_tonnes(bar.carbon_kg) for _, bar, _ in rows],
        money: [_cost(plan, bar) for _, bar, _ in rows],
        "Alone, t": [_tonnes(_alone_kg(bar)) for _, bar, _ in rows],
        f"Alone, {money}": [_cost(plan, bar, alone=True) for _, bar, _ in rows],
        f"By {method}, t": [_tonnes(one.carbon_kg) if one else "–" for _, _, one in rows],
        f"By {method}, {money}": [_cost(plan, one) if one else "–" for _, _, one in rows],
    }
    whole = ["Together", _tonnes(found.together.carbon_kg(found.method)), _whole(plan, found)]
    whole += [_tonnes(found.alone_kg), "–", _tonnes(other.together.carbon_kg(other.method)), _whole(plan, other)]
    return {name: [*cells, last] for (name, cells), last in zip(columns.items(), whole, strict=True)}


def _whole(plan: Plan, found: Curve) -> str:
    """What a tonne costs over all levers together; no claim where one of them has no cost."""
    if any(bar.kind == "unknown" for bar in found.bars):
        return "cost unknown"
    avoided_t = -found.together.carbon_kg(found.method) / KG_PER_T
    return _per_t(plan, found.together.cost_usd / avoided_t) if avoided_t > 0 else "–"


def _tonnes(kg: float) -> str:
    """Tonnes avoided; what adds has a minus."""
    return words.figure(-kg / KG_PER_T, 3)


def _notes(plan: Plan, found: Curve) -> None:
    """How to read it: the order, levers that add or move nothing, the price, and what has none."""
    lines = [
        f"Each on top of those before it: {ORDER}",
        f"Naive: {NAIVE}",
        f"{BELOW_ZERO} The scale of heights widens towards 0.",
    ]
    lines += _odd(found)
    price = plan.carbon_price_usd_per_t
    if price is not None:
        known = [bar.usd_per_t() for bar in found.bars if isfinite(bar.usd_per_t())]
        under = sum(cost <= price for cost in known)
        worth = f"{under} of {words.count(len(known), 'lever')} with a cost"
        lines.append(f"At the internal carbon price {worth} pay for themselves.")
    left_out = left_out_told(plan, [pair for bar in found.bars for pair in bar.given.left_out])
    lines += [left_out] if left_out else []
    st.markdown("\n".join(f"- {small(words.markdown_safe(line))}" for line in lines))
    if price is None:
        with st.container(width=320):
            fields.plan_field(plan, "carbon_price_usd_per_t", "curve")


def _odd(found: Curve) -> list[str]:
    kinds = {
        "adds": "adds carbon on top of those before: it takes back, in orange",
        "nothing": "moves no tonne by this method and has no bar",
        "unknown": "has no known cost: a grey band without a height, and no claim of cost",
    }
    told = []
    for kind, said in kinds.items():
        names = [lever_words.name(bar.lever) for bar in found.bars if bar.kind == kind]
        told += [f"{', '.join(names)}: {said}."] if names else []
    return told


def left_out_told(plan: Plan, pairs: Sequence[tuple[str, str]]) -> str:
    """What changed and has no price, by what is paid for; empty where everything has one."""
    by_what: dict[str, list[str]] = {}
    for key, what in dict.fromkeys(pairs):
        workload = plan.workload(key)
        by_what.setdefault(what, []).append(workload.name if workload else key)
    if not by_what:
        return ""
    told = "; ".join(f"{what} of {' and '.join(names)}" for what, names in by_what.items())
    return f"Not in the cost, as no price is known: {told}. Enter prices to count what changes there."
