"""Levers in use as changes of physical terms: which act on a workload, in which order, and what each moves."""

from core.levers.apply import (
    SWAPS,
    Change,
    OutOfBoundsError,
    Served,
    at_rest,
    change,
    fields_under,
    moved,
    runs,
    segments,
    served,
    start_year,
)
from core.levers.cautions import Met, warnings
from core.levers.rules import BUNDLES, acting, conflicts, in_order, meant, rule, why_none, why_not, with_rebound

__all__ = [
    "BUNDLES",
    "SWAPS",
    "Change",
    "Met",
    "OutOfBoundsError",
    "Served",
    "acting",
    "at_rest",
    "change",
    "conflicts",
    "fields_under",
    "in_order",
    "meant",
    "moved",
    "rule",
    "runs",
    "segments",
    "served",
    "start_year",
    "warnings",
    "why_none",
    "why_not",
    "with_rebound",
]
