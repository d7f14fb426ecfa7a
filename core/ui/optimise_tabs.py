"""What stands behind the answer, one tab each; only the open one is worked out."""

from __future__ import annotations

import streamlit as st

from core.ui import optimise_cost, optimise_front, optimise_stress
from core.ui.optimise import View

KEY = "optimise:tab"


def _cost(view: View) -> None:
    optimise_cost.costs(view.plan, view.levers)


TABS = {
    "cost": ("What a tonne costs", _cost),
    "worlds": ("In other worlds", optimise_stress.worlds),
    "choices": ("All choices", optimise_front.as_table),
}


def tabs(view: View) -> None:
    """The curves first; nothing where there is no choice to look at."""
    if view.picked is None:
        return
    names = [name for name, _ in TABS.values()]
    opened = dict(zip(TABS, st.tabs(names, key=KEY, on_change="rerun"), strict=True))
    shown = next((key for key, tab in opened.items() if tab.open), "cost")
    with opened[shown]:
        TABS[shown][1](view)
