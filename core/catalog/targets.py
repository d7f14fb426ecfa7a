"""Rules of targets, in our words: each with its number, criterion, how it was read, status and source.

>>> facts().amount("window_last_years")
10.0
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core import catalog
from core.catalog.rows import CatalogError, Row, columns_of, frozen, keyed, read, record
from core.catalog.tables import by_id, checked
from core.units import PERCENT, UNITLESS, UNITS

RULES, PATHWAYS = "targets/rules.csv", "targets/pathways.csv"
WORDED = frozenset({"paraphrase", "quotation"})
SCOPES = frozenset({"1", "2", "3"})
# Rules whose number the room of targets computes with: each must have one.
COUNTED = (
    "floor_s12_pct", "floor_s3_wb2c_pct", "superseded_anchor_year", "window_first_years", "window_last_years",
    "window_exempt_year", "base_first_year", "recent_age_years", "excluded_most_pct", "scope3_required_pct",
    "coverage_near_pct", "coverage_long_pct", "significant_pct", "long_reduction_pct", "long_last_year",
    "renewable_first_year", "renewable_first_pct", "renewable_all_year", "renewable_all_pct",
    "low_carbon_kg_per_kwh", "low_carbon_later_year", "low_carbon_later_kg_per_kwh", "demand_growth_pct",
    "intensity_cut_pct", "intensity_anchor_year", "recalculation_pct", "growth_representative_ratio",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRule:
    """One rule of a standard; `amount` is its number, in `unit`, where it has one that is computed with."""

    id: str
    rule: str
    wording: str
    worded: str
    amount: float | None
    unit: str = ""
    standard: str
    criterion: str = ""
    how_read: str
    status: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetPathway:
    """What a scope must reach by when, and the least it must fall a year."""

    id: str
    scope: str
    ambition: str
    reduction_pct: float
    net_zero_year: int
    floor_rule: str
    standard: str
    status: str
    source: str


@dataclass(frozen=True, slots=True)
class TargetFacts:
    """The rules and pathways together."""

    rules: Mapping[str, TargetRule]
    pathways: Mapping[str, TargetPathway]

    def amount(self, rule: str) -> float:
        """The number of a rule, in its own unit."""
        found = self.rules[rule].amount
        assert found is not None  # loading made sure
        return found

    def share(self, rule: str) -> float:
        """The number of a rule in per cent, as a fraction."""
        return self.amount(rule) / PERCENT

    def year(self, rule: str) -> int:
        """The number of a rule as a year, or as whole years."""
        return int(self.amount(rule))


@lru_cache(maxsize=1)
def facts() -> TargetFacts:
    """The project's own rules, read when first asked for."""
    return read_targets(catalog.FOLDER, catalog.load().sources)


def read_targets(folder: Path, known: Collection[str]) -> TargetFacts:
    """The rules of a folder; `known` are the keys of sources."""
    rows = keyed(checked(read(folder, RULES, columns_of(TargetRule)), known), by_id, "id")
    rules = {key: _rule(row) for key, row in rows.items()}
    for key in COUNTED:
        if key not in rules:
            raise CatalogError(f"{RULES}: no row for {key!r}")
        if rules[key].amount is None:
            rows[key].fail("amount", "the rule is computed with, so it needs a number")
    paths = keyed(checked(read(folder, PATHWAYS, columns_of(TargetPathway)), known), by_id, "id")
    return TargetFacts(frozen(rules), frozen({key: _pathway(row, rules) for key, row in paths.items()}))


def _rule(row: Row) -> TargetRule:
    row.one_of("worded", WORDED, "way of wording")
    if row.cells["amount"]:
        row.one_of("unit", UNITS.keys() | UNITLESS.keys(), "unit")
    elif row.cells["unit"]:
        row.fail("unit", "a unit without an amount")
    return record(TargetRule, row)


def _pathway(row: Row, rules: Collection[str]) -> TargetPathway:
    row.one_of("scope", SCOPES, "scope")
    row.one_of("floor_rule", rules, "rule")
    if not 0.0 < row.number("reduction_pct") <= PERCENT:
        row.fail("reduction_pct", "it must lie over 0 and at most at 100 %")
    return record(TargetPathway, row)
