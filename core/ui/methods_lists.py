"""The formulas as a list to search, and one of them in detail."""

from __future__ import annotations

import streamlit as st

from core import words
from core.cases import load
from core.methods.figures import figures
from core.methods.formulas import SECTIONS, Formula
from core.methods.formulas import formulas as every_formula
from core.ui import state
from core.ui.methods import shown
from core.ui.methods_figure import sources
from core.ui.methods_tables import frame, search, words_in
from core.ui.shown import section, small

NAMED = 6  # of the figures a formula is behind


def formulas() -> None:
    """Every formula, in the order of the ladder; those that hold every word of the search."""
    section("Formulas", "Read from the code, in the order in which a figure is made")
    query = search("formulas", "Search in titles, equations, names and sources")
    found = [formula for formula in every_formula().values() if words_in(query, _text(formula))]
    if not frame(
        {
            "Step of the ladder": [SECTIONS[f.section] for f in found],
            "Formula": [f.title for f in found],
            "Equation": [f.equation for f in found],
            "Unit": [f.unit for f in found],
            "Name in the code": [f.key for f in found],
            "Sources": ["; ".join(f.sources) for f in found],
        },
        "Formulas",
        query,
    ):
        return
    keys = [formula.key for formula in found]
    held = state.typed("m:formula")
    state.bind("m:formula", held if held in keys else keys[0])
    st.selectbox("Formula in detail", keys, key="m:formula", format_func=lambda key: every_formula()[key].title)
    _detail(every_formula()[str(state.typed("m:formula"))])


def _text(formula: Formula) -> str:
    parts = (formula.title, formula.equation, formula.key, *formula.sources, SECTIONS[formula.section])
    return " ".join((*parts, formula.function.about)).lower()


def _detail(formula: Formula) -> None:
    function = formula.function
    section(formula.title, f"`{formula.key}` · {function.file}, line {function.line}")
    left, right = st.columns([15, 12], gap="large")
    with left:
        st.markdown(f"**{words.markdown_safe(formula.title)}** = {words.markdown_safe(formula.equation)}")
        st.markdown(words.markdown_safe(" ".join((function.about, function.more)).strip()))
        st.markdown(f"Gives: {words.markdown_safe(formula.unit)}.")
        if formula.arguments:
            names, units = zip(*formula.arguments, strict=True)
            shown({"Takes": list(names), "Unit or kind": list(units)}, "What the formula takes")
    with right:
        st.code(function.text, wrap_lines=True)
        st.markdown(small(words.markdown_safe(_behind(formula.key))))
    sources(list(formula.sources))


def _behind(key: str) -> str:
    """The figures that a formula makes, or the checked cases it adds up again."""
    feeds, what = [figure.title for figure in figures().values() if key in figure.trace().formulas], "figure"
    if not feeds:
        feeds, what = [case.title for case in load() if key.removeprefix("cases.") in case.uses()], "checked case"
    more = f", and {len(feeds) - NAMED} more" if len(feeds) > NAMED else ""
    return f"Behind {words.count(len(feeds), what)}: {', '.join(feeds[:NAMED])}{more}."
