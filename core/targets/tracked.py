"""What a plan comes to against its targets: frozen records that a page draws and a file writes.

Emissions are kgCO2e. Arrays by year follow the plan's years, except those named `line`, which follow `line_years`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Literal

from core.plan import Plan
from core.targets.amounts import Amounts, Floats
from core.targets.ask import Ask
from core.targets.finding import Findings, Outcome
from core.targets.pathway import OVERSHOOT_LABEL
from core.targets.regime import Regime

Standing = Literal["asked", "refused", "incomplete", "preview", "on track", "off track"]
ALL_SCOPES = "all"


@dataclass(frozen=True, slots=True)
class Milestone:
    """One line in one year: what the target allows, what the plan emits, with its 80 % range (P10 to P90), and the gap.

    `central_kg` is the central case; `gap_kg` is that less what is allowed. `met_share` is the probability of meeting,
    from the same joint draws; of all scopes it is that of meeting every line at once. `so_far_share` is that of meeting
    in this year and in every one before it, in the same draw. `over_kg` is what lies above the line, with its range; of
    all scopes the sum over the lines that are over: what one has to spare helps no other.
    """

    scope: str
    year: int
    allowed_kg: float
    central_kg: float
    p10_kg: float
    p50_kg: float
    p90_kg: float
    usual_kg: float
    met_share: float
    so_far_share: float
    over_p10_kg: float
    over_kg: float
    over_p90_kg: float

    @property
    def gap_kg(self) -> float:
        """Plan less allowed, central case [kgCO2e]; above 0 it is off track."""
        return self.central_kg - self.allowed_kg


@dataclass(frozen=True, slots=True)
class Overshoot:
    """Emissions added over the years less the sum of the target line [kgCO2e], with the 80 % range: ours."""

    first_year: int
    last_year: int
    p10_kg: float
    central_kg: float
    p90_kg: float
    within_share: float  # of draws, whose sum stays within the line's
    label: str = OVERSHOOT_LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLine:
    """One line, scope `1`, `2`, `1+2` or `3`: emissions of the plan and as usual, and its target where it has one.

    A target refused or not said has an `outcome` without figures, no milestones, and NaN in every array of allowances.
    `origins` say where base-year and most recent emissions are from: `inventory`, `plan`, or empty for none.
    """

    scope: str
    plan: Amounts
    usual: Amounts
    ask: Ask | None
    outcome: Outcome
    questions: tuple[str, ...]
    origins: tuple[str, str]
    allowed_kg: Floats
    line_kg: Floats
    long_line_kg: Floats
    milestones: tuple[Milestone, ...] = ()
    first_off_year: int | None = None
    overshoot: Overshoot | None = None

    @property
    def has_target(self) -> bool:
        """Whether there is a target to compare with."""
        return self.outcome.target_kg is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A plan against its targets. `view` is the plan as an inventory books it, which every figure here is of.

    `questions` are what is missing, in words; while there is any of the target itself, no line has a figure.
    `all_scopes` are the milestones of all lines together: sums, and the probability of meeting every line at once.
    """

    view: Plan
    regime: Regime
    basis: str
    scopes: dict[str, Amounts]
    usual_scopes: dict[str, Amounts]
    lines: tuple[ScopeLine, ...]
    line_years: tuple[int, ...]
    all_scopes: tuple[Milestone, ...]
    questions: tuple[str, ...]
    findings: Findings
    notes: tuple[str, ...]
    standing: Standing

    def line(self, scope: str) -> ScopeLine | None:
        """The line of a scope; None when there is none."""
        return next((one for one in self.lines if one.scope == scope), None)

    def milestone(self, scope: str, year: int) -> Milestone | None:
        """A line's milestone of a year, or that of `all` lines; None when there is none."""
        some = self.all_scopes if scope == ALL_SCOPES else getattr(self.line(scope), "milestones", ())
        return next((one for one in some if one.year == year), None)

    def meets(self, every_year: bool = False) -> bool:
        """Whether the central case is on or under every line in the last milestone year, or in every one up to it."""
        return all(one.gap_kg <= 0.0 for line in self.lines for one in line.milestones[0 if every_year else -1 :])

    def met_share(self, every_year: bool = False) -> float:
        """The probability of meeting every line in the last milestone year, or in every one up to it in the same draw.

        NaN while there is nothing to compare with.
        """
        last = max(self.all_scopes, key=lambda one: one.year, default=None)
        if last is None:
            return nan
        return last.so_far_share if every_year else last.met_share

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code raised, once, in the order of the lines."""
        told = [*self.findings, *(finding for line in self.lines for finding in line.outcome.findings)]
        return tuple(dict.fromkeys(finding.code for finding in told))

    @property
    def first_off_year(self) -> int | None:
        """The first year in which some line is off track, central case; None when none is, or nobody knows."""
        return min((line.first_off_year for line in self.lines if line.first_off_year is not None), default=None)
