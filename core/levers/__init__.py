"""Levers in use as changes of physical terms: which act on a workload, in which order, and what each moves."""

from core.levers.apply import Change, Served, moved, served
from core.levers.rules import acting, conflicts, meant, why_not

__all__ = ["Change", "Served", "acting", "conflicts", "meant", "moved", "served", "why_not"]
