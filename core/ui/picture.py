"""The right-hand side of the Plan page: the years, the ladder, both methods, and the supporting figures."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

import numpy as np
import pyarrow as pa
import streamlit as st

from core import charts, words
from core.results import Results, interval, parts
from core.results.draws import Floats
from core.results_table import cell
from core.ui import credits, fields, state, trace
from core.ui.frame import is_dark
from core.ui.shown import amount, in_columns, page_scale, small
from core.words import Scale


def chart(spec: dict[str, Any], summary: str, table: Mapping[str, Sequence[Any]], place: str = "") -> None:
    """A chart with its sentence, and the same as a table and as CSV below; `place` names a box that keeps its height.

    The accessible name holds no figure: Streamlit then sends new rows only, and the drawing stays in place.
    """
    with st.container(key=place) if place else nullcontext():
        about = drawn(spec)
    st.markdown(small(words.markdown_safe(summary)))
    shut = st.expander("The same as a table", key=f"table:{about}", on_change="rerun")
    if shut.open:
        with shut:
            with st.container(key=in_columns(about, table)):
                st.table(table, border="horizontal", hide_index=True)
            as_csv(about, table)


def as_csv(about: str, table: Mapping[str, Sequence[Any]]) -> None:
    """The table of a drawing as a file."""
    name = "_".join(re.findall(r"[a-z0-9]+", about.lower())) + ".csv"
    st.download_button(
        "This table as CSV", lambda: csv_of(table), name, "text/csv", on_click="ignore", key=f"csv:{about}"
    )


def csv_of(table: Mapping[str, Sequence[Any]]) -> str:
    """A table as CSV text with LF line ends; no spreadsheet runs its cells.

    >>> csv_of({"Year": [2026], "Name": ["=1+1, or so"]})
    'Year,Name\\n2026,"\\'=1+1, or so"\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([cell(name) for name in table])
    writer.writerows([cell(value) for value in row] for row in zip(*table.values(), strict=True))
    return out.getvalue()


def drawn(spec: dict[str, Any], key: str | None = None, on_select: Callable[[], None] | None = None) -> str:
    """The drawing alone; gives back its accessible name. `on_select` is called when a mark is picked or let go."""
    about = str(spec.pop("description"))
    spec["datasets"] = {name: _arrow(rows) for name, rows in spec["datasets"].items()}
    st.vega_lite_chart(spec, theme=None, alt=about, key=key, on_select=on_select or "ignore")
    return about


def _top(axis: str, scale: Scale, peak: float) -> float:
    """The end of an axis in the page's unit: it stays while edits keep within it."""
    return state.held_top(f"{axis}, {scale.label}", charts.axis_end(peak))


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
    note = f"{scale.label} CO₂e a year, {what}, {plan.method}-based · line: 80 % range"
    trace.section("By year", note, "carbon_kg")
    fields.segments("stack_by")
    by_cause = plan.stack_by == "boundary"
    split = _at_most_five(parts.by_cause_kg(found) if by_cause else parts.by_workload_kg(found))
    rows = [
        {"year": year, "part": part, "value": float(values[when, 0]) / scale.divisor}
        for part, values in split.items()
        for when, year in enumerate(plan.years())
    ]
    total = found.total(found.carbon_kg())
    year = plan.shown_year()
    totals = [_range(total[found.place(year)], year, scale)]
    summary = words.by_year_summary(rows, scale, as_typed=not by_cause)
    about, top = "Carbon by year, stacked", _top("years", scale, charts.highest_stack(rows, totals))
    tones = charts.tones_of(parts.EVERY_CAUSE, [], list(split)) if by_cause else _workload_tones(found, list(split))
    spec = charts.by_year_stacked(rows, list(split), about, is_dark(), totals, year, top, tones=tones)
    chart(spec, summary, _year_table(plan.years(), split, total, scale), "years")


def _workload_tones(found: Results, shown: Sequence[str]) -> dict[str, int]:
    """The colour of each workload: the one it has in the plan's unfiltered stack."""
    every = parts.workload_labels(found)
    return charts.tones_of(every, _kept(dict(zip(every, found.carbon_kg(), strict=True))), shown)


def _kept(split: Mapping[str, Floats]) -> list[str]:
    """The largest parts, and "Other" where there are more than five."""
    sizes = [{"part": part, "value": float(np.nansum(values[:, 0]))} for part, values in split.items()]
    return charts.at_most_five(sizes, list(split))[1]


def _at_most_five(split: dict[str, Floats]) -> dict[str, Floats]:
    """The parts as the chart stacks them, so that its table holds the same and fits beside it."""
    kept = _kept(split)
    rest = [values for part, values in split.items() if part not in kept or part == charts.OTHER]
    return {part: np.asarray(sum(rest)) if part == charts.OTHER else split[part] for part in kept}


def _range(draws: Floats, year: int, scale: Scale) -> dict[str, Any]:
    low, mid, high = interval(draws)
    label = words.with_range(mid, low, high, scale)[1]
    return {"year": year, "low": low / scale.divisor, "high": high / scale.divisor, "label": label}


def _year_table(years: range, split: dict[str, Floats], total: Floats, scale: Scale) -> dict[str, list[str]]:
    whole = [float(v) for v in total[:, 0]]
    rows = {part: [float(v) for v in values[:, 0]] for part, values in split.items()} | {"Total": whole}
    flat = amount([value for row in rows.values() for value in row], scale)
    columns = {"Year": [str(year) for year in years]}
    for place, name in enumerate(rows):
        columns[name] = flat[place * len(years) : (place + 1) * len(years)]
    ranges = (interval(draws) for draws in total)
    columns["80 % range"] = [words.with_range(mid, low, high, scale)[1] or "–" for low, mid, high in ranges]
    return columns


def ladder(found: Results) -> None:
    """From the accelerators to the meter, then to carbon by both methods."""
    year = found.plan.shown_year()
    steps = parts.energy_ladder(found, year)
    scale = page_scale(found, "kWh")
    title = f"From the accelerators to the meter, {year}"
    trace.section(title, f"{scale.label} a year, central case", "energy_facility_kwh")
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
    about, top = (
        "Energy from the accelerators to the meter",
        _top("ladder", scale, max(step.end_kwh for step in steps) / scale.divisor),
    )
    chart(
        charts.ladder(rows, about, is_dark(), top),
        summary,
        {"Step": [row["step"] for row in rows], "A year": [row["label"] for row in rows]},
    )


def both_methods(found: Results) -> None:
    """Location-based and market-based carbon side by side, hardware on top of each."""
    year = found.plan.shown_year()
    scale, when = page_scale(found), found.place(year)
    note = "market-based counts your supply contracts, and the grid's average where none cover"
    trace.section(f"To carbon, {year}", f"{scale.label} CO₂e a year · {note}", "carbon_market_kg")
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
        for column, text in zip(table.values(), line, strict=True):
            column.append(text)
    summary = " ".join(f"{name}: {end}." for name, end in ends.items())
    if not any(w.contract_share for w in found.plan.shown()):
        summary += " No supply contract entered and no residual mix at hand: market-based takes the grid's average."
    about, top = "Carbon by location-based and market-based method", _top("methods", scale, charts.highest_stack(rows))
    chart(charts.two_methods(rows, ends, about, is_dark(), top), summary, table)
    credits.line(found)
