"""One figure: its equation, formulas, code, factors in this plan, and sources."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core import results, words
from core.methods import error_of
from core.methods.columns import entries_of, factors_of
from core.methods.figures import Figure, by_section, figures, named
from core.methods.formulas import Formula
from core.methods.origin import read_on, sources_of
from core.plan import Plan, Workload
from core.plan.own_catalog import catalog_of
from core.plan.plan import CASE
from core.results import interval
from core.results.estimate import alone
from core.results.factor import Factor
from core.results.factors import factors
from core.results.near import near
from core.results_table import COLUMNS
from core.ui import badge, expected, rests, state
from core.ui.methods import shown
from core.ui.shown import scale_for, section, small

FIRST = "carbon_kg"
PARAMETER = "figure"
WHOSE, OF_CASE = "of", "of the case"  # in the address, and in the list: no id of a workload has spaces
ADDED_UP = {"kg": "kg", "kwh": "kWh", "l": "l", "usd": "USD"}  # units whose figures add up over workloads


def _asked() -> Figure:
    """The figure that the address names; the headline's where it names none, or none that exists."""
    text = st.query_params.get(PARAMETER, "")
    found = named(text)
    if text and found is None:
        name = words.markdown_safe(text[:40])
        st.warning(f"The address asks for “{name}”, which is no figure of this app. Choose one below.")
    return found or figures()[FIRST]


def _ask(name: str) -> None:
    st.query_params[PARAMETER] = name


def figure() -> None:
    """The figure asked for, from its equation to its sources."""
    chosen = _asked()
    plan, workload = _choosers(chosen)
    kind = workload.kind if workload and chosen.last_steps(workload.kind) else ""
    steps = chosen.last_steps(kind)
    factors_shown = factors(plan, workload) if workload else []
    columns = chosen.trace(kind).columns
    mine = factors_of(columns, factors_shown) if kind else []
    left, right = st.columns([15, 12], gap="large")
    with left:
        _equation(chosen, plan, workload, steps)
        _error(chosen, plan, workload, kind, factors_shown)
    with right:
        _parts(chosen)
        _formulas_before(chosen, kind, steps)
        _code(chosen, steps)
        _entries(columns, plan, workload)
    if workload is not None:
        section(f"Factors for {workload.name}", "What fills the formula in this plan, with its 80 % range and source")
        if not kind:
            other = "training" if workload.kind == "inference" else "answering"
            st.markdown(f"This figure belongs to {other}; choose a workload of that kind to see its factors.")
        elif mine:
            with st.container(key="wide_factors"):
                st.table(rests.columns_of(plan, mine), border="horizontal", hide_index=True, alt="Factors")
        else:
            st.markdown("No factor of the catalog: this figure comes from what the plan says alone.")
    keys = [key for formula in steps for key in formula.sources]
    keys += [key for factor in mine for key in factor.source.split(";")]
    keys += [key for formula in chosen.formulas(kind) for key in formula.sources]
    section("Sources", "Of the formulas and the factors above")
    sources(keys)


def _choosers(chosen: Figure) -> tuple[Plan, Workload | None]:
    """Which figure, and whose: of a workload of the plan, or of the Estimate page's case, a plan of its own."""
    plan = state.plan()
    names = {w.id: w.name for w in plan.shown()} | {OF_CASE: "The case on Estimate"}
    key = OF_CASE if st.query_params.get(WHOSE, "") == CASE.id else state.selected_workload()
    state.bind("m:figure", chosen.name)
    state.bind("m:workload", key or None)
    which, whose = st.columns(2)
    with which:
        st.selectbox(
            "Figure",
            list(figures()),
            index=list(figures()).index(chosen.name),
            key="m:figure",
            format_func=lambda name: figures()[name].title,
            on_change=lambda: _ask(str(state.typed("m:figure"))),
        )
    with whose:
        st.selectbox(
            "Workload whose factors are shown",
            list(names),
            index=list(names).index(key) if key in names else None,
            key="m:workload",
            format_func=lambda k: names.get(k, k),
            on_change=lambda: _ask_of(str(state.typed("m:workload"))),
            placeholder="no workload in the plan",
        )
    return (alone(plan, plan.case), plan.case) if key == OF_CASE else (plan, plan.workload(key))


def _ask_of(key: str) -> None:
    if key == OF_CASE:
        st.query_params[WHOSE] = CASE.id
    else:
        st.query_params.pop(WHOSE, None)
        state.select(key)


def _equation(chosen: Figure, plan: Plan, workload: Workload | None, steps: list[Formula]) -> None:
    where = "the code and the results file" if chosen.name in COLUMNS else "the code"
    section(chosen.title, f"{words.capital(chosen.unit_in_words)} · `{chosen.name}` in {where}")
    st.markdown(f"**{words.capital(words.markdown_safe(chosen.title))}** = {words.markdown_safe(chosen.equation)}")
    value = _value(chosen, plan, workload)
    if value:
        st.markdown(value)
    shown(
        {
            "Step": [formula.title for formula in steps],
            "Formula": [formula.equation for formula in steps],
            "Unit": [formula.unit for formula in steps],
        },
        "Formulas that make the figure",
    )


def _error(chosen: Figure, plan: Plan, workload: Workload | None, kind: str, found: list[Factor]) -> None:
    """What may be wrong with the figure, and by how much."""
    if workload is None:
        return
    whose = "the case on Estimate" if workload == plan.case else workload.name
    section("Expected error", words.markdown_safe(f"For {whose} in {plan.shown_year()}"))
    cause = error_of.cause_of(chosen, kind, error_of.behind(chosen, kind, found)) if kind else "other"
    one = near(results.of(plan), workload, plan.shown_year())
    st.markdown(words.markdown_safe(expected.of_figure(cause, one, error_of.behind(chosen, kind, found))))
    if one is not None and cause not in ("exact", "inputs", "other"):
        badge.told(one)
        st.markdown(small("All errors by kind of setting: under “Accuracy” above."))


def _value(chosen: Figure, plan: Plan, workload: Workload | None) -> str:
    """The figure in the headline's year, over the shown workloads and for the one chosen; empty where none adds up."""
    if chosen.unit not in ADDED_UP or not plan.shown():
        return ""
    found = results.of(plan)
    values = found.carbon_kg() if chosen.name == FIRST else found.values.get(chosen.name)
    if values is None:
        return ""
    when = found.place(plan.shown_year())
    low, mid, high = interval(found.total(values)[when])
    scale = scale_for(ADDED_UP[chosen.unit], (mid, high))
    middle, ends = words.with_range(mid, low, high, scale)
    where = "a year of this estimate" if plan.workloads == (plan.case,) else "this plan"
    text = f"In {where} in {plan.shown_year()}: {middle}" + (f", 80 % range {scale.dress(ends)}" if ends else "")
    place = found.of(workload.id) if workload else None
    if workload is not None and place is not None and workload != plan.case:
        part = words.quantity(float(values[place, when, 0]), scale, 2)
        text += f"; {words.markdown_safe(workload.name)}: {part}"
    return f"{text}.".replace("$", "\\$")


def _parts(chosen: Figure) -> None:
    parts = chosen.made_of()
    if not parts:
        return
    section("Made of", "Open one to go a step further back")
    with st.container(horizontal=True, gap="small"):
        for part in parts:
            st.button(part.title, key=f"m:part:{part.name}", type="tertiary", on_click=_ask, args=(part.name,))


def _formulas_before(chosen: Figure, kind: str, steps: list[Formula]) -> None:
    before = [formula for formula in chosen.formulas(kind) if formula not in steps]
    if not before:
        return
    title = f"{words.capital(words.count(len(before), 'formula'))} before that, by step of the ladder"
    shut = st.expander(title, key="m:before", on_change="rerun")
    if shut.open:
        with shut:
            for step, found in by_section(before).items():
                st.markdown(f"**{step}**")
                names = {"Step": [f.title for f in found], "Formula": [f.equation for f in found]}
                shown(names, f"Formulas: {step}")


def _code(chosen: Figure, steps: list[Formula]) -> None:
    shut = st.expander("The code that makes it", key="m:code", on_change="rerun")
    if not shut.open:
        return
    with shut:
        for place in chosen.written:
            st.markdown(small(f"In `{place.kernel}`, for every workload, year and draw:"))
            st.code(place.line, wrap_lines=True)
        for formula in steps:
            st.markdown(small(f"`{formula.function.file}`, line {formula.function.line}"))
            st.code(formula.function.text, wrap_lines=True)


def _entries(columns: frozenset[str], plan: Plan, workload: Workload | None) -> None:
    if workload is None:
        return
    shut = st.expander("What the plan says", key="m:entries", on_change="rerun")
    if shut.open:
        with shut:
            found = entries_of(columns, plan, workload)
            cells = {"Field": [e.label for e in found], "Value": [f"{e.value} {e.unit}".strip() for e in found]}
            shown(cells, "What the plan says")


def sources(keys: list[str]) -> None:
    """Publications with year, licence, age and address; what stands in the plan has none."""
    found = sources_of(keys, catalog_of(state.plan()).sources)
    today = datetime.now(UTC).date()
    titles = [
        words.markdown_safe(source.title)
        if source.url.startswith("about:")
        else f"[{words.markdown_safe(source.title)}]({source.url})"
        for source in found
    ]
    st.container(key="wide_sources").table(
        {
            "Source": titles,
            "Publisher": [words.markdown_safe(source.publisher) for source in found],
            "Year": [str(source.year) for source in found],
            "Licence": [words.markdown_safe(source.licence) for source in found],
            "Read, days ago": [str((today - read_on(source)).days) for source in found],
            "Note": [words.markdown_safe(source.note) for source in found],
        },
        border="horizontal",
        hide_index=True,
        alt="Sources",
    )
