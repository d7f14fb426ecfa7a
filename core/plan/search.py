"""What is asked of the search for the cheapest levers: how sure, in which years, and within which limits.

One a plan. The levers it may choose from are the plan's candidates; a limit that is None does not bind.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from core.plan.record import Record

MilestoneYears = Literal["target_year", "every_year"]
Certificates = Literal["allowed", "excluded"]
KeptResidency = Literal["kept", "ignored"]
Unpriced = Literal["left_out", "searched"]


class Search(Record):
    """The limits of a search. `budget_usd` is what may be spent on the levers themselves, all years together.

    What `stress` opens says in which other worlds the answer is tried.
    """

    record: ClassVar[str] = "search"

    meet_share: float = 0.8
    milestones: MilestoneYears = "target_year"
    budget_usd: float | None = None
    quality_floor_pct: float | None = None
    latency_ceiling_s: float | None = None
    certificates: Certificates = "allowed"
    residency: KeptResidency = "kept"
    unpriced: Unpriced = "left_out"
    stress_rebound_elasticity: float = 0.5
    stress_grid_change_pct: float | None = None
    stress_hardware: str = "L40S"
