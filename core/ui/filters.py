"""Which workloads are shown: by business unit, by tag."""

from __future__ import annotations

import streamlit as st

from core.ui import fields, state
from core.ui.shown import section

ALL = ""


def row() -> None:
    """The section's heading with two selectors; hidden workloads leave every figure on the page."""
    plan = state.plan()
    units = sorted({w.business_unit for w in plan.workloads if w.business_unit})
    tags = sorted({tag for w in plan.workloads for tag in w.tags})
    hidden = len(plan.workloads) - len(plan.shown())
    note = f" · {hidden} hidden by the filter" if hidden else ""
    heading, unit, tag = st.columns([2, 1, 1], vertical_alignment="bottom")
    with heading:
        section("Workloads", f"Change any figure; everything follows{note}")
    with unit:
        _selector("business_unit", "Business unit", "All units", units)
    with tag:
        _selector("tag", "Tag", "All tags", tags)


def _selector(name: str, label: str, everything: str, choices: list[str]) -> None:
    key, value = f"p:{name}", getattr(state.plan(), name)
    state.bind(key, value)
    listed = [ALL, *choices] if value in (ALL, *choices) else [ALL, value, *choices]
    st.selectbox(
        label,
        listed,
        index=listed.index(value),
        key=key,
        format_func=lambda v: v or everything,
        label_visibility="collapsed",
        on_change=fields.plan_commit,
        args=(name, key),
    )
