"""Measured activity on the Targets page: what a workload did beside what the plan says, and why they differ."""

from __future__ import annotations

from math import isfinite
from typing import cast

import streamlit as st

from core import charts, words
from core.plan import Plan, knobs
from core.plan.actual import MEASURED, Actual
from core.results.figures import interval
from core.targets.actuals import Beside, Compared, beside_plan, totals
from core.targets.actuals_table import write_actuals
from core.ui import actuals_form, picture, state, trace
from core.ui.frame import is_dark
from core.ui.shown import scale_for, small, table
from core.words import Scale

QUANTITY = "actuals:quantity"
UNITS = {"energy_facility_kwh": "kWh", "carbon_location_kg": "kg", "carbon_market_kg": "kg"}
MOST_DRAWN, MOST_LISTED = 24, 60  # rows of the chart and of the table: the last; the file holds all
NOTE = (
    "What a workload did in a month or a year, beside the plan's figure of the same days: "
    "a month takes its share of the year's days"
)


def panel(plan: Plan) -> None:
    """The measurements of the plan, each beside its figure, and the way to give more."""
    trace.section("Measured beside planned", NOTE, "actual_difference_kg")
    rows = beside_plan(plan)
    if rows:
        _reasons(rows)
        _beside(plan, rows)
    else:
        st.markdown("Nothing measured yet. Type a month or a year, or give a CSV.")
    actuals_form.draw(plan)


def _reasons(rows: tuple[Beside, ...]) -> None:
    """Measurements that nothing can be set beside, each with why."""
    said = [f"- {words.markdown_safe(f'{r.workload.name}, {r.actual.period}: {r.reason}.')}" for r in rows if r.reason]
    if said:
        st.warning("\n".join(["Not compared:", "", *said]), icon=":material/error:")


def _beside(plan: Plan, rows: tuple[Beside, ...]) -> None:
    shown = _quantity(plan, rows)
    if not shown:
        return
    pairs = [(row, one) for row in rows for one in row.compared if one.quantity == shown]
    scale = scale_of(shown, [one for _, one in pairs])
    whole = totals(rows, shown)
    if whole is not None:
        _whole(whole, len([1 for _, one in pairs if isfinite(one.difference)]), scale)
    _chart(shown, pairs, scale)
    with st.container(key="table_actuals"):
        table(columns(pairs[-MOST_LISTED:], scale))
    if len(pairs) > MOST_LISTED:
        st.markdown(small(f"The last {MOST_LISTED} of {len(pairs)}; the file holds all."))
    noughts = [text for row, one in pairs[-MOST_LISTED:] for text in _noughts(row, one)]
    if noughts:
        st.markdown(small(words.markdown_safe(" ".join(noughts))))
    st.download_button(
        "Measured beside planned as CSV", lambda: write_actuals(rows), "glidepath_actuals.csv", "text/csv",
        on_click="ignore", key="actuals_csv", help="One row a measurement, quantity and cause; the parts add up.",
    )  # fmt: skip


def _quantity(plan: Plan, rows: tuple[Beside, ...]) -> str:
    """The quantity shown: carbon first, by the plan's method."""
    first = f"carbon_{plan.method}_kg"
    measured = {one.quantity for row in rows for one in row.compared}
    order = [first, *(name for name in reversed(MEASURED) if name != first)]
    listed = [name for name in order if name in measured]
    if not listed:
        return ""
    chosen = str(state.session().drafts.get(QUANTITY) or "")
    chosen = chosen if chosen in listed else listed[0]
    if len(listed) > 1:
        state.bind(QUANTITY, chosen)
        st.segmented_control(
            "Measured quantity", listed, key=QUANTITY, default=chosen, format_func=label_of, required=True,
            label_visibility="collapsed", on_change=_choose,
        )  # fmt: skip
    return chosen


def _choose() -> None:
    state.session().drafts[QUANTITY] = state.typed(QUANTITY)


def label_of(quantity: str) -> str:
    """A quantity as its field is called."""
    return knobs(Actual)[quantity].label


def scale_of(quantity: str, found: list[Compared]) -> Scale:
    """The display unit of a quantity, from the largest measured or planned."""
    values = [value for one in found for value in (one.measured, float(one.planned[0]))]
    unit = UNITS.get(quantity, "")
    return scale_for(unit, values) if unit else Scale("", 1.0)


def _whole(whole: Compared, count: int, scale: Scale) -> None:
    """All measurements together: one sentence, and each cause with its range."""
    said = words.capital(words.measured_said(whole.measured, float(whole.planned[0]), whole.inside, scale))
    together = f" All {count} measurements together." if count > 1 else ""
    st.markdown(f"**{words.markdown_safe(said)}.**{together}")
    if len(whole.parts) < 2:
        return
    market = whole.quantity == "carbon_market_kg"
    causes, shares, spans = [], [], []
    for part in whole.parts:
        low, mid, high = interval(part.amount)
        causes.append(words.capital(words.causes(part.causes, market)))
        shares.append(words.signed_quantity(mid, scale))
        spans.append(words.span(low, high, scale) or "–")
    table({"What made the difference": causes, "Part": shares, "80 % range": spans})
    st.markdown(small("The parts add up to the difference; the range is the plan's, as the measurement has none."))


def _chart(quantity: str, pairs: list[tuple[Beside, Compared]], scale: Scale) -> None:
    rows: list[dict[str, object]] = []
    for row, one in pairs[-MOST_DRAWN:]:
        low, mid, high = interval(one.planned)
        if all(isfinite(value) for value in (low, mid, high)):
            ends = {"low": low, "mid": mid, "high": high, "measured": one.measured}
            name = f"{row.actual.period}, {row.workload.name}"
            rows.append({"name": name, "label": _changed(one)} | {n: v / scale.divisor for n, v in ends.items()})
    if not rows:
        return
    of_carbon = f"{scale.label} CO₂e" if UNITS.get(quantity) == "kg" else scale.label
    unit = f"{of_carbon} · " if of_carbon else ""
    left = f" · the last {MOST_DRAWN}" if len(pairs) > MOST_DRAWN else ""
    st.markdown(small(f"{unit}bar: 80 % range of the plan, mark: its central case, dot: measured{left}"))
    picture.drawn(charts.measured_rows(_apart(rows), f"{label_of(quantity)}, measured beside planned", is_dark()))


def _apart(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows whose names are all different: two workloads may have one name."""
    seen: dict[str, int] = {}
    for row in rows:
        name = cast("str", row["name"])
        seen[name] = seen.get(name, 0) + 1
        row["name"] = f"{name} ({seen[name]})" if seen[name] > 1 else name
    return rows


def _changed(one: Compared) -> str:
    """The difference in per cent."""
    planned = float(one.planned[0])
    return words.signed_percent(one.difference / planned) if planned else words.UNKNOWN


def columns(pairs: list[tuple[Beside, Compared]], scale: Scale) -> dict[str, list[str]]:
    """Every measurement of one quantity as a row of text."""
    names = ("Measurement", "Measured", "Plan, 80 % range", "Difference", "Why")
    found: dict[str, list[str]] = {name: [] for name in names}
    for row, one in pairs:
        low, mid, high = interval(one.planned)
        planned, between = words.with_range(mid, low, high, scale)
        known = isfinite(one.difference)
        planned = f"{planned} ({between})" if between else planned
        market = one.quantity == "carbon_market_kg"
        parts = [(words.causes(part.causes, market), float(part.amount[0])) for part in one.parts]
        cells = (
            words.markdown_safe(f"{row.actual.period}, {row.workload.name}"), words.quantity(one.measured, scale),
            planned if known else words.UNKNOWN,
            words.signed_quantity(one.difference, scale) if known else words.UNKNOWN,
            words.why(parts, scale) if len(parts) > 1 else parts[0][0] if parts else "–",
        )  # fmt: skip
        for column, cell in zip(found.values(), cells, strict=True):
            column.append(cell)
    return found


def _noughts(row: Beside, one: Compared) -> list[str]:
    """Why causes are told together although both sides were counted."""
    return [
        f"{row.workload.name}, {row.actual.period}: {label_of(name).lower()} are 0 where what follows is not, "
        "so the causes beside it are told together."
        for name in one.nought
    ]
