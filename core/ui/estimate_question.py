"""The Estimate page's question: what it does, then at most five things. Each answer goes to the plan's case at once."""

from __future__ import annotations

import streamlit as st

from core import words
from core.plan import Plan, Workload, choices, knobs
from core.plan.follow import usual_precision
from core.plan.own_catalog import catalog_of
from core.results import compared
from core.results.arithmetic import arithmetic_of
from core.ui import fields, options, state
from core.ui.shown import section
from core.words.choices import HOSTINGS

API = "api"
HOSTS = {"cloud": "Hired", "own": "Own", "colocation": "Own, colocated"}
VOLUMES = {
    "inference": (("input_tokens", "output_tokens"), ("requests_per_day",)),
    "fine_tuning": (("tokens_per_run_m", "epochs"), ("runs_per_year",)),
    "pre_training": (("tokens_per_run_m", "epochs"), ("runs_per_year",)),
}
# What each kind of training starts from until somebody types a number: the first answer is about something real.
TOKENS_M = {"fine_tuning": 50.0, "pre_training": 1_000_000.0}


def question(plan: Plan) -> None:
    """The five questions, in the words of the plan's own fields."""
    section("Five questions", "The answer follows at once; everything else stays at its default, listed below")
    _kind(plan.case)
    fields.case_field("model")
    _where(plan)
    fields.case_field("region")
    for names in VOLUMES[plan.case.kind]:
        for column, name in zip(st.columns(len(names)), names, strict=True):
            with column:
                fields.case_field(name)


def _kind(case: Workload) -> None:
    """The mode: answering, adapting or training."""
    state.bind("c:kind", case.kind)
    st.segmented_control(
        knobs(Workload)["kind"].label,
        list(choices(Workload, "kind")),
        default=case.kind,
        key="c:kind",
        format_func=lambda kind: options.word("kind", kind),
        label_visibility="collapsed",
        required=True,
        on_change=_choose_kind,
    )


def _choose_kind() -> None:
    kind = str(state.typed("c:kind"))
    changes: dict[str, object] = {"kind": kind}
    case = state.plan().case
    if kind in TOKENS_M and case.tokens_per_run_m in TOKENS_M.values():
        changes["tokens_per_run_m"] = TOKENS_M[kind]
    if kind in TOKENS_M and case.hosting == API:
        changes["hosting"] = "cloud"
    state.change_case(changes)


def _where(plan: Plan) -> None:
    """Who runs it and on which accelerator, in one question."""
    found = places(plan)
    now = f"{plan.case.hosting}:{plan.case.hardware}"
    keys = list(found) if now in found else [now, *found]
    state.bind("c:where", now)
    st.selectbox(
        "Where it runs",
        keys,
        index=keys.index(now),
        key="c:where",
        format_func=lambda key: found.get(key, key),
        on_change=_choose_where,
        help="A bought service hides its accelerators: they are drawn from what providers run, with a wide range. "
        "Hired and own accelerators are held for this use alone, and wait while nothing is asked.",
    )


def places(plan: Plan) -> dict[str, str]:
    """The answers to "Where it runs": hosting and accelerator -> words, the usual accelerators first."""
    known = options.table("hardware")
    order = dict.fromkeys([*options.own("hardware"), *compared.DEVICES, *known])
    machines = {key: known[key] for key in order if key}
    bought = {"api:": HOSTINGS[API]} if plan.case.kind == "inference" else {}
    return bought | {
        f"{host}:{key}": f"{told}: {name}" for host, told in HOSTS.items() for key, name in machines.items()
    }


def _choose_where() -> None:
    hosting, _, hardware = str(state.typed("c:where") or "").partition(":")
    if not hosting:
        return
    usual, case = usual_format(state.plan(), hardware), state.plan().case
    changes: dict[str, object] = {"hosting": hosting, "hardware": hardware}
    if state.change_case(changes | ({"precision": usual} if usual else {})) and usual:
        why = f"{options.hardware().get(hardware, hardware)} does not compute in {case.precision}"
        state.session().news.append(f"{case.name}: weights are now {usual}, because {why}.")


def usual_format(plan: Plan, hardware: str) -> str:
    """The model's usual number format on an accelerator that lacks the one in use; empty where it has it."""
    catalog, case = catalog_of(plan), plan.case
    device = catalog.hardware.get(hardware)
    if device is None or arithmetic_of(catalog, case.precision, device):
        return ""
    return usual_precision(catalog, {"model": case.model, "hardware": hardware, "kind": case.kind})


def way_out(plan: Plan) -> None:
    """Where the accelerator lacks the number format: the usual one, at a click."""
    usual = usual_format(plan, plan.case.hardware)
    if usual:
        st.button(f"Take {usual} instead", key="c:format", on_click=_take_format, args=(usual,))


def _take_format(usual: str) -> None:
    state.change_case({"precision": usual})


def add_to_plan(plan: Plan) -> None:
    """The case as a new workload of the plan, and the way there."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Add to my plan", key="c:add", icon=":material/add:", on_click=_add)
        st.page_link("pages/plan/page.py", label=f"Open the plan ({words.count(len(plan.workloads), 'workload')})")


def _add() -> None:
    plan = state.plan()
    key = plan.free_id()
    name = f"{title(plan)} (estimate)"[:80]
    new = plan.case.but(id=key, name=name)
    if state.attempt(lambda: plan.adding(new)):
        state.select(key)
        state.session().news = [f"“{name}” is in the plan now, as {key}. Undo takes it out again."]


def title(plan: Plan) -> str:
    """The case in a few words: the model and the place."""
    models, places = options.short("models") | options.own("models"), options.short("regions") | options.own("regions")
    case = plan.case
    return f"{models.get(case.model, case.model)}, {places.get(case.region, case.region)}"
