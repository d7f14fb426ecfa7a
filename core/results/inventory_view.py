"""The plan as a company's inventory books it: what pages and files of the inventory are worked out from."""

from __future__ import annotations

from core.plan import Plan
from core.results.one import BY_PURCHASE

WHY = (
    "Hardware counts in the year of purchase, whole, as an inventory books it (category 2). Spread over its life, as "
    "other pages may show it, it is an engineering figure. A purchase falls into one year: read the sum of years too."
)


def as_inventory(plan: Plan) -> Plan:
    """The plan with hardware in its year of purchase, and every workload: a filter never makes a target met."""
    return unfiltered(plan).model_copy(update={"hardware_view": BY_PURCHASE, "boundary": "with_hardware"})


def unfiltered(plan: Plan) -> Plan:
    """The plan with every workload in sight."""
    return plan.model_copy(update={"business_unit": "", "tag": ""})
