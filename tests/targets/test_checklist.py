"""The checklist of gates: what nobody said is unknown, and what fails names its criterion."""

from dataclasses import replace

import pytest

from core.catalog.targets import facts
from core.targets.ask import Ask, Submission
from core.targets.checklist import BASE_KNOWN, HELD, UNASKED, Company, checklist
from core.targets.checklist_v2 import THIRD, checklist_v2

FACTS = facts()
ASK = Ask(
    scope="1+2",
    base_year=2025,
    base_kg=1000.0,
    recent_year=2025,
    recent_kg=1000.0,
    recent_scope1_share=0.5,
    target_year=2031,
    submission=Submission(2026, 2),
    scope2_basis="market",
    tracking_basis="market",
)
WHOLE = Company(
    bases_kg=(1000.0, 1e-9),
    scope12_kg=600.0,
    scope3_kg=400.0,
    excluded_pct=5.0,
    coverage_near_pct=67.0,
    coverage_long_pct=90.0,
    long_reduction_pct=90.0,
    long_target_year=2050,
    renewable_pct=100.0,
    renewable_year=2030,
    base_change_pct=4.9,
)
POOR = Company(
    bases_kg=(1000.0, 0.0, None),
    scope12_kg=600.0,
    scope3_kg=400.0,
    excluded_pct=5.1,
    coverage_near_pct=66.9,
    coverage_long_pct=89.9,
    long_reduction_pct=89.9,
    long_target_year=2050,
    renewable_pct=99.9,
    renewable_year=2030,
    base_change_pct=5.0,
)
OF_THE_COMPANY = {
    BASE_KNOWN, "Scopes 1 and 2 covered", "Scope 3 known", "Scope 3 covered, near term", "Scope 3 covered, long term",
    "Long-term target", "Renewable electricity", "Base year still holds",
}  # fmt: skip


def titles(ask, company, state):
    return {gate.title for gate in checklist(FACTS, ask, company) if gate.state == state}


def test_a_company_that_meets_every_limit_exactly_passes_every_gate_that_could_fail():
    every = {gate.title for gate in checklist(FACTS, ASK, WHOLE)}
    assert titles(ASK, WHOLE, "pass") == every - UNASKED.keys() - HELD.keys()


def test_what_no_input_can_break_is_held_by_construction_and_never_passed():
    assert titles(ASK, WHOLE, "held") == titles(ASK, POOR, "held") == HELD.keys()
    assert HELD.keys() == {"One basis for scope 2", "No credits taken off", "No avoided emissions taken off"}


def test_a_base_of_nothing_fails_its_gate_and_says_that_no_criterion_names_it():
    (gate,) = [g for g in checklist(FACTS, ASK, POOR) if g.title == BASE_KNOWN]
    assert (gate.state, gate.rule.standard, gate.rule.criterion) == ("fail", "none, arithmetic", "")
    assert gate.findings[0].sentence == (
        "base_emissions_t is 0; it must be above 0 t: the rate is a share of it (no criterion: arithmetic)"
    )


def test_what_is_taken_off_fails_where_a_case_says_so():
    netted = replace(ASK, credits_kg=1.0, avoided_kg=1.0, tracking_basis="location")
    assert HELD.keys() <= titles(netted, WHOLE, "fail")


@pytest.mark.parametrize(("category", "whole", "expected"), [
    ("A", True, "held"), ("A", False, "unknown"), ("B", True, "unknown"), ("unknown", True, "unknown"),
])  # fmt: skip
def test_v2_wants_a_target_for_scope_3_which_a_company_has_here_by_construction_alone(category, whole, expected):
    (gate,) = [g for g in checklist_v2(FACTS, ASK, 0.0, 0.0, category, whole) if g.title == THIRD]
    assert (gate.state, gate.rule.criterion) == (expected, "C4 (V1); C9.1 (V2)")


def test_every_gate_of_v2_can_fail_but_that_one():
    poor = replace(ASK, base_year=2024)
    found = {g.title: g.state for g in checklist_v2(FACTS, poor, 0.1, 20.1, "A", True)}
    assert {title for title, state in found.items() if state != "fail"} == {THIRD}
    assert {(g.title, g.findings[0].code) for g in checklist_v2(FACTS, poor, 0.1, 20.1, "A", True)} == {
        ("Base year the most recent", "V2_BASE_YEAR_NOT_MOST_RECENT"),
        ("A target for each of scopes 1 and 2", "V2_SCOPES_MUST_BE_SEPARATE"),
        ("Ambition location-based", "V2_LOCATION_BASED_ONLY"),
        ("All of scopes 1 and 2 covered", "V2_NO_EXCLUSIONS"),
        ("No fast growth of electricity", "V2_EMISSIONS_TARGET_REQUIRED"),
        (THIRD, "SCOPE3_TARGET_REQUIRED"),
    }
    good = replace(ASK, scope="2", scope2_basis="location")
    assert {g.title: g.state for g in checklist_v2(FACTS, good, 0.0, 20.0, "A", True)} == dict.fromkeys(
        found, "pass"
    ) | {THIRD: "held"}


def test_what_no_figure_of_a_plan_answers_stays_unknown():
    assert titles(ASK, WHOLE, "unknown") == UNASKED.keys()


def test_a_company_just_past_its_limits_fails_each_of_its_gates():
    assert titles(ASK, POOR, "fail") == OF_THE_COMPANY - {"Scope 3 known"}


def test_what_nobody_said_is_unknown_and_never_passed():
    assert titles(ASK, Company(), "unknown") == OF_THE_COMPANY | UNASKED.keys()


def test_a_missing_scope_3_is_unknown_and_says_incomplete():
    (gate,) = [g for g in checklist(FACTS, ASK, Company(scope12_kg=600.0)) if g.title == "Scope 3 known"]
    assert (gate.state, gate.findings[0].effect) == ("unknown", "incomplete")


def test_a_gate_shows_its_criterion_status_and_source():
    for gate in checklist(FACTS, ASK, WHOLE):
        assert gate.rule.source
        assert gate.rule.status
        assert gate.rule.criterion or gate.title in ("Long-term target", BASE_KNOWN)


def test_a_gate_names_the_criterion_of_its_own_standard_alone():
    v1 = {gate.title: gate.criterion() for gate in checklist(FACTS, ASK, WHOLE)}
    assert v1 == {
        "Base year": "C13 C14", BASE_KNOWN: "none, arithmetic", "Age of the newest inventory": "C13 C14",
        "Target year in its window": "C13 R7", "One basis for scope 2": "C8 C9", "Scopes 1 and 2 covered": "C5",
        "Scope 3 known": "C4", "Scope 3 covered, near term": "C6 C7", "Scope 3 covered, long term": "C6 C7",
        "Long-term target": "number not read", "Renewable electricity": "C21", "Base year still holds": "C26",
        "No credits taken off": "C11", "No avoided emissions taken off": "C12",
        "Target reviewed every five years": "C26", "Suppliers with targets of their own": "C19",
    }  # fmt: skip
    v2 = {gate.title: gate.criterion(v2=True) for gate in checklist_v2(FACTS, ASK, 0.0, 0.0, "A", True)}
    assert v2["All of scopes 1 and 2 covered"] == "C10.1 C12.1"
    assert v2["Base year the most recent"] == "C4.1-C4.3"
