"""A plan against its targets as a tidy CSV: one row a line and year, with the rules that it was worked out by."""

from __future__ import annotations

from collections.abc import Iterator

from core.plan.disarmed import csv_of
from core.targets.finding import valid
from core.targets.notes import PATH
from core.targets.tracked import Milestone, Track
from core.targets.warnings import PORTFOLIO
from core.units import KG_PER_T

COLUMNS = (
    "scope", "year", "mode", "scope2_basis", "base_year", "target_year", "allowed_t", "plan_t", "plan_p10_t",
    "plan_p50_t", "plan_p90_t", "usual_t", "gap_t", "met_share", "so_far_share", "annual_linear_rate_pct", "valid",
    "codes", "standing", "standard", "formula", "parameters", "rule_date", "rule_status", "note",
)  # fmt: skip
Row = dict[str, object]


def write_track(found: Track) -> str:
    """The milestones of every line, then of all together, with LF line ends; what is not known is a blank cell."""
    return csv_of(COLUMNS, rows_of(found))


def rows_of(found: Track) -> Iterator[Row]:
    """A row for each year after the base year up to the target year; a bare one of a line, or all, that are refused."""
    base = _base(found)
    if found.standing == "refused" and not found.lines:
        yield base | {"scope": "all", "valid": valid(found.findings), "codes": _codes(found)}
    for line in found.lines:
        told = {
            "annual_linear_rate_pct": line.outcome.rate_pct,
            "valid": line.outcome.valid,
            "codes": ";".join(line.outcome.codes),
        }
        if not line.milestones:
            yield base | told | {"scope": line.scope}
        for one in line.milestones:
            yield base | told | _row(one)
    for one in found.all_scopes:
        yield base | {"codes": _codes(found)} | _row(one)


def _codes(found: Track) -> str:
    return ";".join(finding.code for finding in found.findings)


def _base(found: Track) -> Row:
    target, regime = found.view.target, found.regime
    return {
        "mode": target.mode,
        "scope2_basis": found.basis,
        "base_year": target.base_year,
        "target_year": target.target_year,
        "standing": found.standing,
        "standard": regime.standard,
        "formula": regime.formula,
        "parameters": regime.parameters,
        "rule_date": regime.rule_date,
        "rule_status": regime.rule.status,
        "note": " ".join(_notes(found)) or None,
    }


def _notes(found: Track) -> Iterator[str]:
    """Whose target it is not, and what its ranges do not hold."""
    if found.view.target.mode == "portfolio":
        yield PORTFOLIO
    if found.view.grid_path != "flat":
        yield PATH


def _row(one: Milestone) -> Row:
    """One milestone in tonnes."""
    kg = {
        "allowed_t": one.allowed_kg, "plan_t": one.central_kg, "plan_p10_t": one.p10_kg, "plan_p50_t": one.p50_kg,
        "plan_p90_t": one.p90_kg, "usual_t": one.usual_kg, "gap_t": one.gap_kg,
    }  # fmt: skip
    shares = {"met_share": one.met_share, "so_far_share": one.so_far_share}
    return {"scope": one.scope, "year": one.year} | shares | {n: v / KG_PER_T for n, v in kg.items()}
