"""The gates as a checklist, what the rules say of each line, and the sentences that must stand beside a target."""

from __future__ import annotations

import streamlit as st

from core import words
from core.catalog.targets import TargetRule
from core.exports.verdict import View
from core.plan import knobs
from core.plan.target import Target
from core.targets.checklist import BASE_KNOWN, HELD, UNASKED, Gate
from core.targets.checklist_v2 import HELD_THIRD, THIRD
from core.targets.gate_list import gate_list
from core.targets.pathway import OVERSHOOT_LABEL
from core.targets.regime import regime_of
from core.targets.warned import warned
from core.ui import trace
from core.ui.shown import section, small
from core.ui.target import said
from core.ui.target_picture import lines_of, often

VERDICTS = {
    "pass": ":blue[**Pass**]",
    "held": ":gray[**By construction**]",
    "fail": ":orange[**Fail**]",
    "unknown": ":gray[**Unknown**]",
}
HELD_WHY = HELD | {THIRD: HELD_THIRD}
SECOND_HAND = (
    "The SBTi's method appendix itself was not opened: the parameters of the dynamic rate are second-hand, from two "
    "independent public encodings that reproduce its published Table 1."
)
V2 = "Final since 11 June 2026; validations open on 1 February 2027, and V1.3.1 closes on 31 January 2028."
OF_BASE = "Not said: the inventory of the base year, for each line of the target."
OF_INVENTORY = "Not said: the company's inventory of the most recent year, all scopes."
# The fields that answer a gate; where there is none, the inventory does.
ANSWERED_BY = {
    "Base year": ("base_year", "target_year"),
    "Age of the newest inventory": ("recent_year", "submission_year"),
    "Target year in its window": ("target_year", "submission_year"),
    "One basis for scope 2": ("base_year", "target_year"),
    "Scopes 1 and 2 covered": ("excluded_pct",),
    "Scope 3 covered, near term": ("coverage_near_pct",),
    "Scope 3 covered, long term": ("coverage_long_pct",),
    "Long-term target": ("long_reduction_pct", "long_target_year"),
    "Renewable electricity": ("renewable_pct", "renewable_year"),
    "Base year still holds": ("base_change_pct",),
    "No credits taken off": ("base_year", "target_year"),
    "No avoided emissions taken off": ("base_year", "target_year"),
    "Base year the most recent": ("base_year", "recent_year"),
    "A target for each of scopes 1 and 2": ("base_year", "target_year"),
    "Ambition location-based": ("base_year", "target_year"),
    "All of scopes 1 and 2 covered": ("excluded_pct",),
    THIRD: ("company_category",),
    "No fast growth of electricity": ("company_category",),
}
V2_METHOD = "v2_preview"
RULES = {"methods_tab": "Tables", "table": "target_rules"}


def checklist(view: View) -> None:
    """Each gate with its criterion, its verdict in a word, and the way to its rule on Methods."""
    found = gate_list(view.plan)
    count = {word: sum(gate.state == word for gate in found) for word in VERDICTS}
    told = (
        f"{count['pass']} passed, {count['held']} held by construction, {count['fail']} failed, {count['unknown']} "
        "unknown · what is not said is never passed"
    )
    section("Gates", told)
    _table(found, "gates", view.target.method == V2_METHOD)
    st.page_link(trace.METHODS, label=":blue[:small[Every rule, how it was read, and its source]]", query_params=RULES)


def _table(found: tuple[Gate, ...], key: str, v2: bool) -> None:
    columns = {
        "Gate": [gate.title for gate in found],
        "Verdict": [VERDICTS[gate.state] for gate in found],
        "Criterion": [words.markdown_safe(gate.criterion(v2)) for gate in found],
        "Why": [_why(gate) for gate in found],
        "Rule": [_rule(gate.rule) for gate in found],
    }
    with st.container(key=f"wide_{key}"):
        st.table(columns, border="horizontal", hide_index=True, alt="Gates of the target")


def _why(gate: Gate) -> str:
    told = [said(one) for one in gate.findings]
    told += [HELD_WHY[gate.title]] if gate.state == "held" else []
    if told:
        return " ".join(told)
    if gate.title in UNASKED:
        return "Not asked: no figure of a plan answers it. To be shown by the company."
    if gate.state == "unknown":
        asked = [knobs(Target)[name].label for name in ANSWERED_BY.get(gate.title, ())]
        of_rows = OF_BASE if gate.title == BASE_KNOWN else OF_INVENTORY
        quoted = " and ".join(f'"{label}"' for label in asked)
        return words.markdown_safe(f"Not said: {quoted}." if asked else of_rows)
    return "Nothing stands against it."


def _rule(rule: TargetRule) -> str:
    """A link to the rule on Methods, and how sure its reading is."""
    to = f"methods?methods_tab=Tables&table=target_rules&row={rule.id}"
    return f"[{words.markdown_safe(rule.rule)}]({to}), {rule.status}"


def findings(view: View) -> None:
    """What the rules say of each line looked at."""
    told = [(line.scope, one) for line in lines_of(view) for one in line.outcome.findings]
    if not told:
        return
    section("What the rules say", "Line by line; the command line gives their codes too")
    st.markdown("\n".join(f"- Scope {scope}: {said(one)}" for scope, one in told))


def overshoot(view: View) -> None:
    """How far the plan lies above the sum of the target line: a metric of ours, and labelled so."""
    found = [line for line in lines_of(view) if line.overshoot is not None]
    if not found:
        return
    trace.section("Cumulative overshoot", "Emissions over the years less the sum of the pathway", "target_overshoot_kg")
    st.markdown(f":gray-badge[{words.capital(OVERSHOOT_LABEL)}]")
    for line in found:
        over = line.overshoot
        assert over is not None
        side = "above" if over.central_kg > 0 else "below"
        ends = (over.central_kg, over.p10_kg, over.p90_kg)
        ends = ends if over.central_kg > 0 else (-ends[0], -ends[2], -ends[1])
        middle, spread = words.with_range(*ends, view.scale)
        spread = f" (80{words.GLUE}% range {spread})" if spread else ""
        st.markdown(
            f"Scope {line.scope}, {words.years(over.first_year, over.last_year)}: **{middle} {side}** the sum of the "
            f"pathway{spread}; within it in {often(over.within_share)} of simulations."
        )


def sentences(view: View) -> None:
    """The sentences that this target calls for, word for word; a portfolio's stands below the headline."""
    told = [one.sentence for one in warned(view.plan) if one.about != "portfolio"]
    if told:
        section("To be said beside it", "Word for word, wherever these figures are shown")
        st.markdown("\n".join(f"- {sentence}" for sentence in told))  # to the letter: no sign of them is markup


def notes(view: View) -> None:
    """What every figure here rests on, and what is second-hand."""
    regime, avoided = regime_of(view.plan), view.target.avoided_t
    section("What these figures rest on", f"{regime.standard} · formula: {regime.formula}")
    rules = f"Rules of {regime.rule_date}: {regime.parameters}." if regime.parameters else ""
    more = f"Avoided emissions ({avoided:g} t) are shown for information and never count." if avoided else ""
    lines = [rules, SECOND_HAND if regime.second_hand else "", *view.found.notes, more]
    st.markdown("\n".join(f"- {words.markdown_safe(line)}" for line in lines if line))


def v2(view: View) -> None:
    """What V2.0 would say, without tonnes: its residual levels were not seen."""
    section("V2.0 of the Standard: a preview of rules", "No tonnes are worked out: its residual levels were not seen")
    _table(gate_list(view.plan.with_target(method=V2_METHOD)), "gates_v2", v2=True)
    st.markdown(small(V2))
