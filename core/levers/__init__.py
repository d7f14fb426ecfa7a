"""Levers in use as changes of physical terms: which act on a workload, in which order, and what each moves."""

from core.levers.apply import Change, OutOfBoundsError, Served, moved, served
from core.levers.cautions import Met, warnings
from core.levers.rules import BUNDLES, acting, conflicts, meant, rule, why_not

__all__ = [
    "BUNDLES",
    "Change",
    "Met",
    "OutOfBoundsError",
    "Served",
    "acting",
    "conflicts",
    "meant",
    "moved",
    "rule",
    "served",
    "warnings",
    "why_not",
]
