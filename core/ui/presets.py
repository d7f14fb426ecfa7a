"""Presets: a few levers at once, as a start. Each is a plan that can be shared like any other."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import catalog as facts
from core.levers import meant, why_not
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import effects
from core.ui import lever_scope, state

NONE = "As today"


def row(plan: Plan) -> None:
    """The presets, the one in use marked; "As today" takes every lever out. A mix of one's own is none of them."""
    names = [NONE, *facts.load().lever_presets]
    chosen = in_use(plan)
    state.bind("preset", chosen)
    st.pills(
        "Presets", names, key="preset", default=chosen, on_change=_use, label_visibility="collapsed", wrap=True,
    )  # fmt: skip


def lead() -> tuple[str, ...]:
    """The levers that stand first in the list: those of the preset last pressed, or of the plan as it was opened."""
    s = state.session()
    return s.lead or tuple(lever.key for lever in s.opened.levers)


def in_use(plan: Plan) -> str | None:
    """The name of the preset that the plan's levers are, each as it starts; None where they are no preset."""
    if not plan.levers:
        return NONE
    mine = frozenset(plan.levers)
    known = facts.load().lever_presets
    return next((name for name, keys in known.items() if frozenset(levers_of(plan, keys)) == mine), None)


def levers_of(plan: Plan, keys: Sequence[str]) -> tuple[Lever, ...]:
    """The levers of a preset, as they start; those that no workload of this plan can take are left out."""
    catalog = catalog_of(plan)
    started = [lever_scope.scoped(plan, effects.usual(catalog.levers[key])) for key in keys]
    return tuple(one for one in started if any(meant(one, w) and not why_not(catalog, one, w) for w in plan.workloads))


def _use() -> None:
    """Take the pressed preset's levers; the marked one pressed again changes nothing."""
    plan, name = state.plan(), state.typed("preset")
    if isinstance(name, str):
        keys = facts.load().lever_presets.get(name, ())
        state.session().lead = tuple(lever.key for lever in levers_of(plan, keys))
        state.attempt(lambda: plan.but(levers=levers_of(plan, keys)), redraw_grid=False)
