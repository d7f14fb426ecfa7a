"""What is asked of a target: whose, by which method, between which years, and what the gates want to know.

One a plan. Every figure starts blank, because the page asks before it computes. Years that contradict a rule are no
error here: the rules refuse them, each with its number.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from core.plan.record import Record

TargetMode = Literal["portfolio", "company"]
TargetMethod = Literal["dynamic", "superseded", "intensity", "own_rate", "v2_preview"]
Ambition = Literal["1.5C", "WB2C"]
Scopes12 = Literal["together", "apart"]
Half = Literal["H1", "H2"]
Scope2Basis = Literal["location", "market"]
CompanyCategory = Literal["unknown", "A", "B"]
SoldProducts = Literal["left_out", "counted"]


class Target(Record):
    """The target of a plan, as asked. None means: not said."""

    record: ClassVar[str] = "target"

    mode: TargetMode = "portfolio"
    method: TargetMethod = "dynamic"
    scope3_ambition: Ambition = "WB2C"
    scopes12: Scopes12 = "together"
    base_year: int | None = None
    recent_year: int | None = None
    submission_year: int | None = None
    submission_half: Half = "H2"
    target_year: int | None = None
    long_target_year: int | None = None
    net_zero_year: int | None = None
    own_rate_pct: float | None = None
    validated_reduction_pct: float | None = None
    scope2_basis: Scope2Basis = "location"
    excluded_pct: float | None = None
    coverage_near_pct: float | None = None
    coverage_long_pct: float | None = None
    long_reduction_pct: float | None = None
    renewable_pct: float | None = None
    renewable_year: int | None = None
    base_change_pct: float | None = None
    activity_growth_pct: float | None = None
    credits_t: float | None = None
    avoided_t: float | None = None
    company_category: CompanyCategory = "unknown"
    rest_change_pct: float = 0.0
    sold_products: SoldProducts = "left_out"
