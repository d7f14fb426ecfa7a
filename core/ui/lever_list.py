"""The levers as a list: each with its switch, its value, what it does alone, and everything behind it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core import catalog as facts
from core import words
from core.levers import conflicts
from core.plan import Plan
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import effects, raised
from core.results.effects import Effect
from core.ui import labels, lever_fields, lever_scope, lever_words, presets, state, trace
from core.ui.shown import small
from core.words import Scale

FIRST = 12
FAMILIES = {
    "demand": "What is asked", "model": "The model", "precision": "Number format", "serving": "Serving",
    "hardware": "Hardware", "site": "Site and fleet", "grid": "Place and time", "training": "Training",
    "contract": "Supply contracts", "outside": "Outside the inventory",
}  # fmt: skip
HEIGHT_PX = 520
MOST_OF_A_GROUP = 2
LEAST_CHANCE = 0.05  # that a lever adds: from here on the row says why


def levers(plan: Plan) -> None:
    """Those that matter most for this portfolio first, the rest by family."""
    for sentence in conflicts(catalog_of(plan), plan):
        st.warning(words.markdown_safe(sentence), icon=":material/error:")
    ranked = effects.ranked(plan)
    scale = words.mass_scale(max((abs(effect.before_kg) for effect in ranked), default=0.0))
    note = f"{scale.label} CO₂e a year in {plan.shown_year()}, each alone · brackets: 80 % range"
    heading, scope = st.columns([11, 9], vertical_alignment="bottom", gap="small")
    with heading:
        trace.section("Levers", note, "carbon_change_kg")
    with scope:
        lever_scope.chooser(plan)
    presets.row(plan)
    first = _first(plan, ranked)
    with st.container(height=HEIGHT_PX, border=False, key="levers"):
        for key in first:
            _rows(plan, key, scale)
    rest = [effect for effect in ranked if effect.lever.key not in first]
    more = st.expander(f"More levers ({len(rest) + len(_unusable())})", key="more_levers", on_change="rerun")
    if more.open:
        with more:
            _more(plan, rest, scale)


def _first(plan: Plan, ranked: Sequence[Effect]) -> list[str]:
    """Those the plan was opened with or a preset brought, then the dozen that move most: two of a group at the most.

    The order is that of the effects on business as usual: a row stays in place when its lever is switched on. Those
    switched on besides stand at the top, in sight.
    """
    groups: dict[str, int] = {}
    first: list[str] = []
    for effect in sorted(ranked, key=lambda one: -abs(one.difference_kg)):
        group = effect.lever.kind().group or effect.lever.key
        groups[group] = groups.get(group, 0) + 1
        if not effect.reason and effect.difference_kg and groups[group] <= MOST_OF_A_GROUP and len(first) < FIRST:
            first.append(effect.lever.key)
    led = presets.lead()
    besides = [lever.key for lever in plan.levers if lever.key not in first]
    return list(dict.fromkeys([*led, *besides, *first]))


def _unusable() -> list[str]:
    return [key for key, kind in facts.load().levers.items() if kind.missing]


def _more(plan: Plan, rest: Sequence[Effect], scale: Scale) -> None:
    catalog = facts.load()
    for family, title in FAMILIES.items():
        st.markdown(f"**{title}**")
        for effect in rest:
            if catalog.levers[effect.lever.key].family == family:
                _rows(plan, effect.lever.key, scale, effect.reason)
        for key in _unusable():
            kind = catalog.levers[key]
            if kind.family == family:
                with st.container(gap=None):
                    st.checkbox(kind.name, key=f"lever:{key}:never", disabled=True)
                    st.markdown(small(words.markdown_safe(f"Not in this version; it lacks {kind.missing}.")))


def _rows(plan: Plan, key: str, scale: Scale, reason: str = "") -> None:
    """A lever and its further uses, each a row: none of a plan is out of sight."""
    first = next((one for one in plan.levers if one.id == key), None)
    unused = lever_scope.scoped(plan, effects.usual(facts.load().levers[key]))
    _row(plan, first or unused, first is not None, scale, reason or lever_scope.cannot(plan, unused))
    for lever in plan.levers:
        if lever.key == key and lever.id != key:
            _row(plan, lever, True, scale)


def _row(plan: Plan, shown: Lever, used: bool, scale: Scale, reason: str = "") -> None:
    """One lever: switch, value or choice, what it does alone, and its assumptions."""
    name, value = st.columns([11, 9], vertical_alignment="center", gap="small")
    with name, st.container(gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            _switch(shown, used, reason)
            lever_fields.assumptions(plan, shown, used)
        st.markdown(small(words.markdown_safe(reason)) if reason else _told(plan, shown, scale))
    with value:
        if used or not reason:
            lever_fields.value(shown)


def _told(plan: Plan, lever: Lever, scale: Scale) -> str:
    if lever.kind().outside:
        return small(words.markdown_safe("On a line of its own: no total moves"))
    effect = effects.effect_alone(plan, lever)
    if effect.reason:
        return small(words.markdown_safe(words.capital(labels.by_label(effect.reason))))
    found = lever_words.change_of(effect, scale)
    why = raised.why(plan, lever) if effect.adds_share >= LEAST_CHANCE else None
    told = f"{found.text}: {words.markdown_safe(lever_words.because(why))}" if why else found.text
    cost = lever_words.cost_of(effect, plan)
    if lever_words.leaves(lever):
        told += f"; {words.markdown_safe(lever_words.LEFT)}"
    return f":{found.tone}[:small[{told}]]" + (f" {small(f'· {words.markdown_safe(cost)}')}" if cost else "")


def _switch(shown: Lever, used: bool, reason: str) -> None:
    key = f"lever:{shown.id}"

    def flip() -> None:
        plan = state.plan()
        if state.typed(key):
            state.attempt(lambda: plan.with_lever(shown), redraw_grid=False)
        else:
            state.attempt(lambda: plan.without_lever(shown.id), redraw_grid=False)

    state.bind(key, used, flip)
    st.checkbox(lever_words.name(shown), used, key=key, on_change=flip, disabled=bool(reason) and not used)
