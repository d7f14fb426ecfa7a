"""The detail panel: every field of one workload that acts on it."""

from __future__ import annotations

import streamlit as st

from core.plan import Workload, knobs
from core.results import Results
from core.ui import badge, fields, load, meter, portfolio, state
from core.ui.shown import small

TABS = {
    "use": "Use",
    "servers": "Servers",
    "place": "Place",
    "growth": "Growth",
    "money": "Contract and prices",
    "people": "People",
}
METER = "Meter"
INFERENCE_ONLY = frozenset(
    {
        "requests_per_day",
        "input_tokens",
        "output_tokens",
        "cached_share",
        "operating_days",
        "peak_to_mean",
        "accelerators",
        "batch",
        "serving",
        "parallel",
        "busy_share",
        "seats",
        "requests_per_seat_day",
        "price_input_usd_per_m_tokens",
        "price_cached_usd_per_m_tokens",
        "price_output_usd_per_m_tokens",
    }
)
TRAINING_ONLY = frozenset(
    {"runs_per_year", "tokens_per_run_m", "epochs", "overhead_factor", "mfu", "job_h", "pausing", "restart_h"}
)
HOSTED_ONLY = {
    "price_hire_usd_per_h": ("cloud",),
    "price_electricity_usd_per_kwh": ("own", "colocation"),
    "price_purchase_usd": ("own", "colocation"),
    "price_operations_usd_per_h": ("own", "colocation"),
    "price_input_usd_per_m_tokens": ("api",),
    "price_cached_usd_per_m_tokens": ("api",),
    "price_output_usd_per_m_tokens": ("api",),
    "it_control": ("colocation",),
    "installed_accelerators": ("own", "colocation", "cloud"),
    "busy_share": ("own", "colocation", "cloud"),
}


def applies(workload: Workload, name: str) -> bool:
    """Whether a field acts on this kind of workload under this hosting."""
    training = workload.kind != "inference"
    if (training and name in INFERENCE_ONLY) or (not training and name in TRAINING_ONLY):
        return False
    return workload.hosting in HOSTED_ONLY.get(name, (workload.hosting,))


def panel(found: Results) -> None:
    """Choose a workload; see how near it is to a measurement, and change every field that acts on it."""
    plan = state.plan()
    names = {w.id: w.name for w in plan.shown()}
    key = state.selected_workload()
    state.bind("detail", key)
    chooser, ways = st.columns([3, 2], vertical_alignment="bottom")
    with chooser:
        st.selectbox(
            "Workload in detail",
            list(names),
            index=list(names).index(key) if key in names else None,
            key="detail",
            format_func=lambda k: names.get(k, k),
            on_change=lambda: state.select(str(state.typed("detail"))),
        )
    with ways:
        portfolio.copy_and_remove(key)
    workload = plan.workload(key)
    if workload is None:
        return
    badge.line(found, workload, plan.shown_year(), "detail")
    *tabs, metered = st.tabs([*TABS.values(), METER], key="group", on_change="rerun")
    for tab, group in zip(tabs, TABS, strict=True):
        if tab.open:
            with tab:
                _group(workload, group)
    if metered.open:
        with metered:
            meter.panel(workload)


def _group(workload: Workload, group: str) -> None:
    names = [n for n, knob in knobs(Workload).items() if knob.group == group and applies(workload, n)]
    half = (len(names) + 1) // 2  # down one column, then the next: on a phone they follow in the same order
    for column, listed in zip(st.columns(2), (names[:half], names[half:]), strict=True):
        with column:
            for name in listed:
                with st.container():  # a note that comes must not shift the place of the fields that follow
                    fields.workload_field(workload, name)
                    note = load.note(workload, name)
                    if note:
                        st.markdown(small(note))
