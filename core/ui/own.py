"""Entries of the company's own: a list, and a form that is checked as a whole when it is saved.

What is typed and not yet saved is a draft of the session: it stays over other tabs and pages, and when it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core import words
from core.plan import Workload, knobs, sentences
from core.plan.own import OWN, Own, own_id
from core.plan.own_catalog import problem_of, unusable
from core.ui import form_field, labels, outbox, own_list, state
from core.ui.shown import section, small

NEW = "new"
TABS = {
    "models": "Models",
    "devices": "Accelerators",
    "regions": "Grids",
    "sites": "Sites",
    "suppliers": "Supply contracts",
    "prices": "Token prices",
}
ABOUT = {
    "models": "a model of your own, or one that the catalog lacks: from a few figures, or from its config.json",
    "devices": "an accelerator as you run it: capped, with your idle power, or one that the catalog lacks",
    "regions": "a grid or a supplier's factor by year, location-based, with the residual mix where you know it",
    "sites": "a building with its overhead, cooling water, servers and prices; workloads choose it as their region",
    "suppliers": "what your contract delivers, by year; it changes the market-based line only",
    "prices": "what a provider charges for one model; workloads that buy it take these prices",
}
ONE = {
    "models": "model",
    "devices": "accelerator",
    "regions": "grid",
    "sites": "site",
    "suppliers": "contract",
    "prices": "price list",
}
# Fields that a first entry needs; the others wait behind "More fields".
NEEDED = {
    "models": ("params_total_b", "params_active_b", "based_on", "layers", "d_model", "heads", "kv_heads", "experts",
               "experts_per_token"),
    "devices": ("based_on", "peak_bf16_tflops", "memory_gb", "bandwidth_gb_s", "tdp_w", "idle_w", "embodied_kg"),
    "regions": ("carbon_g_per_kwh", "carbon_basis", "based_on"),
    "sites": ("region", "pue", "wue_l_per_kwh", "host_w", "lifetime_years", "purchase_year", "price_purchase_usd"),
    "suppliers": ("carbon_g_per_kwh", "carbon_basis"),
    "prices": ("model", "price_input_usd_per_m_tokens", "price_cached_usd_per_m_tokens",
               "price_output_usd_per_m_tokens"),
}  # fmt: skip
KIND = "own_kind"


def intro() -> None:
    """The page's answer: what the plan holds of one's own, and what that changes."""
    plan = state.plan()
    count = sum(1 for _ in plan.own())
    held = words.count(count, "own entry", "own entries") if count else "No own entry"
    st.header(f"{held} in this plan", anchor=False)
    outbox.paint_first(held)
    text = "They travel in the link and the plan CSV, with source and date, and stand first wherever you choose."
    st.markdown(small(text))


def kinds() -> Iterator[str]:
    """The kinds of entry, one a tab; what the loop does is drawn in the open tab alone."""
    if KIND not in st.session_state and KIND in state.session().drafts:
        st.session_state[KIND] = state.session().drafts[KIND]
    tabs = st.tabs(list(TABS.values()), key=KIND, on_change=form_field.keep, args=(KIND,))
    for tab, field in zip(tabs, TABS, strict=True):
        if tab.open:
            with tab:
                yield field


def listed(field: str) -> None:
    """The entries of one kind as a table, and which of them the form shows."""
    plan = state.plan()
    entries = getattr(plan, field)
    section(TABS[field], words.capital(ABOUT[field]))
    if entries:
        table = {
            "Name": [words.markdown_safe(e.name) for e in entries],
            "Figures": [own_list.figures(e) for e in entries],
            "Source": [words.markdown_safe(f"{e.source}, {e.source_date}") for e in entries],
            "Used by": [own_list.used_by(plan, e) for e in entries],
        }
        with st.container(key="wide_own"):
            st.table(table, border="horizontal", hide_index=True)
    for e in entries:
        if reason := unusable(plan).get(e.id):
            text = f"{e.name} cannot be used: {labels.by_label(reason, type(e))}. Change it below, or remove it."
            st.warning(words.markdown_safe(text), icon=":material/error:")
    names = {e.id: e.name for e in entries}
    key = f"own:{field}:chosen"
    state.bind(key, chosen(field))
    st.selectbox(
        f"Change a {ONE[field]}, or enter a new one",
        [NEW, *names],
        key=key,
        format_func=lambda key: names.get(key, f"A new {ONE[field]}"),
        on_change=form_field.keep,
        args=(key,),
    )


def form(field: str) -> None:
    """The form of one entry: checked as a whole when it is saved."""
    key = chosen(field)
    entry = next((e for e in getattr(state.plan(), field) if e.id == key), None)
    prefix = prefix_of(field, key)
    cls = OWN[field]
    _fields(cls, prefix, entry, own_list.FIRST)
    _fields(cls, prefix, entry, NEEDED[field])
    more = [name for name in knobs(cls) if name not in ("id", *own_list.FIRST, *NEEDED[field])]
    if more:
        with st.expander("More fields"):
            _fields(cls, prefix, entry, tuple(more))
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Save", key=f"{prefix}:save", on_click=_save, args=(field, key))
        if _typed(prefix):
            st.button("Discard", key=f"{prefix}:discard", type="tertiary", on_click=_forget, args=(field, key),
                      help="Shows the form as it was before you typed.")  # fmt: skip
            st.markdown(small("Not saved yet; it stays here while you look elsewhere."))
    if entry is not None:
        with st.container(horizontal=True, gap="small"):
            if field == "models":
                st.button("Add a workload that runs it", key=f"{prefix}:use", on_click=_use, args=(key,))
            st.button("Remove", key=f"{prefix}:remove", type="tertiary", on_click=_remove, args=(field, key),
                      help="Undo brings it back.")  # fmt: skip


def chosen(field: str) -> str:
    """Id of the entry in the form; `new` for none yet."""
    key = state.session().drafts.get(f"own:{field}:chosen")
    return str(key) if key in {e.id for e in getattr(state.plan(), field)} else NEW


def prefix_of(field: str, key: str) -> str:
    """What the widget keys of a form begin with."""
    return f"own:{field}:{key}"


def draft(field: str, key: str, values: dict[str, Any]) -> None:
    """Hold values as if they had been typed into the form of an entry."""
    for name, value in values.items():
        state.session().drafts[f"{prefix_of(field, key)}:{name}"] = value


def _typed(prefix: str) -> list[str]:
    """The keys of what was typed into a form and is not yet saved."""
    return [name for name in state.session().drafts if name.startswith(f"{prefix}:")]


def _forget(field: str, key: str) -> None:
    """Let the form show the plan again."""
    for name in _typed(prefix_of(field, key)):
        del state.session().drafts[name]


def _fields(cls: type[Own], prefix: str, entry: Own | None, names: tuple[str, ...]) -> None:
    for start in range(0, len(names), 3):
        for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
            with column:
                form_field.draw(cls, f"{prefix}:{name}", name, _held(cls, prefix, entry, name))


def _held(cls: type[Own], prefix: str, entry: Own | None, name: str) -> Any:
    """What a field of the form shows: what was typed, else the plan's value, else a new entry's first one."""
    usual = _first_value(cls, name) if entry is None else getattr(entry, name)
    return state.session().drafts.get(f"{prefix}:{name}", usual)


def _first_value(cls: type[Own], name: str) -> Any:
    """What a new entry's field holds before anybody types: its default; a source is dated today."""
    if name == "source_date":
        return datetime.now(UTC).date().isoformat()
    said = cls.model_fields[name]
    return "" if said.is_required() else said.default


def _save(field: str, key: str) -> None:
    """Take the whole form, or say what is wrong and leave everything as typed."""
    cls, plan, prefix = OWN[field], state.plan(), prefix_of(field, key)
    old = next((e for e in getattr(plan, field) if e.id == key), None)
    raw = {name: _held(cls, prefix, old, name) for name in knobs(cls) if name != "id"}
    taken = {entry.id for _, entry in plan.own()}
    new_id = own_id(str(raw.get("name") or ""), taken) if key == NEW else key
    try:
        entry = cls(**raw, id=new_id)
    except ValidationError as error:
        _refuse(sentences(error), cls)
        return
    today = datetime.now(UTC).date().isoformat()
    late = f"source_date is '{entry.source_date}'; it must not be after today, {today}"
    if problem := late if entry.source_date > today else problem_of(plan, entry):
        _refuse([problem], cls)
    elif state.attempt(lambda: plan.with_own(entry)):
        _forget(field, key)
        state.session().drafts[f"own:{field}:chosen"] = new_id


def _refuse(lines: list[str], cls: type[Own]) -> None:
    state.refuse([f"{labels.by_label(line, cls)}. Nothing was saved." for line in lines])


def _remove(field: str, key: str) -> None:
    """Take an entry out of the plan, and say who used it."""
    plan = state.plan()
    entry = next(e for e in getattr(plan, field) if e.id == key)
    if state.attempt(lambda: state.plan().without_own(key)):
        _forget(field, key)
        state.session().news = own_list.lost(plan, entry)


def _use(key: str) -> None:
    plan = state.plan()
    model = next(m for m in plan.models if m.id == key)
    new = Workload(id=plan.free_id(), name=model.name, model=key, precision=model.native_precision)
    if state.attempt(lambda: plan.adding(new)):
        state.select(new.id)
        state.session().news = [f"{model.name} runs in a new workload on the Plan page: say there how much it is used."]
