"""By which rules a plan's target is worked out: standard, formula, parameters and the day of the rules."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.targets import TargetFacts, TargetRule, facts
from core.plan import Plan
from core.plan.target import Target
from core.units import PERCENT


@dataclass(frozen=True, slots=True)
class Regime:
    """What every export says of its target; `rule` has criterion, status and source. A blank day: no rules apply."""

    standard: str
    formula: str
    rule_date: str
    parameters: str
    rule: TargetRule

    @property
    def second_hand(self) -> str:
        """That nobody here read the parameters at their source, in words; empty where they were, or are one's own."""
        return SECOND_HAND if self.rule.status == "secondary" and self.formula in OF_THE_STANDARD else ""


SECOND_HAND = "parameters second-hand"
OF_THE_STANDARD = ("dLARR", "ACA before dLARR")  # formulas whose parameters are a standard's, not the reader's own
# By method: the standard, the name of the formula, since when its rules are, and the row of rules.csv they rest on.
REGIMES = {
    "dynamic": ("CNZS V1.3.1, Near-Term Criteria V5.3.1", "dLARR", "2026-04-14", "dynamic_rate"),
    "superseded": ("Near-Term Criteria up to V5.3", "ACA before dLARR", "until 2026-04-14", "superseded_rate"),
    "validated": ("as validated before 14 April 2026", "none: as entered", "until 2026-04-14", "superseded_rate"),
    "intensity": ("CNZS V1.3.1, Near-Term Criteria V5.3.1", "physical intensity", "2026-04-14", "physical_intensity"),
    "own_rate": ("none: a rate of one's own", "linear", "", "dynamic_rate"),
    "v2_preview": ("CNZS V2.0, a preview of rules", "none: no tonnes", "2026-06-11", "regime"),
}


def regime_of(plan: Plan) -> Regime:
    """The rules that the plan's method belongs to."""
    target, rules = plan.target, facts()
    validated = target.method == "superseded" and target.validated_reduction_pct is not None
    key = "validated" if validated else target.method
    standard, formula, day, rule = REGIMES[key]
    return Regime(standard, formula, day, _parameters(rules, target, key), rules.rules[rule])


def _parameters(rules: TargetFacts, target: Target, key: str) -> str:
    if key == "dynamic":
        return "; ".join(_path(rules, target, path) for path in ("1", "2", f"3 ({target.scope3_ambition})"))
    if key == "superseded":
        floors = [rules.amount(name) for name in ("floor_s12_pct", "floor_s3_wb2c_pct")]
        least = floors[1] if target.scope3_ambition == "WB2C" else floors[0]
        anchor = rules.year("superseded_anchor_year")
        return (
            f"scopes 1 and 2: {floors[0]:g} % a year; scope 3: {least:g} % a year; counted from {anchor} at the latest"
        )
    if key == "intensity":
        anchor, cut_pct = rules.year("intensity_anchor_year"), rules.share("intensity_cut_pct") * PERCENT
        return f"scope 3: {cut_pct:g} % a year, compound, counted from {anchor} at the latest"
    if key == "validated":
        return f"{target.validated_reduction_pct:g} % by the target year"
    return f"{target.own_rate_pct:g} % a year" if key == "own_rate" and target.own_rate_pct is not None else ""


def _path(rules: TargetFacts, target: Target, name: str) -> str:
    path = rules.pathways[name]
    end = min(path.net_zero_year, target.net_zero_year or path.net_zero_year)
    floor_pct = rules.amount(path.floor_rule)
    return f"scope {name}: {path.reduction_pct:g} % by {end}, floor {floor_pct:g} % a year"
