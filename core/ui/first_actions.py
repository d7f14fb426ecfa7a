"""What to do first: the levers that save most in this plan, each alone, with its evidence and a way to try it."""

from __future__ import annotations

import streamlit as st

from core import words
from core.levers import BUNDLES, rule
from core.plan import Plan
from core.plan.own_catalog import catalog_of
from core.results import effects
from core.results.effects import Effect
from core.ui import lever_words, state
from core.ui.shown import small

WHATIF = "pages/whatif/page.py"
MOST = 5


def actions(plan: Plan) -> None:
    """The list, worked out only once it is opened."""
    box = st.expander("What to do first", key="first_actions", on_change="rerun")
    if not box.open:
        return
    with box:
        found = first(plan)
        note = f"Carbon saved in {plan.shown_year()}, each alone against business as usual · brackets: 80 % range"
        st.markdown(small(note if found else "No lever of the catalog saves carbon on this plan."))
        for effect in found:
            _action(plan, effect)


def first(plan: Plan) -> list[Effect]:
    """The levers not yet in use that save most, one of those that exclude each other.

    Parts rather than bundles, and none that moves work out of the total.
    """
    catalog = catalog_of(plan)
    taken = [*plan.levers]
    found: list[Effect] = []
    for effect in effects.ranked(plan):
        lever = effect.lever
        other_kind = lever.key in BUNDLES or lever_words.leaves(lever)
        excluded = other_kind or any(lever.key == other.key or rule(catalog, lever, other) for other in taken)
        if effect.reason or effect.difference_kg >= 0 or excluded:
            continue
        taken.append(lever)
        found.append(effects.effect_alone(plan, effect.lever))
        if len(found) == MOST:
            break
    return found


def _action(plan: Plan, effect: Effect) -> None:
    lever, kind = effect.lever, effect.lever.kind()
    what, saving, way = st.columns([10, 6, 3], vertical_alignment="center", gap="small")
    target = lever_words.target(lever)
    with what, st.container(gap=None):
        st.markdown(f"**{words.markdown_safe(kind.name)}**" + (f", {words.markdown_safe(target)}" if target else ""))
        st.markdown(small(f"Evidence: {lever_words.grade(kind)}"))
    with saving:
        scale = words.mass_scale(effect.before_kg)
        told = lever_words.change_of(effect, scale)
        st.markdown(f":{told.tone}[{told.text}]")
        cost = lever_words.cost_of(effect, plan)
        st.markdown(
            small(words.markdown_safe(f"{words.capital(cost)} avoided" if "/t" in cost else words.capital(cost)))
        )
    with way:
        if st.button("Try it", key=f"try:{lever.id}", help=f"{kind.name}: switch it on and open What-if"):
            state.attempt(lambda: plan.with_lever(lever), redraw_grid=False)
            st.switch_page(WHATIF)
