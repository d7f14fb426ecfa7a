"""What the levers move in one workload: its physical terms as usual and under this plan, and their quality."""

from __future__ import annotations

import streamlit as st

from core import words
from core.levers import acting
from core.results import why
from core.results.figures import Results
from core.ui import effect, labels, lever_words, state, trace
from core.ui.shown import small, table

USUAL = "As usual"


def terms(found: Results, usual: Results) -> None:
    """For a workload of one's choice: every term before and after, why it moved, and each acting lever's quality."""
    plan = found.plan
    year = plan.shown_year()
    if not plan.levers:
        return
    trace.section(f"What moves, {year}", "Central case and 80 % range of this plan", "energy_accelerator_kwh")
    key = _chosen(found)
    workload = plan.workload(key)
    if workload is None:
        return
    levers = acting(found.catalog, plan, workload)
    if key in found.refused or key in usual.refused:
        reason = found.refused.get(key) or usual.refused[key]
        st.warning(f"No figure: {words.markdown_safe(labels.by_label(reason))}.")
    else:
        rows = why.terms(key, year, found, usual)
        with st.container():
            said = effect.reasons(found, workload, workload, rows) if levers else []
            st.markdown("\n".join(f"- {line}" for line in said))
        table(effect.compared(found, rows, USUAL))
    if not levers:
        st.markdown(small(f"No lever acts on {words.markdown_safe(workload.name)}."))
    asked = [
        f"- **Quality, {lever_words.name(lever)}:** {words.markdown_safe(lever.kind().quality)}."
        for lever in levers
        if lever.kind().quality
    ]
    st.markdown("\n".join(asked))


def _chosen(found: Results) -> str:
    """The workload in detail; it is the Plan page's too."""
    names = {w.id: w.name for w in found.plan.shown()}
    chosen = state.selected_workload()
    state.bind("detail_whatif", chosen)
    st.selectbox(
        "Workload", list(names), index=list(names).index(chosen), key="detail_whatif",
        format_func=lambda key: names.get(key, key), label_visibility="collapsed",
        on_change=lambda: state.select(str(state.typed("detail_whatif"))),
    )  # fmt: skip
    return chosen
