"""The right-hand side of the Plan page: the years, the ladder, both methods, and the supporting figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import streamlit as st

from core import charts, words
from core.results import Results, interval, parts
from core.results.draws import Floats
from core.ui import fields
from core.ui.frame import is_dark
from core.ui.shown import amount, scale_for, section, small
from core.words import Scale

WATER = {"water_site_l": "Water evaporated on site", "water_source_l": "Water where electricity is made"}
COSTS = {
    "cost_hire_usd": "Hired accelerators",
    "cost_api_usd": "Tokens bought",
    "cost_energy_usd": "Electricity of own servers",
    "cost_hardware_usd": "Own hardware, spread over its life",
    "cost_operations_usd": "Operations of own servers",
}


def page_scale(found: Results) -> Scale:
    """One mass unit for the whole page, from its largest year."""
    return scale_for("kg", [float(v) for v in found.total(found.carbon_kg())[:, 0]])


def chart(spec: dict[str, Any], summary: str, table: Mapping[str, Sequence[Any]]) -> None:
    """A chart with its one-sentence summary, and the same as a table below.

    The accessible name holds no figure: Streamlit then sends new rows only, and the drawing stays in place.
    """
    about = spec.pop("description")
    spec["datasets"] = {name: _arrow(rows) for name, rows in spec["datasets"].items()}
    st.vega_lite_chart(spec, theme=None, alt=about)
    st.markdown(small(words.markdown_safe(summary)))
    shut = st.expander("The same as a table", key=f"table:{about}", on_change="rerun")
    if shut.open:
        shut.table(table, border="horizontal", hide_index=True)


def _arrow(rows: list[dict[str, Any]]) -> bytes:
    """Rows as Arrow bytes: twenty times faster than the road through a data frame."""
    data = pa.Table.from_pylist(rows)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, data.schema) as writer:
        writer.write_table(data)
    return bytes(sink.getvalue().to_pybytes())


def by_year(found: Results) -> None:
    """Carbon by year, stacked by cause or by workload, with the range of the total."""
    scale = page_scale(found)
    plan = found.plan
    what = "operation and hardware" if plan.boundary == "with_hardware" else "operation"
    section("By year", f"{scale.label} CO₂e a year, {what}, {plan.method}-based · line: 80 % range")
    fields.segments("stack_by")
    split = parts.by_cause_kg(found) if plan.stack_by == "boundary" else parts.by_workload_kg(found)
    rows = [
        {"year": year, "part": part, "value": float(values[when, 0]) / scale.divisor}
        for part, values in split.items()
        for when, year in enumerate(plan.years())
    ]
    total = found.total(found.carbon_kg())
    totals = [_range(total[when], year, plan.shown_year(), scale) for when, year in enumerate(plan.years())]
    summary = words.by_year_summary(rows, scale)
    spec = charts.by_year_stacked(rows, list(split), "Carbon by year, stacked", is_dark(), totals, plan.shown_year())
    chart(spec, summary, _year_table(plan.years(), split, total, scale))


def _range(draws: Floats, year: int, shown: int, scale: Scale) -> dict[str, Any]:
    low, mid, high = interval(draws)
    label = words.with_range(mid, low, high, scale)[1]
    return {
        "year": year,
        "low": low / scale.divisor,
        "high": high / scale.divisor,
        "label": label if year == shown else "",
    }


def _year_table(years: range, split: dict[str, Floats], total: Floats, scale: Scale) -> dict[str, list[str]]:
    whole = [float(v) for v in total[:, 0]]
    rows = {part: [float(v) for v in values[:, 0]] for part, values in split.items()} | {"Total": whole}
    flat = amount([value for row in rows.values() for value in row], scale)
    columns = {"Year": [str(year) for year in years]}
    for place, name in enumerate(rows):
        columns[f"{name}, {scale.label}"] = flat[place * len(years) : (place + 1) * len(years)]
    ranges = (interval(draws) for draws in total)
    columns["80 % range"] = [words.with_range(mid, low, high, scale)[1] or "–" for low, mid, high in ranges]
    return columns


def ladder(found: Results) -> None:
    """From the accelerators to the meter, then to carbon by both methods."""
    year = found.plan.shown_year()
    steps = parts.energy_ladder(found, year)
    scale = scale_for("kWh", [step.end_kwh for step in steps])
    section(f"From the accelerators to the meter, {year}", f"{scale.label} a year, central case")
    labels = amount([step.end_kwh - step.start_kwh for step in steps], scale)
    rows = [
        {
            "step": step.name,
            "start": step.start_kwh / scale.divisor,
            "end": step.end_kwh / scale.divisor,
            "kind": "total" if step.total else "part",
            "label": scale.dress(label),
        }
        for step, label in zip(steps, labels, strict=True)
    ]
    summary = words.ladder_summary(rows)
    chart(
        charts.ladder(rows, "Energy from the accelerators to the meter", is_dark()),
        summary,
        {"Step": [row["step"] for row in rows], "A year": [row["label"] for row in rows]},
    )


def both_methods(found: Results) -> None:
    """Location-based and market-based carbon side by side, hardware on top of each."""
    year = found.plan.shown_year()
    scale, when = page_scale(found), found.place(year)
    note = "market-based counts your supply contracts, and the grid's average where none cover"
    section(f"To carbon, {year}", f"{scale.label} CO₂e a year · {note}")
    hardware = found.total(found.values["carbon_embodied_kg"])[when]
    rows: list[dict[str, Any]] = []
    ends: dict[str, str] = {}
    table: dict[str, list[str]] = {"Method": [], "Operation": [], "Hardware": [], "Both": [], "80 % range": []}
    for method, name in (("location", "Location-based"), ("market", "Market-based")):
        operation = found.total(found.values[f"carbon_{method}_kg"])[when]
        both = operation + hardware
        shown = amount([float(v[0]) for v in (operation, hardware, both)], scale)
        for part, draws, label in (("Operation", operation, shown[0]), ("Hardware", hardware, shown[1])):
            rows.append({"row": name, "part": part, "value": float(draws[0]) / scale.divisor, "label": label})
        ends[name] = scale.dress(shown[2])
        low, mid, high = interval(both)
        line = (name, *shown, words.with_range(mid, low, high, scale)[1])
        for column, cell in zip(table.values(), line, strict=True):
            column.append(cell)
    summary = " ".join(f"{name}: {end}." for name, end in ends.items())
    chart(charts.two_methods(rows, ends, "Carbon by location-based and market-based method", is_dark()), summary, table)


def supporting(found: Results) -> None:
    """Energy, water and cost of the headline's year, each with its range; what is not known is said."""
    when = found.place(found.plan.shown_year())
    year = found.plan.shown_year()
    water = found.values["water_site_l"] + found.values["water_source_l"]
    columns = st.columns(3)
    for column, (label, unit, draws, text) in zip(
        columns,
        (
            (
                f"Energy at the meter, {year}",
                "kWh",
                found.total(found.values["energy_facility_kwh"])[when],
                "All electricity the sites take for these workloads.",
            ),
            (f"Water, {year}", "l", found.total(water)[when], "Evaporated on site, and where the electricity is made."),
            (f"Cost, {year}", "USD", known_cost(found, when), "Hire, tokens, or electricity and hardware, by hosting."),
        ),
        strict=True,
    ):
        low, mid, high = interval(draws)
        scale = scale_for(unit, (mid, high))
        middle, ends = words.with_range(mid, low, high, scale)
        with column:
            st.metric(
                label,
                middle,
                f"80 % range {ends}" if ends else None,
                delta_color="off",
                delta_arrow="off",
                help=text,
            )
    unknown = unknown_costs(found, when)
    if unknown:
        names = words.markdown_safe(", ".join(unknown))
        note = "a price is unknown there. Unknown is not zero; enter it under Contract and prices."
        st.markdown(small(f"Cost leaves out {names}: {note}"))


def known_cost(found: Results, when: int) -> Floats:
    """Cost of the workloads whose prices are known, (1 + draws,); unknown when none is."""
    costs = found.values["cost_usd"][found.shown(), when]
    known = costs[~np.isnan(costs).any(axis=1)]
    return known.sum(axis=0) if len(known) else np.full(costs.shape[-1], np.nan)


def unknown_costs(found: Results, when: int) -> list[str]:
    """Names of the shown workloads whose cost that year is unknown."""
    costs = found.values["cost_usd"][:, when]
    return [found.workloads[place].name for place in found.shown() if np.isnan(costs[place]).any()]


def water_and_cost(found: Results) -> None:
    """The last steps of the ladder: water on and off site, then cost by kind, the carbon price on lines of its own."""
    year = found.plan.shown_year()
    when = found.place(year)
    section(f"To water and cost, {year}", "A year; the carbon price is in no other line")
    columns: dict[str, list[str]] = {"Step": [], "Central": [], "80 % range": []}
    for label, unit, draws in _last_steps(found, when):
        low, mid, high = interval(draws)
        middle, ends = words.with_range(mid, low, high, scale_for(unit, (mid, high)))
        for column, cell in zip(columns.values(), (label, middle, ends or "–"), strict=True):
            column.append(cell)
    st.table(columns, border="horizontal", hide_index=True)


def _last_steps(found: Results, when: int) -> Iterator[tuple[str, str, Floats]]:
    for name, label in WATER.items():
        yield label, "l", found.total(found.values[name])[when]
    for name, label in COSTS.items():
        known = _known(found, name, when)
        if known is not None:
            yield label, "USD", known
    if found.plan.carbon_price_usd_per_t is not None:
        for method in ("location", "market"):
            values = found.values[f"carbon_cost_{method}_usd"]
            yield f"Carbon at the internal price, {method}-based", "USD", found.total(values)[when]


def _known(found: Results, name: str, when: int) -> Floats | None:
    """The sum of a cost over the workloads where it is known and not nothing; None when there is none."""
    rows = [row for row in found.values[name][found.shown(), when] if not np.isnan(row).any() and row.any()]
    return np.sum(rows, axis=0) if rows else None
