"""What stands behind a target, one tab each; only the open one is worked out."""

from __future__ import annotations

import streamlit as st

from core.exports.verdict import View
from core.ui import actuals, disclosure, projection, target_file, target_gates, target_inventory


def _rests_on(view: View) -> None:
    target_gates.notes(view)
    target_file.milestones(view)


KEY = "target:tab"
TABS = {
    "inventory": ("Inventory", target_inventory.panel),
    "actuals": ("Measured", lambda view: actuals.panel(view.plan)),
    "later": ("Later years", lambda view: projection.panel(view.plan)),
    "disclosure": ("Disclosure", lambda view: disclosure.panel(view.plan)),
    "v2": ("V2.0 preview", target_gates.v2),
    "notes": ("What it rests on", _rests_on),
}


def tabs(view: View) -> None:
    """The inventory first: a target starts from it."""
    names = [name for name, _ in TABS.values()]
    opened = dict(zip(TABS, st.tabs(names, key=KEY, on_change="rerun"), strict=True))
    shown = next((key for key, tab in opened.items() if tab.open), "inventory")
    with opened[shown]:
        TABS[shown][1](view)
