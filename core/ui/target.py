"""The Targets page's answer: how far the plan lies from its pathway, or what must be said before anybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterable

import streamlit as st

from core import words
from core.exports.verdict import RANGE_OF, RULES, View, answered, standing
from core.plan.example_target import SAID
from core.plan.target import Target
from core.targets import warnings
from core.targets.finding import Finding
from core.targets.notes import outside_the_plan
from core.ui import fields, labels, live, outbox, trace
from core.ui.shown import answer_line, small

ASKS = (
    "Say it below, and this page tells how far the plan lies from its pathway, by when, and how likely it gets there."
)
# Columns of the command `target` that no field of the plan is called.
HALF_YEAR, HALVES = re.compile(r"(\d{4})H([12])"), {"1": "first", "2": "second"}
OF_THE_COMMAND = {"most_recent_year": "most recent year", "base_emissions_t": "base-year total"}
REFUSES = ("refuse", "error")


def basis() -> None:
    """Location or market: on this page the switch says how the target counts scope 2."""
    fields.target_segments("scope2_basis")


def head(view: View) -> None:
    """The answer as a sentence with its range, what it rests on, and whose target it is not."""
    answer, phrase = answered(view)
    answer_line(answer, phrase)
    outbox.paint_first(answer, phrase)
    with st.container(gap="xsmall"):
        if view.compared:
            st.markdown(_on_track(view))
        elif view.found.standing == "asked":
            st.markdown(ASKS)
        trace.line(_scope(view), "target_gap_kg")
        if view.target.mode == "portfolio":
            st.markdown(f":material/info: {warnings.PORTFOLIO}")
    _what_is_missing(view)


def _on_track(view: View) -> str:
    """On track or off it, in colour, and what the plan reaches."""
    tone, said, told = standing(view)
    return f":{tone}[**{said}**] {told}"


def _scope(view: View) -> str:
    """One grey line: which pathway, whose emissions, how counted."""
    plan, target = view.plan, view.target
    example = any(row.source == SAID for row in plan.inventory)
    badge = ":gray-badge[Example values] " if example else ""
    whose = "whole company" if target.mode == "company" else words.count(len(plan.workloads), "workload")
    scopes = " and ".join(line.scope for line in view.found.lines)
    parts = [
        view.pathway,
        f"scope {scopes} of {whose}" if scopes else whose,
        f"scope 2 {target.scope2_basis}-based",
        "hardware in the year of purchase",
        *([RANGE_OF] if target.mode == "company" and view.compared else []),
        ", ".join(filter(None, (RULES[target.method], view.found.regime.second_hand))),
    ]
    return badge + small(words.markdown_safe(" · ".join(parts)))


def _what_is_missing(view: View) -> None:
    """What must be said, what a rule refuses, and what stands beside the comparison: each with its rule."""
    found = view.found
    if found.questions and found.standing != "asked":
        st.markdown(f"Still to be said:\n\n{listed(found.questions)}")
    if found.standing == "incomplete" and (unknown := outside_the_plan(view.plan)):
        st.markdown(words.markdown_safe(unknown))
    against: dict[str, list[str]] = {said(one): [] for one in found.findings if one.effect in REFUSES}
    for line in found.lines:
        for one in line.outcome.findings:
            if one.effect in REFUSES:
                against.setdefault(said(one), []).append(line.scope)
    if against:
        told = [sentence if len(of) in (0, len(found.lines)) else f"Scope {' and '.join(of)}: {sentence}"
                for sentence, of in against.items()]  # fmt: skip
        st.warning("\n".join(f"- {line}" for line in told), icon=":material/error:")
    for one in found.findings:
        if one.effect not in REFUSES:
            st.markdown(said(one))


def listed(lines: Iterable[str]) -> str:
    """Sentences as a list."""
    return "\n".join(f"- {words.markdown_safe(line)}" for line in lines)


def said(finding: Finding) -> str:
    """A finding as one line of text: its sentence in the page's words; its code stands in the CSV."""
    sentence = HALF_YEAR.sub(lambda half: f"the {HALVES[half[2]]} half of {half[1]}", finding.sentence)
    for name, label in OF_THE_COMMAND.items():
        sentence = sentence.replace(name, label)
    sentence = words.capital(labels.by_label(sentence, Target))
    return f"{words.markdown_safe(sentence.rstrip('.'))}."


def announce(view: View) -> None:
    """The answer for screen readers."""
    answer, phrase = answered(view)
    live.announce(f"{view.plan.name}: {answer}, {phrase}" if phrase else f"{view.plan.name}: {answer}")
