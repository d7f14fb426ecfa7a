"""Everyday things that carbon may be set beside, for those who ask for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """An everyday thing that emits by the kilometre; the range is that of its kinds, and no probability."""

    id: str
    label: str
    carbon_low_kg_per_km: float
    carbon_kg_per_km: float
    carbon_high_kg_per_km: float
    year: int
    licence: str
    status: str
    source: str
    note: str
