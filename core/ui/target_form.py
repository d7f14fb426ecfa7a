"""What the Targets page asks: whose target, by which method, between which years, and what else the gates want."""

from __future__ import annotations

import streamlit as st

from core.exports.verdict import View
from core.plan.example_target import with_example_target
from core.ui import fields, state
from core.ui.shown import section, small
from core.ui.target import listed

YEARS = (("base_year", "target_year"), ("recent_year", "submission_year"))
MORE = (("submission_half", "net_zero_year"), ("scopes12", "rest_change_pct"))
COMPANY_ONLY = ("rest_change_pct",)
OF_METHOD = {
    "own_rate": ("own_rate_pct",),
    "superseded": ("validated_reduction_pct",),
    "intensity": ("activity_growth_pct",),
    "v2_preview": ("company_category",),
}
# What the gates ask beside one scope's target, and what stands beside it for information.
GATES = (
    ("excluded_pct", "base_change_pct", "coverage_near_pct", "coverage_long_pct"),
    ("long_reduction_pct", "long_target_year", "renewable_pct", "renewable_year"),
    ("credits_t", "avoided_t", "company_category", "sold_products"),
)


def asked(view: View) -> None:
    """The questions, the few first."""
    target = view.target
    section("Pathway", "What is said here travels in the link and the plan CSV")
    fields.target_segments("mode", shown=True)
    _field(view, "method")
    for name in OF_METHOD.get(target.method, ()):
        _field(view, name)
    fields.target_segments("scope3_ambition", shown=True)
    for pair in YEARS:
        _row(view, pair)
    with st.expander("More choices", key="target_more", on_change="rerun") as shut:
        if shut.open:
            for pair in MORE:
                _row(view, tuple(name for name in pair if target.mode == "company" or name not in COMPANY_ONLY))


def missing(view: View) -> None:
    """What is asked before any figure is shown, and the example's answers."""
    section("What is asked", "No figure is shown before this is said")
    st.markdown(listed(view.found.questions))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Fill in the example's values", key="target:example", on_click=_example, type="primary")
        st.markdown(small("Settings and an inventory of an invented company; each row says so. Undo takes them back."))


def _example() -> None:
    if state.attempt(lambda: with_example_target(state.plan())):
        state.session().news = ["The target and its inventory are now the example's: values of an invented company."]


def gates(view: View) -> None:
    """What the gates ask, behind one heading: blank is unknown, and never passed."""
    with st.expander("What the gates ask", key="target_gates", on_change="rerun") as shut:
        if shut.open:
            for names in GATES:
                _row(view, tuple(name for name in names if name not in OF_METHOD.get(view.target.method, ())), 4)


def _row(view: View, names: tuple[str, ...], most: int = 2) -> None:
    for column, name in zip(st.columns(most, gap="small"), names, strict=False):
        with column:
            _field(view, name)


def _field(view: View, name: str) -> None:
    fields.target_field(view.plan, name)
