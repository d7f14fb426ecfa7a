"""Laws of targets, refusals with their exact sentences, and the warnings word for word."""

import re

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.catalog.targets import facts
from core.targets import gates, methods, pathway, preview, warnings
from core.targets.ask import Ask, Submission
from core.targets.methods import Line

FACTS = facts()
QUICK = settings(max_examples=80, deadline=None)
USUAL = {
    "scope": "1",
    "base_year": 2025,
    "base_kg": 1000.0,
    "recent_year": 2025,
    "recent_kg": 1000.0,
    "target_year": 2031,
    "submission": Submission(2026, 2),
}


def ask(**changes):
    return Ask(**USUAL | changes)


@st.composite
def asks(draw):
    scope, ambition = draw(
        st.sampled_from([("1", "1.5C"), ("2", "1.5C"), ("1+2", "1.5C"), ("3", "1.5C"), ("3", "WB2C")])
    )
    base_year = draw(st.integers(2015, 2026))
    return ask(
        scope=scope,
        ambition=ambition,
        base_year=base_year,
        base_kg=draw(st.floats(1.0, 1e9)),
        recent_year=draw(st.integers(max(base_year, 2024), 2026)),
        recent_kg=draw(st.floats(0.0, 1e9)),
        recent_scope1_share=draw(st.floats(0.0, 1.0)),
        target_year=draw(st.integers(2031, 2036)),
        net_zero_year=draw(st.one_of(st.none(), st.integers(2037, 2060))),
    )


def but(asked, **changes):
    return Ask(**{name: getattr(asked, name) for name in Ask.__dataclass_fields__} | changes)


@QUICK
@given(asks())
def test_a_later_target_year_never_asks_less_in_total(asked):
    assume(asked.target_year < 2036)
    near, far = methods.dynamic(FACTS, asked), methods.dynamic(FACTS, but(asked, target_year=asked.target_year + 1))
    assert far.reduction_pct >= near.reduction_pct * (1 - 1e-12)


@QUICK
@given(asks(), st.floats(1e-3, 1e3))
def test_the_unit_of_emissions_does_not_matter(asked, times):
    scaled = but(asked, base_kg=asked.base_kg * times, recent_kg=asked.recent_kg * times)
    one, other = methods.dynamic(FACTS, asked), methods.dynamic(FACTS, scaled)
    assert other.rate_pct == pytest.approx(one.rate_pct, rel=1e-9)
    assert other.target_kg == pytest.approx(one.target_kg * times, rel=1e-6, abs=1e-6 * scaled.base_kg)


@QUICK
@given(asks())
def test_the_line_starts_at_the_base_falls_every_year_and_ends_at_the_target(asked):
    line, _ = methods.line_of(FACTS, asked)
    line_kg = pathway.pathway_kg(line, range(asked.base_year - 1, asked.target_year + 1))
    assert line_kg[0] == line_kg[1] == asked.base_kg
    assert np.all(np.diff(line_kg) <= 0.0)
    assert np.all(line_kg >= 0.0)
    assert line_kg[-1] == methods.dynamic(FACTS, asked).target_kg


@QUICK
@given(asks())
def test_the_rate_never_lies_under_the_floor_and_the_code_says_when_it_is_the_floor(asked):
    floor_pct = 2.5 if asked.ambition == "WB2C" else 4.2
    found = methods.dynamic(FACTS, asked)
    assert found.rate_pct >= floor_pct * (1 - 1e-12)
    assert ("FLOOR_BOUND" in found.codes) == (found.rate_pct == pytest.approx(floor_pct, rel=1e-12))


@QUICK
@given(asks())
def test_both_scopes_together_lie_between_each_alone(asked):
    rates = [
        methods.dynamic(FACTS, but(asked, scope=scope, base_year=asked.recent_year)).rate_pct for scope in ("1", "2")
    ]
    both = methods.dynamic(FACTS, but(asked, scope="1+2", base_year=asked.recent_year)).rate_pct
    assert min(rates) * (1 - 1e-9) <= both <= max(rates) * (1 + 1e-9)


@QUICK
@given(asks())
def test_emissions_on_the_line_overshoot_by_nothing(asked):
    line, _ = methods.line_of(FACTS, asked)
    line_kg = pathway.pathway_kg(line, range(asked.base_year, asked.target_year + 1))
    assert pathway.overshoot_kg(line_kg, line_kg) == 0.0
    assert pathway.overshoot_kg(line_kg + 2.0, line_kg) == pytest.approx(2.0 * len(line_kg), rel=1e-6, abs=1e-4)


def test_the_overshoot_of_flat_emissions_is_that_of_the_worked_case():
    line_kg = pathway.pathway_kg(Line(2025, 1000.0, 0.042), range(2026, 2032))
    assert pathway.budget_kg(line_kg) == pytest.approx(5118.0)
    assert pathway.overshoot_kg(np.full(6, 1000.0), line_kg) == pytest.approx(882.0)


REFUSED = [
    ({"base_year": 2014}, "BASE_YEAR_BEFORE_2015", "base_year is 2014; it must not be before 2015 (criterion C13)"),
    (
        {"target_year": 2037},
        "TARGET_TOO_LATE",
        "target_year is 2037; a submission in 2026H2 allows 2031 to 2036 (criterion C13)",
    ),
    (
        {"target_year": 2029},
        "TARGET_TOO_SOON",
        "target_year is 2029; a submission in 2026H2 allows 2031 to 2036 (criterion C13)",
    ),
    (
        {"base_year": 2026},
        "MRY_BEFORE_BASE_YEAR",
        "most_recent_year is 2025; it must not be before the base year, 2026 (criterion C14)",
    ),
    (
        {"base_year": 2022, "recent_year": 2023},
        "MRY_TOO_OLD",
        "most_recent_year is 2023; a submission in 2026 needs 2024 or later (criterion C14)",
    ),
    (
        {"net_zero_year": 2025},
        "MRY_NOT_BEFORE_NZY",
        "most_recent_year is 2025; it must be before the year of net zero, 2025 (no criterion: arithmetic)",
    ),
    (
        {"base_kg": 0.0},
        "BASE_ZERO",
        "base_emissions_t is 0; it must be above 0 t: the rate is a share of it (no criterion: arithmetic)",
    ),
    (
        {"credits_kg": 30_000.0},
        "OFFSETS_NOT_COUNTED",
        "30 t of carbon credits were taken off; carbon credits never count (criterion C11)",
    ),
    (
        {"avoided_kg": 5_000.0},
        "AVOIDED_NOT_COUNTED",
        "5 t of avoided emissions were taken off; avoided emissions never count (criterion C12)",
    ),
    (
        {"scope": "2", "scope2_basis": "market", "tracking_basis": "location"},
        "SCOPE2_BASIS_MIXED",
        "scope 2 is set market-based and tracked location-based; one basis is required (C8, C9)",
    ),
]


@pytest.mark.parametrize(("changes", "code", "sentence"), REFUSED, ids=[code for _, code, _ in REFUSED])
def test_what_a_rule_refuses_has_no_figure_and_names_the_rule(changes, code, sentence):
    found = methods.dynamic(FACTS, ask(**changes))
    assert (found.target_kg, found.reduction_pct, found.rate_pct) == (None, None, None)
    (finding,) = [finding for finding in found.findings if finding.effect in ("refuse", "error")]
    assert (finding.code, finding.sentence) == (code, sentence)
    assert finding.rule in FACTS.rules
    assert found.valid == ("error" if finding.effect == "error" else "false")


@pytest.mark.parametrize("scope", ["1", "2", "1+2"])
def test_an_intensity_is_refused_for_scopes_1_and_2(scope):
    found = methods.intensity(FACTS, ask(scope=scope, activity_growth_share=0.6), physical=True)
    assert (found.valid, found.codes, found.target_kg) == ("false", ("INTENSITY_NOT_ALLOWED_S12",), None)


def test_2030_is_allowed_outside_its_window():
    found = methods.dynamic(FACTS, ask(target_year=2030))
    assert (found.valid, found.codes) == ("true", ("TARGET_2030_R7_EXEMPT", "FLOOR_BOUND"))
    assert found.target_kg == pytest.approx(790.0)


def test_a_blend_by_most_recent_shares_says_so_where_the_base_years_differ():
    same = ask(scope="1+2", recent_scope1_share=0.5, base_scope1_share=0.5)
    assert "WEIGHTS_FROM_MRY" not in methods.dynamic(FACTS, same).codes
    assert "WEIGHTS_FROM_MRY" in methods.dynamic(FACTS, but(same, base_scope1_share=0.4)).codes


def test_v2_gives_rules_and_no_tonnes():
    found = methods.rules_preview(FACTS, ask(scope="1+2", base_year=2024, scope2_basis="market"))
    told = ("V2_SCOPES_MUST_BE_SEPARATE", "V2_LOCATION_BASED_ONLY", "V2_BASE_YEAR_NOT_MOST_RECENT")
    assert (found.valid, found.codes, found.target_kg) == ("false", told, None)
    assert methods.rules_preview(FACTS, ask()).valid == "n/a"
    assert [finding.code for finding in preview.all_covered(0.1)] == ["V2_NO_EXCLUSIONS"]


def test_missing_scope_3_is_incomplete_and_a_small_one_needs_no_target():
    assert gates.scope3_needed(FACTS, 100.0, None)[0].effect == "incomplete"
    assert gates.scope3_needed(FACTS, 601.0, 399.0)[0].code == "SCOPE3_TARGET_NOT_REQUIRED"
    assert gates.scope3_needed(FACTS, 0.0, 0.0)[0].effect == "error"


@pytest.mark.parametrize(
    ("year", "needed_pct"), [(2024, 0.0), (2025, 80.0), (2029, 80.0), (2030, 100.0), (2040, 100.0)]
)
def test_renewable_electricity_rises_in_two_steps(year, needed_pct):
    assert gates.renewable_needed_pct(FACTS, year) == needed_pct


def test_the_limit_of_low_carbon_halves_in_2035():
    assert preview.low_carbon(FACTS, 0.048, 2034) == ()
    assert [finding.code for finding in preview.low_carbon(FACTS, 0.048, 2035)] == ["NOT_LOW_CARBON"]


def test_a_long_term_target_after_2050_is_not_one():
    assert [finding.code for finding in gates.long_term(FACTS, 89.0, 2051)] == [
        "LT_REDUCTION_LOW",
        "LT_YEAR_AFTER_2050",
    ]


def test_the_warnings_are_word_for_word():
    assert warnings.demand_said(30.0, FACTS.amount("demand_growth_pct")) == (
        "Electricity grows 30 % a year (over 20 %). Under CNZS V2.0 C12.4 a Category A company must set a scope 2 "
        "emissions target."
    )
    assert warnings.credits_said(30_000.0) == (
        "Carbon credits (30 t) are shown for information. They do not reduce the emissions compared with the target."
    )
    assert warnings.intensity_said(0.2, 0.5) == (
        "Intensity falls 20 % but absolute emissions rise 50 %. This does not meet an absolute target."
    )
    assert warnings.growth_said(1.0, 4.0, 1.0) == (
        "Your portfolio is 4 times larger than in the base year. The target is 75 % below today."
    )
    assert warnings.PORTFOLIO == (
        "SBTi sets targets for whole companies. This page applies the company-level rate to your AI portfolio as an "
        "internal yardstick. It is not a science-based target and must not be reported as one."
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"target_year": 2025}, "target_year is 2025; it must be after the base year, 2025"),
        ({"base_kg": -1.0}, "base_kg is -1; it must be finite and not below 0 kg"),
        ({"recent_kg": float("nan")}, "recent_kg is nan; it must be finite and not below 0 kg"),
        ({"recent_scope1_share": 1.1}, "recent_scope1_share is 1.1; it must lie in [0, 1]"),
        ({"scope": "4"}, "scope is '4'; it must be 1, 2, 1+2, 3"),
    ],
)
def test_what_can_be_no_case_is_told_at_once(changes, sentence):
    with pytest.raises(ValueError) as told:  # noqa: PT011
        ask(**changes)
    assert str(told.value) == sentence


def test_every_finding_of_the_room_names_a_rule_of_the_file():
    from ast import Call, Constant, parse, walk
    from pathlib import Path

    named = [
        node.args[3].value
        for file in Path(methods.__file__).parent.glob("*.py")
        for node in walk(parse(file.read_text(encoding="utf-8")))
        if isinstance(node, Call) and getattr(node.func, "id", "") == "Finding" and isinstance(node.args[3], Constant)
    ]
    assert len(named) >= 25
    assert set(named) <= FACTS.rules.keys()


EVERY = (
    *gates.window(FACTS, 2029, Submission(2026, 2)), *gates.window(FACTS, 2040, Submission(2026, 2)),
    *gates.window(FACTS, 2030, Submission(2026, 2)), *gates.base_year(FACTS, 2014),
    *gates.recent_age(FACTS, 2023, Submission(2026, 2)), *gates.inputs(2026, 0.0, 2025, 2025),
    *gates.growth(FACTS, 1.0, 20.0), *gates.netted(ask(credits_kg=1.0, avoided_kg=1.0)), *gates.intensity_scope("1"),
    *gates.basis("market", "location"), *gates.excluded(FACTS, 6.0), *gates.scope3_needed(FACTS, 1.0, None),
    *gates.scope3_needed(FACTS, 0.0, 0.0), *gates.scope3_needed(FACTS, 1.0, 1.0),
    *gates.scope3_coverage(FACTS, 1.0, long_term=False), *gates.scope3_coverage(FACTS, 1.0, long_term=True),
    *gates.long_term(FACTS, 80.0, 2055), *gates.renewable(FACTS, 1.0, 2030), *gates.recalculation(FACTS, 9.0),
    *gates.progress(2.0, 1.0, 1.0, 1.0), *preview.separate("1+2"), *preview.location_based("market"),
    *preview.base_year_newest(2024, 2025), *preview.all_covered(1.0), *preview.demand_allows(FACTS, 30.0, "A"),
    *preview.scope3_always("A"), *preview.low_carbon(FACTS, 1.0, 2030),
)  # fmt: skip


def test_a_sentence_cites_the_criterion_of_its_own_rule_or_says_that_there_is_none():
    assert len({finding.code for finding in EVERY}) == 28
    wrong = []
    for finding in EVERY:
        of_rule = FACTS.rules[finding.rule].criterion
        cited = re.findall(r"\b[CR]\d+(?:\.\d+)?[a-z]?", finding.sentence)
        without = any(said in finding.sentence for said in (gates.ARITHMETIC, gates.UNREAD, "Key Terms"))
        told = cited or without or finding.code == "GROWTH_MRY_OVER_BASE"
        if not told or [one for one in cited if one not in re.findall(r"[CR]\d+(?:\.\d+)?[a-z]?", of_rule)]:
            wrong.append(f"{finding.code}: {finding.sentence} <> {of_rule}")
    assert wrong == []
