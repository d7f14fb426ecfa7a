"""What a workload's figures rest on, as a table: value, range, status, source with year and licence."""

from __future__ import annotations

import streamlit as st

from core import words
from core.plan import Plan
from core.plan.example import example_plan, reasons
from core.plan.own_catalog import catalog_of
from core.results.factors import Factor, factors
from core.ui import state
from core.words import Scale

PLAIN = Scale("", 1.0)
SHOWN_SOURCES = 3


def rests_on(plan: Plan) -> None:
    """Every factor of the workload in the detail panel, one a row, in an expander."""
    workload = plan.workload(state.selected_workload())
    if workload is None:
        return
    title = f"What “{words.markdown_safe(workload.name)}” rests on: every factor with its source"
    shut = st.expander(title, key="rests", on_change="rerun")
    if shut.open:
        if workload in example_plan().workloads:
            shut.markdown(f"**Example values, not a benchmark.** {words.markdown_safe(reasons()[workload.id])}")
        shut.table(columns_of(plan, factors(plan, workload)), border="horizontal", hide_index=True)


def columns_of(plan: Plan, rows: list[Factor]) -> dict[str, list[str]]:
    """Factors as the columns of a table."""
    return {
        "Factor": [words.markdown_safe(row.name) for row in rows],
        "Value": [_value(row) for row in rows],
        "80 % range": [_range(row) for row in rows],
        "Status": [row.status for row in rows],
        "Source": [words.markdown_safe(_source(plan, row)) for row in rows],
        "Note": [words.markdown_safe(row.note) for row in rows],
    }


def _value(row: Factor) -> str:
    if isinstance(row.value, str):
        return row.value
    text = words.figure(row.value, 4)
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text}\u00a0{row.unit}".rstrip("\u00a0")


def _range(row: Factor) -> str:
    return "–" if row.low is None or row.high is None else words.span(row.low, row.high, PLAIN)


def _source(plan: Plan, row: Factor) -> str:
    if row.source in ("", "input"):
        return "entered in the plan" if row.source == "input" else "–"
    known = catalog_of(plan).sources
    found = [known[key] for key in row.source.split(";") if key in known]
    told = [f"{s.publisher}: {s.title}, {s.year} ({s.licence})" for s in found[:SHOWN_SOURCES]]
    return "; ".join(told) + (f"; and {len(found) - SHOWN_SOURCES} more" if len(found) > SHOWN_SOURCES else "")
