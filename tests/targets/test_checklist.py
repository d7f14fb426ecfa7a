"""The checklist of gates: what nobody said is unknown, and what fails names its criterion."""

from core.catalog.targets import facts
from core.targets.ask import Ask, Submission
from core.targets.checklist import UNASKED, Company, checklist

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
    "Scopes 1 and 2 covered", "Scope 3 known", "Scope 3 covered, near term", "Scope 3 covered, long term",
    "Long-term target", "Renewable electricity", "Base year still holds",
}  # fmt: skip


def titles(ask, company, state):
    return {gate.title for gate in checklist(FACTS, ask, company) if gate.state == state}


def test_a_company_that_meets_every_limit_exactly_passes_every_gate():
    assert titles(ASK, WHOLE, "pass") == {gate.title for gate in checklist(FACTS, ASK, WHOLE)} - UNASKED.keys()


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
        assert gate.rule.criterion or gate.title == "Long-term target"
