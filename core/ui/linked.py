"""A plan as the text of its link, with or without the prices that somebody typed."""

from __future__ import annotations

from dataclasses import dataclass

from core import link
from core.plan import Plan
from core.plan.example import example_plan


@dataclass(frozen=True, slots=True)
class Linked:
    """`link` is for others; `address` the same, but empty for the example; `kept` is all that these leave out.

    `shown` is the plan that these hold.
    """

    link: str
    address: str
    kept: str
    shown: Plan


def linked(plan: Plan, prices: bool) -> Linked:
    """The plan as text; what somebody typed as prices travels only where that is wished."""
    shown = plan if prices else plan.without_prices()
    text = link.encode(shown, link.stamp(shown))
    kept = link.encode(plan, link.stamp(plan)) if shown != plan else ""
    return Linked(text, "" if shown == example_plan() else text, kept, shown)
