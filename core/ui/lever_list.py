"""The levers as a list: each with its switch, its value, what it does alone, and everything behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core import catalog as facts
from core import words
from core.levers import conflicts
from core.plan import Plan, knobs
from core.plan.lever import Lever
from core.plan.own_catalog import catalog_of
from core.results import effects
from core.results.effects import Effect
from core.ui import evidence, lever_words, options, presets, state
from core.ui.shown import section, small
from core.words import Scale

FIRST = 12
FAMILIES = {
    "demand": "What is asked", "model": "The model", "precision": "Number format", "serving": "Serving",
    "hardware": "Hardware", "site": "Site and fleet", "grid": "Place and time", "training": "Training",
    "contract": "Supply contracts",
}  # fmt: skip
TABLES = {"model": "models", "hardware": "hardware", "region": "regions"}
HEIGHT_PX = 520
MOST_OF_A_GROUP = 2


def levers(plan: Plan) -> None:
    """Those that matter most for this portfolio first, the rest by family."""
    for sentence in conflicts(catalog_of(plan), plan):
        st.warning(words.markdown_safe(sentence), icon=":material/error:")
    ranked = effects.ranked(plan)
    scale = words.mass_scale(max((abs(effect.before_kg) for effect in ranked), default=0.0))
    section("Levers", f"{scale.label} CO₂e a year in {plan.shown_year()}, each alone, against business as usual")
    presets.row(plan)
    first = _first(plan, ranked)
    with st.container(height=HEIGHT_PX, border=False, key="levers"):
        for key in first:
            _row(plan, key, scale)
    rest = [effect for effect in ranked if effect.lever.key not in first]
    more = st.expander(f"More levers ({len(rest) + len(_unusable())})", key="more_levers", on_change="rerun")
    if more.open:
        with more:
            _more(plan, rest, scale)


def _first(plan: Plan, ranked: Sequence[Effect]) -> list[str]:
    """The dozen that move most, of a group that excludes itself the first two; those in use besides, at the end.

    The order is that of the effects on business as usual: a row stays in place when its lever is switched on.
    """
    groups: dict[str, int] = {}
    first: list[str] = []
    for effect in sorted(ranked, key=lambda one: -abs(one.difference_kg)):
        group = effect.lever.kind().group or effect.lever.key
        groups[group] = groups.get(group, 0) + 1
        if not effect.reason and effect.difference_kg and groups[group] <= MOST_OF_A_GROUP and len(first) < FIRST:
            first.append(effect.lever.key)
    return first + [key for key in dict.fromkeys(lever.key for lever in plan.levers) if key not in first]


def _unusable() -> list[str]:
    return [key for key, kind in facts.load().levers.items() if kind.missing]


def _more(plan: Plan, rest: Sequence[Effect], scale: Scale) -> None:
    catalog = facts.load()
    for family, title in FAMILIES.items():
        st.markdown(f"**{title}**")
        for effect in rest:
            if catalog.levers[effect.lever.key].family == family:
                _row(plan, effect.lever.key, scale, effect.reason)
        for key in _unusable():
            kind = catalog.levers[key]
            if kind.family == family:
                st.checkbox(kind.name, key=f"lever:{key}:never", disabled=True)
                st.markdown(small(words.markdown_safe(f"Not in this version; it lacks {kind.missing}.")))


def _row(plan: Plan, key: str, scale: Scale, reason: str = "") -> None:
    """One lever: switch, value or choice, what it does alone, and its assumptions."""
    lever = next((one for one in plan.levers if one.key == key), None)
    shown = lever or effects.usual(facts.load().levers[key])
    name, value = st.columns([7, 5], vertical_alignment="center")
    with name, st.container(gap=None):
        _switch(lever, shown, reason)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(small(words.markdown_safe(reason)) if reason else _told(plan, shown, scale), width="content")
            _details(shown, lever is not None)
    with value:
        if not reason:
            _value(shown)


def _told(plan: Plan, lever: Lever, scale: Scale) -> str:
    effect = effects.effect_alone(plan, lever)
    if effect.reason:
        return small(words.markdown_safe(words.capital(effect.reason)))
    found = lever_words.change_of(effect, scale)
    return f":{found.tone}[:small[{found.text}]]"


def _switch(lever: Lever | None, shown: Lever, reason: str) -> None:
    key = f"lever:{shown.key}"
    state.bind(key, lever is not None)

    def flip() -> None:
        plan = state.plan()
        if state.typed(key):
            state.attempt(lambda: plan.with_lever(shown), redraw_grid=False)
        else:
            state.attempt(lambda: plan.without_lever(shown.id), redraw_grid=False)

    st.checkbox(shown.kind().name, key=key, on_change=flip, disabled=bool(reason) and lever is None)


def _value(shown: Lever) -> None:
    kind = shown.kind()
    if kind.choice:
        table = options.table(TABLES[kind.choice])
        _select(shown, list(table), lambda key: table.get(key, key))
    elif kind.valued:
        _number(shown, "value", shown.amount(), kind.label, kind.step or 0.01)


def _take(shown: Lever, field: str, key: str) -> Callable[[], None]:
    def take() -> None:
        state.attempt(lambda: state.plan().with_lever(shown.but(**{field: state.typed(key)})), redraw_grid=False)

    return take


def _select(shown: Lever, listed: list[str], word: Callable[[str], str]) -> None:
    key = f"lever:{shown.id}:choice"
    state.bind(key, shown.choice)
    st.selectbox(
        f"{shown.kind().name}: changes to", listed, index=listed.index(shown.choice), key=key, format_func=word,
        label_visibility="collapsed", on_change=_take(shown, "choice", key),
    )  # fmt: skip


def _number(shown: Lever, field: str, value: Any, label: str, step: float) -> None:
    key = f"lever:{shown.id}:{field}"
    state.bind(key, value)
    st.number_input(
        label, value=value, step=float(step), key=key, on_change=_take(shown, field, key), help=_limits(shown),
    )  # fmt: skip


def _limits(shown: Lever) -> str:
    kind = shown.kind()
    published = f"Published: {words.figure(kind.low or 0.0, 3)} to {words.figure(kind.high or 0.0, 3)}."
    limits = f"From {words.figure(kind.floor or 0.0, 3)} to {words.figure(kind.ceiling or 0.0, 3)} {kind.unit}".rstrip()
    return f"{published} {limits}."


def _details(lever: Lever, used: bool) -> None:
    """Share, start year, workloads of a lever in use, and the evidence of any, one click away."""
    box = st.popover("Assumptions", type="tertiary", key=f"lever:{lever.id}:more", on_change="rerun")
    if not box.open:
        return
    with box:
        if used:
            _number(lever, "share", lever.share, knobs(Lever)["share"].label, 0.05)
            _year(lever)
            _workloads(lever)
        st.markdown(lever_words.evidence(lever))
        for source in lever.kind().source.split(";"):
            found = facts.load().sources[source]
            st.markdown(small(f"[{words.markdown_safe(found.title)}]({found.url}), {found.publisher}, {found.year}"))
        evidence.pairs(lever.key)


def _year(lever: Lever) -> None:
    key = f"lever:{lever.id}:start_year"
    state.bind(key, lever.start_year)
    st.number_input(
        knobs(Lever)["start_year"].label, value=lever.start_year, step=1, key=key, placeholder="the plan's first year",
        on_change=_take(lever, "start_year", key),
    )  # fmt: skip


def _workloads(lever: Lever) -> None:
    names = {w.id: w.name for w in state.plan().workloads}
    key = f"lever:{lever.id}:workloads"
    state.bind(key, [w for w in lever.workloads if w in names])
    st.multiselect(
        knobs(Lever)["workloads"].label, list(names), key=key, format_func=lambda w: names.get(w, w),
        placeholder="All that can take it", on_change=_take(lever, "workloads", key),
    )  # fmt: skip
