"""Entries of the company's own: a list, and a form that is checked as a whole and loses nothing when refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import streamlit as st
from pydantic import ValidationError

from core import words
from core.plan import Plan, Workload, choices, knobs, may_be_blank, sentences
from core.plan.cells import to_cell
from core.plan.own import OWN, Own, own_id
from core.plan.points import to_text
from core.ui import fields, options, state
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
FIRST = ("name", "source", "source_date")
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
USES = ("model", "hardware", "region", "supplier")


def intro() -> None:
    """The page's answer: what the plan holds of one's own, and what that changes."""
    plan = state.plan()
    count = sum(1 for _ in plan.own())
    held = words.count(count, "own entry", "own entries") if count else "No own entry"
    st.header(f"{held} in this plan", anchor=False)
    text = "They travel in the link and the plan CSV, with source and date, and stand first wherever you choose."
    st.markdown(small(text))


def kinds() -> Iterator[str]:
    """The kinds of entry, one a tab; what the loop does is drawn in the open tab alone."""
    tabs = st.tabs(list(TABS.values()), key="own_kind", on_change="rerun")
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
            "Figures": [_figures(e) for e in entries],
            "Source": [words.markdown_safe(f"{e.source}, {e.source_date}") for e in entries],
            "Used by": [words.count(len(users(plan, e.id)), "workload") for e in entries],
        }
        with st.container(key="wide_own"):
            st.table(table, border="horizontal", hide_index=True)
    names = {e.id: e.name for e in entries}
    st.selectbox(
        f"Change a {ONE[field]}, or enter a new one",
        [NEW, *names],
        key=f"own:{field}:chosen",
        format_func=lambda key: names.get(key, f"A new {ONE[field]}"),
    )


def users(plan: Plan, key: str) -> list[Workload]:
    """The workloads that use an entry, by themselves or through the site they stand in."""
    sites = {s.id for s in plan.sites if s.region == key}
    return [w for w in plan.workloads if {getattr(w, name) for name in USES} & {key, *sites}]


def _figures(entry: Own) -> str:
    """What was typed, in short."""
    said = knobs(type(entry))
    skipped = {"id", *FIRST}
    parts = []
    for name, knob in said.items():
        value = getattr(entry, name)
        if name in skipped or value in (None, "", ()) or value == type(entry).model_fields[name].default:
            continue
        text = to_text(value) if knob.kind == "points" else options.word(name, to_cell(knob.kind, value))
        parts.append(f"{knob.label.lower()} {text} {knob.unit}".strip())
    return words.markdown_safe(", ".join(parts)) or "–"


def form(field: str) -> None:
    """The form of one entry: checked as a whole when it is saved."""
    key = chosen(field)
    entry = next((e for e in getattr(state.plan(), field) if e.id == key), None)
    prefix = prefix_of(field, key)
    cls = OWN[field]
    with st.form(f"{prefix}:form", border=False):
        _fields(cls, prefix, entry, FIRST)
        _fields(cls, prefix, entry, NEEDED[field])
        more = [name for name in knobs(cls) if name not in ("id", *FIRST, *NEEDED[field])]
        if more:
            with st.expander("More fields"):
                _fields(cls, prefix, entry, tuple(more))
        st.form_submit_button("Save", on_click=_save, args=(field, key, prefix))
    if entry is not None:
        with st.container(horizontal=True, gap="small"):
            if field == "models":
                st.button("Add a workload that runs it", key=f"{prefix}:use", on_click=_use, args=(key,))
            st.button("Remove", key=f"{prefix}:remove", type="tertiary", on_click=_remove, args=(key,),
                      help="Undo brings it back.")  # fmt: skip


def chosen(field: str) -> str:
    """Id of the entry in the form; `new` for none yet."""
    key = str(st.session_state.get(f"own:{field}:chosen", NEW))
    return key if key in {e.id for e in getattr(state.plan(), field)} else NEW


def prefix_of(field: str, key: str) -> str:
    """What the widget keys of a form begin with; a saved form gets new ones, so that it shows the plan again."""
    return f"own:{field}:{key}:{state.session().forms}"


def _fields(cls: type[Own], prefix: str, entry: Own | None, names: tuple[str, ...]) -> None:
    for start in range(0, len(names), 3):
        for column, name in zip(st.columns(3), names[start : start + 3], strict=False):
            with column:
                value = _first_value(cls, name) if entry is None else getattr(entry, name)
                _field(cls, f"{prefix}:{name}", name, value)


def _first_value(cls: type[Own], name: str) -> Any:
    """What a new entry's field holds before anybody types: its default; a source is dated today."""
    return date.today().isoformat() if name == "source_date" else cls.model_fields[name].default


def _field(cls: type[Own], key: str, name: str, value: Any) -> None:
    """One widget of a form. It holds what was typed until the whole form is taken."""
    knob = knobs(cls)[name]
    label, told = fields.label(knob), fields.help_text(knob)
    if knob.kind in ("number", "whole"):
        whole = knob.kind == "whole"
        cast: Any = int if whole else float
        st.number_input(
            label, value=None if value is None else cast(value), step=cast(knob.step), key=key, help=told,
            format="%d" if whole else fields.format_of(value, knob.step),
            placeholder=knob.blank if may_be_blank(cls, name) else None,
        )  # fmt: skip
    elif knob.kind == "choice":
        listed = list(choices(cls, name))
        st.selectbox(label, listed, index=listed.index(value), key=key, help=told,
                     format_func=lambda v: options.word(name, v))  # fmt: skip
    elif knob.kind == "catalog":
        known = options.table(knob.table) if name in ("region", "model") else options.listed(knob.table)
        st.selectbox(label, ["", *(k for k in known if k)], index=_place(known, value), key=key, help=told,
                     format_func=lambda v: known.get(v, v) if v else knob.blank or "Choose")  # fmt: skip
    else:
        text = "" if not isinstance(value, str | tuple) else to_cell(knob.kind, value)
        st.text_input(label, value=text, key=key, help=told, placeholder=knob.blank or fields.example_of(knob))


def _place(known: dict[str, str], value: str) -> int:
    return ["", *(k for k in known if k)].index(value) if value in known and value else 0


def _save(field: str, key: str, prefix: str) -> None:
    """Take the whole form, or say what is wrong and leave everything as typed."""
    cls, plan = OWN[field], state.plan()
    raw = {name: state.typed(f"{prefix}:{name}") for name in knobs(cls) if name != "id"}
    taken = {entry.id for _, entry in plan.own()}
    new_id = own_id(str(raw.get("name") or ""), taken) if key == NEW else key
    try:
        entry = cls(**{name: value for name, value in raw.items() if value is not None}, id=new_id)
    except ValidationError as error:
        state.refuse([f"{state.by_label(line, cls)}. Nothing was saved." for line in sentences(error)])
        return
    if state.attempt(lambda: plan.with_own(entry)):
        state.session().forms += 1
        st.session_state[f"own:{field}:chosen"] = new_id


def _remove(key: str) -> None:
    state.attempt(lambda: state.plan().without_own(key))


def _use(key: str) -> None:
    plan = state.plan()
    model = next(m for m in plan.models if m.id == key)
    new = Workload(id=plan.free_id(), name=model.name, model=key, precision=model.native_precision)
    if state.attempt(lambda: plan.adding(new)):
        state.select(new.id)
        state.session().news = [f"{model.name} runs in a new workload on the Plan page: say there how much it is used."]
