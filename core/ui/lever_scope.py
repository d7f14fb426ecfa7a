"""For which workloads levers are pulled: all of them, or one, chosen once for every lever."""

from __future__ import annotations

import streamlit as st

from core.levers import why_none
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.ui import state

ALL, SEVERAL = "", "several"


def chooser(plan: Plan) -> None:
    """One choice above the list. Levers that name several workloads, or are used twice, keep them until it is used."""
    names = {w.id: w.name for w in plan.shown()}
    now = _now(plan)
    state.bind("lever_scope", now)
    listed = [ALL, *names, *([now] if now not in (ALL, *names) else [])]
    st.selectbox(
        "Workloads of the levers", listed, index=listed.index(now), key="lever_scope", on_change=_choose,
        format_func=lambda one: {ALL: "On all workloads", SEVERAL: "As each lever says"}.get(one, names.get(one, one)),
        label_visibility="collapsed", disabled=any(lever.id != lever.key for lever in plan.levers),
    )  # fmt: skip


def scoped(plan: Plan, lever: Lever) -> Lever:
    """A lever not yet in use, for the workload chosen."""
    now = _now(plan)
    return lever if lever.kind().outside or plan.workload(now) is None else lever.but(workloads=(now,))


def cannot(plan: Plan, lever: Lever) -> str:
    """Why the workload chosen cannot take a lever; empty where it can, or where none is chosen."""
    return why_none(catalog_of(plan), lever, [w for w in plan.workloads if w.id in lever.workloads])


def _now(plan: Plan) -> str:
    """What the levers in use say, or with none of them what was chosen last."""
    named = {lever.workloads for lever in plan.levers if not lever.kind().outside}
    if not named:
        chosen = state.session().scope
        return chosen if any(w.id == chosen for w in plan.shown()) else ALL
    ids = next(iter(named))
    return SEVERAL if len(named) > 1 or len(ids) > 1 else ids[0] if ids else ALL


def _choose() -> None:
    """The levers in use act on the workload chosen."""
    chosen, plan = str(state.typed("lever_scope")), state.plan()
    if chosen == SEVERAL:
        return
    state.session().scope = chosen
    ids = (chosen,) if chosen else ()
    moved = tuple(lever if lever.kind().outside else lever.but(workloads=ids) for lever in plan.levers)
    if moved != plan.levers:
        state.attempt(lambda: plan.but(levers=moved), redraw_grid=False)
