"""`target`: a target, gate or budget by the SBTi's method for each row of a CSV; refused cases say by which rule."""

from __future__ import annotations

from collections.abc import Sequence

from core.catalog.targets import TargetFacts, facts
from core.headless.cases import ERROR, Case
from core.headless.target_cells import CellError, Cells
from core.headless.target_methods import METHODS, NOT_IN_V2, V2_ALONE
from core.targets.finding import Outcome
from core.units import KG_PER_T

ASKED = (
    "id", "kind", "method", "standard", "scope", "scope2_basis", "base_year", "base_emissions_t", "most_recent_year",
    "mry_emissions_t", "s1_share_mry", "target_year", "submission", "net_zero_year", "other_inputs",
)  # fmt: skip
# Columns that may stand there and are not read: what somebody expects, and where a case is from.
UNREAD = (
    "expected_target_emissions_t", "expected_reduction_pct", "expected_annual_linear_rate_pct", "provenance",
    "source_or_derivation",
)  # fmt: skip
ADDED = ("target_emissions_t", "reduction_pct", "annual_linear_rate_pct", "valid", "codes")
SAID = ("cumulative_overshoot_t", "findings")
KNOWN = (*ASKED, *UNREAD, *ADDED)


def answer(cases: Sequence[Case]) -> list[dict[str, object]]:
    """The added columns of every case, or its error."""
    rules = facts()
    return [_row(rules, case) for case in cases]


def _row(rules: TargetFacts, case: Case) -> dict[str, object]:
    try:
        outcome = outcome_of(rules, case)
    except ValueError as error:
        return {ERROR: str(error)}
    return {
        "target_emissions_t": _tonnes(outcome.target_kg) if outcome.ratio is None else outcome.ratio,
        "reduction_pct": outcome.reduction_pct,
        "annual_linear_rate_pct": outcome.rate_pct,
        "valid": outcome.valid,
        "codes": ";".join(outcome.codes),
        "cumulative_overshoot_t": _tonnes(outcome.overshoot_kg),
        "findings": "; ".join(finding.sentence for finding in outcome.findings),
        ERROR: "; ".join(finding.sentence for finding in outcome.findings if finding.effect == "error"),
    }


def outcome_of(rules: TargetFacts, case: Case) -> Outcome:
    """What one row comes to; ValueError in a sentence where it cannot be read."""
    name, kind = case.get("method", ""), case.get("kind", "")
    if name not in METHODS:
        raise CellError(f"method is '{name[:24]}'; it must be one of {', '.join(METHODS)}")
    expected, method = METHODS[name]
    if kind not in ("", expected):
        raise CellError(f"kind is '{kind[:24]}'; with {name} it must be {expected}")
    cells = Cells.read(case)
    if cells.standard_v2() and name in NOT_IN_V2:
        raise CellError(f"standard is CNZS V2.0; {name} is a method of V1.3.1 / V5.3.1 and is not computed for it")
    if cells.text("standard") and not cells.standard_v2() and name in V2_ALONE:
        raise CellError(f"standard is '{cells.text('standard')[:24]}'; {name} is a rule of CNZS V2.0 alone")
    return method(rules, cells)


def _tonnes(kg: float | None) -> float | None:
    return None if kg is None else kg / KG_PER_T
