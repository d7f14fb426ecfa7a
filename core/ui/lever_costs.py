"""What a lever takes once and every year, and how far use grows with it: fields in its panel, estimates as blanks."""

from __future__ import annotations

import streamlit as st

from core import words
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results.lever_work import ITEMS, item
from core.ui import fields, lever_words, state
from core.ui.shown import small

UNKNOWN = "unknown"


def panel(plan: Plan, lever: Lever, used: bool) -> None:
    """The fields of a lever in use; of any other what it is known to take."""
    st.markdown("**What it takes**")
    if not used:
        st.markdown("\n".join(lever_words.takes(plan, lever)))
        return
    st.markdown(small("Blank: the estimate shown, yours to change. It is counted in cost, energy and carbon."))
    left, right = st.columns(2)
    for place, name in enumerate(ITEMS):
        with (left, right)[place % 2]:
            _amount(plan, lever, name)
    _rebound(lever)


def _amount(plan: Plan, lever: Lever, name: str) -> None:
    usual = item(catalog_of(plan), lever.but(**{name: None}), name)
    blank = UNKNOWN if usual is None else f"{words.figure(usual.central, 2)}, estimate"

    def take(value: float | None) -> None:
        state.change_lever(lever, name, value)

    fields.blank_number(Lever, name, getattr(lever, name), f"lever:{lever.id}:{name}", take, blank)


def _rebound(lever: Lever) -> None:
    def take(value: float | None) -> None:
        state.change_lever(lever, "elasticity", value)

    fields.blank_number(Lever, "elasticity", lever.elasticity, f"lever:{lever.id}:elasticity", take)
