"""Within which limits the search chooses: how sure, in which years, and what no set may break."""

from __future__ import annotations

import streamlit as st

from core.plan import Plan, Search
from core.ui import fields
from core.ui.shown import section, small

FIRST = ("meet_share", "budget_usd")
MORE = (
    ("milestones", "certificates"), ("quality_floor_pct", "latency_ceiling_s"), ("residency", "unpriced"),
)  # fmt: skip


def limits(plan: Plan) -> None:
    """The probability and the budget in sight, the other limits one click away; those that bind are counted."""
    section("Limits", "Blank: no limit. They travel in the link and the plan CSV")
    _row(plan, FIRST)
    changed = [n for pair in MORE for n in pair if getattr(plan.search, n) != getattr(Search(), n)]
    more = f"More limits ({len(changed)} set)" if changed else "More limits"
    with st.expander(more, key="optimise_limits", on_change="rerun") as shut:
        if shut.open:
            for pair in MORE:
                _row(plan, pair)
            st.markdown(small("Quality adds up the losses of all levers on a workload: an upper bound."))


def _row(plan: Plan, names: tuple[str, ...]) -> None:
    for column, name in zip(st.columns(len(names), gap="small"), names, strict=True):
        with column:
            fields.search_field(plan, name)
