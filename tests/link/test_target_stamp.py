"""A link says by which rules its target was worked out and what that came to; what differs today is told."""

from dataclasses import replace

import pytest

from core.__main__ import main
from core.link import NO_STAMP, Opened, Stamp, TargetStamp, decode, encode, since, stamp
from core.plan.example import example_plan
from core.plan.example_target import with_example_target
from core.targets.regime import regime_of
from core.targets.track import track
from tests.link.forge import pack

PLAN = with_example_target(example_plan())
NOW = stamp(PLAN)
THEN = replace(NOW.target, rule_date="2026-11-01", parameters="scope 1: 80 % by 2045", allowed_kg=99_000.0)
RULES = (
    "CNZS V1.3.1, Near-Term Criteria V5.3.1, formula dLARR, rules of 2026-04-14 (scope 1: 90 % by 2050, floor 4.2 % a "
    "year; scope 2: 100 % by 2040, floor 4.2 % a year; scope 3 (WB2C): 75 % by 2050, floor 2.5 % a year)"
)


def made_then(plan, target):
    return decode(encode(plan, replace(NOW, target=target)))


def test_the_stamp_says_the_rules_of_the_target_and_what_its_lines_come_to():
    regime, last = regime_of(PLAN), track(PLAN).all_scopes[-1]
    rules = (regime.standard, regime.formula, regime.rule_date, regime.parameters)
    assert NOW.target == TargetStamp(*rules, last.allowed_kg, last.central_kg)


def test_the_rules_travel_to_the_letter_and_figures_with_four_digits():
    figures = {"allowed_kg": 19940.0, "plan_kg": float(f"{NOW.target.plan_kg:.4g}")}
    assert f"{NOW.target.allowed_kg:.4g}" == "1.994e+04"
    assert made_then(PLAN, NOW.target).stamp.target == replace(NOW.target, **figures)


def test_a_plan_that_asks_no_target_says_nothing_of_one_and_its_link_is_no_longer_for_it():
    plain = stamp(example_plan())
    assert plain.target is None
    assert encode(example_plan(), plain) == encode(example_plan(), Stamp(plain.data_version, plain.headline_kg))
    assert stamp(PLAN.with_target(submission_year=None)).target is None  # asked in part


def test_a_link_under_the_rules_and_figures_it_was_made_with_says_nothing():
    assert since(made_then(PLAN, NOW.target)) == ()
    assert since(decode(encode(PLAN))) == ()  # made before targets had a stamp


def test_a_link_made_under_other_rules_says_those_of_then_and_now_and_what_both_come_to():
    now = NOW.target
    assert since(made_then(PLAN, THEN)) == (
        "The target of this link was worked out by CNZS V1.3.1, Near-Term Criteria V5.3.1, formula dLARR, rules of "
        f"2026-11-01 (scope 1: 80 % by 2045). Today the rules are {RULES}.",
        f"The target of 2031 when this link was made: 99 t allowed, {now.plan_kg / 1e3:.4g} t reached by the plan. "
        f"Today: {now.allowed_kg / 1e3:.4g} t allowed, {now.plan_kg / 1e3:.4g} t reached by the plan.",
    )


def test_figures_that_move_by_half_a_per_cent_or_less_are_no_news():
    near, far = (replace(NOW.target, plan_kg=NOW.target.plan_kg * (1 + share)) for share in (0.004, 0.006))
    assert since(made_then(PLAN, near)) == ()
    assert len(since(made_then(PLAN, far))) == 1


def test_a_target_that_a_rule_refuses_has_rules_in_its_link_and_no_figure():
    refused = PLAN.with_target(target_year=2029)
    found = stamp(refused).target
    assert (found.formula, found.allowed_kg, found.plan_kg) == ("dLARR", None, None)
    (said,) = since(made_then(refused, replace(found, allowed_kg=1000.0, plan_kg=2000.0)))
    assert said == (
        "The target of 2029 when this link was made: 1 t allowed, 2 t reached by the plan. Today: no figure of all "
        "scopes."
    )


@pytest.mark.parametrize("cell", ["", "nan", "-inf", "x"])
def test_a_figure_of_the_target_that_is_no_number_is_not_known(cell):
    opened = decode(pack(f"!abcdef\t5\tStandard\tF\t\tP\t{cell}\t7"))
    assert opened == Opened(example_plan(), (), Stamp("abcdef", 5.0, TargetStamp("Standard", "F", "", "P", None, 7.0)))


def test_words_of_a_forged_stamp_stay_on_one_short_line():
    opened = decode(pack("!abcdef\t5\t" + "a\\n\\tb " * 200))
    assert opened.stamp.target.standard == ("a b " * 200)[:200]


def test_the_command_tells_it_too_and_goes_on(capsys):
    old = encode(PLAN, replace(NOW, target=THEN))
    assert main(["track", f"?s={old}"]) == 0
    out = capsys.readouterr()
    assert out.err.splitlines()[:2] == list(since(decode(old)))
    assert out.out.splitlines()[1].startswith("1+2,2026,portfolio")


def test_no_stamp_says_nothing_of_a_target():
    assert NO_STAMP.target is None
