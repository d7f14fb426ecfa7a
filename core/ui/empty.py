"""What stands where nothing is to be shown yet."""

from __future__ import annotations

import streamlit as st

from core.plan import Plan, Workload
from core.ui import state
from core.ui.shown import small

FIRST = Workload(id="W1", name="My first workload", region="WORLD", growth_central_pct=20, growth_high_pct=50)


def no_workload() -> None:
    """No workload yet: three ways to go on."""
    st.header("No workload yet", anchor=False)
    st.markdown(
        "A workload is one use of a language model: a chatbot, a coding assistant, a nightly batch, a training run."
    )
    with st.container(horizontal=True):
        st.button("Add a workload", type="primary", on_click=_first, key="first")
        st.button("Load the example", on_click=state.reset, key="example")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.page_link("pages/import/page.py", label=":blue[Start from the files you have]")
        st.markdown(small("Or open a plan CSV under Share."), width="content")


def nothing_shown() -> None:
    """The filters hide every workload."""
    st.header("No workload passes the filter", anchor=False)
    st.button("Show all workloads", on_click=_show_all, key="show_all")


def _first() -> None:
    state.attempt(lambda: state.plan().adding(FIRST))


def _show_all() -> None:
    plan: Plan = state.plan()
    state.attempt(lambda: plan.but(business_unit="", tag=""))
