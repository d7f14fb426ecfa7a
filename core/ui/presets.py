"""Presets: a few levers at once, as a start. Each is a plan that can be shared like any other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import catalog as facts
from core.levers import why_not
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import effects
from core.ui import state


def row(plan: Plan) -> None:
    """The presets as buttons; "As today" takes every lever out."""
    with st.container(horizontal=True, gap="small", key="presets"):
        st.button("As today", on_click=_use, args=((),), key="preset:none", disabled=not plan.levers)
        for name, keys in facts.load().lever_presets.items():
            st.button(name, on_click=_use, args=(keys,), key=f"preset:{name}")


def levers_of(plan: Plan, keys: Sequence[str]) -> tuple[Lever, ...]:
    """The levers of a preset, as they start; those that no workload of this plan can take are left out."""
    catalog = catalog_of(plan)
    started = [effects.usual(catalog.levers[key]) for key in keys]
    return tuple(one for one in started if any(not why_not(catalog, one, w) for w in plan.workloads))


def _use(keys: Sequence[str]) -> None:
    plan = state.plan()
    state.attempt(lambda: plan.but(levers=levers_of(plan, keys)), redraw_grid=False)
